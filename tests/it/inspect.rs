//! `inspect` and `diff`, and `check` against the last release: what users see of a distribution.

use std::path::PathBuf;

use pubflow_testkit::{SdistBuilder, WheelBuilder, ZipMember};

use crate::support::{TestIndex, World};

/// A wheel with a bit of everything.
fn rich_wheel(version: &str) -> WheelBuilder {
    WheelBuilder::new("demo", version)
        .tag("cp311-abi3-manylinux_2_28_x86_64")
        .metadata_line("Summary: A demonstration")
        .metadata_line("Requires-Python: >=3.11")
        .metadata_line("License-Expression: MIT")
        .metadata_line("License-File: LICENSE")
        .info_file("licenses/LICENSE", "MIT\n")
        .requires("packaging>=24")
        .file("demo/__init__.py", "def main():\n    return 0\n")
        .file("demo/py.typed", "")
        .file("demo-1.0.data/scripts/demo-tool", "#!python\n")
        .file("demo-1.0.data/data/share/demo/table.csv", "1,2\n")
        .entry_points("[console_scripts]\ndemo = demo:main\n")
}

fn in_work(world: &World, folder: &str, wheel: &WheelBuilder) -> String {
    let folder = world.work().join(folder);
    std::fs::create_dir_all(&folder).unwrap();
    relative(world, wheel.build_in(&folder))
}

fn relative(world: &World, path: PathBuf) -> String {
    let path = path.strip_prefix(world.work()).unwrap();
    path.display().to_string()
}

/// Replaces digests, which change with every word of the metadata, by their first character.
fn without_digests(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines() {
        let words = line.split(' ').map(|word| {
            let is_digest = word.len() >= 12 && word.chars().all(|c| c.is_ascii_hexdigit());
            if is_digest {
                format!("<{}>", word.len())
            } else {
                word.to_owned()
            }
        });
        out.push_str(words.collect::<Vec<_>>().join(" ").trim_end());
        out.push('\n');
    }
    out
}

#[test]
fn a_wheel_is_shown_whole() {
    let world = World::new();
    let path = in_work(&world, "dist", &rich_wheel("1.0"));
    let shown = world.run(&["inspect", &path]).exits(0);
    let expected = "\
demo 1.0: A demonstration
  file     demo-1.0-cp311-abi3-manylinux_2_28_x86_64.whl
  size     2.0 kB, 1.0 kB unpacked, 9 files
  sha256   <64>
  runs on  CPython 3.11+, Linux x86-64, glibc 2.28+
  python   >=3.11
  licence  MIT (1 licence file)
  imports  demo
  RECORD   9 rows, every file listed as it is
";
    let text = without_digests(&shown.out);
    assert!(text.starts_with(expected), "{text}");
    for part in [
        "\nDependencies\n  packaging>=24\n",
        "\nEntry points\n  console_scripts\n    demo = demo:main\n",
        "\n  commands\n             demo  from demo:main\n             demo-tool  from demo-1.0.data/scripts/demo-tool\n",
        "\n  the environment's own directory\n        4 B  share/demo/table.csv\n",
        "\nFiles\n",
        "     25 B  <12>    __init__.py\n",
    ] {
        assert!(text.contains(part), "no {part:?} in\n{text}");
    }
}

