//! Which index and which files: every rule of the command contract, and the settings that keep a
//! token from going astray.

use pubflow_testkit::{SdistBuilder, WheelBuilder};
use serde_json::Value;

use crate::support::{Ended, TestIndex, World, expected, world_with_a_release};

/// Nothing listens on the first port of loopback, so a run gets no further than its target.
const NOWHERE: &str = "https://127.0.0.1:1/";

/// Lets an index of this name lie where nothing listens.
fn lead_nowhere(world: &mut World, name: &str) {
    let name = name.to_ascii_uppercase().replace(['-', '.'], "_");
    world
        .set(
            &format!("PUBFLOW_INDEX_{name}_UPLOAD"),
            format!("{NOWHERE}legacy/"),
        )
        .set(
            &format!("PUBFLOW_INDEX_{name}_SIMPLE"),
            format!("{NOWHERE}simple/"),
        );
}

/// A world in which no index can be reached, with one release in `dist/`.
fn unreachable() -> World {
    let mut world = world_with_a_release();
    for name in ["pypi", "testpypi"] {
        lead_nowhere(&mut world, name);
    }
    world
}

/// The index that `publish` settles on, with its origin, as it says on standard error. The run ends
/// right after: an unknown rule stops it before anything is asked of the index.
#[track_caller]
fn target(world: &World, options: &[&str]) -> String {
    let stop = ["publish", "--no-verify", "--ignore", "P000=no such rule"];
    let ended = world.run(&[&stop, options].concat()).exits(2);
    let line = ended
        .err
        .lines()
        .find_map(|line| line.strip_prefix("index: "));
    line.unwrap_or_else(|| panic!("no index was chosen:\n{}", ended.err))
        .to_owned()
}

/// A run that must end before it has a target.
#[track_caller]
fn refused(world: &World, options: &[&str]) -> Ended {
    let ended = world.run(&[&["publish", "--no-verify"], options].concat());
    ended.exits(2).omits("index: ")
}

#[test]
fn without_a_word_it_is_pypi() {
    assert!(target(&unreachable(), &[]).starts_with("pypi ("));
}

#[test]
fn the_command_line_names_the_index_before_everything_else() {
    let mut world = unreachable();
    world.set("PUBFLOW_INDEX", "pypi");
    world.write("pubflow.toml", "index = \"pypi\"\n");
    for (options, want) in [
        (&["--testpypi"][..], "testpypi (command line, --testpypi)"),
        (&["--index", "testpypi"], "testpypi (command line, --index)"),
        (&["--pypi"], "pypi (command line, --pypi)"),
    ] {
        assert_eq!(target(&world, options), want);
    }
}

#[test]
fn the_environment_names_the_index_before_the_project() {
    for (variable, value, want) in [
        ("PUBFLOW_INDEX", "testpypi", "testpypi"),
        ("TWINE_REPOSITORY", "testpypi", "testpypi"),
        ("UV_PUBLISH_INDEX", "testpypi", "testpypi"),
    ] {
        let mut world = unreachable();
        world.write("pubflow.toml", "index = \"pypi\"\n");
        world.set(variable, value);
        assert_eq!(
            target(&world, &[]),
            format!("{want} (environment, {variable})")
        );
    }
}

#[test]
fn an_upload_address_in_the_environment_is_a_target_where_the_listing_lies_beside_it() {
    for variable in ["TWINE_REPOSITORY_URL", "UV_PUBLISH_URL"] {
        let mut world = unreachable();
        world.set(variable, format!("{NOWHERE}legacy/"));
        let chosen = target(&world, &[]);
        assert!(
            chosen.ends_with(&format!("(environment, {variable})")),
            "{chosen}"
        );
        world.set(variable, format!("{NOWHERE}upload"));
        refused(&world, &[])
            .says("error[E109]")
            .says(variable)
            .says("PUBFLOW_INDEX_<NAME>_SIMPLE");
        world.set(variable, "http://index.example.org/legacy/");
        refused(&world, &[]).says("plain http").says(variable);
        world.set(variable, "https://me:hunter2@index.example.org/legacy/");
        refused(&world, &[])
            .says("carries credentials")
            .omits("hunter2");
    }
}

