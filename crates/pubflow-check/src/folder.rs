//! P1605: what lies in a project's `dist` beside the files of the newest release.

use pubflow_dist::Distribution;
use pubflow_finding::{Finding, Findings, Refuser, Rule, Severity};
use pubflow_spec::ProjectName;

const NOBODY: &[Refuser] = &[];

pub(crate) static RULE: Rule = Rule {
    code: "P1605",
    name: "old-distributions",
    severity: Severity::Warning,
    source: "advice",
    refused_by: NOBODY,
    about: "The project's `dist` directory holds distributions of an older version or of another \
            project beside the newest ones.",
    why: "Uploads by pattern (`dist/*`) send them along: the index refuses what it has, and keeps \
          what it was never meant to get.",
    cure: "Remove them, or name the files to upload. `pubflow publish` takes the files of one \
           release only.",
    bad: "dist/demo-1.0.tar.gz\ndist/demo-1.1.tar.gz",
    good: "dist/demo-1.1.tar.gz",
};

/// Judges one file of the directory: `all` are the files in it, `project` is the name that
/// pyproject.toml gives.
pub(crate) fn check(
    this: &Distribution,
    all: &[&Distribution],
    project: Option<&ProjectName>,
    findings: &mut Findings,
) {
    let Some(filename) = this.filename() else {
        return;
    };
    let newest = all
        .iter()
        .filter_map(|other| other.filename())
        .filter(|other| other.name() == filename.name())
        .max_by(|a, b| a.version().cmp(b.version()));
    let name = filename.as_str();
    let message = match (project, newest) {
        (Some(project), _) if project != filename.name() => {
            format!("`{name}` is of another project than `{project}`")
        }
        (_, Some(newest)) if newest.version() != filename.version() => {
            format!("`{name}` is older than `{}` beside it", newest.as_str())
        }
        _ => return,
    };
    findings.add(Finding::new(&RULE, message).next("remove it before the upload"));
}
