//! Sdists, good ones and such with one thing wrong.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;

/// One member of a TAR archive to be written.
#[derive(Debug, Clone)]
pub struct TarMember {
    /// Full name, top directory included.
    pub name: Vec<u8>,
    /// Content of a file.
    pub content: Vec<u8>,
    /// Type flag: `b'0'` file, `b'1'` hard link, `b'2'` symbolic link, `b'5'` directory, …
    pub kind: u8,
    /// Permission bits.
    pub mode: u32,
    /// Target of a link.
    pub link: String,
    /// Size in the header, if it is another than the content's.
    pub size: Option<u64>,
    /// Time of the last change in seconds after 1970.
    pub mtime: u64,
}

impl TarMember {
    /// A regular file, readable for all.
    #[must_use]
    pub fn file(name: &str, content: &[u8]) -> Self {
        Self {
            name: name.as_bytes().to_vec(),
            content: content.to_vec(),
            kind: b'0',
            mode: 0o644,
            link: String::new(),
            size: None,
            mtime: 1_704_067_200, // 2024-01-01
        }
    }

    /// A member of another kind without content.
    #[must_use]
    pub fn special(kind: u8, name: &str, link: &str) -> Self {
        Self {
            kind,
            mode: 0o755,
            link: link.to_owned(),
            ..Self::file(name, b"")
        }
    }

    /// A pax extension header for the member that follows.
    #[must_use]
    pub fn pax(records: &[(&str, &str)]) -> Self {
        Self {
            kind: b'x',
            ..Self::file("././@PaxHeader", &pax_bytes(records))
        }
    }

    fn write(&self, out: &mut Vec<u8>) {
        if self.name.len() > 100 && self.kind != b'x' {
            let name = String::from_utf8_lossy(&self.name);
            Self::pax(&[("path", &name)]).write(out);
        }
        let mut header = [0u8; 512];
        let name = &self.name[..self.name.len().min(100)];
        header[..name.len()].copy_from_slice(name);
        put(&mut header[100..108], &format!("{:07o}", self.mode));
        put(&mut header[108..116], "0000000");
        put(&mut header[116..124], "0000000");
        let size = self.size.unwrap_or(self.content.len() as u64);
        put(&mut header[124..136], &format!("{size:011o}"));
        put(&mut header[136..148], &format!("{:011o}", self.mtime));
        header[148..156].fill(b' ');
        header[156] = self.kind;
        put(&mut header[157..257], &self.link);
        put(&mut header[257..265], "ustar\x0000");
        let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
        put(&mut header[148..156], &format!("{sum:06o}\0 "));
        out.extend_from_slice(&header);
        out.extend_from_slice(&self.content);
        out.resize(out.len().next_multiple_of(512), 0);
    }
}

fn put(field: &mut [u8], text: &str) {
    let n = text.len().min(field.len());
    field[..n].copy_from_slice(&text.as_bytes()[..n]);
}

