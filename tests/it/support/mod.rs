//! What the stories need: the program in a world of its own, an index on loopback, a project.

mod backend;
mod index;
mod program;
mod release;

pub(crate) use index::{TestIndex, base64, exchange};
pub(crate) use program::{Ended, World};
pub(crate) use release::{Listed, digests_in, expected, through_proxy, world_with_a_release};
