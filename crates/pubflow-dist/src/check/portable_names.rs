//! P924: member names that some systems cannot have.

use pubflow_finding::{Finding, Findings, Rule, Severity};

use super::{Subject, report};

pub(super) static RULE: Rule = Rule {
    code: "P924",
    name: "portable-names",
    severity: Severity::Warning,
    source: "advice",
    refused_by: &[],
    about: "A member's name has a blank, ends in a dot or a blank, is reserved on Windows (`con`, \
            `nul`, ...), holds a character outside of ASCII, one that Windows does not allow or \
            one that changes the direction of text, or its path is very long.",
    why: "Installation fails or renames the file on some systems, and reviewers see another name \
            than the real one.",
    cure: "Rename the file in the project.",
    bad: "demo/my data .txt\ndemo/aux.py",
    good: "demo/my_data.txt\ndemo/auxiliary.py",
};

/// Windows allows 260 characters for a whole path; this leaves little for the environment.
const LONGEST: usize = 200;

const RESERVED: &[&str] = &["aux", "con", "nul", "prn"];

pub(super) fn check<S: Subject>(subject: &S, findings: &mut Findings) {
    let found = subject.archive().entries().iter().filter_map(|entry| {
        let path = entry.path.as_str();
        let fault = if path.chars().count() > LONGEST {
            Some("is longer than 200 characters")
        } else {
            entry.path.components().find_map(fault)
        };
        Some(
            Finding::new(&RULE, format!("`{path}` {}", fault?))
                .member(path)
                .next("rename the file in the project and build again"),
        )
    });
    report::capped(&RULE, found, findings);
}

fn fault(component: &str) -> Option<&'static str> {
    let stem = component.split('.').next().unwrap_or_default();
    let stem = stem.to_ascii_lowercase();
    let is_port = stem.len() == 4
        && (stem.starts_with("com") || stem.starts_with("lpt"))
        && stem.ends_with(|c: char| c.is_ascii_digit() && c != '0');
    if component.ends_with(['.', ' ']) && !matches!(component, "." | "..") {
        Some("has a name that ends in a dot or a blank")
    } else if RESERVED.contains(&stem.as_str()) || is_port {
        Some("has a name that is reserved on Windows")
    } else if component.contains(['<', '>', ':', '"', '|', '?', '*']) {
        Some("has a name that Windows does not allow")
    } else if component.contains(|c| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
    {
        Some("holds a character that changes the direction of text")
    } else if component.contains(' ') {
        Some("has a blank in its name")
    } else if !component.is_ascii() {
        // macOS writes such names in another normal form, and a C locale cannot write them.
        Some("has a character outside of ASCII in its name")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_sdist, in_wheel, sdist, wheel};
    use super::*;

    #[test]
    fn plain_names_are_quiet() {
        expect(&in_wheel(&wheel().file("demo/console.py", ""), check), &[]);
        expect(&in_sdist(&sdist(), check), &[]);
    }

    #[test]
    fn names_that_do_not_travel_are_found() {
        let fault_of = |name: &str| {
            let found = in_wheel(&wheel().file(&format!("demo/{name}"), ""), check);
            assert_eq!(found.len(), 1, "{name}");
            found[0].message.clone()
        };
        assert!(fault_of("a b.txt").ends_with("blank in its name"));
        assert!(fault_of("NUL.txt").ends_with("reserved on Windows"));
        assert!(fault_of("com1").ends_with("reserved on Windows"));
        assert!(fault_of("end.").ends_with("dot or a blank"));
        assert!(fault_of("a?").ends_with("does not allow"));
        assert!(fault_of("a\u{202e}b").ends_with("direction of text"));
        assert!(fault_of("é.txt").ends_with("outside of ASCII in its name"));
        assert!(fault_of(&"x".repeat(220)).ends_with("200 characters"));
    }
}
