//! From the exception that ended an import to its cause: something missing from the wheel, an
//! undeclared dependency, another platform, a bug.

use super::modules::Modules;
use super::standard_library::{
    Absence, Family, absence, is_for_another_platform, is_platform_name,
};
use super::stored::{Failure, Raised};

/// Built-in exceptions that nobody raises to refuse an import; they are bugs.
const BUGS: &[&str] = &[
    "NameError",
    "AttributeError",
    "TypeError",
    "ArithmeticError",
    "RecursionError",
    "FileNotFoundError",
    "NotADirectoryError",
];

/// Why an import failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cause {
    /// A module that only this wheel can provide is not in it.
    OwnModule(String),
    /// A module of the wheel lacks a name that another one imports, or does not load.
    OwnName(String),
    /// The standard library has no such module.
    Standard(String, Absence),
    /// Something that only other platforms have.
    OtherPlatform,
    /// Nothing that is installed provides the module.
    Undeclared(String),
    /// A module of the standard library has no such name in this version.
    StandardName(String),
    /// The module is provided, but not this part of it.
    Incomplete(String),
    /// The source is no Python of this version.
    Syntax,
    /// A file beside the modules is missing; its path below site-packages.
    DataFile(String),
    /// A bug.
    Bug,
    /// An exception that somebody chose to raise.
    Refusal,
}

/// What a failure is judged against.
#[derive(Debug)]
pub(super) struct Surroundings<'a> {
    /// The modules of the wheel.
    pub(super) modules: &'a Modules,
    /// Minor version of Python 3.
    pub(super) minor: u64,
    /// The system this machine runs.
    pub(super) family: Family,
    /// Where modules are installed, ending in a separator.
    pub(super) site_packages: String,
}

impl Surroundings<'_> {
    /// Why an import failed.
    pub(super) fn cause(&self, failure: &Failure) -> Cause {
        let Some(first) = failure.chain.first() else {
            return Cause::Refusal;
        };
        if is_a(first, &["SyntaxError"]) && failure.place.is_some() {
            return Cause::Syntax;
        }
        let is_bug = is_a(first, BUGS);
        // Who refuses because an import has failed often says so by another exception; a bug that
        // happens while a failed import is handled is still a bug.
        let looked_at = if is_bug { 1 } else { failure.chain.len() };
        if let Some(cause) = failure.chain[..looked_at]
            .iter()
            .find_map(|raised| self.missing(raised))
        {
            return cause;
        }
        if is_a(first, &["AttributeError", "NameError", "ImportError"])
            && quoted(&first.message).any(is_platform_name)
        {
            return Cause::OtherPlatform;
        }
        if let Some(file) = self.missing_data_file(first) {
            return Cause::DataFile(file);
        }
        if is_bug { Cause::Bug } else { Cause::Refusal }
    }

    /// The cause, when the exception says that a module or a name in it was not found.
    fn missing(&self, raised: &Raised) -> Option<Cause> {
        let name = raised.name.as_deref().filter(|name| !name.is_empty())?;
        if !is_a(raised, &["ImportError"]) {
            return None;
        }
        if !is_a(raised, &["ModuleNotFoundError"]) {
            return if quoted(&raised.message).any(is_platform_name) {
                Some(Cause::OtherPlatform)
            } else if self.modules.must_provide(name) {
                Some(Cause::OwnName(name.to_owned()))
            } else if raised.stdlib {
                Some(Cause::StandardName(name.to_owned()))
            } else {
                Some(Cause::Incomplete(name.to_owned()))
            };
        }
        if self.modules.must_provide(name) {
            return Some(Cause::OwnModule(name.to_owned()));
        }
        Some(
            match absence(name, self.minor, self.family, raised.stdlib) {
                Some(Absence::OtherPlatform) => Cause::OtherPlatform,
                Some(absence) => Cause::Standard(name.to_owned(), absence),
                // The wheel's own namespace is found, but says nothing about who provides the rest.
                None if raised.top_found && !self.modules.shares_namespace(name) => {
                    Cause::Incomplete(name.to_owned())
                }
                None => Cause::Undeclared(name.to_owned()),
            },
        )
    }

    fn missing_data_file(&self, raised: &Raised) -> Option<String> {
        if !is_a(raised, &["FileNotFoundError", "NotADirectoryError"]) {
            return None;
        }
        let file = raised.filename.as_deref()?;
        Some(file.strip_prefix(&self.site_packages)?.to_owned())
    }

    /// Whether the module's name says that it is made for other platforms than this one.
    pub(super) fn is_for_another_platform(&self, module: &str) -> bool {
        is_for_another_platform(module, self.family)
    }
}

