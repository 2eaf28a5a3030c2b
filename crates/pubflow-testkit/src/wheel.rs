//! Wheels, good ones and such with one thing wrong.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use crate::zip_archive::{ZipMember, ZipWriter};

/// Builds a wheel: by default a valid one with METADATA, WHEEL and a complete RECORD.
#[derive(Debug, Clone)]
pub struct WheelBuilder {
    name: String,
    version: String,
    tags: Vec<String>,
    build: Option<String>,
    filename: Option<String>,
    dist_info: Option<String>,
    metadata_version: String,
    metadata_lines: Vec<String>,
    description: Option<String>,
    metadata: Option<Vec<u8>>,
    wheel_file: Option<Vec<u8>>,
    record: Option<Vec<u8>>,
    record_edits: Vec<(String, String)>,
    purelib: bool,
    files: Vec<ZipMember>,
    info_files: Vec<ZipMember>,
    without: Vec<String>,
    zip: ZipWriter,
}

impl WheelBuilder {
    /// A wheel of `name` and `version` with the tag `py3-none-any` and no modules yet.
    #[must_use]
    pub fn new(name: &str, version: &str) -> Self {
        Self {
            name: name.to_owned(),
            version: version.to_owned(),
            tags: Vec::new(),
            build: None,
            filename: None,
            dist_info: None,
            metadata_version: "2.4".to_owned(),
            metadata_lines: Vec::new(),
            description: None,
            metadata: None,
            wheel_file: None,
            record: None,
            record_edits: Vec::new(),
            purelib: true,
            files: Vec::new(),
            info_files: Vec::new(),
            without: Vec::new(),
            zip: ZipWriter::default(),
        }
    }

    /// Adds a file.
    #[must_use]
    pub fn file(mut self, path: &str, content: impl AsRef<[u8]>) -> Self {
        self.files.push(ZipMember::new(path, content.as_ref()));
        self
    }

    /// Adds a member as it is given: mode, names and headers may be wrong.
    #[must_use]
    pub fn member(mut self, member: ZipMember) -> Self {
        self.files.push(member);
        self
    }

    /// Adds a file to the `.dist-info` directory.
    #[must_use]
    pub fn info_file(mut self, name: &str, content: impl AsRef<[u8]>) -> Self {
        self.info_files.push(ZipMember::new(name, content.as_ref()));
        self
    }

    /// Adds a header line to METADATA.
    #[must_use]
    pub fn metadata_line(mut self, line: &str) -> Self {
        self.metadata_lines.push(line.to_owned());
        self
    }

    /// Adds a dependency.
    #[must_use]
    pub fn requires(self, requirement: &str) -> Self {
        self.metadata_line(&format!("Requires-Dist: {requirement}"))
    }

    /// Sets `Metadata-Version`; 2.4 if not called.
    #[must_use]
    pub fn metadata_version(mut self, version: &str) -> Self {
        self.metadata_version = version.to_owned();
        self
    }

    /// Sets the description after the headers.
    #[must_use]
    pub fn description(mut self, text: &str) -> Self {
        self.description = Some(text.to_owned());
        self
    }

    /// Replaces METADATA as a whole.
    #[must_use]
    pub fn metadata(mut self, content: impl AsRef<[u8]>) -> Self {
        self.metadata = Some(content.as_ref().to_vec());
        self
    }

    /// Replaces WHEEL as a whole.
    #[must_use]
    pub fn wheel_file(mut self, content: impl AsRef<[u8]>) -> Self {
        self.wheel_file = Some(content.as_ref().to_vec());
        self
    }

    /// Replaces RECORD as a whole.
    #[must_use]
    pub fn record(mut self, content: impl AsRef<[u8]>) -> Self {
        self.record = Some(content.as_ref().to_vec());
        self
    }

    /// Replaces every occurrence of `from` in the RECORD that would be written.
    #[must_use]
    pub fn record_edit(mut self, from: &str, to: &str) -> Self {
        self.record_edits.push((from.to_owned(), to.to_owned()));
        self
    }

    /// Sets `entry_points.txt`.
    #[must_use]
    pub fn entry_points(self, text: impl AsRef<[u8]>) -> Self {
        self.info_file("entry_points.txt", text)
    }

    /// Adds a compatibility tag; `py3-none-any` if not called.
    #[must_use]
    pub fn tag(mut self, tag: &str) -> Self {
        self.tags.push(tag.to_owned());
        self
    }

    /// Sets the build tag.
    #[must_use]
    pub fn build_tag(mut self, build: &str) -> Self {
        self.build = Some(build.to_owned());
        self
    }

    /// Makes it a wheel whose root goes to `platlib`.
    #[must_use]
    pub fn platlib(mut self) -> Self {
        self.purelib = false;
        self
    }

    /// Sets the file name, whatever it should be.
    #[must_use]
    pub fn filename(mut self, filename: &str) -> Self {
        self.filename = Some(filename.to_owned());
        self
    }

    /// Sets the name of the `.dist-info` directory, whatever it should be.
    #[must_use]
    pub fn dist_info(mut self, directory: &str) -> Self {
        self.dist_info = Some(directory.to_owned());
        self
    }

    /// Leaves a member out (`METADATA`, `WHEEL`, `RECORD` by their names alone), RECORD's row
    /// included.
    #[must_use]
    pub fn without(mut self, member: &str) -> Self {
        self.without.push(member.to_owned());
        self
    }

