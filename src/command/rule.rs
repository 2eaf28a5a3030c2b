//! `pubflow rule`: explains a rule, or an error, by its code.

use pubflow_stages::{rule, rule_as_markdown, rules};

use crate::cli;
use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::render::{ErrorCodeDocument, RuleJson, RulesDocument, table};

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
    let chosen = args
        .codes
        .iter()
        .map(|code| rule(&code.to_ascii_uppercase()).ok_or_else(|| unknown(code)))
        .collect::<Result<Vec<_>, _>>()?;
    let text = if chosen.is_empty() {
        let rows: Vec<Vec<String>> = rules()
            .iter()
            .map(|rule| {
                vec![
                    rule.code.to_owned(),
                    rule.severity.to_string(),
                    rule.name.to_owned(),
                ]
            })
            .collect();
        table(&["code", "severity", "name"], &rows)
    } else {
        chosen
            .iter()
            .map(|rule| rule_as_markdown(rule))
            .collect::<Vec<_>>()
            .join("\n")
    };
    let shown = if chosen.is_empty() { rules() } else { chosen };
    ctx.print(
        &RulesDocument::new(shown.into_iter().map(RuleJson::from).collect()),
        &text,
    )?;
    Ok(ExitCode::Done)
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

fn unknown(code: &str) -> CommandError {
    CommandError::Argument {
        option: "CODE",
        value: code.to_owned(),
        expected: "rule",
        why: "codes of rules are a P and digits, such as P906".to_owned(),
    }
}
