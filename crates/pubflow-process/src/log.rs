//! Reading the end of a log that a child wrote.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

/// How far back the end of a log is read.
const TAIL_BYTES: u64 = 64 * 1024;
/// Longer lines are cut; hooks print progress bars and dumps without line ends.
const LINE_CHARACTERS: usize = 2_000;

/// The last `n_lines` lines of a log as text that is safe to show on a terminal: control characters
/// are dropped, long lines cut, undecodable bytes replaced. Empty when the file cannot be read: a
/// missing log must never hide the failure it belongs to.
#[must_use]
pub fn log_tail(path: &Path, n_lines: usize) -> String {
    let Ok(bytes) = read_end(path) else {
        return String::new();
    };
    let text = String::from_utf8_lossy(&bytes);
    let lines: Vec<&str> = text
        .split('\n')
        .map(|line| line.strip_suffix('\r').unwrap_or(line))
        .map(|line| line.rsplit('\r').next().unwrap_or(line))
        .collect();
    let end = lines
        .iter()
        .rposition(|line| !line.trim().is_empty())
        .map_or(0, |last| last + 1);
    let start = end.saturating_sub(n_lines);
    let shown: Vec<String> = lines[start..end]
        .iter()
        .map(|line| printable(line))
        .collect();
    shown.join("\n")
}

fn read_end(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    let size = file.metadata()?.len();
    file.seek(SeekFrom::Start(size.saturating_sub(TAIL_BYTES)))?;
    let mut bytes = Vec::new();
    file.take(TAIL_BYTES).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A line without escape sequences and other control characters, at most [`LINE_CHARACTERS`] long.
fn printable(line: &str) -> String {
    let mut shown = String::new();
    let mut characters = line.chars().peekable();
    let mut n_characters = 0;
    while let Some(character) = characters.next() {
        if character == '\u{1b}' {
            skip_escape(&mut characters);
        } else if character == '\t' || !character.is_control() {
            n_characters += 1;
            if n_characters > LINE_CHARACTERS {
                shown.push_str(" ...");
                break;
            }
            shown.push(character);
        }
    }
    shown
}

/// Skips what follows an escape character: a control sequence up to its final letter, or one
/// character.
fn skip_escape(characters: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    if characters.next_if_eq(&'[').is_some() {
        while characters
            .next_if(|c| !('\u{40}'..='\u{7e}').contains(c))
            .is_some()
        {}
    }
    characters.next();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(content: &[u8], n_lines: usize, expected: &str) {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), content).unwrap();
        assert_eq!(log_tail(file.path(), n_lines), expected);
    }

    #[test]
    fn the_last_lines_are_shown_without_what_terminals_obey() {
        check(b"one\ntwo\nthree\n\n", 2, "two\nthree");
        check(b"a\r\nb\r\n", 5, "a\nb");
        check(b"10%\r50%\r100%\n", 1, "100%");
        check(b"\x1b[31mred\x1b[0m \x07bell\x1b]x\n", 1, "red bellx");
        check(b"bad \xff byte", 1, "bad \u{fffd} byte");
        check(b"", 3, "");
        check(
            &[b"x".repeat(5_000), b"\n".to_vec()].concat(),
            1,
            &format!("{} ...", "x".repeat(2_000)),
        );
    }

    #[test]
    fn a_missing_log_is_empty() {
        assert_eq!(log_tail(Path::new("/nonexistent/log"), 3), "");
    }
}
