//! What a person should look at before a release goes out: what is new since the last one and runs,
//! or brings in what others wrote.

use super::Comparison;
use crate::entry::EntryKind;

/// One thing that is new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    /// What it is.
    pub kind: NewsKind,
    /// Which one: a path, a name, a requirement.
    pub what: String,
}

/// Kinds of news, the most dangerous first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NewsKind {
    /// Code that runs at every start of Python.
    StartCode,
    /// A file that only extends the search path at every start.
    StartFile,
    /// What runs while the sdist is built.
    Build,
    /// Native code.
    Native,
    /// A command, written out in the wheel.
    Script,
    /// A command or plugin, as an entry point.
    EntryPoint,
    /// A file that may be executed and was not there before.
    Executable,
    /// A name that can be imported.
    TopLevel,
    /// A dependency.
    Dependency,
}

impl NewsKind {
    /// What it is, as a heading over one or more.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::StartCode => "code that runs at every start of Python",
            Self::StartFile => "file read at every start of Python",
            Self::Build => "part of the build",
            Self::Native => "native code",
            Self::Script => "script",
            Self::EntryPoint => "entry point",
            Self::Executable => "executable file",
            Self::TopLevel => "top-level name",
            Self::Dependency => "dependency",
        }
    }
}

impl Comparison {
    /// Everything of this kind that the new distribution has and the old one had not, the most
    /// dangerous first.
    #[must_use]
    pub fn news(&self) -> Vec<News> {
        let mut news = Vec::new();
        let mut add = |kind, what: &str| {
            news.push(News {
                kind,
                what: what.to_owned(),
            });
        };
        for file in &self.new_start_files {
            let kind = match file.runs_code() {
                true => NewsKind::StartCode,
                false => NewsKind::StartFile,
            };
            add(kind, &file.path);
        }
        for requirement in &self.build_system.requires.added {
            add(NewsKind::Build, requirement);
        }
        if let Some((_, backend)) = &self.build_system.backend {
            add(NewsKind::Build, backend);
        }
        let is_sdist = self.new.kind == Some(pubflow_spec::DistributionKind::Sdist);
        for file in &self.files.added {
            if is_sdist && file.path == "setup.py" {
                add(NewsKind::Build, &file.path);
            }
            let is_executable = file.mode.is_some_and(|mode| mode & 0o111 != 0);
            let is_told =
                self.native.added.contains(&file.path) || file.path.starts_with("*.data/scripts/");
            if file.kind == EntryKind::File && is_executable && !is_told {
                add(NewsKind::Executable, &file.path);
            }
        }
        for path in &self.native.added {
            add(NewsKind::Native, path);
        }
        for name in &self.scripts.added {
            add(NewsKind::Script, name);
        }
        for point in self.entry_points.iter().filter(|point| point.old.is_none()) {
            let object = point.new.as_deref().unwrap_or_default();
            add(
                NewsKind::EntryPoint,
                &format!("{}: {} = {object}", point.group, point.name),
            );
        }
        for name in &self.top_level.added {
            add(NewsKind::TopLevel, name);
        }
        for requirement in &self.dependencies.added {
            add(NewsKind::Dependency, requirement);
        }
        news.sort_by_key(|news| news.kind);
        news
    }
}
