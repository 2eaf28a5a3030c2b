use proptest::prelude::*;

use super::render;
use crate::profile::Profile;

/// First line and text of the message that refuses a description.
#[track_caller]
fn refused(text: &str, line: impl Into<Option<usize>>, message: &str) {
    let found = *render(text, Profile::Renderer46).unwrap_err();
    let first = found.message.lines().next().unwrap_or_default();
    assert_eq!((found.line, first), (line.into(), message), "{text}");
}

#[track_caller]
fn shows(text: &str, html: &str) {
    let found = render(text, Profile::Renderer46);
    assert_eq!(
        found.as_ref().map(Option::as_deref),
        Ok(Some(html)),
        "{text}"
    );
}

#[test]
fn blocks_must_end_with_blank_lines() {
    refused(
        "- a\nb\n",
        2,
        "Bullet list ends without a blank line; unexpected unindent.",
    );
    refused(
        "a::\n\n  b\nc\n",
        4,
        "Literal block ends without a blank line; unexpected unindent.",
    );
    refused("a\nb\n  c\n", 3, "Unexpected indentation.");
}

#[test]
fn titles_need_long_lines_and_known_levels() {
    refused("Title\n====\n", 2, "Title underline too short.");
    refused(
        "====\nTitle\n----\n",
        1,
        "Title overline & underline mismatch.",
    );
    refused(
        "A\n=\n\nB\n-\n\nC\n=\n\nD\n~\n",
        10,
        "Inconsistent title style: skip from level 1 to 3.",
    );
}

#[test]
fn inline_markup_must_end() {
    refused(
        "a *b\n",
        1,
        "Inline emphasis start-string without end-string.",
    );
    refused(
        "a\nb ``c\n",
        1,
        "Inline literal start-string without end-string.",
    );
    refused(":x:`a`\n", 1, "Unknown interpreted text role \"x\".");
}

#[test]
fn references_must_name_something() {
    refused("a_\n", 1, "Unknown target name: \"a\".");
    refused("|a|\n", 1, "Undefined substitution referenced: \"a\".");
    refused(
        "[#]_\n",
        1,
        "Too many autonumbered footnote references: only 0 corresponding footnote available.",
    );
    refused(
        ".. |a| replace:: |b|\n.. |b| replace:: |a|\n\n|a|\n",
        4,
        "Circular substitution definition referenced: \"a\".",
    );
}

#[test]
fn directives_are_read_strictly() {
    refused(".. toctree::\n", 1, "Unknown directive type \"toctree\".");
    refused(".. include:: x\n", 1, "\"include\" directive disabled.");
    refused(
        ".. image:: x\n   :wide: 1\n",
        1,
        "Error in \"image\" directive:",
    );
    refused(
        ".. note::\n",
        1,
        "Content block expected for the \"note\" directive; none found.",
    );
}

#[test]
fn tables_are_checked() {
    refused("+---+\n| a |\n+--\n", 3, "Malformed table.");
    refused("== ==\na  b\n\nc\n", 1, "Malformed table.");
    shows(
        "== ==\na  b\n== ==\n",
        "<table>\n<tbody>\n<tr><td><p>a</p></td>\n<td><p>b</p></td>\n</tr>\n</tbody>\n</table>\n",
    );
}

#[test]
fn paragraphs_hold_markup_and_links() {
    shows(
        "*a* ``b`` `c <https://d.example>`_ \"e\"\n",
        "<p><em>a</em> <span class=\"docutils literal\">b</span> \
         <a href=\"https://d.example\" rel=\"nofollow\">c</a> \u{201c}e\u{201d}</p>\n",
    );
}

#[test]
fn a_lone_title_is_shown_by_46_only() {
    let text = "Title\n=====\n";
    assert_eq!(render(text, Profile::Renderer45), Ok(None));
    assert!(
        render(text, Profile::Renderer46)
            .unwrap()
            .unwrap()
            .contains("<h1>Title")
    );
}

#[test]
fn nothing_is_nested_too_deeply() {
    let text: String = (0..400)
        .map(|n| format!("{}- a\n\n", " ".repeat(2 * n)))
        .collect();
    let found = render(&text, Profile::Renderer46).unwrap_err();
    assert_eq!(found.message, "Nested too deeply to be rendered.");
    let quotes: String = (0..150)
        .map(|n| format!("{}a\n\n", " ".repeat(n)))
        .collect();
    assert!(render(&quotes, Profile::Renderer46).unwrap().is_some());
}

#[test]
fn substitutions_that_multiply_end() {
    let mut text = String::from("|a0|\n\n");
    for n in 0..40 {
        text.push_str(&format!(".. |a{n}| replace:: |a{0}| |a{0}|\n", n + 1));
    }
    assert!(render(&text, Profile::Renderer46).is_err());
}

