//! P1301: files that hold credentials, by their names.

use pubflow_finding::{Finding, Findings, Rule, Severity};

use super::{Subject, report};

pub(super) static RULE: Rule = Rule {
    code: "P1301",
    name: "credential-files",
    severity: Severity::Error,
    source: "advice",
    refused_by: &[],
    about: "The distribution holds a file that usually holds credentials: `.pypirc`, `.netrc`, a \
            private key, `.env` and the like.",
    why: "What is uploaded once is copied by mirrors within seconds and cannot be taken back.",
    cure: "Exclude the file, build again, and replace the credentials if an older release has \
            them.",
    bad: "demo-1.0/.pypirc",
    good: "demo-1.0/pyproject.toml",
};

/// Names that have no other use.
const CREDENTIALS: &[&str] = &[
    ".git-credentials",
    ".netrc",
    "_netrc",
    ".pypirc",
    ".dockercfg",
    ".htpasswd",
    "id_dsa",
    "id_ecdsa",
    "id_ed25519",
    "id_rsa",
];

/// Names that often hold credentials and often hold examples.
const SETTINGS: &[&str] = &[".env", ".npmrc", ".yarnrc", ".envrc", "kubeconfig"];

pub(super) fn check<S: Subject>(subject: &S, findings: &mut Findings) {
    let found = subject.archive().entries().iter().filter_map(|entry| {
        let name = entry.path.file_name();
        let path = entry.path.as_str();
        let (severity, what) = if !entry.is_file() {
            return None;
        } else if CREDENTIALS.contains(&name) || path.ends_with(".aws/credentials") {
            (Severity::Error, "holds credentials")
        } else if SETTINGS.contains(&name) {
            (Severity::Warning, "often holds credentials")
        } else {
            return None;
        };
        Some(
            Finding::new(&RULE, format!("`{path}` {what}"))
                .severity(severity)
                .member(path)
                .next("exclude the file and build again; replace credentials already published"),
        )
    });
    report::capped(&RULE, found, findings);
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_sdist, in_wheel, sdist, wheel};
    use super::*;

    #[test]
    fn ordinary_files_are_quiet() {
        expect(&in_wheel(&wheel().file("demo/netrc.py", ""), check), &[]);
    }

    #[test]
    fn credentials_are_found_by_name() {
        expect(
            &in_sdist(&sdist().file(".pypirc", "x").file(".env", "x"), check),
            &[
                "warning -: `demo-1.0/.env` often holds credentials (demo-1.0/.env)",
                "error -: `demo-1.0/.pypirc` holds credentials (demo-1.0/.pypirc)",
            ],
        );
    }
}
