//! P1106: scripts that hide a command of the system.

use pubflow_finding::{Finding, Findings, Refuser, Rule, Severity};

use super::report;
use crate::wheel::Wheel;

pub(super) static RULE: Rule = Rule {
    code: "P1106",
    name: "script-hides-command",
    severity: Severity::Warning,
    source: "advice",
    refused_by: &[],
    about: "A script of the wheel is called like a command that every system or every virtual \
            environment has.",
    why: "An active environment comes first in the search path, so other programs and scripts \
            run the wrong one; a script called like the interpreter breaks the environment, and \
            uv refuses it.",
    cure: "Rename the script in `[project.scripts]`.",
    bad: "[console_scripts]\ntest = demo:main",
    good: "[console_scripts]\ndemo-test = demo:main",
};

/// Programs that scripts call by their bare names, in order: POSIX utilities, shells, and what
/// builds and installs.
const COMMANDS: &[&str] = &[
    "ar", "awk", "basename", "bash", "bc", "bzip2", "cat", "cc", "cd", "chgrp", "chmod", "chown",
    "clang", "cmd", "cmp", "comm", "cp", "cron", "curl", "cut", "date", "dd", "df", "diff",
    "dirname", "docker", "du", "echo", "ed", "env", "expr", "false", "find", "fold", "gcc", "git",
    "grep", "gunzip", "gzip", "head", "hostname", "id", "install", "join", "kill", "ld", "less",
    "link", "ln", "ls", "mail", "make", "man", "mkdir", "mkfifo", "more", "mount", "mv", "nice",
    "nm", "nohup", "od", "paste", "patch", "ping", "ps", "pwd", "rm", "rmdir", "sed", "sh",
    "sleep", "sort", "split", "ssh", "strip", "su", "sudo", "tail", "tar", "tee", "test", "time",
    "top", "touch", "tr", "true", "tty", "umount", "uname", "uniq", "unzip", "vi", "wait", "wc",
    "wget", "which", "who", "xargs", "xz", "yes", "zip", "zsh",
];

/// What lies in every virtual environment, and the project that brings it.
const ENVIRONMENT: &[(&str, &str)] = &[
    ("activate", ""),
    ("deactivate", ""),
    ("easy_install", "setuptools"),
    ("pip", "pip"),
    ("pip3", "pip"),
    ("pypy", ""),
    ("pypy3", ""),
    ("python", ""),
    ("python3", ""),
    ("pythonw", ""),
    ("wheel", "wheel"),
];

pub(super) fn check(wheel: &Wheel, findings: &mut Findings) {
    let Some(points) = wheel.entry_points() else {
        return;
    };
    let project = wheel.filename().map(|filename| filename.name.normalized());
    let found = points.scripts().filter_map(|point| {
        let name = point.name.as_str();
        let own = ENVIRONMENT.iter().find(|(command, _)| *command == name);
        let is_own = own.is_some_and(|(_, owner)| project == Ok(owner)) || project == Ok(name);
        let message = if is_own {
            return None;
        } else if own.is_some() || is_interpreter(name) {
            format!("the script `{name}` takes the place of the environment's own")
        } else if COMMANDS.binary_search(&name).is_ok() {
            format!("the script `{name}` hides the command of that name")
        } else {
            return None;
        };
        let finding = Finding::new(&RULE, message)
            .member(wheel.member("entry_points.txt"))
            .line(point.line)
            .next("rename the script in `[project.scripts]` and build again");
        Some(if is_interpreter(name) {
            finding.severity(Severity::Error).refused_by(&[Refuser::Uv])
        } else {
            finding
        })
    });
    report::capped(&RULE, found, findings);
}

/// `python`, `python3`, `python3.12`: uv refuses to write them.
fn is_interpreter(name: &str) -> bool {
    let rest = ["python", "pypy"]
        .iter()
        .find_map(|prefix| name.strip_prefix(prefix));
    rest.is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit() || c == '.'))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_wheel, wheel};
    use super::*;

    #[test]
    fn commands_are_in_order() {
        assert!(COMMANDS.is_sorted());
    }

    #[test]
    fn names_of_ones_own_are_quiet() {
        let builder =
            wheel().entry_points("[console_scripts]\ndemo = demo:main\npythonic = demo:x\n");
        expect(&in_wheel(&builder, check), &[]);
    }

    #[test]
    fn hidden_commands_are_found() {
        let builder = wheel().entry_points(
            "[console_scripts]\ntest = demo:main\npip = demo:main\npython3 = demo:main\n",
        );
        let at = "(demo-1.0.dist-info/entry_points.txt)";
        expect(
            &in_wheel(&builder, check),
            &[
                &format!("warning -: the script `test` hides the command of that name {at}"),
                &format!(
                    "warning -: the script `pip` takes the place of the environment's own {at}"
                ),
                &format!(
                    "error uv: the script `python3` takes the place of the environment's own {at}"
                ),
            ],
        );
    }
}
