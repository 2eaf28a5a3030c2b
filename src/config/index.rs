//! Settings of one index: addresses, kind, and the rules that keep a token from going astray.

use std::collections::BTreeMap;

use pubflow_http::{Secret, is_loopback};
use pubflow_index::kind::KINDS;
use pubflow_index::known::Known;
use pubflow_index::{IndexAddress, IndexKind, IndexName};
use url::Url;

use super::environment::Environment;
use super::file::ConfigError;
use super::origin::{Origin, Setting, strongest};

/// What is set about one index, each value with its origin.
#[derive(Debug, Clone, Default)]
pub(crate) struct IndexSettings {
    /// Where files are uploaded.
    pub(crate) upload: Option<Setting<String>>,
    /// Where the simple API is read.
    pub(crate) simple: Option<Setting<String>>,
    /// Name of the index kind.
    pub(crate) kind: Option<Setting<String>>,
    /// Where people look at projects.
    pub(crate) web: Option<Setting<String>>,
    /// What an embedded index proves its identity with.
    pub(crate) nonce: Option<Setting<String>>,
    /// The project file that says another upload address than the user's own file.
    pub(crate) moved_by: Option<Origin>,
}

const VARIABLE: &str = "PUBFLOW_INDEX_";

impl IndexSettings {
    /// Takes over what `other` sets with a stronger origin.
    pub(crate) fn merge(&mut self, other: Self) {
        let pairs = [
            (&mut self.upload, other.upload),
            (&mut self.simple, other.simple),
            (&mut self.kind, other.kind),
            (&mut self.web, other.web),
            (&mut self.nonce, other.nonce),
        ];
        for (held, new) in pairs {
            if let Some(new) = new {
                strongest(held, new);
            }
        }
    }

    /// Remembers that a project file moves an index which the user's own file knows. The settings
    /// show it; used it is not, because a cloned project must not receive the token that the user
    /// keeps for this name.
    pub(crate) fn notice_a_move(&mut self, weaker: &Self) {
        let (Some(held), Some(own)) = (&self.upload, &weaker.upload) else {
            return;
        };
        let by_project = matches!(held.origin, Origin::ProjectFile(_));
        if by_project && matches!(own.origin, Origin::UserFile(_)) && held.value != own.value {
            self.moved_by = Some(held.origin.clone());
        }
    }

    /// The settings by name, for `config show`.
    pub(crate) fn named(&self) -> [(&'static str, Option<&Setting<String>>); 5] {
        [
            ("kind", self.kind.as_ref()),
            ("upload", self.upload.as_ref()),
            ("simple", self.simple.as_ref()),
            ("web", self.web.as_ref()),
            ("nonce", self.nonce.as_ref()),
        ]
    }

    /// The settings of a built-in index.
    pub(crate) fn of_known(address: &IndexAddress) -> Self {
        let text = |url: &Url| Some(Setting::new(url.to_string(), Origin::Default));
        Self {
            upload: text(&address.upload),
            simple: text(&address.simple),
            kind: Some(Setting::new(
                address.kind.as_str().to_owned(),
                Origin::Default,
            )),
            web: address.web.as_ref().and_then(text),
            ..Self::default()
        }
    }

    /// The address they make.
    ///
    /// # Errors
    /// A missing or malformed address, plain http to a host that is not loopback, an unknown kind,
    /// or a project file that sends a known index elsewhere.
    pub(crate) fn address(&self, name: &str) -> Result<IndexAddress, ConfigError> {
        let index = IndexName::parse(name).map_err(|_| ConfigError::IndexName {
            name: name.to_owned(),
            origin: self
                .upload
                .as_ref()
                .map_or(Origin::Default, |setting| setting.origin.clone()),
        })?;
        let need = |setting: &Option<Setting<String>>, missing: &'static str| {
            let incomplete = || ConfigError::Incomplete {
                index: name.to_owned(),
                missing,
            };
            url_of(name, missing, setting.as_ref().ok_or_else(incomplete)?)
        };
        let kind = match &self.kind {
            None => IndexKind::Generic,
            Some(setting) => {
                IndexKind::parse(&setting.value).ok_or_else(|| ConfigError::UnknownKind {
                    index: name.to_owned(),
                    kind: setting.value.clone(),
                    known: KINDS
                        .iter()
                        .map(|kind| kind.name)
                        .collect::<Vec<_>>()
                        .join(", "),
                    origin: setting.origin.clone(),
                })?
            }
        };
        self.refuse_another_kind(name)?;
        if let (Some(origin), Some(Origin::ProjectFile(_))) = (
            &self.moved_by,
            self.upload.as_ref().map(|upload| &upload.origin),
        ) {
            return Err(ConfigError::MovedFromUser {
                index: name.to_owned(),
                origin: origin.clone(),
            });
        }
        let mut address = IndexAddress::new(
            index,
            kind,
            need(&self.upload, "upload")?,
            need(&self.simple, "simple")?,
        );
        if let Some(setting) = &self.web {
            address = address.with_web(url_of(name, "web", setting)?);
        }
        if let Some(nonce) = &self.nonce {
            let nonce =
                Secret::from_text(nonce.value.clone()).map_err(|_| ConfigError::Address {
                    index: name.to_owned(),
                    what: "nonce",
                    value: "(not shown)".to_owned(),
                    problem: "is not a text on one line",
                    origin: nonce.origin.clone(),
                })?;
            address = address.with_nonce(nonce);
        }
        Ok(address)
    }
}

