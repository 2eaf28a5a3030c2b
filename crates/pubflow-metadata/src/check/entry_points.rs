//! P227: scripts and entry points.

use pubflow_finding::{Findings, Refuser, Rule, Severity};
use pubflow_spec::ObjectReference;
use toml_edit::Item;

use super::PyprojectSubject;
use super::pyproject::project;
use crate::pyproject::TomlPath;

pub(super) static RULE: Rule = Rule {
    code: "P227",
    name: "entry-points",
    severity: Severity::Error,
    source: "PEP 621; entry points specification",
    refused_by: &[Refuser::Spec],
    about: "An entry point is an object reference: a dotted module, and for scripts a colon and \
            the function to call. Its name must not hold `=` or `[`, the name of a group consists \
            of words and dots, and the groups `console_scripts` and `gui_scripts` are written as \
            `[project.scripts]` and `[project.gui-scripts]`.",
    why: "Backends that check refuse to build; others write the entry as it stands, and \
            installers or the program that loads the plugin fail later.",
    cure: "Write `module:function` for scripts, and give the groups of scripts their own tables.",
    bad: "[project.entry-points.console_scripts]\ndemo = \"demo\"",
    good: "[project.scripts]\ndemo = \"demo.cli:main\"",
};

pub(super) fn check(subject: &PyprojectSubject, findings: &mut Findings) {
    for key in ["scripts", "gui-scripts"] {
        if let Some(item) = subject.pyproject.item(&format!("project.{key}")) {
            check_group(subject, &project(&[key]), item, findings);
        }
    }
    let Some(groups) = subject.pyproject.table("project.entry-points") else {
        return;
    };
    for (group, item) in groups.iter() {
        let path = project(&["entry-points", group]);
        if group == "console_scripts" || group == "gui_scripts" {
            let message = format!("group `{group}` has a table of its own");
            findings.add(subject.finding(&RULE, &path, message));
        } else if !is_group_name(group) {
            let message = format!("`{group}` is no name of a group");
            let finding = subject.finding(&RULE, &path, message);
            findings.add(finding.severity(Severity::Warning));
        }
        check_group(subject, &path, item, findings);
    }
}

fn check_group(subject: &PyprojectSubject, path: &TomlPath, item: &Item, findings: &mut Findings) {
    let Some(table) = item.as_table_like() else {
        return;
    };
    for (name, item) in table.iter() {
        let path = path.key(name);
        let trimmed = name.trim();
        if trimmed != name || name.is_empty() || name.contains(['=', '[', '\n', '\r']) {
            let message = format!("`{name}` is no name of an entry point");
            findings.add(subject.finding(&RULE, &path, message));
        }
        if let Some(reference) = item.as_str()
            && let Err(error) = ObjectReference::parse(reference)
        {
            let message = format!("`{reference}` is no object reference");
            let finding = subject.finding(&RULE, &path, message);
            findings.add(finding.why(error.to_string()));
        }
    }
}

/// Words separated by dots.
fn is_group_name(group: &str) -> bool {
    let is_word =
        |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '_');
    group.split('.').all(is_word)
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::probe::pyproject;

    #[test]
    fn fires() {
        let text = "[project.scripts]\na = 'my-mod:main'\n\"b=c\" = 'm:f'\nd = ''\n\
                    [project.entry-points.console_scripts]\nx = 'm:f'\n\
                    [project.entry-points.bad-name]\ny = 'm'\n";
        assert_eq!(
            pyproject(check, text),
            [
                "project.scripts.a 2: `my-mod:main` is no object reference",
                "project.scripts.\"b=c\" 3: `b=c` is no name of an entry point",
                "project.scripts.d 4: `` is no object reference",
                "project.entry-points.console_scripts 5: group `console_scripts` has a table of \
                 its own",
                "project.entry-points.bad-name 7: `bad-name` is no name of a group",
            ]
        );
    }

    #[test]
    fn stays_quiet() {
        let good = "[project.scripts]\na = 'm.n:f.g [x]'\n\"b c\" = 'm'\n\
                    [project.entry-points.\"x.y\"]\nz = 'm'\n";
        assert!(pyproject(check, good).is_empty());
    }
}
