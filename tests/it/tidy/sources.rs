//! House rules that can be read off the sources.

use std::process::Command;

use super::{library_sources, lines_with, root, sources};

fn crate_sources(names: &[&str]) -> Vec<std::path::PathBuf> {
    names
        .iter()
        .map(|name| root().join(format!("crates/pubflow-{name}/src")))
        .collect()
}

#[track_caller]
fn assert_nowhere(folders: &[std::path::PathBuf], words: &[&str], except: &[&str]) {
    let mut hits: Vec<String> = folders
        .iter()
        .flat_map(|folder| lines_with(folder, words))
        .collect();
    hits.retain(|hit| !except.iter().any(|file| hit.starts_with(file)));
    assert!(hits.is_empty(), "not allowed here:\n{}", hits.join("\n"));
}

#[test]
fn the_pure_crates_touch_no_process_socket_clock_or_environment() {
    let pure = crate_sources(&["spec", "finding", "metadata", "readme", "dist", "check"]);
    let words = [
        "std::process",
        "process::Command",
        "std::net",
        "tokio",
        "SystemTime::now",
        "Instant::now",
        "std::env",
        "env::var",
    ];
    assert_nowhere(&pure, &words, &[]);
}

#[test]
fn nothing_below_src_prints() {
    let words = [
        "println!",
        "eprintln!",
        "print!(",
        "eprint!(",
        "dbg!",
        "io::stdout()",
        "io::stderr()",
    ];
    assert_nowhere(&library_sources(), &words, &[]);
}

#[test]
fn only_the_process_crate_starts_children() {
    let mut folders = library_sources();
    folders.push(root().join("src"));
    assert_nowhere(
        &folders,
        &["process::Command", "Command::new(\""],
        &["crates/pubflow-process/"],
    );
}

#[test]
fn only_main_reads_the_environment() {
    let mut folders = library_sources();
    folders.push(root().join("src"));
    assert_nowhere(
        &folders,
        &["env::var", "env::vars", "env::home_dir"],
        &["src/config/environment.rs", "crates/pubflow-process/"],
    );
}

#[test]
fn serialised_forms_live_in_modules_that_say_so() {
    let mut folders = library_sources();
    folders.push(root().join("src"));
    let mut hits: Vec<String> = folders
        .iter()
        .flat_map(|folder| {
            lines_with(
                folder,
                &[
                    "Serialize)",
                    "Serialize,",
                    "Deserialize)",
                    "impl Serialize",
                    "impl<'de> Deserialize",
                ],
            )
        })
        .collect();
    hits.retain(|hit| {
        !["stored", "wire", "render"]
            .iter()
            .any(|module| hit.split(':').next().unwrap().contains(module))
    });
    assert!(
        hits.is_empty(),
        "serde outside stored, wire and render:\n{}",
        hits.join("\n")
    );
}

#[test]
fn every_module_says_what_it_is_for() {
    let mut folders = library_sources();
    folders.extend([
        root().join("src"),
        root().join("crates/pubflow-testkit/src"),
    ]);
    for folder in folders {
        for (path, text) in sources(&folder) {
            assert!(
                text.starts_with("//!"),
                "{} does not open with what it is for",
                path.display()
            );
        }
    }
}

#[test]
fn no_file_names_a_package_registry_host() {
    let listed = Command::new("git")
        .args(["ls-files", "-z"])
        .current_dir(root())
        .output()
        .unwrap();
    let hosts = [
        ["pypi", "org"].join("."),
        ["pythonhosted", "org"].join("."),
        ["crates", "io"].join("."),
    ];
    let mut seen = 0;
    for name in String::from_utf8(listed.stdout)
        .unwrap()
        .split('\0')
        .filter(|name| !name.is_empty())
    {
        // Cargo writes the registry's own name into the lock file.
        if name == "Cargo.lock" {
            continue;
        }
        let Ok(text) = std::fs::read_to_string(root().join(name)) else {
            continue;
        };
        seen += 1;
        for host in &hosts {
            assert!(
                !text.contains(host.as_str()),
                "{name} names the host of a package registry"
            );
        }
    }
    assert!(seen > 50, "only {seen} files were read");
}
