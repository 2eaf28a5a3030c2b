//! HTML of the tree, as the reference's HTML 5 writer makes it.
//!
//! Attributes that the sanitiser removes anyway (roles, styles) are not written.

mod compact;
mod element;
mod latex;
mod list;
mod span;
mod table;
mod tag;

use super::parser::Parser;
use super::tree::{Kind, NodeId, Tree};
use crate::profile::Profile;

/// Writes a tree.
struct Writer<'a> {
    tree: &'a Tree,
    out: String,
    /// Bibliographic fields; they come before everything else.
    docinfo: String,
    section_level: usize,
    first_heading: usize,
    /// Inside a compact bullet list.
    compact: bool,
    /// Classes of formulas; the writer keeps those of one formula for all that follow.
    formula_classes: Vec<String>,
    /// Inside a link to an e-mail address.
    in_mailto: bool,
}

impl Parser {
    /// The HTML of the document, not yet sanitised.
    pub(super) fn html(&self, profile: Profile) -> String {
        let mut writer = Writer {
            tree: &self.tree,
            out: String::new(),
            docinfo: String::new(),
            section_level: 0,
            first_heading: profile.first_heading(),
            compact: false,
            formula_classes: vec!["math".to_owned()],
            in_mailto: false,
        };
        writer.children(self.tree.root());
        writer.docinfo + &writer.out
    }
}

impl Writer<'_> {
    fn children(&mut self, id: NodeId) {
        for child in &self.tree[id].children {
            self.node(*child);
        }
    }

    fn node(&mut self, id: NodeId) {
        let node = &self.tree[id];
        match node.kind {
            Kind::Text => {
                let encoded = tag::encode(&super::chars::unescape(&node.text));
                self.text(&encoded);
            }
            Kind::Docinfo => {
                let start = self.out.len();
                self.element(id);
                self.docinfo = self.out.split_off(start);
                self.out.clear();
            }
            Kind::Section => {
                self.section_level += 1;
                self.element(id);
                self.section_level -= 1;
            }
            Kind::BulletList => {
                let outer = self.compact;
                self.compact = self.is_compact(id);
                self.bullet_list(id, self.compact && !outer);
                self.compact = outer;
            }
            Kind::Reference => self.reference(id),
            Kind::Literal => self.literal(id),
            Kind::Math | Kind::MathBlock => self.math(id),
            Kind::Decoration => self.hidden_formulas(id),
            Kind::Image => self.image(id),
            Kind::Title | Kind::Subtitle => self.title(id),
            Kind::Label => self.label(id),
            Kind::Footnote | Kind::Citation => self.note(id),
            Kind::FootnoteReference | Kind::CitationReference => self.note_reference(id),
            Kind::Term | Kind::Classifier => self.term(id),
            Kind::Table => self.table(id),
            Kind::Inline => self.inline(id),
            _ => self.element(id),
        }
    }

    fn text(&mut self, encoded: &str) {
        if !self.in_mailto {
            self.out.push_str(encoded);
            return;
        }
        let at = encoded.replace("&#64;", "<span>&#64;</span>");
        self.out.push_str(&at.replace('.', "<span>&#46;</span>"));
    }

    fn parent_kind(&self, id: NodeId) -> Option<Kind> {
        self.tree[id].parent.map(|parent| self.tree[parent].kind)
    }

    /// The sibling that stands `step` places further on.
    fn sibling(&self, id: NodeId, step: isize) -> Option<NodeId> {
        let (parent, index) = self.tree.index_in_parent(id)?;
        self.tree[parent]
            .children
            .get(index.checked_add_signed(step)?)
            .copied()
    }

    fn has_class(&self, id: Option<NodeId>, class: &str) -> bool {
        id.is_some_and(|id| self.tree[id].classes.iter().any(|own| own == class))
    }

    fn grandparent(&self, id: NodeId) -> Option<NodeId> {
        self.tree[self.tree[id].parent?].parent
    }
}
