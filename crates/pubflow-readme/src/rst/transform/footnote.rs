//! Footnotes: numbers, symbols, links from and to their references; notes for targets.

use std::collections::HashMap;

use crate::judge::Level;
use crate::rst::parser::{Parsed, Parser, halt};
use crate::rst::tree::{Kind, NodeId, Pending};

/// Symbols in the order in which they are given; then they are doubled.
const SYMBOLS: [char; 10] = [
    '*', '\u{2020}', '\u{2021}', '\u{a7}', '\u{b6}', '#', '\u{2660}', '\u{2665}', '\u{2666}',
    '\u{2663}',
];

impl Parser {
    pub(super) fn number_footnotes(&mut self) -> Parsed<()> {
        let labels = self.label_auto_footnotes()?;
        self.number_references(&labels)?;
        self.symbolize()?;
        let footnotes = self.names.footnotes.clone();
        let citations = self.names.citations.clone();
        for (notes, is_footnote) in [(footnotes, true), (citations, false)] {
            for note in notes {
                self.link_labelled(note, is_footnote);
            }
        }
        Ok(())
    }

    fn label_auto_footnotes(&mut self) -> Parsed<Vec<String>> {
        let (mut labels, mut next) = (Vec::new(), 1);
        for footnote in self.names.auto_footnotes.clone() {
            let label = loop {
                let label = next.to_string();
                next += 1;
                if !self.names.ids.contains_key(&label) {
                    break label;
                }
            };
            let node = self.tree.with_text(Kind::Label, label.as_str());
            self.tree.insert(footnote, 0, node);
            for name in self.tree[footnote].names.clone() {
                for reference in self
                    .names
                    .footnote_refs
                    .get(&name)
                    .cloned()
                    .unwrap_or_default()
                {
                    self.link(reference, footnote, &label);
                }
            }
            if self.tree[footnote].names.is_empty() && self.tree[footnote].dupnames.is_empty() {
                self.tree[footnote].names.push(label.clone());
                self.note_explicit(footnote, Some(footnote))?;
                labels.push(label);
            }
        }
        Ok(labels)
    }

    /// Links a reference and its note; a label is the text of the reference.
    fn link(&mut self, reference: NodeId, note: NodeId, label: &str) {
        if !label.is_empty() {
            let text = self.tree.text(label);
            self.tree.append(reference, text);
        }
        self.tree[reference].refname = None;
        self.tree[reference].refid = self.tree[note].ids.first().cloned();
        let backref = self.tree[reference].ids.first().cloned();
        self.tree[note].backrefs.extend(backref);
        self.note_id_reference(reference);
        self.tree[reference].resolved = true;
    }

    fn number_references(&mut self, labels: &[String]) -> Parsed<()> {
        let mut labels_left = labels.iter();
        for reference in self.names.auto_footnote_refs.clone() {
            if self.tree[reference].resolved || self.tree[reference].refid.is_some() {
                continue;
            }
            let Some(label) = labels_left.next() else {
                let n = labels.len();
                let s = if n > 1 { "s" } else { "" };
                let message = format!(
                    "Too many autonumbered footnote references: only {n} corresponding \
                     footnote{s} available."
                );
                return halt(Level::Error, self.node_line(reference), message);
            };
            let id = self
                .names
                .ids
                .get(label)
                .cloned()
                .flatten()
                .unwrap_or_default();
            if let Some(footnote) = self.names.by_id.get(&id).copied() {
                self.link(reference, footnote, label);
            }
        }
        Ok(())
    }

    fn symbolize(&mut self) -> Parsed<()> {
        let footnotes = self.names.symbol_footnotes.clone();
        let label = |n: usize| {
            SYMBOLS[n % SYMBOLS.len()]
                .to_string()
                .repeat(n / SYMBOLS.len() + 1)
        };
        for (n, footnote) in footnotes.iter().enumerate() {
            let node = self.tree.with_text(Kind::Label, label(n));
            self.tree.insert(*footnote, 0, node);
            self.set_id(*footnote);
        }
        for (n, reference) in self
            .names
            .symbol_footnote_refs
            .clone()
            .into_iter()
            .enumerate()
        {
            let Some(footnote) = footnotes.get(n).copied() else {
                let message = format!(
                    "Too many symbol footnote references: only {} corresponding footnotes available.",
                    footnotes.len()
                );
                return halt(Level::Error, self.node_line(reference), message);
            };
            self.link(reference, footnote, &label(n));
        }
        Ok(())
    }

