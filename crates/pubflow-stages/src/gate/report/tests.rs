use proptest::prelude::*;

use super::*;

#[track_caller]
fn read(format: &str, text: &str) -> Result<Measured, ReportError> {
    (find_format(format).unwrap().read)(text.as_bytes(), "a.b.0")
}

#[track_caller]
fn tests(text: &str) -> Tests {
    match read("junit", text) {
        Ok(Measured::Tests(tests)) => tests,
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn covers(format: &str, text: &str, covered: u64, total: u64) {
    let expected = Measured::Coverage(Coverage { covered, total });
    assert_eq!(read(format, text), Ok(expected), "{format}");
}

/// Rules with errors and warnings.
#[track_caller]
fn finds(format: &str, text: &str, expected: &[(&str, u64, u64)]) -> RuleCounts {
    let Ok(Measured::Findings(counts)) = read(format, text) else {
        panic!("{:?}", read(format, text));
    };
    let found: Vec<(&str, u64, u64)> = counts
        .iter()
        .map(|(rule, count)| (rule.as_str(), count.errors, count.warnings))
        .collect();
    assert_eq!(found, expected, "{format}");
    counts
}

#[track_caller]
fn refuses(format: &str, text: &str, words: &str) {
    let error = read(format, text).unwrap_err().to_string();
    assert!(error.contains(words), "{format}: {error}");
}

#[test]
fn names_of_formats_are_unique() {
    let names: BTreeSet<&str> = FORMATS.iter().map(|row| row.name).collect();
    assert_eq!(names.len(), FORMATS.len());
}

#[test]
fn every_format_and_threshold_is_documented() {
    let page = include_str!("../../../../../docs/gates.md");
    for format in FORMATS {
        let thresholds = crate::Thresholds::of(format.kind);
        let cells: Vec<String> = thresholds.iter().map(|name| format!("`{name}`")).collect();
        let row = page
            .lines()
            .find(|line| line.starts_with(&format!("| `{}` |", format.name)))
            .unwrap_or_else(|| panic!("docs/gates.md has no row for {}", format.name));
        assert!(row.ends_with(&format!("| {} |", cells.join(", "))), "{row}");
    }
}

#[test]
fn junit_counts_cases_and_groups_what_failed() {
    let found = tests(
        r#"<?xml version="1.0" encoding="utf-8"?>
        <testsuites><testsuite name="pytest" tests="99">
        <testcase classname="tests.a" name="one"/>
        <testcase classname="tests.a" name="two"><failure message="AssertionError: &lt;x at 0x7f00aa11&gt;&#10;more">text</failure></testcase>
        <testcase classname="tests.a" name="three"><failure message="AssertionError: &lt;x at 0x7f00bb22&gt;"/></testcase>
        <testcase classname="tests.b" name="four"><error><![CDATA[Traceback
          KeyError: 'k'
        ]]></error></testcase>
        <testcase classname="tests.b" name="five"><skipped message="not here"/></testcase>
        </testsuite></testsuites>"#,
    );
    assert_eq!((found.passed, found.skipped), (1, 1));
    assert_eq!(found.failed.len(), 2);
    assert_eq!(found.errors, BTreeSet::from(["tests.b::four".to_owned()]));
    let groups = found.groups();
    assert_eq!(groups[0].0, "AssertionError: <x at 0x…>");
    assert_eq!(groups[0].1, ["tests.a::three", "tests.a::two"]);
    assert_eq!(groups[1].0, "KeyError: 'k'");
}

#[test]
fn a_case_that_failed_and_passed_is_flaky() {
    let found = tests(
        r#"<testsuite>
        <testcase name="twice"><failure message="x"/></testcase>
        <testcase name="twice"/>
        <testcase name="told"><flakyFailure message="x"/></testcase>
        <testcase name="torn"><failure message="x"/><error message="clean-up"/></testcase>
        </testsuite>"#,
    );
    let names: Vec<&str> = found.flaky.iter().map(String::as_str).collect();
    assert_eq!(names, ["told", "twice"]);
    assert_eq!(
        (found.passed, found.failed.len(), found.errors.len()),
        (2, 0, 1)
    );
    assert_eq!(found.collected(), 3);
}

#[test]
fn xml_is_bounded_and_expands_nothing() {
    let bomb = r#"<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>
        <testsuite><testcase name="&b;"><failure message="&b;">&b;</failure></testcase></testsuite>"#;
    let found = tests(bomb);
    assert_eq!(found.failed, BTreeSet::from(["&b;".to_owned()]));
    let deep = "<a>".repeat(100);
    refuses("junit", &deep, "nests deeper than 64");
    refuses(
        "junit",
        "<testsuite><testcase name='a'>",
        "ends in the middle",
    );
    refuses("junit", "<testsuite></testcase>", "is not XML");
    refuses("junit", "<html/>", "no `testsuite`");
    refuses("junit", "", "0 roots");
    refuses("cobertura", "<testsuite/>", "no `coverage`");
}

#[test]
fn coverage_is_lines_and_branches_in_every_format() {
    covers(
        "cobertura",
        r#"<!DOCTYPE coverage SYSTEM "x.dtd"><coverage lines-valid="10" lines-covered="9" branches-valid="4" branches-covered="1" line-rate="0.9"/>"#,
        10,
        14,
    );
    let lines = r#"<coverage line-rate="0.5"><class><methods><line number="1" hits="1"/></methods>
        <lines><line number="1" hits="1"/><line number="2" hits="0"/></lines></class></coverage>"#;
    covers("cobertura", lines, 1, 2);
    let totals = r#"{"totals": {"covered_lines": 9, "num_statements": 10, "covered_branches": 1, "num_branches": 4}}"#;
    covers("coverage-json", totals, 10, 14);
    covers(
        "coverage-json",
        r#"{"totals": {"covered_lines": 9, "num_statements": 10}}"#,
        9,
        10,
    );
    covers(
        "lcov",
        "TN:\nSF:a.py\nDA:1,1\nDA:2,0\nLF:10\nLH:9\nBRF:4\nBRH:1\nend_of_record\n",
        10,
        14,
    );
    covers("lcov", "SF:a.py\nDA:1,3,x\nDA:2,0\nend_of_record\n", 1, 2);
}

#[test]
fn coverage_of_nothing_is_no_coverage() {
    refuses("lcov", "", "no line was measured");
    refuses("lcov", "SF:a.py\nDA:1,1\n", "middle of a record");
    refuses(
        "lcov",
        "SF:a.py\nLF:many\nend_of_record\n",
        "line 2 has no number after `LF:`",
    );
    refuses("lcov", "hello", "line 1 has no colon");
    refuses("coverage-json", r#"{"totals": {}}"#, "no `covered_lines`");
    refuses(
        "coverage-json",
        r#"{"totals": {"covered_lines": 3, "num_statements": 2}}"#,
        "3 of 2",
    );
    refuses("coverage-json", "{", "is not JSON");
}

#[test]
fn findings_are_counted_by_rule() {
    let ruff = r#"[{"code": "F401", "message": "unused", "filename": "a.py", "location": {"row": 3, "column": 1}},
        {"code": "F401", "message": "unused", "filename": "b.py"}, {"code": null, "message": "broken"}]"#;
    let counts = finds("ruff", ruff, &[("F401", 2, 0), ("invalid-syntax", 1, 0)]);
    assert_eq!(counts["F401"].first, "a.py:3 unused");
    let mypy = r#"{"file": "a.py", "line": 1, "message": "m", "hint": null, "code": "arg-type", "severity": "error"}

{"file": "a.py", "line": 1, "message": "n", "code": null, "severity": "note"}
"#;
    finds("mypy", mypy, &[("arg-type", 1, 0)]);
    let pyright = r#"{"generalDiagnostics": [
        {"file": "a.py", "severity": "error", "message": "m", "range": {"start": {"line": 0}}, "rule": "reportCallIssue"},
        {"file": "a.py", "severity": "warning", "message": "m"},
        {"file": "a.py", "severity": "information", "message": "m"}]}"#;
    let counts = finds(
        "pyright",
        pyright,
        &[("reportCallIssue", 1, 0), ("syntax", 0, 1)],
    );
    assert_eq!(counts["reportCallIssue"].first, "a.py:1 m");
    let sarif = r#"{"version": "2.1.0", "runs": [{
        "tool": {"driver": {"rules": [{"id": "R1", "defaultConfiguration": {"level": "error"}}, {"id": "R2"}]}},
        "results": [
          {"ruleIndex": 0, "message": {"text": "m"}, "locations": [{"physicalLocation": {"artifactLocation": {"uri": "a.py"}, "region": {"startLine": 7}}}]},
          {"ruleId": "R2", "message": {"text": "m"}},
          {"ruleId": "R2", "level": "note"},
          {"ruleId": "R1", "kind": "pass"},
          {"ruleId": "R1", "suppressions": [{"kind": "inSource"}]},
          {"ruleId": "R1", "suppressions": [{"kind": "external", "status": "underReview"}]}]}]}"#;
    let counts = finds("sarif", sarif, &[("R1", 2, 0), ("R2", 0, 1)]);
    assert_eq!(counts["R1"].first, "a.py:7 m");
}

