//! Kinds of index: what is known of each, as data. One file a kind, one line in [`KINDS`].

mod embedded;
mod generic;
mod pypi;

/// Which software answers, and therefore which quirks to expect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IndexKind {
    /// PyPI, TestPyPI, and whatever runs the same software.
    Pypi,
    /// The embedded index of pubflow.
    Embedded,
    /// Anything else that speaks the legacy upload form and the simple API.
    Generic,
}

/// What is known of a kind.
#[derive(Debug)]
pub struct Kind {
    /// The variant this row belongs to.
    pub kind: IndexKind,
    /// The word in configurations.
    pub name: &'static str,
    /// One sentence for users.
    pub about: &'static str,
    /// Whether the upload address ends in a slash.
    pub upload_slash: Slash,
    /// What must be shown before a token is sent.
    pub identity: Identity,
    /// How a release is yanked.
    pub yank: YankMeans,
    /// Who may be named besides the token.
    pub users: Users,
    /// Answers that mean: a file of this name is there already, look which.
    pub already_there: &'static [AlreadyThere],
}

/// How the upload address is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slash {
    /// A slash is set at its end: without it the index only redirects.
    Always,
    /// Kept as the user wrote it: some servers know one form alone.
    AsGiven,
}

/// How an index shows that it is the one that was meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Identity {
    /// By its certificate, or by being on this machine.
    Address,
    /// By answering a challenge with the nonce it printed at its start.
    Proof,
}

/// How a release is yanked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum YankMeans {
    /// By a request.
    AdminApi,
    /// By a person on a page of the index.
    ManagementPage,
    /// Not at all.
    NotOffered {
        /// Why, in words for the user.
        why: &'static str,
    },
}

/// Which user names an index takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Users {
    /// Tokens alone, whose user name is `__token__`.
    TokenOnly,
    /// Any user name with a password.
    Any,
}

/// An answer that means: a file of this name is there already.
#[derive(Debug, Clone, Copy)]
pub struct AlreadyThere {
    /// Its status.
    pub status: u16,
    /// Words in it, in lower case; empty when the status says enough.
    pub words: &'static str,
}

/// Every kind, in the order in which they are shown to users.
pub static KINDS: [&Kind; 3] = [&pypi::KIND, &embedded::KIND, &generic::KIND];

impl IndexKind {
    /// What is known of this kind.
    #[must_use]
    pub fn row(self) -> &'static Kind {
        match self {
            Self::Pypi => &pypi::KIND,
            Self::Embedded => &embedded::KIND,
            Self::Generic => &generic::KIND,
        }
    }

    /// The kind with this name in configurations.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        KINDS
            .iter()
            .find(|row| row.name == name)
            .map(|row| row.kind)
    }

    /// The word in configurations.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.row().name
    }
}

impl Kind {
    /// Whether this answer means that a file of the same name is there already.
    pub(crate) fn says_already_there(&self, status: u16, words: &str) -> bool {
        let words = words.to_lowercase();
        self.already_there
            .iter()
            .any(|answer| answer.status == status && words.contains(answer.words))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_one_row_and_is_found_by_its_name() {
        for row in KINDS {
            assert_eq!(IndexKind::parse(row.name), Some(row.kind));
            assert_eq!(row.kind.row().name, row.name);
            assert_eq!(row.kind.as_str(), row.name);
            assert!(row.about.ends_with('.'), "{}", row.name);
        }
        assert_eq!(IndexKind::parse("artifact-store"), None);
    }

    #[test]
    fn words_of_other_servers_count_where_those_servers_may_answer() {
        let generic = IndexKind::Generic.row();
        assert!(generic.says_already_there(409, ""));
        assert!(generic.says_already_there(403, "Not enough permissions to overwrite artifact"));
        assert!(!generic.says_already_there(403, "no"));
        let pypi = IndexKind::Pypi.row();
        assert!(pypi.says_already_there(400, "File already exists ('a', with …)"));
        assert!(!pypi.says_already_there(409, "conflicts with an existing project"));
        assert!(!pypi.says_already_there(400, "This filename was previously used"));
    }
}
