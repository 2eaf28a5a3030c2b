//! P711: text that was decoded by the wrong character set.

use pubflow_finding::{Findings, Rule, Severity};

use super::Description;

pub(super) static RULE: Rule = Rule {
    code: "P711",
    name: "description-mojibake",
    severity: Severity::Warning,
    source: "advice",
    refused_by: &[],
    about: "The description holds UTF-8 that was read as Latin-1 or Windows-1252 (`Ã©` for `é`, \
            `â€™` for `’`), or the sign that stands for undecodable bytes (U+FFFD).",
    why: "The README was read with the character set of the build machine, so that the page shows \
          these marks instead of the author's letters.",
    cure: "Store the README as UTF-8 and read it so: `open(\"README.md\", encoding=\"utf-8\")` in a \
           `setup.py`.",
    bad: "JosÃ©â€™s maps",
    good: "José’s maps",
};

/// The first characters of two-byte and three-byte letters, read as Windows-1252 does.
fn is_mojibake(before: char, c: char) -> bool {
    match before {
        '\u{c3}' | '\u{c2}' => ('\u{a0}'..='\u{bf}').contains(&c) || is_from_windows(c),
        '\u{e2}' => matches!(
            c,
            '\u{20ac}' | '\u{201a}' | '\u{2020}' | '\u{2030}' | '\u{80}'..='\u{9f}'
        ),
        _ => false,
    }
}

/// What Windows-1252 has between 0x80 and 0x9f, as far as letters of UTF-8 end there.
fn is_from_windows(c: char) -> bool {
    "\u{20ac}\u{201a}\u{192}\u{201e}\u{2026}\u{2020}\u{2021}\u{2c6}\u{2030}\u{160}\u{2039}\u{152}\u{17d}\u{2018}\u{201c}\u{2022}\u{2013}\u{2014}\u{2dc}\u{2122}\u{161}\u{203a}\u{153}\u{17e}\u{178}".contains(c)
}

/// Reports the first place, and how many there are.
pub(super) fn check(description: &Description, findings: &mut Findings) {
    let (mut first, mut n_places, mut line, mut before) = (None, 0, 1, ' ');
    for c in description.text.chars() {
        if c == '\u{fffd}' || is_mojibake(before, c) {
            let shown = if c == '\u{fffd}' {
                c.to_string()
            } else {
                format!("{before}{c}")
            };
            first.get_or_insert((line, shown));
            n_places += 1;
        }
        line += usize::from(c == '\n');
        before = c;
    }
    if let Some((line, shown)) = first {
        let places = match n_places {
            1 => "in one place".to_owned(),
            n => format!("in {n} places"),
        };
        let message = format!("text was decoded wrongly: `{shown}` {places}");
        findings.add(
            description
                .finding_at(&RULE, Some(line), message)
                .next("store the README as UTF-8"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::found;
    use super::RULE;

    #[test]
    fn fires() {
        assert_eq!(
            found(
                &RULE,
                "a\nJos\u{c3}\u{a9}\u{e2}\u{20ac}\u{2122}s\n",
                Some("text/plain")
            ),
            ["2: text was decoded wrongly: `\u{c3}\u{a9}` in 2 places"]
        );
        assert_eq!(found(&RULE, "x \u{fffd}\n", Some("text/plain")).len(), 1);
    }

    #[test]
    fn stays_quiet() {
        assert!(
            found(
                &RULE,
                "Jos\u{e9}\u{2019}s \u{c2}me \u{e2}ge\n",
                Some("text/plain")
            )
            .is_empty()
        );
    }
}