fn pax_bytes(records: &[(&str, &str)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (key, value) in records {
        let rest = key.len() + value.len() + 3;
        // The length counts its own digits.
        let mut len = rest + rest.to_string().len();
        if len.to_string().len() != rest.to_string().len() {
            len = rest + len.to_string().len();
        }
        bytes.extend_from_slice(format!("{len} {key}={value}\n").as_bytes());
    }
    bytes
}

/// Builds an sdist: by default a valid one with PKG-INFO and pyproject.toml.
#[derive(Debug, Clone)]
pub struct SdistBuilder {
    name: String,
    version: String,
    root: Option<String>,
    filename: Option<String>,
    metadata_version: String,
    metadata_lines: Vec<String>,
    description: Option<String>,
    pkg_info: Option<Vec<u8>>,
    pyproject: Option<String>,
    files: Vec<TarMember>,
    without: Vec<String>,
    tar_suffix: Vec<u8>,
    no_end: bool,
    gzip_suffix: Vec<u8>,
    gzip_cut: usize,
    gzip_wrong_crc: bool,
}

impl SdistBuilder {
    /// An sdist of `name` and `version` with no modules yet.
    #[must_use]
    pub fn new(name: &str, version: &str) -> Self {
        Self {
            name: name.to_owned(),
            version: version.to_owned(),
            root: None,
            filename: None,
            metadata_version: "2.4".to_owned(),
            metadata_lines: Vec::new(),
            description: None,
            pkg_info: None,
            pyproject: None,
            files: Vec::new(),
            without: Vec::new(),
            tar_suffix: Vec::new(),
            no_end: false,
            gzip_suffix: Vec::new(),
            gzip_cut: 0,
            gzip_wrong_crc: false,
        }
    }

    /// Adds a file below the top directory.
    #[must_use]
    pub fn file(mut self, path: &str, content: impl AsRef<[u8]>) -> Self {
        let name = format!("{}/{path}", self.root_text());
        self.files.push(TarMember::file(&name, content.as_ref()));
        self
    }

    /// Adds a member as it is given, its name counted from the root of the archive.
    #[must_use]
    pub fn member(mut self, member: TarMember) -> Self {
        self.files.push(member);
        self
    }

    /// Adds a symbolic link below the top directory.
    #[must_use]
    pub fn symlink(mut self, path: &str, target: &str) -> Self {
        let name = format!("{}/{path}", self.root_text());
        self.files.push(TarMember::special(b'2', &name, target));
        self
    }

    /// Adds a header line to PKG-INFO.
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

    /// Replaces PKG-INFO as a whole.
    #[must_use]
    pub fn metadata(mut self, content: impl AsRef<[u8]>) -> Self {
        self.pkg_info = Some(content.as_ref().to_vec());
        self
    }

    /// Replaces pyproject.toml as a whole.
    #[must_use]
    pub fn pyproject(mut self, text: &str) -> Self {
        self.pyproject = Some(text.to_owned());
        self
    }

    /// Sets the top directory, whatever it should be. Call it before files are added.
    #[must_use]
    pub fn root(mut self, root: &str) -> Self {
        self.root = Some(root.to_owned());
        self
    }

    /// Sets the file name, whatever it should be.
    #[must_use]
    pub fn filename(mut self, filename: &str) -> Self {
        self.filename = Some(filename.to_owned());
        self
    }

    /// Leaves out `PKG-INFO` or `pyproject.toml`.
    #[must_use]
    pub fn without(mut self, file: &str) -> Self {
        self.without.push(file.to_owned());
        self
    }

    /// Adds bytes behind the end mark of the TAR archive.
    #[must_use]
    pub fn tar_suffix(mut self, bytes: &[u8]) -> Self {
        self.tar_suffix = bytes.to_vec();
        self
    }

    /// Leaves the end mark out.
    #[must_use]
    pub fn without_end_mark(mut self) -> Self {
        self.no_end = true;
        self
    }

    /// Adds bytes behind the gzip stream.
    #[must_use]
    pub fn gzip_suffix(mut self, bytes: &[u8]) -> Self {
        self.gzip_suffix = bytes.to_vec();
        self
    }

    /// Cuts bytes off at the end of the file.
    #[must_use]
    pub fn cut(mut self, bytes: usize) -> Self {
        self.gzip_cut = bytes;
        self
    }

    /// Makes the checksum of the gzip stream wrong.
    #[must_use]
    pub fn wrong_gzip_crc(mut self) -> Self {
        self.gzip_wrong_crc = true;
        self
    }

    /// The file name that [`SdistBuilder::build_in`] uses.
    #[must_use]
    pub fn filename_text(&self) -> String {
        self.filename
            .clone()
            .unwrap_or_else(|| format!("{}.tar.gz", self.stem()))
    }

    fn stem(&self) -> String {
        format!("{}-{}", crate::underscored(&self.name), self.version)
    }

    fn root_text(&self) -> String {
        self.root.clone().unwrap_or_else(|| self.stem())
    }

    /// The members in their order.
    fn members(&self) -> Vec<TarMember> {
        let root = self.root_text();
        let pkg_info = self.pkg_info.clone().unwrap_or_else(|| {
            crate::core_metadata(
                &[&self.metadata_version, &self.name, &self.version],
                &self.metadata_lines,
                self.description.as_deref(),
            )
        });
        let pyproject = self.pyproject.clone().unwrap_or_else(|| {
            format!(
                "[build-system]\nrequires = [\"flit_core\"]\nbuild-backend = \"flit_core.buildapi\"\n\n\
                 [project]\nname = \"{}\"\nversion = \"{}\"\n",
                self.name, self.version
            )
        });
        let own = [
            ("PKG-INFO", pkg_info),
            ("pyproject.toml", pyproject.into_bytes()),
        ];
        own.iter()
            .filter(|(name, _)| !self.without.iter().any(|out| out == name))
            .map(|(name, content)| TarMember::file(&format!("{root}/{name}"), content))
            .chain(self.files.iter().cloned())
            .collect()
    }

    /// The TAR archive before compression.
    #[must_use]
    pub fn tar_bytes(&self) -> Vec<u8> {
        let mut tar = Vec::new();
        for member in self.members() {
            member.write(&mut tar);
        }
        if !self.no_end {
            tar.resize(tar.len() + 1024, 0);
        }
        tar.extend_from_slice(&self.tar_suffix);
        tar
    }

    /// The bytes of the sdist.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = gzip(&self.tar_bytes());
        if self.gzip_wrong_crc {
            let at = bytes.len() - 8;
            bytes[at] ^= 0xff;
        }
        bytes.extend_from_slice(&self.gzip_suffix);
        bytes.truncate(bytes.len() - self.gzip_cut);
        bytes
    }

    /// Writes the sdist into `directory` under its file name.
    ///
    /// # Panics
    /// When the file cannot be written.
    pub fn build_in(&self, directory: &Path) -> PathBuf {
        let path = directory.join(self.filename_text());
        std::fs::write(&path, self.to_bytes()).expect("the test's directory can be written to");
        path
    }
}

/// `bytes` as one gzip stream.
#[must_use]
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder
        .write_all(bytes)
        .and_then(|()| encoder.finish())
        .expect("a vector takes every byte")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_sdist_can_be_read_by_an_ordinary_reader() {
        let long = "x".repeat(150);
        let builder = SdistBuilder::new("Demo.Pkg", "1.0")
            .file(&long, "y")
            .symlink("link", "PKG-INFO");
        assert_eq!(builder.filename_text(), "demo_pkg-1.0.tar.gz");
        let bytes = builder.to_bytes();
        let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(&bytes[..]));
        let names: Vec<_> = archive
            .entries()
            .unwrap()
            .map(|entry| entry.unwrap().path().unwrap().display().to_string())
            .collect();
        assert_eq!(
            names,
            [
                "demo_pkg-1.0/PKG-INFO".to_owned(),
                "demo_pkg-1.0/pyproject.toml".to_owned(),
                format!("demo_pkg-1.0/{long}"),
                "demo_pkg-1.0/link".to_owned(),
            ]
        );
    }
}
