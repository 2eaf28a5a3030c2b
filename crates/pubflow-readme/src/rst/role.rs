//! Roles of interpreted text: the standard ones and those that a document defines.

use super::chars::{is_space, normal_space, restore, strip, unescape};
use super::parser::{Parsed, Parser, halt, number};
use super::tree::{Kind, NodeId};
use crate::judge::Level;

/// What a standard role does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Base {
    /// Puts the text into a node.
    Wrap(Kind),
    Code,
    Math,
    Pep,
    Rfc,
    Raw,
    /// Known and not implemented.
    Missing,
}

/// A role with the options of its definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Role {
    pub(super) base: Base,
    pub(super) classes: Vec<String>,
    /// Language of a role derived from `code`.
    pub(super) language: Option<String>,
}

impl Role {
    fn new(base: Base) -> Self {
        Self {
            base,
            classes: Vec::new(),
            language: None,
        }
    }
}

/// The role of a standard name.
fn standard(name: &str) -> Option<Base> {
    Some(match name {
        "abbreviation" | "ab" => Base::Wrap(Kind::Abbreviation),
        "acronym" | "ac" => Base::Wrap(Kind::Acronym),
        "emphasis" => Base::Wrap(Kind::Emphasis),
        "literal" => Base::Wrap(Kind::Literal),
        "strong" => Base::Wrap(Kind::Strong),
        "subscript" | "sub" => Base::Wrap(Kind::Subscript),
        "superscript" | "sup" => Base::Wrap(Kind::Superscript),
        "title-reference" | "title" | "t" => Base::Wrap(Kind::TitleReference),
        "code" => Base::Code,
        "math" => Base::Math,
        "pep-reference" | "pep" => Base::Pep,
        "rfc-reference" | "rfc" => Base::Rfc,
        "raw" => Base::Raw,
        "index"
        | "i"
        | "target"
        | "named-reference"
        | "anonymous-reference"
        | "uri-reference"
        | "uri"
        | "url"
        | "footnote-reference"
        | "citation-reference"
        | "substitution-reference"
        | "restructuredtext-unimplemented-role" => Base::Missing,
        _ => return None,
    })
}

impl Parser {
    /// The role of a name; the empty name is the default role.
    pub(super) fn find_role(&self, name: &str) -> Option<Role> {
        let name = name.to_lowercase();
        if name.is_empty() {
            let fallback = Role::new(Base::Wrap(Kind::TitleReference));
            return Some(self.default_role.clone().unwrap_or(fallback));
        }
        self.roles
            .get(&name)
            .cloned()
            .or_else(|| standard(&name).map(Role::new))
    }

    /// Nodes of interpreted text.
    pub(super) fn apply_role(
        &mut self,
        name: &str,
        text: &str,
        line: isize,
    ) -> Parsed<Vec<NodeId>> {
        let Some(role) = self.find_role(name) else {
            let message = format!("Unknown interpreted text role \"{name}\".");
            return halt(Level::Error, number(line), message);
        };
        let node = match role.base {
            Base::Wrap(kind) => self.tree.with_text(kind, text),
            Base::Math => self.tree.with_text(Kind::Math, restore(text)),
            Base::Code => return Ok(vec![self.code(name, text, &role)]),
            Base::Pep => self.pep(text, line)?,
            Base::Rfc => self.rfc(text, line)?,
            Base::Raw => {
                let message = "raw (and derived) roles disabled";
                return halt(Level::Warning, self.root_line(), message);
            }
            Base::Missing => {
                let message = format!("Interpreted text role \"{name}\" not implemented.");
                return halt(Level::Error, number(line), message);
            }
        };
        self.tree[node].classes = role.classes;
        Ok(vec![node])
    }

    fn code(&mut self, name: &str, text: &str, role: &Role) -> NodeId {
        let own = if name == "code" { "" } else { name };
        let language = role.language.as_deref().unwrap_or(own);
        let node = self.tree.with_text(Kind::Literal, restore(text));
        let classes = &mut self.tree[node].classes;
        classes.push("code".to_owned());
        classes.extend(role.classes.iter().cloned());
        let is_shown = !language.is_empty() && !language.eq_ignore_ascii_case("none");
        if is_shown && !classes.iter().any(|class| class == language) {
            classes.push(language.to_owned());
        }
        node
    }

    fn pep(&mut self, text: &str, line: isize) -> Parsed<NodeId> {
        let Some(number_of_pep) = integer(&unescape(text)).filter(|n| (0..=9999).contains(n))
        else {
            let message = format!(
                "PEP number must be a number from 0 to 9999; \"{}\" is invalid.",
                unescape(text)
            );
            return halt(Level::Error, number(line), message);
        };
        let node = self.tree.with_text(Kind::Reference, format!("PEP {text}"));
        let uri = format!("https://peps.python.org/pep-{number_of_pep:04}");
        self.tree[node].refuri = Some(uri);
        Ok(node)
    }

    fn rfc(&mut self, text: &str, line: isize) -> Parsed<NodeId> {
        let unescaped = unescape(text);
        let (rfc, section) = match unescaped.split_once('#') {
            Some((rfc, section)) => (rfc, Some(section)),
            None => (unescaped.as_str(), None),
        };
        let Some(rfc) = integer(rfc).filter(|n| *n >= 1) else {
            let message = format!(
                "RFC number must be a number greater than or equal to 1; \"{unescaped}\" is invalid."
            );
            return halt(Level::Error, number(line), message);
        };
        let node = self.tree.with_text(Kind::Reference, format!("RFC {rfc}"));
        let section = section.map_or_else(String::new, |section| format!("#{section}"));
        self.tree[node].refuri = Some(format!(
            "https://tools.ietf.org/html/rfc{rfc}.html{section}"
        ));
        Ok(node)
    }
}

/// An integer as Python's `int` reads it.
pub(super) fn integer(text: &str) -> Option<i64> {
    let text = strip(text);
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let sound = !digits.is_empty()
        && !digits.starts_with('_')
        && !digits.ends_with('_')
        && !digits.contains("__")
        && digits.chars().all(|c| c.is_ascii_digit() || c == '_');
    sound.then(|| {
        let plain = text.replace('_', "");
        let limit = if plain.starts_with('-') {
            i64::MIN
        } else {
            i64::MAX
        };
        plain.parse().unwrap_or(limit)
    })
}

/// Names in a `role` directive: the new role and the one it is derived from.
pub(super) fn role_names(text: &str) -> Option<(&str, Option<&str>)> {
    let end = super::inline::simple_name(text, 0)?;
    let rest = strip(&text[end..]);
    if rest.is_empty() {
        return Some((&text[..end], None));
    }
    let inner = strip(rest.strip_prefix('(')?.strip_suffix(')')?);
    let whole = super::inline::simple_name(inner, 0) == Some(inner.len());
    (whole && !normal_space(inner).contains(is_space)).then_some((&text[..end], Some(inner)))
}
