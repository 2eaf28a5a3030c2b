//! The tools that people publish and install with, unmodified and at pinned versions, against the embedded index.
//!
//! twine, uv and pip are in `peers` and have their tests beside adoption; here are the others.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::peers::{Environment, Set, peers};
use crate::support::{Ended, TestIndex, World, expected, world_with_a_release};

const PUBLISHERS: Set = Set {
    name: "publishers",
    pins: &[
        "flit==4.2.0",
        "hatch==1.18.2",
        // What pdm was made with; it does not run with the next major version.
        "hishel==1.4.0",
        "pdm==2.29.4",
        "poetry==2.5.1",
        "pypi-simple==1.8.0",
    ],
    python: (3, 10),
};

/// The tools, an index, and a world with a release of which nothing is published.
struct Scene {
    tools: Environment,
    index: TestIndex,
    world: World,
}

impl Scene {
    fn set() -> Option<Self> {
        let tools = PUBLISHERS.installed()?;
        let world = world_with_a_release();
        let index = TestIndex::start(&world);
        Some(Self {
            tools,
            index,
            world,
        })
    }

    fn command(&self, tool: &str, folder: &Path) -> Command {
        let mut command = self.world.foreign(&self.tools.tool(tool));
        command.current_dir(folder);
        // By hand there is one index, the one that is named.
        for variable in ["PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL", "PIP_INDEX_URL"] {
            command.env_remove(variable);
        }
        command.env("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring");
        command
    }

    fn ends(&self, command: &mut Command) -> Ended {
        self.world.wait(command.spawn().unwrap())
    }

    /// A project that depends on nothing, as its tool wants it.
    fn project(&self, folder: &str, more: &str) -> PathBuf {
        let text = format!(
            "[project]\nname = \"reader\"\nversion = \"0.1\"\nrequires-python = \">=3.10\"\ndescription = \"a\"\n{more}"
        );
        let file = self.world.write(&format!("{folder}/pyproject.toml"), &text);
        file.parent().unwrap().to_owned()
    }

    /// What was built before the test.
    fn dist(&self) -> PathBuf {
        self.world.work().join("dist")
    }

    fn upload(&self) -> String {
        self.index.get("test", "upload").to_owned()
    }

    fn token(&self) -> String {
        self.index.get("test", "token").to_owned()
    }

    #[track_caller]
    fn assert_published(&self) {
        assert_eq!(self.index.files("test", "demo"), expected(&self.world));
    }

    /// Puts the release on the test realm.
    fn publish(&self) {
        let mut world = world_with_a_release();
        self.index.configure(&mut world);
        world
            .run(&["publish", "--testpypi", "--no-verify"])
            .exits(0);
    }
}

#[test]
fn poetry_publishes_and_installs() {
    let Some(scene) = Scene::set() else { return };
    let source = format!(
        "[[tool.poetry.source]]\nname = \"local\"\nurl = \"{}\"\npriority = \"primary\"\n[tool.poetry]\npackage-mode = false\n",
        scene.index.get("test", "simple")
    );
    let project = scene.project("poetry", &source);
    let dist = scene.dist();
    let mut poetry = scene.command("poetry", &project);
    poetry
        .env("POETRY_REPOSITORIES_LOCAL_URL", scene.upload())
        .env("POETRY_PYPI_TOKEN_LOCAL", scene.token())
        .args(["publish", "--no-interaction", "-r", "local", "--dist-dir"])
        .arg(&dist);
    // It takes the files of the project whose name and version it finds, so it gets the release's own.
    let own = "[project]\nname = \"demo\"\nversion = \"1.0\"\ndescription = \"a\"\nrequires-python = \">=3.8\"\n";
    std::fs::write(project.join("pyproject.toml"), own).unwrap();
    scene.ends(&mut poetry).exits(0);
    scene.assert_published();
    let project = scene.project("poetry-reader", &source);
    let mut add = scene.command("poetry", &project);
    add.env("POETRY_VIRTUALENVS_IN_PROJECT", "true")
        .args(["add", "--no-interaction", "demo==1.0"]);
    scene.ends(&mut add).exits(0);
    assert_installed(&project.join(".venv"));
}

#[test]
fn pdm_publishes_and_installs() {
    let Some(scene) = Scene::set() else { return };
    let project = scene.project("pdm", "");
    let mut publish = scene.command("pdm", &project);
    publish
        .env("PDM_CHECK_UPDATE", "false")
        .args([
            "publish",
            "--no-build",
            "-r",
            &scene.upload(),
            "-u",
            "__token__",
            "-P",
            &scene.token(),
            "--dest",
        ])
        .arg(scene.dist());
    scene.ends(&mut publish).exits(0);
    scene.assert_published();
    let source = format!(
        "[[tool.pdm.source]]\nname = \"pypi\"\nurl = \"{}\"\nverify_ssl = false\n[tool.pdm]\ndistribution = false\n",
        scene.index.get("test", "simple")
    );
    let project = scene.project("pdm-reader", &source);
    let mut add = scene.command("pdm", &project);
    add.env("PDM_CHECK_UPDATE", "false")
        .args(["add", "demo==1.0"]);
    scene.ends(&mut add).exits(0);
    assert_installed(&project.join(".venv"));
}

