//! Tables made by directives: from table markup, from CSV and from lists.

use super::convert::Value;
use super::{Call, Outcome, Refusal, quoted_error as error, quoted_warning as warning};
use crate::rst::line::Line;
use crate::rst::parser::Parser;
use crate::rst::table::{Cell, Data, csv};
use crate::rst::tree::{Kind, NodeId};

fn dimensions(
    call: &Call,
    rows: &[usize],
    header_rows: i64,
    stub_columns: i64,
) -> Result<(), Refusal> {
    let (name, n_rows) = (&call.name, rows.len() as i64);
    if n_rows < header_rows {
        return error(format!(
            "{header_rows} header row(s) specified but only {n_rows} row(s) of data supplied \
             (\"{name}\" directive)."
        ));
    }
    if n_rows == header_rows && header_rows > 0 {
        return error(format!(
            "Insufficient data supplied ({n_rows} row(s)); no data remaining for table body, \
             required by \"{name}\" directive."
        ));
    }
    for columns in rows.iter().map(|columns| *columns as i64) {
        if columns < stub_columns {
            return error(format!(
                "{stub_columns} stub column(s) specified but only {columns} columns(s) of data \
                 supplied (\"{name}\" directive)."
            ));
        }
        if columns == stub_columns && stub_columns > 0 {
            return error(format!(
                "Insufficient data supplied ({columns} columns(s)); no data remaining for table \
                 body, required by \"{name}\" directive."
            ));
        }
    }
    Ok(())
}

fn column_widths(call: &Call, n_columns: usize) -> Result<Vec<i64>, Refusal> {
    if let Some(Value::Numbers(widths)) = call.options.get("widths") {
        if widths.len() != n_columns {
            return error(format!(
                "\"{}\" widths do not match the number of columns in table ({n_columns}).",
                call.name
            ));
        }
        return Ok(widths.clone());
    }
    if n_columns == 0 {
        return error("No table data detected in CSV file.");
    }
    Ok(vec![100 / n_columns as i64; n_columns])
}

impl Parser {
    /// Attributes, name and title that every table takes from its directive.
    fn dress_table(&mut self, call: &Call, table: NodeId, title: Option<NodeId>) -> Outcome {
        match call.options.get("widths") {
            Some(Value::Text(auto)) if auto == "auto" => {
                self.tree[table].classes.push("colwidths-auto".to_owned());
            }
            Some(_) => self.tree[table].classes.push("colwidths-given".to_owned()),
            None => {}
        }
        self.tree[table].classes.extend(call.options.list("class"));
        for name in ["align", "width"] {
            if let Some(value) = call.options.text(name) {
                self.tree[table].set(name, value);
            }
        }
        self.add_name(call, table)?;
        if let Some(title) = title {
            self.tree.insert(table, 0, title);
        }
        self.tree[table].line = call.source_line();
        Ok(vec![table])
    }

    fn table_title(&mut self, call: &Call) -> Result<Option<NodeId>, Refusal> {
        let Some(text) = call.arguments.first() else {
            return Ok(None);
        };
        let children = self.inline(text, call.line)?;
        let title = self.tree.with_children(Kind::Title, children);
        self.tree[title].line = call.source_line();
        Ok(Some(title))
    }
}

pub(super) fn table(parser: &mut Parser, call: &mut Call) -> Outcome {
    let name = &call.name;
    if call.content.is_empty() {
        return warning(format!(
            "Content block expected for the \"{name}\" directive; none found."
        ));
    }
    let title = parser.table_title(call)?;
    let holder = parser.tree.create(Kind::Fragment);
    parser.nested(call.content.clone(), call.content_offset, holder)?;
    let children = parser.tree.take_children(holder);
    let [table] = children.as_slice() else {
        return one_table(name);
    };
    if parser.tree[*table].kind != Kind::Table {
        return one_table(name);
    }
    if let Some(Value::Numbers(_)) = call.options.get("widths") {
        let columns = parser
            .tree
            .find_all(parser.tree[*table].children[0], Kind::Colspec);
        let own: Vec<NodeId> = columns
            .into_iter()
            .filter(|column| parser.tree[*column].parent == Some(parser.tree[*table].children[0]))
            .collect();
        let widths = column_widths(call, own.len())?;
        for (column, width) in own.into_iter().zip(widths) {
            parser.tree[column].set("colwidth", width.to_string());
        }
    }
    parser.dress_table(call, *table, title)
}

fn one_table(name: &str) -> Outcome {
    error(format!(
        "Error parsing content block for the \"{name}\" directive: exactly one table expected."
    ))
}

