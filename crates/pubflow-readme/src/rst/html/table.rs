//! Tables.

use super::Writer;
use super::tag::{LINE, Tag};
use crate::rst::tree::{Kind, NodeId};

impl Writer<'_> {
    pub(super) fn table(&mut self, id: NodeId) {
        let internal = ["colwidths-auto", "colwidths-given", "colwidths-grid"];
        self.open(
            id,
            "table",
            &Tag {
                without: &internal,
                suffix: LINE,
                ..Tag::default()
            },
        );
        let has_widths = self.has_class(Some(id), "colwidths-given")
            && !self.has_class(Some(id), "colwidths-auto");
        for child in self.tree[id].children.clone() {
            match self.tree[child].kind {
                Kind::Tgroup => self.table_group(child, has_widths),
                _ => self.node(child),
            }
        }
        self.out.push_str("</table>\n");
    }

    pub(super) fn table_group(&mut self, id: NodeId, has_widths: bool) {
        let children = self.tree[id].children.clone();
        let columns: Vec<NodeId> = children
            .iter()
            .copied()
            .filter(|child| self.tree[*child].kind == Kind::Colspec)
            .collect();
        let stubs: Vec<bool> = columns
            .iter()
            .map(|column| self.tree[*column].get("stub").is_some())
            .collect();
        if has_widths {
            self.out.push_str("<colgroup>\n");
            columns.iter().for_each(|_| self.out.push_str("<col>\n"));
            self.out.push_str("</colgroup>\n");
        }
        for part in children.into_iter().skip(columns.len()) {
            let is_head = self.tree[part].kind == Kind::Thead;
            let name = if is_head { "thead" } else { "tbody" };
            self.open(
                part,
                name,
                &Tag {
                    suffix: LINE,
                    ..Tag::default()
                },
            );
            for row in self.tree[part].children.clone() {
                self.row(row, is_head, &stubs);
            }
            self.out.push_str(&format!("</{name}>\n"));
        }
    }

    pub(super) fn row(&mut self, row: NodeId, is_head: bool, stubs: &[bool]) {
        self.open(row, "tr", &Tag::default());
        let mut column = 0;
        for entry in self.tree[row].children.clone() {
            let node = &self.tree[entry];
            let span = |name: &str| node.get(name).and_then(|n| n.parse::<usize>().ok());
            let (rows, columns) = (span("morerows"), span("morecols"));
            let is_stub = stubs.get(column).copied().unwrap_or(false);
            let mut before = Vec::new();
            before.extend(is_head.then_some("head"));
            before.extend(is_stub.then_some("stub"));
            let mut attributes: Vec<(&str, String)> = Vec::new();
            attributes.extend(rows.map(|n| ("rowspan", (n + 1).to_string())));
            attributes.extend(columns.map(|n| ("colspan", (n + 1).to_string())));
            let name = if before.is_empty() { "td" } else { "th" };
            let tag = Tag {
                before: &before,
                attributes: &attributes,
                ..Tag::default()
            };
            self.wrap(entry, name, &tag, LINE);
            column += 1 + columns.unwrap_or(0);
        }
        self.out.push_str("</tr>\n");
    }
}
