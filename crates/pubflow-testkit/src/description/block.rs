//! Blocks of reStructuredText: sections, lists, quotes, literal blocks, and what ends a document.

use super::dice::Dice;
use super::inline::{Names, plain, plains, text, words};
use super::{directive, table};

/// Lines of a block.
pub(super) type Lines = Vec<String>;

/// A reStructuredText document.
pub fn rst(dice: &mut Dice) -> String {
    let mut names = Names::default();
    let mut lines = Lines::new();
    if dice.one_in(8) {
        let info = docinfo(dice);
        add(dice, &mut lines, info);
    }
    if dice.one_in(3) {
        let title = heading(dice, &mut names, 0);
        add(dice, &mut lines, title);
        if dice.one_in(4) {
            let info = docinfo(dice);
            add(dice, &mut lines, info);
        }
    }
    let mut level = usize::from(!lines.is_empty());
    for _ in 0..dice.between(1, 8) {
        let block = match dice.one_in(5) {
            true => {
                let lines = heading(dice, &mut names, level);
                level = dice.between(1, (level + 1).min(5));
                lines
            }
            false => block(dice, &mut names, 0),
        };
        add(dice, &mut lines, block);
    }
    for block in definitions(dice, &mut names) {
        if !dice.one_in(60) {
            add(dice, &mut lines, block);
        }
    }
    let roles: Lines = names
        .roles
        .iter()
        .flat_map(|role| directive::role(role))
        .collect();
    lines.splice(0..0, roles);
    let mut text = lines.join("\n");
    if !dice.one_in(5) {
        text.push('\n');
    }
    text
}

/// Adds a block behind a blank line, which now and then is missing or is two.
fn add(dice: &mut Dice, lines: &mut Lines, block: Lines) {
    if !lines.is_empty() {
        for _ in 0..if dice.one_in(80) {
            0
        } else if dice.one_in(8) {
            2
        } else {
            1
        } {
            lines.push(if dice.one_in(40) {
                "   ".to_owned()
            } else {
                String::new()
            });
        }
    }
    lines.extend(block);
}

/// Columns that a line takes.
pub(super) fn width(text: &str) -> usize {
    text.chars()
        .map(|c| match c as u32 {
            0x300..=0x36f | 0x200b => 0,
            0x1100..=0x115f
            | 0x2e80..=0xa4cf
            | 0xac00..=0xd7a3
            | 0xff00..=0xff60
            | 0x1f300..=0x1faff => 2,
            _ => 1,
        })
        .sum()
}

fn heading(dice: &mut Dice, names: &mut Names, level: usize) -> Lines {
    names.n_sections += 1;
    let title = match dice.below(4) {
        0 => text(dice, names, 3),
        1 => plains(dice, 3),
        2 => format!(
            "{} {}",
            plain(dice),
            dice.pick(&["", "!", "1.0", "*x*", "``y``", "\"z\""])
        ),
        _ => format!("Part {}", names.n_sections),
    };
    let title = title.trim().to_owned();
    let mark = ["=", "-", "~", "^", "\"", "+"][level.min(5)];
    let n = width(&title) + dice.pick(&["", "", "", "x", "xxxx"]).len();
    let n = if dice.one_in(60) {
        n.saturating_sub(1)
    } else {
        n
    }
    .max(1);
    let rule = mark.repeat(n);
    match level == 0 {
        true => vec![rule.clone() + "==", format!(" {title}"), rule + "=="],
        false => vec![title, rule],
    }
}

fn docinfo(dice: &mut Dice) -> Lines {
    let fields = [
        "author: A. N. Author",
        "authors: One; Two",
        "Authors: - One\n  - Two",
        "Authors: Me, Myself",
        "version: 1.2",
        "Date: $Date: 2002/10/08 01:34:23 $",
        "organization: *X* & Co",
        "contact: m@n.example",
        "address: 1 Street\n  Town\n   Deep",
        "status: $RCSfile: a.txt,v $",
        "revision: $Revision: 1.7 $",
        "copyright: (c) us",
        "Dedication: To \"you\".",
        "Abstract: It is\n  long.\n\n  Two.",
        "custom-Field: x",
        "Other *one*: y",
        "Empty:",
        "date: today",
        "keywords: a, b",
    ];
    let mut lines = Lines::new();
    for _ in 0..dice.between(1, 5) {
        let field = dice.pick(&fields);
        lines.extend(format!(":{field}").split('\n').map(str::to_owned));
    }
    lines
}

