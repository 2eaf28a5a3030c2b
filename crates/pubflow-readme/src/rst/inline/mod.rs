//! Inline markup: finds start strings, then their ends. Text between is searched for addresses.
//!
//! Escapes stand as NUL before the escaped character while markup is recognised.

mod scan;
mod uri;

pub(super) use scan::simple_name;
pub(super) use uri::adjust_uri;

use self::scan::{End, Start, find_end, find_start};
use super::chars::{escape, is_pair, normal_name, normal_space, restore, unescape};
use super::parser::{Parsed, Parser, halt, number};
use super::tree::{Kind, NodeId};
use crate::judge::Level;

/// A construct that was read: its node and the bytes from its start string on that it took.
struct Read {
    nodes: Vec<NodeId>,
    end: usize,
}

impl Parser {
    /// Inline nodes of a text; `line` is the number of its first line.
    pub(super) fn inline(&mut self, text: &str, line: isize) -> Parsed<Vec<NodeId>> {
        let escaped = escape(text);
        let mut rest = escaped.as_str();
        let (mut nodes, mut plain) = (Vec::new(), String::new());
        while let Some((at, start, length)) = find_start(rest) {
            let open = at + length;
            if start.can_be_quoted() && is_quoted(rest, at, open) {
                plain.push_str(&rest[..open]);
                rest = &rest[open..];
                continue;
            }
            let read = self.construct(rest, at, &start, open, line)?;
            plain.push_str(&rest[..at]);
            self.addresses(&plain, &mut nodes);
            plain.clear();
            nodes.extend(read.nodes);
            rest = &rest[read.end..];
        }
        plain.push_str(rest);
        self.addresses(&plain, &mut nodes);
        Ok(nodes)
    }

    fn construct(
        &mut self,
        text: &str,
        at: usize,
        start: &Start,
        open: usize,
        line: isize,
    ) -> Parsed<Read> {
        match start {
            Start::Strong => self.simple(text, open, End::Strong, Kind::Strong, line),
            Start::Emphasis => self.simple(text, open, End::Emphasis, Kind::Emphasis, line),
            Start::Literal => {
                let read = self.simple(text, open, End::Literal, Kind::Literal, line)?;
                if let Some(child) = self.tree[read.nodes[0]].children.first().copied() {
                    self.tree[child].text = restore(&self.tree[child].text);
                }
                Ok(read)
            }
            Start::Target => {
                let read = self.simple(text, open, End::Target, Kind::Target, line)?;
                let name = normal_name(&self.tree.plain_text(read.nodes[0]));
                self.tree[read.nodes[0]].names.push(name);
                self.note_explicit(read.nodes[0], Some(self.block))?;
                Ok(read)
            }
            Start::Substitution => self.substitution_reference(text, open, line),
            Start::Reference { name, anonymous } => {
                Ok(self.named_reference(text, at, *name, *anonymous, open))
            }
            Start::Footnote { label } => {
                Ok(self.footnote_reference(&text[at + 1..at + 1 + label], open))
            }
            Start::Interpreted { role } => self.interpreted(text, at, *role, open, line),
        }
    }

    fn simple(
        &mut self,
        text: &str,
        open: usize,
        end: End,
        kind: Kind,
        line: isize,
    ) -> Parsed<Read> {
        match find_end(&text[open..], end) {
            Some((at, length)) if at > 0 => {
                let node = self.tree.with_text(kind, &text[open..open + at]);
                Ok(Read {
                    nodes: vec![node],
                    end: open + at + length,
                })
            }
            _ => {
                let message = format!("Inline {} start-string without end-string.", kind.tag());
                halt(Level::Warning, number(line), message)
            }
        }
    }

    fn substitution_reference(&mut self, text: &str, open: usize, line: isize) -> Parsed<Read> {
        let kind = Kind::SubstitutionReference;
        let read = self.simple(text, open, End::Substitution, kind, line)?;
        let node = read.nodes[0];
        let name = self.tree.plain_text(node);
        self.tree[node].refname = Some(normal_space(&name));
        let n_marks = text[open..read.end]
            .bytes()
            .rev()
            .take_while(|byte| *byte == b'_')
            .count();
        if n_marks == 0 {
            return Ok(read);
        }
        let reference = self.tree.create(Kind::Reference);
        if n_marks == 2 {
            self.tree[reference].anonymous = true;
        } else {
            self.tree[reference].refname = Some(normal_name(&name));
            self.note_reference(reference);
        }
        self.tree.append(reference, node);
        Ok(Read {
            nodes: vec![reference],
            ..read
        })
    }

    fn named_reference(
        &mut self,
        text: &str,
        at: usize,
        length: usize,
        anonymous: bool,
        end: usize,
    ) -> Read {
        let name = &text[at..at + length];
        let node = self.tree.with_text(Kind::Reference, name);
        self.tree[node].set("name", normal_space(name));
        if anonymous {
            self.tree[node].anonymous = true;
        } else {
            self.tree[node].refname = Some(normal_name(name));
            self.note_reference(node);
        }
        Read {
            nodes: vec![node],
            end,
        }
    }

