//! Build backends that are known by name: which distribution holds them, and since when they write
//! the licence metadata of PEP 639.

use pubflow_spec::Requirement;

use super::PyprojectSubject;
use crate::pyproject::{StringValue, TomlPath};

/// A known build backend.
#[derive(Debug)]
pub(super) struct Backend {
    /// Its module, or the package that the module is in.
    module: &'static str,
    /// The distribution, in normal form.
    pub(super) distribution: &'static str,
    /// The first version that knows the string form of `license`, and `license-files`.
    pub(super) licence_since: Option<&'static str>,
}

const fn backend(
    module: &'static str,
    distribution: &'static str,
    licence_since: Option<&'static str>,
) -> Backend {
    Backend {
        module,
        distribution,
        licence_since,
    }
}

/// Known backends; a package stands behind those inside of it. The versions are those of the
/// packaging guide.
static BACKENDS: [Backend; 18] = [
    backend("enscons", "enscons", None),
    backend("flit", "flit", None),
    backend("flit_core", "flit-core", Some("3.12")),
    backend("hatchling", "hatchling", Some("1.27.0")),
    backend("maturin", "maturin", None),
    backend("mesonpy", "meson-python", None),
    backend("pbr", "pbr", None),
    backend("pdm.backend", "pdm-backend", Some("2.4.0")),
    backend("pdm.pep517", "pdm-pep517", None),
    backend("poetry.core", "poetry-core", Some("2.2.0")),
    backend("poetry.masonry", "poetry", None),
    backend("py_build_cmake", "py-build-cmake", None),
    backend("scikit_build_core", "scikit-build-core", None),
    backend("setuptools", "setuptools", Some("77.0.3")),
    backend("sipbuild", "sip", None),
    backend("trampolim", "trampolim", None),
    backend("uv_build", "uv-build", Some("0.7.19")),
    backend("whey", "whey", None),
];

impl Backend {
    /// The backend that an object reference names, if it is known.
    fn of_reference(reference: &str) -> Option<&'static Self> {
        let module = reference.split(':').next().unwrap_or_default().trim();
        BACKENDS.iter().find(|backend| {
            let rest = module.strip_prefix(backend.module);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    }

    /// Whether a requirement asks for the distribution that holds it.
    pub(super) fn is_required_by(&self, requirement: &Requirement) -> bool {
        requirement.name.normalized() == self.distribution
    }
}

/// The known backend that `build-system.build-backend` names, unless it is found in the tree.
pub(super) fn known_backend(subject: &PyprojectSubject) -> Option<&'static Backend> {
    let table = subject.pyproject.table("build-system")?;
    if table.contains_key("backend-path") {
        return None;
    }
    Backend::of_reference(table.get("build-backend")?.as_str()?)
}

/// The valid requirements of `build-system.requires`.
pub(super) fn build_requirements(
    subject: &PyprojectSubject,
) -> Vec<(StringValue<'_>, Requirement)> {
    let path = TomlPath::of(&["build-system", "requires"]);
    let values = subject.pyproject.strings_at(&path).into_iter();
    values
        .filter_map(|value| {
            let requirement = Requirement::parse(value.text).ok()?;
            Some((value, requirement))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backends_are_found_by_their_modules() {
        let found = |reference| Backend::of_reference(reference).map(|found| found.distribution);
        assert_eq!(
            found("setuptools.build_meta:__legacy__"),
            Some("setuptools")
        );
        assert_eq!(found("flit_core.buildapi"), Some("flit-core"));
        assert_eq!(found("poetry.core.masonry.api"), Some("poetry-core"));
        assert_eq!(found("maturin"), Some("maturin"));
        assert_eq!(found("setuptools_x.y"), None);
    }
}
