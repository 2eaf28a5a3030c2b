//! Versions in JSON.

use pubflow_spec::Version;
use serde::Serialize;

use super::number::NumberJson;

/// A version in its normal forms and parts.
#[derive(Debug, Serialize)]
pub(crate) struct VersionJson {
    normalized: String,
    public: String,
    base: String,
    canonical: String,
    epoch: NumberJson,
    release: Vec<NumberJson>,
    pre: Option<(&'static str, NumberJson)>,
    post: Option<NumberJson>,
    dev: Option<NumberJson>,
    local: Option<String>,
    is_prerelease: bool,
}

impl From<&Version> for VersionJson {
    fn from(version: &Version) -> Self {
        Self {
            normalized: version.to_string(),
            public: version.public(),
            base: version.base(),
            canonical: version.canonical(),
            epoch: version.epoch().into(),
            release: version.release().iter().map(NumberJson::from).collect(),
            pre: version
                .pre()
                .map(|(kind, number)| (kind.as_str(), number.into())),
            post: version.post().map(NumberJson::from),
            dev: version.dev().map(NumberJson::from),
            local: version.local(),
            is_prerelease: version.is_prerelease(),
        }
    }
}
