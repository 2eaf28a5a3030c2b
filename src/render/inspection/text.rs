//! What is in a distribution, for a terminal.

use pubflow_dist::StartCode;
use pubflow_dist::overview::{Installs, NativeFile, Place};
use pubflow_finding::{Finding, Severity};

use super::super::clean::clean_line;
use super::super::findings::findings_text;
use super::super::size::{count, size};
use super::super::style::Style;
use super::super::table::table;
use super::{Inspected, record_words, tree};

/// Fields of metadata that are told elsewhere on the screen, or are long.
const TOLD: [&str; 13] = [
    "name",
    "version",
    "summary",
    "description",
    "requires-dist",
    "requires-python",
    "classifier",
    "license",
    "license-expression",
    "license-file",
    "provides-extra",
    "dynamic",
    "keywords",
];

/// Everything about a distribution, the most asked for first.
pub(crate) fn inspection_text(inspected: &Inspected, all_files: bool, style: Style) -> String {
    let mut text = heading(inspected, style);
    let mut section = |title: &str, body: String| {
        if !body.is_empty() {
            text.push_str(&format!("\n{}\n{body}", style.bold(title)));
        }
    };
    let overview = inspected.overview;
    section("Metadata", metadata(inspected));
    section("Dependencies", dependencies(inspected));
    section("Entry points", entry_points(inspected));
    section("Runs at every start of Python", start_files(inspected));
    section("Native code", native(&overview.native));
    if let Some(installs) = &overview.installs {
        section("An installer will write", installed(installs));
    }
    let entries = inspected.distribution.entries();
    section(
        "Files",
        tree::tree(&overview.tree, entries, all_files, style),
    );
    let shown: Vec<&Finding> = inspected
        .findings
        .iter()
        .filter(|finding| finding.severity > Severity::Note)
        .collect();
    let path = inspected.path.display().to_string();
    section("Findings", findings_text(&path, &shown, style));
    text
}

fn heading(inspected: &Inspected, style: Style) -> String {
    let overview = inspected.overview;
    let title = clean_line(&inspected.title());
    let summary = inspected.field("Summary").map(clean_line);
    let summary = summary.map_or_else(String::new, |summary| format!(": {summary}"));
    let mut text = format!("{}{summary}\n", style.bold(&title));
    let mut rows: Vec<(&str, String)> = vec![
        ("file", inspected.filename()),
        (
            "size",
            format!(
                "{}, {} unpacked, {}",
                size(inspected.bytes),
                size(overview.tree.bytes),
                count(overview.tree.files, "file")
            ),
        ),
        ("sha256", inspected.sha256.to_string()),
    ];
    if let Some(tags) = &overview.tags {
        rows.push(("runs on", tags.in_words()));
    } else {
        rows.push(("kind", inspected.kind().to_owned()));
    }
    if let Some(requires) = inspected.field("Requires-Python") {
        rows.push(("python", requires.to_owned()));
    }
    if inspected.distribution.metadata().is_some() {
        rows.push(("licence", inspected.licence()));
    }
    if !overview.top_level.is_empty() {
        rows.push(("imports", overview.top_level.join(", ")));
    }
    if let Some(record) = &overview.record {
        rows.push(("RECORD", record_words(record)));
    }
    rows.push(("check", inspected.verdict()));
    for (name, value) in rows {
        text.push_str(&format!("  {name:<8} {}\n", clean_line(&value)));
    }
    text
}

fn metadata(inspected: &Inspected) -> String {
    let Some(metadata) = inspected.distribution.metadata() else {
        return "  none can be read\n".to_owned();
    };
    let mut rows: Vec<(String, String)> = Vec::new();
    for field in metadata.fields() {
        let is_told = TOLD.contains(&field.name.to_ascii_lowercase().as_str());
        if !is_told && !field.value.trim().is_empty() {
            rows.push((clean_line(&field.name), clean_line(field.value.trim())));
        }
    }
    let n_classifiers = metadata.all("Classifier").count();
    if n_classifiers > 0 {
        let of_python: Vec<&str> = metadata
            .all("Classifier")
            .filter_map(|classifier| {
                classifier
                    .trim()
                    .strip_prefix("Programming Language :: Python :: ")
            })
            .filter(|version| {
                version.contains('.') && version.starts_with(|c: char| c.is_ascii_digit())
            })
            .collect();
        let pythons = match of_python.is_empty() {
            true => String::new(),
            false => format!(", for Python {}", of_python.join(", ")),
        };
        rows.push((
            "Classifier".to_owned(),
            format!("{n_classifiers}{}", clean_line(&pythons)),
        ));
    }
    if let Some(description) = metadata.description() {
        rows.push(("Description".to_owned(), size(description.len() as u64)));
    }
    rows.into_iter()
        .map(|(name, value)| format!("  {name}: {value}\n"))
        .collect()
}

