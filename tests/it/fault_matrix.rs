//! Every fault at every place of a release, one cell each: the run ends in a known state with the exit
//! code that says so, a plain re-run finishes what can be finished, and nothing is stored twice.
//!
//! docs/faults.md shows the same cells for twine and uv. It is written, not compared, because it says
//! what other people's tools did: `PUBFLOW_WRITE_DOCS=1 cargo test --test it fault_matrix`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use pubflow_testkit::fault_proxy::{Canned, Fault, FaultProxy, Nth};
use pubflow_testkit::{SdistBuilder, WheelBuilder};

use crate::peers::peers;
use crate::support::{Ended, Listed, TestIndex, World, digests_in, through_proxy};

/// What a run has to end with.
#[derive(Clone, Copy, PartialEq)]
enum End {
    /// Everything is there in the one run.
    Done,
    /// It stops with this code when nothing has landed, and with 7 after something has.
    Stopped(i32),
}

struct FaultRow {
    name: &'static str,
    fault: Fault,
    end: End,
}

/// Which upload is hit.
struct Place {
    name: &'static str,
    /// Wheels and sdists of the release.
    files: (usize, usize),
    /// Which POST, from 1.
    nth: u64,
}

const PLACES: [Place; 5] = [
    Place {
        name: "first of three wheels",
        files: (3, 1),
        nth: 1,
    },
    Place {
        name: "a middle wheel",
        files: (3, 1),
        nth: 2,
    },
    Place {
        name: "the last wheel",
        files: (3, 0),
        nth: 3,
    },
    Place {
        name: "the sdist after wheels",
        files: (1, 1),
        nth: 2,
    },
    Place {
        name: "an sdist alone",
        files: (0, 1),
        nth: 1,
    },
];

fn answer(status: u16) -> Canned {
    Canned::new(status, "the test says so")
}

fn faults() -> Vec<FaultRow> {
    let done = |name, fault| FaultRow {
        name,
        fault,
        end: End::Done,
    };
    let stopped = |name, fault, code| FaultRow {
        name,
        fault,
        end: End::Stopped(code),
    };
    let date = "Thu, 01 Jan 2026 12:00:01 GMT";
    let now = "Thu, 01 Jan 2026 12:00:00 GMT";
    vec![
        done("408", Fault::Answer(answer(408))),
        done(
            "429, Retry-After in seconds",
            Fault::Answer(answer(429).header("retry-after", "1")),
        ),
        done(
            "429, Retry-After as a date",
            Fault::Answer(answer(429).header("retry-after", date).header("date", now)),
        ),
        done("500 before storing", Fault::Answer(answer(500))),
        done("503 before storing", Fault::Answer(answer(503))),
        done("502 after storing", Fault::AnswerAfterCommit(answer(502))),
        done("reset before the body", Fault::CutBeforeBody),
        done("reset in the body", Fault::CutMidBody(200)),
        done("reset after storing", Fault::CutAfterCommit),
        done("answer cut off", Fault::CutAnswer(1)),
        done("slow answer", Fault::Delay(Duration::from_millis(300))),
        stopped("403", Fault::Answer(answer(403)), 6),
        stopped("400 with a reason", Fault::Answer(answer(400)), 1),
        stopped(
            "307 to another host",
            Fault::Answer(answer(307).header("location", "http://127.0.0.1:9/legacy/")),
            1,
        ),
    ]
}

/// One release of a project of its own, so that all cells share one index.
struct Cell {
    project: String,
    folder: PathBuf,
}

impl Cell {
    fn new(world: &World, project: &str, place: &Place) -> Self {
        let folder = world.work().join(project);
        std::fs::create_dir_all(&folder).unwrap();
        let (n_wheels, n_sdists) = place.files;
        for tag in [
            "py3-none-any",
            "cp312-cp312-win_amd64",
            "cp313-cp313-win_amd64",
        ]
        .iter()
        .take(n_wheels)
        {
            WheelBuilder::new(project, "1.0")
                .tag(tag)
                .file(&format!("{project}/__init__.py"), "")
                .build_in(&folder);
        }
        if n_sdists > 0 {
            SdistBuilder::new(project, "1.0")
                .file(&format!("{project}/__init__.py"), "")
                .build_in(&folder);
        }
        Self {
            project: project.to_owned(),
            folder,
        }
    }

    fn files(&self) -> Vec<PathBuf> {
        let names = self.expected().into_iter();
        names.map(|(name, ..)| self.folder.join(name)).collect()
    }

    fn expected(&self) -> Vec<Listed> {
        digests_in(&self.folder)
    }

    fn publish(&self, world: &World) -> Ended {
        let files = self.files();
        let files = files.iter().map(|path| path.to_str().unwrap());
        let command = ["publish", "--testpypi", "--no-verify"].into_iter();
        world.run(&command.chain(files).collect::<Vec<_>>())
    }
}

