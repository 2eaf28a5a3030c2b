//! pypiserver: one folder of files.
//!
//! It refuses a file whose name it has, whatever the bytes, checks nothing else, and sends installers
//! on to the public index for names it does not know.

use super::{
    AlreadyThere, Identity, IndexKind, Kind, MD5_AND_SHA256, Slash, Users, YankMeans, below_upload,
};

pub(super) static KIND: Kind = Kind {
    kind: IndexKind::Pypiserver,
    name: "pypiserver",
    about: "pypiserver.",
    upload_slash: Slash::Always,
    identity: Identity::Address,
    yank: YankMeans::NotOffered {
        why: "pypiserver has no yank, and removing a file breaks every pinned install",
    },
    users: Users::Any,
    already_there: &[
        AlreadyThere {
            status: 400,
            words: "already exists",
        },
        AlreadyThere {
            status: 409,
            words: "",
        },
    ],
    digests: MD5_AND_SHA256,
    mints_tokens: false,
    takes_attestations: false,
    follows_pypi: false,
    caution: Some(
        "pypiserver sends installers on to the public index for names it does not have, unless it was started with --disable-fallback",
    ),
    simple_of: |upload| below_upload(upload, "simple/"),
    recognises: |_| false,
};
