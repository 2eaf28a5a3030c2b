use std::sync::Mutex;

use pubflow_pipeline::Event;

use super::*;

/// A project without git, and a place for logs.
struct World {
    dir: tempfile::TempDir,
}

impl World {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("demo")).unwrap();
        Self { dir }
    }

    fn project(&self) -> PathBuf {
        self.dir.path().join("demo")
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.project().join(name), text).unwrap();
    }

    fn step(&self, gate: &Gate) -> Step {
        let inherited = Inherited::capture()
            .with("GIT_CEILING_DIRECTORIES", self.dir.path())
            .with("PUBFLOW_TOKEN", "canary")
            .with("TMPDIR", self.dir.path());
        let logs = Some(self.dir.path().join("logs"));
        let room = GateRoom::open(
            &self.project(),
            std::slice::from_ref(gate),
            logs,
            &inherited,
        )
        .unwrap();
        GateStage::step(gate, &room)
    }

    /// What the gate ends with, and what it says on the way.
    fn run(&self, gate: &Gate) -> (Result<Evidence, Failure>, Vec<String>) {
        let step = self.step(gate);
        let notes = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&notes);
        let events = Arc::new(move |event: &Event| {
            if let Event::Note { note, .. } = event {
                heard.lock().unwrap().push(note.message.clone());
            }
        });
        let reporter = Reporter::new(events, step.id.clone(), UnitId::new("x"));
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let unit = step.units().next().unwrap();
        let result = runtime.block_on(step.work.act(unit, &reporter));
        let notes = notes.lock().unwrap().clone();
        (result, notes)
    }

    #[track_caller]
    fn passes(&self, gate: &Gate) -> Evidence {
        let (result, _) = self.run(gate);
        result.unwrap_or_else(|failure| panic!("{:?}", failure.report))
    }

    #[track_caller]
    fn fails(&self, gate: &Gate) -> Failure {
        let (result, _) = self.run(gate);
        result.expect_err("the gate says no")
    }
}

fn shell(script: &str, report: Option<&str>) -> Gate {
    Gate {
        name: "tests".to_owned(),
        work: GateWork::Command(CommandGate {
            run: ["sh", "-c", script].map(str::to_owned).to_vec(),
            report: report.map(|text| ReportSource::parse(text).unwrap()),
            timeout: TIMEOUT,
            retries: 0,
        }),
        thresholds: Thresholds::default(),
        required: true,
    }
}

fn with_command(mut gate: Gate, change: impl FnOnce(&mut CommandGate)) -> Gate {
    if let GateWork::Command(command) = &mut gate.work {
        change(command);
    }
    gate
}

const GREEN: &str = "<testsuite><testcase name='a'/></testsuite>";
const RED: &str = "<testsuite><testcase name='a'><failure message='boom'/></testcase></testsuite>";

#[test]
fn without_a_report_the_exit_status_decides() {
    let world = World::new();
    assert_eq!(
        world.passes(&shell("exit 0", None)).get("verdict"),
        Some("passed")
    );
    let failure = world.fails(&shell("echo what happened; exit 3", None));
    assert_eq!(failure.class, FailureClass::Refused);
    let report = &failure.report;
    assert_eq!(
        report.message,
        "gate `tests` failed: it ended with exit status 3"
    );
    assert_eq!(report.why.as_deref(), Some("what happened"));
    let log = fs::read_to_string(world.dir.path().join("logs/gate-tests.log")).unwrap();
    assert_eq!(log, "what happened\n");
}

#[test]
fn a_command_has_neither_secrets_nor_the_users_home() {
    let world = World::new();
    let script = "test -z \"$PUBFLOW_TOKEN\" && test \"$HOME\" != \"$1\" && test -d \"$HOME\" && test -d {out}";
    world.passes(&shell(script, None));
}

#[test]
fn a_report_says_more_than_the_status() {
    let world = World::new();
    let write = |xml: &str, status: u8| format!("echo \"{xml}\" > {{out}}/j.xml; exit {status}");
    let junit = Some("junit:{out}/j.xml");
    let evidence = world.passes(&shell(&write(GREEN, 0), junit));
    assert_eq!(evidence.get("passed"), Some("1"));
    assert_eq!(evidence.get("report-sha256").map(str::len), Some(64));
    let failure = world.fails(&shell(&write(RED, 1), junit));
    assert_eq!(failure.report.message, "gate `tests` failed: 1 failed");
    assert_eq!(failure.report.why.as_deref(), Some("1 x boom (a)"));
    assert_eq!(failure.evidence.get("failed"), Some("1"));
    let mut tolerant = shell(&write(RED, 1), junit);
    tolerant.thresholds.max_failed = Some(1);
    world.passes(&tolerant);
    // A status that the report does not explain is never passed over.
    let unexplained = world.fails(&shell(&write(GREEN, 1), junit)).report.message;
    assert!(unexplained.contains("does not say why"), "{unexplained}");
    let mut broken = shell(&write(RED, 2), junit);
    broken.thresholds.max_failed = Some(1);
    let broken = world.fails(&broken).report.message;
    assert!(broken.contains("exit status 2"), "{broken}");
}

#[test]
fn a_report_of_yesterday_is_not_taken_for_todays() {
    let world = World::new();
    world.write("j.xml", GREEN);
    let failure = world.fails(&shell("exit 0", Some("junit:j.xml")));
    let message = failure.report.message;
    assert!(message.contains("was not written by this run"), "{message}");
    let missing = world
        .fails(&shell("exit 0", Some("junit:k.xml")))
        .report
        .message;
    assert!(missing.contains("`k.xml` is not there"), "{missing}");
}

