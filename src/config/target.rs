//! Which index a command talks to, and why that one.

use std::path::Path;

use pubflow_index::credential::pypirc::{self, Pypirc};
use pubflow_index::known::Known;
use pubflow_index::{IndexAddress, IndexKind};
use pubflow_metadata::pyproject::Pyproject;
use url::Url;

use super::environment::Environment;
use super::file::ConfigError;
use super::index::IndexSettings;
use super::origin::{Origin, Setting};
use super::settings::Settings;

/// What an index is called that is known by its upload address only.
pub(crate) const URL_INDEX: &str = "url";

/// The index named on the command line, if any.
#[derive(Debug, Clone, Default)]
pub(crate) struct Requested {
    /// `--index NAME`, or the name that `--testpypi` and `--pypi` stand for.
    pub(crate) name: Option<Setting<String>>,
}

/// The index that was chosen.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    /// Where it is.
    pub(crate) address: IndexAddress,
    /// What chose it.
    pub(crate) origin: Origin,
}

/// Why no index was chosen.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TargetError {
    /// The chosen index is not usable as it is set.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Something hints at a private index, and none was named.
    #[error("this project seems to belong to a private index, and none was named")]
    Ambiguous { hint: String, suggestion: String },
    /// `TWINE_REPOSITORY_URL` and its like name an address whose simple API is not known.
    #[error("`{variable}` names an upload address, but not where its simple API is read")]
    NoSimple { variable: &'static str, url: String },
    /// A `Private ::` classifier and an index that the world can read.
    #[error("the project has the classifier `{classifier}`, and {index} is public")]
    Private { classifier: String, index: String },
}

/// Chooses the index for `publish` by the rules of the command contract, first answer wins: command
/// line, explicit target in the environment, configuration, PyPI where nothing hints at a private
/// index.
///
/// # Errors
/// See [`TargetError`].
pub(crate) fn choose_target(
    requested: &Requested,
    settings: &Settings,
    env: &Environment,
    project: &Path,
) -> Result<Target, TargetError> {
    let named = requested
        .name
        .clone()
        .or_else(|| named_by_environment(env))
        .or_else(|| settings.default_index.clone());
    let text = std::fs::read_to_string(project.join("pyproject.toml")).ok();
    let pyproject = text.as_deref().map(Pyproject::parse);
    let target = match named {
        // Only the environment may name an index by its address: there a user, here a cloned file.
        Some(name)
            if matches!(name.origin, Origin::Environment(_)) && name.value.contains("://") =>
        {
            by_url(&name)?
        }
        Some(name)
            if !settings.knows(&name.value) && upload_in_pypirc(env, &name.value).is_some() =>
        {
            by_pypirc(&name, env)?
        }
        Some(name) => Target {
            address: settings.address(&name)?,
            origin: name.origin,
        },
        None => {
            if let Some((hint, suggestion)) = private_hint(env, pyproject.as_ref()) {
                return Err(TargetError::Ambiguous { hint, suggestion });
            }
            let name = Setting::new("pypi".to_owned(), Origin::Default);
            Target {
                address: settings.address(&name)?,
                origin: Origin::Default,
            }
        }
    };
    refuse_private_on_public(pyproject.as_ref(), &target)?;
    Ok(target)
}

/// A target that the environment names, its origin being the variable.
fn named_by_environment(env: &Environment) -> Option<Setting<String>> {
    const VARIABLES: [&str; 5] = [
        "PUBFLOW_INDEX",
        "TWINE_REPOSITORY_URL",
        "TWINE_REPOSITORY",
        "UV_PUBLISH_URL",
        "UV_PUBLISH_INDEX",
    ];
    VARIABLES.iter().find_map(|variable| {
        env.get(variable).map(|value| {
            Setting::new(
                value.to_owned(),
                Origin::Environment((*variable).to_owned()),
            )
        })
    })
}

/// An index that is known by its upload address only.
fn by_url(setting: &Setting<String>) -> Result<Target, TargetError> {
    let origin = Url::parse(&setting.value)
        .ok()
        .and_then(|url| pubflow_http::Origin::of(&url).ok());
    if let Some(known) = origin.as_ref().and_then(Known::by_upload_origin) {
        return Ok(Target {
            address: known.address(),
            origin: setting.origin.clone(),
        });
    }
    let variable = match &setting.origin {
        Origin::Environment(name) if name.starts_with("UV_") => "UV_PUBLISH_URL",
        _ => "TWINE_REPOSITORY_URL",
    };
    let address = by_upload(URL_INDEX, &setting.value, &setting.origin, variable)?;
    Ok(Target {
        address,
        origin: setting.origin.clone(),
    })
}