impl IndexSettings {
    /// A project file must not take from PyPI and TestPyPI what their kind stands for: that they ask,
    /// and that they are sent tokens alone.
    fn refuse_another_kind(&self, name: &str) -> Result<(), ConfigError> {
        let known = IndexName::parse(name)
            .ok()
            .and_then(|name| Known::by_name(&name));
        let (Some(_), Some(kind)) = (known, &self.kind) else {
            return Ok(());
        };
        let on_this_machine = self
            .upload
            .as_ref()
            .and_then(|upload| Url::parse(&upload.value).ok())
            .is_some_and(|url| is_loopback(&url));
        if on_this_machine || !matches!(kind.origin, Origin::ProjectFile(_)) {
            return Ok(());
        }
        Err(ConfigError::KindOfKnown {
            index: name.to_owned(),
            kind: kind.value.clone(),
            origin: kind.origin.clone(),
        })
    }
}

/// Reads an address and refuses what must never receive a token.
fn url_of(index: &str, what: &'static str, setting: &Setting<String>) -> Result<Url, ConfigError> {
    let problem = |problem| ConfigError::Address {
        index: index.to_owned(),
        what,
        value: without_userinfo(&setting.value),
        problem,
        origin: setting.origin.clone(),
    };
    let url = Url::parse(&setting.value).map_err(|_| problem("is not a URL"))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(problem(
            "carries credentials; give the token by PUBFLOW_INDEX_<NAME>_TOKEN or --token-file",
        ));
    }
    let known = IndexName::parse(index)
        .ok()
        .and_then(|name| Known::by_name(&name));
    let redirects_known = known.is_some() && matches!(setting.origin, Origin::ProjectFile(_));
    match url.scheme() {
        "https" if !redirects_known || is_loopback(&url) => Ok(url),
        "http" if is_loopback(&url) => Ok(url),
        "http" => Err(problem(
            "is plain http, which is for loopback addresses only",
        )),
        "https" => Err(ConfigError::Redirected {
            index: index.to_owned(),
            url: url.to_string(),
            origin: setting.origin.clone(),
        }),
        _ => Err(problem("is neither https nor http")),
    }
}

/// The text of an address that may hold a password, fit to be shown.
fn without_userinfo(text: &str) -> String {
    match Url::parse(text) {
        Ok(mut url) => {
            // Setting an empty user name fails only for addresses that cannot have one.
            let _ = url.set_username("");
            let _ = url.set_password(None);
            url.to_string()
        }
        Err(_) => text.rsplit('@').next().unwrap_or_default().to_owned(),
    }
}

