//! A small release in `dist/`, and an index behind the fault proxy.

use std::path::Path;

use pubflow_testkit::fault_proxy::FaultProxy;
use pubflow_testkit::{SdistBuilder, WheelBuilder};

use super::{TestIndex, World};

/// A world whose `dist/` holds one release of two wheels and an sdist.
pub(crate) fn world_with_a_release() -> World {
    let world = World::new();
    let dist = world.work().join("dist");
    std::fs::create_dir(&dist).unwrap();
    for tag in ["py3-none-any", "cp312-cp312-win_amd64"] {
        WheelBuilder::new("demo", "1.0")
            .tag(tag)
            .file("demo/__init__.py", "")
            .build_in(&dist);
    }
    SdistBuilder::new("demo", "1.0")
        .file("demo/__init__.py", "")
        .build_in(&dist);
    world
}

/// Lets `testpypi` be reached through a proxy. The index proves its identity for its own address
/// only, so behind the proxy it counts as any PyPI-like server.
pub(crate) fn through_proxy(world: &mut World, index: &TestIndex) -> FaultProxy {
    let proxy = FaultProxy::start(index.get("test", "base"));
    let base = proxy.base();
    world
        .set("PUBFLOW_INDEX_TESTPYPI_UPLOAD", format!("{base}legacy/"))
        .set("PUBFLOW_INDEX_TESTPYPI_SIMPLE", format!("{base}simple/"))
        .set("PUBFLOW_INDEX_TESTPYPI_TOKEN", index.get("test", "token"));
    proxy
}

/// What a realm lists of one file: name, digest, whether yanked.
pub(crate) type Listed = (String, String, bool);

/// What an uninterrupted release leaves on the index.
pub(crate) fn expected(world: &World) -> Vec<Listed> {
    digests_in(&world.work().join("dist"))
}

/// What an index has to list when it holds the distributions of a folder, none of them yanked.
pub(crate) fn digests_in(folder: &Path) -> Vec<Listed> {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|end| end == "whl" || end == "gz")
        })
        .map(|path| {
            let sha256 = pubflow_dist::sha256_file(&path).unwrap().to_string();
            (
                path.file_name().unwrap().to_str().unwrap().to_owned(),
                sha256,
                false,
            )
        })
        .collect();
    files.sort();
    files
}
