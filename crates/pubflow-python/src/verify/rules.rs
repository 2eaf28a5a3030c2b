//! The rules of the smoke test as data. Which of them an outcome breaks is decided by the files that
//! look at it.

use pubflow_finding::{Rule, Severity};

/// Every rule of the smoke test, by code.
pub static RULES: &[&Rule] = &[
    &IMPORT_FAILS,
    &IMPORT_HANGS,
    &IMPORT_WRITES_HOME,
    &SCRIPT_BROKEN,
    &VERSION_ATTRIBUTE,
    &UNDECLARED_DEPENDENCY,
    &UNRESOLVABLE,
    &FILES_DIFFER,
    &METADATA_DIFFERS,
    &OVER_BUDGET,
    &NO_HELP,
    &NOT_TRIED,
    &INSTALL_REFUSED,
    &COMMAND_FAILS,
    &DEPENDENCIES_CONFLICT,
    &LEFT_BEHIND,
    &UPGRADE_FAILS,
];

pub(super) static IMPORT_FAILS: Rule = Rule {
    code: "P1701",
    name: "import-fails",
    severity: Severity::Error,
    source: "advice",
    refused_by: &[],
    about: "A module of the installed distribution cannot be imported, although it works in the \
            source tree: a subpackage or a data file was left out of the wheel, its syntax is too \
            new for a Python that `requires-python` admits, or its code fails. A submodule that \
            is complete and still fails alone (settings that are not there, say, or a bug) is a \
            warning.",
    why: "Every user who installs the file meets the same error.",
    cure: "Add what is missing to the build backend's list of packages or data files, or narrow \
            `requires-python`, and build again.",
    bad: "demo/__init__.py: from demo.core import run, and no demo/core.py in the wheel",
    good: "demo/__init__.py: from demo.core import run\ndemo/core.py",
};

pub(super) static IMPORT_HANGS: Rule = Rule {
    code: "P1702",
    name: "import-does-not-end",
    severity: Severity::Error,
    source: "advice",
    refused_by: &[],
    about: "Importing a module did not end within the time limit.",
    why: "Whoever imports the module waits too. Usual reasons are a server or a loop that is \
            started when the module is imported, a question to the user, or a connection to a \
            network that is not there.",
    cure: "Move the work into a function, or behind `if __name__ == \"__main__\":`.",
    bad: "serve_forever()",
    good: "if __name__ == \"__main__\":\n    serve_forever()",
};

pub(super) static IMPORT_WRITES_HOME: Rule = Rule {
    code: "P1703",
    name: "import-writes-home",
    severity: Severity::Warning,
    source: "advice",
    refused_by: &[],
    about: "Importing a module creates files or directories below the user's home directory.",
    why: "Users do not expect that from an import, and it fails where the home directory is \
            read-only, as in many containers and build farms.",
    cure: "Create the directory when it is first needed.",
    bad: "CACHE.mkdir(parents=True)      # at the top of the module",
    good: "def cache():\n    CACHE.mkdir(parents=True, exist_ok=True)",
};

pub(super) static SCRIPT_BROKEN: Rule = Rule {
    code: "P1704",
    name: "script-cannot-start",
    severity: Severity::Error,
    source: "entry points specification",
    refused_by: &[],
    about: "A console or GUI script names a module or an attribute that is not in the wheel or \
            cannot be loaded, so the installed command ends with a traceback. A script that \
            starts only with one of the project's extras is a warning.",
    why: "Everybody who types the command meets the traceback; the index and installers do not \
            look.",
    cure: "Correct the entry in `[project.scripts]` or `[project.gui-scripts]`, or add the \
            missing module to the wheel.",
    bad: "[project.scripts]\ndemo = \"demo.cli:mian\"",
    good: "[project.scripts]\ndemo = \"demo.cli:main\"",
};

pub(super) static VERSION_ATTRIBUTE: Rule = Rule {
    code: "P1705",
    name: "version-attribute-differs",
    severity: Severity::Warning,
    source: "advice",
    refused_by: &[],
    about: "The `__version__` of the imported package is another version than the distribution's.",
    why: "Bug reports and version tests of users go wrong. It is usually a second place where the \
            version is written down.",
    cure: "Take it from one place: `dynamic = [\"version\"]` in `[project]`, or \
            `importlib.metadata.version` in the package.",
    bad: "__version__ = \"1.0\"            # in demo 1.1",
    good: "__version__ = importlib.metadata.version(\"demo\")",
};