/// A block of any kind.
pub(super) fn block(dice: &mut Dice, names: &mut Names, depth: usize) -> Lines {
    let n = if depth > 3 { 8 } else { 26 };
    match dice.below(n) {
        0..=3 => paragraph(dice, names),
        4 => literal(dice, names),
        5 => doctest(dice),
        6 => line_block(dice, names),
        7 => vec![text(dice, names, 4)],
        8..=10 => bullets(dice, names, depth),
        11 | 12 => numbers(dice, names, depth),
        13 => terms(dice, names, depth),
        14 => fields(dice, names, depth),
        15 => options(dice, names, depth),
        16 => quote(dice, names, depth),
        17 | 18 => table::table(dice, names, depth),
        19 if depth == 0 => vec![
            dice.pick(&["-----", "=====", "*  *  *", "....."])
                .to_owned(),
        ],
        20 => comment(dice),
        21 if dice.one_in(4) => directive::odd(dice),
        _ => directive::directive(dice, names, depth),
    }
}

/// Blocks behind each other.
pub(super) fn blocks(dice: &mut Dice, names: &mut Names, depth: usize, most: usize) -> Lines {
    let mut lines = Lines::new();
    for _ in 0..dice.between(1, most) {
        let next = block(dice, names, depth + 1);
        add(dice, &mut lines, next);
    }
    lines
}

/// Lines moved to the right behind `marker`.
pub(super) fn hang(marker: &str, lines: &[String]) -> Lines {
    let indent = " ".repeat(width(marker));
    lines
        .iter()
        .enumerate()
        .map(|(n, line)| match (n, line.is_empty()) {
            (0, _) => format!("{marker}{line}").trim_end().to_owned(),
            (_, true) => String::new(),
            _ => format!("{indent}{line}"),
        })
        .collect()
}

pub(super) fn paragraph(dice: &mut Dice, names: &mut Names) -> Lines {
    (0..dice.between(1, 3))
        .map(|_| match dice.one_in(12) {
            true => {
                let n = dice.between(1, 5);
                words(dice, n)
            }
            false => text(dice, names, 7),
        })
        .map(|line| line.trim().to_owned())
        .map(|line| {
            if line.is_empty() {
                "x".to_owned()
            } else {
                line
            }
        })
        .collect()
}

fn code(dice: &mut Dice) -> Lines {
    let mut lines = Lines::new();
    for _ in 0..dice.between(1, 4) {
        lines.push(
            dice.pick(&[
                "if x:",
                "    y = \"z\"  # *no*",
                "",
                "\ttab",
                "<b>&amp;</b>",
                "`` ` ``",
                "  \u{65e5}\u{672c}",
                "|a|",
                "$ run --it",
                "trailing  ",
            ])
            .to_owned(),
        );
    }
    while lines.first().is_some_and(|line| line.trim().is_empty()) {
        lines.remove(0);
    }
    while lines.last().is_some_and(|line| line.trim().is_empty()) {
        lines.pop();
    }
    if lines.is_empty() {
        vec!["code".to_owned()]
    } else {
        lines
    }
}

fn literal(dice: &mut Dice, names: &mut Names) -> Lines {
    let head = dice.pick(&["::", " ::", "x::", "Code: ::", "Run\nit::"]);
    let mut lines: Lines = match head.trim() {
        "::" => vec!["::".to_owned()],
        _ if dice.one_in(3) => {
            let mut p = paragraph(dice, names);
            p.push("so::".to_owned());
            p
        }
        head => head.split('\n').map(str::to_owned).collect(),
    };
    lines.push(String::new());
    let code = code(dice);
    match dice.one_in(6) {
        true => {
            let mark = dice.pick(&["> ", ">", "| ", "$ "]);
            lines.extend(code.iter().map(|line| format!("{mark}{line}")));
        }
        false => {
            let indent = dice.pick(&["  ", "    ", "\t", " "]);
            lines.extend(code.iter().map(|line| {
                if line.is_empty() {
                    String::new()
                } else {
                    format!("{indent}{line}")
                }
            }));
        }
    }
    lines
}

