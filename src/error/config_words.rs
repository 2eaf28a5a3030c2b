//! What errors of the configuration and of the choice of an index say.

use std::path::PathBuf;

use pubflow_pipeline::Report;

use crate::config::{ConfigError, Origin, TargetError};

/// No index was chosen.
pub(super) fn target_report(error: &TargetError, report: Report) -> Report {
    match error {
        TargetError::Config(error) => config_report(error, report),
        TargetError::Ambiguous { hint, suggestion } => report.code("E108").why(hint.clone()).next(suggestion.clone()),
        TargetError::NoSimple { variable, url } => report
            .code("E109")
            .place((*variable).to_owned())
            .why(format!("{url} does not end in `legacy/`, so the simple API cannot be guessed beside it"))
            .next("set PUBFLOW_INDEX_<NAME>_UPLOAD and PUBFLOW_INDEX_<NAME>_SIMPLE, then use --index NAME"),
        TargetError::Private { .. } => report
            .code("E110")
            .why("a `Private ::` classifier says that this project must not be published there")
            .next("name your own index with --index, or remove the classifier"),
    }
}

/// A setting cannot be taken.
pub(super) fn config_report(error: &ConfigError, report: Report) -> Report {
    let report = report.code("E102");
    let at = |path: &PathBuf, line: &usize| format!("{}:{line}", path.display());
    let from = |origin: &Origin| origin.to_string();
    match error {
        ConfigError::Read { .. } => report.next("see that it is a text file in UTF-8 that you may read"),
        ConfigError::Syntax { path, line, .. } => report.place(at(path, line)).next("correct that line"),
        ConfigError::UnknownKey { path, line, nearest, known, .. } => {
            let report = report.place(at(path, line));
            match nearest {
                Some(nearest) => report.next(format!("did you mean `{nearest}`?")),
                None => report.next(format!("known here: {known}")),
            }
        }
        ConfigError::Rule { path, line, nearest, .. } => {
            let report = report.place(at(path, line));
            match nearest {
                Some(nearest) => report.next(format!("did you mean {nearest}? `pubflow rule` lists all")),
                None => report.next("`pubflow rule` lists the rules"),
            }
        }
        ConfigError::WrongType { path, line, .. } | ConfigError::Unfit { path, line, .. } => report.place(at(path, line)).next("correct that line"),
        ConfigError::Secret { path, line, .. } => report
            .place(at(path, line))
            .why("files are committed and copied; whoever reads them could publish as you")
            .next("remove it, revoke it if the file was ever shared, and use PUBFLOW_INDEX_<NAME>_TOKEN or --token-file"),
        ConfigError::Address { origin, .. } => report
            .place(from(origin))
            .next("give an https address without user name and password, or http to 127.0.0.1"),
        ConfigError::Redirected { origin, .. } => report
            .place(from(origin))
            .why("a project file may send PyPI and TestPyPI to a loopback address at most: a cloned project must not receive your token")
            .next("remove the line; to use a mirror set PUBFLOW_INDEX_PYPI_UPLOAD and _SIMPLE, or your user file"),
        ConfigError::KindOfKnown { origin, .. } => report
            .place(from(origin))
            .why("the kind decides whether you are asked before something is published, and what is sent as a token")
            .next("remove the line; PyPI and TestPyPI need no kind"),
        ConfigError::MovedFromUser { origin, .. } => report
            .place(from(origin))
            .why("a cloned project must not receive the token that you keep for this index")
            .next("remove the index from the project file, or give it another name there"),
        ConfigError::Incomplete { index, missing } => {
            let variable = index.to_ascii_uppercase().replace(['-', '.'], "_");
            report.next(format!(
                "set `{missing}` in [tool.pubflow.index.{index}], or PUBFLOW_INDEX_{variable}_{}",
                missing.to_ascii_uppercase()
            ))
        }
        ConfigError::UnknownKind { known, origin, .. } => report.place(from(origin)).next(format!("known: {known}")),
        ConfigError::UnknownIndex { index, known, origin } => report
            .place(from(origin))
            .next(format!("known: {known}; another one is set in [tool.pubflow.index.{index}]")),
        ConfigError::IndexName { origin, .. } => {
            report.place(from(origin)).next("use letters, digits, `-`, `_` and `.`")
        }
    }
}