/// Pieces of markup, put together at random.
const PIECES: &[&str] = &[
    "\n",
    "\n\n",
    " ",
    "  ",
    "   ",
    "- ",
    "1. ",
    "#. ",
    "a",
    "b c",
    "*",
    "**",
    "`",
    "``",
    "_",
    "__",
    ":",
    "::",
    "|",
    "..",
    ".. ",
    ".. _a: b\n",
    ".. |a| replace:: x\n",
    ".. image:: x\n",
    "[1]_",
    "[#]_",
    ".. [1] x\n",
    "====",
    "----",
    "== ==\n",
    "+--+\n",
    "|a |\n",
    "+==+\n",
    "\\",
    "\0",
    "\t",
    "\u{4e2d}",
    "\u{301}",
    "<",
    ">",
    "http://a.b",
    "a@b.c",
    ":a: b\n",
    "-a  b\n",
    ">>> x\n",
    "| x\n",
    ".. class:: x\n",
    ".. csv-table::\n\n   \"a\", b\n",
    ".. list-table::\n\n   * - a\n",
    ".. contents::\n",
    ".. table::\n\n",
    ":code:`x`",
    ".. role:: r\n",
    ":r:`x`",
    ".. math::\n\n   x\n",
    ".. figure:: x\n\n   y\n",
    "__ x\n",
    "a__ ",
];

proptest! {
    #[test]
    fn any_text_gets_a_verdict(text in "\\PC{0,80}") {
        let _ = render(&text, Profile::Renderer45);
    }

    #[test]
    fn any_markup_gets_the_same_verdict_twice(
        pieces in prop::collection::vec(prop::sample::select(PIECES), 0..40),
    ) {
        let text = pieces.concat();
        prop_assert_eq!(render(&text, Profile::Renderer45), render(&text, Profile::Renderer45));
        let _ = render(&text, Profile::Renderer46);
    }
}

#[test]
fn a_short_grid_table_is_blamed_where_its_edge_ends() {
    refused("+---+\n| a |\n+===+\nb\n", 4, "Malformed table.");
}

#[test]
fn notes_below_warnings_count_as_blocks() {
    refused(
        ".. figure:: x\n\n   ---\n   a\n",
        1,
        "Figure caption must be a paragraph or empty comment.",
    );
}

#[test]
fn lines_of_the_old_line_block_know_their_place() {
    refused(
        ".. line-block::\n\n   a\n   b_\n",
        2,
        "Unknown target name: \"b\".",
    );
}

#[test]
fn quoted_source_loses_its_escapes() {
    let found = *render("abcdef\0\n-----\n", Profile::Renderer46).unwrap_err();
    assert_eq!(found.message, "Title underline too short.\n\nabcdef-----");
}

#[test]
fn links_inside_of_mail_links_are_cloaked_with_them() {
    shows(
        "|m|_ x\n\n.. |m| replace:: a http://x.example b.c\n.. _m: a@b.example\n",
        "<p><a href=\"mailto:a%40b.example\" rel=\"nofollow\">a </a>\
         <a href=\"http://x.example\" rel=\"nofollow\">http://x<span>.</span>example</a> b.c x</p>\n",
    );
}

#[test]
fn quotes_follow_the_language() {
    shows(
        ".. class:: language-de\n\n\"a\" 'b'\n",
        "<p>\u{201e}a\u{201c} \u{201a}b\u{2018}</p>\n",
    );
    refused(
        ".. class:: language-tlh\n\na\n",
        3,
        "No smart quotes defined for language \"tlh\".",
    );
    shows("x\\\\'*a*\n", "<p>x'<em>a</em></p>\n");
}

#[test]
fn formulas_keep_the_classes_of_those_before() {
    shows(
        ":math:`\u{3b1}`\n\n.. role:: m(math)\n\n:m:`b` :math:`c`\n",
        "<p><span class=\"math\">\\(\\alpha \\)</span></p>\n<p><span class=\"math m\">\\(b\\)</span> \
         <span class=\"math m\">\\(c\\)</span></p>\n",
    );
}

#[test]
fn formulas_of_headers_and_footers_lend_their_classes() {
    let footer = "b :math:`c`\n\n.. footer::\n\n   .. math::\n      :class: f\n\n      x\n";
    shows(footer, "<p>b <span class=\"math f\">\\(c\\)</span></p>\n");
    let header = ".. header::\n\n   .. math::\n      :class: h\n\n      x\n";
    shows(
        &format!("{footer}\n{header}"),
        "<p>b <span class=\"math h f\">\\(c\\)</span></p>\n",
    );
}
