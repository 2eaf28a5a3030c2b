//! The reader: lines, headers, folding, body.
//!
//! A line ends at `\n`, `\r\n` or a lone `\r`. A header is printable ASCII up to a colon; indented
//! lines belong to the header before; an empty line, or a line that is no header, ends the headers.

use super::{Body, CoreMetadata, Field, Problem, ProblemKind};

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Reads the whole file.
pub(super) fn read(bytes: &[u8]) -> CoreMetadata {
    let mut reader = Reader {
        metadata: CoreMetadata {
            n_bytes: bytes.len(),
            ..CoreMetadata::default()
        },
        open: None,
    };
    if bytes.starts_with(BYTE_ORDER_MARK) {
        reader.problem(ProblemKind::ByteOrderMark, 1);
    }
    let mut rest = bytes;
    let mut line = 1;
    while !rest.is_empty() {
        let (text, next) = rest.split_at(line_length(rest));
        match reader.header_line(text, next, line) {
            Step::Taken => {}
            Step::Blank => {
                reader.body(next, line + 1);
                break;
            }
            Step::Body => {
                reader.body(rest, line);
                break;
            }
        }
        rest = next;
        line += 1;
    }
    reader.finish()
}

/// Bytes up to and with the next line end.
fn line_length(bytes: &[u8]) -> usize {
    match bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
        None => bytes.len(),
        Some(at) if bytes[at..].starts_with(b"\r\n") => at + 2,
        Some(at) => at + 1,
    }
}

/// Bytes at the beginning that may stand in a header name.
fn name_length(text: &[u8]) -> usize {
    let is_name = |byte: &&u8| matches!(byte, 0x21..=0x39 | 0x3b..=0x7e);
    text.iter().take_while(is_name).count()
}

/// Whether the headers go on with the line at the beginning of `bytes`.
fn continues_headers(bytes: &[u8]) -> bool {
    matches!(bytes.first(), Some(b' ' | b'\t'))
        || bytes.starts_with(b"From ")
        || bytes.get(name_length(bytes)) == Some(&b':')
}

/// What a line among the headers was.
enum Step {
    Taken,
    Blank,
    Body,
}

struct Reader {
    metadata: CoreMetadata,
    /// Header that may still be continued: name, raw bytes after the colon, line.
    open: Option<(String, Vec<u8>, usize)>,
}

impl Reader {
    fn problem(&mut self, kind: ProblemKind, line: usize) {
        self.metadata.problems.push(Problem { kind, line });
    }

    fn header_line(&mut self, text: &[u8], next: &[u8], line: usize) -> Step {
        match text.first() {
            Some(b' ' | b'\t') => {
                match &mut self.open {
                    Some((_, value, _)) => value.extend_from_slice(text),
                    None => self.problem(ProblemKind::LeadingContinuation, line),
                }
                return Step::Taken;
            }
            Some(b'\n' | b'\r') => return Step::Blank,
            _ => {}
        }
        if text.starts_with(b"From ") {
            self.close();
            // Mail stores begin with such a line, there it means nothing; the last one of the
            // headers is read as description.
            if line > 1 {
                self.problem(ProblemKind::EnvelopeLine, line);
            }
            let is_last = line > 1 && !continues_headers(next);
            return if is_last { Step::Body } else { Step::Taken };
        }
        let n_name = name_length(text);
        if text.get(n_name) != Some(&b':') {
            self.problem(ProblemKind::NoSeparator, line);
            return Step::Body;
        }
        self.close();
        if n_name == 0 {
            self.problem(ProblemKind::EmptyName, line);
        } else {
            let name = String::from_utf8_lossy(&text[..n_name]).into_owned();
            self.open = Some((name, text[n_name + 1..].to_vec(), line));
        }
        Step::Taken
    }

    fn close(&mut self) {
        let Some((name, raw, line)) = self.open.take() else {
            return;
        };
        let start = raw
            .iter()
            .position(|byte| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n'))
            .unwrap_or(raw.len());
        let end = raw
            .iter()
            .rposition(|byte| !matches!(byte, b'\r' | b'\n'))
            .map_or(start, |at| (at + 1).max(start));
        let (value, utf8) = decode(&raw[start..end]);
        if !utf8 {
            let field = name.clone();
            self.problem(ProblemKind::FieldNotUtf8 { field }, line);
        }
        self.metadata.push_field(Field {
            name,
            value,
            line,
            utf8,
        });
    }

    fn body(&mut self, bytes: &[u8], line: usize) {
        self.close();
        if bytes.is_empty() {
            return;
        }
        let (text, utf8) = decode(bytes);
        if !utf8 {
            self.problem(ProblemKind::BodyNotUtf8, line);
        }
        if self.metadata.first("Description").is_some() {
            self.problem(ProblemKind::DescriptionTwice, line);
        }
        self.metadata.body = Some(Body { text, line, utf8 });
    }

    fn finish(mut self) -> CoreMetadata {
        self.close();
        self.metadata.problems.sort_by_key(|problem| problem.line);
        self.metadata
    }
}

/// The text, and whether it was UTF-8; other bytes are shown as ISO-8859-1, which never fails.
fn decode(bytes: &[u8]) -> (String, bool) {
    match std::str::from_utf8(bytes) {
        Ok(text) => (text.to_owned(), true),
        Err(_) => (bytes.iter().map(|&byte| char::from(byte)).collect(), false),
    }
}

/// Undoes the two ways of folding a description into a header: seven blanks and a bar, or eight
/// blanks.
pub(super) fn unfold_description(value: &str) -> String {
    let mut lines = value.split('\n');
    let mut text = lines.next().unwrap_or_default().to_owned();
    for line in lines {
        text.push('\n');
        let unfolded = line
            .strip_prefix("       |")
            .or_else(|| line.strip_prefix("        "))
            .unwrap_or(line);
        text.push_str(unfolded);
    }
    text
}
