//! What changed, for a comment on a change or a job summary.

use pubflow_dist::comparison::{Comparison, TextChange};

use super::super::clean::clean_line;
use super::Compared;
use super::sections::{Section, Sign, release_section, sections, verdict};

/// Longer diffs than this make comments that forges refuse.
const MOST_BYTES: usize = 40_000;

/// Everything that differs.
pub(crate) fn comparison_markdown(compared: &Compared) -> String {
    let mut text = format!(
        "## pubflow diff: {} → {}\n",
        code(&compared.old),
        code(&compared.new)
    );
    if let Some(releases) = compared.releases.as_ref().filter(|files| !files.is_same()) {
        text.push_str(&section_text(&release_section(releases)));
    }
    for comparison in &compared.comparisons {
        text.push_str(&one(comparison, compared.with_lines));
    }
    text
}

fn one(comparison: &Comparison, with_lines: bool) -> String {
    let mut text = format!(
        "\n### {} → {}\n\n{}\n",
        code(&comparison.old.filename),
        code(&comparison.new.filename),
        sentence(&verdict(comparison))
    );
    for section in sections(comparison) {
        text.push_str(&section_text(&section));
    }
    if with_lines {
        text.push_str(&hunks(comparison));
    }
    text
}

fn sentence(words: &str) -> String {
    let mut chars = words.chars();
    let first = chars
        .next()
        .map(|c| c.to_uppercase().to_string())
        .unwrap_or_default();
    format!("{first}{}.", chars.as_str().replace('\n', ". "))
}

fn section_text(section: &Section) -> String {
    let mut text = format!("\n#### {}\n\n", section.title);
    for line in &section.lines {
        let sign = match line.sign {
            Sign::Added => "added",
            Sign::Removed => "removed",
            Sign::Changed => "changed",
        };
        text.push_str(&format!("- {sign} {}\n", code(&line.text)));
    }
    text
}

/// A text as code, whatever it holds: the fence is longer than every run of backticks in it.
fn code(text: &str) -> String {
    let text = clean_line(text);
    let fence = "`".repeat(longest_run(&text) + 1);
    let blank = if text.starts_with('`') || text.ends_with('`') {
        " "
    } else {
        ""
    };
    format!("{fence}{blank}{text}{blank}{fence}")
}

fn longest_run(text: &str) -> usize {
    let mut longest = 0;
    let mut run = 0;
    for c in text.chars() {
        run = if c == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

fn hunks(comparison: &Comparison) -> String {
    let mut diff = String::new();
    let mut n_left_out = 0;
    for file in &comparison.files.changed {
        let TextChange::Unified(hunks) = &file.text else {
            continue;
        };
        if diff.len() + hunks.len() > MOST_BYTES {
            n_left_out += 1;
            continue;
        }
        let (old, new) = (clean_line(&file.old.member), clean_line(&file.new.member));
        diff.push_str(&format!("--- {old}\n+++ {new}\n"));
        for line in hunks.lines() {
            diff.push_str(&clean_line(line));
            diff.push('\n');
        }
    }
    let mut text = String::new();
    if !diff.is_empty() {
        let fence = "`".repeat(longest_run(&diff).max(2) + 1);
        text.push_str(&format!(
            "\n<details><summary>Changed lines</summary>\n\n{fence}diff\n{diff}{fence}\n\n</details>\n"
        ));
    }
    if n_left_out > 0 {
        text.push_str(&format!(
            "\nThe lines of {n_left_out} more files are left out: `pubflow diff` without `--format` has them.\n"
        ));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_stays_code() {
        assert_eq!(code("a"), "`a`");
        assert_eq!(code("a`b``c"), "```a`b``c```");
        assert_eq!(code("`x"), "`` `x ``");
        assert_eq!(code("a\nb"), "`a b`");
    }
}