#[test]
fn what_is_printed_can_be_the_report() {
    let world = World::new();
    let script = "echo noise >&2; echo '[{\"code\": \"F401\", \"message\": \"m\"}]'; exit 1";
    let mut gate = shell(script, Some("ruff:-"));
    let failure = world.fails(&gate);
    assert_eq!(
        failure.report.message,
        "gate `tests` failed: 1 blocking finding: 1 F401"
    );
    gate.thresholds
        .severity
        .insert("F".to_owned(), Rating::Warn);
    let (result, notes) = world.run(&gate);
    assert_eq!(result.unwrap().get("verdict"), Some("passed with notes"));
    assert_eq!(notes, ["note: gate `tests`: 1 warnings"]);
}

#[test]
fn a_command_that_hangs_is_ended() {
    let world = World::new();
    let gate = with_command(shell("echo begun; sleep 600 & wait", None), |command| {
        command.timeout = Duration::from_millis(300);
    });
    let failure = world.fails(&gate);
    let message = &failure.report.message;
    assert!(
        message.contains("did not end within 0.3 s and was killed"),
        "{message}"
    );
    assert_eq!(failure.report.why.as_deref(), Some("begun"));
    assert_eq!(failure.class, FailureClass::Refused);
}

#[test]
fn a_missing_program_is_this_machines_matter() {
    let gate = with_command(shell("", None), |command| {
        command.run = vec!["no-such-tool-anywhere".to_owned()];
    });
    let failure = World::new().fails(&gate);
    assert_eq!(failure.class, FailureClass::Machine);
    assert_eq!(failure.report.code.as_deref(), Some("E305"));
}

#[cfg(unix)]
#[test]
fn programs_of_the_projects_own_environment_come_first() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::new();
    let programs = world.project().join(".venv/bin");
    fs::create_dir_all(&programs).unwrap();
    let tool = programs.join("mytool");
    fs::write(&tool, "#!/bin/sh\nexit 0\n").unwrap();
    fs::set_permissions(&tool, fs::Permissions::from_mode(0o755)).unwrap();
    let named = |name: &str| {
        with_command(shell("", None), |command| {
            command.run = vec![name.to_owned()]
        })
    };
    world.passes(&named("mytool"));
    world.passes(&named("./.venv/bin/mytool"));
}

#[test]
fn what_passes_at_the_second_try_is_flaky() {
    let world = World::new();
    let script = format!(
        "if test -e tried; then echo \"{GREEN}\"; else touch tried; echo \"{RED}\"; exit 1; fi"
    );
    let mut gate = with_command(shell(&script, Some("junit:-")), |command| {
        command.retries = 1
    });
    let failure = world.fails(&gate);
    assert_eq!(failure.report.message, "gate `tests` failed: 1 flaky: a");
    fs::remove_file(world.project().join("tried")).unwrap();
    gate.thresholds.flaky = Some(Flaky::Warn);
    let evidence = world.passes(&gate);
    assert_eq!(evidence.get("verdict"), Some("passed with notes"));
    assert_eq!(
        (evidence.get("flaky"), evidence.get("tries")),
        (Some("1"), Some("2"))
    );
    fs::remove_file(world.project().join("tried")).unwrap();
    let plain = "if test -e tried; then exit 0; else touch tried; exit 1; fi";
    let plain = with_command(shell(plain, None), |command| command.retries = 2);
    let message = world.fails(&plain).report.message;
    assert!(message.contains("passed at try 2 only"), "{message}");
}

#[test]
fn what_is_not_required_stops_nothing() {
    let mut gate = shell("exit 1", None);
    gate.required = false;
    let (result, notes) = World::new().run(&gate);
    assert_eq!(result.unwrap().get("verdict"), Some("failed, not required"));
    assert_eq!(
        notes,
        ["note: gate `tests` is not required, and failed: it ended with exit status 1"]
    );
}

#[test]
fn the_key_follows_the_tree_and_the_settings() {
    let world = World::new();
    world.write("a.py", "1");
    let gate = shell("exit 0", None);
    let key = world.step(&gate).key;
    assert_eq!(world.step(&gate).key, key);
    let mut other = gate.clone();
    other.thresholds.max_failed = Some(1);
    assert_ne!(world.step(&other).key, key);
    assert_ne!(world.step(&shell("exit  0", None)).key, key);
    world.write("a.py", "2");
    assert_ne!(world.step(&gate).key, key);
}

#[test]
fn a_report_alone_is_read_every_time() {
    let world = World::new();
    let gate = Gate {
        work: GateWork::Report(ReportSource::parse("coverage-json:c.json").unwrap()),
        thresholds: Thresholds {
            min: Some(85.0),
            ..Thresholds::default()
        },
        ..shell("", None)
    };
    assert_eq!(world.step(&gate).kind, Kind::Probe);
    let totals = |covered| {
        format!("{{\"totals\": {{\"covered_lines\": {covered}, \"num_statements\": 100}}}}")
    };
    world.write("c.json", &totals(85));
    assert_eq!(world.passes(&gate).get("coverage"), Some("85.00 %"));
    world.write("c.json", &totals(84));
    let failure = world.fails(&gate);
    assert_eq!(
        failure.report.message,
        "gate `tests` failed: coverage is 84.00 % (at least 85 %)"
    );
    assert_eq!(
        failure.report.place.as_deref(),
        Some("coverage-json:c.json")
    );
}

#[test]
fn words_are_counted_in_the_source() {
    let world = World::new();
    world.write("a.py", "# TODO one\n# TODO two\n");
    let mut gate = Gate {
        work: GateWork::Todo {
            words: vec!["TODO".to_owned()],
        },
        ..shell("", None)
    };
    let failure = world.fails(&gate);
    assert_eq!(
        failure.report.message,
        "gate `tests` failed: 2 blocking findings: 2 TODO"
    );
    gate.thresholds.max = Some(2.0);
    world.passes(&gate);
}
