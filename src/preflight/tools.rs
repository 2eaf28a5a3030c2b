//! The tools: interpreters to build with and to test on, and what installs into them.

use pubflow_python::installer::{Installer, InstallerChoice};
use pubflow_python::interpreter;

use super::{Asked, Found, Verdict};
use crate::error::CommandError;

pub(super) const NAME: &str = "tools";

pub(super) fn ask(asked: &Asked<'_>) -> Result<Vec<Found>, CommandError> {
    let inherited = &asked.ctx.inherited;
    let mut found = Vec::new();
    match interpreter::find(inherited) {
        Ok(interpreters) => {
            let labels: Vec<String> = interpreters
                .iter()
                .map(interpreter::Interpreter::label)
                .collect();
            found.push(match labels.is_empty() {
                true => no_python("no interpreter was found".to_owned()),
                false => Found::fine(format!("interpreters: {}", labels.join(", "))),
            });
        }
        Err(error) => found.push(no_python(error.to_string())),
    }
    found.push(match Installer::find(InstallerChoice::Auto, inherited) {
        Ok(installer) => Found::fine(format!("{} installs", installer.name())),
        Err(error) => Found::new(
            Verdict::Machine,
            error.to_string(),
            "install uv, or a Python with venv and pip",
        ),
    });
    Ok(found)
}

fn no_python(why: String) -> Found {
    Found::new(
        Verdict::Machine,
        format!("nothing can be built or tested: {why}"),
        "install CPython 3.8 or newer and put it on PATH",
    )
}