#[test]
fn the_project_names_its_index() {
    for (file, text) in [
        ("pubflow.toml", "index = \"testpypi\"\n"),
        ("pyproject.toml", "[tool.pubflow]\nindex = \"testpypi\"\n"),
        (
            "pyproject.toml",
            "[tool.pubflow]\ndefault-index = \"testpypi\"\n[tool.pubflow.index.other]\nupload = \"https://a.example.org/\"\n",
        ),
    ] {
        let world = unreachable();
        world.write(file, text);
        let chosen = target(&world, &[]);
        assert!(chosen.starts_with("testpypi (project file, "), "{chosen}");
        assert!(chosen.contains(file), "{chosen}");
    }
}

#[test]
fn a_hint_at_a_private_index_asks_for_the_name_with_the_command_to_type() {
    let world = unreachable();
    world.write(
        "pyproject.toml",
        "[[tool.uv.index]]\nname = \"corp\"\nurl = \"https://corp.example.org/simple\"\npublish-url = \"https://corp.example.org/up\"\n",
    );
    refused(&world, &[])
        .says("error[E108]")
        .says("`corp` has a publish-url")
        .says("pubflow publish --index corp")
        .says("--pypi");
    assert!(target(&world, &["--pypi"]).starts_with("pypi ("));

    let world = unreachable();
    let home = world.path("home").join(".pypirc");
    std::fs::write(
        &home,
        "[distutils]\nindex-servers = corp\n[corp]\nrepository = x\n",
    )
    .unwrap();
    refused(&world, &[])
        .says("error[E108]")
        .says(".pypirc knows corp")
        .says("pubflow publish --index corp");
    std::fs::write(
        &home,
        "[pypi]\nusername = __token__\n[corp]\nrepository = x\n",
    )
    .unwrap();
    assert!(target(&world, &[]).starts_with("pypi ("));
}

#[test]
fn a_private_classifier_stops_every_public_index_and_no_other() {
    let mut world = unreachable();
    world.write(
        "pyproject.toml",
        "[project]\nname = \"demo\"\nversion = \"1.0\"\nclassifiers = [\"Private :: Do Not Upload\"]\n",
    );
    refused(&world, &[])
        .says("error[E108]")
        .says("Private :: Do Not Upload");
    for option in ["--pypi", "--testpypi"] {
        refused(&world, &[option])
            .says("error[E110]")
            .says("Private :: Do Not Upload")
            .says("next:");
    }
    lead_nowhere(&mut world, "corp");
    assert!(target(&world, &["--index", "corp"]).starts_with("corp ("));
}

#[test]
fn a_private_file_is_stopped_without_its_project_too() {
    let world = World::new();
    let index = TestIndex::start(&world);
    let mut world = world;
    index.configure(&mut world);
    // Behind a configured address the index counts as PyPI itself.
    for name in ["PYPI", "TESTPYPI"] {
        world.set(&format!("PUBFLOW_INDEX_{name}_KIND"), "pypi");
    }
    std::fs::create_dir(world.work().join("dist")).unwrap();
    let _wheel = WheelBuilder::new("demo", "1.0")
        .file("demo/__init__.py", "")
        .metadata_line("Classifier: Private :: Do Not Upload")
        .build_in(&world.work().join("dist"));
    world
        .run(&["publish", "--testpypi", "--no-verify"])
        .exits(1)
        .says("Private ::");
    assert!(index.files("test", "demo").is_empty());
}

