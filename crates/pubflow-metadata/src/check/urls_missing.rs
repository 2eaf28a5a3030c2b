//! P226: no web address, or none that an index recognises.

use pubflow_finding::{Findings, Rule, Severity};

use super::PyprojectSubject;
use super::pyproject::project;

/// Labels that indexes know, lower case and without punctuation and blanks.
const WELL_KNOWN: [&str; 22] = [
    "bugreports",
    "bugs",
    "bugtracker",
    "changelog",
    "changes",
    "docs",
    "documentation",
    "donate",
    "donation",
    "download",
    "funding",
    "github",
    "history",
    "homepage",
    "issues",
    "issuetracker",
    "releasenotes",
    "repository",
    "source",
    "sourcecode",
    "sponsor",
    "tracker",
];

pub(super) static RULE: Rule = Rule {
    code: "P226",
    name: "urls-missing",
    severity: Severity::Note,
    source: "well-known project URLs",
    refused_by: &[],
    about: "`[project.urls]` is missing, or has no label that tools recognise.",
    why: "`[project.urls]` is how users of an index find the source, the documentation and the \
            place for reports of a project.",
    cure: "Labels such as `Homepage`, `Source`, `Documentation`, `Changelog` and `Issues` are \
            recognised by tools, whatever their case and punctuation; at least one of them should \
            be there.",
    bad: "[project.urls]\n\"My page\" = \"https://example.org\"",
    good: "[project.urls]\nHomepage = \"https://example.org\"",
};

pub(super) fn check(subject: &PyprojectSubject, findings: &mut Findings) {
    if !subject.pyproject.has_project() || subject.pyproject.dynamic().contains(&"urls") {
        return;
    }
    let urls = subject.pyproject.table("project.urls");
    let message = match urls.filter(|table| !table.is_empty()) {
        None => "no web address in `project.urls`",
        Some(urls) if urls.iter().any(|(label, _)| is_well_known(label)) => return,
        Some(_) => "no label in `project.urls` is a well-known one",
    };
    findings.add(subject.finding(&RULE, &project(&["urls"]), message));
}

fn is_well_known(label: &str) -> bool {
    let folded: String = label
        .chars()
        .filter(|c| !c.is_whitespace() && !c.is_ascii_punctuation())
        .flat_map(char::to_lowercase)
        .collect();
    WELL_KNOWN.contains(&folded.as_str())
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::probe::pyproject;

    #[test]
    fn fires() {
        assert_eq!(
            pyproject(check, "[project]\nname = 'x'\n"),
            ["project.urls 0: no web address in `project.urls`"]
        );
        assert_eq!(
            pyproject(check, "[project]\nurls.Chat = 'https://example.org'\n"),
            ["project.urls 2: no label in `project.urls` is a well-known one"]
        );
    }

    #[test]
    fn stays_quiet() {
        let good = "[project.urls]\n\"Bug Tracker\" = 'https://example.org'\n";
        assert!(pyproject(check, good).is_empty());
        assert!(pyproject(check, "[project]\ndynamic = ['urls']\n").is_empty());
    }
}
