//! Which reading of PyPI's rules a realm applies, by name.
//!
//! The software that PyPI runs answers differently in production and in the set-up in which its answers were
//! recorded; both are of use. A new profile is one row of [`PROFILES`].

use std::fmt;

/// A set of answers where PyPI's software leaves more than one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Profile {
    name: &'static str,
    about: &'static str,
    /// Whether a minted token can be given back before it expires.
    pub(crate) burns_tokens: bool,
    /// Whether an attestation has to name the file and a known kind of statement (R140 to R142).
    pub(crate) reads_statements: bool,
    /// Whether an identity token is held to its times, its single use and every claim of its publisher (M03, M06).
    pub(crate) checks_identity: bool,
}

/// Every profile, the default of a realm without a seed first.
static PROFILES: [Profile; 2] = [
    Profile {
        name: "pypi",
        about: "as PyPI answers in production",
        burns_tokens: true,
        reads_statements: true,
        checks_identity: true,
    },
    Profile {
        name: "recorded",
        about: "as PyPI's software of August 2026 answered in the set-up whose answers were recorded",
        burns_tokens: false,
        reads_statements: false,
        checks_identity: false,
    },
];

impl Profile {
    /// Every profile.
    #[must_use]
    pub fn all() -> &'static [Self] {
        &PROFILES
    }

    /// The profile of this name.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        PROFILES
            .iter()
            .find(|profile| profile.name == name)
            .copied()
    }

    /// As PyPI answers in production.
    #[must_use]
    pub fn pypi() -> Self {
        PROFILES[0]
    }

    /// As recorded, which is what seeds are written for.
    #[must_use]
    pub fn recorded() -> Self {
        PROFILES[1]
    }

    /// Its name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.name
    }

    /// What it stands for, as half a sentence.
    #[must_use]
    pub fn about(self) -> &'static str {
        self.about
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_lead_back() {
        for profile in Profile::all() {
            assert_eq!(Profile::find(profile.name), Some(*profile));
        }
        assert_eq!(Profile::find("nobody"), None);
        assert_eq!(Profile::recorded().name(), "recorded");
    }
}