#[test]
fn an_index_of_ones_own_comes_from_the_project_and_the_environment_adds_to_it() {
    let mut world = unreachable();
    world.write(
        "pyproject.toml",
        "[tool.pubflow.index.\"my.corp\"]\nupload = \"https://corp.example.org/up\"\nsimple = \"https://corp.example.org/simple\"\n",
    );
    world.set("PUBFLOW_INDEX_MY_CORP_UPLOAD", format!("{NOWHERE}up"));
    world.set("PUBFLOW_INDEX_MY_CORP_TOKEN", "tok-canary");
    assert_eq!(
        target(&world, &["--index", "my.corp"]),
        "my.corp (command line, --index)"
    );
    let show = world.run(&["config", "show"]).exits(0);
    let row = |key: &str| {
        let line = show.out.lines().find(|line| line.starts_with(key));
        line.unwrap_or_else(|| panic!("no {key} in\n{}", show.out))
            .to_owned()
    };
    assert!(row("index.my.corp.upload").ends_with("environment, PUBFLOW_INDEX_MY_CORP_UPLOAD"));
    assert!(row("index.my.corp.upload").contains(NOWHERE));
    assert!(row("index.my.corp.simple").contains("project file, "));
    assert!(row("index.my.corp.token").contains("(set)"));
    assert!(row("index.pypi.kind").ends_with("default"));
    assert!(!show.out.contains("tok-canary"));
}

#[test]
fn settings_win_by_their_origin_and_the_user_file_comes_last() {
    let mut world = World::new();
    let user = world.path("home").join(".config/pubflow");
    std::fs::create_dir_all(&user).unwrap();
    std::fs::write(
        user.join("config.toml"),
        "default-index = \"corp\"\n[index.corp]\nupload = \"https://user.example.org/up\"\nsimple = \"https://user.example.org/simple\"\nkind = \"generic\"\n[smoke]\npythons = [\"max\"]\n",
    )
    .unwrap();
    world.write(
        "pubflow.toml",
        "[index.corp]\nupload = \"https://project.example.org/up\"\nkind = \"pypi\"\n",
    );
    world.set("PUBFLOW_INDEX_CORP_KIND", "generic");
    let json = world
        .run(&["config", "show", "--format", "json"])
        .exits(0)
        .json();
    let value = |key: &str| {
        let settings = json["settings"].as_array().unwrap();
        let row: &Value = settings.iter().find(|row| row["key"] == key).unwrap();
        let text = |name: &str| row[name].as_str().unwrap().to_owned();
        (text("value"), text("origin"))
    };
    let (upload, origin) = value("index.corp.upload");
    assert_eq!(upload, "https://project.example.org/up");
    assert!(origin.starts_with("project file, "), "{origin}");
    let (simple, origin) = value("index.corp.simple");
    assert_eq!(simple, "https://user.example.org/simple");
    assert!(origin.starts_with("user file, "), "{origin}");
    assert_eq!(
        value("index.corp.kind"),
        (
            "generic".to_owned(),
            "environment, PUBFLOW_INDEX_CORP_KIND".to_owned()
        )
    );
    assert_eq!(value("smoke.pythons").0, "max");
    assert_eq!(value("default-index").0, "corp");
}

#[test]
fn a_file_that_breaks_the_schema_is_refused_with_line_and_suggestion() {
    for (text, words) in [
        (
            "idnex = \"pypi\"\n",
            &["unknown key `idnex`", ":1", "`index`"][..],
        ),
        (
            "[index.corp]\nuplaod = \"https://a.example.org\"\n",
            &["index.corp.uplaod", ":2", "did you mean `upload`"],
        ),
        ("[index.corp]\nxyz = 1\n", &["known here: upload, simple"]),
        ("index = 3\n", &["must be", ":1"]),
        ("[smoke]\npythons = \"3.12\"\n", &["array of strings", ":2"]),
        (
            "[smoke]\nrun = [\"demo\"]\n",
            &["smoke.run", "array of commands", ":2"],
        ),
        ("[smoke]\nrun = [[]]\n", &["smoke.run", ":2"]),
        (
            "[smoke]\nscripts = \"yes\"\n",
            &["smoke.scripts", "\"help\", \"load\" or \"none\""],
        ),
        ("[smoke]\nimport = []\n", &["did you mean `imports`"]),
        (
            "budgets = { wheel = 1 }\n",
            &["budgets.wheel", "a size such as", ":1"],
        ),
        ("[budgets]\nimport-time = \"fast\"\n", &["a time such as"]),
        ("[budgets]\nimport_time = \"1s\"\n", &["`import-time`"]),
        ("[index\n", &["is not TOML", ":1"]),
        ("index = \"corp\"\n[index.corp]\n", &["TOML"]),
    ] {
        let world = unreachable();
        world.write("pubflow.toml", text);
        let ended = world.run(&["publish", "--testpypi"]).exits(2);
        for word in words {
            assert!(ended.err.contains(word), "{text}: {word}: {}", ended.err);
        }
        assert!(ended.err.contains("pubflow.toml"), "{}", ended.err);
    }
}

