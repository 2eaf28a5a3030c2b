//! Readers of option values, with the reference's words for values they refuse.

use crate::rst::chars::{escape, join_uri, make_id, strip, words};
use crate::rst::role;

/// A value that was read.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    /// A flag, or an option that says nothing.
    None,
    Text(String),
    Number(i64),
    List(Vec<String>),
    Numbers(Vec<i64>),
}

type Converted = Result<Value, String>;

const NO_ARGUMENT: &str = "argument required but none supplied";
const NO_TEXT: &str =
    "int() argument must be a string, a bytes-like object or a real number, not 'NoneType'";
const UNITS: [&str; 15] = [
    "em", "ex", "ch", "rem", "vw", "vh", "vmin", "vmax", "cm", "mm", "Q", "in", "pt", "pc", "px",
];

/// A text as Python shows it.
pub(super) fn repr(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') {
        '"'
    } else {
        '\''
    };
    let mut shown = String::from(quote);
    for c in text.chars() {
        match c {
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            '\\' => shown.push_str("\\\\"),
            c if c == quote => shown.extend(['\\', c]),
            c if c.is_control() => shown.push_str(&format!("\\x{:02x}", c as u32)),
            c => shown.push(c),
        }
    }
    shown.push(quote);
    shown
}

pub(super) fn flag(data: Option<&str>) -> Converted {
    match data.filter(|data| !strip(data).is_empty()) {
        Some(data) => Err(format!("no argument is allowed; \"{data}\" supplied")),
        None => Ok(Value::None),
    }
}

pub(super) fn required(data: Option<&str>) -> Converted {
    data.map(|data| Value::Text(data.to_owned()))
        .ok_or_else(|| NO_ARGUMENT.to_owned())
}

/// The name of a parser for included files; the reference has those for its own formats.
pub(super) fn parser(data: Option<&str>) -> Converted {
    const ALIASES: [&str; 8] = [
        "rst",
        "restructuredtext",
        "rest",
        "restx",
        "rtxt",
        "null",
        "xml",
        "docutils_xml",
    ];
    let Some(name) = data.filter(|name| !name.is_empty()) else {
        return Ok(Value::None);
    };
    let name = name.to_lowercase();
    if ALIASES.contains(&name.as_str()) {
        return Ok(Value::Text(name));
    }
    let module = name.split('.').next().unwrap_or_default();
    Err(format!(
        "Parser \"{name}\" not found. No module named '{module}'."
    ))
}

pub(super) fn unchanged(data: Option<&str>) -> Converted {
    Ok(Value::Text(data.unwrap_or_default().to_owned()))
}

pub(super) fn path(data: Option<&str>) -> Converted {
    let data = data.ok_or(NO_ARGUMENT)?;
    Ok(Value::Text(data.lines().map(strip).collect()))
}

pub(super) fn uri(data: Option<&str>) -> Converted {
    Ok(Value::Text(join_uri(&escape(data.ok_or(NO_ARGUMENT)?))))
}

fn whole(data: &str) -> Result<i64, String> {
    role::integer(data)
        .ok_or_else(|| format!("invalid literal for int() with base 10: {}", repr(data)))
}

pub(super) fn integer(data: Option<&str>) -> Converted {
    whole(data.ok_or(NO_TEXT)?).map(Value::Number)
}

pub(super) fn integer_or_none(data: Option<&str>) -> Converted {
    data.map_or(Ok(Value::None), |data| whole(data).map(Value::Number))
}

pub(super) fn nonnegative(data: Option<&str>) -> Converted {
    match whole(data.ok_or(NO_TEXT)?)? {
        n if n < 0 => Err("negative value; must be positive or zero".to_owned()),
        n => Ok(Value::Number(n)),
    }
}

pub(super) fn percentage(data: Option<&str>) -> Converted {
    nonnegative(data.map(|data| data.trim_end_matches([' ', '%'])))
}

/// A number as Python writes it back, with its unit.
fn measure(data: &str) -> Result<(String, bool, &str), String> {
    let invalid = || format!("\"{data}\" is no valid measure.");
    let digits = data.strip_prefix('-').unwrap_or(data);
    let n = digits.len()
        - digits
            .trim_start_matches(|c: char| c.is_ascii_digit() || c == '.')
            .len();
    let (number, unit) = data.split_at(data.len() - digits.len() + n);
    let unit = unit.trim_start_matches(' ');
    let is_unit = unit == "%"
        || unit
            .chars()
            .all(|c| c.is_ascii_alphabetic() || c == '\u{b5}');
    if n == 0 || !is_unit {
        return Err(invalid());
    }
    if let Ok(whole) = number.parse::<i64>() {
        return Ok((whole.to_string(), whole < 0, unit));
    }
    let value: f64 = number.parse().map_err(|_| invalid())?;
    Ok((float(value), value < 0.0, unit))
}

/// A floating-point number as Python shows it, within what lengths use.
fn float(value: f64) -> String {
    let shown = format!("{value}");
    if shown.contains('.') {
        shown
    } else {
        format!("{shown}.0")
    }
}

fn length_in(data: Option<&str>, units: &[&str]) -> Converted {
    let data = data.ok_or("expected string or bytes-like object, got 'NoneType'")?;
    let (value, negative, unit) = measure(data)?;
    if negative || !units.contains(&unit) {
        let listed: Vec<&str> = units
            .iter()
            .copied()
            .filter(|unit| !unit.is_empty())
            .collect();
        return Err(format!(
            "not a positive number or measure of one of the following units:\n{}",
            listed.join(", ")
        ));
    }
    Ok(Value::Text(format!("{value}{unit}")))
}

