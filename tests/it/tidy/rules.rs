//! Rule tables: unique codes, a file for each row, documentation for each code.

use std::collections::BTreeSet;

use super::root;

#[test]
fn codes_are_unique_and_every_rule_explains_itself() {
    let rules = pubflow_stages::rules();
    assert!(rules.len() > 30, "only {} rules", rules.len());
    let codes: BTreeSet<&str> = rules.iter().map(|rule| rule.code).collect();
    let names: BTreeSet<&str> = rules.iter().map(|rule| rule.name).collect();
    assert_eq!(
        (codes.len(), names.len()),
        (rules.len(), rules.len()),
        "a code or name is used twice"
    );
    for rule in rules {
        assert!(
            rule.code.starts_with('P') && rule.code[1..].parse::<u16>().is_ok(),
            "{}",
            rule.code
        );
        assert!(!rule.source.is_empty(), "{} names no source", rule.code);
        for part in [rule.about, rule.why, rule.cure] {
            let is_said = part.len() > 10 && part.ends_with('.') && part.trim() == part;
            assert!(is_said, "{} has an unfinished part: {part:?}", rule.code);
        }
        for example in [rule.bad, rule.good] {
            assert!(!example.trim().is_empty(), "{} has no example", rule.code);
            assert!(!example.contains('\t'), "{}: {example:?}", rule.code);
        }
        assert_ne!(rule.bad, rule.good, "{} has one example", rule.code);
    }
}

/// Every error code that the sources name has its heading in docs/errors.md, and the reverse.
#[test]
fn every_error_code_is_documented() {
    let mut folders = super::library_sources();
    folders.push(root().join("src"));
    let mut used = BTreeSet::new();
    for (_, text) in folders.iter().flat_map(|folder| super::sources(folder)) {
        let quoted = text.split('"').filter(|part| {
            part.len() == 4
                && part.starts_with('E')
                && part[1..].bytes().all(|byte| byte.is_ascii_digit())
        });
        used.extend(quoted.map(str::to_owned));
    }
    let page = std::fs::read_to_string(root().join("docs/errors.md")).unwrap();
    let documented: BTreeSet<String> = page
        .lines()
        .filter_map(|line| line.strip_prefix("## "))
        .map(str::to_owned)
        .collect();
    assert_eq!(used, documented);
}

/// docs/checks.md is written from the tables; `PUBFLOW_WRITE_DOCS=1 cargo test tidy` writes it anew.
#[test]
fn the_documentation_of_checks_is_the_tables_own() {
    let path = root().join("docs/checks.md");
    let wanted = pubflow_stages::rules_as_markdown();
    if std::env::var_os("PUBFLOW_WRITE_DOCS").is_some() {
        std::fs::write(&path, &wanted).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == wanted,
        "docs/checks.md is not what the tables say: PUBFLOW_WRITE_DOCS=1 cargo test tidy"
    );
}

#[test]
fn a_check_is_one_file_and_one_row_with_a_firing_and_a_quiet_test() {
    for folder in [
        "crates/pubflow-metadata/src/check",
        "crates/pubflow-dist/src/check",
        "crates/pubflow-readme/src/check",
    ] {
        let mut table = String::new();
        let mut files = Vec::new();
        let mut folders = vec![root().join(folder)];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let text = std::fs::read_to_string(&path).unwrap();
                if text.contains("\npub(super) static RULE: Rule") {
                    files.push((path, text));
                } else {
                    table.push_str(&text);
                }
            }
        }
        assert!(!files.is_empty(), "no checks in {folder}");
        for (path, text) in files {
            let name = path.file_stem().unwrap().to_str().unwrap();
            assert!(
                table.contains(&format!("{name}::RULE")),
                "{} is in no table",
                path.display()
            );
            let n_tests = text.matches("#[test]").count();
            assert!(
                n_tests >= 2,
                "{} has {n_tests} tests, it needs one that fires and one that stays quiet",
                path.display()
            );
        }
    }
}
