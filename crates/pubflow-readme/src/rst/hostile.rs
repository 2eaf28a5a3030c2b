//! Texts that are meant to hurt: each has a verdict, and none takes longer than its length.

use super::line::split;
use super::parser::Parser;
use super::render;
use crate::profile::Profile;

/// What the renderer says of a text: `pass`, `empty` or its first message.
fn verdict(text: &str) -> String {
    match render(text, Profile::Renderer46) {
        Ok(Some(_)) => "pass".to_owned(),
        Ok(None) => "empty".to_owned(),
        Err(first) => first.message.lines().next().unwrap_or_default().to_owned(),
    }
}

#[test]
fn long_lines_are_read_up_to_the_limit() {
    assert_eq!(verdict(&"a ".repeat(4_999)), "pass");
    let limit = "Line 1 exceeds the line-length-limit.";
    assert_eq!(verdict(&"\u{e9}".repeat(10_001)), limit);
    assert_eq!(verdict(&"*".repeat(5_000_000)), limit);
}

#[test]
fn many_marks_end_soon() {
    let lines = |line: &str, n: usize| format!("{line}\n").repeat(n);
    assert_eq!(
        verdict(&lines(&"*".repeat(99), 5_000)),
        "Invalid section title or transition marker."
    );
    assert_eq!(
        verdict(&lines("a *b", 10_000)),
        "Inline emphasis start-string without end-string."
    );
    assert_eq!(verdict(&lines("* a", 10_000)), "pass");
    assert_eq!(verdict(&lines(".. a\n", 10_000)), "empty");
    assert_eq!(
        verdict(&lines("| |a|_", 5_000)),
        "Undefined substitution referenced: \"a\"."
    );
    assert_eq!(
        verdict(&lines("[#]_", 2_000)),
        "Too many autonumbered footnote references: only 0 corresponding footnote available."
    );
}

#[test]
fn many_siblings_are_no_square() {
    let n = 4_000;
    let comments = ".. c\n\n".repeat(n) + "a\n";
    assert_eq!(verdict(&comments), "pass");
    let classes = ".. class:: c\n\na\n\n".repeat(n);
    assert_eq!(verdict(&classes), "pass");
    let used = "|s| a\n".repeat(n) + "\n.. |s| replace:: *b* c\n";
    assert_eq!(verdict(&used), "pass");
    let targets: String = (0..n).map(|at| format!(".. _t{at}:\n\na\n\n")).collect();
    assert_eq!(verdict(&targets), "pass");
}

/// Steps on the tree that a text costs, whatever its verdict.
fn steps(text: &str) -> usize {
    let mut parser = Parser::new(split(text).into(), Profile::Renderer46);
    // The words do not matter here.
    let _ = parser.run().and_then(|()| parser.transform());
    parser.tree.steps()
}

/// Texts of `n` siblings of each kind that lists, moves or looks for its neighbours.
fn siblings(n: usize) -> Vec<(&'static str, String)> {
    let each = |line: &dyn Fn(usize) -> String| (0..n).map(line).collect::<String>();
    vec![
        ("paragraphs", "a\n\n".repeat(n)),
        ("comments", ".. c\n\n".repeat(n) + "a\n"),
        ("items", "* a\n".repeat(n)),
        ("definitions", "a\n  b\n".repeat(n)),
        ("fields", each(&|at| format!(":f{at}: b\n"))),
        ("lines", "| a\n".repeat(n)),
        ("classes", ".. class:: c\n\na\n\n".repeat(n)),
        ("transitions", "a\n\n----\n\n".repeat(n) + "a\n"),
        ("sections", each(&|at| format!("T{at}\n======\n\na\n\n"))),
        (
            "contents",
            ".. contents::\n\n".to_owned() + &each(&|at| format!("T{at}\n======\n\na\n\n")),
        ),
        ("targets", each(&|at| format!(".. _t{at}:\n\na\n\n"))),
        ("chain", each(&|at| format!(".. _t{at}:\n")) + "\na t0_\n"),
        (
            "indirect",
            ".. _t0: https://e.org\n".to_owned()
                + &each(&|at| format!(".. _t{}: t{at}_\n", at + 1))
                + "\nt5_\n",
        ),
        (
            "anonymous",
            "a__\n\n".repeat(n) + &"__ https://e.org\n".repeat(n),
        ),
        (
            "footnotes",
            "[#]_ a\n\n".repeat(n) + &".. [#] x\n".repeat(n),
        ),
        (
            "citations",
            each(&|at| format!("[C{at}]_ a\n\n")) + &each(&|at| format!(".. [C{at}] x\n")),
        ),
        (
            "notes",
            each(&|at| format!("`x{at} <https://e.org/{at}>`_ a\n\n")) + "\n.. target-notes::\n",
        ),
        (
            "substitutions",
            "|s| a\n\n".repeat(n) + "\n.. |s| replace:: *b* c\n",
        ),
        (
            "rows",
            "== ==\na  b\n== ==\n".to_owned() + &"a  b\n".repeat(n) + "== ==\n",
        ),
    ]
}

