//! What errors of build units and of joining them say.

use std::path::PathBuf;

use pubflow_pipeline::Report;
use pubflow_spec::Sha256;
use pubflow_stages::{CollectError, FragmentError, UnitError};

/// A unit was not built.
pub(super) fn unit_report(error: &UnitError, report: Report) -> Report {
    match error {
        UnitError::NoProgram { program, .. } => report
            .code("E610")
            .next(format!("install `{program}`, or correct the command in `build.units`")),
        UnitError::Command { log, .. } => report
            .code("E314")
            .why(log.clone())
            .next("correct what it says; `{out}` in the command stands for the directory that it has to write to"),
        UnitError::Nothing { log, .. } => report
            .code("E314")
            .why(match log.is_empty() {
                true => "it ended well and printed nothing".to_owned(),
                false => log.clone(),
            })
            .next("let the command write wheels and sdists into `{out}`"),
        UnitError::Unexpected { source, .. } => report
            .code("E315")
            .why(source.to_string())
            .next("correct the build, or `expect` of the unit"),
        UnitError::Io { source, .. } => report
            .code("E606")
            .why(source.to_string())
            .next("see that the place is there, writable and not full"),
        UnitError::Process(_) => report
            .code("E610")
            .next("see that the program of the unit can be started by hand"),
        UnitError::Files(_) => report.code("E104").next("let one unit build one release"),
    }
}

/// Parts of a release were not joined.
pub(super) fn collect_report(error: &CollectError, report: Report) -> Report {
    match error {
        CollectError::Read { source, .. } => report
            .code("E606")
            .why(source.to_string())
            .next("name directories that are there and can be read"),
        CollectError::Nothing { .. } => report
            .code("E104")
            .next("run `pubflow build --unit ID` first, and name the directories that it wrote"),
        CollectError::Missing { .. } => report
            .code("E316")
            .why("the fragment names it; it was lost on the way")
            .next("fetch the unit's directory again, whole"),
        CollectError::Changed { built, found, .. } => report
            .code("E317")
            .why(format!("sha256 {built} built, {found} here"))
            .next("fetch the unit's directory again; if it stays so, find out who changed the file before anything is published"),
        CollectError::Added { .. } => report
            .code("E317")
            .why("somebody has put it there after the unit was built")
            .next("remove it, or build the unit again"),
        CollectError::Twice { places, .. } => report
            .code("E317")
            .why(places_text(places))
            .next("let one unit alone build that file: one release cannot hold both"),
        CollectError::Apart { values, .. } => {
            let rows = values.iter().map(|(value, whose)| format!("{whose}: {value}"));
            report
                .code("E316")
                .why(rows.collect::<Vec<_>>().join("\n"))
                .next("build all units from one commit with one configuration, and collect in a checkout of it")
        }
        CollectError::NoUnit { .. } => report
            .code("E316")
            .why("`build.units` has them, and no fragment of them was found")
            .next("fetch what they built too, or take them out of `build.units`"),
        CollectError::Unexpected { source } => report
            .code("E315")
            .why(source.to_string())
            .next("build what is missing, or correct `expect`"),
        CollectError::Fragment(_) | CollectError::Unit(_) | CollectError::Files(_) => report,
    }
}

fn places_text(places: &[(PathBuf, Sha256)]) -> String {
    let row = |(path, sha256): &(PathBuf, Sha256)| format!("sha256 {sha256} in {}", path.display());
    places.iter().map(row).collect::<Vec<_>>().join("\n")
}

/// A fragment was not read or written.
pub(super) fn fragment_report(error: &FragmentError, report: Report) -> Report {
    match error {
        FragmentError::Io { source, .. } => report
            .code("E606")
            .why(source.to_string())
            .next("see that the place is there, writable and not full"),
        FragmentError::Malformed { why, .. } => report
            .code("E316")
            .why(why.clone())
            .next("fetch the unit's directory again, or build the unit again with this pubflow"),
    }
}
