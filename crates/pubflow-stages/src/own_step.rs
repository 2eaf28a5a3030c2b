//! Own steps: commands of the project as steps of a release.
//!
//! The contract is the environment and exit statuses; docs/steps.md has it. A command runs in the
//! project's directory, in the untrusted environment, with its own process group and a time limit.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use pubflow_pipeline::{
    BoxFuture, Evidence, Failure, FailureClass, Kind, Observed, ReleaseRecord, Report, Reporter,
    Step, StepId, Undo, Unit, UnitId, Work, step_key,
};
use pubflow_process::{
    Cancel, Command, Environment, Exit, Inherited, Scratch, find_program, log_tail, run,
};

use crate::verify::in_background;

pub(crate) const NAME: &str = "step";
/// A result is a few lines; more than this is none.
const RESULT_BYTES: u64 = 64 * 1024;
/// Lines of output that are shown when a command fails.
const TAIL_LINES: usize = 15;
/// The exit status that says: a person or a time must come first.
const WAITING: i32 = 3;

/// A command of the project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnStep {
    /// Its name; the step is called `step:NAME`.
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// Program and arguments.
    pub run: Vec<String>,
    /// The command that says whether it was done already; what has one changes a remote.
    pub observe: Option<Vec<String>>,
    /// How long it may take.
    pub timeout: Duration,
    /// Variables that are passed on to it.
    pub environment: Vec<String>,
}

/// What a command is told.
struct Told {
    record: ReleaseRecord,
    index: String,
    project: PathBuf,
    inherited: Inherited,
}

/// One own step at work.
pub struct OwnStepStage {
    step: OwnStep,
    told: Arc<Told>,
}

impl OwnStepStage {
    /// The step over the sealed files of `record`, for a release to `index`.
    #[must_use]
    pub fn step(
        own: &OwnStep,
        record: &ReleaseRecord,
        index: &str,
        project: &Path,
        inherited: &Inherited,
    ) -> Step {
        let manifest = record.manifest();
        let observe = own.observe.clone().unwrap_or_default();
        let key = step_key(&[
            ("manifest", &manifest.digest().to_string()),
            ("index", index),
            ("run", &own.run.join("\n")),
            ("observe", &observe.join("\n")),
        ]);
        let told = Told {
            record: record.clone(),
            index: index.to_owned(),
            project: project.to_owned(),
            inherited: inherited.clone(),
        };
        Step {
            id: StepId::new(format!("{NAME}:{}", own.name)),
            title: own.title.clone(),
            kind: match own.observe {
                Some(_) => Kind::Effect(Undo::Compensable),
                None => Kind::Gate,
            },
            key,
            waves: vec![vec![Unit {
                id: UnitId::new(own.name.as_str()),
                title: own.title.clone(),
                identity: None,
            }]],
            jobs: 1,
            confirm: None,
            work: Arc::new(Self {
                step: own.clone(),
                told: Arc::new(told),
            }),
        }
    }

    async fn call(&self, argv: &[String]) -> Result<Called, Failure> {
        let (step, told, argv) = (self.step.clone(), self.told.clone(), argv.to_vec());
        let called = in_background(move |cancel| call(&step, &told, &argv, cancel)).await;
        let name = &self.step.name;
        match called {
            Ok(Ok(called)) => Ok(called),
            Ok(Err(why)) => Err(machine(name, why)),
            Err(_) => Err(machine(name, "it was cut short".to_owned())),
        }
    }

    async fn do_it(&self) -> Result<Evidence, Failure> {
        let called = self.call(&self.step.run).await?;
        if called.exit == Exit::Code(0) {
            return Ok(called.evidence);
        }
        let class = match called.exit {
            Exit::Code(WAITING) => FailureClass::Waiting,
            // Whether the remote was changed, only a look can tell.
            _ if self.step.observe.is_some() => FailureClass::Ambiguous,
            _ => FailureClass::Refused,
        };
        let report = Report::new(format!("`{}` ended with {}", self.step.name, called.exit))
            .code("E313")
            .place(format!("step `{NAME}:{}`", self.step.name))
            .why(called.tail)
            .next("correct what it says, then run `pubflow resume`");
        Err(Failure::new(class, report))
    }