fn doctest(dice: &mut Dice) -> Lines {
    let mut lines = vec![
        dice.pick(&[">>> print('*x*')", ">>> 1 < 2", ">>>"])
            .to_owned(),
    ];
    if dice.one_in(2) {
        lines.push(dice.pick(&["True", "  deep \"x\"", "... more"]).to_owned());
    }
    lines
}

fn line_block(dice: &mut Dice, names: &mut Names) -> Lines {
    let mut lines = Lines::new();
    for _ in 0..dice.between(1, 5) {
        let indent = dice.pick(&["", "", "  ", "    ", "   "]);
        let line = if dice.one_in(5) {
            String::new()
        } else {
            text(dice, names, 4)
        };
        lines.push(format!("| {indent}{line}").trim_end().to_owned());
        if dice.one_in(6) && lines.last().is_some_and(|line| line.len() > 2) {
            lines.push(format!("  {}", plain(dice)));
        }
    }
    lines
}

/// An item's blocks, mostly one paragraph.
fn item(dice: &mut Dice, names: &mut Names, depth: usize) -> Lines {
    match dice.below(5) {
        0 => blocks(dice, names, depth, 2),
        1 => paragraph(dice, names),
        _ => vec![text(dice, names, 4)],
    }
}

fn bullets(dice: &mut Dice, names: &mut Names, depth: usize) -> Lines {
    let bullet = dice.pick(&["- ", "* ", "+ ", "\u{2022} ", "-   "]);
    let mut lines = Lines::new();
    let is_loose = dice.one_in(3);
    for n in 0..dice.between(1, 4) {
        if n > 0
            && (is_loose
                || lines
                    .last()
                    .is_some_and(|line: &String| line.starts_with(' ')))
        {
            lines.push(String::new());
        }
        let item = if dice.one_in(20) {
            vec![String::new()]
        } else {
            item(dice, names, depth)
        };
        lines.extend(hang(bullet, &item));
    }
    lines
}

fn numbers(dice: &mut Dice, names: &mut Names, depth: usize) -> Lines {
    const ROMAN: &[&str] = &["i", "ii", "iii", "iv", "v", "vi"];
    let style = dice.below(6);
    let start = if dice.one_in(4) {
        dice.between(2, 12)
    } else {
        1
    };
    let (before, after) = [("", ". "), ("(", ") "), ("", ") ")][dice.below(3)];
    let mut lines = Lines::new();
    for (n, roman) in ROMAN.iter().enumerate().take(dice.between(1, 4)) {
        if n > 0
            && (dice.one_in(3)
                || lines
                    .last()
                    .is_some_and(|line: &String| line.starts_with(' ')))
        {
            lines.push(String::new());
        }
        let letter = char::from(b'a' + ((start - 1 + n) % 26) as u8);
        let number = match style {
            0 => "#".to_owned(),
            1 => letter.to_string(),
            2 => letter.to_uppercase().to_string(),
            3 => (*roman).to_owned(),
            4 => roman.to_uppercase(),
            _ => (start + n).to_string(),
        };
        let item = item(dice, names, depth);
        lines.extend(hang(&format!("{before}{number}{after}"), &item));
    }
    lines
}

fn terms(dice: &mut Dice, names: &mut Names, depth: usize) -> Lines {
    let mut lines = Lines::new();
    for n in 0..dice.between(1, 3) {
        if n > 0 && dice.one_in(2) {
            lines.push(String::new());
        }
        let term = text(dice, names, 3).trim().to_owned();
        lines.push(match dice.below(4) {
            0 => format!("{term} : {}", plain(dice)),
            1 => format!("{term} : *x* : {}", plain(dice)),
            _ => term,
        });
        let body = item(dice, names, depth);
        lines.extend(hang("   ", &body));
    }
    lines
}

fn fields(dice: &mut Dice, names: &mut Names, depth: usize) -> Lines {
    let mut lines = Lines::new();
    for _ in 0..dice.between(1, 3) {
        let name = dice.pick(&[
            "param x",
            "*em* name",
            "a\\:b",
            "Returns",
            "long field name of words",
            "`t`",
        ]);
        let body = if dice.one_in(8) {
            vec![String::new()]
        } else {
            item(dice, names, depth)
        };
        lines.push(format!(":{name}: {}", body[0]).trim_end().to_owned());
        let indent = dice.pick(&["  ", "    ", " "]);
        lines.extend(
            body[1..]
                .iter()
                .map(|line| format!("{indent}{line}").trim_end().to_owned()),
        );
    }
    lines
}

