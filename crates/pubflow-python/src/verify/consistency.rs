//! Whether everything in the environment has what it requires, as `pip check` tells it: read from
//! the installed metadata, because starting pip takes longer than the rest of a small test.
//!
//! Spec: "Recording installed projects"; core metadata, "Requires-Dist".

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use pubflow_finding::Finding;
use pubflow_metadata::core_metadata::CoreMetadata;
use pubflow_spec::{Prereleases, ProjectName, Requirement, RequirementSource, Version};

use super::requirements::Requirements;
use super::rules::DEPENDENCIES_CONFLICT;
use crate::interpreter::Interpreter;

/// What is installed: each distribution's version and what it requires here.
type Installed = BTreeMap<ProjectName, (Version, Vec<Requirement>)>;

/// What is wrong between the installed distributions, and how many there are.
pub(super) fn conflicts(
    site_packages: &Path,
    interpreter: &Interpreter,
) -> io::Result<(Vec<Finding>, usize)> {
    let installed = installed(site_packages, interpreter)?;
    let mut findings = Vec::new();
    for (name, (version, requirements)) in &installed {
        for requirement in requirements {
            if let Some(found) = problem(requirement, &installed) {
                let finding = Finding::new(
                    &DEPENDENCIES_CONFLICT,
                    format!("`{name}` {version} requires `{requirement}`, and {found}"),
                )
                .next("correct the requirement or the version; `pip check` tells the same")
                .field("Requires-Dist");
                findings.push(finding);
            }
        }
    }
    Ok((findings, installed.len()))
}

fn installed(site_packages: &Path, interpreter: &Interpreter) -> io::Result<Installed> {
    let mut installed = Installed::new();
    for entry in std::fs::read_dir(site_packages)? {
        let directory = entry?.path();
        if directory
            .extension()
            .is_none_or(|ending| ending != "dist-info")
        {
            continue;
        }
        // A directory without metadata is no installed distribution.
        let Ok(bytes) = std::fs::read(directory.join("METADATA")) else {
            continue;
        };
        let metadata = CoreMetadata::parse(&bytes);
        let name = metadata.first("Name").map(ProjectName::parse);
        let version = metadata.first("Version").map(Version::parse);
        if let (Some(Ok(name)), Some(Ok(version))) = (name, version) {
            let requirements = Requirements::of(&name, &metadata, interpreter).base();
            let requirements = requirements.iter();
            let parsed = requirements.filter_map(|text| Requirement::parse(text).ok());
            installed.insert(name, (version, parsed.collect()));
        }
    }
    Ok(installed)
}

/// What is installed instead of what is required.
fn problem(requirement: &Requirement, installed: &Installed) -> Option<String> {
    let Some((version, _)) = installed.get(&requirement.name) else {
        return Some("it is not installed".to_owned());
    };
    let RequirementSource::Specifiers(set) = &requirement.source else {
        return None;
    };
    // Whoever installed a pre-release wanted it.
    let admits = set.contains(version, Prereleases::Allow);
    (!admits).then(|| format!("{version} is installed"))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    #[test]
    fn what_is_missing_and_what_does_not_fit_is_told() {
        let site = tempfile::tempdir().unwrap();
        let install = |name: &str, version: &str, lines: &str| {
            let directory = site.path().join(format!("{name}-{version}.dist-info"));
            std::fs::create_dir(&directory).unwrap();
            let text = format!("Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{lines}");
            std::fs::write(directory.join("METADATA"), text).unwrap();
        };
        install(
            "demo",
            "1.0",
            "Requires-Dist: Attrs>=22\nRequires-Dist: tomli; python_version < '3'\nRequires-Dist: rich; extra == 'x'\nRequires-Dist: absent\nRequires-Dist: beta>=1\n",
        );
        install("attrs", "21.4", "");
        install("beta", "1.1b1", "");
        std::fs::create_dir(site.path().join("empty-1.dist-info")).unwrap();
        let interpreter = Interpreter {
            path: PathBuf::from("python3.12"),
            version: Version::parse("3.12.1").unwrap(),
            implementation: "cpython".to_owned(),
            platform: "linux-x86_64".to_owned(),
            pointer_bits: 64,
            glibc: None,
            free_threaded: false,
            debug: false,
            pip: None,
            ensurepip: true,
            venv: true,
            markers: BTreeMap::from([("python_version".to_owned(), "3.12".to_owned())]),
        };
        let (findings, n_installed) = conflicts(site.path(), &interpreter).unwrap();
        let messages: Vec<&str> = findings.iter().map(|one| one.message.as_str()).collect();
        assert_eq!(n_installed, 3);
        assert_eq!(
            messages,
            [
                "`demo` 1.0 requires `Attrs>=22`, and 21.4 is installed",
                "`demo` 1.0 requires `absent`, and it is not installed",
            ]
        );
    }
}
