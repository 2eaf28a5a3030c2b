//! Bibliographic fields: a field list at the start of the document.

use crate::judge::Level;
use crate::rst::chars::{make_id, normal_name, strip};
use crate::rst::line;
use crate::rst::parser::{Parsed, Parser, halt};
use crate::rst::tree::{Kind, NodeId};

/// What a registered field becomes.
fn registered(name: &str) -> Option<Kind> {
    Some(match name {
        "author" => Kind::Author,
        "authors" => Kind::Authors,
        "organization" => Kind::Organization,
        "address" => Kind::Address,
        "contact" => Kind::Contact,
        "version" => Kind::Version,
        "revision" => Kind::Revision,
        "status" => Kind::Status,
        "date" => Kind::Date,
        "copyright" => Kind::Copyright,
        "dedication" | "abstract" => Kind::Topic,
        _ => return None,
    })
}

impl Parser {
    pub(super) fn extract_docinfo(&mut self) -> Parsed<()> {
        let root = self.tree.root();
        let children = self.tree[root].children.clone();
        let first = children
            .iter()
            .find(|id| !self.tree[**id].kind.is_pre_bibliographic());
        let Some(list) = first
            .copied()
            .filter(|id| self.tree[*id].kind == Kind::FieldList)
        else {
            return Ok(());
        };
        let docinfo = self.tree.create(Kind::Docinfo);
        let (mut dedication, mut summary) = (None, None);
        for field in self.tree.take_children(list) {
            let (name_node, body) = (self.tree[field].children[0], self.tree[field].children[1]);
            let first = self.tree[name_node].children.first().copied();
            let name = first
                .map(|first| self.tree.plain_text(first))
                .unwrap_or_default();
            let folded = normal_name(&name);
            let Some(kind) = registered(&folded) else {
                self.keep_field(docinfo, field, &folded);
                continue;
            };
            if self.tree[body].children.is_empty() {
                let message = format!("Cannot extract empty bibliographic field \"{name}\".");
                return halt(Level::Warning, self.node_line(field), message);
            }
            match kind {
                Kind::Topic => {
                    let topic = if folded == "abstract" {
                        &mut summary
                    } else {
                        &mut dedication
                    };
                    if topic.is_some() {
                        let message = format!("There can only be one \"{name}\" field.");
                        return halt(Level::Warning, self.node_line(field), message);
                    }
                    *topic = Some(self.biblio_topic(&folded, body));
                }
                Kind::Authors => {
                    let authors = self.authors(field, body, &name)?;
                    self.tree.append(docinfo, authors);
                }
                kind => {
                    let paragraph = self.only_paragraph(field, body, &name)?;
                    self.clean_keyword(paragraph);
                    let children = self.tree.take_children(paragraph);
                    let node = self.tree.with_children(kind, children);
                    self.tree.append(docinfo, node);
                }
            }
        }
        self.tree.remove(list);
        let stays = [Kind::Title, Kind::Subtitle, Kind::Decoration, Kind::Meta];
        let place = self.tree[root]
            .children
            .iter()
            .position(|id| !stays.contains(&self.tree[*id].kind));
        let place = place.unwrap_or(self.tree[root].children.len());
        let shown = (!self.tree[docinfo].children.is_empty()).then_some(docinfo);
        let nodes = [shown, dedication, summary].into_iter().flatten();
        for (n, node) in nodes.enumerate() {
            self.tree.insert(root, place + n, node);
        }
        Ok(())
    }

    fn keep_field(&mut self, docinfo: NodeId, field: NodeId, name: &str) {
        let body = self.tree[field].children[1];
        if let [only] = self.tree[body].children[..]
            && self.tree[only].kind == Kind::Paragraph
        {
            self.clean_keyword(only);
        }
        let class = make_id(name);
        self.tree[field]
            .classes
            .extend((!class.is_empty()).then_some(class));
        self.tree.append(docinfo, field);
    }

