//! Trusted publishing: the audience, the exchange of a CI job's identity for a short-lived upload token, and giving
//! that token back.
//!
//! Signatures of foreign issuers cannot be checked without the network. The profile `pypi` therefore takes identity
//! tokens of the realm's own test issuer alone, which stands for GitHub Actions; the profile `recorded` takes the
//! claims of a GitHub token as they are, like the set-up that was recorded.
//!
//! Spec: the exchange as PyPI documents it; RFC 7519 for the tokens.

mod claims;
mod github;
mod issuer;
mod wire;

use std::io;
use std::sync::Arc;

use hyper::{Method, StatusCode, header};
use tokio::task;

use crate::account::digest;
use crate::answer::{Answer, Notice, page};
use crate::catalog::Catalog;
use crate::credential::new_token;
use crate::index::{Decision, Index};
use crate::route::{SmallRequest, pairs};
use crate::store::stored::Event;
use crate::store::stored::Flag;
use crate::store::stored::account::{Holder, PendingPublisher, Publisher, Token};
use crate::upload::check_new_name;
use crate::{Profile, Realm};

use claims::Claims;
pub(crate) use issuer::Issuer;

/// How long a minted token is valid, in seconds.
const LIFETIME: i64 = 900;

/// The issuers that PyPI knows, and the name of the service behind each.
static ISSUERS: [(&str, &str); 4] = [
    ("https://token.actions.githubusercontent.com", "github"),
    ("https://gitlab.com", "gitlab"),
    ("https://accounts.google.com", "google"),
    (
        "https://platform.activestate.com/api/v1/oauth/oidc",
        "activestate",
    ),
];

/// Answers everything below `/_/oidc`, by the segments after it.
///
/// # Errors
/// 404 and 405.
pub(crate) async fn answer(
    index: &Arc<Index>,
    segments: &[&str],
    request: SmallRequest,
) -> Result<Answer, Notice> {
    let expected = match segments {
        ["audience"] => Method::GET,
        ["mint-token"] | ["github", "mint-token"] => Method::POST,
        ["burn-token"] if index.profile.burns_tokens => Method::POST,
        _ => return Err(not_found()),
    };
    if request.method() != expected {
        let allow = expected.as_str().to_owned();
        return Err(Notice::plain(StatusCode::METHOD_NOT_ALLOWED).with(header::ALLOW, allow));
    }
    match segments {
        ["audience"] => Ok(audience(index)),
        ["burn-token"] => burn(index, &request).await,
        _ => Ok(mint(index, request).await),
    }
}

/// Answers everything below `/_/issuer`: what a CI job asks its provider for.
///
/// # Errors
/// 404, 403 without the admin token, 400 for claims that no job of GitHub has.
pub(crate) fn issue(
    index: &Index,
    segments: &[&str],
    request: &SmallRequest,
) -> Result<Answer, Notice> {
    let json = |body| page(StatusCode::OK, "application/json", body);
    match segments {
        [".well-known", "openid-configuration"] => Ok(json(index.issuer.configuration())),
        ["jwks"] => Ok(json(index.issuer.keys())),
        ["token"] => {
            let token = crate::credential::token_of(request.headers(), &index.origin)?;
            if !index.is_admin_token(&token) {
                return Err(crate::credential::invalid(&index.origin));
            }
            let asked: Vec<(String, String)> =
                pairs(request.uri().query().unwrap_or_default()).collect();
            let claims = issuer::job_claims(&asked, index.now())
                .map_err(|why| Notice::refusal(StatusCode::BAD_REQUEST, why))?;
            Ok(json(wire::issued(&index.issuer.sign(&claims)?)))
        }
        _ => Err(not_found()),
    }
}

fn not_found() -> Notice {
    Notice::plain(StatusCode::NOT_FOUND).with(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")
}

/// The audience that identity tokens for a realm must be made for.
fn audience_of(realm: Realm) -> &'static str {
    match realm {
        Realm::Test => "testpypi",
        Realm::Production => "pypi",
    }
}

fn audience(index: &Index) -> Answer {
    if index.catalog().flag(Flag::DisallowOidc) {
        let body = wire::message("Trusted publishing functionality not enabled");
        return page(StatusCode::FORBIDDEN, "application/json", body);
    }
    let body = wire::audience(audience_of(index.realm));
    page(StatusCode::OK, "application/json", body)
}

/// Why no token was minted.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Refused {
    code: &'static str,
    description: String,
}

impl Refused {
    fn new(code: &'static str, description: impl Into<String>) -> Self {
        Self {
            code,
            description: description.into(),
        }
    }
}

impl From<io::Error> for Refused {
    fn from(error: io::Error) -> Self {
        Self::new(
            "invalid-payload",
            format!("the index could not store this: {error}"),
        )
    }
}

async fn mint(index: &Arc<Index>, request: SmallRequest) -> Answer {
    let index = Arc::clone(index);
    let minted = task::spawn_blocking(move || exchange(&index, request.body()))
        .await
        .expect("an exchange does not panic and is not cancelled");
    match minted {
        Ok((token, expires)) => page(
            StatusCode::OK,
            "application/json",
            wire::minted(&token, expires),
        ),
        Err(refused) => page(
            StatusCode::UNPROCESSABLE_ENTITY,
            "application/json",
            wire::refused(refused.code, &refused.description),
        ),
    }
}

