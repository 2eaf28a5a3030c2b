//! What is asked about a text: its kind, and the options of that kind.

use pubflow_spec::{
    LicenseExpression, Marker, MarkerEnvironment, Prereleases, ProjectName, Requirement,
    SdistFilename, SpecifierSet, Version, WheelFilename,
};

use crate::cli;
use crate::error::CommandError;
use crate::render::parse::{MarkerJson, Parts, Refusal, SpecifierJson};

/// What is asked about a text.
#[derive(Debug, Clone)]
pub(super) enum Question {
    Version,
    Specifier(Candidate),
    Requirement,
    /// With the values to evaluate with, where any were given.
    Marker(Option<MarkerEnvironment>),
    License,
    Name,
    Wheel,
    Sdist,
}

/// The version that a specifier may take or not.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    /// As written; it need not be a version.
    pub(super) contains: Option<String>,
    pub(super) prereleases: Prereleases,
}

impl Question {
    /// What the command line asks about each text.
    ///
    /// # Errors
    /// An option of the kind has no usable value.
    pub(super) fn of(kind: &cli::ParseKind) -> Result<Self, CommandError> {
        Ok(match kind {
            cli::ParseKind::Version(_) => Self::Version,
            cli::ParseKind::Specifier(args) => Self::Specifier(Candidate {
                contains: args.contains.clone(),
                prereleases: match (args.pre, args.no_pre) {
                    (true, _) => Prereleases::Allow,
                    (false, true) => Prereleases::Deny,
                    (false, false) => Prereleases::Default,
                },
            }),
            cli::ParseKind::Requirement(_) => Self::Requirement,
            cli::ParseKind::Marker(args) => Self::Marker(environment(&args.env)?),
            cli::ParseKind::License(_) => Self::License,
            cli::ParseKind::Name(_) => Self::Name,
            cli::ParseKind::Wheel(_) => Self::Wheel,
            cli::ParseKind::Sdist(_) => Self::Sdist,
        })
    }

    /// The parts of a text, or why it is invalid.
    pub(super) fn answer(&self, text: &str) -> Result<Parts, Refusal> {
        Ok(match self {
            Self::Version => Parts::Version(Box::new((&Version::parse(text)?).into())),
            Self::Specifier(candidate) => {
                let set = SpecifierSet::parse(text)?;
                let contains = candidate.contains.as_deref();
                let contains = contains.map(|text| set.contains_text(text, candidate.prereleases));
                Parts::Specifier(SpecifierJson::new(&set, contains))
            }
            Self::Requirement => Parts::Requirement((&Requirement::parse(text)?).into()),
            Self::Marker(environment) => {
                let marker = Marker::parse(text)?;
                let evaluated = environment.as_ref().map(|values| marker.evaluate(values));
                Parts::Marker(MarkerJson::new(&marker, evaluated))
            }
            Self::License => Parts::License((&LicenseExpression::parse(text)?).into()),
            Self::Name => Parts::Name((&ProjectName::parse(text)?).into()),
            Self::Wheel => Parts::Wheel((&WheelFilename::parse(text)?).into()),
            Self::Sdist => Parts::Sdist((&SdistFilename::parse(text)?).into()),
        })
    }
}

/// The values of `--env`; none without the option, which is not the same as an empty environment.
fn environment(options: &[String]) -> Result<Option<MarkerEnvironment>, CommandError> {
    let mut environment = None;
    for option in options {
        let (name, value) = option
            .split_once('=')
            .ok_or_else(|| CommandError::Argument {
                option: "--env",
                value: option.clone(),
                expected: "NAME=VALUE",
                why: "a marker variable gets its value, such as `python_version=3.12`".to_owned(),
            })?;
        environment
            .get_or_insert_with(MarkerEnvironment::new)
            .set(name, value);
    }
    Ok(environment)
}