#[test]
fn json_has_everything() {
    let world = World::new();
    let path = in_work(&world, "dist", &rich_wheel("1.0"));
    let shown = world
        .run(&["inspect", "--format", "json", &path])
        .exits(0)
        .json();
    let file = world.work().join(&path);
    assert_eq!(shown["schema"], 1);
    assert_eq!(
        shown["sha256"],
        pubflow_dist::sha256_file(&file).unwrap().to_string()
    );
    assert_eq!(shown["bytes"], std::fs::metadata(&file).unwrap().len());
    assert_eq!(
        shown["tags"]["words"],
        "CPython 3.11+, Linux x86-64, glibc 2.28+"
    );
    assert_eq!(
        shown["licence"]["files"][0]["member"],
        "demo-1.0.dist-info/licenses/LICENSE"
    );
    assert_eq!(shown["installs"]["scripts"][1]["name"], "demo-tool");
    assert_eq!(shown["record"]["right"], 9);
    let files: Vec<&str> = shown["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| file["path"].as_str().unwrap())
        .collect();
    assert_eq!(files[0], "demo/__init__.py");
    assert_eq!(files.len(), 9);
}

#[test]
fn an_sdist_and_a_broken_archive_are_shown_as_far_as_they_go() {
    let world = World::new();
    let sdist = SdistBuilder::new("demo", "1.0").file("demo.py", "x = 1\n");
    let path = relative(&world, sdist.build_in(&world.work()));
    let shown = world.run(&["inspect", &path]).exits(0);
    assert!(shown.out.contains("  kind     sdist\n"), "{}", shown.out);
    let cut = relative(
        &world,
        sdist
            .filename("cut-1.0.tar.gz")
            .cut(100)
            .build_in(&world.work()),
    );
    let shown = world.run(&["inspect", &cut]);
    assert!(
        shown
            .out
            .contains("error[P802]: the TAR archive is cut off"),
        "{}",
        shown.out
    );
    let none = world.write("none-1.0-py3-none-any.whl", "not an archive");
    let shown = world.run(&["inspect", none.to_str().unwrap()]).exits(1);
    assert!(shown.out.contains("none can be read"), "{}", shown.out);
    assert!(shown.out.contains("error["), "{}", shown.out);
    world
        .run(&["inspect", "gone.whl"])
        .exits(2)
        .says("`gone.whl` cannot be read");
}

/// A name from an archive must neither steer the terminal nor become markup.
#[test]
fn hostile_names_are_harmless_in_every_form() {
    let world = World::new();
    let hostile = "demo/<img src=x onerror=alert(1)>\u{1b}[2J\u{202e}\"'&.py";
    let wheel = WheelBuilder::new("demo", "1.0")
        .metadata_line("Summary: <script>alert(1)</script>\u{1b}[31m")
        .file("demo/__init__.py", "")
        .member(ZipMember::new(hostile, b"x"));
    let path = in_work(&world, "dist", &wheel);
    let shown = world.run(&["inspect", "--files", &path]);
    assert!(!shown.out.contains('\u{1b}') && !shown.out.contains('\u{202e}'));
    let page = world.run(&["inspect", "--html", "-", &path]).out;
    for raw in ["<img", "<script", "\u{1b}", "\u{202e}"] {
        assert!(!page.contains(raw), "{raw:?} in the page");
    }
    assert!(page.contains("&lt;img src=x onerror=alert(1)&gt;"));
    assert!(page.contains("default-src 'none'"));
    let other = in_work(&world, "new", &wheel.file("demo/more.py", "\u{1b}[2J"));
    let shown = world.run(&["diff", &path, &other]).exits(1);
    assert!(!shown.out.contains('\u{1b}'));
    let shown = world.run(&["diff", "--format", "markdown", &path, &other]);
    assert!(!shown.out.contains('\u{1b}') && shown.out.contains("- added `demo/more.py"));
}

#[test]
fn a_page_is_written_where_it_is_wanted() {
    let world = World::new();
    let path = in_work(&world, "dist", &rich_wheel("1.0"));
    world
        .run(&["inspect", "--html", "demo.html", &path])
        .exits(0)
        .says("written to demo.html");
    let page = std::fs::read_to_string(world.work().join("demo.html")).unwrap();
    assert!(page.starts_with("<!DOCTYPE html>"));
    assert!(page.contains("CPython 3.11+, Linux x86-64, glibc 2.28+"));
    for foreign in ["<script", "http://", "https://", "src="] {
        assert!(!page.contains(foreign), "{foreign} in the page");
    }
}

fn plain(version: &str) -> WheelBuilder {
    WheelBuilder::new("demo", version).file("demo/__init__.py", "x = 1\n")
}

#[test]
fn a_diff_tells_what_changed_and_by_its_exit_code_whether() {
    let world = World::new();
    let old = in_work(&world, "old", &plain("1.0").requires("a>=1"));
    let new = in_work(
        &world,
        "new",
        &plain("1.1")
            .requires("a>=2")
            .requires("b")
            .file("demo.pth", "import demo\n")
            .file("demo/more.py", "y = 2\n"),
    );
    world.run(&["diff", &old, &old]).exits(0);
    let shown = world.run(&["diff", &old, &new]).exits(1);
    let text = without_digests(&shown.out);
    let expected = "\
demo-1.0-py3-none-any.whl -> demo-1.1-py3-none-any.whl
2 added, 0 removed, 0 moved, 2 changed, 2 the same

New and to be looked at
  + code that runs at every start of Python: demo.pth
  + dependency: b

Metadata
  ~ Version: 1.0 -> 1.1

Dependencies
  + b
  ~ a>=1 -> a>=2
";
    assert!(text.starts_with(expected), "{text}");
    let json = world
        .run(&["diff", "--format", "json", &old, &new])
        .exits(1)
        .json();
    assert_eq!(json["same"], false);
    let comparison = &json["comparisons"][0];
    assert_eq!(comparison["news"][0]["what"], "demo.pth");
    assert_eq!(
        comparison["start_files"]["added"][0]["lines"][0],
        "import demo"
    );
    assert_eq!(comparison["dependencies"]["changed"][0]["new"], "a>=2");
}

#[test]
fn changed_lines_are_shown_unless_a_summary_is_wanted() {
    let world = World::new();
    let sdist = |text: &str, folder: &str| {
        let folder = world.work().join(folder);
        std::fs::create_dir_all(&folder).unwrap();
        let sdist = SdistBuilder::new("demo", "1.0").file("src/demo.py", text);
        relative(&world, sdist.build_in(&folder))
    };
    let (old, new) = (sdist("a\nb\n", "old"), sdist("a\nc\n", "new"));
    let lines = "--- demo-1.0/src/demo.py\n+++ demo-1.0/src/demo.py\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n";
    let shown = world.run(&["diff", &old, &new]).exits(1);
    assert!(shown.out.contains(lines), "{}", shown.out);
    let shown = world.run(&["diff", "--summary", &old, &new]).exits(1);
    assert!(!shown.out.contains("@@"), "{}", shown.out);
    assert!(shown.out.contains("~ src/demo.py  +1 -1"), "{}", shown.out);
    let shown = world
        .run(&["diff", "--format", "markdown", &old, &new])
        .exits(1);
    assert!(
        shown.out.contains("```diff\n--- demo-1.0/src/demo.py"),
        "{}",
        shown.out
    );
}

#[test]
fn an_sdist_against_a_wheel_says_what_is_compared() {
    let world = World::new();
    let wheel = in_work(&world, "dist", &plain("1.0"));
    let sdist = SdistBuilder::new("demo", "1.0").file("src/demo/__init__.py", "x = 1\n");
    let sdist = relative(&world, sdist.build_in(&world.work()));
    let shown = world.run(&["diff", &sdist, &wheel]).exits(0);
    assert!(
        shown
            .out
            .contains("an sdist and a wheel hold different things"),
        "{}",
        shown.out
    );
}

/// What was published is fetched by its digest and compared with what lies here.
#[test]
fn a_release_on_an_index_is_one_side() {
    let mut world = World::new();
    let index = TestIndex::start(&world);
    index.configure(&mut world);
    let dist = in_work(
        &world,
        "dist",
        &plain("1.0").metadata_line("Requires-Python: >=3.9"),
    );
    world
        .run(&["publish", "--testpypi", "--no-verify", &dist])
        .exits(0);
    let shown = world.run(&["diff", "demo==1.0@testpypi", &dist]).exits(0);
    assert!(
        shown
            .err
            .contains("fetching demo-1.0-py3-none-any.whl from testpypi"),
        "{}",
        shown.err
    );
    let next = in_work(
        &world,
        "next",
        &plain("1.1")
            .file("demo.pth", "import demo\n")
            .requires("odd"),
    );
    let shown = world
        .run(&["diff", "demo==1.0", &next, "--testpypi"])
        .exits(1);
    assert!(shown.out.contains("demo.pth"), "{}", shown.out);
    world.run(&["publish", "--testpypi", "--no-verify", &next]);
    world
        .run(&["diff", "demo==3.0@testpypi", &next])
        .exits(2)
        .says("demo==3.0 is not on testpypi");

    let checked = world
        .run(&[
            "check",
            "--format",
            "json",
            "--against",
            "demo==1.0@testpypi",
            &next,
        ])
        .exits(1)
        .json();
    let findings: Vec<(&str, &str)> = checked["subjects"][0]["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| {
            let text = |key: &str| finding[key].as_str().unwrap();
            (text("code"), text("message"))
        })
        .collect();
    for expected in [
        ("P216", "Requires-Python is gone; 1.0 said `>=3.9`"),
        (
            "P920",
            "`demo.pth` runs code at every start of Python, and 1.0 did not",
        ),
        ("P1503", "new since 1.0: dependency `odd`"),
    ] {
        assert!(
            findings.contains(&expected),
            "no {expected:?} in {findings:?}"
        );
    }
    // The files of the last release, as they lay in its directory, tell the same.
    let by_folder = world.run(&["check", "--against", "dist", &next]).exits(1);
    assert!(by_folder.out.contains("P216"), "{}", by_folder.out);
}

#[test]
fn two_releases_are_compared_by_their_files_too() {
    let mut world = World::new();
    let index = TestIndex::start(&world);
    index.configure(&mut world);
    let publish = |files: &[String]| {
        let files: Vec<&str> = files.iter().map(String::as_str).collect();
        let arguments = [&["publish", "--testpypi", "--no-verify"], &files[..]].concat();
        world.run(&arguments).exits(0);
    };
    publish(&[
        in_work(&world, "old", &plain("1.0")),
        in_work(
            &world,
            "old",
            &plain("1.0").tag("cp312-cp312-win_arm64").platlib(),
        ),
    ]);
    publish(&[in_work(&world, "new", &plain("1.1"))]);
    let shown = world
        .run(&["diff", "demo==1.0@testpypi", "demo==1.1@testpypi"])
        .exits(1);
    assert!(
        shown
            .out
            .contains("Files of the releases\n  - wheel cp312-cp312-win_arm64\n"),
        "{}",
        shown.out
    );
    assert!(shown.out.contains("~ Version: 1.0 -> 1.1"), "{}", shown.out);
}
