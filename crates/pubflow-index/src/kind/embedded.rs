//! The embedded index of pubflow: rehearsals and tests.

use super::{AlreadyThere, Identity, IndexKind, Kind, Slash, Users, YankMeans};

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
};