/// The token for an identity, and when it expires, in seconds since 1970.
fn exchange(index: &Index, body: &[u8]) -> Result<(String, i64), Refused> {
    let jwt = wire::payload(body).map_err(|why| Refused::new("invalid-payload", why))?;
    let claims =
        Claims::read(&jwt).ok_or_else(|| Refused::new("invalid-payload", "malformed JWT"))?;
    let is_own = index.issuer.is(claims.issuer());
    let service = if is_own {
        "github"
    } else {
        ISSUERS
            .iter()
            .find_map(|(issuer, service)| (*issuer == claims.issuer()).then_some(*service))
            .ok_or_else(|| Refused::new("invalid-payload", "unknown trusted publishing issuer"))?
    };
    if service != "github" || index.catalog().flag(Flag::DisallowOidc) {
        return Err(Refused::new(
            "not-enabled",
            format!("{service} trusted publishing functionality not enabled"),
        ));
    }
    let invalid = || Refused::new("invalid-token", "malformed or invalid token");
    let is_signed = if is_own {
        index.issuer.signed(&jwt)
    } else {
        !index.profile.checks_identity
    };
    let times = index.profile.checks_identity.then(|| index.now());
    if !is_signed || !claims.are_for(audience_of(index.realm), times) {
        return Err(invalid());
    }
    let token = new_token(index.realm)
        .map_err(|_| Refused::new("invalid-payload", "the system gives no random bytes"))?;
    let now = index.now().as_second();
    let expires = now + LIFETIME;
    index.commit(|catalog| {
        let (pending, publisher) = find(catalog, &claims, index)?;
        let mut projects: Vec<String> = catalog
            .entries()
            .filter(|(_, entry)| entry.publishers.contains(&publisher))
            .map(|(normalized, _)| normalized.to_owned())
            .collect();
        let mut events = Vec::new();
        if let Some(pending) = pending {
            let name = pubflow_spec::ProjectName::parse(&pending.project_name)
                .map_err(|error| Refused::new("invalid-payload", error.to_string()))?;
            projects.push(name.normalized().to_owned());
            events.push(Event::ReifyPublisher(pending));
        }
        events.push(Event::Token(Token {
            sha256: digest(&token),
            holder: Holder::Publisher(publisher),
            projects: Some(projects),
            valid_from: Some(now),
            expires: Some(expires),
            jti: claims.text("jti").map(str::to_owned),
        }));
        Ok::<_, Refused>(Decision::Record(events))
    })?;
    Ok((token, expires))
}

/// The publisher behind the claims; with it the waiting one whose project is made by this, if it is such.
fn find(
    catalog: &Catalog,
    claims: &Claims,
    index: &Index,
) -> Result<(Option<PendingPublisher>, Publisher), Refused> {
    let profile = index.profile;
    let waiting = catalog.accounts().pending();
    let pending = github::find(claims, waiting.iter(), |pending| &pending.publisher);
    if let Some(pending) = pending
        .ok()
        .filter(|pending| holds(&pending.publisher, claims, profile))
    {
        let name = pubflow_spec::ProjectName::parse(&pending.project_name)
            .map_err(|error| Refused::new("invalid-payload", error.to_string()))?;
        if catalog.entry(name.normalized()).is_some() {
            return Err(Refused::new(
                "invalid-pending-publisher",
                "valid token, but project already exists",
            ));
        }
        check_new_name(catalog, &index.origin, &name)
            .map_err(|notice| Refused::new("invalid-payload", notice.words()))?;
        return Ok((Some(pending.clone()), pending.publisher.clone()));
    }
    let registered = catalog.entries().flat_map(|(_, entry)| &entry.publishers);
    let invalid = |why: String| {
        Refused::new(
            "invalid-publisher",
            format!("valid token, but no corresponding publisher ({why})"),
        )
    };
    let publisher = github::find(claims, registered, |publisher| publisher).map_err(invalid)?;
    if profile.checks_identity {
        let jti = claims.text("jti").unwrap_or_default();
        if catalog.accounts().is_spent(jti) {
            return Err(Refused::new(
                "invalid-reuse-token",
                "invalid token: already used",
            ));
        }
        github::verify(publisher, claims).map_err(invalid)?;
    }
    Ok((None, publisher.clone()))
}

fn holds(publisher: &Publisher, claims: &Claims, profile: Profile) -> bool {
    !profile.checks_identity || github::verify(publisher, claims).is_ok()
}

/// Gives a minted token back. The answer is the same whatever happened; tokens of users are not revoked by it.
async fn burn(index: &Arc<Index>, request: &SmallRequest) -> Result<Answer, Notice> {
    if let Ok(token) = wire::payload(request.body()) {
        let sha256 = digest(&token);
        let index = Arc::clone(index);
        let burnt = task::spawn_blocking(move || {
            index.commit(|catalog| {
                let known = catalog.accounts().token(&sha256);
                let is_minted =
                    known.is_some_and(|token| matches!(token.holder, Holder::Publisher(_)));
                Ok::<_, Notice>(if is_minted {
                    Decision::Record(vec![Event::RevokeToken { sha256 }])
                } else {
                    Decision::Nothing
                })
            })
        });
        burnt
            .await
            .expect("burning does not panic and is not cancelled")?;
    }
    Ok(page(
        StatusCode::ACCEPTED,
        "application/json",
        wire::burnt(),
    ))
}
