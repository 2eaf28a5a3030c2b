//! Explicit markup after `..`: footnotes, citations, targets, substitutions, directives, comments.

use super::chars::{escape, join_uri, normal_name, normal_space, restore, rstrip, strip, unescape};
use super::inline::{adjust_uri, simple_name};
use super::line::{Indent, Line, Lines};
use super::mark::{Mark, head};
use super::parser::{Machine, Parsed, Parser, halt, number, quoting};
use super::tree::{Kind, NodeId};
use crate::judge::Level;

/// What a target points at.
pub(super) enum Destination {
    /// Another target, by name.
    Name(String),
    /// An address; empty for the place where the target stands.
    Uri(String),
}

/// The constructs that may follow `..`.
enum Construct {
    Footnote(String),
    Citation(String),
    Target,
    Substitution,
    Directive(String),
    Comment,
}

/// Tells which construct it is, and the characters up to its content.
fn construct(line: &str) -> (Construct, usize) {
    let text = line
        .strip_prefix("..")
        .unwrap_or(line)
        .trim_start_matches(' ');
    let start = line.len() - text.len();
    let ends = |end: usize| {
        let rest = &text[end..];
        let spaces = rest.len() - rest.trim_start_matches(' ').len();
        (rest.is_empty() || spaces > 0).then(|| line[..start + end + spaces].chars().count())
    };
    let is_open = |marker: char| {
        text.strip_prefix(marker)
            .is_some_and(|rest| !rest.is_empty() && !rest.starts_with(' '))
    };
    if let Some(inner) = text.strip_prefix('[')
        && let Some(close) = inner.find(']')
        && let Some(end) = ends(close + 2)
    {
        let label = &inner[..close];
        let is_name = |text: &str| simple_name(text, 0) == Some(text.len());
        let is_number = !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_digit());
        let labelled = label
            .strip_prefix('#')
            .is_some_and(|rest| rest.is_empty() || is_name(rest));
        if is_number || labelled || label == "*" {
            return (Construct::Footnote(label.to_owned()), end);
        }
        if is_name(label) {
            return (Construct::Citation(label.to_owned()), end);
        }
    }
    for (marker, found) in [('_', Construct::Target), ('|', Construct::Substitution)] {
        if is_open(marker) {
            return (found, start + 1);
        }
    }
    if let Some((name, end)) = directive_name(text)
        && let Some(end) = ends(end)
    {
        return (Construct::Directive(name.to_owned()), end);
    }
    (Construct::Comment, start)
}

/// A directive's name with the bytes up to behind its colons.
fn directive_name(text: &str) -> Option<(&str, usize)> {
    let end = simple_name(text, 0)?;
    let rest = &text[end..];
    let behind = rest.strip_prefix(' ').unwrap_or(rest).strip_prefix("::")?;
    Some((&text[..end], text.len() - behind.len()))
}

impl Parser {
    /// Parses the construct on the current line; whether a blank line follows.
    pub(super) fn explicit_construct(&mut self, m: &mut Machine) -> Parsed<bool> {
        let (found, end) = construct(m.text());
        match found {
            Construct::Footnote(label) => self.footnote(m, &label, end),
            Construct::Citation(label) => self.citation(m, &label, end),
            Construct::Target => self.target(m, end),
            Construct::Substitution => self.substitution_definition(m, end),
            Construct::Directive(name) => self.directive(m, &name, end, None),
            Construct::Comment => Ok(self.comment(m, end)),
        }
    }

    /// More constructs directly behind the current one.
    pub(super) fn explicit_list(&mut self, m: &mut Machine, finish: bool) -> Parsed<bool> {
        let finish = self.items(m, m.node, finish, true, |parser, walk, mark| match mark {
            Mark::Explicit(_) => parser.explicit_construct(walk).map(Some),
            Mark::Anonymous(end) => parser.anonymous_target(walk, end).map(Some),
            _ => Ok(None),
        })?;
        self.require_blank(m, finish, "Explicit markup")?;
        Ok(true)
    }

