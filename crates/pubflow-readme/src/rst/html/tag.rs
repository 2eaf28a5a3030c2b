//! Start tags: classes, identifiers and attributes of a node.

use super::Writer;
use crate::rst::tree::{Kind, NodeId};

/// A line end.
pub(super) const LINE: &str = "\n";

/// Text with the characters that mean something in HTML replaced.
pub(super) fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => encoded.push_str("&amp;"),
            '<' => encoded.push_str("&lt;"),
            '>' => encoded.push_str("&gt;"),
            '"' => encoded.push_str("&quot;"),
            '@' => encoded.push_str("&#64;"),
            c => encoded.push(c),
        }
    }
    encoded
}

/// What a start tag adds to its node.
#[derive(Default)]
pub(super) struct Tag<'a> {
    /// Classes before those of the node.
    pub(super) before: &'a [&'a str],
    /// Classes behind those of the node.
    pub(super) behind: &'a [&'a str],
    /// Classes of the node that are not written.
    pub(super) without: &'a [&'a str],
    pub(super) attributes: &'a [(&'a str, String)],
    /// Identifiers of another node that this tag carries.
    pub(super) ids: &'a [String],
    pub(super) suffix: &'a str,
    pub(super) empty: bool,
}

impl Writer<'_> {
    /// Writes a start tag.
    pub(super) fn open(&mut self, id: NodeId, name: &str, tag: &Tag) {
        let node = &self.tree[id];
        let mut classes: Vec<&str> = tag.before.to_vec();
        let mut language = None;
        let own = node.classes.iter().map(String::as_str);
        for class in own
            .filter(|class| !tag.without.contains(class))
            .chain(tag.behind.iter().copied())
        {
            if let Some(code) = class.strip_prefix("language-") {
                language = language.or(Some(code));
            } else if !class.is_empty() && !classes.contains(&class) {
                classes.push(class);
            }
        }
        let mut attributes: Vec<(&str, String)> = tag.attributes.to_vec();
        if !classes.is_empty() {
            attributes.push(("class", classes.join(" ")));
        }
        attributes.extend(language.map(|code| ("lang", code.to_owned())));
        let ids: Vec<&String> = node.ids.iter().chain(tag.ids).collect();
        attributes.extend(ids.first().map(|id| ("id", (*id).clone())));
        attributes.sort();
        let outside = tag.empty
            || matches!(
                node.kind,
                Kind::BulletList
                    | Kind::EnumeratedList
                    | Kind::DefinitionList
                    | Kind::FieldList
                    | Kind::OptionList
                    | Kind::Docinfo
                    | Kind::Table
            );
        let more: String = ids
            .iter()
            .skip(1)
            .map(|id| format!("<span id=\"{id}\"></span>"))
            .collect();
        if outside {
            self.out.push_str(&more);
        }
        self.out.push('<');
        self.out.push_str(name);
        for (name, value) in attributes {
            let value = encode(&value.replace(['\n', '\r', '\t', '\u{b}', '\u{c}'], " "));
            self.out.push_str(&format!(" {name}=\"{value}\""));
        }
        self.out.push('>');
        self.out.push_str(tag.suffix);
        if !outside {
            self.out.push_str(&more);
        }
    }
}
