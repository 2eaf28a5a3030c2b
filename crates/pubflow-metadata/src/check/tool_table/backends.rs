//! Tables of other build tools. Those that take plugins are open: only near misses count.

use super::schema::Shape::{Any, Flag, Map, Table as In, Text, TextOrFlag, TextOrTexts, Texts};
use super::schema::{Names, Table, closed, open};

pub(super) static FLIT: Table = open(&[
    ("entrypoints", Any),
    ("external-data", In(&FLIT_DATA)),
    ("metadata", Any),
    ("module", In(&FLIT_MODULE)),
    ("scripts", Map(Names::Any, &Text)),
    ("sdist", In(&FLIT_SDIST)),
]);

static FLIT_DATA: Table = closed(&[("directory", Text)]);
static FLIT_MODULE: Table = closed(&[("name", Text)]);
static FLIT_SDIST: Table = closed(&[("exclude", Texts), ("include", Texts)]);

pub(super) static HATCH: Table = open(&[
    ("build", In(&HATCH_BUILD)),
    ("env", Any),
    ("envs", Any),
    ("metadata", In(&HATCH_METADATA)),
    ("publish", Any),
    ("version", In(&HATCH_VERSION)),
    ("workspace", Any),
]);

static HATCH_BUILD: Table = open(&[
    ("artifacts", Texts),
    ("directory", Text),
    ("dev-mode-dirs", Texts),
    ("dev-mode-exact", Flag),
    ("exclude", Texts),
    ("force-include", Map(Names::Any, &Text)),
    ("hooks", Any),
    ("ignore-vcs", Flag),
    ("include", Texts),
    ("only-include", Texts),
    ("only-packages", Flag),
    ("packages", Texts),
    ("reproducible", Flag),
    ("skip-excluded-dirs", Flag),
    ("sources", Any),
    ("targets", In(&HATCH_TARGETS)),
]);

static HATCH_TARGETS: Table = open(&[
    ("binary", Any),
    ("custom", Any),
    ("sdist", Any),
    ("wheel", Any),
]);

static HATCH_METADATA: Table = open(&[
    ("allow-ambiguous-features", Flag),
    ("allow-direct-references", Flag),
    ("hooks", Any),
]);

static HATCH_VERSION: Table = open(&[
    ("expression", Text),
    ("path", Text),
    ("pattern", TextOrFlag),
    ("scheme", Text),
    ("search-paths", Texts),
    ("source", Text),
    ("validate-bump", Flag),
]);

pub(super) static PDM: Table = open(&[
    ("build", In(&PDM_BUILD)),
    ("dev-dependencies", Any),
    ("distribution", Flag),
    ("options", Any),
    ("publish", Any),
    ("resolution", Any),
    ("scripts", Any),
    ("source", Any),
    ("version", In(&PDM_VERSION)),
]);

static PDM_BUILD: Table = open(&[
    ("custom-hook", Text),
    ("editable-backend", Text),
    ("excludes", Texts),
    ("includes", Texts),
    ("is-purelib", Flag),
    ("package-dir", Text),
    ("run-setuptools", Flag),
    ("source-includes", Texts),
    ("wheel-data", Any),
]);

static PDM_VERSION: Table = open(&[
    ("path", Text),
    ("source", Text),
    ("tag_regex", Text),
    ("write_template", Text),
    ("write_to", Text),
]);

pub(super) static POETRY: Table = open(&[
    ("authors", Texts),
    ("build", Any),
    ("classifiers", Texts),
    ("dependencies", Any),
    ("description", Text),
    ("dev-dependencies", Any),
    ("documentation", Text),
    ("exclude", Any),
    ("extras", Any),
    ("group", Any),
    ("homepage", Text),
    ("include", Any),
    ("keywords", Texts),
    ("license", Text),
    ("maintainers", Texts),
    ("name", Text),
    ("package-mode", Flag),
    ("packages", Any),
    ("plugins", Any),
    ("readme", TextOrTexts),
    ("repository", Text),
    ("requires-plugins", Any),
    ("requires-poetry", Text),
    ("scripts", Any),
    ("source", Any),
    ("urls", Any),
    ("version", Text),
]);

pub(super) static SETUPTOOLS_SCM: Table = open(&[
    ("dist_name", Text),
    ("fallback_root", Text),
    ("fallback_version", Text),
    ("git_describe_command", Any),
    ("local_scheme", Any),
    ("normalize", Flag),
    ("parentdir_prefix_version", Text),
    ("relative_to", Text),
    ("root", Text),
    ("search_parent_directories", Flag),
    ("tag_regex", Text),
    ("version_file", Text),
    ("version_file_template", Text),
    ("version_scheme", Any),
    ("write_to", Text),
    ("write_to_template", Text),
]);

pub(super) static UV: Table = open(&[
    ("build-backend", In(&UV_BUILD)),
    ("conflicts", Any),
    ("constraint-dependencies", Texts),
    ("default-groups", TextOrTexts),
    ("dependency-groups", Any),
    ("dev-dependencies", Texts),
    ("environments", TextOrTexts),
    ("index", Any),
    ("index-url", Text),
    ("managed", Flag),
    ("override-dependencies", Any),
    ("package", Flag),
    ("publish-url", Text),
    ("required-version", Text),
    ("sources", Any),
    ("workspace", Any),
]);

static UV_BUILD: Table = open(&[
    ("data", Any),
    ("default-excludes", Flag),
    ("module-name", TextOrTexts),
    ("module-root", Text),
    ("namespace", Flag),
    ("source-exclude", Texts),
    ("source-include", Texts),
    ("wheel-exclude", Texts),
]);