    fn comment(&mut self, m: &mut Machine, end: usize) -> bool {
        let comment = self.tree.create(Kind::Comment);
        if m.is_next_blank() && m.text().chars().nth(end).is_none() {
            self.tree.append(m.node, comment);
            return true;
        }
        let block = self.first_known(m, end, Indent::default());
        let text = self.tree.text(block.lines.trim_end().joined());
        self.tree.append(comment, text);
        self.tree.append(m.node, comment);
        block.blank_finish
    }

    fn footnote(&mut self, m: &mut Machine, label: &str, end: usize) -> Parsed<bool> {
        let line = m.current_source_line();
        let block = self.first_known(m, end, Indent::default());
        let name = normal_name(label);
        let footnote = self.tree.create(Kind::Footnote);
        self.tree[footnote].line = line;
        let mut name = name.as_str();
        if let Some(rest) = name.strip_prefix('#') {
            name = rest;
            self.tree[footnote].auto = Some('1');
            self.tree[footnote]
                .names
                .extend((!name.is_empty()).then(|| name.to_owned()));
            self.set_id(footnote);
            self.names.auto_footnotes.push(footnote);
        } else if name == "*" {
            name = "";
            self.tree[footnote].auto = Some('*');
            self.set_id(footnote);
            self.names.symbol_footnotes.push(footnote);
        } else {
            let node = self.tree.with_text(Kind::Label, label);
            self.tree.append(footnote, node);
            self.tree[footnote].names.push(name.to_owned());
            self.set_id(footnote);
            self.names.footnotes.push(footnote);
        }
        match name {
            "" => drop(self.set_id(footnote)),
            _ => self.note_explicit(footnote, Some(footnote))?,
        }
        if block.lines.is_empty() {
            return halt(
                Level::Warning,
                self.root_line(),
                "Footnote content expected.",
            );
        }
        self.nested(block.lines, block.offset, footnote)?;
        self.tree.append(m.node, footnote);
        Ok(block.blank_finish)
    }

    fn citation(&mut self, m: &mut Machine, label: &str, end: usize) -> Parsed<bool> {
        let line = m.current_source_line();
        let block = self.first_known(m, end, Indent::default());
        let citation = self.tree.create(Kind::Citation);
        self.tree[citation].line = line;
        let node = self.tree.with_text(Kind::Label, label);
        self.tree.append(citation, node);
        self.tree[citation].names.push(normal_name(label));
        self.names.citations.push(citation);
        self.note_explicit(citation, Some(citation))?;
        if block.lines.is_empty() {
            return halt(
                Level::Warning,
                self.root_line(),
                "Citation content expected.",
            );
        }
        self.nested(block.lines, block.offset, citation)?;
        self.tree.append(m.node, citation);
        Ok(block.blank_finish)
    }

    fn target(&mut self, m: &mut Machine, end: usize) -> Parsed<bool> {
        let line = m.abs_number();
        let start = head(m.text(), end).to_owned();
        let wanted = Indent {
            until_blank: true,
            keep: true,
            ..Indent::default()
        };
        let block = self.first_known(m, end, wanted);
        let source = start + &block.lines.joined();
        let lines: Vec<String> = block.lines.iter().map(|line| escape(line)).collect();
        let mut marker = String::new();
        for (n, part) in lines.iter().enumerate() {
            marker.push_str(part);
            if let Some((name, behind)) = target_marker(&marker) {
                let mut rest = vec![strip(&marker[behind..]).to_owned()];
                rest.extend_from_slice(&lines[n + 1..]);
                self.make_target(m, &rest, source, name.map(str::to_owned), line)?;
                return Ok(block.blank_finish);
            }
        }
        halt(
            Level::Warning,
            number(m.abs_number()),
            "malformed hyperlink target.",
        )
    }

    /// A target without a name, after `__`.
    pub(super) fn anonymous_target(&mut self, m: &mut Machine, end: usize) -> Parsed<bool> {
        let line = m.abs_number();
        let start = head(m.text(), end).to_owned();
        let wanted = Indent {
            until_blank: true,
            ..Indent::default()
        };
        let block = self.first_known(m, end, wanted);
        let source = start + &block.lines.joined();
        let lines: Vec<String> = block.lines.iter().map(|line| escape(line)).collect();
        self.make_target(m, &lines, source, None, line)?;
        Ok(block.blank_finish)
    }

