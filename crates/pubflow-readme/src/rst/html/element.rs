//! Blocks: one arm or function for each kind of node.

use super::Writer;
use super::tag::{LINE, Tag, encode};
use crate::rst::tree::{Kind, NodeId};

/// Titles of admonitions that have none of their own.
const LABELS: [(&str, &str); 9] = [
    ("attention", "Attention!"),
    ("caution", "Caution!"),
    ("danger", "!DANGER!"),
    ("error", "Error"),
    ("hint", "Hint"),
    ("important", "Important"),
    ("note", "Note"),
    ("tip", "Tip"),
    ("warning", "Warning"),
];

impl Writer<'_> {
    /// Writes an element around the children of a node.
    pub(super) fn wrap(&mut self, id: NodeId, name: &str, tag: &Tag, close: &str) {
        self.open(id, name, tag);
        self.children(id);
        self.out.push_str(&format!("</{name}>{close}"));
    }

    /// Nodes that need nothing but an element around their children, or nothing at all.
    pub(super) fn element(&mut self, id: NodeId) {
        match self.tree[id].kind {
            Kind::Paragraph => self.paragraph(id),
            Kind::EnumeratedList => self.enumerated(id),
            Kind::DefinitionList => self.definition_list(id),
            Kind::FieldList | Kind::Docinfo => self.fields(id),
            Kind::FieldName | Kind::FieldBody => self.field_part(id),
            Kind::OptionGroup | Kind::Option | Kind::OptionArgument => self.option_part(id),
            Kind::LiteralBlock | Kind::DoctestBlock => self.literal_block(id),
            Kind::Topic => self.topic(id),
            Kind::Admonition(name) => self.admonition(id, name),
            Kind::Figure => self.figure(id),
            Kind::Caption | Kind::Legend => self.caption(id),
            Kind::Target => self.target(id),
            Kind::Generated => self.section_number(id),
            kind if kind.is_biblio() => self.biblio(id),
            Kind::DefinitionListItem if self.has_class(self.tree[id].parent, "details") => {
                self.wrap(
                    id,
                    "details",
                    &Tag {
                        suffix: LINE,
                        ..Tag::default()
                    },
                    LINE,
                );
            }
            Kind::Definition if self.has_class(self.grandparent(id), "details") => {
                self.children(id);
            }
            Kind::Comment
            | Kind::SubstitutionDefinition
            | Kind::Pending
            | Kind::Meta
            | Kind::SystemMessage => {}
            kind => self.framed(id, kind),
        }
    }

    /// Nodes whose element is told by their kind alone.
    fn framed(&mut self, id: NodeId, kind: Kind) {
        let (name, behind, suffix, close): (_, &[&str], _, _) = match kind {
            Kind::Emphasis => ("em", &[], "", ""),
            Kind::Strong => ("strong", &[], "", ""),
            Kind::Subscript => ("sub", &[], "", ""),
            Kind::Superscript => ("sup", &[], "", ""),
            Kind::TitleReference => ("cite", &[], "", ""),
            Kind::Abbreviation | Kind::Acronym => ("abbr", &[], "", ""),
            Kind::Section => ("section", &[], LINE, LINE),
            Kind::BlockQuote => ("blockquote", &[], LINE, LINE),
            Kind::Attribution => ("p", &["attribution"], "\u{2014}", LINE),
            Kind::ListItem => ("li", &[], "", LINE),
            Kind::Definition | Kind::Description => ("dd", &[], "", LINE),
            Kind::OptionList => ("dl", &["option-list"], LINE, LINE),
            Kind::LineBlock => ("div", &["line-block"], LINE, LINE),
            Kind::Line if self.tree[id].children.is_empty() => ("div", &["line"], "<br>", LINE),
            Kind::Line => ("div", &["line"], "", LINE),
            Kind::Rubric => ("p", &["rubric"], "", LINE),
            Kind::Compound => ("div", &["compound"], LINE, LINE),
            Kind::Container => ("div", &["docutils", "container"], LINE, LINE),
            Kind::Sidebar => ("aside", &["sidebar"], LINE, LINE),
            Kind::Transition => {
                let tag = Tag {
                    behind: &["docutils"],
                    suffix: LINE,
                    empty: true,
                    ..Tag::default()
                };
                return self.open(id, "hr", &tag);
            }
            _ => return self.children(id),
        };
        self.wrap(
            id,
            name,
            &Tag {
                behind,
                suffix,
                ..Tag::default()
            },
            close,
        );
    }

    fn paragraph(&mut self, id: NodeId) {
        let parent = self.tree[id].parent;
        let alone = parent.is_some_and(|parent| {
            matches!(self.tree[parent].kind, Kind::ListItem | Kind::Entry)
                && self.tree[parent].children.len() == 1
        });
        self.wrap(id, "p", &Tag::default(), if alone { "" } else { LINE });
    }

    fn literal_block(&mut self, id: NodeId) {
        if self.tree[id].kind == Kind::DoctestBlock {
            let tag = Tag {
                before: &["code", "python", "doctest"],
                ..Tag::default()
            };
            self.open(id, "pre", &tag);
            self.children(id);
            return self.out.push_str("\n</pre>\n");
        }
        let code = self.has_class(Some(id), "code");
        let tag = Tag {
            behind: &["literal-block"],
            ..Tag::default()
        };
        self.open(id, "pre", &tag);
        if code {
            self.out.push_str("<code>");
        }
        self.children(id);
        self.out
            .push_str(if code { "</code></pre>\n" } else { "</pre>\n" });
    }

    fn topic(&mut self, id: NodeId) {
        let name = match () {
            () if self.has_class(Some(id), "contents") => "nav",
            () if self.has_class(Some(id), "abstract") => "div",
            () if self.has_class(Some(id), "dedication") => "div",
            () => "aside",
        };
        let before: &[&str] = if name == "nav" { &[] } else { &["topic"] };
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
    }

    fn admonition(&mut self, id: NodeId, name: &str) {
        let tag = Tag {
            before: &["admonition"],
            behind: &[name],
            suffix: LINE,
            ..Tag::default()
        };
        self.open(id, "aside", &tag);
        if let Some((_, label)) = LABELS.iter().find(|(own, _)| *own == name) {
            let title = format!("<p class=\"admonition-title\">{label}</p>\n");
            self.out.push_str(&title);
        }
        self.children(id);
        self.out.push_str("</aside>\n");
    }

    fn figure(&mut self, id: NodeId) {
        let align = self.tree[id]
            .get("align")
            .map(|align| format!("align-{align}"));
        let behind: Vec<&str> = align.as_deref().into_iter().collect();
        self.open(
            id,
            "figure",
            &Tag {
                behind: &behind,
                suffix: LINE,
                ..Tag::default()
            },
        );
        self.children(id);
        let end = if self.tree[id].children.len() > 1 {
            "</figcaption>\n"
        } else {
            ""
        };
        self.out.push_str(&format!("{end}</figure>\n"));
    }

    fn caption(&mut self, id: NodeId) {
        let tag = |behind| Tag {
            behind,
            suffix: LINE,
            ..Tag::default()
        };
        if self.tree[id].kind == Kind::Caption {
            self.open(id, "figcaption", &tag(&[]));
            self.out.push_str("<p>");
            self.children(id);
            return self.out.push_str("</p>\n");
        }
        let before = self.sibling(id, -1);
        if before.is_none_or(|before| self.tree[before].kind != Kind::Caption) {
            self.out.push_str("<figcaption>\n");
        }
        self.wrap(id, "div", &tag(&["legend"]), LINE);
    }

    fn section_number(&mut self, id: NodeId) {
        let number = self.tree.plain_text(id);
        let number = encode(number.trim_end_matches('\u{a0}'));
        let span = format!("<span class=\"sectnum\">{number} </span>");
        self.out.push_str(&span);
    }

    pub(super) fn title(&mut self, id: NodeId) {
        let Some(parent) = self.tree[id].parent else {
            return;
        };
        let line = |behind| Tag {
            behind,
            ..Tag::default()
        };
        let is_subtitle = self.tree[id].kind == Kind::Subtitle;
        match self.tree[parent].kind {
            // The title of the document is shown elsewhere, and nothing before it is.
            Kind::Document => self.out.clear(),
            Kind::Topic => {
                let contents = self.has_class(Some(parent), "contents");
                self.open(id, "p", &line(&["topic-title"]));
                self.out
                    .push_str(if contents { "<a href=\"#top\">" } else { "" });
                self.children(id);
                self.out
                    .push_str(if contents { "</a></p>\n" } else { "</p>\n" });
            }
            Kind::Sidebar if is_subtitle => self.wrap(id, "p", &line(&["sidebar-subtitle"]), LINE),
            Kind::Sidebar => self.wrap(id, "p", &line(&["sidebar-title"]), LINE),
            Kind::Admonition(_) => self.wrap(id, "p", &line(&["admonition-title"]), LINE),
            Kind::Table => self.wrap(id, "caption", &line(&[]), LINE),
            _ if is_subtitle => {
                let tag = Tag {
                    before: &["section-subtitle"],
                    ..Tag::default()
                };
                self.wrap(id, "p", &tag, LINE);
            }
            _ => self.heading(id, parent),
        }
    }

    fn heading(&mut self, id: NodeId, section: NodeId) {
        let level = (self.section_level + self.first_heading - 1).min(6);
        self.open(id, &format!("h{level}"), &Tag::default());
        let backlink = self.tree[id].refid.clone();
        if let Some(backlink) = &backlink {
            self.out.push_str(&format!("<a href=\"#{backlink}\">"));
        }
        self.children(id);
        if backlink.is_some() {
            self.out.push_str("</a>");
        }
        if let Some(own) = self.tree[section].ids.last() {
            self.out.push_str(&format!(
                "<a title=\"link to this section\" href=\"#{own}\"></a>"
            ));
        }
        self.out.push_str(&format!("</h{level}>\n"));
    }
}
