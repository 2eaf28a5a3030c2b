//! Builds of the sample projects.
//!
//! Those with build requirements take them from wherever pip is configured to on this machine.

#[cfg(test)]
mod sample;

use pubflow_process::{Inherited, find_program};
use pubflow_python::installer::{InstallerChoice, Network};

use sample::Sample;

#[track_caller]
fn check(sample: &str, network: Network, expected: [&str; 2]) {
    let built = Sample::copy(sample).build(InstallerChoice::Pip, network);
    assert_eq!(
        [built.sdist.filename.as_str(), built.wheel.filename.as_str()],
        expected
    );
}

#[test]
fn a_project_of_hatchling_is_built() {
    let expected = [
        "pubflow_hello-1.0.0.tar.gz",
        "pubflow_hello-1.0.0-py3-none-any.whl",
    ];
    check("hello", Network::Online, expected);
}

#[test]
fn a_project_from_before_pyproject_is_built() {
    let expected = [
        "pubflow_setuptools_legacy-0.3.0.tar.gz",
        "pubflow_setuptools_legacy-0.3.0-py3-none-any.whl",
    ];
    check("setuptools-legacy", Network::Online, expected);
}

#[test]
fn a_project_without_requirements_is_built_the_same_twice_and_by_either_installer() {
    let by_pip = Sample::copy("in-tree").build(InstallerChoice::Pip, Network::Offline);
    let uv = find_program("uv", &Inherited::capture());
    let other = match uv {
        Some(_) => InstallerChoice::Uv,
        None => {
            eprintln!(
                "uv is not installed here: pip builds twice, the comparison with uv is left out"
            );
            InstallerChoice::Pip
        }
    };
    let again = Sample::copy("in-tree").build(other, Network::Offline);
    assert_eq!(by_pip.sdist.digests, again.sdist.digests);
    assert_eq!(by_pip.wheel.digests, again.wheel.digests);
}
