//! A wheel: its archive, its `.dist-info` directory and what stands there.
//!
//! Spec: binary distribution format; PEP 427, PEP 639.

mod entry_points;
mod record;
mod wheel_file;

use std::collections::BTreeMap;

use pubflow_metadata::core_metadata::CoreMetadata;
use pubflow_spec::{FilenameError, WheelFilename};

use crate::archive::Archive;
use crate::entry::{Entry, EntryPath};

pub(crate) use entry_points::is_script_group;
pub use entry_points::{
    EntryPoint, EntryPointProblem, EntryPointProblemKind, EntryPoints, ObjectReference,
};
pub use record::{Record, RecordRow};
pub use wheel_file::WheelFile;

const SUFFIX: &str = ".dist-info";
/// The files of `.dist-info` that are kept while the archive is read.
const WANTED: &[&str] = &[
    "METADATA",
    "WHEEL",
    "RECORD",
    "entry_points.txt",
    "top_level.txt",
];

/// A wheel as it was read.
#[derive(Debug, Clone)]
pub struct Wheel {
    archive: Archive,
    filename: Result<WheelFilename, FilenameError>,
    dist_infos: Vec<String>,
    dist_info: Option<String>,
    files: BTreeMap<String, Vec<u8>>,
    metadata: Option<CoreMetadata>,
    record: Option<Option<Record>>,
    wheel_file: Option<WheelFile>,
    entry_points: Option<EntryPoints>,
}

impl Wheel {
    /// Whether the content of the member `name` is needed.
    pub(crate) fn wants(name: &str) -> bool {
        name.split_once('/')
            .is_some_and(|(top, rest)| top.ends_with(SUFFIX) && WANTED.contains(&rest))
    }

    pub(crate) fn new(archive: Archive, mut kept: BTreeMap<String, Vec<u8>>) -> Self {
        let filename = WheelFilename::parse(archive.filename());
        let mut dist_infos: Vec<String> = Vec::new();
        let mut known = std::collections::HashSet::new();
        for entry in archive.entries() {
            let top = entry.path.top();
            let is_directory =
                top.len() < entry.path.as_str().len() || entry.kind == crate::EntryKind::Directory;
            if is_directory && top.to_ascii_lowercase().ends_with(SUFFIX) && known.insert(top) {
                dist_infos.push(top.to_owned());
            }
        }
        let literal = literal_dist_info(archive.filename());
        let dist_info = match dist_infos.as_slice() {
            [only] => Some(only.clone()),
            several => several.iter().find(|name| **name == literal).cloned(),
        };
        let mut files = BTreeMap::new();
        if let Some(dist_info) = &dist_info {
            for name in WANTED {
                if let Some(bytes) = kept.remove(&format!("{dist_info}/{name}")) {
                    files.insert((*name).to_owned(), bytes);
                }
            }
        }
        Self {
            filename,
            dist_infos,
            dist_info,
            metadata: files.get("METADATA").map(|b| CoreMetadata::parse(b)),
            record: files.get("RECORD").map(|b| Record::parse(b)),
            wheel_file: files.get("WHEEL").map(|b| WheelFile::parse(b)),
            entry_points: files.get("entry_points.txt").map(|b| EntryPoints::parse(b)),
            files,
            archive,
        }
    }

    /// The archive.
    #[must_use]
    pub fn archive(&self) -> &Archive {
        &self.archive
    }

