//! The file of an upload: name, content type, size, digests (R079 to R086), and what its name says
//! against what the form says (R116 to R118, R123 to R127, R134).

use pubflow_spec::{
    Digests, ProjectName, SdistFilename, Version, WheelFilename, pypi_takes_platform,
};

use super::form::Form;
use super::{Refusal, rule};
use crate::quoted::quoted;

/// Bytes that a file may have unless the index raised the project's limit.
const DEFAULT_SIZE_LIMIT: u64 = 100 * 1024 * 1024;
/// Octets of a file name, `.metadata` included.
const FILENAME_LIMIT: usize = 255;

/// What is known about the file of an upload.
#[derive(Debug, Clone)]
pub struct FileFacts<'a> {
    /// Name of the `content` part.
    pub filename: &'a str,
    /// Content type of the `content` part, if it has one.
    pub content_type: Option<&'a str>,
    /// Size in bytes.
    pub size_bytes: u64,
    /// Size in bytes that the project may upload.
    pub limit_bytes: u64,
    /// Digests of the bytes, those that are known.
    pub digests: Digests,
}

impl<'a> FileFacts<'a> {
    /// Facts of an ordinary upload: the default limit, an ordinary content type.
    #[must_use]
    pub fn new(filename: &'a str, size_bytes: u64, digests: Digests) -> Self {
        Self {
            filename,
            content_type: Some("application/octet-stream"),
            size_bytes,
            limit_bytes: DEFAULT_SIZE_LIMIT,
            digests,
        }
    }
}

/// R079 to R086.
pub(super) fn file_refusal(form: &Form<'_>, facts: &FileFacts<'_>) -> Option<Refusal> {
    let filetype = form.first("filetype").unwrap_or_default();
    if let Some(refusal) = spelling_refusal(facts.filename, filetype) {
        return Some(refusal);
    }
    if facts
        .content_type
        .is_some_and(|content_type| content_type.starts_with("image/"))
    {
        return Some(rule("R083").refuse(&[]));
    }
    if facts.size_bytes > facts.limit_bytes {
        let limit = (facts.limit_bytes / (1024 * 1024)).to_string();
        let name = quoted(form.first("name").unwrap_or_default());
        return Some(rule("R084").refuse(&[&name, &limit]));
    }
    let digests = &facts.digests;
    let differs = [
        ("md5_digest", digests.md5.map(|digest| digest.to_string())),
        (
            "sha256_digest",
            digests.sha256.map(|digest| digest.to_string()),
        ),
        (
            "blake2_256_digest",
            digests.blake2b_256.map(|digest| digest.to_string()),
        ),
    ]
    .into_iter()
    .any(|(field, digest)| match (form.filled(field), digest) {
        (Some(given), Some(digest)) => !given.eq_ignore_ascii_case(&digest),
        _ => false,
    });
    differs.then(|| rule("R086").refuse(&[]))
}

/// Characters and ending of the name.
fn spelling_refusal(filename: &str, filetype: &str) -> Option<Refusal> {
    if filename.bytes().any(|byte| byte < 32 || byte == 127) {
        return Some(rule("R079").refuse(&[]));
    }
    if filename.contains(['/', '\\']) {
        return Some(rule("R080").refuse(&[]));
    }
    let lower = filename.to_ascii_lowercase();
    let ending = [".tar.gz", ".zip", ".whl"]
        .into_iter()
        .find(|ending| lower.ends_with(ending) && lower.len() > ending.len());
    let Some(ending) = ending else {
        return Some(rule("R081").refuse(&[]));
    };
    let written = &filename[filename.len() - ending.len()..];
    let fits = match filetype {
        "bdist_wheel" => written == ".whl",
        _ => written == ".tar.gz" || written == ".zip",
    };
    (!fits).then(|| rule("R082").refuse(&[written, filetype]))
}

/// What the form says about the release.
struct Release<'a> {
    name: &'a str,
    normalized: String,
    underscored: String,
    version: Option<Version>,
}

