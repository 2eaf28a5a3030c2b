//! The command line as scripts and newcomers meet it: help, exit codes, and what stands on which
//! stream.

use pubflow_testkit::{SdistBuilder, WheelBuilder};
use serde_json::Value;

use crate::support::{TestIndex, World, world_with_a_release};

/// Every command, and what its help must tell somebody who has never used it.
const HELP: &[(&[&str], &[&str])] = &[
    (
        &[],
        &[
            "pubflow rehearse",
            "Exit codes",
            "interrupted with nothing landed",
        ],
    ),
    (&["build"], &["dist/", "--out-dir", "pubflow build -o"]),
    (
        &["check"],
        &["nothing is sent", "--strict", "pubflow check dist/*"],
    ),
    (
        &["publish"],
        &[
            "PUBFLOW_INDEX_TESTPYPI_TOKEN",
            "--token-file",
            "--testpypi",
            "pubflow resume",
        ],
    ),
    (&["preview"], &["as PyPI does", "--to"]),
    (
        &["parse"],
        &["requirement", "pubflow parse version", "--batch"],
    ),
    (&["collect"], &["Joins", "--out-dir"]),
    (&["verify"], &["fresh environments", "NAME==VERSION"]),
    (
        &["promote"],
        &["testpypi", "PUBFLOW_INDEX_PYPI_TOKEN", "--yes"],
    ),
    (&["login"], &["--restrict", "PUBFLOW_KEYRING"]),
    (&["logout"], &["--project"]),
    (&["stats"], &["PUBFLOW_STATS_URL"]),
    (&["watch"], &["exit 1 on news", "pubflow watch demo"]),
    (&["yank"], &["--reason", "--undo", "pubflow yank demo==1.0"]),
    (
        &["rehearse"],
        &["nothing leaves the machine", "No account and no token"],
    ),
    (
        &["release"],
        &["--until", "--skip", "approvals = 1", "pubflow resume"],
    ),
    (&["plan"], &["nothing is written", "--offline"]),
    (
        &["approve"],
        &["what is new since the last release", "--manifest"],
    ),
    (&["adopt"], &["twine", "very same"]),
    (&["doctor"], &["Nothing is sent or changed"]),
    (&["resume"], &["interrupted", "NAME==VERSION"]),
    (&["status"], &["--offline"]),
    (&["abandon"], &["--reason", "Nothing is taken back"]),
    (&["history"], &["--limit"]),
    (
        &["readiness"],
        &[
            "--run",
            "--html <FILE>",
            "--decide <ITEM=ANSWER>",
            "Exit codes",
        ],
    ),
    (&["metrics"], &["project"]),
    (&["state"], &["verify", "repair", "export", "import", "gc"]),
    (
        &["state", "export"],
        &["PUBFLOW_WRITER", "no token is in it"],
    ),
    (&["state", "repair"], &["Nothing is deleted"]),
    (&["clean"], &["--dry-run"]),
    (&["cache"], &["show", "clear", "prune"]),
    (
        &["parse", "marker"],
        &["--env", "Nothing is taken from this machine"],
    ),
    (&["rule"], &["P906"]),
    (&["config"], &["show"]),
    (
        &["config", "show"],
        &["origin", "[tool.pubflow.index.", "PUBFLOW_INDEX_"],
    ),
    (
        &["inspect"],
        &["pubflow inspect --files", "--html", "Nothing is unpacked"],
    ),
    (
        &["diff"],
        &["pubflow diff demo==1.0", "--summary", "Exit 0 when both"],
    ),
    (&["index"], &["serve"]),
    (&["index", "serve"], &["Ctrl-C", "--data", "export"]),
];

#[test]
fn the_help_of_every_command_says_how_to_begin() {
    let world = World::new();
    for (command, needles) in HELP {
        let help = world.run(&[*command, &["--help"]].concat()).exits(0);
        assert!(help.err.is_empty(), "{command:?}: {}", help.err);
        let words: Vec<&str> = help.out.split_whitespace().collect();
        let text = words.join(" ");
        for needle in *needles {
            assert!(
                text.contains(needle),
                "{command:?} lacks {needle:?}: {text}"
            );
        }
    }
}

