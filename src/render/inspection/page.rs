//! What is in a distribution, as one page for a browser: no scripts, nothing fetched, light and dark
//! as the reader has it. Names and texts of the archive are escaped, whatever they hold.

use pubflow_dist::overview::{Directory, Place};
use pubflow_dist::{Entry, StartCode};
use pubflow_finding::Finding;

use super::super::html::escape;
use super::super::size::{count, size};
use super::text::native_words;
use super::tree::kind_words;
use super::{Inspected, record_words};

const STYLE: &str = include_str!("page.css");
/// More files than these are told by their directories only; a browser shows no more in comfort.
const MOST_FILES: usize = 5000;
/// Directories that stand open at first take at least this share of their distribution, in percent.
const OPEN_PERCENT: u64 = 25;
const OPEN_DEPTH: usize = 1;

/// The whole page.
pub(crate) fn inspection_page(inspected: &Inspected) -> String {
    let mut body = format!("<h1>{}</h1>\n", escape(&inspected.title()));
    let summary = inspected.field("Summary").unwrap_or_default();
    body.push_str(&format!("<p class=\"summary\">{}</p>\n", escape(summary)));
    body.push_str(&facts(inspected));
    let mut section = |title: &str, content: String| {
        if !content.is_empty() {
            body.push_str(&format!("<h2>{title}</h2>\n{content}"));
        }
    };
    section("Findings", findings(inspected.findings));
    section("Sizes by directory", tree(inspected));
    section("Native code", native(inspected));
    section("An installer will write", installed(inspected));
    section("Runs at every start of Python", start_files(inspected));
    section("Entry points", entry_points(inspected));
    section("Metadata", metadata(inspected));
    let title = escape(&inspected.filename());
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n{body}\
         <footer>Written by pubflow {} from <code>{title}</code>.</footer>\n</body>\n</html>\n",
        env!("CARGO_PKG_VERSION"),
    )
}

fn facts(inspected: &Inspected) -> String {
    let overview = inspected.overview;
    let code = |text: &str| format!("<code>{}</code>", escape(text));
    let mut rows = vec![
        ("File", code(&inspected.filename())),
        ("Kind", escape(inspected.kind())),
        (
            "Size",
            format!(
                "{}, {} unpacked, {}",
                size(inspected.bytes),
                size(overview.tree.bytes),
                count(overview.tree.files, "file")
            ),
        ),
        ("SHA-256", code(&inspected.sha256.to_string())),
    ];
    if let Some(tags) = &overview.tags {
        let words = escape(&tags.in_words());
        rows.push(("Runs on", format!("{words}<br>{}", code(&tags.to_string()))));
    }
    if let Some(requires) = inspected.field("Requires-Python") {
        rows.push(("Python", code(requires)));
    }
    if inspected.distribution.metadata().is_some() {
        rows.push(("Licence", escape(&inspected.licence())));
    }
    if !overview.top_level.is_empty() {
        rows.push(("Imports", code(&overview.top_level.join(", "))));
    }
    if let Some(record) = &overview.record {
        let class = if record.is_whole() { "good" } else { "bad" };
        let words = escape(&record_words(record));
        rows.push(("RECORD", format!("<span class=\"{class}\">{words}</span>")));
    }
    let class = match inspected.findings.is_empty() {
        true => "good",
        false => "warn",
    };
    rows.push((
        "Check",
        format!("<span class=\"{class}\">{}</span>", inspected.verdict()),
    ));
    let rows: String = rows
        .into_iter()
        .map(|(name, value)| format!("<dt>{name}</dt><dd>{value}</dd>\n"))
        .collect();
    format!("<dl class=\"facts\">\n{rows}</dl>\n")
}

fn findings(findings: &[Finding]) -> String {
    let mut text = String::new();
    let mut gravest_first: Vec<&Finding> = findings.iter().collect();
    gravest_first.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    for finding in gravest_first {
        let line = |class: &str, words: &Option<String>| {
            words.as_ref().map_or_else(String::new, |words| {
                format!("<p class=\"{class}\">{}</p>", with_code(words))
            })
        };
        text.push_str(&format!(
            "<div class=\"finding {}\"><p><strong>{} {}</strong> {}</p>{}{}{}</div>\n",
            finding.severity,
            finding.severity,
            finding.rule.code,
            with_code(&finding.message),
            line("mono", &place(finding)),
            line("why", &finding.why),
            line("next", &finding.next),
        ));
    }
    text
}

