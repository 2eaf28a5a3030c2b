//! The value types of Python packaging: names, versions, specifiers, markers, requirements,
//! compatibility tags, distribution file names, licence expressions, import names, object references
//! and digests.
//!
//! Text in, values out: nothing here touches a disk, a network, a clock or the environment. Every
//! parser takes time linear in its input, never panics, and says in its error what was expected,
//! what was found and where ([`SyntaxError`]). What the types mean follows the PyPA
//! specifications; where those are silent, the behaviour of the `packaging` library decides,
//! because pip and the index read with it.

mod digest;
mod filename;
mod identifier;
mod import_name;
mod license;
mod marker;
mod object_reference;
mod platform;
mod project_name;
#[cfg(test)]
mod properties;
mod requirement;
mod specifier;
mod standard_library;
mod syntax;
mod tag;
mod tag_words;
mod version;

pub use digest::{
    Blake2b256, DigestError, DigestExpected, DigestHasher, DigestSet, Digests, Md5, Sha256,
};
pub use filename::{
    BuildTag, DistributionFilename, DistributionKind, FilenameError, FilenameExpected,
    SdistFilename, SdistFormat, WheelFilename,
};
pub use identifier::{is_dotted_name, is_python_identifier, is_python_keyword};
pub use import_name::{ImportName, ImportNameError, ImportNameExpected};
pub use license::{LicenseError, LicenseExpected, LicenseExpression};
pub use marker::{
    EvaluateError, Marker, MarkerEnvironment, MarkerError, MarkerExpected, MarkerOperator,
    MarkerVariable,
};
pub use object_reference::{ObjectReference, ObjectReferenceError, ObjectReferenceExpected};
pub use platform::pypi_takes_platform;
pub use project_name::{ProjectName, ProjectNameError, ProjectNameExpected};
pub use requirement::{Requirement, RequirementError, RequirementExpected, RequirementSource};
pub use specifier::{
    Operator, Prereleases, SpecifierClause, SpecifierError, SpecifierExpected, SpecifierSet,
};
pub use syntax::{Expectation, Found, Number, SyntaxError};
pub use tag::{Tag, TagError, TagExpected, TagSet};
pub use tag_words::system_of_platform;
pub use version::{LocalSegment, PreKind, Version, VersionError, VersionExpected};
