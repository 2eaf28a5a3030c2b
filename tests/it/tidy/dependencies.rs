//! Dependencies between the crates point in one direction.

use std::collections::BTreeMap;
use std::process::Command;

use super::root;

/// What each crate may depend on, in the order in which they build on each other.
const MAY_DEPEND_ON: &[(&str, &[&str])] = &[
    ("spec", &[]),
    ("finding", &[]),
    ("readme", &["finding"]),
    ("metadata", &["spec", "finding"]),
    ("dist", &["spec", "finding", "metadata"]),
    ("check", &["spec", "finding", "metadata", "dist", "readme"]),
    ("process", &[]),
    (
        "python",
        &["spec", "finding", "metadata", "dist", "process"],
    ),
    ("http", &[]),
    ("index", &["spec", "finding", "metadata", "http"]),
    ("server", &["spec", "finding", "metadata", "readme", "dist"]),
    ("forge", &["spec", "finding", "process", "http"]),
    ("pipeline", &["spec", "finding"]),
    (
        "stages",
        &[
            "spec", "finding", "metadata", "dist", "check", "process", "python", "http", "index",
            "server", "forge", "pipeline",
        ],
    ),
    ("testkit", &["spec"]),
];

#[test]
fn crates_depend_only_on_what_stands_above_them() {
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--format-version",
            "1",
            "--no-deps",
            "--offline",
        ])
        .current_dir(root())
        .output()
        .unwrap();
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut seen = BTreeMap::new();
    for package in metadata["packages"].as_array().unwrap() {
        let Some(name) = package["name"].as_str().unwrap().strip_prefix("pubflow-") else {
            continue;
        };
        let mut needs = Vec::new();
        for dependency in package["dependencies"].as_array().unwrap() {
            let own = dependency["name"]
                .as_str()
                .unwrap()
                .strip_prefix("pubflow-");
            if let (Some(own), true) = (own, dependency["kind"].is_null()) {
                assert_ne!(
                    own, "testkit",
                    "the testkit is for tests, {name} uses it elsewhere"
                );
                needs.push(own.to_owned());
            }
        }
        seen.insert(name.to_owned(), needs);
    }
    let table: BTreeMap<&str, &[&str]> = MAY_DEPEND_ON.iter().copied().collect();
    for (name, needs) in seen {
        let allowed = table
            .get(name.as_str())
            .unwrap_or_else(|| panic!("crate {name} is not in the table"));
        for need in needs {
            assert!(
                allowed.contains(&need.as_str()),
                "pubflow-{name} must not depend on pubflow-{need}"
            );
        }
    }
}
