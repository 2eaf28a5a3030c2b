//! Directives: their table, and how their arguments, options and content are told apart.

mod block;
mod convert;
mod document;
mod image;
mod option;
mod table;

use self::option::{Options, SPEC_BLOCK, Spec};
use super::chars::{is_space, words};
use super::field::is_field;
use super::line::{Indent, Line, Lines};
use super::parser::{Machine, Parsed, Parser, halt, number, quoting};
use super::tree::NodeId;
use crate::judge::Level;

/// How a directive is written.
struct Form {
    name: &'static str,
    required: usize,
    optional: usize,
    /// Whether the last argument may contain spaces.
    spaced: bool,
    options: &'static [Spec],
    content: bool,
    run: fn(&mut Parser, &mut Call) -> Outcome,
}

/// A directive in a text.
struct Call<'a> {
    m: &'a mut Machine,
    name: String,
    arguments: Vec<String>,
    options: Options,
    content: Lines,
    content_offset: isize,
    line: isize,
    source: String,
    /// Name of the substitution that the directive defines.
    substitution: Option<String>,
}

/// Why a directive yields no nodes.
enum Refusal {
    /// Reported at the directive's line.
    Plain(Level, String),
    /// The same with the directive's source.
    Quoting(Level, String),
    /// Already complete.
    Halt(super::parser::Halt),
}

impl From<super::parser::Halt> for Refusal {
    fn from(halt: super::parser::Halt) -> Self {
        Self::Halt(halt)
    }
}

type Outcome = Result<Vec<NodeId>, Refusal>;

fn error<T>(message: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal::Plain(Level::Error, message.into()))
}

fn warning<T>(message: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal::Plain(Level::Warning, message.into()))
}

fn quoted_error<T>(message: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal::Quoting(Level::Error, message.into()))
}

fn quoted_warning<T>(message: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal::Quoting(Level::Warning, message.into()))
}

impl Call<'_> {
    fn need_content(&self) -> Result<(), Refusal> {
        if !self.content.is_empty() {
            return Ok(());
        }
        error(format!(
            "Content block expected for the \"{}\" directive; none found.",
            self.name
        ))
    }

    fn source_line(&self) -> Option<usize> {
        self.m.source_line(self.line)
    }
}

const fn form(
    name: &'static str,
    arguments: (usize, usize, bool),
    options: &'static [Spec],
    content: bool,
    run: fn(&mut Parser, &mut Call) -> Outcome,
) -> Form {
    let (required, optional, spaced) = arguments;
    Form {
        name,
        required,
        optional,
        spaced,
        options,
        content,
        run,
    }
}

const NONE: (usize, usize, bool) = (0, 0, false);
const ONE: (usize, usize, bool) = (1, 0, true);
const MAYBE: (usize, usize, bool) = (0, 1, true);

