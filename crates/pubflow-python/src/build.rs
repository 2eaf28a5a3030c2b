//! Builds an sdist, and from that sdist a wheel, in an isolated environment.
//!
//! The backend's hooks run in their own processes with an untrusted environment and answer through
//! files; what they print is a log. Nothing appears in the output directory before both files are
//! there and agree with each other and with the project. Checks of what was built are left to
//! `pubflow-check`.
//!
//! Spec: PEP 517, PEP 518, PEP 643 (metadata of sdists), "pyproject.toml specification".

mod backend_path;
mod consistency;
mod error;
mod hook;
mod made;
mod output;
mod source;
mod stored;
mod workshop;

use std::path::{Path, PathBuf};
use std::time::Duration;

use pubflow_dist::FileDigests;
use pubflow_process::{Cancel, Inherited};
use pubflow_spec::{ProjectName, Version};

pub use error::{BuildError, BuildReason, BuildStage, HookFailure};

use crate::installer::{InstallerChoice, Network};
use crate::interpreter::Interpreter;
use consistency::Agreed;
use made::Made;
use source::Source;
use workshop::Workshop;

/// What to build, with what, and where to.
#[derive(Debug, Clone)]
pub struct BuildRequest<'a> {
    /// Directory of the source tree. Backends write into it as they like.
    pub project: &'a Path,
    /// Where the two files go; made when it is not there.
    pub out_dir: &'a Path,
    /// Interpreter to build with: version, program or path; by default the first on the search path
    /// that the project admits.
    pub python: Option<&'a str>,
    /// Which installer makes the environment.
    pub installer: InstallerChoice,
    /// Whether build requirements may come from the network.
    pub network: Network,
    /// Settings for the backend in the order given; a repeated key becomes a list.
    pub config_settings: &'a [(String, String)],
    /// Seconds since 1970 that backends should write instead of the time of day.
    pub source_date_epoch: Option<u64>,
    /// Further variables that the hooks may see, by name.
    pub pass_environment: &'a [String],
    /// What pubflow was started with.
    pub inherited: &'a Inherited,
    /// The build is stopped when it has not ended after this time.
    pub deadline: Duration,
    /// File that the complete output of installer and hooks is written to, success or not.
    pub log: Option<&'a Path>,
    /// Ends the build from another thread.
    pub cancel: Option<&'a Cancel>,
}

/// One file that was built.
#[derive(Debug, Clone)]
pub struct BuiltFile {
    /// Where it is: in the output directory.
    pub path: PathBuf,
    /// Its name.
    pub filename: String,
    /// Size and digests of the bytes that were checked and put there.
    pub digests: FileDigests,
}

/// An sdist and the wheel that was built from it.
#[derive(Debug, Clone)]
pub struct Built {
    /// Name that both carry.
    pub name: ProjectName,
    /// Version that both carry.
    pub version: Version,
    /// The sdist.
    pub sdist: BuiltFile,
    /// The wheel.
    pub wheel: BuiltFile,
    /// The interpreter that the hooks ran in.
    pub interpreter: Interpreter,
    /// The backend, as pyproject.toml names it.
    pub backend: String,
    /// The installer that made the environment.
    pub installer: &'static str,
}

/// Builds the sdist and the wheel of a project. Blocks.
///
/// # Errors
/// [`BuildError`]: where it stopped and why. The output directory is then as it was.
pub fn build(request: &BuildRequest<'_>) -> Result<Built, BuildError> {
    let project = std::path::absolute(request.project)
        .map_err(|error| BuildError::io(BuildStage::Parse, request.project, error))?;
    let source = Source::read(&project)?;
    source.check_requirements()?;
    backend_path::resolve(&source)?;
    output::require_writable(request.out_dir)
        .map_err(|error| BuildError::io(BuildStage::BuildSdist, request.out_dir, error))?;
    let mut workshop = Workshop::open(request, &source)?;
    let result = build_both(request, &source, &mut workshop);
    let written = workshop.write_log(request.log);
    let built = result?;
    written?;
    Ok(built)
}

fn build_both(
    request: &BuildRequest<'_>,
    source: &Source,
    workshop: &mut Workshop<'_>,
) -> Result<Built, BuildError> {
    let sdist = workshop.make_sdist(source)?;
    let tree = workshop.unpack(&sdist)?;
    let unpacked = source.again_in(tree)?;
    let (wheel, prepared) = workshop.make_wheel(&unpacked)?;
    let agreed = consistency::agree(source, &sdist, &wheel, prepared.as_ref())?;
    finish(request, source, workshop, (sdist, wheel, agreed))
}

/// Puts both files into the output directory.
fn finish(
    request: &BuildRequest<'_>,
    source: &Source,
    workshop: &Workshop<'_>,
    (sdist, wheel, agreed): (Made, Made, Agreed),
) -> Result<Built, BuildError> {
    let [sdist_path, wheel_path] = output::place(request.out_dir, [&sdist.path, &wheel.path])
        .map_err(|error| BuildError::io(BuildStage::BuildWheel, request.out_dir, error))?;
    let file = |made: Made, path| BuiltFile {
        path,
        filename: made.filename,
        digests: made.digests,
    };
    Ok(Built {
        name: agreed.name,
        version: agreed.version,
        sdist: file(sdist, sdist_path),
        wheel: file(wheel, wheel_path),
        interpreter: workshop.interpreter().clone(),
        backend: source.backend().to_owned(),
        installer: workshop.installer_name(),
    })
}
