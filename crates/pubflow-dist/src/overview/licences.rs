//! What a distribution says about its licence, and which texts it ships.
//!
//! Spec: core metadata, `License-Expression`, `License-File`, `License`; PEP 639.

use crate::distribution::Distribution;

/// The licence as told and as shipped.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Licences {
    /// `License-Expression`.
    pub expression: Option<String>,
    /// The old `License` field, where it is a name; its first line where it is a whole text and no
    /// classifier tells the name.
    pub text: Option<String>,
    /// Classifiers about licences.
    pub classifiers: Vec<String>,
    /// The files that the metadata name.
    pub files: Vec<LicenceFile>,
}

/// One `License-File`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LicenceFile {
    /// As the metadata name it.
    pub path: String,
    /// The member that holds it, where it is found.
    pub member: Option<String>,
}

impl Licences {
    pub(super) fn of(distribution: &Distribution) -> Self {
        let Some(metadata) = distribution.metadata() else {
            return Self::default();
        };
        let directories: Vec<String> = match distribution {
            Distribution::Wheel(wheel) => {
                let directory = wheel.dist_info().unwrap_or_default();
                // Before PEP 639 backends put them beside METADATA.
                vec![format!("{directory}/licenses"), directory.to_owned()]
            }
            Distribution::Sdist(sdist) => {
                vec![sdist.root().unwrap_or_default().to_owned()]
            }
            Distribution::Unknown(_) => Vec::new(),
        };
        let found = |file: &str| {
            let archive = distribution.archive()?;
            let mut paths = directories.iter().map(|dir| format!("{dir}/{file}"));
            paths.find(|path| archive.file(path).is_some())
        };
        let classifiers: Vec<String> = metadata
            .all("Classifier")
            .map(str::trim)
            .filter_map(|classifier| classifier.strip_prefix("License :: "))
            .map(str::to_owned)
            .collect();
        let is_name = |text: &&str| !text.trim().contains('\n') || classifiers.is_empty();
        let filled = |value: &&str| !value.is_empty() && *value != "UNKNOWN";
        Self {
            expression: metadata
                .first("License-Expression")
                .map(str::trim)
                .filter(filled)
                .map(str::to_owned),
            text: metadata
                .first("License")
                .filter(is_name)
                .and_then(|text| text.lines().map(str::trim).find(|line| !line.is_empty()))
                .filter(filled)
                .map(str::to_owned),
            classifiers,
            files: metadata
                .all("License-File")
                .map(|file| LicenceFile {
                    path: file.trim().to_owned(),
                    member: found(file.trim()),
                })
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use pubflow_testkit::{SdistBuilder, WheelBuilder};

    use super::*;
    use crate::Limits;

    #[test]
    fn what_is_told_and_what_is_shipped() {
        let dir = tempfile::tempdir().unwrap();
        let wheel = WheelBuilder::new("demo", "1.0")
            .metadata_line("License-Expression: MIT")
            .metadata_line("License-File: LICENSE")
            .metadata_line("License-File: GONE")
            .metadata_line("Classifier: License :: OSI Approved")
            .info_file("licenses/LICENSE", "text")
            .build_in(dir.path());
        let sdist = SdistBuilder::new("demo", "1.0")
            .metadata_line("License: MIT License\n        with more")
            .metadata_line("License-File: docs/COPYING")
            .file("docs/COPYING", "text")
            .build_in(dir.path());
        let of = |path| Licences::of(&Distribution::open(path, &Limits::default()).unwrap());
        let told = of(&wheel);
        assert_eq!(told.expression.as_deref(), Some("MIT"));
        assert_eq!(told.classifiers, ["OSI Approved"]);
        let members: Vec<_> = told
            .files
            .iter()
            .map(|file| file.member.as_deref())
            .collect();
        assert_eq!(members, [Some("demo-1.0.dist-info/licenses/LICENSE"), None]);
        let told = of(&sdist);
        assert_eq!(told.text.as_deref(), Some("MIT License"));
        assert_eq!(
            told.files[0].member.as_deref(),
            Some("demo-1.0/docs/COPYING")
        );
    }
}
