//! What an installer will write, and where.
//!
//! Spec: binary distribution format, "Installing a wheel"; `sysconfig` installation schemes.

use std::collections::BTreeMap;

use crate::entry::Entry;
use crate::wheel::{Wheel, is_script_group};

/// What an installer will write.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Installs {
    /// Whether WHEEL says that the files are for any machine (`Root-Is-Purelib`).
    pub is_purelib: Option<bool>,
    /// Everything at the top of the directory of packages.
    pub site_packages: Vec<Place>,
    /// Commands that appear on the path.
    pub scripts: Vec<Script>,
    /// Below the environment's own directory: `share/man/man1/demo.1`.
    pub data: Vec<Place>,
    /// C headers.
    pub headers: Vec<Place>,
    /// Below a key of `.data` that installers do not know; they refuse the wheel.
    pub unknown: Vec<Place>,
}

/// A file or a directory with everything below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Where it will be, below the directory of its kind; directories end with `/`.
    pub path: String,
    /// Files in it.
    pub files: usize,
    /// Bytes of them.
    pub bytes: u64,
}

/// A command that appears on the path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// Its name.
    pub name: String,
    /// Where it comes from: an object reference, or a member of `.data/scripts`.
    pub from: String,
    /// Whether the installer writes it from an entry point.
    pub is_entry_point: bool,
}

/// Files and bytes by path.
type Places = BTreeMap<String, (usize, u64)>;

impl Installs {
    pub(super) fn of(wheel: &Wheel) -> Self {
        let (mut packages, mut data) = (Places::new(), Places::new());
        let (mut headers, mut unknown) = (Places::new(), Places::new());
        let mut scripts = Vec::new();
        let data_directory = wheel.data_directory();
        for entry in wheel.entries().iter().filter(|entry| entry.is_file()) {
            let below_data = data_directory
                .as_deref()
                .and_then(|directory| entry.path.below(directory));
            let Some(below) = below_data else {
                add_top(&mut packages, entry.path.as_str(), entry);
                continue;
            };
            let (key, rest) = below.split_once('/').unwrap_or(("", below));
            match key {
                "purelib" | "platlib" => add_top(&mut packages, rest, entry),
                "scripts" => scripts.push(Script {
                    name: rest.to_owned(),
                    from: entry.path.as_str().to_owned(),
                    is_entry_point: false,
                }),
                "data" => add(&mut data, rest, entry),
                "headers" => add(&mut headers, rest, entry),
                _ => add(&mut unknown, below, entry),
            }
        }
        let points = wheel
            .entry_points()
            .map_or(&[][..], |points| points.points());
        for point in points.iter().filter(|point| is_script_group(&point.group)) {
            scripts.push(Script {
                name: point.name.clone(),
                from: point.value.clone(),
                is_entry_point: true,
            });
        }
        scripts.sort_by(|a, b| a.name.cmp(&b.name));
        Self {
            is_purelib: wheel.wheel_file().and_then(|file| file.root_is_purelib()),
            site_packages: sorted(packages),
            scripts,
            data: sorted(data),
            headers: sorted(headers),
            unknown: sorted(unknown),
        }
    }
}

/// Counts a file under the first component of its path.
fn add_top(places: &mut Places, path: &str, entry: &Entry) {
    match path.split_once('/') {
        Some((top, _)) => add(places, &format!("{top}/"), entry),
        None => add(places, path, entry),
    }
}

fn add(places: &mut Places, path: &str, entry: &Entry) {
    let place = places.entry(path.to_owned()).or_default();
    place.0 += 1;
    place.1 = place.1.saturating_add(entry.size);
}

fn sorted(places: Places) -> Vec<Place> {
    places
        .into_iter()
        .map(|(path, (files, bytes))| Place { path, files, bytes })
        .collect()
}

#[cfg(test)]
mod tests {
    use pubflow_testkit::WheelBuilder;

    use super::*;
    use crate::{Distribution, Limits};

    #[test]
    fn files_go_where_installers_put_them() {
        let dir = tempfile::tempdir().unwrap();
        let path = WheelBuilder::new("demo", "1.0")
            .file("demo/__init__.py", "abc")
            .file("demo/more.py", "de")
            .file("single.py", "f")
            .file("demo-1.0.data/platlib/extra/x.so", "g")
            .file("demo-1.0.data/scripts/run", "#!python\n")
            .file("demo-1.0.data/data/share/demo.txt", "hh")
            .file("demo-1.0.data/headers/demo.h", "i")
            .file("demo-1.0.data/odd/thing", "j")
            .entry_points("[console_scripts]\ndemo = demo:main\n[other]\nx = demo\n")
            .build_in(dir.path());
        let Distribution::Wheel(wheel) = Distribution::open(&path, &Limits::default()).unwrap()
        else {
            panic!("the name tells a wheel");
        };
        let installs = Installs::of(&wheel);
        let told = |places: &[Place]| -> Vec<String> {
            places
                .iter()
                .map(|place| format!("{} {} {}", place.path, place.files, place.bytes))
                .collect()
        };
        let packages = told(&installs.site_packages);
        assert!(
            packages[0].starts_with("demo-1.0.dist-info/ 4 "),
            "{packages:?}"
        );
        assert_eq!(packages[1], "demo/ 2 5");
        assert_eq!(packages[2..], ["extra/ 1 1", "single.py 1 1"]);
        assert_eq!(told(&installs.data), ["share/demo.txt 1 2"]);
        assert_eq!(told(&installs.headers), ["demo.h 1 1"]);
        assert_eq!(told(&installs.unknown), ["odd/thing 1 1"]);
        let scripts: Vec<_> = installs
            .scripts
            .iter()
            .map(|script| (script.name.as_str(), script.from.as_str()))
            .collect();
        assert_eq!(
            scripts,
            [("demo", "demo:main"), ("run", "demo-1.0.data/scripts/run")]
        );
    }
}
