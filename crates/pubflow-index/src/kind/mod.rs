//! Kinds of index: what is known of each, as data. One file a kind, one line in [`KINDS`].

mod devpi;
mod embedded;
mod generic;
mod gitea;
mod gitlab;
mod pypi;
mod pypiserver;

use pubflow_spec::DigestSet;
use url::Url;

use crate::address::with_slash;

/// Which software answers, and therefore which quirks to expect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IndexKind {
    /// PyPI, TestPyPI, and whatever runs the same software.
    Pypi,
    /// The embedded index of pubflow.
    Embedded,
    /// devpi.
    Devpi,
    /// pypiserver.
    Pypiserver,
    /// GitLab's package registry.
    Gitlab,
    /// The package registry of Gitea and Forgejo.
    Gitea,
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
    /// The digests that are sent along with a file.
    pub digests: DigestSet,
    /// Whether it may exchange identities of CI jobs for tokens.
    pub mints_tokens: bool,
    /// Whether it takes attestations.
    pub takes_attestations: bool,
    /// Whether it holds files to the upload rules of PyPI.
    pub follows_pypi: bool,
    /// What users of it should know before they upload.
    pub caution: Option<&'static str>,
    /// Where its simple API is, made from the upload address; none where that does not tell it.
    pub simple_of: fn(&Url) -> Option<Url>,
    /// Whether an upload address looks like this kind's.
    pub recognises: fn(&Url) -> bool,
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
pub static KINDS: [&Kind; 7] = [
    &pypi::KIND,
    &embedded::KIND,
    &devpi::KIND,
    &pypiserver::KIND,
    &gitlab::KIND,
    &gitea::KIND,
    &generic::KIND,
];

impl IndexKind {
    /// What is known of this kind.
    #[must_use]
    pub fn row(self) -> &'static Kind {
        match self {
            Self::Pypi => &pypi::KIND,
            Self::Embedded => &embedded::KIND,
            Self::Devpi => &devpi::KIND,
            Self::Pypiserver => &pypiserver::KIND,
            Self::Gitlab => &gitlab::KIND,
            Self::Gitea => &gitea::KIND,
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

    /// The kind that an upload address belongs to, as far as the address tells it.
    #[must_use]
    pub fn of_upload(upload: &Url) -> Self {
        let found = KINDS.iter().find(|row| (row.recognises)(upload));
        found.map_or(Self::Generic, |row| row.kind)
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

/// For servers of which some look at nothing but the MD5.
const MD5_AND_SHA256: DigestSet = DigestSet {
    md5: true,
    ..DigestSet::SHA256
};

/// The path below the upload address.
fn below_upload(upload: &Url, path: &str) -> Option<Url> {
    let mut root = with_slash(upload.clone());
    root.set_query(None);
    root.set_fragment(None);
    root.join(path).ok()
}

/// `simple/` beside an upload address that ends in `legacy`.
fn beside_legacy(upload: &Url) -> Option<Url> {
    let path = upload.path().trim_end_matches('/');
    path.ends_with("/legacy").then_some(())?;
    below_upload(upload, "../simple/")
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
    fn upload_addresses_tell_kind_and_simple_api() {
        let of = |text: &str| {
            let upload = Url::parse(text).unwrap();
            let kind = IndexKind::of_upload(&upload);
            let simple = (kind.row().simple_of)(&upload).map(|url| url.path().to_owned());
            (kind, simple)
        };
        let some = |path: &str| Some(path.to_owned());
        let host = "https://forge.example";
        assert_eq!(
            of(&format!("{host}/api/v4/projects/7/packages/pypi")),
            (
                IndexKind::Gitlab,
                some("/api/v4/projects/7/packages/pypi/simple/")
            )
        );
        assert_eq!(
            of(&format!("{host}/api/packages/me/pypi/")),
            (IndexKind::Gitea, some("/api/packages/me/pypi/simple/"))
        );
        assert_eq!(
            of(&format!("{host}/legacy")),
            (IndexKind::Generic, some("/simple/"))
        );
        assert_eq!(
            of(&format!("{host}/a/legacy/?x")),
            (IndexKind::Generic, some("/a/simple/"))
        );
        assert_eq!(of(&format!("{host}/up")), (IndexKind::Generic, None));
        let upload = Url::parse("https://forge.example/root/dev").unwrap();
        let simple = (IndexKind::Devpi.row().simple_of)(&upload).unwrap();
        assert_eq!(simple.path(), "/root/dev/+simple/");
        let simple = (IndexKind::Pypiserver.row().simple_of)(&upload).unwrap();
        assert_eq!(simple.path(), "/root/dev/simple/");
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
