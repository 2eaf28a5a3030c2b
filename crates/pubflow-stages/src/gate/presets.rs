//! Gates that a project could have: offered for the tools that it uses already, never switched on by
//! themselves.

use std::collections::BTreeMap;

use pubflow_metadata::pyproject::{Pyproject, TomlPath};
use pubflow_spec::{ProjectName, Requirement};

use super::settings::{CommandGate, Gate, GateWork, ReportSource, TIMEOUT, Thresholds};

/// A tool that is known.
struct Preset {
    /// Name of the gate.
    gate: &'static str,
    /// The project that holds the tool.
    tool: &'static str,
    /// Tables of pyproject.toml that configure it.
    tables: &'static [&'static str],
    run: &'static [&'static str],
    report: Option<&'static str>,
}

static PRESETS: &[Preset] = &[
    Preset {
        gate: "tests",
        tool: "pytest",
        tables: &["tool.pytest", "tool.pytest.ini_options"],
        run: &["pytest", "-q", "--junitxml={out}/junit.xml"],
        report: Some("junit:{out}/junit.xml"),
    },
    Preset {
        gate: "lint",
        tool: "ruff",
        tables: &["tool.ruff", "tool.ruff.lint"],
        run: &["ruff", "check", "--output-format", "json", "."],
        report: Some("ruff:-"),
    },
    Preset {
        gate: "format",
        tool: "ruff",
        tables: &["tool.ruff.format"],
        run: &["ruff", "format", "--check", "."],
        report: None,
    },
    Preset {
        gate: "format",
        tool: "black",
        tables: &["tool.black"],
        run: &["black", "--check", "."],
        report: None,
    },
    Preset {
        gate: "types",
        tool: "mypy",
        tables: &["tool.mypy"],
        run: &["mypy", "--output", "json", "--no-error-summary", "."],
        report: Some("mypy:-"),
    },
    Preset {
        gate: "audit",
        tool: "pip-audit",
        tables: &["tool.pip-audit"],
        run: &["pip-audit", "."],
        report: None,
    },
];

/// The gates that fit what `pyproject` configures or depends on for development. Of two tools for
/// one gate the one that has a table wins, else the first.
#[must_use]
pub fn presets(pyproject: &Pyproject) -> Vec<Gate> {
    let mut chosen: BTreeMap<&str, (&Preset, bool)> = BTreeMap::new();
    for preset in PRESETS {
        let has_table = preset
            .tables
            .iter()
            .any(|table| pyproject.item(table).is_some());
        // The formatter of a linter is meant only where it is set up.
        let is_meant = preset.tool != "ruff" || preset.gate != "format";
        if !has_table && (!is_meant || !is_dependency(pyproject, preset.tool)) {
            continue;
        }
        let stronger = |held: &(&Preset, bool)| has_table && !held.1;
        if chosen.get(preset.gate).is_none_or(stronger) {
            chosen.insert(preset.gate, (preset, has_table));
        }
    }
    let order = PRESETS.iter().filter(|preset| {
        chosen
            .get(preset.gate)
            .is_some_and(|(held, _)| std::ptr::eq(*held, *preset))
    });
    order.map(gate).collect()
}

fn gate(preset: &Preset) -> Gate {
    Gate {
        name: preset.gate.to_owned(),
        work: GateWork::Command(CommandGate {
            run: preset.run.iter().map(|part| (*part).to_owned()).collect(),
            report: preset
                .report
                .and_then(|text| ReportSource::parse(text).ok()),
            timeout: TIMEOUT,
            retries: 0,
        }),
        thresholds: Thresholds::default(),
        required: true,
    }
}

/// Whether a development group or an extra asks for the tool.
fn is_dependency(pyproject: &Pyproject, tool: &str) -> bool {
    let Ok(tool) = ProjectName::parse(tool) else {
        return false;
    };
    let groups = ["dependency-groups", "project.optional-dependencies"];
    groups.into_iter().any(|table| {
        let names = pyproject
            .table(table)
            .into_iter()
            .flat_map(|table| table.iter());
        let names: Vec<String> = names.map(|(name, _)| name.to_owned()).collect();
        names.iter().any(|group| {
            let path = match table {
                "dependency-groups" => TomlPath::of(&[table, group]),
                _ => TomlPath::of(&["project", "optional-dependencies", group]),
            };
            let listed = pyproject.strings_at(&path);
            listed.iter().any(|text| {
                Requirement::parse(text.text).is_ok_and(|requirement| requirement.name == tool)
            })
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(toml: &str, expected: &[&str]) {
        let gates = presets(&Pyproject::parse(toml));
        let lines: Vec<String> = gates
            .iter()
            .map(|gate| match &gate.work {
                GateWork::Command(command) => format!("{}: {}", gate.name, command.run[0]),
                _ => gate.name.clone(),
            })
            .collect();
        assert_eq!(lines, expected);
    }

    #[test]
    fn gates_are_offered_for_the_tools_of_the_project() {
        check("[project]\nname = \"demo\"\n", &[]);
        check(
            "[tool.pytest.ini_options]\n[tool.ruff]\n[tool.mypy]\nstrict = true\n",
            &["tests: pytest", "lint: ruff", "types: mypy"],
        );
        check(
            "[dependency-groups]\ndev = [\"pytest>=8\", \"Pip_Audit\", {include-group = \"x\"}]\n",
            &["tests: pytest", "audit: pip-audit"],
        );
        check(
            "[project.optional-dependencies]\ndev = [\"black\"]\n",
            &["format: black"],
        );
        check(
            "[tool.ruff.format]\n[tool.black]\n",
            &["lint: ruff", "format: ruff"],
        );
    }

    #[test]
    fn every_preset_is_a_whole_gate() {
        for preset in PRESETS {
            assert_eq!(gate(preset).report().is_some(), preset.report.is_some());
        }
    }
}
