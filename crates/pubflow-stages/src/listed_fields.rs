//! What an index lists about a file, against what the file says about itself: resolvers believe the listing.

use pubflow_dist::{Distribution, Limits};
use pubflow_index::{CoreMetadataOffer, ProjectPage};
use pubflow_spec::{DistributionKind, Sha256};

use crate::files::SealedFile;

/// What a file says that a listing repeats.
struct Own {
    requires_python: Option<String>,
    /// Of the METADATA of a wheel; what is served beside an sdist is not the file's.
    metadata: Option<Sha256>,
}

/// Reads the files and compares each with the listing; half a sentence about each field that is another's. Blocks on
/// the disk. A file that cannot be read has been checked and sent before, so nothing is said of it here.
pub(crate) fn disagreements(page: &ProjectPage, files: &[SealedFile]) -> Vec<String> {
    let mut found = Vec::new();
    for file in files {
        let filename = file.filename.as_str();
        let Some((own, listed)) = own(file).zip(page.find(filename)) else {
            continue;
        };
        let listed_python = listed.requires_python.as_deref();
        if !is_same(own.requires_python.as_deref(), listed_python) {
            found.push(format!(
                "`{filename}` for Python {}, but the file says {}",
                shown(listed_python),
                shown(own.requires_python.as_deref())
            ));
        }
        if let (
            Some(own),
            CoreMetadataOffer::Served {
                sha256: Some(served),
            },
        ) = (own.metadata, listed.core_metadata)
            && own != served
        {
            found.push(format!(
                "metadata of `{filename}` with SHA-256 {served}, but those in the file have {own}"
            ));
        }
    }
    found
}

fn own(file: &SealedFile) -> Option<Own> {
    let opened = Distribution::open(&file.path, &Limits::default()).ok()?;
    let is_wheel = file.filename.kind() == DistributionKind::Wheel;
    Some(Own {
        requires_python: opened
            .metadata()?
            .first("Requires-Python")
            .map(str::to_owned),
        metadata: is_wheel
            .then(|| opened.metadata_bytes().map(Sha256::of))
            .flatten(),
    })
}

/// Blanks mean nothing, and an index that lists nothing (many do in HTML) contradicts nobody.
fn is_same(own: Option<&str>, listed: Option<&str>) -> bool {
    let bare = |text: &str| text.split_whitespace().collect::<String>();
    listed.is_none_or(|listed| bare(listed) == bare(own.unwrap_or_default()))
}

fn shown(specifier: Option<&str>) -> String {
    specifier.map_or_else(|| "of any version".to_owned(), |text| format!("`{text}`"))
}

#[cfg(test)]
mod tests {
    use pubflow_index::IndexFile;
    use pubflow_spec::DistributionFilename;
    use pubflow_testkit::{SdistBuilder, WheelBuilder};

    use super::*;

    /// What is found of a wheel and an sdist that are listed so.
    fn found(requires_python: Option<&str>, metadata: CoreMetadataOffer) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        let header = "Requires-Python: >=3.8, <4";
        let paths = [
            WheelBuilder::new("demo", "1.0")
                .metadata_line(header)
                .build_in(folder.path()),
            SdistBuilder::new("demo", "1.0")
                .metadata_line(header)
                .build_in(folder.path()),
        ];
        let files = paths.map(|path| SealedFile {
            filename: DistributionFilename::parse(path.file_name().unwrap().to_str().unwrap())
                .unwrap(),
            size: 1,
            sha256: Sha256::of(b"x"),
            attestations: Vec::new(),
            path,
        });
        let listed = files.each_ref().map(|file| IndexFile {
            filename: file.filename.as_str().to_owned(),
            url: "https://packages.example.com/x".parse().unwrap(),
            sha256: None,
            size: None,
            yanked: None,
            core_metadata: metadata,
            requires_python: requires_python.map(str::to_owned),
            upload_time: None,
            provenance: None,
        });
        let page = ProjectPage {
            files: listed.into(),
            status: pubflow_index::ProjectStatus::Active,
            versions: Vec::new(),
        };
        disagreements(&page, &files)
    }

    #[test]
    fn another_range_of_pythons_and_other_metadata_are_told() {
        let other = CoreMetadataOffer::Served {
            sha256: Some(Sha256::of(b"other")),
        };
        let [python, metadata, sdist] = &found(Some(">=3.9"), other)[..] else {
            panic!("three fields differ");
        };
        assert_eq!(
            python,
            "`demo-1.0-py3-none-any.whl` for Python `>=3.9`, but the file says `>=3.8, <4`"
        );
        assert!(metadata.starts_with("metadata of `demo-1.0-py3-none-any.whl` with SHA-256"));
        assert!(sdist.starts_with("`demo-1.0.tar.gz` for Python"));
    }

    #[test]
    fn the_same_in_other_blanks_and_nothing_at_all_are_quiet() {
        assert!(found(Some(">=3.8,<4"), CoreMetadataOffer::None).is_empty());
        assert!(found(None, CoreMetadataOffer::Served { sha256: None }).is_empty());
    }
}
