//! Comma-separated values as Python's strict reader takes them.

/// How fields are written.
pub(in crate::rst) struct Dialect {
    pub(in crate::rst) delimiter: char,
    pub(in crate::rst) quote: char,
    pub(in crate::rst) escape: Option<char>,
    /// Whether spaces behind a delimiter mean nothing.
    pub(in crate::rst) skips_space: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum At {
    Start,
    Plain,
    Quoted,
    QuoteInQuoted,
    Escaped { quoted: bool },
}

/// Rows of fields.
pub(in crate::rst) fn read(text: &str, dialect: &Dialect) -> Result<Vec<Vec<String>>, String> {
    let (mut rows, mut row, mut field) = (Vec::new(), Vec::new(), String::new());
    let mut at = At::Start;
    for line in text.split('\n') {
        let mut is_new = row.is_empty() && at == At::Start;
        for c in line.chars().chain(['\n']) {
            at = match at {
                At::Start if is_new && c == '\n' => At::Start,
                At::Start if c == '\n' => {
                    row.push(std::mem::take(&mut field));
                    At::Start
                }
                At::Start if c == dialect.quote => At::Quoted,
                At::Start if Some(c) == dialect.escape => At::Escaped { quoted: false },
                At::Start if c == ' ' && dialect.skips_space => At::Start,
                At::Start | At::Plain if c == dialect.delimiter => {
                    row.push(std::mem::take(&mut field));
                    At::Start
                }
                At::Plain if c == '\n' => {
                    row.push(std::mem::take(&mut field));
                    At::Start
                }
                At::Plain if Some(c) == dialect.escape => At::Escaped { quoted: false },
                At::Start | At::Plain => {
                    field.push(c);
                    At::Plain
                }
                At::Escaped { quoted } => {
                    field.push(c);
                    if quoted { At::Quoted } else { At::Plain }
                }
                At::Quoted if Some(c) == dialect.escape => At::Escaped { quoted: true },
                At::Quoted if c == dialect.quote && dialect.escape.is_none() => At::QuoteInQuoted,
                At::Quoted if c == dialect.quote => At::Plain,
                At::Quoted => {
                    field.push(c);
                    At::Quoted
                }
                At::QuoteInQuoted if c == dialect.quote => {
                    field.push(c);
                    At::Quoted
                }
                At::QuoteInQuoted if c == dialect.delimiter || c == '\n' => {
                    row.push(std::mem::take(&mut field));
                    At::Start
                }
                At::QuoteInQuoted => {
                    return Err(format!(
                        "'{}' expected after '{}'",
                        dialect.delimiter, dialect.quote
                    ));
                }
            };
            is_new = false;
        }
        if at == At::Start {
            rows.push(std::mem::take(&mut row));
        }
    }
    if at != At::Start {
        return Err("unexpected end of data".to_owned());
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIALECT: Dialect = Dialect {
        delimiter: ',',
        quote: '"',
        escape: None,
        skips_space: true,
    };

    #[test]
    fn quotes_hold_commas_and_line_ends() {
        let rows = read("a, \"b, \"\"c\"\"\nd\"\n\ne", &DIALECT).unwrap();
        assert_eq!(rows, [vec!["a", "b, \"c\"\nd"], vec![], vec!["e"]]);
    }

    #[test]
    fn quotes_must_end() {
        assert_eq!(
            read("\"a\" b", &DIALECT).unwrap_err(),
            "',' expected after '\"'"
        );
        assert_eq!(read("\"a", &DIALECT).unwrap_err(), "unexpected end of data");
    }
}
