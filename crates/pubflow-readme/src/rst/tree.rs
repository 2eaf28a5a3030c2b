//! The document tree: nodes in one arena, addressed by number.

use std::cell::Cell;

/// Number of a node in its [`Tree`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct NodeId(u32);

/// What a node is; the names are those of the specification's document tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Abbreviation,
    Acronym,
    Address,
    Admonition(&'static str),
    Attribution,
    Author,
    Authors,
    BlockQuote,
    BulletList,
    Caption,
    Citation,
    CitationReference,
    Classifier,
    Colspec,
    Comment,
    Compound,
    Contact,
    Container,
    Copyright,
    Date,
    Decoration,
    Definition,
    DefinitionList,
    DefinitionListItem,
    Description,
    Docinfo,
    DoctestBlock,
    Document,
    Emphasis,
    Entry,
    EnumeratedList,
    Field,
    FieldBody,
    FieldList,
    FieldName,
    Figure,
    Footer,
    Footnote,
    FootnoteReference,
    Fragment,
    Generated,
    Header,
    Image,
    Inline,
    Label,
    Legend,
    Line,
    LineBlock,
    ListItem,
    Literal,
    LiteralBlock,
    Math,
    MathBlock,
    Meta,
    Option,
    OptionArgument,
    OptionGroup,
    OptionList,
    OptionListItem,
    OptionString,
    Organization,
    Paragraph,
    Pending,
    Reference,
    Revision,
    Row,
    Rubric,
    Section,
    Sidebar,
    Status,
    Strong,
    Subscript,
    SubstitutionDefinition,
    SubstitutionReference,
    Subtitle,
    Superscript,
    SystemMessage,
    Table,
    Target,
    Tbody,
    Term,
    Text,
    Tgroup,
    Thead,
    Title,
    TitleReference,
    Topic,
    Transition,
    Version,
}

impl Kind {
    /// The name that messages give the node.
    pub(super) fn tag(self) -> String {
        if let Self::Admonition(name) = self {
            return name.to_owned();
        }
        let mut tag = String::new();
        for c in format!("{self:?}").chars() {
            if c.is_ascii_uppercase() && !tag.is_empty() {
                tag.push('_');
            }
            tag.push(c.to_ascii_lowercase());
        }
        tag
    }

    /// Nodes that hold text and inline nodes.
    pub(super) fn is_text_element(self) -> bool {
        use Kind::*;
        self.is_fixed_text()
            || matches!(
                self,
                Abbreviation
                    | Acronym
                    | Attribution
                    | Author
                    | Caption
                    | CitationReference
                    | Classifier
                    | Contact
                    | Copyright
                    | Date
                    | Emphasis
                    | FieldName
                    | FootnoteReference
                    | Generated
                    | Inline
                    | Label
                    | Line
                    | Literal
                    | Math
                    | OptionArgument
                    | OptionString
                    | Organization
                    | Paragraph
                    | Reference
                    | Revision
                    | Rubric
                    | Status
                    | Strong
                    | Subscript
                    | SubstitutionDefinition
                    | SubstitutionReference
                    | Subtitle
                    | Superscript
                    | Target
                    | Term
                    | Title
                    | TitleReference
                    | Version
            )
    }

    /// Blocks in which white space counts.
    pub(super) fn is_fixed_text(self) -> bool {
        matches!(
            self,
            Self::Comment
                | Self::LiteralBlock
                | Self::DoctestBlock
                | Self::MathBlock
                | Self::Address
        )
    }

    /// Bibliographic fields.
    pub(super) fn is_biblio(self) -> bool {
        use Kind::*;
        matches!(
            self,
            Address
                | Author
                | Authors
                | Contact
                | Copyright
                | Date
                | Organization
                | Revision
                | Status
                | Version
        )
    }

    /// Nodes whose content is blocks, so that a note about the source may stand in them.
    pub(super) fn holds_blocks(self) -> bool {
        use Kind::*;
        matches!(
            self,
            Admonition(_)
                | BlockQuote
                | Citation
                | Compound
                | Container
                | Definition
                | Description
                | Document
                | Entry
                | FieldBody
                | Footer
                | Footnote
                | Header
                | Legend
                | ListItem
                | Section
                | Sidebar
                | Topic
        )
    }

