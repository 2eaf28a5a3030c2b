//! Any server that takes the legacy upload form and lists files by the simple API.
//!
//! The phrases are those of pypiserver, devpi, Gitea, Nexus, Artifactory and Google's registry.
//! None of them decides anything: they only lead to looking at what the index lists.

use super::{
    AlreadyThere, Identity, IndexKind, Kind, MD5_AND_SHA256, Slash, Users, YankMeans, beside_legacy,
};

pub(super) static KIND: Kind = Kind {
    kind: IndexKind::Generic,
    name: "generic",
    about: "A server that takes the legacy upload form and offers the simple API.",
    upload_slash: Slash::AsGiven,
    identity: Identity::Address,
    yank: YankMeans::NotOffered {
        why: "the simple API has no request for it, and deleting a file is something else: it \
              breaks every pinned install, while a yanked file stays installable by its exact version",
    },
    users: Users::Any,
    already_there: &[
        AlreadyThere {
            status: 409,
            words: "",
        },
        AlreadyThere {
            status: 400,
            words: "already exist",
        },
        AlreadyThere {
            status: 400,
            words: "cannot be updated",
        },
        AlreadyThere {
            status: 400,
            words: "does not allow updating",
        },
        AlreadyThere {
            status: 403,
            words: "overwrite",
        },
    ],
    // Some servers look at nothing but the MD5.
    digests: MD5_AND_SHA256,
    mints_tokens: false,
    takes_attestations: false,
    follows_pypi: false,
    caution: None,
    simple_of: beside_legacy,
    recognises: |_| false,
};
