//! Projects whose build backend lies in the tree, so that a test decides what it does and nothing
//! has to be fetched.

use std::path::PathBuf;

use super::World;

impl World {
    /// The sample project with an in-tree backend, and `code` put at the end of that backend: what it
    /// defines again, or does on import, is the test's.
    pub(crate) fn project_with_backend(&self, code: &str) -> PathBuf {
        let project = self.project("in-tree");
        let backend = project.join("build_backend/make_it.py");
        let text = std::fs::read_to_string(&backend).unwrap();
        std::fs::write(&backend, format!("{text}\n\n{code}\n")).unwrap();
        project
    }
}
