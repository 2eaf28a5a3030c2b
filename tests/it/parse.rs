//! Texts of the packaging standards, read for scripts: one JSON object a line.

use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;
use std::sync::mpsc;
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Ended, World};

#[track_caller]
fn lines(ended: &Ended) -> Vec<Value> {
    assert_eq!(ended.err, "");
    ended
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect()
}

/// Asserts that the answer has the keys of `wanted` with their values, and no other.
#[track_caller]
fn assert_answer(arguments: &[&str], wanted: &Value) {
    let code = i32::from(wanted["ok"] != json!(true));
    let ended = World::new().run(&[&["parse"], arguments].concat());
    assert_eq!(lines(&ended), std::slice::from_ref(wanted), "{arguments:?}");
    assert_eq!(ended.code, code, "{arguments:?}");
}

#[test]
fn every_kind_answers_with_its_normal_form_and_parts() {
    for (arguments, wanted) in [
        (
            &["version", "V1.0-RC.2-1+A_01"][..],
            json!({"input": "V1.0-RC.2-1+A_01", "ok": true, "normalized": "1.0rc2.post1+a.1",
                "public": "1.0rc2.post1", "base": "1.0", "canonical": "1rc2.post1+a.1", "epoch": 0,
                "release": [1, 0], "pre": ["rc", 2], "post": 1, "dev": null, "local": "a.1",
                "is_prerelease": true}),
        ),
        (
            &["specifier", ">=1.0a1, <2"],
            json!({"input": ">=1.0a1, <2", "ok": true, "normalized": "<2,>=1.0a1",
                "clauses": ["<2", ">=1.0a1"], "prereleases": true}),
        ),
        (
            &["requirement", "Django[b,a]>=1.4; python_version<'3'"],
            json!({"input": "Django[b,a]>=1.4; python_version<'3'", "ok": true,
                "normalized": "Django[a,b]>=1.4; python_version < \"3\"", "name": "Django",
                "canonical_name": "django", "extras": ["a", "b"], "specifier": ">=1.4", "url": null,
                "marker": "python_version < \"3\""}),
        ),
        (
            &["marker", "os.name=='nt'"],
            json!({"input": "os.name=='nt'", "ok": true, "normalized": "os_name == \"nt\""}),
        ),
        (
            &["license", "mit or apache-2.0"],
            json!({"input": "mit or apache-2.0", "ok": true, "normalized": "MIT OR Apache-2.0"}),
        ),
        (
            &["name", "Foo.l"],
            json!({"input": "Foo.l", "ok": true, "normalized": "foo-l", "is_normalized": false,
                "ultranormalized": "f001", "stdlib_prohibited": false}),
        ),
        (
            &["wheel", "Demo-1.0-07a-py3.py2-none-any.whl"],
            json!({"input": "Demo-1.0-07a-py3.py2-none-any.whl", "ok": true,
                "normalized": "demo-1.0-7a-py2.py3-none-any.whl", "name": "demo", "version": "1.0",
                "build": [7, "a"], "tags": ["py2-none-any", "py3-none-any"], "tag_order_ok": false,
                "pypi_platform_ok": true}),
        ),
        (
            &["wheel", "demo-1.0-cp312-cp312-linux_x86_64.whl"],
            json!({"input": "demo-1.0-cp312-cp312-linux_x86_64.whl", "ok": true,
                "normalized": "demo-1.0-cp312-cp312-linux_x86_64.whl", "name": "demo",
                "version": "1.0", "build": [], "tags": ["cp312-cp312-linux_x86_64"],
                "tag_order_ok": true, "pypi_platform_ok": false}),
        ),
        (
            &["sdist", "Demo-01.0.tar.gz"],
            json!({"input": "Demo-01.0.tar.gz", "ok": true, "normalized": "demo-1.0.tar.gz",
                "name": "demo", "version": "1.0"}),
        ),
    ] {
        assert_answer(arguments, &wanted);
    }
}

