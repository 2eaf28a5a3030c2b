//! Comparisons of whole distributions.

use pubflow_testkit::{SdistBuilder, WheelBuilder, ZipMember};

use super::*;
use crate::Limits;
use crate::content::native::sample_elf;

/// Compares what two builders make.
fn wheels(old: &WheelBuilder, new: &WheelBuilder) -> Comparison {
    let (a, b) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    compare(&old.build_in(a.path()), &new.build_in(b.path()))
}

fn sdists(old: &SdistBuilder, new: &SdistBuilder) -> Comparison {
    let (a, b) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    compare(&old.build_in(a.path()), &new.build_in(b.path()))
}

fn compare(old: &std::path::Path, new: &std::path::Path) -> Comparison {
    let open = |path| Distribution::open(path, &Limits::default()).unwrap();
    Comparison::of(&open(old), &open(new)).unwrap()
}

fn wheel(version: &str) -> WheelBuilder {
    WheelBuilder::new("demo", version).file("demo/__init__.py", "x = 1\n")
}

fn paths(files: &[FileSide]) -> Vec<&str> {
    files.iter().map(|file| file.path.as_str()).collect()
}

fn changed(comparison: &Comparison) -> Vec<(&str, &TextChange)> {
    let files = comparison.files.changed.iter();
    files
        .map(|file| (file.new.path.as_str(), &file.text))
        .collect()
}

#[test]
fn a_file_is_the_same_as_itself_and_as_its_twin_with_other_dates() {
    let same = wheels(&wheel("1.0"), &wheel("1.0"));
    assert!(same.is_same());
    assert_eq!(same.files.same, 4);
    let sdist = || SdistBuilder::new("demo", "1.0").file("a.py", "x");
    assert!(sdists(&sdist(), &sdist().gzip_suffix(b"")).is_same());
}

#[test]
fn another_version_differs_where_the_version_is_told() {
    let found = wheels(&wheel("1.0"), &wheel("1.1"));
    assert!(!found.is_same());
    assert_eq!(
        changed(&found),
        [
            ("*.dist-info/METADATA", &TextChange::Fields),
            ("*.dist-info/RECORD", &TextChange::Follows),
        ]
    );
    let fields: Vec<_> = found.fields.iter().map(|field| field.field).collect();
    assert_eq!(fields, ["Version"]);
    assert_eq!(found.news(), []);
}

#[test]
fn files_are_added_removed_moved_and_changed() {
    let found = wheels(
        &wheel("1.0")
            .file("demo/old.py", "only here\n")
            .file("demo/here.py", "moves\n")
            .file("demo/bytes.bin", b"\x00\x01"),
        &wheel("1.0")
            .file("demo/__init__.py", "x = 2\n")
            .without("demo/__init__.py")
            .file("demo/there.py", "moves\n")
            .file("demo/new.py", "new\n")
            .file("demo/bytes.bin", b"\x00\x02"),
    );
    assert_eq!(paths(&found.files.added), ["demo/new.py"]);
    assert_eq!(
        paths(&found.files.removed),
        ["demo/__init__.py", "demo/old.py"]
    );
    let moved = &found.files.moved[0];
    assert_eq!(
        (moved.from.path.as_str(), moved.to.path.as_str()),
        ("demo/here.py", "demo/there.py")
    );
    assert_eq!(
        changed(&found),
        [
            ("*.dist-info/RECORD", &TextChange::Follows),
            ("demo/bytes.bin", &TextChange::Binary),
        ]
    );
}

#[test]
fn a_changed_text_has_a_unified_diff() {
    let found = sdists(
        &SdistBuilder::new("demo", "1.0").file("src/demo.py", "a\nb\n"),
        &SdistBuilder::new("demo", "2.0").file("src/demo.py", "a\nc\n"),
    );
    let expected = TextChange::Unified("@@ -1,2 +1,2 @@\n a\n-b\n+c\n".to_owned());
    assert!(
        changed(&found).contains(&("src/demo.py", &expected)),
        "{:?}",
        changed(&found)
    );
}

#[test]
fn large_texts_are_told_by_size() {
    let long = |end: &str| format!("{}{end}", "line\n".repeat(300_000));
    let found = wheels(
        &wheel("1.0").file("demo/long.txt", long("a")),
        &wheel("1.0").file("demo/long.txt", long("b")),
    );
    assert!(changed(&found).contains(&("demo/long.txt", &TextChange::Large)));
}

#[test]
fn an_executable_bit_is_a_change_and_other_bits_are_none() {
    let with_mode = |mode| {
        let mut member = ZipMember::new("demo/run.sh", b"#!/bin/sh\n");
        member.mode = mode;
        wheel("1.0").member(member)
    };
    let found = wheels(&with_mode(0o100_644), &with_mode(0o100_755));
    assert!(changed(&found).contains(&("demo/run.sh", &TextChange::Mode)));
    assert!(wheels(&with_mode(0o100_644), &with_mode(0o100_664)).is_same());
}

#[test]
fn dependencies_are_paired_by_project() {
    let found = wheels(
        &wheel("1.0").requires("a>=1").requires("b").requires("Gone"),
        &wheel("1.0")
            .requires("a>=2")
            .requires("B")
            .requires("c")
            .requires("d; extra == 'x'"),
    );
    let dependencies = &found.dependencies;
    assert_eq!(dependencies.added, ["c", "d; extra == 'x'"]);
    assert_eq!(dependencies.removed, ["Gone"]);
    assert_eq!(
        dependencies.changed,
        [RequirementChange {
            old: "a>=1".to_owned(),
            new: "a>=2".to_owned(),
        }]
    );
    assert_eq!(
        dependencies.new_projects(),
        [
            ("c".to_owned(), false),
            ("d; extra == 'x'".to_owned(), true)
        ]
    );
}

