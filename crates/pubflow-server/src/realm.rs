//! The two realms, and the addresses and credentials under which one is reached.

use std::fmt;

/// One of the two indexes that a server holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Realm {
    /// The twin of the test instance.
    Test,
    /// The twin of the production instance.
    Production,
}

impl Realm {
    /// Both realms, in the order in which they are announced.
    pub const ALL: [Self; 2] = [Self::Test, Self::Production];

    /// The word used in addresses, directories and answers.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Test => "test",
            Self::Production => "production",
        }
    }
}

impl fmt::Display for Realm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Where one realm is and what opens it.
#[derive(Clone)]
pub struct RealmAddress {
    /// The root of the realm, ending in `/`.
    pub base: String,
    /// The upload address.
    pub upload: String,
    /// The simple address.
    pub simple: String,
    /// The root of the web pages.
    pub web: String,
    /// The upload token, for the user name `__token__`.
    pub token: String,
    /// The address of the admin API.
    pub admin: String,
    /// The bearer token of the admin API.
    pub admin_token: String,
}

impl RealmAddress {
    pub(crate) fn new(origin: &str, token: &str, admin_token: &str) -> Self {
        Self {
            base: format!("{origin}/"),
            upload: format!("{origin}/legacy/"),
            simple: format!("{origin}/simple/"),
            web: format!("{origin}/"),
            token: token.to_owned(),
            admin: format!("{origin}/_/admin"),
            admin_token: admin_token.to_owned(),
        }
    }
}

/// Leaves the tokens out, so that an address can be logged.
impl fmt::Debug for RealmAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RealmAddress")
            .field("base", &self.base)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_holds_no_token() {
        let address = RealmAddress::new("http://127.0.0.1:9", "canary-one", "canary-two");
        let shown = format!("{address:?}");
        assert!(shown.contains("http://127.0.0.1:9/"), "{shown}");
        assert!(!shown.contains("canary"), "{shown}");
    }
}
