//! The writer: one header a line, folded where a value has line ends, then the description.

use super::CoreMetadata;

/// Continues a value that has line ends of its own, as the specification folds descriptions.
const FOLD: &str = "       |";

pub(super) fn write(metadata: &CoreMetadata) -> Vec<u8> {
    let mut out = String::new();
    for field in metadata.fields() {
        out.push_str(&field.name);
        out.push(':');
        if !field.value.is_empty() {
            out.push(' ');
            push_folded(&mut out, &field.value);
        }
        out.push('\n');
    }
    if let Some(body) = metadata.body() {
        out.push('\n');
        out.push_str(body);
    }
    out.into_bytes()
}

/// Lines that were folded when read are indented already and stay as they are.
fn push_folded(out: &mut String, value: &str) {
    let mut rest = value;
    while let Some(at) = rest.find(['\n', '\r']) {
        let n_end = if rest[at..].starts_with("\r\n") { 2 } else { 1 };
        let (line, next) = rest.split_at(at + n_end);
        out.push_str(line);
        if !next.starts_with([' ', '\t']) {
            out.push_str(FOLD);
        }
        rest = next;
    }
    out.push_str(rest);
}