#[test]
fn what_is_new_and_runs_is_news_the_most_dangerous_first() {
    let found = wheels(
        &wheel("1.0").entry_points("[console_scripts]\nold = demo:main\n"),
        &wheel("1.1")
            .entry_points("[console_scripts]\nold = demo:other\nnew = demo:main\n")
            .file("demo.pth", "import demo\n")
            .file("paths.pth", "lib\n")
            .file("demo/fast.so", sample_elf("libc.so.6", "GLIBC_2.5", ""))
            .file("demo-1.1.data/scripts/tool", "#!python\n")
            .file("other.py", "")
            .requires("c"),
    );
    let news: Vec<_> = found
        .news()
        .into_iter()
        .map(|news| (news.kind, news.what))
        .collect();
    let expected = [
        (NewsKind::StartCode, "demo.pth"),
        (NewsKind::StartFile, "paths.pth"),
        (NewsKind::Native, "demo/fast.so"),
        (NewsKind::Script, "tool"),
        (NewsKind::EntryPoint, "console_scripts: new = demo:main"),
        (NewsKind::TopLevel, "other"),
        (NewsKind::Dependency, "c"),
    ];
    let expected: Vec<_> = expected
        .into_iter()
        .map(|(kind, what)| (kind, what.to_owned()))
        .collect();
    assert_eq!(news, expected);
    assert_eq!(found.entry_points.len(), 2);
}

#[test]
fn a_new_line_in_a_known_start_file_is_news() {
    let found = wheels(
        &wheel("1.0").file("demo.pth", "lib\n"),
        &wheel("1.1").file("demo.pth", "lib\nimport demo\n"),
    );
    assert_eq!(found.news()[0].kind, NewsKind::StartCode);
    let gone = wheels(&wheel("1.0").file("demo.pth", "lib\n"), &wheel("1.1"));
    assert_eq!(gone.removed_start_files, ["demo.pth"]);
}

#[test]
fn a_new_build_requirement_is_news_of_an_sdist() {
    let pyproject = |requires: &str, backend: &str| {
        SdistBuilder::new("demo", "1.0").pyproject(&format!(
            "[build-system]\nrequires = [{requires}]\nbuild-backend = \"{backend}\"\n"
        ))
    };
    let found = sdists(
        &pyproject("\"flit_core\"", "flit_core.buildapi"),
        &pyproject("\"flit_core\", \"odd\"", "odd.build").file("setup.py", ""),
    );
    let news: Vec<_> = found.news().into_iter().map(|news| news.what).collect();
    assert_eq!(news, ["odd", "odd.build", "setup.py"]);
}

#[test]
fn an_sdist_and_a_wheel_are_compared_as_far_as_they_go() {
    let (a, b) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let sdist = SdistBuilder::new("demo", "1.0")
        .file("src/demo/__init__.py", "x = 1\n")
        .file("src/demo/other.py", "old\n")
        .file("tests/test_demo.py", "")
        .build_in(a.path());
    let found = compare(
        &sdist,
        &wheel("1.0")
            .file("demo/other.py", "new\n")
            .file("demo/_version.py", "made\n")
            .build_in(b.path()),
    );
    assert!(found.is_across_kinds());
    assert_eq!(paths(&found.files.added), ["demo/_version.py"]);
    assert_eq!(paths(&found.files.removed), [""; 0]);
    let texts: Vec<_> = changed(&found).into_iter().map(|(path, _)| path).collect();
    assert_eq!(texts, ["src/demo/other.py"]);
    assert_eq!(found.files.same, 1);
    assert!(found.files.not_compared >= 2);
    assert!(
        compare(
            &sdist,
            &wheel("1.0").without("demo/__init__.py").build_in(b.path())
        )
        .is_same()
    );
}

#[test]
fn a_broken_archive_differs_from_a_good_one_and_from_itself() {
    let mut bad = ZipMember::new("demo/x.py", b"x\n");
    bad.crc_shift = 1;
    let broken = wheel("1.0").member(bad);
    let found = wheels(&wheel("1.0").file("demo/x.py", "x\n"), &broken);
    assert!(changed(&found).contains(&("demo/x.py", &TextChange::Unread)));
    assert_eq!(found.problems.added.len(), 1);
    assert!(!wheels(&broken, &broken).is_same());
}

#[test]
fn digests_that_repair_tools_write_into_names_do_not_count() {
    let with = |library: &str| wheel("1.0").file(library, sample_elf("x", "GLIBC_2.5", ""));
    let found = wheels(
        &with("demo.libs/libz-1a2b3c4d.so.1"),
        &with("demo.libs/libz-00112233.so.1"),
    );
    assert_eq!(found.native, Names::default());
    assert_eq!(found.news(), []);
    assert_eq!(paths(&found.files.added), [""; 0]);
    let other = wheels(
        &with("demo.libs/libz-1a2b3c4d.so.1"),
        &with("demo.libs/libssl-1a2b3c4d.so.1"),
    );
    assert_eq!(other.native.added, ["demo.libs/libssl-*.so.1"]);
}

/// A name that is made to look like another's pair hides nothing.
#[test]
fn members_that_would_share_a_path_are_all_compared() {
    let found = wheels(
        &wheel("1.0"),
        &wheel("1.0").file("*.dist-info/METADATA", "hidden\n"),
    );
    let mut all: Vec<&str> = paths(&found.files.added);
    all.extend(
        found
            .files
            .changed
            .iter()
            .map(|file| file.new.path.as_str()),
    );
    assert!(
        all.iter()
            .any(|path| path.starts_with("*.dist-info/METADATA")),
        "{all:?}"
    );
    assert!(!found.is_same());
}
