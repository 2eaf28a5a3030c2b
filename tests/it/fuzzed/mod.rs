//! What the fuzzers throw bytes at, and the replay of the inputs that are kept.
//!
//! A target is a function from bytes to nothing that panics when a promise is broken. cargo-fuzz
//! drives it from `tests/fuzz/fuzz_targets`; here each input of `testdata/corpora/NAME` goes through
//! it once. A new target is one file here, one row in [`TARGETS`] and one file there.

mod content_type;
mod core_metadata;
mod elf;
mod email;
mod entry_points;
mod import_name;
mod license;
mod listing;
mod macho;
mod markdown;
mod marker;
mod multipart;
mod object_reference;
mod pe;
mod project_name;
mod pypirc;
mod pyproject;
mod python_source;
mod record;
mod request;
mod requirement;
mod rst;
mod rst_blocks;
mod rst_inline;
mod sdist_check;
mod sdist_filename;
mod specifier;
mod tags;
mod tar_scan;
mod token;
mod unpack;
mod url;
mod version;
mod wheel_check;
mod wheel_file;
mod wheel_filename;
mod zip_scan;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Name of the target (and of its folder of inputs) and its function.
type Target = (&'static str, fn(&[u8]));

/// Every target.
const TARGETS: &[Target] = &[
    ("content_type", content_type::run),
    ("core_metadata", core_metadata::run),
    ("elf", elf::run),
    ("email", email::run),
    ("entry_points", entry_points::run),
    ("listing", listing::run),
    ("macho", macho::run),
    ("multipart", multipart::run),
    ("markdown", markdown::run),
    ("pe", pe::run),
    ("pypirc", pypirc::run),
    ("python_source", python_source::run),
    ("record", record::run),
    ("request", request::run),
    ("import_name", import_name::run),
    ("license", license::run),
    ("marker", marker::run),
    ("object_reference", object_reference::run),
    ("project_name", project_name::run),
    ("pyproject", pyproject::run),
    ("requirement", requirement::run),
    ("rst", rst::run),
    ("rst_blocks", rst_blocks::run),
    ("rst_inline", rst_inline::run),
    ("sdist_check", sdist_check::run),
    ("sdist_filename", sdist_filename::run),
    ("specifier", specifier::run),
    ("tags", tags::run),
    ("tar_scan", tar_scan::run),
    ("token", token::run),
    ("unpack", unpack::run),
    ("url", url::run),
    ("version", version::run),
    ("wheel_check", wheel_check::run),
    ("wheel_file", wheel_file::run),
    ("wheel_filename", wheel_filename::run),
    ("zip_scan", zip_scan::run),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Names of what lies in a folder, without the ending.
fn names_in(folder: &Path) -> BTreeSet<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let stem = |path: PathBuf| path.file_stem().unwrap().to_str().unwrap().to_owned();
    entries.map(|entry| stem(entry.unwrap().path())).collect()
}

#[test]
fn kept_inputs_break_no_promise() {
    for (name, run) in TARGETS {
        let folder = root().join("testdata/corpora").join(name);
        let mut n_inputs = 0;
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            // A target that panics does not say on which input; this line does.
            println!("{}", path.display());
            run(&std::fs::read(&path).unwrap());
            n_inputs += 1;
        }
        assert!(n_inputs > 0, "no input is kept for `{name}`");
    }
}

#[test]
fn each_target_has_its_row_its_fuzzer_and_its_inputs() {
    let rows: BTreeSet<String> = TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
    let mut files = names_in(&root().join("tests/it/fuzzed"));
    files.remove("mod");
    let mut corpora = names_in(&root().join("testdata/corpora"));
    corpora.remove("README");
    assert_eq!(rows, files, "files beside this one");
    assert_eq!(rows, names_in(&root().join("tests/fuzz/fuzz_targets")));
    assert_eq!(rows, corpora, "folders of inputs");
}