pub(super) static UNDECLARED_DEPENDENCY: Rule = Rule {
    code: "P1706",
    name: "undeclared-dependency",
    severity: Severity::Error,
    source: "advice",
    refused_by: &[],
    about: "A module imports something that is neither in the wheel nor in the standard library \
            nor brought along by a dependency, so it fails in a fresh environment. A submodule \
            that no import of a top-level module and no script needs is a warning, because \
            optional integrations look the same.",
    why: "It went unseen because the developer's environment has it.",
    cure: "Declare it in `dependencies`, or in an extra when it is optional, or guard the import \
            with `try`.",
    bad: "import requests                # and dependencies = []",
    good: "dependencies = [\"requests\"]",
};

pub(super) static UNRESOLVABLE: Rule = Rule {
    code: "P1707",
    name: "dependencies-unresolvable",
    severity: Severity::Error,
    source: "advice",
    refused_by: &[],
    about: "The dependencies of the distribution, or of one of its extras, cannot be resolved on \
            the index that this machine installs from: a project or version does not exist, or \
            two requirements exclude each other.",
    why: "Installing with them is refused.",
    cure: "Correct the requirement, or publish the missing dependency first.",
    bad: "dependencies = [\"demo-helper>=9\"]      # the newest is 2.0",
    good: "dependencies = [\"demo-helper>=2\"]",
};

pub(super) static FILES_DIFFER: Rule = Rule {
    code: "P1708",
    name: "installed-files-differ",
    severity: Severity::Error,
    source: "PEP 427",
    refused_by: &[],
    about: "After the installation a file that RECORD lists is missing or has other content than \
            RECORD says.",
    why: "Either RECORD was written before the file was changed, or another distribution has put \
            a file of the same path over it. Users then run code that nobody has tested.",
    cure: "Build the wheel again with a backend that writes RECORD last; when a dependency owns \
            the path, rename the module.",
    bad: "demo/util.py, overwritten by a dependency that has a file of this path",
    good: "demo/util.py, with the digest that RECORD gives",
};

pub(super) static METADATA_DIFFERS: Rule = Rule {
    code: "P1709",
    name: "installed-metadata-differ",
    severity: Severity::Error,
    source: "PEP 376",
    refused_by: &[],
    about: "What `importlib.metadata` says about the installed distribution is not what the wheel \
            says: the version is another one, or METADATA was changed.",
    why: "Usually a dependency asks for another version of the project itself, and the installer \
            has replaced the file under test, or a second `.dist-info` directory lies in the \
            wheel.",
    cure: "Look for a dependency that asks for this project itself, and for a second `.dist-info` \
            directory in the wheel.",
    bad: "importlib.metadata.version(\"demo\") == \"0.9\"      # of demo 1.0",
    good: "importlib.metadata.version(\"demo\") == \"1.0\"",
};

pub(super) static OVER_BUDGET: Rule = Rule {
    code: "P1710",
    name: "over-budget",
    severity: Severity::Warning,
    source: "advice",
    refused_by: &[],
    about: "The installation of the distribution with its dependencies, or the import of one of \
            its top-level modules, took longer than `budgets` in the configuration allows. An \
            import that is too slow is measured three times, and the fastest counts.",
    why: "The time of an import is paid at every start of every program that uses it, and it grows \
            release by release unless somebody looks.",
    cure: "Import what is seldom needed where it is needed, drop a dependency, or raise the \
            budget. `python -X importtime -c \"import demo\"` shows what takes the time.",
    bad: "budgets = { import-time = \"200ms\" }\nimport demo takes 1.4 s",
    good: "budgets = { import-time = \"200ms\" }\nimport demo takes 80 ms",
};

pub(super) static NO_HELP: Rule = Rule {
    code: "P1711",
    name: "script-without-help",
    severity: Severity::Warning,
    source: "advice",
    refused_by: &[],
    about: "A console script answers neither `--help` nor `--version` with exit status 0 within \
            the time limit. It is only a warning: some scripts take other arguments on purpose.",
    why: "Users, shell completion and package tests try these first.",
    cure: "Answer `--help` with a text and status 0, as argparse and click do by themselves.",
    bad: "$ demo --help\nunknown argument: --help",
    good: "$ demo --help\nusage: demo [-h] FILE",
};

