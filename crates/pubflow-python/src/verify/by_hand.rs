//! How a finding is seen again without pubflow: commands for a shell.

use std::path::Path;

use crate::interpreter::Interpreter;

/// The commands that make an environment with the distribution in it, in `pubflow-try`.
pub(super) fn installation(
    installer: &str,
    interpreter: &Interpreter,
    (file, extra): (&Path, Option<&str>),
) -> String {
    let python = quoted(&interpreter.path.to_string_lossy());
    let mut file = file.to_string_lossy().into_owned();
    if !file.contains(['/', '\\']) {
        // A name alone would be looked for on the index.
        file.insert_str(0, "./");
    }
    if let Some(extra) = extra {
        file.push_str(&format!("[{extra}]"));
    }
    let file = quoted(&file);
    match installer {
        "uv" => format!(
            "uv venv --python {python} pubflow-try && uv pip install --python pubflow-try {file}"
        ),
        _ => {
            format!("{python} -m venv pubflow-try && pubflow-try/bin/python -m pip install {file}")
        }
    }
}

/// A word for a POSIX shell.
pub(super) fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-+=:@%,".contains(c);
    match !word.is_empty() && word.chars().all(is_plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', "'\\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_survive_a_shell() {
        assert_eq!(quoted("dist/demo-1.0.whl"), "dist/demo-1.0.whl");
        assert_eq!(quoted("a b"), "'a b'");
        assert_eq!(quoted("it's"), "'it'\\''s'");
        assert_eq!(quoted(""), "''");
        assert_eq!(quoted("$(x)"), "'$(x)'");
    }
}
