//! `pubflow check` as people and pipelines use it: what is looked at, what is shown in which format,
//! what is fixed, and that it stands in for `twine check`.

mod fixing;
mod formats;
mod selecting;
mod switching;

use std::path::PathBuf;

use crate::support::World;

/// A pyproject.toml with something of everything: an error with a fix, a warning, a note.
const BROKEN: &str = "\
[build-system]
requires = [\"setuptools>=61\", \"wheel\"]  # tools
build-backend = \"setuptools.build_meta\"

[project]
name = \"demo\"
version = \"1.0\"
description = \"Reads maps and draws them\"
requires_python = \">=3.10\"  # misspelt
license = \"mit\"
classifiers = [
    \"Development Status :: 4 - Beta\",
    \"Programming Language :: Python :: 3.12\",
    \"Programming Language :: Python :: 3.12\",
]

[project.urls]
Homepage = \"https://example.org\"
";

/// A world with [`BROKEN`] as its project.
fn broken() -> (World, PathBuf) {
    let world = World::new();
    let path = world.write("pyproject.toml", BROKEN);
    (world, path)
}
