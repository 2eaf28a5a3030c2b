//! Which lists are shown without space between their items.

use super::Writer;
use crate::rst::tree::{Kind, NodeId};

impl Writer<'_> {
    /// Whether a list holds nothing but single paragraphs and such lists.
    pub(super) fn is_compact(&self, id: NodeId) -> bool {
        if self.has_class(Some(id), "compact") {
            return true;
        }
        if self.has_class(Some(id), "open") {
            return false;
        }
        self.has_class(self.tree[id].parent, "contents") || self.is_simple(id)
    }

    fn is_simple(&self, id: NodeId) -> bool {
        use Kind::*;
        let node = &self.tree[id];
        match node.kind {
            Text
            | Paragraph
            | Author
            | Copyright
            | Date
            | Organization
            | Status
            | Term
            | FieldName
            | Comment
            | SubstitutionDefinition
            | Target
            | Pending => return true,
            BulletList | EnumeratedList | Docinfo | Contact | DefinitionList
            | DefinitionListItem | Classifier | FieldList | Field => {}
            ListItem | Authors | Address | Version | Definition | FieldBody => {
                let mut visible: Vec<Kind> = node
                    .children
                    .iter()
                    .map(|child| self.tree[*child].kind)
                    .filter(|kind| !kind.is_invisible())
                    .collect();
                if visible.first() == Some(&Paragraph)
                    && matches!(
                        visible.last(),
                        Some(BulletList | EnumeratedList | FieldList)
                    )
                {
                    visible.pop();
                }
                if visible.len() > 1 {
                    return false;
                }
            }
            _ => return false,
        }
        node.children.iter().all(|child| self.is_simple(*child))
    }
}
