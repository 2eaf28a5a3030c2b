//! What changed, for a terminal.

use pubflow_dist::comparison::{Comparison, TextChange};

use super::super::clean::{clean, clean_line};
use super::super::size::count;
use super::super::style::Style;
use super::sections::{Section, Sign, release_section, sections, verdict};
use super::{Compared, ReleaseFiles};

/// Everything that differs.
pub(crate) fn comparison_text(compared: &Compared, style: Style) -> String {
    let mut text = String::new();
    if let Some(releases) = &compared.releases {
        text.push_str(&release_text(releases, style));
    }
    for comparison in &compared.comparisons {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&one(comparison, compared.with_lines, style));
    }
    text
}

fn release_text(releases: &ReleaseFiles, style: Style) -> String {
    let (old, new) = (clean_line(&releases.old), clean_line(&releases.new));
    let mut text = format!("{}\n", style.bold(&format!("{old} -> {new}")));
    text.push_str(&format!(
        "{} of the same kind in both\n",
        count(releases.n_common, "file")
    ));
    if !releases.is_same() {
        text.push_str(&section_text(&release_section(releases), style));
    }
    text
}

fn one(comparison: &Comparison, with_lines: bool, style: Style) -> String {
    let (old, new) = (&comparison.old.filename, &comparison.new.filename);
    let (old, new) = (clean_line(old), clean_line(new));
    let heading = match old == new {
        true => old,
        false => format!("{old} -> {new}"),
    };
    let mut text = format!("{}\n{}\n", style.bold(&heading), verdict(comparison));
    for section in sections(comparison) {
        text.push_str(&section_text(&section, style));
    }
    if with_lines {
        text.push_str(&hunks(comparison, style));
    }
    text
}

fn section_text(section: &Section, style: Style) -> String {
    let mut text = format!("\n{}\n", style.bold(section.title));
    for line in &section.lines {
        let told = clean_line(&line.text);
        text.push_str(&match line.sign {
            Sign::Added => format!("  {}\n", style.green(&format!("+ {told}"))),
            Sign::Removed => format!("  {}\n", style.red(&format!("- {told}"))),
            Sign::Changed => format!("  ~ {told}\n"),
        });
    }
    text
}

/// The changed lines of the description and of every text.
fn hunks(comparison: &Comparison, style: Style) -> String {
    let mut text = String::new();
    let descriptions = comparison.fields.iter().filter_map(|field| {
        let hunks = field.unified.as_deref()?;
        Some((field.field, field.field, hunks))
    });
    let files = comparison.files.changed.iter().filter_map(|file| {
        let TextChange::Unified(hunks) = &file.text else {
            return None;
        };
        Some((
            file.old.member.as_str(),
            file.new.member.as_str(),
            hunks.as_str(),
        ))
    });
    for (old, new, hunks) in descriptions
        .chain(files)
        .filter(|(.., hunks)| !hunks.is_empty())
    {
        let names = format!("--- {}\n+++ {}", clean_line(old), clean_line(new));
        text.push_str(&format!("\n{}\n", style.bold(&names)));
        for line in hunks.split_inclusive('\n') {
            let line = clean(line.trim_end_matches(['\n', '\r']));
            text.push_str(&match line.as_bytes().first() {
                Some(b'+') => style.green(&line),
                Some(b'-') => style.red(&line),
                Some(b'@') => style.dim(&line),
                _ => line.into_owned(),
            });
            text.push('\n');
        }
    }
    text
}
