//! Two builds of one distribution compared member by member, with the reason of each difference where
//! it can be told: another time, another order, a path of the machine it was built on.
//!
//! Both files were checked when they were taken over from the hooks; here they are only read.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use flate2::read::GzDecoder;
use pubflow_spec::Sha256;

/// What explains a difference is looked for in members up to this size.
const EXPLAINED_BYTES: u64 = 4_000_000;
/// What names of our temporary directories begin with, and how many characters follow that differ
/// from one build to the next: six at random, and the number of the directory in it.
const SCRATCH: (&str, usize) = ("pubflow-build-", 9);

/// Something that is not the same in two builds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The distribution.
    pub filename: String,
    /// The member, unless it is about the archive as a whole.
    pub member: Option<String>,
    /// What differs.
    pub kind: DifferenceKind,
}

/// What differs between two builds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DifferenceKind {
    /// Only the first build has the member.
    OnlyFirst,
    /// Only the second build has the member.
    OnlySecond,
    /// The same members stand in another order.
    MemberOrder,
    /// The member carries another time.
    Time,
    /// The member carries other permissions.
    Mode,
    /// Its text holds the directory it was built in.
    BuildPath,
    /// Its lines stand in another order.
    LineOrder,
    /// Its text differs in numbers only: a time, a counter, a process id.
    Numbers,
    /// Its content differs otherwise.
    Content,
    /// All members are the same; the bytes around them (a time in the header, the compression) are
    /// not.
    Container,
}

impl fmt::Display for DifferenceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OnlyFirst => "is only in the first build",
            Self::OnlySecond => "is only in the second build",
            Self::MemberOrder => "the members stand in another order: something lists a directory without sorting",
            Self::Time => "carries another time: the backend does not follow SOURCE_DATE_EPOCH",
            Self::Mode => "carries other permissions",
            Self::BuildPath => "holds the directory it was built in",
            Self::LineOrder => "has its lines in another order: a set or a directory is written without sorting",
            Self::Numbers => "differs in numbers only, such as a time or a counter",
            Self::Content => "has other content",
            Self::Container => "all members are the same, the archive around them is not: a time in its header, or the compression",
        })
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.member {
            Some(member) => write!(f, "{}: `{member}` {}", self.filename, self.kind),
            None => write!(f, "{}: {}", self.filename, self.kind),
        }
    }
}

/// What is compared of two archives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Depth {
    /// Every byte.
    Bytes,
    /// Which files there are and what they hold; RECORD follows from them.
    Files,
}

/// Compares two builds of the file named `filename`.
///
/// # Errors
/// One of them cannot be read.
pub(crate) fn compare(
    filename: &str,
    first: &Path,
    second: &Path,
    depth: Depth,
) -> io::Result<Vec<Difference>> {
    let is_wheel = filename.ends_with(".whl");
    let read = |path: &Path| {
        if is_wheel {
            read_zip(path)
        } else {
            read_tar(path)
        }
    };
    let (one, two) = (read(first)?, read(second)?);
    let mut found = Vec::new();
    let mut add = |member: Option<&str>, kind| {
        found.push(Difference {
            filename: filename.to_owned(),
            member: member.map(str::to_owned),
            kind,
        });
    };
    let by_name: BTreeMap<&str, &Member> = two.iter().map(|m| (m.name.as_str(), m)).collect();
    let names: BTreeMap<&str, &Member> = one.iter().map(|m| (m.name.as_str(), m)).collect();
    for (name, member) in &names {
        match by_name.get(name) {
            None => add(Some(name), DifferenceKind::OnlyFirst),
            Some(other) => {
                if let Some(kind) = differing(member, other, depth) {
                    add(Some(name), kind);
                }
            }
        }
    }
    for name in by_name.keys().filter(|name| !names.contains_key(*name)) {
        add(Some(name), DifferenceKind::OnlySecond);
    }
    if depth == Depth::Files {
        return Ok(found);
    }
    let order = |members: &[Member]| -> Vec<String> {
        members.iter().map(|member| member.name.clone()).collect()
    };
    if names.keys().eq(by_name.keys()) && order(&one) != order(&two) {
        found.push(Difference {
            filename: filename.to_owned(),
            member: None,
            kind: DifferenceKind::MemberOrder,
        });
    }
    if found.is_empty() && std::fs::read(first)? != std::fs::read(second)? {
        found.push(Difference {
            filename: filename.to_owned(),
            member: None,
            kind: DifferenceKind::Container,
        });
    }
    Ok(found)
}

