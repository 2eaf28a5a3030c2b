//! Looks for credentials, paths of the building machine and marks of obfuscation in a stream of
//! bytes, in one pass and with bounded memory.

use super::patterns::{Meaning, PATTERNS, may_start};
use super::shape;

/// The longest text that is looked at as a whole: a private key of 8192 bits.
const WINDOW: usize = 8 << 10;
/// How much is gathered before the scan goes on.
const STEP: usize = 64 << 10;
/// Texts of one member whose shape is looked at, so that a file made of prefixes costs no more
/// than another.
const MOST_LOOKS: usize = 20_000;
/// Hits of one member that are remembered.
const MOST: usize = 10;

/// A credential in a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Secret {
    /// What it is, with an article. The credential itself is never kept.
    pub(crate) what: &'static str,
    /// Its line, from 1.
    pub(crate) line: usize,
}

/// A path that tells about the machine which built the distribution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BuildPath {
    /// The path from the home directory's parent on.
    pub(crate) path: String,
    /// Its line, from 1.
    pub(crate) line: usize,
}

/// What the scan of a member found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) secrets: Vec<Secret>,
    /// The first of its kind.
    pub(crate) build_path: Option<BuildPath>,
    /// A mark of PyArmor (R100).
    pub(crate) obfuscated: bool,
    /// Both marks of SourceDefender (R101), as two bits.
    pub(crate) encrypted: [bool; 2],
}

/// The scan of one member.
#[derive(Debug, Default)]
pub(super) struct Scanner {
    buffer: Vec<u8>,
    /// How much of the buffer is the context of what follows.
    start: usize,
    /// Lines in front of the buffer.
    lines: usize,
    /// Texts whose shape was looked at.
    looks: usize,
    found: Found,
}

impl Scanner {
    /// Takes the next bytes.
    pub(super) fn take(&mut self, chunk: &[u8]) {
        self.buffer.extend_from_slice(chunk);
        if self.buffer.len() >= WINDOW + STEP {
            let until = self.buffer.len() - WINDOW;
            self.scan(until);
            // One byte stays: it may be what a token must not stand behind.
            let done = until - 1;
            self.lines += count_lines(&self.buffer[..done]);
            self.buffer.drain(..done);
            self.start = 1;
        }
    }

    /// Scans what is left.
    pub(super) fn finish(mut self) -> Found {
        self.scan(self.buffer.len());
        self.found
    }

    fn scan(&mut self, until: usize) {
        for at in self.start..until.min(self.buffer.len().saturating_sub(1)) {
            if may_start(self.buffer[at], self.buffer[at + 1]) {
                self.look(at);
            }
        }
    }

    /// Compares the text at `at` with every pattern.
    fn look(&mut self, at: usize) {
        let before = at.checked_sub(1).map(|before| self.buffer[before]);
        let text = &self.buffer[at..self.buffer.len().min(at + WINDOW)];
        for pattern in PATTERNS {
            let Some(rest) = text.strip_prefix(pattern.prefix) else {
                continue;
            };
            match pattern.meaning {
                Meaning::Secret(what, shape) => {
                    if before.is_some_and(is_word)
                        || self.found.secrets.len() >= MOST
                        || self.looks >= MOST_LOOKS
                    {
                        continue;
                    }
                    self.looks += 1;
                    let is_token = shape::fits(shape, rest);
                    if is_token {
                        let line = self.line_of(at);
                        self.found.secrets.push(Secret { what, line });
                        return;
                    }
                }
                Meaning::Home => {
                    let is_path = self.found.build_path.is_none()
                        && (pattern.prefix[0] == b':' || is_path_start(before));
                    if let Some(path) = is_path.then(|| shape::home_path(rest)).flatten() {
                        let prefix = String::from_utf8_lossy(pattern.prefix);
                        let path = format!("{}{path}", prefix.trim_start_matches(':'));
                        let line = self.line_of(at);
                        self.found.build_path = Some(BuildPath { path, line });
                    }
                }
                Meaning::Obfuscated => self.found.obfuscated = true,
                Meaning::EncryptedBegin => self.found.encrypted[0] = true,
                Meaning::EncryptedEnd => self.found.encrypted[1] = true,
            }
        }
    }

    fn line_of(&self, at: usize) -> usize {
        1 + self.lines + count_lines(&self.buffer[..at])
    }
}

fn count_lines(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte == b'\n').count()
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Whether an absolute path can begin behind this byte: the start of a string, never the middle
/// of a URL or of another path.
fn is_path_start(before: Option<u8>) -> bool {
    match before {
        None => true,
        Some(byte) => {
            !is_word(byte) && !matches!(byte, b'/' | b'.' | b'-' | b'~' | b':' | b'}' | b')')
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RANDOM: &str = "Zk4Qm9vTq2LwX7rYc1NbHs8DpGfJ0uEaVi5o";

    fn scan(bytes: &[u8], chunk: usize) -> Found {
        let mut scanner = Scanner::default();
        for chunk in bytes.chunks(chunk) {
            scanner.take(chunk);
        }
        scanner.finish()
    }

    #[test]
    fn chunks_hide_nothing() {
        let token = format!("token = 'ghp_{RANDOM}'\n");
        for gap in [0, 65_500, 73_720, 73_728, 73_730, 200_000] {
            let text = format!("{}\n{token}", " ".repeat(gap));
            for chunk in [7, 4096, 65_536] {
                let found = scan(text.as_bytes(), chunk);
                let expected = Secret {
                    what: "a GitHub token",
                    line: 2,
                };
                assert_eq!(found.secrets, [expected], "{gap} {chunk}");
            }
        }
    }

    #[test]
    fn a_file_of_prefixes_is_given_up() {
        let mut text = "sk-".repeat(MOST_LOOKS + 10);
        text.push_str(&format!(" ghp_{RANDOM}"));
        assert_eq!(scan(text.as_bytes(), 65_536).secrets, []);
    }

    #[test]
    fn tokens_do_not_begin_inside_of_words() {
        let found = scan(format!("xghp_{RANDOM}").as_bytes(), 100);
        assert_eq!(found, Found::default());
    }

    #[test]
    fn paths_do_not_begin_inside_of_urls() {
        let path = "/home/jsmith/work/demo";
        assert!(scan(format!("'{path}'").as_bytes(), 9).build_path.is_some());
        let url = format!("https://example.org{path}");
        assert_eq!(scan(url.as_bytes(), 9).build_path, None);
        let windows = scan(b"\"C:\\\\Users\\\\jsmith\\\\src\\\\x\"", 9);
        assert_eq!(
            windows.build_path.map(|found| found.path).as_deref(),
            Some("\\\\Users\\\\jsmith\\\\src\\\\x")
        );
    }
}
