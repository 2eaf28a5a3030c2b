//! Texts that are meant to hurt: each has a verdict, and none takes longer than its length.

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
