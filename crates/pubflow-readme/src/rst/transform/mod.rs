//! What happens to the tree after parsing, in the reference's order of priorities, because the
//! first message ends the rendering.

mod docinfo;
mod footnote;
mod link;
mod locale;
mod placement;
mod quotes;
mod substitution;
mod title;

use super::parser::{Parsed, Parser};
use super::tree::{Kind, Pending};

impl Parser {
    /// Runs every transform.
    pub(super) fn transform(&mut self) -> Parsed<()> {
        self.assign_classes()?;
        self.substitute()?;
        self.propagate_targets();
        if self.profile.promotes_titles() {
            self.promote_document_title();
        }
        self.extract_docinfo()?;
        if self.profile.promotes_titles() {
            self.promote_section_subtitles();
        }
        self.link_anonymous()?;
        self.resolve_indirect()?;
        self.write_target_notes()?;
        self.number_footnotes()?;
        self.resolve_external();
        self.resolve_internal();
        self.number_sections();
        self.build_contents();
        self.strip(Kind::Comment);
        self.place_transitions()?;
        self.check_dangling()?;
        self.educate_quotes()?;
        self.strip(Kind::SystemMessage);
        Ok(())
    }

    fn strip(&mut self, kind: Kind) {
        self.tree.remove_all(|node| node.kind == kind);
    }

    /// Pending directives that are still in the tree.
    fn pending(&self) -> Vec<(super::tree::NodeId, Pending)> {
        let found = self.names.pending.iter().filter_map(|node| {
            let pending = self.tree[*node].pending.as_deref()?;
            Some((*node, pending.clone()))
        });
        found.collect()
    }
}