fn options(dice: &mut Dice, names: &mut Names, depth: usize) -> Lines {
    let mut lines = Lines::new();
    for _ in 0..dice.between(1, 3) {
        let option = dice.pick(&[
            "-a",
            "-b FILE",
            "--long",
            "--long=ARG",
            "-c, --create=<a b>",
            "/V",
            "-1 x, +p",
            "--very-long-option-name-indeed ARG",
            "-fX",
        ]);
        let body = item(dice, names, depth);
        if dice.one_in(4) {
            lines.push(option.to_owned());
            lines.extend(
                body.iter()
                    .map(|line| format!("    {line}").trim_end().to_owned()),
            );
        } else {
            lines.extend(hang(&format!("{option}  "), &body));
        }
    }
    lines
}

fn quote(dice: &mut Dice, names: &mut Names, depth: usize) -> Lines {
    let mut lines = blocks(dice, names, depth, 2);
    if dice.one_in(3) {
        lines.push(String::new());
        lines.push(format!(
            "{}{}",
            dice.pick(&["-- ", "--", "---", "\u{2014} "]),
            text(dice, names, 2)
        ));
        if dice.one_in(4) {
            lines.push(format!("   {}", plain(dice)));
        }
    }
    let mut quoted = hang(dice.pick(&["  ", "    ", " "]), &lines);
    if dice.one_in(3) {
        quoted.insert(0, String::new());
        let head = paragraph(dice, names);
        quoted.splice(0..0, head);
    }
    quoted
}

fn comment(dice: &mut Dice) -> Lines {
    match dice.below(4) {
        0 => vec!["..".to_owned()],
        1 => vec![
            "..".to_owned(),
            "  hidden: *x".to_owned(),
            String::new(),
            "  more".to_owned(),
        ],
        2 => vec![".. _half: a *target".to_owned(), "   _x".to_owned()],
        _ => vec![".. a comment".to_owned(), "   ``of two lines".to_owned()],
    }
}

/// What the text has used and not defined.
fn definitions(dice: &mut Dice, names: &mut Names) -> Vec<Lines> {
    let mut all = Vec::new();
    let mut seen = 0;
    while seen < names.substitutions.len() {
        let name = names.substitutions[seen].clone();
        seen += 1;
        all.push(directive::substitution(dice, names, &name));
    }
    for name in names.footnotes.clone() {
        let label = &name;
        let body = item(dice, &mut Names::default(), 3);
        all.push(hang(&format!(".. [{label}] "), &body));
    }
    for name in names.citations.clone() {
        all.push(hang(
            &format!(".. [{name}] "),
            &[text(dice, &mut Names::default(), 3)],
        ));
    }
    for _ in 0..names.n_auto {
        all.push(hang(".. [#] ", &paragraph(dice, &mut Names::default())));
    }
    for _ in 0..names.n_symbols {
        all.push(hang(".. [*] ", &paragraph(dice, &mut Names::default())));
    }
    for name in names.targets.clone() {
        let name = if name.contains(':') {
            format!("`{name}`")
        } else {
            name
        };
        all.push(match dice.below(6) {
            0 => vec![
                format!(".. _{name}:"),
                String::new(),
                format!("Here {}", plain(dice)),
            ],
            1 => vec![format!(".. _{name}: who@there.example")],
            2 => vec![
                format!(".. _{name}: https://t.example/"),
                "   a/b c".to_owned(),
            ],
            3 => vec![
                format!(".. _{name}: other_"),
                format!(".. _other: #{}", plain(dice)),
            ],
            _ => vec![format!(".. _{name}: https://t.example/{}", plain(dice))],
        });
    }
    for _ in 0..names.n_anonymous {
        all.push(vec![
            dice.pick(&[
                "__ https://anon.example/",
                ".. __: docs/x.html",
                ".. __: mailto:a@b.example",
            ])
            .to_owned(),
        ]);
    }
    all.retain(|lines| !lines.is_empty());
    all
}
