//! `project.dependencies` and `project.optional-dependencies`, read once for all who look at them.

use pubflow_spec::{Requirement, RequirementError};

use super::{Pyproject, TomlPath};

/// A text that is to be a requirement.
#[derive(Debug, Clone)]
pub struct Dependency {
    /// The text.
    pub text: String,
    /// Its path, for [`Pyproject::position_of`].
    pub path: TomlPath,
    /// Whether it stands in `dependencies`, which every user of the project gets.
    pub is_runtime: bool,
    /// The requirement, or why it is none.
    pub read: Result<Requirement, RequirementError>,
}

impl Pyproject {
    /// All dependencies of the project, those of its extras last, in the order of the file.
    #[must_use]
    pub fn dependencies(&self) -> &[Dependency] {
        self.dependencies.get_or_init(|| {
            let project = TomlPath::of(&["project"]);
            let mut found = self.read_all(&project.key("dependencies"), true);
            if let Some(extras) = self.table("project.optional-dependencies") {
                let path = project.key("optional-dependencies");
                for (extra, _) in extras.iter() {
                    found.extend(self.read_all(&path.key(extra), false));
                }
            }
            found
        })
    }

    fn read_all(&self, path: &TomlPath, is_runtime: bool) -> Vec<Dependency> {
        let values = self.strings_at(path).into_iter();
        values
            .map(|value| Dependency {
                read: Requirement::parse(value.text),
                text: value.text.to_owned(),
                path: value.path,
                is_runtime,
            })
            .collect()
    }
}
