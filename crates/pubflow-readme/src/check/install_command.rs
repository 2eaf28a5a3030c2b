//! P708: an install command that installs something else.

use pubflow_finding::{Findings, Rule, Severity};

use super::Description;

pub(super) static RULE: Rule = Rule {
    code: "P708",
    name: "description-install-command",
    severity: Severity::Note,
    source: "advice",
    refused_by: &[],
    about: "The description shows `pip install` for other names and never for the project's own.",
    why: "Readers copy the line. After a change of name, or for a package whose import name differs, \
          it installs somebody else's project or none.",
    cure: "Write `pip install` with the name of this project.",
    bad: "pip install demo-old",
    good: "pip install demo",
};

/// Options whose value would be taken for a name.
const WITH_VALUE: [&str; 8] = [
    "-r",
    "-c",
    "-e",
    "-i",
    "-f",
    "--requirement",
    "--index-url",
    "--extra-index-url",
];

/// Compares the names of install commands with the project's.
pub(super) fn check(description: &Description, findings: &mut Findings) {
    let Some(project) = &description.project else {
        return;
    };
    let mut others = Vec::new();
    for (n, line) in description.text.lines().enumerate() {
        let Some((_, arguments)) = line.split_once("pip install ") else {
            continue;
        };
        if arguments
            .split_whitespace()
            .any(|word| WITH_VALUE.contains(&word))
        {
            continue;
        }
        let names = arguments
            .split_whitespace()
            .take_while(|word| !matches!(*word, "#" | "&&" | "||" | "|"))
            .filter(|word| !word.starts_with('-'))
            .map(name_of)
            .filter(|name| !name.is_empty());
        for name in names {
            if folded(name) == folded(project) {
                return;
            }
            others.push((n + 1, name));
        }
    }
    // A path, an address or a variable says nothing about a name.
    if let Some((line, name)) = others.first().filter(|(_, name)| is_name(name)) {
        let message = format!("`pip install {name}` does not install `{project}`");
        let next = format!("write `pip install {project}`");
        findings.add(
            description
                .finding_at(&RULE, Some(*line), message)
                .next(next),
        );
    }
}

/// A requirement without quotes, extras and version.
fn name_of(word: &str) -> &str {
    let word = word.trim_matches(['"', '\'', '`', ',', '.', ')', '*']);
    let end = word.find(['[', '=', '<', '>', '~', '!', ';', '@', '`', '<']);
    &word[..end.unwrap_or(word.len())]
}

fn is_name(name: &str) -> bool {
    name.chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
        && name.starts_with(|c: char| c.is_ascii_alphanumeric())
}

fn folded(name: &str) -> String {
    name.to_ascii_lowercase().replace(['_', '.'], "-")
}

#[cfg(test)]
mod tests {
    use super::super::testing::found;
    use super::RULE;

    #[test]
    fn fires() {
        assert_eq!(
            found(
                &RULE,
                "Install::\n\n    $ pip install -U demo-old==1.0\n",
                None
            ),
            ["3: `pip install demo-old` does not install `demo`"]
        );
    }

    #[test]
    fn stays_quiet() {
        for text in [
            "`pip install Demo[all]`",
            "pip install --upgrade pip demo",
            "pip install .",
            "pip install -r x.txt\n\nor pip install git+https://a.example/b",
        ] {
            assert!(
                found(&RULE, text, Some("text/markdown")).is_empty(),
                "{text}"
            );
        }
    }
}
