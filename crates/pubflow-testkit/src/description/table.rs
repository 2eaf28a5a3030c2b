//! Tables of reStructuredText: grid and simple.

use super::block::{Lines, blocks, width};
use super::dice::Dice;
use super::inline::{Names, plain, text};

pub(super) fn table(dice: &mut Dice, names: &mut Names, depth: usize) -> Lines {
    match dice.one_in(2) {
        true => grid(dice, names, depth),
        false => simple(dice, names),
    }
}

fn cell(dice: &mut Dice, names: &mut Names, depth: usize) -> Lines {
    match dice.below(6) {
        0 if depth < 2 => blocks(dice, names, depth + 2, 2),
        1 => vec![String::new()],
        2 => vec![plain(dice).to_owned(), plain(dice).to_owned()],
        _ => vec![text(dice, names, 2)],
    }
}

fn pad(line: &str, to: usize) -> String {
    format!("{line}{}", " ".repeat(to.saturating_sub(width(line))))
}

/// A table drawn with lines; cells may span columns.
fn grid(dice: &mut Dice, names: &mut Names, depth: usize) -> Lines {
    let (n_rows, n_columns) = (dice.between(1, 4), dice.between(1, 4));
    let cells: Vec<Vec<Lines>> = (0..n_rows)
        .map(|_| (0..n_columns).map(|_| cell(dice, names, depth)).collect())
        .collect();
    let widths: Vec<usize> = (0..n_columns)
        .map(|column| {
            let own = cells.iter().flat_map(|row| &row[column]);
            own.map(|line| width(line)).max().unwrap_or(0) + 2
        })
        .collect();
    let rule = |mark: &str| {
        let parts: Vec<String> = widths.iter().map(|width| mark.repeat(*width)).collect();
        format!("+{}+", parts.join("+"))
    };
    let head = if dice.one_in(2) {
        n_rows.min(1)
    } else {
        usize::MAX
    };
    let mut lines = vec![rule("-")];
    for (n, row) in cells.iter().enumerate() {
        let joined = n_columns > 1 && dice.one_in(4);
        let height = row.iter().map(Vec::len).max().unwrap_or(1);
        for at in 0..height {
            let mut line = "|".to_owned();
            for (column, cell) in row.iter().enumerate() {
                let content = cell.get(at).map_or("", String::as_str);
                line.push_str(&pad(&format!(" {content}"), widths[column]));
                let open = joined && column == 0 && cell.len() <= 1 && height == 1;
                line.push(if open && !content.contains('|') {
                    ' '
                } else {
                    '|'
                });
            }
            lines.push(line);
        }
        let is_head = n + 1 == head && n + 1 < n_rows;
        lines.push(rule(if is_head { "=" } else { "-" }));
    }
    lines
}

/// A table whose columns are told by its rules.
fn simple(dice: &mut Dice, names: &mut Names) -> Lines {
    let (n_rows, n_columns) = (dice.between(1, 4), dice.between(2, 4));
    let rows: Vec<Vec<String>> = (0..n_rows)
        .map(|_| {
            (0..n_columns)
                .map(|column| match dice.below(5) {
                    0 if column > 0 => String::new(),
                    1 => plain(dice).to_owned(),
                    2 if column == 0 => "\\".to_owned(),
                    _ => text(dice, names, 2).trim().to_owned(),
                })
                .collect()
        })
        .collect();
    let widths: Vec<usize> = (0..n_columns)
        .map(|column| {
            rows.iter()
                .map(|row| width(&row[column]))
                .max()
                .unwrap_or(0)
                .max(1)
        })
        .collect();
    let rule = |mark: &str| {
        let parts: Vec<String> = widths.iter().map(|width| mark.repeat(*width)).collect();
        parts.join(dice_gap(n_rows))
    };
    let gap = dice_gap(n_rows);
    let mut lines = vec![rule("=")];
    for (n, row) in rows.iter().enumerate() {
        let cells: Vec<String> = row
            .iter()
            .zip(&widths)
            .map(|(cell, width)| pad(cell, *width))
            .collect();
        lines.push(cells.join(gap).trim_end().to_owned());
        if n == 0 && n_rows > 1 && dice.one_in(2) {
            if dice.one_in(4) {
                lines.push(rule("-"));
                lines.push(pad("more", widths[0]));
            }
            lines.push(rule("="));
        } else if n + 1 < n_rows && dice.one_in(5) {
            lines.push(if dice.one_in(2) {
                String::new()
            } else {
                spanned(dice, &widths, gap)
            });
        }
    }
    lines.push(rule("="));
    lines
}

fn dice_gap(n_rows: usize) -> &'static str {
    if n_rows.is_multiple_of(2) { "  " } else { " " }
}

/// A line of dashes below a row, joining the first two columns.
fn spanned(dice: &mut Dice, widths: &[usize], gap: &str) -> String {
    let parts: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
    match dice.one_in(2) {
        true => parts.join(gap),
        false => parts.join(&"-".repeat(gap.len())),
    }
}