    /// Nodes that leave no trace in the output.
    pub(super) fn is_invisible(self) -> bool {
        matches!(
            self,
            Self::Comment | Self::SubstitutionDefinition | Self::Target | Self::Pending
        )
    }

    /// Nodes that may stand before the document's title and its field list.
    pub(super) fn is_pre_bibliographic(self) -> bool {
        self.is_invisible()
            || matches!(
                self,
                Self::SystemMessage | Self::Title | Self::Subtitle | Self::Meta | Self::Decoration
            )
    }

    /// Nodes that may stand inside a line of text.
    pub(super) fn is_inline(self) -> bool {
        use Kind::*;
        matches!(
            self,
            Abbreviation
                | Acronym
                | CitationReference
                | Emphasis
                | FootnoteReference
                | Generated
                | Image
                | Inline
                | Literal
                | Math
                | Reference
                | Strong
                | Subscript
                | SubstitutionReference
                | Superscript
                | Target
                | TitleReference
        )
    }

    /// Whether a topic, a sidebar or a table of contents may not stand directly in such a node.
    pub(super) fn refuses_topics(self) -> bool {
        !matches!(
            self,
            Self::Document | Self::Section | Self::Sidebar | Self::Fragment
        )
    }
}

/// Settings of a pending directive, which a transform acts on later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Pending {
    /// `class` without content.
    Class {
        classes: Vec<String>,
        directive: String,
        source: String,
    },
    /// `contents`
    Contents {
        depth: Option<i64>,
        local: bool,
        backlinks: Option<Option<String>>,
    },
    /// `sectnum`
    Sectnum {
        depth: Option<i64>,
        start: i64,
        prefix: String,
        suffix: String,
    },
    /// `target-notes`
    TargetNotes { classes: Vec<String> },
}

/// A node and its attributes.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) kind: Kind,
    pub(super) parent: Option<NodeId>,
    /// Index among the siblings when the node was put there; others may have moved it a little.
    place: usize,
    /// Whether the node has been part of the document, after which a missing line stays missing.
    joined: bool,
    pub(super) children: Vec<NodeId>,
    /// Content of a text node, source text of others; escapes stand as NUL.
    pub(super) text: String,
    pub(super) line: Option<usize>,
    pub(super) ids: Vec<String>,
    pub(super) names: Vec<String>,
    pub(super) dupnames: Vec<String>,
    pub(super) classes: Vec<String>,
    pub(super) backrefs: Vec<String>,
    pub(super) refid: Option<String>,
    pub(super) refuri: Option<String>,
    pub(super) refname: Option<String>,
    pub(super) anonymous: bool,
    pub(super) resolved: bool,
    /// Set while an indirect target is followed.
    pub(super) visiting: bool,
    /// `1` or `*` of automatic footnotes.
    pub(super) auto: Option<char>,
    pub(super) attributes: Vec<(&'static str, String)>,
    pub(super) pending: Option<Box<Pending>>,
}

impl Node {
    /// The attribute called `name`.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(key, _)| *key == name)?;
        Some(&found.1)
    }

    /// Sets an attribute.
    pub(super) fn set(&mut self, name: &'static str, value: impl Into<String>) {
        self.attributes.retain(|(key, _)| *key != name);
        self.attributes.push((name, value.into()));
    }
}

/// All nodes of a document; the first is the document.
#[derive(Debug)]
pub(super) struct Tree {
    nodes: Vec<Node>,
    /// Line that the parser reads; a node that joins the document without a line gets it.
    pub(super) current_line: Option<usize>,
    /// Work that grows with the number of siblings or of nodes, in nodes and names passed or moved; it shows that a
    /// text costs no more than its length.
    steps: Cell<usize>,
}

impl std::ops::Index<NodeId> for Tree {
    type Output = Node;
    fn index(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }
}

impl std::ops::IndexMut<NodeId> for Tree {
    fn index_mut(&mut self, id: NodeId) -> &mut Node {
        &mut self.nodes[id.0 as usize]
    }
}

impl Tree {
    /// A tree with an empty document.
    pub(super) fn new() -> Self {
        let mut tree = Self {
            nodes: Vec::new(),
            current_line: None,
            steps: Cell::new(0),
        };
        tree.create(Kind::Document);
        tree
    }