#[test]
fn the_list_of_commands_is_the_list_of_helps_tried_here() {
    let help = World::new().run(&["help"]).exits(0).out;
    let (_, commands) = help.split_once("Commands:").unwrap();
    let (commands, _) = commands.split_once("Options:").unwrap();
    for line in commands.lines() {
        // A command stands two columns in; its text goes on further right.
        let Some(name) = line.strip_prefix("  ").filter(|l| !l.starts_with(' ')) else {
            continue;
        };
        let name = name.split(' ').next().unwrap();
        assert!(
            name == "help" || HELP.iter().any(|(command, _)| command == &[name]),
            "the help of `{name}` is not tried"
        );
    }
}

#[test]
fn a_wrong_command_line_ends_in_2_and_suggests() {
    let world = World::new();
    for (arguments, words) in [
        (&[][..], "Usage"),
        (&["pubish"], "publish"),
        (&["publish", "--testpipy"], "--testpypi"),
        (&["publish", "--testpypi", "--pypi"], "cannot be used with"),
        (&["publish", "--jobs", "0"], "--jobs"),
        (&["yank", "demo==1.0"], "--reason"),
        (&["verify"], "SUBJECTS"),
        (&["check", "--format", "xml"], "json"),
        (&["config"], "show"),
        (&["rule", "P000"], "pubflow rule"),
        (&["resume", "demo"], "NAME==VERSION"),
        (&["status", "demo==not a version"], "next:"),
        (&["yank", "==1.0", "--reason", "x"], "next:"),
        (&["build", "-C", "novalue"], "KEY=VALUE"),
        (&["check", "missing.whl"], "missing.whl"),
        (&["verify", "missing.whl"], "missing.whl"),
        (&["publish", "missing.whl", "--testpypi"], "missing.whl"),
        (&["promote", "missing.whl"], "missing.whl"),
        (&["promote", "demo==1.0"], "demo==1.0"),
        (&["status"], "next:"),
    ] {
        let ended = world.run(arguments);
        assert_eq!(ended.code, 2, "{arguments:?}: {}", ended.err);
        assert!(ended.out.is_empty(), "{arguments:?}: {}", ended.out);
        assert!(ended.err.contains(words), "{arguments:?}: {}", ended.err);
    }
}

#[test]
fn version_is_one_line_on_standard_output() {
    let ended = World::new().run(&["--version"]).exits(0);
    let version = concat!("pubflow ", env!("CARGO_PKG_VERSION"), " (rules of 20");
    assert!(ended.out.starts_with(version), "{}", ended.out);
    assert_eq!(ended.out.lines().count(), 1);
}

#[test]
fn a_rule_explains_itself() {
    let world = World::new();
    let list = world.run(&["rule"]).exits(0).out;
    let n_rules = list.lines().count() - 1;
    assert!(n_rules > 50, "{n_rules} rules");
    assert!(list.contains("P906"), "{list}");
    let one = world.run(&["rule", "P906"]).exits(0).out;
    assert!(one.starts_with("P906 wheel-identity\n"), "{one}");
    for heading in [
        "\nWhy it hurts\n",
        "\nHow to fix it\n",
        "\nBad\n",
        "\nGood\n",
    ] {
        assert!(one.contains(heading), "{one}");
    }
    assert_eq!(world.run(&["rule", "wheel-identity"]).exits(0).out, one);
    assert!(world.run(&["rule", "--all"]).exits(0).out.contains(&one));
    let family = world.run(&["rule", "P10xx"]).exits(0).out;
    assert!(
        family.contains("P1001") && !family.contains("P906"),
        "{family}"
    );
    assert!(one.contains("refused by: pypi"), "{one}");
    // Codes are typed as people type.
    assert_eq!(world.run(&["rule", "p906"]).exits(0).out, one);
    let json = world.run(&["rule", "--format", "json"]).exits(0).json();
    assert_eq!(json["rules"].as_array().unwrap().len(), n_rules);
    let json = world
        .run(&["rule", "P906", "P001", "--format", "json"])
        .exits(0)
        .json();
    assert_eq!(json["schema"], 1);
    assert_eq!(json["rules"][0]["code"], "P906");
    assert_eq!(json["rules"][1]["severity"], "error");
}

