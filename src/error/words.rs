//! What every error says: what, where, why, next.

use std::io;

use pubflow_forge::git::GitError;
use pubflow_index::DownloadError;
use pubflow_index::credential::vault::VaultError;
use pubflow_pipeline::Report;
use pubflow_python::build::BuildError;
use pubflow_python::interpreter::InterpreterError;
use pubflow_python::verify::VerifyError;
use pubflow_server::ServerError;
use pubflow_stages::FilesError;

use super::CommandError;
use super::config_words::{config_report, target_report};
use super::unit_words::{collect_report, fragment_report, unit_report};

impl CommandError {
    /// What, where, why, next.
    #[expect(clippy::too_many_lines, reason = "a table: one row for each error")]
    pub(crate) fn report(&self) -> Report {
        let report = Report::new(self.to_string());
        match self {
            Self::Config(error) => config_report(error, report),
            Self::Target(error) => target_report(error, report),
            Self::Argument { option, why, .. } => report
                .code("E101")
                .place(format!("command line, {option}"))
                .why(why.clone())
                .next(argument_hint(option)),
            Self::NothingToPublish { directory } => report
                .code("E104")
                .place(directory.display().to_string())
                .next("run `pubflow build`, or name the files: `pubflow publish FILE…`"),
            Self::Files(error) => files_report(error, report),
            Self::NoRelease { .. } => report
                .code("E105")
                .why("the state directory holds no record of it; digests that only an index claims are not taken")
                .next("name the files themselves, or run `pubflow build`"),
            Self::NoReleases => report
                .code("E105")
                .next("run `pubflow build`, or `pubflow publish FILE…`; another state directory is named with --state-dir"),
            Self::NonePublished { index } => report
                .code("E105")
                .why("a promotion takes what was tested before; digests that only an index claims are not taken")
                .next(format!("run `pubflow publish --index {index}` first, or name the files: `pubflow promote FILE…`")),
            Self::WhichRelease { releases } => report
                .code("E104")
                .why(releases.join("\n"))
                .next("run the command in the project's folder, or name the release: NAME==VERSION"),
            Self::Moved { index, then, now } => report
                .code("E111")
                .why(format!("files were to go to {then}, and the configuration says {now} now"))
                .next(format!("configure `{index}` as it was (`pubflow config show`), or publish anew with `pubflow publish --index {index}`")),
            Self::ProjectErrors { .. } => report.code("E302").why("the findings stand above; nothing was published").next("correct them (`pubflow check` shows them again), then rehearse again"),
            Self::NotApproved { release } => report
                .code("E310")
                .why("nobody said yes: the answer was no, or there is no terminal to ask on")
                .next(format!("look at it, then run `pubflow approve {release} --yes`, or on a terminal")),
            Self::OtherManifest { given, here, .. } => report
                .code("E508")
                .why(format!("the manifest that was looked at is {given}, and this machine holds {here}"))
                .next("find out where the other bytes come from; approve what was built once and carried here by `pubflow state export`"),
            Self::OtherBytes { here, there, .. } => report
                .code("E505")
                .why(format!("the file has the digest {here}, and the index says {there}"))
                .next("name no files to adopt what the index has, or raise the version"),
            Self::NotPassed { step } => report
                .code("E115")
                .why(format!("`{step}` stands before it in the release and is not recorded as done with these inputs"))
                .next("run `pubflow release` without --from and --only; --skip STEP=REASON leaves a gate out"),
            Self::NotAsked { release, step } => report
                .code("E117")
                .why(format!("`{step}` belongs to the settings of the project; going on without them would leave it out"))
                .next(format!("run `pubflow resume {release}` in the project's folder; where the settings were changed on purpose, run `pubflow release`")),
            Self::NotForTrials { origin, .. } => report
                .code("E118")
                .place(origin.to_string())
                .why("what is uploaded there is public for good, or it is where the release goes anyway")
                .next("rehearse on `loopback`, on testpypi or on an index of your own for trials: --rehearse PLACE, or release.rehearse"),
            Self::NotReady { .. } => report
                .code("E311")
                .why("everything that has to be done stands above; nothing was built, sent or changed")
                .next("do what stands under \"next\", then run the command again; `pubflow doctor` asks once more"),
            Self::OtherCommit { release, begun, here } => report
                .code("E116")
                .why(format!("its files were built from {begun}, and the tree stands at {here}: other bytes under the same version"))
                .next(format!("check out {begun} and run `pubflow resume {release}`, or raise the version")),
            Self::HalfPublic { release, index } => report
                .code("E312")
                .why(format!("a part of {release} is on {index}, and users would meet it beside the next version"))
                .next(format!("finish it with `pubflow resume {release}`, or give it up with `pubflow abandon {release} --reason …`")),
            Self::NoToken { index } => report.code("E206").why("a file has to be sent, and no source gave a token").next(token_hint(index)),
            Self::NothingToKeep { .. } => report
                .code("E101")
                .why("there is no terminal to ask on")
                .next("give it with --token-file FILE (`-` reads standard input)"),
            Self::UselessToken { index, problem } => report
                .code("E202")
                .why(problem.clone())
                .next(format!("make a token on the pages of {index}, and keep that one")),
            Self::Narrow(_) => report
                .code("E214")
                .why("a token of PyPI carries its limits in itself, and anybody who holds it can add to them; other tokens do not")
                .next("keep the token without --restrict and --days, and limit it where it is made"),
            Self::Vault(error) => vault_report(error, report),
            Self::OtherVersion { here, index, .. } => report
                .code("E112")
                .why(format!("this project is at {here}, which was never published to {index} from here"))
                .next(format!("publish {here} first (`pubflow build && pubflow publish --index {index}`), or name the release: `pubflow promote NAME==VERSION`")),
            Self::NoConsent { release, .. } => report
                .code("E106")
                .why("there is no terminal to ask on, the index was not named, and --yes was not given; nothing was sent")
                .next(format!("look at the digests with `pubflow status {release}`, then run the command again with --yes")),
            Self::NothingToCheck => report
                .code("E104")
                .why("no pyproject.toml, setup.py or setup.cfg")
                .next("name what to check: `pubflow check PATH…`"),
            Self::NoProject { .. } => report
                .code("E104")
                .next("name the directory that holds pyproject.toml or setup.py"),
            Self::NotOnIndex { .. } => {
                report.code("E210").next("see the spelling and the index: `pubflow config show` lists the known ones")
            }
            Self::NeverBegun { release } => {
                report.code("E105").why("it was built and sealed, no more").next(format!("run `pubflow publish` for {release}"))
            }
            Self::Abandoned { release, reason } => report
                .code("E113")
                .why(reason.clone())
                .next(format!("take it up again with `pubflow publish` and the files of {release}, or raise the version")),
            Self::NotOpen { release } => report
                .code("E114")
                .why("every run came to its end, or none was begun")
                .next(format!("see what is known with `pubflow status {release}`; a published release is taken back with `pubflow yank`")),
            Self::Download { source, .. } if matches!(**source, DownloadError::NoDigest { .. }) => {
                caused(report, "E201", source, "fetch the file by other means, compare it with what was built, and name it on the command line")
            }
            Self::Download { source, .. } => caused(report, "E201", source, "run the command again; it changes nothing on the index"),
            Self::Statistics { source, .. } => {
                let next = match crate::command::is_unreachable(source) {
                    true => "see that the service answers, or name another of the same shape with PUBFLOW_STATS_URL; nothing here depends on it",
                    false => "see the spelling of the name; a new project is counted after a day or two",
                };
                caused(report, "E217", source, next)
            }
            Self::Tree(error) => caused(report, "E606", &error.source, "see that every file of the project can be read and that TMPDIR is writable and not full"),
            Self::Address(error) => report.code("E102").next(error.next()),
            Self::Secret(error) => caused(report, "E202", error, "copy the token again from where it was made"),
            Self::NoCacheDir => report.code("E905").next("set HOME, or name a directory with PUBFLOW_CACHE_DIR"),
            Self::NoStateDir => report.code("E905").next("set HOME, or name a directory with --state-dir"),
            Self::Credential { index, source } => report.code("E202").why(source.to_string()).next(token_hint(index)),
            Self::State(error) => error.report(),
            Self::Lock(error) => error.report(),
            Self::Transfer(error) => error.report(),
            Self::Build(error) => build_report(error),
            Self::Unit(error) => unit_report(error, report),
            Self::Collect(error) => collect_report(error, report),
            Self::Fragment(error) => fragment_report(error, report),
            Self::Verify(error) => verify_report(error, report),
            Self::Interpreter(error) => interpreter_report(error, report),
            Self::Check(error) => report.code("E602").why(error.why()).next(unreadable_hint(&error.source)),
            Self::Git(GitError::Output(_)) => report
                .code("E606")
                .next("see that the temporary directory (TMPDIR) is there, writable and not full"),
            Self::Source(error) => report
                .code("E603")
                .why(error.to_string())
                .next("make the tree readable, and see that `git status` works here"),
            Self::Git(GitError::Process(_)) => report.code("E603").next("see that `git status` works here"),
            Self::Http(error) => caused(report, "E604", error, "see that the certificates and the proxy settings of this machine are in order"),
            Self::Server(error) => caused(report, "E605", error, server_next(error)),
            Self::Stopped { failure, .. } => (*failure.report).clone(),
            Self::Landed { source, public } => landed_report(source, public),
            Self::Interrupted { landed } => interrupted_report(*landed, report),
            Self::Io { source, .. } => caused(report, "E606", source, "see that the place is there, writable and not full (TMPDIR names another one for scratch files)"),
            Self::Output { source } => caused(report, "E607", source, "see what reads the output; `pubflow status` shows what was done"),
            Self::Runtime { source } => caused(report, "E608", source, "raise the limit of threads and open files (`ulimit -a`), then run the command again"),
        }
    }
}

