//! Rules about the file name: its characters and ending (R079 to R082), its parts (R116 to R118, R123 to R127).

use hyper::StatusCode;
use pubflow_spec::{FilenameExpected, ProjectName, SdistFilename, Version, WheelFilename};

use super::Candidate;
use super::words::quoted;
use crate::answer::Notice;
use crate::index::Index;
use crate::store::stored::FileType;

mod platform;

fn refusal(words: impl Into<String>) -> Notice {
    Notice::refusal(StatusCode::BAD_REQUEST, words)
}

/// R079 to R082, which are asked before the file is looked at.
pub(super) fn check_spelling(
    filename: &str,
    file_type: FileType,
    index: &Index,
) -> Result<(), Notice> {
    if filename
        .chars()
        .any(|character| character.is_ascii_control())
    {
        return Err(refusal(
            "Cannot upload a file with non-printable characters (ordinals 0-31 and 127) in the name.",
        ));
    }
    if filename.contains(['/', '\\']) {
        return Err(refusal(
            "Cannot upload a file with '/' or '\\' in the name.",
        ));
    }
    let help = index.help("valid-filenames");
    let lower = filename.to_ascii_lowercase();
    let Some(ending) = [".tar.gz", ".whl", ".zip"]
        .into_iter()
        .find(|ending| lower.ends_with(ending))
    else {
        return Err(refusal(format!(
            "Invalid file extension: Use .tar.gz, .whl or .zip extension. See {help} and {} for more information",
            index.help("packaging"),
        )));
    };
    let fits = match file_type {
        FileType::Sdist => filename.ends_with(".tar.gz") || filename.ends_with(".zip"),
        FileType::Wheel => filename.ends_with(".whl"),
    };
    if fits {
        return Ok(());
    }
    Err(refusal(format!(
        "Invalid file extension: Extension {ending} is invalid for filetype {}. See {help} for more information.",
        file_type.as_str(),
    )))
}

/// R116 to R118 and R123 to R127, which are asked after the archive has been looked at.
pub(super) fn check_parts(filename: &str, candidate: &Candidate) -> Result<(), Notice> {
    match candidate.file_type {
        FileType::Sdist => check_sdist(filename, candidate),
        FileType::Wheel => check_wheel(filename, candidate),
    }
}

fn check_sdist(filename: &str, candidate: &Candidate) -> Result<(), Notice> {
    let parsed = SdistFilename::parse(filename)
        .map_err(|_| refusal(format!("Invalid source distribution filename: {filename}")))?;
    if parsed.name.normalized() != candidate.name.normalized() {
        return Err(other_project(&candidate.name));
    }
    let expected = format!(
        "{}-{}.tar.gz",
        candidate.name.underscored(),
        candidate.version
    );
    if filename == expected {
        return Ok(());
    }
    if parsed.version != candidate.version {
        return Err(other_version(&candidate.version, &parsed.version));
    }
    Err(refusal(format!(
        "Filename {} is invalid, should be {}.",
        quoted(filename),
        quoted(&expected)
    )))
}

fn check_wheel(filename: &str, candidate: &Candidate) -> Result<(), Notice> {
    let stem = filename.strip_suffix(".whl").unwrap_or(filename);
    let parsed = WheelFilename::parse(filename).map_err(|error| match error.expected() {
        FilenameExpected::WheelParts(_) => refusal(format!(
            "Invalid wheel filename (wrong number of parts): {}",
            quoted(stem)
        )),
        FilenameExpected::BuildTag => {
            let build = stem.split('-').nth(2).unwrap_or_default();
            refusal(format!("Invalid build number: {build} in {}", quoted(stem)))
        }
        FilenameExpected::Version(_) => refusal(format!(
            "Invalid wheel filename (invalid version): {}",
            quoted(stem)
        )),
        _ => refusal(format!("Invalid project name: {}", quoted(stem))),
    })?;
    if let Some(tag) = parsed
        .tags
        .iter()
        .find(|tag| !platform::is_allowed(&tag.platform))
    {
        return Err(refusal(format!(
            "Binary wheel {} has an unsupported platform tag {}.",
            quoted(filename),
            quoted(&tag.platform),
        )));
    }
    if parsed.name.normalized() != candidate.name.normalized() {
        return Err(other_project(&candidate.name));
    }
    let expected = candidate.name.underscored();
    if parsed.name.as_str() != expected {
        return Err(refusal(format!(
            "Filename {} should contain the normalized project name {}, not {}.",
            quoted(filename),
            quoted(&expected),
            quoted(parsed.name.as_str()),
        )));
    }
    if parsed.version != candidate.version {
        return Err(other_version(&candidate.version, &parsed.version));
    }
    Ok(())
}

