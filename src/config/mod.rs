//! Configuration: what may be set, where it was set, and which setting wins.
//!
//! Precedence is command line, environment, project file, user file, default. Every value keeps its
//! [`Origin`], so that messages and `pubflow config show` can say where it came from. The
//! environment is captured once and handed in; nothing here reads it again.

mod budgets;
mod build;
mod check;
mod checklist;
mod environment;
mod file;
mod gates;
mod index;
mod origin;
mod release;
mod risks;
mod settings;
mod smoke;
mod step;
mod target;

pub(crate) use budgets::BudgetSettings;
pub(crate) use build::BuildSettings;
pub(crate) use check::{CheckSettings, FileIgnoreSetting, RuleSetting};
pub(crate) use checklist::shown as shown_checklist;
pub(crate) use environment::Environment;
pub(crate) use file::ConfigError;
pub(crate) use gates::shown as shown_gates;
pub(crate) use index::IndexSettings;
pub(crate) use origin::{Origin, Setting};
pub(crate) use risks::{Risk, read_risks};
pub(crate) use settings::Settings;
pub(crate) use step::StepSetting;
pub(crate) use target::{Requested, Target, TargetError, URL_INDEX, choose_target};
