//! Inline markup of reStructuredText: each byte stands for a piece of it, in one paragraph.

/// What markup is made of; white space and words more often than the rest.
const PIECES: &[&str] = &[
    " ",
    " ",
    " ",
    "\n",
    "a",
    "word",
    "B2",
    "\u{e9}",
    "\u{65e5}",
    "*",
    "**",
    "`",
    "``",
    "_",
    "__",
    "|",
    ":",
    "::",
    "\\",
    "\\ ",
    "<",
    ">",
    "[",
    "]",
    "(",
    ")",
    "\"",
    "'",
    ".",
    ",",
    "-",
    "--",
    "...",
    "/",
    "@",
    "#",
    "=",
    "$",
    "&",
    "{",
    "}",
    ":code:`",
    ":math:`",
    ":sub:`",
    "`:sup:",
    "`_",
    "`__",
    "]_",
    "|_",
    "_`",
    "[1]_",
    "[#]_",
    "[*]_",
    "[#a]_",
    "[Cit]_",
    "http://a.example/",
    "a@b.example",
    "mailto:",
    "<a_>`_",
    "<http://x>`_",
    "\u{ab}",
    "\u{bb}",
    "\u{201c}",
    "\u{200b}",
    "\u{301}",
    "\u{0}",
];

/// What the pieces may refer to, so that a text can pass.
const DEFINED: &str =
    "\n\n.. _a: http://a.example/\n.. _word: a_\n.. |a| replace:: *b*\n.. [1] One\n.. [Cit] Two\n";

/// Renders the text that the bytes stand for.
pub(crate) fn run(bytes: &[u8]) {
    let pieces = bytes
        .iter()
        .take(4_000)
        .map(|byte| PIECES[usize::from(*byte) % PIECES.len()]);
    let text: String = pieces.collect();
    super::rst::run((text + DEFINED).as_bytes());
}
