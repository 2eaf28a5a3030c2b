use std::collections::BTreeMap;

use proptest::prelude::*;
use pubflow_finding::Severity;

use super::*;
use crate::core_metadata::CoreMetadata;
use crate::pyproject::Pyproject;

/// Codes sort by their number.
fn number(rule: &Rule) -> u32 {
    rule.code[1..].parse().unwrap()
}

#[test]
fn tables_are_ordered_and_a_code_is_one_rule() {
    assert!(CHECKS_METADATA.is_sorted_by_key(|check| number(check.rule)));
    assert!(CHECKS_PYPROJECT.is_sorted_by_key(|check| number(check.rule)));
    let mut by_code: BTreeMap<&str, &Rule> = BTreeMap::new();
    for rule in rules() {
        let first = *by_code.entry(rule.code).or_insert(rule);
        assert!(
            std::ptr::eq(first, rule),
            "{} stands for two rules",
            rule.code
        );
    }
    let mut names: Vec<_> = by_code.values().map(|rule| rule.name).collect();
    names.sort_unstable();
    let n_names = names.len();
    names.dedup();
    assert_eq!(names.len(), n_names);
}

#[test]
fn every_rule_explains_itself() {
    for rule in rules() {
        assert!(rule.about.len() > 20, "{}: {}", rule.code, rule.about);
        let refusers = rule.refused_by.iter().map(|refuser| refuser.as_str());
        let refused = refusers.filter(|who| *who != "spec").count() > 0;
        assert!(
            !refused || rule.severity == Severity::Error,
            "{}",
            rule.code
        );
    }
}

fn metadata_codes(text: &[u8]) -> Vec<&'static str> {
    let subject = MetadataSubject::bare(CoreMetadata::parse(text));
    let mut findings = Findings::default();
    for check in CHECKS_METADATA {
        (check.run)(&subject, &mut findings);
    }
    let found = findings.into_sorted();
    found.iter().map(|finding| finding.rule.code).collect()
}

fn pyproject_codes(text: &[u8]) -> Vec<&'static str> {
    let subject = PyprojectSubject::bare(Pyproject::from_bytes(text));
    let mut findings = Findings::default();
    for check in CHECKS_PYPROJECT {
        (check.run)(&subject, &mut findings);
    }
    let found = findings.into_sorted();
    found.iter().map(|finding| finding.rule.code).collect()
}

#[test]
fn ordinary_files_have_no_findings() {
    let metadata = "Metadata-Version: 2.4\nName: demo\nVersion: 1.2.3\nSummary: A demo\n\
                    Author-email: A B <a@example.org>\nLicense-Expression: MIT\n\
                    License-File: LICENSE\nRequires-Python: >=3.9\nRequires-Dist: requests>=2\n\
                    Classifier: Programming Language :: Python :: 3\nProvides-Extra: test\n\
                    Project-URL: Home, https://example.org/\n\
                    Description-Content-Type: text/markdown; charset=UTF-8\n\n# Demo\n";
    assert_eq!(metadata_codes(metadata.as_bytes()), [""; 0]);
    let pyproject = "[build-system]\nrequires = [\"hatchling\"]\nbuild-backend = \
                     \"hatchling.build\"\n\n[project]\nname = \"demo\"\nversion = \"1.2.3\"\n\
                     readme = \"README.md\"\nrequires-python = \">=3.9\"\n\
                     dependencies = [\"requests>=2\"]\nclassifiers = [\n\
                     \"Development Status :: 4 - Beta\",\n\
                     \"Programming Language :: Python :: 3.13\",\n]\n\
                     urls.Source = \"https://example.org/demo\"\n";
    assert_eq!(pyproject_codes(pyproject.as_bytes()), [""; 0]);
}

#[test]
fn a_file_that_is_no_toml_has_one_finding() {
    assert_eq!(pyproject_codes(b"[project\n"), ["P001"]);
    assert_eq!(pyproject_codes(b"\xff\xfe"), ["P002"]);
}

proptest! {
    #[test]
    fn any_metadata_is_checked(text in "((Name|Version|Dynamic|License-File|Requires-Dist|Author-email|Project-URL|Summary|x): .{0,20}\n){0,8}") {
        let _ = metadata_codes(text.as_bytes());
    }

    #[test]
    fn any_bytes_are_checked(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = metadata_codes(&bytes);
        let _ = pyproject_codes(&bytes);
    }

    #[test]
    fn any_dependency_is_checked(
        dependencies in proptest::collection::vec(
            "(demo|a|-e|git\\+x)?(\\[x\\])?((>=|<|==|!=|~=|===)[0-9.]{1,4}((a|rc|\\.post|\\.dev)[0-9])?(\\.\\*)?,?){0,3}(; ?python_version ?[<>=]{1,2} ?\\\\\"[0-9.]{0,4}\\\\\")?",
            0..4
        ),
        requires_python in "[<>=~^]{0,2}[0-9.]{0,5}",
    ) {
        let list: Vec<_> = dependencies.iter().map(|text| format!("\"{text}\"")).collect();
        let text = format!(
            "[project]\nname = \"demo\"\nversion = \"1.0\"\nrequires-python = \"{requires_python}\"\n\
             dependencies = [{}]\n",
            list.join(", ")
        );
        prop_assert!(!pyproject_codes(text.as_bytes()).contains(&"P001"), "{}", text);
    }

    #[test]
    fn any_tool_table_is_checked(
        text in "\\[tool\\.(setuptools|setuptools\\.dynamic|hatch|flit|distutils|setuptoolz)\\]\n((packages|find|version|readme|ext-modules|package-dir|cmdclass|optional-dependencies|x) = (1|'.{0,6}'|\\[\\]|\\['a', 1\\]|\\[\\{name = 'b'\\}\\]|\\{a = 'b'\\}|\\{attr = 'c.'\\}|\\{find = \\{where = 1\\}\\})\n){0,4}"
    ) {
        let _ = pyproject_codes(text.as_bytes());
    }

    #[test]
    fn any_project_table_is_checked(
        text in "(\\[project\\]|\\[build-system\\]|\\[\\[project\\]\\])\n((name|version|authors|readme|dynamic|urls|dependencies|requires|optional-dependencies|license|license-files|classifiers|keywords|scripts|requires-python|description) = (1|'.{0,6}'|\\[\\]|\\['a', 1\\]|\\{a = 'b'\\}|\\{a = \\['c'\\]\\})\n){0,6}"
    ) {
        let _ = pyproject_codes(text.as_bytes());
    }
}
