//! Walks over an XML report with bounds. Document types are passed over, entities are never expanded.

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use super::{ReportError, shape};

/// Elements nest at most this deep; JUnit and Cobertura need less than ten.
const DEEPEST: usize = 64;

/// What is met on the way.
pub(super) enum Node<'a> {
    /// An element begins.
    Open(&'a str, &'a Attributes<'a>),
    /// Text, without the texts of entities.
    Text(&'a str),
    /// An element ends.
    Close(&'a str),
}

/// The attributes of an element.
pub(super) struct Attributes<'a>(&'a BytesStart<'a>);

impl Attributes<'_> {
    /// The value of one.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        let found = self.0.try_get_attribute(name).ok()??;
        Some(match found.normalized_value(XmlVersion::Implicit1_0) {
            Ok(value) => value.into_owned(),
            // An entity of the document's own stays as it is written.
            Err(_) => found.value.into_owned(),
        })
    }

    /// The value of one that is a number.
    pub(super) fn number(&self, name: &str) -> Option<u64> {
        self.get(name)?.trim().parse().ok()
    }
}

/// Shows every node of the document to `visit`.
pub(super) fn walk(
    bytes: &[u8],
    visit: &mut dyn FnMut(Node<'_>) -> Result<(), ReportError>,
) -> Result<(), ReportError> {
    let wrong = |message: String| ReportError::Syntax {
        expected: "XML",
        message,
    };
    let text = std::str::from_utf8(bytes).map_err(|error| wrong(error.to_string()))?;
    let mut reader = Reader::from_str(text);
    let mut depth = 0;
    let mut n_roots = 0;
    loop {
        let event = reader
            .read_event()
            .map_err(|error| wrong(format!("{error}, at byte {}", reader.error_position())))?;
        let (start, is_empty) = match event {
            Event::Start(start) => (start, false),
            Event::Empty(start) => (start, true),
            Event::End(end) => {
                depth -= 1;
                visit(Node::Close(end.name().into_inner()))?;
                continue;
            }
            Event::Text(text) => {
                visit(Node::Text(&text.xml10_content()))?;
                continue;
            }
            Event::CData(text) => {
                visit(Node::Text(&text.xml10_content()))?;
                continue;
            }
            Event::Eof => break,
            Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::DocType(_)
            | Event::GeneralRef(_) => continue,
        };
        if depth == 0 {
            n_roots += 1;
        }
        if depth >= DEEPEST {
            return Err(shape(format!("nests deeper than {DEEPEST} elements")));
        }
        visit(Node::Open(start.name().into_inner(), &Attributes(&start)))?;
        match is_empty {
            true => visit(Node::Close(start.name().into_inner()))?,
            false => depth += 1,
        }
    }
    match (depth, n_roots) {
        (0, 1) => Ok(()),
        (0, n) => Err(wrong(format!("there are {n} roots"))),
        _ => Err(wrong("it ends in the middle".to_owned())),
    }
}
