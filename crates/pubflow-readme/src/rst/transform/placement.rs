//! Classes of pending directives, and where transitions may stand.

use crate::judge::Level;
use crate::rst::parser::{Parsed, Parser, halt, quoting};
use crate::rst::tree::{Kind, NodeId, Pending};

impl Parser {
    /// Gives the node behind a `class` directive its classes.
    pub(super) fn assign_classes(&mut self) -> Parsed<()> {
        for (node, pending) in self.pending() {
            let Pending::Class {
                classes,
                directive,
                source,
            } = pending
            else {
                continue;
            };
            let mut next = self.tree.next_node(node, false);
            let passes = |kind: Kind| kind.is_invisible() || kind == Kind::SystemMessage;
            while let Some(at) = next.filter(|at| passes(self.tree[*at].kind)) {
                next = self.tree.next_node(at, false);
            }
            let Some(element) = next else {
                let message = format!("No suitable element following \"{directive}\" directive");
                return halt(
                    Level::Error,
                    self.tree[node].line,
                    quoting(&message, &source),
                );
            };
            self.tree[element].classes.extend(classes);
        }
        self.tree
            .remove_all(|node| matches!(node.pending.as_deref(), Some(Pending::Class { .. })));
        Ok(())
    }

    /// Moves transitions out of the ends of sections and complains about the rest.
    pub(super) fn place_transitions(&mut self) -> Parsed<()> {
        let warn = |parser: &Self, node, message: &str| {
            halt(Level::Warning, parser.node_line(node), message)
        };
        for node in self.tree.find_all(self.tree.root(), Kind::Transition) {
            let Some((parent, index)) = self.tree.index_in_parent(node) else {
                continue;
            };
            if !matches!(self.tree[parent].kind, Kind::Document | Kind::Section) {
                let message = "Transition only valid as child of <document> or <section>.";
                return warn(self, node, message);
            }
            let siblings = &self.tree[parent].children;
            let kind = |id: &NodeId| self.tree[*id].kind;
            let passes = |id: &NodeId| is_passed_over(kind(id));
            let is_start = siblings[..index].iter().all(passes);
            let is_last = siblings[index + 1..].iter().all(passes);
            let is_double = index > 0 && kind(&siblings[index - 1]) == Kind::Transition;
            if is_last && !self.lift_transition(node) {
                return warn(self, node, "Transition at the end of the document.");
            }
            if is_start {
                let tag = self.tree[self.tree[node].parent.unwrap_or(parent)]
                    .kind
                    .tag();
                return warn(
                    self,
                    node,
                    &format!("Transition at the start of the {tag}."),
                );
            }
            if is_double {
                let message = "At least one body element should separate transitions.";
                return warn(self, node, message);
            }
        }
        Ok(())
    }

    /// Puts a transition behind the section that it ends; `false` at the end of the document.
    fn lift_transition(&mut self, node: NodeId) -> bool {
        let mut sibling = self.tree[node].parent;
        while let Some((parent, index)) = sibling.and_then(|id| self.tree.index_in_parent(id)) {
            if index + 1 < self.tree[parent].children.len() {
                self.tree.remove(node);
                self.tree.insert(parent, index + 1, node);
                return true;
            }
            sibling = Some(parent);
        }
        false
    }
}

/// Nodes that do not count as text beside a transition.
fn is_passed_over(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Decoration
            | Kind::Meta
            | Kind::Pending
            | Kind::SubstitutionDefinition
            | Kind::Subtitle
            | Kind::Target
            | Kind::Title
    )
}
