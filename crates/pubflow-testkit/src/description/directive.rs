//! Directives with their options, definitions of substitutions and of roles.

use super::block::{Lines, blocks, hang, paragraph};
use super::dice::Dice;
use super::inline::{Names, plain, plains, text};

const ADMONITIONS: &[&str] = &[
    "note",
    "warning",
    "tip",
    "hint",
    "important",
    "danger",
    "error",
    "attention",
    "caution",
    "seealso",
    "Note",
];

/// A directive of any kind.
pub(super) fn directive(dice: &mut Dice, names: &mut Names, depth: usize) -> Lines {
    match dice.below(18) {
        0 | 1 => admonition(dice, names, depth),
        2 | 3 => image(dice, names),
        4 => figure(dice, names),
        5 | 6 => code(dice),
        7 | 16 => list_table(dice, names),
        8 => csv_table(dice),
        9 => simple(dice, names, depth),
        10 if depth == 0 => topic(dice, names, depth),
        11 => math(dice),
        12 if depth == 0 => contents(dice),
        13 => nested(dice, names, depth),
        14 => class(dice, names),
        15 => vec![format!(
            ".. {}::",
            dice.pick(&["target-notes", "sectnum", "section-numbering"])
        )],
        _ => titled_table(dice, names, depth),
    }
}

/// A directive's first line, options and content.
fn whole(head: &str, options: &[String], content: &[String]) -> Lines {
    let mut lines = vec![head.trim_end().to_owned()];
    lines.extend(
        options
            .iter()
            .map(|option| format!("   {option}").trim_end().to_owned()),
    );
    if !content.is_empty() {
        lines.push(String::new());
        lines.extend(hang("   ", content));
    }
    lines
}

/// Some of these options.
fn some(dice: &mut Dice, from: &[&str]) -> Vec<String> {
    let mut options: Vec<String> = Vec::new();
    for _ in 0..dice.below(4) {
        let option = dice.pick(from);
        let name = option.split(": ").next().unwrap_or(option);
        if !options.iter().any(|known| known.starts_with(name)) || dice.one_in(30) {
            options.push(option.to_owned());
        }
    }
    options
}

const SIZES: &[&str] = &[
    ":alt: Alt \"text\" *x*",
    ":width: 50%",
    ":width: 12 px",
    ":height: 100",
    ":height: 2.5em",
    ":scale: 50",
    ":scale: 50 %",
    ":align: center",
    ":align: left",
    ":align: top",
    ":target: https://t.example/x y",
    ":class: One two",
    ":name: Pic 1",
    ":width: 30 kg",
    ":alt:",
    ":loading: lazy",
    ":width: 3ch",
    ":height: 1.",
];

fn image(dice: &mut Dice, names: &mut Names) -> Lines {
    let file = dice.pick(&[
        "https://i.example/a.png",
        "a.svg",
        "docs/a b.png",
        "x.mp4",
        "https://i.example/?a=1&b=2",
        "logo.png",
    ]);
    let mut options = some(dice, SIZES);
    if dice.one_in(8) && !options.iter().any(|option| option.starts_with(":target")) {
        names.targets.push("Gamma".to_owned());
        names.targets.dedup();
        options.push(":target: Gamma_".to_owned());
    }
    whole(&format!(".. image:: {file}"), &options, &[])
}

fn figure(dice: &mut Dice, names: &mut Names) -> Lines {
    let mut options = some(
        dice,
        &[
            ":alt: fig",
            ":figwidth: 40%",
            ":figclass: wide",
            ":align: right",
            ":width: 10em",
            ":name: fig-1",
            ":figwidth: image",
            ":figwidth: 20px",
            ":figname: f",
            ":align: top",
        ],
    );
    options.dedup();
    let mut content = Lines::new();
    if !dice.one_in(3) {
        content = match dice.one_in(8) {
            true => vec!["..".to_owned()],
            false => paragraph(dice, names),
        };
        if dice.one_in(2) {
            content.push(String::new());
            content.extend(blocks(dice, names, 3, 2));
        }
    }
    whole(".. figure:: https://i.example/f.png", &options, &content)
}

fn admonition(dice: &mut Dice, names: &mut Names, depth: usize) -> Lines {
    let name = dice.pick(ADMONITIONS);
    let options = some(dice, &[":class: extra", ":name: Named one"]);
    match dice.below(4) {
        0 => {
            let title = text(dice, names, 2);
            let content = blocks(dice, names, depth, 2);
            whole(&format!(".. admonition:: {title}"), &options, &content)
        }
        1 => hang(
            &format!(".. {name}:: "),
            &[plain(dice).to_owned(), text(dice, names, 4)],
        ),
        2 => hang(
            &format!(".. {name}::\n   ").replace('\n', " "),
            &paragraph(dice, names),
        ),
        _ => {
            let content = blocks(dice, names, depth, 2);
            whole(&format!(".. {name}::"), &options, &content)
        }
    }
}

