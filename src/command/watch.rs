//! `pubflow watch`: what an index shows of a project that was not published from here, or has changed
//! since. For cron: exit 1 on news.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use pubflow_index::{Advisory, IndexFile, ProjectPage, ProjectStatus};
use pubflow_pipeline::{Facts, ReleaseRecord, StateDir};
use pubflow_spec::{DistributionFilename, ProjectName, Sha256, Version};
use pubflow_stages::observe_failure;

use super::stats::project_named;
use super::yank::yank_in_journal;
use crate::cli;
use crate::config::{Settings, choose_target};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::records::was_published;
use crate::render::{News, WatchDocument};

/// Compares what the index shows with what was published from here.
pub(crate) fn run(args: &cli::Watch, ctx: &Context) -> Result<ExitCode, CommandError> {
    let here = Path::new(".");
    let settings = Settings::load(here, &ctx.env)?;
    let project = project_named(args.project.as_deref())?;
    let target = choose_target(&args.index.requested(), &settings, &ctx.env, here)?;
    let index = target.address.name.to_string();
    let ours = Ours::read(&ctx.state()?, &project, &index)?;
    if ours.versions.is_empty() {
        return Err(CommandError::NonePublished { index });
    }
    let client = ctx.index(target.address)?;
    let (page, advisories) = ctx.block_on_reading(async {
        let failed = |error| CommandError::Stopped {
            failure: Box::new(observe_failure(&client.address().name, &error)),
            landed: false,
        };
        let page = client.project(&project).await.map_err(failed)?;
        let mut advisories = BTreeMap::new();
        for version in &ours.versions {
            let found = client.advisories(&project, version).await.map_err(failed)?;
            advisories.insert(version.clone(), found);
        }
        Ok((page, advisories))
    })?;
    let mut news = compare(&ours, page.as_deref());
    news.extend(advisories.iter().flat_map(|(version, found)| {
        found
            .iter()
            .map(|advisory| about_advisory(version, advisory))
    }));
    let document = WatchDocument::new(&project, &index, news);
    ctx.print(&document, &document.text())?;
    Ok(match document.is_quiet() {
        true => ExitCode::Done,
        false => ExitCode::Findings,
    })
}

/// What the journals say was published to one index.
#[derive(Default)]
struct Ours {
    versions: BTreeSet<Version>,
    files: BTreeMap<String, Sha256>,
    /// Versions that were yanked from here.
    yanked: BTreeSet<Version>,
}

impl Ours {
    fn read(state: &StateDir, project: &ProjectName, index: &str) -> Result<Self, CommandError> {
        let mut ours = Self::default();
        for record in state.records_of(project)? {
            if was_published(&record, index)? {
                ours.add(&record, index)?;
            }
        }
        Ok(ours)
    }

    fn add(&mut self, record: &ReleaseRecord, index: &str) -> Result<(), CommandError> {
        let manifest = record.manifest();
        self.versions.insert(manifest.version().clone());
        for file in manifest.files() {
            self.files.insert(file.filename.clone(), file.sha256);
        }
        if yank_in_journal(&Facts::read(record)?, index).is_some() {
            self.yanked.insert(manifest.version().clone());
        }
        Ok(())
    }
}

fn compare(ours: &Ours, page: Option<&ProjectPage>) -> Vec<News> {
    let Some(page) = page else {
        return vec![News::new(
            "project-gone",
            "",
            "the index does not know the project any more",
        )];
    };
    let mut news = Vec::new();
    if page.status != ProjectStatus::Active {
        let status = match &page.status {
            ProjectStatus::Archived => "archived",
            ProjectStatus::Quarantined => "quarantined",
            ProjectStatus::Deprecated => "deprecated",
            ProjectStatus::Other(other) => other.as_str(),
            ProjectStatus::Active => "active",
        };
        news.push(News::new("status", "", &format!("the project is {status}")));
    }
    for file in &page.files {
        news.extend(about_file(ours, file));
    }
    let listed: BTreeSet<&str> = page
        .files
        .iter()
        .map(|file| file.filename.as_str())
        .collect();
    for filename in ours.files.keys() {
        if !listed.contains(filename.as_str()) {
            news.push(News::new(
                "file-gone",
                filename,
                "it is not listed any more",
            ));
        }
    }
    news
}

fn about_file(ours: &Ours, file: &IndexFile) -> Option<News> {
    let name = file.filename.as_str();
    let version = DistributionFilename::parse(name)
        .ok()
        .map(|name| name.version().clone());
    let Some(sha256) = ours.files.get(name) else {
        return Some(News::new(
            "foreign-file",
            name,
            "it was not published from here",
        ));
    };
    if let Some(found) = file.sha256.filter(|found| found != sha256) {
        let what = format!("it has SHA-256 {found} there, and {sha256} was published");
        return Some(News::new("other-bytes", name, &what));
    }
    let by_us = version.is_some_and(|version| ours.yanked.contains(&version));
    match (&file.yanked, by_us) {
        (Some(yank), false) => {
            let reason = yank.reason.as_deref().unwrap_or("no reason given");
            Some(News::new(
                "yanked",
                name,
                &format!("it was yanked: {reason}"),
            ))
        }
        (None, true) => Some(News::new("not-yanked", name, "its yank was taken back")),
        _ => None,
    }
}

fn about_advisory(version: &Version, advisory: &Advisory) -> News {
    let cure = match advisory.fixed_in.as_slice() {
        [] => "no version cures it".to_owned(),
        versions => format!("cured in {}", versions.join(", ")),
    };
    let what = format!("{} ({cure}): {}", advisory.id, advisory.summary);
    News::new("advisory", &version.to_string(), &what)
}
