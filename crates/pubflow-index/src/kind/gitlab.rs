//! GitLab's package registry: `/api/v4/projects/ID/packages/pypi`.
//!
//! It takes a file of a name that is there and keeps both, serving the last, unless the group forbids
//! duplicates.

use super::{
    AlreadyThere, Identity, IndexKind, Kind, MD5_AND_SHA256, Slash, Users, YankMeans, below_upload,
};

pub(super) static KIND: Kind = Kind {
    kind: IndexKind::Gitlab,
    name: "gitlab",
    about: "GitLab's package registry.",
    upload_slash: Slash::AsGiven,
    identity: Identity::Address,
    yank: YankMeans::NotOffered {
        why: "GitLab deletes packages and does not yank them",
    },
    users: Users::Any,
    already_there: &[
        AlreadyThere {
            status: 400,
            words: "already been taken",
        },
        AlreadyThere {
            status: 400,
            words: "already exist",
        },
        AlreadyThere {
            status: 403,
            words: "duplicate",
        },
    ],
    digests: MD5_AND_SHA256,
    mints_tokens: false,
    takes_attestations: false,
    follows_pypi: false,
    caution: Some(
        "GitLab replaces files silently unless the group forbids duplicates, and forwards names it does not know to the public index",
    ),
    simple_of: |upload| below_upload(upload, "simple/"),
    recognises: |upload| {
        let path = upload.path();
        path.contains("/api/v4/projects/") && path.trim_end_matches('/').ends_with("/packages/pypi")
    },
};
