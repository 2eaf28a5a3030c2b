//! Block quotes and their attributions.

use super::chars::{is_space, rstrip};
use super::line::Lines;
use super::parser::{Machine, Parsed, Parser};
use super::tree::{Kind, NodeId};

/// An attribution: its lines, the place of its first and the place behind its last.
struct Attribution {
    lines: Lines,
    start: usize,
    end: usize,
}

impl Parser {
    /// An indented block.
    pub(super) fn indented_quote(&mut self, m: &mut Machine) -> Parsed<bool> {
        let block = self.indented(m);
        let quotes = self.block_quotes(m, block.lines, block.offset)?;
        self.tree.append_all(m.node, quotes);
        self.require_blank(m, block.blank_finish, "Block quote")?;
        Ok(true)
    }

    /// Block quotes, each ended by an attribution but the last.
    pub(super) fn block_quotes(
        &mut self,
        m: &Machine,
        mut lines: Lines,
        mut offset: isize,
    ) -> Parsed<Vec<NodeId>> {
        let mut quotes = Vec::new();
        while !lines.is_empty() {
            let quote = self.tree.create(Kind::BlockQuote);
            self.tree[quote].line = m.source_line(offset + 1);
            let attribution = attribution(&lines);
            let end = attribution
                .as_ref()
                .map_or(lines.len(), |found| found.start);
            self.nested(lines.slice(0, end), offset, quote)?;
            quotes.push(quote);
            let Some(found) = attribution else { break };
            let text = found.lines.joined();
            let line = 1 + offset + found.start as isize;
            let children = self.inline(rstrip(&text), line)?;
            let node = self.tree.with_children(Kind::Attribution, children);
            self.tree[node].line = m.source_line(line);
            self.tree.append(quote, node);
            lines = lines.from(found.end);
            let n_blank = lines.iter().take_while(|line| line.is_empty()).count();
            lines = lines.from(n_blank);
            offset += (found.end + n_blank) as isize;
        }
        Ok(quotes)
    }
}

/// Finds the first attribution after some content.
fn attribution(lines: &Lines) -> Option<Attribution> {
    let (mut seen, mut after_blank) = (false, false);
    for (start, line) in lines.iter().enumerate() {
        if line.is_blank() {
            after_blank = true;
            continue;
        }
        if seen
            && after_blank
            && let Some(dash) = dash(line)
            && let Some((end, indent)) = attribution_end(lines, start)
        {
            let cut = lines.slice(start, end);
            let cut = cut.iter().enumerate().map(|(n, line)| match n {
                0 => line.skip(dash),
                _ => line.skip(indent),
            });
            let lines = cut.collect::<Vec<_>>().into();
            return Some(Attribution { lines, start, end });
        }
        seen = true;
        after_blank = false;
    }
    None
}

/// Characters of the dash that an attribution starts with.
fn dash(line: &str) -> Option<usize> {
    let n = line.chars().take_while(|c| *c == '-').count();
    let (n, rest) = match n {
        2 | 3 => (n, &line[n..]),
        0 => (1, line.strip_prefix('\u{2014}')?),
        _ => return None,
    };
    let text = rest.trim_start_matches(' ');
    (!text.is_empty()).then_some(n + rest.len() - text.len())
}

/// End of an attribution and the indent of its later lines, if they have one in common.
fn attribution_end(lines: &Lines, start: usize) -> Option<(usize, usize)> {
    let mut indent = None;
    for (at, line) in lines.iter().enumerate().skip(start + 1) {
        if line.is_blank() {
            return Some((at, indent.unwrap_or(0)));
        }
        let own = line.chars().take_while(|c| is_space(*c)).count();
        if *indent.get_or_insert(own) != own {
            return None;
        }
    }
    Some((lines.len(), indent.unwrap_or(0)))
}
