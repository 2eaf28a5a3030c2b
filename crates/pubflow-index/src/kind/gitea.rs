//! The package registry of Gitea and Forgejo: `/api/packages/OWNER/pypi`.
//!
//! It wants the SHA-256 and answers 201 where it takes a file.

use super::{
    AlreadyThere, Identity, IndexKind, Kind, MD5_AND_SHA256, Slash, Users, YankMeans, below_upload,
};

pub(super) static KIND: Kind = Kind {
    kind: IndexKind::Gitea,
    name: "gitea",
    about: "The package registry of Gitea and Forgejo.",
    upload_slash: Slash::AsGiven,
    identity: Identity::Address,
    yank: YankMeans::NotOffered {
        why: "Gitea and Forgejo delete packages and do not yank them",
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
            words: "duplicate",
        },
    ],
    digests: MD5_AND_SHA256,
    mints_tokens: false,
    takes_attestations: false,
    follows_pypi: false,
    caution: None,
    simple_of: |upload| below_upload(upload, "simple/"),
    recognises: |upload| {
        let path = upload.path();
        path.contains("/api/packages/") && path.trim_end_matches('/').ends_with("/pypi")
    },
};
