//! Settings in JSON and as rows.

use serde::Serialize;

use crate::config::Origin;

/// What `pubflow config show --format json` prints.
#[derive(Debug, Serialize)]
pub(crate) struct SettingsDocument {
    schema: u32,
    settings: Vec<SettingJson>,
}

impl SettingsDocument {
    /// The document for `settings`.
    pub(crate) fn new(settings: Vec<SettingJson>) -> Self {
        Self {
            schema: super::SCHEMA,
            settings,
        }
    }
}

/// One effective value.
#[derive(Debug, Serialize)]
pub(crate) struct SettingJson {
    key: String,
    value: String,
    origin: String,
}

impl SettingJson {
    /// A value under its key.
    pub(crate) fn new(key: &str, value: &str, origin: &Origin) -> Self {
        Self {
            key: key.to_owned(),
            value: value.to_owned(),
            origin: origin.to_string(),
        }
    }

    /// The cells of its row.
    pub(crate) fn cells(&self) -> Vec<String> {
        vec![self.key.clone(), self.value.clone(), self.origin.clone()]
    }
}