#[test]
fn a_secret_in_a_file_is_refused_and_not_shown() {
    for key in ["token", "password", "username", "nonce"] {
        let world = unreachable();
        world.write(
            "pyproject.toml",
            &format!("[tool.pubflow.index.corp]\n{key} = \"canary-in-a-file\"\n"),
        );
        world
            .run(&["publish", "--testpypi"])
            .exits(2)
            .says("holds a secret")
            .says("pyproject.toml:2")
            .says("PUBFLOW_INDEX_<NAME>_TOKEN")
            .omits("canary-in-a-file");
    }
}

#[test]
fn a_project_that_redirects_a_public_index_is_refused_before_anything_is_sent() {
    let world = World::new();
    let index = TestIndex::start(&world);
    for (name, option) in [("pypi", "--pypi"), ("testpypi", "--testpypi")] {
        for key in ["upload", "simple", "web"] {
            let mut world = world_with_a_release();
            index.configure(&mut world);
            for key in ["UPLOAD", "SIMPLE", "WEB", "KIND", "NONCE"] {
                world.unset(&format!(
                    "PUBFLOW_INDEX_{}_{key}",
                    name.to_ascii_uppercase()
                ));
            }
            let mut lines = String::new();
            for (other, path) in [("upload", "legacy/"), ("simple", "simple/"), ("web", "")] {
                let host = if other == key {
                    "https://evil.example.org/"
                } else {
                    NOWHERE
                };
                lines.push_str(&format!("{other} = \"{host}{path}\"\n"));
            }
            let text = format!("[tool.pubflow.index.{name}]\n{lines}");
            world.write("pyproject.toml", &text);
            world
                .run(&["publish", option, "--no-verify", "--yes"])
                .exits(2)
                .says("error[E102]")
                .says("the project file sends")
                .says("evil.example.org")
                .says("pyproject.toml");
        }
    }
}

#[test]
fn a_project_may_point_a_public_index_to_loopback() {
    let world = world_with_a_release();
    let index = TestIndex::start(&world);
    world.write(
        "pyproject.toml",
        &format!(
            "[tool.pubflow.index.testpypi]\nupload = \"{}\"\nsimple = \"{}\"\n",
            index.get("test", "upload"),
            index.get("test", "simple")
        ),
    );
    let mut world = world;
    world.set("PUBFLOW_INDEX_TESTPYPI_TOKEN", index.get("test", "token"));
    world
        .run(&["publish", "--testpypi", "--no-verify"])
        .exits(0);
    assert_eq!(index.files("test", "demo"), expected(&world));
}

#[test]
fn plain_http_is_for_loopback_alone() {
    for url in [
        "http://index.example.org/legacy/",
        "http://localhost.example.org/legacy/",
        "http://192.0.2.1/legacy/",
        "ftp://127.0.0.1/legacy/",
    ] {
        let mut world = world_with_a_release();
        world
            .set("PUBFLOW_INDEX_CORP_UPLOAD", url)
            .set("PUBFLOW_INDEX_CORP_SIMPLE", format!("{NOWHERE}simple/"))
            .set("PUBFLOW_INDEX_CORP_TOKEN", "canary-token");
        refused(&world, &["--index", "corp"])
            .says("error[E102]")
            .says(url)
            .says("PUBFLOW_INDEX_CORP_UPLOAD")
            .says("next:")
            .omits("canary-token");
    }
}

