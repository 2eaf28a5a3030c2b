//! The verbs: one file each, and the one place where an error becomes an exit code.

mod abandon;
mod adopt;
mod approve;
mod build;
mod cache;
mod check;
mod clean;
mod collect;
mod config;
mod diff;
mod doctor;
mod history;
mod index;
mod inspect;
mod login;
mod logout;
mod metrics;
mod parse;
mod plan;
mod preview;
mod promote;
mod publish;
mod readiness;
mod rehearse;
mod release;
mod resume;
mod rule;
mod state;
mod stats;
mod status;
mod unit;
mod verify;
mod watch;
mod yank;

use crate::cli::{Command, Config, Index};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::render;

pub(crate) use stats::is_unreachable;

/// Runs a command and says how it ended.
pub(crate) fn run(command: Command, ctx: &Context) -> ExitCode {
    let ended = match command {
        Command::Build(args) => build::run(&args, ctx),
        Command::Clean(args) => clean::run(&args, ctx),
        Command::Collect(args) => collect::run(&args, ctx),
        Command::Cache(args) => cache::run(&args, ctx),
        Command::Check(args) => check::run(&args, ctx),
        Command::Inspect(args) => inspect::run(&args, ctx),
        Command::Diff(args) => diff::run(&args, ctx),
        Command::Publish(args) => publish::run(&args, ctx),
        Command::Verify(args) => verify::run(&args, ctx),
        Command::Promote(args) => promote::run(&args, ctx),
        Command::Yank(args) => yank::run(&args, ctx),
        Command::Login(args) => login::run(&args, ctx),
        Command::Logout(args) => logout::run(&args, ctx),
        Command::Rehearse(args) => rehearse::run(&args, ctx),
        Command::Release(args) => release::run(&args, ctx),
        Command::Plan(args) => plan::run(&args, ctx),
        Command::Approve(args) => approve::run(&args, ctx),
        Command::Adopt(args) => adopt::run(&args, ctx),
        Command::Doctor(args) => doctor::run(&args, ctx),
        Command::Resume(args) => resume::run(&args, ctx),
        Command::Stats(args) => stats::run(&args, ctx),
        Command::Watch(args) => watch::run(&args, ctx),
        Command::Status(args) => status::run(&args, ctx),
        Command::Abandon(args) => abandon::run(&args, ctx),
        Command::Readiness(args) => readiness::run(&args, ctx),
        Command::Metrics(args) => metrics::run(&args, ctx),
        Command::History(args) => history::run(&args, ctx),
        Command::State(args) => state::run(&args, ctx),
        Command::Preview(args) => preview::run(&args, ctx),
        Command::Parse(args) => parse::run(&args, ctx),
        Command::Rule(args) => rule::run(&args, ctx),
        Command::Config(Config::Show) => config::show(ctx),
        Command::Index(Index::Serve(args)) => index::serve(&args, ctx),
    };
    ended.unwrap_or_else(|error| report(&error, ctx))
}

/// Shows an error on standard error, and as a document where JSON is wanted.
fn report(error: &CommandError, ctx: &Context) -> ExitCode {
    let (report, exit) = (error.report(), error.exit_code());
    ctx.note(render::error_text(&report, ctx.err).trim_end());
    if ctx.json() {
        let document = render::ErrorDocument::new(exit.number(), &report);
        // Standard output may be what broke; the error has been shown already.
        let _ = render::print_json(&document);
    }
    exit
}
