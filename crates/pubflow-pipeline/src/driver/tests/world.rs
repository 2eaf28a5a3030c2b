//! A world for the engine: a clock that jumps, a remote that keeps what it is sent and can lose
//! answers, and a state directory on a real disk.

use std::collections::{BTreeMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use jiff::Timestamp;
use pubflow_spec::{ProjectName, Sha256, Version};
use tempfile::TempDir;
use tokio::sync::watch;

use crate::clock::Clock;
use crate::driver::{Answer, Consent, RunOptions, run};
use crate::event::{Event, Reporter};
use crate::failpoint::FailPoint;
use crate::failure::{Failure, FailureClass, Report};
use crate::journal::{Facts, Journal, Writer};
use crate::manifest::{Manifest, ManifestFile};
use crate::plan::Plan;
use crate::reconcile::Observed;
use crate::record::ReleaseRecord;
use crate::report::RunReport;
use crate::retry::Policy;
use crate::step::{
    BoxFuture, Confirmation, Evidence, Kind, Step, StepId, Undo, Unit, UnitId, Work,
};
use crate::store::StateDir;

/// Time that passes only by sleeping.
#[derive(Clone)]
pub(super) struct JumpingClock(Arc<AtomicI64>);

impl JumpingClock {
    pub(super) fn pass(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1000, Ordering::Relaxed);
    }
}

impl Clock for JumpingClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.0.load(Ordering::Relaxed)).unwrap()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let clock = self.clone();
        Box::pin(async move {
            let passed = i64::try_from(duration.as_millis()).unwrap();
            clock.0.fetch_add(passed, Ordering::Relaxed);
            tokio::task::yield_now().await;
        })
    }
}

/// What goes wrong with one arrival at the remote; arrivals count from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// The client dies before the remote has it.
    DieBefore,
    /// The client dies when the remote has it, before the answer.
    DieAfter,
    /// The remote has it and the answer is lost.
    LoseAnswer,
    /// The remote has it, the answer is lost, and from then on it cannot be looked at.
    LoseSight,
    /// The connection broke and the remote has nothing; the client cannot tell.
    BreakOff,
    /// The remote does not want it.
    Fail(FailureClass),
}

#[derive(Default)]
pub(super) struct Remote {
    /// What it holds: content and from when on it shows.
    pub(super) files: BTreeMap<String, (String, Timestamp)>,
    /// How often something was stored that was there already.
    pub(super) n_doubles: usize,
    pub(super) n_arrivals: usize,
    pub(super) n_looks: usize,
    pub(super) faults: BTreeMap<usize, Fault>,
    /// How the next looks fail.
    pub(super) blind: VecDeque<FailureClass>,
    pub(super) lag: Duration,
    /// Looking interrupts the run and never ends.
    pub(super) interrupted_by_look: bool,
    pub(super) n_local: usize,
    pub(super) local_answers: VecDeque<FailureClass>,
    /// Sent by the remote when something arrives, before it is stored.
    pub(super) on_arrival: Option<Arc<dyn Fn(usize) + Send + Sync>>,
}

#[derive(Clone)]
pub(super) struct World {
    pub(super) clock: JumpingClock,
    pub(super) remote: Arc<Mutex<Remote>>,
    pub(super) record: ReleaseRecord,
    pub(super) events: Arc<Mutex<Vec<Event>>>,
    pub(super) policy: Policy,
    pub(super) answers: Arc<Mutex<Vec<StepId>>>,
    pub(super) answer: Answer,
    pub(super) interrupt: Arc<watch::Sender<bool>>,
    /// Goes away with the world.
    _dir: Arc<TempDir>,
}

