//! devpi: an index of a user, `USER/INDEX/`, whose simple API is `+simple/` below it.
//!
//! A volatile index replaces files; one that is not answers 409 for other bytes and 200 for the same.

use super::{
    AlreadyThere, Identity, IndexKind, Kind, MD5_AND_SHA256, Slash, Users, YankMeans, below_upload,
};

pub(super) static KIND: Kind = Kind {
    kind: IndexKind::Devpi,
    name: "devpi",
    about: "devpi.",
    upload_slash: Slash::Always,
    identity: Identity::Address,
    yank: YankMeans::NotOffered {
        why: "devpi deletes and does not yank, and deleting a file breaks every pinned install",
    },
    users: Users::Any,
    already_there: &[AlreadyThere {
        status: 409,
        words: "",
    }],
    digests: MD5_AND_SHA256,
    mints_tokens: false,
    takes_attestations: false,
    follows_pypi: false,
    caution: Some(
        "a volatile index of devpi replaces files silently; publish to one with volatile=False",
    ),
    simple_of: |upload| below_upload(upload, "+simple/"),
    recognises: |_| false,
};
