//! Names and identifiers: which node a name means, and the identifiers that links use.
//!
//! A name given twice means nothing any more. Explicit names win over those of titles. Two
//! explicit ones are an error.

use std::collections::HashMap;

use super::chars::{make_id, normal_name, normal_space};
use super::parser::{Parsed, Parser, halt};
use super::tree::{Kind, NodeId};
use crate::judge::Level;

/// Prefix of every identifier.
pub(super) const ID_PREFIX: &str = "user-content-";

/// What is known of the names of a document.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// The node that a name means; `None` when it was given twice.
    pub(super) nodes: HashMap<String, Option<NodeId>>,
    explicit: HashMap<String, bool>,
    /// The identifier of a name; `None` when it was given twice.
    pub(super) ids: HashMap<String, Option<String>>,
    /// The node of an identifier.
    pub(super) by_id: HashMap<String, NodeId>,
    counters: HashMap<String, usize>,
    /// References by the name they refer to.
    pub(super) references: HashMap<String, Vec<NodeId>>,
    /// References by the identifier they refer to.
    pub(super) id_references: HashMap<String, Vec<NodeId>>,
    pub(super) indirect_targets: Vec<NodeId>,
    pub(super) substitutions: HashMap<String, NodeId>,
    /// Substitution names by their lower-case form.
    pub(super) folded_substitutions: HashMap<String, String>,
    pub(super) footnotes: Vec<NodeId>,
    pub(super) citations: Vec<NodeId>,
    pub(super) auto_footnotes: Vec<NodeId>,
    pub(super) auto_footnote_refs: Vec<NodeId>,
    pub(super) symbol_footnotes: Vec<NodeId>,
    pub(super) symbol_footnote_refs: Vec<NodeId>,
    pub(super) footnote_refs: HashMap<String, Vec<NodeId>>,
    pub(super) citation_refs: HashMap<String, Vec<NodeId>>,
    /// Pending directives in the order of their appearance.
    pub(super) pending: Vec<NodeId>,
}

impl Parser {
    /// Gives a node an identifier if it has none, and returns it.
    pub(super) fn set_id(&mut self, node: NodeId) -> String {
        self.set_id_like(node, None)
    }

    /// The same, with a word for identifiers that are not made of a name.
    pub(super) fn set_id_like(&mut self, node: NodeId, word: Option<&str>) -> String {
        if self.tree[node].ids.is_empty() {
            let id = self.new_id(node, word);
            self.tree[node].ids.push(id);
        }
        for id in &self.tree[node].ids {
            self.names.by_id.entry(id.clone()).or_insert(node);
        }
        let id = self.tree[node].ids.last().cloned().unwrap_or_default();
        for name in &self.tree[node].names {
            self.names.ids.insert(name.clone(), Some(id.clone()));
        }
        id
    }

    fn new_id(&mut self, node: NodeId, word: Option<&str>) -> String {
        let mut base = String::new();
        for name in &self.tree[node].names {
            // Digits at the start are kept, as the prefix comes before them.
            base = make_id(&format!("x{name}")).split_off(1);
            let id = format!("{ID_PREFIX}{base}");
            if !base.is_empty() && !self.names.by_id.contains_key(&id) {
                return id;
            }
        }
        let duplicate = self.tree[node].dupnames.first().map(|name| make_id(name));
        let prefix = match duplicate.filter(|id| !id.is_empty()) {
            _ if !base.is_empty() => format!("{ID_PREFIX}{base}-"),
            Some(duplicate) => format!("{duplicate}-"),
            None => {
                let tag = make_id(&self.tree[node].kind.tag());
                format!("{ID_PREFIX}{}-", word.unwrap_or(&tag))
            }
        };
        let counter = self.names.counters.entry(prefix.clone()).or_default();
        loop {
            *counter += 1;
            let id = format!("{prefix}{counter}");
            if !self.names.by_id.contains_key(&id) {
                return id;
            }
        }
    }

    /// Registers a node under its names, which it got from its text.
    /// A note about a name that was there before goes into `notes`.
    pub(super) fn note_implicit(&mut self, node: NodeId, notes: Option<NodeId>) -> Parsed<()> {
        self.note_names(node, false, notes)?;
        self.set_id(node);
        Ok(())
    }