fn is_a(raised: &Raised, classes: &[&str]) -> bool {
    raised
        .bases
        .iter()
        .any(|base| classes.contains(&base.as_str()))
}

/// The texts between single quotes of a message.
fn quoted(message: &str) -> impl Iterator<Item = &str> {
    message.split('\'').skip(1).step_by(2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::stored::Place;

    fn raised(bases: &[&str], message: &str) -> Raised {
        Raised {
            class: bases[0].to_owned(),
            module: "builtins".to_owned(),
            bases: bases.iter().map(|&base| base.to_owned()).collect(),
            message: message.to_owned(),
            name: None,
            filename: None,
            stdlib: false,
            top_found: false,
        }
    }

    fn not_found(name: &str) -> Raised {
        Raised {
            name: Some(name.to_owned()),
            ..raised(&["ModuleNotFoundError", "ImportError"], "No module named")
        }
    }

    #[track_caller]
    fn check(chain: Vec<Raised>, expected: Cause) {
        let modules = Modules::among(["demo/__init__.py", "ns/demo/__init__.py"]);
        let surroundings = Surroundings {
            modules: &modules,
            minor: 12,
            family: Family::Posix,
            site_packages: "/env/site-packages/".to_owned(),
        };
        let place = Some(Place {
            file: "demo/__init__.py".to_owned(),
            line: 1,
        });
        let failure = Failure {
            chain,
            place,
            trace: String::new(),
        };
        assert_eq!(surroundings.cause(&failure), expected);
    }

    #[test]
    fn what_was_not_found_decides() {
        check(
            vec![not_found("demo.core")],
            Cause::OwnModule("demo.core".into()),
        );
        check(vec![not_found("attr")], Cause::Undeclared("attr".into()));
        check(vec![not_found("winreg")], Cause::OtherPlatform);
        check(
            vec![not_found("distutils.core")],
            Cause::Standard("distutils.core".into(), Absence::Removed { minor: 12 }),
        );
        let found = |name| Raised {
            top_found: true,
            ..not_found(name)
        };
        check(
            vec![found("attr.gone")],
            Cause::Incomplete("attr.gone".into()),
        );
        check(
            vec![found("ns.other")],
            Cause::Undeclared("ns.other".into()),
        );
        check(
            vec![found("ns.demo.x")],
            Cause::OwnModule("ns.demo.x".into()),
        );
    }

    #[test]
    fn a_refusal_after_a_failed_import_is_about_the_import() {
        let refusal = || raised(&["RuntimeError", "Exception"], "install demo[fast]");
        check(
            vec![refusal(), not_found("attr")],
            Cause::Undeclared("attr".into()),
        );
        check(vec![refusal()], Cause::Refusal);
        let bug = raised(&["NameError", "Exception"], "name 'x' is not defined");
        check(vec![bug, not_found("attr")], Cause::Bug);
    }

    #[test]
    fn names_files_and_syntax() {
        let windll = "module 'ctypes' has no attribute 'windll'";
        check(
            vec![raised(&["AttributeError"], windll)],
            Cause::OtherPlatform,
        );
        let name = |module: &str| Raised {
            name: Some(module.to_owned()),
            ..raised(&["ImportError"], "cannot import name 'x'")
        };
        check(vec![name("demo")], Cause::OwnName("demo".into()));
        check(vec![name("attr")], Cause::Incomplete("attr".into()));
        let standard = Raised {
            stdlib: true,
            ..name("importlib.resources")
        };
        check(
            vec![standard],
            Cause::StandardName("importlib.resources".into()),
        );
        check(vec![raised(&["SyntaxError"], "invalid")], Cause::Syntax);
        let file = |path: &str| Raised {
            filename: Some(path.to_owned()),
            ..raised(&["FileNotFoundError", "OSError"], "")
        };
        let inside = "/env/site-packages/demo/schema.json";
        check(
            vec![file(inside)],
            Cause::DataFile("demo/schema.json".into()),
        );
        check(vec![file("/etc/demo.conf")], Cause::Bug);
        check(vec![], Cause::Refusal);
    }
}
