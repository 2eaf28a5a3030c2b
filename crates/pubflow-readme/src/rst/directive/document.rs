//! Directives about the document: contents, numbering, roles, classes, substitutions, metadata.

use super::convert::{self, Value};
use super::option::{Options, SPEC_CODE_ROLE, SPEC_RAW_ROLE, SPEC_ROLE};
use super::{Call, Outcome, Refusal, error, quoted_error, warning};
use crate::judge::Level;
use crate::rst::chars::{escape, is_space, make_id, normal_name, unescape, words};
use crate::rst::field::{field_name, is_field};
use crate::rst::line::Indent;
use crate::rst::mark::Mark;
use crate::rst::parser::{Machine, Parser, halt, number, quoting};
use crate::rst::role::{Base, Role, role_names};
use crate::rst::tree::{Kind, NodeId, Pending};

impl Parser {
    fn pend(&mut self, call: &Call, pending: Pending) -> NodeId {
        let node = self.tree.create(Kind::Pending);
        self.tree[node].text.clone_from(&call.source);
        self.tree[node].pending = Some(Box::new(pending));
        self.names.pending.push(node);
        node
    }
}

pub(super) fn nothing(_parser: &mut Parser, _call: &mut Call) -> Outcome {
    Ok(Vec::new())
}

/// The directive for tests, which answers with a note.
pub(super) fn test(parser: &mut Parser, _call: &mut Call) -> Outcome {
    Ok(vec![parser.tree.create(Kind::SystemMessage)])
}

pub(super) fn disabled(_parser: &mut Parser, call: &mut Call) -> Outcome {
    warning(format!("\"{}\" directive disabled.", call.name))
}

pub(super) fn contents(parser: &mut Parser, call: &mut Call) -> Outcome {
    if parser.tree[call.m.node].kind.refuses_topics() {
        return error(format!(
            "The \"{}\" directive may not be used within topics or body elements.",
            call.name
        ));
    }
    let local = call.options.get("local").is_some();
    let title = match call.arguments.first() {
        Some(text) => Some(parser.inline(text, call.line)?),
        None if local => None,
        None => Some(vec![parser.tree.text("Contents")]),
    };
    let topic = parser.tree.create(Kind::Topic);
    parser.tree[topic].classes.push("contents".to_owned());
    parser.tree[topic]
        .classes
        .extend(call.options.list("class"));
    parser.tree[topic].line = call.m.current_source_line().map(|line| line - 1);
    if local {
        parser.tree[topic].classes.push("local".to_owned());
    }
    let mut name = "Contents".to_owned();
    if let Some(children) = title {
        let title = parser.tree.with_children(Kind::Title, children);
        name = parser.tree.plain_text(title);
        parser.tree.append(topic, title);
    }
    let name = normal_name(&name);
    if !parser.names.nodes.contains_key(&name) {
        parser.tree[topic].names.push(name);
    }
    parser.note_implicit(topic, None)?;
    let backlinks = call.options.get("backlinks").map(|value| match value {
        Value::Text(text) => Some(text.clone()),
        _ => None,
    });
    let depth = call.options.number("depth");
    let pending = parser.pend(
        call,
        Pending::Contents {
            depth,
            local,
            backlinks,
        },
    );
    parser.tree.append(topic, pending);
    Ok(vec![topic])
}

pub(super) fn sectnum(parser: &mut Parser, call: &mut Call) -> Outcome {
    let text = |name| call.options.text(name).unwrap_or_default().to_owned();
    let pending = Pending::Sectnum {
        depth: call.options.number("depth"),
        start: call.options.number("start").unwrap_or(1),
        prefix: text("prefix"),
        suffix: text("suffix"),
    };
    Ok(vec![parser.pend(call, pending)])
}

pub(super) fn target_notes(parser: &mut Parser, call: &mut Call) -> Outcome {
    let classes = call.options.list("class");
    Ok(vec![parser.pend(call, Pending::TargetNotes { classes })])
}

/// Header and footer, which PyPI does not show.
pub(super) fn decoration(parser: &mut Parser, call: &mut Call) -> Outcome {
    call.need_content()?;
    let root = parser.tree.root();
    let first = parser.tree[root].children.first().copied();
    let decoration = match first.filter(|node| parser.tree[*node].kind == Kind::Decoration) {
        Some(decoration) => decoration,
        None => {
            let node = parser.tree.create(Kind::Decoration);
            parser.tree.insert(root, 0, node);
            node
        }
    };
    let is_header = call.name.eq_ignore_ascii_case("header");
    let part = parser.tree.create(if is_header {
        Kind::Header
    } else {
        Kind::Footer
    });
    parser.tree.append(decoration, part);
    parser.nested(call.content.clone(), call.content_offset, part)?;
    Ok(Vec::new())
}