#[test]
fn half_an_index_says_what_is_missing_and_an_unknown_one_what_is_known() {
    let mut world = world_with_a_release();
    world.set("PUBFLOW_INDEX_CORP_UPLOAD", format!("{NOWHERE}up"));
    refused(&world, &["--index", "corp"])
        .says("has no simple address")
        .says("PUBFLOW_INDEX_CORP_SIMPLE");
    refused(&world, &["--index", "crop"])
        .says("no index is called `crop`")
        .says("corp, pypi, testpypi")
        .says("[tool.pubflow.index.crop]");
    world
        .set("PUBFLOW_INDEX_CORP_SIMPLE", format!("{NOWHERE}simple/"))
        .set("PUBFLOW_INDEX_CORP_KIND", "warehouse");
    refused(&world, &["--index", "corp"])
        .says("unknown kind `warehouse`")
        .says("generic");
}

/// A world whose test index is real, and `dist/` empty.
fn with_index() -> (World, TestIndex) {
    let mut world = World::new();
    let index = TestIndex::start(&world);
    index.configure(&mut world);
    std::fs::create_dir(world.work().join("dist")).unwrap();
    (world, index)
}

fn put(world: &World, name: &str, version: &str) -> String {
    let path = SdistBuilder::new(name, version)
        .file(&format!("{name}/__init__.py"), "")
        .build_in(&world.work().join("dist"));
    path.file_name().unwrap().to_str().unwrap().to_owned()
}

const PUBLISH: &[&str] = &["publish", "--testpypi", "--no-verify"];

#[test]
fn bare_publish_takes_the_newest_sealed_set_that_still_matches() {
    let (world, index) = with_index();
    world.project("in-tree");
    world.run(&["build", "in-tree", "-o", "dist"]).exits(0);
    // Another release lies there too, and was not built last.
    put(&world, "demo", "1.0");
    world.run(PUBLISH).exits(0);
    assert_eq!(index.files("test", "pubflow-in-tree").len(), 2);
    assert!(index.files("test", "demo").is_empty());

    // Once a file of the set is another, the set is no longer what was sealed.
    let sdist = world.work().join("dist/pubflow_in_tree-0.3.0.tar.gz");
    std::fs::write(&sdist, "other bytes").unwrap();
    world
        .run(PUBLISH)
        .exits(2)
        .says("demo 1.0")
        .says("pubflow-in-tree 0.3.0");
}

#[test]
fn bare_publish_takes_the_one_release_that_lies_there() {
    let (world, index) = with_index();
    put(&world, "demo", "1.0");
    world.write("dist/.gitignore", "*\n");
    world.write("dist/demo-1.0.tar.gz.asc", "signature");
    world.write("dist/notes.txt", "no distribution");
    world.run(PUBLISH).exits(0);
    assert_eq!(index.files("test", "demo").len(), 1);
}

#[test]
fn two_releases_in_dist_end_in_2_with_the_list() {
    let (world, index) = with_index();
    let files = [put(&world, "demo", "1.0"), put(&world, "demo", "2.0")];
    let ended = world.run(PUBLISH).exits(2).says("error[E104]");
    for file in &files {
        assert!(ended.err.contains(file), "{}", ended.err);
    }
    let ended = ended.says("pubflow publish FILE");
    assert!(!ended.err.contains("panicked"), "{}", ended.err);
    assert!(index.files("test", "demo").is_empty());
    let named = format!("dist/{}", files[1]);
    world.run(&[PUBLISH, &[&named]].concat()).exits(0);
    assert_eq!(index.files("test", "demo").len(), 1);
}

