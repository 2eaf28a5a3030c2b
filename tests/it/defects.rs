//! Defects that real releases had, rebuilt as small projects: each is found by its rule, and nothing is
//! said of the same project without the defect.
//!
//! The projects bring a build backend along that packs what a list names, so that a test decides what
//! is left out, as a forgotten line in a manifest does.

use serde_json::{Value, json};

use crate::support::World;

/// Packs `sdist` and `wheel` of pack.json, lists of `name in the archive: file in the tree`.
const BACKEND: &str = r#"
import base64, hashlib, io, json, os, tarfile, zipfile

def plan():
    with open("pack.json", encoding="utf-8") as file:
        return json.load(file)

def add(archive, name, content):
    info = tarfile.TarInfo(name)
    info.size = len(content)
    archive.addfile(info, io.BytesIO(content))

def build_sdist(directory, config_settings=None):
    pack = plan()
    name = pack["stem"] + ".tar.gz"
    with tarfile.open(os.path.join(directory, name), "w:gz") as archive:
        for path in pack["sdist"]:
            with open(path, "rb") as file:
                add(archive, pack["stem"] + "/" + path, file.read())
        add(archive, pack["stem"] + "/PKG-INFO", pack["metadata"].encode())
    return name

def build_wheel(directory, config_settings=None, metadata_directory=None):
    pack = plan()
    info = pack["stem"] + ".dist-info/"
    members = {}
    for name, path in pack["wheel"].items():
        with open(path, "rb") as file:
            members[name] = file.read()
    members[info + "METADATA"] = pack["metadata"].encode()
    members[info + "WHEEL"] = b"Wheel-Version: 1.0\nGenerator: pack\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    if pack["entry_points"]:
        members[info + "entry_points.txt"] = pack["entry_points"].encode()
    name = pack["stem"] + "-py3-none-any.whl"
    record = ""
    with zipfile.ZipFile(os.path.join(directory, name), "w") as archive:
        for member, content in members.items():
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
            record += "%s,sha256=%s,%d\n" % (member, digest, len(content))
            archive.writestr(member, content)
        archive.writestr(info + "RECORD", record + info + "RECORD,,\n")
    return name
"#;

/// A project in the making.
#[derive(Default)]
struct Sample<'a> {
    name: &'a str,
    files: Vec<(&'a str, &'a str)>,
    /// Files of the tree that the wheel lacks.
    not_in_wheel: &'a [&'a str],
    /// Files of the tree that the sdist lacks.
    not_in_sdist: &'a [&'a str],
    metadata: &'a str,
    entry_points: &'a str,
}

impl Sample<'_> {
    /// Writes it into the world and builds it; the document of the build comes back.
    fn build(&self, world: &World) -> Value {
        let name = self.name;
        let stem = format!("{}-1.0", name.replace('-', "_"));
        let put = |path: &str, text: &str| world.write(&format!("{name}/{path}"), text);
        put("backend/pack.py", BACKEND);
        put(
            "pyproject.toml",
            &format!(
                "[build-system]\nrequires = []\nbuild-backend = \"pack\"\nbackend-path = [\"backend\"]\n[project]\nname = \"{name}\"\nversion = \"1.0\"\n"
            ),
        );
        let mut sdist = vec!["backend/pack.py", "pyproject.toml", "pack.json"];
        let mut wheel = serde_json::Map::new();
        for (path, text) in &self.files {
            put(path, text);
            if !self.not_in_sdist.contains(path) {
                sdist.push(path);
            }
            if !self.not_in_wheel.contains(path) {
                let installed = path.strip_prefix("src/").unwrap_or(path);
                wheel.insert(installed.to_owned(), json!(path));
            }
        }
        let metadata = format!(
            "Metadata-Version: 2.2\nName: {name}\nVersion: 1.0\nSummary: a sample\nLicense: MIT\n{}\
             Description-Content-Type: text/plain\n\nWhat it is for, in a sentence of its own.\n",
            self.metadata
        );
        let pack = json!({"stem": stem, "sdist": sdist, "wheel": wheel, "metadata": metadata,
            "entry_points": self.entry_points});
        put("pack.json", &pack.to_string());
        world
            .run(&["build", "--offline", "--format", "json", name, "-o", "dist"])
            .json()
    }
}

