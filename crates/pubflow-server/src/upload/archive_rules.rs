//! What an upload's archive must be (R093 to R115) and hold (R119, R128 to R133).
//!
//! `pubflow-dist` reads more strictly than PyPI does; only what PyPI refuses is refused here, in
//! PyPI's order and words as far as they are known.

use std::collections::BTreeSet;
use std::path::Path;

use pubflow_dist::check::{Obfuscation, obfuscated};
use pubflow_dist::{
    Archive, Distribution, HeaderField, Limits, PathFault, ProblemKind, Sdist, Wheel,
};
use pubflow_finding::Refuser;

use crate::answer::Notice;
use crate::index::{Index, disk_refused};
use crate::refusal::{by_rule, in_words, quoted};

/// Reads an archive under its own name.
pub(super) fn open(path: &Path) -> Result<Distribution, Notice> {
    Distribution::open(path, &Limits::default()).map_err(|error| disk_refused(error.source))
}

/// R093 to R115: the archive as such.
pub(super) fn check_container(opened: &Distribution, index: &Index) -> Result<(), Notice> {
    let origin = &index.origin;
    match opened {
        Distribution::Wheel(wheel) => {
            check_problems(opened, &ZIP_BEFORE_WHEEL, origin)?;
            check_wheel_file(wheel, origin)?;
            check_sources(wheel.archive(), origin)?;
            check_problems(opened, &ZIP_FRAMING, origin)?;
        }
        Distribution::Sdist(sdist) => {
            check_problems(opened, &TAR, origin)?;
            check_tree(sdist, origin)?;
            check_sources(sdist.archive(), origin)?;
        }
        Distribution::Unknown(_) => {}
    }
    // What PyPI refuses with the text of an exception, or none.
    let kinds = kinds(opened);
    if kinds
        .iter()
        .any(|kind| kind.refused_by().contains(&Refuser::Pypi))
    {
        return Err(in_words(origin, "R094", "Invalid distribution file. None"));
    }
    Ok(())
}

/// A rule that a problem of the archive falls under.
struct Row {
    number: &'static str,
    applies: fn(&ProblemKind) -> bool,
    /// What stands in the place of `{}` in the rule's words.
    value: &'static str,
}

const fn row(number: &'static str, applies: fn(&ProblemKind) -> bool) -> Row {
    Row {
        number,
        applies,
        value: "",
    }
}

/// Asked before the wheel's WHEEL file is looked for.
static ZIP_BEFORE_WHEEL: [Row; 4] = [
    row("R093", |kind| matches!(kind, ProblemKind::Polyglot)),
    row("R094", |kind| matches!(kind, ProblemKind::NotZip)),
    row("R095", |kind| matches!(kind, ProblemKind::Ratio { .. })),
    row("R096", |kind| matches!(kind, ProblemKind::Method { .. })),
];

/// Asked afterwards, as PyPI reads the records front to back.
static ZIP_FRAMING: [Row; 9] = [
    row("R103", |kind| {
        matches!(
            kind,
            ProblemKind::StrayBytes { .. } | ProblemKind::MultiDisk
        )
    }),
    row("R104", |kind| matches!(kind, ProblemKind::DataDescriptor)),
    row("R105", |kind| {
        matches!(
            kind,
            ProblemKind::ZipPath(PathFault::ControlCharacter) | ProblemKind::NameNotUtf8
        )
    }),
    // Two members of one name are found by their sizes, not by their name.
    row("R107", |kind| {
        matches!(
            kind,
            ProblemKind::DuplicateSame
                | ProblemKind::DuplicateOther
                | ProblemKind::Overlap
                | ProblemKind::HeaderMismatch(HeaderField::Size | HeaderField::PackedSize)
        )
    }),
    row("R106", |kind| matches!(kind, ProblemKind::LocalOnly)),
    Row {
        number: "R108",
        applies: |kind| {
            matches!(
                kind,
                ProblemKind::ExtraField(_) | ProblemKind::Zip64Extra(_)
            )
        },
        value: "Malformed extra field",
    },
    Row {
        number: "R109",
        applies: |kind| matches!(kind, ProblemKind::MemberComment),
        value: "Comment in central directory",
    },
    Row {
        number: "R110",
        applies: |kind| matches!(kind, ProblemKind::EndRecord | ProblemKind::Zip64End),
        value: "Mis-matched end of central directory",
    },
    row("R111", |kind| {
        matches!(kind, ProblemKind::TrailingZipBytes { .. })
    }),
];

static TAR: [Row; 2] = [
    row("R112", |kind| {
        matches!(
            kind,
            ProblemKind::NotGzip
                | ProblemKind::GzipDamaged
                | ProblemKind::TarHeader { at: 0 }
                | ProblemKind::TarCut
        )
    }),
    row("R113", |kind| matches!(kind, ProblemKind::Sparse)),
];

fn kinds(opened: &Distribution) -> Vec<&ProblemKind> {
    let problems = opened.archive().map(|archive| archive.problems());
    problems
        .unwrap_or_default()
        .iter()
        .map(|problem| &problem.kind)
        .collect()
}

fn check_problems(opened: &Distribution, rows: &[Row], origin: &str) -> Result<(), Notice> {
    let kinds = kinds(opened);
    match rows
        .iter()
        .find(|row| kinds.iter().any(|kind| (row.applies)(kind)))
    {
        Some(row) => Err(by_rule(origin, row.number, &[row.value])),
        None => Ok(()),
    }
}

