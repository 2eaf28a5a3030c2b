//! What stands within text: roles, literals, formulas, images, links and notes.

use super::Writer;
use super::latex::to_latex;
use super::tag::{LINE, Tag, encode};
use crate::rst::chars::unescape;
use crate::rst::tree::{Kind, NodeId};

/// Inline elements that a class turns a role into.
const INLINE_TAGS: [&str; 15] = [
    "code", "kbd", "dfn", "samp", "var", "bdi", "del", "ins", "mark", "small", "b", "i", "q", "s",
    "u",
];

impl Writer<'_> {
    pub(super) fn inline(&mut self, id: NodeId) {
        let parent = self.tree[id].parent;
        let in_code = self.has_class(parent, "code")
            && matches!(
                self.parent_kind(id),
                Some(Kind::LiteralBlock | Kind::Literal)
            );
        if in_code && self.tree[id].classes == ["ln"] {
            match self.out.strip_suffix("<code>").map(str::len) {
                Some(end) => self.out.truncate(end),
                None => self.out.push_str("</code>"),
            }
            self.wrap(id, "small", &Tag::default(), "<code>");
            return;
        }
        let tag = INLINE_TAGS
            .into_iter()
            .find(|tag| !in_code && self.has_class(Some(id), tag));
        let name = tag.unwrap_or("span");
        self.wrap(
            id,
            name,
            &Tag {
                without: &[name],
                ..Tag::default()
            },
            "",
        );
    }

    pub(super) fn literal(&mut self, id: NodeId) {
        let tag = INLINE_TAGS
            .into_iter()
            .find(|tag| self.has_class(Some(id), tag));
        if tag == Some("code") {
            return self.wrap(
                id,
                "code",
                &Tag {
                    without: &["code"],
                    ..Tag::default()
                },
                "",
            );
        }
        let name = tag.unwrap_or("span");
        let tag = Tag {
            behind: &["docutils", "literal"],
            without: &[name],
            ..Tag::default()
        };
        self.open(id, name, &tag);
        let mut text = self.tree.plain_text(id);
        if self.parent_kind(id) != Some(Kind::LiteralBlock) {
            text = text.replace('\n', " ");
        }
        for token in text.split_inclusive([' ', '\n']) {
            let word = token.trim_end_matches([' ', '\n']);
            if may_wrap(word) {
                self.out
                    .push_str(&format!("<span class=\"pre\">{}</span>", encode(word)));
            } else {
                self.out.push_str(&encode(word));
            }
            self.out.push_str(&token[word.len()..]);
        }
        self.out.push_str(&format!("</{name}>"));
    }

    fn note_formula_classes(&mut self, id: NodeId) {
        for class in &self.tree[id].classes {
            let is_known = self.formula_classes.contains(class);
            if !is_known && !class.is_empty() && !class.starts_with("language-") {
                self.formula_classes.push(class.clone());
            }
        }
    }

    /// Headers and footers are written and thrown away, but the classes of their formulas stay for those that follow;
    /// the header comes first wherever it was given.
    pub(super) fn hidden_formulas(&mut self, decoration: NodeId) {
        for part in [Kind::Header, Kind::Footer] {
            for child in self.tree[decoration].children.clone() {
                let inside = match self.tree[child].kind == part {
                    true => self.tree.descendants(child),
                    false => Vec::new(),
                };
                for node in inside {
                    if matches!(self.tree[node].kind, Kind::Math | Kind::MathBlock) {
                        self.note_formula_classes(node);
                    }
                }
            }
        }
    }

    pub(super) fn math(&mut self, id: NodeId) {
        let code = to_latex(&self.tree.plain_text(id));
        self.note_formula_classes(id);
        let classes = self.formula_classes.clone();
        let before: Vec<&str> = classes.iter().map(String::as_str).collect();
        let tag = |suffix| Tag {
            before: &before,
            suffix,
            ..Tag::default()
        };
        if self.tree[id].kind == Kind::Math {
            self.open(id, "span", &tag(""));
            self.out
                .push_str(&format!("\\({}\\)</span>", encode(&code)));
            return;
        }
        let outside: String = code
            .split("\\begin{")
            .map(|part| part.rsplit("\\end{").next().unwrap_or(part))
            .collect();
        let name = if outside.contains("\\\\") {
            "align*"
        } else {
            "equation*"
        };
        self.open(id, "div", &tag(LINE));
        let code = encode(&code);
        self.out.push_str(&format!(
            "\\begin{{{name}}}\n{code}\n\\end{{{name}}}\n</div>\n"
        ));
    }

    pub(super) fn image(&mut self, id: NodeId) {
        let node = &self.tree[id];
        let uri = node.get("uri").unwrap_or_default().to_owned();
        let alt = node.get("alt").unwrap_or(&uri).to_owned();
        let align = node.get("align").map(|align| format!("align-{align}"));
        let mut attributes = vec![("alt", alt.clone()), ("src", uri.clone())];
        for name in ["width", "height"] {
            attributes.extend(node.get(name).map(|value| (name, value.to_owned())));
        }
        let is_text = |kind: Option<Kind>| kind.is_some_and(Kind::is_text_element);
        let parent = self.parent_kind(id);
        let outer = self.grandparent(id).map(|outer| self.tree[outer].kind);
        let is_block = !is_text(parent) || (parent == Some(Kind::Reference) && !is_text(outer));
        let suffix = if is_block { LINE } else { "" };
        let before: Vec<&str> = align.as_deref().into_iter().collect();
        let lower = uri.to_ascii_lowercase();
        if [".mp4", ".webm", ".ogv", ".mpg4"]
            .iter()
            .any(|ending| lower.ends_with(ending))
        {
            let (uri, alt) = (encode(&uri), encode(&alt));
            self.out.push_str(&format!(
                "{suffix}<a href=\"{uri}\">{alt}</a>{suffix}{suffix}"
            ));
            return;
        }
        let tag = Tag {
            before: &before,
            attributes: &attributes,
            suffix,
            empty: true,
            ..Tag::default()
        };
        self.open(id, "img", &tag);
    }

    pub(super) fn reference(&mut self, id: NodeId) {
        let node = &self.tree[id];
        let href = match (&node.refuri, &node.refid) {
            (Some(uri), _) => uri.clone(),
            (None, Some(id)) => format!("#{id}"),
            (None, None) => String::new(),
        };
        // A link inside of one to an e-mail address is cloaked with it.
        let is_mailto = href.starts_with("mailto:");
        self.in_mailto |= is_mailto;
        let href = if is_mailto {
            href.replace('@', "%40")
        } else {
            href
        };
        let in_text = self.parent_kind(id).is_some_and(Kind::is_text_element);
        let end = if in_text { "" } else { LINE };
        let attributes = [("href", href)];
        self.wrap(
            id,
            "a",
            &Tag {
                attributes: &attributes,
                suffix: end,
                ..Tag::default()
            },
            end,
        );
        self.in_mailto = false;
    }

    pub(super) fn target(&mut self, id: NodeId) {
        let node = &self.tree[id];
        if node.refuri.is_some() || node.refid.is_some() || node.refname.is_some() {
            return self.children(id);
        }
        self.wrap(
            id,
            "span",
            &Tag {
                behind: &["target"],
                ..Tag::default()
            },
            "",
        );
    }

    pub(super) fn note(&mut self, id: NodeId) {
        let kind = self.tree[id].kind;
        let is_same =
            |other: Option<NodeId>| other.is_some_and(|other| self.tree[other].kind == kind);
        let (first, last) = (
            !is_same(self.sibling(id, -1)),
            !is_same(self.sibling(id, 1)),
        );
        let (name, list, before): (_, _, &[&str]) = match kind {
            Kind::Footnote => ("aside", "footnote-list brackets", &["footnote", "brackets"]),
            _ => ("div", "citation-list", &["citation"]),
        };
        if first {
            self.out.push_str(&format!("<{name} class=\"{list}\">\n"));
        }
        self.wrap(
            id,
            name,
            &Tag {
                before,
                suffix: LINE,
                ..Tag::default()
            },
            LINE,
        );
        if last {
            self.out.push_str(&format!("</{name}>\n"));
        }
    }

    pub(super) fn label(&mut self, id: NodeId) {
        const OPEN: &str = "<span class=\"label\"><span class=\"fn-bracket\">[</span>";
        let backrefs = self.tree[id]
            .parent
            .map_or(&[][..], |note| &self.tree[note].backrefs);
        self.out.push_str(OPEN);
        if let [only] = backrefs {
            self.out.push_str(&format!("<a href=\"#{only}\">"));
        }
        self.children(id);
        if backrefs.len() == 1 {
            self.out.push_str("</a>");
        }
        self.out
            .push_str("<span class=\"fn-bracket\">]</span></span>\n");
        if backrefs.len() > 1 {
            let numbered = backrefs.iter().enumerate();
            let links: Vec<String> = numbered
                .map(|(n, id)| format!("<a href=\"#{id}\">{}</a>", n + 1))
                .collect();
            self.out.push_str(&format!(
                "<span class=\"backrefs\">({})</span>\n",
                links.join(",")
            ));
        }
    }

    pub(super) fn note_reference(&mut self, id: NodeId) {
        let href = format!("#{}", self.tree[id].refid.as_deref().unwrap_or_default());
        let attributes = [("href", href)];
        let (open, close) = match self.tree[id].kind {
            Kind::FootnoteReference => (
                "<span class=\"fn-bracket\">[</span>",
                "<span class=\"fn-bracket\">]</span></a>",
            ),
            _ => ("[", "]</a>"),
        };
        self.open(
            id,
            "a",
            &Tag {
                attributes: &attributes,
                ..Tag::default()
            },
        );
        self.out.push_str(open);
        self.children(id);
        self.out.push_str(close);
    }
}

/// Whether a browser might break a word of a literal.
fn may_wrap(word: &str) -> bool {
    let word = unescape(word);
    let chars: Vec<char> = word.chars().collect();
    let is_other = |c: char| !c.is_alphanumeric() && c != '_';
    let n = chars.len();
    let double = n >= 4 && (1..n - 2).any(|at| is_other(chars[at]) && is_other(chars[at + 1]));
    double || (n >= 2 && chars[..n - 1].iter().any(|c| matches!(c, '-' | '?')))
}
