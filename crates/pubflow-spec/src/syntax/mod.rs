//! What all parsers of this crate share: the reading position, the shape of an error, numbers of
//! any size, and Python's ideas of white space and words.
//!
//! The grammars themselves belong to the modules of their types.

mod characters;
mod error;
mod number;
mod scanner;

pub(crate) use characters::{is_python_space, is_word};
pub use error::{Expectation, Found, SyntaxError};
pub use number::Number;
pub(crate) use scanner::Scanner;
