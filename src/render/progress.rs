//! What a run is doing, on standard error: bars on a terminal, one line an event elsewhere.

use std::collections::HashMap;
use std::io::IsTerminal;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use pubflow_pipeline::{Event, EventSink, Observed, Report, UnitStatus};

use super::event_json::EventJson;
use super::style::Style;

/// How a run is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ProgressForm {
    /// Bars on a terminal, lines elsewhere.
    Lines,
    /// A line of JSON for each event.
    Json,
    /// Lines in the collapsible groups of GitHub Actions.
    Github,
    /// Nothing but what needs a reader.
    Quiet,
}

/// Consumes the engine's events and shows them.
#[derive(Clone)]
pub(crate) struct Progress {
    shown: Arc<Mutex<Shown>>,
    style: Style,
    form: ProgressForm,
}

struct Shown {
    bars: Option<MultiProgress>,
    units: HashMap<String, ProgressBar>,
    /// The step under way, where it is done in one piece and its unit's name says nothing more.
    whole: Option<String>,
}

impl Progress {
    /// Bars when standard error is a terminal and nothing else was asked for.
    pub(crate) fn new(style: Style, form: ProgressForm) -> Self {
        let has_bars = form == ProgressForm::Lines && std::io::stderr().is_terminal();
        let bars = has_bars.then(MultiProgress::new);
        Self {
            shown: Arc::new(Mutex::new(Shown {
                bars,
                units: HashMap::new(),
                whole: None,
            })),
            style,
            form,
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
        match (self.form, event) {
            (ProgressForm::Lines, _) => self.tell(event),
            (ProgressForm::Quiet, _) => {}
            (ProgressForm::Json, event) => {
                if let Ok(line) = serde_json::to_string(&EventJson::of(event)) {
                    self.line(&line);
                }
            }
            (ProgressForm::Github, Event::StepStarted { title, .. }) => {
                self.line(&format!("::group::{title}"));
                self.tell(event);
            }
            (ProgressForm::Github, Event::StepFinished { .. }) => self.line("::endgroup::"),
            (ProgressForm::Github, event) => self.tell(event),
        }
    }

    fn tell(&self, event: &Event) {
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
            Event::UnitStarted {
                unit,
                title,
                attempt: 1,
                ..
            } => shown.start(unit.as_str(), title),
            Event::UnitStarted {
                unit,
                title,
                attempt,
                ..
            } => {
                shown.start(unit.as_str(), &format!("{title} (attempt {attempt})"));
            }
            Event::Progress {
                unit, done, total, ..
            } => shown.advance(unit.as_str(), *done, *total),
            Event::UnitFinished {
                step,
                unit,
                status,
                duration,
                ..
            } => {
                let name = (!shown.is_whole(step.as_str())).then_some(unit.as_str());
                self.finish(&mut shown, unit.as_str(), (name, status), *duration);
            }
            Event::Retrying {
                unit, after, why, ..
            } => {
                // What the system or the server said tells more than what was tried.
                let cause = why.report.why.as_ref().unwrap_or(&why.report.message);
                shown.line(&format!("  {unit}: {cause}; again in {}", seconds(*after)));
            }
            Event::NotVisibleYet { unit, after, .. } => {
                let text = format!(
                    "{unit}: not visible yet, looking again in {}",
                    seconds(*after)
                );
                shown.update(unit.as_str(), &text);
            }
            Event::Observed {
                unit,
                observed: Observed::Different { found },
                ..
            } => {
                shown.line(&format!("  {unit}: other bytes are there ({found})"));
            }
            Event::Note { note, .. } => shown.line(&format!("  {}", note_text(note))),
            Event::Interrupting => {
                shown.line("interrupted: what is under way is brought to a known state");
            }
            // How these were settled stands in the end of their units.
            Event::StepSkipped { .. }
            | Event::StepFinished { .. }
            | Event::Observed { .. }
            | Event::Adopted { .. } => {}
        }
    }

    /// The end of a unit. One without a name is its whole step.
    fn finish(
        &self,
        shown: &mut Shown,
        unit: &str,
        (name, status): (Option<&str>, &UnitStatus),
        duration: Duration,
    ) {
        shown.finish(unit);
        if let Some(word) = self.outcome(status) {
            let name = name.map(|name| format!(" {name}")).unwrap_or_default();
            shown.line(&format!(
                "  {word}{name} {}",
                self.style.dim(&seconds(duration))
            ));
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
            // Not by the bars' own means: on a terminal that tells no width they print nothing, and a
            // question that nobody sees is waited on for ever.
            Some(bars) => bars.suspend(|| super::note(text)),
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