/// One member of an archive.
struct Member {
    name: String,
    time: String,
    mode: u32,
    digest: Sha256,
    /// Kept where an explanation may be looked for in it.
    content: Option<Vec<u8>>,
}

fn differing(one: &Member, two: &Member, depth: Depth) -> Option<DifferenceKind> {
    if one.digest != two.digest {
        let is_record = one.name.ends_with(".dist-info/RECORD");
        return match depth {
            // It differs because others do, which are named.
            Depth::Files if is_record => None,
            _ => Some(explain(one.content.as_deref(), two.content.as_deref())),
        };
    }
    match depth {
        Depth::Files => None,
        Depth::Bytes if one.time != two.time => Some(DifferenceKind::Time),
        Depth::Bytes if one.mode != two.mode => Some(DifferenceKind::Mode),
        Depth::Bytes => None,
    }
}

fn explain(one: Option<&[u8]>, two: Option<&[u8]>) -> DifferenceKind {
    let text = |bytes: Option<&[u8]>| String::from_utf8(bytes?.to_vec()).ok();
    let (Some(one), Some(two)) = (text(one), text(two)) else {
        return DifferenceKind::Content;
    };
    if without_scratch(&one) == without_scratch(&two) {
        return DifferenceKind::BuildPath;
    }
    let sorted = |text: &str| {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    if sorted(&one) == sorted(&two) {
        return DifferenceKind::LineOrder;
    }
    if without_numbers(&one) == without_numbers(&two) {
        return DifferenceKind::Numbers;
    }
    DifferenceKind::Content
}

/// A text with our temporary directories under one name.
fn without_scratch(text: &str) -> String {
    let (prefix, n_random) = SCRATCH;
    let mut parts = text.split(prefix);
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        plain.push_str(prefix);
        plain.extend(part.chars().skip(n_random));
    }
    plain
}

fn without_numbers(text: &str) -> String {
    let mut plain = String::new();
    for character in text.chars() {
        match character.is_ascii_digit() {
            true if plain.ends_with('0') => {}
            true => plain.push('0'),
            false => plain.push(character),
        }
    }
    plain
}

fn member(name: String, time: String, mode: u32, mut content: impl Read) -> io::Result<Member> {
    let mut bytes = Vec::new();
    content.read_to_end(&mut bytes)?;
    let digest = Sha256::of(&bytes);
    let is_small = bytes.len() as u64 <= EXPLAINED_BYTES;
    Ok(Member {
        name,
        time,
        mode,
        digest,
        content: is_small.then_some(bytes),
    })
}

fn read_zip(path: &Path) -> io::Result<Vec<Member>> {
    let mut archive = zip::ZipArchive::new(File::open(path)?)?;
    let mut members = Vec::new();
    for index in 0..archive.len() {
        let file = archive.by_index(index)?;
        let time = file
            .last_modified()
            .map_or_else(String::new, |time| time.to_string());
        let (name, mode) = (file.name()?.into_owned(), file.unix_mode().unwrap_or(0));
        members.push(member(name, time, mode, file)?);
    }
    Ok(members)
}

