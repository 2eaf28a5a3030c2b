//! `pubflow preview` as somebody meets it who writes a README.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn preview(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_pubflow"))
        .arg("preview")
        .args(arguments)
        .current_dir(folder)
        .env("HOME", folder)
        .env("NO_COLOR", "1")
        .output()
        .unwrap()
}

fn words(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn a_readme_has_a_verdict_findings_and_a_page() {
    let folder = tempfile::tempdir().unwrap();
    let text = "# Demo\n\nReads maps and draws them, see [usage](docs/usage.md).\n";
    fs::write(folder.path().join("README.md"), text).unwrap();
    let output = preview(folder.path(), &["--to", "page.html"]);
    let said = words(&output);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(
        said.starts_with("pass README.md: PyPI takes it (text/markdown)\n"),
        "{said}"
    );
    assert!(
        said.contains("warning[P704]: link `docs/usage.md` is dead on PyPI\n"),
        "{said}"
    );
    assert!(said.contains("README.md:3\n"), "{said}");
    let page = fs::read_to_string(folder.path().join("page.html")).unwrap();
    assert!(page.contains("<main>\n<h1"), "{page}");
    let printed = preview(folder.path(), &["--to", "-"]);
    assert_eq!(words(&printed), page);
}

#[test]
fn a_refused_readme_says_the_line_and_the_cure() {
    let folder = tempfile::tempdir().unwrap();
    let pyproject = "[project]\nname = \"demo\"\nreadme = \"ABOUT.rst\"\n";
    fs::write(folder.path().join("pyproject.toml"), pyproject).unwrap();
    let text = "A demo\n=====\n\nReads maps and draws them.\n";
    fs::write(folder.path().join("ABOUT.rst"), text).unwrap();
    let output = preview(folder.path(), &[]);
    let said = words(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(
        said.starts_with("fail ABOUT.rst: PyPI refuses it (text/x-rst)\n"),
        "{said}"
    );
    assert!(said.contains("ABOUT.rst:2\n"), "{said}");
    assert!(said.contains("Title underline too short."), "{said}");
    let json = words(&preview(folder.path(), &["--format", "json"]));
    let document: serde_json::Value = serde_json::from_str(&json).unwrap();
    let finding = &document["findings"][0];
    assert_eq!(finding["code"], "P701");
    assert_eq!(finding["place"]["line"], 2);
    let edit = &finding["fix"]["edits"][0];
    assert_eq!(
        (&edit["path"], &edit["text"]),
        (&"ABOUT.rst".into(), &"======".into())
    );
}
