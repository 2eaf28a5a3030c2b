//! Bullet and definition lists, and what all lists share: items follow until another block starts.

use super::chars::rstrip;
use super::line::{Indent, Line};
use super::mark::Mark;
use super::parser::{Machine, Parsed, Parser};
use super::tree::{Kind, NodeId};

impl Parser {
    /// Walks over the items behind the current line with `item`, which says whether a blank line
    /// followed its item, or `None` if the line is no item. Blank lines are skipped unless they
    /// `end_at_blank`. Returns whether the list ended with a blank line.
    pub(super) fn items(
        &mut self,
        m: &mut Machine,
        node: NodeId,
        finish: bool,
        end_at_blank: bool,
        mut item: impl FnMut(&mut Self, &mut Machine, Mark) -> Parsed<Option<bool>>,
    ) -> Parsed<bool> {
        let mut walk = Machine::new(m.rest(), m.abs_offset() + 1, node);
        let mut finish = finish;
        let outer = std::mem::replace(&mut self.block, node);
        while self.advance(&mut walk, 1) {
            let mark = Mark::of(walk.text());
            if mark == Mark::Blank && !end_at_blank {
                continue;
            }
            let at = walk.at;
            match item(self, &mut walk, mark)? {
                Some(ended) => finish = ended,
                None => {
                    walk.at = at;
                    self.back(&mut walk, 1);
                    break;
                }
            }
        }
        self.block = outer;
        self.go_to(m, walk.abs_offset());
        Ok(finish)
    }

    /// A bullet list, from its first item.
    pub(super) fn bullet_list(&mut self, m: &mut Machine, line: &str, end: usize) -> Parsed<bool> {
        let bullet = line.chars().next().unwrap_or('-');
        let list = self.tree.create(Kind::BulletList);
        self.tree[list].line = m.current_source_line();
        self.tree.append(m.node, list);
        let finish = self.list_item(m, list, end)?;
        let finish = self.items(m, list, finish, false, |parser, walk, mark| match mark {
            Mark::Bullet(end) if walk.text().starts_with(bullet) => {
                parser.list_item(walk, list, end).map(Some)
            }
            _ => Ok(None),
        })?;
        self.require_blank(m, finish, "Bullet list")?;
        Ok(true)
    }

    /// One item of a list; whether a blank line follows.
    pub(super) fn list_item(&mut self, m: &mut Machine, list: NodeId, end: usize) -> Parsed<bool> {
        let line = m.current_source_line();
        let has_text = m.text().chars().nth(end).is_some();
        let block = match has_text {
            true => self.known_indented(m, end),
            false => self.first_known(m, end, Indent::default()),
        };
        let item = self.tree.create(Kind::ListItem);
        self.tree[item].line = line;
        if !block.lines.is_empty() {
            self.nested(block.lines, block.offset, item)?;
        }
        self.tree.append(list, item);
        Ok(block.blank_finish)
    }

    /// A definition list; the walk stands on the first definition, `term` is the line before.
    pub(super) fn definition_list(&mut self, m: &mut Machine, term: &Line) -> Parsed<bool> {
        let list = self.tree.create(Kind::DefinitionList);
        self.tree[list].line = m.source_line(m.abs_number() - 1);
        let (item, finish) = self.definition(m, term)?;
        self.tree.append(list, item);
        self.tree.append(m.node, list);
        let finish = self.items(m, list, finish, false, |parser, walk, mark| {
            let Some(term) = walk.line().filter(|_| mark == Mark::Text).cloned() else {
                return Ok(None);
            };
            if !parser.advance(walk, 1) || Mark::of(walk.text()) != Mark::Indent {
                return Ok(None);
            }
            let (item, finish) = parser.definition(walk, &term)?;
            parser.tree.append(list, item);
            Ok(Some(finish))
        })?;
        self.require_blank(m, finish, "Definition list")?;
        Ok(true)
    }

    fn definition(&mut self, m: &mut Machine, term: &Line) -> Parsed<(NodeId, bool)> {
        let line = m.abs_number();
        let block = self.indented(m);
        let item = self.tree.create(Kind::DefinitionListItem);
        self.tree[item].line = m.source_line(line - 1);
        self.term(m, item, term, line - 1)?;
        let definition = self.tree.create(Kind::Definition);
        self.tree[definition].line = m.source_line(line);
        self.tree.append(item, definition);
        if term.ends_with("::") {
            self.inform(definition);
        }
        self.nested(block.lines, block.offset, definition)?;
        Ok((item, block.blank_finish))
    }

    /// A term and its classifiers.
    fn term(&mut self, m: &Machine, item: NodeId, term: &str, line: isize) -> Parsed<()> {
        let children = self.inline(term, line)?;
        let mut current = self.tree.create(Kind::Term);
        self.tree[current].line = m.source_line(line);
        self.tree.append(item, current);
        for child in children {
            if self.tree[child].kind != Kind::Text {
                self.tree.append(current, child);
                continue;
            }
            let text = self.tree[child].text.clone();
            let mut parts = split_classifiers(&text).into_iter();
            let first = parts.next().unwrap_or_default();
            let is_split = parts.len() > 0;
            self.tree[child].text = if is_split { rstrip(first) } else { first }.to_owned();
            self.tree.append(current, child);
            for part in parts {
                current = self.tree.with_text(Kind::Classifier, part);
                self.tree.append(item, current);
            }
        }
        Ok(())
    }
}

/// Splits at colons with spaces on both sides.
fn split_classifiers(text: &str) -> Vec<&str> {
    let (mut parts, mut start, mut from) = (Vec::new(), 0, 0);
    while let Some(at) = text[from..].find(" : ").map(|at| at + from) {
        let before = text[start..at].trim_end_matches(' ');
        parts.push(&text[start..start + before.len()]);
        start = at + 3 + text[at + 3..].len() - text[at + 3..].trim_start_matches(' ').len();
        from = start;
    }
    parts.push(&text[start..]);
    parts
}