    fn footnote_reference(&mut self, label: &str, end: usize) -> Read {
        let name = normal_name(label);
        let is_number = label.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number && !label.starts_with('#') && label != "*" {
            let node = self.tree.with_text(Kind::CitationReference, label);
            self.tree[node].refname = Some(name.clone());
            self.set_id(node);
            self.names.citation_refs.entry(name).or_default().push(node);
            self.note_reference(node);
            return Read {
                nodes: vec![node],
                end,
            };
        }
        let node = self.tree.create(Kind::FootnoteReference);
        let mut name = name.as_str();
        if let Some(rest) = name.strip_prefix('#') {
            name = rest;
            self.tree[node].auto = Some('1');
            self.set_id(node);
            self.names.auto_footnote_refs.push(node);
        } else if name == "*" {
            name = "";
            self.tree[node].auto = Some('*');
            self.set_id(node);
            self.names.symbol_footnote_refs.push(node);
        } else {
            let text = self.tree.text(label);
            self.tree.append(node, text);
        }
        if !name.is_empty() {
            self.tree[node].refname = Some(name.to_owned());
            self.note_footnote_ref(node);
        }
        Read {
            nodes: vec![node],
            end,
        }
    }

    /// Interpreted text or a phrase reference; `role` is the length of a role before it.
    fn interpreted(
        &mut self,
        text: &str,
        at: usize,
        role: usize,
        open: usize,
        line: isize,
    ) -> Parsed<Read> {
        let line_number = number(line);
        let Some((content, length)) =
            find_end(&text[open..], End::Interpreted).filter(|(at, _)| *at > 0)
        else {
            let message =
                "Inline interpreted text or phrase reference start-string without end-string.";
            return halt(Level::Warning, line_number, message);
        };
        let (end, suffix) = (
            open + content + length,
            &text[open + content + 1..open + content + length],
        );
        let escaped = &text[open..open + content];
        let mut name = (role > 0).then(|| &text[at + 1..at + role - 1]);
        let mut place = "prefix";
        if let Some(rest) = suffix.strip_prefix(':') {
            if name.is_some() {
                let message = "Multiple roles in interpreted text (both prefix and suffix present; \
                               only one allowed).";
                return halt(Level::Warning, line_number, message);
            }
            name = rest.rfind(':').map(|at| &rest[..at]);
            place = "suffix";
        }
        if suffix.ends_with('_') {
            if name.is_some() {
                let message =
                    format!("Mismatch: both interpreted text role {place} and reference suffix.");
                return halt(Level::Warning, line_number, message);
            }
            let nodes = self.phrase_reference(escaped, suffix.ends_with("__"))?;
            return Ok(Read { nodes, end });
        }
        let nodes = self.apply_role(name.unwrap_or_default(), escaped, line)?;
        Ok(Read { nodes, end })
    }

    /// A reference in backquotes, perhaps with an embedded address or alias.
    fn phrase_reference(&mut self, escaped: &str, anonymous: bool) -> Parsed<Vec<NodeId>> {
        let embedded = uri::embedded(escaped);
        let mut text = embedded
            .map_or(escaped, |(start, _)| &escaped[..start])
            .to_owned();
        let mut target = None;
        let (mut refuri, mut refname) = (None, None);
        if let Some((_, inner)) = embedded {
            let node = self.tree.create(Kind::Target);
            let is_alias =
                inner.ends_with('_') && !restore(inner).ends_with("\\_") && !uri::is_address(inner);
            let alias = if is_alias {
                let name = normal_name(&unescape(&inner[..inner.len() - 1]));
                refname = Some(name.clone());
                self.tree[node].refname = Some(name.clone());
                name
            } else {
                let mut uri = adjust_uri(&super::chars::join_uri(inner));
                if let Some(stem) = uri.strip_suffix("\\_") {
                    uri = format!("{stem}_");
                }
                refuri = Some(uri.clone());
                self.tree[node].refuri = Some(uri.clone());
                uri
            };
            if text.is_empty() {
                text = alias;
            }
            target = Some(node);
        }
        let unescaped = unescape(&text);
        let reference = self.tree.with_text(Kind::Reference, text.as_str());
        self.tree[reference].set("name", normal_space(&unescaped));
        let name = normal_name(&unescaped);
        let Some(target) = target else {
            match anonymous {
                true => self.tree[reference].anonymous = true,
                false => {
                    self.tree[reference].refname = Some(name);
                    self.note_reference(reference);
                }
            }
            return Ok(vec![reference]);
        };
        if !anonymous {
            self.tree[target].names.push(name);
        }
        self.tree[reference].refuri = refuri;
        if refname.is_some() {
            self.tree[reference].refname = refname;
            if !anonymous {
                self.note_indirect(target);
            }
            self.note_reference(reference);
        }
        if anonymous {
            return Ok(vec![reference]);
        }
        self.note_implicit(target, Some(self.block))?;
        Ok(vec![reference, target])
    }

    /// Text nodes, with addresses in the text as references.
    fn addresses(&mut self, text: &str, nodes: &mut Vec<NodeId>) {
        let mut rest = text;
        while !rest.is_empty() {
            let Some(found) = uri::find(rest) else {
                nodes.push(self.tree.text(rest));
                return;
            };
            if found.start > 0 {
                nodes.push(self.tree.text(&rest[..found.start]));
            }
            let whole = &rest[found.start..found.end];
            let reference = self.tree.with_text(Kind::Reference, whole);
            let scheme = if found.is_email { "mailto:" } else { "" };
            self.tree[reference].refuri = Some(format!("{scheme}{}", unescape(whole)));
            nodes.push(reference);
            rest = &rest[found.end..];
        }
    }
}

/// Whether a start string stands between matching quotes, or at the end of the text.
fn is_quoted(text: &str, at: usize, end: usize) -> bool {
    let Some(before) = text[..at].chars().next_back() else {
        return false;
    };
    text[end..]
        .chars()
        .next()
        .is_none_or(|after| is_pair(before, after))
}
