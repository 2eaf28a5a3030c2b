//! Environment markers: the conditions after the `;` of a requirement.
//!
//! The values they are compared with come from the caller as a [`MarkerEnvironment`]; nothing is
//! taken from this machine.
//!
//! Spec: "Dependency specifiers" (PEP 508), extras PEP 685, sets PEP 751. Surprise: a value that
//! is not a version turns `>=` into a comparison for equality and `>` into false.

mod display;
mod environment;
mod evaluate;
mod literal;
mod parse;
#[cfg(test)]
mod tests;

use std::str::FromStr;

pub use environment::MarkerEnvironment;
pub use evaluate::EvaluateError;
pub(crate) use parse::scan_marker;
pub use parse::{MarkerError, MarkerExpected};

use crate::syntax::Scanner;

/// A condition on the environment. Equal when the normal forms are.
///
/// ```
/// use pubflow_spec::{Marker, MarkerEnvironment};
/// let marker = Marker::parse("python_version>='3.9' and os.name == 'nt'")?;
/// assert_eq!(marker.to_string(), r#"python_version >= "3.9" and os_name == "nt""#);
/// let environment = MarkerEnvironment::new().with("python_version", "3.12").with("os_name", "nt");
/// assert_eq!(marker.evaluate(&environment), Ok(true));
/// # Ok::<(), pubflow_spec::MarkerError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Marker {
    root: Group,
}

/// Conditions joined by `and` and `or`, of which `and` binds tighter.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    first: Box<Condition>,
    rest: Vec<(Joint, Condition)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Joint {
    And,
    Or,
}

#[derive(Debug, Clone)]
enum Condition {
    Comparison(Comparison),
    /// Something in parentheses.
    Group(Group),
}

#[derive(Debug, Clone)]
struct Comparison {
    left: Operand,
    operator: MarkerOperator,
    right: Operand,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Operand {
    Variable(MarkerVariable),
    Literal(Box<str>),
}

/// The comparisons of markers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MarkerOperator {
    /// One that version specifiers have too.
    Version(crate::specifier::Operator),
    /// `in`
    In,
    /// `not in`
    NotIn,
}

impl MarkerOperator {
    /// How it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Version(operator) => operator.as_str(),
            Self::In => "in",
            Self::NotIn => "not in",
        }
    }
}

/// The variables of markers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MarkerVariable {
    /// `python_version`, such as `3.12`.
    PythonVersion,
    /// `python_full_version`, such as `3.12.1`.
    PythonFullVersion,
    /// `os_name`, such as `posix`.
    OsName,
    /// `sys_platform`, such as `linux`.
    SysPlatform,
    /// `platform_release`, such as `6.1.0`.
    PlatformRelease,
    /// `platform_system`, such as `Linux`.
    PlatformSystem,
    /// `platform_version`, such as `#1 SMP`.
    PlatformVersion,
    /// `platform_machine`, such as `x86_64`.
    PlatformMachine,
    /// `platform_python_implementation`, such as `CPython`.
    PlatformPythonImplementation,
    /// `implementation_name`, such as `cpython`.
    ImplementationName,
    /// `implementation_version`, such as `3.12.1`.
    ImplementationVersion,
    /// `extra`, the extra that is asked for.
    Extra,
    /// `extras`, the set of them, in lock files.
    Extras,
    /// `dependency_groups`, a set, in lock files.
    DependencyGroups,
}

impl MarkerVariable {
    /// The name in the normal form.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PythonVersion => "python_version",
            Self::PythonFullVersion => "python_full_version",
            Self::OsName => "os_name",
            Self::SysPlatform => "sys_platform",
            Self::PlatformRelease => "platform_release",
            Self::PlatformSystem => "platform_system",
            Self::PlatformVersion => "platform_version",
            Self::PlatformMachine => "platform_machine",
            Self::PlatformPythonImplementation => "platform_python_implementation",
            Self::ImplementationName => "implementation_name",
            Self::ImplementationVersion => "implementation_version",
            Self::Extra => "extra",
            Self::Extras => "extras",
            Self::DependencyGroups => "dependency_groups",
        }
    }

    /// Whether its values are sets of names.
    fn is_set(self) -> bool {
        matches!(self, Self::Extras | Self::DependencyGroups)
    }
}

impl Marker {
    /// Reads a marker.
    ///
    /// # Errors
    /// [`MarkerError`] when the text is no marker, or nests parentheses too deeply.
    pub fn parse(text: &str) -> Result<Self, MarkerError> {
        let mut scanner = Scanner::new(text);
        let marker = scan_marker(&mut scanner).map_err(|expected| scanner.error(expected))?;
        if !scanner.at_end() {
            return Err(scanner.error(MarkerExpected::End));
        }
        Ok(marker)
    }

    /// Whether the condition holds in an environment. Every comparison is made, so that an
    /// undefined one is found wherever it stands.
    ///
    /// # Errors
    /// [`EvaluateError`] for the first comparison that has no answer.
    pub fn evaluate(&self, environment: &MarkerEnvironment) -> Result<bool, EvaluateError> {
        self.root.evaluate(environment)
    }

    /// Every variable that is used, in the order of the text, with repetitions.
    #[must_use]
    pub fn variables(&self) -> Vec<MarkerVariable> {
        let mut found = Vec::new();
        self.root.collect_variables(&mut found);
        found
    }
}

impl Group {
    fn conditions(&self) -> impl Iterator<Item = &Condition> {
        std::iter::once(&*self.first).chain(self.rest.iter().map(|(_, condition)| condition))
    }

    fn collect_variables(&self, found: &mut Vec<MarkerVariable>) {
        for condition in self.conditions() {
            match condition {
                Condition::Group(group) => group.collect_variables(found),
                Condition::Comparison(comparison) => {
                    for operand in [&comparison.left, &comparison.right] {
                        if let Operand::Variable(variable) = operand {
                            found.push(*variable);
                        }
                    }
                }
            }
        }
    }
}

impl FromStr for Marker {
    type Err = MarkerError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl PartialEq for Marker {
    fn eq(&self, other: &Self) -> bool {
        self.to_string() == other.to_string()
    }
}

impl Eq for Marker {}
