//! The JSON shape of a refusal.

use serde::Serialize;

#[derive(Serialize)]
struct NoticeBody<'a> {
    message: &'a str,
    code: &'a str,
    title: &'a str,
}

pub(super) fn notice(message: &str, code: &str, title: &str) -> Vec<u8> {
    serde_json::to_vec(&NoticeBody {
        message,
        code,
        title,
    })
    .expect("strings always serialise")
}