/// An index that `.pypirc` alone knows, by the name of its section.
fn by_pypirc(name: &Setting<String>, env: &Environment) -> Result<Target, TargetError> {
    let upload = upload_in_pypirc(env, &name.value).unwrap_or_default();
    let file = pypirc::path(env.get("HOME")).unwrap_or_default();
    Ok(Target {
        address: by_upload(
            &name.value,
            &upload,
            &Origin::UserFile(file),
            "repository in .pypirc",
        )?,
        origin: name.origin.clone(),
    })
}

/// The upload address that a section of `.pypirc` names.
fn upload_in_pypirc(env: &Environment, name: &str) -> Option<String> {
    let path = pypirc::path(env.get("HOME"))?;
    let repository = Pypirc::read(&path).ok()?.repository(name).ok()?;
    Some(repository.url)
}

/// An index of which the upload address is known: kind and simple API as far as it tells them.
fn by_upload(
    name: &str,
    upload: &str,
    origin: &Origin,
    variable: &'static str,
) -> Result<IndexAddress, TargetError> {
    let url = Url::parse(upload).ok();
    let kind = url
        .as_ref()
        .map_or(IndexKind::Generic, IndexKind::of_upload);
    let simple = url
        .as_ref()
        .and_then(|upload| (kind.row().simple_of)(upload));
    let Some(simple) = simple else {
        return Err(TargetError::NoSimple {
            variable,
            url: upload.to_owned(),
        });
    };
    let part = |text: String| Some(Setting::new(text, origin.clone()));
    let settings = IndexSettings {
        upload: part(upload.to_owned()),
        simple: part(simple.to_string()),
        kind: part(kind.as_str().to_owned()),
        ..IndexSettings::default()
    };
    Ok(settings.address(name)?)
}

/// What hints at a private index, and the command that names one.
fn private_hint(env: &Environment, pyproject: Option<&Pyproject>) -> Option<(String, String)> {
    let uv_index = pyproject.and_then(|pyproject| {
        let indexes = pyproject.tool("uv")?.get("index")?.as_array_of_tables()?;
        let index = indexes
            .iter()
            .find(|index| index.contains_key("publish-url"))?;
        Some(
            index
                .get("name")
                .and_then(|name| name.as_str())
                .unwrap_or("NAME")
                .to_owned(),
        )
    });
    if let Some(name) = uv_index {
        return Some((
            format!("`[[tool.uv.index]]` named `{name}` has a publish-url"),
            format!(
                "pubflow publish --index {name}   (set PUBFLOW_INDEX_… or [tool.pubflow.index.{name}] first), or --pypi"
            ),
        ));
    }
    let sections = pypirc_sections(env);
    if !sections.is_empty() && !sections.iter().any(|section| section == "pypi") {
        return Some((
            format!("~/.pypirc knows {} and not pypi", sections.join(", ")),
            format!("pubflow publish --index {}, or --pypi", sections[0]),
        ));
    }
    private_classifier(pyproject).map(|classifier| {
        (
            format!("the classifier `{classifier}`"),
            "pubflow publish --index NAME".to_owned(),
        )
    })
}

/// Names of the indexes in `.pypirc`.
fn pypirc_sections(env: &Environment) -> Vec<String> {
    let pypirc = pypirc::path(env.get("HOME")).and_then(|path| Pypirc::read(&path).ok());
    pypirc.map_or_else(Vec::new, |pypirc| {
        pypirc.names().map(str::to_owned).collect()
    })
}

fn private_classifier(pyproject: Option<&Pyproject>) -> Option<String> {
    pyproject?
        .classifiers()
        .into_iter()
        .find(|classifier| classifier.starts_with("Private ::"))
        .map(str::to_owned)
}

/// Whether the world reads this index.
fn is_public(address: &IndexAddress) -> bool {
    let origin = address.upload_origin().ok();
    address.kind == IndexKind::Pypi || origin.as_ref().and_then(Known::by_upload_origin).is_some()
}

/// Stops a private project before every public index.
fn refuse_private_on_public(
    pyproject: Option<&Pyproject>,
    target: &Target,
) -> Result<(), TargetError> {
    match private_classifier(pyproject) {
        Some(classifier) if is_public(&target.address) => Err(TargetError::Private {
            classifier,
            index: target.address.name.to_string(),
        }),
        _ => Ok(()),
    }
}
