//! P216: a release does not admit older Pythons than the one before.

use pubflow_finding::{Finding, Findings, Rule, Severity};
use pubflow_spec::{Prereleases, SpecifierSet, Version};

use crate::comparison::Comparison;

pub(super) static RULE: Rule = Rule {
    code: "P216",
    name: "requires-python-wider",
    severity: Severity::Warning,
    source: "advice",
    refused_by: &[],
    about: "`Requires-Python` is gone, or it admits an older Python than in the last release. Looked \
            for with `--against` alone.",
    why: "Installers on that old Python then take the new release, where they kept to an older one \
            before, and it breaks there at the first import. Lost lines of this kind have ended in \
            yanked releases many times (pyrsistent#208, requests-mock#254).",
    cure: "Most often the line was lost with a change of the build backend: put it back. Where old \
            Pythons are supported again, ignore this finding with a reason.",
    bad: "1.0: Requires-Python: >=3.9\n1.1: (no Requires-Python)",
    good: "1.0: Requires-Python: >=3.9\n1.1: Requires-Python: >=3.9",
};

pub(super) fn check(comparison: &Comparison, findings: &mut Findings) {
    let (old, new) = (&comparison.old, &comparison.new);
    let Some(before) = old.requires_python.as_deref() else {
        return;
    };
    let Some(oldest_before) = oldest(Some(before)) else {
        return;
    };
    let now = new.requires_python.as_deref();
    let Some(oldest_now) = oldest(now).filter(|oldest| *oldest < oldest_before) else {
        return;
    };
    let ((major, minor), told) = (
        oldest_now,
        now.map_or("gone".to_owned(), |now| format!("`{now}`")),
    );
    let message = format!(
        "Requires-Python is {told}; {} said `{before}`",
        old.version()
    );
    findings.add(
        Finding::new(&RULE, message)
            .field("Requires-Python")
            .why(format!(
                "installers on Python {major}.{minor} will take this release instead of an older one"
            ))
            .next("set `requires-python` in pyproject.toml as in the last release, or higher"),
    );
}

/// The oldest Python that a specifier admits; none when that cannot be told.
fn oldest(requires: Option<&str>) -> Option<(u32, u32)> {
    let known = || {
        let two = [(2, 6), (2, 7)].into_iter();
        two.chain((0..40).map(|minor| (3, minor)))
    };
    let Some(requires) = requires else {
        return known().next();
    };
    let set = SpecifierSet::parse(requires).ok()?;
    // The last patch release: `>=3.8.1` admits a 3.8.
    known().find(|(major, minor)| {
        Version::parse(&format!("{major}.{minor}.99"))
            .is_ok_and(|version| set.contains(&version, Prereleases::Allow))
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_comparison, wheel};
    use super::*;

    fn with(requires: &str) -> pubflow_testkit::WheelBuilder {
        match requires {
            "" => wheel(),
            _ => wheel().metadata_line(&format!("Requires-Python: {requires}")),
        }
    }

    #[test]
    fn the_same_or_a_higher_bound_is_quiet() {
        for (old, new) in [
            (">=3.8", ">=3.8"),
            (">=3.8", ">=3.9"),
            (">=3.8,<3.13", ">=3.8"),
            (">=3.8.1", ">=3.8"),
            ("", ">=3.9"),
            ("", ""),
            ("nonsense", ">=3.9"),
        ] {
            expect(&in_comparison(&with(old), &with(new), check), &[]);
        }
    }

    #[test]
    fn a_lost_or_lower_bound_is_found() {
        expect(
            &in_comparison(&with(">=3.9"), &with(""), check),
            &["warning -: Requires-Python is gone; 1.0 said `>=3.9`"],
        );
        let found = in_comparison(&with(">=3.9"), &with(">=3.7"), check);
        expect(
            &found,
            &["warning -: Requires-Python is `>=3.7`; 1.0 said `>=3.9`"],
        );
        assert!(found[0].why.as_deref().unwrap().contains("Python 3.7"));
    }
}
