//! Links: references get the address or the identifier of what they name.

use crate::judge::Level;
use crate::rst::parser::{Parsed, Parser, halt};
use crate::rst::tree::{Kind, NodeId};

/// Identifiers and names of empty targets, the last ones first, on the way to the node behind them.
#[derive(Default)]
struct Carried {
    to: Option<NodeId>,
    ids: Vec<String>,
    names: Vec<String>,
}

impl Parser {
    /// Moves names of empty targets to the node behind them.
    pub(super) fn propagate_targets(&mut self) {
        // What a chain of targets hands on stays aside until it is at its end, so that no link moves it anew.
        let mut carried = Carried::default();
        for target in self.tree.find_all(self.tree.root(), Kind::Target) {
            if carried.to != Some(target) {
                self.unload(&mut carried);
            }
            let node = &self.tree[target];
            let inline = node
                .parent
                .is_none_or(|parent| self.tree[parent].kind.is_text_element());
            if inline || node.refid.is_some() || node.refuri.is_some() || node.refname.is_some() {
                self.unload(&mut carried);
                continue;
            }
            let mut next = self.tree.next_node(target, true);
            while let Some(note) = next.filter(|id| self.tree[*id].kind == Kind::SystemMessage) {
                next = self.tree.next_node(note, false);
            }
            let Some(next) = next else {
                continue;
            };
            let kind = self.tree[next].kind;
            let is_targetable = matches!(kind, Kind::Footnote | Kind::Citation);
            if kind != Kind::Target && (kind.is_invisible() || is_targetable) || kind == Kind::Text
            {
                continue;
            }
            let ids = std::mem::take(&mut self.tree[target].ids);
            let names = std::mem::take(&mut self.tree[target].names);
            let first = ids.first().or(carried.ids.last()).cloned();
            carried.ids.extend(ids.into_iter().rev());
            carried.names.extend(names.into_iter().rev());
            carried.to = Some(next);
            let in_figure = self.tree[target]
                .parent
                .is_some_and(|parent| self.tree[parent].kind == Kind::Figure);
            if in_figure && kind == Kind::Caption {
                self.tree.remove(target);
                continue;
            }
            self.tree[target].refid = first;
            self.note_id_reference(target);
        }
        self.unload(&mut carried);
    }

    /// Gives what was handed on to the node that it is for, behind what that has of its own.
    fn unload(&mut self, carried: &mut Carried) {
        let Carried { to, ids, names } = std::mem::take(carried);
        let Some(to) = to else { return };
        self.tree.count(ids.len() + names.len());
        for id in &ids {
            self.names.by_id.insert(id.clone(), to);
        }
        self.tree[to].ids.extend(ids.into_iter().rev());
        self.tree[to].names.extend(names.into_iter().rev());
    }

    /// Pairs anonymous references with anonymous targets.
    pub(super) fn link_anonymous(&mut self) -> Parsed<()> {
        let anonymous = |kind| {
            let mut nodes = self.tree.find_all(self.tree.root(), kind);
            nodes.retain(|node| self.tree[*node].anonymous);
            nodes
        };
        let (references, targets) = (anonymous(Kind::Reference), anonymous(Kind::Target));
        if references.len() != targets.len() {
            let message = format!(
                "Anonymous hyperlink mismatch: {} references but {} targets.\n\
                 See \"backrefs\" attribute for IDs.",
                references.len(),
                targets.len()
            );
            return halt(Level::Error, self.root_line(), message);
        }
        for (reference, mut target) in references.into_iter().zip(targets) {
            if self.tree[reference].refid.is_some() || self.tree[reference].refuri.is_some() {
                continue;
            }
            loop {
                if let Some(uri) = self.tree[target].refuri.clone() {
                    self.tree[reference].refuri = Some(uri);
                    self.tree[reference].resolved = true;
                    break;
                }
                if let Some(id) = self.tree[target].ids.first().cloned() {
                    self.tree[reference].refid = Some(id);
                    self.note_id_reference(reference);
                    break;
                }
                let next = self.tree[target]
                    .refid
                    .as_ref()
                    .and_then(|id| self.names.by_id.get(id));
                match next.copied().filter(|next| *next != target) {
                    Some(next) => target = next,
                    None => break,
                }
            }
        }
        Ok(())
    }

