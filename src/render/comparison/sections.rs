//! What changed, as sections of short lines that text and Markdown share.

use pubflow_dist::comparison::{
    ChangedFile, Comparison, FileSide, Names, RequirementChange, Side, TextChange,
};

use super::super::size::{count, size};
use super::ReleaseFiles;

/// Whether something came, went or changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    Added,
    Removed,
    Changed,
}

/// One line of a section; its text is not cleaned.
pub(super) struct Line {
    pub(super) sign: Sign,
    pub(super) text: String,
}

/// Lines under a heading.
pub(super) struct Section {
    pub(super) title: &'static str,
    pub(super) lines: Vec<Line>,
}

fn line(sign: Sign, text: impl Into<String>) -> Line {
    let text = text.into();
    Line { sign, text }
}

fn of_names(names: &Names) -> Vec<Line> {
    let removed = names.removed.iter().map(|name| line(Sign::Removed, name));
    let added = names.added.iter().map(|name| line(Sign::Added, name));
    removed.chain(added).collect()
}

/// Every section that has something to tell, the weightiest first.
pub(super) fn sections(comparison: &Comparison) -> Vec<Section> {
    let all = [
        ("New and to be looked at", news(comparison)),
        ("Found in the archives", of_names(&comparison.problems)),
        ("Metadata", fields(comparison)),
        ("Dependencies", dependencies(comparison)),
        ("Build system", build_system(comparison)),
        ("Entry points", entry_points(comparison)),
        ("Compatibility tags", of_names(&comparison.tags)),
        ("Top-level names", of_names(&comparison.top_level)),
        ("Native code", of_names(&comparison.native)),
        ("Size", sizes(&comparison.old, &comparison.new)),
        ("Files", files(comparison)),
    ];
    all.into_iter()
        .filter(|(_, lines)| !lines.is_empty())
        .map(|(title, lines)| Section { title, lines })
        .collect()
}

/// The lists of files of two releases.
pub(super) fn release_section(releases: &ReleaseFiles) -> Section {
    let removed = releases
        .removed
        .iter()
        .map(|name| line(Sign::Removed, name));
    let added = releases.added.iter().map(|name| line(Sign::Added, name));
    Section {
        title: "Files of the releases",
        lines: removed.chain(added).collect(),
    }
}

fn news(comparison: &Comparison) -> Vec<Line> {
    let gone = comparison.removed_start_files.iter().map(|path| {
        line(
            Sign::Removed,
            format!("file read at every start of Python: {path}"),
        )
    });
    comparison
        .news()
        .into_iter()
        .map(|news| {
            line(
                Sign::Added,
                format!("{}: {}", news.kind.as_str(), news.what),
            )
        })
        .chain(gone)
        .collect()
}

fn fields(comparison: &Comparison) -> Vec<Line> {
    let mut lines = Vec::new();
    for change in &comparison.fields {
        let field = change.field;
        match (
            change.old.as_slice(),
            change.new.as_slice(),
            &change.unified,
        ) {
            (.., Some(_)) => lines.push(line(Sign::Changed, field)),
            ([old], [new], None) => {
                lines.push(line(Sign::Changed, format!("{field}: {old} -> {new}")));
            }
            (old, new, None) => {
                let told = |sign| move |value: &String| line(sign, format!("{field}: {value}"));
                lines.extend(old.iter().map(told(Sign::Removed)));
                lines.extend(new.iter().map(told(Sign::Added)));
            }
        }
    }
    lines
}

fn dependencies(comparison: &Comparison) -> Vec<Line> {
    let dependencies = &comparison.dependencies;
    let changed = dependencies.changed.iter();
    let changed = changed
        .map(|RequirementChange { old, new }| line(Sign::Changed, format!("{old} -> {new}")));
    let removed = dependencies
        .removed
        .iter()
        .map(|text| line(Sign::Removed, text));
    let added = dependencies
        .added
        .iter()
        .map(|text| line(Sign::Added, text));
    removed.chain(added).chain(changed).collect()
}

