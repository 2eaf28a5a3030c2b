//! Elements, one arm or function for each kind of node.

use super::Writer;
use super::tag::{Tag, encode};
use crate::rst::chars::unescape;
use crate::rst::tree::{Kind, NodeId};

/// Inline elements that a class turns a role into.
const INLINE_TAGS: [&str; 15] = [
    "code", "kbd", "dfn", "samp", "var", "bdi", "del", "ins", "mark", "small", "b", "i", "q", "s",
    "u",
];

const LINE: &str = "\n";

impl Writer<'_> {
    fn wrap(&mut self, id: NodeId, name: &str, tag: &Tag, close: &str) {
        self.open(id, name, tag);
        self.children(id);
        self.out.push_str(&format!("</{name}>{close}"));
    }

    /// Nodes that become one element around their children.
    pub(super) fn element(&mut self, id: NodeId) {
        let block = |behind| Tag {
            behind,
            suffix: LINE,
            ..Tag::default()
        };
        let line = |behind| Tag {
            behind,
            ..Tag::default()
        };
        match self.tree[id].kind {
            Kind::Paragraph => self.paragraph(id),
            Kind::Emphasis => self.wrap(id, "em", &line(&[]), ""),
            Kind::Strong => self.wrap(id, "strong", &line(&[]), ""),
            Kind::Subscript => self.wrap(id, "sub", &line(&[]), ""),
            Kind::Superscript => self.wrap(id, "sup", &line(&[]), ""),
            Kind::TitleReference => self.wrap(id, "cite", &line(&[]), ""),
            Kind::Abbreviation | Kind::Acronym => self.wrap(id, "abbr", &line(&[]), ""),
            Kind::Section => self.wrap(id, "section", &block(&[]), LINE),
            Kind::BlockQuote => self.wrap(id, "blockquote", &block(&[]), LINE),
            Kind::Attribution => {
                let tag = Tag {
                    behind: &["attribution"],
                    suffix: "\u{2014}",
                    ..Tag::default()
                };
                self.wrap(id, "p", &tag, LINE);
            }
            Kind::ListItem => self.wrap(id, "li", &line(&[]), LINE),
            Kind::EnumeratedList => self.enumerated(id),
            Kind::DefinitionList => self.definition_list(id),
            Kind::DefinitionListItem if self.has_class(self.tree[id].parent, "details") => {
                self.wrap(id, "details", &block(&[]), LINE);
            }
            Kind::Definition if self.has_class(self.grandparent(id), "details") => {
                self.children(id)
            }
            Kind::Definition | Kind::Description => self.wrap(id, "dd", &line(&[]), LINE),
            Kind::FieldList | Kind::Docinfo => self.fields(id),
            Kind::FieldName | Kind::FieldBody => self.field_part(id),
            Kind::OptionList => self.wrap(id, "dl", &block(&["option-list"]), LINE),
            Kind::OptionGroup => {
                let tag = Tag {
                    suffix: "<kbd>",
                    ..Tag::default()
                };
                self.open(id, "dt", &tag);
                self.children(id);
                self.out.push_str("</kbd></dt>\n");
            }
            Kind::Option => {
                let close = if self.sibling(id, 1).is_some() {
                    ", "
                } else {
                    ""
                };
                self.wrap(id, "span", &line(&["option"]), close);
            }
            Kind::OptionArgument => {
                let delimiter = self.tree[id].get("delimiter").unwrap_or(" ").to_owned();
                self.out.push_str(&delimiter);
                self.wrap(id, "var", &line(&[]), "");
            }
            Kind::LineBlock => self.wrap(id, "div", &block(&["line-block"]), LINE),
            Kind::Line => {
                let suffix = if self.tree[id].children.is_empty() {
                    "<br>"
                } else {
                    ""
                };
                self.wrap(
                    id,
                    "div",
                    &Tag {
                        suffix,
                        ..line(&["line"])
                    },
                    LINE,
                );
            }
            Kind::DoctestBlock => {
                let tag = Tag {
                    before: &["code", "python", "doctest"],
                    ..Tag::default()
                };
                self.open(id, "pre", &tag);
                self.children(id);
                self.out.push_str("\n</pre>\n");
            }
            Kind::LiteralBlock => self.literal_block(id),
            Kind::Rubric => self.wrap(id, "p", &line(&["rubric"]), LINE),
            Kind::Compound => self.wrap(id, "div", &block(&["compound"]), LINE),
            Kind::Container => self.wrap(id, "div", &block(&["docutils", "container"]), LINE),
            Kind::Sidebar => self.wrap(id, "aside", &block(&["sidebar"]), LINE),
            Kind::Topic => self.topic(id),
            Kind::Admonition(name) => self.admonition(id, name),
            Kind::Figure => self.figure(id),
            Kind::Caption => {
                self.open(id, "figcaption", &block(&[]));
                self.out.push_str("<p>");
                self.children(id);
                self.out.push_str("</p>\n");
            }
            Kind::Legend => {
                let before = self.sibling(id, -1);
                if before.is_none_or(|before| self.tree[before].kind != Kind::Caption) {
                    self.out.push_str("<figcaption>\n");
                }
                self.wrap(id, "div", &block(&["legend"]), LINE);
            }
            Kind::Transition => self.open(
                id,
                "hr",
                &Tag {
                    behind: &["docutils"],
                    suffix: LINE,
                    empty: true,
                    ..Tag::default()
                },
            ),
            Kind::Target => self.target(id),
            Kind::Generated => {
                let number = self.tree.plain_text(id);
                let number = encode(number.trim_end_matches('\u{a0}'));
                self.out
                    .push_str(&format!("<span class=\"sectnum\">{number} </span>"));
            }
            Kind::Authors
            | Kind::Organization
            | Kind::Address
            | Kind::Contact
            | Kind::Version
            | Kind::Revision
            | Kind::Status
            | Kind::Date
            | Kind::Copyright
            | Kind::Author => {
                self.biblio(id);
            }
            Kind::Comment
            | Kind::SubstitutionDefinition
            | Kind::Pending
            | Kind::Decoration
            | Kind::Meta
            | Kind::SystemMessage => {}
            _ => self.children(id),
        }
    }

    fn paragraph(&mut self, id: NodeId) {
        let parent = self.tree[id].parent;
        let alone = parent.is_some_and(|parent| {
            matches!(self.tree[parent].kind, Kind::ListItem | Kind::Entry)
                && self.tree[parent].children.len() == 1
        });
        self.wrap(id, "p", &Tag::default(), if alone { "" } else { LINE });
    }

    pub(super) fn bullet_list(&mut self, id: NodeId, simple: bool) {
        let behind: &[&str] = if simple { &["simple"] } else { &[] };
        self.wrap(
            id,
            "ul",
            &Tag {
                behind,
                suffix: LINE,
                ..Tag::default()
            },
            LINE,
        );
    }

    fn enumerated(&mut self, id: NodeId) {
        let start = self.tree[id]
            .get("start")
            .map(|start| ("start", start.to_owned()));
        let attributes: Vec<(&str, String)> = start.into_iter().collect();
        let tag = Tag {
            attributes: &attributes,
            suffix: LINE,
            ..Tag::default()
        };
        self.wrap(id, "ol", &tag, LINE);
    }

    fn definition_list(&mut self, id: NodeId) {
        if self.has_class(Some(id), "details") {
            return self.wrap(
                id,
                "div",
                &Tag {
                    suffix: LINE,
                    ..Tag::default()
                },
                LINE,
            );
        }
        let before: &[&str] = if self.is_compact(id) {
            &["simple"]
        } else {
            &[]
        };
        self.wrap(
            id,
            "dl",
            &Tag {
                before,
                suffix: LINE,
                ..Tag::default()
            },
            LINE,
        );
    }

    fn fields(&mut self, id: NodeId) {
        let simple = self.is_compact(id);
        let tag = match (self.tree[id].kind, simple) {
            (Kind::Docinfo, true) => Tag {
                before: &["docinfo", "simple"],
                ..Tag::default()
            },
            (Kind::Docinfo, false) => Tag {
                before: &["docinfo"],
                ..Tag::default()
            },
            (_, true) => Tag {
                behind: &["field-list", "simple"],
                ..Tag::default()
            },
            (_, false) => Tag {
                behind: &["field-list"],
                ..Tag::default()
            },
        };
        self.wrap(
            id,
            "dl",
            &Tag {
                suffix: LINE,
                ..tag
            },
            LINE,
        );
    }

    fn field_part(&mut self, id: NodeId) {
        let Some(field) = self.tree[id].parent else {
            return;
        };
        let classes: Vec<&str> = self.tree[field]
            .classes
            .iter()
            .map(String::as_str)
            .collect();
        let is_name = self.tree[id].kind == Kind::FieldName;
        let ids: &[String] = if is_name { &self.tree[field].ids } else { &[] };
        let tag = Tag {
            before: &classes,
            ids,
            ..Tag::default()
        };
        self.open(id, if is_name { "dt" } else { "dd" }, &tag);
        if !is_name && self.tree[id].children.is_empty() {
            self.out.push_str("<p></p>");
        }
        self.children(id);
        self.out.push_str(match is_name {
            true => "<span class=\"colon\">:</span></dt>\n",
            false => "</dd>\n",
        });
    }

    /// A bibliographic field.
    fn biblio(&mut self, id: NodeId) {
        let kind = self.tree[id].kind;
        let in_authors = self.parent_kind(id) == Some(Kind::Authors);
        let name = kind.tag();
        if !in_authors {
            let label = format!("{kind:?}");
            self.out.push_str(&format!(
                "<dt class=\"{name}\">{label}<span class=\"colon\">:</span></dt>\n"
            ));
            self.open(
                id,
                "dd",
                &Tag {
                    behind: &[&name],
                    ..Tag::default()
                },
            );
        }
        match kind {
            Kind::Author => {
                self.out.push_str("<p>");
                self.children(id);
                self.out
                    .push_str(if in_authors { "</p>\n" } else { "</p>" });
            }
            Kind::Address => {
                self.out.push_str("<pre class=\"address\">");
                self.children(id);
                self.out.push_str("\n</pre>\n");
            }
            _ => self.children(id),
        }
        if !in_authors {
            self.out.push_str("</dd>\n");
        }
    }

    pub(super) fn term(&mut self, id: NodeId) {
        let Some(item) = self.tree[id].parent else {
            return;
        };
        let details = self.has_class(self.tree[item].parent, "details");
        if self.tree[id].kind == Kind::Classifier {
            self.wrap(
                id,
                "span",
                &Tag {
                    behind: &["classifier"],
                    ..Tag::default()
                },
                "",
            );
        } else if details {
            self.open(id, "summary", &Tag::default());
            self.children(id);
        } else {
            let classes: Vec<&str> = self.tree[item].classes.iter().map(String::as_str).collect();
            let tag = Tag {
                before: &classes,
                ids: &self.tree[item].ids,
                ..Tag::default()
            };
            self.open(id, "dt", &tag);
            self.children(id);
        }
        let next = self.sibling(id, 1).map(|next| self.tree[next].kind);
        if next != Some(Kind::Classifier) {
            self.out
                .push_str(if details { "</summary>\n" } else { "</dt>\n" });
        }
    }

    fn literal_block(&mut self, id: NodeId) {
        let code = self.has_class(Some(id), "code");
        self.open(
            id,
            "pre",
            &Tag {
                behind: &["literal-block"],
                ..Tag::default()
            },
        );
        if code {
            self.out.push_str("<code>");
        }
        self.children(id);
        self.out
            .push_str(if code { "</code></pre>\n" } else { "</pre>\n" });
    }

    pub(super) fn inline(&mut self, id: NodeId) {
        let parent = self.tree[id].parent;
        let in_code = self.has_class(parent, "code")
            && matches!(
                self.parent_kind(id),
                Some(Kind::LiteralBlock | Kind::Literal)
            );
        if in_code && self.tree[id].classes == ["ln"] {
            match self.out.strip_suffix("<code>").map(str::len) {
                Some(end) => self.out.truncate(end),
                None => self.out.push_str("</code>"),
            }
            self.wrap(id, "small", &Tag::default(), "<code>");
            return;
        }
        let tag = INLINE_TAGS
            .into_iter()
            .find(|tag| !in_code && self.has_class(Some(id), tag));
        let name = tag.unwrap_or("span");
        self.wrap(
            id,
            name,
            &Tag {
                without: &[name],
                ..Tag::default()
            },
            "",
        );
    }

    pub(super) fn literal(&mut self, id: NodeId) {
        let tag = INLINE_TAGS
            .into_iter()
            .find(|tag| self.has_class(Some(id), tag));
        if tag == Some("code") {
            return self.wrap(
                id,
                "code",
                &Tag {
                    without: &["code"],
                    ..Tag::default()
                },
                "",
            );
        }
        let name = tag.unwrap_or("span");
        let tag = Tag {
            behind: &["docutils", "literal"],
            without: &[name],
            ..Tag::default()
        };
        self.open(id, name, &tag);
        let mut text = self.tree.plain_text(id);
        if self.parent_kind(id) != Some(Kind::LiteralBlock) {
            text = text.replace('\n', " ");
        }
        for token in text.split_inclusive([' ', '\n']) {
            let word = token.trim_end_matches([' ', '\n']);
            if may_wrap(word) {
                self.out
                    .push_str(&format!("<span class=\"pre\">{}</span>", encode(word)));
            } else {
                self.out.push_str(&encode(word));
            }
            self.out.push_str(&token[word.len()..]);
        }
        self.out.push_str(&format!("</{name}>"));
    }

    pub(super) fn math(&mut self, id: NodeId) {
        let code = self.tree.plain_text(id);
        let tag = |suffix| Tag {
            before: &["math"],
            suffix,
            ..Tag::default()
        };
        if self.tree[id].kind == Kind::Math {
            self.open(id, "span", &tag(""));
            self.out
                .push_str(&format!("\\({}\\)</span>", encode(&code)));
            return;
        }
        let outside: String = code
            .split("\\begin{")
            .map(|part| part.rsplit("\\end{").next().unwrap_or(part))
            .collect();
        let name = if outside.contains("\\\\") {
            "align*"
        } else {
            "equation*"
        };
        self.open(id, "div", &tag(LINE));
        let code = encode(&code);
        self.out.push_str(&format!(
            "\\begin{{{name}}}\n{code}\n\\end{{{name}}}\n</div>\n"
        ));
    }

    pub(super) fn image(&mut self, id: NodeId) {
        let node = &self.tree[id];
        let uri = node.get("uri").unwrap_or_default().to_owned();
        let alt = node.get("alt").unwrap_or(&uri).to_owned();
        let align = node.get("align").map(|align| format!("align-{align}"));
        let mut attributes = vec![("alt", alt.clone()), ("src", uri.clone())];
        for name in ["width", "height"] {
            attributes.extend(node.get(name).map(|value| (name, value.to_owned())));
        }
        let is_text = |kind: Option<Kind>| kind.is_some_and(Kind::is_text_element);
        let parent = self.parent_kind(id);
        let outer = self.grandparent(id).map(|outer| self.tree[outer].kind);
        let is_block = !is_text(parent) || (parent == Some(Kind::Reference) && !is_text(outer));
        let suffix = if is_block { LINE } else { "" };
        let before: Vec<&str> = align.as_deref().into_iter().collect();
        let lower = uri.to_ascii_lowercase();
        if [".mp4", ".webm", ".ogv", ".mpg4"]
            .iter()
            .any(|ending| lower.ends_with(ending))
        {
            let (uri, alt) = (encode(&uri), encode(&alt));
            self.out.push_str(&format!(
                "{suffix}<a href=\"{uri}\">{alt}</a>{suffix}{suffix}"
            ));
            return;
        }
        let tag = Tag {
            before: &before,
            attributes: &attributes,
            suffix,
            empty: true,
            ..Tag::default()
        };
        self.open(id, "img", &tag);
    }

    pub(super) fn reference(&mut self, id: NodeId) {
        let node = &self.tree[id];
        let href = match (&node.refuri, &node.refid) {
            (Some(uri), _) => uri.clone(),
            (None, Some(id)) => format!("#{id}"),
            (None, None) => String::new(),
        };
        self.in_mailto = href.starts_with("mailto:");
        let href = if self.in_mailto {
            href.replace('@', "%40")
        } else {
            href
        };
        let in_text = self.parent_kind(id).is_some_and(Kind::is_text_element);
        let end = if in_text { "" } else { LINE };
        let attributes = [("href", href)];
        self.wrap(
            id,
            "a",
            &Tag {
                attributes: &attributes,
                suffix: end,
                ..Tag::default()
            },
            end,
        );
        self.in_mailto = false;
    }

    fn target(&mut self, id: NodeId) {
        let node = &self.tree[id];
        if node.refuri.is_some() || node.refid.is_some() || node.refname.is_some() {
            return self.children(id);
        }
        self.wrap(
            id,
            "span",
            &Tag {
                behind: &["target"],
                ..Tag::default()
            },
            "",
        );
    }

    pub(super) fn note(&mut self, id: NodeId) {
        let kind = self.tree[id].kind;
        let is_same =
            |other: Option<NodeId>| other.is_some_and(|other| self.tree[other].kind == kind);
        let (first, last) = (
            !is_same(self.sibling(id, -1)),
            !is_same(self.sibling(id, 1)),
        );
        let (name, list, before): (_, _, &[&str]) = match kind {
            Kind::Footnote => ("aside", "footnote-list brackets", &["footnote", "brackets"]),
            _ => ("div", "citation-list", &["citation"]),
        };
        if first {
            self.out.push_str(&format!("<{name} class=\"{list}\">\n"));
        }
        self.wrap(
            id,
            name,
            &Tag {
                before,
                suffix: LINE,
                ..Tag::default()
            },
            LINE,
        );
        if last {
            self.out.push_str(&format!("</{name}>\n"));
        }
    }

    pub(super) fn label(&mut self, id: NodeId) {
        const OPEN: &str = "<span class=\"label\"><span class=\"fn-bracket\">[</span>";
        let backrefs = self.tree[id]
            .parent
            .map_or(&[][..], |note| &self.tree[note].backrefs);
        self.out.push_str(OPEN);
        if let [only] = backrefs {
            self.out.push_str(&format!("<a href=\"#{only}\">"));
        }
        self.children(id);
        if backrefs.len() == 1 {
            self.out.push_str("</a>");
        }
        self.out
            .push_str("<span class=\"fn-bracket\">]</span></span>\n");
        if backrefs.len() > 1 {
            let numbered = backrefs.iter().enumerate();
            let links: Vec<String> = numbered
                .map(|(n, id)| format!("<a href=\"#{id}\">{}</a>", n + 1))
                .collect();
            self.out.push_str(&format!(
                "<span class=\"backrefs\">({})</span>\n",
                links.join(",")
            ));
        }
    }

    pub(super) fn note_reference(&mut self, id: NodeId) {
        let href = format!("#{}", self.tree[id].refid.as_deref().unwrap_or_default());
        let attributes = [("href", href)];
        let (open, close) = match self.tree[id].kind {
            Kind::FootnoteReference => (
                "<span class=\"fn-bracket\">[</span>",
                "<span class=\"fn-bracket\">]</span></a>",
            ),
            _ => ("[", "]</a>"),
        };
        self.open(
            id,
            "a",
            &Tag {
                attributes: &attributes,
                ..Tag::default()
            },
        );
        self.out.push_str(open);
        self.children(id);
        self.out.push_str(close);
    }

    fn topic(&mut self, id: NodeId) {
        let name = match () {
            () if self.has_class(Some(id), "contents") => "nav",
            () if self.has_class(Some(id), "abstract") => "div",
            () if self.has_class(Some(id), "dedication") => "div",
            () => "aside",
        };
        let before: &[&str] = if name == "nav" { &[] } else { &["topic"] };
        self.wrap(
            id,
            name,
            &Tag {
                before,
                suffix: LINE,
                ..Tag::default()
            },
            LINE,
        );
    }

    fn admonition(&mut self, id: NodeId, name: &str) {
        let tag = Tag {
            before: &["admonition"],
            behind: &[name],
            suffix: LINE,
            ..Tag::default()
        };
        self.open(id, "aside", &tag);
        if name != "admonition" {
            let (first, rest) = name.split_at(1);
            let label = format!("{}{rest}", first.to_ascii_uppercase());
            let label = if name == "attention"
                || name == "caution"
                || name == "danger"
                || name == "warning"
            {
                if name == "danger" {
                    "!DANGER!".to_owned()
                } else {
                    label + "!"
                }
                .replace("Warning!", "Warning")
                .replace("Caution!", "Caution!")
            } else {
                label
            };
            self.out
                .push_str(&format!("<p class=\"admonition-title\">{label}</p>\n"));
        }
        self.children(id);
        self.out.push_str("</aside>\n");
    }

    fn figure(&mut self, id: NodeId) {
        let align = self.tree[id]
            .get("align")
            .map(|align| format!("align-{align}"));
        let behind: Vec<&str> = align.as_deref().into_iter().collect();
        self.open(
            id,
            "figure",
            &Tag {
                behind: &behind,
                suffix: LINE,
                ..Tag::default()
            },
        );
        self.children(id);
        let end = if self.tree[id].children.len() > 1 {
            "</figcaption>\n"
        } else {
            ""
        };
        self.out.push_str(&format!("{end}</figure>\n"));
    }

    pub(super) fn title(&mut self, id: NodeId) {
        let Some(parent) = self.tree[id].parent else {
            return;
        };
        let line = |behind| Tag {
            behind,
            ..Tag::default()
        };
        let is_subtitle = self.tree[id].kind == Kind::Subtitle;
        match self.tree[parent].kind {
            // The title of the document is shown elsewhere, and nothing before it is.
            Kind::Document => self.out.clear(),
            Kind::Topic => {
                let contents = self.has_class(Some(parent), "contents");
                self.open(id, "p", &line(&["topic-title"]));
                self.out
                    .push_str(if contents { "<a href=\"#top\">" } else { "" });
                self.children(id);
                self.out
                    .push_str(if contents { "</a></p>\n" } else { "</p>\n" });
            }
            Kind::Sidebar if is_subtitle => self.wrap(id, "p", &line(&["sidebar-subtitle"]), LINE),
            Kind::Sidebar => self.wrap(id, "p", &line(&["sidebar-title"]), LINE),
            Kind::Admonition(_) => self.wrap(id, "p", &line(&["admonition-title"]), LINE),
            Kind::Table => self.wrap(id, "caption", &line(&[]), LINE),
            _ if is_subtitle => {
                let tag = Tag {
                    before: &["section-subtitle"],
                    ..Tag::default()
                };
                self.wrap(id, "p", &tag, LINE);
            }
            _ => self.heading(id, parent),
        }
    }

    fn heading(&mut self, id: NodeId, section: NodeId) {
        let level = (self.section_level + self.first_heading - 1).min(6);
        self.open(id, &format!("h{level}"), &Tag::default());
        let backlink = self.tree[id].refid.clone();
        if let Some(backlink) = &backlink {
            self.out.push_str(&format!("<a href=\"#{backlink}\">"));
        }
        self.children(id);
        if backlink.is_some() {
            self.out.push_str("</a>");
        }
        if let Some(own) = self.tree[section].ids.last() {
            self.out.push_str(&format!(
                "<a title=\"link to this section\" href=\"#{own}\"></a>"
            ));
        }
        self.out.push_str(&format!("</h{level}>\n"));
    }

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

    fn table_group(&mut self, id: NodeId, has_widths: bool) {
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

    fn row(&mut self, row: NodeId, is_head: bool, stubs: &[bool]) {
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

/// Whether a browser might break a word of a literal.
fn may_wrap(word: &str) -> bool {
    let word = unescape(word);
    let chars: Vec<char> = word.chars().collect();
    let is_other = |c: char| !c.is_alphanumeric() && c != '_';
    let n = chars.len();
    let double = n >= 4 && (1..n - 2).any(|at| is_other(chars[at]) && is_other(chars[at + 1]));
    double || (n >= 2 && chars[..n - 1].iter().any(|c| matches!(c, '-' | '?')))
}
