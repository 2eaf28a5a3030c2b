//! `pubflow parse`: reads texts of the packaging standards and answers each with a line of JSON.

mod question;
mod sort;
mod wire;

use std::io::{self, BufRead, IsTerminal};
use std::path::PathBuf;

use crate::cli;
use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::render::parse::{Answer, NoQuestion, Parts, RankedAnswer, Refusal};
use crate::render::print_json_line;

use question::Question;

/// Answers every text; the exit code says whether all were valid, or with `--batch` understood.
pub(crate) fn run(args: &cli::Parse, ctx: &Context) -> Result<ExitCode, CommandError> {
    let question = Question::of(&args.kind)?;
    let texts = texts_of(&args.kind);
    let lines = lines(texts, &question, ctx);
    let tally = match &args.kind {
        cli::ParseKind::Version(cli::ParseVersion { sort: true, .. }) => sort::answer(lines)?,
        _ => answer(lines)?,
    };
    let n_failed = if texts.batch {
        tally.n_not_understood
    } else {
        tally.n_invalid
    };
    Ok(match n_failed {
        0 => ExitCode::Done,
        _ => ExitCode::Findings,
    })
}

fn texts_of(kind: &cli::ParseKind) -> &cli::ParseTexts {
    match kind {
        cli::ParseKind::Version(args) => &args.texts,
        cli::ParseKind::Specifier(args) => &args.texts,
        cli::ParseKind::Marker(args) => &args.texts,
        cli::ParseKind::Requirement(texts)
        | cli::ParseKind::License(texts)
        | cli::ParseKind::Name(texts)
        | cli::ParseKind::Wheel(texts)
        | cli::ParseKind::Sdist(texts) => texts,
    }
}

/// What became of one text, or of a batch line that holds none.
#[derive(Debug)]
enum Line {
    Text(Answered),
    NotUnderstood { why: String },
}

/// A text and what it turned out to be.
#[derive(Debug)]
struct Answered {
    id: Option<String>,
    input: String,
    outcome: Result<Parts, Refusal>,
}

type Lines<'a> = Box<dyn Iterator<Item = Result<Line, CommandError>> + 'a>;

/// The texts of the command line, else the lines of standard input as they come in.
fn lines<'a>(texts: &'a cli::ParseTexts, question: &'a Question, ctx: &Context) -> Lines<'a> {
    if !texts.texts.is_empty() {
        return Box::new(texts.texts.iter().map(|text| Ok(plain(text, question))));
    }
    let stdin = io::stdin().lock();
    if stdin.is_terminal() {
        ctx.note("reading standard input, one text a line; Ctrl-D ends it");
    }
    let read = if texts.batch { batch } else { plain_bytes };
    Box::new(stdin.split(b'\n').map(move |line| {
        let line = line.map_err(|source| CommandError::Io {
            path: PathBuf::from("standard input"),
            done: "read",
            source,
        })?;
        Ok(read(&line, question))
    }))
}

fn plain(text: &str, question: &Question) -> Line {
    Line::Text(Answered {
        id: None,
        input: text.to_owned(),
        outcome: question.answer(text),
    })
}

/// A line without its end, which is two characters on some systems.
fn plain_bytes(line: &[u8], question: &Question) -> Line {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let valid = match line.utf8_chunks().next() {
        Some(chunk) => chunk.valid(),
        None => "",
    };
    if valid.len() == line.len() {
        return plain(valid, question);
    }
    Line::Text(Answered {
        id: None,
        input: String::from_utf8_lossy(line).into_owned(),
        outcome: Err(Refusal::no_text(valid.chars().count())),
    })
}

fn batch(line: &[u8], question: &Question) -> Line {
    match wire::read_line(line, question) {
        Ok(line) => Line::Text(Answered {
            outcome: line.question.answer(&line.input),
            id: Some(line.id),
            input: line.input,
        }),
        Err(error) => Line::NotUnderstood {
            why: error.to_string(),
        },
    }
}

/// How many lines were not as they should be.
#[derive(Debug, Default)]
struct Tally {
    n_invalid: usize,
    n_not_understood: usize,
}

impl Tally {
    /// Prints the answer to a text, with its rank where the order is asked for.
    fn print(&mut self, answered: Answered, rank: Rank) -> Result<(), CommandError> {
        self.n_invalid += usize::from(answered.outcome.is_err());
        let answer = Answer::new(answered.id.as_deref(), &answered.input, answered.outcome);
        match rank {
            Rank::NotAsked => printed(print_json_line(&answer)),
            Rank::Of(rank) => printed(print_json_line(&RankedAnswer::new(answer, rank))),
        }
    }

    /// Prints what is wrong with a batch line.
    fn print_not_understood(&mut self, why: String) -> Result<(), CommandError> {
        self.n_not_understood += 1;
        printed(print_json_line(&NoQuestion::new(why)))
    }
}

/// The place of a text in the order of all.
enum Rank {
    NotAsked,
    /// None for an invalid text.
    Of(Option<usize>),
}

fn printed(written: io::Result<()>) -> Result<(), CommandError> {
    written.map_err(|source| CommandError::Output { source })
}

/// Answers each line before the next is read.
fn answer(lines: Lines<'_>) -> Result<Tally, CommandError> {
    let mut tally = Tally::default();
    for line in lines {
        match line? {
            Line::Text(answered) => tally.print(answered, Rank::NotAsked)?,
            Line::NotUnderstood { why } => tally.print_not_understood(why)?,
        }
    }
    Ok(tally)
}
