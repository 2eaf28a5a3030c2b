//! An sdist is verified by the wheel that is built from it, as an installer would build it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use pubflow_dist::{Distribution, Limits, unpack_sdist};

use super::{Opened, VerifyError, VerifyRequest};
use crate::build::{BuildError, BuildRequest, Comparisons, Isolation, Memory, build_wheel};

/// Time limit of the build; compilers are slow.
const DEADLINE: Duration = Duration::from_secs(3600);

/// The wheel built from the sdist at `path`, and the directory that keeps it.
pub(super) fn wheel_of(path: &Path, request: &VerifyRequest<'_>) -> Result<Opened, VerifyError> {
    let kept = tempfile::Builder::new()
        .prefix("sdist-")
        .tempdir_in(request.scratch)
        .map_err(|source| VerifyError::Scratch { source })?;
    let tree = kept.path().join("tree");
    std::fs::create_dir(&tree).map_err(|source| VerifyError::Scratch { source })?;
    let project =
        unpack_sdist(path, &tree, &Limits::default()).map_err(|source| VerifyError::Unpack {
            path: path.to_path_buf(),
            source: Box::new(source),
        })?;
    let wheel = build(&project, &kept.path().join("dist"), request).map_err(|source| {
        VerifyError::Sdist {
            path: path.to_path_buf(),
            source,
        }
    })?;
    match Distribution::open(&wheel, &Limits::default())? {
        Distribution::Wheel(wheel) => Ok(Opened {
            wheel: *wheel,
            _kept: Some(kept),
        }),
        _ => Err(VerifyError::NoDistribution { path: wheel }),
    }
}

fn build(
    project: &Path,
    out_dir: &Path,
    request: &VerifyRequest<'_>,
) -> Result<PathBuf, Box<BuildError>> {
    build_wheel(&BuildRequest {
        project,
        out_dir,
        python: None,
        installer: request.installer,
        network: request.network,
        isolation: Isolation::Isolated,
        constraints: None,
        memory: Memory::Recent,
        comparisons: Comparisons::default(),
        config_settings: &[],
        source_date_epoch: None,
        pass_environment: &[],
        inherited: request.inherited,
        deadline: DEADLINE,
        log: None,
        cancel: request.cancel,
    })
    .map_err(Box::new)
}
