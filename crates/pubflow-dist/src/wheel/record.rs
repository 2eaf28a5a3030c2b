//! `RECORD`: the list of a wheel's files with digest and size.
//!
//! The reader accepts what Python's `csv` module accepts, because every consumer reads with it, and
//! keeps lines that hold nothing, which the index cannot digest (R131).
//!
//! Spec: binary distribution format, "The .dist-info directory"; PEP 376.

/// The rows of a `RECORD` file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record {
    rows: Vec<RecordRow>,
    empty_lines: Vec<usize>,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordRow {
    /// The path as written.
    pub path: String,
    /// The digest, `algorithm=value`, as written; empty for none.
    pub digest: String,
    /// The size as written; empty for none.
    pub size: String,
    /// How many fields the row has; three are right.
    pub n_fields: usize,
    /// Line, from 1.
    pub line: usize,
}

impl RecordRow {
    /// The digest's algorithm and value, if there is one of that form.
    #[must_use]
    pub fn digest_parts(&self) -> Option<(&str, &str)> {
        self.digest.split_once('=')
    }

    /// The path with `/` for `\`, as the index reads it.
    #[must_use]
    pub fn slashed_path(&self) -> String {
        self.path.replace('\\', "/")
    }
}

impl Record {
    /// Reads a file; `None` when it is not UTF-8.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(bytes).ok()?;
        let mut record = Self::default();
        let mut reader = Rows {
            rest: text,
            line: 1,
        };
        while let Some((fields, line)) = reader.next_row() {
            let mut fields = fields.into_iter();
            let (Some(path), digest, size) = (fields.next(), fields.next(), fields.next()) else {
                record.empty_lines.push(line);
                continue;
            };
            let n_fields =
                1 + usize::from(digest.is_some()) + usize::from(size.is_some()) + fields.count();
            record.rows.push(RecordRow {
                path,
                digest: digest.unwrap_or_default(),
                size: size.unwrap_or_default(),
                n_fields,
                line,
            });
        }
        Some(record)
    }

    /// The rows in their order.
    #[must_use]
    pub fn rows(&self) -> &[RecordRow] {
        &self.rows
    }

    /// Lines that hold nothing, from 1.
    #[must_use]
    pub fn empty_lines(&self) -> &[usize] {
        &self.empty_lines
    }
}

/// Splits text into rows of fields.
struct Rows<'a> {
    rest: &'a str,
    line: usize,
}

impl Rows<'_> {
    /// The next row and its line; no fields for a line that holds nothing.
    fn next_row(&mut self) -> Option<(Vec<String>, usize)> {
        if self.rest.is_empty() {
            return None;
        }
        let line = self.line;
        let mut fields = Vec::new();
        let mut field = String::new();
        let (mut quoted, mut was_quoted) = (false, false);
        let mut chars = self.rest.char_indices().peekable();
        let mut end = self.rest.len();
        while let Some((at, c)) = chars.next() {
            if c == '\n' {
                self.line += 1;
            }
            match c {
                '"' if quoted => match chars.peek() {
                    Some((_, '"')) => {
                        chars.next();
                        field.push('"');
                    }
                    _ => quoted = false,
                },
                '"' if field.is_empty() && !was_quoted => {
                    quoted = true;
                    was_quoted = true;
                }
                c if quoted => field.push(c),
                ',' => {
                    fields.push(std::mem::take(&mut field));
                    was_quoted = false;
                }
                '\n' => {
                    end = at + 1;
                    break;
                }
                '\r' => {
                    end = at + 1;
                    if let Some((_, '\n')) = chars.peek() {
                        end += 1;
                    }
                    self.line += 1;
                    break;
                }
                c => field.push(c),
            }
        }
        self.rest = &self.rest[end..];
        if !(fields.is_empty() && field.is_empty() && !was_quoted) {
            fields.push(field);
        }
        Some((fields, line))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(text: &str) -> Vec<(String, usize)> {
        let record = Record::parse(text.as_bytes()).unwrap();
        record
            .rows()
            .iter()
            .map(|row| (row.path.clone(), row.line))
            .collect()
    }

    #[test]
    fn rows_have_a_path_a_digest_and_a_size() {
        let record = Record::parse(b"a.py,sha256=abc,3\nx/RECORD,,\n").unwrap();
        assert_eq!(record.rows().len(), 2);
        let row = &record.rows()[0];
        assert_eq!(row.digest_parts(), Some(("sha256", "abc")));
        assert_eq!((row.size.as_str(), row.n_fields), ("3", 3));
        assert_eq!(record.rows()[1].digest_parts(), None);
    }

    #[test]
    fn quoting_and_line_ends_are_those_of_python() {
        let text = "\"a,b\",,\r\n\"q\"\"q\",,\n\"two\nlines\",,\nlast";
        let expected = [("a,b", 1), ("q\"q", 2), ("two\nlines", 3), ("last", 5)];
        let expected: Vec<_> = expected.map(|(p, l)| (p.to_owned(), l)).to_vec();
        assert_eq!(paths(text), expected);
    }

    #[test]
    fn empty_lines_are_kept() {
        let record = Record::parse(b"a,,\n\nb,,\n").unwrap();
        assert_eq!(record.empty_lines(), [2]);
        assert_eq!(record.rows().len(), 2);
        assert!(Record::parse(b"").unwrap().rows().is_empty());
    }

    #[test]
    fn other_encodings_are_no_record() {
        assert_eq!(Record::parse(b"caf\xe9.py,,\n"), None);
    }
}
