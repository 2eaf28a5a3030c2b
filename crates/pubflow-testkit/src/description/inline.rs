//! Text with markup in it, and the names that it refers to.

use super::dice::Dice;

const WORDS: &[&str] = &[
    "wheel",
    "an",
    "index",
    "of",
    "sealed",
    "files",
    "Zürich",
    "the",
    "naïve",
    "тест",
    "日本語",
    "e\u{301}t\u{e9}",
    "x",
    "it's",
    "\"quoted\"",
    "(round)",
    "--",
    "---",
    "...",
    "don't",
    "a*b",
    "2*3*4",
    "snake_case",
    "C:\\\\path",
    "100%",
    "'90s",
    "one-two",
    "A.",
    "1.",
    "q=w",
    "<tag>",
    "a & b",
    "\\*",
    "\\ ",
    "\\_",
    "x\\\\",
    "#5",
    "\u{ab}guillemets\u{bb}",
    "\u{201c}curly\u{201d}",
    "\u{200b}zero",
    "end::",
    "rock 'n' roll",
    "5'10\"",
    "'tis",
    "\"'nested'\"",
    "...so",
    "a--b",
    "a---b",
    "and/or",
    "e.g.",
    "-x",
    "*",
    "_",
    "__",
    "a\u{a0}b",
    "\u{1f600}",
    "(\"x\")",
    "'a'",
    "\"b\".",
    "[\"c\"]",
    "word's",
    "s'",
    "\u{2019}",
    "\\",
];

const TARGETS: &[&str] = &[
    "alpha",
    "beta two",
    "Gamma",
    "delta-4",
    "Epsilon: five",
    "zeta.6",
    "eta_7",
    "Theta  8",
];

const ADDRESSES: &[&str] = &[
    "https://a.example/b?c=d&e=f#g",
    "http://x.example.",
    "(https://y.example/z)",
    "mailto:m@n.example",
    "someone@place.example",
    "ftp://f.example/a_b_",
    "https://w.example/(paren)",
    "<https://v.example>",
    "news:a.b.c",
    "foo:bar",
    "https://u.example/a*b*",
    "git+https://t.example/r.git",
    "a@b.co.uk,",
    "ssh://s.example:22/",
    "https://q.example/'quoted'",
    "http://[::1]/",
    "x@y",
    "https://p.example/\u{fc}",
    "data:,x",
    "urn:isbn:1",
    "http:",
    "http://o.example/\\*x",
];

const ROLES: &[&str] = &[
    "emphasis",
    "strong",
    "literal",
    "code",
    "math",
    "sub",
    "sup",
    "title",
    "ac",
    "ab",
    "t",
    "subscript",
    "superscript",
    "acronym",
    "abbreviation",
    "Strong",
    "title-reference",
];

/// What a text refers to and has to define before it ends.
#[derive(Debug, Default)]
pub(super) struct Names {
    pub(super) targets: Vec<String>,
    pub(super) footnotes: Vec<String>,
    pub(super) citations: Vec<String>,
    pub(super) substitutions: Vec<String>,
    pub(super) roles: Vec<String>,
    pub(super) n_anonymous: usize,
    pub(super) n_auto: usize,
    pub(super) n_symbols: usize,
    pub(super) n_internal: usize,
    pub(super) n_sections: usize,
}

fn note(list: &mut Vec<String>, name: &str) {
    if !list.iter().any(|known| known == name) {
        list.push(name.to_owned());
    }
}

/// Plain words.
pub(super) fn words(dice: &mut Dice, n: usize) -> String {
    let words: Vec<&str> = (0..n).map(|_| dice.pick(WORDS)).collect();
    words.join(" ")
}

/// A word that is never markup.
pub(super) fn plain(dice: &mut Dice) -> &'static str {
    dice.pick(&[
        "wheel",
        "index",
        "sealed",
        "files",
        "Z\u{fc}rich",
        "\u{65e5}\u{672c}",
        "x",
        "release",
    ])
}

/// A few words that are never markup.
pub(super) fn plains(dice: &mut Dice, most: usize) -> String {
    let n = dice.between(1, most);
    (0..n).map(|_| plain(dice)).collect::<Vec<_>>().join(" ")
}

/// Words and markup on one line.
pub(super) fn text(dice: &mut Dice, names: &mut Names, most: usize) -> String {
    let n = dice.between(1, most);
    let mut out = String::new();
    for at in 0..n {
        if at > 0 {
            out.push_str(if dice.one_in(30) {
                ""
            } else if dice.one_in(30) {
                "  "
            } else {
                " "
            });
        }
        if dice.one_in(3) {
            let around = dice.pick(&[
                "", "", "", "", "(", "\"", "'", "[", "-", "\u{ab}", "{", "<", "\\ ",
            ]);
            out.push_str(around);
            out.push_str(&markup(dice, names));
            out.push_str(match around {
                "(" => ")",
                "\"" => "\"",
                "'" => "'",
                "[" => "]",
                "{" => "}",
                "<" => ">",
                "\u{ab}" => "\u{bb}",
                "\\ " => "\\ s",
                _ => dice.pick(&[
                    "", "", ",", ".", ":", "!", "?", "-", "/", "\u{2026}", "\\ x",
                ]),
            });
        } else if dice.one_in(3) {
            out.push_str(dice.pick(WORDS));
        } else {
            out.push_str(plain(dice));
        }
    }
    out
}