/// R098 and R099.
fn check_wheel_file(wheel: &Wheel, origin: &str) -> Result<(), Notice> {
    let archive = wheel.archive();
    if archive.filename().split('-').count() < 3 {
        return Err(by_rule(origin, "R098", &[]));
    }
    let member = format!("{}/WHEEL", wheel.expected_dist_info());
    // Where the names of the members are not known, their absence says nothing.
    if archive.is_readable() && archive.file(&member).is_none() {
        return Err(by_rule(origin, "R099", &[&member]));
    }
    Ok(())
}

/// R100 and R101.
fn check_sources(archive: &Archive, origin: &str) -> Result<(), Notice> {
    match obfuscated(archive).next() {
        Some((_, Obfuscation::PyArmor)) => Err(by_rule(origin, "R100", &[])),
        Some((_, Obfuscation::SourceDefender)) => Err(by_rule(origin, "R101", &[])),
        None => Ok(()),
    }
}

/// R114 and R115.
fn check_tree(sdist: &Sdist, origin: &str) -> Result<(), Notice> {
    let archive = sdist.archive();
    // Members that begin with `./` share the directory behind it, in which PyPI then finds nothing.
    let top_of = |path: &str| {
        let path = path.trim_start_matches("./");
        path.split('/').next().unwrap_or_default().to_owned()
    };
    let tops: BTreeSet<String> = if sdist.tops().contains(".") {
        let paths = archive.entries().iter().map(|entry| entry.path.as_str());
        paths.map(top_of).filter(|top| !top.is_empty()).collect()
    } else {
        sdist.tops().clone()
    };
    let mut tops = tops.iter();
    let (Some(top), None) = (tops.next(), tops.next()) else {
        return Err(by_rule(origin, "R114", &[]));
    };
    let member = format!("{top}/PKG-INFO");
    if archive.file(&member).is_none() {
        return Err(by_rule(origin, "R115", &[&member]));
    }
    Ok(())
}

/// R119, R128, R129 and R131 to R133: the members that must be there.
pub(super) fn check_contents(
    opened: &Distribution,
    licence_files: &[&str],
    index: &Index,
) -> Result<(), Notice> {
    let origin = &index.origin;
    match opened {
        Distribution::Wheel(wheel) => {
            let directory = format!("{}/licenses", wheel.expected_dist_info());
            check_licences(opened, licence_files, &directory, origin)?;
            check_record(wheel, origin)?;
            check_entry_points(wheel, origin)?;
            require_member(wheel, "METADATA", "R133", origin)
        }
        Distribution::Sdist(sdist) => {
            let top = sdist.tops().iter().next();
            check_licences(
                opened,
                licence_files,
                top.map_or("", String::as_str),
                origin,
            )
        }
        Distribution::Unknown(_) => Ok(()),
    }
}

fn check_licences(
    opened: &Distribution,
    licence_files: &[&str],
    directory: &str,
    origin: &str,
) -> Result<(), Notice> {
    let Some(archive) = opened.archive() else {
        return Ok(());
    };
    for licence in licence_files.iter().filter(|licence| !licence.is_empty()) {
        let member = format!("{directory}/{licence}");
        if archive.file(&member).is_none() {
            return Err(by_rule(
                origin,
                "R119",
                &[licence, archive.filename(), &member],
            ));
        }
    }
    Ok(())
}

fn require_member(
    wheel: &Wheel,
    name: &str,
    number: &'static str,
    origin: &str,
) -> Result<(), Notice> {
    let member = format!("{}/{name}", wheel.expected_dist_info());
    match wheel.archive().file(&member) {
        Some(_) => Ok(()),
        None => Err(by_rule(
            origin,
            number,
            &[&quoted(wheel.archive().filename()), &member],
        )),
    }
}

/// R129 and R131.
fn check_record(wheel: &Wheel, origin: &str) -> Result<(), Notice> {
    require_member(wheel, "RECORD", "R129", origin)?;
    match wheel.record() {
        // PyPI's reader trips over an empty line.
        Some(record) if !record.empty_lines().is_empty() => Err(Notice::crash()),
        Some(_) => Ok(()),
        None => Err(by_rule(
            origin,
            "R129",
            &[
                &quoted(wheel.archive().filename()),
                &format!("{}/RECORD", wheel.expected_dist_info()),
            ],
        )),
    }
}

/// R132.
fn check_entry_points(wheel: &Wheel, origin: &str) -> Result<(), Notice> {
    let Some(entry_points) = wheel.entry_points() else {
        return Ok(());
    };
    let is_command = |name: &str| {
        name.chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '-'))
    };
    let bad_name = entry_points
        .scripts()
        .any(|point| point.name.is_empty() || !is_command(&point.name));
    if bad_name || !entry_points.problems().is_empty() {
        return Err(by_rule(
            origin,
            "R132",
            &[&quoted(wheel.archive().filename())],
        ));
    }
    Ok(())
}

/// What is served beside a wheel as its `.metadata`.
pub(super) fn metadata(opened: &Distribution) -> Option<&[u8]> {
    match opened {
        Distribution::Wheel(wheel) => wheel.metadata_bytes(),
        _ => None,
    }
}
