//! Words such as TODO and FIXME in the files that are tracked: each word is a rule, each place a
//! finding.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use pubflow_forge::git;
use pubflow_process::Inherited;

use super::report::{Measured, RuleCount, RuleCounts, shown};

/// Larger files are data.
const FILE_BYTES: u64 = 4 * 1024 * 1024;

/// Counts `words` in the tracked files below `project`; in all files where there is no git. Blocks.
pub(super) fn measure(
    project: &Path,
    words: &[String],
    inherited: &Inherited,
) -> Result<Measured, super::SourceError> {
    let files = match git::tracked(project, inherited)? {
        Some(files) => files,
        None => super::source::all_files(project)?,
    };
    let mut counts = RuleCounts::new();
    for file in files {
        if let Some(text) = read_text(&project.join(&file)) {
            count(&file, &text, words, &mut counts);
        }
    }
    Ok(Measured::Findings(counts))
}

/// The text of a file that people write; links, binary files and what is gone have none.
fn read_text(path: &Path) -> Option<String> {
    let kind = fs::symlink_metadata(path).ok()?;
    if !kind.is_file() || kind.len() > FILE_BYTES {
        return None;
    }
    let mut bytes = Vec::new();
    let file = fs::File::open(path).ok()?;
    file.take(FILE_BYTES).read_to_end(&mut bytes).ok()?;
    if bytes.contains(&0) {
        return None;
    }
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

fn count(file: &Path, text: &str, words: &[String], counts: &mut RuleCounts) {
    for (n, line) in text.lines().enumerate() {
        for word in words {
            let found = occurrences(line, word);
            if found == 0 {
                continue;
            }
            let count = counts.entry(word.clone()).or_insert_with(|| RuleCount {
                first: shown(&format!(
                    "{}:{} {}",
                    PathBuf::from(file).display(),
                    n + 1,
                    line.trim()
                )),
                ..RuleCount::default()
            });
            count.errors += found;
        }
    }
}

/// How often a word stands in a line by itself, not as a part of a longer one.
fn occurrences(line: &str, word: &str) -> u64 {
    if word.is_empty() {
        return 0;
    }
    let is_part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let found = line.match_indices(word).filter(|(at, _)| {
        let before = line[..*at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        !is_part(before) && !is_part(after)
    });
    found.count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_words_of_texts_count() {
        let dir = tempfile::tempdir().unwrap();
        let project = dir.path().join("demo");
        fs::create_dir(&project).unwrap();
        fs::write(
            project.join("a.py"),
            "# TODO: x, TODO(y)\n# TODOS\nMY_TODO = 1\n",
        )
        .unwrap();
        fs::write(project.join("b.bin"), b"\0TODO").unwrap();
        let inherited = Inherited::capture().with("GIT_CEILING_DIRECTORIES", dir.path());
        let words = ["TODO".to_owned(), "FIXME".to_owned()];
        let Measured::Findings(counts) = measure(&project, &words, &inherited).unwrap() else {
            panic!("words are findings");
        };
        assert_eq!(counts.len(), 1);
        assert_eq!(counts["TODO"].errors, 2);
        assert_eq!(counts["TODO"].first, "a.py:1 # TODO: x, TODO(y)");
    }
}
