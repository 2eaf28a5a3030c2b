//! The state that all grammar families share, and how the block parser moves over lines.
//!
//! The reference halts at its first message of level WARNING, so every parsing function returns
//! that message as its error and nothing is ever parsed after one.

use std::collections::HashMap;

use super::chars::unescape;
use super::line::{Indent, Indented, Line, Lines};
use super::names::Names;
use super::role::Role;
use super::section::TitleStyle;
use super::tree::{Kind, NodeId, Tree};
use crate::judge::{FirstMessage, Level};
use crate::profile::Profile;

/// The message that ends the rendering.
pub(super) type Halt = Box<FirstMessage>;

/// Result of everything that may end the rendering.
pub(super) type Parsed<T> = Result<T, Halt>;

/// Levels of nesting that are read. The reference overflows its stack between 80 and 200 levels
/// and PyPI then refuses the description.
const MAX_DEPTH: usize = 180;

/// The parser of one document.
pub(super) struct Parser {
    pub(super) tree: Tree,
    pub(super) names: Names,
    pub(super) profile: Profile,
    /// Roles that the document defines.
    pub(super) roles: HashMap<String, Role>,
    pub(super) default_role: Option<Role>,
    pub(super) title_styles: Vec<TitleStyle>,
    /// The node that is being filled.
    pub(super) block: NodeId,
    /// All lines and the place of the outermost machine among them.
    root: Lines,
    root_at: isize,
    depth: usize,
}

/// A walk over lines that fills one node.
pub(super) struct Machine {
    pub(super) lines: Lines,
    /// Lines of input before the first of `lines`.
    pub(super) offset: isize,
    /// The current line; before the first and behind the last are possible.
    pub(super) at: isize,
    pub(super) node: NodeId,
    /// Whether titles may stand here: only the outermost machine.
    pub(super) is_root: bool,
    /// Whether the end of the lines was met within a block, which ends the walk there.
    pub(super) ended: bool,
}

impl Machine {
    /// A walk that stands before the first line.
    pub(super) fn new(lines: Lines, offset: isize, node: NodeId) -> Self {
        Self {
            lines,
            offset,
            at: -1,
            node,
            is_root: false,
            ended: false,
        }
    }

    /// The current line.
    pub(super) fn line(&self) -> Option<&Line> {
        self.lines.get(usize::try_from(self.at).ok()?)
    }

    /// The current line's text; empty behind the end.
    pub(super) fn text(&self) -> &str {
        self.line().map_or("", |line| line)
    }

    /// The current index, zero before the first line.
    pub(super) fn index(&self) -> usize {
        usize::try_from(self.at).unwrap_or(0)
    }

    /// The lines behind the current one.
    pub(super) fn rest(&self) -> Lines {
        self.lines.from(usize::try_from(self.at + 1).unwrap_or(0))
    }

    /// Lines of input before the current one.
    pub(super) fn abs_offset(&self) -> isize {
        self.at + self.offset
    }

    /// Number of the current line, from 1.
    pub(super) fn abs_number(&self) -> isize {
        self.abs_offset() + 1
    }

    /// Whether no line follows.
    pub(super) fn at_end(&self) -> bool {
        self.at >= self.lines.len() as isize - 1
    }

    /// Whether a blank line or nothing follows.
    pub(super) fn is_next_blank(&self) -> bool {
        let next = usize::try_from(self.at + 1)
            .ok()
            .and_then(|next| self.lines.get(next));
        next.is_none_or(|line| line.is_blank())
    }

    /// Line of the source that input line `number` came from.
    pub(super) fn source_line(&self, number: isize) -> Option<usize> {
        let index = usize::try_from(number - self.offset - 1).ok()?;
        match self.lines.get(index) {
            Some(line) => Some(line.number),
            None if index == self.lines.len() => Some(self.lines.last()?.number + 1),
            None => None,
        }
    }

    /// Source line of the current line.
    pub(super) fn current_source_line(&self) -> Option<usize> {
        self.source_line(self.abs_number())
    }
}

impl Parser {
    /// A parser for these lines.
    pub(super) fn new(lines: Lines, profile: Profile) -> Self {
        let tree = Tree::new();
        Self {
            block: tree.root(),
            tree,
            names: Names::default(),
            profile,
            roles: HashMap::new(),
            default_role: None,
            title_styles: Vec::new(),
            root: lines,
            root_at: -1,
            depth: 0,
        }
    }

    /// Parses all lines into the document.
    pub(super) fn run(&mut self) -> Parsed<()> {
        let mut machine = Machine::new(self.root.clone(), 0, self.tree.root());
        machine.is_root = true;
        self.body(&mut machine)
    }

    /// Moves by `n` lines; whether there is a line.
    pub(super) fn advance(&mut self, m: &mut Machine, n: isize) -> bool {
        m.at += n;
        self.observe(m);
        m.line().is_some()
    }

