//! From byte offsets to lines and columns.

/// A place in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in Unicode scalar values, from 1.
    pub column: usize,
}

/// Bytes between two points at which characters were counted.
const BLOCK: usize = 4096;

/// Where lines begin, and how many characters stand before every block: a position costs the same
/// however long its line is.
#[derive(Debug, Clone)]
pub(super) struct LineStarts {
    starts: Vec<usize>,
    chars_before: Vec<usize>,
}

impl LineStarts {
    pub(super) fn of(text: &str) -> Self {
        let mut starts = vec![0];
        starts.extend(text.match_indices('\n').map(|(at, _)| at + 1));
        let mut n_chars = 0;
        let mut chars_before = vec![0];
        for block in text.as_bytes().chunks(BLOCK) {
            n_chars += count_starts(block);
            chars_before.push(n_chars);
        }
        Self {
            starts,
            chars_before,
        }
    }

    /// An offset past the end, or inside a character, counts as the nearest one before.
    pub(super) fn position(&self, text: &str, offset: usize) -> Position {
        let offset = text.floor_char_boundary(offset.min(text.len()));
        let line = self.starts.partition_point(|&start| start <= offset).max(1);
        let start = self.starts[line - 1];
        Position {
            line,
            column: self.n_chars(text, offset) - self.n_chars(text, start) + 1,
        }
    }

    /// Characters before an offset.
    fn n_chars(&self, text: &str, offset: usize) -> usize {
        let block = offset / BLOCK;
        self.chars_before[block] + count_starts(&text.as_bytes()[block * BLOCK..offset])
    }
}

/// Bytes with which a character begins.
fn count_starts(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| byte & 0xc0 != 0x80).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let text = "é = 1\r\nab\n";
        let lines = LineStarts::of(text);
        let at = |offset| {
            let position = lines.position(text, offset);
            (position.line, position.column)
        };
        assert_eq!(at(0), (1, 1));
        assert_eq!(at(3), (1, 3));
        assert_eq!(at(text.find("ab").unwrap() + 1), (2, 2));
        assert_eq!(at(1000), (3, 1));
    }

    #[test]
    fn long_lines_are_counted_over_blocks() {
        let text = format!("x\n{}a", "é".repeat(3 * BLOCK));
        let position = LineStarts::of(&text).position(&text, text.len() - 1);
        assert_eq!((position.line, position.column), (2, 3 * BLOCK + 1));
    }
}
