//! The line that `pubflow index serve --format json` prints when it is ready.

use pubflow_server::RealmAddress;
use serde::Serialize;

/// Addresses and tokens of both realms.
#[derive(Debug, Serialize)]
pub(crate) struct ServingDocument<'a> {
    schema: u32,
    test: RealmJson<'a>,
    production: RealmJson<'a>,
    nonce: &'a str,
}

/// One realm.
#[derive(Debug, Serialize)]
struct RealmJson<'a> {
    base: &'a str,
    upload: &'a str,
    simple: &'a str,
    web: &'a str,
    token: &'a str,
    admin: &'a str,
    admin_token: &'a str,
}

impl<'a> ServingDocument<'a> {
    /// The document for two realms of one server.
    pub(crate) fn new(
        test: &'a RealmAddress,
        production: &'a RealmAddress,
        nonce: &'a str,
    ) -> Self {
        Self {
            schema: super::SCHEMA,
            test: test.into(),
            production: production.into(),
            nonce,
        }
    }
}

impl<'a> From<&'a RealmAddress> for RealmJson<'a> {
    fn from(realm: &'a RealmAddress) -> Self {
        Self {
            base: &realm.base,
            upload: &realm.upload,
            simple: &realm.simple,
            web: &realm.web,
            token: &realm.token,
            admin: &realm.admin,
            admin_token: &realm.admin_token,
        }
    }
}
