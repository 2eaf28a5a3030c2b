//! What a Python source tells without being run: whether it can be compiled, by which versions,
//! what it imports of its own package and which names it may bind.
//!
//! The reader knows tokens, logical lines and blocks, not the grammar. What it calls a fault is one
//! in every version of Python 3; what it does not understand it leaves alone.

mod lexer;
mod resource;
mod statement;
#[cfg(test)]
mod tests;

use std::collections::HashSet;

use lexer::{Lexer, LogicalLine};
pub use resource::{Opened, Resource};
use statement::{Header, Statement};

/// Why a source cannot be compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// Line, from 1.
    pub line: usize,
    /// What stands there.
    pub what: &'static str,
}

/// Syntax that older versions of Python 3 refuse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Need {
    /// The first minor version that knows it.
    pub minor: u32,
    /// What it is.
    pub what: &'static str,
    /// Line, from 1.
    pub line: usize,
}

/// An import that is reached whenever its surroundings run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// Line, from 1.
    pub line: usize,
    /// Dots in front of the module.
    pub level: usize,
    /// The module, dotted; empty in `from . import x`.
    pub module: String,
    /// The names behind `import` of a `from` statement.
    pub names: Vec<String>,
    /// Whether it stands in a function.
    pub is_in_function: bool,
}

/// What a source tells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Source {
    /// Why it cannot be compiled.
    pub fault: Option<Fault>,
    /// The newest syntax in it.
    pub need: Option<Need>,
    /// Imports outside of `if`, `try` and `with`: relative ones, and those of the source's own top.
    pub imports: Vec<Import>,
    /// Files beside it that it opens, outside of `if`, `try` and `with`.
    pub resources: Vec<Resource>,
    /// Files that it opens where it runs, as a script does.
    pub opened: Vec<Opened>,
    /// Every name that stands outside of functions and classes; the module binds no other.
    pub names: HashSet<String>,
    /// First and last lines of strings that stand alone: documentation.
    pub docstrings: Vec<(usize, usize)>,
    /// Whether names or submodules may come about in ways that cannot be read off.
    pub is_dynamic: bool,
}

/// Why reading stops early.
#[derive(Debug)]
enum Stop {
    Fault(Fault),
    /// Something that this reader does not know enough about.
    Unknown,
}

/// Names beyond this are not remembered: generated code.
const MOST_NAMES: usize = 20_000;
/// Imports beyond this are not remembered.
const MOST_IMPORTS: usize = 1000;
/// Files beyond this are not remembered.
const MOST_RESOURCES: usize = 100;

impl Source {
    /// Whether the line belongs to a string that stands alone.
    #[must_use]
    pub fn is_documentation(&self, line: usize) -> bool {
        self.docstrings
            .iter()
            .any(|(first, last)| (*first..=*last).contains(&line))
    }

    /// Reads the source of a module below the top-level directory `top`; `None` when its encoding
    /// is not known here.
    #[must_use]
    pub fn parse(bytes: &[u8], top: &str) -> Option<Self> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let mut source = Self::default();
        let text = match std::str::from_utf8(bytes) {
            Ok(text) if names_other_encoding(bytes) => {
                // ASCII means the same in all of them that matter.
                text.is_ascii().then_some(text)?
            }
            Ok(text) => text,
            Err(_) if names_other_encoding(bytes) => return None,
            Err(error) => {
                let lines = bytes[..error.valid_up_to()].iter();
                source.fault = Some(Fault {
                    line: 1 + lines.filter(|byte| **byte == b'\n').count(),
                    what: "a character that is not UTF-8",
                });
                return Some(source);
            }
        };
        let mut reader = Reader {
            lexer: Lexer::new(text),
            source,
            top,
            blocks: Vec::new(),
            awaited: None,
        };
        let end = reader.read();
        let Reader {
            lexer, mut source, ..
        } = reader;
        source.need = lexer.need;
        match end {
            Ok(()) => {}
            Err(Stop::Fault(fault)) => source.fault = Some(fault),
            // The rest was not read.
            Err(Stop::Unknown) => source.is_dynamic = true,
        }
        Some(source)
    }
}

/// Whether a comment in the first two lines names an encoding other than UTF-8.
fn names_other_encoding(bytes: &[u8]) -> bool {
    bytes.split(|byte| *byte == b'\n').take(2).any(|line| {
        let line = String::from_utf8_lossy(line);
        let Some((_, rest)) = line
            .trim_start()
            .strip_prefix('#')
            .and_then(|comment| comment.split_once("coding"))
        else {
            return false;
        };
        let Some(name) = rest.strip_prefix([':', '=']) else {
            return false;
        };
        let name: String = name
            .trim_start()
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
            .filter(char::is_ascii_alphanumeric)
            .collect();
        !matches!(
            name.to_ascii_lowercase().as_str(),
            "" | "utf8" | "ascii" | "usascii"
        )
    })
}

