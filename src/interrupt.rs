//! Ctrl-C and its like: the first one asks what is running to come to a known state, a second one
//! ends the process, which the journal survives like any other death.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use tokio::sync::watch;

use crate::exit_code::ExitCode;

/// The switch that an interrupt turns. Signals are listened to from the first run on; before it they
/// end the process as they always do.
pub(crate) struct Interrupts {
    switch: watch::Sender<bool>,
    listening: OnceLock<()>,
}

/// How many runs are under way in this process. Signals belong to the process, and so does this.
static N_RUNNING: AtomicUsize = AtomicUsize::new(0);

/// Whether this process has seen anything of its release on an index for good.
static HAS_LANDED: AtomicBool = AtomicBool::new(false);

/// Remembers that something irreversible is on an index, for an end that leaves no time to look.
pub(crate) fn note_landed() {
    HAS_LANDED.store(true, Ordering::Relaxed);
}

/// A run that can come to a known state when it is asked to; it ends with this value.
pub(crate) struct Running {
    switch: watch::Receiver<bool>,
}

impl Interrupts {
    /// Nothing is listened to yet.
    pub(crate) fn new() -> Self {
        Self {
            switch: watch::Sender::new(false),
            listening: OnceLock::new(),
        }
    }

    /// Begins a run.
    pub(crate) fn running(&self) -> Running {
        N_RUNNING.fetch_add(1, Ordering::Relaxed);
        self.listening.get_or_init(|| {
            let switch = self.switch.clone();
            let (ready, is_ready) = mpsc::channel();
            thread::spawn(move || listen(&switch, ready));
            // A signal must not come before its listener; one that cannot be had hangs up instead.
            let _ = is_ready.recv();
        });
        Running {
            switch: self.switch.subscribe(),
        }
    }
}

impl Running {
    /// Becomes true at an interrupt.
    pub(crate) fn switch(&self) -> watch::Receiver<bool> {
        self.switch.clone()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        N_RUNNING.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Turns the switch while something runs; ends the process when nothing does, and at the second
/// signal. The runtime that listens never gives the signals back, hence the former.
#[expect(clippy::exit, reason = "an interrupt asks for just that")]
fn listen(switch: &watch::Sender<bool>, ready: mpsc::Sender<()>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build();
    // Without a listener a signal ends the process at once, which is safe too.
    let Ok(runtime) = runtime else { return };
    runtime.block_on(async {
        let Ok(mut signals) = Signals::new() else {
            return;
        };
        drop(ready);
        while signals.next().await.is_some() {
            // Counted before the switch is turned: what it stops may be gone a moment later.
            let nothing_runs = N_RUNNING.load(Ordering::Relaxed) == 0;
            let asked_before = switch.send_replace(true);
            if asked_before || nothing_runs {
                let exit = match HAS_LANDED.load(Ordering::Relaxed) {
                    true => ExitCode::Open,
                    false => ExitCode::Interrupted,
                };
                std::process::exit(i32::from(exit.number()));
            }
        }
    });
}

/// The signals that ask for an end.
#[cfg(unix)]
struct Signals([tokio::signal::unix::Signal; 3]);

#[cfg(unix)]
impl Signals {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self([
            signal(SignalKind::interrupt())?,
            signal(SignalKind::terminate())?,
            signal(SignalKind::hangup())?,
        ]))
    }

    async fn next(&mut self) -> Option<()> {
        let [interrupt, terminate, hangup] = &mut self.0;
        tokio::select! {
            signal = interrupt.recv() => signal,
            signal = terminate.recv() => signal,
            signal = hangup.recv() => signal,
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) -> Option<()> {
        tokio::signal::ctrl_c().await.ok()
    }
}
