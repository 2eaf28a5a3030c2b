use super::*;
use proptest::prelude::*;
use pubflow_spec::Digests;

const HEX: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

/// A good wheel upload with some fields replaced or added; an empty replacement removes a field.
fn form(changes: &[(&str, &str)]) -> Vec<(String, String)> {
    let good = [
        ("metadata_version", "2.4"),
        ("name", "demo-pkg"),
        ("version", "1.0"),
        ("filetype", "bdist_wheel"),
        ("pyversion", "py3"),
        ("sha256_digest", HEX),
    ];
    let kept = good
        .iter()
        .filter(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
    kept.chain(changes.iter().filter(|(_, value)| !value.is_empty()))
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

#[track_caller]
fn check(changes: &[(&str, &str)], number: &str, words: &str) {
    let fields = form(changes);
    let form = Form::clean(&fields);
    let refusal = judge_form(&form)
        .and_then(|()| judge_metadata(&form))
        .unwrap_err();
    assert_eq!(
        (refusal.rule.number, refusal.message.as_str()),
        (number, words)
    );
}

#[track_caller]
fn check_file(changes: &[(&str, &str)], filename: &str, expected: Result<(), (&str, &str)>) {
    let facts = FileFacts::new(filename, 1000, Digests::default());
    let found = judge(&form(changes), Some(&facts));
    let found = found
        .as_ref()
        .map_err(|refusal| (refusal.rule.number, refusal.message.as_str()));
    assert_eq!(
        found,
        expected.as_ref().map(|&()| &()).map_err(|pair| *pair)
    );
}

#[test]
fn numbers_are_unique_ascending_and_complete() {
    let numbers: Vec<_> = RULES.iter().map(|rule| rule.number.to_owned()).collect();
    let all = (1..=144).filter(|n| !(120..=122).contains(n));
    assert_eq!(numbers, all.map(|n| format!("R{n:03}")).collect::<Vec<_>>());
    for rule in &RULES {
        assert_eq!(UploadRule::find(rule.number), Some(rule));
    }
}

#[test]
fn a_good_form_passes() {
    let fields = form(&[]);
    let form = Form::clean(&fields);
    assert_eq!(judge_form(&form), Ok(()));
    assert_eq!(judge_metadata(&form), Ok(()));
    assert_eq!(judge_parts(&["content", "gpg_signature"]), Ok(()));
}

#[test]
fn the_forms_own_fields_are_judged_in_order() {
    let required = "is an invalid value for Name. Error: This field is required.";
    check(&[("name", "")], "R021", &format!("'' {required}"));
    check(
        &[("protocol_version", "2")],
        "R020",
        "Unknown protocol version.",
    );
    let shape = "is an invalid value for Name. Error: Start and end with a letter or numeral \
                 containing only ASCII numeric and '.', '_' and '-'.";
    check(&[("name", "tx-")], "R022", &format!("'tx-' {shape}"));
    let long = "-".repeat(61);
    let ends = "-".repeat(30);
    check(
        &[("name", &long)],
        "R022",
        &format!("'{ends}...{ends}' {shape}"),
    );
    let filetype = |words: &str| format!("Invalid value for filetype. Error: {words}");
    check(
        &[("filetype", "")],
        "R023",
        &filetype("This field is required."),
    );
    check(
        &[("filetype", "bdist_egg")],
        "R024",
        &filetype("Use a known file type."),
    );
    check(
        &[("filetype", "sdist")],
        "R028",
        "Invalid value for pyversion. Error: Use 'source' as Python version for an sdist.",
    );
    check(
        &[("sha256_digest", "")],
        "R029",
        "Error: Include at least one message digest.",
    );
    check(
        &[("sha256_digest", "x"), ("version", "1.0+local")],
        "R025",
        "Invalid value for sha256_digest. Error: Use a valid, hex-encoded, SHA256 message digest.",
    );
}

/// Field, value, rule and words.
const METADATA_REFUSALS: [(&str, &str, &str, &str); 21] = [
    (
        "metadata_version",
        "2.0",
        "R032",
        "'2.0' is not a valid metadata version",
    ),
    (
        "metadata_version",
        "2.6",
        "R032",
        "'2.6' is not a valid metadata version",
    ),
    (
        "metadata_version",
        "",
        "R032",
        "None is not a valid metadata version",
    ),
    ("version", "", "R035", "'version' is a required field"),
    ("version", "one", "R035", "'one' is invalid for 'version'"),
    (
        "version",
        "1.1+local",
        "R036",
        "The use of local versions in '1.1+local' is not allowed.",
    ),
    ("summary", "a\nb", "R038", "'summary' must be a single line"),
    (
        "classifiers",
        "Foo :: Bar",
        "R040",
        "'Foo :: Bar' is not a valid classifier.",
    ),
    (
        "classifiers",
        "Natural Language :: Ukranian",
        "R041",
        "The classifier 'Natural Language :: Ukranian' has been deprecated, use one of \
             ['Natural Language :: Ukrainian'] instead.",
    ),
    (
        "home_page",
        "ftp://example.org/",
        "R042",
        "'ftp://example.org/' is not a valid url.",
    ),
    (
        "project_urls",
        "https://example.org/",
        "R043",
        "Must have a URL",
    ),
    (
        "requires_dist",
        "foo bar baz",
        "R044",
        "'foo bar baz' is invalid for 'requires-dist'",
    ),
    (
        "requires_dist",
        "foo @ https://example.org/foo.whl",
        "R045",
        "Can't have direct dependency: foo @ https://example.org/foo.whl",
    ),
    (
        "obsoletes_dist",
        "a @ https://example.org/a.whl",
        "R045",
        "Can't have direct dependency: 'a @ https://example.org/a.whl'",
    ),
    (
        "requires_python",
        "three",
        "R046",
        "'three' is invalid for 'requires-python'",
    ),
    (
        "dynamic",
        "Name",
        "R047",
        "'name' is not allowed as a dynamic field",
    ),
    (
        "dynamic",
        "foo",
        "R047",
        "'foo' is not a valid dynamic field",
    ),
    (
        "license_file",
        "/LICENSE",
        "R051",
        "'/LICENSE' is invalid for 'license-file', paths must be relative",
    ),
    (
        "provides_extra",
        "-x",
        "R052",
        "'-x' is invalid for 'provides-extra'",
    ),
    (
        "import_name",
        "x",
        "R033",
        "import-name introduced in metadata version 2.5, not 2.4",
    ),
    (
        "license_expression",
        "Foo-1",
        "R049",
        "'Foo-1' is invalid for 'license-expression'",
    ),
];

#[test]
fn metadata_is_refused_in_the_indexs_words() {
    for (field, value, number, words) in METADATA_REFUSALS {
        check(&[(field, value)], number, words);
    }
    check(
        &[("summary", &"s".repeat(513))],
        "R037",
        "'summary' field must be 512 characters or less.",
    );
    check(
        &[("license", "MIT"), ("license_expression", "MIT")],
        "R050",
        "License is deprecated when License-Expression is present. Only License-Expression should \
         be present",
    );
}

#[test]
fn of_several_faults_one_is_told() {
    // What cannot be taken at all comes before everything else.
    check(
        &[("summary", "a"), ("summary", "b"), ("version", "one")],
        "R030",
        "'summary' has invalid data",
    );
    check(
        &[
            ("project_urls", "A, https://example.org/1"),
            ("project_urls", "A,https://example.org/2"),
        ],
        "R031",
        "'project_urls' has invalid data",
    );
    // The specification comes before the index.
    check(
        &[("home_page", "x"), ("requires_python", "x")],
        "R046",
        "'x' is invalid for 'requires-python'",
    );
    // Versions come before fields in alphabetical order.
    check(
        &[("author_email", "x"), ("version", "1+a")],
        "R036",
        "The use of local versions in '1+a' is not allowed.",
    );
}

#[test]
fn empty_and_unknown_values_count_as_absent() {
    let fields = vec![
        ("metadata_version", "2.1"),
        ("name", "demo"),
        ("version", "1"),
        ("requires_python", ""),
        ("description_content_type", ""),
        ("home_page", "UNKNOWN"),
        ("requires_dist", " UNKNOWN "),
        ("summary", "a\0b"),
    ];
    let form = Form::clean(&fields);
    assert_eq!(judge_metadata(&form), Ok(()));
    assert_eq!(form.first("summary"), Some("a\\x00b"));
    assert_eq!(form.first("home_page"), None);
}

#[test]
fn wheel_names_are_held_against_the_form() {
    let refused = |number, words| Err((number, words));
    check_file(&[], "demo_pkg-1.0-py3-none-any.whl", Ok(()));
    check_file(&[], "demo_pkg-1.0.0-1-py3-none-any.whl", Ok(()));
    check_file(
        &[],
        "x/demo_pkg-1.0-py3-none-any.whl",
        refused("R080", "Cannot upload a file with '/' or '\\' in the name."),
    );
    check_file(
        &[],
        "demo_pkg-1.0.tar.gz",
        refused(
            "R082",
            "Invalid file extension: Extension .tar.gz is invalid for filetype bdist_wheel.",
        ),
    );
    check_file(
        &[],
        "demo_pkg-1.0.tgz",
        refused(
            "R081",
            "Invalid file extension: Use .tar.gz, .whl or .zip extension.",
        ),
    );
    check_file(
        &[],
        "demo_pkg-1.0-py3.whl",
        refused(
            "R123",
            "Invalid wheel filename (wrong number of parts): 'demo_pkg-1.0-py3'",
        ),
    );
    check_file(
        &[],
        "demo_pkg-1.0-x1-py3-none-any.whl",
        refused(
            "R123",
            "Invalid build number: x1 in 'demo_pkg-1.0-x1-py3-none-any'",
        ),
    );
    check_file(
        &[],
        "demo_pkg-1.0-py3-none-linux_x86_64.whl",
        refused(
            "R124",
            "Binary wheel 'demo_pkg-1.0-py3-none-linux_x86_64.whl' has an unsupported platform \
             tag 'linux_x86_64'.",
        ),
    );
    check_file(
        &[],
        "other-1.0-py3-none-any.whl",
        refused("R125", "Start filename for 'demo-pkg' with 'demo_pkg'."),
    );
    check_file(
        &[],
        "Demo_Pkg-1.0-py3-none-any.whl",
        refused(
            "R126",
            "Filename 'Demo_Pkg-1.0-py3-none-any.whl' should contain the normalized project name \
             'demo_pkg', not 'Demo_Pkg'.",
        ),
    );
    check_file(
        &[],
        "demo_pkg-1.1-py3-none-any.whl",
        refused("R127", "Version in filename should be '1.0' not '1.1'."),
    );
}

#[test]
fn sdist_names_are_exact() {
    let sdist = [("filetype", "sdist"), ("pyversion", "source")];
    let post = [
        ("filetype", "sdist"),
        ("pyversion", "source"),
        ("version", "1.0.post2"),
    ];
    check_file(&sdist, "demo_pkg-1.0.tar.gz", Ok(()));
    for wrong in [
        "demo-pkg-1.0.tar.gz",
        "demo_pkg-1.tar.gz",
        "demo_pkg-1.0.zip",
        "demo_pkg-1.0+a.tar.gz",
    ] {
        let words = format!("Filename '{wrong}' is invalid, should be 'demo_pkg-1.0.tar.gz'.");
        check_file(&sdist, wrong, Err(("R118", &words)));
    }
    let words =
        "Filename 'demo_pkg-1.0-2.tar.gz' is invalid, should be 'demo_pkg-1.0.post2.tar.gz'.";
    check_file(&post, "demo_pkg-1.0-2.tar.gz", Err(("R118", words)));
    let other = "Start filename for 'demo-pkg' with 'demo_pkg'.";
    check_file(&sdist, "demo_pkg_way-1.0.tar.gz", Err(("R117", other)));
    let unreadable = "Invalid source distribution filename: something.tar.gz";
    check_file(&sdist, "something.tar.gz", Err(("R116", unreadable)));
}

#[test]
fn the_files_facts_are_judged() {
    let name = "demo_pkg-1.0-py3-none-any.whl";
    let fields = form(&[]);
    let mut facts = FileFacts::new(name, 1000, Digests::of(b"x"));
    let number = |facts: Option<&FileFacts<'_>>| {
        judge(&fields, facts).map_err(|refusal| refusal.rule.number)
    };
    assert_eq!(number(None), Err("R054"));
    assert_eq!(number(Some(&facts)), Err("R086"));
    facts.digests = Digests::default();
    assert_eq!(number(Some(&facts)), Ok(()));
    facts.size_bytes = facts.limit_bytes + 1;
    assert_eq!(number(Some(&facts)), Err("R084"));
    facts.content_type = Some("image/png");
    assert_eq!(number(Some(&facts)), Err("R083"));
    let parts = judge_parts(&["content", "summary"]).unwrap_err();
    assert_eq!(parts.to_string(), "summary: Should not be a tuple.");
}

#[test]
fn answers_end_with_the_way_to_help() {
    let answer =
        |number: &'static str, message: &str| rule(number).refusal(message).answer("<url>");
    assert_eq!(
        answer("R036", "The use of local versions in '1+a' is not allowed."),
        "The use of local versions in '1+a' is not allowed. See <url> for more information."
    );
    assert_eq!(
        answer("R043", "Must have a URL"),
        "Must have a URL. See <url> for more information."
    );
    assert_eq!(
        rule("R081").refuse(&[]).answer("<url>"),
        "Invalid file extension: Use .tar.gz, .whl or .zip extension. See <url> and <url> for more \
         information"
    );
    assert_eq!(
        rule("R029").refuse(&[]).answer("<url>"),
        "Error: Include at least one message digest."
    );
}

#[test]
fn answers_are_mapped_back_to_their_rule() {
    for (status, body, number) in [
        (
            400,
            "<h1>400 File already exists (&#x27;demo-1.tar.gz&#x27;, with blake2_256 hash &#x27;ab&#x27;). See</h1>",
            "R088",
        ),
        (
            400,
            "{\"code\": \"400 The name 'xml' isn't allowed (conflict with Python Standard Library module name).\"}",
            "R062",
        ),
        (
            400,
            "The name 'foo' isn't allowed. See <help> for more information.",
            "R064",
        ),
        (
            400,
            "The name 'f00' is too similar to an existing project.",
            "R065",
        ),
        (400, "Only one sdist may be uploaded per release.", "R092"),
        (400, "'9.9' is not a valid metadata version. See", "R032"),
        (400, "'ftp://x' is not a valid url.", "R042"),
        (
            400,
            "Invalid distribution file. ZIP archive not accepted: Trailing data.",
            "R111",
        ),
        (
            400,
            "Invalid distribution file. ZIP archive not accepted: Something new.",
            "R102",
        ),
        (400, "Invalid distribution file. None", "R083"),
        (
            403,
            "Invalid API Token: token is expired, token is expired",
            "R067",
        ),
        (
            403,
            "Invalid API Token: project-scoped token is not valid for project: 'foo'",
            "R066",
        ),
        (
            403,
            "The user 'a' isn't allowed to upload to project 'foo'.",
            "R066",
        ),
        (
            403,
            "Username/Password authentication is no longer supported. Migrate to API Tokens or\n Trusted Publishers instead.",
            "R016",
        ),
        (
            403,
            "Invalid or non-existent authentication information. See",
            "R017",
        ),
        (429, "Too many new projects created", "R059"),
        (410, "This API has moved to <url>. See TODO", "R008"),
    ] {
        assert_eq!(
            from_answer(status, body).map(|rule| rule.number),
            Some(number),
            "{body}"
        );
    }
    assert_eq!(from_answer(400, "Bad Request"), None);
    assert_eq!(
        from_answer(503, "Only one sdist may be uploaded per release."),
        None
    );
    assert_eq!(from_answer(404, ""), None);
}

#[test]
fn every_refusal_is_mapped_back_to_a_rule_with_its_words() {
    for rule in RULES
        .iter()
        .filter(|rule| rule.status != 200 && !rule.words.is_empty())
    {
        let answer = rule.refuse(&["'a'", "'b'", "'c'"]).answer("<url>");
        let found = from_answer(rule.status, &answer).unwrap();
        assert!(
            found.words.iter().any(|words| rule.words.contains(words)),
            "{}",
            rule.number
        );
    }
}

proptest! {
    #[test]
    fn any_form_is_judged(
        fields in proptest::collection::vec(("[a-z_]{1,8}|summary|author_email|license_file|requires_dist|dynamic|project_urls", ".{0,30}"), 0..8),
        filename in ".{0,30}",
    ) {
        let facts = FileFacts::new(&filename, 1, Digests::default());
        let _ = judge(&fields, Some(&facts));
        let form = Form::clean(&fields);
        let _ = judge_metadata(&form);
        let _ = judge_filename(&form, &filename);
    }

    #[test]
    fn any_answer_is_read(status in any::<u16>(), body in ".{0,100}") {
        let _ = from_answer(status, &body);
    }
}