    /// The members.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        self.archive.entries()
    }

    /// The parts of the file name.
    ///
    /// # Errors
    /// [`FilenameError`] where it is not the name of a wheel.
    pub fn filename(&self) -> Result<&WheelFilename, &FilenameError> {
        self.filename.as_ref()
    }

    /// The `.dist-info` directory: the only one, else the one that the file name tells.
    #[must_use]
    pub fn dist_info(&self) -> Option<&str> {
        self.dist_info.as_deref()
    }

    /// All directories of that kind at the top of the wheel.
    #[must_use]
    pub fn dist_infos(&self) -> &[String] {
        &self.dist_infos
    }

    /// The directory where the index looks (R099): the first two parts of the file name as they
    /// stand there.
    #[must_use]
    pub fn expected_dist_info(&self) -> String {
        literal_dist_info(self.archive.filename())
    }

    /// Content of `METADATA`, parsed.
    #[must_use]
    pub fn metadata(&self) -> Option<&CoreMetadata> {
        self.metadata.as_ref()
    }

    /// Content of `METADATA`.
    #[must_use]
    pub fn metadata_bytes(&self) -> Option<&[u8]> {
        self.files.get("METADATA").map(Vec::as_slice)
    }

    /// The member that the core metadata were read from.
    #[must_use]
    pub fn metadata_member(&self) -> Option<String> {
        self.files.get("METADATA")?;
        Some(self.member("METADATA"))
    }

    /// `RECORD`, if it is there and is UTF-8.
    #[must_use]
    pub fn record(&self) -> Option<&Record> {
        self.record.as_ref()?.as_ref()
    }

    /// Whether `RECORD` is there but not UTF-8.
    #[must_use]
    pub fn record_is_unreadable(&self) -> bool {
        matches!(self.record, Some(None))
    }

    /// `WHEEL`.
    #[must_use]
    pub fn wheel_file(&self) -> Option<&WheelFile> {
        self.wheel_file.as_ref()
    }

    /// `entry_points.txt`.
    #[must_use]
    pub fn entry_points(&self) -> Option<&EntryPoints> {
        self.entry_points.as_ref()
    }

    /// Path of a file of the `.dist-info` directory.
    #[must_use]
    pub fn member(&self, file: &str) -> String {
        match &self.dist_info {
            Some(directory) => format!("{directory}/{file}"),
            None => format!("{}/{file}", self.expected_dist_info()),
        }
    }

    /// The `.data` directory, `{name}-{version}.data`.
    #[must_use]
    pub fn data_directory(&self) -> Option<String> {
        let stem = self.dist_info.as_ref()?.strip_suffix(SUFFIX)?;
        Some(format!("{stem}.data"))
    }

    /// The path that a member has once installed into the directory of packages; `None` for what
    /// goes elsewhere.
    #[must_use]
    pub fn installed_path<'a>(&self, path: &'a EntryPath) -> Option<&'a str> {
        let Some(data) = self.data_directory() else {
            return Some(path.as_str());
        };
        match path.below(&data) {
            Some(rest) => rest
                .strip_prefix("purelib/")
                .or_else(|| rest.strip_prefix("platlib/")),
            None => Some(path.as_str()),
        }
    }

    /// Names that can be imported once the wheel is installed, sorted: modules, packages and
    /// namespace packages at the top.
    #[must_use]
    pub fn top_level_modules(&self) -> Vec<String> {
        let mut names = std::collections::BTreeSet::new();
        for entry in self.entries().iter().filter(|entry| entry.is_file()) {
            let Some(path) = self.installed_path(&entry.path) else {
                continue;
            };
            let Some(module) = module_of(path) else {
                continue;
            };
            let top = path.split('/').next().unwrap_or_default();
            let name = if top == path { module } else { top };
            if is_identifier(name) && name != "__init__" {
                names.insert(name.to_owned());
            }
        }
        names.into_iter().collect()
    }
}

/// `{name}-{version}.dist-info` with the file name's first two parts as they stand.
fn literal_dist_info(filename: &str) -> String {
    let mut parts = filename.split('-');
    let (name, version) = (parts.next(), parts.next());
    format!(
        "{}-{}{SUFFIX}",
        name.unwrap_or_default(),
        version.unwrap_or_default()
    )
}

/// The name of the module in the file at `path`: Python source, stub-free, or an extension.
fn module_of(path: &str) -> Option<&str> {
    let file = path.rsplit('/').next()?;
    let (stem, rest) = file.split_once('.')?;
    let extension = rest.rsplit('.').next()?;
    let is_module = rest == "py" || matches!(extension, "so" | "pyd");
    is_module.then_some(stem)
}

fn is_identifier(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c == '_' || c.is_alphabetic())
        && chars.all(|c| c == '_' || c.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use pubflow_testkit::WheelBuilder;

    use super::*;
    use crate::{Distribution, Limits};

    fn open(builder: &WheelBuilder) -> (tempfile::TempDir, Wheel) {
        let dir = tempfile::tempdir().unwrap();
        let path = builder.build_in(dir.path());
        let Distribution::Wheel(wheel) = Distribution::open(&path, &Limits::default()).unwrap()
        else {
            panic!("the name tells a wheel");
        };
        (dir, *wheel)
    }

    #[test]
    fn what_can_be_imported_is_told_by_the_files() {
        let (_dir, wheel) = open(
            &WheelBuilder::new("demo", "1.0")
                .file("demo/__init__.py", "")
                .file("single.py", "")
                .file("space/inner/mod.py", "")
                .file("native.cpython-312-x86_64-linux-gnu.so", "")
                .file("demo-1.0.data/purelib/pure/__init__.py", "")
                .file("demo-1.0.data/scripts/run.py", "")
                .file("not-a-name.py", "")
                .file("data/x.txt", ""),
        );
        let expected = ["demo", "native", "pure", "single", "space"];
        assert_eq!(wheel.top_level_modules(), expected);
    }

    #[test]
    fn parts_of_a_wheel_are_presented() {
        let (_dir, wheel) = open(
            &WheelBuilder::new("Demo.Pkg", "1.0")
                .file("demo_pkg/__init__.py", "x = 1\n")
                .entry_points("[console_scripts]\ndemo = demo_pkg:main\n"),
        );
        assert_eq!(wheel.dist_info(), Some("demo_pkg-1.0.dist-info"));
        assert_eq!(
            wheel.metadata().and_then(CoreMetadata::name),
            Some("Demo.Pkg")
        );
        assert_eq!(wheel.record().map(|record| record.rows().len()), Some(5));
        assert_eq!(
            wheel.entry_points().map(|points| points.scripts().count()),
            Some(1)
        );
        let entry = &wheel.entries()[0];
        assert_eq!(entry.sha256, Some(pubflow_spec::Sha256::of(b"x = 1\n")));
        assert_eq!((entry.size, entry.mode), (6, 0o644));
    }
}
