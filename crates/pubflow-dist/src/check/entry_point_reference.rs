//! P1103: object references have the right form.

use pubflow_finding::{Finding, Findings, Refuser, Rule, Severity};

use crate::wheel::{EntryPoint, ObjectReference, Wheel, is_script_group};

pub(super) static RULE: Rule = Rule {
    code: "P1103",
    name: "entry-point-reference",
    severity: Severity::Error,
    source: "entry points specification",
    refused_by: &[Refuser::Uv, Refuser::Spec],
    about: "An entry point is not of the form `module:object`, with dots inside either part and \
            perhaps extras in brackets.",
    why: "The index does not look at it; uv refuses to install a script like that, pip refuses \
            one without `:object`, and plugins fail when they are loaded.",
    cure: "Correct the reference in pyproject.toml.",
    bad: "[console_scripts]\ndemo = demo.cli main",
    good: "[console_scripts]\ndemo = demo.cli:main",
};

pub(super) fn check(wheel: &Wheel, findings: &mut Findings) {
    let Some(points) = wheel.entry_points() else {
        return;
    };
    for point in points.points() {
        let Some((message, refused_by)) = fault(point) else {
            continue;
        };
        findings.add(
            Finding::new(&RULE, message)
                .refused_by(refused_by)
                .member(wheel.member("entry_points.txt"))
                .line(point.line)
                .next("write it as `module:object` in pyproject.toml and build again"),
        );
    }
}

fn fault(point: &EntryPoint) -> Option<(String, &'static [Refuser])> {
    let (name, value) = (&point.name, &point.value);
    let is_script = is_script_group(&point.group);
    match ObjectReference::parse(value) {
        Some(reference) if is_script && reference.attribute.is_none() => Some((
            format!("the script `{name}` names the module `{value}` but no object in it"),
            &[Refuser::Pip, Refuser::Uv, Refuser::Spec],
        )),
        Some(_) => None,
        None if is_script => Some((
            format!("the script `{name}` refers to `{value}`, which is no `module:object`"),
            &[Refuser::Uv, Refuser::Spec],
        )),
        None => Some((
            format!("the entry point `{name}` refers to `{value}`, which is no `module:object`"),
            &[Refuser::Spec],
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_wheel, wheel};
    use super::*;

    #[test]
    fn right_references_are_quiet() {
        let text = "[console_scripts]\na = demo.x:main.run [extra]\n[plugins]\nb = demo\n";
        expect(&in_wheel(&wheel().entry_points(text), check), &[]);
    }

    #[test]
    fn wrong_references_are_found() {
        let text = "[console_scripts]\na = demo\nb = demo:main()\n[plugins]\nc = a b\n";
        expect(
            &in_wheel(&wheel().entry_points(text), check),
            &[
                "error pip,uv,spec: the script `a` names the module `demo` but no object in it (demo-1.0.dist-info/entry_points.txt)",
                "error uv,spec: the script `b` refers to `demo:main()`, which is no `module:object` (demo-1.0.dist-info/entry_points.txt)",
                "error spec: the entry point `c` refers to `a b`, which is no `module:object` (demo-1.0.dist-info/entry_points.txt)",
            ],
        );
    }
}
