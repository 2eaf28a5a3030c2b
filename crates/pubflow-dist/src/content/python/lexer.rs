//! Python's logical lines: tokens, joined over brackets and backslashes, with their indentation.
//!
//! Every version of Python from 3.6 on is read at once; what needs a newer one is remembered.
//! Nothing recurses with the text but strings inside of formatted strings, to a fixed depth.
//!
//! Spec: The Python Language Reference, chapter 2; PEP 701.

use super::{Fault, Need, Stop};

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Name,
    Number,
    Text,
    Operator,
}

/// A token and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub(super) kind: Kind,
    pub(super) text: &'a str,
    /// Brackets around it.
    pub(super) depth: usize,
    pub(super) line: usize,
}

impl Token<'_> {
    /// Whether it is this operator or keyword.
    pub(super) fn is(&self, text: &str) -> bool {
        self.text == text && matches!(self.kind, Kind::Name | Kind::Operator)
    }
}

/// A statement, or several with `;` between them.
#[derive(Debug)]
pub(super) struct LogicalLine<'a> {
    /// Columns of white space, tabs to multiples of eight.
    pub(super) indent: usize,
    pub(super) tokens: Vec<Token<'a>>,
}

/// Python itself gives up there.
const MOST_BRACKETS: usize = 200;
/// Formatted strings inside of each other; people use two.
const DEEPEST: usize = 10;

/// Operators of more than one character, longer ones first.
const OPERATORS: &[&str] = &[
    "**=", "//=", ">>=", "<<=", "...", "**", "//", ">>", "<<", "<=", ">=", "==", "!=", "->", "+=",
    "-=", "*=", "/=", "%=", "&=", "|=", "^=", "@=", ":=",
];

