//! What is shared between builds, and what is built besides to be compared.

use pubflow_process::Inherited;
use pubflow_python::build::{
    BuildStage, Comparisons, Difference, DifferenceKind, Isolation, TreeComparison,
};
use pubflow_python::cache::Cache;
use tempfile::TempDir;

use crate::fixture::{self, Project};

/// A project and a cache of its own.
fn with_cache(extra: &str) -> (Project, Cache, TempDir) {
    let directory = tempfile::tempdir().unwrap();
    let mut project = Project::new(extra);
    project.inherited = fixture::inherited().with("PUBFLOW_CACHE_DIR", directory.path());
    let cache = Cache::of(&project.inherited).unwrap();
    (project, cache, directory)
}

#[test]
fn builds_share_an_environment_as_long_as_none_changes_it() {
    let (project, cache, _directory) = with_cache("print('prefix', sys.prefix)");
    project.build().unwrap();
    let first = cache.environments().unwrap();
    assert_eq!(first.len(), 1);
    assert!(!first[0].is_in_use && first[0].requirements.is_empty());
    let prefix = format!("prefix {}", cache.root().display());
    assert!(project.log().contains(&prefix), "{}", project.log());
    project.build().unwrap();
    assert_eq!(cache.environments().unwrap()[0].key, first[0].key);
    let n_made = |project: &Project| project.log().matches("== 01-environment").count();
    assert_eq!(n_made(&project), 1);

    project.append("\nopen(os.path.join(sys.prefix, 'planted.py'), 'w').close()\n");
    project.build().unwrap();
    assert_eq!(cache.environments().unwrap().len(), 0);
}

#[test]
fn two_builds_at_once_are_two_builds() {
    let (one, cache, _directory) = with_cache("");
    let mut two = Project::new("");
    two.inherited = one.inherited.clone();
    std::thread::scope(|scope| {
        for project in [&one, &two] {
            scope.spawn(|| project.build().unwrap());
        }
    });
    assert_eq!(cache.environments().unwrap().len(), 1);
    assert_eq!(one.out_names(), two.out_names());
}

#[test]
fn a_cache_that_cannot_be_used_costs_nothing_but_time() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let mut project = Project::new("");
    project.inherited = fixture::inherited().with("PUBFLOW_CACHE_DIR", file.path().join("below"));
    project.build().unwrap();
}

#[test]
fn without_isolation_the_interpreter_must_have_everything() {
    let mut project = Project::new("print('prefix', sys.prefix == sys.base_prefix)");
    project.isolation = Isolation::None;
    project.build().unwrap();
    let absent = "absent; python_version < '3'";
    project.edit(
        "pyproject.toml",
        "requires = []",
        &format!("requires = [\"{absent}\"]"),
    );
    project.build().unwrap();
    project.edit("pyproject.toml", absent, "no-such-project-of-pubflow >= 2");
    let error = project.build().unwrap_err();
    assert_eq!(error.at, BuildStage::Requires);
    assert!(
        error
            .message()
            .ends_with("does not have what the build requires: no-such-project-of-pubflow >= 2"),
        "{error}"
    );
    assert!(!error.is_machine());
}

#[track_caller]
fn again(extra: &str) -> Vec<Difference> {
    let mut project = Project::new(extra);
    project.comparisons.again = true;
    let built = project.build().unwrap();
    assert_eq!(project.out_names().len(), 2);
    built.again.unwrap()
}

#[test]
fn a_second_build_shows_what_is_not_reproducible() {
    let found = again("");
    // This backend writes the time of day into both archives.
    let kinds: Vec<DifferenceKind> = found.iter().map(|one| one.kind).collect();
    assert_eq!(kinds[0], DifferenceKind::Container, "{found:?}");
    assert!(
        kinds[1..].iter().all(|kind| *kind == DifferenceKind::Time),
        "{found:?}"
    );
    assert!(kinds.len() > 1);
    let found = again(
        "def wheel_members(settings):\n    return [\n        ('demo_pkg.py', repr({'a', 'b', 'c', 'd', 'e'}).encode() + os.getcwd().encode()),\n        (STEM + '.dist-info/METADATA', METADATA.encode()),\n        (STEM + '.dist-info/WHEEL', WHEEL.encode()),\n    ]\n",
    );
    let module = found
        .iter()
        .find(|one| one.member.as_deref() == Some("demo_pkg.py"));
    assert_eq!(module.unwrap().kind, DifferenceKind::Content);
}

#[test]
fn a_reproducible_build_is_called_so() {
    let fixed = r#"
import time, gzip
zipfile.time.time = lambda: 1_000_000_000
gzip.time.time = lambda: 1_000_000_000
"#;
    assert_eq!(again(fixed), []);
}

#[test]
fn what_the_sdist_leaves_out_is_missing_from_its_wheel_and_told() {
    let mut project = Project::new(
        "inner = wheel_members\ndef wheel_members(settings):\n    return [(name, open(name, 'rb').read()) for name in ['data.json'] if os.path.exists(name)] + inner(settings)\n",
    );
    project.comparisons = Comparisons {
        again: false,
        tree: true,
    };
    let tree = project.build().unwrap().tree.unwrap();
    assert!(
        matches!(&tree, TreeComparison::Compared(found) if found.is_empty()),
        "{tree:?}"
    );
    project.write("data.json", "{}");
    let Some(TreeComparison::Compared(found)) = project.build().unwrap().tree else {
        panic!("the tree can be built");
    };
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].kind, DifferenceKind::OnlySecond);
    assert_eq!(found[0].member.as_deref(), Some("data.json"));
}

#[test]
fn a_machine_without_a_home_has_no_cache() {
    assert!(Cache::of(&Inherited::default()).is_none());
}