pub(super) fn length(data: Option<&str>) -> Converted {
    let units: Vec<&str> = UNITS.into_iter().chain([""]).collect();
    length_in(data, &units)
}

fn length_or(data: Option<&str>, default: &str) -> Converted {
    let units: Vec<&str> = UNITS.into_iter().chain(["%"]).collect();
    length_in(data, &units).or_else(|problem| match length_in(data, &[""]) {
        Ok(Value::Text(text)) => Ok(Value::Text(text + default)),
        _ => Err(problem),
    })
}

pub(super) fn length_or_percentage(data: Option<&str>) -> Converted {
    length_or(data, "")
}

pub(super) fn figure_width(data: Option<&str>) -> Converted {
    match data {
        None => Err("'NoneType' object has no attribute 'lower'".to_owned()),
        Some(data) if data.to_lowercase() == "image" => Ok(Value::Text("image".to_owned())),
        data => length_or(data, "px"),
    }
}

pub(super) fn classes(data: Option<&str>) -> Converted {
    let names = words(data.ok_or(NO_ARGUMENT)?);
    let made: Result<Vec<String>, String> = names
        .map(|name| match make_id(name) {
            id if id.is_empty() => Err(format!("cannot make \"{name}\" into a class name")),
            id => Ok(id),
        })
        .collect();
    made.map(Value::List)
}

fn choice(data: Option<&str>, values: &[&str]) -> Converted {
    let (last, first) = values.split_last().expect("every choice has values");
    let first: Vec<String> = first.iter().map(|value| format!("\"{value}\"")).collect();
    let listed = format!("{}, or \"{last}\"", first.join(", "));
    let Some(data) = data else {
        return Err(format!("must supply an argument; choose from {listed}"));
    };
    let value = strip(&data.to_lowercase()).to_owned();
    match values.contains(&value.as_str()) {
        true => Ok(Value::Text(value)),
        false => Err(format!("\"{data}\" unknown; choose from {listed}")),
    }
}

pub(super) fn align(data: Option<&str>) -> Converted {
    choice(
        data,
        &["top", "middle", "bottom", "left", "center", "right"],
    )
}

pub(super) fn align_horizontal(data: Option<&str>) -> Converted {
    choice(data, &["left", "center", "right"])
}

pub(super) fn loading(data: Option<&str>) -> Converted {
    choice(data, &["embed", "link", "lazy"])
}

pub(super) fn backlinks(data: Option<&str>) -> Converted {
    Ok(match choice(data, &["top", "entry", "none"])? {
        Value::Text(text) if text == "none" => Value::None,
        value => value,
    })
}

pub(super) fn widths(data: Option<&str>) -> Converted {
    let data = match data {
        Some("auto") => return Ok(Value::Text("auto".to_owned())),
        None => return Err("argument of type 'NoneType' is not iterable".to_owned()),
        Some(data) => data,
    };
    let entries: Vec<&str> = match data.contains(',') {
        true => data.split(',').collect(),
        false => words(data).collect(),
    };
    let numbers: Result<Vec<i64>, String> = entries
        .into_iter()
        .map(|entry| match whole(entry)? {
            n if n < 1 => Err("negative or zero value; must be positive".to_owned()),
            n => Ok(n),
        })
        .collect();
    numbers.map(Value::Numbers)
}

pub(super) fn widths_or_grid(data: Option<&str>) -> Converted {
    match data {
        Some("grid") => Ok(Value::Text("grid".to_owned())),
        data => widths(data),
    }
}

pub(super) fn encoding(data: Option<&str>) -> Converted {
    // Options that need an encoding are switched off, so only the message could differ.
    unchanged(data)
}

/// A character by its code, or the text itself; the error is for codes that are too large.
pub(super) fn character(code: &str) -> Result<String, String> {
    let hex = ["0x", "x", "\\x", "u+", "u", "\\u", "&#x"]
        .iter()
        .find_map(|prefix| {
            let rest = code.get(prefix.len()..)?;
            let matches = code[..prefix.len()].eq_ignore_ascii_case(prefix);
            let digits = if *prefix == "&#x" {
                rest.strip_suffix(';')?
            } else {
                rest
            };
            let all = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
            (matches && all).then_some(digits)
        });
    let value = match hex {
        Some(digits) => u32::from_str_radix(digits, 16),
        None if !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_digit()) => code.parse(),
        None => return Ok(code.to_owned()),
    };
    match value.ok().filter(|value| *value < 0x11_0000) {
        Some(value) => Ok(char::from_u32(value).unwrap_or('\u{fffd}').to_string()),
        None => Err("chr() arg not in range(0x110000)".to_owned()),
    }
}

pub(super) fn single_char(data: Option<&str>) -> Converted {
    let text = character(data.ok_or("'NoneType' object has no attribute 'isdigit'")?)?;
    match text.chars().count() {
        0 | 1 => Ok(Value::Text(text)),
        _ => Err(format!(
            "{} invalid; must be a single character or a Unicode code",
            repr(&text)
        )),
    }
}

pub(super) fn delimiter(data: Option<&str>) -> Converted {
    match data {
        Some("tab") => Ok(Value::Text("\t".to_owned())),
        Some("space") => Ok(Value::Text(" ".to_owned())),
        data => single_char(data),
    }
}
