//! What is in a distribution, for people and for other programs: everything that can be told
//! without installing it, also about one that is broken.

mod installs;
mod licences;
mod native;
mod record;
mod tree;

use pubflow_spec::TagSet;

use crate::distribution::{Distribution, OpenError};
use crate::start_file::{StartFile, start_files};
use crate::wheel::EntryPoint;

pub use installs::{Installs, Place, Script};
pub use licences::{LicenceFile, Licences};
pub use native::NativeFile;
pub(crate) use native::files as native_files;
pub use record::RecordState;
pub use tree::Directory;

/// What one distribution holds.
#[derive(Debug, Clone)]
pub struct Overview {
    /// Directories and files, with sizes of everything below.
    pub tree: Directory,
    /// The compatibility tags of a wheel's file name.
    pub tags: Option<TagSet>,
    /// Names that can be imported once the wheel is installed.
    pub top_level: Vec<String>,
    /// In the order of the file.
    pub entry_points: Vec<EntryPoint>,
    /// What runs at every start of Python once the wheel is installed.
    pub start_files: Vec<StartFile>,
    /// Native code.
    pub native: Vec<NativeFile>,
    /// What an installer will write; none for an sdist, which has to be built first.
    pub installs: Option<Installs>,
    /// How RECORD fits the files; none for an sdist.
    pub record: Option<RecordState>,
    /// What is said and shipped about the licence.
    pub licences: Licences,
}

impl Overview {
    /// Looks at a distribution.
    ///
    /// # Errors
    /// [`OpenError`] when the system cannot read the file.
    pub fn of(distribution: &Distribution) -> Result<Self, OpenError> {
        let wheel = match distribution {
            Distribution::Wheel(wheel) => Some(wheel.as_ref()),
            Distribution::Sdist(_) | Distribution::Unknown(_) => None,
        };
        Ok(Self {
            tree: Directory::of(distribution.entries()),
            tags: wheel
                .and_then(|wheel| wheel.filename().ok())
                .map(|filename| filename.tag_set.clone()),
            top_level: wheel.map_or_else(Vec::new, |wheel| wheel.top_level_modules()),
            entry_points: wheel
                .and_then(|wheel| wheel.entry_points())
                .map_or_else(Vec::new, |points| points.points().to_vec()),
            start_files: start_files(distribution)?,
            native: native::files(distribution),
            installs: wheel.map(Installs::of),
            record: wheel.map(RecordState::of),
            licences: Licences::of(distribution),
        })
    }
}
