//! Which smoke test a distribution gets: what its project says of it, and never what another project
//! says in whose directory one happens to stand.

use std::collections::BTreeSet;
use std::path::Path;

use pubflow_metadata::pyproject::Pyproject;
use pubflow_python::installer::{InstallerChoice, Network};
use pubflow_python::verify::SmokeTest;
use pubflow_spec::{DistributionFilename, ProjectName};
use pubflow_stages::Interpreters;

use crate::config::Settings;
use crate::context::Context;

/// The test that `settings`, read in `directory`, have for distributions of these projects.
pub(crate) fn smoke_test(
    settings: &Settings,
    directory: &Path,
    projects: &BTreeSet<ProjectName>,
) -> SmokeTest {
    match project_in(directory) {
        Some(own) if !projects.contains(&own) => SmokeTest::default(),
        _ => settings.smoke.test(&settings.budgets),
    }
}

/// How a release of `project` is tested on an index: as the project says when its directory is the one
/// that we stand in.
pub(crate) fn interpreters(
    project: &ProjectName,
    wanted: Vec<String>,
    ctx: &Context,
) -> Interpreters {
    let here = Path::new(".");
    // Settings that cannot be read have stopped the command before it comes to this.
    let smoke = Settings::load(here, &ctx.env)
        .map(|settings| smoke_test(&settings, here, &BTreeSet::from([project.clone()])))
        .unwrap_or_default();
    Interpreters {
        wanted,
        inherited: ctx.inherited.clone(),
        smoke,
        previous: Vec::new(),
        installer: InstallerChoice::Auto,
        network: Network::Online,
    }
}

/// The projects of distributions, as their file names have them.
pub(crate) fn projects_of<'a>(files: impl IntoIterator<Item = &'a Path>) -> BTreeSet<ProjectName> {
    let names = files
        .into_iter()
        .filter_map(|file| file.file_name()?.to_str());
    let parsed = names.filter_map(|name| DistributionFilename::parse(name).ok());
    parsed.map(|name| name.name().clone()).collect()
}

/// The project of a directory, where its pyproject.toml names one.
fn project_in(directory: &Path) -> Option<ProjectName> {
    let text = std::fs::read_to_string(directory.join("pyproject.toml")).ok()?;
    ProjectName::parse(Pyproject::parse(&text).project_name()?).ok()
}