pub(super) fn meta(parser: &mut Parser, call: &mut Call) -> Outcome {
    call.need_content()?;
    let mut walk = Machine::new(call.content.clone(), call.content_offset, call.m.node);
    let mut nodes = Vec::new();
    while parser.advance(&mut walk, 1) {
        if walk.text().is_empty() {
            continue;
        }
        let Mark::Field(end) = Mark::of(walk.text()) else {
            return quoted_error("Invalid meta directive.");
        };
        let line = walk.text().to_owned();
        let name = unescape(&escape(field_name(&line, end)));
        let block = parser.first_known(&mut walk, end, Indent::default());
        if block.lines.is_empty() {
            continue;
        }
        for token in words(&name).skip(1) {
            if let Err(problem) = attribute(token) {
                let message = format!("Error parsing meta tag attribute \"{token}\": {problem}.");
                let message = quoting(&message, walk.text());
                return Err(Refusal::Halt(*halted(
                    Level::Error,
                    parser.root_line(),
                    message,
                )));
            }
        }
        nodes.push(parser.tree.create(Kind::Meta));
    }
    let root = parser.tree.root();
    let is_head = |node: &NodeId| {
        matches!(
            parser.tree[*node].kind,
            Kind::Title | Kind::Subtitle | Kind::Meta
        )
    };
    let n_head = parser.tree[root]
        .children
        .iter()
        .take_while(|node| is_head(node))
        .count();
    for node in nodes {
        parser.tree.insert(root, n_head, node);
    }
    Ok(Vec::new())
}

/// The error of a halt.
fn halted(level: Level, line: Option<usize>, message: String) -> Box<crate::rst::parser::Halt> {
    Box::new(halt::<()>(level, line, message).expect_err("a halt is an error"))
}

/// Checks a token of the form `name=value`.
fn attribute(token: &str) -> Result<(), String> {
    let Some((name, value)) = token.split_once('=') else {
        return Err("missing \"=\"".to_owned());
    };
    if name.is_empty() {
        return Err("missing attribute name before \"=\"".to_owned());
    }
    if value.is_empty() {
        return Err(format!("missing value after \"{name}=\""));
    }
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
    let Some(quote) = quote else { return Ok(()) };
    match value[1..].find(quote) {
        None => Err(format!("attribute \"{name}\" missing end quote ({quote})")),
        Some(end) if end + 2 < value.len() => Err(format!(
            "attribute \"{name}\" end quote ({quote}) not followed by whitespace"
        )),
        Some(_) => Ok(()),
    }
}

fn need_substitution(call: &Call) -> Result<(), Refusal> {
    if call.substitution.is_some() {
        return Ok(());
    }
    error(format!(
        "Invalid context: the \"{}\" directive can only be used within a substitution definition.",
        call.name
    ))
}

pub(super) fn replace(parser: &mut Parser, call: &mut Call) -> Outcome {
    need_substitution(call)?;
    call.need_content()?;
    let holder = parser.tree.create(Kind::Fragment);
    parser.nested(call.content.clone(), call.content_offset, holder)?;
    let children = parser.tree.take_children(holder);
    let is_note = |id: &NodeId| parser.tree[*id].kind == Kind::SystemMessage;
    let (mut nodes, others): (Vec<_>, Vec<_>) = children.into_iter().partition(is_note);
    match others.as_slice() {
        [] => Ok(nodes),
        [only] if parser.tree[*only].kind == Kind::Paragraph => {
            nodes.extend(parser.tree.take_children(*only));
            Ok(nodes)
        }
        _ => {
            let message = format!(
                "Error in \"{}\" directive: may contain a single paragraph only.",
                call.name
            );
            Err(Refusal::Halt(*halted(
                Level::Error,
                number(call.line),
                message,
            )))
        }
    }
}

pub(super) fn unicode(parser: &mut Parser, call: &mut Call) -> Outcome {
    need_substitution(call)?;
    for (option, sides) in [
        ("trim", &["ltrim", "rtrim"][..]),
        ("ltrim", &["ltrim"]),
        ("rtrim", &["rtrim"]),
    ] {
        if call.options.get(option).is_some() {
            for side in sides {
                parser.tree[call.m.node].set(side, "1");
            }
        }
    }
    let argument = &call.arguments[0];
    let comment = argument
        .match_indices(".. ")
        .map(|(at, _)| at)
        .find(|at| *at == 0 || argument[..*at].ends_with([' ', '\n']));
    let mut nodes = Vec::new();
    for code in words(&argument[..comment.unwrap_or(argument.len())]) {
        match convert::character(code) {
            Ok(text) => nodes.push(parser.tree.text(text)),
            Err(problem) => {
                return error(format!(
                    "Invalid character code: {code}\nValueError: {problem}"
                ));
            }
        }
    }
    Ok(nodes)
}