impl World {
    pub(super) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let file = ManifestFile {
            filename: "demo.whl".into(),
            size: 1,
            sha256: Sha256::of(b"x"),
        };
        let (name, version) = (
            ProjectName::parse("demo").unwrap(),
            Version::parse("1.0").unwrap(),
        );
        let manifest = Manifest::new(name, version, None, vec![file], BTreeMap::new()).unwrap();
        let record = StateDir::open(dir.path()).unwrap().seal(&manifest).unwrap();
        let remote = Remote {
            lag: Duration::from_secs(3),
            ..Remote::default()
        };
        Self {
            clock: JumpingClock(Arc::new(AtomicI64::new(1_800_000_000_000))),
            remote: Arc::new(Mutex::new(remote)),
            record,
            events: Arc::default(),
            policy: Policy::standard(),
            answers: Arc::default(),
            answer: Answer::Yes,
            interrupt: Arc::new(watch::channel(false).0),
            _dir: Arc::new(dir),
        }
    }

    pub(super) fn remote(&self) -> MutexGuard<'_, Remote> {
        // A run that "died" may have held it.
        self.remote
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    pub(super) fn arrivals_and_local(&self) -> (usize, usize) {
        let remote = self.remote();
        (remote.n_arrivals, remote.n_local)
    }

    pub(super) fn arrivals_and_doubles(&self) -> (usize, usize) {
        let remote = self.remote();
        (remote.n_arrivals, remote.n_doubles)
    }

    pub(super) fn segment(&self) -> PathBuf {
        self.record.journal_dir().join("local.jsonl")
    }

    pub(super) fn facts(&self) -> Facts {
        Facts::read(&self.record).unwrap()
    }

    pub(super) fn with_faults(self, faults: &[(usize, Fault)]) -> Self {
        self.remote().faults = faults.iter().copied().collect();
        self
    }

    pub(super) fn run(&self, plan: &Plan) -> RunReport {
        self.run_dying_at(plan, None).expect("nothing lets it die")
    }

    /// Runs with a fresh engine and a freshly opened journal; `None` when the run "died".
    pub(super) fn run_dying_at(&self, plan: &Plan, point: Option<FailPoint>) -> Option<RunReport> {
        let mut journal =
            Journal::open(&self.record, Writer::local(), Arc::new(self.clock.clone()))
                .unwrap()
                .with_fail_point(point);
        let events = self.events.clone();
        let sink = Arc::new(move |event: &Event| events.lock().unwrap().push(event.clone()));
        let options = RunOptions {
            policy: self.policy,
            clock: Arc::new(self.clock.clone()),
            consent: Arc::new(self.clone()),
            interrupt: self.interrupt.subscribe(),
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        let run = AssertUnwindSafe(|| runtime.block_on(run(plan, &mut journal, &options, sink)));
        match catch_unwind(run) {
            Ok(report) => Some(report),
            Err(payload) if payload.is::<Death>() => None,
            Err(payload) => resume_unwind(payload),
        }
    }

    /// One step that uploads to a realm, in waves of units.
    pub(super) fn upload(&self, realm: &str, waves: &[&[&str]]) -> Step {
        let work = Upload {
            world: self.clone(),
            realm: realm.to_owned(),
        };
        self.step(
            &format!("upload:{realm}"),
            Kind::Effect(Undo::Irreversible),
            waves,
            work,
        )
    }

    pub(super) fn local(&self, id: &str, kind: Kind, units: &[&str]) -> Step {
        self.step(
            id,
            kind,
            &[units],
            Local {
                world: self.clone(),
            },
        )
    }

    fn step(&self, id: &str, kind: Kind, waves: &[&[&str]], work: impl Work + 'static) -> Step {
        let unit = |id: &&str| Unit {
            id: UnitId::new(*id),
            title: format!("file {id}"),
            identity: Some(Sha256::of(id.as_bytes())),
        };
        Step {
            id: StepId::new(id),
            title: id.to_owned(),
            kind,
            key: Sha256::of(id.as_bytes()),
            waves: waves
                .iter()
                .map(|wave| wave.iter().map(unit).collect())
                .collect(),
            jobs: 2,
            confirm: None,
            work: Arc::new(work),
        }
    }

    pub(super) fn plan(&self, steps: Vec<Step>) -> Plan {
        Plan {
            release: self.record.key(),
            title: "publish demo 1.0".into(),
            steps,
        }
    }

    /// Build, upload to the test realm, verify, upload to production after being asked.
    pub(super) fn whole_plan(&self) -> Plan {
        let mut production = self.upload("production", &[&["a.whl"], &["demo.tar.gz"]]);
        production.confirm = Some(Confirmation {
            question: "publish?".into(),
            table: vec![vec!["a.whl".into()]],
        });
        self.plan(vec![
            self.local("build", Kind::Local, &["tree"]),
            self.upload("test", &[&["a.whl"], &["b.whl", "c.whl"], &["demo.tar.gz"]]),
            self.local("verify", Kind::Gate, &["py3"]),
            production,
        ])
    }
}