fn other_project(name: &ProjectName) -> Notice {
    refusal(format!(
        "Start filename for {} with {}.",
        quoted(name.as_str()),
        quoted(&name.underscored())
    ))
}

fn other_version(expected: &Version, found: &Version) -> Notice {
    refusal(format!(
        "Version in filename should be {} not {}.",
        quoted(&expected.to_string()),
        quoted(&found.to_string())
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::upload::form::Form;

    #[track_caller]
    fn check(file_type: FileType, filename: &str, expected: Option<&str>) {
        let candidate = Candidate {
            form: Form::default(),
            name: ProjectName::parse("Tx.Alpha").unwrap(),
            version: Version::parse("3.0").unwrap(),
            file_type,
        };
        let found = check_parts(filename, &candidate).err();
        assert_eq!(found.as_ref().map(Notice::words), expected, "{filename}");
    }

    #[test]
    fn names_of_wheels() {
        let wheel = FileType::Wheel;
        check(wheel, "tx_alpha-3.0-py3-none-any.whl", None);
        check(
            wheel,
            "tx_alpha-3.0.0-1-py2.py3-none-macosx_15_0_arm64.whl",
            None,
        );
        check(
            wheel,
            "tx_alpha-3.0-py3.whl",
            Some("Invalid wheel filename (wrong number of parts): 'tx_alpha-3.0-py3'"),
        );
        check(
            wheel,
            "tx_alpha-3.0-x1-py3-none-any.whl",
            Some("Invalid build number: x1 in 'tx_alpha-3.0-x1-py3-none-any'"),
        );
        check(
            wheel,
            "tx_alpha-3.0-py3-none-linux_x86_64.whl",
            Some(
                "Binary wheel 'tx_alpha-3.0-py3-none-linux_x86_64.whl' has an unsupported platform tag 'linux_x86_64'.",
            ),
        );
        check(
            wheel,
            "TX_Alpha-3.0-py3-none-any.whl",
            Some(
                "Filename 'TX_Alpha-3.0-py3-none-any.whl' should contain the normalized project name 'tx_alpha', not \
                 'TX_Alpha'.",
            ),
        );
        check(
            wheel,
            "tx_beta-3.0-py3-none-any.whl",
            Some("Start filename for 'Tx.Alpha' with 'tx_alpha'."),
        );
        check(
            wheel,
            "tx_alpha-3.1-py3-none-any.whl",
            Some("Version in filename should be '3.0' not '3.1'."),
        );
    }

    #[test]
    fn names_of_sdists() {
        let sdist = FileType::Sdist;
        check(sdist, "tx_alpha-3.0.tar.gz", None);
        for wrong in [
            "tx-alpha-3.0.tar.gz",
            "tx_alpha-3.0.zip",
            "tx_alpha-3.0.0.tar.gz",
        ] {
            let words = format!("Filename '{wrong}' is invalid, should be 'tx_alpha-3.0.tar.gz'.");
            check(sdist, wrong, Some(&words));
        }
        check(
            sdist,
            "tx_beta-3.0.tar.gz",
            Some("Start filename for 'Tx.Alpha' with 'tx_alpha'."),
        );
        check(
            sdist,
            "tx_alpha.tar.gz",
            Some("Invalid source distribution filename: tx_alpha.tar.gz"),
        );
    }
}
