//! PyPI and TestPyPI, and whatever runs the same software.

use super::{AlreadyThere, Identity, IndexKind, Kind, Slash, Users, YankMeans};

pub(super) static KIND: Kind = Kind {
    kind: IndexKind::Pypi,
    name: "pypi",
    about: "PyPI, TestPyPI, or a server that runs the same software.",
    upload_slash: Slash::Always,
    identity: Identity::Address,
    // The permission to yank is granted to people in a session with a second factor; an upload
    // token never has it.
    yank: YankMeans::ManagementPage,
    users: Users::TokenOnly,
    already_there: &[AlreadyThere {
        status: 400,
        words: "file already exists",
    }],
};
