//! The order of versions.
//!
//! Spec: PEP 440, "Summary of permitted suffixes and relative ordering". A development release
//! without other suffixes comes before the pre-releases of its release, one of a pre- or
//! post-release just before that.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use super::{LocalSegment, PreKind, Version};
use crate::syntax::Number;

/// All but the local label of a version, in the order of comparison.
#[derive(PartialEq, Eq, PartialOrd, Ord, Hash)]
struct PublicKey<'a> {
    epoch: &'a Number,
    release: &'a [Number],
    pre: PreRank<'a>,
    /// No post-release sorts first, and `None` does.
    post: Option<&'a Number>,
    dev: DevRank<'a>,
}

#[derive(PartialEq, Eq, PartialOrd, Ord, Hash)]
enum PreRank<'a> {
    DevelopmentOnly,
    Pre(PreKind, &'a Number),
    None,
}

#[derive(PartialEq, Eq, PartialOrd, Ord, Hash)]
enum DevRank<'a> {
    Dev(&'a Number),
    None,
}

impl Version {
    fn public_key(&self) -> PublicKey<'_> {
        self.key_with_dev(self.dev())
    }

    fn key_with_dev<'a>(&'a self, dev: Option<&'a Number>) -> PublicKey<'a> {
        PublicKey {
            epoch: self.epoch(),
            release: self.trimmed_release(),
            pre: match (self.pre(), self.post(), dev) {
                (Some((kind, n)), _, _) => PreRank::Pre(kind, n),
                (None, None, Some(_)) => PreRank::DevelopmentOnly,
                (None, _, _) => PreRank::None,
            },
            post: self.post(),
            dev: dev.map_or(DevRank::None, DevRank::Dev),
        }
    }

    fn full_key(&self) -> (PublicKey<'_>, &[LocalSegment]) {
        (self.public_key(), self.local_segments())
    }

    /// Whether the two differ in their local labels at most.
    pub(crate) fn same_public(&self, other: &Self) -> bool {
        self.public_key() == other.public_key()
    }

    /// Whether this sorts before the first development release of the other, local labels aside.
    pub(crate) fn is_before_first_dev_of(&self, other: &Self) -> bool {
        self.public_key() < other.key_with_dev(Some(&Number::ZERO))
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.full_key() == other.full_key()
    }
}

impl Eq for Version {}

impl Hash for Version {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.full_key().hash(state);
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        self.full_key().cmp(&other.full_key())
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