    /// Registers a node under names that the author gave.
    /// A note about a name that was there before goes into `notes`.
    pub(super) fn note_explicit(&mut self, node: NodeId, notes: Option<NodeId>) -> Parsed<()> {
        self.note_names(node, true, notes)?;
        self.set_id(node);
        Ok(())
    }

    fn note_names(&mut self, node: NodeId, explicit: bool, notes: Option<NodeId>) -> Parsed<()> {
        for name in self.tree[node].names.clone() {
            match self.names.nodes.get(&name) {
                Some(old) if *old != Some(node) => {
                    let old = *old;
                    let informs = self.name_again(node, old, &name, explicit)?;
                    let notes = notes.filter(|notes| self.tree[*notes].kind.holds_blocks());
                    if let Some(notes) = notes.filter(|_| informs) {
                        self.inform(notes);
                    }
                }
                _ => {
                    self.names.nodes.insert(name.clone(), Some(node));
                    self.names.explicit.entry(name).or_insert(explicit);
                }
            }
        }
        Ok(())
    }

    /// A name that another node has, or had until it was given twice; whether there is a note.
    fn name_again(
        &mut self,
        node: NodeId,
        old: Option<NodeId>,
        name: &str,
        explicit: bool,
    ) -> Parsed<bool> {
        let old_explicit = self.names.explicit.get(name).copied().unwrap_or(false);
        self.names
            .explicit
            .insert(name.to_owned(), old_explicit || explicit);
        let new = &self.tree[node];
        let same = old.is_some_and(|old| {
            let old = &self.tree[old];
            (new.refname.is_some() && new.refname == old.refname)
                || (new.refuri.is_some() && new.refuri == old.refuri)
        });
        let mut informs = true;
        if same {
            self.invalidate(node, name);
        } else if explicit && old_explicit {
            self.invalidate(node, name);
            let line = self.node_line(node);
            return halt(
                Level::Warning,
                line,
                format!("Duplicate explicit target name: \"{name}\"."),
            );
        } else if explicit {
            self.names.nodes.insert(name.to_owned(), Some(node));
            informs = old.is_some();
            if let Some(old) = old {
                self.invalidate(old, name);
            }
        } else {
            self.invalidate(node, name);
            if let Some(old) = old
                && !old_explicit
            {
                self.invalidate(old, name);
                self.names.nodes.insert(name.to_owned(), None);
                self.names.ids.insert(name.to_owned(), None);
                self.set_id(old);
            }
        }
        let is_empty_target =
            self.tree[node].kind == Kind::Target && self.tree[node].children.is_empty();
        if informs && !is_empty_target {
            self.set_id(node);
        }
        Ok(informs)
    }

    fn invalidate(&mut self, node: NodeId, name: &str) {
        let node = &mut self.tree[node];
        node.dupnames.push(name.to_owned());
        if let Some(at) = node.names.iter().position(|own| own == name) {
            node.names.remove(at);
        }
    }

    /// Remembers a reference by its name.
    pub(super) fn note_reference(&mut self, node: NodeId) {
        if let Some(name) = self.tree[node].refname.clone() {
            self.names.references.entry(name).or_default().push(node);
        }
    }

    /// Remembers a reference by its identifier.
    pub(super) fn note_id_reference(&mut self, node: NodeId) {
        if let Some(id) = self.tree[node].refid.clone() {
            self.names.id_references.entry(id).or_default().push(node);
        }
    }

    /// Remembers a target that points at another.
    pub(super) fn note_indirect(&mut self, node: NodeId) {
        self.names.indirect_targets.push(node);
        if !self.tree[node].names.is_empty() {
            self.note_reference(node);
        }
    }

    /// Remembers a footnote reference by its label.
    pub(super) fn note_footnote_ref(&mut self, node: NodeId) {
        self.set_id(node);
        if let Some(name) = self.tree[node].refname.clone() {
            self.names.footnote_refs.entry(name).or_default().push(node);
        }
        self.note_reference(node);
    }

    /// Remembers a substitution definition.
    pub(super) fn note_substitution(&mut self, node: NodeId, name: &str) -> Parsed<()> {
        let name = normal_space(name);
        if self.names.substitutions.contains_key(&name) {
            let line = self.node_line(node);
            let message = format!("Duplicate substitution definition name: \"{name}\".");
            return halt(Level::Error, line, message);
        }
        self.names
            .folded_substitutions
            .insert(normal_name(&name), name.clone());
        self.names.substitutions.insert(name, node);
        Ok(())
    }
}