/// Reads a text line by line.
pub(super) struct Lexer<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    line: usize,
    brackets: Vec<(u8, usize)>,
    /// The newest version that was needed so far.
    pub(super) need: Option<Need>,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            at: 0,
            line: 1,
            brackets: Vec::new(),
            need: None,
        }
    }

    /// The last line of the logical line that was read.
    pub(super) fn last_line(&self) -> usize {
        self.line.saturating_sub(1).max(1)
    }

    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn is_at_end(&self) -> bool {
        self.at >= self.bytes.len()
    }

    fn fault(&self, what: &'static str) -> Stop {
        Stop::Fault(Fault {
            line: self.line,
            what,
        })
    }

    /// Notes that the text cannot be read by versions before 3.`minor`.
    pub(super) fn needs(&mut self, minor: u32, what: &'static str, line: usize) {
        if self.need.is_none_or(|need| need.minor < minor) {
            self.need = Some(Need { minor, what, line });
        }
    }

    /// Steps over one line end, if one is here.
    fn take_line_end(&mut self) -> bool {
        let n = match (self.peek(0), self.peek(1)) {
            (b'\r', b'\n') => 2,
            (b'\n' | b'\r', _) => 1,
            _ => return false,
        };
        self.at += n;
        self.line += 1;
        true
    }

    fn skip_comment(&mut self) {
        while !self.is_at_end() && !matches!(self.peek(0), b'\n' | b'\r') {
            self.at += 1;
        }
    }

    /// The next line that holds a token.
    pub(super) fn next_line(&mut self) -> Result<Option<LogicalLine<'a>>, Stop> {
        loop {
            let indent = self.take_indent();
            match self.peek(0) {
                _ if self.is_at_end() => return Ok(None),
                b'#' => self.skip_comment(),
                b'\n' | b'\r' => drop(self.take_line_end()),
                _ => {
                    let rest = &self.text[self.at..];
                    if indent == 0 && (rest.starts_with("<<<<<<< ") || rest.starts_with(">>>>>>> "))
                    {
                        return Err(self.fault("a mark of an unfinished merge"));
                    }
                    let tokens = self.tokens()?;
                    if !tokens.is_empty() {
                        return Ok(Some(LogicalLine { indent, tokens }));
                    }
                }
            }
        }
    }

    fn take_indent(&mut self) -> usize {
        let mut indent = 0;
        loop {
            match self.peek(0) {
                b' ' => indent += 1,
                b'\t' => indent = indent / 8 * 8 + 8,
                b'\x0c' => indent = 0,
                _ => return indent,
            }
            self.at += 1;
        }
    }

    /// The tokens up to the end of the logical line.
    fn tokens(&mut self) -> Result<Vec<Token<'a>>, Stop> {
        let mut tokens = Vec::new();
        while !self.is_at_end() {
            match self.peek(0) {
                b' ' | b'\t' | b'\x0c' => self.at += 1,
                b'#' => self.skip_comment(),
                b'\n' | b'\r' => {
                    self.take_line_end();
                    if self.brackets.is_empty() {
                        return Ok(tokens);
                    }
                }
                b'\\' => {
                    self.at += 1;
                    if !self.take_line_end() && !self.is_at_end() {
                        return Err(self.fault("a backslash inside of a line"));
                    }
                }
                _ => tokens.push(self.token()?),
            }
        }
        match self.brackets.first() {
            Some((_, line)) => Err(Stop::Fault(Fault {
                line: *line,
                what: "a bracket that is never closed",
            })),
            None => Ok(tokens),
        }
    }

    fn token(&mut self) -> Result<Token<'a>, Stop> {
        let (start, line) = (self.at, self.line);
        let mut depth = self.brackets.len();
        let kind = match self.peek(0) {
            b'"' | b'\'' => {
                self.string("", 0)?;
                Kind::Text
            }
            b'0'..=b'9' => self.number()?,
            b'.' if self.peek(1).is_ascii_digit() => self.number()?,
            byte if is_name(byte) => {
                let name = self.name();
                if matches!(self.peek(0), b'"' | b'\'') && is_prefix(name) {
                    self.string(name, 0)?;
                    Kind::Text
                } else {
                    Kind::Name
                }
            }
            _ => {
                self.operator()?;
                depth = depth.min(self.brackets.len());
                Kind::Operator
            }
        };
        let text = &self.text[start..self.at];
        Ok(Token {
            kind,
            text,
            depth,
            line,
        })
    }

    fn name(&mut self) -> &'a str {
        let start = self.at;
        while is_name(self.peek(0)) || self.peek(0).is_ascii_digit() {
            self.at += 1;
        }
        &self.text[start..self.at]
    }

    fn number(&mut self) -> Result<Kind, Stop> {
        let start = self.at;
        let take = |this: &mut Self, is_digit: fn(u8) -> bool| {
            while is_digit(this.peek(0)) || this.peek(0) == b'_' {
                this.at += 1;
            }
        };
        let is_decimal = |byte: u8| byte.is_ascii_digit();
        if self.peek(0) == b'0' && matches!(self.peek(1) | 0x20, b'x' | b'o' | b'b') {
            self.at += 2;
            take(self, |byte| byte.is_ascii_hexdigit());
        } else {
            take(self, is_decimal);
            let whole = &self.bytes[start..self.at];
            let is_octal = whole.len() > 1
                && whole[0] == b'0'
                && whole.iter().any(|digit| matches!(digit, b'1'..=b'9'))
                && !matches!(self.peek(0), b'.' | b'e' | b'E' | b'j' | b'J');
            if is_octal {
                return Err(self.fault("an octal number of Python 2"));
            }
            if self.peek(0) == b'.' {
                self.at += 1;
                take(self, is_decimal);
            }
            let after_sign = usize::from(matches!(self.peek(1), b'+' | b'-'));
            if matches!(self.peek(0), b'e' | b'E') && self.peek(1 + after_sign).is_ascii_digit() {
                self.at += 1 + after_sign;
                take(self, is_decimal);
            }
            if matches!(self.peek(0), b'j' | b'J') {
                self.at += 1;
            }
        }
        if matches!(self.peek(0), b'l' | b'L') && !is_name(self.peek(1)) {
            return Err(self.fault("a long number of Python 2"));
        }
        Ok(Kind::Number)
    }

    fn operator(&mut self) -> Result<(), Stop> {
        let rest = &self.text[self.at..];
        if let Some(operator) = OPERATORS.iter().find(|op| rest.starts_with(**op)) {
            self.at += operator.len();
            return Ok(());
        }
        let byte = self.peek(0);
        match byte {
            b'(' | b'[' | b'{' => {
                if self.brackets.len() >= MOST_BRACKETS {
                    return Err(Stop::Unknown);
                }
                self.brackets.push((byte, self.line));
            }
            b')' | b']' | b'}' => {
                let open = self.brackets.pop().map(|(open, _)| open);
                if open != Some(opening(byte)) {
                    return Err(self.fault("a closing bracket without its partner"));
                }
            }
            b'<' if self.peek(1) == b'>' => {
                return Err(self.fault("the operator `<>` of Python 2"));
            }
            b'`' => return Err(self.fault("backticks of Python 2")),
            b'$' | b'?' | b'!' => return Err(self.fault("a character that Python does not know")),
            0 => return Err(Stop::Unknown),
            _ => {}
        }
        self.at += 1;
        Ok(())
    }

    /// Steps over a string whose prefix was read.
    fn string(&mut self, prefix: &str, depth: usize) -> Result<(), Stop> {
        let line = self.line;
        let has = |c: char| prefix.contains([c, c.to_ascii_uppercase()]);
        let quote = self.peek(0);
        let is_triple = self.peek(1) == quote && self.peek(2) == quote;
        self.at += if is_triple { 3 } else { 1 };
        let string = Quote {
            quote,
            is_triple,
            is_raw: has('r'),
        };
        if has('t') {
            self.needs(14, "a template string", line);
        } else if has('f') {
            self.needs(6, "a formatted string", line);
        }
        let is_formatted = has('f') || has('t');
        loop {
            if self.is_at_end() || (!is_triple && matches!(self.peek(0), b'\n' | b'\r')) {
                return Err(Stop::Fault(Fault {
                    line,
                    what: "a string that is never closed",
                }));
            }
            match self.peek(0) {
                byte if byte == quote && string.ends_at(self) => {
                    self.at += if is_triple { 3 } else { 1 };
                    return Ok(());
                }
                b'\n' | b'\r' => drop(self.take_line_end()),
                b'\\' if is_formatted && matches!(self.peek(1), b'{' | b'}') => self.at += 1,
                b'\\' if is_formatted && !string.is_raw && self.rest().starts_with("\\N{") => {
                    self.at += 3;
                }
                b'\\' => {
                    self.at += 1;
                    if !self.take_line_end() {
                        self.at += 1;
                    }
                }
                b'{' if is_formatted && self.peek(1) == b'{' => self.at += 2,
                b'{' if is_formatted => {
                    self.at += 1;
                    self.field(&string, depth)?;
                }
                _ => self.at += 1,
            }
        }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Steps over a replacement field behind its `{`.
    fn field(&mut self, outer: &Quote, depth: usize) -> Result<(), Stop> {
        if depth >= DEEPEST {
            return Err(Stop::Unknown);
        }
        let mut brackets = 0usize;
        let newer = "a formatted string with quotes, comments or backslashes inside of its fields";
        while !self.is_at_end() {
            match self.peek(0) {
                byte @ (b'"' | b'\'') => {
                    if byte == outer.quote && !outer.is_triple {
                        self.needs(12, newer, self.line);
                    }
                    self.string("", depth + 1)?;
                }
                b'\n' | b'\r' => {
                    if !outer.is_triple {
                        self.needs(12, newer, self.line);
                    }
                    self.take_line_end();
                }
                b'#' => {
                    self.needs(12, newer, self.line);
                    self.skip_comment();
                }
                b'\\' => {
                    self.needs(12, newer, self.line);
                    self.at += 1;
                }
                b'(' | b'[' | b'{' => {
                    brackets += 1;
                    self.at += 1;
                }
                b'}' if brackets == 0 => {
                    self.at += 1;
                    return Ok(());
                }
                b')' | b']' | b'}' => {
                    let Some(fewer) = brackets.checked_sub(1) else {
                        return Err(self.fault("a closing bracket without its partner"));
                    };
                    brackets = fewer;
                    self.at += 1;
                }
                b':' if brackets == 0 => {
                    self.at += 1;
                    return self.format(outer, depth);
                }
                byte if is_name(byte) => {
                    let name = self.name();
                    if matches!(self.peek(0), b'"' | b'\'') && is_prefix(name) {
                        if self.peek(0) == outer.quote && !outer.is_triple {
                            self.needs(12, newer, self.line);
                        }
                        self.string(name, depth + 1)?;
                    }
                }
                _ => self.at += 1,
            }
        }
        Err(self.fault("a string that is never closed"))
    }

    /// Steps over a format behind its `:`, up to the `}` of its field.
    fn format(&mut self, outer: &Quote, depth: usize) -> Result<(), Stop> {
        while !self.is_at_end() {
            match self.peek(0) {
                b'}' => {
                    self.at += 1;
                    return Ok(());
                }
                b'{' => {
                    self.at += 1;
                    self.field(outer, depth + 1)?;
                }
                // Versions differ about what may stand here.
                b'\\' => return Err(Stop::Unknown),
                byte if byte == outer.quote && outer.ends_at(self) => return Err(Stop::Unknown),
                b'\n' | b'\r' if !outer.is_triple => return Err(Stop::Unknown),
                b'\n' | b'\r' => drop(self.take_line_end()),
                _ => self.at += 1,
            }
        }
        Err(self.fault("a string that is never closed"))
    }
}

/// How a string began.
struct Quote {
    quote: u8,
    is_triple: bool,
    is_raw: bool,
}

impl Quote {
    /// Whether the quote that the lexer stands at ends the string.
    fn ends_at(&self, lexer: &Lexer<'_>) -> bool {
        !self.is_triple || (lexer.peek(1) == self.quote && lexer.peek(2) == self.quote)
    }
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80
}

fn opening(closing: u8) -> u8 {
    match closing {
        b')' => b'(',
        b']' => b'[',
        _ => b'{',
    }
}

fn is_prefix(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    matches!(
        lower.as_str(),
        "r" | "u" | "b" | "f" | "t" | "br" | "rb" | "fr" | "rf" | "tr" | "rt"
    )
}
