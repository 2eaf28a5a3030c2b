//! `[tool.setuptools]` and `[tool.distutils]`, as setuptools 80 documents and validates them.

use super::schema::Shape::{
    Any, Flag, Map, Package, Packages, PackagesOrTable, Reference, Table as In, Tables, Text,
    TextOrTexts, Texts,
};
use super::schema::{Names, Table, closed, open, requiring};

pub(super) static SETUPTOOLS: Table = closed(&[
    ("cmdclass", Map(Names::Any, &Reference)),
    ("data-files", Map(Names::Any, &Texts)),
    ("dynamic", In(&DYNAMIC)),
    ("eager-resources", Texts),
    ("exclude-package-data", Map(Names::PackagesOrStar, &Texts)),
    ("ext-modules", Tables(&EXT_MODULE)),
    ("include-package-data", Flag),
    ("license-files", Texts),
    ("namespace-packages", Packages),
    ("obsoletes", Texts),
    ("package-data", Map(Names::PackagesOrStar, &Texts)),
    ("package-dir", Map(Names::Packages, &Text)),
    ("packages", PackagesOrTable(&PACKAGES)),
    ("platforms", Texts),
    ("provides", Texts),
    ("py-modules", Packages),
    ("script-files", Texts),
    ("zip-safe", Flag),
]);

static PACKAGES: Table = closed(&[("find", In(&FIND))]);

static FIND: Table = closed(&[
    ("exclude", Texts),
    ("include", Texts),
    ("namespaces", Flag),
    ("where", Texts),
]);

static DYNAMIC: Table = closed(&[
    ("classifiers", In(&FROM_FILE)),
    ("dependencies", In(&FROM_FILE)),
    ("description", In(&FROM_FILE)),
    ("entry-points", In(&FROM_FILE)),
    ("keywords", In(&FROM_FILE)),
    ("optional-dependencies", Map(Names::Extras, &In(&FROM_FILE))),
    ("readme", In(&README)),
    ("requires-python", In(&FROM_FILE)),
    ("version", In(&VERSION)),
]);

static FROM_FILE: Table = requiring(&[("file", TextOrTexts)], &[&["file"]]);

static README: Table = requiring(
    &[("content-type", Text), ("file", TextOrTexts)],
    &[&["file"]],
);

static VERSION: Table = requiring(
    &[("attr", Reference), ("file", TextOrTexts)],
    &[&["attr", "file"]],
);

static EXT_MODULE: Table = requiring(
    &[
        ("define-macros", Any),
        ("depends", Texts),
        ("export-symbols", Texts),
        ("extra-compile-args", Texts),
        ("extra-link-args", Texts),
        ("extra-objects", Texts),
        ("include-dirs", Texts),
        ("language", Text),
        ("libraries", Texts),
        ("library-dirs", Texts),
        ("name", Package),
        ("optional", Flag),
        ("py-limited-api", Flag),
        ("runtime-library-dirs", Texts),
        ("sources", Texts),
        ("swig-opts", Texts),
        ("undef-macros", Texts),
    ],
    &[&["name"], &["sources"]],
);

/// Options of commands: one table for each, whatever is in it.
pub(super) static DISTUTILS: Table = open(&[
    ("bdist", In(&COMMAND)),
    ("bdist_wheel", In(&COMMAND)),
    ("build", In(&COMMAND)),
    ("build_ext", In(&COMMAND)),
    ("build_py", In(&COMMAND)),
    ("egg_info", In(&COMMAND)),
    ("sdist", In(&COMMAND)),
]);

static COMMAND: Table = open(&[]);
