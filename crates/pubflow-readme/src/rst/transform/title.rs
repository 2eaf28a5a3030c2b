//! Titles: promotion to the document, section numbers, tables of contents.

use crate::rst::parser::Parser;
use crate::rst::tree::{Kind, NodeId, Pending};

impl Parser {
    /// The only section of a node, if nothing visible stands beside it, and its place.
    fn lone_section(&self, node: NodeId) -> Option<(NodeId, usize)> {
        let children = &self.tree[node].children;
        let index = children
            .iter()
            .position(|id| !self.tree[*id].kind.is_pre_bibliographic())?;
        let section = children[index];
        (index + 1 == children.len() && self.tree[section].kind == Kind::Section)
            .then_some((section, index))
    }

    /// Makes a lone section's title the document's, and the next one its subtitle.
    pub(super) fn promote_document_title(&mut self) {
        let root = self.tree.root();
        let Some((section, index)) = self.lone_section(root) else {
            return;
        };
        self.move_names(section, root);
        let mut before = self.tree.take_children(root);
        before.truncate(index);
        let mut content = self.tree.take_children(section);
        let rest = content.split_off(1.min(content.len()));
        for part in [content, before, rest] {
            self.tree.append_all(root, part);
        }
        self.promote_subtitle(root);
    }

    /// Makes a lone subsection's title the subtitle of its section.
    pub(super) fn promote_section_subtitles(&mut self) {
        for section in self.tree.find_all(self.tree.root(), Kind::Section) {
            self.promote_subtitle(section);
        }
    }

    fn promote_subtitle(&mut self, node: NodeId) {
        let Some((section, index)) = self.lone_section(node) else {
            return;
        };
        let subtitle = self.tree.create(Kind::Subtitle);
        self.move_names(section, subtitle);
        let mut before = self.tree.take_children(node);
        before.truncate(index);
        let rest = before.split_off(1.min(before.len()));
        let mut content = self.tree.take_children(section);
        let behind = content.split_off(1.min(content.len()));
        let text = content
            .first()
            .map_or_else(Vec::new, |title| self.tree.take_children(*title));
        self.tree.append_all(subtitle, text);
        for part in [before, vec![subtitle], rest, behind] {
            self.tree.append_all(node, part);
        }
    }

    fn move_names(&mut self, from: NodeId, to: NodeId) {
        let (ids, names) = (self.tree[from].ids.clone(), self.tree[from].names.clone());
        let (dupnames, classes) = (
            self.tree[from].dupnames.clone(),
            self.tree[from].classes.clone(),
        );
        let target = &mut self.tree[to];
        target.ids.extend(ids);
        target.names.extend(names);
        target.dupnames.extend(dupnames);
        target.classes.extend(classes);
    }

    /// Numbers the titles of sections.
    pub(super) fn number_sections(&mut self) {
        for (node, pending) in self.pending() {
            let Pending::Sectnum {
                depth,
                start,
                prefix,
                suffix,
            } = pending
            else {
                continue;
            };
            self.tree.remove(node);
            let limit = depth.unwrap_or(i64::MAX);
            let shown = |number: &str| format!("{prefix}{number}{suffix}\u{a0}\u{a0}\u{a0}");
            self.number_below(self.tree.root(), "", start, limit, &shown);
        }
    }

    fn number_below(
        &mut self,
        node: NodeId,
        above: &str,
        start: i64,
        depth: i64,
        shown: &dyn Fn(&str) -> String,
    ) {
        let mut next = start;
        for section in self.tree[node].children.clone() {
            if self.tree[section].kind != Kind::Section {
                continue;
            }
            let number = match above {
                "" => next.to_string(),
                above => format!("{above}.{next}"),
            };
            let Some(title) = self.tree[section].children.first().copied() else {
                continue;
            };
            let generated = self.tree.with_text(Kind::Generated, shown(&number));
            self.tree[generated].classes.push("sectnum".to_owned());
            self.tree.insert(title, 0, generated);
            self.tree[title].auto = Some('1');
            if depth > 1 {
                self.number_below(section, &number, 1, depth - 1, shown);
            }
            next = next.saturating_add(1);
        }
    }

    /// Fills tables of contents.
    pub(super) fn build_contents(&mut self) {
        for (node, pending) in self.pending() {
            let Pending::Contents {
                depth,
                local,
                backlinks,
            } = pending
            else {
                continue;
            };
            let Some(topic) = self.tree[node].parent else {
                continue;
            };
            let toc = self.set_id(topic);
            let mut start = self.tree.root();
            if local {
                let mut at = self.tree[topic].parent;
                while let Some(id) = at {
                    if matches!(self.tree[id].kind, Kind::Section | Kind::Document) {
                        start = id;
                        break;
                    }
                    at = self.tree[id].parent;
                }
            }
            let backlinks = backlinks.unwrap_or_else(|| Some("entry".to_owned()));
            let depth = depth.unwrap_or(i64::MAX);
            match self.contents_of(start, 1, depth, backlinks.as_deref(), &toc) {
                Some(list) => self.tree.replace(node, list),
                None => self.tree.remove(topic),
            }
        }
    }

    fn contents_of(
        &mut self,
        node: NodeId,
        level: i64,
        depth: i64,
        backlinks: Option<&str>,
        toc: &str,
    ) -> Option<NodeId> {
        let mut entries = Vec::new();
        let mut numbered = false;
        for section in self.tree[node].children.clone() {
            if self.tree[section].kind != Kind::Section {
                continue;
            }
            let Some(title) = self.tree[section].children.first().copied() else {
                continue;
            };
            numbered = self.tree[title].auto.is_some();
            let children = self.filtered_copy(title);
            let reference = self.tree.with_children(Kind::Reference, children);
            self.tree[reference].refid = self.tree[section].ids.first().cloned();
            let id = self.set_id_like(reference, Some("toc-entry"));
            let paragraph = self.tree.with_children(Kind::Paragraph, vec![reference]);
            let item = self.tree.with_children(Kind::ListItem, vec![paragraph]);
            let has_link = !self.tree.find_all(title, Kind::Reference).is_empty();
            if !has_link {
                match backlinks {
                    Some("entry") => self.tree[title].refid = Some(id),
                    Some("top") => self.tree[title].refid = Some(toc.to_owned()),
                    _ => {}
                }
            }
            if level < depth
                && let Some(list) = self.contents_of(section, level + 1, depth, backlinks, toc)
            {
                self.tree.append(item, list);
            }
            entries.push(item);
        }
        if entries.is_empty() {
            return None;
        }
        let list = self.tree.with_children(Kind::BulletList, entries);
        if numbered {
            self.tree[list].classes.push("auto-toc".to_owned());
        }
        Some(list)
    }

    /// Copies of a title's children without links, notes and images.
    fn filtered_copy(&mut self, node: NodeId) -> Vec<NodeId> {
        let mut copies = Vec::new();
        for child in self.tree[node].children.clone() {
            match self.tree[child].kind {
                Kind::CitationReference | Kind::FootnoteReference => {}
                Kind::Image => {
                    if let Some(alt) = self.tree[child].get("alt").map(str::to_owned) {
                        copies.push(self.tree.text(alt));
                    }
                }
                Kind::Reference | Kind::Target => copies.extend(self.filtered_copy(child)),
                Kind::Text => {
                    let text = self.tree[child].text.clone();
                    copies.push(self.tree.text(text));
                }
                kind => {
                    let children = self.filtered_copy(child);
                    let copy = self.tree.with_children(kind, children);
                    self.tree[copy].classes = self.tree[child].classes.clone();
                    copies.push(copy);
                }
            }
        }
        copies
    }
}
