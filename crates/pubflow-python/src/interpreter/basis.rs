//! Whether what an interpreter said about itself still holds: its program, what a version switcher
//! makes of it, and the directory of its modules (where pip lies) have not changed since.

use std::path::Path;
use std::time::SystemTime;

use pubflow_process::Inherited;
use pubflow_spec::Sha256;
use serde_json::{Value, json};

use super::candidates::pyenv_root;
use super::real;

/// What the answer of the program at `path` depends on, before it is started.
pub(super) fn of_program(path: &Path, inherited: &Inherited) -> Option<String> {
    let real = real(path);
    let metadata = real.metadata().ok()?;
    let mut basis = format!(
        "{} {} {}",
        real.display(),
        metadata.len(),
        nanoseconds(metadata.modified().ok()?)
    );
    // A shim is the same script for every version; which one it starts stands elsewhere.
    if let Some(root) = pyenv_root(inherited)
        && real.starts_with(super::real(&root.join("shims")))
    {
        let chosen = std::fs::read(root.join("version")).unwrap_or_default();
        let named = inherited.text("PYENV_VERSION").unwrap_or_default();
        let versions = changed(&root.join("versions"));
        basis.push_str(&format!(" {named} {} {versions}", Sha256::of(&chosen)));
    }
    Some(basis)
}

/// An answer with the time at which its directory of modules was changed, as it is kept.
pub(super) fn with_modules(answer: &[u8]) -> Option<Value> {
    let text = std::str::from_utf8(answer).ok()?;
    let parsed: Value = serde_json::from_str(text).ok()?;
    let modules = parsed.get("modules")?.as_str()?;
    let executable = parsed.get("executable")?.as_str()?;
    Some(json!({
        "answer": text,
        "modules": modules,
        "changed": changed(Path::new(modules)),
        "executable": executable,
        "executable_changed": changed(Path::new(executable)),
    }))
}

/// The answer that was kept, if nothing has been installed beside the interpreter since.
pub(super) fn still_true(known: &Value) -> Option<&str> {
    let text = |key: &str| known.get(key)?.as_str();
    let same = |path: &str, time: &str| Some(changed(Path::new(text(path)?)) == text(time)?);
    let holds = same("modules", "changed")? && same("executable", "executable_changed")?;
    holds.then(|| text("answer"))?
}

/// When a file or directory was changed last, as a text; empty for one that is not there.
fn changed(path: &Path) -> String {
    let time = path.metadata().and_then(|metadata| metadata.modified());
    time.map_or_else(|_| String::new(), |time| nanoseconds(time).to_string())
}

fn nanoseconds(time: SystemTime) -> u128 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH);
    since.map_or(0, |since| since.as_nanos())
}
