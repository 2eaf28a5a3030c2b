//! Builds an sdist, and from that sdist a wheel, in an isolated environment.
//!
//! The backend's hooks run in their own processes with an untrusted environment and answer through
//! files; what they print is a log. Nothing appears in the output directory before both files are
//! there and agree with each other and with the project. Checks of what was built are left to
//! `pubflow-check`.
//!
//! Spec: PEP 517, PEP 518, PEP 643 (metadata of sdists), "pyproject.toml specification".

mod backend_path;
mod comparison;
mod consistency;
mod error;
mod hook;
mod made;
mod output;
mod room;
mod source;
mod stored;
mod workshop;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use pubflow_dist::FileDigests;
use pubflow_metadata::core_metadata::CoreMetadata;
use pubflow_process::{Cancel, Inherited};
use pubflow_spec::{ProjectName, Version};

pub use comparison::{Difference, DifferenceKind};
pub use error::{BuildError, BuildReason, BuildStage, HookFailure};

use crate::installer::{InstallerChoice, Network};
use crate::interpreter::Interpreter;
use comparison::Depth;
use consistency::Agreed;
use made::Made;
use source::Source;
use workshop::Workshop;

/// Two builds that are this far apart write different times, if they write any.
const TIMES_DIFFER: Duration = Duration::from_secs(3);

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
    /// Where hooks run.
    pub isolation: Isolation,
    /// Requirements file that bounds the versions of build requirements, and their digests where it
    /// gives some.
    pub constraints: Option<&'a Path>,
    /// What is taken from earlier builds.
    pub memory: Memory,
    /// What is built besides, to be compared.
    pub comparisons: Comparisons,
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

/// Where hooks run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Isolation {
    /// In an environment that holds what the build requires and nothing else.
    #[default]
    Isolated,
    /// In the interpreter as it is, which must have everything already.
    None,
}

/// What is taken from earlier builds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Memory {
    /// What requirements came to within the last day, and environments made for it.
    #[default]
    Recent,
    /// Environments only: the index is asked again what the requirements come to.
    Fresh,
}

/// What is built besides, to be compared with the two files and thrown away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Comparisons {
    /// Both files once more, at another time, in another directory, with another seed for hashes.
    pub again: bool,
    /// The wheel from the tree, without the detour over the sdist.
    pub tree: bool,
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
    /// What the second build did otherwise, when one was asked for.
    pub again: Option<Vec<Difference>>,
    /// How the wheel from the tree differs from the one from the sdist, when it was asked for.
    pub tree: Option<TreeComparison>,
}

/// How the wheel from the tree compares with the wheel from the sdist.
#[derive(Debug, Clone)]
pub enum TreeComparison {
    /// In files and their content; the first build is the one from the sdist.
    Compared(Vec<Difference>),
    /// No wheel can be built from the tree; these are the words.
    Failed(String),
}

/// Builds the sdist and the wheel of a project. Blocks.
///
/// # Errors
/// [`BuildError`]: where it stopped and why. The output directory is then as it was.
pub fn build(request: &BuildRequest<'_>) -> Result<Built, BuildError> {
    in_workshop(request, BuildStage::BuildSdist, |source, workshop| {
        build_both(request, source, workshop)
    })
}

/// Builds the wheel of a tree alone, as an installer does with an unpacked sdist; what is to be
/// compared is not built. Blocks.
///
/// # Errors
/// As [`build`].
pub fn build_wheel(request: &BuildRequest<'_>) -> Result<PathBuf, BuildError> {
    in_workshop(request, BuildStage::BuildWheel, |source, workshop| {
        let (wheel, _) = workshop.make_wheel(source)?;
        let [path] = output::place(request.out_dir, [&wheel.path])
            .map_err(|error| BuildError::io(BuildStage::BuildWheel, request.out_dir, error))?;
        Ok(path)
    })
}

/// Reads the project, opens a workshop for it, and keeps the log of what is done there. `first` is
/// what an output directory that cannot be written stops.
fn in_workshop<T>(
    request: &BuildRequest<'_>,
    first: BuildStage,
    work: impl FnOnce(&Source, &mut Workshop<'_>) -> Result<T, BuildError>,
) -> Result<T, BuildError> {
    let project = std::path::absolute(request.project)
        .map_err(|error| BuildError::io(BuildStage::Parse, request.project, error))?;
    let source = Source::read(&project)?;
    source.check_requirements()?;
    backend_path::resolve(&source)?;
    output::require_writable(request.out_dir)
        .map_err(|error| BuildError::io(first, request.out_dir, error))?;
    let mut workshop = Workshop::open(request, &source)?;
    let result = work(&source, &mut workshop);
    let written = workshop.write_log(request.log);
    let done = result?;
    written?;
    Ok(done)
}

fn build_both(
    request: &BuildRequest<'_>,
    source: &Source,
    workshop: &mut Workshop<'_>,
) -> Result<Built, BuildError> {
    let started = Instant::now();
    let (sdist, wheel, prepared) = make_both(source, workshop)?;
    let agreed = consistency::agree(source, &sdist, &wheel, prepared.as_ref())?;
    let again = match request.comparisons.again {
        true => Some(compare_again(source, workshop, (&sdist, &wheel), started)?),
        false => None,
    };
    let tree = match request.comparisons.tree {
        true => Some(compare_tree(source, workshop, &wheel)?),
        false => None,
    };
    let built = finish(request, source, workshop, (sdist, wheel, agreed))?;
    Ok(Built {
        again,
        tree,
        ..built
    })
}

/// The sdist from the tree and the wheel from the sdist.
fn make_both(
    source: &Source,
    workshop: &mut Workshop<'_>,
) -> Result<(Made, Made, Option<CoreMetadata>), BuildError> {
    let sdist = workshop.make_sdist(source)?;
    let tree = workshop.unpack(&sdist)?;
    let unpacked = source.again_in(tree)?;
    let (wheel, prepared) = workshop.make_wheel(&unpacked)?;
    Ok((sdist, wheel, prepared))
}

/// Builds both files once more and compares.
fn compare_again(
    source: &Source,
    workshop: &mut Workshop<'_>,
    first: (&Made, &Made),
    started: Instant,
) -> Result<Vec<Difference>, BuildError> {
    // A time that is written down must be another one; archives are exact to two seconds.
    workshop.pause(TIMES_DIFFER.saturating_sub(started.elapsed()));
    workshop.change_hash_seed();
    let (sdist, wheel, _) = make_both(source, workshop)?;
    let mut found = Vec::new();
    for (one, two) in [(first.0, &sdist), (first.1, &wheel)] {
        found.extend(compare(one, two, Depth::Bytes)?);
    }
    Ok(found)
}

/// Builds the wheel from the tree and compares what is in it.
fn compare_tree(
    source: &Source,
    workshop: &mut Workshop<'_>,
    from_sdist: &Made,
) -> Result<TreeComparison, BuildError> {
    match workshop.make_wheel(source) {
        Ok((from_tree, _)) => {
            compare(from_sdist, &from_tree, Depth::Files).map(TreeComparison::Compared)
        }
        Err(error) if error.is_cancelled() => Err(error),
        Err(error) => Ok(TreeComparison::Failed(error.message())),
    }
}

fn compare(one: &Made, two: &Made, depth: Depth) -> Result<Vec<Difference>, BuildError> {
    comparison::compare(&one.filename, &one.path, &two.path, depth)
        .map_err(|error| BuildError::io(BuildStage::Consistency, &two.path, error))
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
        again: None,
        tree: None,
    })
}
