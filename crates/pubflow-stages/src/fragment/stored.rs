//! A fragment as it lies on disk: docs/units.md.

use pubflow_spec::Sha256;
use serde::{Deserialize, Serialize};

use super::{Fragment, FragmentFile};

/// Raised when a key changes its meaning.
const FORM: u32 = 1;

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    form: u32,
    unit: String,
    commit: Option<String>,
    plan: String,
    files: Vec<StoredFile>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredFile {
    name: String,
    size: u64,
    sha256: String,
}

#[derive(Debug, Deserialize)]
struct Form {
    form: u32,
}

pub(super) fn text(fragment: &Fragment) -> String {
    let file = |file: &FragmentFile| StoredFile {
        name: file.name.clone(),
        size: file.size,
        sha256: file.sha256.to_string(),
    };
    let stored = Stored {
        form: FORM,
        unit: fragment.unit.clone(),
        commit: fragment.commit.clone(),
        plan: fragment.plan.to_string(),
        files: fragment.files.iter().map(file).collect(),
    };
    serde_json::to_string_pretty(&stored).expect("texts and numbers serialise") + "\n"
}

pub(super) fn read(bytes: &[u8]) -> Result<Fragment, String> {
    let form: Form = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    if form.form != FORM {
        return Err(format!(
            "its form is {}, this pubflow reads {FORM}",
            form.form
        ));
    }
    let stored: Stored = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    let digest = |text: &str| {
        text.parse::<Sha256>()
            .map_err(|_| format!("`{text}` is no SHA-256"))
    };
    let file = |file: StoredFile| {
        Ok::<_, String>(FragmentFile {
            sha256: digest(&file.sha256)?,
            name: file.name,
            size: file.size,
        })
    };
    Ok(Fragment {
        unit: stored.unit,
        commit: stored.commit,
        plan: digest(&stored.plan)?,
        files: stored
            .files
            .into_iter()
            .map(file)
            .collect::<Result<_, _>>()?,
    })
}
