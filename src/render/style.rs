//! Colour, where the reader can see it.

use std::io::IsTerminal;

use crate::config::Environment;

/// Whether to colour, decided once from the terminal, `NO_COLOR` and `FORCE_COLOR`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Style {
    colour: bool,
}

impl Style {
    /// For what goes to standard output.
    pub(crate) fn stdout(env: &Environment) -> Self {
        Self::decide(env, std::io::stdout().is_terminal())
    }

    /// For what goes to standard error.
    pub(crate) fn stderr(env: &Environment) -> Self {
        Self::decide(env, std::io::stderr().is_terminal())
    }

    /// No colour: for files.
    pub(crate) fn none() -> Self {
        Self { colour: false }
    }

    fn decide(env: &Environment, terminal: bool) -> Self {
        let colour = match (env.get("NO_COLOR"), env.get("FORCE_COLOR")) {
            (Some(_), _) => false,
            (None, Some(_)) => env.flag("FORCE_COLOR"),
            (None, None) => terminal && env.get("TERM") != Some("dumb"),
        };
        Self { colour }
    }

    fn paint(self, code: &str, text: &str) -> String {
        if self.colour {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }

    /// Errors.
    pub(crate) fn red(self, text: &str) -> String {
        self.paint("1;31", text)
    }

    /// Warnings.
    pub(crate) fn yellow(self, text: &str) -> String {
        self.paint("1;33", text)
    }

    /// What went well.
    pub(crate) fn green(self, text: &str) -> String {
        self.paint("32", text)
    }

    /// Headings.
    pub(crate) fn bold(self, text: &str) -> String {
        self.paint("1", text)
    }

    /// What stands back.
    pub(crate) fn dim(self, text: &str) -> String {
        self.paint("2", text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_color_wins_over_force_color_and_the_terminal() {
        let colour = |env: Environment, terminal| Style::decide(&env, terminal).colour;
        assert!(!colour(
            Environment::from([("NO_COLOR", "1"), ("FORCE_COLOR", "1")]),
            true
        ));
        assert!(colour(Environment::from([("FORCE_COLOR", "1")]), false));
        assert!(!colour(Environment::from([("FORCE_COLOR", "0")]), true));
        assert!(colour(Environment::default(), true));
    }
}
