//! Lines of source and views of them that are cheap to cut.

use std::ops::Deref;
use std::rc::Rc;

use super::chars::{byte_at, is_combining, is_space, is_wide, lstrip, rstrip, strip};

/// Stands after a wide character in tables, so that every character has one column.
pub(super) const PAD: char = '\u{10ffff}';

/// A piece of one source line.
#[derive(Debug, Clone)]
pub(super) struct Line {
    source: Rc<str>,
    start: usize,
    end: usize,
    /// Number of the source line, from 1.
    pub(super) number: usize,
}

impl Deref for Line {
    type Target = str;
    fn deref(&self) -> &str {
        &self.source[self.start..self.end]
    }
}

impl Line {
    /// A line of its own.
    pub(super) fn new(text: &str, number: usize) -> Self {
        Self {
            source: Rc::from(text),
            start: 0,
            end: text.len(),
            number,
        }
    }

    /// The piece between two byte offsets.
    pub(super) fn cut(&self, from: usize, to: usize) -> Self {
        let (start, end) = (self.start + from, self.start + to);
        Self {
            start: start.min(end),
            end,
            ..self.clone()
        }
    }

    /// The line without its first `n` characters.
    pub(super) fn skip(&self, n: usize) -> Self {
        self.cut(byte_at(self, n), self.len())
    }

    /// The line without white space at its ends.
    pub(super) fn stripped(&self) -> Self {
        let start = self.len() - lstrip(self).len();
        self.cut(start, start + strip(self).len())
    }

    /// The same line number with another text.
    pub(super) fn with_text(&self, text: &str) -> Self {
        Self::new(text, self.number)
    }

    /// Whether there is only white space.
    pub(super) fn is_blank(&self) -> bool {
        self.chars().all(is_space)
    }
}

/// Splits a text into lines as Python does, with tabs expanded and ends trimmed.
pub(super) fn split(text: &str) -> Vec<Line> {
    let text = text.replace(['\u{b}', '\u{c}'], " ").replace("\r\n", "\n");
    let is_end = |c| {
        matches!(
            c,
            '\n' | '\r' | '\u{1c}' | '\u{1d}' | '\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}'
        )
    };
    let source: Rc<str> = Rc::from(text.as_str());
    let mut lines = Vec::new();
    let mut start = 0;
    for piece in text.split_inclusive(is_end) {
        let content = piece.trim_end_matches(is_end);
        let number = lines.len() + 1;
        lines.push(if content.contains('\t') {
            Line::new(rstrip(&expand_tabs(content)), number)
        } else {
            Line {
                source: source.clone(),
                start,
                end: start + rstrip(content).len(),
                number,
            }
        });
        start += piece.len();
    }
    lines
}

fn expand_tabs(text: &str) -> String {
    let (mut out, mut column) = (String::with_capacity(text.len() + 8), 0);
    for c in text.chars() {
        if c == '\t' {
            let n = 8 - column % 8;
            out.extend(std::iter::repeat_n(' ', n));
            column += n;
        } else {
            out.push(c);
            column += 1;
        }
    }
    out
}

/// A run of lines, which shares them with the run it was cut from.
#[derive(Debug, Clone)]
pub(super) struct Lines {
    all: Rc<Vec<Line>>,
    start: usize,
    end: usize,
}

impl Deref for Lines {
    type Target = [Line];
    fn deref(&self) -> &[Line] {
        &self.all[self.start..self.end]
    }
}

impl From<Vec<Line>> for Lines {
    fn from(lines: Vec<Line>) -> Self {
        let end = lines.len();
        Self {
            all: Rc::new(lines),
            start: 0,
            end,
        }
    }
}

/// An indented block that was cut out.
pub(super) struct Indented {
    pub(super) lines: Lines,
    /// Lines from the start of the input to the first line that is left.
    pub(super) offset: isize,
    /// Whether a blank line or the end of input follows.
    pub(super) blank_finish: bool,
}

/// What is known of an indented block before it is read.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Indent {
    /// Indent of every line.
    pub(super) block: Option<usize>,
    /// Indent of the first line.
    pub(super) first: Option<usize>,
    /// End at the first blank line.
    pub(super) until_blank: bool,
    /// Leave the common indent.
    pub(super) keep: bool,
    /// Leave blank lines at the start.
    pub(super) keep_top: bool,
}

impl Lines {
    /// The lines from `from` to before `to`.
    pub(super) fn slice(&self, from: usize, to: usize) -> Self {
        let end = (self.start + to).min(self.end);
        Self {
            all: self.all.clone(),
            start: (self.start + from).min(end),
            end,
        }
    }

