//! One Python process that answers all questions.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

/// Runs a program over the lines of a file and reads its answers, one JSON object a line.
fn answers(mut command: Command, questions: &[Value]) -> Vec<Value> {
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("questions");
    let mut file = BufWriter::new(File::create(&path).unwrap());
    for question in questions {
        writeln!(file, "{question}").unwrap();
    }
    file.flush().unwrap();
    let mut child = command
        .stdin(File::open(&path).unwrap())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let answers: Vec<Value> = lines
        .map(|line| serde_json::from_str(&line.unwrap()).unwrap())
        .collect();
    let ended = child.wait().unwrap();
    assert!(ended.success(), "{command:?}: {ended}");
    assert_eq!(answers.len(), questions.len(), "{command:?}");
    answers
}

/// What a script says, run by an interpreter that has the peers.
pub(super) fn python(interpreter: &Path, script: &str, questions: &[Value]) -> Vec<Value> {
    let mut command = Command::new(interpreter);
    command
        .args(["-I", "-c", script])
        .env("PYTHONIOENCODING", "utf-8");
    answers(command, questions)
}

/// What `pubflow parse KIND --batch` says.
pub(super) fn parse(kind: &str, questions: &[Value]) -> Vec<Value> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pubflow"));
    command.args(["parse", kind, "--batch"]);
    answers(command, questions)
}