impl Consent for World {
    fn ask<'a>(&'a self, step: &'a StepId, _: &'a Confirmation) -> BoxFuture<'a, Answer> {
        self.answers.lock().unwrap().push(step.clone());
        Box::pin(std::future::ready(self.answer))
    }
}

/// What a run that dies unwinds with.
pub(super) struct Death;

pub(super) fn die() -> ! {
    resume_unwind(Box::new(Death))
}

struct Upload {
    world: World,
    realm: String,
}

impl Upload {
    fn path(&self, unit: &Unit) -> String {
        format!("{}/{}", self.realm, unit.id)
    }

    fn arrive(&self, unit: &Unit) -> Result<Evidence, Failure> {
        let mut remote = self.world.remote();
        remote.n_arrivals += 1;
        let number = remote.n_arrivals;
        if let Some(on_arrival) = remote.on_arrival.clone() {
            on_arrival(number);
        }
        let fault = remote.faults.get(&number).copied();
        match fault {
            Some(Fault::DieBefore) => die(),
            Some(Fault::BreakOff) => return Err(failure(FailureClass::Ambiguous)),
            Some(Fault::Fail(class)) => return Err(failure(class)),
            Some(Fault::DieAfter | Fault::LoseAnswer | Fault::LoseSight) | None => {}
        }
        let shows_at = self.world.clock.now().checked_add(remote.lag).unwrap();
        let content = unit.identity.unwrap().to_string();
        let before = remote.files.insert(self.path(unit), (content, shows_at));
        remote.n_doubles += usize::from(before.is_some());
        match fault {
            Some(Fault::DieAfter) => die(),
            Some(Fault::LoseAnswer) => Err(failure(FailureClass::Ambiguous)),
            Some(Fault::LoseSight) => {
                remote.blind = vec![FailureClass::Unreachable; 10_000].into();
                Err(failure(FailureClass::Ambiguous))
            }
            _ => Ok(Evidence::new().with("url", format!("https://example.org/{}", unit.id))),
        }
    }
}

impl Work for Upload {
    fn observe<'a>(&'a self, unit: &'a Unit) -> BoxFuture<'a, Observed> {
        Box::pin(async move {
            tokio::task::yield_now().await;
            if self.world.remote().interrupted_by_look {
                self.world.interrupt.send_replace(true);
                std::future::pending::<()>().await;
            }
            let mut remote = self.world.remote();
            remote.n_looks += 1;
            if let Some(class) = remote.blind.pop_front() {
                return Observed::Unknown(failure(class));
            }
            let ours = unit.identity.unwrap().to_string();
            match remote.files.get(&self.path(unit)) {
                Some((_, shows_at)) if *shows_at > self.world.clock.now() => Observed::Absent,
                Some((content, _)) if *content == ours => Observed::Identical,
                Some((content, _)) => Observed::Different {
                    found: content.clone(),
                },
                None => Observed::Absent,
            }
        })
    }

    fn act<'a>(
        &'a self,
        unit: &'a Unit,
        reporter: &'a Reporter,
    ) -> BoxFuture<'a, Result<Evidence, Failure>> {
        Box::pin(async move {
            reporter.progress(0, Some(1));
            tokio::task::yield_now().await;
            let result = self.arrive(unit);
            tokio::task::yield_now().await;
            result
        })
    }
}

struct Local {
    world: World,
}

impl Work for Local {
    fn act<'a>(
        &'a self,
        unit: &'a Unit,
        _: &'a Reporter,
    ) -> BoxFuture<'a, Result<Evidence, Failure>> {
        let mut remote = self.world.remote();
        remote.n_local += 1;
        let result = match remote.local_answers.pop_front() {
            Some(class) => Err(failure(class)),
            None => Ok(Evidence::new().with("made", unit.id.as_str())),
        };
        Box::pin(std::future::ready(result))
    }
}

pub(super) fn failure(class: FailureClass) -> Failure {
    Failure::new(
        class,
        Report::new(format!("it was {class}")).next("look at the server"),
    )
}