fn read_tar(path: &Path) -> io::Result<Vec<Member>> {
    let mut archive = tar::Archive::new(GzDecoder::new(File::open(path)?));
    let mut members = Vec::new();
    for entry in archive.entries()? {
        let entry = entry?;
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let time = entry.header().mtime()?.to_string();
        let mode = entry.header().mode()?;
        members.push(member(name, time, mode, entry)?);
    }
    Ok(members)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::write::SimpleFileOptions;

    use super::*;

    type Row<'a> = (&'a str, &'a str, u16);

    fn wheel(directory: &Path, name: &str, rows: &[Row<'_>]) -> std::path::PathBuf {
        let path = directory.join(name);
        let mut writer = zip::ZipWriter::new(File::create(&path).unwrap());
        for (name, text, year) in rows {
            let time = zip::DateTime::from_date_and_time(*year, 1, 1, 0, 0, 0).unwrap();
            let options = SimpleFileOptions::default().last_modified_time(time);
            writer.start_file(*name, options).unwrap();
            writer.write_all(text.as_bytes()).unwrap();
        }
        writer.finish().unwrap();
        path
    }

    #[track_caller]
    fn check(one: &[Row<'_>], two: &[Row<'_>], depth: Depth, expected: &[&str]) {
        let directory = tempfile::tempdir().unwrap();
        let (one, two) = (
            wheel(directory.path(), "1", one),
            wheel(directory.path(), "2", two),
        );
        let found = compare("a.whl", &one, &two, depth).unwrap();
        let found: Vec<String> = found.iter().map(Difference::to_string).collect();
        assert_eq!(found.len(), expected.len(), "{found:?}");
        for (found, expected) in found.iter().zip(expected) {
            assert!(found.contains(expected), "{found}");
        }
    }

    #[test]
    fn each_difference_is_explained() {
        let bytes = Depth::Bytes;
        let same: &[Row<'_>] = &[("a", "x", 2020), ("b", "y", 2020)];
        check(same, same, bytes, &[]);
        check(
            same,
            &[("b", "y", 2020), ("a", "x", 2020)],
            bytes,
            &["another order"],
        );
        check(
            same,
            &[("a", "x", 2021), ("c", "y", 2020)],
            bytes,
            &[
                "`a` carries another time",
                "`b` is only in the first",
                "`c` is only in the second",
            ],
        );
        let text = |text| [("a", text, 2020)];
        check(
            &text("x\ny\n"),
            &text("y\nx\n"),
            bytes,
            &["lines in another order"],
        );
        check(
            &text("at 12:05"),
            &text("at 9:17"),
            bytes,
            &["numbers only"],
        );
        check(
            &text("/tmp/pubflow-build-abcdef/05-tree/x"),
            &text("/tmp/pubflow-build-abcdef/11-tree/x"),
            bytes,
            &["the directory it was built in"],
        );
        check(&text("x"), &text("y"), bytes, &["other content"]);
    }

    #[test]
    fn what_files_hold_is_compared_without_times_and_order() {
        check(
            &[("a", "x", 2020), ("a-1.dist-info/RECORD", "1", 2020)],
            &[("a-1.dist-info/RECORD", "2", 2021), ("a", "x", 2021)],
            Depth::Files,
            &[],
        );
        check(
            &[("a", "x", 2020)],
            &[("b", "x", 2020)],
            Depth::Files,
            &["`a` is only", "`b` is only"],
        );
    }

    #[test]
    fn a_time_in_the_header_of_an_sdist_is_told() {
        let directory = tempfile::tempdir().unwrap();
        let sdist = |name: &str, header_time| {
            let path = directory.path().join(name);
            let gzip = flate2::GzBuilder::new().mtime(header_time);
            let gzip = gzip.write(File::create(&path).unwrap(), flate2::Compression::default());
            let mut builder = tar::Builder::new(gzip);
            let mut header = tar::Header::new_gnu();
            header.set_size(1);
            header.set_mode(0o644);
            header.set_mtime(1);
            builder
                .append_data(&mut header, "a-1/x", &b"x"[..])
                .unwrap();
            builder.into_inner().unwrap().finish().unwrap();
            path
        };
        let (one, two) = (sdist("1", 1), sdist("2", 2));
        let found = compare("a.tar.gz", &one, &two, Depth::Bytes).unwrap();
        assert_eq!(found[0].kind, DifferenceKind::Container);
        assert_eq!(found.len(), 1);
    }
}