    fn biblio_topic(&mut self, name: &str, body: NodeId) -> NodeId {
        let label = if name == "abstract" {
            "Abstract"
        } else {
            "Dedication"
        };
        let title = self.tree.with_text(Kind::Title, label);
        let topic = self.tree.with_children(Kind::Topic, vec![title]);
        self.tree[topic].classes.push(name.to_owned());
        let children = self.tree.take_children(body);
        self.tree.append_all(topic, children);
        topic
    }

    /// The one paragraph of a field; an initial may have been taken for an enumerator.
    fn only_paragraph(&mut self, field: NodeId, body: NodeId, name: &str) -> Parsed<NodeId> {
        let children = self.tree[body].children.clone();
        if let [only] = children[..]
            && self.tree[only].kind == Kind::Paragraph
        {
            return Ok(only);
        }
        let source = self.tree[body].text.clone();
        if self.tree[children[0]].kind == Kind::EnumeratedList && !strip(&source).contains('\n') {
            let lines = line::split(&format!("\\{source}"));
            let holder = self.tree.create(Kind::Fragment);
            self.nested(lines.into(), 0, holder)?;
            if let [only] = self.tree[holder].children[..]
                && self.tree[only].kind == Kind::Paragraph
            {
                return Ok(only);
            }
        }
        let tags: Vec<String> = children
            .iter()
            .map(|child| format!("<{}>", self.tree[*child].kind.tag()))
            .collect();
        let found = match tags.as_slice() {
            [only] => format!("a {only}"),
            _ => format!("[{}]", tags.join(", ")),
        };
        let message = format!(
            "Bibliographic field \"{name}\"\nmust contain a single <paragraph>, not {found}."
        );
        halt(Level::Warning, self.node_line(field), message)
    }

    fn authors(&mut self, field: NodeId, body: NodeId, name: &str) -> Parsed<NodeId> {
        let children = self.tree[body].children.clone();
        let kind = |id: NodeId| self.tree[id].kind;
        let found: Option<Vec<Vec<NodeId>>> = match children.as_slice() {
            [only] if kind(*only) == Kind::Paragraph => Some(self.authors_in_text(*only)),
            [only] if kind(*only) == Kind::BulletList => self.authors_in_list(*only),
            [_] => None,
            several => several
                .iter()
                .filter(|id| kind(**id) != Kind::Comment)
                .map(|id| (kind(*id) == Kind::Paragraph).then(|| self.tree[*id].children.clone()))
                .collect(),
        };
        let found = found.unwrap_or_default();
        let found: Vec<_> = found
            .into_iter()
            .filter(|author| !author.is_empty())
            .collect();
        if found.is_empty() {
            let message = format!(
                "Cannot extract \"{name}\" from bibliographic field:\n\
                 Bibliographic field \"{name}\" must contain either\n \
                 a single paragraph (with author names separated by a character from the set \
                 \";,\"),\n multiple paragraphs (one per author),\n \
                 or a bullet list with one author name per item.\n\
                 Note: Leading initials can cause (mis)recognizing names as enumerated list."
            );
            return halt(Level::Warning, self.node_line(field), message);
        }
        let authors = self.tree.create(Kind::Authors);
        for children in found {
            let author = self.tree.with_children(Kind::Author, children);
            self.tree.append(authors, author);
        }
        Ok(authors)
    }

    fn authors_in_text(&mut self, paragraph: NodeId) -> Vec<Vec<NodeId>> {
        let texts = self.tree.find_all(paragraph, Kind::Text);
        let text: String = texts
            .iter()
            .map(|id| self.tree[*id].text.as_str())
            .collect();
        let split = |separator: char| -> Vec<String> {
            let mut parts = vec![String::new()];
            let mut before = ' ';
            for c in text.chars() {
                match parts.last_mut() {
                    Some(last) if c != separator || before == '\0' => last.push(c),
                    _ => parts.push(String::new()),
                }
                before = c;
            }
            parts
        };
        let parts = Some(split(';'))
            .filter(|parts| parts.len() > 1)
            .unwrap_or_else(|| split(','));
        let names = parts
            .iter()
            .map(|part| strip(part))
            .filter(|part| !part.is_empty());
        names.map(|name| vec![self.tree.text(name)]).collect()
    }

