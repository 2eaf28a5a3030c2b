//! Directives for blocks of text: admonitions, topics, code, formulas, quotes.

use super::{Call, Outcome, error};
use crate::rst::chars::{is_space, make_id, strip};
use crate::rst::parser::Parser;
use crate::rst::tree::{Kind, NodeId};

impl Parser {
    /// A node with the classes and the name of the directive's options.
    fn block_node(&mut self, call: &Call, kind: Kind) -> Result<NodeId, super::Refusal> {
        let node = self.tree.create(kind);
        self.tree[node].classes = call.options.list("class");
        let line = call.source_line();
        if let Kind::Admonition(_) = kind {
            // A complaint about the name of an admonition does not know the line yet.
            self.add_name(call, node)?;
            self.tree[node].line = line;
        } else {
            self.tree[node].line = line;
            self.add_name(call, node)?;
        }
        Ok(node)
    }

    fn fill(&mut self, call: &Call, node: NodeId) -> Outcome {
        self.nested(call.content.clone(), call.content_offset, node)?;
        Ok(vec![node])
    }

    fn titled(&mut self, call: &Call, node: NodeId, kind: Kind, text: &str) -> Outcome {
        let children = self.inline(text, call.line)?;
        let title = self.tree.with_children(kind, children);
        self.tree[title].line = call.source_line();
        self.tree.append(node, title);
        Ok(Vec::new())
    }
}

pub(super) fn admonition(parser: &mut Parser, call: &mut Call) -> Outcome {
    const NAMES: [&str; 10] = [
        "attention",
        "caution",
        "danger",
        "error",
        "hint",
        "important",
        "note",
        "tip",
        "warning",
        "admonition",
    ];
    call.need_content()?;
    let folded = call.name.to_lowercase();
    let name = NAMES
        .into_iter()
        .find(|name| *name == folded)
        .unwrap_or("admonition");
    let node = parser.block_node(call, Kind::Admonition(name))?;
    if let Some(title) = call.arguments.first() {
        parser.titled(call, node, Kind::Title, title)?;
        if call.options.get("class").is_none() {
            parser.tree[node]
                .classes
                .push(format!("admonition-{}", make_id(title)));
        }
    }
    parser.fill(call, node)
}

pub(super) fn topic(parser: &mut Parser, call: &mut Call) -> Outcome {
    let is_sidebar = call.name.eq_ignore_ascii_case("sidebar");
    let parent = parser.tree[call.m.node].kind;
    if is_sidebar && parent == Kind::Sidebar {
        let name = &call.name;
        return error(format!(
            "The \"{name}\" directive may not be used within a sidebar element."
        ));
    }
    if is_sidebar && call.options.get("subtitle").is_some() && call.arguments.is_empty() {
        return error("The \"subtitle\" option may not be used without a title.");
    }
    if parent.refuses_topics() {
        let name = &call.name;
        return error(format!(
            "The \"{name}\" directive may not be used within topics or body elements."
        ));
    }
    call.need_content()?;
    let kind = if is_sidebar {
        Kind::Sidebar
    } else {
        Kind::Topic
    };
    let node = parser.tree.create(kind);
    if let Some(title) = call.arguments.first() {
        parser.titled(call, node, Kind::Title, title)?;
        if let Some(subtitle) = call.options.text("subtitle") {
            parser.titled(call, node, Kind::Subtitle, subtitle)?;
        }
    }
    parser.tree[node].classes = call.options.list("class");
    parser.tree[node].line = call.source_line();
    parser.add_name(call, node)?;
    parser.fill(call, node)
}

pub(super) fn line_block(parser: &mut Parser, call: &mut Call) -> Outcome {
    call.need_content()?;
    let block = parser.block_node(call, Kind::LineBlock)?;
    for (n, line) in call.content.iter().enumerate() {
        let at = call.line + call.content_offset + n as isize;
        let children = parser.inline(strip(line), at)?;
        let node = parser.tree.with_children(Kind::Line, children);
        parser.tree[node].line = call.source_line().map(|line| line + n);
        if !line.is_blank() {
            let indent = line.chars().take_while(|c| is_space(*c)).count();
            parser.tree[node].set("indent", indent.to_string());
        }
        parser.tree.append(block, node);
    }
    parser.nest_lines(block);
    Ok(vec![block])
}

