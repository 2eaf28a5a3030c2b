//! Grid tables: traces each cell from its upper left corner around to it again.

use std::collections::{BTreeMap, BTreeSet};

use super::{Cell, Data, Malformed, Rows};
use crate::rst::chars::is_combining;
use crate::rst::line::Lines;

/// A traced cell: its borders.
struct Traced {
    top: usize,
    left: usize,
    bottom: usize,
    right: usize,
}

/// The characters of the table without combining ones.
struct Grid {
    rows: Vec<Vec<char>>,
    bottom: usize,
    right: usize,
}

impl Grid {
    fn is_head_separator(row: &[char]) -> bool {
        row.len() >= 5
            && row.starts_with(&['+', '='])
            && row.ends_with(&['=', '+'])
            && row.iter().all(|c| matches!(c, '+' | '='))
    }

    fn at(&self, row: usize, column: usize) -> char {
        self.rows[row].get(column).copied().unwrap_or(' ')
    }

    /// Traces the cell whose upper left corner is given; collects borders on the way.
    fn trace(
        &self,
        top: usize,
        left: usize,
        rows: &mut BTreeSet<usize>,
        columns: &mut BTreeSet<usize>,
    ) -> Option<Traced> {
        let mut passed = Vec::new();
        for right in left + 1..=self.right {
            match self.at(top, right) {
                '+' => {
                    passed.push(right);
                    if let Some(bottom) = self.trace_down(top, left, right, rows, columns) {
                        columns.extend(passed);
                        return Some(Traced {
                            top,
                            left,
                            bottom,
                            right,
                        });
                    }
                }
                '-' => {}
                _ => return None,
            }
        }
        None
    }

    fn trace_down(
        &self,
        top: usize,
        left: usize,
        right: usize,
        rows: &mut BTreeSet<usize>,
        columns: &mut BTreeSet<usize>,
    ) -> Option<usize> {
        let mut passed = Vec::new();
        for bottom in top + 1..=self.bottom {
            match self.at(bottom, right) {
                '+' => {
                    passed.push(bottom);
                    if let Some((own_rows, own_columns)) = self.trace_back(top, left, bottom, right)
                    {
                        rows.extend(passed);
                        rows.extend(own_rows);
                        columns.extend(own_columns);
                        return Some(bottom);
                    }
                }
                '|' => {}
                _ => return None,
            }
        }
        None
    }

    /// Goes along the bottom and up the left side.
    fn trace_back(
        &self,
        top: usize,
        left: usize,
        bottom: usize,
        right: usize,
    ) -> Option<(Vec<usize>, Vec<usize>)> {
        let (mut rows, mut columns) = (Vec::new(), Vec::new());
        for column in left + 1..right {
            match self.at(bottom, column) {
                '+' => columns.push(column),
                '-' => {}
                _ => return None,
            }
        }
        if self.at(bottom, left) != '+' {
            return None;
        }
        for row in top + 1..bottom {
            match self.at(row, left) {
                '+' => rows.push(row),
                '|' => {}
                _ => return None,
            }
        }
        Some((rows, columns))
    }
}

/// Parses a table whose lines all have the same width.
pub(super) fn parse(lines: &Lines) -> Result<Data, Malformed> {
    let mut rows: Vec<Vec<char>> = lines
        .iter()
        .map(|line| line.chars().filter(|c| !is_combining(*c)).collect())
        .collect();
    let separator = head_separator(&mut rows)?;
    let (bottom, right) = (rows.len() - 1, rows[0].len() - 1);
    let grid = Grid {
        rows,
        bottom,
        right,
    };
    let (mut row_borders, mut column_borders) = (BTreeSet::from([0]), BTreeSet::from([0]));
    let mut done: Vec<Option<usize>> = vec![None; right + 1];
    let mut corners = BTreeSet::from([(0, 0)]);
    let mut traced = Vec::new();
    while let Some((top, left)) = corners.pop_first() {
        if top == bottom || left == right || done[left].is_some_and(|done| top <= done) {
            continue;
        }
        let Some(cell) = grid.trace(top, left, &mut row_borders, &mut column_borders) else {
            continue;
        };
        for column in &mut done[left..cell.right] {
            // Cells that overlap leave a column that does not end at the bottom.
            *column = Some(cell.bottom - 1);
        }
        corners.extend([(top, cell.right), (cell.bottom, left)]);
        traced.push(cell);
    }
    if done[..right]
        .iter()
        .any(|done| *done != bottom.checked_sub(1))
    {
        let why = "Malformed table; parse incomplete.".to_owned();
        return Err(Malformed { why, offset: 0 });
    }
    Ok(structure(
        lines,
        &traced,
        &row_borders,
        &column_borders,
        separator,
    ))
}

/// Finds the separator under the head and turns it into a plain one.
fn head_separator(rows: &mut [Vec<char>]) -> Result<Option<usize>, Malformed> {
    let mut separator = None;
    let last = rows.len() - 1;
    for (n, row) in rows.iter_mut().enumerate() {
        if !Grid::is_head_separator(row) {
            continue;
        }
        if let Some(first) = separator.filter(|first| *first > 0) {
            let why = format!(
                "Multiple head/body row separators (table lines {} and {}); only one allowed.",
                first + 1,
                n + 1
            );
            return Err(Malformed { why, offset: n });
        }
        separator = Some(n);
        row.iter_mut().filter(|c| **c == '=').for_each(|c| *c = '-');
    }
    if separator.is_some_and(|at| at == 0 || at == last) {
        let why = "The head/body row separator may not be the first or last line of the table.";
        return Err(Malformed {
            why: why.to_owned(),
            offset: last,
        });
    }
    Ok(separator)
}

fn structure(
    lines: &Lines,
    traced: &[Traced],
    row_borders: &BTreeSet<usize>,
    column_borders: &BTreeSet<usize>,
    separator: Option<usize>,
) -> Data {
    let index = |borders: &BTreeSet<usize>| -> BTreeMap<usize, usize> {
        borders
            .iter()
            .enumerate()
            .map(|(n, border)| (*border, n))
            .collect()
    };
    let (row_index, column_index) = (index(row_borders), index(column_borders));
    let borders: Vec<usize> = column_borders.iter().copied().collect();
    let widths = borders
        .windows(2)
        .map(|pair| (pair[1] - pair[0] - 1) as i64)
        .collect();
    let n_columns = column_borders.len() - 1;
    let mut rows: Rows = (1..row_borders.len())
        .map(|_| (0..n_columns).map(|_| None).collect())
        .collect();
    for cell in traced {
        let (row, column) = (row_index[&cell.top], column_index[&cell.left]);
        let block = lines.slice(cell.top + 1, cell.bottom);
        rows[row][column] = Some(Cell {
            more_rows: row_index[&cell.bottom] - row - 1,
            more_columns: column_index[&cell.right] - column - 1,
            offset: cell.top + 1,
            lines: block.rectangle(cell.left + 1, cell.right).unpadded(),
        });
    }
    let n_head = separator
        .and_then(|at| row_index.get(&at).copied())
        .unwrap_or(0);
    let body = rows.split_off(n_head.min(rows.len()));
    Data {
        widths,
        head: rows,
        body,
    }
}
