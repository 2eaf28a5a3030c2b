//! `pubflow parse` against `packaging`, the library that pip and the index read with.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::generate::Texts;
use super::{NEWEST, assert_no_differences, n_texts, oracle, texts};

const SCRIPT: &str = include_str!("packaging_oracle.py");

/// How many texts of each kind the gate tries; 20,000 and some with those of core metadata.
const KINDS: [(&str, usize); 8] = [
    ("version", 3000),
    ("specifier", 3000),
    ("requirement", 3500),
    ("marker", 3500),
    ("license", 2500),
    ("name", 1000),
    ("wheel", 2000),
    ("sdist", 1500),
];

/// Answers of ours that have no counterpart.
const OURS: [&str; 8] = [
    "id",
    "input",
    "error",
    "position",
    "tag_order_ok",
    "pypi_platform_ok",
    "is_normalized",
    "ultranormalized",
];

#[test]
fn every_text_is_read_as_packaging_reads_it() {
    let Some(python) = NEWEST.installed().map(|set| set.tool("python")) else {
        return;
    };
    let mut texts = texts();
    let mut questions = Vec::new();
    for (kind, n_of_it) in KINDS {
        questions.extend((0..n_texts(n_of_it)).map(|_| question(kind, &mut texts)));
    }
    let theirs = oracle::python(&python, SCRIPT, &questions);
    let mut ours = Vec::new();
    for (kind, _) in KINDS {
        ours.extend(parse(kind, &questions));
    }
    let (mut differences, mut reasons) = (Vec::new(), BTreeMap::new());
    for ((question, theirs), ours) in questions.iter().zip(&theirs).zip(ours) {
        let theirs = &comparable(theirs);
        if *theirs == ours {
            continue;
        }
        let asked = Asked {
            kind: question["kind"].as_str().unwrap(),
            input: question["input"].as_str().unwrap(),
            ours: &ours,
            theirs,
        };
        if let Some(explained) = EXPLAINED.iter().find(|explained| (explained.is_it)(&asked)) {
            *reasons.entry(explained.why).or_insert(0) += 1;
        } else {
            differences.push(format!("{question}\n   ours {ours}\n theirs {theirs}"));
        }
    }
    assert_no_differences(questions.len(), &reasons, &differences);
}

fn question(kind: &str, texts: &mut Texts) -> Value {
    let text = match kind {
        "version" => texts.version(),
        "specifier" => texts.specifier(),
        "requirement" => texts.requirement(),
        "marker" => texts.marker(),
        "license" => texts.license(),
        "name" => texts.name(),
        "wheel" => texts.wheel(),
        _ => texts.sdist(),
    };
    let mut question = json!({"kind": kind, "input": texts.perhaps_damaged(text)});
    match kind {
        "specifier" => question["contains"] = texts.version().into(),
        "marker" => question["env"] = environment(texts),
        _ => {}
    }
    question
}

/// Values of every variable of a marker, as a machine has them or oddly.
fn environment(texts: &mut Texts) -> Value {
    let versions = ["3.8", "3.12", "3.13", "4.0", "x", ""];
    let full = ["3.8.10", "3.12.1", "3.13.0rc1", "3.12.1+", ""];
    let mut environment = Map::new();
    for (name, values) in [
        ("implementation_name", &["cpython", "pypy"][..]),
        ("implementation_version", &full[..]),
        ("os_name", &["posix", "nt"]),
        ("platform_machine", &["x86_64", "AMD64", "arm64"]),
        ("platform_python_implementation", &["CPython", "PyPy"]),
        ("platform_release", &["6.1.0", "10", "6.1.0-foo"]),
        ("platform_system", &["Linux", "Windows", "Darwin"]),
        ("platform_version", &["#1 SMP", "10.0.19045"]),
        ("python_full_version", &full),
        ("python_version", &versions),
        ("sys_platform", &["linux", "win32", "darwin"]),
        ("extra", &["", "test", "Te_st", "a"]),
    ] {
        environment.insert(name.to_owned(), texts.pick(values).into());
    }
    environment.into()
}