/// R116 to R118, R123 to R127, R134.
pub(super) fn filename_refusal(form: &Form<'_>, filename: &str) -> Option<Refusal> {
    let name = form.first("name").unwrap_or_default();
    let parsed = ProjectName::parse(name).ok();
    let normalized = parsed.map_or_else(|| name.to_owned(), |name| name.normalized().to_owned());
    let release = Release {
        name,
        underscored: normalized.replace('-', "_"),
        normalized,
        version: Version::parse(form.first("version").unwrap_or_default()).ok(),
    };
    match form.first("filetype") {
        Some("sdist") => sdist_refusal(&release, filename),
        _ => wheel_refusal(&release, filename),
    }
}

impl Release<'_> {
    fn start_with(&self, number: &'static str) -> Refusal {
        rule(number).refuse(&[&quoted(self.name), &quoted(&self.underscored)])
    }

    fn is_named(&self, name: &ProjectName) -> bool {
        name.normalized() == self.normalized
    }

    /// A post-release written with a dash reads as a longer name, but is still this project's.
    fn is_dashed_post_release(&self, stem: &str) -> bool {
        stem.match_indices('-').any(|(at, _)| {
            let version = Version::parse(&stem[at + 1..]);
            ProjectName::parse(&stem[..at]).is_ok_and(|name| self.is_named(&name))
                && version.is_ok_and(|version| version.post().is_some())
        })
    }
}

fn sdist_refusal(release: &Release<'_>, filename: &str) -> Option<Refusal> {
    let Ok(sdist) = SdistFilename::parse(filename) else {
        return Some(rule("R116").refuse(&[filename]));
    };
    let stem = filename
        .strip_suffix(".tar.gz")
        .or_else(|| filename.strip_suffix(".zip"))
        .unwrap_or(filename);
    if !release.is_named(&sdist.name) && !release.is_dashed_post_release(stem) {
        return Some(release.start_with("R117"));
    }
    let version = release.version.as_ref()?;
    let right = format!("{}-{version}.tar.gz", release.underscored);
    (filename != right).then(|| rule("R118").refuse(&[&quoted(filename), &quoted(&right)]))
}

fn wheel_refusal(release: &Release<'_>, filename: &str) -> Option<Refusal> {
    let Ok(wheel) = WheelFilename::parse(filename) else {
        return Some(rule("R123").refusal(wheel_name_fault(filename)));
    };
    let refused = |tag: &&pubflow_spec::Tag| !pypi_takes_platform(&tag.platform);
    if let Some(tag) = wheel.tags.iter().find(refused) {
        return Some(rule("R124").refuse(&[&quoted(filename), &quoted(&tag.platform)]));
    }
    if !release.is_named(&wheel.name) {
        return Some(release.start_with("R125"));
    }
    let written = filename.split('-').next().unwrap_or_default();
    if written != release.underscored {
        let right = quoted(&release.underscored);
        return Some(rule("R126").refuse(&[&quoted(filename), &right, &quoted(written)]));
    }
    let version = release.version.as_ref()?;
    if *version != wheel.version {
        let (right, wrong) = (version.to_string(), wheel.version.to_string());
        return Some(rule("R127").refuse(&[&quoted(&right), &quoted(&wrong)]));
    }
    let too_long = filename.len() + ".metadata".len() > FILENAME_LIMIT;
    too_long.then(|| rule("R134").refuse(&[]))
}

/// The index's words for a wheel name that it cannot read.
fn wheel_name_fault(filename: &str) -> String {
    let stem = filename.strip_suffix(".whl").unwrap_or(filename);
    let shown = quoted(stem);
    let parts: Vec<_> = stem.split('-').collect();
    if parts.len() != 5 && parts.len() != 6 {
        return format!("Invalid wheel filename (wrong number of parts): {shown}");
    }
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    if parts[0].contains("__") || !parts[0].chars().all(is_word) {
        return format!("Invalid project name: {shown}");
    }
    if Version::parse(parts[1]).is_err() {
        return format!("Invalid wheel filename (invalid version): {shown}");
    }
    if parts.len() == 6 && !parts[2].starts_with(|c: char| c.is_ascii_digit()) {
        return format!("Invalid build number: {} in {shown}", parts[2]);
    }
    format!("Invalid wheel filename: {shown}")
}
