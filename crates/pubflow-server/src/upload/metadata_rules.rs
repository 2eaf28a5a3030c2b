//! Rules about the core metadata of the form (R030 to R053), which `pubflow-metadata` holds as data.

use hyper::StatusCode;
use pubflow_spec::{ProjectName, Version};

use super::form::Form;
use super::words::quoted;
use crate::answer::Notice;
use crate::index::Index;

/// The metadata versions that PyPI takes (R032).
const METADATA_VERSIONS: [&str; 8] = ["1.0", "1.1", "1.2", "2.1", "2.2", "2.3", "2.4", "2.5"];

/// Checks the metadata and says which release it describes.
pub(super) fn check(form: &Form, index: &Index) -> Result<(ProjectName, Version), Notice> {
    let refusal = |problem: String| {
        let help = index.help("core-metadata");
        Notice::refusal(
            StatusCode::BAD_REQUEST,
            format!("{problem} See {help} for more information."),
        )
    };
    match form.first("metadata_version") {
        Some(version) if METADATA_VERSIONS.contains(&version) => {}
        Some(version) => {
            return Err(refusal(format!(
                "{} is not a valid metadata version.",
                quoted(version)
            )));
        }
        None => return Err(refusal("None is not a valid metadata version.".to_owned())),
    }
    let given = form.first("name").unwrap_or_default();
    let name = ProjectName::parse(given)
        .map_err(|_| refusal(format!("{} is invalid for 'name'.", quoted(given))))?;
    let given = form.first("version").unwrap_or_default();
    if given.is_empty() {
        return Err(refusal("'version' is a required field.".to_owned()));
    }
    let version = Version::parse(given)
        .map_err(|_| refusal(format!("{} is invalid for 'version'.", quoted(given))))?;
    if version.is_local() {
        return Err(refusal(format!(
            "The use of local versions in {} is not allowed.",
            quoted(given)
        )));
    }
    Ok((name, version))
}
