//! Enumerated lists: Arabic, alphabetic and Roman numbers in three forms.

use super::mark::{EnumFormat, Mark, enumerator};
use super::parser::{Machine, Parsed, Parser};
use super::tree::Kind;

/// Kinds of numbers, in the order in which an ambiguous one is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sequence {
    Auto,
    Arabic,
    LowerAlpha,
    UpperAlpha,
    LowerRoman,
    UpperRoman,
}

const SEQUENCES: [Sequence; 5] = [
    Sequence::Arabic,
    Sequence::LowerAlpha,
    Sequence::UpperAlpha,
    Sequence::LowerRoman,
    Sequence::UpperRoman,
];

impl Sequence {
    fn as_str(self) -> &'static str {
        match self {
            Self::Auto | Self::Arabic => "arabic",
            Self::LowerAlpha => "loweralpha",
            Self::UpperAlpha => "upperalpha",
            Self::LowerRoman => "lowerroman",
            Self::UpperRoman => "upperroman",
        }
    }

    fn takes(self, text: &str) -> bool {
        let all = |set: &str| text.chars().all(|c| set.contains(c));
        match self {
            Self::Auto => text == "#",
            Self::Arabic => all("0123456789"),
            Self::LowerAlpha => text.len() == 1 && text.as_bytes()[0].is_ascii_lowercase(),
            Self::UpperAlpha => text.len() == 1 && text.as_bytes()[0].is_ascii_uppercase(),
            Self::LowerRoman => all("ivxlcdm"),
            Self::UpperRoman => all("IVXLCDM"),
        }
    }

    fn ordinal(self, text: &str) -> Option<u64> {
        match self {
            Self::Auto => Some(1),
            Self::Arabic => text.parse().ok(),
            Self::LowerAlpha => Some(u64::from(text.as_bytes()[0] - b'a' + 1)),
            Self::UpperAlpha => Some(u64::from(text.as_bytes()[0] - b'A' + 1)),
            Self::LowerRoman | Self::UpperRoman => from_roman(&text.to_ascii_uppercase()),
        }
    }

    fn write(self, ordinal: u64) -> Option<String> {
        let letter = |first: u8| {
            let n = u8::try_from(ordinal)
                .ok()
                .filter(|n| (1..=26).contains(n))?;
            Some(char::from(first + n - 1).to_string())
        };
        match self {
            Self::Auto => Some("#".to_owned()),
            Self::Arabic => Some(ordinal.to_string()),
            Self::LowerAlpha => letter(b'a'),
            Self::UpperAlpha => letter(b'A'),
            Self::LowerRoman => to_roman(ordinal).map(|text| text.to_ascii_lowercase()),
            Self::UpperRoman => to_roman(ordinal),
        }
    }
}

const ROMAN: [(u64, &str); 13] = [
    (1000, "M"),
    (900, "CM"),
    (500, "D"),
    (400, "CD"),
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
];

fn to_roman(mut n: u64) -> Option<String> {
    if !(1..=3999).contains(&n) {
        return None;
    }
    let mut text = String::new();
    for (value, letters) in ROMAN {
        while n >= value {
            text.push_str(letters);
            n -= value;
        }
    }
    Some(text)
}

fn from_roman(text: &str) -> Option<u64> {
    let (mut n, mut rest) = (0, text.get(..text.len().min(16))?);
    for (value, letters) in ROMAN {
        while let Some(behind) = rest.strip_prefix(letters) {
            n += value;
            rest = behind;
        }
    }
    (to_roman(n).as_deref() == Some(text)).then_some(n)
}

/// A parsed enumerator.
struct Number {
    format: EnumFormat,
    sequence: Sequence,
    ordinal: Option<u64>,
}

fn parse(line: &str, expected: Option<Sequence>) -> Option<Number> {
    let ((format, text), _) = enumerator(line)?;
    let sequence = match text {
        "#" => Sequence::Auto,
        _ if expected.is_some_and(|expected| expected.takes(text)) => expected?,
        "i" if expected.is_none() => Sequence::LowerRoman,
        "I" if expected.is_none() => Sequence::UpperRoman,
        _ => SEQUENCES
            .into_iter()
            .find(|sequence| sequence.takes(text))?,
    };
    Some(Number {
        format,
        sequence,
        ordinal: sequence.ordinal(text),
    })
}

/// Whether the line behind an enumerator lets it be one: blank, indented or the next item.
fn fits(m: &Machine, number: &Number) -> Option<u64> {
    let ordinal = number.ordinal?;
    let next = m.lines.get(m.index() + 1).map_or("", |line| line);
    if next.is_empty() || next.starts_with(super::chars::is_space) {
        return Some(ordinal);
    }
    let (before, after) = number.format.affixes();
    let following = number.sequence.write(ordinal.checked_add(1)?)?;
    let is_item = |text: &str| {
        next.strip_prefix(before)
            .and_then(|rest| rest.strip_prefix(text))
            .and_then(|rest| rest.strip_prefix(after))
            .is_some_and(|rest| rest.starts_with(' '))
    };
    (is_item(&following) || is_item("#")).then_some(ordinal)
}

impl Parser {
    /// An enumerated list; `false` if the line only looks like an item.
    pub(super) fn enumerated_list(
        &mut self,
        m: &mut Machine,
        line: &str,
        end: usize,
    ) -> Parsed<bool> {
        let Some(number) = parse(line, None) else {
            return Ok(false);
        };
        let Some(ordinal) = fits(m, &number) else {
            return Ok(false);
        };
        let list = self.tree.create(Kind::EnumeratedList);
        self.tree[list].line = m.current_source_line();
        self.tree.append(m.node, list);
        let sequence = match number.sequence {
            Sequence::Auto => Sequence::Arabic,
            sequence => sequence,
        };
        self.tree[list].set("enumtype", sequence.as_str());
        if ordinal != 1 {
            self.tree[list].set("start", ordinal.to_string());
            self.inform(m.node);
        }
        let finish = self.list_item(m, list, end)?;
        let (mut last, mut auto) = (ordinal, number.sequence == Sequence::Auto);
        let format = number.format;
        let finish = self.items(m, list, finish, false, |parser, walk, mark| {
            let Mark::Enumerator(end) = mark else {
                return Ok(None);
            };
            let Some(number) = parse(walk.text(), Some(sequence)) else {
                return Ok(None);
            };
            let is_auto = number.sequence == Sequence::Auto;
            let follows = number.sequence == sequence
                && !auto
                && number
                    .ordinal
                    .is_some_and(|ordinal| last.checked_add(1) == Some(ordinal));
            if number.format != format || !(is_auto || follows) {
                return Ok(None);
            }
            let Some(ordinal) = fits(walk, &number) else {
                return Ok(None);
            };
            auto |= is_auto;
            last = ordinal;
            parser.list_item(walk, list, end).map(Some)
        })?;
        self.require_blank(m, finish, "Enumerated list")?;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roman_numbers_are_read_strictly() {
        assert_eq!(from_roman("MCMXCIX"), Some(1999));
        assert_eq!(from_roman("IIII"), None);
        assert_eq!(to_roman(4000), None);
    }
}
