//! What a run is doing, on standard error: bars on a terminal, one line an event elsewhere.

use std::collections::HashMap;
use std::io::IsTerminal;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use pubflow_pipeline::{Event, EventSink, Observed, Report, UnitStatus};

use super::style::Style;

/// Consumes the engine's events and shows them.
#[derive(Clone)]
pub(crate) struct Progress {
    shown: Arc<Mutex<Shown>>,
    style: Style,
}

struct Shown {
    bars: Option<MultiProgress>,
    units: HashMap<String, ProgressBar>,
    /// The step under way, where it is done in one piece and its unit's name says nothing more.
    whole: Option<String>,
}

impl Progress {
    /// Bars when standard error is a terminal, plain lines otherwise.
    pub(crate) fn new(style: Style) -> Self {
        let bars = std::io::stderr().is_terminal().then(MultiProgress::new);
        Self {
            shown: Arc::new(Mutex::new(Shown {
                bars,
                units: HashMap::new(),
                whole: None,
            })),
            style,
        }
    }

    /// The function that the engine calls.
    pub(crate) fn sink(&self) -> EventSink {
        let progress = self.clone();
        Arc::new(move |event: &Event| progress.show(event))
    }

    /// Writes a line of its own, above the bars.
    pub(crate) fn line(&self, text: &str) {
        self.locked().line(text);
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, Shown> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn show(&self, event: &Event) {
        let mut shown = self.locked();
        match event {
            Event::StepStarted {
                step,
                title,
                n_units,
            } => {
                shown.whole = (*n_units == 1).then(|| step.to_string());
                shown.line(&self.style.bold(title));
            }
            Event::StepSkipped { title, .. } => shown.line(&format!(
                "{} {}",
                self.style.bold(title),
                self.style.dim("(done before)")
            )),
            Event::StepFinished { .. } => {}
            Event::UnitStarted {
                unit,
                title,
                attempt,
                ..
            } => {
                let again = if *attempt > 1 {
                    format!(" (attempt {attempt})")
                } else {
                    String::new()
                };
                shown.start(unit.as_str(), &format!("{title}{again}"));
            }
            Event::Progress {
                unit, done, total, ..
            } => shown.advance(unit.as_str(), *done, *total),
            Event::UnitFinished {
                step,
                unit,
                status,
                evidence,
                duration,
            } => {
                shown.finish(unit.as_str());
                if let Some(word) = self.outcome(status) {
                    let name = if shown.is_whole(step.as_str()) {
                        ""
                    } else {
                        unit.as_str()
                    };
                    let what: Vec<&str> = [word.as_str(), name]
                        .into_iter()
                        .filter(|part| !part.is_empty())
                        .collect();
                    shown.line(&format!(
                        "  {} {}",
                        what.join(" "),
                        self.style.dim(&seconds(*duration))
                    ));
                }
                if shown.is_whole(step.as_str()) && status.is_done() {
                    for (name, text) in evidence.iter() {
                        shown.line(&self.style.dim(&format!("    {name}: {text}")));
                    }
                }
            }
            Event::Retrying {
                unit, after, why, ..
            } => {
                shown.line(&format!(
                    "  {unit}: {}, again in {}",
                    why.report.message,
                    seconds(*after)
                ));
            }
            Event::NotVisibleYet { unit, after, .. } => {
                shown.update(
                    unit.as_str(),
                    &format!(
                        "{unit}: not visible yet, looking again in {}",
                        seconds(*after)
                    ),
                );
            }
            Event::Observed {
                unit,
                observed: Observed::Different { found },
                ..
            } => {
                shown.line(&format!("  {unit}: other bytes are there ({found})"));
            }
            // How it was settled stands in the unit's end.
            Event::Observed { .. } | Event::Adopted { .. } => {}
            Event::Note { note, .. } => shown.line(&format!("  {}", note_text(note))),
            Event::Interrupting => {
                shown.line("interrupted: what is under way is brought to a known state")
            }
        }
    }

    fn outcome(&self, status: &UnitStatus) -> Option<String> {
        match status {
            UnitStatus::Done => Some(self.style.green("done")),
            UnitStatus::Confirmed => Some(self.style.green("confirmed")),
            UnitStatus::Adopted => Some(
                self.style
                    .green("already there with our digest, taken over:"),
            ),
            UnitStatus::Skipped => Some(self.style.dim("done before")),
            UnitStatus::Failed(_) => Some(self.style.red("failed")),
            UnitStatus::Interrupted | UnitStatus::NotReached => None,
        }
    }
}

impl Shown {
    fn line(&mut self, text: &str) {
        match &self.bars {
            // A terminal that cannot be written to is no reason to stop a release.
            Some(bars) => drop(bars.println(text)),
            None => super::note(text),
        }
    }

    fn is_whole(&self, step: &str) -> bool {
        self.whole.as_deref() == Some(step)
    }

    fn start(&mut self, unit: &str, title: &str) {
        let Some(bars) = &self.bars else { return };
        let bar = bars.add(ProgressBar::new_spinner().with_message(title.to_owned()));
        bar.enable_steady_tick(Duration::from_millis(100));
        self.units.insert(unit.to_owned(), bar);
    }

    fn update(&mut self, unit: &str, message: &str) {
        match self.units.get(unit) {
            Some(bar) => bar.set_message(message.to_owned()),
            None => self.line(&format!("  {message}")),
        }
    }

    fn advance(&mut self, unit: &str, done: u64, total: Option<u64>) {
        let (Some(bar), Some(total)) = (self.units.get(unit), total) else {
            return;
        };
        if bar.length() != Some(total) {
            bar.set_length(total);
            let template = "  {msg} {bar:24} {bytes}/{total_bytes} {bytes_per_sec}";
            if let Ok(style) = ProgressStyle::with_template(template) {
                bar.set_style(style);
            }
        }
        bar.set_position(done);
    }

    fn finish(&mut self, unit: &str) {
        if let Some(bar) = self.units.remove(unit) {
            bar.finish_and_clear();
        }
    }
}

fn note_text(note: &Report) -> String {
    let mut text = note.message.clone();
    for part in [&note.why, &note.next].into_iter().flatten() {
        text.push_str("\n    ");
        text.push_str(&part.replace('\n', "\n    "));
    }
    text
}

/// A duration as people read it.
pub(crate) fn seconds(duration: Duration) -> String {
    match duration.as_secs_f64() {
        s if s < 0.0095 => format!("{:.0} ms", s * 1000.0),
        s if s < 10.0 => format!("{s:.2} s"),
        s => format!("{s:.0} s"),
    }
}