pub(super) static NOT_TRIED: Rule = Rule {
    code: "P1713",
    name: "not-tried-here",
    severity: Severity::Note,
    source: "advice",
    refused_by: &[],
    about: "Something could not be tried on this machine: the wheel is for another platform or \
            interpreter, or a module needs a part of the standard library that only exists \
            elsewhere.",
    why: "This says nothing bad about the distribution.",
    cure: "Run `pubflow verify` on such a machine to know.",
    bad: "demo-1.0-cp312-cp312-win_amd64.whl, verified on Linux",
    good: "demo-1.0-cp312-cp312-win_amd64.whl, verified on Windows",
};

pub(super) static INSTALL_REFUSED: Rule = Rule {
    code: "P1714",
    name: "install-refused",
    severity: Severity::Error,
    source: "advice",
    refused_by: &[],
    about: "The installer refuses the file, although its compatibility tags fit this machine.",
    why: "Nobody can install it.",
    cure: "The installer's own words are quoted; `pubflow check` usually names the defect in the \
            wheel. Build it again.",
    bad: "error: the wheel is invalid: several .dist-info directories",
    good: "Installed demo 1.0",
};

pub(super) static COMMAND_FAILS: Rule = Rule {
    code: "P1715",
    name: "smoke-command-fails",
    severity: Severity::Error,
    source: "advice",
    refused_by: &[],
    about: "A command of `smoke.run` in the configuration did not end with exit status 0 in an \
            environment that holds the distribution, its dependencies and nothing else.",
    why: "The project says that this command works for whoever has installed it.",
    cure: "Run the command in a fresh environment to see it fail, then correct the project or the \
            command. The commands run in an empty directory: what they read must be \
            installed.",
    bad: "run = [[\"demo\", \"self-test\"]]\n$ demo self-test\nno such file: data/sample.csv",
    good: "run = [[\"demo\", \"self-test\"]]\n$ demo self-test\nok",
};

pub(super) static DEPENDENCIES_CONFLICT: Rule = Rule {
    code: "P1716",
    name: "dependencies-conflict",
    severity: Severity::Error,
    source: "advice",
    refused_by: &[],
    about: "After the installation something in the environment lacks a distribution that it \
            requires, or has it in a version that it does not admit: what `pip check` tells.",
    why: "Programs that check their requirements when they start refuse to run, and others fail \
            later.",
    cure: "Compare the requirement with what is installed, and correct `dependencies` or the \
            version.",
    bad: "Requires-Dist: attrs>=22, and attrs 21.4 is installed",
    good: "Requires-Dist: attrs>=21, and attrs 21.4 is installed",
};

pub(super) static LEFT_BEHIND: Rule = Rule {
    code: "P1717",
    name: "left-behind",
    severity: Severity::Warning,
    source: "advice",
    refused_by: &[],
    about: "Importing the distribution or running its scripts has made files in the environment \
            that no RECORD lists, so removing the distribution leaves them there.",
    why: "The directory that stays behind can be imported as a namespace package for ever, and an \
            environment that is read-only makes the same code fail.",
    cure: "Write caches and settings below the directory that `platformdirs` or XDG names, never \
            beside the code.",
    bad: "open(Path(__file__).parent / \"cache.json\", \"w\")",
    good: "open(platformdirs.user_cache_path(\"demo\") / \"cache.json\", \"w\")",
};

pub(super) static UPGRADE_FAILS: Rule = Rule {
    code: "P1718",
    name: "upgrade-fails",
    severity: Severity::Error,
    source: "advice",
    refused_by: &[],
    about: "Installed over the last release, the distribution does not work or is not whole, while \
            it works in an environment that is empty.",
    why: "Most users upgrade. A module that took the place of a package, say, is hidden by the \
            directory that the package's caches keep alive.",
    cure: "Keep the place of public modules, and write nothing beside the code. Where a name has to \
            change its kind, give the new module another name first.",
    bad: "demo/__init__.py in 1.0, demo.py in 2.0, and 1.0 wrote demo/cache.json",
    good: "demo/__init__.py in both",
};