    /// Counts work done on the tree.
    pub(super) fn count(&self, steps: usize) {
        self.steps.set(self.steps.get() + steps);
    }

    /// All work so far.
    #[cfg(test)]
    pub(super) fn steps(&self) -> usize {
        self.steps.get()
    }

    /// The document.
    pub(super) fn root(&self) -> NodeId {
        NodeId(0)
    }

    /// Number of nodes ever made.
    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// A new node without parent.
    pub(super) fn create(&mut self, kind: Kind) -> NodeId {
        let id =
            NodeId(u32::try_from(self.nodes.len()).expect("fewer nodes than characters of text"));
        self.nodes.push(Node {
            kind,
            parent: None,
            place: 0,
            joined: false,
            children: Vec::new(),
            text: String::new(),
            line: None,
            ids: Vec::new(),
            names: Vec::new(),
            dupnames: Vec::new(),
            classes: Vec::new(),
            backrefs: Vec::new(),
            refid: None,
            refuri: None,
            refname: None,
            anonymous: false,
            resolved: false,
            visiting: false,
            auto: None,
            attributes: Vec::new(),
            pending: None,
        });
        id
    }

    /// A new text node.
    pub(super) fn text(&mut self, text: impl Into<String>) -> NodeId {
        let id = self.create(Kind::Text);
        self[id].text = text.into();
        id
    }

    /// A new node around a text.
    pub(super) fn with_text(&mut self, kind: Kind, text: impl Into<String>) -> NodeId {
        let id = self.create(kind);
        let text = text.into();
        if !text.is_empty() {
            let child = self.text(text);
            self.append(id, child);
        }
        id
    }

    /// A new node around others.
    pub(super) fn with_children(&mut self, kind: Kind, children: Vec<NodeId>) -> NodeId {
        let id = self.create(kind);
        self.append_all(id, children);
        id
    }

    /// Puts `child` at the end of `parent`.
    pub(super) fn append(&mut self, parent: NodeId, child: NodeId) {
        self.insert(parent, self[parent].children.len(), child);
    }

    /// Puts `children` at the end of `parent`.
    pub(super) fn append_all(&mut self, parent: NodeId, children: Vec<NodeId>) {
        for child in children {
            self.append(parent, child);
        }
    }

    /// Puts `child` before the child of `parent` at `index`.
    pub(super) fn insert(&mut self, parent: NodeId, index: usize, child: NodeId) {
        self[child].parent = Some(parent);
        self[child].place = index;
        if !(self[child].joined && self[child].line.is_some()) && self.is_attached(parent) {
            self[child].joined = true;
            self[child].line = self[child].line.or(self.current_line);
        }
        self.count(1 + self[parent].children.len() - index);
        self[parent].children.insert(index, child);
    }

    fn is_attached(&self, mut id: NodeId) -> bool {
        while let Some(parent) = self[id].parent {
            self.count(1);
            id = parent;
        }
        id == self.root()
    }

    /// Takes all children off a node.
    pub(super) fn take_children(&mut self, id: NodeId) -> Vec<NodeId> {
        let children = std::mem::take(&mut self[id].children);
        for child in &children {
            self[*child].parent = None;
        }
        children
    }

    /// Place of a node among its siblings.
    pub(super) fn index_in_parent(&self, id: NodeId) -> Option<(NodeId, usize)> {
        let parent = self[id].parent?;
        let siblings = &self[parent].children;
        let place = self[id].place.min(siblings.len());
        let (before, after) = siblings.split_at(place);
        // Outwards from where it was put, as nothing moves a node far.
        let distance = (0..=place.max(after.len())).find(|distance| {
            after.get(*distance) == Some(&id)
                || place.checked_sub(*distance).and_then(|at| before.get(at)) == Some(&id)
        })?;
        self.count(1 + distance);
        let index = match after.get(distance) == Some(&id) {
            true => place + distance,
            false => place - distance,
        };
        Some((parent, index))
    }

    /// Takes all nodes out of their parents that `goes` tells, in one walk.
    pub(super) fn remove_all(&mut self, goes: impl Fn(&Node) -> bool) {
        for id in self.descendants(self.root()) {
            let has_any = |tree: &Self| tree[id].children.iter().any(|child| goes(&tree[*child]));
            if self[id].children.is_empty() || !has_any(self) {
                continue;
            }
            for child in self.take_children(id) {
                match goes(&self[child]) {
                    true => {}
                    false => self.put_back(id, child),
                }
            }
        }
    }