/// What a block means for the lines in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Block {
    /// Runs under a condition, or errors in it are caught.
    Guarded,
    Function,
    Class,
}

struct Reader<'a> {
    lexer: Lexer<'a>,
    source: Source,
    top: &'a str,
    /// The blocks around a line and their columns.
    blocks: Vec<(usize, Block)>,
    /// The block whose header was the last line.
    awaited: Option<(usize, Block)>,
}

impl<'a> Reader<'a> {
    fn read(&mut self) -> Result<(), Stop> {
        while let Some(line) = self.lexer.next_line()? {
            self.indent(&line)?;
            self.line(&line)?;
        }
        match self.awaited {
            Some((line, _)) => Err(Stop::Fault(Fault {
                line,
                what: "a header without its block",
            })),
            None => Ok(()),
        }
    }

    /// Enters and leaves blocks.
    fn indent(&mut self, line: &LogicalLine<'a>) -> Result<(), Stop> {
        let at = line.tokens[0].line;
        let fault = |what| Err(Stop::Fault(Fault { line: at, what }));
        let column = |blocks: &[(usize, Block)]| blocks.last().map_or(0, |(column, _)| *column);
        if let Some((_, block)) = self.awaited.take() {
            if line.indent <= column(&self.blocks) {
                return fault("a line that should be indented");
            }
            self.blocks.push((line.indent, block));
            return Ok(());
        }
        if line.indent > column(&self.blocks) {
            return fault("a line that is indented for no reason");
        }
        while line.indent < column(&self.blocks) {
            self.blocks.pop();
        }
        if line.indent != column(&self.blocks) {
            return fault("a line whose indentation fits no block");
        }
        Ok(())
    }

    fn line(&mut self, line: &LogicalLine<'a>) -> Result<(), Stop> {
        let tokens = line.tokens.as_slice();
        if tokens.iter().all(|token| token.kind == lexer::Kind::Text) {
            let last = self.lexer.last_line();
            self.source.docstrings.push((tokens[0].line, last));
        }
        if let Some(fault) = statement::fault(tokens) {
            return Err(Stop::Fault(fault));
        }
        for need in statement::needs(tokens) {
            self.lexer.needs(need.minor, need.what, need.line);
        }
        let header = Header::of(tokens);
        self.names(tokens);
        let is_guarded = self
            .blocks
            .iter()
            .any(|(_, block)| *block == Block::Guarded);
        if !is_guarded && self.source.resources.len() < MOST_RESOURCES {
            self.source.resources.extend(resource::resources(tokens));
        }
        if self.source.opened.len() < MOST_RESOURCES {
            let is_inside = !self.blocks.is_empty();
            self.source
                .opened
                .extend(resource::opened(tokens, is_inside));
        }
        let statements = Statement::split(tokens, header.as_ref());
        let is_under_header = header.as_ref().is_some_and(|header| header.has_body);
        for statement in statements {
            self.import(statement, is_under_header);
        }
        if let Some(header) = header
            && !header.has_body
        {
            self.awaited = Some((tokens[0].line, header.block));
        }
        Ok(())
    }

    /// Remembers names, and signs of names that cannot be read off.
    fn names(&mut self, tokens: &[lexer::Token<'a>]) {
        let is_global = tokens[0].is("global");
        let is_inside = self
            .blocks
            .iter()
            .any(|(_, block)| matches!(block, Block::Function | Block::Class));
        for token in tokens
            .iter()
            .filter(|token| token.kind == lexer::Kind::Name)
        {
            if matches!(
                token.text,
                "__getattr__"
                    | "globals"
                    | "locals"
                    | "vars"
                    | "setattr"
                    | "exec"
                    | "__path__"
                    | "__dict__"
                    | "modules"
                    | "execfile"
            ) {
                self.source.is_dynamic = true;
            }
            let is_name = !statement::is_keyword(token.text);
            if is_name && (is_global || !is_inside) && !self.source.names.contains(token.text) {
                if self.source.names.len() >= MOST_NAMES {
                    self.source.is_dynamic = true;
                    return;
                }
                self.source.names.insert(token.text.to_owned());
            }
        }
    }

    fn import(&mut self, statement: Statement<'a, '_>, is_under_header: bool) {
        let is_function = |block: &Block| *block == Block::Function;
        let mut blocks = self.blocks.iter().map(|(_, block)| block);
        let is_guarded = is_under_header || blocks.clone().any(|block| *block == Block::Guarded);
        let is_in_function = blocks.any(is_function);
        for import in statement.imports(is_in_function) {
            if import.names.iter().any(|name| name == "*") && !is_in_function {
                self.source.is_dynamic = true;
            }
            let first = import.module.split('.').next().unwrap_or_default();
            let is_own = import.level > 0 || first == self.top;
            if is_own && !is_guarded && self.source.imports.len() < MOST_IMPORTS {
                self.source.imports.push(import);
            }
        }
    }
}
