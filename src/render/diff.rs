//! What `--diff` prints: a unified diff that `patch` takes.

use std::path::Path;

use similar::{ChangeTag, TextDiff};

use super::clean::{clean, clean_line};
use super::style::Style;

/// The changes of one file.
pub(crate) fn file_diff(path: &Path, before: &str, after: &str, style: Style) -> String {
    let path = clean_line(&path.display().to_string());
    let diff = TextDiff::from_lines(before, after);
    let mut text = style.bold(&format!("--- {path}")) + "\n";
    text.push_str(&(style.bold(&format!("+++ {path}")) + "\n"));
    for hunk in diff.unified_diff().context_radius(3).iter_hunks() {
        text.push_str(&(style.dim(&hunk.header().to_string()) + "\n"));
        for change in hunk.iter_changes() {
            let line = clean(change.value().trim_end_matches(['\n', '\r'])).into_owned();
            text.push_str(&match change.tag() {
                ChangeTag::Delete => style.red(&format!("-{line}")),
                ChangeTag::Insert => style.green(&format!("+{line}")),
                ChangeTag::Equal => format!(" {line}"),
            });
            text.push('\n');
            if change.missing_newline() {
                text.push_str("\\ No newline at end of file\n");
            }
        }
    }
    text
}
