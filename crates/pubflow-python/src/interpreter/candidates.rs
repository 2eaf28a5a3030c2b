//! Where interpreters are looked for: the search path, version switchers, uv's own installations.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use pubflow_process::Inherited;

use super::real;

/// Directories with one installation in each entry.
const COLLECTIONS: &[fn(&Inherited) -> Option<PathBuf>] = &[pyenv, uv, framework];

/// Every program on this machine that may be an interpreter, each real file once.
pub(super) fn all(inherited: &Inherited) -> Vec<PathBuf> {
    // Shims start a shell to find out which installation they stand for; the installations
    // themselves are in the switcher's own directory.
    let shims = pyenv_root(inherited).map(|root| real(&root.join("shims")));
    let on_path = inherited
        .search_path()
        .into_iter()
        .filter(|directory| Some(real(directory)) != shims)
        .flat_map(|directory| interpreters_in(&directory));
    let collected = COLLECTIONS
        .iter()
        .filter_map(|place| place(inherited))
        .flat_map(|place| entries(&place))
        .flat_map(|installation| {
            let programs = if cfg!(windows) {
                installation
            } else {
                installation.join("bin")
            };
            interpreters_in(&programs)
        });
    each_once(on_path.chain(collected))
}

/// What the user gets for `python3` or `python`, and then the versioned names on the search path.
pub(super) fn preferred(inherited: &Inherited) -> Vec<PathBuf> {
    let mut plain = Vec::new();
    let mut versioned = Vec::new();
    for directory in inherited.search_path() {
        for program in interpreters_in(&directory) {
            let is_plain = program
                .file_stem()
                .is_some_and(|name| name == "python" || name == "python3");
            if is_plain { &mut plain } else { &mut versioned }.push(program);
        }
    }
    // A shim for every version that is installed stands beside the one that is switched on, and
    // answers with an error; the plain names are enough of those.
    let shims = pyenv_root(inherited).map(|root| root.join("shims"));
    versioned.retain(|program| program.parent() != shims.as_deref());
    each_once(plain.into_iter().chain(versioned))
}

/// Programs of a directory that are named like an interpreter: `python3`, `python`, `python3.N`,
/// newest name first.
fn interpreters_in(directory: &Path) -> Vec<PathBuf> {
    let mut named: Vec<(u32, PathBuf)> = entries(directory)
        .into_iter()
        .filter_map(|path| {
            let rank = rank(path.file_name()?.to_str()?)?;
            Some((rank, path))
        })
        .filter(|(_, path)| path.is_file())
        .collect();
    named.sort_by(|a, b| b.cmp(a));
    named.into_iter().map(|(_, path)| path).collect()
}

/// Preference among the names of one directory, or none for a name that no interpreter has.
fn rank(file_name: &str) -> Option<u32> {
    let name = file_name
        .strip_suffix(std::env::consts::EXE_SUFFIX)
        .unwrap_or(file_name);
    let rest = name.strip_prefix("python")?;
    match rest {
        "3" => Some(u32::MAX),
        "" => Some(u32::MAX - 1),
        _ => {
            let minor = rest.strip_prefix("3.")?;
            let digits = minor.strip_suffix('t').unwrap_or(minor);
            let plain = digits.len() <= 3 && digits.bytes().all(|byte| byte.is_ascii_digit());
            plain.then(|| digits.parse().ok())?
        }
    }
}

/// Where the version switcher pyenv keeps everything.
pub(super) fn pyenv_root(inherited: &Inherited) -> Option<PathBuf> {
    let configured = inherited.get("PYENV_ROOT").map(PathBuf::from);
    configured.or_else(|| Some(inherited.home()?.join(".pyenv")))
}

fn pyenv(inherited: &Inherited) -> Option<PathBuf> {
    Some(pyenv_root(inherited)?.join("versions"))
}

fn uv(inherited: &Inherited) -> Option<PathBuf> {
    if let Some(configured) = inherited.get("UV_PYTHON_INSTALL_DIR") {
        return Some(PathBuf::from(configured));
    }
    if cfg!(windows) {
        return Some(PathBuf::from(inherited.get("APPDATA")?).join("uv/data/python"));
    }
    let data = inherited.get("XDG_DATA_HOME").map(PathBuf::from);
    let data = data.or_else(|| Some(inherited.home()?.join(".local/share")))?;
    Some(data.join("uv/python"))
}

fn framework(_: &Inherited) -> Option<PathBuf> {
    let place = PathBuf::from("/Library/Frameworks/Python.framework/Versions");
    cfg!(target_os = "macos").then_some(place)
}

/// Entries of a directory in the order of their names; none where it cannot be read.
fn entries(directory: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(directory)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    found.sort();
    found
}

fn each_once(candidates: impl Iterator<Item = PathBuf>) -> Vec<PathBuf> {
    let mut seen = BTreeSet::new();
    candidates
        .filter(|candidate| seen.insert(real(candidate)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_interpreters_are_told_from_others() {
        for name in [
            "python",
            "python3",
            "python3.8",
            "python3.14",
            "python3.13t",
        ] {
            assert!(rank(name).is_some(), "{name}");
        }
        for name in [
            "python2",
            "python3-config",
            "python3.12-config",
            "pythonw",
            "pypy3",
            "python3.",
            "ipython",
        ] {
            assert_eq!(rank(name), None, "{name}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn places_are_searched_in_order_and_links_counted_once() {
        let root = tempfile::tempdir().unwrap();
        let file = |name: &str| {
            let path = root.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, "").unwrap();
            path
        };
        let on_path = file("bin/python3.9");
        std::os::unix::fs::symlink("python3.9", root.path().join("bin/python3")).unwrap();
        let shim = file("pyenv/shims/python3");
        let switched = file("pyenv/versions/3.11.7/bin/python3");
        let by_uv = file("uv/cpython-3.13/bin/python3.13");
        let path = [root.path().join("pyenv/shims"), root.path().join("bin")];
        let inherited = Inherited::from_pairs([
            ("PATH", std::env::join_paths(path).unwrap()),
            ("PYENV_ROOT", root.path().join("pyenv").into()),
            ("UV_PYTHON_INSTALL_DIR", root.path().join("uv").into()),
        ]);
        let linked = on_path.with_file_name("python3");
        assert_eq!(all(&inherited), [linked.clone(), switched, by_uv]);
        assert_eq!(preferred(&inherited), [shim, linked]);
    }
}
