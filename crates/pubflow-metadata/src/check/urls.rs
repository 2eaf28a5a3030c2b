//! P225: `[project.urls]`.

use pubflow_finding::{Findings, Fix, Refuser, Rule, Severity};

use super::PyprojectSubject;
use super::pyproject::project;
use crate::web_address::is_web_address;

/// Characters that the index takes in a label.
const LABEL_LIMIT: usize = 32;

pub(super) static RULE: Rule = Rule {
    code: "P225",
    name: "urls",
    severity: Severity::Error,
    source: "PEP 621; R043",
    refused_by: &[Refuser::Pypi],
    about: "An entry of `[project.urls]` has a label or an address that PyPI does not take.",
    why: "Each entry of `[project.urls]` becomes a `Project-URL`. PyPI refuses an upload whose \
            label is empty or longer than 32 characters, or whose address is not http or https: \
            `example.org`, `git@…` and relative addresses are none.",
    cure: "Write whole addresses, with labels of at most 32 characters.",
    bad: "[project.urls]\nSource = \"git@example.org:demo.git\"",
    good: "[project.urls]\nSource = \"https://example.org/demo\"",
};

pub(super) fn check(subject: &PyprojectSubject, findings: &mut Findings) {
    let Some(urls) = subject.pyproject.table("project.urls") else {
        return;
    };
    for (label, item) in urls.iter() {
        let path = project(&["urls", label]);
        let trimmed = label.trim();
        if trimmed.is_empty() {
            findings.add(subject.finding(&RULE, &path, "label of an address is empty"));
        } else if trimmed.chars().count() > LABEL_LIMIT {
            let message = format!("label `{trimmed}` has more than {LABEL_LIMIT} characters");
            findings.add(subject.finding(&RULE, &path, message));
        }
        if let Some(url) = item.as_str()
            && !is_web_address(url.trim())
        {
            let message = format!("`{url}` is no http or https address");
            let mut finding = subject.finding(&RULE, &path, message);
            let whole = format!("https://{}", url.trim());
            if looks_like_host(url.trim()) && is_web_address(&whole) {
                let fix = subject.replace_value(&path, &whole);
                finding.fix = fix.map(Fix::needs_decision);
                finding = finding.next(format!("write `{whole}`"));
            }
            findings.add(finding);
        }
    }
}

/// Whether an address begins with a host, so that only its scheme is missing.
fn looks_like_host(url: &str) -> bool {
    let host = url.split('/').next().unwrap_or_default();
    host.contains('.') && !host.starts_with('.') && !host.contains([':', '@'])
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::probe::{fixed, pyproject};

    #[test]
    fn fires() {
        let long = "x".repeat(33);
        let text = format!(
            "[project.urls]\n\"\" = 'https://example.org'\n{long} = 'https://example.org'\n\
             Home = 'example.org'\n"
        );
        assert_eq!(
            pyproject(check, text),
            [
                "project.urls.\"\" 2: label of an address is empty".to_owned(),
                format!("project.urls.{long} 3: label `{long}` has more than 32 characters"),
                "project.urls.Home 4: `example.org` is no http or https address".to_owned(),
            ]
        );
    }

    #[test]
    fn the_fix_adds_the_scheme() {
        assert_eq!(
            fixed(
                check,
                "[project.urls]\na = 'example.org/x'\nb = './x'\nc = 'git@example.org:x'\n"
            ),
            "[project.urls]\na = \"https://example.org/x\"\nb = './x'\nc = 'git@example.org:x'\n"
        );
    }

    #[test]
    fn stays_quiet() {
        assert!(
            pyproject(
                check,
                "[project.urls]\nHome = 'https://example.org'\nx = 1\n"
            )
            .is_empty()
        );
    }
}
