//! The claims of an identity token, and whether it was made for this realm and this moment.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde_json::{Map, Value};

/// How far clocks may differ, in seconds.
const LEEWAY: i64 = 30;

/// What an identity token says, whoever signed it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Claims {
    issuer: String,
    claims: Map<String, Value>,
}

impl Claims {
    /// Reads a token in three parts; `None` for everything that is none or names no issuer.
    pub(super) fn read(jwt: &str) -> Option<Self> {
        let mut parts = jwt.split('.');
        let (header, body, signature) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() {
            return None;
        }
        let decode = |part: &str| URL_SAFE_NO_PAD.decode(part.trim_end_matches('=')).ok();
        serde_json::from_slice::<Map<String, Value>>(&decode(header)?).ok()?;
        decode(signature)?;
        let claims: Map<String, Value> = serde_json::from_slice(&decode(body)?).ok()?;
        let issuer = claims.get("iss")?.as_str()?.to_owned();
        Some(Self { issuer, claims })
    }

    pub(super) fn issuer(&self) -> &str {
        &self.issuer
    }

    /// A claim that is a text and not empty.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.claims
            .get(name)?
            .as_str()
            .filter(|text| !text.is_empty())
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.claims.get(name).is_some_and(|value| !value.is_null())
    }

    /// Whether the token is for this audience alone and, with a time given, valid then.
    pub(super) fn are_for(&self, audience: &str, now: Option<Timestamp>) -> bool {
        let required = ["iss", "iat", "exp", "aud"];
        if !required.iter().all(|name| self.has(name)) {
            return false;
        }
        if self.claims.get("aud").and_then(Value::as_str) != Some(audience) {
            return false;
        }
        let Some(now) = now.map(Timestamp::as_second) else {
            return true;
        };
        let time = |name| self.claims.get(name).and_then(Value::as_i64);
        let begun = |name| time(name).is_some_and(|at| at <= now.saturating_add(LEEWAY));
        let not_over = time("exp").is_some_and(|at| at > now.saturating_sub(LEEWAY));
        begun("iat") && not_over && (!self.has("nbf") || begun("nbf"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jwt(claims: &str) -> String {
        format!(
            "{}.{}.{}",
            URL_SAFE_NO_PAD.encode("{\"alg\":\"none\"}"),
            URL_SAFE_NO_PAD.encode(claims),
            URL_SAFE_NO_PAD.encode("x")
        )
    }

    #[test]
    fn what_is_no_token() {
        for text in ["", "garbage", "a.b", "a.b.c", "a.b.c.d"] {
            assert_eq!(Claims::read(text), None, "{text}");
        }
        assert_eq!(Claims::read(&jwt("{\"aud\":\"pypi\"}")), None, "no issuer");
        assert_eq!(Claims::read(&jwt("[]")), None);
    }

    #[test]
    fn audience_and_times() {
        let now = Timestamp::from_second(1_000).unwrap();
        let read = |text| Claims::read(&jwt(text)).unwrap();
        let good = read(r#"{"iss":"i","iat":1000,"nbf":1020,"exp":1001,"aud":"pypi"}"#);
        assert!(good.are_for("pypi", Some(now)));
        assert!(!good.are_for("testpypi", None));
        let two = read(r#"{"iss":"i","iat":1000,"exp":1001,"aud":["pypi","other"]}"#);
        assert!(!two.are_for("pypi", None), "more than one audience");
        let old = read(r#"{"iss":"i","iat":1,"exp":970,"aud":"pypi"}"#);
        assert!(old.are_for("pypi", None));
        assert!(!old.are_for("pypi", Some(now)));
        let early = read(r#"{"iss":"i","iat":1031,"exp":2000,"aud":"pypi"}"#);
        assert!(!early.are_for("pypi", Some(now)));
        let huge = read(r#"{"iss":"i","iat":9223372036854775807,"exp":1,"aud":"pypi"}"#);
        assert!(!huge.are_for("pypi", Some(now)));
    }
}