    /// Follows targets that point at other targets.
    pub(super) fn resolve_indirect(&mut self) -> Parsed<()> {
        for target in self.names.indirect_targets.clone() {
            if !self.tree[target].resolved {
                self.follow(target)?;
            }
            self.resolve_through(target);
        }
        Ok(())
    }

    fn follow(&mut self, start: NodeId) -> Parsed<()> {
        let mut chain = vec![start];
        while let Some(target) = chain.last().copied() {
            let refname = self.tree[target].refname.clone();
            let refid = self.tree[target].refid.clone();
            let found = match (&refid, &refname) {
                (Some(id), _) => self.names.by_id.get(id).copied(),
                (None, Some(name)) => self.names.nodes.get(name).copied().flatten(),
                (None, None) => None,
            };
            let Some(found) = found else {
                return self.nonexistent(target);
            };
            let known = refname
                .as_ref()
                .and_then(|name| self.names.ids.get(name).cloned().flatten());
            let id = match refid.or(known) {
                Some(id) => id,
                None => self.set_id(found),
            };
            let node = &self.tree[found];
            if node.kind == Kind::Target && !node.resolved && node.refname.is_some() {
                if self.tree[target].visiting {
                    return self.indirect_error(target, "forming a circular reference");
                }
                self.tree[target].visiting = true;
                if self.tree[found].visiting {
                    return self.indirect_error(found, "forming a circular reference");
                }
                chain.push(found);
                continue;
            }
            if let Some(uri) = self.tree[found].refuri.clone() {
                self.tree[target].refuri = Some(uri);
                self.tree[target].refid = None;
            } else if let Some(id) = self.tree[found].refid.clone() {
                self.tree[target].refid = Some(id);
                self.note_id_reference(target);
            } else if self.tree[found].ids.is_empty() {
                return self.nonexistent(target);
            } else {
                self.tree[target].refid = Some(id);
                self.note_id_reference(target);
            }
            self.tree[target].refname = None;
            self.tree[target].resolved = true;
            self.tree[target].visiting = false;
            chain.pop();
        }
        Ok(())
    }

    fn nonexistent(&self, target: NodeId) -> Parsed<()> {
        let name = self.tree[target].refname.as_deref().unwrap_or_default();
        match self.names.nodes.get(name) {
            Some(None) => self.indirect_error(
                target,
                "which is a duplicate, and cannot be used as a unique reference",
            ),
            _ => self.indirect_error(target, "which does not exist"),
        }
    }

    fn indirect_error(&self, target: NodeId, why: &str) -> Parsed<()> {
        let node = &self.tree[target];
        let name = node
            .names
            .first()
            .map(|name| format!("\"{name}\" "))
            .unwrap_or_default();
        let id = node
            .ids
            .first()
            .map(|id| format!("(id=\"{id}\")"))
            .unwrap_or_default();
        let refname = node.refname.as_deref().unwrap_or_default();
        let message =
            format!("Indirect hyperlink target {name}{id} refers to target \"{refname}\", {why}.");
        halt(Level::Error, self.node_line(target), message)
    }

