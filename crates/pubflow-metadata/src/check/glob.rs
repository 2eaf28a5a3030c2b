//! Patterns of `license-files` against the name of a file.

/// Characters from which a pattern is not tried.
const LONGEST: usize = 200;

/// Whether a pattern matches a whole name: `*` any text, `?` any character, `[…]` one of some; a
/// pattern that is too long matches, so that nobody is told that it does not.
///
/// Spec: PEP 639, "Project source metadata". A name is one part of a path, without `/`.
pub(super) fn matches(pattern: &str, name: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().take(LONGEST + 1).collect();
    let name: Vec<char> = name.chars().collect();
    if pattern.len() > LONGEST {
        return true;
    }
    let (mut p, mut n) = (0, 0);
    // Where to go on if what follows the last star does not fit: one character further.
    let mut retry = None;
    while n < name.len() {
        if pattern.get(p) == Some(&'*') {
            p += 1;
            retry = Some((p, n));
            continue;
        }
        match one(&pattern[p..], name[n]) {
            Some(length) => (p, n) = (p + length, n + 1),
            None => {
                let Some((after_star, at)) = retry else {
                    return false;
                };
                retry = Some((after_star, at + 1));
                (p, n) = (after_star, at + 1);
            }
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

/// How much of the pattern fits one character.
fn one(pattern: &[char], c: char) -> Option<usize> {
    match pattern.first()? {
        '?' => Some(1),
        '[' => {
            let end = pattern.iter().position(|c| *c == ']')?;
            let class = &pattern[1..end];
            let in_range = class
                .windows(3)
                .any(|range| range[1] == '-' && (range[0]..=range[2]).contains(&c));
            (in_range || class.contains(&c)).then_some(end + 1)
        }
        first => (*first == c).then_some(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_whole_names() {
        for (pattern, name, wanted) in [
            ("LICENSE", "LICENSE", true),
            ("LICEN[CS]E*", "LICENCE.txt", true),
            ("LICEN[CS]E*", "LICENSE", true),
            ("*.[a-z]?t", "x.txt", true),
            ("*E*", "LICENSE.md", true),
            ("*.md", "LICENSE.txt", false),
            ("LICENSE", "LICENSE.md", false),
            ("LIC", "LICENSE", false),
            ("", "x", false),
            ("*", "x", true),
        ] {
            assert_eq!(matches(pattern, name), wanted, "{pattern} {name}");
        }
        assert!(matches(&"x".repeat(300), "y"));
    }
}