#[test]
fn an_invalid_text_is_answered_with_the_reason_and_the_place() {
    for (kind, text, position) in [
        ("version", "1.0.x", 3),
        ("specifier", ">=1.0 ?", 5),
        ("requirement", "demo[", 5),
        ("marker", "os_name = 'nt'", 8),
        ("license", "MIT AND Nonsense", 8),
        ("name", "-x", 0),
        ("name", "éx", 0),
        ("wheel", "demo-1.0-py3-none.whl", 0),
        ("sdist", "demo-1.0.tar.bz2", 16),
    ] {
        let ended = World::new().run(&["parse", kind, "--", text]);
        let [answer] = &lines(&ended)[..] else {
            panic!("{}", ended.out)
        };
        assert_eq!(
            (ended.code, &answer["ok"], &answer["position"]),
            (1, &json!(false), &json!(position)),
            "{kind} {text}: {answer}"
        );
        let error = answer["error"].as_str().unwrap();
        assert!(error.contains("expected"), "{kind} {text}: {error}");
        assert_eq!(answer["input"], text);
        assert_eq!(answer.as_object().unwrap().len(), 4, "{answer}");
    }
}

#[test]
fn numbers_keep_every_digit() {
    let ended = World::new().run(&["parse", "version", "1.20260101123456789012345678"]);
    let ended = ended.exits(0);
    let digits = "\"release\":[1,20260101123456789012345678]";
    assert!(ended.out.contains(digits), "{}", ended.out);
    let name = "demo-1-99999999999999999999x-py3-none-any.whl";
    let ended = World::new().run(&["parse", "wheel", name]).exits(0);
    let digits = "\"build\":[99999999999999999999,\"x\"]";
    assert!(ended.out.contains(digits), "{}", ended.out);
}

#[test]
fn lines_of_standard_input_are_texts_without_their_end() {
    let world = World::new();
    let ended = world.run_with_input(&["parse", "specifier"], ">=1\r\n\n <2 \n==1");
    let inputs: Vec<Value> = lines(&ended).iter().map(|a| a["input"].clone()).collect();
    assert_eq!(inputs, [">=1", "", " <2 ", "==1"]);
    assert_eq!(ended.code, 0);
    let ended = world.run_with_input(&["parse", "specifier"], "");
    assert_eq!((ended.code, ended.out.as_str()), (0, ""));
    let ended = world.run_with_input(&["parse", "name"], "a\n-\nb\n");
    let oks: Vec<Value> = lines(&ended).iter().map(|a| a["ok"].clone()).collect();
    assert_eq!(
        (ended.code, oks),
        (1, vec![json!(true), json!(false), json!(true)])
    );
}

#[test]
fn a_line_that_is_no_text_costs_itself_alone() {
    let world = World::new();
    let input = world.write("lines", "");
    std::fs::write(&input, b"a\n\xc3\xa9\xffx\nb\n").unwrap();
    let child = world
        .command(&["parse", "name"])
        .stdin(std::fs::File::open(&input).unwrap())
        .spawn()
        .unwrap();
    let ended = world.wait(child).exits(1);
    let answers = lines(&ended);
    assert_eq!(answers.len(), 3);
    assert_eq!(
        answers[1],
        json!({"input": "é\u{fffd}x", "ok": false, "error": "the line is not UTF-8", "position": 1})
    );
}

#[test]
fn specifiers_tell_what_they_contain() {
    for (options, text, wanted) in [
        (&["--contains", "1.5"][..], ">=1,<2", json!(true)),
        (&["--contains", "2.0"], ">=1,<2", json!(false)),
        (&["--contains", "1.5a1"], ">=1", json!(true)),
        (&["--contains", "1.5a1", "--pre"], ">=1", json!(true)),
        (&["--contains", "1.5a1", "--no-pre"], ">=1", json!(false)),
        (&["--contains", "nonsense"], ">=1", json!(false)),
        (&["--contains", "nonsense"], "===Nonsense", json!(true)),
        (&[], ">=1", Value::Null),
    ] {
        let ended = World::new().run(&[&["parse", "specifier"], options, &[text]].concat());
        let answers = lines(&ended.exits(0));
        assert_eq!(answers[0]["contains"], wanted, "{options:?} {text}");
        let asked = answers[0].as_object().unwrap().contains_key("contains");
        assert_eq!(asked, !options.is_empty());
    }
}

