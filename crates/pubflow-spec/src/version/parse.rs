//! The grammar of versions, part by part, so that specifiers can read with it too.
//!
//! Every part takes the longest text it can, and none ever needs to give something back: that
//! makes one pass enough.

use super::{LocalSegment, Parts, PreKind, VersionError, VersionExpected};
use crate::syntax::{Number, Scanner};

/// Most digits that Python turns into a number, unless told otherwise.
pub(super) const MOST_DIGITS: usize = 4300;

const SEPARATORS: &[char] = &['.', '-', '_'];
/// Longer spellings stand before their own beginnings.
const PRE_SPELLINGS: &[(&str, PreKind)] = &[
    ("alpha", PreKind::Alpha),
    ("a", PreKind::Alpha),
    ("beta", PreKind::Beta),
    ("b", PreKind::Beta),
    ("preview", PreKind::Candidate),
    ("pre", PreKind::Candidate),
    ("rc", PreKind::Candidate),
    ("c", PreKind::Candidate),
];
const POST_SPELLINGS: &[(&str, ())] = &[("post", ()), ("rev", ()), ("r", ())];
const DEV_SPELLINGS: &[(&str, ())] = &[("dev", ())];

/// A whole text as a version.
pub(super) fn parse(text: &str) -> Result<Parts, VersionError> {
    let mut scanner = Scanner::new(text);
    scanner.skip_python_space();
    let mut parts = scan_release(&mut scanner).map_err(|expected| scanner.error(expected))?;
    scan_suffixes(&mut scanner, &mut parts);
    scan_local(&mut scanner, &mut parts);
    let end = scanner;
    scanner.skip_python_space();
    if scanner.at_end() {
        return match oversized_number(text, &parts) {
            Some(byte) => Err(VersionError::at(text, byte, VersionExpected::ShorterNumber)),
            None => Ok(parts),
        };
    }
    let mut end = end;
    let in_local = end.eat("+");
    Err(end.error(if in_local {
        VersionExpected::Local
    } else {
        VersionExpected::End
    }))
}

/// Where the first number stands that has too many digits.
fn oversized_number(text: &str, parts: &Parts) -> Option<usize> {
    let local = parts.local.iter().filter_map(|segment| match segment {
        LocalSegment::Number(number) => Some(number),
        LocalSegment::Word(_) => None,
    });
    let pre = parts.pre.as_ref().map(|(_, number)| number);
    let suffixes = [
        Some(&parts.epoch),
        pre,
        parts.post.as_ref(),
        parts.dev.as_ref(),
    ];
    let mut numbers = parts
        .release
        .iter()
        .chain(suffixes.into_iter().flatten())
        .chain(local);
    if numbers.all(|number| number.n_digits() <= MOST_DIGITS) {
        return None;
    }
    let mut start = 0;
    for run in text.split(|c: char| !c.is_ascii_digit()) {
        if run.len() > MOST_DIGITS {
            break;
        }
        start += run.len();
        start += text[start..].chars().next().map_or(0, char::len_utf8);
    }
    Some(start)
}

/// An optional `v`, the epoch and the release.
pub(crate) fn scan_release(scanner: &mut Scanner<'_>) -> Result<Parts, VersionExpected> {
    scanner.eat_any_case("v");
    let first = scanner.take_digits().ok_or(VersionExpected::Release)?;
    let mut parts = Parts {
        epoch: Number::ZERO,
        release: vec![Number::from_digits(first)],
        pre: None,
        post: None,
        dev: None,
        local: Vec::new(),
    };
    if scanner.eat("!") {
        let digits = scanner.take_digits();
        let digits = digits.ok_or(VersionExpected::ReleaseAfterEpoch)?;
        parts.epoch = std::mem::replace(&mut parts.release[0], Number::from_digits(digits));
    }
    loop {
        let before = *scanner;
        let digits = scanner.eat(".").then(|| scanner.take_digits()).flatten();
        let Some(digits) = digits else {
            scanner.set(before);
            return Ok(parts);
        };
        parts.release.push(Number::from_digits(digits));
    }
}

/// The pre-, post- and development release, each optional.
pub(crate) fn scan_suffixes(scanner: &mut Scanner<'_>, parts: &mut Parts) {
    parts.pre = scan_suffix(scanner, PRE_SPELLINGS);
    parts.post = scan_implicit_post(scanner)
        .or_else(|| scan_suffix(scanner, POST_SPELLINGS).map(|((), number)| number));
    parts.dev = scan_suffix(scanner, DEV_SPELLINGS).map(|((), number)| number);
}

/// A separator, a word, a separator, a number; all but the word optional.
fn scan_suffix<K: Copy>(scanner: &mut Scanner<'_>, spellings: &[(&str, K)]) -> Option<(K, Number)> {
    let before = *scanner;
    scanner.eat_one_of(SEPARATORS);
    let Some((_, kind)) = spellings
        .iter()
        .find(|(word, _)| scanner.eat_any_case(word))
    else {
        scanner.set(before);
        return None;
    };
    scanner.eat_one_of(SEPARATORS);
    let number = scanner
        .take_digits()
        .map_or(Number::ZERO, Number::from_digits);
    Some((*kind, number))
}

/// `-N`, a post-release without its word.
fn scan_implicit_post(scanner: &mut Scanner<'_>) -> Option<Number> {
    let before = *scanner;
    let digits = scanner.eat("-").then(|| scanner.take_digits()).flatten();
    if digits.is_none() {
        scanner.set(before);
    }
    digits.map(Number::from_digits)
}

/// `+` and the local label; nothing is read when no label follows the `+`.
pub(crate) fn scan_local(scanner: &mut Scanner<'_>, parts: &mut Parts) {
    let mut before = *scanner;
    if !scanner.eat("+") {
        return;
    }
    loop {
        let segment = scanner.take_while(|c| c.is_ascii_alphanumeric());
        if segment.is_empty() {
            scanner.set(before);
            return;
        }
        parts
            .local
            .push(if segment.bytes().all(|b| b.is_ascii_digit()) {
                LocalSegment::Number(Number::from_digits(segment))
            } else {
                LocalSegment::Word(segment.to_ascii_lowercase().into())
            });
        before = *scanner;
        if !scanner.eat_one_of(SEPARATORS) {
            return;
        }
    }
}