/// An error whose reason is another's words.
fn caused(report: Report, code: &str, why: &dyn std::fmt::Display, next: &str) -> Report {
    report.code(code).why(why.to_string()).next(next)
}

/// A place for tokens that cannot be used.
fn vault_report(error: &VaultError, report: Report) -> Report {
    let report = report.code("E609");
    match error {
        VaultError::Choice { .. } | VaultError::Off => {
            report.next("set PUBFLOW_KEYRING to `system` or `file`, or leave it unset")
        }
        VaultError::Keyring { .. } => {
            report.next("unlock the keyring, or keep the token in a file: PUBFLOW_KEYRING=file")
        }
        VaultError::NoHome => report.next("set HOME or XDG_DATA_HOME"),
        VaultError::TooOpen { .. } => {
            report.next("make it yours alone, and make a new token if others could have read it")
        }
        VaultError::File { .. } => report.next("see that the place can be written by you"),
        VaultError::Damaged { .. } => {
            report.next("move the file away, then run `pubflow login` again")
        }
    }
}

/// What to type instead of an argument that was not understood.
/// What to do about an embedded index that does not start.
fn server_next(error: &ServerError) -> &'static str {
    match error {
        ServerError::NeedsTls { .. } => {
            "add --tls-certificate and --tls-key, or leave --listen out and stay on this machine"
        }
        ServerError::NeedsName { .. } => "add --host-name with the name that is in the certificate",
        ServerError::Tls { .. } => {
            "give --tls-certificate the certificate chain and --tls-key its own private key, both in PEM"
        }
        ServerError::Seed { .. } => "mend the seed file, or start without --seed",
        _ => "free the port or choose another, and see that the directory can be written",
    }
}