    fn link_labelled(&mut self, note: NodeId, is_footnote: bool) {
        for label in self.tree[note].names.clone() {
            let references = match is_footnote {
                true => &self.names.footnote_refs,
                false => &self.names.citation_refs,
            };
            for reference in references.get(&label).cloned().unwrap_or_default() {
                if !self.tree[reference].resolved {
                    self.link(reference, note, "");
                }
            }
        }
    }

    /// Footnotes that show the addresses of references.
    pub(super) fn write_target_notes(&mut self) -> Parsed<()> {
        for (node, pending) in self.pending() {
            if let Pending::TargetNotes { classes } = pending {
                self.target_notes(node, &classes)?;
            }
        }
        Ok(())
    }

    fn target_notes(&mut self, start: NodeId, classes: &[String]) -> Parsed<()> {
        let mut notes: HashMap<String, NodeId> = HashMap::new();
        let mut order = Vec::new();
        let mut wanted: Vec<(String, Vec<NodeId>)> = Vec::new();
        for target in self.tree.find_all(self.tree.root(), Kind::Target) {
            let Some(uri) = self.tree[target].refuri.clone() else {
                continue;
            };
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
            wanted.push((uri, references));
        }
        for reference in self.tree.find_all(self.tree.root(), Kind::Reference) {
            let node = &self.tree[reference];
            if let (true, Some(uri)) = (node.anonymous, node.refuri.clone()) {
                wanted.push((uri, vec![reference]));
            }
        }
        for (uri, references) in wanted {
            if references.is_empty() {
                continue;
            }
            let footnote = match notes.get(&uri) {
                Some(footnote) => *footnote,
                None => {
                    let footnote = self.target_footnote(&uri)?;
                    notes.insert(uri, footnote);
                    order.push(footnote);
                    footnote
                }
            };
            for reference in references {
                self.refer_to_note(reference, footnote, classes);
            }
        }
        let notes = self.tree.with_children(Kind::Fragment, order);
        self.tree.replace(start, notes);
        self.tree.dissolve_fragments();
        Ok(())
    }

    fn target_footnote(&mut self, uri: &str) -> Parsed<NodeId> {
        let footnote = self.tree.create(Kind::Footnote);
        let id = self.set_id(footnote);
        self.tree[footnote].auto = Some('1');
        self.tree[footnote].names = vec![format!("TARGET_NOTE: {id}")];
        let reference = self.tree.with_text(Kind::Reference, uri);
        self.tree[reference].refuri = Some(uri.to_owned());
        let paragraph = self.tree.with_children(Kind::Paragraph, vec![reference]);
        self.tree.append(footnote, paragraph);
        self.names.auto_footnotes.push(footnote);
        self.note_explicit(footnote, Some(footnote))?;
        Ok(footnote)
    }

    fn refer_to_note(&mut self, reference: NodeId, footnote: NodeId, classes: &[String]) {
        if self.tree[reference].parent.is_none() || self.tree[reference].kind == Kind::Target {
            return;
        }
        let node = self.tree.create(Kind::FootnoteReference);
        self.tree[node].refname = self.tree[footnote].names.first().cloned();
        self.tree[node].auto = Some('1');
        self.tree[node].classes = classes.to_vec();
        self.set_id(node);
        self.names.auto_footnote_refs.push(node);
        self.note_footnote_ref(node);
        let space = match classes {
            [] => self.tree.text(" "),
            _ => {
                let space = self.tree.with_text(Kind::Inline, " ");
                self.tree[space].classes = classes.to_vec();
                space
            }
        };
        let group = self.tree.create(Kind::Fragment);
        self.tree.replace(reference, group);
        self.tree.append_all(group, vec![reference, space, node]);
    }
}
