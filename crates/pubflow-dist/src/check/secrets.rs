//! P1302: credentials in the contents of members.

use pubflow_finding::{Finding, Findings, Rule, Severity};

use super::{Subject, report};
use crate::content::Secret;
use crate::entry::EntryPath;

pub(super) static RULE: Rule = Rule {
    code: "P1302",
    name: "secrets",
    severity: Severity::Error,
    source: "advice",
    refused_by: &[],
    about: "A member holds a text with the structure of a credential: an API token, an access key \
            or a private key. Below directories of tests and documentation, and for keys that \
            name an account without opening it, this is a warning. Shortened and invented \
            examples are not reported.",
    why: "Robots read every upload within seconds and use what they find; deleting the release \
            does not help. A token went out inside of an sdist in maturin-action#193.",
    cure: "Remove it from the project, build again, and replace the credential wherever it was \
            used.",
    bad: "TOKEN = \"pypi-AgEIcHlwaS5vcmc…\"",
    good: "TOKEN = os.environ[\"INDEX_TOKEN\"]",
};

/// Kinds that are often public on purpose, or worth nothing alone.
const HARMLESS_ALONE: &[&str] = &["a Google API key", "an AWS access key"];

pub(super) fn check<S: Subject>(subject: &S, findings: &mut Findings) {
    let archive = subject.archive();
    let found = archive.entries().iter().flat_map(|entry| {
        let path = entry.path.as_str();
        let content = archive.content(path);
        let secrets = content.map_or(&[][..], |content| &content.found.secrets);
        // One of a kind in each file says enough.
        let first_of_its_kind = |(nth, secret): &(usize, &Secret)| {
            !secrets[..*nth]
                .iter()
                .any(|before| before.what == secret.what)
        };
        let secrets = secrets.iter().enumerate().filter(first_of_its_kind);
        secrets.map(move |(_, secret)| {
            let is_mild = HARMLESS_ALONE.contains(&secret.what) || is_aside(&entry.path);
            let severity = if is_mild {
                Severity::Warning
            } else {
                Severity::Error
            };
            Finding::new(&RULE, format!("`{path}` holds {}", secret.what))
                .severity(severity)
                .member(path)
                .line(secret.line)
                .next("remove it, build again, and replace the credential where it is used")
        })
    });
    report::capped(&RULE, found, findings);
}

const DIRECTORIES: &[&str] = &[
    "doc", "docs", "example", "examples", "fixtures", "test", "testdata", "testing", "tests",
];

/// Whether the member belongs to tests or documentation, where keys are made for the purpose.
pub(super) fn is_aside(path: &EntryPath) -> bool {
    let is_text = matches!(path.extension(), Some("md" | "rst" | "ipynb" | "html"));
    let is_directory = |part: &str| {
        let part = part.to_ascii_lowercase();
        let part = part.trim_start_matches('_');
        DIRECTORIES.contains(&part)
            || part.starts_with("test_")
            || part.ends_with("_test.py")
            || part.ends_with("_tests")
    };
    is_text || path.components().any(is_directory)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_sdist, in_wheel, sdist, wheel};
    use super::*;

    fn token() -> String {
        // In two parts, so that no scanner of sources takes it for a real one.
        ["gh", "p_Zk4Qm9vTq2LwX7rYc1NbHs8DpGfJ0uEaVi5o"].concat()
    }

    #[test]
    fn placeholders_are_quiet() {
        let text = "token = 'ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'\nkey = 'AKIAIOSFODNN7EXAMPLE'\n\
                    if text.startswith('-----BEGIN PRIVATE KEY-----'): pass\n";
        expect(&in_wheel(&wheel().file("demo/a.py", text), check), &[]);
        expect(&in_sdist(&sdist().file("README.md", text), check), &[]);
    }

    #[test]
    fn tokens_are_found() {
        let text = format!("# one\ntoken = '{}'\n", token());
        let found = in_wheel(&wheel().file("demo/a.py", &text), check);
        expect(
            &found,
            &["error -: `demo/a.py` holds a GitHub token (demo/a.py)"],
        );
        assert_eq!(found[0].place.line, Some(2));
    }

    #[test]
    fn tokens_of_tests_are_warned_about() {
        let builder = sdist().file("tests/test_a.py", token());
        expect(
            &in_sdist(&builder, check),
            &[
                "warning -: `demo-1.0/tests/test_a.py` holds a GitHub token (demo-1.0/tests/test_a.py)",
            ],
        );
    }
}
