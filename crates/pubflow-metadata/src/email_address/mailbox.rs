//! The address in a mail header, found as leniently as Python's standard library finds it.
//!
//! RFC 822 with obsolete forms: comments, quoted phrases, groups, routes. Blanks in a domain are
//! skipped, blanks before the at-sign are kept; a value with several addresses gives none.

/// Groups may hold groups; deeper than this nothing is found.
const GROUP_DEPTH: usize = 50;

const SPECIALS: &str = "()<>@,:;.\"[]";

/// The only address in a header value; `None` where there is none, more than one, or an address
/// with a bracketed domain.
pub(crate) fn single_address(value: &str) -> Option<String> {
    if !balanced(value) {
        return None;
    }
    let mut parser = Parser {
        chars: value.chars().collect(),
        at: 0,
        depth: 0,
    };
    let mut found = Vec::new();
    while parser.at < parser.chars.len() {
        let addresses = parser.address()?;
        if addresses.is_empty() {
            found.push(String::new());
        }
        found.extend(addresses);
        if found.len() > 1 {
            return None;
        }
    }
    found
        .pop()
        .filter(|address| !address.is_empty() && !address.contains('['))
}

/// Whether parentheses outside of quoted phrases pair up; a quote that is not closed quotes nothing.
fn balanced(value: &str) -> bool {
    let mut escaped = false;
    let marks: Vec<char> = value
        .chars()
        .filter(|&c| {
            let is_escaped = escaped;
            escaped = !escaped && c == '\\';
            !is_escaped && matches!(c, '"' | '(' | ')')
        })
        .collect();
    let mut n_quotes = marks.iter().filter(|&&c| c == '"').count();
    let mut n_open = 0_usize;
    let mut in_quotes = false;
    for mark in marks {
        match mark {
            '"' => {
                in_quotes = !in_quotes && n_quotes > 1;
                n_quotes -= 1;
            }
            _ if in_quotes => {}
            '(' => n_open += 1,
            _ => match n_open.checked_sub(1) {
                Some(n) => n_open = n,
                None => return false,
            },
        }
    }
    n_open == 0
}

fn ends_atom(c: char) -> bool {
    SPECIALS.contains(c) || matches!(c, ' ' | '\t' | '\r' | '\n')
}

fn ends_phrase(c: char) -> bool {
    c != '.' && ends_atom(c)
}

struct Parser {
    chars: Vec<char>,
    at: usize,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    /// Skips blanks and comments; the blanks that were there, without line ends.
    fn skip(&mut self) -> String {
        let mut blanks = String::new();
        while let Some(c) = self.peek() {
            match c {
                ' ' | '\t' => {
                    blanks.push(c);
                    self.at += 1;
                }
                '\r' | '\n' => self.at += 1,
                '(' => self.comment(),
                _ => break,
            }
        }
        blanks
    }

