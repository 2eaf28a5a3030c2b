//! Descriptions: the field of a metadata file, and the README of a project.

use std::fs;
use std::io::Read;
use std::path::Path;

use pubflow_finding::Findings;
use pubflow_metadata::check::MetadataSubject;
use pubflow_metadata::pyproject::Pyproject;
use pubflow_readme::Profile;
use pubflow_readme::check::Description;

use crate::shown;

/// Bytes of a README that are read; PyPI takes no longer form fields.
const LARGEST: u64 = 10 << 20;

/// Checks the description in metadata. Lines count in the description.
pub(crate) fn check_field(subject: &MetadataSubject, findings: &mut Findings) {
    let metadata = &subject.metadata;
    let content_type = metadata.first("Description-Content-Type");
    let text = metadata.description().unwrap_or_default();
    let labelled = metadata
        .all("Project-URL")
        .filter_map(|value| Some(value.split_once(',')?.1.trim()));
    let description = Description::new(text, content_type, Profile::default())
        .of_project(metadata.first("Name"))
        .of_release(
            metadata.first("Version"),
            labelled.chain(metadata.all("Home-page")),
        );
    let mut found = Findings::default();
    description.check(&mut found);
    for finding in found.into_sorted() {
        findings.add(match &subject.member {
            Some(member) => finding.member(member.clone()),
            None => finding,
        });
    }
}

/// Checks the README that a project names. Lines and edits are those of its file.
pub(crate) fn check_readme(directory: &Path, pyproject: &Pyproject, findings: &mut Findings) {
    let Some((name, text)) = readme_of(directory, pyproject) else {
        return;
    };
    let path = directory.join(name);
    let given = pyproject.readme_content_type().map(str::to_owned);
    let content_type = given.as_deref().or_else(|| by_ending(name));
    let mut found = Findings::for_path(shown(&path));
    Description::new(&text, content_type, Profile::default())
        .of_project(pyproject.project_string("name"))
        .of_release(pyproject.project_version(), addresses(pyproject))
        .in_file()
        .check(&mut found);
    for finding in found.into_sorted() {
        findings.add(finding);
    }
}

/// The README that a project names, when it lies inside of it and is text.
pub(crate) fn readme_of<'a>(
    directory: &Path,
    pyproject: &'a Pyproject,
) -> Option<(&'a str, String)> {
    let name = pyproject.readme_file()?;
    let inside =
        !Path::new(name).is_absolute() && !name.split(['/', '\\']).any(|part| part == "..");
    let text = inside.then(|| read(&directory.join(name)))??;
    Some((name, text))
}

/// The addresses in `[project.urls]`.
fn addresses(pyproject: &Pyproject) -> Vec<&str> {
    let urls = pyproject.table("project.urls");
    let values = urls.into_iter().flat_map(|urls| urls.iter());
    values.filter_map(|(_, item)| item.as_str()).collect()
}

/// A text of the tree; edits need every byte of it, so nothing is replaced in it.
fn read(path: &Path) -> Option<String> {
    let file = Some(path).filter(|path| path.is_file())?;
    let mut text = String::new();
    let mut file = fs::File::open(file).ok()?.take(LARGEST);
    file.read_to_string(&mut text).ok()?;
    Some(text)
}

/// The content type that build backends give a file of this name.
fn by_ending(name: &str) -> Option<&'static str> {
    let (_, ending) = name.rsplit_once('.')?;
    match ending.to_ascii_lowercase().as_str() {
        "md" | "markdown" => Some("text/markdown"),
        "rst" => Some("text/x-rst"),
        "txt" => Some("text/plain"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pubflow_metadata::core_metadata::CoreMetadata;

    #[test]
    fn the_field_is_checked_with_its_type() {
        let found = |text: &str| -> Vec<(&str, Option<usize>, Option<String>)> {
            let file = format!("Metadata-Version: 2.1\nName: demo\nVersion: 1\n{text}");
            let subject = MetadataSubject::bare(CoreMetadata::parse(file.as_bytes()));
            let mut findings = Findings::for_path("METADATA");
            check_field(&subject, &mut findings);
            let findings = findings.into_sorted().into_iter();
            findings
                .map(|f| (f.rule.code, f.place.line, f.place.field))
                .collect()
        };
        let field = Some("Description".to_owned());
        assert_eq!(
            found("\nReads maps of any size and draws them nicely\n====\n"),
            [("P701", Some(2), field.clone())]
        );
        assert_eq!(found(""), [("P703", None, field)]);
        // The type itself has a finding of the metadata.
        let html =
            "Description-Content-Type: text/html\n\nReads maps of any size and draws them\n====\n";
        assert!(found(html).is_empty(), "both refuse it");
    }

    #[test]
    fn the_readme_of_a_project_is_checked_in_its_file() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(
            dir.path().join("README.rst"),
            "Demo\n===\n\nReads maps of any size and draws them.\n",
        )
        .unwrap();
        let pyproject = Pyproject::from_bytes(b"[project]\nname = 'demo'\nreadme = 'README.rst'\n");
        let mut findings = Findings::default();
        check_readme(dir.path(), &pyproject, &mut findings);
        assert!(
            findings.into_sorted().is_empty(),
            "three characters are text, not an underline"
        );
        fs::write(
            dir.path().join("README.rst"),
            "Demo it\n=====\n\nReads maps of any size and draws them.\n",
        )
        .unwrap();
        let mut findings = Findings::default();
        check_readme(dir.path(), &pyproject, &mut findings);
        let [finding] = &findings.into_sorted()[..] else {
            panic!("one finding");
        };
        assert_eq!((finding.rule.code, finding.place.line), ("P701", Some(2)));
        let fix = finding.fix.as_ref().unwrap();
        assert_eq!(
            (fix.edits[0].range.clone(), fix.edits[0].text.as_str()),
            (8..13, "=======")
        );
    }
}