#[track_caller]
fn assert_keys(value: &Value, keys: &[&str]) {
    let got: Vec<&String> = value.as_object().unwrap().keys().collect();
    let mut want = keys.to_vec();
    want.sort_unstable();
    assert_eq!(got, want, "{value:#}");
}

#[test]
fn a_good_release_passes_the_check() {
    let world = world_with_a_release();
    let ended = world.run(&["check", "dist"]).exits(0);
    assert!(ended.out.contains("3 checked: 0 errors"), "{}", ended.out);
    assert!(ended.err.is_empty(), "{}", ended.err);
    let json = world.run(&["check", "--format", "json", "--", "dist"]);
    let json = json.exits(0).json();
    assert_keys(&json, &["schema", "subjects", "summary"]);
    let subjects = json["subjects"].as_array().unwrap();
    assert_eq!(subjects.len(), 3);
    for subject in subjects {
        assert_keys(subject, &["path", "kind", "sha256", "verdict", "findings"]);
        assert_eq!(subject["verdict"], "pass");
        assert_eq!(subject["sha256"].as_str().unwrap().len(), 64);
        assert!(
            subject["path"]
                .as_str()
                .unwrap()
                .starts_with("dist/demo-1.0")
        );
    }
}

#[test]
fn a_broken_wheel_fails_the_check_with_code_place_reason_and_next_step() {
    let world = World::new();
    std::fs::create_dir(world.work().join("dist")).unwrap();
    let _wheel = WheelBuilder::new("demo", "1.0")
        .file("demo/__init__.py", "")
        .filename("demo-2.0-py3-none-any.whl")
        .build_in(&world.work().join("dist"));
    let text = world.run(&["check", "dist"]).exits(1);
    for part in ["error[P906]", "where:", "next:", "refused by: pypi"] {
        assert!(text.out.contains(part), "{part}: {}", text.out);
    }
    let json = world.run(&["check", "--format", "json", "dist"]).exits(1);
    let json = json.json();
    let subject = &json["subjects"][0];
    assert_eq!(
        (&subject["verdict"], &subject["kind"]),
        (&"fail".into(), &"wheel".into())
    );
    let finding = subject["findings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|finding| finding["code"] == "P906")
        .unwrap();
    assert_keys(
        finding,
        &[
            "code",
            "name",
            "severity",
            "message",
            "why",
            "next",
            "refused_by",
            "place",
            "fix",
            "url",
        ],
    );
    assert_keys(
        &finding["place"],
        &["path", "member", "line", "column", "field"],
    );
    assert_eq!(finding["severity"], "error");
    assert_eq!(finding["url"], "docs/checks.md#p906");
    assert!(
        finding["refused_by"]
            .as_array()
            .unwrap()
            .contains(&"pypi".into())
    );
}

#[test]
fn what_is_checked_goes_by_the_name_and_a_broken_one_fails() {
    let world = World::new();
    let broken = "[project]\nname = \"-bad-\"\nversion = \"1.0\"\n";
    world.write("broken/pyproject.toml", broken);
    world.write("alone.toml", broken);
    world.write("METADATA", "Metadata-Version: 2.1\nName: demo\n");
    world.write("notes.txt", "no distribution");
    world.write("empty.whl", "");
    for (path, kind) in [
        ("broken", "project"),
        ("alone.toml", "pyproject"),
        ("METADATA", "metadata"),
        ("notes.txt", "unknown"),
        ("empty.whl", "wheel"),
    ] {
        let json = world.run(&["check", "--format", "json", path]);
        assert_eq!(json.code, 1, "{path}: {}", json.out);
        let json = json.json();
        let subject = &json["subjects"][0];
        assert_eq!(
            (&subject["kind"], &subject["path"]),
            (&kind.into(), &path.into())
        );
        assert_ne!(subject["findings"], Value::Array(Vec::new()), "{path}");
    }
}

#[test]
fn the_project_here_is_checked_with_its_dist() {
    let world = World::new();
    world.write(
        "pyproject.toml",
        "[build-system]\nrequires = []\nbuild-backend = \"b\"\nbackend-path = [\".\"]\n[project]\nname = \"demo\"\nversion = \"1.0\"\n",
    );
    world.write("b.py", "");
    std::fs::create_dir(world.work().join("dist")).unwrap();
    let _sdist = SdistBuilder::new("demo", "1.0")
        .file("demo/__init__.py", "")
        .build_in(&world.work().join("dist"));
    let json = world.run(&["check", "--format", "json"]).json();
    let kinds: Vec<&str> = json["subjects"]
        .as_array()
        .unwrap()
        .iter()
        .map(|subject| subject["kind"].as_str().unwrap())
        .collect();
    assert!(
        kinds.contains(&"project") && kinds.contains(&"sdist"),
        "{json:#}"
    );
}

#[test]
fn strict_lets_warnings_fail() {
    let world = World::new();
    let dist = world.work().join("dist");
    std::fs::create_dir(&dist).unwrap();
    let _wheel = WheelBuilder::new("demo", "1.0")
        .file("demo/__init__.py", "")
        .file("tests/__init__.py", "")
        .build_in(&dist);
    let easy = world.run(&["check", "dist"]).exits(0);
    assert!(easy.out.contains("warning[P"), "{}", easy.out);
    let strict = world.run(&["check", "--strict", "dist"]).exits(1);
    assert!(strict.out.contains("fail dist/"), "{}", strict.out);
    let json = world.run(&["check", "--strict", "--format", "json", "dist"]);
    assert_eq!(json.exits(1).json()["subjects"][0]["verdict"], "fail");
}

/// pyproject.toml texts that cannot be built, and where the build must say it stopped.
const UNBUILDABLE: &[(&str, &str)] = &[
    ("this is no TOML", "parse"),
    ("[build-system]\nbuild-backend = \"b\"\n", "parse"),
    ("[build-system]\nrequires = \"setuptools\"\n", "parse"),
    ("[build-system]\nrequires = [\"a b c\"]\n", "requires"),
    (
        "[build-system]\nrequires = []\nbuild-backend = \"b\"\nbackend-path = [\"..\"]\n",
        "backend-path",
    ),
    (
        "[build-system]\nrequires = []\nbuild-backend = \"not_there\"\nbackend-path = [\".\"]\n",
        "backend-import",
    ),
];

#[test]
fn a_build_that_is_refused_says_where_it_stopped_in_text_and_json() {
    let world = World::new();
    for (text, at) in UNBUILDABLE {
        world.write("project/pyproject.toml", text);
        let ended = world.run(&[
            "build",
            "--format",
            "json",
            "--offline",
            "project",
            "-o",
            "out",
        ]);
        assert_eq!(ended.code, 1, "{text}: {}", ended.err);
        let json = ended.json();
        assert_keys(&json, &["schema", "files", "subjects", "error"]);
        assert_keys(&json["error"], &["at", "message", "why", "next", "log"]);
        assert_eq!(json["error"]["at"], *at, "{text}: {json:#}");
        assert_eq!(json["files"], Value::Array(Vec::new()));
        ended.says("error[E301]").says(at).says("next:");
        let left = std::fs::read_dir(world.work().join("out")).map_or(0, Iterator::count);
        assert_eq!(left, 0, "{text}");
        let plain = world.run(&["build", "--offline", "project", "-o", "out"]);
        assert_eq!((plain.code, plain.out.as_str()), (1, ""), "{text}");
    }
}

#[test]
fn a_directory_that_is_no_project_is_refused_at_parse() {
    let world = World::new();
    world.write("folder/readme.txt", "nothing to build");
    world.write("file", "nothing to build");
    for directory in ["folder", "missing", "file"] {
        let ended = world.run(&["build", "--format", "json", directory]);
        assert_eq!(ended.code, 1, "{directory}: {}", ended.err);
        assert_eq!(ended.json()["error"]["at"], "parse", "{directory}");
        ended.says("pubflow build DIR");
    }
}

#[test]
fn a_build_prints_its_files_and_tells_its_progress_elsewhere() {
    let world = World::new();
    world.project("in-tree");
    let json = world.run(&["build", "--format", "json", "in-tree", "-o", "out"]);
    let json = json.exits(0).says("building in-tree").json();
    assert_eq!(json["error"], Value::Null);
    let kinds: Vec<&Value> = json["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| &file["kind"])
        .collect();
    assert_eq!(kinds, ["sdist", "wheel"]);
    for file in json["files"].as_array().unwrap() {
        assert_keys(file, &["path", "kind", "size", "sha256"]);
        let path = world.work().join(file["path"].as_str().unwrap());
        let sha256 = pubflow_dist::sha256_file(&path).unwrap().to_string();
        assert_eq!(file["sha256"], sha256);
    }
    let left = std::fs::read_dir(world.work().join("out")).unwrap().count();
    assert_eq!(left, 2);
    let text = world.run(&["build", "in-tree"]).exits(0);
    assert!(text.out.starts_with("file"), "{}", text.out);
    assert!(!text.out.contains("building"), "{}", text.out);
}

#[test]
fn json_is_json_whatever_goes_wrong() {
    let world = World::new();
    world.write("bad/pyproject.toml", "[tool.pubflow]\nidnex = \"pypi\"\n");
    for (arguments, code) in [
        (&["check"][..], 2),
        (&["check", "nowhere"], 2),
        (&["publish"], 2),
        (&["publish", "--index", "nobody"], 2),
        (&["promote"], 2),
        (&["resume"], 0),
        (&["resume", "demo==1.0"], 2),
        (&["status"], 2),
        (&["status", "demo"], 2),
        (&["yank", "demo", "--reason", "x"], 2),
        (&["verify", "nowhere.whl"], 2),
        (&["rule", "P000"], 2),
        (&["build", "nowhere"], 1),
        (&["rehearse", "nowhere"], 2),
        (&["rehearse", "bad"], 2),
        (&["config", "show"], 0),
    ] {
        let ended = world.run(&[arguments, &["--format", "json"]].concat());
        assert_eq!(ended.code, code, "{arguments:?}: {}", ended.err);
        let json = ended.json();
        assert_eq!(json["schema"], 1, "{arguments:?}");
        if code == 2 {
            assert_eq!(json["exit"], 2, "{arguments:?}");
            assert!(json["error"]["message"].is_string(), "{arguments:?}");
            assert!(json["error"]["next"].is_string(), "{arguments:?}: {json:#}");
            assert!(
                ended.err.contains("error[E"),
                "{arguments:?}: {}",
                ended.err
            );
        }
    }
}

#[test]
fn no_colour_reaches_a_pipe() {
    let mut world = world_with_a_release();
    world.unset("NO_COLOR");
    let ended = world.run(&["check", "dist"]).exits(0);
    assert!(!ended.out.contains('\x1b'), "{}", ended.out);
    world.set("FORCE_COLOR", "1");
    let ended = world.run(&["check", "dist"]).exits(0);
    assert!(ended.out.contains("\x1b[32mpass\x1b[0m"), "{}", ended.out);
}

#[test]
fn a_version_that_is_public_with_other_bytes_is_said_to_be_so() {
    let mut world = World::new();
    let index = TestIndex::start(&world);
    index.configure(&mut world);
    let project = world.project("in-tree");
    world
        .run(&["build", "in-tree", "--offline", "-o", "dist"])
        .exits(0)
        .omits("is on testpypi");
    world
        .run(&["publish", "--testpypi", "--no-verify"])
        .exits(0);
    let readme = project.join("README.md");
    let text = std::fs::read_to_string(&readme).unwrap_or_default();
    std::fs::write(&readme, format!("{text}\nchanged\n")).unwrap();
    world
        .run(&["build", "in-tree", "--offline", "-o", "dist"])
        .exits(0)
        .says("is on testpypi already, with other bytes: raise the version");
    world
        .run(&["publish", "--testpypi", "--no-verify"])
        .exits(4)
        .says("another build of this version was published to testpypi from here before");
}