    /// Puts the children of fragments in the place of the fragments, below `id`.
    pub(super) fn dissolve_fragments(&mut self) {
        for id in self.descendants(self.root()) {
            let is_fragment = |tree: &Self, id: NodeId| tree[id].kind == Kind::Fragment;
            if is_fragment(self, id)
                || !self[id]
                    .children
                    .iter()
                    .any(|child| is_fragment(self, *child))
            {
                continue;
            }
            let mut waiting = self.take_children(id);
            waiting.reverse();
            while let Some(child) = waiting.pop() {
                match is_fragment(self, child) {
                    true => waiting.extend(self.take_children(child).into_iter().rev()),
                    false => self.put_back(id, child),
                }
            }
        }
    }

    /// Appends a node that was here before.
    fn put_back(&mut self, parent: NodeId, child: NodeId) {
        self[child].parent = Some(parent);
        self[child].place = self[parent].children.len();
        self[parent].children.push(child);
    }

    /// Takes a node out of its parent.
    pub(super) fn remove(&mut self, id: NodeId) {
        if let Some((parent, index)) = self.index_in_parent(id) {
            self[parent].children.remove(index);
            self.count(1 + self[parent].children.len() - index);
            self[id].parent = None;
        }
    }

    /// Puts one node in the place of another.
    pub(super) fn replace(&mut self, id: NodeId, other: NodeId) {
        let Some((parent, index)) = self.index_in_parent(id) else {
            return;
        };
        self[other].parent = Some(parent);
        self[other].place = index;
        self[id].parent = None;
        self[parent].children[index] = other;
    }

    /// Every node below `id`, itself included, in document order.
    pub(super) fn descendants(&self, id: NodeId) -> Vec<NodeId> {
        let (mut found, mut stack) = (Vec::new(), vec![id]);
        while let Some(next) = stack.pop() {
            found.push(next);
            stack.extend(self[next].children.iter().rev());
        }
        self.count(found.len());
        found
    }

    /// Nodes of one kind below `id`, in document order.
    pub(super) fn find_all(&self, id: NodeId, kind: Kind) -> Vec<NodeId> {
        let mut found = self.descendants(id);
        found.retain(|node| self[*node].kind == kind);
        found
    }

    /// The node after `id` in document order, below it first when `descend`.
    pub(super) fn next_node(&self, id: NodeId, descend: bool) -> Option<NodeId> {
        if descend && let Some(first) = self[id].children.first() {
            return Some(*first);
        }
        let mut at = id;
        loop {
            let (parent, index) = self.index_in_parent(at)?;
            if let Some(next) = self[parent].children.get(index + 1) {
                return Some(*next);
            }
            at = parent;
        }
    }

    /// A copy of a node and all below it, without parent.
    pub(super) fn deep_copy(&mut self, id: NodeId) -> NodeId {
        let copy = self.create(self[id].kind);
        let node = Node {
            parent: None,
            children: Vec::new(),
            ..self[id].clone()
        };
        self[copy] = node;
        for child in self[id].children.clone() {
            let child = self.deep_copy(child);
            self.put_back(copy, child);
        }
        copy
    }

    /// Text of a node with escapes resolved; blocks are parted by empty lines.
    pub(super) fn plain_text(&self, id: NodeId) -> String {
        let node = &self[id];
        if node.kind == Kind::Text {
            return super::chars::unescape(&node.text);
        }
        if node.kind == Kind::Image {
            return node.get("alt").unwrap_or_default().to_owned();
        }
        let separator = if node.kind.is_text_element() {
            ""
        } else {
            "\n\n"
        };
        let parts: Vec<String> = node
            .children
            .iter()
            .map(|child| self.plain_text(*child))
            .collect();
        parts.join(separator)
    }

    /// Line of the nearest node, from `id` upwards, that knows where it came from. It need not know
    /// the line.
    pub(super) fn line_of(&self, mut id: NodeId) -> Option<Option<usize>> {
        loop {
            if self[id].line.is_some() || self[id].joined {
                return Some(self[id].line);
            }
            id = self[id].parent?;
        }
    }
}