fn markup(dice: &mut Dice, names: &mut Names) -> String {
    let inner = plains(dice, 3);
    match dice.below(22) {
        0 => format!("*{inner}*"),
        1 => format!("**{inner}**"),
        2 => format!(
            "``{}``",
            dice.pick(&[
                "a b", "\\x", "`", "--opt", "it's", "x  y", "<b>", "\"q\"", "\\", "a\\`b", "|x|_"
            ])
        ),
        3 => format!(":{}:`{inner}`", dice.pick(ROLES)),
        4 => format!("`{inner}`:{}:", dice.pick(ROLES)),
        5 => format!("`{inner}`"),
        6 | 7 => reference(dice, names),
        8 => dice.pick(ADDRESSES).to_owned(),
        9 => footnote(dice, names),
        10 => {
            let name = dice.pick(&["CIT2002", "Knuth", "a.b-c", "R_1"]);
            note(&mut names.citations, name);
            format!("[{name}]_")
        }
        11 => substitution(dice, names),
        12 => {
            format!("`{inner} <{}>`_", embedded(dice, names))
                + if dice.one_in(2) { "_" } else { "" }
        }
        13 => {
            names.n_internal += 1;
            format!("_`inner {}`", names.n_internal)
        }
        14 => format!(
            ":math:`{}`",
            dice.pick(&[
                "x^2",
                "\\alpha_1",
                "a < b & c",
                "\\frac{1}{2}",
                "\"x\"",
                "a\\ b"
            ])
        ),
        15 => format!(
            ":code:`{}`",
            dice.pick(&["x = 1", "a \\b", "\"s\"", "f(*a)", "it's"])
        ),
        16 => format!(":PEP:`{}`", dice.pick(&["8", "0440", " 517 ", "3_3"])),
        17 => format!(":RFC:`{}`", dice.pick(&["822", "2822#section-3", "+7"])),
        18 => {
            let role = dice.pick(&["mine", "py", "tex", "big-role"]);
            note(&mut names.roles, role);
            format!(":{role}:`{inner}`")
        }
        19 => format!("*{inner} ``{inner}``*"),
        20 => format!("**{inner} *{inner}***"),
        _ => dice.pick(ADDRESSES).to_owned(),
    }
}

fn embedded(dice: &mut Dice, names: &mut Names) -> String {
    match dice.below(6) {
        0 => {
            let name = dice.pick(TARGETS);
            note(&mut names.targets, name);
            format!("{name}_")
        }
        1 => "docs/a b.html".to_owned(),
        2 => "who@there.example".to_owned(),
        3 => "https://e.example/x\\_".to_owned(),
        4 => format!("#{}", plain(dice)),
        _ => "https://e.example/?a=b&c".to_owned(),
    }
}

fn reference(dice: &mut Dice, names: &mut Names) -> String {
    if dice.one_in(4) {
        names.n_anonymous += 1;
        return dice
            .pick(&["`some text`__", "word__", "`it's \"q\"`__"])
            .to_owned();
    }
    if names.n_sections > 0 && dice.one_in(4) {
        return format!("`Part {}`_", dice.between(1, names.n_sections));
    }
    if names.n_internal > 0 && dice.one_in(4) {
        return format!("`inner {}`_", dice.between(1, names.n_internal));
    }
    let name = dice.pick(TARGETS);
    note(&mut names.targets, name);
    let is_simple = name
        .chars()
        .all(|c| c.is_alphanumeric() || "-_.".contains(c));
    match is_simple && dice.one_in(2) {
        true => format!("{name}_"),
        false => format!(
            "`{}`_",
            if dice.one_in(3) {
                name.to_uppercase()
            } else {
                (*name).to_owned()
            }
        ),
    }
}

fn footnote(dice: &mut Dice, names: &mut Names) -> String {
    match dice.below(4) {
        0 => {
            names.n_auto += 1;
            "[#]_".to_owned()
        }
        1 => {
            names.n_symbols += 1;
            "[*]_".to_owned()
        }
        2 => {
            let name = dice.pick(&["1", "2", "4", "07"]);
            note(&mut names.footnotes, name);
            format!("[{name}]_")
        }
        _ => {
            let name = dice.pick(&["#note", "#other.one", "#Third"]);
            note(&mut names.footnotes, name);
            format!("[{name}]_")
        }
    }
}

fn substitution(dice: &mut Dice, names: &mut Names) -> String {
    let name = dice.pick(&["version", "Logo", "two words", "long  name", "uni"]);
    note(&mut names.substitutions, name);
    match dice.below(5) {
        0 => {
            let name = dice.pick(&["version", "Logo"]);
            note(&mut names.substitutions, name);
            note(&mut names.targets, name);
            format!("|{name}|_")
        }
        1 => {
            names.n_anonymous += 1;
            format!("|{name}|__")
        }
        2 => format!("|{}|", name.to_uppercase()),
        _ => format!("|{name}|"),
    }
}