fn code(dice: &mut Dice) -> Lines {
    let language = dice.pick(&[
        "python",
        "",
        "bash",
        "none",
        "c++",
        "Text",
        "no-such",
        "python3 x",
    ]);
    let name = dice.pick(&["code", "code-block", "sourcecode"]);
    let options = some(
        dice,
        &[
            ":number-lines:",
            ":number-lines: 7",
            ":class: big",
            ":name: listing",
            ":number-lines: x",
            ":force:",
        ],
    );
    let content: Lines = [
        "def f(x):",
        "    return \"<x>\"",
        "",
        "",
        "$ a | b  # c",
        "\u{65e5}",
    ][dice.below(3)..dice.between(3, 6)]
        .iter()
        .map(|line| (*line).to_owned())
        .collect();
    whole(&format!(".. {name}:: {language}"), &options, &content)
}

fn list_table(dice: &mut Dice, names: &mut Names) -> Lines {
    let mut options = some(
        dice,
        &[
            ":header-rows: 1",
            ":stub-columns: 1",
            ":widths: 10 20",
            ":widths: auto",
            ":width: 80%",
            ":align: center",
            ":class: t",
            ":name: tab",
            ":widths: grid",
            ":header-rows: 2",
            ":widths: 1,2",
        ],
    );
    options.dedup();
    let mut content = Lines::new();
    for _ in 0..dice.between(1, 4) {
        let first = text(dice, names, 2);
        content.extend(hang("* - ", &[first]));
        if dice.one_in(40) {
            continue;
        }
        content.extend(hang("  - ", &paragraph(dice, names)));
    }
    whole(
        &format!(".. list-table:: {}", plain(dice)),
        &options,
        &content,
    )
}

fn csv_table(dice: &mut Dice) -> Lines {
    let options = some(
        dice,
        &[
            ":header: a, \"b, *c*\"",
            ":header-rows: 1",
            ":stub-columns: 1",
            ":widths: 1 2",
            ":delim: ;",
            ":delim: tab",
            ":quote: '",
            ":escape: \\",
            ":keepspace:",
            ":align: left",
            ":delim: 0x2c",
            ":widths: auto",
            ":quote: xx",
        ],
    );
    let mut content = Lines::new();
    for _ in 0..dice.between(1, 4) {
        content.push(
            dice.pick(&[
                "1, 2",
                "\"a, b\", *c*",
                "x",
                "'q', \"say \"\"hi\"\"\"",
                "a;b",
                "\"two",
                "lines\", y",
                ",",
                "- item, `r`",
                "1, 2, 3",
                "\"\", \"\"",
                " \"s\" , t",
                "a\"b, c",
            ])
            .to_owned(),
        );
    }
    whole(
        &format!(".. csv-table:: {}", dice.pick(&["", "T *i*"])),
        &options,
        &content,
    )
}

fn titled_table(dice: &mut Dice, names: &mut Names, depth: usize) -> Lines {
    let options = some(
        dice,
        &[
            ":widths: 10 20",
            ":align: right",
            ":class: t",
            ":name: tt",
            ":widths: auto",
            ":width: 50%",
        ],
    );
    let content = super::table::table(dice, names, depth + 2);
    whole(
        &format!(".. table:: {}", plains(dice, 2)),
        &options,
        &content,
    )
}

fn simple(dice: &mut Dice, names: &mut Names, depth: usize) -> Lines {
    let name = dice.pick(&[
        "epigraph",
        "highlights",
        "pull-quote",
        "compound",
        "container",
        "container:: a B",
        "parsed-literal",
        "rubric",
        "line-block",
        "rubric:: Title *x*",
        "header",
        "footer",
    ]);
    let (name, argument) = name.split_once(":: ").unwrap_or((name, ""));
    if name == "rubric" {
        let argument = if argument.is_empty() {
            plain(dice)
        } else {
            argument
        };
        return whole(
            &format!(".. rubric:: {argument}"),
            &some(dice, &[":class: r", ":name: ru", ":heading-level: 2"]),
            &[],
        );
    }
    let options = some(dice, &[":class: c-1", ":name: nm"]);
    let options = if matches!(
        name,
        "epigraph" | "highlights" | "pull-quote" | "header" | "footer"
    ) {
        Vec::new()
    } else {
        options
    };
    let content = match name {
        "parsed-literal" | "line-block" => paragraph(dice, names),
        _ => blocks(dice, names, depth, 2),
    };
    whole(&format!(".. {name}:: {argument}"), &options, &content)
}

fn topic(dice: &mut Dice, names: &mut Names, depth: usize) -> Lines {
    let options = some(dice, &[":class: k", ":name: top"]);
    let content = blocks(dice, names, depth.max(3), 2);
    match dice.below(3) {
        0 => whole(
            &format!(".. sidebar:: {}", plain(dice)),
            &[":subtitle: *Sub*".to_owned()],
            &content,
        ),
        1 => whole(".. sidebar::", &options, &content),
        _ => whole(
            &format!(".. topic:: {}", text(dice, names, 2)),
            &options,
            &content,
        ),
    }
}

