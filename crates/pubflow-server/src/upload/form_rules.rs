//! Rules R020 to R029: the form itself. The first problem is reported, in the order name, then the other fields by
//! name, then the form as a whole.

use hyper::StatusCode;
use pubflow_spec::ProjectName;

use super::form::Form;
use super::words::quoted;
use crate::answer::Notice;
use crate::index::Index;
use crate::store::stored::FileType;

/// Checks the form and says which type of file it announces.
pub(super) fn check(form: &Form, index: &Index) -> Result<FileType, Notice> {
    if form
        .first("protocol_version")
        .is_some_and(|version| version != "1")
    {
        return Err(refusal("Unknown protocol version."));
    }
    check_name(form, index)?;
    check_hex(form, "blake2_256_digest", "BLAKE2")?;
    let file_type = check_file_type(form)?;
    check_python_version(form, file_type)?;
    check_hex(form, "sha256_digest", "SHA256")?;
    let digests = ["md5_digest", "sha256_digest", "blake2_256_digest"];
    if digests.iter().all(|field| present(form, field).is_none()) {
        return Err(refusal("Error: Include at least one message digest."));
    }
    Ok(file_type)
}

fn refusal(words: impl Into<String>) -> Notice {
    Notice::refusal(StatusCode::BAD_REQUEST, words)
}

fn present<'a>(form: &'a Form, field: &'a str) -> Option<&'a str> {
    form.first(field).filter(|value| !value.is_empty())
}

/// R021 and R022.
fn check_name(form: &Form, index: &Index) -> Result<(), Notice> {
    let name = present(form, "name").unwrap_or_default();
    let problem = if name.is_empty() {
        "This field is required."
    } else if ProjectName::parse(name).is_err() {
        "Start and end with a letter or numeral containing only ASCII numeric and '.', '_' and '-'."
    } else {
        return Ok(());
    };
    Err(refusal(format!(
        "{} is an invalid value for Name. Error: {problem} See {} for more information.",
        quoted(name),
        index.help("core-metadata"),
    )))
}

/// R023 and R024.
fn check_file_type(form: &Form) -> Result<FileType, Notice> {
    let problem = match present(form, "filetype") {
        Some("sdist") => return Ok(FileType::Sdist),
        Some("bdist_wheel") => return Ok(FileType::Wheel),
        Some(_) => "Use a known file type.",
        None => "This field is required.",
    };
    Err(invalid("filetype", problem))
}

/// R027 and R028.
fn check_python_version(form: &Form, file_type: FileType) -> Result<(), Notice> {
    match (file_type, present(form, "pyversion")) {
        (FileType::Wheel, None) => Err(invalid(
            "pyversion",
            "Python version is required for binary distribution uploads.",
        )),
        (FileType::Sdist, Some(other)) if other != "source" => Err(invalid(
            "pyversion",
            "Use 'source' as Python version for an sdist.",
        )),
        _ => Ok(()),
    }
}

/// R025 and R026.
fn check_hex(form: &Form, field: &'static str, algorithm: &str) -> Result<(), Notice> {
    match present(form, field) {
        Some(digest)
            if digest.len() != 64 || !digest.bytes().all(|byte| byte.is_ascii_hexdigit()) =>
        {
            Err(invalid(
                field,
                &format!("Use a valid, hex-encoded, {algorithm} message digest."),
            ))
        }
        _ => Ok(()),
    }
}

fn invalid(field: &str, problem: &str) -> Notice {
    refusal(format!("Invalid value for {field}. Error: {problem}"))
}
