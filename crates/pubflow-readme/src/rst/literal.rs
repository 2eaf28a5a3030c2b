//! Literal blocks, indented or quoted, after a paragraph that ends in two colons.

use super::line::Lines;
use super::parser::{Machine, Parsed, Parser, halt, number};
use super::tree::Kind;
use crate::judge::Level;

impl Parser {
    /// The literal block that a paragraph announced.
    pub(super) fn literal_block(&mut self, m: &mut Machine) -> Parsed<()> {
        let block = self.indented(m);
        let lines = block.lines.trim_end();
        if lines.is_empty() {
            return self.quoted_literal(m);
        }
        self.literal(m, &lines, m.source_line(block.offset + 1));
        self.require_blank(m, block.blank_finish, "Literal block")
    }

    fn literal(&mut self, m: &Machine, lines: &Lines, line: Option<usize>) {
        let node = self.tree.with_text(Kind::LiteralBlock, lines.joined());
        self.tree[node].line = line;
        self.tree.append(m.node, node);
    }

    /// Lines that start with the same punctuation character.
    fn quoted_literal(&mut self, m: &mut Machine) -> Parsed<()> {
        let mut quoted = Machine::new(m.lines.from(m.index()), m.abs_offset(), m.node);
        let mut found: Option<(usize, u8)> = None;
        while self.advance(&mut quoted, 1) {
            let line = quoted.text();
            let first = line.bytes().next();
            let line_number = number(quoted.abs_number());
            match (found, first) {
                (None, None) => {}
                (Some(_), None) => break,
                (None, Some(quote)) if quote.is_ascii_punctuation() => {
                    found = Some((quoted.index(), quote));
                }
                (None, Some(_)) => break,
                (Some((_, quote)), Some(first)) if quote == first => {}
                (Some(_), Some(b' ')) => {
                    return halt(Level::Error, line_number, "Unexpected indentation.");
                }
                (Some(_), Some(_)) => {
                    let message = "Inconsistent literal block quoting.";
                    return halt(Level::Error, line_number, message);
                }
            }
        }
        let Some((start, _)) = found else {
            let message = "Literal block expected; none found.";
            return halt(Level::Warning, number(quoted.abs_number()), message);
        };
        let lines = quoted.lines.slice(start, quoted.index());
        let line = quoted.source_line(quoted.offset + start as isize + 1);
        self.literal(m, &lines, line);
        self.go_to(m, quoted.abs_offset());
        Ok(())
    }
}
