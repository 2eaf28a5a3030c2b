//! The program: parse, configure, assemble, render, exit code.

mod check_settings;
mod cli;
mod command;
mod config;
mod consent;
mod context;
mod error;
mod exit_code;
mod fetched;
mod gates_here;
mod interrupt;
mod job;
mod part;
mod predecessor;
mod preflight;
mod readiness;
mod records;
mod reference;
mod rehearsal;
mod release;
mod render;
mod selection;
mod slice;
mod smoke;
mod steps;
mod timeline;
mod token;
mod writer;

use clap::Parser;

use crate::config::Environment;
use crate::context::Context;

fn main() -> std::process::ExitCode {
    // The environment and memory of this process may hold tokens; children must not look in.
    let hidden = pubflow_process::hide_own_process();
    let env = Environment::capture();
    let cli = cli::Cli::parse()
        .validated()
        .unwrap_or_else(|error| error.exit());
    let ctx = Context::new(&cli, env);
    if let Err(error) = hidden {
        ctx.note(&format!(
            "warning: children could read this process's memory: {error}"
        ));
    }
    let exit = command::run(cli.command, &ctx);
    std::process::ExitCode::from(exit.number())
}
