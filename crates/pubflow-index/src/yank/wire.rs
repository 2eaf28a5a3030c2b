//! The admin API of the embedded index, as far as yanking goes.

use pubflow_spec::{ProjectName, Version};
use serde_json::json;

/// What shall happen to a release.
pub(super) enum Operation<'a> {
    Yank { reason: Option<&'a str> },
    Unyank,
}

pub(super) fn request(
    operation: Operation<'_>,
    project: &ProjectName,
    version: &Version,
) -> Vec<u8> {
    let (name, reason) = match operation {
        Operation::Yank { reason } => ("yank", reason),
        Operation::Unyank => ("unyank", None),
    };
    let mut object = json!({
        "op": name,
        "project": project.normalized(),
        "version": version.to_string(),
    });
    if let Some(reason) = reason {
        object["reason"] = reason.into();
    }
    object.to_string().into_bytes()
}
