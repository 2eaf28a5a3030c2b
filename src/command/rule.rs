//! `pubflow rule`: explains a rule, or an error, by its code.

use pubflow_check::{Selector, UnknownRule};
use pubflow_finding::Rule;
use pubflow_stages::{refused_by, rules};

use crate::cli;
use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::render::{ErrorCodeDocument, RuleJson, RulesDocument, rule_text, table};

/// The page that explains the codes of errors.
const ERRORS: &str = include_str!("../../docs/errors.md");

/// Prints the explanation of each code, or the list of all rules.
pub(crate) fn run(args: &cli::Rule, ctx: &Context) -> Result<ExitCode, CommandError> {
    if let [code] = args.codes.as_slice()
        && let Some(explained) = error_section(code)
    {
        ctx.print(&ErrorCodeDocument::new(code, explained), explained)?;
        return Ok(ExitCode::Done);
    }
    let known = rules();
    let mut chosen: Vec<&'static Rule> = Vec::new();
    let mut is_explained = args.all || !args.codes.is_empty();
    for code in &args.codes {
        let selector = Selector::parse(code, &known).map_err(unknown)?;
        is_explained = is_explained && selector.is_exact();
        let codes = selector.codes();
        chosen.extend(known.iter().filter(|rule| codes.contains(&rule.code)));
    }
    if args.codes.is_empty() {
        chosen = known;
    }
    let text = match is_explained {
        true => {
            let pages: Vec<String> = chosen.iter().map(|rule| rule_text(rule, ctx.out)).collect();
            pages.join("\n")
        }
        false => {
            let rows: Vec<Vec<String>> = chosen.iter().map(|rule| row(rule)).collect();
            if !ctx.json() {
                ctx.note("`pubflow rule CODE` explains one, `pubflow rule --all` all of them");
            }
            table(&["code", "severity", "refused by", "name"], &rows)
        }
    };
    ctx.print(
        &RulesDocument::new(chosen.into_iter().map(RuleJson::from).collect()),
        &text,
    )?;
    Ok(ExitCode::Done)
}

fn row(rule: &Rule) -> Vec<String> {
    let severity = rule.severity.to_string();
    vec![
        rule.code.to_owned(),
        severity,
        refused_by(rule),
        rule.name.to_owned(),
    ]
}

/// The section of an error's code, from its heading to the next.
fn error_section(code: &str) -> Option<&'static str> {
    let heading = format!("## {}\n", code.to_ascii_uppercase());
    let start = ERRORS.find(&heading)?;
    let rest = ERRORS.get(start..)?;
    let end = rest
        .get(1..)?
        .find("\n## ")
        .map_or(rest.len(), |end| end + 2);
    rest.get(..end)
}

fn unknown(unknown: UnknownRule) -> CommandError {
    CommandError::Argument {
        option: "CODE",
        value: unknown.given,
        expected: "rule",
        why: match unknown.nearest {
            Some(nearest) => format!("the nearest is {nearest}"),
            None => "codes of rules are a P and digits, such as P906".to_owned(),
        },
    }
}
