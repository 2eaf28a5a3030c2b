//! The normal form of a marker: double quotes, one space between words, `_` in dotted names, no
//! needless parentheses around a single comparison or around the whole.

use std::fmt;

use super::literal::quote;
use super::{Comparison, Condition, Group, Joint, Marker, Operand};

impl fmt::Display for Marker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.root.format(f, Nesting::Outermost)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Nesting {
    Outermost,
    Inner,
}

impl Group {
    fn format(&self, f: &mut fmt::Formatter<'_>, nesting: Nesting) -> fmt::Result {
        if self.rest.is_empty() {
            return self.first.format(f, nesting);
        }
        let parentheses = nesting == Nesting::Inner;
        if parentheses {
            f.write_str("(")?;
        }
        self.first.format(f, Nesting::Inner)?;
        for (joint, condition) in &self.rest {
            f.write_str(match joint {
                Joint::And => " and ",
                Joint::Or => " or ",
            })?;
            condition.format(f, Nesting::Inner)?;
        }
        if parentheses {
            f.write_str(")")?;
        }
        Ok(())
    }
}

impl Condition {
    fn format(&self, f: &mut fmt::Formatter<'_>, nesting: Nesting) -> fmt::Result {
        match self {
            Self::Comparison(comparison) => write!(f, "{comparison}"),
            Self::Group(group) => group.format(f, nesting),
        }
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.left, self.operator, self.right)
    }
}

impl fmt::Display for Operand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable(variable) => f.write_str(variable.as_str()),
            Self::Literal(text) => f.write_str(&quote(text)),
        }
    }
}
