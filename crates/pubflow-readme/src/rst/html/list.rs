//! Lists: items, definitions, fields, bibliographic fields, options.

use super::Writer;
use super::tag::{LINE, Tag};
use crate::rst::tree::{Kind, NodeId};

impl Writer<'_> {
    pub(super) fn bullet_list(&mut self, id: NodeId, simple: bool) {
        let behind: &[&str] = if simple { &["simple"] } else { &[] };
        self.wrap(
            id,
            "ul",
            &Tag {
                behind,
                suffix: LINE,
                ..Tag::default()
            },
            LINE,
        );
    }

    pub(super) fn enumerated(&mut self, id: NodeId) {
        let start = self.tree[id]
            .get("start")
            .map(|start| ("start", start.to_owned()));
        let attributes: Vec<(&str, String)> = start.into_iter().collect();
        let tag = Tag {
            attributes: &attributes,
            suffix: LINE,
            ..Tag::default()
        };
        self.wrap(id, "ol", &tag, LINE);
    }

    pub(super) fn definition_list(&mut self, id: NodeId) {
        if self.has_class(Some(id), "details") {
            return self.wrap(
                id,
                "div",
                &Tag {
                    suffix: LINE,
                    ..Tag::default()
                },
                LINE,
            );
        }
        let before: &[&str] = if self.is_compact(id) {
            &["simple"]
        } else {
            &[]
        };
        self.wrap(
            id,
            "dl",
            &Tag {
                before,
                suffix: LINE,
                ..Tag::default()
            },
            LINE,
        );
    }

    pub(super) fn term(&mut self, id: NodeId) {
        let Some(item) = self.tree[id].parent else {
            return;
        };
        let details = self.has_class(self.tree[item].parent, "details");
        if self.tree[id].kind == Kind::Classifier {
            self.wrap(
                id,
                "span",
                &Tag {
                    behind: &["classifier"],
                    ..Tag::default()
                },
                "",
            );
        } else if details {
            self.open(id, "summary", &Tag::default());
            self.children(id);
        } else {
            let classes: Vec<&str> = self.tree[item].classes.iter().map(String::as_str).collect();
            let tag = Tag {
                before: &classes,
                ids: &self.tree[item].ids,
                ..Tag::default()
            };
            self.open(id, "dt", &tag);
            self.children(id);
        }
        let next = self.sibling(id, 1).map(|next| self.tree[next].kind);
        if next != Some(Kind::Classifier) {
            self.out
                .push_str(if details { "</summary>\n" } else { "</dt>\n" });
        }
    }

    pub(super) fn fields(&mut self, id: NodeId) {
        let simple = self.is_compact(id);
        let tag = match (self.tree[id].kind, simple) {
            (Kind::Docinfo, true) => Tag {
                before: &["docinfo", "simple"],
                ..Tag::default()
            },
            (Kind::Docinfo, false) => Tag {
                before: &["docinfo"],
                ..Tag::default()
            },
            (_, true) => Tag {
                behind: &["field-list", "simple"],
                ..Tag::default()
            },
            (_, false) => Tag {
                behind: &["field-list"],
                ..Tag::default()
            },
        };
        self.wrap(
            id,
            "dl",
            &Tag {
                suffix: LINE,
                ..tag
            },
            LINE,
        );
    }

    pub(super) fn field_part(&mut self, id: NodeId) {
        let Some(field) = self.tree[id].parent else {
            return;
        };
        let classes: Vec<&str> = self.tree[field]
            .classes
            .iter()
            .map(String::as_str)
            .collect();
        let is_name = self.tree[id].kind == Kind::FieldName;
        let ids: &[String] = if is_name { &self.tree[field].ids } else { &[] };
        let tag = Tag {
            before: &classes,
            ids,
            ..Tag::default()
        };
        self.open(id, if is_name { "dt" } else { "dd" }, &tag);
        if !is_name && self.tree[id].children.is_empty() {
            self.out.push_str("<p></p>");
        }
        self.children(id);
        self.out.push_str(match is_name {
            true => "<span class=\"colon\">:</span></dt>\n",
            false => "</dd>\n",
        });
    }

    /// A bibliographic field.
    pub(super) fn biblio(&mut self, id: NodeId) {
        let kind = self.tree[id].kind;
        let in_authors = self.parent_kind(id) == Some(Kind::Authors);
        let name = kind.tag();
        if !in_authors {
            let label = format!("{kind:?}");
            self.out.push_str(&format!(
                "<dt class=\"{name}\">{label}<span class=\"colon\">:</span></dt>\n"
            ));
            self.open(
                id,
                "dd",
                &Tag {
                    behind: &[&name],
                    ..Tag::default()
                },
            );
        }
        match kind {
            Kind::Author => {
                self.out.push_str("<p>");
                self.children(id);
                self.out
                    .push_str(if in_authors { "</p>\n" } else { "</p>" });
            }
            Kind::Address => {
                self.out.push_str("<pre class=\"address\">");
                self.children(id);
                self.out.push_str("\n</pre>\n");
            }
            _ => self.children(id),
        }
        if !in_authors {
            self.out.push_str("</dd>\n");
        }
    }

    pub(super) fn option_part(&mut self, id: NodeId) {
        match self.tree[id].kind {
            Kind::OptionGroup => {
                self.open(
                    id,
                    "dt",
                    &Tag {
                        suffix: "<kbd>",
                        ..Tag::default()
                    },
                );
                self.children(id);
                self.out.push_str("</kbd></dt>\n");
            }
            Kind::Option => {
                let close = self.sibling(id, 1).map_or("", |_| ", ");
                self.wrap(
                    id,
                    "span",
                    &Tag {
                        behind: &["option"],
                        ..Tag::default()
                    },
                    close,
                );
            }
            _ => {
                let delimiter = self.tree[id].get("delimiter").unwrap_or(" ").to_owned();
                self.out.push_str(&delimiter);
                self.wrap(id, "var", &Tag::default(), "");
            }
        }
    }
}
