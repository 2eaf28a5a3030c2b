//! The grammar of markers.

use std::fmt;

use super::literal::unescape;
use super::{Comparison, Condition, Group, Joint, Marker, MarkerOperator, MarkerVariable, Operand};
use crate::project_name::normalize;
use crate::specifier::Operator;
use crate::syntax::{Expectation, Scanner, SyntaxError};

/// Deepest nesting of parentheses; the reference implementation gives up near this too, and
/// reading, printing and evaluating use the stack.
const DEEPEST: usize = 300;

/// Every spelling of every variable.
const VARIABLES: [(&str, MarkerVariable); 20] = [
    ("python_version", MarkerVariable::PythonVersion),
    ("python_full_version", MarkerVariable::PythonFullVersion),
    ("os_name", MarkerVariable::OsName),
    ("os.name", MarkerVariable::OsName),
    ("sys_platform", MarkerVariable::SysPlatform),
    ("sys.platform", MarkerVariable::SysPlatform),
    ("platform_release", MarkerVariable::PlatformRelease),
    ("platform_system", MarkerVariable::PlatformSystem),
    ("platform_version", MarkerVariable::PlatformVersion),
    ("platform.version", MarkerVariable::PlatformVersion),
    ("platform_machine", MarkerVariable::PlatformMachine),
    ("platform.machine", MarkerVariable::PlatformMachine),
    (
        "platform_python_implementation",
        MarkerVariable::PlatformPythonImplementation,
    ),
    (
        "platform.python_implementation",
        MarkerVariable::PlatformPythonImplementation,
    ),
    (
        "python_implementation",
        MarkerVariable::PlatformPythonImplementation,
    ),
    ("implementation_name", MarkerVariable::ImplementationName),
    (
        "implementation_version",
        MarkerVariable::ImplementationVersion,
    ),
    ("extra", MarkerVariable::Extra),
    ("extras", MarkerVariable::Extras),
    ("dependency_groups", MarkerVariable::DependencyGroups),
];

/// Why a text is no marker.
pub type MarkerError = SyntaxError<MarkerExpected>;

/// What a marker was expected to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarkerExpected {
    /// A variable or a quoted text.
    Operand,
    /// A quoted text that is a Python string literal.
    Literal,
    /// A comparison.
    Operator,
    /// `in` behind `not`.
    InAfterNot,
    /// `)`
    ClosingParenthesis,
    /// Fewer parentheses in each other.
    LessNesting,
    /// `and`, `or` or the end.
    End,
}

impl fmt::Display for MarkerExpected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Operand => "a marker variable or a quoted text",
            Self::Literal => "a valid Python string literal",
            Self::Operator => {
                "one of `<=`, `<`, `!=`, `==`, `>=`, `>`, `~=`, `===`, `in`, `not in`"
            }
            Self::InAfterNot => "`in` after `not`",
            Self::ClosingParenthesis => "`)`, `and` or `or`",
            Self::LessNesting => return write!(f, "at most {DEEPEST} nested parentheses"),
            Self::End => "`and`, `or` or the end of the marker",
        })
    }
}

impl Expectation for MarkerExpected {
    const SUBJECT: &'static str = "an environment marker";
}

/// A marker and the blanks around it. After an error the scanner stands where it is.
pub(crate) fn scan_marker(scanner: &mut Scanner<'_>) -> Result<Marker, MarkerExpected> {
    let root = scan_group(scanner, DEEPEST)?;
    Ok(Marker { root })
}

fn scan_group(scanner: &mut Scanner<'_>, depth_left: usize) -> Result<Group, MarkerExpected> {
    let first = Box::new(scan_condition(scanner, depth_left)?);
    let mut rest = Vec::new();
    loop {
        let joint = if scanner.eat_word("and") {
            Joint::And
        } else if scanner.eat_word("or") {
            Joint::Or
        } else {
            return Ok(Group { first, rest });
        };
        rest.push((joint, scan_condition(scanner, depth_left)?));
    }
}

fn scan_condition(
    scanner: &mut Scanner<'_>,
    depth_left: usize,
) -> Result<Condition, MarkerExpected> {
    scanner.skip_blanks();
    let condition = if scanner.peek() == Some('(') {
        let deeper = depth_left.checked_sub(1);
        let deeper = deeper.ok_or(MarkerExpected::LessNesting)?;
        scanner.eat("(");
        let group = scan_group(scanner, deeper)?;
        if !scanner.eat(")") {
            return Err(MarkerExpected::ClosingParenthesis);
        }
        Condition::Group(group)
    } else {
        Condition::Comparison(scan_comparison(scanner)?)
    };
    scanner.skip_blanks();
    Ok(condition)
}

fn scan_comparison(scanner: &mut Scanner<'_>) -> Result<Comparison, MarkerExpected> {
    let mut left = scan_operand(scanner)?;
    scanner.skip_blanks();
    let operator = scan_operator(scanner)?;
    scanner.skip_blanks();
    let mut right = scan_operand(scanner)?;
    normalize_names(&mut left, &mut right);
    Ok(Comparison {
        left,
        operator,
        right,
    })
}

/// Names of extras and groups are compared in their normal form (PEP 685).
fn normalize_names(left: &mut Operand, right: &mut Operand) {
    let name = match (left, right) {
        (Operand::Variable(MarkerVariable::Extra), Operand::Literal(name)) => name,
        (Operand::Literal(name), Operand::Variable(variable))
            if *variable == MarkerVariable::Extra || variable.is_set() =>
        {
            name
        }
        _ => return,
    };
    *name = normalize(name).into();
}

fn scan_operand(scanner: &mut Scanner<'_>) -> Result<Operand, MarkerExpected> {
    let variable = VARIABLES.iter().find(|(name, _)| scanner.eat_word(name));
    if let Some((_, variable)) = variable {
        return Ok(Operand::Variable(*variable));
    }
    let start = *scanner;
    for quote in ['"', '\''] {
        if !scanner.eat_one_of(&[quote]) {
            continue;
        }
        let inner = scanner.take_while(|c| c != quote);
        let value = scanner.eat_one_of(&[quote]).then(|| unescape(inner));
        return match value {
            Some(Some(value)) => Ok(Operand::Literal(value.into())),
            Some(None) => {
                scanner.set(start);
                Err(MarkerExpected::Literal)
            }
            None => {
                scanner.set(start);
                Err(MarkerExpected::Operand)
            }
        };
    }
    Err(MarkerExpected::Operand)
}

fn scan_operator(scanner: &mut Scanner<'_>) -> Result<MarkerOperator, MarkerExpected> {
    if scanner.eat_word("in") {
        return Ok(MarkerOperator::In);
    }
    if scanner.eat_word("not") {
        return if scanner.skip_blanks() && scanner.eat_word("in") {
            Ok(MarkerOperator::NotIn)
        } else {
            Err(MarkerExpected::InAfterNot)
        };
    }
    let mut operators = Operator::ALL.into_iter();
    let operator = operators.find(|operator| scanner.eat(operator.as_str()));
    let operator = operator.ok_or(MarkerExpected::Operator)?;
    Ok(MarkerOperator::Version(operator))
}
