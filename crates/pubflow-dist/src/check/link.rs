//! P1402: links that leave the tree or lead nowhere.

use pubflow_finding::{Finding, Findings, Refuser, Rule, Severity};

use super::{Subject, report};
use crate::entry::EntryKind;
use crate::problem::Family;

pub(super) static RULE: Rule = Rule {
    code: "P1402",
    name: "link-target",
    severity: Severity::Error,
    source: "PEP 721",
    refused_by: &[Refuser::Pip, Refuser::Uv, Refuser::Spec],
    about: "A symbolic or hard link of the sdist leads to an absolute path, out of the tree, back \
            to itself, or to nothing; or other members lie below a link. A link that stays inside \
            is allowed, but Windows lets few users make one, so it is a warning.",
    why: "Installers refuse to unpack such an sdist, although the index takes it.",
    cure: "Replace the link in the project by the file that it leads to.",
    bad: "demo-1.0/LICENSE -> ../LICENSE",
    good: "demo-1.0/LICENSE (a file)",
};

pub(super) fn check<S: Subject>(subject: &S, findings: &mut Findings) {
    let next = "replace the link by the file that it leads to and build again";
    let archive = subject.archive();
    report::family(archive, Family::Link, &RULE, next, findings);
    let of_links = |problem: &&crate::Problem| problem.kind.family() == Family::Link;
    let mut links = archive
        .entries()
        .iter()
        .filter(|entry| matches!(entry.kind, EntryKind::Symlink(_)));
    let Some(first) = links.next() else {
        return;
    };
    // Worse things were said already.
    if archive.problems().iter().find(of_links).is_none() {
        let message = match links.count() {
            0 => "the sdist holds a symbolic link".to_owned(),
            more => format!("the sdist holds {} symbolic links", more + 1),
        };
        findings.add(
            Finding::new(&RULE, message)
                .severity(Severity::Warning)
                .refused_by(&[])
                .member(first.path.as_str())
                .why("Windows lets few users make symbolic links, so unpacking may fail there")
                .next(next),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_sdist, sdist};
    use super::*;

    #[test]
    fn files_are_quiet() {
        expect(&in_sdist(&sdist(), check), &[]);
    }

    #[test]
    fn links_into_the_tree_are_warned_about() {
        expect(
            &in_sdist(&sdist().symlink("demo/l.py", "__init__.py"), check),
            &["warning -: the sdist holds a symbolic link (demo-1.0/demo/l.py)"],
        );
    }

    #[test]
    fn links_out_of_the_tree_are_refused() {
        expect(
            &in_sdist(&sdist().symlink("l", "../x"), check),
            &["error pip,uv,spec: the link leads out of the archive, to `../x` (demo-1.0/l)"],
        );
        expect(
            &in_sdist(&sdist().symlink("l", "/etc"), check),
            &["error pip,uv,spec: the link leads to the absolute path `/etc` (demo-1.0/l)"],
        );
        expect(
            &in_sdist(&sdist().symlink("l", "l"), check),
            &["error uv: the link leads back to itself (demo-1.0/l)"],
        );
        expect(
            &in_sdist(&sdist().symlink("l", "gone"), check),
            &["warning -: the link leads to `gone`, which is not in the archive (demo-1.0/l)"],
        );
    }
}