/// Every directive that PyPI knows.
static FORMS: &[Form] = &[
    form(
        "attention",
        (0, 0, true),
        SPEC_BLOCK,
        true,
        block::admonition,
    ),
    form("caution", (0, 0, true), SPEC_BLOCK, true, block::admonition),
    form("danger", (0, 0, true), SPEC_BLOCK, true, block::admonition),
    form("error", (0, 0, true), SPEC_BLOCK, true, block::admonition),
    form("hint", (0, 0, true), SPEC_BLOCK, true, block::admonition),
    form(
        "important",
        (0, 0, true),
        SPEC_BLOCK,
        true,
        block::admonition,
    ),
    form("note", (0, 0, true), SPEC_BLOCK, true, block::admonition),
    form("tip", (0, 0, true), SPEC_BLOCK, true, block::admonition),
    form("warning", (0, 0, true), SPEC_BLOCK, true, block::admonition),
    form("admonition", ONE, SPEC_BLOCK, true, block::admonition),
    form("topic", ONE, SPEC_BLOCK, true, block::topic),
    form("sidebar", MAYBE, option::SPEC_SIDEBAR, true, block::topic),
    form("line-block", NONE, SPEC_BLOCK, true, block::line_block),
    form(
        "parsed-literal",
        NONE,
        SPEC_BLOCK,
        true,
        block::parsed_literal,
    ),
    form("code", (0, 1, false), option::SPEC_CODE, true, block::code),
    form(
        "code-block",
        (0, 1, false),
        option::SPEC_CODE,
        true,
        block::code,
    ),
    form(
        "sourcecode",
        (0, 1, false),
        option::SPEC_CODE,
        true,
        block::code,
    ),
    form("math", NONE, SPEC_BLOCK, true, block::math),
    form("rubric", ONE, SPEC_BLOCK, false, block::rubric),
    form("epigraph", NONE, &[], true, block::quote),
    form("highlights", NONE, &[], true, block::quote),
    form("pull-quote", NONE, &[], true, block::quote),
    form("compound", NONE, SPEC_BLOCK, true, block::compound),
    form(
        "container",
        MAYBE,
        option::SPEC_NAME,
        true,
        block::container,
    ),
    form("table", MAYBE, option::SPEC_TABLE, true, table::table),
    form("csv-table", MAYBE, option::SPEC_CSV, true, table::csv_table),
    form(
        "list-table",
        MAYBE,
        option::SPEC_LIST_TABLE,
        true,
        table::list_table,
    ),
    form("image", ONE, option::SPEC_IMAGE, false, image::image),
    form("figure", ONE, option::SPEC_FIGURE, true, image::figure),
    form(
        "contents",
        MAYBE,
        option::SPEC_CONTENTS,
        false,
        document::contents,
    ),
    form(
        "sectnum",
        NONE,
        option::SPEC_SECTNUM,
        false,
        document::sectnum,
    ),
    form(
        "section-numbering",
        NONE,
        option::SPEC_SECTNUM,
        false,
        document::sectnum,
    ),
    form("header", NONE, &[], true, document::decoration),
    form("footer", NONE, &[], true, document::decoration),
    form(
        "target-notes",
        NONE,
        option::SPEC_CLASS,
        false,
        document::target_notes,
    ),
    form("meta", NONE, &[], true, document::meta),
    form("raw", ONE, option::SPEC_RAW, true, document::disabled),
    form(
        "include",
        ONE,
        option::SPEC_INCLUDE,
        false,
        document::disabled,
    ),
    form("replace", NONE, &[], true, document::replace),
    form(
        "unicode",
        ONE,
        option::SPEC_UNICODE,
        false,
        document::unicode,
    ),
    form("class", ONE, &[], true, document::class),
    form("rst-class", ONE, &[], true, document::class),
    form("role", NONE, &[], true, document::role),
    form(
        "default-role",
        (0, 1, false),
        &[],
        false,
        document::default_role,
    ),
    form("title", ONE, &[], false, document::nothing),
    form("date", NONE, &[], true, document::date),
    form(
        "restructuredtext-test-directive",
        MAYBE,
        option::SPEC_TEST,
        true,
        document::test,
    ),
];

/// The parts of a directive's block.
struct Parts {
    arguments: Vec<String>,
    options: Options,
    has_options: bool,
    content: Lines,
    content_offset: isize,
}

impl Parser {
    /// Runs a directive and puts its nodes into the walk's node; whether a blank line follows.
    pub(super) fn directive(
        &mut self,
        m: &mut Machine,
        name: &str,
        end: usize,
        substitution: Option<&str>,
    ) -> Parsed<bool> {
        let line = m.abs_number();
        let folded = name.to_lowercase();
        let Some(form) = FORMS.iter().find(|form| form.name == folded) else {
            let wanted = Indent {
                keep: true,
                ..Indent::default()
            };
            let block = self.first_known(m, 0, wanted);
            let message = format!("Unknown directive type \"{name}\".");
            return halt(
                Level::Error,
                number(line),
                quoting(&message, &block.lines.joined()),
            );
        };
        let first = m.index();
        let wanted = Indent {
            keep_top: true,
            ..Indent::default()
        };
        let block = self.first_known(m, end, wanted);
        let source = m.lines.slice(first, m.index() + 1).joined();
        let finish = block.blank_finish;
        let parts = match split(block.lines, block.offset, form, substitution) {
            Ok(parts) => parts,
            Err(problem) => {
                let message = format!("Error in \"{name}\" directive:\n{problem}.");
                return halt(Level::Error, number(line), quoting(&message, &source));
            }
        };
        if parts.has_options {
            // The reference walks over them and past their end, where no line is.
            self.tree.current_line = None;
        }
        let node = m.node;
        let mut call = Call {
            m,
            name: name.to_owned(),
            arguments: parts.arguments,
            options: parts.options,
            content: parts.content,
            content_offset: parts.content_offset,
            line,
            source,
            substitution: substitution.map(str::to_owned),
        };
        match (form.run)(self, &mut call) {
            Ok(nodes) => self.tree.append_all(node, nodes),
            Err(Refusal::Halt(halt)) => return Err(halt),
            Err(Refusal::Plain(level, message)) => return halt(level, number(line), message),
            Err(Refusal::Quoting(level, message)) => {
                return halt(level, number(line), quoting(&message, &call.source));
            }
        }
        Ok(finish || m.is_next_blank())
    }

