//! The main job, for every build backend: built, published to the test index, promoted, and then
//! installed by hand with the tools that users have.

use std::path::Path;

use crate::peers::{Peers, peers};
use crate::support::{Listed, TestIndex, World, digests_in};

/// A sample project with the version it has.
struct Sample {
    project: &'static str,
    version: &'static str,
}

impl Sample {
    fn name(&self) -> String {
        format!("pubflow-{}", self.project)
    }

    fn module(&self) -> String {
        self.name().replace('-', "_")
    }

    /// Builds, publishes, promotes, and installs what came out by hand.
    #[track_caller]
    fn goes_all_the_way(&self) {
        let mut world = World::new();
        peers().offer_uv(&mut world);
        let (index, dist) = self.release(&mut world, "uv");
        self.installs_by_hand(&world, &index);
        assert_eq!(dist.len(), 2, "an sdist and a wheel: {dist:?}");
    }

    /// `build && publish --testpypi && promote --yes`: what is on both realms is what lies in `dist/`.
    #[track_caller]
    fn release(&self, world: &mut World, installer: &str) -> (TestIndex, Vec<Listed>) {
        let index = TestIndex::start(world);
        index.configure(world);
        let project = world.project(self.project);
        let run = |arguments: &[&str]| world.run_in(&project, arguments).exits(0);
        run(&["build"]);
        assert_eq!(sealed_tool(world, "installer"), installer);
        let built = digests_in(&project.join("dist"));
        run(&["publish", "--testpypi", "--python", "max"]);
        assert_eq!(index.files("test", &self.name()), built);
        assert_eq!(index.files("production", &self.name()), []);
        run(&["promote", "--yes", "--python", "max"]);
        assert_eq!(index.files("test", &self.name()), built);
        assert_eq!(index.files("production", &self.name()), built);
        assert_eq!(
            digests_in(&project.join("dist")),
            built,
            "dist/ was changed"
        );
        (index, built)
    }

    /// pip and uv each install it from the production realm into an environment of their own.
    #[track_caller]
    fn installs_by_hand(&self, world: &World, index: &TestIndex) {
        let requirement = format!("{}=={}", self.name(), self.version);
        let what = [index.get("production", "simple"), &requirement];
        for (tool, install) in [
            (
                "by-pip",
                Peers::pip_install as fn(&Peers, &World, &Path, [&str; 2]) -> _,
            ),
            ("by-uv", Peers::uv_pip_install),
        ] {
            let python = peers().environment(world, tool);
            install(peers(), world, &python, what).exits(0);
            self.is_importable(world, &python);
        }
    }

    #[track_caller]
    fn is_importable(&self, world: &World, python: &Path) {
        let question = format!(
            "import importlib.metadata as m, {module}; print(m.version('{name}'), {module}.__file__)",
            module = self.module(),
            name = self.name()
        );
        let mut command = world.foreign(python);
        command.args(["-I", "-c", &question]);
        let answer = world.wait(command.spawn().unwrap()).exits(0).out;
        let (version, file) = answer.trim().split_once(' ').unwrap();
        assert_eq!(version, self.version);
        let environment = python.parent().unwrap().parent().unwrap();
        assert!(
            Path::new(file).starts_with(environment),
            "{file} is not of {}",
            environment.display()
        );
    }
}

fn sample(project: &'static str) -> Sample {
    Sample {
        project,
        version: if project == "hello" { "1.0.0" } else { "0.3.0" },
    }
}

/// What the only sealed manifest of a world says of one tool.
#[track_caller]
fn sealed_tool(world: &World, tool: &str) -> String {
    let mut folder = world.path("state/releases");
    for _ in ["name", "version", "manifest"] {
        let mut entries = std::fs::read_dir(&folder).unwrap();
        folder = entries.next().unwrap().unwrap().path();
        assert!(entries.next().is_none(), "more than one release");
    }
    let text = std::fs::read_to_string(folder.join("manifest.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&text).unwrap();
    manifest["tools"][tool].as_str().unwrap().to_owned()
}

#[test]
fn hatchling() {
    sample("hello").goes_all_the_way();
}

#[test]
fn setuptools() {
    sample("setuptools").goes_all_the_way();
}

#[test]
fn setuptools_without_pyproject_toml() {
    sample("setuptools-legacy").goes_all_the_way();
}

#[test]
fn flit_core() {
    sample("flit").goes_all_the_way();
}

#[test]
fn poetry_core() {
    sample("poetry").goes_all_the_way();
}

#[test]
fn pdm_backend() {
    sample("pdm").goes_all_the_way();
}

#[test]
fn uv_build() {
    sample("uv-build").goes_all_the_way();
}

#[test]
fn a_backend_in_the_tree() {
    sample("in-tree").goes_all_the_way();
}

#[test]
fn plain_pip_does_what_uv_does() {
    let sample = sample("flit");
    let mut world = World::new();
    peers().hide_uv(&mut world);
    let (index, _) = sample.release(&mut world, "pip");
    sample.installs_by_hand(&world, &index);
    let asked_for_uv = world.run(&["build", "--installer", "uv", "flit"]);
    assert_eq!(
        asked_for_uv.code, 10,
        "uv was not hidden: {}",
        asked_for_uv.err
    );
}

#[test]
fn the_same_version_can_be_released_from_the_files_alone() {
    let mut builder = World::new();
    peers().offer_uv(&mut builder);
    let project = builder.project("in-tree");
    builder.run_in(&project, &["build"]).exits(0);
    let dist = project.join("dist");
    let built = digests_in(&dist);
    let index = TestIndex::start(&builder);

    for command in [
        &["publish", "--testpypi", "--python", "max"][..],
        &["promote", "--yes", "--python", "max"],
    ] {
        // Every command in a world that knows nothing of the one before.
        let mut world = World::new();
        peers().offer_uv(&mut world);
        index.configure(&mut world);
        let mut arguments = command.to_vec();
        let names: Vec<&str> = built.iter().map(|(name, ..)| name.as_str()).collect();
        for name in &names {
            std::fs::copy(dist.join(name), world.work().join(name)).unwrap();
        }
        arguments.extend(&names);
        world.run(&arguments).exits(0);
    }
    assert_eq!(index.files("test", "pubflow-in-tree"), built);
    assert_eq!(index.files("production", "pubflow-in-tree"), built);
    sample("in-tree").installs_by_hand(&builder, &index);
}