fn math(dice: &mut Dice) -> Lines {
    let options = some(dice, &[":class: m", ":name: eq"]);
    let content = [
        vec!["a^2 + b^2 = c^2"],
        vec!["x < y \\\\", "z &= 1"],
        vec!["one", "", "two_{3}"],
    ][dice.below(3)]
    .iter()
    .map(|line| (*line).to_owned())
    .collect::<Lines>();
    match dice.one_in(3) {
        true => vec![".. math:: \\sum_i x_i".to_owned()],
        false => whole(".. math::", &options, &content),
    }
}

fn contents(dice: &mut Dice) -> Lines {
    let options = some(
        dice,
        &[
            ":depth: 1",
            ":local:",
            ":backlinks: none",
            ":backlinks: top",
            ":backlinks: entry",
            ":class: toc",
            ":depth: 2",
        ],
    );
    whole(
        &format!(
            ".. contents:: {}",
            dice.pick(&["", "Inside", "*All* of it"])
        ),
        &options,
        &[],
    )
}

fn nested(dice: &mut Dice, names: &mut Names, depth: usize) -> Lines {
    if depth > 2 {
        return paragraph(dice, names);
    }
    let inner = directive(dice, names, depth + 1);
    let outer = dice.pick(&[".. container:: box", ".. note::", "* item", "term"]);
    match outer {
        "term" => [vec!["term".to_owned()], hang("    ", &inner)].concat(),
        "* item" => [vec!["* item".to_owned(), String::new()], hang("  ", &inner)].concat(),
        outer => whole(outer, &[], &inner),
    }
}

fn class(dice: &mut Dice, names: &mut Names) -> Lines {
    match dice.below(3) {
        0 => [
            vec![
                format!(
                    ".. class:: {}",
                    dice.pick(&["special", "One Two", "\u{fc}ber"])
                ),
                String::new(),
            ],
            paragraph(dice, names),
        ]
        .concat(),
        1 => whole(".. class:: special", &[], &paragraph(dice, names)),
        _ => whole(
            &format!(
                ".. {}::",
                dice.pick(&["class-directive", "rst-class", "cssclass"])
            ),
            &[],
            &["x".to_owned()],
        ),
    }
}

/// Directives that are refused, disabled or unusual.
pub(super) fn odd(dice: &mut Dice) -> Lines {
    dice.pick(&[
        ".. default-role:: strong\n\n`now strong`",
        ".. default-role::",
        ".. meta::\n   :description: words\n   :keywords lang=en: a",
        ".. title:: Other title",
        ".. role:: own(code)\n   :language: python\n   :class: pyt\n\n:own:`x = 1`",
        ".. role:: plain\n\n:plain:`x`",
        ".. role:: s2(strong)\n   :class: s\n\n:s2:`x`",
        ".. unknown-thing:: x",
        ".. include:: x.rst",
        ".. raw:: html\n\n   <b>",
        ".. replace:: x",
        ".. image::",
        ".. figure:: x.png\n   :bad: y",
        ".. note::",
        ".. contents::\n   :depth: x",
        ".. _:",
        ".. __:\n\n`anon`__",
        ".. |x| image:: y.png",
        ".. [5]\n   Foot",
        ".. topic::",
        ".. math::",
        ".. code::",
        ".. table:: x\n\n   none",
        ".. list-table::\n\n   * x",
        ".. class::",
        ".. sectnum::\n   :depth: 1\n   :prefix: A.\n   :start: 3",
        ".. admonition:: x",
        ".. parsed-literal::",
        ".. unicode:: 0x41",
        ".. date::",
        ".. restructuredtext-test-directive::",
        ".. csv-table::\n   :file: x.csv",
        ".. role:: r(raw)\n   :format: html",
        ".. sidebar:: x",
        ".. header:: Head",
        ".. footer:: *Foot*",
        ".. container::",
        ".. line-block::\n\n   a\n     b",
        ".. epigraph::\n\n   Q\n\n   -- Me",
    ])
    .split('\n')
    .map(str::to_owned)
    .collect()
}

/// The definition of a substitution.
pub(super) fn substitution(dice: &mut Dice, names: &mut Names, name: &str) -> Lines {
    let head = format!(".. |{name}|");
    match dice.below(6) {
        0 => vec![
            format!("{head} image:: https://i.example/s.png"),
            "   :alt: sub".to_owned(),
        ],
        1 => vec![
            format!("{head} unicode:: 0xA9 .. the sign"),
            "   :trim:".to_owned(),
        ],
        2 => vec![format!("{head} unicode:: U+2014 &#x2022; and \\u00fc")],
        3 => vec![
            format!("{head} image:: a.png"),
            "   :target: https://t.example/".to_owned(),
            "   :height: 1em".to_owned(),
        ],
        4 => vec![format!(
            "{head} replace:: {} ``{}``",
            plains(dice, 2),
            plain(dice)
        )],
        _ => vec![format!("{head} replace:: {}", text(dice, names, 3))],
    }
}

/// The definition of a role.
pub(super) fn role(name: &str) -> Lines {
    let base = match name {
        "py" => "py(code)",
        "tex" => "tex(math)",
        "big-role" => "big-role(strong)",
        name => name,
    };
    vec![format!(".. role:: {base}"), String::new()]
}