    /// Skips a comment and those within; a carriage return ends one like a parenthesis.
    fn comment(&mut self) {
        let mut depth = 0_usize;
        let mut escaped = false;
        while let Some(c) = self.peek() {
            self.at += 1;
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '(' => depth += 1,
                ')' | '\r' => {
                    depth -= 1;
                    if depth == 0 {
                        return;
                    }
                }
                _ => {}
            }
        }
    }

    /// The text up to one of `ends`, which is skipped; a backslash takes the next character as is.
    fn delimited(&mut self, ends: [char; 2]) -> String {
        let mut text = String::new();
        self.at += 1;
        let mut escaped = false;
        while let Some(c) = self.peek() {
            self.at += 1;
            match c {
                _ if escaped => {
                    text.push(c);
                    escaped = false;
                }
                _ if ends.contains(&c) => break,
                '\\' => escaped = true,
                _ => text.push(c),
            }
        }
        text
    }

    fn atom(&mut self, ends: fn(char) -> bool) -> String {
        let start = self.at;
        while self.peek().is_some_and(|c| !ends(c)) {
            self.at += 1;
        }
        self.chars[start..self.at].iter().collect()
    }

    /// Words and quoted texts up to a special character; only the first is ever needed.
    fn first_word(&mut self) -> Option<String> {
        let mut first = None;
        while let Some(c) = self.peek() {
            let word = match c {
                ' ' | '\t' | '\r' | '\n' => {
                    self.at += 1;
                    continue;
                }
                '(' => {
                    self.comment();
                    continue;
                }
                '"' => self.delimited(['"', '\r']),
                _ if ends_phrase(c) => break,
                _ => self.atom(ends_phrase),
            };
            first.get_or_insert(word);
        }
        first
    }

    /// One address, or those of one group; `None` where groups nest too deeply.
    fn address(&mut self) -> Option<Vec<String>> {
        self.skip();
        let start = self.at;
        let word = self.first_word();
        self.skip();
        let found = match self.peek() {
            None => word.into_iter().collect(),
            Some('.' | '@') => {
                self.at = start;
                vec![self.address_spec()]
            }
            Some(':') => self.group()?,
            Some('<') => vec![self.route()],
            Some(c) => {
                if word.is_none() && SPECIALS.contains(c) {
                    self.at += 1;
                }
                word.into_iter().collect()
            }
        };
        self.skip();
        if self.peek() == Some(',') {
            self.at += 1;
        }
        Some(found)
    }

    fn group(&mut self) -> Option<Vec<String>> {
        self.depth += 1;
        if self.depth > GROUP_DEPTH {
            return None;
        }
        self.at += 1;
        let mut found = Vec::new();
        while self.at < self.chars.len() {
            self.skip();
            if self.peek() == Some(';') {
                self.at += 1;
                break;
            }
            found.extend(self.address()?);
        }
        self.depth -= 1;
        Some(found)
    }

    fn route(&mut self) -> String {
        self.at += 1;
        self.skip();
        let mut expect_route = false;
        while let Some(c) = self.peek() {
            match c {
                _ if expect_route => {
                    self.domain();
                    expect_route = false;
                }
                '>' => {
                    self.at += 1;
                    break;
                }
                '@' => {
                    self.at += 1;
                    expect_route = true;
                }
                ':' => self.at += 1,
                _ => {
                    let address = self.address_spec();
                    self.at += 1;
                    return address;
                }
            }
            self.skip();
        }
        String::new()
    }

    fn address_spec(&mut self) -> String {
        let mut parts: Vec<String> = Vec::new();
        let drop_blank = |parts: &mut Vec<String>| {
            if parts.last().is_some_and(|last| last.trim().is_empty()) {
                parts.pop();
            }
        };
        self.skip();
        while let Some(c) = self.peek() {
            match c {
                '.' => {
                    drop_blank(&mut parts);
                    parts.push(".".to_owned());
                    self.at += 1;
                    self.skip();
                    continue;
                }
                '"' => {
                    let text = self.delimited(['"', '\r']);
                    let text = text.replace('\\', "\\\\").replace('"', "\\\"");
                    parts.push(format!("\"{text}\""));
                }
                _ if ends_atom(c) => {
                    drop_blank(&mut parts);
                    break;
                }
                _ => parts.push(self.atom(ends_atom)),
            }
            let blanks = self.skip();
            if !blanks.is_empty() {
                parts.push(blanks);
            }
        }
        if self.peek() != Some('@') {
            return parts.concat();
        }
        self.at += 1;
        self.skip();
        match self.domain() {
            Some(domain) => parts.concat() + "@" + &domain,
            None => String::new(),
        }
    }

    /// A domain; `None` where it is empty or followed by another at-sign.
    fn domain(&mut self) -> Option<String> {
        let mut domain = String::new();
        while let Some(c) = self.peek() {
            match c {
                ' ' | '\t' => self.at += 1,
                '(' => self.comment(),
                '[' => {
                    let literal = self.delimited([']', '\r']);
                    domain.push_str(&format!("[{literal}]"));
                }
                '.' => {
                    self.at += 1;
                    domain.push('.');
                }
                '@' => return None,
                _ if ends_atom(c) => break,
                _ => domain.push_str(&self.atom(ends_atom)),
            }
        }
        Some(domain).filter(|domain| !domain.is_empty())
    }
}
