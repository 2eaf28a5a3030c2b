//! What has to be known about the standard library to judge a failed import: modules that exist on
//! some platforms only, and modules that came or went with a Python version.

use std::ops::ControlFlow;

/// Modules of the standard library that need one family of operating systems, several to a row.
const WINDOWS: &[&str] =
    &["winreg _winreg winsound msvcrt msilib _msi nt _winapi _overlapped ntsecuritycon"];
const POSIX: &[&str] =
    &["posix pwd grp fcntl termios resource syslog tty pty spwd crypt nis _posixsubprocess"];
const MACOS: &[&str] = &["_scproxy"];

/// Modules that a build of Python may do without, several to a row.
const OPTIONAL: &[&str] = &[
    "tkinter _tkinter turtle idlelib curses _curses readline sqlite3 _sqlite3 bz2 _bz2 lzma _lzma ssl _ssl",
    "ctypes _ctypes dbm _dbm _gdbm zlib ossaudiodev _uuid ensurepip",
];

/// Names inside modules of the standard library that exist on some platforms only.
const PLATFORM_NAMES: &[&str] = &[
    "windll oledll WinDLL OleDLL WinError FormatError WINFUNCTYPE HRESULT WindowsError startfile get_last_error",
    "STARTUPINFO CREATE_NEW_CONSOLE CREATE_NO_WINDOW O_BINARY CTRL_C_EVENT CTRL_BREAK_EVENT",
    "WindowsSelectorEventLoopPolicy WindowsProactorEventLoopPolicy ProactorEventLoop",
    "getuid geteuid getgid fork forkpty setsid SIGKILL SIGHUP SIGALRM SIGUSR1 AF_UNIX kqueue epoll",
];

/// Modules that went, with the minor version of Python 3 that no longer has them.
const REMOVED: &[(u64, &str)] = &[
    (9, "_bootlocale dummy_threading"),
    (10, "formatter parser symbol"),
    (11, "binhex"),
    (12, "asynchat asyncore distutils imp smtpd"),
    (
        13,
        "aifc audioop cgi cgitb chunk crypt imghdr lib2to3 mailcap msilib nis nntplib ossaudiodev",
    ),
    (13, "pipes sndhdr spwd sunau telnetlib uu xdrlib"),
];

/// Modules that came, with the minor version of Python 3 that first has them.
const ADDED: &[(u64, &str)] = &[
    (9, "graphlib zoneinfo"),
    (11, "tomllib wsgiref.types"),
    (
        14,
        "annotationlib compression concurrent.interpreters string.templatelib pathlib.types",
    ),
];

/// A family of operating systems.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    /// Windows.
    Windows,
    /// macOS, which is a POSIX system too.
    Macos,
    /// Linux, the BSDs and other POSIX systems.
    Posix,
}

impl Family {
    /// The family of a marker value `sys_platform`.
    pub(super) fn of(sys_platform: &str) -> Self {
        match sys_platform {
            "win32" | "cygwin" => Self::Windows,
            "darwin" => Self::Macos,
            _ => Self::Posix,
        }
    }
}

/// Why a module of the standard library is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Absence {
    /// It needs another platform.
    OtherPlatform,
    /// This build of Python was made without it.
    NotBuilt,
    /// It has gone with Python 3.`minor`.
    Removed {
        /// The minor version.
        minor: u64,
    },
    /// It comes with Python 3.`minor`.
    Added {
        /// The minor version.
        minor: u64,
    },
}

/// Why `module` is not in the standard library of Python 3.`minor` on `family`; none when it is no
/// part of it anywhere.
pub(super) fn absence(module: &str, minor: u64, family: Family, is_known: bool) -> Option<Absence> {
    let top = module.split('.').next().unwrap_or(module);
    if let Some(gone) = first(REMOVED, |name| name == top).filter(|gone| *gone <= minor) {
        return Some(Absence::Removed { minor: gone });
    }
    let new = |name: &str| {
        module == name
            || module
                .strip_prefix(name)
                .is_some_and(|rest| rest.starts_with('.'))
    };
    if let Some(added) = first(ADDED, new).filter(|added| *added > minor) {
        return Some(Absence::Added { minor: added });
    }
    let elsewhere = match family {
        Family::Windows => has(POSIX, top) || has(MACOS, top),
        Family::Macos => has(WINDOWS, top),
        Family::Posix => has(WINDOWS, top) || has(MACOS, top),
    };
    if elsewhere {
        return Some(Absence::OtherPlatform);
    }
    (is_known || has(OPTIONAL, top)).then_some(Absence::NotBuilt)
}

/// Whether `name` is an attribute of a standard module on some platforms only.
pub(super) fn is_platform_name(name: &str) -> bool {
    has(PLATFORM_NAMES, name)
}

/// Words in module names that say for which platform a module is made.
const PLATFORM_WORDS: &[(&str, &[Family])] = &[
    ("win windows nt msvc winapi", &[Family::Windows]),
    ("darwin macos macosx osx mac cocoa", &[Family::Macos]),
    ("linux", &[Family::Posix]),
    ("posix unix", &[Family::Posix, Family::Macos]),
    (
        "freebsd openbsd netbsd bsd aix sunos solaris cygwin android ios emscripten wasi pyodide jython",
        &[],
    ),
];

/// Whether the name of a module says that it is made for other platforms than `family`.
pub(super) fn is_for_another_platform(module: &str, family: Family) -> bool {
    module
        .to_lowercase()
        .split(['.', '_'])
        .map(|word| word.trim_end_matches(|c: char| c.is_ascii_digit()))
        .filter_map(|word| {
            let row = PLATFORM_WORDS
                .iter()
                .find(|(words, _)| words.split(' ').any(|one| one == word));
            row.map(|(_, families)| *families)
        })
        .any(|families| !families.contains(&family))
}

fn has(rows: &[&str], word: &str) -> bool {
    rows.iter()
        .flat_map(|row| row.split(' '))
        .any(|one| one == word)
}

fn first(rows: &[(u64, &str)], matches: impl Fn(&str) -> bool) -> Option<u64> {
    let found = rows.iter().try_for_each(|(minor, words)| {
        if words.split(' ').any(&matches) {
            ControlFlow::Break(*minor)
        } else {
            ControlFlow::Continue(())
        }
    });
    found.break_value()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(module: &str, minor: u64, expected: Option<Absence>) {
        assert_eq!(
            absence(module, minor, Family::Posix, false),
            expected,
            "{module}"
        );
    }

    #[test]
    fn absences_are_told_apart() {
        check("winreg", 12, Some(Absence::OtherPlatform));
        check("tkinter.ttk", 12, Some(Absence::NotBuilt));
        check("distutils.core", 12, Some(Absence::Removed { minor: 12 }));
        check("distutils.core", 11, None);
        check("tomllib", 10, Some(Absence::Added { minor: 11 }));
        check("attr", 12, None);
        assert_eq!(
            absence("fcntl", 12, Family::Windows, true),
            Some(Absence::OtherPlatform)
        );
    }

    #[test]
    fn names_of_modules_tell_their_platform() {
        assert!(is_for_another_platform("demo._win32", Family::Posix));
        assert!(is_for_another_platform("demo.windows10", Family::Posix));
        assert!(is_for_another_platform(
            "demo.backends_macos.x",
            Family::Posix
        ));
        assert!(!is_for_another_platform("demo.posix", Family::Macos));
        assert!(is_for_another_platform("demo.posix", Family::Windows));
        assert!(!is_for_another_platform("demo.window", Family::Posix));
        assert!(is_platform_name("windll") && !is_platform_name("dll"));
    }
}
