//! The members of a distribution as lines of text: a size, a digest, a path.

use pubflow_dist::overview::Directory;
use pubflow_dist::{Entry, EntryKind};

use super::super::clean::clean_line;
use super::super::size::{count, size};
use super::super::style::Style;

/// Up to so many files every one is shown without being asked for.
const FEW: usize = 40;
/// Otherwise directories down to this depth are.
const DEPTH: usize = 2;
/// And so many of the largest files.
const LARGEST: usize = 10;
/// Digits of a digest that tell files apart; `--format json` has them all.
const DIGITS: usize = 12;

/// The whole tree where it is small or asked for; else its directories and the largest files.
pub(super) fn tree(root: &Directory, entries: &[Entry], all: bool, style: Style) -> String {
    let is_whole = all || root.files <= FEW;
    let mut lines = Lines {
        entries,
        depth: if is_whole { usize::MAX } else { DEPTH },
        with_files: is_whole,
        text: String::new(),
        style,
    };
    lines.directory(root, 0);
    let mut text = lines.text;
    if !is_whole {
        let mut files: Vec<&Entry> = entries.iter().filter(|entry| entry.is_file()).collect();
        files.sort_by(|a, b| b.size.cmp(&a.size).then(a.path.cmp(&b.path)));
        text.push_str(&format!("\n{}\n", style.bold("Largest files")));
        for entry in files.iter().take(LARGEST) {
            text.push_str(&line(entry, entry.path.as_str(), 0, style));
        }
        text.push_str(&format!(
            "  {}\n",
            style.dim(&format!("--files lists all {}", count(files.len(), "file")))
        ));
    }
    text
}

struct Lines<'a> {
    entries: &'a [Entry],
    depth: usize,
    with_files: bool,
    text: String,
    style: Style,
}

impl Lines<'_> {
    fn directory(&mut self, directory: &Directory, depth: usize) {
        if depth >= self.depth {
            return;
        }
        for (name, below) in &directory.directories {
            let told = format!(
                "{:>9}  {:<DIGITS$}  {}{}/  {}\n",
                size(below.bytes),
                "",
                "  ".repeat(depth),
                clean_line(name),
                self.style.dim(&count(below.files, "file"))
            );
            self.text.push_str(&told);
            self.directory(below, depth + 1);
        }
        if !self.with_files {
            return;
        }
        for (name, place) in &directory.members {
            if let Some(entry) = self.entries.get(*place) {
                self.text.push_str(&line(entry, name, depth, self.style));
            }
        }
    }
}

fn line(entry: &Entry, name: &str, depth: usize, style: Style) -> String {
    let digest: String = match entry.sha256 {
        Some(sha256) => sha256.to_string().chars().take(DIGITS).collect(),
        None => String::new(),
    };
    let kind = kind_words(&entry.kind);
    let kind = kind.map_or_else(String::new, |kind| format!("  {}", style.yellow(&kind)));
    let is_executable = entry.is_file() && entry.has_mode && entry.mode & 0o111 != 0;
    let mark = if is_executable { "*" } else { "" };
    format!(
        "{:>9}  {}  {}{}{mark}{kind}\n",
        size(entry.size),
        style.dim(&format!("{digest:<DIGITS$}")),
        "  ".repeat(depth),
        clean_line(name),
    )
}

/// What a member is, unless it is a file or a directory.
pub(super) fn kind_words(kind: &EntryKind) -> Option<String> {
    Some(match kind {
        EntryKind::File | EntryKind::Directory => return None,
        EntryKind::Symlink(target) => format!("-> {}", clean_line(target)),
        EntryKind::HardLink(target) => format!("= {}", clean_line(target)),
        EntryKind::Device => "device".to_owned(),
        EntryKind::Fifo => "named pipe".to_owned(),
        EntryKind::Unknown(flag) => format!("unknown kind {flag}"),
    })
}
