//! One small damage to a text, of the kinds that editors and people make.

use super::dice::Dice;

const INSERTS: &[&str] = &[
    "*",
    "`",
    "_",
    "|",
    ":",
    "\\",
    "\n",
    " ",
    "  ",
    "\t",
    "::",
    "**",
    "``",
    "__",
    ".. ",
    "- ",
    "\n\n",
    "<",
    ">",
    "[",
    "]",
    "(",
    "=",
    "====",
    "-",
    "+",
    "\"",
    "'",
    "\u{3000}",
    "\u{a0}",
    "\u{301}",
    "\u{85}",
    "\u{2028}",
    "\u{b}",
    "\u{c}",
    "\u{0}",
    "#",
    "1. ",
    ":x: ",
    "[#]_",
    "|x|",
    ".. _a: b",
    "\u{feff}",
    "\u{1f600}",
    "`x`_",
    ":code:`y`",
    "\r",
    "\u{1b}",
    "\u{1c}",
    "a.",
    "(i) ",
    "| ",
    ">>> ",
    "--x ",
    "\u{202f}",
    "\u{200b}",
    "\u{ad}",
    "$x$",
    "\u{1e}",
];

/// The text with one to three damages.
pub fn damage(dice: &mut Dice, text: &str) -> String {
    let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
    for _ in 0..dice.between(1, 3) {
        let at = dice.below(lines.len());
        match dice.below(14) {
            0 => drop(lines.remove(at)),
            1 => lines.insert(at, lines[at].clone()),
            2 => lines[at] = lines[at].trim_start().to_owned(),
            3 => lines[at].insert_str(0, dice.pick(&[" ", "  ", "    ", "\t"])),
            4 => lines[at] = cut(dice, &lines[at]),
            5..=7 => {
                let place = place(dice, &lines[at]);
                lines[at].insert_str(place, dice.pick(INSERTS));
            }
            8 | 9 => {
                let place = place(dice, &lines[at]);
                if place < lines[at].len() {
                    lines[at].remove(place);
                }
            }
            10 => {
                let other = dice.below(lines.len());
                lines.swap(at, other);
            }
            11 => lines.insert(at, String::new()),
            12 if at + 1 < lines.len() => {
                let next = lines.remove(at + 1);
                lines[at].push_str(&next);
            }
            _ => {
                let (from, to) = (dice.below(lines.len()), dice.below(lines.len()));
                let line = lines[from].clone();
                lines.insert(to, line);
            }
        }
        if lines.is_empty() {
            lines.push(String::new());
        }
    }
    lines.join("\n")
}

/// The start of a character, or the end.
fn place(dice: &mut Dice, line: &str) -> usize {
    let n = dice.below(line.chars().count() + 1);
    line.char_indices().nth(n).map_or(line.len(), |(at, _)| at)
}

fn cut(dice: &mut Dice, line: &str) -> String {
    let at = place(dice, line);
    match dice.one_in(2) {
        true => line[..at].to_owned(),
        false => line[at..].to_owned(),
    }
}