pub(super) fn csv_table(parser: &mut Parser, call: &mut Call) -> Outcome {
    let name = call.name.clone();
    if call.options.get("file").is_some() || call.options.get("url").is_some() {
        return warning(format!(
            "File and URL access deactivated; ignoring \"{name}\" directive."
        ));
    }
    let title = parser.table_title(call)?;
    if call.content.is_empty() {
        return warning(format!(
            "The \"{name}\" directive requires content; none supplied."
        ));
    }
    let dialect = csv::Dialect {
        delimiter: call
            .options
            .text("delim")
            .and_then(|text| text.chars().next())
            .unwrap_or(','),
        quote: call
            .options
            .text("quote")
            .and_then(|text| text.chars().next())
            .unwrap_or('"'),
        escape: call
            .options
            .text("escape")
            .and_then(|text| text.chars().next()),
        skips_space: call.options.get("keepspace").is_none(),
    };
    let read = |text: &str| {
        csv::read(text, &dialect).or_else(|problem| {
            error(format!(
                "Error with CSV data in \"{name}\" directive:\n{problem}"
            ))
        })
    };
    let header = call
        .options
        .text("header")
        .map(read)
        .transpose()?
        .unwrap_or_default();
    let rows = read(&call.content.joined())?;
    let n_columns = rows.iter().chain(&header).map(Vec::len).max().unwrap_or(0);
    let header_rows = call.options.number("header-rows").unwrap_or(0);
    let stub_columns = call.options.number("stub-columns").unwrap_or(0);
    let lengths: Vec<usize> = rows.iter().map(Vec::len).collect();
    dimensions(call, &lengths, header_rows, stub_columns)?;
    let widths = column_widths(call, n_columns)?;
    let cells = |row: Vec<String>| {
        let mut cells: Vec<Option<Cell>> = row.iter().map(|text| Some(csv_cell(text))).collect();
        cells.resize_with(n_columns, || Some(csv_cell("")));
        cells
    };
    let mut rows = rows.into_iter();
    let mut head: Vec<_> = header.into_iter().map(cells).collect();
    head.extend(
        rows.by_ref()
            .take(usize::try_from(header_rows).unwrap_or(0))
            .map(cells),
    );
    let data = Data {
        widths,
        head,
        body: rows.map(cells).collect(),
    };
    let offset = call.content_offset;
    let table = parser.build_table(data, offset, stub_columns, call.m.source_line(offset))?;
    parser.dress_table(call, table, title)
}

fn csv_cell(text: &str) -> Cell {
    let lines: Vec<Line> = text
        .lines()
        .enumerate()
        .map(|(n, line)| Line::new(line, n + 1))
        .collect();
    Cell {
        more_rows: 0,
        more_columns: 0,
        offset: 0,
        lines: lines.into(),
    }
}

pub(super) fn list_table(parser: &mut Parser, call: &mut Call) -> Outcome {
    let name = call.name.clone();
    if call.content.is_empty() {
        return error(format!(
            "The \"{name}\" directive is empty; content required."
        ));
    }
    let title = parser.table_title(call)?;
    let holder = parser.tree.create(Kind::Fragment);
    parser.nested(call.content.clone(), call.content_offset, holder)?;
    let (rows, n_columns) = list_rows(parser, &name, holder)?;
    let widths = column_widths(call, n_columns)?;
    let header_rows = call.options.number("header-rows").unwrap_or(0);
    let stub_columns = call.options.number("stub-columns").unwrap_or(0);
    let lengths: Vec<usize> = rows.iter().map(Vec::len).collect();
    dimensions(call, &lengths, header_rows, stub_columns)?;
    let (table, group) = parser.table_frame(&widths, stub_columns);
    let (head, body) = (
        parser.tree.create(Kind::Thead),
        parser.tree.create(Kind::Tbody),
    );
    if header_rows > 0 {
        parser.tree.append(group, head);
    }
    parser.tree.append(group, body);
    for (n, items) in rows.into_iter().enumerate() {
        let row = parser.tree.create(Kind::Row);
        for item in items {
            let children = parser.tree.take_children(item);
            let entry = parser.tree.with_children(Kind::Entry, children);
            parser.tree.append(row, entry);
        }
        parser
            .tree
            .append(if (n as i64) < header_rows { head } else { body }, row);
    }
    parser.dress_table(call, table, title)
}

/// Items of a list of lists, and how many each inner list has.
fn list_rows(
    parser: &Parser,
    name: &str,
    holder: NodeId,
) -> Result<(Vec<Vec<NodeId>>, usize), Refusal> {
    let start = format!("Error parsing content block for the \"{name}\" directive: ");
    let tree = &parser.tree;
    let only_list = |node: NodeId| match tree[node].children.as_slice() {
        [list] if tree[*list].kind == Kind::BulletList => Some(*list),
        _ => None,
    };
    let Some(list) = only_list(holder) else {
        return error(start + "exactly one bullet list expected.");
    };
    let mut rows: Vec<Vec<NodeId>> = Vec::new();
    for (n, item) in tree[list].children.iter().enumerate() {
        let Some(inner) = only_list(*item) else {
            return error(format!(
                "{start}two-level bullet list expected, but row {} does not contain a \
                 second-level bullet list.",
                n + 1
            ));
        };
        let items = tree[inner].children.clone();
        if let Some(first) = rows.first().filter(|first| first.len() != items.len()) {
            return error(format!(
                "{start}uniform two-level bullet list expected, but row {} does not contain the \
                 same number of items as row 1 ({} vs {}).",
                n + 1,
                items.len(),
                first.len()
            ));
        }
        rows.push(items);
    }
    let n_columns = rows.first().map_or(0, Vec::len);
    Ok((rows, n_columns))
}
