//! Logical lines as statements: headers, imports, and what no grammar of Python 3 allows.

use super::lexer::{Kind, Token};
use super::{Block, Fault, Import, Need};

const KEYWORDS: &[&str] = &[
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue",
    "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import",
    "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while",
    "with", "yield",
];

/// Whether the name can be no variable.
pub(super) fn is_keyword(name: &str) -> bool {
    KEYWORDS.binary_search(&name).is_ok()
}

/// The beginning of a compound statement.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) block: Block,
    /// Index of its `:`.
    colon: usize,
    /// Whether statements follow on the same line.
    pub(super) has_body: bool,
}

impl Header {
    /// The header that the line begins with.
    pub(super) fn of(tokens: &[Token<'_>]) -> Option<Self> {
        let block = block(tokens);
        let ends_open = tokens
            .last()
            .is_some_and(|last| last.is(":") && last.depth == 0);
        if block.is_none() && !ends_open {
            return None;
        }
        let colon = match block {
            Some(_) => colon(tokens)?,
            None => tokens.len() - 1,
        };
        Some(Self {
            // `match` and `case` are names elsewhere.
            block: block.unwrap_or(Block::Guarded),
            colon,
            has_body: colon + 1 < tokens.len(),
        })
    }
}

/// What the line begins by its first word.
fn block(tokens: &[Token<'_>]) -> Option<Block> {
    let mut words = tokens.iter().filter(|token| !token.is("async"));
    match words.next()?.text {
        "def" => Some(Block::Function),
        "class" => Some(Block::Class),
        "if" | "elif" | "else" | "for" | "while" | "try" | "except" | "finally" | "with" => {
            Some(Block::Guarded)
        }
        _ => None,
    }
}

/// The `:` that ends a header: outside of brackets and of `lambda`.
fn colon(tokens: &[Token<'_>]) -> Option<usize> {
    let mut lambdas = 0usize;
    tokens.iter().position(|token| {
        if token.depth > 0 {
            return false;
        }
        if token.is("lambda") {
            lambdas += 1;
        }
        if !token.is(":") {
            return false;
        }
        let is_end = lambdas == 0;
        lambdas = lambdas.saturating_sub(1);
        is_end
    })
}

/// The first thing in the line that no version of Python 3 compiles.
pub(super) fn fault(tokens: &[Token<'_>]) -> Option<Fault> {
    if block(tokens).is_some() && colon(tokens).is_none() {
        return Some(Fault {
            line: tokens[0].line,
            what: "a header without `:`",
        });
    }
    let mut is_start = true;
    for pair in tokens.windows(2) {
        let [first, second] = pair else { continue };
        let is_soft = is_start && matches!(first.text, "match" | "case" | "type");
        if ends_operand(first) && begins_operand(second) && !is_soft {
            let both_text = first.kind == Kind::Text && second.kind == Kind::Text;
            if !both_text {
                let what = match first.text {
                    "print" => "a `print` statement of Python 2",
                    "exec" => "an `exec` statement of Python 2",
                    _ => "two expressions without an operator between them",
                };
                let line = second.line;
                return Some(Fault { line, what });
            }
        }
        is_start = first.depth == 0 && (first.is(";") || first.is(":"));
    }
    let last = tokens.last()?;
    is_unfinished(last).then_some(Fault {
        line: last.line,
        what: "a line that ends inside of an expression",
    })
}

fn ends_operand(token: &Token<'_>) -> bool {
    match token.kind {
        Kind::Name => !is_keyword(token.text),
        Kind::Number | Kind::Text => true,
        Kind::Operator => matches!(token.text, ")" | "]" | "}"),
    }
}

fn begins_operand(token: &Token<'_>) -> bool {
    match token.kind {
        Kind::Name => !is_keyword(token.text),
        Kind::Number | Kind::Text => true,
        Kind::Operator => false,
    }
}

/// Whether more must follow on the line. `*` ends `from x import *`.
fn is_unfinished(last: &Token<'_>) -> bool {
    let is_operator = matches!(
        last.text,
        "=" | "+"
            | "-"
            | "/"
            | "//"
            | "%"
            | "&"
            | "|"
            | "^"
            | "=="
            | "!="
            | "<"
            | ">"
            | "<="
            | ">="
            | "**"
            | "->"
            | "+="
            | "-="
            | "*="
            | "/="
            | "|="
            | "&="
            | "."
    );
    let is_word = matches!(
        last.text,
        "and" | "or" | "not" | "in" | "is" | "import" | "from" | "as" | "del" | "assert" | "if"
    );
    match last.kind {
        Kind::Operator => is_operator,
        Kind::Name => is_word,
        Kind::Number | Kind::Text => false,
    }
}

/// Syntax in the line that not every version of Python 3 has.
pub(super) fn needs(tokens: &[Token<'_>]) -> Vec<Need> {
    let mut needs = Vec::new();
    let mut add = |minor, what, token: &Token<'_>| {
        let line = token.line;
        needs.push(Need { minor, what, line });
    };
    if let Some(token) = tokens.iter().find(|token| token.is(":=")) {
        add(8, "an assignment expression", token);
    }
    let is = |index: usize, text: &str| tokens.get(index).is_some_and(|token| token.is(text));
    let first = &tokens[0];
    let is_name = |index: usize| tokens.get(index).is_some_and(|token| begins_operand(token));
    let offset = usize::from(is(0, "async"));
    if is(offset, "def") || is(0, "class") {
        if is(offset + 2, "[") {
            add(12, "type parameters in brackets", first);
        }
        let is_lone_slash = |index: usize| {
            is(index, "/") && tokens[index].depth == 1 && (is(index + 1, ",") || is(index + 1, ")"))
        };
        if is(offset, "def") && (0..tokens.len()).any(is_lone_slash) {
            add(8, "positional-only parameters", first);
        }
    }
    if is(0, "except") && is(1, "*") {
        add(11, "`except*`", first);
    }
    let has_comma = tokens.iter().any(|token| token.depth == 0 && token.is(","));
    if is(0, "except") && has_comma {
        add(14, "`except` with a comma", first);
    }
    if is(0, "type") && is_name(1) {
        add(12, "a `type` statement", first);
    }
    let ends_open = tokens
        .last()
        .is_some_and(|last| last.is(":") && last.depth == 0);
    if is(0, "match") && ends_open && tokens.len() > 2 {
        add(10, "a `match` statement", first);
    }
    needs
}

/// One simple statement of a line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Statement<'a, 't>(&'t [Token<'a>]);

impl<'a, 't> Statement<'a, 't> {
    /// The simple statements of the line, those behind a header included.
    pub(super) fn split(
        tokens: &'t [Token<'a>],
        header: Option<&Header>,
    ) -> impl Iterator<Item = Self> {
        let body = header.map_or(tokens, |header| &tokens[header.colon + 1..]);
        body.split(|token| token.depth == 0 && token.is(";"))
            .map(Self)
    }

    /// What it imports.
    pub(super) fn imports(self, is_in_function: bool) -> Vec<Import> {
        let Some((first, rest)) = self.0.split_first() else {
            return Vec::new();
        };
        let import = |level, module, names| Import {
            line: first.line,
            level,
            module,
            names,
            is_in_function,
        };
        if first.is("import") {
            let modules = rest.split(|token| token.is(","));
            return modules
                .map(|tokens| import(0, dotted(tokens), Vec::new()))
                .collect();
        }
        if !first.is("from") {
            return Vec::new();
        }
        let dots = rest
            .iter()
            .take_while(|token| token.is(".") || token.is("..."));
        let level = dots.clone().map(|token| token.text.len()).sum();
        let rest = &rest[dots.count()..];
        let Some(at) = rest.iter().position(|token| token.is("import")) else {
            return Vec::new();
        };
        let names = rest[at + 1..]
            .split(|token| token.is(",") || token.is("(") || token.is(")"))
            .filter_map(|tokens| tokens.first())
            .map(|token| token.text.to_owned());
        vec![import(level, dotted(&rest[..at]), names.collect())]
    }
}

/// The dotted name at the beginning of the tokens, up to `as`.
fn dotted(tokens: &[Token<'_>]) -> String {
    tokens
        .iter()
        .take_while(|token| !token.is("as"))
        .map(|token| token.text)
        .collect()
}
