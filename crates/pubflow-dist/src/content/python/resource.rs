//! Files beside the source that it opens: names that stand in the text as literals.
//!
//! Known are the ways that the documentation of Python and of setuptools tells: `importlib.resources`,
//! `pkgutil.get_data`, `pkg_resources`, and paths made from `__file__`. A name that is put together
//! at run time is not known, and a file that is written or asked for is not missed.

use super::lexer::{Kind, Token};

/// A file or directory that a source opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// Line, from 1.
    pub line: usize,
    /// The package that it lies in, dotted; `None` for the directory of the source.
    pub package: Option<String>,
    /// Its path from there.
    pub path: String,
}

/// Functions that take a package and a name.
const OF_PACKAGE: &[&str] = &[
    "get_data",
    "open_binary",
    "open_text",
    "read_binary",
    "read_text",
    "resource_filename",
    "resource_stream",
    "resource_string",
];

/// Words in whose company a path made from `__file__` is read.
const READING: &[&str] = &[
    "get_template",
    "load",
    "loads",
    "open",
    "read",
    "read_bytes",
    "read_csv",
    "read_text",
    "safe_load",
];

/// Words that ask whether something is there, or make it.
const ASKING: &[&str] = &[
    "exists",
    "glob",
    "is_dir",
    "is_file",
    "is_resource",
    "isdir",
    "isfile",
    "makedirs",
    "mkdir",
    "save",
    "write",
    "write_bytes",
    "write_text",
];

/// What the line opens, if it does nothing else with it.
pub(super) fn resources(tokens: &[Token<'_>]) -> Vec<Resource> {
    if is_asked(tokens) {
        return Vec::new();
    }
    let is_read = has_word(tokens, READING);
    let mut found = Vec::new();
    for at in 0..tokens.len() {
        let rest = &tokens[at..];
        let resource = of_package(rest)
            .or_else(|| of_files(rest))
            .or_else(|| of_loader(rest))
            .or_else(|| beside_file(rest).filter(|_| is_read));
        if let Some((package, path)) = resource.filter(|(_, path)| is_plain(path)) {
            found.push(Resource {
                line: tokens[at].line,
                package,
                path,
            });
        }
    }
    found
}

/// A file that a script opens, counted from the directory that it runs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// Line, from 1.
    pub line: usize,
    /// Its path.
    pub path: String,
    /// Whether it is opened whenever the script runs: outside of functions and conditions, and not
    /// asked for or written.
    pub is_certain: bool,
}

