//! The embedded index of pubflow: rehearsals and tests.

use pubflow_spec::DigestSet;

use super::{AlreadyThere, Identity, IndexKind, Kind, Slash, Users, YankMeans, beside_legacy};

pub(super) static KIND: Kind = Kind {
    kind: IndexKind::Embedded,
    name: "embedded",
    about: "The embedded index of pubflow on this machine.",
    upload_slash: Slash::Always,
    // Whatever listens on a loopback port after a crash may be another program of another user.
    identity: Identity::Proof,
    yank: YankMeans::AdminApi,
    users: Users::TokenOnly,
    already_there: &[AlreadyThere {
        status: 400,
        words: "file already exists",
    }],
    digests: DigestSet::SHA256,
    mints_tokens: true,
    takes_attestations: true,
    follows_pypi: true,
    caution: None,
    simple_of: beside_legacy,
    recognises: |_| false,
};
