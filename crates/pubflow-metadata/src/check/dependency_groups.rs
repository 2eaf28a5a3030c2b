//! P313: `[dependency-groups]`.

use std::collections::BTreeMap;

use pubflow_finding::{Findings, Refuser, Rule, Severity};
use pubflow_spec::{ProjectName, Requirement};
use toml_edit::{Item, Value};

use super::PyprojectSubject;
use crate::pyproject::TomlPath;

pub(super) static RULE: Rule = Rule {
    code: "P313",
    name: "dependency-groups",
    severity: Severity::Error,
    source: "PEP 735",
    refused_by: &[Refuser::Uv, Refuser::Spec],
    about: "A dependency group is an array of requirements and of tables `{include-group = \
            \"…\"}`. An included group must exist, groups must not include each other in a \
            circle, and two names must not be equal after normalisation.",
    why: "Installers refuse the file when they read the groups.",
    cure: "Correct the name of the included group, or take one of the includes out of the circle.",
    bad: "[dependency-groups]\ndev = [{ include-group = \"tests\" }]",
    good: "[dependency-groups]\ntest = [\"pytest\"]\ndev = [{ include-group = \"test\" }]",
};

/// A well-formed group: its name as written and the normalised names it includes.
struct Group<'a> {
    name: &'a str,
    includes: Vec<String>,
}

pub(super) fn check(subject: &PyprojectSubject, findings: &mut Findings) {
    let Some(table) = subject.pyproject.table("dependency-groups") else {
        return;
    };
    let root = TomlPath::of(&["dependency-groups"]);
    let mut groups: BTreeMap<String, Group<'_>> = BTreeMap::new();
    for (name, item) in table.iter() {
        let path = root.key(name);
        let Ok(parsed) = ProjectName::parse(name) else {
            let message = format!("`{name}` is no name of a group");
            findings.add(subject.finding(&RULE, &path, message));
            continue;
        };
        let includes = read_group(subject, &path, item, findings);
        let group = Group { name, includes };
        if let Some(before) = groups.insert(parsed.normalized().to_owned(), group) {
            let message = format!(
                "groups `{}` and `{name}` have one normalised name",
                before.name
            );
            findings.add(subject.finding(&RULE, &path, message));
        }
    }
    for group in groups.values() {
        let path = root.key(group.name);
        for include in group
            .includes
            .iter()
            .filter(|name| !groups.contains_key(*name))
        {
            let message = format!("group `{}` includes `{include}`, which is none", group.name);
            findings.add(subject.finding(&RULE, &path, message));
        }
    }
    if let Some(group) = circular(&groups) {
        let message = format!("group `{group}` includes itself, directly or through others");
        findings.add(subject.finding(&RULE, &root.key(group), message));
    }
}

/// Reports what is malformed in a group, and returns what it includes.
fn read_group(
    subject: &PyprojectSubject,
    path: &TomlPath,
    item: &Item,
    findings: &mut Findings,
) -> Vec<String> {
    let Some(array) = item.as_array() else {
        let problem = subject.pyproject.wrong_type(path, "an array", item);
        findings.add(subject.problem(&RULE, &problem));
        return Vec::new();
    };
    let mut includes = Vec::new();
    for (at, value) in array.iter().enumerate() {
        let message = match value {
            Value::String(text) => match Requirement::parse(text.value()) {
                Ok(_) => continue,
                Err(error) => format!("requirement is invalid: {error}"),
            },
            Value::InlineTable(table) => {
                let include = table.get("include-group").and_then(Value::as_str);
                match include.map(ProjectName::parse) {
                    Some(Ok(name)) if table.len() == 1 => {
                        includes.push(name.normalized().to_owned());
                        continue;
                    }
                    _ => "a table in a group has `include-group` alone".to_owned(),
                }
            }
            _ => format!(
                "a group holds strings and tables, not {}",
                value.type_name()
            ),
        };
        findings.add(subject.finding(&RULE, &path.index(at), message));
    }
    includes
}

/// A group that is in a circle, or leads into one.
fn circular<'a>(groups: &BTreeMap<String, Group<'a>>) -> Option<&'a str> {
    // A group is settled once all that it includes are; what never is, is caught.
    let mut n_open: BTreeMap<&str, usize> = BTreeMap::new();
    let mut included_by: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, group) in groups {
        let includes = group
            .includes
            .iter()
            .filter(|include| groups.contains_key(*include));
        for include in includes {
            *n_open.entry(name).or_default() += 1;
            included_by.entry(include).or_default().push(name);
        }
    }
    let is_settled = |name: &&String| !n_open.contains_key(name.as_str());
    let mut settled: Vec<&str> = groups
        .keys()
        .filter(is_settled)
        .map(String::as_str)
        .collect();
    while let Some(name) = settled.pop() {
        for &including in included_by.get(name).into_iter().flatten() {
            if let Some(n) = n_open.get_mut(including) {
                *n -= 1;
                if *n == 0 {
                    n_open.remove(including);
                    settled.push(including);
                }
            }
        }
    }
    let (caught, _) = n_open.first_key_value()?;
    groups.get(*caught).map(|group| group.name)
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::check::probe::pyproject;

    #[test]
    fn fires() {
        for (text, found) in [
            (
                "'a b' = []",
                "dependency-groups.\"a b\" 2: `a b` is no name of a group",
            ),
            (
                "a = 'x'",
                "dependency-groups.a 2: `dependency-groups.a` must be an array, not string",
            ),
            (
                "a = [{include-group = 'b'}]",
                "dependency-groups.a 2: group `a` includes `b`, which is none",
            ),
            (
                "a = [{include-group = 'B'}]\nb = [{include-group = 'a'}]",
                "dependency-groups.a 2: group `a` includes itself, directly or through others",
            ),
            (
                "a-b = []\nA_b = []",
                "dependency-groups.A_b 3: groups `a-b` and `A_b` have one normalised name",
            ),
            (
                "a = [{x = 'y'}]",
                "dependency-groups.a[0] 2: a table in a group has `include-group` alone",
            ),
            (
                "a = [1]",
                "dependency-groups.a[0] 2: a group holds strings and tables, not integer",
            ),
        ] {
            assert_eq!(
                pyproject(check, format!("[dependency-groups]\n{text}\n")),
                [found]
            );
        }
        assert_eq!(
            pyproject(check, "[dependency-groups]\na = ['b ^1']\n").len(),
            1
        );
    }

    #[test]
    fn stays_quiet() {
        let good = "[dependency-groups]\na = ['x', {include-group = 'B_c'}]\nb-c = ['y>=1']\n\
                    d = [{include-group = 'a'}, {include-group = 'b-c'}]\n";
        assert!(pyproject(check, good).is_empty());
    }
}