    fn make_target(
        &mut self,
        m: &Machine,
        lines: &[String],
        source: String,
        name: Option<String>,
        line: isize,
    ) -> Parsed<()> {
        let target = self.tree.create(Kind::Target);
        self.tree[target].text = source;
        self.tree[target].line = number(line);
        let destination = destination(lines);
        let mut uri = String::new();
        match &destination {
            Destination::Name(data) => self.tree[target].refname = Some(normal_name(data)),
            Destination::Uri(found) => uri.clone_from(found),
        }
        match name {
            Some(name) => {
                self.tree[target].names.push(normal_name(&unescape(&name)));
                self.tree[target].refuri = (!uri.is_empty()).then(|| adjust_uri(&uri));
                self.note_explicit(target, Some(m.node))?;
            }
            None => {
                self.tree[target].refuri = (!uri.is_empty()).then_some(uri);
                self.tree[target].anonymous = true;
                self.set_id(target);
            }
        }
        if matches!(destination, Destination::Name(_)) {
            self.note_indirect(target);
        }
        self.tree.append(m.node, target);
        Ok(())
    }

    fn substitution_definition(&mut self, m: &mut Machine, end: usize) -> Parsed<bool> {
        let line = m.current_source_line();
        let start = head(m.text(), end).to_owned();
        let wanted = Indent {
            keep: true,
            ..Indent::default()
        };
        let cut = self.first_known(m, end, wanted);
        let source = start + &cut.lines.joined();
        let Some((name, block, n_skipped)) = substitution_marker(&cut.lines) else {
            let message = "malformed substitution definition.";
            return halt(Level::Warning, number(m.abs_number()), message);
        };
        let quoted = |what: &str| {
            quoting(
                &format!("Substitution definition \"{name}\" {what}"),
                &source,
            )
        };
        if block.is_empty() {
            return halt(Level::Warning, line, quoted("missing contents."));
        }
        let node = self.tree.create(Kind::SubstitutionDefinition);
        self.tree[node].text.clone_from(&source);
        self.tree[node].line = line;
        self.tree[node].names.push(normal_space(&name));
        let mut finish = cut.blank_finish;
        let mut walk = Machine::new(block, cut.offset + n_skipped, node);
        self.advance(&mut walk, 1);
        if let Some((directive, end)) = embedded_directive(walk.text()) {
            let ended = self.directive(&mut walk, &directive, end, Some(&normal_space(&name)))?;
            if !walk.at_end() {
                finish = ended;
            }
        } else if !walk.at_end() {
            finish = walk.is_next_blank();
        }
        for child in self.tree.take_children(node) {
            let kind = self.tree[child].kind;
            let parent = if kind == Kind::Text || kind.is_inline() {
                node
            } else {
                m.node
            };
            self.tree.append(parent, child);
        }
        if let Some(illegal) = self.illegal_in_substitution(node) {
            let message = format!("{illegal} are not supported in a substitution definition.");
            return halt(Level::Error, line, quoting(&message, &source));
        }
        if self.tree[node].children.is_empty() {
            return halt(Level::Warning, line, quoted("empty or invalid."));
        }
        self.note_substitution(node, &name)?;
        self.tree.append(m.node, node);
        Ok(finish)
    }

    fn illegal_in_substitution(&self, definition: NodeId) -> Option<&'static str> {
        self.tree
            .descendants(definition)
            .into_iter()
            .skip(1)
            .find_map(|id| {
                let node = &self.tree[id];
                match node.kind {
                    Kind::Reference if node.anonymous => Some("Anonymous references"),
                    Kind::FootnoteReference if node.auto.is_some() => {
                        Some("References to auto-numbered and auto-symbol footnotes")
                    }
                    _ if !node.names.is_empty() || !node.ids.is_empty() => {
                        Some("Targets (names and identifiers)")
                    }
                    _ => None,
                }
            })
    }
}

/// What the lines behind a target's name point at.
pub(super) fn destination(lines: &[String]) -> Destination {
    if lines.last().is_some_and(|last| strip(last).ends_with('_')) {
        let joined: Vec<&str> = lines.iter().map(|line| strip(line)).collect();
        if let Some(name) = reference_name(&normal_space(&joined.join(" "))) {
            return Destination::Name(name);
        }
    }
    Destination::Uri(join_uri(&lines.join(" ")))
}

