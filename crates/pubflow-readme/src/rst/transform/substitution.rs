//! Substitution references take the content of their definitions.

use std::collections::HashMap;

use crate::judge::Level;
use crate::rst::chars::{lstrip, rstrip};
use crate::rst::parser::{Parsed, Parser, halt, quoting};
use crate::rst::tree::{Kind, NodeId};

/// Nodes that substitutions may make, per node of the parsed document and at least. Definitions
/// that multiply each other would otherwise grow without limit.
const MAX_NODES: usize = 200_000;

impl Parser {
    pub(super) fn substitute(&mut self) -> Parsed<()> {
        let mut queue: Vec<(NodeId, Option<NodeId>)> = self
            .tree
            .find_all(self.tree.root(), Kind::SubstitutionReference)
            .into_iter()
            .map(|node| (node, None))
            .collect();
        let limit = self.tree.len() + MAX_NODES;
        let mut origins: HashMap<NodeId, NodeId> = HashMap::new();
        let mut nested: HashMap<String, Vec<String>> = HashMap::new();
        let mut next = 0;
        while let Some((reference, origin)) = queue.get(next).copied() {
            next += 1;
            origins.extend(origin.map(|origin| (reference, origin)));
            let name = self.tree[reference].refname.clone().unwrap_or_default();
            let key = match self.names.substitutions.contains_key(&name) {
                true => Some(name.clone()),
                false => self
                    .names
                    .folded_substitutions
                    .get(&name.to_lowercase())
                    .cloned(),
            };
            let Some(key) = key else {
                let message = format!("Undefined substitution referenced: \"{name}\".");
                return halt(Level::Error, self.node_line(reference), message);
            };
            let definition = self.names.substitutions[&key];
            if self.tree.len() > limit {
                let message = format!("Circular substitution definition referenced: \"{name}\".");
                return halt(Level::Error, self.node_line(reference), message);
            }
            self.trim_around(reference, definition);
            let copy = self.tree.deep_copy(definition);
            for inner in self.tree.find_all(copy, Kind::SubstitutionReference) {
                let inner_name = self.tree[inner].refname.clone().unwrap_or_default();
                let Some(folded) = self
                    .names
                    .folded_substitutions
                    .get(&inner_name.to_lowercase())
                else {
                    // Undefined; the reference dies over this one, which PyPI takes for a failure.
                    let message = format!("Undefined substitution referenced: \"{inner_name}\".");
                    return halt(Level::Error, self.node_line(reference), message);
                };
                let users = nested.entry(folded.clone()).or_default();
                if users.contains(folded) {
                    return self.circular(reference, &name, &origins);
                }
                users.push(key.clone());
                queue.push((inner, Some(reference)));
            }
            let children = self.tree.take_children(copy);
            for child in &children {
                if self.tree[*child].kind == Kind::Reference {
                    self.note_reference(*child);
                }
            }
            self.tree.replace(reference, children);
        }
        Ok(())
    }

    fn circular(
        &self,
        reference: NodeId,
        name: &str,
        origins: &HashMap<NodeId, NodeId>,
    ) -> Parsed<()> {
        if let Some(parent) = self.tree[reference].parent
            && self.tree[parent].kind == Kind::SubstitutionDefinition
        {
            let message = quoting(
                "Circular substitution definition detected:",
                &self.tree[parent].text,
            );
            return halt(Level::Error, self.tree[parent].line, message);
        }
        let mut origin = reference;
        while let Some(next) = origins.get(&origin) {
            origin = *next;
        }
        let message = format!("Circular substitution definition referenced: \"{name}\".");
        halt(Level::Error, self.node_line(origin), message)
    }

    /// Removes white space next to a reference where the definition asks for it.
    fn trim_around(&mut self, reference: NodeId, definition: NodeId) {
        let (left, right) = ("ltrim", "rtrim");
        let wants = |side| self.tree[definition].get(side).is_some();
        let (wants_left, wants_right) = (wants(left), wants(right));
        if !wants_left && !wants_right {
            return;
        }
        let Some((parent, index)) = self.tree.index_in_parent(reference) else {
            return;
        };
        let sibling = |at: Option<usize>| self.tree[parent].children.get(at?).copied();
        let (before, after) = (sibling(index.checked_sub(1)), sibling(Some(index + 1)));
        if let Some(before) =
            before.filter(|node| wants_left && self.tree[*node].kind == Kind::Text)
        {
            self.tree[before].text = rstrip(&self.tree[before].text).to_owned();
        }
        if let Some(after) = after.filter(|node| wants_right && self.tree[*node].kind == Kind::Text)
        {
            self.tree[after].text = lstrip(&self.tree[after].text).to_owned();
        }
    }
}
