//! `pubflow preview`: what PyPI makes of a README, as a verdict and as a page.

use std::fs;
use std::io::{self, BufRead};
use std::path::Path;

use pubflow_readme::{Judgement, Profile, judge, twine_verdict};

use crate::cli;
use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::render::{self, PreviewAnswer, PreviewError, PreviewQuestion, preview_page};

/// Judges a file, or every line of standard input.
pub(crate) fn run(args: &cli::Preview, ctx: &Context) -> Result<ExitCode, CommandError> {
    let profile = Profile::parse(&args.profile).unwrap_or_default();
    match &args.file {
        Some(file) => one(file, args, profile, ctx),
        None => batch(profile),
    }
}

fn one(
    file: &Path,
    args: &cli::Preview,
    profile: Profile,
    ctx: &Context,
) -> Result<ExitCode, CommandError> {
    let io_error = |path: &Path, done| {
        let path = path.to_owned();
        move |source| CommandError::Io { path, done, source }
    };
    let bytes = fs::read(file).map_err(io_error(file, "read"))?;
    let text = String::from_utf8_lossy(&bytes).replace("\r\n", "\n");
    let content_type = args.content_type.as_deref().or_else(|| by_ending(file));
    let judgement = judge(&text, content_type, profile);
    if let (Some(to), Some(html)) = (&args.to, &judgement.html) {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        fs::write(to, preview_page(&name, html)).map_err(io_error(to, "written"))?;
    }
    let accepted = judgement.accepted;
    let shown = words(file, &judgement, args.to.as_deref(), ctx);
    let twine = twine_verdict(&text, content_type);
    ctx.print(&PreviewAnswer::alone(judgement, twine), &shown)?;
    Ok(match accepted {
        true => ExitCode::Done,
        false => ExitCode::Findings,
    })
}

/// The content type that build backends give a file of this name.
fn by_ending(file: &Path) -> Option<&'static str> {
    let ending = file.extension()?.to_str()?.to_ascii_lowercase();
    match ending.as_str() {
        "md" | "markdown" => Some("text/markdown"),
        "rst" => Some("text/x-rst"),
        "txt" => Some("text/plain"),
        _ => None,
    }
}

fn words(file: &Path, judgement: &Judgement, to: Option<&Path>, ctx: &Context) -> String {
    let name = file.display();
    if judgement.accepted {
        let where_to = to.map_or_else(
            || ", --to FILE writes the page".to_owned(),
            |to| format!(", written to {} (code is not highlighted)", to.display()),
        );
        return format!(
            "{} {name}: PyPI takes it{where_to}\n",
            ctx.out.green("pass")
        );
    }
    let why = judgement.first_message.as_ref().map_or_else(
        || "nothing is left of it after rendering".to_owned(),
        |first| match first.line {
            Some(line) => format!("line {line}: {}", first.message.replace('\n', "\n  ")),
            None => first.message.replace('\n', "\n  "),
        },
    );
    format!("{} {name}: PyPI refuses it\n  {why}\n", ctx.out.red("fail"))
}

/// Answers line by line until standard input ends.
fn batch(profile: Profile) -> Result<ExitCode, CommandError> {
    let output = |source| CommandError::Output { source };
    let mut all_understood = true;
    for line in io::stdin().lock().lines() {
        let question = line.map_err(|error| error.to_string()).and_then(|line| {
            serde_json::from_str::<PreviewQuestion>(&line).map_err(|error| error.to_string())
        });
        match question {
            Ok(question) => {
                let chosen = question.profile.as_deref().and_then(Profile::parse);
                let content_type = question.content_type.as_deref();
                let text = question.text.unwrap_or_default();
                let judgement = judge(&text, content_type, chosen.unwrap_or(profile));
                let twine = twine_verdict(&text, content_type);
                let answer = PreviewAnswer::in_batch(question.id, judgement, twine);
                render::print_json_line(&answer).map_err(output)?;
            }
            Err(error) => {
                all_understood = false;
                render::print_json_line(&PreviewError::new(error)).map_err(output)?;
            }
        }
    }
    Ok(match all_understood {
        true => ExitCode::Done,
        false => ExitCode::Findings,
    })
}