/// The settings that `PUBFLOW_INDEX_<NAME>_…` variables make, by index name.
///
/// A name in a variable is upper case with `_` for `-` and `.`; it is read as the one of `names`
/// that is written so, else as the lower-case text itself.
pub(crate) fn from_environment(
    env: &Environment,
    names: &[String],
) -> BTreeMap<String, IndexSettings> {
    let mut indexes: BTreeMap<String, IndexSettings> = BTreeMap::new();
    for (variable, value) in env.variables() {
        let Some((name, what)) = variable
            .strip_prefix(VARIABLE)
            .and_then(|rest| rest.rsplit_once('_'))
        else {
            continue;
        };
        if name.is_empty() || value.is_empty() {
            continue;
        }
        let known = names.iter().find(|known| {
            IndexName::parse(known).is_ok_and(|known| known.in_environment() == name)
        });
        let name = known
            .cloned()
            .unwrap_or_else(|| name.to_ascii_lowercase().replace('_', "-"));
        let setting = Some(Setting::new(
            value.clone(),
            Origin::Environment(variable.clone()),
        ));
        let index = IndexSettings::default();
        let index = match what {
            "UPLOAD" => IndexSettings {
                upload: setting,
                ..index
            },
            "SIMPLE" => IndexSettings {
                simple: setting,
                ..index
            },
            "KIND" => IndexSettings {
                kind: setting,
                ..index
            },
            "WEB" => IndexSettings {
                web: setting,
                ..index
            },
            "NONCE" => IndexSettings {
                nonce: setting,
                ..index
            },
            _ => continue,
        };
        indexes.entry(name).or_default().merge(index);
    }
    indexes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setting(value: &str, origin: Origin) -> Option<Setting<String>> {
        Some(Setting::new(value.to_owned(), origin))
    }

    fn project() -> Origin {
        Origin::ProjectFile("pyproject.toml".into())
    }

    #[test]
    fn a_project_file_may_point_a_known_index_to_loopback_at_most() {
        let mut settings = IndexSettings::of_known(&Known::Pypi.address());
        settings.merge(IndexSettings {
            upload: setting("https://evil.example/", project()),
            ..Default::default()
        });
        assert!(matches!(
            settings.address("pypi"),
            Err(ConfigError::Redirected { .. })
        ));
        settings.upload = setting("http://127.0.0.1:1/legacy/", project());
        assert_eq!(
            settings.address("pypi").unwrap().upload.as_str(),
            "http://127.0.0.1:1/legacy/"
        );
        settings.upload = setting("https://mirror.example/", Origin::Environment("X".into()));
        assert!(settings.address("pypi").is_ok());
    }

    #[test]
    fn plain_http_is_for_loopback_literals_only() {
        for (url, fine) in [
            ("http://127.0.0.1:4711/legacy/", true),
            ("http://[::1]/", true),
            ("http://localhost/", false),
            ("http://index.example/", false),
            ("ftp://127.0.0.1/", false),
            ("https://user:secret@index.example/", false),
        ] {
            let got = url_of("x", "upload", &setting(url, Origin::Default).unwrap());
            assert_eq!(got.is_ok(), fine, "{url}");
            if let Err(error) = got {
                assert!(!error.to_string().contains("secret"), "{error}");
            }
        }
    }

    #[test]
    fn variables_name_indexes_known_and_new() {
        let env = Environment::from([
            ("PUBFLOW_INDEX_MY_INDEX_UPLOAD", "https://a.example/"),
            ("PUBFLOW_INDEX_OTHER_ONE_SIMPLE", "https://b.example/"),
            ("PUBFLOW_INDEX_OTHER_ONE_TOKEN", "t"),
        ]);
        let got = from_environment(&env, &["my.index".to_owned()]);
        assert_eq!(
            got.keys().map(String::as_str).collect::<Vec<_>>(),
            ["my.index", "other-one"]
        );
    }
}
