//! Which installed distribution brings a module along, told from the RECORD files in an environment.

use std::path::Path;

use pubflow_dist::Record;
use pubflow_spec::ProjectName;

/// The project whose distribution has installed the top-level module of `module`.
pub(super) fn provider_of(module: &str, site_packages: &Path) -> Option<ProjectName> {
    let top = module.split('.').next()?;
    let provides = |path: &str| {
        path.strip_prefix(top)
            .is_some_and(|rest| rest.starts_with(['/', '.']))
    };
    let entries = std::fs::read_dir(site_packages).ok()?;
    let mut names: Vec<_> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.ends_with(".dist-info"))
        .collect();
    names.sort();
    names.into_iter().find_map(|directory| {
        let bytes = std::fs::read(site_packages.join(&directory).join("RECORD")).ok()?;
        let record = Record::parse(&bytes)?;
        if !record
            .rows()
            .iter()
            .any(|row| provides(&row.slashed_path()))
        {
            return None;
        }
        ProjectName::parse(directory.split('-').next()?).ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_record_tells_the_provider() {
        let site = tempfile::tempdir().unwrap();
        for (directory, record) in [
            (
                "attrs-23.1.dist-info",
                "attr/__init__.py,,\nattrs/__init__.py,,\n",
            ),
            ("attr_old-1.dist-info", "attrib/__init__.py,,\n"),
        ] {
            let directory = site.path().join(directory);
            std::fs::create_dir(&directory).unwrap();
            std::fs::write(directory.join("RECORD"), record).unwrap();
        }
        let provider = |module| provider_of(module, site.path()).map(|name| name.to_string());
        assert_eq!(provider("attr.validators").as_deref(), Some("attrs"));
        assert_eq!(provider("at"), None);
    }
}
