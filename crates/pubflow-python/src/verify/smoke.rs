//! What is tried in an environment, as the project or the user wants it.

use std::time::Duration;

use crate::installer::Indexes;

/// What is tried; the default is what helps every project.
#[derive(Debug, Clone)]
pub struct SmokeTest {
    /// How far console scripts are tried.
    pub scripts: ScriptTest,
    /// Modules that are imported instead of all that the wheel has; empty for all.
    pub imports: Vec<String>,
    /// Extras that are installed and tried, each in an environment of its own; the empty text is the
    /// distribution without extras, and no text at all means the same.
    pub extras: Vec<String>,
    /// Where dependencies come from.
    pub indexes: Indexes,
    /// The user's own commands, each a program and its arguments.
    pub commands: Vec<Vec<String>>,
    /// Times beyond which something is found.
    pub budgets: Budgets,
}

impl Default for SmokeTest {
    fn default() -> Self {
        Self {
            scripts: ScriptTest::Help,
            imports: Vec::new(),
            extras: Vec::new(),
            indexes: Indexes::OneDefault,
            commands: Vec::new(),
            budgets: Budgets::default(),
        }
    }
}

impl SmokeTest {
    /// What is installed in one environment each: without extras, or with one.
    pub(super) fn variants(&self) -> Vec<Option<String>> {
        let mut variants: Vec<Option<String>> = Vec::new();
        for extra in &self.extras {
            let variant = Some(extra.clone()).filter(|extra| !extra.is_empty());
            if !variants.contains(&variant) {
                variants.push(variant);
            }
        }
        match variants.is_empty() {
            true => vec![None],
            false => variants,
        }
    }
}

/// How far console scripts are tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScriptTest {
    /// Their objects are loaded, and they are run with `--help`.
    Help,
    /// Their objects are loaded.
    Load,
    /// Not at all.
    None,
}

/// Times beyond which something is found; none for no bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Budgets {
    /// For the import of one top-level module.
    pub import: Option<Duration>,
    /// For the installation with all dependencies, downloads included.
    pub install: Option<Duration>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_extras_there_is_one_variant() {
        let variants = |extras: &[&str]| {
            let extras = extras.iter().map(|extra| (*extra).to_owned()).collect();
            let smoke = SmokeTest {
                extras,
                ..SmokeTest::default()
            };
            smoke.variants()
        };
        assert_eq!(variants(&[]), [None]);
        assert_eq!(variants(&["", "all", ""]), [None, Some("all".to_owned())]);
        assert_eq!(variants(&["all"]), [Some("all".to_owned())]);
    }
}
