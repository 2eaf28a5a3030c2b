//! What PyPI makes of a long description: its verdict, the message behind a refusal, and the HTML.
//!
//! PyPI parses the content type, renders plain text, Markdown or reStructuredText with its
//! `readme_renderer`, and refuses an upload whose description renders to nothing. `judge` answers
//! the same, without Python. Bytes in, values out: no file, no process, no network.
//!
//! - `content_type`: which renderer, and where PyPI and `twine check` disagree.
//! - `plain`, `markdown`: the two simple formats.
//! - `rst`: reStructuredText as docutils 0.23 reads it under PyPI's settings.
//! - `check`: findings about a description, each with its rule.
//! - `sanitize`: the allow list that every rendering goes through.

pub mod check;
mod content_type;
mod judge;
mod markdown;
mod plain;
mod profile;
mod rst;
mod sanitize;

pub use content_type::{ContentType, ContentTypeError, Format};
pub use judge::{FirstMessage, Judgement, Level, TwineVerdict, judge, twine_verdict};
pub use profile::Profile;
