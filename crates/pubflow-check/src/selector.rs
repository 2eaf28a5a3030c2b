//! How rules are named in options and settings: by code, by the beginning of codes, by family, by
//! name.

use pubflow_finding::Rule;

/// How close a word must be to the name or code of a rule to be proposed for it.
const CLOSE: f64 = 0.75;

/// One or more rules, as somebody named them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selector {
    text: String,
    codes: Vec<&'static str>,
    /// Characters of the code that were given; a selector that says more wins over one that says
    /// less.
    precision: usize,
}

/// No rule is called so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no rule is called `{given}`")]
pub struct UnknownRule {
    /// What was given.
    pub given: String,
    /// The code of the rule that may have been meant.
    pub nearest: Option<String>,
}

impl Selector {
    /// Reads `P206`, `project-key`, `P2` (codes that begin so), `P2xx` (codes of this length) or
    /// `all`, in any letter case, among the rules that are `known`.
    ///
    /// # Errors
    /// No rule is called so.
    pub fn parse(text: &str, known: &[&'static Rule]) -> Result<Self, UnknownRule> {
        let given = text.trim();
        let exact = |rule: &&Rule| {
            rule.code.eq_ignore_ascii_case(given) || rule.name.eq_ignore_ascii_case(given)
        };
        if let Some(rule) = known.iter().find(|rule| exact(rule)) {
            return Ok(Self {
                text: given.to_owned(),
                codes: vec![rule.code],
                precision: usize::MAX,
            });
        }
        let upper = given.to_ascii_uppercase();
        let stem = upper.trim_end_matches('X');
        let length = (stem.len() < upper.len()).then_some(upper.len());
        let (stem, length) = match upper.as_str() {
            "ALL" => ("P", None),
            _ => (stem, length),
        };
        let fits =
            |code: &str| code.starts_with(stem) && length.is_none_or(|length| code.len() == length);
        let codes: Vec<&str> = known
            .iter()
            .map(|rule| rule.code)
            .filter(|code| stem.starts_with('P') && fits(code))
            .collect();
        if codes.is_empty() {
            return Err(UnknownRule {
                given: given.to_owned(),
                nearest: nearest(given, known),
            });
        }
        Ok(Self {
            text: given.to_owned(),
            codes,
            precision: stem.len(),
        })
    }

    /// As it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Codes of the rules that it names.
    #[must_use]
    pub fn codes(&self) -> &[&'static str] {
        &self.codes
    }

    /// Whether it names one rule by its full code or its name.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.precision == usize::MAX
    }

    /// How precisely it names the rule with this code; `None` where it does not.
    pub(crate) fn precision_for(&self, code: &str) -> Option<usize> {
        self.codes.contains(&code).then_some(self.precision)
    }
}

/// The code or name that was probably meant.
fn nearest(given: &str, known: &[&'static Rule]) -> Option<String> {
    let lower = given.to_lowercase();
    let closeness = |rule: &Rule| {
        let by_name = strsim::jaro_winkler(rule.name, &lower);
        by_name.max(strsim::jaro_winkler(&rule.code.to_lowercase(), &lower))
    };
    let best = known
        .iter()
        .map(|rule| (closeness(rule), rule))
        .max_by(|a, b| a.0.total_cmp(&b.0))?;
    let (closeness, rule) = best;
    (closeness >= CLOSE).then(|| format!("{} ({})", rule.code, rule.name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn codes(text: &str) -> Vec<&'static str> {
        Selector::parse(text, &crate::rules()).unwrap().codes
    }

    #[test]
    fn a_rule_is_named_by_code_and_by_name() {
        assert_eq!(codes("P206"), ["P206"]);
        assert_eq!(codes(" p206 "), ["P206"]);
        assert_eq!(codes("project-key"), ["P206"]);
    }

    #[test]
    fn a_beginning_names_all_that_begin_so_and_a_family_those_of_its_length() {
        assert!(codes("P10").contains(&"P101") && codes("P10").contains(&"P1001"));
        assert!(codes("P1xx").iter().all(|code| code.len() == 4));
        assert!(
            codes("P10xx")
                .iter()
                .all(|code| code.starts_with("P10") && code.len() == 5)
        );
        assert_eq!(codes("all").len(), crate::rules().len());
    }

    #[test]
    fn what_names_no_rule_is_an_error_with_the_nearest() {
        let nearest = |text: &str| Selector::parse(text, &crate::rules()).unwrap_err().nearest;
        assert_eq!(nearest("projct-key").as_deref(), Some("P206 (project-key)"));
        assert_eq!(nearest("E501").as_deref().map(|text| &text[..1]), Some("P"));
        assert_eq!(nearest("W"), None);
        assert!(Selector::parse("", &crate::rules()).is_err());
        assert!(Selector::parse("P99xx", &crate::rules()).is_err());
    }
}
