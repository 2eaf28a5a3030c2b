//! Where an in-tree backend may be loaded from.
//!
//! Spec: PEP 517, "In-tree build backends": directories relative to the project root, inside it.

use std::path::{Component, Path, PathBuf};

use super::error::{BuildError, BuildReason, BuildStage};
use super::source::Source;

/// The directories of backend-path as real paths inside the tree.
pub(super) fn resolve(source: &Source) -> Result<Vec<PathBuf>, BuildError> {
    let entries = &source.build_system.backend_path;
    let resolved: Result<Vec<PathBuf>, BuildReason> = entries
        .iter()
        .map(|entry| resolve_entry(&source.root, entry))
        .collect();
    let resolved = resolved.map_err(|reason| BuildError::new(BuildStage::BackendPath, reason))?;
    check_name(source.backend())
        .map_err(|reason| BuildError::new(BuildStage::BackendImport, reason))?;
    Ok(resolved)
}

fn resolve_entry(root: &Path, entry: &str) -> Result<PathBuf, BuildReason> {
    let outside = || BuildReason::BackendPathOutside(entry.to_owned());
    let missing = || BuildReason::BackendPathMissing(entry.to_owned());
    if !stays_inside(Path::new(entry)) {
        return Err(outside());
    }
    let real_root = root.canonicalize().map_err(|_| missing())?;
    let real = root.join(entry).canonicalize().map_err(|_| missing())?;
    if !real.starts_with(&real_root) {
        return Err(outside());
    }
    if !real.is_dir() {
        return Err(missing());
    }
    Ok(real)
}

/// Whether a path is relative and never climbs above its start.
fn stays_inside(path: &Path) -> bool {
    let mut depth = 0_usize;
    for component in path.components() {
        match component {
            Component::Normal(_) => depth += 1,
            Component::CurDir => {}
            Component::ParentDir if depth > 0 => depth -= 1,
            Component::ParentDir | Component::RootDir | Component::Prefix(_) => return false,
        }
    }
    true
}

/// Checks that build-backend is `module` or `module:object`, both dotted names.
fn check_name(backend: &str) -> Result<(), BuildReason> {
    let (module, object) = backend.split_once(':').unwrap_or((backend, "x"));
    let is_dotted = |text: &str| {
        text.split('.').all(|part| {
            !part.is_empty()
                && !part.starts_with(|c: char| c.is_ascii_digit())
                && part.chars().all(|c| c.is_alphanumeric() || c == '_')
        })
    };
    if is_dotted(module) && is_dotted(object) {
        return Ok(());
    }
    Err(BuildReason::BackendName(backend.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(entry: &str, expected: Result<&str, &str>) {
        let scratch = tempfile::tempdir().unwrap();
        let root = scratch.path().canonicalize().unwrap().join("tree");
        std::fs::create_dir_all(root.join("_build/deep")).unwrap();
        std::fs::create_dir(root.with_file_name("outside")).unwrap();
        std::fs::write(root.join("file"), "").unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink("../outside", root.join("link")).unwrap();
        match (resolve_entry(&root, entry), expected) {
            (Ok(path), Ok(inside)) => assert_eq!(path, root.join(inside)),
            (Err(reason), Err(words)) => assert!(reason.to_string().contains(words), "{reason}"),
            (other, _) => panic!("{other:?}"),
        }
    }

    #[test]
    fn entries_are_directories_inside_the_tree() {
        check("_build", Ok("_build"));
        check("_build/../_build/deep", Ok("_build/deep"));
        check(".", Ok(""));
        check("..", Err("leaves the project"));
        check("_build/../../outside", Err("leaves the project"));
        check("/tmp", Err("leaves the project"));
        check("absent", Err("is not a directory"));
        check("file", Err("is not a directory"));
        #[cfg(unix)]
        check("link", Err("leaves the project"));
    }

    #[test]
    fn a_backend_is_a_reference_to_an_object() {
        for good in [
            "setuptools.build_meta:__legacy__",
            "flit_core.buildapi",
            "a:b.c",
        ] {
            assert!(check_name(good).is_ok(), "{good}");
        }
        for bad in ["", "a:", ":b", "a..b", "a b", "a:b:c", "1a", "a-b"] {
            assert!(check_name(bad).is_err(), "{bad}");
        }
    }
}