fn n_stored(proxy: &FaultProxy) -> usize {
    let log = proxy.log();
    let stored = |status: Option<u16>| status == Some(200);
    log.iter()
        .filter(|request| request.method == "POST" && stored(request.status))
        .count()
}

#[test]
fn every_cell_ends_in_the_right_state_and_code_and_a_re_run_finishes_it() {
    let mut world = World::new();
    let index = TestIndex::start(&world);
    let proxy = through_proxy(&mut world, &index);
    let mut wrong = Vec::new();
    for (n, row) in faults().iter().enumerate() {
        for (m, place) in PLACES.iter().enumerate() {
            let cell = Cell::new(&world, &format!("cell{n}x{m}"), place);
            proxy.on("POST", "/legacy/", Nth::Only(place.nth), row.fault.clone());
            let before = n_stored(&proxy);
            let first = cell.publish(&world);
            let stored_first = n_stored(&proxy) - before;
            proxy.clear();
            let expected = cell.expected();
            let code = match row.end {
                End::Done => 0,
                End::Stopped(code) if place.nth == 1 => code,
                End::Stopped(_) => 7,
            };
            let mut problems = Vec::new();
            if first.code != code {
                problems.push(format!(
                    "exit {} instead of {code}: {}",
                    first.code, first.err
                ));
            }
            if first.code == 0 && index.files("test", &cell.project) != expected {
                problems.push("exit 0, and the files are not there".to_owned());
            }
            if stored_first > expected.len() {
                problems.push(format!(
                    "{stored_first} uploads were accepted for {} files",
                    expected.len()
                ));
            }
            // A run that ended well was compared with the index above.
            if first.code != 0 {
                let again = cell.publish(&world);
                if again.code != 0 || index.files("test", &cell.project) != expected {
                    problems.push(format!("the re-run ended in {}: {}", again.code, again.err));
                }
            }
            if !problems.is_empty() {
                wrong.push(format!(
                    "{} at {}: {}",
                    row.name,
                    place.name,
                    problems.join("; ")
                ));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} cells:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// What another tool made of a cell.
fn verdict(ended: &Ended, listed: &[Listed], expected: &[Listed]) -> &'static str {
    match (ended.code == 0, listed == expected) {
        (true, true) => "done",
        (false, false) => "stopped",
        (false, true) => "**said no, all is there**",
        (true, false) => "**said yes, files are missing**",
    }
}

#[test]
fn docs_show_the_same_cells_for_other_tools() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/faults.md");
    if std::env::var_os("PUBFLOW_WRITE_DOCS").is_none() {
        let text = std::fs::read_to_string(page).unwrap();
        for row in faults() {
            assert!(
                text.contains(&format!("| {} |", row.name)),
                "{} is not in docs/faults.md",
                row.name
            );
        }
        return;
    }
    let mut text = String::from(
        "# Faults\n\nWhat became of one upload run when one request of it met a fault, on one index behind one proxy. *done*: exit 0 and every file is there;\n\
         *stopped*: another exit code, and files are missing. pubflow's cells are tested on every change; a *stopped* run of it ends with the code that\n\
         the command contract has for it, and a plain re-run finishes it. The cells of the other tools were written down once, by\n\
         `PUBFLOW_WRITE_DOCS=1 cargo test --test it fault_matrix`.\n",
    );
    for tool in ["pubflow", "twine 6.1.0", "uv 0.13.8"] {
        let places = PLACES
            .iter()
            .map(|place| place.name)
            .collect::<Vec<_>>()
            .join(" | ");
        text.push_str(&format!(
            "\n## {tool}\n\n| fault | {places} |\n| --- | --- | --- | --- | --- | --- |\n"
        ));
        let mut world = World::new();
        let index = TestIndex::start(&world);
        let proxy = through_proxy(&mut world, &index);
        for (n, row) in faults().iter().enumerate() {
            text.push_str(&format!("| {} |", row.name));
            for (m, place) in PLACES.iter().enumerate() {
                let cell = Cell::new(&world, &format!("cell{n}x{m}"), place);
                proxy.on("POST", "/legacy/", Nth::Only(place.nth), row.fault.clone());
                let upload = format!("{}legacy/", proxy.base());
                let to = [upload.as_str(), index.get("test", "token")];
                let ended = match &tool[..2] {
                    "pu" => cell.publish(&world),
                    "tw" => peers().twine_upload(&world, to, &cell.files()),
                    _ => peers().uv_publish(&world, to, &cell.files()),
                };
                proxy.clear();
                let listed = index.files("test", &cell.project);
                text.push_str(&format!(
                    " {} |",
                    verdict(&ended, &listed, &cell.expected())
                ));
            }
            text.push('\n');
        }
    }
    std::fs::write(page, text).unwrap();
}