#[test]
fn markers_are_evaluated_with_what_is_given_and_nothing_else() {
    for (options, text, evaluate, error) in [
        (
            &["--env", "python_version=3.12"][..],
            "python_version >= '3.9'",
            json!(true),
            Value::Null,
        ),
        (
            &["--env", "python_version=3.12", "--env", "extra=Foo_Bar"],
            "python_version < '3.9' or extra == 'foo-bar'",
            json!(true),
            Value::Null,
        ),
        (
            &["--env", "python_version=3.12"],
            "os_name == 'posix'",
            Value::Null,
            json!("undefined-variable"),
        ),
        (
            &["--env", "os_name=a=b"],
            "os_name ~= 'a=b'",
            Value::Null,
            json!("undefined-comparison"),
        ),
        (
            &["--env", "os_name=a=b"],
            "os_name == 'a=b'",
            json!(true),
            Value::Null,
        ),
    ] {
        let ended = World::new().run(&[&["parse", "marker"], options, &[text]].concat());
        let answers = lines(&ended.exits(0));
        assert_eq!(
            (&answers[0]["evaluate"], &answers[0]["evaluate_error"]),
            (&evaluate, &error),
            "{options:?} {text}"
        );
        assert!(answers[0].as_object().unwrap().contains_key("evaluate"));
    }
}

#[test]
fn versions_are_sorted_with_ranks_that_equal_ones_share() {
    let input = "2\nx\n1.0\n1.0.dev1\nv1\n1.0+a\n\n";
    let ended = World::new().run_with_input(&["parse", "version", "--sort"], input);
    let order: Vec<(String, Value)> = lines(&ended)
        .iter()
        .map(|a| (a["input"].as_str().unwrap().to_owned(), a["rank"].clone()))
        .collect();
    let wanted = [
        ("1.0.dev1", json!(0)),
        ("1.0", json!(1)),
        ("v1", json!(1)),
        ("1.0+a", json!(2)),
        ("2", json!(3)),
        ("x", Value::Null),
        ("", Value::Null),
    ];
    assert_eq!(order, wanted.map(|(text, rank)| (text.to_owned(), rank)));
    assert_eq!(ended.code, 1);
    let batch = "{\"id\": \"b\", \"input\": \"2\\n\"}\n{\"id\": \"a\", \"input\": \"1\"}\n";
    let ended = World::new().run_with_input(&["parse", "version", "--batch", "--sort"], batch);
    let ids: Vec<Value> = lines(&ended).iter().map(|a| a["id"].clone()).collect();
    assert_eq!((ended.code, ids), (0, vec![json!("a"), json!("b")]));
}

