//! Long descriptions that nobody wrote: reStructuredText and Markdown from a grammar, and damage.
//!
//! The same seed gives the same text on every machine. Most texts of the grammar are sound, so
//! that the whole of their HTML can be compared; [`damage()`] makes the others. Nothing in them
//! depends on the day, the disk or the network.

mod block;
mod damage;
mod dice;
mod directive;
mod inline;
mod markdown;
mod table;

pub use block::rst;
pub use damage::damage;
pub use dice::Dice;
pub use markdown::markdown;
