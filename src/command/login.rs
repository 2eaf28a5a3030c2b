//! `pubflow login`: keeps a token for an index, narrowed first where that is asked for.

use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use pubflow_http::Secret;
use pubflow_index::credential::vault::{Entry, Vault};
use pubflow_index::credential::{self, Instance, Question, TokenFacts, narrow};
use pubflow_spec::ProjectName;

use crate::cli;
use crate::config::{Settings, choose_target};
use crate::consent::title;
use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::records::project_here;
use crate::render::LoginDocument;
use crate::token::{prompt_for_token, token_file, wrong};

/// Keeps a token.
pub(crate) fn run(args: &cli::Login, ctx: &Context) -> Result<ExitCode, CommandError> {
    let here = Path::new(".");
    let settings = Settings::load(here, &ctx.env)?;
    let target = choose_target(&args.index.requested(), &settings, &ctx.env, here)?;
    let origin = target.address.upload_origin()?;
    let project = args.restrict.as_deref().map(project_named).transpose()?;
    let now = Timestamp::now();
    let end = args.days.map(|days| {
        let life = SignedDuration::from_hours(24 * i64::from(days));
        now.checked_add(life).unwrap_or(Timestamp::MAX)
    });

    let question = Question {
        index: target.address.name.to_string(),
        origin: origin.clone(),
    };
    let given = credential::given_for_keeping(
        args.token_file.as_deref().map(token_file).as_ref(),
        &question,
        &prompt_for_token,
    );
    let token = given
        .map_err(|error| wrong(&target.address, error))?
        .ok_or_else(|| CommandError::NothingToKeep {
            index: target.address.name.to_string(),
        })?;
    refuse_useless(&token, &target.address, project.as_ref(), now)?;
    let token = match project.is_some() || end.is_some() {
        true => narrow(&token, project.as_ref(), end.map(|end| (now, end)))?,
        false => token,
    };

    let entry = match &project {
        Some(project) => Entry::for_project(origin, project),
        None => Entry::for_all(origin),
    };
    let place = Vault::of(ctx.env.variables()).keep(&entry, &token)?;
    let facts = TokenFacts::read(&token);
    let document = LoginDocument::new(target.address.name.as_str(), &entry, &place, &facts);
    let text = document.text(&title(&target.address));
    ctx.print(&document, &text)?;
    if facts.projects.is_none() && facts.instance != Instance::Opaque && project.is_none() {
        ctx.note("this token is for every project of its account; `pubflow login --restrict PROJECT` keeps one that can do less");
    }
    Ok(ExitCode::Done)
}

/// The project of `--restrict`; the one here where none is named.
fn project_named(text: &str) -> Result<ProjectName, CommandError> {
    let wrong = |why: String| CommandError::Argument {
        option: "--restrict",
        value: text.to_owned(),
        expected: "name of a project",
        why,
    };
    if text.is_empty() {
        return project_here(Path::new("."))
            .ok_or_else(|| wrong("there is no pyproject.toml with a name here".to_owned()));
    }
    ProjectName::parse(text).map_err(|error| wrong(error.to_string()))
}

/// Stops a token that the index would refuse.
fn refuse_useless(
    token: &Secret,
    address: &pubflow_index::IndexAddress,
    project: Option<&ProjectName>,
    now: Timestamp,
) -> Result<(), CommandError> {
    match credential::problem_of(token, address, project, now) {
        None => Ok(()),
        Some(reason) => Err(CommandError::UselessToken {
            index: address.name.to_string(),
            problem: reason.to_string(),
        }),
    }
}