/// A wheel of `name` whose package is `module`, with the given files beside its `__init__.py`.
fn package<'a>(name: &'a str, files: &[(&'a str, &'a str)]) -> Sample<'a> {
    Sample {
        name,
        files: files.to_vec(),
        ..Sample::default()
    }
}

/// Codes of what the check and the smoke test say of each wheel, notes aside, by project.
fn found(world: &World, names: &[&str]) -> Vec<(String, Vec<String>)> {
    let wheel = |name: &&str| format!("dist/{}-1.0-py3-none-any.whl", name.replace('-', "_"));
    let wheels: Vec<String> = names.iter().map(wheel).collect();
    let mut codes: Vec<(String, Vec<String>)> = names
        .iter()
        .map(|name| ((*name).to_owned(), Vec::new()))
        .collect();
    for command in ["check", "verify"] {
        let mut arguments = vec![command, "--format", "json"];
        if command == "verify" {
            arguments.extend(["--python", "max"]);
        }
        arguments.push("--");
        arguments.extend(wheels.iter().map(String::as_str));
        let document = world.run(&arguments).json();
        for subject in document["subjects"].as_array().unwrap() {
            let place = wheels
                .iter()
                .position(|one| subject["path"] == one.as_str())
                .unwrap();
            let findings = subject["findings"].as_array().unwrap().iter();
            let heavy = findings.filter(|one| one["severity"] != "note");
            codes[place]
                .1
                .extend(heavy.map(|one| one["code"].as_str().unwrap().to_owned()));
        }
    }
    codes
}

/// Builds the pairs, and looks that each defect is told by one of its codes and its twin is quiet.
#[track_caller]
fn check(pairs: &[(&[&str], Sample<'_>, Sample<'_>)]) {
    let world = World::new();
    let mut names = Vec::new();
    for (_, bad, good) in pairs {
        for sample in [bad, good] {
            let document = sample.build(&world);
            assert_eq!(document["error"], Value::Null, "{}", sample.name);
            names.push(sample.name);
        }
    }
    let found = found(&world, &names);
    for (pair, codes) in pairs.iter().zip(found.chunks(2)) {
        let (expected, [(bad, of_bad), (good, of_good)]) = (pair.0, codes) else {
            panic!("two of each");
        };
        let is_expected = |code: &String| expected.contains(&code.as_str());
        assert!(
            of_bad.iter().any(is_expected),
            "{bad}: {expected:?} not in {of_bad:?}"
        );
        assert!(of_good.is_empty(), "{good}: {of_good:?}");
    }
}

/// A module that only lies in the source tree, and the same where it belongs.
const BESIDE_THE_PACKAGE: &[(&str, &str)] = &[
    ("tree/__init__.py", "import helpers_of_tree\n"),
    ("helpers_of_tree.py", "x = 1\n"),
];
const IN_THE_PACKAGE: &[(&str, &str)] = &[
    ("tree/__init__.py", "from tree import helpers\n"),
    ("tree/helpers.py", "x = 1\n"),
];