#[test]
fn hatch_publishes() {
    let Some(scene) = Scene::set() else { return };
    let project = scene.project("hatch", "");
    let mut publish = scene.command("hatch", &project);
    publish
        .args([
            "publish",
            "--no-prompt",
            "-r",
            &scene.upload(),
            "-u",
            "__token__",
            "-a",
            &scene.token(),
        ])
        .arg(scene.dist());
    scene.ends(&mut publish).exits(0);
    scene.assert_published();
}

#[test]
fn flit_builds_and_publishes() {
    let Some(scene) = Scene::set() else { return };
    let backend = "[build-system]\nrequires = [\"flit_core>=3.12\"]\nbuild-backend = \"flit_core.buildapi\"\n";
    let project = scene.project("flit", backend);
    std::fs::write(project.join("reader.py"), "\"\"\"a\"\"\"\n").unwrap();
    let mut publish = scene.command("flit", &project);
    publish
        .env("FLIT_INDEX_URL", scene.upload())
        .env("FLIT_USERNAME", "__token__")
        .env("FLIT_PASSWORD", scene.token())
        .arg("publish");
    scene.ends(&mut publish).exits(0);
    let files = scene.index.files("test", "reader");
    let names: Vec<&str> = files.iter().map(|(name, ..)| name.as_str()).collect();
    assert_eq!(names, ["reader-0.1-py3-none-any.whl", "reader-0.1.tar.gz"]);
}

#[test]
fn pypi_simple_reads_json_and_html_alike() {
    let Some(scene) = Scene::set() else { return };
    scene.publish();
    let script = r#"
import json, sys
import pypi_simple
simple = sys.argv[1]
pages = {}
for accept in (pypi_simple.ACCEPT_JSON_ONLY, pypi_simple.ACCEPT_HTML_ONLY):
    with pypi_simple.PyPISimple(simple, accept=accept) as client:
        assert "demo" in client.get_index_page().projects
        page = client.get_project_page("demo")
        pages[accept] = [[f.filename, f.digests["sha256"], f.requires_python, f.is_yanked, f.has_metadata] for f in page.packages]
        client.get_package_metadata_bytes(next(f for f in page.packages if f.has_metadata))
print(json.dumps(list(pages.values())))
"#;
    let mut read = scene.command("python", &scene.world.work());
    let ended = scene.ends(read.args(["-c", script, scene.index.get("test", "simple")]));
    let pages: Value = ended.exits(0).json();
    assert_eq!(
        pages[0].as_array().unwrap().len(),
        expected(&scene.world).len()
    );
    // HTML has no word for a file whose metadata are not served.
    for (json, html) in pages[0]
        .as_array()
        .unwrap()
        .iter()
        .zip(pages[1].as_array().unwrap())
    {
        assert_eq!(json.as_array().unwrap()[..4], html.as_array().unwrap()[..4]);
    }
}

#[test]
fn twine_uv_and_pip_publish_and_install() {
    let world = world_with_a_release();
    let index = TestIndex::start(&world);
    let files: Vec<PathBuf> = std::fs::read_dir(world.work().join("dist"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    let upload = |realm| [index.get(realm, "upload"), index.get(realm, "token")];
    peers()
        .twine_upload(&world, upload("test"), &files)
        .exits(0);
    peers()
        .uv_publish(&world, upload("production"), &files)
        .exits(0);
    for realm in ["test", "production"] {
        assert_eq!(index.files(realm, "demo"), expected(&world));
        let what = [index.get(realm, "simple"), "demo==1.0"];
        let python = peers().environment(&world, &format!("pip-{realm}"));
        peers().pip_install(&world, &python, what).exits(0);
        let python = peers().environment(&world, &format!("uv-{realm}"));
        peers().uv_pip_install(&world, &python, what).exits(0);
    }
}

/// The release is in an environment, with its record.
#[track_caller]
fn assert_installed(environment: &Path) {
    let lib = environment.join("lib");
    let found = std::fs::read_dir(&lib).unwrap().any(|python| {
        python
            .unwrap()
            .path()
            .join("site-packages/demo-1.0.dist-info")
            .is_dir()
    });
    assert!(found, "{} does not hold demo 1.0", environment.display());
}
