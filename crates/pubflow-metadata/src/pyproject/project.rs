//! Accessors of `[project]` and `[tool]`.

use toml_edit::Item;

use super::{Pyproject, TomlPath};

/// A string somewhere in the file, with its path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StringValue<'a> {
    /// The text.
    pub text: &'a str,
    /// Its path, for [`Pyproject::position_of`].
    pub path: TomlPath,
}

impl Pyproject {
    /// Whether there is a `[project]` table.
    #[must_use]
    pub fn has_project(&self) -> bool {
        self.table("project").is_some()
    }

    /// A string of `[project]`; `None` where it is absent or of another type.
    #[must_use]
    pub fn project_string(&self, key: &str) -> Option<&str> {
        self.table("project")?.get(key)?.as_str()
    }

    /// `project.name`.
    #[must_use]
    pub fn project_name(&self) -> Option<&str> {
        self.project_string("name")
    }

    /// `project.version`; `None` too where the backend finds it.
    #[must_use]
    pub fn project_version(&self) -> Option<&str> {
        self.project_string("version")
    }

    /// `project.requires-python`.
    #[must_use]
    pub fn requires_python(&self) -> Option<&str> {
        self.project_string("requires-python")
    }

    /// `project.dynamic`: what the backend fills in.
    #[must_use]
    pub fn dynamic(&self) -> Vec<&str> {
        self.texts(&TomlPath::of(&["project", "dynamic"]))
    }

    /// `project.classifiers`.
    #[must_use]
    pub fn classifiers(&self) -> Vec<&str> {
        self.texts(&TomlPath::of(&["project", "classifiers"]))
    }

    /// The strings of an array with their places; other values of it are passed over.
    #[must_use]
    pub fn strings_at(&self, path: &TomlPath) -> Vec<StringValue<'_>> {
        let array = self
            .find(path)
            .and_then(|found| found.item)
            .and_then(Item::as_array);
        let Some(array) = array else {
            return Vec::new();
        };
        let texts = array.iter().enumerate();
        texts
            .filter_map(|(index, value)| {
                let text = value.as_str()?;
                let path = path.index(index);
                Some(StringValue { text, path })
            })
            .collect()
    }

    fn texts(&self, path: &TomlPath) -> Vec<&str> {
        let values = self.strings_at(path);
        values.into_iter().map(|value| value.text).collect()
    }

    /// `[tool.NAME]`, or whatever stands there.
    #[must_use]
    pub fn tool(&self, name: &str) -> Option<&Item> {
        self.table("tool")?.get(name)
    }

    /// File that the description is read from, as written in `project.readme`.
    #[must_use]
    pub fn readme_file(&self) -> Option<&str> {
        let readme = self.table("project")?.get("readme")?;
        match readme.as_str() {
            Some(file) => Some(file),
            None => readme.as_table_like()?.get("file")?.as_str(),
        }
    }

    /// Content type that `project.readme` gives.
    #[must_use]
    pub fn readme_content_type(&self) -> Option<&str> {
        let readme = self.table("project")?.get("readme")?;
        readme.as_table_like()?.get("content-type")?.as_str()
    }

    /// Files that the table names and a build needs: the readme and the licence of the old table
    /// form, with their paths in the file.
    #[must_use]
    pub fn named_files(&self) -> Vec<StringValue<'_>> {
        let mut named = Vec::new();
        if let Some(text) = self.readme_file() {
            let is_table = self.table("project.readme").is_some();
            let path = TomlPath::of(&["project", "readme"]);
            let path = if is_table { path.key("file") } else { path };
            named.push(StringValue { text, path });
        }
        let licence = self.table("project.license");
        if let Some(text) = licence.and_then(|table| table.get("file")?.as_str()) {
            let path = TomlPath::of(&["project", "license", "file"]);
            named.push(StringValue { text, path });
        }
        named
    }
}