fn dependencies(inspected: &Inspected) -> String {
    let Some(metadata) = inspected.distribution.metadata() else {
        return String::new();
    };
    metadata
        .all("Requires-Dist")
        .map(|requirement| format!("  {}\n", clean_line(requirement.trim())))
        .collect()
}

fn entry_points(inspected: &Inspected) -> String {
    let mut text = String::new();
    let mut group = "";
    for point in &inspected.overview.entry_points {
        if point.group != group {
            group = &point.group;
            text.push_str(&format!("  {}\n", clean_line(group)));
        }
        let (name, object) = (clean_line(&point.name), clean_line(&point.value));
        text.push_str(&format!("    {name} = {object}\n"));
    }
    text
}

fn start_files(inspected: &Inspected) -> String {
    let mut text = String::new();
    for file in &inspected.overview.start_files {
        let path = clean_line(&file.path);
        match &file.runs {
            StartCode::Nothing => text.push_str(&format!("  {path}: adds to the search path\n")),
            StartCode::Module => text.push_str(&format!("  {path}: the whole module\n")),
            StartCode::Unread => text.push_str(&format!("  {path}: could not be read\n")),
            StartCode::Lines(lines) => {
                for line in lines {
                    text.push_str(&format!("  {path}: {}\n", clean_line(line)));
                }
            }
        }
    }
    text
}

fn native(files: &[NativeFile]) -> String {
    if files.is_empty() {
        return String::new();
    }
    let mut largest_first: Vec<&NativeFile> = files.iter().collect();
    largest_first.sort_by_key(|file| std::cmp::Reverse(file.bytes));
    let rows: Vec<Vec<String>> = largest_first
        .into_iter()
        .map(|file| {
            vec![
                format!("  {:>9}", size(file.bytes)),
                native_words(file),
                clean_line(&file.path),
            ]
        })
        .collect();
    let mut text = table(&["       size", "for", "path"], &rows);
    let needs: std::collections::BTreeSet<&str> = files
        .iter()
        .flat_map(|file| &file.needs)
        .map(String::as_str)
        .collect();
    if !needs.is_empty() {
        let needs: Vec<&str> = needs.into_iter().collect();
        text.push_str(&format!("  they load {}\n", clean_line(&needs.join(", "))));
    }
    text
}

/// Format, processors and the oldest system, in one cell.
pub(super) fn native_words(file: &NativeFile) -> String {
    let mut words = file.format.unwrap_or("by name").to_owned();
    if !file.architectures.is_empty() {
        words.push_str(&format!(" {}", file.architectures.join("+")));
    }
    if let Some((major, minor)) = file.glibc {
        words.push_str(&format!(", glibc {major}.{minor}+"));
    }
    if let Some((major, minor)) = file.macos {
        words.push_str(&format!(", macOS {major}.{minor}+"));
    }
    words
}

fn installed(installs: &Installs) -> String {
    let mut text = String::new();
    let mut places = |title: &str, places: &[Place]| {
        if places.is_empty() {
            return;
        }
        text.push_str(&format!("  {title}\n"));
        for place in places {
            let files = match place.path.ends_with('/') {
                true => format!("  {}", count(place.files, "file")),
                false => String::new(),
            };
            let path = clean_line(&place.path);
            text.push_str(&format!("  {:>9}  {path}{files}\n", size(place.bytes)));
        }
    };
    let packages = match installs.is_purelib {
        Some(false) => "site-packages, for this platform",
        _ => "site-packages",
    };
    places(packages, &installs.site_packages);
    places("the environment's own directory", &installs.data);
    places("headers", &installs.headers);
    places(
        "unknown places: installers refuse the wheel",
        &installs.unknown,
    );
    if !installs.scripts.is_empty() {
        text.push_str("  commands\n");
        for script in &installs.scripts {
            let (name, from) = (clean_line(&script.name), clean_line(&script.from));
            text.push_str(&format!("             {name}  from {from}\n"));
        }
    }
    text
}