#[test]
fn in_a_batch_each_line_is_answered_under_its_id_and_may_bring_its_options() {
    let specifiers = [
        json!({"id": "1", "input": ">=1"}),
        json!({"id": "2", "input": ">=1", "contains": "0.5"}),
        json!({"id": "3", "input": ">=1", "prereleases": true}),
        json!({"id": "4", "input": ">=1", "prereleases": null}),
        json!({"id": "5", "input": "?"}),
    ];
    let input: String = specifiers.iter().map(|line| format!("{line}\n")).collect();
    let arguments = [
        "parse",
        "specifier",
        "--batch",
        "--contains",
        "1.5a1",
        "--no-pre",
    ];
    let ended = World::new().run_with_input(&arguments, &input).exits(0);
    let contains: Vec<(Value, Value)> = lines(&ended)
        .iter()
        .map(|a| (a["id"].clone(), a["contains"].clone()))
        .collect();
    let wanted = [
        ("1", json!(false)),
        ("2", json!(false)),
        ("3", json!(true)),
        ("4", json!(true)),
        ("5", Value::Null),
    ];
    assert_eq!(contains, wanted.map(|(id, contains)| (json!(id), contains)));

    let markers = "{\"id\": \"1\", \"input\": \"os_name == 'nt'\"}\n\
        {\"id\": \"2\", \"input\": \"os_name == 'nt'\", \"env\": {\"os_name\": \"posix\"}}\n\
        {\"id\": \"3\", \"input\": \"os_name == 'nt'\", \"env\": {}}\n";
    let arguments = ["parse", "marker", "--batch", "--env", "os_name=nt"];
    let ended = World::new().run_with_input(&arguments, markers).exits(0);
    let values: Vec<Value> = lines(&ended)
        .iter()
        .map(|a| a["evaluate"].clone())
        .collect();
    assert_eq!(values, [json!(true), json!(false), Value::Null]);
}

#[test]
fn a_bad_batch_line_is_answered_and_the_others_too() {
    for bad in [
        "",
        "no json",
        "[]",
        "{\"id\": \"1\"}",
        "{\"id\": 1, \"input\": \"a\"}",
        "{\"id\": \"1\", \"id\": \"2\", \"input\": \"a\"}",
        "{\"id\": \"1\", \"input\": \"a\", \"contains\": \"1\"}",
        "{\"id\": \"1\", \"input\": \"\\ud800\"}",
    ] {
        let input = format!("{bad}\n{{\"id\": \"good\", \"input\": \"a\"}}\n");
        let ended = World::new().run_with_input(&["parse", "name", "--batch"], &input);
        let answers = lines(&ended);
        assert_eq!((ended.code, answers.len()), (1, 2), "{bad}");
        assert_eq!(answers[0]["id"], Value::Null, "{bad}");
        assert!(answers[0]["error"].as_str().is_some_and(|e| !e.is_empty()));
        assert_eq!(answers[0].as_object().unwrap().len(), 2, "{bad}");
        assert_eq!(answers[1]["id"], "good");
    }
}

#[test]
fn an_answer_does_not_wait_for_the_next_question() {
    let world = World::new();
    let mut child = world
        .command(&["parse", "name", "--batch"])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let stdout = BufReader::new(child.stdout.take().unwrap());
    let (sender, answers) = mpsc::channel();
    let reader = std::thread::spawn(move || {
        for line in stdout.lines() {
            sender.send(line.unwrap()).unwrap();
        }
    });
    for id in ["1", "2"] {
        writeln!(stdin, "{{\"id\": \"{id}\", \"input\": \"a\"}}").unwrap();
        stdin.flush().unwrap();
        let answer = answers.recv_timeout(Duration::from_secs(30)).unwrap();
        let answer: Value = serde_json::from_str(&answer).unwrap();
        assert_eq!(answer["id"], id);
    }
    drop(stdin);
    reader.join().unwrap();
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_wrong_command_line_ends_in_2_without_an_answer() {
    for (arguments, words) in [
        (&[][..], "Kinds:"),
        (&["colour", "red"], "colour"),
        (&["name", "-x"], "--"),
        (&["name", "--batch", "a"], "cannot be used with"),
        (&["name", "--sort", "a"], "--sort"),
        (&["version", "--contains", "1", "1"], "--contains"),
        (&["specifier", "--pre", ">=1"], "--contains"),
        (
            &["specifier", "--pre", "--no-pre", "--contains", "1", ">=1"],
            "--no-pre",
        ),
        (
            &["marker", "--env", "os_name", "os_name == 'nt'"],
            "NAME=VALUE",
        ),
    ] {
        let ended = World::new().run(&[&["parse"], arguments].concat()).exits(2);
        assert_eq!(ended.out, "", "{arguments:?}");
        ended.says(words);
    }
}