    async fn look(&self) -> Observed {
        let Some(observe) = &self.step.observe else {
            return Observed::Absent;
        };
        match self.call(observe).await {
            Err(failure) => Observed::Unknown(failure),
            Ok(called) => {
                match called.exit {
                    Exit::Code(0) => Observed::Identical,
                    Exit::Code(1) => Observed::Absent,
                    Exit::Code(4) => Observed::Different { found: called.tail },
                    exit => {
                        let report = Report::new(format!(
                        "`observe` of `{}` ended with {exit}",
                        self.step.name
                    ))
                    .code("E313")
                    .why(called.tail)
                    .next("it has to end with 0 (done), 1 (not done) or 4 (something else is there)");
                        Observed::Unknown(Failure::new(FailureClass::Unreachable, report))
                    }
                }
            }
        }
    }
}

/// How a command ended.
struct Called {
    exit: Exit,
    tail: String,
    evidence: Evidence,
}

fn call(step: &OwnStep, told: &Told, argv: &[String], cancel: &Cancel) -> Result<Called, String> {
    let wrong = |error: &dyn std::error::Error| error.to_string();
    let scratch = Scratch::make("step", &told.inherited).map_err(|error| wrong(&error))?;
    let (log, result, home) = (
        scratch.join("log"),
        scratch.join("result.json"),
        scratch.join("home"),
    );
    std::fs::create_dir(&home).map_err(|error| wrong(&error))?;
    let Some((program, arguments)) = argv.split_first() else {
        return Err("the command is empty".to_owned());
    };
    let path = match program.contains(['/', '\\']) {
        true => Some(told.project.join(program)),
        false => find_program(program, &told.inherited),
    };
    let path = path.ok_or_else(|| format!("there is no `{program}` on PATH"))?;
    let project = told.project.canonicalize().map_err(|error| wrong(&error))?;
    let manifest = told.record.manifest();
    let passed = step.environment.iter().map(String::as_str);
    let environment = Environment::untrusted(&told.inherited, &home)
        .passing(&told.inherited, passed)
        .set("PUBFLOW_STEP", step.name.as_str())
        .set("PUBFLOW_PROJECT", manifest.name().as_str())
        .set("PUBFLOW_VERSION", manifest.version().to_string())
        .set("PUBFLOW_MANIFEST", told.record.dir().join("manifest.json"))
        .set("PUBFLOW_MANIFEST_DIGEST", manifest.digest().to_string())
        .set("PUBFLOW_FILES", told.record.dir().join("files"))
        .set("PUBFLOW_INDEX", told.index.as_str())
        .set("PUBFLOW_RESULT", &result);
    let command = Command::new(path)
        .args(arguments)
        .cwd(project)
        .environment(environment)
        .log(&log)
        .deadline(step.timeout);
    let finished = run(&command, Some(cancel)).map_err(|error| wrong(&error))?;
    let evidence = match finished.success() {
        true => read_result(&result)?,
        false => Evidence::new(),
    };
    Ok(Called {
        exit: finished.status,
        tail: log_tail(&log, TAIL_LINES),
        evidence,
    })
}

/// What a command wrote to `PUBFLOW_RESULT`: one JSON object of texts, kept as evidence.
fn read_result(path: &Path) -> Result<Evidence, String> {
    let size = match path.metadata() {
        Ok(metadata) => metadata.len(),
        Err(_) => return Ok(Evidence::new()),
    };
    if size > RESULT_BYTES {
        return Err(format!(
            "its result has {size} bytes, more than {RESULT_BYTES}"
        ));
    }
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    let result: BTreeMap<String, String> = serde_json::from_str(&text)
        .map_err(|error| format!("its result is no JSON object of texts: {error}"))?;
    Ok(result.into_iter().collect())
}

fn machine(name: &str, why: String) -> Failure {
    let report = Report::new(format!("the step `{name}` could not be run"))
        .code("E313")
        .place(format!("step `{NAME}:{name}`"))
        .why(why)
        .next("correct the command in [[tool.pubflow.step]], then run `pubflow resume`");
    Failure::new(FailureClass::Machine, report)
}

impl Work for OwnStepStage {
    fn observe<'a>(&'a self, _: &'a Unit) -> BoxFuture<'a, Observed> {
        Box::pin(self.look())
    }

    fn act<'a>(&'a self, _: &'a Unit, _: &'a Reporter) -> BoxFuture<'a, Result<Evidence, Failure>> {
        Box::pin(self.do_it())
    }
}
