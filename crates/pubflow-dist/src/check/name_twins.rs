//! P1412: names that look like others.

use std::collections::HashMap;

use pubflow_finding::{Finding, Findings, Rule, Severity};
use unicode_normalization::UnicodeNormalization as _;

use super::{Subject, report};

pub(super) static RULE: Rule = Rule {
    code: "P1412",
    name: "name-twins",
    severity: Severity::Warning,
    source: "advice",
    refused_by: &[],
    about: "Two members have names that are one to Unicode and two to the archive, or a name \
            mixes Latin letters with others that look the same, or holds characters that nobody \
            sees.",
    why: "macOS makes one file of the two; a reader takes the name for another than it is, \
            which is how malicious files hide.",
    cure: "Rename the files to plain ASCII.",
    bad: "demo/p\u{430}th.py, its second letter Cyrillic",
    good: "demo/path.py",
};

pub(super) fn check<S: Subject>(subject: &S, findings: &mut Findings) {
    let mut seen: HashMap<String, &str> = HashMap::new();
    let mut found = Vec::new();
    let entries = subject.archive().entries().iter();
    for path in entries.map(|entry| entry.path.as_str()) {
        let add = |message: String| {
            Finding::new(&RULE, message)
                .member(path)
                .next("rename the file to plain ASCII and build again")
        };
        if !path.is_ascii() {
            if let Some(other) = seen.insert(path.nfc().collect(), path)
                && other != path
            {
                found.push(add(format!(
                    "`{path}` and `{other}` are the same name in another normal form"
                )));
            }
            if let Some(what) = path.split('/').find_map(disguise) {
                found.push(add(format!("`{path}` {what}")));
            }
        }
    }
    report::capped(&RULE, found, findings);
}

/// What makes a component look like another name.
fn disguise(component: &str) -> Option<&'static str> {
    let is_latin = |c: char| c.is_ascii_alphabetic();
    let is_like_latin = |c: char| matches!(c, '\u{370}'..='\u{3ff}' | '\u{400}'..='\u{52f}' | '\u{ff01}'..='\u{ff5e}');
    let is_hidden = |c: char| matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{3164}');
    if component.contains(is_hidden) {
        Some("holds a character that nobody sees")
    } else if component.contains(is_latin)
        && stem(component).contains(is_like_latin)
        && stem(component).contains(is_latin)
    {
        Some("mixes Latin letters with others that look the same")
    } else {
        None
    }
}

/// Extensions are Latin in every language.
fn stem(component: &str) -> &str {
    component
        .rsplit_once('.')
        .map_or(component, |(stem, _)| stem)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_wheel, wheel};
    use super::*;

    #[test]
    fn names_of_one_script_are_quiet() {
        let builder = wheel()
            .file("demo/caf\u{e9}.txt", "")
            .file("demo/\u{43f}\u{440}\u{438}\u{432}\u{435}\u{442}.txt", "");
        expect(&in_wheel(&builder, check), &[]);
    }

    #[test]
    fn twins_and_disguises_are_found() {
        let builder = wheel()
            .file("demo/caf\u{e9}.txt", "")
            .file("demo/cafe\u{301}.txt", "")
            .file("demo/p\u{430}th.py", "")
            .file("demo/a\u{200b}.py", "");
        expect(
            &in_wheel(&builder, check),
            &[
                "warning -: `demo/a\u{200b}.py` holds a character that nobody sees (demo/a\u{200b}.py)",
                "warning -: `demo/cafe\u{301}.txt` and `demo/caf\u{e9}.txt` are the same name in another normal form (demo/cafe\u{301}.txt)",
                "warning -: `demo/p\u{430}th.py` mixes Latin letters with others that look the same (demo/p\u{430}th.py)",
            ],
        );
    }
}
