//! The reference cases for uploads, which lie beside the project where it is developed.
//!
//! They are other people's texts and no part of the project; where they are not at hand, nothing is
//! compared with them.

use std::path::Path;

use serde_json::Value;

/// One case of a file.
pub(crate) struct Case(Value);

impl Case {
    pub(crate) fn input(&self) -> &Value {
        &self.0["input"]
    }

    pub(crate) fn expect(&self) -> &Value {
        &self.0["expect"]
    }
}

/// Holds `answer` against what every case of a file expects.
#[track_caller]
pub(crate) fn check(name: &str, answer: impl Fn(&Case) -> Value) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vectors/upload");
    let Ok(text) = std::fs::read_to_string(folder.join(name).with_extension("json")) else {
        return;
    };
    let file: Value = serde_json::from_str(&text).unwrap();
    let cases = file["cases"].as_array().unwrap();
    assert!(!cases.is_empty(), "{name}");
    let mut wrong = Vec::new();
    for case in cases {
        let case = Case(case.clone());
        let got = answer(&case);
        if got != *case.expect() {
            wrong.push(format!(
                "{}\n  got      {got}\n  expected {}",
                case.0["id"],
                case.expect()
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {} cases of {name}:\n{}",
        wrong.len(),
        cases.len(),
        wrong.join("\n")
    );
}
