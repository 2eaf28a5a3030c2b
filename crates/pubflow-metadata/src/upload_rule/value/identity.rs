//! Metadata version, name and version (R032, R034 to R036).

use pubflow_spec::{ProjectName, Version};

use super::Collector;
use crate::core_metadata::MetadataVersion;
use crate::quoted::quoted;

pub(super) fn metadata_version(values: &[&str], found: &mut Collector) {
    let given = values.first().copied();
    let known = given
        .and_then(MetadataVersion::parse)
        .is_some_and(|version| version <= MetadataVersion::NEWEST_ON_PYPI);
    if !known {
        let shown = given.map_or_else(|| "None".to_owned(), quoted);
        found.specification(
            "R032",
            0,
            format!("{shown} is not a valid metadata version"),
        );
    }
}

pub(super) fn name(values: &[&str], found: &mut Collector) {
    match values.first().copied().unwrap_or_default() {
        "" => found.specification("R034", 0, "'name' is a required field".to_owned()),
        name if ProjectName::parse(name).is_err() => {
            found.specification("R034", 0, format!("{} is invalid for 'name'", quoted(name)));
        }
        _ => {}
    }
}

pub(super) fn version(values: &[&str], found: &mut Collector) {
    let text = values.first().copied().unwrap_or_default();
    if text.is_empty() {
        found.specification("R035", 0, "'version' is a required field".to_owned());
        return;
    }
    match Version::parse(text) {
        Err(_) => {
            let message = format!("{} is invalid for 'version'", quoted(text));
            found.specification("R035", 0, message);
        }
        Ok(version) if version.is_local() => {
            let shown = quoted(&version.to_string());
            let message = format!("The use of local versions in {shown} is not allowed.");
            found.index("R036", 0, message);
        }
        Ok(_) => {}
    }
}
