//! What helps against a refusal of the index, by the number of its rule.
//!
//! Most refusals are about the file, which has to be built anew under another version; these are the
//! others.

/// Numbers of rules and what helps.
const CURES: &[(&[&str], &str)] = &[
    (
        &[
            "R001", "R004", "R005", "R006", "R007", "R008", "R009", "R010",
        ],
        "see that the upload address is the index's own (`pubflow config show`)",
    ),
    (
        &["R014", "R015", "R060"],
        "the index takes nothing at present: see its status page, then run `pubflow resume`",
    ),
    (
        &["R056"],
        "give the pending publisher on the index the very name that the metadata has, then run the command again",
    ),
    (
        &["R057", "R070"],
        "verify the main mail address of the account on the index, then run the command again",
    ),
    (
        &["R058"],
        "set up a second factor for the account on the index, then run the command again",
    ),
    (
        &["R061", "R062", "R063", "R064", "R065"],
        "choose another name for the project, then build and publish again",
    ),
    (
        &["R068", "R069"],
        "un-archive the project on its settings page, or ask its owners, then run the command again",
    ),
    (
        &["R071"],
        "settle the account of the organisation that owns the project, then run the command again",
    ),
    (
        &["R084", "R085"],
        "ask for a higher limit on the project's page, then run the command again, or make the files smaller",
    ),
    (
        &["R090"],
        "a deleted file name is never free again: raise the version, then build and publish again",
    ),
    (
        &["R091"],
        "raise the version, such as a post release, then build and publish all its files at once",
    ),
    (
        &["R092"],
        "leave the second sdist out, or raise the version",
    ),
    (
        &[
            "R135", "R136", "R137", "R138", "R139", "R140", "R141", "R142",
        ],
        "make the attestation anew for this file, or move it away to publish without",
    ),
];

/// What helps against a refusal by the rule of this number.
pub(crate) fn cure(number: &str) -> &'static str {
    let row = CURES.iter().find(|(numbers, _)| numbers.contains(&number));
    row.map_or(
        "correct what the index names, raise the version, build and publish again",
        |(_, cure)| cure,
    )
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use pubflow_metadata::upload_rule::UploadRule;

    use super::*;

    #[test]
    fn every_number_is_a_rule_and_stands_once() {
        let numbers: Vec<&str> = CURES
            .iter()
            .flat_map(|(numbers, _)| *numbers)
            .copied()
            .collect();
        let unique: BTreeSet<&str> = numbers.iter().copied().collect();
        assert_eq!(unique.len(), numbers.len());
        for number in numbers {
            assert!(UploadRule::find(number).is_some(), "{number}");
        }
        assert!(cure("R091").contains("post release"));
        assert!(cure("R048").contains("raise the version"));
    }
}