/// Where in the distribution a finding is; the distribution itself stands above.
fn place(finding: &Finding) -> Option<String> {
    let place = &finding.place;
    let line = place.line.map(|line| format!("line {line}"));
    let parts = [place.member.clone(), place.field.clone(), line];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// Escaped text in which what stands between backticks is code.
fn with_code(text: &str) -> String {
    let is_paired = text.matches('`').count().is_multiple_of(2);
    let parts = text
        .split('`')
        .enumerate()
        .map(|(number, part)| match number % 2 {
            1 if is_paired => format!("<code>{}</code>", escape(part)),
            1 => format!("`{}", escape(part)),
            _ if number > 0 && !is_paired => format!("`{}", escape(part)),
            _ => escape(part),
        });
    parts.collect()
}

fn tree(inspected: &Inspected) -> String {
    let root = &inspected.overview.tree;
    if root.files == 0 {
        return String::new();
    }
    let mut tree = Tree {
        entries: inspected.distribution.entries(),
        total: root.bytes.max(1),
        with_files: root.files <= MOST_FILES,
        html: "<div class=\"tree\">\n".to_owned(),
    };
    tree.directory(root, 0);
    tree.html.push_str("</div>\n");
    if !tree.with_files {
        tree.html.push_str(&format!(
            "<p class=\"summary\">{} are too many for a page: <code>pubflow inspect --format json</code> lists them.</p>\n",
            count(root.files, "file")
        ));
    }
    tree.html
}

struct Tree<'a> {
    entries: &'a [Entry],
    total: u64,
    with_files: bool,
    html: String,
}

impl Tree<'_> {
    /// Everything in a directory, the largest first.
    fn directory(&mut self, directory: &Directory, depth: usize) {
        let mut directories: Vec<_> = directory.directories.iter().collect();
        directories.sort_by(|a, b| b.1.bytes.cmp(&a.1.bytes).then(a.0.cmp(b.0)));
        for (name, below) in directories {
            let is_large =
                below.bytes.saturating_mul(100) >= self.total.saturating_mul(OPEN_PERCENT);
            let open = if depth < OPEN_DEPTH && is_large {
                " open"
            } else {
                ""
            };
            self.html.push_str(&format!(
                "<details{open}><summary class=\"row\"><span class=\"name\">{}/</span>{}\
                 <span class=\"size\">{}</span><span class=\"count\">{}</span></summary><div>\n",
                escape(name),
                self.bar(below.bytes),
                size(below.bytes),
                count(below.files, "file"),
            ));
            self.directory(below, depth + 1);
            self.html.push_str("</div></details>\n");
        }
        if !self.with_files {
            return;
        }
        let mut files: Vec<(&String, &Entry)> = directory
            .members
            .iter()
            .filter_map(|(name, place)| Some((name, self.entries.get(*place)?)))
            .collect();
        files.sort_by(|a, b| b.1.size.cmp(&a.1.size).then(a.0.cmp(b.0)));
        for (name, entry) in files {
            let digest = entry
                .sha256
                .map(|sha256| sha256.to_string())
                .unwrap_or_default();
            let short: String = digest.chars().take(8).collect();
            let kind = kind_words(&entry.kind).unwrap_or_default();
            self.html.push_str(&format!(
                "<div class=\"row file\"><span class=\"name\">{} {}</span>{}<span class=\"size\">{}</span>\
                 <span class=\"digest mono\" title=\"{digest}\">{short}</span></div>\n",
                escape(name),
                escape(&kind),
                self.bar(entry.size),
                size(entry.size),
            ));
        }
    }

    fn bar(&self, bytes: u64) -> String {
        // Tenths of a percent.
        let share = u128::from(bytes) * 1000 / u128::from(self.total);
        format!(
            "<span class=\"bar\"><i style=\"width:{}.{}%\"></i></span>",
            share / 10,
            share % 10
        )
    }
}