fn argument_hint(option: &str) -> &'static str {
    match option {
        "CODE" | "--ignore" | "--select" | "--extend-select" | "--extend-ignore" => {
            "run `pubflow rule` for the list of codes"
        }
        "NAME==VERSION" => {
            "name the release, such as `demo==1.0`; `pubflow status` shows the newest"
        }
        "--config-setting" => "write it with an equals sign: `-C key=value`",
        _ => "see `pubflow help`",
    }
}

/// What to do about a file or directory that cannot be read.
fn unreadable_hint(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::NotFound => "see the spelling of the path, and the directory you are in",
        io::ErrorKind::PermissionDenied => "see that you may read it",
        _ => "see that it is a file or directory that can be read",
    }
}

fn token_hint(index: &str) -> String {
    let variable = index.to_ascii_uppercase().replace(['-', '.'], "_");
    format!(
        "set PUBFLOW_INDEX_{variable}_TOKEN, give --token-file FILE (`-` reads standard input), or keep one with `pubflow login --index {index}`"
    )
}

fn interpreter_report(error: &InterpreterError, report: Report) -> Report {
    let report = report.code("E601");
    match error {
        InterpreterError::NoneFound => report
            .why("pubflow looks on PATH, in pyenv and where uv keeps its interpreters")
            .next("install CPython 3.8 or later, or name one with --python PATH"),
        InterpreterError::NoneFits { .. } => {
            report.next("install an interpreter that the project admits, or widen requires-python")
        }
        _ => report.next("name an interpreter that works with --python PATH"),
    }
}

