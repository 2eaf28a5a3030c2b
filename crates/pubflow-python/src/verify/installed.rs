//! Compares what lies in the environment with what the wheel says: the files with RECORD, the
//! metadata with METADATA. It runs before the first import, because imports can change files.
//!
//! Spec: "Recording installed projects"; "Binary distribution format", RECORD.

use std::io;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use pubflow_dist::{EntryPath, RecordRow, Wheel, sha256_file};
use pubflow_finding::{Finding, Findings};
use pubflow_spec::Sha256;

use super::rules::{FILES_DIFFER, METADATA_DIFFERS};
use crate::environment::PythonEnvironment;

/// Findings that name a single file each; beyond them only their number is told.
const MOST_NAMED: usize = 10;
/// Files of `.dist-info` that installers write anew.
const REWRITTEN: &[&str] = &[
    "RECORD",
    "RECORD.jws",
    "RECORD.p7s",
    "INSTALLER",
    "REQUESTED",
    "direct_url.json",
];

/// How an installed file differs from its row in RECORD.
enum Difference {
    Missing,
    Content { listed: String, found: String },
}

/// Compares installed files with the wheel's RECORD; answers how many were compared.
pub(super) fn check_files(
    wheel: &Wheel,
    environment: &PythonEnvironment,
    findings: &mut Findings,
) -> io::Result<usize> {
    let rows = wheel
        .record()
        .map(|record| record.rows())
        .unwrap_or_default();
    let (mut n_compared, mut n_different) = (0, 0);
    for row in rows {
        let Some(place) = installed_place(wheel, row, environment) else {
            continue;
        };
        n_compared += 1;
        let Some(difference) = compare(row, &place)? else {
            continue;
        };
        n_different += 1;
        if n_different <= MOST_NAMED {
            findings.add(difference_finding(row, &difference));
        }
    }
    if n_different > MOST_NAMED {
        let more = n_different - MOST_NAMED;
        findings.add(Finding::new(
            &FILES_DIFFER,
            format!("{more} more installed files differ from RECORD"),
        ));
    }
    Ok(n_compared)
}

fn difference_finding(row: &RecordRow, difference: &Difference) -> Finding {
    let (message, why) = match difference {
        Difference::Missing => (
            format!("`{}` is in RECORD and is not installed", row.path),
            "the installer did not find it in the wheel, or another distribution has removed it"
                .to_owned(),
        ),
        Difference::Content { listed, found } => (
            format!(
                "the installed `{}` is not the file that RECORD lists",
                row.path
            ),
            format!("RECORD says sha256 {listed}, the installed file has {found}"),
        ),
    };
    Finding::new(&FILES_DIFFER, message)
        .why(why)
        .next("build the wheel again; no file may change after RECORD is written")
        .member(row.path.clone())
        .line(row.line)
}

/// Where the file of a row is installed; none for what installers rewrite or put where only they
/// know.
fn installed_place(
    wheel: &Wheel,
    row: &RecordRow,
    environment: &PythonEnvironment,
) -> Option<PathBuf> {
    let path = EntryPath::new(&row.slashed_path());
    if !path.faults().is_empty() || path.as_str().ends_with(".pyc") {
        return None;
    }
    if let Some(dist_info) = wheel.dist_info()
        && path
            .below(dist_info)
            .is_some_and(|file| REWRITTEN.contains(&file))
    {
        return None;
    }
    if let Some(installed) = wheel.installed_path(&path) {
        return Some(environment.site_packages().join(installed));
    }
    let data = wheel.data_directory()?;
    let below = path.below(&data)?;
    Some(environment.root().join(below.strip_prefix("data/")?))
}

fn compare(row: &RecordRow, place: &Path) -> io::Result<Option<Difference>> {
    if !place.is_file() {
        return Ok(Some(Difference::Missing));
    }
    // Older digests are another check's business.
    let Some(("sha256", listed)) = row.digest_parts() else {
        return Ok(None);
    };
    let found = URL_SAFE_NO_PAD.encode(sha256_file(place)?.as_bytes());
    Ok(
        (found != listed.trim_end_matches('=')).then(|| Difference::Content {
            listed: listed.to_owned(),
            found,
        }),
    )
}

/// Compares the installed METADATA with the wheel's, byte by byte.
pub(super) fn check_metadata(
    wheel: &Wheel,
    environment: &PythonEnvironment,
    findings: &mut Findings,
) -> io::Result<()> {
    let (Some(bytes), Some(member)) = (wheel.metadata_bytes(), wheel.metadata_member()) else {
        return Ok(());
    };
    let installed = environment.site_packages().join(&member);
    let finding = if installed.is_file() {
        if Sha256::of(bytes) == sha256_file(&installed)? {
            return Ok(());
        }
        Finding::new(
            &METADATA_DIFFERS,
            format!("the installed `{member}` is not the one in the wheel"),
        )
        .why("the installer, or another distribution, has written something else over it")
    } else {
        Finding::new(&METADATA_DIFFERS, format!("`{member}` is not installed"))
            .why("a dependency asks for another version of the project itself, and the installer has replaced the file under test")
            .next("look for a dependency that requires this project, or a second `.dist-info` directory in the wheel")
    };
    findings.add(finding.member(member));
    Ok(())
}
