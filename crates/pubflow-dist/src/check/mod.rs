//! The checks of wheels and sdists, one file each, and the tables that order them.

use pubflow_finding::Check;

use crate::distribution::UnknownFile;
use crate::sdist::Sdist;
use crate::wheel::Wheel;

/// Checks of a wheel, ordered by code.
pub static CHECKS_WHEEL: &[Check<Wheel>] = &[];

/// Checks of an sdist, ordered by code.
pub static CHECKS_SDIST: &[Check<Sdist>] = &[];

/// Checks of a file whose name tells no kind, ordered by code.
pub static CHECKS_UNKNOWN: &[Check<UnknownFile>] = &[];