    /// Gives a node the name of the directive's option.
    fn add_name(&mut self, call: &Call, node: NodeId) -> Parsed<()> {
        if let Some(name) = call.options.text("name") {
            self.tree[node].names.push(super::chars::normal_name(name));
            self.note_explicit(node, Some(node))?;
        }
        Ok(())
    }
}

/// Takes the block of a directive apart.
fn split(
    mut lines: Lines,
    mut offset: isize,
    form: &Form,
    substitution: Option<&str>,
) -> Result<Parts, String> {
    if lines.first().is_some_and(|line| line.is_blank()) {
        lines = lines.from(1);
        offset += 1;
    }
    lines = lines.trim_end();
    let takes_arguments = form.required + form.optional > 0;
    let (mut argument_lines, mut content) = (lines.slice(0, 0), lines.clone());
    let (mut content_offset, mut at) = (offset, 0);
    if !lines.is_empty() && (takes_arguments || !form.options.is_empty()) {
        at = lines
            .iter()
            .position(|line| line.is_blank())
            .unwrap_or(lines.len());
        argument_lines = lines.slice(0, at);
        content = lines.from((at + 1).min(lines.len()));
        content_offset = offset + at as isize + 1;
    }
    let (mut options, mut has_options) = (Options::default(), false);
    if !form.options.is_empty() {
        if let Some(alt) = substitution {
            options.preset(alt);
        }
        if let Some(first) = argument_lines.iter().position(|line| is_field(line)) {
            options.read(&argument_lines.from(first), form.options)?;
            has_options = true;
            argument_lines = argument_lines.slice(0, first);
        }
    }
    if !argument_lines.is_empty() && !takes_arguments {
        let rest = lines.from(at);
        let joined: Vec<Line> = argument_lines.iter().chain(rest.iter()).cloned().collect();
        content = joined.into();
        content_offset = offset;
        argument_lines = argument_lines.slice(0, 0);
    }
    let n_blank = content.iter().take_while(|line| line.is_blank()).count();
    content = content.from(n_blank);
    content_offset += n_blank as isize;
    let arguments = if takes_arguments {
        arguments(&argument_lines, form)?
    } else {
        Vec::new()
    };
    if !content.is_empty() && !form.content {
        return Err("no content permitted".to_owned());
    }
    Ok(Parts {
        arguments,
        options,
        has_options,
        content,
        content_offset,
    })
}

fn arguments(lines: &Lines, form: &Form) -> Result<Vec<String>, String> {
    let text = lines.joined();
    let found: Vec<String> = words(&text).map(str::to_owned).collect();
    let most = form.required + form.optional;
    if found.len() < form.required {
        return Err(format!(
            "{} argument(s) required, {} supplied",
            form.required,
            found.len()
        ));
    }
    if found.len() <= most {
        return Ok(found);
    }
    if !form.spaced {
        return Err(format!(
            "maximum {most} argument(s) allowed, {} supplied",
            found.len()
        ));
    }
    // No directive takes more than one argument, so the text is the last of them; white space
    // at its end stays.
    Ok(vec![text.trim_start_matches(is_space).to_owned()])
}
