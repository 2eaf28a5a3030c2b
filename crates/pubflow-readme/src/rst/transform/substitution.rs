//! Substitution references take the content of their definitions.

use std::collections::{HashMap, HashSet};

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
        let mut nested: HashMap<String, HashSet<String>> = HashMap::new();
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
                users.insert(key.clone());
                queue.push((inner, Some(reference)));
            }
            for child in self.tree[copy].children.clone() {
                if self.tree[child].kind == Kind::Reference {
                    self.note_reference(child);
                }
            }
            self.tree[copy].kind = Kind::Fragment;
            self.tree.replace(reference, copy);
        }
        self.tree.dissolve_fragments();
        Ok(())
    }

    fn circular(
        &self,
        reference: NodeId,
        name: &str,
        origins: &HashMap<NodeId, NodeId>,
    ) -> Parsed<()> {
        if let Some(parent) = self.outside_fragments(reference)
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

    /// The node that a node will be in once fragments are dissolved.
    fn outside_fragments(&self, node: NodeId) -> Option<NodeId> {
        let mut parent = self.tree[node].parent?;
        while self.tree[parent].kind == Kind::Fragment {
            parent = self.tree[parent].parent?;
        }
        Some(parent)
    }

    /// The node that will stand beside a node once fragments are dissolved.
    fn beside(&self, node: NodeId, step: isize) -> Option<NodeId> {
        let mut at = node;
        loop {
            let (parent, index) = self.tree.index_in_parent(at)?;
            let next = index
                .checked_add_signed(step)
                .and_then(|next| self.tree[parent].children.get(next));
            match next {
                Some(next) if self.tree[*next].kind != Kind::Fragment => return Some(*next),
                Some(next) => match self.edge(*next, step) {
                    Some(found) => return Some(found),
                    None => at = *next,
                },
                None if self.tree[parent].kind == Kind::Fragment => at = parent,
                None => return None,
            }
        }
    }

    /// The first or last node of a fragment that is none itself.
    fn edge(&self, fragment: NodeId, step: isize) -> Option<NodeId> {
        let mut waiting = vec![fragment];
        while let Some(id) = waiting.pop() {
            if self.tree[id].kind != Kind::Fragment {
                return Some(id);
            }
            let children = self.tree[id].children.iter().copied();
            match step {
                1 => waiting.extend(children.rev()),
                _ => waiting.extend(children),
            }
        }
        None
    }

    /// Removes white space next to a reference where the definition asks for it.
    fn trim_around(&mut self, reference: NodeId, definition: NodeId) {
        let (left, right) = ("ltrim", "rtrim");
        let wants = |side| self.tree[definition].get(side).is_some();
        let (wants_left, wants_right) = (wants(left), wants(right));
        if !wants_left && !wants_right {
            return;
        }
        let (before, after) = (self.beside(reference, -1), self.beside(reference, 1));
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
