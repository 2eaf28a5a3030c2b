//! Whether a marker holds.
//!
//! A comparison is made between versions when its variable holds versions and the other side,
//! behind the operator, is a version specifier; else between texts. The variable that decides is
//! the left operand, or the right one when the left is a literal. A literal in the place of that
//! variable is looked up by its text, and a variable on the right of another one stands for its
//! own name: both as the reference implementation does.

use std::fmt;

use super::environment::MarkerValue;
use super::{Comparison, Condition, Group, Joint, MarkerEnvironment, MarkerOperator, Operand};
use crate::specifier::{ArbitraryText, Operator, SpecifierClause, scan_clause};
use crate::syntax::Scanner;
use crate::version::Version;

/// Variables whose values are versions.
const VERSION_VARIABLES: [&str; 4] = [
    "implementation_version",
    "platform_release",
    "python_full_version",
    "python_version",
];

/// Why a marker has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EvaluateError {
    /// The operator does not exist for these operands.
    #[error("`{left}` {} `{right}` is not defined for texts", operator.as_str())]
    UndefinedComparison {
        /// The left operand's value.
        left: String,
        /// The operator.
        operator: MarkerOperator,
        /// The right operand's value.
        right: String,
    },
    /// The environment has no value for it.
    #[error("the marker variable `{name}` has no value here")]
    UndefinedVariable {
        /// Its name.
        name: String,
    },
}

impl Group {
    pub(super) fn evaluate(&self, environment: &MarkerEnvironment) -> Result<bool, EvaluateError> {
        let mut holds = false;
        let mut all = self.first.evaluate(environment)?;
        for (joint, condition) in &self.rest {
            let next = condition.evaluate(environment)?;
            match joint {
                Joint::And => all &= next,
                Joint::Or => {
                    holds |= all;
                    all = next;
                }
            }
        }
        Ok(holds | all)
    }
}

impl Condition {
    fn evaluate(&self, environment: &MarkerEnvironment) -> Result<bool, EvaluateError> {
        match self {
            Self::Comparison(comparison) => comparison.evaluate(environment),
            Self::Group(group) => group.evaluate(environment),
        }
    }
}

impl Comparison {
    fn evaluate(&self, environment: &MarkerEnvironment) -> Result<bool, EvaluateError> {
        let look_up = |name: &str| {
            environment
                .value(name)
                .ok_or_else(|| EvaluateError::UndefinedVariable {
                    name: name.to_owned(),
                })
        };
        match &self.left {
            Operand::Variable(variable) => match look_up(variable.as_str())? {
                MarkerValue::Text(left) => {
                    self.compare_texts(variable.as_str(), left, self.right.text())
                }
                MarkerValue::Names(_) => Err(self.undefined(variable.as_str(), self.right.text())),
            },
            Operand::Literal(left) => {
                let key = self.right.text();
                match look_up(key)? {
                    MarkerValue::Text(right) => self.compare_texts(key, left, right),
                    MarkerValue::Names(names) => {
                        let name = crate::project_name::normalize(left);
                        self.compare_with_names(names.contains(&name))
                            .ok_or_else(|| self.undefined(left, key))
                    }
                }
            }
        }
    }

    fn compare_texts(&self, key: &str, left: &str, right: &str) -> Result<bool, EvaluateError> {
        if VERSION_VARIABLES.contains(&key)
            && let Some(clause) = clause(self.operator, right)
        {
            return Ok(clause.matches(left, Version::parse(left).ok().as_ref()));
        }
        Ok(match self.operator {
            MarkerOperator::In => right.contains(left),
            MarkerOperator::NotIn => !right.contains(left),
            MarkerOperator::Version(Operator::Less | Operator::Greater) => false,
            MarkerOperator::Version(
                Operator::Equal | Operator::LessEqual | Operator::GreaterEqual,
            ) => left == right,
            MarkerOperator::Version(Operator::NotEqual) => left != right,
            MarkerOperator::Version(Operator::Compatible | Operator::Arbitrary) => {
                return Err(self.undefined(left, right));
            }
        })
    }

    /// A text never equals a set, so only membership can hold.
    fn compare_with_names(&self, is_member: bool) -> Option<bool> {
        match self.operator {
            MarkerOperator::In => Some(is_member),
            MarkerOperator::NotIn => Some(!is_member),
            MarkerOperator::Version(Operator::Compatible | Operator::Arbitrary) => None,
            MarkerOperator::Version(operator) => Some(operator == Operator::NotEqual),
        }
    }

    fn undefined(&self, left: &str, right: &str) -> EvaluateError {
        EvaluateError::UndefinedComparison {
            left: left.to_owned(),
            operator: self.operator,
            right: right.to_owned(),
        }
    }
}

/// The version clause that operator and value make together, if they make one.
fn clause(operator: MarkerOperator, value: &str) -> Option<SpecifierClause> {
    let MarkerOperator::Version(operator) = operator else {
        return None;
    };
    let text = format!("{}{value}", operator.as_str());
    let mut scanner = Scanner::new(&text);
    let clause = scan_clause(&mut scanner, ArbitraryText::TakesCommas).ok()?;
    scanner.skip_python_space();
    scanner.at_end().then_some(clause)
}

impl Operand {
    fn text(&self) -> &str {
        match self {
            Self::Variable(variable) => variable.as_str(),
            Self::Literal(text) => text,
        }
    }
}

impl fmt::Display for MarkerOperator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
