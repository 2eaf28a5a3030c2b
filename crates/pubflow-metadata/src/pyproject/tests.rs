use super::*;
use proptest::prelude::*;

fn at(text: &str, path: &str) -> Option<(usize, usize)> {
    Pyproject::parse(text)
        .position(path)
        .map(|position| (position.line, position.column))
}

fn build(text: &str) -> Result<BuildSystem, String> {
    Pyproject::parse(text)
        .build_system()
        .map_err(|problem| problem.to_string())
}

#[test]
fn every_path_has_its_place() {
    let text = "[project]\nname = \"x\"\nauthors = [\n  {name = \"A\"},\n  {name = \"B\"},\n]\n\
                urls.Home = \"u\"\n[[tool.uv.index]]\nurl = \"a\"\n[[tool.uv.index]]\nurl = \"b\"\n";
    assert_eq!(at(text, "project"), Some((1, 2)));
    assert_eq!(at(text, "project.name"), Some((2, 1)));
    assert_eq!(at(text, "project.authors[1]"), Some((5, 3)));
    assert_eq!(at(text, "project.authors[1].name"), Some((5, 4)));
    assert_eq!(at(text, "project.urls.Home"), Some((7, 6)));
    assert_eq!(at(text, "tool.uv.index[1].url"), Some((11, 1)));
    assert_eq!(at(text, "tool.uv.index[1]").map(|(line, _)| line), Some(10));
    assert_eq!(at(text, "project.nope"), None);
    let pyproject = Pyproject::parse(text);
    let span = pyproject.value_span("project.name").unwrap();
    assert_eq!(&pyproject.text()[span], "\"x\"");
}

#[test]
fn what_is_no_toml_says_where() {
    let pyproject = Pyproject::parse("[project]\nname = \"x\n");
    assert!(!pyproject.is_toml());
    let problem = &pyproject.problems()[0];
    assert!(matches!(problem.kind, ProblemKind::NotToml { .. }));
    assert_eq!(problem.at.unwrap().line, 2);
    assert!(pyproject.build_system().is_err());
    assert!(!Pyproject::parse("[a]\n[a]\n").is_toml());
    assert!(!Pyproject::parse("a = 1\na = 2\n").is_toml());
}

#[test]
fn encodings_are_told_apart() {
    let kinds = |bytes: &[u8]| {
        let pyproject = Pyproject::from_bytes(bytes);
        let kinds: Vec<_> = pyproject
            .problems()
            .iter()
            .map(|p| p.kind.clone())
            .collect();
        (pyproject.is_toml(), kinds)
    };
    assert_eq!(kinds(b"a = 1\n"), (true, vec![]));
    assert_eq!(
        kinds(b"\xef\xbb\xbfa = 1\n"),
        (true, vec![ProblemKind::ByteOrderMark])
    );
    assert_eq!(
        kinds(b"\xff\xfea\x00"),
        (false, vec![ProblemKind::WideEncoding])
    );
    assert_eq!(
        kinds(b"a\x00=\x00"),
        (false, vec![ProblemKind::WideEncoding])
    );
    assert_eq!(
        kinds(b"a = \"\xe9\"\n"),
        (false, vec![ProblemKind::NotUtf8 { offset: 5 }])
    );
}

#[test]
fn without_the_table_setuptools_builds() {
    let legacy = build("[project]\nname = \"x\"\n").unwrap();
    assert_eq!(legacy.requires, ["setuptools >= 40.8.0"]);
    assert_eq!(
        legacy.backend_or_default(),
        "setuptools.build_meta:__legacy__"
    );
    let bare = build("[build-system]\nrequires = [\"wheel\"]\n").unwrap();
    assert_eq!(
        (bare.requires.as_slice(), bare.backend),
        (&["wheel".to_owned()][..], None)
    );
}

#[test]
fn the_table_is_read_whole() {
    let found = build(
        "[build-system]\nrequires = []\nbuild-backend = \"b:o\"\nbackend-path = [\"backend\"]\n",
    );
    let expected = BuildSystem {
        requires: vec![],
        backend: Some("b:o".to_owned()),
        backend_path: vec!["backend".to_owned()],
    };
    assert_eq!(found, Ok(expected));
}

#[test]
fn a_wrong_table_is_refused() {
    for (text, words) in [
        (
            "build-system = 1",
            "`build-system` must be a table, not integer",
        ),
        (
            "[build-system]\nrequire = []",
            "`build-system` has no `requires`, but `require`",
        ),
        (
            "[build-system]\nrequires = \"x\"",
            "`build-system.requires` must be an array of strings, not string",
        ),
        (
            "[build-system]\nrequires = [1]",
            "`build-system.requires` must be an array of strings, not array",
        ),
        (
            "[build-system]\nrequires = []\nbuild-backend = []",
            "`build-system.build-backend` must be a string, not array",
        ),
        (
            "[build-system]\nrequires = []\nbackend-path = \".\"",
            "`build-system.backend-path` must be an array of strings, not string",
        ),
        (
            "[build-system]\nrequires = []\nbuild_backend = \"x\"",
            "`build-system.build_backend` is no key of this table: `build_backend` is unknown, \
             did you mean `build-backend`",
        ),
    ] {
        assert_eq!(build(text), Err(words.to_owned()));
    }
}

#[test]
fn the_project_table_is_at_hand() {
    let pyproject = Pyproject::parse(
        "[project]\nname = \"x\"\nversion = 1\ndynamic = [\"readme\", 2]\n\
         readme = {file = \"R.md\", content-type = \"text/markdown\"}\n\
         license = {file = \"L\"}\nclassifiers = [\"A\"]\n[tool.x]\ny = 1\n",
    );
    assert_eq!(pyproject.project_name(), Some("x"));
    assert_eq!(pyproject.project_version(), None);
    assert_eq!(pyproject.dynamic(), ["readme"]);
    assert_eq!(pyproject.classifiers(), ["A"]);
    assert!(pyproject.tool("x").is_some_and(toml_edit::Item::is_table));
    let files: Vec<_> = pyproject
        .named_files()
        .into_iter()
        .map(|file| (file.text.to_owned(), file.path.to_string()))
        .collect();
    let expected = [
        ("R.md", "project.readme.file"),
        ("L", "project.license.file"),
    ];
    assert_eq!(files, expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
}

proptest! {
    #[test]
    fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let pyproject = Pyproject::from_bytes(&bytes);
        prop_assert!(pyproject.is_toml() || !pyproject.problems().is_empty());
    }

    #[test]
    fn toml_like_texts_are_read(
        text in "((\\[|\\[\\[)?(project|build-system|\"a b\"|x.y)(\\]|\\]\\]| = )?(1|\"é\"|\\[|\\{a=1\\})?\n?){0,8}"
    ) {
        let pyproject = Pyproject::parse(&text);
        let _ = pyproject.build_system();
        prop_assert!(pyproject.is_toml() || pyproject.problems()[0].at.is_some());
    }
}
