//! Native code: what it is, where it runs, what it loads.

use crate::content::native::{Format, Native};
use crate::distribution::Distribution;

/// One file of native code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NativeFile {
    /// The member.
    pub path: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// `ELF`, `Mach-O` or `PE`; none for a file that only its name tells.
    pub format: Option<&'static str>,
    /// Processors, as platform tags call them; universal files have several.
    pub architectures: Vec<&'static str>,
    /// Libraries that the loader looks for.
    pub needs: Vec<String>,
    /// The newest glibc of which it uses a symbol: major, minor.
    pub glibc: Option<(u32, u32)>,
    /// The oldest macOS it runs on: major, minor.
    pub macos: Option<(u32, u32)>,
}

/// Endings of native code, for archives whose contents are not looked into.
const ENDINGS: [&str; 7] = [".so", ".pyd", ".dll", ".dylib", ".exe", ".a", ".lib"];

/// Whether the name tells native code: `libz.so.1` too.
pub(crate) fn is_native_name(name: &str) -> bool {
    ENDINGS.iter().any(|ending| name.ends_with(ending)) || name.contains(".so.")
}

/// The files of native code, in the order of the archive.
pub(crate) fn files(distribution: &Distribution) -> Vec<NativeFile> {
    let Some(archive) = distribution.archive() else {
        return Vec::new();
    };
    let files = archive.entries().iter().filter(|entry| entry.is_file());
    files
        .filter_map(|entry| {
            let path = entry.path.as_str();
            let native = archive
                .content(path)
                .and_then(|content| content.native.as_ref());
            (native.is_some() || is_native_name(entry.path.file_name()))
                .then(|| described(path, entry.size, native))
        })
        .collect()
}

fn described(path: &str, bytes: u64, native: Option<&Native>) -> NativeFile {
    let mut architectures: Vec<&'static str> = native
        .map(|native| native.arches.iter().map(|arch| arch.as_str()).collect())
        .unwrap_or_default();
    architectures.dedup();
    NativeFile {
        path: path.to_owned(),
        bytes,
        format: native.map(|native| match native.format {
            Format::Elf => "ELF",
            Format::MachO => "Mach-O",
            Format::Pe => "PE",
        }),
        architectures,
        needs: native
            .map(|native| native.needed.clone())
            .unwrap_or_default(),
        glibc: native.and_then(|native| native.glibc),
        macos: native.and_then(|native| native.macos.iter().map(|(_, version)| *version).min()),
    }
}

#[cfg(test)]
mod tests {
    use pubflow_testkit::{SdistBuilder, WheelBuilder};

    use super::*;
    use crate::Limits;
    use crate::content::native::sample_elf;

    #[test]
    fn native_code_is_known_by_its_headers_or_its_name() {
        let dir = tempfile::tempdir().unwrap();
        let wheel = WheelBuilder::new("demo", "1.0")
            .file("demo/x.bin", sample_elf("libfoo.so.1", "GLIBC_2.28", ""))
            .file("demo/y.py", "")
            .build_in(dir.path());
        let sdist = SdistBuilder::new("demo", "1.0")
            .file("vendor/libz.so.1", "no header")
            .build_in(dir.path());
        let of = |path| files(&Distribution::open(path, &Limits::default()).unwrap());
        let found = of(&wheel);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].format, Some("ELF"));
        assert_eq!(found[0].architectures, ["x86_64"]);
        assert_eq!(found[0].needs, ["libfoo.so.1"]);
        assert_eq!(found[0].glibc, Some((2, 28)));
        let found = of(&sdist);
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].path.as_str(), found[0].format),
            ("demo-1.0/vendor/libz.so.1", None)
        );
    }
}