#[test]
fn named_files_pass_over_their_companions_as_a_shell_glob_gives_them() {
    let (world, index) = with_index();
    let file = format!("dist/{}", put(&world, "demo", "1.0"));
    let signature = world.write("dist/demo-1.0.tar.gz.asc", "signature");
    let ignore = world.write("dist/.gitignore", "*\n");
    let others = [signature.to_str().unwrap(), ignore.to_str().unwrap()];
    world
        .run(&[PUBLISH, &[file.as_str()], &others].concat())
        .exits(0);
    assert_eq!(index.files("test", "demo").len(), 1);
    world
        .run(&[PUBLISH, &others].concat())
        .exits(2)
        .says("next:");
    let text = world.write("dist/notes.txt", "no distribution");
    world
        .run(&[PUBLISH, &[text.to_str().unwrap()]].concat())
        .exits(2)
        .says("error[E103]")
        .says("notes.txt");
}

#[test]
fn nothing_in_dist_says_how_to_get_something() {
    let (world, _index) = with_index();
    world
        .run(PUBLISH)
        .exits(2)
        .says("nothing to publish")
        .says("pubflow build");
    std::fs::remove_dir(world.work().join("dist")).unwrap();
    world.run(PUBLISH).exits(2).says("pubflow build");
}

#[test]
fn files_alone_are_enough_in_an_empty_directory_with_an_empty_state() {
    let (mut world, index) = with_index();
    put(&world, "demo", "1.0");
    world.set(
        "PUBFLOW_STATE_DIR",
        world.path("another-state").display().to_string(),
    );
    std::fs::create_dir(world.work().join("empty")).unwrap();
    let ended = world
        .command(&[PUBLISH, &["../dist/demo-1.0.tar.gz"]].concat())
        .current_dir(world.work().join("empty"))
        .spawn()
        .unwrap();
    world.wait(ended).exits(0);
    assert_eq!(index.files("test", "demo").len(), 1);
}

/// What a cloned project may not do with a token that is not meant for it.
#[test]
fn a_project_gets_no_token_that_is_not_meant_for_it() {
    // An index that the user's own file knows is not moved by a project.
    let mut world = world_with_a_release();
    world.write(
        "../home/.config/pubflow/config.toml",
        "[index.corp]\nupload = \"https://corp.example.org/up/\"\nsimple = \"https://corp.example.org/simple/\"\n",
    );
    world.write(
        "pubflow.toml",
        "[index.corp]\nupload = \"https://evil.example.org/up/\"\nsimple = \"https://evil.example.org/simple/\"\n",
    );
    world.set("PUBFLOW_INDEX_CORP_TOKEN", "secret-of-corp");
    world
        .run(&["publish", "--index", "corp"])
        .exits(2)
        .says("the project file moves `corp`");

    // What stands in for PyPI's kind decides about questions and tokens, so no project says it.
    world.write("pubflow.toml", "[index.pypi]\nkind = \"generic\"\n");
    world
        .run(&["publish", "--pypi"])
        .exits(2)
        .says("an index of the kind `generic`");

    // A token for whatever the target is does not follow an address that only the project chose.
    let index = TestIndex::start(&world);
    world.write(
        "pubflow.toml",
        &format!(
            "default-index = \"mine\"\n[index.mine]\nupload = \"{}\"\nsimple = \"{}\"\n",
            index.get("test", "upload"),
            index.get("test", "simple")
        ),
    );
    world.set("PUBFLOW_TOKEN", index.get("test", "token"));
    world
        .run(&["publish", "--no-verify"])
        .exits(6)
        .says("error[E206]");
    world
        .run(&["publish", "--no-verify", "--index", "mine"])
        .exits(0);
}

#[test]
fn a_broken_pyproject_is_not_taken_for_one_without_settings() {
    let world = world_with_a_release();
    world.write(
        "pyproject.toml",
        "[tool.pubflow]\nindex = \"corp\"\n<<<<<<< HEAD\n",
    );
    world
        .run(&["publish", "--no-verify", "--yes"])
        .exits(2)
        .says("pyproject.toml:3");
}

#[test]
fn half_of_a_known_index_is_not_enough_whichever_half() {
    let world = world_with_a_release();
    world.write(
        "pubflow.toml",
        "[index.pypi]\nsimple = \"http://127.0.0.1:1/simple/\"\n",
    );
    world
        .run(&["publish", "--pypi"])
        .exits(2)
        .says("has no upload address");
}
