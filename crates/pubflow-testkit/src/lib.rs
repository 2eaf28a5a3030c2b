//! What tests build instead of keeping it: wheels, sdists and archives with one thing wrong.
//!
//! A malformed file is the builder with one call more, so the defect stands in the test. Builders
//! panic where a test is wrong; nothing here is used by the program.

pub mod certificates;
pub mod description;
pub mod fault_proxy;
pub mod sdist;
pub mod wheel;
pub mod zip_archive;

pub use sdist::{SdistBuilder, TarMember};
pub use wheel::WheelBuilder;
pub use zip_archive::{ZipMember, ZipWriter};

/// A project name in the form of file names: lower case, runs of `-`, `_` and `.` as one `_`.
pub(crate) fn underscored(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        match c {
            '-' | '_' | '.' if out.ends_with('_') => {}
            '-' | '_' | '.' => out.push('_'),
            c => out.extend(c.to_lowercase()),
        }
    }
    out
}

/// A core metadata file; `own` is metadata version, name and version.
pub(crate) fn core_metadata(
    own: &[&str; 3],
    lines: &[String],
    description: Option<&str>,
) -> Vec<u8> {
    let [metadata_version, name, version] = own;
    let mut text =
        format!("Metadata-Version: {metadata_version}\nName: {name}\nVersion: {version}\n");
    for line in lines {
        text.push_str(line);
        text.push('\n');
    }
    if let Some(description) = description {
        text.push('\n');
        text.push_str(description);
    }
    text.into_bytes()
}
