//! A whole release over two indexes, with a step of its own and an approval, dies at every journal
//! line. Whatever is run again ends in the same state, and every upload was accepted once.

use pubflow_testkit::fault_proxy::FaultProxy;
use pubflow_testkit::{SdistBuilder, WheelBuilder};

use crate::support::{TestIndex, World, expected};

const RELEASE: [&str; 5] = [
    "release",
    "--pypi",
    "--no-verify",
    "dist/demo-1.0-py3-none-any.whl",
    "dist/demo-1.0.tar.gz",
];
const CONFIGURATION: &str = "\
[release]
approvals = 1
rehearse = \"testpypi\"

[[step]]
name = \"agree\"
after = \"check\"
run = [\"git\", \"--version\"]
";

/// Two files, and both realms behind proxies that count what they accept.
struct Stage {
    world: World,
    index: TestIndex,
    proxies: [FaultProxy; 2],
}

impl Stage {
    fn set() -> Self {
        let mut world = World::new();
        let dist = world.work().join("dist");
        std::fs::create_dir(&dist).unwrap();
        WheelBuilder::new("demo", "1.0")
            .file("demo/__init__.py", "")
            .build_in(&dist);
        SdistBuilder::new("demo", "1.0")
            .file("demo/__init__.py", "")
            .build_in(&dist);
        world.write("pubflow.toml", CONFIGURATION);
        let index = TestIndex::start(&world);
        let proxies = [("test", "TESTPYPI"), ("production", "PYPI")].map(|(realm, name)| {
            let proxy = FaultProxy::start(index.get(realm, "base"));
            let base = proxy.base();
            for (key, value) in [
                ("UPLOAD", format!("{base}legacy/")),
                ("SIMPLE", format!("{base}simple/")),
                ("TOKEN", index.get(realm, "token").to_owned()),
            ] {
                world.set(&format!("PUBFLOW_INDEX_{name}_{key}"), value);
            }
            proxy
        });
        Self {
            world,
            index,
            proxies,
        }
    }

    /// Releases, approves when asked to, and goes on; the one command of the three that is named dies
    /// at `point`. The status of the first command that ended in another way than it should.
    fn play(&mut self, dying: Option<(usize, &str)>) -> i32 {
        let commands: [&[&str]; 3] = [
            &RELEASE,
            &["approve", "demo==1.0", "--yes", "--by", "ann"],
            &["resume"],
        ];
        let mut code = 0;
        for (n, command) in commands.into_iter().enumerate() {
            let point = dying.filter(|(dying, _)| *dying == n);
            self.world
                .set("PUBFLOW_FAIL_POINT", point.map_or("", |(_, point)| point));
            code = self.world.run(command).code;
            self.world.set("PUBFLOW_FAIL_POINT", "");
            // The first one waits for the second.
            let goes_on = match n {
                0 => code == 3,
                _ => code == 0,
            };
            if !goes_on {
                break;
            }
        }
        code
    }

    /// The same commands again, until it is done.
    #[track_caller]
    fn finish(&mut self, point: &str) {
        let code = self.play(None);
        assert_eq!(code, 0, "after {point}");
        for realm in ["test", "production"] {
            assert_eq!(
                self.index.files(realm, "demo"),
                expected(&self.world),
                "{realm} after {point}"
            );
        }
        for proxy in &self.proxies {
            let accepted = proxy
                .log()
                .iter()
                .filter(|request| request.method == "POST" && request.status == Some(200))
                .count();
            assert!(accepted <= 2, "{accepted} uploads accepted after {point}");
        }
        let status = self
            .world
            .run(&["status", "--format", "json"])
            .exits(0)
            .json();
        assert_eq!(status["open"], false, "after {point}");
    }
}

/// Dies on one side of every line of every command, as far as there are lines.
fn dies_at_every_line(side: &str) {
    let mut n_points = 0;
    for command in 0..3 {
        for line in 1.. {
            let mut stage = Stage::set();
            let point = format!("{side}:{line}");
            let code = stage.play(Some((command, &point)));
            if code == 0 {
                break;
            }
            assert_eq!(code, -1, "died of something else than {point} of {command}");
            n_points += 1;
            stage.finish(&format!("{point} of command {command}"));
        }
    }
    println!("{n_points} points of death {side} journal lines");
    assert!(n_points >= 20, "only {n_points} points {side} lines");
}

#[test]
fn a_release_survives_its_death_before_every_line() {
    dies_at_every_line("before");
}

#[test]
fn a_release_survives_its_death_after_every_line() {
    dies_at_every_line("after");
}
