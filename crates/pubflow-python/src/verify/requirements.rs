//! What a distribution needs, with and without its extras, on one interpreter.
//!
//! Markers are evaluated here, so that an installer is given plain requirements. An extra may ask for
//! other extras of its own project (`demo[fast]` in `demo[all]`); those are replaced by what they
//! need, because the project itself is already there and must not come from an index.
//!
//! Spec: core metadata, "Requires-Dist" and "Provides-Extra"; "Dependency specifiers".

use std::collections::BTreeSet;

use pubflow_metadata::core_metadata::CoreMetadata;
use pubflow_spec::{MarkerEnvironment, ProjectName, Requirement};

use crate::interpreter::Interpreter;

/// The requirements of one distribution.
#[derive(Debug)]
pub(super) struct Requirements {
    project: ProjectName,
    requirements: Vec<Requirement>,
    extras: Vec<String>,
    markers: MarkerEnvironment,
}

impl Requirements {
    /// Those that the metadata declare. Lines that are no requirements are another check's business.
    pub(super) fn of(
        project: &ProjectName,
        metadata: &CoreMetadata,
        interpreter: &Interpreter,
    ) -> Self {
        let mut markers = MarkerEnvironment::new();
        for (name, value) in &interpreter.markers {
            markers.set(name, value);
        }
        Self {
            project: project.clone(),
            requirements: metadata
                .all("Requires-Dist")
                .filter_map(|text| Requirement::parse(text).ok())
                .collect(),
            extras: metadata.all("Provides-Extra").map(str::to_owned).collect(),
            markers,
        }
    }

    /// Extras in the order of the metadata.
    pub(super) fn extras(&self) -> &[String] {
        &self.extras
    }

    /// What is needed without any extra.
    pub(super) fn base(&self) -> Vec<String> {
        self.with_extras(&[])
    }

    /// What is needed with these extras beyond what is needed without.
    pub(super) fn added_by(&self, extras: &[String]) -> Vec<String> {
        let base = self.base();
        let mut added = self.with_extras(extras);
        added.retain(|requirement| !base.contains(requirement));
        added
    }

    /// The extras that ask for `project` by themselves.
    pub(super) fn extras_asking_for(&self, project: &ProjectName) -> Vec<&str> {
        self.extras
            .iter()
            .filter(|extra| {
                self.added_by(&[(*extra).clone()]).iter().any(|text| {
                    Requirement::parse(text).is_ok_and(|requirement| requirement.name == *project)
                })
            })
            .map(String::as_str)
            .collect()
    }

    fn with_extras(&self, extras: &[String]) -> Vec<String> {
        // The empty name stands for the distribution without an extra.
        let mut waiting: Vec<String> = std::iter::once(String::new())
            .chain(extras.iter().cloned())
            .collect();
        let mut seen = BTreeSet::new();
        let mut needed = Vec::new();
        while let Some(extra) = waiting.pop() {
            if !seen.insert(extra.clone()) {
                continue;
            }
            let markers = self.markers.clone().with("extra", &extra);
            for requirement in &self.requirements {
                let applies = requirement
                    .marker
                    .as_ref()
                    .is_none_or(|marker| marker.evaluate(&markers).unwrap_or(false));
                if !applies {
                    continue;
                }
                if requirement.name == self.project {
                    waiting.extend(requirement.extras.iter().cloned());
                    continue;
                }
                let plain = Requirement {
                    marker: None,
                    ..requirement.clone()
                };
                needed.push(plain.to_string());
            }
        }
        needed.sort();
        needed.dedup();
        needed
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::path::PathBuf;

    use pubflow_spec::Version;

    use super::*;

    fn requirements(lines: &str) -> Requirements {
        let text = format!("Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n{lines}");
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
            markers: BTreeMap::from([
                ("python_version".to_owned(), "3.12".to_owned()),
                ("sys_platform".to_owned(), "linux".to_owned()),
            ]),
        };
        Requirements::of(
            &ProjectName::parse("demo").unwrap(),
            &CoreMetadata::parse(text.as_bytes()),
            &interpreter,
        )
    }

    #[test]
    fn markers_are_evaluated_and_extras_kept_apart() {
        let demo = requirements(concat!(
            "Provides-Extra: fast\nProvides-Extra: all\n",
            "Requires-Dist: attrs>=22\n",
            "Requires-Dist: tomli; python_version < '3.11'\n",
            "Requires-Dist: orjson; extra == 'fast'\n",
            "Requires-Dist: rich; extra == 'all'\n",
            "Requires-Dist: demo[fast]; extra == 'all'\n",
            "Requires-Dist: not a requirement\n",
        ));
        assert_eq!(demo.base(), ["attrs>=22"]);
        assert_eq!(demo.extras(), ["fast", "all"]);
        assert_eq!(demo.added_by(&["fast".to_owned()]), ["orjson"]);
        assert_eq!(demo.added_by(&["all".to_owned()]), ["orjson", "rich"]);
        let orjson = ProjectName::parse("orjson").unwrap();
        assert_eq!(demo.extras_asking_for(&orjson), ["fast", "all"]);
    }

    #[test]
    fn extras_that_ask_for_each_other_end() {
        let demo = requirements(concat!(
            "Provides-Extra: a\nProvides-Extra: b\n",
            "Requires-Dist: demo[b]; extra == 'a'\n",
            "Requires-Dist: demo[a]; extra == 'b'\n",
            "Requires-Dist: rich; extra == 'b'\n",
        ));
        assert_eq!(demo.added_by(&["a".to_owned()]), ["rich"]);
    }
}