    /// Breaks the archive: `change` gets the writer that will make it.
    #[must_use]
    pub fn zip(mut self, change: impl FnOnce(ZipWriter) -> ZipWriter) -> Self {
        self.zip = change(self.zip);
        self
    }

    /// The file name that [`WheelBuilder::build_in`] uses.
    #[must_use]
    pub fn filename_text(&self) -> String {
        if let Some(filename) = &self.filename {
            return filename.clone();
        }
        let mut text = self.stem();
        if let Some(build) = &self.build {
            text.push('-');
            text.push_str(build);
        }
        let tag = self.tags.first().map_or("py3-none-any", String::as_str);
        format!("{text}-{tag}.whl")
    }

    /// `{name}-{version}` in their file name form.
    fn stem(&self) -> String {
        format!("{}-{}", crate::underscored(&self.name), self.version)
    }

    /// The members in their order, RECORD last.
    #[must_use]
    pub fn members(&self) -> Vec<ZipMember> {
        let directory = self
            .dist_info
            .clone()
            .unwrap_or_else(|| format!("{}.dist-info", self.stem()));
        let metadata = self.metadata.clone().unwrap_or_else(|| {
            crate::core_metadata(
                &[&self.metadata_version, &self.name, &self.version],
                &self.metadata_lines,
                self.description.as_deref(),
            )
        });
        let wheel_file = self.wheel_file.clone().unwrap_or_else(|| {
            let mut text = format!(
                "Wheel-Version: 1.0\nGenerator: testkit\nRoot-Is-Purelib: {}\n",
                self.purelib
            );
            for tag in self.expanded_tags() {
                text.push_str(&format!("Tag: {tag}\n"));
            }
            if let Some(build) = &self.build {
                text.push_str(&format!("Build: {build}\n"));
            }
            text.into_bytes()
        });
        let mut members = self.files.clone();
        let own = [("METADATA", metadata), ("WHEEL", wheel_file)];
        for (name, content) in own {
            members.push(ZipMember::new(&format!("{directory}/{name}"), &content));
        }
        for file in &self.info_files {
            let mut member = file.clone();
            member.name = [directory.as_bytes(), b"/", &file.name].concat();
            members.push(member);
        }
        let is_out = |member: &ZipMember| {
            let name = String::from_utf8_lossy(&member.name).into_owned();
            self.without
                .iter()
                .any(|out| name == *out || name == format!("{directory}/{out}"))
        };
        members.retain(|member| !is_out(member));
        let record = ZipMember::new(
            &format!("{directory}/RECORD"),
            &self.record_bytes(&members, &directory),
        );
        if !is_out(&record) {
            members.push(record);
        }
        members
    }

    fn record_bytes(&self, members: &[ZipMember], directory: &str) -> Vec<u8> {
        if let Some(record) = &self.record {
            return record.clone();
        }
        let mut text = String::new();
        for member in members.iter().filter(|member| !member.name.ends_with(b"/")) {
            let path = String::from_utf8_lossy(&member.name);
            let digest = URL_SAFE_NO_PAD.encode(Sha256::digest(&member.content));
            text.push_str(&format!(
                "{},sha256={digest},{}\n",
                csv_field(&path),
                member.content.len()
            ));
        }
        text.push_str(&format!(
            "{},,\n",
            csv_field(&format!("{directory}/RECORD"))
        ));
        for (from, to) in &self.record_edits {
            text = text.replace(from, to);
        }
        text.into_bytes()
    }

    /// The tags one by one: compressed sets in a file name stand for every combination.
    fn expanded_tags(&self) -> Vec<String> {
        let tag = self.tags.first().map_or("py3-none-any", String::as_str);
        let parts: Vec<Vec<&str>> = tag
            .split('-')
            .map(|part| part.split('.').collect())
            .collect();
        let [pythons, abis, platforms] = parts.as_slice() else {
            return vec![tag.to_owned()];
        };
        let mut tags = Vec::new();
        for python in pythons {
            for abi in abis {
                for platform in platforms {
                    tags.push(format!("{python}-{abi}-{platform}"));
                }
            }
        }
        tags.extend(self.tags.iter().skip(1).cloned());
        tags
    }

    /// The bytes of the wheel.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.zip.write(&self.members())
    }

    /// Writes the wheel into `directory` under its file name.
    ///
    /// # Panics
    /// When the file cannot be written.
    pub fn build_in(&self, directory: &Path) -> PathBuf {
        let path = directory.join(self.filename_text());
        std::fs::write(&path, self.to_bytes()).expect("the test's directory can be written to");
        path
    }
}

fn csv_field(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn a_wheel_can_be_read_by_an_ordinary_reader() {
        let bytes = WheelBuilder::new("Demo.Pkg", "1.0")
            .file("demo_pkg/__init__.py", "x = 1\n")
            .requires("six")
            .to_bytes();
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
        assert_eq!(archive.len(), 4);
        let mut text = String::new();
        archive
            .by_name("demo_pkg-1.0.dist-info/METADATA")
            .unwrap()
            .read_to_string(&mut text)
            .unwrap();
        assert!(text.contains("Name: Demo.Pkg\n"), "{text}");
        assert!(text.contains("Requires-Dist: six\n"), "{text}");
    }

    #[test]
    fn tags_are_expanded_in_the_wheel_file() {
        let builder = WheelBuilder::new("demo", "1.0").tag("py2.py3-none-any");
        assert_eq!(builder.filename_text(), "demo-1.0-py2.py3-none-any.whl");
        assert_eq!(builder.expanded_tags(), ["py2-none-any", "py3-none-any"]);
    }
}
