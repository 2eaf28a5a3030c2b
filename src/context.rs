//! What every command is handed: the captured environment, the output format, the state directory,
//! and the switch that Ctrl-C turns.

use std::path::PathBuf;
use std::sync::Arc;

use pubflow_http::{HttpClient, HttpPolicy};
use pubflow_index::{Index, IndexAddress};
use pubflow_pipeline::StateDir;
use pubflow_process::Inherited;
use tokio::sync::watch;

use crate::cli::{Cli, Format};
use crate::config::Environment;
use crate::error::CommandError;
use crate::interrupt::Interrupts;
use crate::render::{self, Progress, Style};

/// Variables that name certificates to trust besides the machine's own, the strongest first.
const CA_FILES: [&str; 3] = ["PUBFLOW_CA_FILE", "TWINE_CERT", "REQUESTS_CA_BUNDLE"];
/// Variables that name the client's own certificate and key, in one PEM file.
const CLIENT_CERTIFICATES: [&str; 2] = ["PUBFLOW_CLIENT_CERT", "TWINE_CLIENT_CERT"];

/// The surroundings of one call.
#[derive(Clone)]
pub(crate) struct Context {
    /// The environment at start, for configuration.
    pub(crate) env: Environment,
    /// The same for children, who get a cleaned part of it.
    pub(crate) inherited: Inherited,
    /// How results are printed.
    pub(crate) format: Format,
    /// Colour of results.
    pub(crate) out: Style,
    /// Progress and messages on standard error.
    pub(crate) progress: Progress,
    /// Colour of messages.
    pub(crate) err: Style,
    state_dir: Option<PathBuf>,
    interrupts: Arc<Interrupts>,
}

impl Context {
    /// Resolves the options that every command shares.
    pub(crate) fn new(cli: &Cli, env: Environment) -> Self {
        let (out, err) = (Style::stdout(&env), Style::stderr(&env));
        Self {
            inherited: Inherited::capture(),
            format: cli.format,
            out,
            err,
            progress: Progress::new(err, cli.progress.form(&env)),
            state_dir: cli.state_dir.clone().or_else(|| env.state_dir()),
            env,
            interrupts: Arc::new(Interrupts::new()),
        }
    }

    /// The state directory.
    ///
    /// # Errors
    /// There is none to be found, or it cannot be made.
    pub(crate) fn state(&self) -> Result<StateDir, CommandError> {
        let path = self.state_dir.as_deref().ok_or(CommandError::NoStateDir)?;
        Ok(StateDir::open(path)?)
    }

    /// Where the state directory is, or would be made.
    pub(crate) fn state_path(&self) -> Option<&std::path::Path> {
        self.state_dir.as_deref()
    }

    /// The state directory, where there is one already; for what must write nothing.
    ///
    /// # Errors
    /// It cannot be used.
    pub(crate) fn existing_state(&self) -> Result<Option<StateDir>, CommandError> {
        match self
            .state_dir
            .as_deref()
            .is_some_and(std::path::Path::is_dir)
        {
            true => self.state().map(Some),
            false => Ok(None),
        }
    }

    /// A switch that nobody turns, for work that is described and not done.
    pub(crate) fn never_interrupted(&self) -> watch::Receiver<bool> {
        watch::channel(false).1
    }

    /// The same surroundings with another state directory.
    pub(crate) fn with_state(&self, state_dir: PathBuf) -> Self {
        Self {
            state_dir: Some(state_dir),
            ..self.clone()
        }
    }

    /// A client for the index at `address`.
    ///
    /// # Errors
    /// TLS cannot be set up on this machine.
    pub(crate) fn index(&self, address: IndexAddress) -> Result<Index, CommandError> {
        Ok(Index::new(address, self.http()?)?)
    }

    /// A client for anything else.
    ///
    /// # Errors
    /// TLS cannot be set up on this machine, or the certificates that were named cannot be read.
    pub(crate) fn http(&self) -> Result<HttpClient, CommandError> {
        let mut policy = HttpPolicy::new(concat!("pubflow/", env!("CARGO_PKG_VERSION")));
        policy.ca_file = self.env.path_of(&CA_FILES);
        policy.client_certificate = self.env.path_of(&CLIENT_CERTIFICATES);
        Ok(HttpClient::new(&policy)?)
    }

    /// A line on standard error.
    pub(crate) fn note(&self, text: &str) {
        self.progress.line(text);
    }

    /// Whether results are printed as JSON.
    pub(crate) fn json(&self) -> bool {
        self.format == Format::Json
    }

    /// Prints `document` where JSON is wanted, `text` otherwise.
    pub(crate) fn print<T: serde::Serialize>(
        &self,
        document: &T,
        text: &str,
    ) -> Result<(), CommandError> {
        let printed = if self.json() {
            render::print_json(document)
        } else {
            render::print(text)
        };
        printed.map_err(|source| CommandError::Output { source })
    }

    /// Prints a result that is a text already.
    pub(crate) fn print_text(&self, text: &str) -> Result<(), CommandError> {
        render::print(text).map_err(|source| CommandError::Output { source })
    }

    /// Runs an async command on a runtime of its own, with the switch that an interrupt turns.
    pub(crate) fn block_on<T, F: Future<Output = Result<T, CommandError>>>(
        &self,
        run: impl FnOnce(watch::Receiver<bool>) -> F,
    ) -> Result<T, CommandError> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .map_err(|source| CommandError::Runtime { source })?;
        let running = self.interrupts.running();
        let result = runtime.block_on(run(running.switch()));
        // Blocking work that an interrupt left behind must not hold up the exit.
        runtime.shutdown_background();
        result
    }

    /// Runs an async command that changes nothing, and drops it at an interrupt.
    pub(crate) fn block_on_reading<T, F: Future<Output = Result<T, CommandError>>>(
        &self,
        read: F,
    ) -> Result<T, CommandError> {
        self.block_on(async |mut interrupt| {
            tokio::select! {
                result = read => result,
                _ = interrupt.wait_for(|stop| *stop) => {
                    Err(CommandError::Interrupted { landed: false })
                }
            }
        })
    }
}