    /// Gives references to an indirect target what it points at.
    fn resolve_through(&mut self, start: NodeId) {
        let mut stack = vec![start];
        while let Some(target) = stack.pop() {
            let (refid, refuri) = (
                self.tree[target].refid.clone(),
                self.tree[target].refuri.clone(),
            );
            if refid.is_none() && refuri.is_none() {
                continue;
            }
            let mut references = Vec::new();
            for name in &self.tree[target].names {
                references.extend(
                    self.names
                        .references
                        .get(name)
                        .into_iter()
                        .flatten()
                        .copied(),
                );
            }
            for id in &self.tree[target].ids {
                references.extend(
                    self.names
                        .id_references
                        .get(id)
                        .into_iter()
                        .flatten()
                        .copied(),
                );
            }
            for reference in references {
                let node = &mut self.tree[reference];
                if node.resolved {
                    continue;
                }
                node.refname = None;
                node.refid.clone_from(&refid);
                if refid.is_none() {
                    node.refuri.clone_from(&refuri);
                }
                node.resolved = true;
                if node.kind == Kind::Target {
                    stack.push(reference);
                }
                if refid.is_some() {
                    self.note_id_reference(reference);
                }
            }
        }
    }

    /// References to targets with an address.
    pub(super) fn resolve_external(&mut self) {
        for target in self.tree.find_all(self.tree.root(), Kind::Target) {
            let Some(uri) = self.tree[target].refuri.clone() else {
                continue;
            };
            for name in self.tree[target].names.clone() {
                for reference in self
                    .names
                    .references
                    .get(&name)
                    .cloned()
                    .unwrap_or_default()
                {
                    let node = &mut self.tree[reference];
                    if !node.resolved {
                        node.refname = None;
                        node.refuri = Some(uri.clone());
                        node.resolved = true;
                    }
                }
            }
        }
    }

    /// References to targets within the document.
    pub(super) fn resolve_internal(&mut self) {
        for target in self.tree.find_all(self.tree.root(), Kind::Target) {
            if self.tree[target].refuri.is_some() || self.tree[target].refid.is_some() {
                continue;
            }
            for name in self.tree[target].names.clone() {
                let id = self.names.ids.get(&name).cloned().flatten();
                for reference in self
                    .names
                    .references
                    .get(&name)
                    .cloned()
                    .unwrap_or_default()
                {
                    let node = &mut self.tree[reference];
                    if !node.resolved {
                        if id.is_some() {
                            node.refname = None;
                            node.refid.clone_from(&id);
                        }
                        node.resolved = true;
                    }
                }
            }
        }
    }

    /// References that name nothing.
    pub(super) fn check_dangling(&mut self) -> Parsed<()> {
        for reference in self.tree.descendants(self.tree.root()) {
            let node = &self.tree[reference];
            let kinds = [
                Kind::Reference,
                Kind::FootnoteReference,
                Kind::CitationReference,
            ];
            if !kinds.contains(&node.kind) || node.resolved {
                continue;
            }
            let Some(name) = node.refname.clone() else {
                continue;
            };
            match self.names.ids.get(&name) {
                Some(Some(id)) => {
                    let id = id.clone();
                    let node = &mut self.tree[reference];
                    node.refname = None;
                    node.refid = Some(id);
                    node.resolved = true;
                }
                Some(None) => {
                    let message = format!(
                        "Duplicate target name, cannot be used as a unique reference: \"{name}\"."
                    );
                    return halt(Level::Error, self.node_line(reference), message);
                }
                None => {
                    let message = format!("Unknown target name: \"{name}\".{}", hint(&name));
                    return halt(Level::Error, self.node_line(reference), message);
                }
            }
        }
        Ok(())
    }
}

/// What is wrong with an address in brackets that was taken for a name.
fn hint(name: &str) -> String {
    if !name.contains(['<', '>']) {
        return String::new();
    }
    let mut hint = "\n\nDid you want to embed a URI or alias?".to_owned();
    if !name.contains('<') {
        hint.push_str("\nOpening bracket missing.");
    } else if !name.contains(" <") {
        hint.push_str("\nThe embedded reference must be preceded by whitespace.");
    }
    if !name.contains('>') {
        hint.push_str("\nClosing bracket missing.");
    } else if !name.ends_with('>') {
        hint.push_str("\nThe embedded reference must be the last text before the end string.");
    }
    if name.contains("< ") || name.contains(" >") {
        hint.push_str("\nWhitespace around the embedded reference is not allowed.");
    }
    hint
}
