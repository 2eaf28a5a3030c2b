//! `pubflow preview`: what PyPI makes of a README, as a verdict, as findings and as a page.

use std::fs;
use std::io::{self, BufRead};
use std::path::{Path, PathBuf};
use std::time::Duration;

use pubflow_finding::{Finding, Findings};
use pubflow_metadata::pyproject::Pyproject;
use pubflow_process::{Command, Environment, find_program};
use pubflow_readme::check::Description;
use pubflow_readme::{Judgement, Profile, judge, twine_verdict};

use crate::cli;
use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::render::{
    self, PreviewAnswer, PreviewError, PreviewQuestion, findings_text, preview_page,
};

/// Judges a file, or every line of standard input.
pub(crate) fn run(args: &cli::Preview, ctx: &Context) -> Result<ExitCode, CommandError> {
    let profile = Profile::parse(&args.profile).unwrap_or_default();
    match args.batch {
        true => batch(profile),
        false => one(args, profile, ctx),
    }
}

/// A README and the content type that goes with it.
struct Readme {
    path: PathBuf,
    content_type: Option<String>,
}

impl Readme {
    /// What is named on the command line, else in pyproject.toml, else what usually is there.
    fn find(args: &cli::Preview) -> Self {
        let pyproject = fs::read("pyproject.toml").ok();
        let pyproject = pyproject.map(|bytes| Pyproject::from_bytes(&bytes));
        let named = pyproject.as_ref().and_then(Pyproject::readme_file);
        let usual = ["README.md", "README.rst", "README.txt"];
        let there = usual.into_iter().find(|name| Path::new(name).is_file());
        let path = match &args.file {
            Some(file) => file.clone(),
            None => PathBuf::from(named.or(there).unwrap_or(usual[0])),
        };
        let is_named = named.is_some_and(|named| Path::new(named) == path);
        let given = pyproject
            .as_ref()
            .filter(|_| is_named)
            .and_then(Pyproject::readme_content_type);
        let content_type = args
            .content_type
            .as_deref()
            .or(given)
            .or_else(|| by_ending(&path))
            .map(str::to_owned);
        Self { path, content_type }
    }
}

fn one(args: &cli::Preview, profile: Profile, ctx: &Context) -> Result<ExitCode, CommandError> {
    let readme = Readme::find(args);
    let bytes = fs::read(&readme.path).map_err(io_error(&readme.path, "read"))?;
    let text = String::from_utf8_lossy(&bytes).replace("\r\n", "\n");
    let content_type = readme.content_type.as_deref();
    let description = Description::new(&text, content_type, profile).in_file();
    let mut findings = Findings::for_path(readme.path.display().to_string());
    description.check(&mut findings);
    let mut findings = findings.into_sorted();
    for finding in &mut findings {
        for edit in finding.fix.iter_mut().flat_map(|fix| &mut fix.edits) {
            edit.path.clone_from(&finding.place.path);
        }
    }
    let judgement = description.into_judgement();
    let name = readme
        .path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy();
    let page = judgement
        .html
        .as_ref()
        .map(|html| preview_page(&name, html, profile));
    let accepted = judgement.accepted;
    let code = match accepted {
        true => ExitCode::Done,
        false => ExitCode::Findings,
    };
    if args.to.as_deref() == Some(Path::new("-"))
        && let Some(page) = &page
    {
        render::print(page).map_err(|source| CommandError::Output { source })?;
        return Ok(code);
    }
    let mut shown = words(&readme, &judgement, &findings, ctx);
    let to = match (&args.to, args.open) {
        (Some(to), _) => Some(to.clone()),
        (None, true) => Some(page_to_open(&name, ctx)?),
        (None, false) => None,
    };
    match (&page, &to) {
        (Some(page), Some(to)) => {
            fs::write(to, page).map_err(io_error(to, "written"))?;
            shown.push_str(&format!("page: {} (code is not coloured)\n", to.display()));
            if args.open && !open(to, ctx) {
                shown.push_str("no program that opens pages was found; open it by hand\n");
            }
        }
        (Some(_), None) => shown.push_str("page: --open shows it, --to FILE writes it\n"),
        (None, _) => {}
    }
    let twine = twine_verdict(&text, content_type);
    ctx.print(&PreviewAnswer::alone(judgement, twine, &findings), &shown)?;
    Ok(code)
}

fn io_error(path: &Path, done: &'static str) -> impl FnOnce(io::Error) -> CommandError {
    let path = path.to_owned();
    move |source| CommandError::Io { path, done, source }
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

/// A new file for a page that is only looked at; it has to stay, as the browser reads it later.
fn page_to_open(name: &str, ctx: &Context) -> Result<PathBuf, CommandError> {
    let place = ctx.inherited.temporary_directory();
    let file = tempfile::Builder::new()
        .prefix(&format!("{name}-"))
        .suffix(".html")
        .tempfile_in(&place)
        .map_err(io_error(&place, "written"))?;
    let (_, path) = file
        .keep()
        .map_err(|error| io_error(&place, "written")(error.error))?;
    Ok(path)
}

/// Hands a page to the program that opens pages on this system; whether there is one.
fn open(page: &Path, ctx: &Context) -> bool {
    // `setsid` takes the browser out of our process group, which ends with the child.
    let openers: [&[&str]; 3] = match () {
        () if cfg!(target_os = "macos") => [&["open"], &[], &[]],
        () if cfg!(windows) => [&["explorer"], &[], &[]],
        () => [
            &["setsid", "xdg-open"],
            &["setsid", "sensible-browser"],
            &["xdg-open"],
        ],
    };
    let is_there = |name: &&str| find_program(name, &ctx.inherited).is_some();
    let opener = openers
        .iter()
        .find(|names| !names.is_empty() && names.iter().all(is_there));
    let Some([program, rest @ ..]) = opener else {
        return false;
    };
    let mut environment = Environment::installer(&ctx.inherited);
    for name in [
        "BROWSER",
        "DBUS_SESSION_BUS_ADDRESS",
        "DISPLAY",
        "WAYLAND_DISPLAY",
        "XAUTHORITY",
        "XDG_CURRENT_DESKTOP",
        "XDG_RUNTIME_DIR",
    ] {
        if let Some(value) = ctx.inherited.get(name) {
            environment = environment.set(name, value);
        }
    }
    let command = Command::new(*program)
        .args(rest)
        .arg(page)
        .environment(environment)
        .deadline(Duration::from_secs(10));
    pubflow_process::run(&command, None).is_ok_and(|ended| ended.success())
}

/// The verdict, then the findings.
fn words(readme: &Readme, judgement: &Judgement, findings: &[Finding], ctx: &Context) -> String {
    let name = readme.path.display();
    let kind = readme.content_type.as_deref();
    let kind = kind.unwrap_or("no content type, read as text/x-rst");
    let verdict = match judgement.accepted {
        true => format!("{} {name}: PyPI takes it ({kind})\n", ctx.out.green("pass")),
        false => format!("{} {name}: PyPI refuses it ({kind})\n", ctx.out.red("fail")),
    };
    let listed: Vec<&Finding> = findings.iter().collect();
    let mut shown = verdict + &findings_text(&name.to_string(), &listed, ctx.out);
    if let (false, true, Some(first)) = (
        judgement.accepted,
        findings.is_empty(),
        &judgement.first_message,
    ) {
        shown.push_str(&format!("  {}\n", first.message.replace('\n', "\n  ")));
    }
    shown
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
