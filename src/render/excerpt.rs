//! The line of a file that a finding points at, with a mark below the place.

use std::collections::BTreeMap;
use std::fs;

use unicode_width::UnicodeWidthChar;

use super::clean::shown_char;
use super::style::Style;

/// Files that are longer are told about without excerpts.
const LARGEST_FILE: u64 = 1 << 20;

/// Lines that are longer likewise: nobody reads them, and finding a column takes time.
const LONGEST_LINE: usize = 16 << 10;

/// Columns of a line that are shown at most.
const WIDTH: usize = 92;

/// Columns that are shown in front of the place in a line that is cut.
const BEFORE: usize = 36;

/// The files that excerpts are taken from, each read once.
#[derive(Default)]
pub(super) struct Sources {
    files: BTreeMap<String, Option<Source>>,
}

struct Source {
    text: String,
    starts: Vec<usize>,
}

impl Source {
    fn read(path: &str) -> Option<Self> {
        let metadata = fs::metadata(path).ok()?;
        if !metadata.is_file() || metadata.len() > LARGEST_FILE {
            return None;
        }
        let bytes = fs::read(path).ok()?;
        // Positions are those of the text behind a byte order mark.
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        let text = String::from_utf8_lossy(bytes).into_owned();
        let ends = text.match_indices('\n').map(|(at, _)| at + 1);
        let starts = std::iter::once(0).chain(ends).collect();
        Some(Self { text, starts })
    }

    fn line(&self, number: usize) -> Option<&str> {
        let at = number.checked_sub(1)?;
        let start = *self.starts.get(at)?;
        let end = self.starts.get(at + 1).copied().unwrap_or(self.text.len());
        Some(self.text.get(start..end)?.trim_end_matches(['\n', '\r']))
    }
}

impl Sources {
    /// The excerpt for a place in a file; nothing where there is no such line.
    pub(super) fn excerpt(
        &mut self,
        path: &str,
        line: usize,
        column: Option<usize>,
        style: Style,
    ) -> Option<String> {
        let source = self
            .files
            .entry(path.to_owned())
            .or_insert_with(|| Source::read(path));
        let text = source.as_ref()?.line(line)?;
        let is_readable = !text.trim().is_empty() && text.len() <= LONGEST_LINE;
        is_readable.then(|| excerpt(text, line, column, style))
    }
}

/// A numbered line, and below it the mark.
fn excerpt(text: &str, line: usize, column: Option<usize>, style: Style) -> String {
    let at = column.map_or(0, |column| column.saturating_sub(1));
    let length = column.map_or(0, |_| length_at(text, at));
    let start = match text.chars().count() > WIDTH {
        true => at.saturating_sub(BEFORE),
        false => 0,
    };
    let (mut shown, mut indent, mut marks, mut n_chars) = (String::new(), 0, 0, 0);
    if start > 0 {
        shown.push('…');
        indent += 1;
    }
    let mut width = indent;
    for (number, c) in text.chars().enumerate().skip(start) {
        let c_width = match c {
            '\t' => 4 - width % 4,
            c => shown_char(c).width().unwrap_or(1),
        };
        if width + c_width > WIDTH {
            break;
        }
        match c {
            '\t' => shown.push_str(&" ".repeat(c_width)),
            c => shown.push(shown_char(c)),
        }
        if number < at {
            indent += c_width;
        } else if number < at + length {
            marks += c_width;
        }
        (width, n_chars) = (width + c_width, n_chars + 1);
    }
    if text.chars().nth(start + n_chars).is_some() {
        shown.push('…');
    }
    let number = line.to_string();
    let blank = " ".repeat(number.len());
    let bar = style.dim("|");
    let mut lines = format!("         {} {bar} {shown}\n", style.dim(&number));
    if column.is_some() {
        let mark = style.bold(&"^".repeat(marks.max(1)));
        lines.push_str(&format!(
            "         {blank} {bar} {}{mark}\n",
            " ".repeat(indent)
        ));
    }
    lines
}

/// Characters of what begins at a place: a string with its quotes, a header, or a word.
fn length_at(text: &str, at: usize) -> usize {
    let mut rest = text.chars().skip(at);
    let Some(first) = rest.next() else {
        return 1;
    };
    let length = match first {
        quote @ ('"' | '\'') => rest.position(|c| c == quote).map(|end| end + 2),
        '[' => rest.position(|c| c == ']').map(|end| end + 2),
        _ => None,
    };
    length.unwrap_or_else(|| {
        let ends = |c: char| c.is_whitespace() || matches!(c, '=' | ',' | ']' | '}');
        let word = text.chars().skip(at).take_while(|c| !ends(*c));
        word.count().max(1)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, column: usize, expected: [&str; 2]) {
        let shown = excerpt(text, 7, Some(column), Style::none());
        let lines: Vec<&str> = shown.lines().map(|line| &line[9..]).collect();
        assert_eq!(lines, expected);
    }

    #[test]
    fn the_mark_stands_below_the_place() {
        check("name = 'x y'", 8, ["7 | name = 'x y'", "  |        ^^^^^"]);
        check(
            "[projects]  # c",
            1,
            ["7 | [projects]  # c", "  | ^^^^^^^^^^"],
        );
        check(
            "requires_python=3",
            1,
            ["7 | requires_python=3", "  | ^^^^^^^^^^^^^^^"],
        );
        check("a = [1,", 8, ["7 | a = [1,", "  |        ^"]);
    }

    #[test]
    fn tabs_and_wide_and_steering_characters_keep_the_columns() {
        check("\tk = 1", 2, ["7 |     k = 1", "  |     ^"]);
        check("語 = 'x'", 5, ["7 | 語 = 'x'", "  |      ^^^"]);
        check(
            "a = '\u{1b}[31m' b",
            13,
            ["7 | a = '\u{fffd}[31m' b", "  |             ^"],
        );
    }

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let text = format!("{}\"bad\", {}", "x".repeat(5000), "y".repeat(5000));
        let shown = excerpt(&text, 1, Some(5001), Style::none());
        let lines: Vec<&str> = shown.lines().collect();
        assert!(lines[0].contains("\"bad\""), "{shown}");
        assert!(
            lines.iter().all(|line| line.chars().count() < 110),
            "{shown}"
        );
        let at = lines[0].chars().position(|c| c == '"').unwrap();
        assert_eq!(lines[1].chars().position(|c| c == '^').unwrap(), at);
        assert_eq!(lines[1].matches('^').count(), 5);
    }

    #[test]
    fn what_cannot_be_shown_is_left_out() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.toml");
        std::fs::write(&path, format!("a\r\n\n{}\n", "x".repeat(LONGEST_LINE + 1))).unwrap();
        let path = path.to_str().unwrap();
        let mut sources = Sources::default();
        let mut at = |path: &str, line| sources.excerpt(path, line, None, Style::none());
        assert_eq!(at(path, 1).unwrap(), "         1 | a\n");
        for line in [0, 2, 3, 4, 5, usize::MAX] {
            assert_eq!(at(path, line), None, "{line}");
        }
        assert_eq!(at("no/such/file", 1), None);
        assert_eq!(at(dir.path().to_str().unwrap(), 1), None);
    }
}