#[test]
fn reports_of_another_shape_are_refused() {
    refuses("ruff", "{}", "no list");
    refuses("mypy", "Found 3 errors", "is not JSON");
    refuses("mypy", "{}", "without a severity");
    refuses("pyright", "{}", "`generalDiagnostics`");
    refuses("sarif", r#"{"version": "1.0.0"}"#, "no SARIF 2");
    refuses(
        "sarif",
        r#"{"version": "2.1.0", "runs": [{}]}"#,
        "did not run",
    );
    refuses("number", "{}", "has no `a` of `a.b.0`");
    refuses("number", r#"{"a": {"b": ["x"]}}"#, "no number at `a.b.0`");
    refuses("number", &"[".repeat(10_000), "recursion limit");
}

#[test]
fn a_number_is_found_by_names_and_positions() {
    assert_eq!(
        read("number", r#"{"a": {"b": [1.5]}}"#),
        Ok(Measured::Number(1.5))
    );
}

#[test]
fn what_is_shown_is_one_bounded_line() {
    assert_eq!(shown(" a\n\u{1b}[31mb "), "a  [31mb");
    assert_eq!(shown(&"x".repeat(1000)).chars().count(), 301);
}

/// Pieces of reports, so that random texts get past the first character.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "<testsuite>",
        "</testsuite>",
        "<testcase name='a'>",
        "<testcase classname=\"é\" name='&#10;'/>",
        "</testcase>",
        "<failure message='0x'>",
        "</failure>",
        "<error/>",
        "<![CDATA[",
        "]]>",
        "<!--",
        "&amp;",
        "&x;",
        "&#x110000;",
        "<coverage lines-valid='1' lines-covered='18446744073709551615'>",
        "<line hits='-1'/>",
        "SF:a\n",
        "DA:1,2\n",
        "LF:18446744073709551615\n",
        "LH:1\n",
        "end_of_record\n",
        "{\"totals\":",
        "[",
        "]",
        "{",
        "}",
        ",",
        "\"message\":",
        "\"a\"",
        "1e999",
        "null",
        "\"version\":\"2.1.0\"",
        "\"runs\":",
        "\"results\":",
        "\"ruleIndex\":",
        "-1",
        "\u{0}",
        "\u{feff}",
        "é",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn no_text_makes_a_reader_panic(text in pieces(), bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        for format in FORMATS {
            for place in ["", ".", "a.b.0", "99999999999999999999"] {
                let _ = (format.read)(text.as_bytes(), place);
                let _ = (format.read)(&bytes, place);
            }
        }
    }
}
