//! Field lists, option lists and line blocks.

use super::line::Indent;
use super::mark::{Mark, field_marker, head};
use super::parser::{Machine, Parsed, Parser, halt, number};
use super::tree::{Kind, NodeId};
use crate::judge::Level;

/// Name in a field marker.
pub(super) fn field_name(line: &str, end: usize) -> &str {
    let marker = head(line, end).trim_end_matches(' ');
    let name = marker.strip_prefix(':').unwrap_or(marker);
    name.strip_suffix(':').unwrap_or(name)
}

impl Parser {
    /// A field list, from its first field.
    pub(super) fn field_list(&mut self, m: &mut Machine, end: usize) -> Parsed<bool> {
        let list = self.tree.create(Kind::FieldList);
        self.tree.append(m.node, list);
        let finish = self.field(m, list, end)?;
        let finish = self.items(m, list, finish, false, |parser, walk, mark| match mark {
            Mark::Field(end) => parser.field(walk, list, end).map(Some),
            _ => Ok(None),
        })?;
        self.require_blank(m, finish, "Field list")?;
        Ok(true)
    }

    fn field(&mut self, m: &mut Machine, list: NodeId, end: usize) -> Parsed<bool> {
        let name = field_name(m.text(), end).to_owned();
        let (source_line, line) = (m.current_source_line(), m.abs_number());
        let block = self.first_known(m, end, Indent::default());
        let field = self.tree.create(Kind::Field);
        self.tree[field].line = source_line;
        let children = self.inline(&name, line)?;
        let name = self.tree.with_children(Kind::FieldName, children);
        let body = self.tree.create(Kind::FieldBody);
        self.tree[body].text = block.lines.joined();
        self.tree.append_all(field, vec![name, body]);
        if !block.lines.is_empty() {
            self.nested(block.lines, block.offset, body)?;
        }
        self.tree.append(list, field);
        Ok(block.blank_finish)
    }

    /// An option list; `false` if the first option has no description.
    pub(super) fn option_list(&mut self, m: &mut Machine, end: usize) -> Parsed<bool> {
        let list = self.tree.create(Kind::OptionList);
        self.tree[list].line = m.current_source_line();
        let Some(finish) = self.option_item(m, list, end)? else {
            return Ok(false);
        };
        self.tree.append(m.node, list);
        let finish = self.items(m, list, finish, false, |parser, walk, mark| match mark {
            Mark::Option(end) => parser.option_item(walk, list, end),
            _ => Ok(None),
        })?;
        self.require_blank(m, finish, "Option list")?;
        Ok(true)
    }

    fn option_item(&mut self, m: &mut Machine, list: NodeId, end: usize) -> Parsed<Option<bool>> {
        let (marker, start) = (head(m.text(), end).to_owned(), m.abs_offset());
        let block = self.first_known(m, end, Indent::default());
        if block.lines.is_empty() {
            self.go_to(m, start);
            return Ok(None);
        }
        let group = self.tree.create(Kind::OptionGroup);
        for option in split_options(marker.trim_end()) {
            let (name, argument) = split_argument(option);
            let node = self.tree.create(Kind::Option);
            let string = self.tree.with_text(Kind::OptionString, name);
            self.tree.append(node, string);
            if let Some((delimiter, argument)) = argument {
                let argument = self.tree.with_text(Kind::OptionArgument, argument);
                self.tree[argument].set("delimiter", delimiter);
                self.tree.append(node, argument);
            }
            self.tree.append(group, node);
        }
        let description = self.tree.create(Kind::Description);
        let item = self
            .tree
            .with_children(Kind::OptionListItem, vec![group, description]);
        self.nested(block.lines, block.offset, description)?;
        self.tree.append(list, item);
        Ok(Some(block.blank_finish))
    }

    /// Lines whose breaks are kept.
    pub(super) fn line_block(&mut self, m: &mut Machine, end: usize) -> Parsed<bool> {
        let block = self.tree.create(Kind::LineBlock);
        self.tree.append(m.node, block);
        let line = m.abs_number();
        self.tree[block].line = m.source_line(line);
        let mut finish = self.block_line(m, block, end)?;
        if !finish {
            finish = self.items(m, block, false, true, |parser, walk, mark| match mark {
                Mark::LineBlock(end) => parser.block_line(walk, block, end).map(Some),
                _ => Ok(None),
            })?;
        }
        if !finish {
            let message = "Line block ends without a blank line.";
            return halt(Level::Warning, number(line + 1), message);
        }
        self.nest_lines(block);
        Ok(true)
    }

    fn block_line(&mut self, m: &mut Machine, block: NodeId, end: usize) -> Parsed<bool> {
        let (is_empty, line) = (m.text().trim_end() == "|", m.abs_number());
        let wanted = Indent {
            until_blank: true,
            ..Indent::default()
        };
        let cut = self.first_known(m, end, wanted);
        let children = self.inline(&cut.lines.joined(), line)?;
        let node = self.tree.with_children(Kind::Line, children);
        self.tree[node].line = m.source_line(line);
        if !is_empty {
            self.tree[node].set("indent", (end - 2).to_string());
        }
        self.tree.append(block, node);
        Ok(cut.blank_finish)
    }

    /// Puts lines that are indented deeper into blocks of their own.
    pub(super) fn nest_lines(&mut self, block: NodeId) {
        let mut last = 0;
        let children = self.tree.take_children(block);
        let lines: Vec<(usize, NodeId)> = children
            .into_iter()
            .map(|line| {
                let own = self.tree[line]
                    .get("indent")
                    .and_then(|indent| indent.parse().ok());
                last = own.unwrap_or(last);
                (last, line)
            })
            .collect();
        self.nest_segment(block, &lines);
    }

    fn nest_segment(&mut self, block: NodeId, lines: &[(usize, NodeId)]) {
        let least = lines.iter().map(|(indent, _)| *indent).min().unwrap_or(0);
        let mut at = 0;
        while at < lines.len() {
            if lines[at].0 == least {
                self.tree.append(block, lines[at].1);
                at += 1;
                continue;
            }
            let n = lines[at..]
                .iter()
                .take_while(|(indent, _)| *indent > least)
                .count();
            let inner = self.tree.create(Kind::LineBlock);
            self.nest_segment(inner, &lines[at..at + n]);
            self.tree.append(block, inner);
            at += n;
        }
    }
}

/// Splits at ", " outside of angle brackets.
fn split_options(marker: &str) -> Vec<&str> {
    let (mut parts, mut start, mut inside) = (Vec::new(), 0, false);
    for (at, c) in marker.char_indices() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            ',' if !inside && marker[at..].starts_with(", ") => {
                parts.push(&marker[start..at]);
                start = at + 2;
            }
            _ => {}
        }
    }
    parts.push(&marker[start..]);
    parts
}

/// An option's name, and its argument with what parts them.
fn split_argument(option: &str) -> (&str, Option<(&'static str, &str)>) {
    let (first, rest) = option.split_once(' ').unwrap_or((option, ""));
    if let Some((name, value)) = option.split_once('=')
        && name.len() < first.len()
    {
        return (name, Some(("=", value)));
    }
    let is_short = first.starts_with('+') || (first.starts_with('-') && !first.starts_with("--"));
    if is_short && first.len() > 2 {
        return (&option[..2], Some(("", &option[2..])));
    }
    (first, (!rest.is_empty()).then_some((" ", rest)))
}

/// Whether a line starts a field; for options of directives.
pub(super) fn is_field(line: &str) -> bool {
    field_marker(line).is_some()
}