fn verify_report(error: &VerifyError, report: Report) -> Report {
    if let VerifyError::Interpreter(error) = error {
        return interpreter_report(error, report);
    }
    let report = report.code("E401");
    let report = match error.log() {
        Some(log) => report.why(log),
        None => report,
    };
    match error {
        VerifyError::Open(error) => report
            .why(error.source.to_string())
            .next(unreadable_hint(&error.source)),
        VerifyError::NoDistribution { .. } | VerifyError::Filename { .. } => {
            report.next("name wheels and sdists as they were built; do not rename them")
        }
        VerifyError::Sdist { source, .. } => {
            let why = [Some(source.message()), source.why(), source.log.clone()];
            let why: Vec<String> = why.into_iter().flatten().collect();
            report.why(why.join("\n")).next(source.next())
        }
        VerifyError::Unpack { source, .. } => report
            .why(source.to_string())
            .next("run `pubflow check` on the file: it says what is wrong with the archive"),
        VerifyError::Dependencies { .. } => report.next(
            "see that pip or uv can install them on this machine, then run the command again",
        ),
        _ => report.next("cure what stands above, then run the command again"),
    }
}

/// An error before the engine could look, with what the journal knows to be public.
fn landed_report(source: &CommandError, public: &[String]) -> Report {
    let mut report = source.report();
    let public = format!("already public: {}", public.join(", "));
    report.why = Some(match report.why.take() {
        Some(why) => format!("{why}\n{public}"),
        None => public,
    });
    report
}

fn interrupted_report(landed: bool, report: Report) -> Report {
    let report = report.code("E701");
    if landed {
        report
            .why("files of this release are public already")
            .next("run `pubflow resume` to finish it")
    } else {
        report
            .why("nothing was published")
            .next("run the same command again")
    }
}

fn build_report(error: &BuildError) -> Report {
    let mut report = Report::new(error.message())
        .code("E301")
        .place(error.at.to_string())
        .next(error.next());
    report.why = match (error.why(), &error.log) {
        (Some(why), Some(log)) => Some(format!("{why}\n{log}")),
        (why, log) => why.or_else(|| log.clone()),
    };
    report
}

fn files_report(error: &FilesError, report: Report) -> Report {
    match error {
        FilesError::NotADistribution { path, why } => report
            .code("E103")
            .place(path.display().to_string())
            .why(why.clone())
            .next("name wheels and .tar.gz sdists as they were built; do not rename them"),
        FilesError::SeveralReleases { releases } => {
            let list: Vec<String> = releases
                .iter()
                .map(|(release, paths)| {
                    let names: Vec<String> = paths
                        .iter()
                        .map(|path| path.display().to_string())
                        .collect();
                    format!("{release}: {}", names.join(" "))
                })
                .collect();
            report
                .code("E104")
                .why(list.join("\n"))
                .next("name the files of one release: `pubflow publish FILE…`")
        }
        FilesError::Read { source, .. } => report
            .code("E606")
            .why(source.to_string())
            .next(unreadable_hint(source)),
        FilesError::Changed { .. } => report
            .code("E303")
            .why("a process that the build left behind may have done it; the file is not the one that was checked")
            .next("find out what wrote it, then build again"),
        FilesError::Gone { sha256, .. } => report
            .code("E903")
            .why(format!("no object with SHA-256 {sha256} is in the state directory"))
            .next("run the command again with the original file at hand"),
        FilesError::Attestation { source, .. } => report
            .code("E216")
            .why(source.to_string())
            .next("make the attestation anew for this file, or move it away to publish without"),
        FilesError::Manifest(_) => report
            .code("E104")
            .next("name the files: `pubflow publish FILE…`"),
        FilesError::State(error) => error.report(),
    }
}