    /// The lines from `from` on.
    pub(super) fn from(&self, from: usize) -> Self {
        self.slice(from, self.len())
    }

    /// Without blank lines at the end.
    pub(super) fn trim_end(&self) -> Self {
        let n_blank = self.iter().rev().take_while(|line| line.is_blank()).count();
        self.slice(0, self.len() - n_blank)
    }

    /// The texts with line ends between.
    pub(super) fn joined(&self) -> String {
        let texts: Vec<&str> = self.iter().map(|line| &**line).collect();
        texts.join("\n")
    }

    /// Every line changed.
    pub(super) fn map(&self, change: impl Fn(&Line) -> Line) -> Self {
        Self::from_iter(self.iter().map(change))
    }

    fn from_iter(lines: impl Iterator<Item = Line>) -> Self {
        lines.collect::<Vec<_>>().into()
    }

    /// The lines up to the next blank one, and the first of them that is indented, if one is.
    pub(super) fn text_block(&self, start: usize) -> (Self, Option<usize>) {
        for (at, line) in self.iter().enumerate().skip(start) {
            if line.is_blank() {
                return (self.slice(start, at), None);
            }
            if line.starts_with(' ') {
                return (self.slice(start, at), Some(line.number));
            }
        }
        (self.from(start), None)
    }

    /// Lines up to the next blank one, indented or not.
    pub(super) fn ragged_block(&self, start: usize) -> Self {
        let n = self
            .iter()
            .skip(start)
            .take_while(|line| !line.is_blank())
            .count();
        self.slice(start, start + n)
    }

    /// Cuts an indented block out: the lines and whether a blank line follows.
    pub(super) fn indented(&self, start: usize, wanted: Indent) -> (Self, bool) {
        let first = wanted.first.or(wanted.block);
        let mut indent = wanted.block;
        let mut at = start + usize::from(first.is_some());
        let mut blank_finish = true;
        while let Some(line) = self.get(at) {
            let outside = |n| !strip(&line[..byte_at(line, n)]).is_empty();
            if !line.is_empty() && (!line.starts_with(' ') || wanted.block.is_some_and(outside)) {
                blank_finish = at > start && self[at - 1].is_blank();
                break;
            }
            if line.is_blank() {
                if wanted.until_blank {
                    break;
                }
            } else if wanted.block.is_none() {
                let own = line.chars().take_while(|c| is_space(*c)).count();
                indent = Some(indent.map_or(own, |indent| indent.min(own)));
            }
            at += 1;
        }
        let block = self.slice(start, at);
        let common = indent.filter(|indent| *indent > 0 && !wanted.keep);
        if block.is_empty() || (common.is_none() && first.is_none()) {
            return (block, blank_finish);
        }
        let lines = block.iter().enumerate().map(|(n, line)| match (n, first) {
            (0, Some(first)) => line.skip(first),
            _ => common.map_or_else(|| line.clone(), |indent| line.skip(indent)),
        });
        (Self::from_iter(lines), blank_finish)
    }

    /// A rectangle of characters, its common indent removed.
    pub(super) fn rectangle(&self, left: usize, right: usize) -> Self {
        let mut indent = right;
        let lines: Vec<Line> = self
            .iter()
            .map(|line| {
                let from = column_byte(line, left);
                let to = column_byte(line, right).max(from);
                let cut = line.cut(from, from + rstrip(&line[from..to]).len());
                if !cut.is_empty() {
                    indent = indent.min(cut.chars().take_while(|c| is_space(*c)).count());
                }
                cut
            })
            .collect();
        if indent == 0 || indent >= right {
            return lines.into();
        }
        Self::from_iter(lines.iter().map(|line| line.skip(indent)))
    }

    /// With a placeholder after every wide character.
    pub(super) fn padded(&self) -> Self {
        if self.iter().all(|line| line.is_ascii()) {
            return self.clone();
        }
        self.map(|line| {
            let mut text = String::with_capacity(line.len() * 2);
            for c in line.chars() {
                text.push(c);
                if is_wide(c) {
                    text.push(PAD);
                }
            }
            line.with_text(&text)
        })
    }

    /// Without the placeholders.
    pub(super) fn unpadded(&self) -> Self {
        if !self.iter().any(|line| line.contains(PAD)) {
            return self.clone();
        }
        self.map(|line| line.with_text(&line.replace(PAD, "")))
    }
}

/// Where a column starts, when combining characters take none.
fn column_byte(line: &str, column: usize) -> usize {
    if line.is_ascii() {
        return column.min(line.len());
    }
    let mut starts = line.char_indices().filter(|(_, c)| !is_combining(*c));
    starts.nth(column).map_or(line.len(), |(at, _)| at)
}