/// Classes in a directive's argument.
pub(super) fn class_argument(call: &Call) -> Result<Vec<String>, Refusal> {
    let Some(argument) = call.arguments.first() else {
        return Ok(Vec::new());
    };
    match convert::classes(Some(argument)) {
        Ok(Value::List(classes)) => Ok(classes),
        _ => error(format!(
            "Invalid class attribute value for \"{}\" directive: \"{argument}\".",
            call.name
        )),
    }
}

pub(super) fn class(parser: &mut Parser, call: &mut Call) -> Outcome {
    let classes = class_argument(call)?;
    if call.content.is_empty() {
        let (directive, source) = (call.name.clone(), call.source.clone());
        let node = parser.pend(
            call,
            Pending::Class {
                classes,
                directive,
                source,
            },
        );
        return Ok(vec![node]);
    }
    let holder = parser.tree.create(Kind::Fragment);
    parser.nested(call.content.clone(), call.content_offset, holder)?;
    let children = parser.tree.take_children(holder);
    for child in &children {
        parser.tree[*child].classes.extend(classes.iter().cloned());
    }
    Ok(children)
}

pub(super) fn role(parser: &mut Parser, call: &mut Call) -> Outcome {
    let name = call.name.clone();
    if call.content_offset > call.line || call.content.is_empty() {
        return error(format!(
            "\"{name}\" directive requires arguments on the first line."
        ));
    }
    let first = call.content[0].to_string();
    let Some((new, base)) = role_names(&first) else {
        return error(format!(
            "\"{name}\" directive arguments not valid role names: \"{first}\"."
        ));
    };
    let found = match base {
        Some(base) => parser.find_role(base),
        None => Some(Role {
            base: Base::Wrap(Kind::Inline),
            classes: Vec::new(),
            language: None,
        }),
    };
    let Some(mut role) = found else {
        let base = base.unwrap_or_default();
        return quoted_error(format!("Unknown interpreted text role \"{base}\"."));
    };
    let specs = match role.base {
        Base::Code => SPEC_CODE_ROLE,
        Base::Raw => SPEC_RAW_ROLE,
        _ => SPEC_ROLE,
    };
    let mut options = Options::default();
    let rest = call.content.from(1);
    let n_blank = rest
        .iter()
        .take(1)
        .take_while(|line| line.is_blank())
        .count();
    let rest = rest.from(n_blank).trim_end();
    let end = rest
        .iter()
        .position(|line| line.is_blank())
        .unwrap_or(rest.len());
    let block = rest.slice(0, end);
    let at = block.iter().position(|line| is_field(line)).unwrap_or(end);
    let read = match at < end {
        true => options.read(&block.from(at), specs),
        false => Ok(()),
    };
    let has_content = at > 0 || rest.iter().skip(end).any(|line| !line.is_blank());
    let read = read.and_then(|()| match has_content {
        true => Err("no content permitted".to_owned()),
        false => Ok(()),
    });
    if let Err(problem) = read {
        return quoted_error(format!("Error in \"{name}\" directive:\n{problem}."));
    }
    let own = match options.get("class") {
        Some(_) => options.list("class"),
        None if make_id(new).is_empty() => {
            let problem = format!("cannot make \"{new}\" into a class name");
            return quoted_error(format!(
                "Invalid argument for \"{name}\" directive:\n{problem}."
            ));
        }
        None => vec![make_id(new)],
    };
    role.classes = own;
    role.language = options
        .text("language")
        .map(str::to_owned)
        .or(role.language);
    parser.roles.insert(new.to_lowercase(), role);
    Ok(Vec::new())
}

pub(super) fn default_role(parser: &mut Parser, call: &mut Call) -> Outcome {
    let Some(name) = call.arguments.first() else {
        parser.default_role = None;
        return Ok(Vec::new());
    };
    let Some(role) = parser.find_role(name) else {
        return quoted_error(format!("Unknown interpreted text role \"{name}\"."));
    };
    parser.default_role = Some(role);
    Ok(Vec::new())
}

pub(super) fn date(parser: &mut Parser, call: &mut Call) -> Outcome {
    need_substitution(call)?;
    // The day of the rendering is unknown here; the format stands in its place.
    let format = call.content.joined();
    let shown = if format.chars().all(is_space) {
        "%Y-%m-%d".to_owned()
    } else {
        format
    };
    Ok(vec![parser.tree.text(shown)])
}