pub(super) fn parsed_literal(parser: &mut Parser, call: &mut Call) -> Outcome {
    call.need_content()?;
    let children = parser.inline(&call.content.joined(), call.line)?;
    let node = parser.tree.with_children(Kind::LiteralBlock, children);
    parser.tree[node].classes = call.options.list("class");
    parser.tree[node].line = usize::try_from(call.content_offset + 1).ok();
    parser.add_name(call, node)?;
    Ok(vec![node])
}

pub(super) fn code(parser: &mut Parser, call: &mut Call) -> Outcome {
    call.need_content()?;
    let node = parser
        .tree
        .with_text(Kind::LiteralBlock, call.content.joined());
    let mut classes = vec!["code".to_owned()];
    classes.extend(call.arguments.first().cloned());
    classes.extend(call.options.list("class"));
    parser.tree[node].classes = classes;
    if call.options.get("number-lines").is_some() {
        let start = call.options.number("number-lines").unwrap_or(1);
        let children = numbered(parser, &call.content.joined(), start);
        parser.tree.take_children(node);
        parser.tree.append_all(node, children);
    }
    parser.add_name(call, node)?;
    Ok(vec![node])
}

/// Lines of code with their numbers before them.
fn numbered(parser: &mut Parser, code: &str, start: i64) -> Vec<NodeId> {
    let n_lines = code.split('\n').count();
    let last = start.saturating_add(i64::try_from(n_lines).unwrap_or(i64::MAX));
    let width = last.to_string().len();
    let mut nodes = Vec::new();
    for (n, line) in code.split_inclusive('\n').enumerate() {
        let number = start.saturating_add(i64::try_from(n).unwrap_or(i64::MAX));
        let label = parser
            .tree
            .with_text(Kind::Inline, format!("{number:>width$} "));
        parser.tree[label].classes.push("ln".to_owned());
        nodes.extend([label, parser.tree.text(line)]);
    }
    nodes
}

pub(super) fn math(parser: &mut Parser, call: &mut Call) -> Outcome {
    call.need_content()?;
    let content = call.content.joined();
    let mut nodes = Vec::new();
    for block in content.split("\n\n").filter(|block| !block.is_empty()) {
        let node = parser.tree.with_text(Kind::MathBlock, block);
        parser.tree[node].classes = call.options.list("class");
        parser.tree[node].line = call.source_line();
        if nodes.is_empty() {
            parser.add_name(call, node)?;
        }
        nodes.push(node);
    }
    Ok(nodes)
}

pub(super) fn rubric(parser: &mut Parser, call: &mut Call) -> Outcome {
    let children = parser.inline(&call.arguments[0], call.line)?;
    let node = parser.block_node(call, Kind::Rubric)?;
    parser.tree.append_all(node, children);
    Ok(vec![node])
}

pub(super) fn quote(parser: &mut Parser, call: &mut Call) -> Outcome {
    call.need_content()?;
    let quotes = parser.block_quotes(call.m, call.content.clone(), call.content_offset)?;
    for quote in &quotes {
        parser.tree[*quote].classes.push(call.name.to_lowercase());
    }
    Ok(quotes)
}

pub(super) fn compound(parser: &mut Parser, call: &mut Call) -> Outcome {
    call.need_content()?;
    let node = parser.block_node(call, Kind::Compound)?;
    parser.fill(call, node)
}

pub(super) fn container(parser: &mut Parser, call: &mut Call) -> Outcome {
    call.need_content()?;
    let classes = super::document::class_argument(call)?;
    let node = parser.block_node(call, Kind::Container)?;
    parser.tree[node].classes = classes;
    parser.fill(call, node)
}