    fn authors_in_list(&self, list: NodeId) -> Option<Vec<Vec<NodeId>>> {
        let items = self.tree[list].children.iter();
        items
            .map(|item| match self.tree[*item].children[..] {
                [only] if self.tree[only].kind == Kind::Paragraph => {
                    Some(self.tree[only].children.clone())
                }
                _ => None,
            })
            .collect()
    }

    /// Takes the value out of an expanded revision-control keyword.
    fn clean_keyword(&mut self, paragraph: NodeId) {
        let [only] = self.tree[paragraph].children[..] else {
            return;
        };
        let text = self.tree[only].text.clone();
        if self.tree[only].kind != Kind::Text {
            return;
        }
        if let Some(value) = keyword_value(&text) {
            self.tree[only].text = value;
        }
    }
}

/// The text with the first kind of keyword in it replaced by its value: dates lose their time and
/// file names their ending. `None` if there is none.
fn keyword_value(text: &str) -> Option<String> {
    [date_at, file_at, keyword_at].into_iter().find_map(|find| {
        let (mut out, mut at, mut found) = (String::new(), 0, false);
        while let Some(dollar) = text[at..].find('$').map(|dollar| at + dollar) {
            out.push_str(&text[at..dollar]);
            match find(&text[dollar..]) {
                Some((value, length)) => {
                    out.push_str(&value);
                    at = dollar + length;
                    found = true;
                }
                None => {
                    out.push('$');
                    at = dollar + 1;
                }
            }
        }
        out.push_str(&text[at..]);
        found.then_some(out)
    })
}

/// What stands behind `$name: `, for any of its spellings.
fn behind<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let start = text.get(..name.len())?;
    start
        .eq_ignore_ascii_case(name)
        .then(|| &text[name.len()..])
}

/// `$Date: 2002/10/08 01:34:23 $` at the start: the day and the length of all.
fn date_at(text: &str) -> Option<(String, usize)> {
    let rest = behind(text, "$date: ")?;
    let day = rest.get(..10)?;
    let shape = day.chars().enumerate().all(|(n, c)| match n {
        4 | 7 => matches!(c, '-' | '/'),
        _ => c.is_ascii_digit(),
    });
    let time = rest[10..].strip_prefix([' ', 'T', 't'])?;
    let end = time.find('$')?;
    let clock = time[..end].strip_suffix(' ')?;
    let is_date = shape && clock.starts_with(|c: char| c.is_ascii_digit() || c == ':');
    let length = text.len() - time.len() + end + 1;
    is_date.then(|| (day.replace('/', "-"), length))
}

/// `$RCSfile: name,v $` at the start.
fn file_at(text: &str) -> Option<(String, usize)> {
    let rest = behind(text, "$rcsfile: ")?;
    let line = rest.split('\n').next()?;
    let end = line.rfind(",v $").filter(|end| *end > 0)?;
    Some((line[..end].to_owned(), text.len() - rest.len() + end + 4))
}

/// `$Keyword: value $` at the start.
fn keyword_at(text: &str) -> Option<(String, usize)> {
    let (name, rest) = text.strip_prefix('$')?.split_once(": ")?;
    let line = rest.split('\n').next()?;
    let end = line.rfind(" $").filter(|end| *end > 0)?;
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphabetic());
    is_name.then(|| (line[..end].to_owned(), text.len() - rest.len() + end + 2))
}

#[cfg(test)]
mod tests {
    use super::keyword_value;

    #[track_caller]
    fn check(text: &str, value: Option<&str>) {
        assert_eq!(keyword_value(text).as_deref(), value, "{text}");
    }

    #[test]
    fn keywords_leave_their_value() {
        check("$Date: 2002/10/08 01:34:23 $", Some("2002-10-08"));
        check(
            "(a) $date: 2005-03-26T16:21:28.693Z $ (b)",
            Some("(a) 2005-03-26 (b)"),
        );
        check("$RCSfile: a.txt,v $", Some("a.txt"));
        check("at $Revision: 1.7 $.", Some("at 1.7."));
        check("$Date$ costs $5", None);
    }
}