fn table(heading: &[&str], rows: &[Vec<String>]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let class = |name: &str| match name {
        "Size" => " class=\"size\"",
        _ => "",
    };
    let head: String = heading
        .iter()
        .map(|name| format!("<th{}>{name}</th>", class(name)))
        .collect();
    let mut text = format!("<div class=\"wide\"><table>\n<tr>{head}</tr>\n");
    for row in rows {
        let cells = row.iter().zip(heading);
        let cells: String = cells
            .map(|(cell, name)| format!("<td{}>{cell}</td>", class(name)))
            .collect();
        text.push_str(&format!("<tr>{cells}</tr>\n"));
    }
    text + "</table></div>\n"
}

fn native(inspected: &Inspected) -> String {
    let mut files: Vec<_> = inspected.overview.native.iter().collect();
    files.sort_by_key(|file| std::cmp::Reverse(file.bytes));
    let rows: Vec<Vec<String>> = files
        .iter()
        .map(|file| {
            vec![
                format!("<code>{}</code>", escape(&file.path)),
                size(file.bytes),
                escape(&native_words(file)),
                escape(&file.needs.join(", ")),
            ]
        })
        .collect();
    table(&["File", "Size", "For", "Loads"], &rows)
}

fn installed(inspected: &Inspected) -> String {
    let Some(installs) = &inspected.overview.installs else {
        return String::new();
    };
    let mut rows = Vec::new();
    let mut add = |to: &str, places: &[Place]| {
        for place in places {
            rows.push(vec![
                to.to_owned(),
                format!("<code>{}</code>", escape(&place.path)),
                size(place.bytes),
                count(place.files, "file"),
            ]);
        }
    };
    add("site-packages", &installs.site_packages);
    add("environment", &installs.data);
    add("headers", &installs.headers);
    add("unknown place", &installs.unknown);
    for script in &installs.scripts {
        rows.push(vec![
            "command".to_owned(),
            format!("<code>{}</code>", escape(&script.name)),
            String::new(),
            format!("from <code>{}</code>", escape(&script.from)),
        ]);
    }
    table(&["Where", "What", "Size", ""], &rows)
}

fn start_files(inspected: &Inspected) -> String {
    let rows: Vec<Vec<String>> = inspected
        .overview
        .start_files
        .iter()
        .map(|file| {
            let runs = match &file.runs {
                StartCode::Nothing => "adds to the search path".to_owned(),
                StartCode::Module => "the whole module".to_owned(),
                StartCode::Unread => "could not be read".to_owned(),
                StartCode::Lines(lines) => {
                    let lines: Vec<String> = lines.iter().map(|line| escape(line)).collect();
                    format!("<pre>{}</pre>", lines.join("\n"))
                }
            };
            vec![format!("<code>{}</code>", escape(&file.path)), runs]
        })
        .collect();
    table(&["File", "Runs"], &rows)
}

fn entry_points(inspected: &Inspected) -> String {
    let rows: Vec<Vec<String>> = inspected
        .overview
        .entry_points
        .iter()
        .map(|point| {
            [&point.group, &point.name, &point.value]
                .map(|text| format!("<code>{}</code>", escape(text)))
                .to_vec()
        })
        .collect();
    table(&["Group", "Name", "Object"], &rows)
}

fn metadata(inspected: &Inspected) -> String {
    let Some(metadata) = inspected.distribution.metadata() else {
        return "<p class=\"bad\">None can be read.</p>\n".to_owned();
    };
    let mut rows = String::new();
    for field in metadata.fields() {
        if !field.name.eq_ignore_ascii_case("Description") {
            let (name, value) = (escape(&field.name), escape(field.value.trim()));
            rows.push_str(&format!("<dt>{name}</dt><dd>{value}</dd>\n"));
        }
    }
    let description = metadata.description().map_or_else(String::new, |text| {
        let lines: Vec<String> = text.lines().map(escape).collect();
        format!(
            "<details><summary>Description, {}</summary><pre>{}</pre></details>\n",
            size(text.len() as u64),
            lines.join("\n")
        )
    });
    format!("<dl>\n{rows}</dl>\n{description}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_name_is_taken_for_markup() {
        let hostile = "<script>alert('x')</script>\"&\u{202e}\x1b\n";
        assert_eq!(
            escape(hostile),
            "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;&amp;\\u{202e}\\u{1b} "
        );
    }
}
