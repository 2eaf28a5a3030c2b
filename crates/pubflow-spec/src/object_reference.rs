//! Object references: what an entry point or a build backend stands for.
//!
//! Whether the module and the object exist is checked where their sources are at hand.
//!
//! Spec: "Entry points specification", data model; PEP 517 for `build-backend`.

use std::fmt;
use std::str::FromStr;

use crate::identifier::is_python_identifier;
use crate::project_name::ProjectName;
use crate::syntax::{Expectation, SyntaxError};

/// `module.sub:object.attribute [extra]`, of which only the module has to be there.
///
/// ```
/// use pubflow_spec::ObjectReference;
/// let reference = ObjectReference::parse("demo.cli : main [color]")?;
/// assert_eq!(reference.to_string(), "demo.cli:main [color]");
/// # Ok::<(), pubflow_spec::ObjectReferenceError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ObjectReference {
    /// The module to import.
    pub module: String,
    /// The object in it.
    pub object: Option<String>,
    /// Extras that the entry point needs, an old custom that specifications advise against.
    pub extras: Vec<String>,
}

/// Why a text is no object reference.
pub type ObjectReferenceError = SyntaxError<ObjectReferenceExpected>;

/// What an object reference was expected to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ObjectReferenceExpected {
    /// An identifier in the module's name.
    Module,
    /// An identifier in the object's name.
    Object,
    /// The name of an extra.
    Extra,
    /// `]` at the very end.
    ClosingBracket,
}

impl fmt::Display for ObjectReferenceExpected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Module => "an identifier of the dotted name of a module",
            Self::Object => "an identifier of the dotted name of an object",
            Self::Extra => "the name of an extra",
            Self::ClosingBracket => "`]` at the end",
        })
    }
}

impl Expectation for ObjectReferenceExpected {
    const SUBJECT: &'static str = "an object reference";
}

impl ObjectReference {
    /// Reads a reference; blanks around its parts do not count.
    ///
    /// # Errors
    /// [`ObjectReferenceError`] at the first part that is none.
    pub fn parse(text: &str) -> Result<Self, ObjectReferenceError> {
        let target_end = text.find('[').unwrap_or(text.len());
        let (target, extras) = text.split_at(target_end);
        let (module, object) = match target.split_once(':') {
            Some((module, object)) => (module, Some(object)),
            None => (target, None),
        };
        let after_colon = module.len() + 1;
        Ok(Self {
            module: dotted(text, 0, module, ObjectReferenceExpected::Module)?,
            object: match object {
                Some(object) => Some(dotted(
                    text,
                    after_colon,
                    object,
                    ObjectReferenceExpected::Object,
                )?),
                None => None,
            },
            extras: parse_extras(text, target_end, extras)?,
        })
    }
}

/// The dotted name that stands in a part of the text, without the blanks around it.
fn dotted(
    text: &str,
    start: usize,
    part: &str,
    expected: ObjectReferenceExpected,
) -> Result<String, ObjectReferenceError> {
    let name = part.trim();
    let mut at = start + part.len() - part.trim_start().len();
    for word in name.split('.') {
        if !is_python_identifier(word) {
            let inside = word.char_indices().find(|(n, c)| {
                let so_far = &word[..n + c.len_utf8()];
                !is_python_identifier(so_far)
            });
            let inside = inside.map_or(word.len(), |(n, _)| n);
            return Err(SyntaxError::at(text, at + inside, expected));
        }
        at += word.len() + 1;
    }
    Ok(name.to_owned())
}

/// The names between the brackets that the text may end in.
fn parse_extras(
    text: &str,
    start: usize,
    bracketed: &str,
) -> Result<Vec<String>, ObjectReferenceError> {
    let Some(inner) = bracketed.trim_end().strip_prefix('[') else {
        return Ok(Vec::new());
    };
    let Some(inner) = inner.strip_suffix(']') else {
        let expected = ObjectReferenceExpected::ClosingBracket;
        return Err(SyntaxError::at(text, text.len(), expected));
    };
    let mut at = start + 1;
    let mut extras = Vec::new();
    for part in inner.split(',') {
        let extra = part.trim();
        if ProjectName::parse(extra).is_err() {
            let blanks = part.len() - part.trim_start().len();
            let expected = ObjectReferenceExpected::Extra;
            return Err(SyntaxError::at(text, at + blanks, expected));
        }
        extras.push(extra.to_owned());
        at += part.len() + 1;
    }
    Ok(extras)
}

impl fmt::Display for ObjectReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.module)?;
        if let Some(object) = &self.object {
            write!(f, ":{object}")?;
        }
        if self.extras.is_empty() {
            return Ok(());
        }
        write!(f, " [{}]", self.extras.join(","))
    }
}

impl FromStr for ObjectReference {
    type Err = ObjectReferenceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_object_and_the_extras_may_be_left_out() {
        for (text, printed) in [
            ("m", "m"),
            (" m.n : f.g ", "m.n:f.g"),
            ("m:f[x, y]", "m:f [x,y]"),
            ("größe:f", "größe:f"),
        ] {
            assert_eq!(ObjectReference::parse(text).unwrap().to_string(), printed);
        }
    }

    #[test]
    fn errors_say_where() {
        use ObjectReferenceExpected as E;
        for (text, expected, position) in [
            ("", E::Module, 0),
            ("my-mod:main", E::Module, 2),
            ("a..b", E::Module, 2),
            ("m:", E::Object, 2),
            ("m:main()", E::Object, 6),
            ("é: a b", E::Object, 4),
            ("m:f [x", E::ClosingBracket, 6),
            ("m:f [x] y", E::ClosingBracket, 9),
            ("m:f []", E::Extra, 5),
        ] {
            let error = ObjectReference::parse(text).unwrap_err();
            assert_eq!(
                (*error.expected(), error.position()),
                (expected, position),
                "{text}"
            );
        }
    }
}
