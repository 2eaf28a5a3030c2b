//! Python on this machine: interpreters, environments, installers, build backends and smoke tests.
//!
//! Everything here runs other people's programs through `pubflow-process`. What a distribution holds
//! is read by `pubflow-dist`; which step of a release comes when is left to the stages.

pub mod build;
pub mod cache;
pub mod environment;
pub mod installer;
pub mod interpreter;
pub mod leftovers;
pub mod verify;
