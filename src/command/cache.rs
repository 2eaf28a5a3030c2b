//! `pubflow cache`: what is kept between builds, and taking it away.

use std::time::SystemTime;

use pubflow_python::cache::{Cache, CachedEnvironment, Cleared};

use crate::cli;
use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::render::{CacheDocument, ClearedDocument, table};

/// Looks at the cache or empties it.
pub(crate) fn run(args: &cli::Cache, ctx: &Context) -> Result<ExitCode, CommandError> {
    let cache = Cache::of(&ctx.inherited).ok_or(CommandError::NoCacheDir)?;
    let io = |source| CommandError::Io {
        path: cache.root().to_path_buf(),
        done: "read or changed",
        source,
    };
    match args.action.as_ref().unwrap_or(&cli::CacheAction::Show) {
        cli::CacheAction::Show => {
            let environments = cache.environments().map_err(io)?;
            let document = CacheDocument::new(&cache, &environments);
            ctx.print(&document, &shown(&cache, &environments))?;
        }
        cli::CacheAction::Clear => report(cache.clear().map_err(io)?, ctx)?,
        cli::CacheAction::Prune => report(cache.prune().map_err(io)?, ctx)?,
    }
    Ok(ExitCode::Done)
}

fn shown(cache: &Cache, environments: &[CachedEnvironment]) -> String {
    let bytes: u64 = environments.iter().map(|one| one.bytes).sum();
    let mut text = format!(
        "{}: {} of {}\n",
        cache.root().display(),
        megabytes(bytes),
        megabytes(cache.limit_bytes())
    );
    if environments.is_empty() {
        text.push_str("no build environments are kept\n");
        return text;
    }
    let rows: Vec<Vec<String>> = environments
        .iter()
        .map(|one| {
            let age = one
                .used
                .and_then(|used| SystemTime::now().duration_since(used).ok());
            vec![
                one.key.chars().take(12).collect(),
                megabytes(one.bytes),
                age.map_or_else(String::new, |age| crate::render::seconds(age) + " ago"),
                one.interpreter.clone(),
                match one.requirements.is_empty() {
                    true => "no requirements".to_owned(),
                    false => one.requirements.join(" "),
                },
            ]
        })
        .collect();
    text.push_str(&table(
        &["environment", "size", "used", "python", "holds"],
        &rows,
    ));
    text
}

fn report(cleared: Cleared, ctx: &Context) -> Result<(), CommandError> {
    let in_use = match cleared.n_in_use {
        0 => String::new(),
        n => format!("; {n} in use were left"),
    };
    let text = format!(
        "took away {} environments, {}{in_use}\n",
        cleared.n_environments,
        megabytes(cleared.bytes)
    );
    ctx.print(&ClearedDocument::new(cleared), &text)
}

/// A size in decimal megabytes, as disks are sold.
fn megabytes(bytes: u64) -> String {
    format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000)
}
