//! Whether the core metadata speak of the project and version of the file name.

use pubflow_metadata::core_metadata::CoreMetadata;
use pubflow_spec::{ProjectName, Version};

/// Which of the two differs, with both values in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Difference {
    /// The names differ after normalisation.
    Name(String),
    /// The versions are not equal.
    Version(String),
}

/// Compares; a name or version that cannot be read is left to the checks of metadata.
pub(super) fn differences(
    metadata: &CoreMetadata,
    name: &ProjectName,
    version: &Version,
) -> Vec<Difference> {
    let mut found = Vec::new();
    if let Some(given) = metadata.name().map(str::trim)
        && let Ok(told) = ProjectName::parse(given)
        && told != *name
    {
        found.push(Difference::Name(format!(
            "the metadata name the project `{given}`, the file name `{}`",
            name.as_str()
        )));
    }
    if let Some(given) = metadata.version().map(str::trim)
        && let Ok(told) = Version::parse(given)
        && told != *version
    {
        found.push(Difference::Version(format!(
            "the metadata say version `{given}`, the file name `{}`",
            version.as_given()
        )));
    }
    found
}