/// The name in a reference that is the whole text.
fn reference_name(text: &str) -> Option<String> {
    let simple = simple_name(text, 0).filter(|end| &text[*end..] == "_");
    if let Some(end) = simple {
        return Some(unescape(&text[..end]));
    }
    let phrase = text.strip_prefix('`')?.strip_suffix("`_")?;
    let is_open = phrase.ends_with(|c| c == '\0' || super::chars::is_space(c));
    (!phrase.is_empty() && !phrase.starts_with(' ') && !is_open).then(|| unescape(phrase))
}

/// Name of a target and the bytes up to behind its colon; no name if it is anonymous.
fn target_marker(text: &str) -> Option<(Option<&str>, usize)> {
    let quoted = text.strip_prefix('`');
    let body = quoted.unwrap_or(text);
    let is_anonymous = text.starts_with('_');
    if body.starts_with([' ', '`']) {
        return None;
    }
    for (colon, _) in text.match_indices(':') {
        let rest = &text[colon + 1..];
        if !(rest.is_empty() || rest.starts_with(' ')) {
            continue;
        }
        let before = &text[..colon];
        let before = before.strip_suffix(' ').unwrap_or(before);
        let behind = text.len() - rest.trim_start_matches(' ').len();
        if is_anonymous {
            return (before == "_").then_some((None, behind));
        }
        let open_colon = before.ends_with(':') && !before.ends_with("\0:");
        let name = match quoted {
            Some(_) => before.get(1..).and_then(|name| name.strip_suffix('`')),
            None => Some(before),
        };
        let is_whole = |name: &&str| {
            !name.is_empty() && !name.ends_with(|c| c == '\0' || super::chars::is_space(c))
        };
        if let (Some(name), false) = (name.filter(is_whole), open_colon) {
            return Some((Some(name), behind));
        }
    }
    None
}

/// Name of a substitution, the lines of its definition, and how many lines were skipped.
fn substitution_marker(lines: &Lines) -> Option<(String, Lines, isize)> {
    let mut escaped = String::new();
    for (n, line) in lines.iter().enumerate() {
        match n {
            0 => escaped.push_str(&escape(rstrip(line))),
            _ => {
                escaped.push(' ');
                escaped.push_str(&escape(strip(line)));
            }
        }
        let Some((name, behind)) = name_before_bar(&escaped) else {
            continue;
        };
        let mut rest: Vec<Line> = lines[n..].to_vec();
        rest[0] = rest[0].with_text(&restore(strip(&escaped[behind..])));
        let mut skipped = n as isize;
        if rest[0].is_empty() {
            rest.remove(0);
            skipped += 1;
        }
        while rest.last().is_some_and(|line| line.is_blank()) {
            rest.pop();
        }
        if let Some(first) = rest.first_mut() {
            *first = first.stripped();
        }
        // Lines that the name took are not counted, as the reference does not count them.
        return Some((name.to_owned(), rest.into(), skipped - n as isize));
    }
    None
}

fn name_before_bar(text: &str) -> Option<(&str, usize)> {
    if text.starts_with(' ') {
        return None;
    }
    text.match_indices('|').find_map(|(at, _)| {
        let (name, rest) = (&text[..at], &text[at + 1..]);
        let is_open = name.is_empty() || name.ends_with(|c| c == '\0' || super::chars::is_space(c));
        let ends = rest.is_empty() || rest.starts_with(' ');
        (!is_open && ends).then(|| (name, text.len() - rest.trim_start_matches(' ').len()))
    })
}

/// A directive inside a substitution definition, and the characters up to its content.
fn embedded_directive(line: &str) -> Option<(String, usize)> {
    let end = simple_name(line, 0)?;
    let rest = line[end..].strip_prefix("::")?;
    let spaces = rest.len() - rest.trim_start_matches(' ').len();
    (rest.is_empty() || spaces > 0).then(|| {
        (
            line[..end].to_owned(),
            line[..end].chars().count() + 2 + spaces,
        )
    })
}
