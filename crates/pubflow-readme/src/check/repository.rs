//! The repository of a project on a forge, and the addresses of its files at one tag.

/// Forges whose addresses are known: host, what stands before the tag of a page and of a file's bytes, and another host
/// for the bytes where there is one.
const FORGES: [Forge; 3] = [
    Forge {
        host: "github.com",
        page: "blob/",
        raw: "",
        raw_host: Some("raw.githubusercontent.com"),
    },
    Forge {
        host: "gitlab.com",
        page: "-/blob/",
        raw: "-/raw/",
        raw_host: None,
    },
    Forge {
        host: "codeberg.org",
        page: "src/tag/",
        raw: "raw/tag/",
        raw_host: None,
    },
];

#[derive(Debug, Clone, Copy)]
struct Forge {
    host: &'static str,
    page: &'static str,
    raw: &'static str,
    raw_host: Option<&'static str>,
}

/// A repository on a forge that is known.
#[derive(Debug, Clone)]
pub(super) struct Repository {
    forge: Forge,
    owner: String,
    name: String,
}

impl Repository {
    /// Reads the address of a repository, or of a page below it; `None` for every other one.
    pub(super) fn parse(address: &str) -> Option<Self> {
        let rest = address
            .strip_prefix("https://")
            .or_else(|| address.strip_prefix("http://"))?;
        let mut parts = rest.split(['/', '?', '#']);
        let host = parts.next()?.to_ascii_lowercase();
        let host = host.strip_prefix("www.").unwrap_or(&host);
        let forge = *FORGES.iter().find(|forge| forge.host == host)?;
        let mut part = || parts.next().filter(|part| is_plain(part));
        let (owner, name) = (part()?, part()?);
        // Pages of the forge itself, about people and their plans.
        if matches!(owner, "sponsors" | "orgs" | "users" | "topics" | "features") {
            return None;
        }
        Some(Self {
            forge,
            owner: owner.to_owned(),
            name: name.strip_suffix(".git").unwrap_or(name).to_owned(),
        })
    }

    /// `owner/name`.
    pub(super) fn path(&self) -> String {
        format!("{}/{}", self.owner, self.name)
    }

    /// Whether it is the one at `owner/name`, on whatever forge.
    pub(super) fn is_at(&self, owner: &str, name: &str) -> bool {
        self.owner.eq_ignore_ascii_case(owner) && self.name.eq_ignore_ascii_case(name)
    }

    /// The page of a file at a tag.
    pub(super) fn page(&self, tag: &str, path: &str) -> String {
        let Self { forge, owner, name } = self;
        format!(
            "https://{}/{owner}/{name}/{}{tag}/{path}",
            forge.host, forge.page
        )
    }

    /// The bytes of a file at a tag.
    pub(super) fn raw(&self, tag: &str, path: &str) -> String {
        let Self { forge, owner, name } = self;
        let host = forge.raw_host.unwrap_or(forge.host);
        format!("https://{host}/{owner}/{name}/{}{tag}/{path}", forge.raw)
    }
}

fn is_plain(part: &str) -> bool {
    let is_letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    !part.is_empty() && part.chars().all(is_letter) && !part.chars().all(|c| c == '.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(address: &str, page: &str, raw: &str) {
        let repository = Repository::parse(address).unwrap();
        assert_eq!(repository.page("v1", "a/b.md"), page);
        assert_eq!(repository.raw("v1", "a/b.png"), raw);
    }

    #[test]
    fn files_have_a_page_and_bytes_at_a_tag() {
        check(
            "https://github.com/o/r.git",
            "https://github.com/o/r/blob/v1/a/b.md",
            "https://raw.githubusercontent.com/o/r/v1/a/b.png",
        );
        check(
            "https://www.GitHub.com/o/r/issues?q=1",
            "https://github.com/o/r/blob/v1/a/b.md",
            "https://raw.githubusercontent.com/o/r/v1/a/b.png",
        );
        check(
            "http://gitlab.com/o/r/",
            "https://gitlab.com/o/r/-/blob/v1/a/b.md",
            "https://gitlab.com/o/r/-/raw/v1/a/b.png",
        );
        check(
            "https://codeberg.org/o/r",
            "https://codeberg.org/o/r/src/tag/v1/a/b.md",
            "https://codeberg.org/o/r/raw/tag/v1/a/b.png",
        );
    }

    #[test]
    fn other_addresses_are_none() {
        for address in [
            "https://github.com/o",
            "https://github.com/sponsors/o",
            "https://github.com/../..",
            "https://example.org/o/r",
            "git@github.com:o/r",
            "",
        ] {
            assert!(Repository::parse(address).is_none(), "{address}");
        }
    }
}