    /// Moves back by `n` lines.
    pub(super) fn back(&mut self, m: &mut Machine, n: isize) {
        m.at -= n;
        self.observe(m);
    }

    /// Moves to a line counted from the start of the input.
    pub(super) fn go_to(&mut self, m: &mut Machine, abs_offset: isize) {
        m.at = abs_offset - m.offset;
        self.observe(m);
    }

    fn observe(&mut self, m: &Machine) {
        if m.is_root {
            self.root_at = m.at;
        }
        let index = if m.at < 0 {
            m.at + m.lines.len() as isize
        } else {
            m.at
        };
        let line = usize::try_from(index)
            .ok()
            .and_then(|index| m.lines.get(index));
        self.tree.current_line = line.map(|line| line.number);
    }

    /// Line of a message that names none: where the outermost walk stands.
    pub(super) fn root_line(&self) -> Option<usize> {
        let len = self.root.len();
        match usize::try_from(self.root_at) {
            Ok(at) if at < len || (at == len && len > 0) => Some(at + 1),
            Ok(_) => None,
            Err(_) => (len > 0).then_some(len),
        }
    }

    /// Line of a message about a node.
    pub(super) fn node_line(&self, node: NodeId) -> Option<usize> {
        self.tree.line_of(node).unwrap_or_else(|| self.root_line())
    }

    /// Parses lines into a node; returns the offset at which the walk ended.
    pub(super) fn nested(&mut self, lines: Lines, offset: isize, node: NodeId) -> Parsed<isize> {
        self.enter(lines.first().map(|line| line.number))?;
        let mut machine = Machine::new(lines, offset, node);
        let outer = std::mem::replace(&mut self.block, node);
        self.body(&mut machine)?;
        self.block = outer;
        self.depth -= 1;
        Ok(machine.abs_offset())
    }

    /// Leaves a note in a node. It is below WARNING and never shown, but stands there as a block
    /// until the end, which some rules notice.
    pub(super) fn inform(&mut self, node: NodeId) {
        let note = self.tree.create(Kind::SystemMessage);
        self.tree.append(node, note);
    }

    /// Counts a level of nesting.
    fn enter(&mut self, line: Option<usize>) -> Parsed<()> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return halt(
                Level::Severe,
                line,
                "Nested too deeply to be rendered.".to_owned(),
            );
        }
        Ok(())
    }

    fn finish(&mut self, m: &mut Machine, wanted: Indent) -> Indented {
        let mut offset = m.abs_offset();
        let (mut lines, blank_finish) = m.lines.indented(m.index(), wanted);
        let known = wanted.block.is_some() || wanted.first.is_some();
        if known || !lines.is_empty() {
            self.advance(m, lines.len() as isize - 1);
        }
        if !wanted.keep_top {
            let n_blank = lines.iter().take_while(|line| line.is_blank()).count();
            lines = lines.from(n_blank);
            offset += n_blank as isize;
        }
        Indented {
            lines,
            offset,
            blank_finish,
        }
    }

    /// Cuts out an indented block of unknown indent.
    pub(super) fn indented(&mut self, m: &mut Machine) -> Indented {
        self.finish(m, Indent::default())
    }

    /// Cuts out a block of which every line but the first is indented by `indent`.
    pub(super) fn known_indented(&mut self, m: &mut Machine, indent: usize) -> Indented {
        self.finish(
            m,
            Indent {
                block: Some(indent),
                ..Indent::default()
            },
        )
    }

    /// Cuts out a block whose first line starts after `first` characters.
    pub(super) fn first_known(&mut self, m: &mut Machine, first: usize, rest: Indent) -> Indented {
        self.finish(
            m,
            Indent {
                first: Some(first),
                ..rest
            },
        )
    }

    /// The complaint that a block ends without a blank line.
    pub(super) fn require_blank(&self, m: &Machine, finish: bool, what: &str) -> Parsed<()> {
        if finish {
            return Ok(());
        }
        let message = format!("{what} ends without a blank line; unexpected unindent.");
        halt(Level::Warning, number(m.abs_number() + 1), message)
    }
}

/// A line number where it is one.
pub(super) fn number(line: isize) -> Option<usize> {
    usize::try_from(line).ok()
}

/// Ends the rendering.
pub(super) fn halt<T>(level: Level, line: Option<usize>, message: impl Into<String>) -> Parsed<T> {
    // Words of the source that a message quotes lose their escapes, as all text does.
    let mut message = unescape(&message.into());
    message.truncate(message.trim_end().len());
    Err(Box::new(FirstMessage {
        line,
        level: Some(level),
        message,
    }))
}

/// A message followed by the source that it is about.
pub(super) fn quoting(message: &str, source: &str) -> String {
    format!("{message}\n\n{source}")
}
