//! The invariants of docs/architecture.md, read from the sources and from `cargo metadata`.

mod dependencies;
mod rules;
mod sources;

use std::path::{Path, PathBuf};

/// Root of the checkout.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust source below `folder`, without what stands behind `#[cfg(test)]`.
fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                // A folder of tests stands behind `#[cfg(test)]` in the module above it.
                if path.file_name().unwrap() != "tests" {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|e| e == "rs")
                && path.file_name().unwrap() != "tests.rs"
            {
                let text = std::fs::read_to_string(&path).unwrap();
                let end = text.find("#[cfg(test)]").unwrap_or(text.len());
                found.push((path, text[..end].to_owned()));
            }
        }
    }
    found.sort();
    found
}

/// Lines of the sources that hold one of `words`, comments left out.
fn lines_with(folder: &Path, words: &[&str]) -> Vec<String> {
    let mut hits = Vec::new();
    for (path, text) in sources(folder) {
        for (n, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            if words.iter().any(|word| code.contains(word)) {
                let path = path.strip_prefix(root()).unwrap();
                hits.push(format!("{}:{}: {}", path.display(), n + 1, line.trim()));
            }
        }
    }
    hits
}

/// The source folders of all library crates that the program is made of.
fn library_sources() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = std::fs::read_dir(root().join("crates"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.file_name().unwrap() != "pubflow-testkit")
        .map(|path| path.join("src"))
        .collect();
    folders.sort();
    folders
}
