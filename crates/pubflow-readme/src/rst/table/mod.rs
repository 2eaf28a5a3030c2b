//! Tables: cutting them out of the text, and building nodes of their cells.

pub(super) mod csv;
mod grid;
mod simple;

use super::chars::{is_combining, strip};
use super::line::{Line, Lines};
use super::mark::{is_grid_border, is_simple_border};
use super::parser::{Machine, Parsed, Parser, halt, number, quoting};
use super::tree::{Kind, NodeId};
use crate::judge::Level;

/// A cell: the rows and columns it spans besides its own, and its lines.
pub(super) struct Cell {
    pub(super) more_rows: usize,
    pub(super) more_columns: usize,
    /// Lines of the table before the cell's first.
    pub(super) offset: usize,
    pub(super) lines: Lines,
}

/// Rows; a cell that another one covers is `None`.
pub(super) type Rows = Vec<Vec<Option<Cell>>>;

/// A table's cells.
pub(super) struct Data {
    pub(super) widths: Vec<i64>,
    pub(super) head: Rows,
    pub(super) body: Rows,
}

/// Why a table cannot be read, and at which of its lines.
struct Malformed {
    why: String,
    offset: usize,
}

impl Parser {
    fn malformed<T>(&self, m: &Machine, block: &Lines, problem: Malformed) -> Parsed<T> {
        let start = m.abs_number() - block.len() as isize + 1;
        let message = format!("Malformed table.\n{}", problem.why);
        let message = quoting(&message, &block.unpadded().joined());
        halt(
            Level::Error,
            number(start + problem.offset as isize),
            message,
        )
    }

    /// A table drawn with lines.
    pub(super) fn grid_table(&mut self, m: &mut Machine) -> Parsed<bool> {
        let (block, indented) = m.lines.text_block(m.index());
        self.advance(m, block.len() as isize - 1);
        if let Some(line) = indented {
            return halt(Level::Error, Some(line), "Unexpected indentation.");
        }
        let mut finish = true;
        let padded = block.padded();
        let width = strip(&padded[0]).chars().count();
        let mut lines: Vec<Line> = padded.iter().map(Line::stripped).collect();
        if let Some(at) = lines.iter().position(|line| !line.starts_with(['+', '|'])) {
            finish = false;
            self.back(m, (lines.len() - at) as isize);
            lines.truncate(at);
        }
        if !lines.last().is_some_and(|line| is_grid_border(line)) {
            let bottom = (2..lines.len().saturating_sub(1))
                .rev()
                .find(|at| is_grid_border(&lines[*at]));
            let Some(bottom) = bottom else {
                let why = "Bottom border missing or corrupt.".to_owned();
                // Where the reference's search for another bottom ends; in a short table it does not
                // begin, and the line stands at which the left edge ended.
                let offset = match lines.len() {
                    4.. => 2,
                    n if finish => n.saturating_sub(1),
                    n => n,
                };
                return self.malformed(m, &lines.into(), Malformed { why, offset });
            };
            self.back(m, (lines.len() - bottom + 1) as isize);
            lines.truncate(bottom + 1);
            finish = false;
        }
        let is_ragged = |line: &Line| {
            line.chars().filter(|c| !is_combining(*c)).count() != width
                || !line.ends_with(['+', '|'])
        };
        let lines: Lines = lines.into();
        if let Some(offset) = lines.iter().position(is_ragged) {
            let why = "Right border not aligned or missing.".to_owned();
            return self.malformed(m, &lines, Malformed { why, offset });
        }
        let parsed = grid::parse(&lines);
        self.table(m, &lines, parsed, finish)
    }

    /// A table of columns under rulers.
    pub(super) fn simple_table(&mut self, m: &mut Machine) -> Parsed<bool> {
        let start = m.index();
        let top = strip(m.text()).len();
        let mut found = None;
        for at in start + 1..m.lines.len() {
            let line = &m.lines[at];
            if !is_simple_border(line) {
                continue;
            }
            if strip(line).len() != top {
                self.advance(m, (at - start) as isize);
                let why = "Bottom border or header rule does not match top border.".to_owned();
                let problem = Malformed {
                    why,
                    offset: at - start,
                };
                return self.malformed(m, &m.lines.slice(start, at + 1), problem);
            }
            let is_last = m.lines.get(at + 1).is_none_or(|line| line.is_blank());
            if found.is_some() || is_last {
                self.advance(m, (at - start) as isize);
                let block = m.lines.slice(start, at + 1).padded();
                let parsed = simple::parse(&block);
                return self.table(m, &block, parsed, is_last);
            }
            found = Some(at);
        }
        let mut why = "No bottom table border found".to_owned();
        let end = found.unwrap_or(m.lines.len() - 1);
        if found.is_some() {
            why.push_str(" or no blank line after table bottom");
        }
        why.push('.');
        self.advance(m, (end - start) as isize);
        self.malformed(
            m,
            &m.lines.slice(start, end + 1),
            Malformed { why, offset: 0 },
        )
    }

    fn table(
        &mut self,
        m: &Machine,
        block: &Lines,
        parsed: Result<Data, Malformed>,
        finish: bool,
    ) -> Parsed<bool> {
        let data = match parsed {
            Ok(data) => data,
            Err(problem) => return self.malformed(m, block, problem),
        };
        let line = m.abs_number() - block.len() as isize + 1;
        let table = self.build_table(data, line, 0, m.source_line(line))?;
        self.tree.append(m.node, table);
        if !finish {
            let message = "Blank line required after table.";
            return halt(Level::Warning, number(m.abs_number() + 1), message);
        }
        Ok(true)
    }

    /// A table node with its columns, and the node that takes head and body.
    pub(super) fn table_frame(&mut self, widths: &[i64], stub_columns: i64) -> (NodeId, NodeId) {
        let table = self.tree.create(Kind::Table);
        let group = self.tree.create(Kind::Tgroup);
        self.tree.append(table, group);
        for (n, width) in widths.iter().enumerate() {
            let column = self.tree.create(Kind::Colspec);
            self.tree[column].set("colwidth", width.to_string());
            if (n as i64) < stub_columns {
                self.tree[column].set("stub", "1");
            }
            self.tree.append(group, column);
        }
        (table, group)
    }

    /// Nodes of a table whose first line is input line `line`.
    pub(super) fn build_table(
        &mut self,
        data: Data,
        line: isize,
        stub_columns: i64,
        source_line: Option<usize>,
    ) -> Parsed<NodeId> {
        let (table, group) = self.table_frame(&data.widths, stub_columns);
        self.tree[table].line = source_line;
        for (kind, rows) in [(Kind::Thead, data.head), (Kind::Tbody, data.body)] {
            if kind == Kind::Thead && rows.is_empty() {
                continue;
            }
            let part = self.tree.create(kind);
            self.tree.append(group, part);
            for cells in rows {
                let row = self.tree.create(Kind::Row);
                for cell in cells.into_iter().flatten() {
                    self.build_cell(row, cell, line)?;
                }
                self.tree.append(part, row);
            }
        }
        Ok(table)
    }

    fn build_cell(&mut self, row: NodeId, cell: Cell, line: isize) -> Parsed<()> {
        let entry = self.tree.create(Kind::Entry);
        for (name, n) in [
            ("morerows", cell.more_rows),
            ("morecols", cell.more_columns),
        ] {
            if n > 0 {
                self.tree[entry].set(name, n.to_string());
            }
        }
        self.tree.append(row, entry);
        if cell.lines.iter().any(|line| !line.is_empty()) {
            self.nested(cell.lines, line + cell.offset as isize - 1, entry)?;
        }
        Ok(())
    }
}