fn build_system(comparison: &Comparison) -> Vec<Line> {
    let change = &comparison.build_system;
    let mut lines: Vec<Line> = of_names(&change.requires);
    if let Some((old, new)) = &change.backend {
        lines.push(line(
            Sign::Changed,
            format!("build-backend: {old} -> {new}"),
        ));
    }
    lines
}

fn entry_points(comparison: &Comparison) -> Vec<Line> {
    let points = comparison.entry_points.iter();
    points
        .map(|point| {
            let name = format!("{}: {}", point.group, point.name);
            match (&point.old, &point.new) {
                (Some(old), Some(new)) => line(Sign::Changed, format!("{name} = {old} -> {new}")),
                (Some(old), None) => line(Sign::Removed, format!("{name} = {old}")),
                (None, Some(new)) => line(Sign::Added, format!("{name} = {new}")),
                (None, None) => line(Sign::Changed, name),
            }
        })
        .collect()
}

fn sizes(old: &Side, new: &Side) -> Vec<Line> {
    let told = |side: &Side| {
        format!(
            "{}, {} unpacked, {}",
            size(side.bytes),
            size(side.unpacked_bytes),
            count(side.files, "file")
        )
    };
    let (before, now) = (told(old), told(new));
    if before == now {
        return Vec::new();
    }
    vec![line(Sign::Changed, format!("{before} -> {now}"))]
}

fn files(comparison: &Comparison) -> Vec<Line> {
    let files = &comparison.files;
    let told = |file: &FileSide| format!("{}  {}", file.path, size(file.bytes));
    let removed = files
        .removed
        .iter()
        .map(|file| line(Sign::Removed, told(file)));
    let added = files.added.iter().map(|file| line(Sign::Added, told(file)));
    let moved = files.moved.iter().map(|moved| {
        let text = format!("{} -> {}  moved", moved.from.path, moved.to.path);
        line(Sign::Changed, text)
    });
    let changed = files
        .changed
        .iter()
        .map(|file| line(Sign::Changed, changed(file)));
    removed.chain(added).chain(moved).chain(changed).collect()
}

/// A changed file with what is known of the change.
fn changed(file: &ChangedFile) -> String {
    let path = &file.new.path;
    let sizes = || {
        let digest = |side: &FileSide| {
            let digest = side.sha256.map(|sha256| sha256.to_string());
            digest.map_or("?".to_owned(), |digest| digest.chars().take(12).collect())
        };
        format!(
            "{} {} -> {} {}",
            size(file.old.bytes),
            digest(&file.old),
            size(file.new.bytes),
            digest(&file.new)
        )
    };
    let words = match &file.text {
        TextChange::Unified(hunks) => {
            let starting = |sign: char| hunks.lines().filter(|line| line.starts_with(sign)).count();
            format!("+{} -{}", starting('+'), starting('-'))
        }
        TextChange::Binary => format!("no text, {}", sizes()),
        TextChange::Large => format!("too large to compare by lines, {}", sizes()),
        TextChange::Mode => {
            let mode = |side: &FileSide| {
                side.mode
                    .map_or("?".to_owned(), |mode| format!("{mode:04o}"))
            };
            format!("mode {} -> {}", mode(&file.old), mode(&file.new))
        }
        TextChange::Kind => "another kind of member".to_owned(),
        TextChange::Fields => "see Metadata and Dependencies".to_owned(),
        TextChange::Follows => "follows from the other files".to_owned(),
        TextChange::Unread => format!("cannot be read, {}", sizes()),
    };
    format!("{path}  {words}")
}

/// What was compared, and how it came out, in a sentence.
pub(super) fn verdict(comparison: &Comparison) -> String {
    let files = &comparison.files;
    let mut words = if comparison.is_same() {
        format!("the same content: {}", count(files.same, "file"))
    } else {
        format!(
            "{} added, {} removed, {} moved, {} changed, {} the same",
            files.added.len(),
            files.removed.len(),
            files.moved.len(),
            files.changed.len(),
            files.same
        )
    };
    if comparison.is_across_kinds() {
        words.push_str(&format!(
            "\nan sdist and a wheel hold different things: compared are the metadata and the files that \
             the wheel has; {} of the sdist alone left out",
            count(files.not_compared, "file")
        ));
    }
    words
}