#[test]
fn four_times_the_siblings_are_four_times_the_work() {
    for ((name, small), (_, large)) in siblings(500).into_iter().zip(siblings(2_000)) {
        let (small, large) = (steps(&small), steps(&large));
        assert!(small > 500, "{name}: {small} steps count nothing");
        assert!(
            large * 10 < small * 45,
            "{name}: {small} steps, then {large}"
        );
    }
}

#[test]
fn tens_of_thousands_of_siblings_cost_a_few_steps_each() {
    let n = 40_000;
    let large = siblings(n).into_iter();
    for (name, text) in large.filter(|(name, _)| ["comments", "items", "chain"].contains(name)) {
        let steps = steps(&text);
        assert!(steps < 60 * n, "{name}: {steps} steps");
    }
    let lines = "a b c\n".repeat(99).to_owned() + "\n";
    let steps = steps(&lines.repeat(1_000));
    assert!(steps < 100_000, "100,000 lines: {steps} steps");
}

#[test]
fn nesting_has_a_floor() {
    let lists: String = (0..300)
        .map(|depth| format!("{}- a\n\n", "  ".repeat(depth)))
        .collect();
    assert_eq!(verdict(&lists), "Nested too deeply to be rendered.");
    assert_eq!(
        verdict(&"- ".repeat(300)),
        "Nested too deeply to be rendered."
    );
    let quotes: String = (0..300)
        .map(|depth| format!("{}a\n\n", " ".repeat(depth)))
        .collect();
    assert_eq!(verdict(&quotes), "Nested too deeply to be rendered.");
}

#[test]
fn nothing_that_is_left_open_is_waited_for() {
    for text in [
        "*",
        "**a",
        "``a",
        "`a",
        "|a",
        "_`a",
        ":r:`a",
        "`a <",
        "[a",
        "a_b_c_",
        "<",
        ".. |a",
        ".. _",
        ".. [",
        "+--",
        "==  ==\na",
        "::\n\n",
        ".. image::",
        ".. code::",
        "\u{0}",
        "\\",
        "a\\\u{0}b",
        "\u{feff}",
        "\\ud800",
        "\u{10ffff}",
    ] {
        let text = format!("{text} ").repeat(500);
        verdict(&text);
    }
}

#[test]
fn substitutions_that_mean_each_other_are_refused() {
    let circle = ".. |a| replace:: |b|\n.. |b| replace:: |a|\n\n|a|\n";
    assert_eq!(
        verdict(circle),
        "Circular substitution definition referenced: \"a\"."
    );
    let doubling: String = (0..60)
        .map(|n| format!(".. |s{n}| replace:: |s{}| |s{}|\n", n + 1, n + 1))
        .collect();
    let bomb = format!("|s0|\n\n{doubling}.. |s60| replace:: x\n");
    assert!(verdict(&bomb).starts_with("Circular substitution definition"));
}
