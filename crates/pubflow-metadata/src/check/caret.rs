//! The caret of other languages and of some Python tools, in the operators of PEP 440.

/// What a version behind a caret stands for: `2.1` is `>=2.1,<3`, `0.3` is `>=0.3,<0.4`. The first
/// number that is not 0 must stay; where all are 0, the last.
pub(super) fn clauses_of_caret(version: &str) -> Option<String> {
    let numbers = version
        .split('.')
        .map(|part| part.parse::<u32>().ok())
        .collect::<Option<Vec<_>>>()?;
    let fixed = numbers
        .iter()
        .position(|number| *number != 0)
        .unwrap_or(numbers.len().checked_sub(1)?);
    let mut bound: Vec<String> = numbers.iter().take(fixed).map(u32::to_string).collect();
    bound.push(numbers.get(fixed)?.checked_add(1)?.to_string());
    Some(format!(">={version},<{}", bound.join(".")))
}

#[cfg(test)]
mod tests {
    use super::clauses_of_caret;

    #[test]
    fn a_caret_lets_everything_but_the_first_number_grow() {
        for (version, clauses) in [
            ("2.1", Some(">=2.1,<3")),
            ("0.3.1", Some(">=0.3.1,<0.4")),
            ("0.0", Some(">=0.0,<0.1")),
            ("3", Some(">=3,<4")),
            ("", None),
            ("1.x", None),
            ("99999999999", None),
        ] {
            assert_eq!(clauses_of_caret(version).as_deref(), clauses, "{version}");
        }
    }
}
