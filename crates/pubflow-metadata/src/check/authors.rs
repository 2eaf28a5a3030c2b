//! P217: authors and maintainers.

use pubflow_finding::{Findings, Refuser, Rule, Severity};
use toml_edit::TableLike;

use super::PyprojectSubject;
use super::pyproject::project;
use crate::email_address;
use crate::pyproject::TomlPath;

pub(super) static RULE: Rule = Rule {
    code: "P217",
    name: "authors",
    severity: Severity::Error,
    source: "PEP 621; R039",
    refused_by: &[Refuser::Spec],
    about: "`authors` and `maintainers` are arrays of tables with `name`, `email` or both, and \
            nothing else. The address must be one that PyPI takes: with a dot in its domain, and \
            not in a domain such as `localhost`.",
    why: "A comma or a line end in a name splits the field that is made of it, so that one author \
            becomes two. PyPI refuses an upload whose only address cannot be valid.",
    cure: "Give each person a table of their own, with a plain address or none.",
    bad: "authors = [{ name = \"Ada, Grace\", email = \"ada@localhost\" }]",
    good: "authors = [{ name = \"Ada\", email = \"ada@example.org\" }, { name = \"Grace\" }]",
};

pub(super) fn check(subject: &PyprojectSubject, findings: &mut Findings) {
    for key in ["authors", "maintainers"] {
        let path = project(&[key]);
        let Some(item) = subject.pyproject.item(&path.to_string()) else {
            continue;
        };
        let inline = item.as_array().into_iter().flat_map(|array| {
            let values = array.iter().map(|value| value.as_inline_table());
            values.map(|table| table.map(|table| table as &dyn TableLike))
        });
        let tables = item
            .as_array_of_tables()
            .into_iter()
            .flat_map(|tables| tables.iter().map(|table| Some(table as &dyn TableLike)));
        for (at, table) in inline.chain(tables).enumerate() {
            if let Some(table) = table {
                check_person(subject, &path.index(at), table, findings);
            }
        }
    }
}

fn check_person(
    subject: &PyprojectSubject,
    path: &TomlPath,
    person: &dyn TableLike,
    findings: &mut Findings,
) {
    if person.get("name").is_none() && person.get("email").is_none() {
        let message = format!("`{path}` has neither `name` nor `email`");
        findings.add(subject.finding(&RULE, path, message));
    }
    for (key, _) in person
        .iter()
        .filter(|(key, _)| *key != "name" && *key != "email")
    {
        let message = format!("`{key}` is no key of a person");
        findings.add(subject.finding(&RULE, &path.key(key), message));
    }
    let text = |key: &str| person.get(key).and_then(toml_edit::Item::as_str);
    if let Some(name) = text("name")
        && name.contains([',', '\n', '\r'])
    {
        let message = format!("name splits the field: `{}`", super::metadata::shown(name));
        let finding = subject.finding(&RULE, &path.key("name"), message);
        findings.add(finding.severity(Severity::Warning).refused_by(&[]));
    }
    if let Some(email) = text("email")
        && let Some(refusal) = email_address::refusal(email)
    {
        let message = format!(
            "mail address is refused: `{}`",
            super::metadata::shown(email)
        );
        let finding = subject.finding(&RULE, &path.key("email"), message);
        let finding = finding
            .why(format!("PyPI says: {refusal}"))
            .next("correct the address, or leave `email` out");
        findings.add(finding.refused_by(&[Refuser::Pypi]));
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::probe::pyproject;

    #[test]
    fn fires() {
        let text = "[project]\nauthors = [{}, {name = 'A, B', x = 1}]\n\
                    [[project.maintainers]]\nemail = 'a@localhost'\n";
        assert_eq!(
            pyproject(check, text),
            [
                "project.authors[0] 2: `project.authors[0]` has neither `name` nor `email`",
                "project.authors[1].name 2: name splits the field: `A, B`",
                "project.authors[1].x 2: `x` is no key of a person",
                "project.maintainers[0].email 4: mail address is refused: `a@localhost`",
            ]
        );
    }

    #[test]
    fn stays_quiet() {
        let good = "[project]\nauthors = [{name = 'A', email = 'a@example.org'}, 'x']\n";
        assert!(pyproject(check, good).is_empty());
    }
}
