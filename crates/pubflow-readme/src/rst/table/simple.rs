//! Simple tables: columns are told by the rulers, rows by text in the first column.

use super::{Cell, Data, Malformed};
use crate::rst::chars::{is_combining, is_space, rstrip};
use crate::rst::line::{Line, Lines};

type Columns = Vec<(usize, usize)>;

/// Columns that a ruler shows, as character offsets.
fn ruler(line: &str) -> Columns {
    let (mut columns, mut start) = (Columns::new(), None);
    let chars: Vec<char> = line.chars().collect();
    for (at, c) in chars.iter().enumerate() {
        match (start, c) {
            (None, '-') => start = Some(at),
            (Some(begin), ' ') => {
                columns.push((begin, at));
                start = None;
            }
            _ => {}
        }
    }
    columns.extend(start.map(|start| (start, chars.len())));
    columns
}

fn is_span(line: &str) -> bool {
    line.starts_with('-') && line.bytes().all(|byte| matches!(byte, b'-' | b' '))
}

/// The table while its rows are read.
struct Reader {
    columns: Columns,
    border_end: usize,
    rows: Vec<Vec<Cell>>,
}

/// Parses a table between its top and bottom rulers.
pub(super) fn parse(lines: &Lines) -> Result<Data, Malformed> {
    let last = lines.len() - 1;
    let mut block: Vec<Line> = lines.to_vec();
    for at in [0, last] {
        block[at] = block[at].with_text(&block[at].replace('=', "-"));
    }
    let mut separator = None;
    for (at, line) in block.iter_mut().enumerate() {
        if !super::is_simple_border(line) {
            continue;
        }
        if let Some(first) = separator {
            let why = format!(
                "Multiple head/body row separators (table lines {} and {}); only one allowed.",
                first + 1,
                at + 1
            );
            return Err(Malformed { why, offset: at });
        }
        separator = Some(at);
        *line = line.with_text(&line.replace('=', "-"));
    }
    let block: Lines = block.into();
    let columns = ruler(&block[0]);
    let border_end = columns.last().map_or(0, |column| column.1);
    let (first_start, first_end) = columns[0];
    let mut reader = Reader {
        columns,
        border_end,
        rows: Vec::new(),
    };
    let (mut start, mut text_found) = (1, false);
    for at in 1..block.len() {
        let line = &block[at];
        if is_span(line) {
            reader.row(&block, start, at, Some(rstrip(line)))?;
            start = at + 1;
            text_found = false;
        } else if line
            .chars()
            .take(first_end)
            .skip(first_start)
            .any(|c| !is_space(c))
        {
            if text_found && at != start {
                reader.row(&block, start, at, None)?;
            }
            start = at;
            text_found = true;
        } else if !text_found {
            start = at + 1;
        }
    }
    Ok(reader.finish(separator))
}

impl Reader {
    /// One row of the lines from `start` to before `end`; `span` is a ruler under it.
    fn row(
        &mut self,
        block: &Lines,
        start: usize,
        end: usize,
        span: Option<&str>,
    ) -> Result<(), Malformed> {
        let lines = block.slice(start, end.max(start));
        if lines.is_empty() && span.is_none() {
            return Ok(());
        }
        let mut columns = match span {
            Some(span) => self.span(span, end)?,
            None => self.columns.clone(),
        };
        self.check_margins(&lines, start, &mut columns)?;
        let mut row = Vec::new();
        let mut at = 0;
        for (begin, stop) in columns {
            let first = at;
            let problem = || Malformed {
                why: format!("Column span alignment problem in table line {}.", start + 2),
                offset: start + 1,
            };
            if self.columns.get(at).is_none_or(|column| column.0 != begin) {
                return Err(problem());
            }
            while self.columns.get(at).ok_or_else(problem)?.1 != stop {
                at += 1;
            }
            row.push(Cell {
                more_rows: 0,
                more_columns: at - first,
                offset: start,
                lines: lines.rectangle(begin, stop).unpadded(),
            });
            at += 1;
        }
        self.rows.push(row);
        Ok(())
    }

    fn span(&self, ruler_line: &str, at: usize) -> Result<Columns, Malformed> {
        let mut columns = ruler(ruler_line);
        let Some(last) = columns.last_mut() else {
            return Ok(columns);
        };
        if last.1 != self.border_end {
            let why = format!("Column span incomplete in table line {}.", at + 1);
            return Err(Malformed { why, offset: at });
        }
        // The rightmost column may have grown beyond its ruler.
        last.1 = self.columns.last().map_or(last.1, |column| column.1);
        Ok(columns)
    }

    /// No text may stand between columns; text may run over the right border.
    fn check_margins(
        &mut self,
        lines: &Lines,
        first: usize,
        columns: &mut Columns,
    ) -> Result<(), Malformed> {
        let texts: Vec<Vec<char>> = lines
            .iter()
            .map(|line| line.chars().filter(|c| !is_combining(*c)).collect())
            .collect();
        let has_text = |text: &[char], from: usize, to: usize| {
            let to = to.min(text.len());
            from < to && text[from..to].iter().any(|c| !is_space(*c))
        };
        for at in 0..columns.len() {
            let is_last = at + 1 == columns.len();
            let next = columns.get(at + 1).map_or(usize::MAX, |column| column.0);
            for (n, text) in texts.iter().enumerate() {
                let (start, end) = columns[at];
                if is_last && has_text(text, end, usize::MAX) {
                    let length = text
                        .iter()
                        .rposition(|c| !is_space(*c))
                        .map_or(0, |at| at + 1);
                    if let Some(main) = self.columns.last_mut() {
                        columns[at] = (start, main.1.max(length));
                        main.1 = main.1.max(length);
                    }
                } else if !is_last && has_text(text, end, next) {
                    let why = format!("Text in column margin in table line {}.", first + n + 1);
                    return Err(Malformed {
                        why,
                        offset: first + n,
                    });
                }
            }
        }
        Ok(())
    }

    fn finish(self, separator: Option<usize>) -> Data {
        let widths = self
            .columns
            .iter()
            .map(|(start, end)| (end - start) as i64)
            .collect();
        let first_body = separator
            .and_then(|at| {
                self.rows
                    .iter()
                    .position(|row| row.first().is_some_and(|cell| cell.offset > at))
            })
            .unwrap_or(0);
        let mut head: Vec<Vec<Option<Cell>>> = self
            .rows
            .into_iter()
            .map(|row| row.into_iter().map(Some).collect())
            .collect();
        let body = head.split_off(first_body);
        Data { widths, head, body }
    }
}