#[test]
fn what_was_left_out_of_released_wheels_is_found() {
    let whole = [
        ("lamp/__init__.py", "from .core import on\n"),
        ("lamp/core/__init__.py", "def on(): return True\n"),
    ];
    let lazy = [
        (
            "late/__init__.py",
            "def run():\n    from late.jobs import job\n    return job\n",
        ),
        ("late/jobs.py", "job = 1\n"),
    ];
    let data = [
        (
            "geo/__init__.py",
            "import os\nwith open(os.path.join(os.path.dirname(__file__), 'table.csv')) as f:\n    TABLE = f.read()\n",
        ),
        ("geo/table.csv", "1\n"),
    ];
    let typed = [
        ("typed/__init__.py", "def f(x: int) -> int: return x\n"),
        ("typed/py.typed", ""),
    ];
    check(&[
        (
            &["P910"],
            Sample {
                not_in_wheel: &["void/__init__.py"],
                ..package("void-bad", &[("void/__init__.py", "x = 1\n")])
            },
            package("void-good", &[("void/__init__.py", "x = 1\n")]),
        ),
        (
            &["P1701", "P1712"],
            Sample {
                not_in_wheel: &["lamp/core/__init__.py"],
                ..package("lamp-bad", &whole)
            },
            package("lamp-good", &whole),
        ),
        (
            &["P1712"],
            Sample {
                not_in_wheel: &["late/jobs.py"],
                ..package("late-bad", &lazy)
            },
            package("late-good", &lazy),
        ),
        (
            &["P1701", "P921"],
            Sample {
                not_in_wheel: &["geo/table.csv"],
                ..package("geo-bad", &data)
            },
            package("geo-good", &data),
        ),
        (
            &["P1706", "P1701"],
            Sample {
                not_in_wheel: &["helpers_of_tree.py"],
                ..package("tree-bad", BESIDE_THE_PACKAGE)
            },
            package("tree-good", IN_THE_PACKAGE),
        ),
        (
            &["P918"],
            Sample {
                not_in_wheel: &["typed/py.typed"],
                metadata: "Classifier: Typing :: Typed\n",
                ..package("typed-bad", &typed)
            },
            Sample {
                metadata: "Classifier: Typing :: Typed\n",
                ..package("typed-good", &typed)
            },
        ),
    ]);
}

#[test]
fn what_released_wheels_promised_and_did_not_keep_is_found() {
    let command = [
        ("tool/__init__.py", ""),
        ("tool/cli.py", "import sys\ndef main():\n    sys.exit(0)\n"),
    ];
    let tests = [("calc/__init__.py", "x = 1\n"), ("tests/__init__.py", "")];
    check(&[
        (
            &["P1706"],
            package(
                "need-bad",
                &[("need/__init__.py", "import requests_toolkit_absent\n")],
            ),
            package(
                "need-good",
                &[(
                    "need/__init__.py",
                    "try:\n    import requests_toolkit_absent\nexcept ImportError:\n    pass\n",
                )],
            ),
        ),
        (
            &["P1704", "P1104"],
            Sample {
                entry_points: "[console_scripts]\ntool = tool.main:main\n",
                ..package("tool-bad", &command)
            },
            Sample {
                entry_points: "[console_scripts]\ntool = tool.cli:main\n",
                ..package("tool-good", &command)
            },
        ),
        (
            &["P1103"],
            Sample {
                entry_points: "[gui_scripts]\nedit = tool.cli\n",
                ..package("edit-bad", &command)
            },
            Sample {
                entry_points: "[gui_scripts]\nedit = tool.cli:main\n",
                ..package("edit-good", &command)
            },
        ),
        (
            &["P912"],
            package("calc-bad", &tests),
            Sample {
                not_in_wheel: &["tests/__init__.py"],
                ..package("calc-good", &tests)
            },
        ),
        (
            &["P919"],
            Sample {
                metadata: "Requires-Python: >=3.8\n",
                ..package(
                    "match-bad",
                    &[(
                        "soon/__init__.py",
                        "def f(x):\n    match x:\n        case _:\n            return 1\n",
                    )],
                )
            },
            Sample {
                metadata: "Requires-Python: >=3.8\n",
                ..package(
                    "match-good",
                    &[("soon/__init__.py", "def f(x):\n    return 1\n")],
                )
            },
        ),
    ]);
}

#[test]
fn an_sdist_that_lacks_what_its_build_reads_is_refused() {
    let files = [
        ("whole/__init__.py", "x = 1\n"),
        ("whole/version.txt", "1.0\n"),
    ];
    let world = World::new();
    let bad = Sample {
        not_in_sdist: &["whole/version.txt"],
        ..package("whole-bad", &files)
    };
    let document = bad.build(&world);
    assert_eq!(document["error"]["at"], "build_wheel", "{document}");
    assert_eq!(
        package("whole-good", &files).build(&world)["error"],
        Value::Null
    );
}