/// Files that the line opens by their names: `open("name")` and `Path("name")`.
pub(super) fn opened(tokens: &[Token<'_>], is_inside: bool) -> Vec<Opened> {
    let is_certain = !is_inside && !is_asked(tokens) && has_word(tokens, READING);
    let open = tokens.windows(4).filter_map(|four| {
        let [function, open, name, end] = four else {
            return None;
        };
        let is_call = matches!(function.text, "open" | "Path")
            && open.is("(")
            && (end.is(",") || end.is(")"));
        let path = literal(name).filter(|path| is_call && is_plain(path))?;
        Some(Opened {
            line: name.line,
            path: path.to_owned(),
            is_certain,
        })
    });
    open.collect()
}

/// Whether the line asks whether something is there, or writes it.
fn is_asked(tokens: &[Token<'_>]) -> bool {
    let is_mode = |mode: &str| {
        mode.len() <= 3
            && mode.contains(['w', 'a', 'x'])
            && mode
                .chars()
                .all(|c| matches!(c, 'w' | 'a' | 'x' | 'b' | 't' | '+'))
    };
    let is_written = tokens
        .windows(2)
        .any(|pair| (pair[0].is(",") || pair[0].is("=")) && literal(&pair[1]).is_some_and(is_mode));
    let is_question = matches!(tokens[0].text, "if" | "elif" | "while" | "assert");
    is_question || is_written || has_word(tokens, ASKING)
}

fn has_word(tokens: &[Token<'_>], words: &[&str]) -> bool {
    let mut names = tokens.iter().filter(|token| token.kind == Kind::Name);
    names.any(|token| words.contains(&token.text))
}

type Found = Option<(Option<String>, String)>;

/// `get_data("package", "name")`.
fn of_package(tokens: &[Token<'_>]) -> Found {
    let [function, open, package, comma, name, end, ..] = tokens else {
        return None;
    };
    let fits = OF_PACKAGE.contains(&function.text)
        && open.is("(")
        && comma.is(",")
        && (end.is(")") || end.is(","));
    let package = package_of(package).filter(|_| fits)?;
    Some((package, literal(name)?.to_owned()))
}

/// `files("package") / "name"` and `files("package").joinpath("name")`.
fn of_files(tokens: &[Token<'_>]) -> Found {
    let [function, open, package, close, rest @ ..] = tokens else {
        return None;
    };
    let fits = function.is("files") && open.is("(") && close.is(")");
    let package = package_of(package).filter(|_| fits)?;
    let path = match rest {
        [dot, method, open, rest @ ..] if dot.is(".") && method.is("joinpath") && open.is("(") => {
            arguments(rest)?
        }
        _ => divided(rest)?,
    };
    Some((package, path))
}

/// `PackageLoader("package", "templates")`.
fn of_loader(tokens: &[Token<'_>]) -> Found {
    let [function, open, package, next, rest @ ..] = tokens else {
        return None;
    };
    if !(function.is("PackageLoader") && open.is("(")) {
        return None;
    }
    let package = package_of(package)?;
    if next.is(")") {
        return Some((package, "templates".to_owned()));
    }
    let directory = rest.first().filter(|_| next.is(","))?;
    Some((package, literal(directory)?.to_owned()))
}

/// `join(dirname(__file__), "name")` and `Path(__file__).parent / "name"`.
fn beside_file(tokens: &[Token<'_>]) -> Found {
    let at = tokens
        .iter()
        .take(20)
        .position(|token| token.is("__file__"))?;
    let (before, after) = (&tokens[..at], &tokens[at + 1..]);
    let is_word = |token: &Token<'_>| {
        matches!(
            token.text,
            "os" | "path" | "." | "(" | "dirname" | "abspath" | "realpath" | "pathlib" | "Path"
        )
    };
    let first = before.first()?;
    let rest = before.get(1..)?;
    if !rest.iter().all(is_word) {
        return None;
    }
    let n_directories = rest.iter().filter(|token| token.is("dirname")).count();
    if first.is("join") && n_directories == 1 {
        let closing = after.iter().take_while(|token| token.is(")")).count();
        let comma = after.get(closing)?;
        let path = arguments(after.get(closing + 1..)?).filter(|_| comma.is(","))?;
        return Some((None, path));
    }
    // `[before] Path ( __file__ ) . resolve ( ) . parent / "name"`
    if !(first.is("Path") && rest.len() == 1) {
        return None;
    }
    let (close, mut after) = after.split_first()?;
    if !close.is(")") {
        return None;
    }
    loop {
        match after {
            [dot, word, open, close, rest @ ..]
                if dot.is(".")
                    && matches!(word.text, "resolve" | "absolute")
                    && open.is("(")
                    && close.is(")") =>
            {
                after = rest;
            }
            [dot, word, rest @ ..] if dot.is(".") && word.is("parent") => {
                return Some((None, divided(rest)?));
            }
            _ => return None,
        }
    }
}

/// The package that an argument names: `Some(None)` for that of the source.
fn package_of(token: &Token<'_>) -> Option<Option<String>> {
    if token.is("__name__") || token.is("__package__") {
        return Some(None);
    }
    literal(token).map(|package| Some(package.to_owned()))
}

/// `/ "a" / "b"`, up to something else.
fn divided(tokens: &[Token<'_>]) -> Option<String> {
    let mut parts = Vec::new();
    for pair in tokens.chunks(2) {
        match pair {
            [slash, name] if slash.is("/") => parts.push(literal(name)?),
            _ => break,
        }
    }
    (!parts.is_empty()).then(|| parts.join("/"))
}

/// `"a", "b")`, all of them literals.
fn arguments(tokens: &[Token<'_>]) -> Option<String> {
    let mut parts = Vec::new();
    for pair in tokens.chunks(2) {
        let [name, next] = pair else { return None };
        parts.push(literal(name)?);
        if next.is(")") {
            return Some(parts.join("/"));
        }
        if !next.is(",") {
            return None;
        }
    }
    None
}

/// The text of a plain string.
fn literal<'a>(token: &Token<'a>) -> Option<&'a str> {
    let text = (token.kind == Kind::Text).then_some(token.text)?;
    let text = text.strip_prefix(['r', 'R']).unwrap_or(text);
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let inner = text.strip_prefix(quote)?.strip_suffix(quote)?;
    (!inner.contains([quote, '\\', '\n'])).then_some(inner)
}

/// Whether the path leads to one certain place below the directory.
fn is_plain(path: &str) -> bool {
    let is_name = |part: &str| {
        !matches!(part, "" | "." | "..") && !part.contains(['*', '?', '{', '}', '%', '[', ':', '<'])
    };
    path.split('/').all(is_name)
}