/// Our answers about one kind in the form of theirs.
fn parse(kind: &str, questions: &[Value]) -> Vec<Value> {
    let mine = questions.iter().filter(|question| question["kind"] == kind);
    let ask = |more: fn(&Value) -> Value| -> Vec<Value> {
        let asked = mine.clone().map(|question| {
            let mut asked = more(question);
            asked["id"] = "".into();
            asked["input"] = question["input"].clone();
            asked
        });
        oracle::parse(kind, &asked.collect::<Vec<_>>())
    };
    let mut answers = match kind {
        "specifier" => {
            let [default, allow, deny] = [
                |q: &Value| json!({"contains": q["contains"]}),
                |q: &Value| json!({"contains": q["contains"], "prereleases": true}),
                |q: &Value| json!({"contains": q["contains"], "prereleases": false}),
            ]
            .map(ask);
            let modes = default.into_iter().zip(allow).zip(deny);
            modes
                .map(|((mut answer, allow), deny)| {
                    if answer["ok"] == true {
                        answer["contains"] = json!({"default": answer["contains"],
                            "allow": allow["contains"], "deny": deny["contains"]});
                    }
                    answer
                })
                .collect()
        }
        "marker" => ask(|q| json!({"env": q["env"]})),
        _ => ask(|_| json!({})),
    };
    for answer in &mut answers {
        let answer = answer.as_object_mut().unwrap();
        for key in OURS {
            answer.remove(key);
        }
        answer.remove("stdlib_prohibited");
        if let Some(error) = answer.remove("evaluate_error") {
            answer.insert("evaluate".to_owned(), error);
        }
        if kind == "wheel" || kind == "sdist" {
            answer.remove("normalized");
        }
        for key in ["clauses", "extras", "tags"] {
            if let Some(Value::Array(items)) = answer.get_mut(key) {
                items.sort_by_key(ToString::to_string);
            }
        }
    }
    answers
}

/// Their answer in the order in which ours is compared.
fn comparable(theirs: &Value) -> Value {
    let mut theirs = theirs.clone();
    if let Some(answer) = theirs.as_object_mut() {
        answer.remove("order");
        for key in ["clauses", "extras", "tags"] {
            if let Some(Value::Array(items)) = answer.get_mut(key) {
                items.sort_by_key(ToString::to_string);
            }
        }
    }
    theirs
}

/// A kind of difference that is meant, and how to know it.
struct Explained {
    /// Why the answers differ.
    why: &'static str,
    is_it: fn(&Asked<'_>) -> bool,
}

/// A question and both answers.
struct Asked<'a> {
    kind: &'a str,
    input: &'a str,
    ours: &'a Value,
    theirs: &'a Value,
}

const EXPLAINED: [Explained; 5] = [
    Explained {
        why: "Python converts no number of more than 4,300 digits, so there is no answer",
        is_it: |asked| asked.theirs["died"] == "ValueError" && asked.input.len() > 4300,
    },
    Explained {
        why: "behind `~=` they fold letters over all of Unicode, and die when asked about a version",
        is_it: |asked| {
            let foldable = asked.input.contains("~=") && asked.input.contains(['ſ', 'ı', 'İ']);
            matches!(asked.kind, "specifier" | "requirement")
                && foldable
                && asked.ours["ok"] == false
        },
    },
    Explained {
        why: "they print literals of markers without escapes, so that some cannot be read back",
        is_it: |asked| {
            let unescaped = |answer: &Value| {
                let text = answer.to_string().replace("\\n", "n").replace("\\r", "r");
                text.replace("\\u0000", "x00").replace('\\', "")
            };
            matches!(asked.kind, "marker" | "requirement")
                && asked.input.contains('\\')
                && unescaped(asked.ours) == unescaped(asked.theirs)
        },
    },
    Explained {
        why: "what follows a line end in a build tag is lost to them",
        is_it: |asked| {
            let build = asked.ours["build"][1].as_str();
            build.is_some_and(|suffix| suffix.contains('\n'))
        },
    },
    Explained {
        why: "a file name never holds a path separator or NUL, so that it is safe to join to a folder",
        is_it: |asked| {
            matches!(asked.kind, "wheel" | "sdist")
                && asked.input.contains(['/', '\\', '\0'])
                && asked.ours["ok"] == false
        },
    },
];
