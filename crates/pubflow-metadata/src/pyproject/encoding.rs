//! From the bytes of the file to text.

use super::{Position, Problem, ProblemKind};

/// Text, and what was wrong with its bytes.
pub(super) struct Decoded {
    pub(super) text: Option<String>,
    pub(super) problem: Option<Problem>,
}

pub(super) fn decode(bytes: &[u8]) -> Decoded {
    let problem = |kind, at| Problem {
        kind,
        path: None,
        at,
    };
    let start = Position { line: 1, column: 1 };
    if is_wide(bytes) {
        return Decoded {
            text: None,
            problem: Some(problem(ProblemKind::WideEncoding, Some(start))),
        };
    }
    let (content, mark) = match bytes.strip_prefix(b"\xef\xbb\xbf") {
        Some(rest) => (rest, Some(problem(ProblemKind::ByteOrderMark, Some(start)))),
        None => (bytes, None),
    };
    match std::str::from_utf8(content) {
        Ok(text) => Decoded {
            text: Some(text.to_owned()),
            problem: mark,
        },
        Err(error) => {
            let offset = error.valid_up_to();
            let at = position_after(&content[..offset]);
            let offset = bytes.len() - content.len() + offset;
            Decoded {
                text: None,
                problem: Some(problem(ProblemKind::NotUtf8 { offset }, Some(at))),
            }
        }
    }
}

/// UTF-16 and UTF-32 show themselves by their mark, or by the zero bytes of an ASCII beginning.
fn is_wide(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\xff\xfe")
        || bytes.starts_with(b"\xfe\xff")
        || bytes.starts_with(b"\x00\x00\xfe\xff")
        || matches!(bytes, [0, second, ..] if *second != 0)
        || matches!(bytes, [first, 0, ..] if *first != 0)
}

/// Position of the character after a valid beginning.
fn position_after(valid: &[u8]) -> Position {
    let text = String::from_utf8_lossy(valid);
    let line_start = text.rfind('\n').map_or(0, |at| at + 1);
    Position {
        line: text.matches('\n').count() + 1,
        column: text[line_start..].chars().count() + 1,
    }
}
