//! Descriptions that nobody wrote, rendered by us and by the real readme_renderer.
//!
//! The gate runs one fixed seed. By hand, `PUBFLOW_DIFFERENTIAL_SEED` takes a number or `fresh`, and
//! `PUBFLOW_DIFFERENTIAL_FACTOR` multiplies the number of texts; the seed is printed.

mod preview;

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

use pubflow_readme::{Profile, judge};
use pubflow_testkit::description::{Dice, damage, markdown, rst};
use serde_json::{Value, json};

use crate::peers::Set;

/// The renderer that PyPI runs.
const OF_PYPI: Set = Set {
    name: "readme-45",
    pins: &[
        "readme_renderer==45.0",
        "docutils==0.23",
        "nh3==0.3.6",
        "comrak==0.0.12",
        "Pygments==2.21.0",
    ],
    python: (3, 10),
};

/// The renderer that twine runs.
const NEWEST: Set = Set {
    name: "readme-46",
    pins: &[
        "readme_renderer==46.0",
        "docutils==0.23",
        "nh3==0.3.7",
        "comrak==0.0.16",
        "Pygments==2.21.0",
    ],
    python: (3, 10),
};

/// The seed of the gate.
const SEED: u64 = 20_261_128;

/// Texts of each kind that the gate tries; ten times as many by hand make a run of 5,000 and more.
const IN_THE_GATE: u64 = 200;

const RST: &str = "text/x-rst";
const MARKDOWN: &str = "text/markdown";

fn seed() -> u64 {
    let seed = match std::env::var("PUBFLOW_DIFFERENTIAL_SEED").as_deref() {
        Err(_) => SEED,
        Ok("fresh") => {
            let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
            u64::from(now.subsec_nanos()) + now.as_secs()
        }
        Ok(number) => number.parse().unwrap(),
    };
    println!("PUBFLOW_DIFFERENTIAL_SEED={seed}");
    seed
}

/// Documents of the project itself, whose damage is like that of a person at work.
const OWN: [(&str, &str); 3] = [
    (include_str!("../../../README.md"), MARKDOWN),
    (include_str!("../../../docs/architecture.md"), MARKDOWN),
    (include_str!("../../../testdata/corpora/rst/inline"), RST),
];

/// Texts of every kind, with their content types.
fn texts() -> Vec<(String, &'static str)> {
    let factor = std::env::var("PUBFLOW_DIFFERENTIAL_FACTOR");
    let n = IN_THE_GATE * factor.map_or(1, |factor| factor.parse::<u64>().unwrap());
    let seed = seed();
    let mut texts = Vec::new();
    for at in 0..n {
        let mut dice = Dice::new(seed.wrapping_mul(1_000_003).wrapping_add(at));
        let sound = rst(&mut dice);
        texts.push((damage(&mut dice, &sound), RST));
        texts.push((sound, RST));
        texts.push((markdown(&mut dice), MARKDOWN));
        if at % 4 == 0 {
            let (own, content_type) = OWN[dice.below(OWN.len())];
            texts.push((damage(&mut dice, own), content_type));
        }
    }
    texts
}

/// What the reference says of each text.
fn reference(peers: &Set, texts: &[(String, &str)]) -> Option<Vec<Value>> {
    let python = peers.installed()?.tool("python");
    let mut child = Command::new(python)
        .args(["-I", "-W", "ignore", "-c", include_str!("reference.py")])
        .env("PYTHONIOENCODING", "utf-8")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut questions = child.stdin.take().unwrap();
    let answers = BufReader::new(child.stdout.take().unwrap()).lines();
    let answers = std::thread::scope(|scope| {
        scope.spawn(move || {
            for (text, content_type) in texts {
                writeln!(
                    questions,
                    "{}",
                    json!({"text": text, "content_type": content_type})
                )
                .unwrap();
            }
        });
        answers
            .map(|line| serde_json::from_str(&line.unwrap()).unwrap())
            .collect::<Vec<Value>>()
    });
    assert!(child.wait().unwrap().success());
    assert_eq!(answers.len(), texts.len());
    Some(answers)
}

/// Our answer in the form of the reference's.
fn ours(text: &str, content_type: &str, profile: Profile) -> Value {
    let judgement = judge(text, Some(content_type), profile);
    match (judgement.html, judgement.first_message) {
        (Some(html), _) => json!({"verdict": "pass", "html": html}),
        (None, Some(first)) => {
            json!({"verdict": "fail", "line": first.line, "message": first.message})
        }
        (None, None) => json!({"verdict": "fail"}),
    }
}

#[track_caller]
fn compare(peers: &Set, profile: Profile) {
    let texts = texts();
    let Some(answers) = reference(peers, &texts) else {
        return;
    };
    let (mut n_crashes, mut differences) = (0, Vec::new());
    for ((text, content_type), theirs) in texts.iter().zip(&answers) {
        // An empty text is no description, and a reference that dies has no opinion.
        n_crashes += usize::from(theirs["verdict"] == "crash");
        if text.is_empty() || theirs["verdict"] == "crash" {
            continue;
        }
        let ours = ours(text, content_type, profile);
        if ours != *theirs {
            differences.push(format!(
                "{content_type}: {text:?}\n  ours:   {ours}\n  theirs: {theirs}"
            ));
        }
    }
    println!("{} texts, the reference died over {n_crashes}", texts.len());
    let shown = differences.iter().take(10).cloned().collect::<Vec<_>>();
    assert!(
        differences.is_empty(),
        "{} of {} differ:\n{}",
        differences.len(),
        texts.len(),
        shown.join("\n")
    );
}

#[test]
fn every_text_is_rendered_as_pypi_does() {
    compare(&OF_PYPI, Profile::Renderer45);
}

#[test]
fn every_text_is_rendered_as_twine_does() {
    compare(&NEWEST, Profile::Renderer46);
}
