//! PyPI and TestPyPI, and whatever runs the same software.

use pubflow_spec::DigestSet;

use super::{AlreadyThere, Identity, IndexKind, Kind, Slash, Users, YankMeans, beside_legacy};

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
    // One digest is enough; more would cost more than sending the file.
    digests: DigestSet::SHA256,
    mints_tokens: true,
    takes_attestations: true,
    follows_pypi: true,
    caution: None,
    simple_of: beside_legacy,
    recognises: |_| false,
};
