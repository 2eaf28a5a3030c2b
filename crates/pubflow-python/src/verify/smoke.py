"""Imports the modules of an installed distribution and loads its scripts.

Run as `python -I smoke.py PLAN RESULTS` by the environment's own interpreter, CPython 3.8 or later.
PLAN is a JSON file, RESULTS receives one JSON object a line; standard output and error belong to the
modules under test. A line `begin` stands in RESULTS before anything foreign runs, so that whoever
reads the file knows what ended the process when no `end` follows it.
"""

# Every module that this script imports is there for the modules under test too, and would hide that
# they forget to import it (`import importlib` and then `importlib.util`). So only modules without
# submodules of their own are imported here; the rest follows when the imports are over.
import faulthandler
import json
import os
import sys
import time

PID = os.getpid()
MAX_TEXT = 4000
MAX_WRITTEN = 50
MAX_CHAIN = 8


class Results:
    """The file of results; each line is written and closed, because imports may close descriptors."""

    def __init__(self, path):
        self.path = path
        self.encode = json.JSONEncoder(ensure_ascii=True).encode
        self.open, self.write, self.close = os.open, os.write, os.close

    def add(self, **line):
        descriptor = self.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            self.write(descriptor, (self.encode(line) + "\n").encode("ascii"))
        finally:
            self.close(descriptor)


class Home:
    """The throw-away home directory, and what has appeared in it since the last look."""

    def __init__(self, root):
        self.root = root
        self.known = set()
        self.scandir, self.join, self.relpath = os.scandir, os.path.join, os.path.relpath
        self.new_entries()

    def new_entries(self):
        found, folders = [], [self.root]
        while folders and len(found) < MAX_WRITTEN:
            try:
                with self.scandir(folders.pop()) as entries:
                    for entry in entries:
                        if entry.is_dir(follow_symlinks=False):
                            folders.append(entry.path)
                        if entry.path not in self.known:
                            self.known.add(entry.path)
                            found.append(plain(self.relpath(entry.path, self.root)))
            except OSError:
                continue
        return sorted(found[:MAX_WRITTEN])


def plain(text):
    """Text that is safe in JSON: file names may hold bytes that are no text."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def text_of(value):
    try:
        return plain(str(value)[:MAX_TEXT])
    except BaseException as error:
        return "<%s while it was made a text>" % type(error).__name__


def link(error):
    """One exception of a chain, as facts."""
    name = getattr(error, "name", None)
    filename = getattr(error, "filename", None)
    name = name if isinstance(name, str) else None
    top = name.split(".")[0] if name else None
    return {
        "type": type(error).__name__,
        "module": text_of(type(error).__module__),
        "bases": [c.__name__ for c in type(error).__mro__ if c.__module__ == "builtins"],
        "message": text_of(error),
        "name": plain(name) if name else None,
        "filename": plain(filename) if isinstance(filename, str) else None,
        "stdlib": bool(top) and is_standard(top),
        "top_found": bool(top) and is_findable(top),
    }


def is_standard(top):
    """Whether a top-level module is part of the standard library, on this platform or another."""
    if top in getattr(sys, "stdlib_module_names", sys.builtin_module_names):
        return True
    place = getattr(sys.modules.get(top), "__file__", None) or ""
    library = os.path.join(os.path.dirname(os.__file__), "")
    return place.startswith(library) and "site-packages" not in place


def is_findable(top):
    """Whether a top-level module is there, without running it."""
    if sys.modules.get(top) is not None:
        return True
    for finder in sys.meta_path:
        try:
            if finder.find_spec(top, None) is not None:
                return True
        except BaseException:
            continue
    return False


def innermost_own_frame(error, site):
    """The place nearest to the failure in a file that was installed."""
    place = None
    if isinstance(error, SyntaxError) and isinstance(error.filename, str):
        if error.filename.startswith(site):
            place = {"file": plain(error.filename[len(site):]), "line": error.lineno or 0}
        return place
    trace = error.__traceback__
    while trace is not None:
        filename = trace.tb_frame.f_code.co_filename
        if filename.startswith(site):
            place = {"file": plain(filename[len(site):]), "line": trace.tb_lineno or 0}
        trace = trace.tb_next
    return place


def failure_of(error, site):
    chain, seen = [], set()
    current = error
    while current is not None and id(current) not in seen and len(chain) < MAX_CHAIN:
        seen.add(id(current))
        chain.append(link(current))
        # A context that was suppressed by `from None` still tells what was missing.
        current = current.__cause__ or current.__context__
    return {"chain": chain, "place": innermost_own_frame(error, site), "trace": trace_of(error)}


def trace_of(error):
    import traceback

    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename == __file__:
        trace = trace.tb_next
    try:
        lines = traceback.format_exception(type(error), error, trace)
    except BaseException:
        return ""
    return plain("".join(lines)[-MAX_TEXT:])


def import_module(name):
    __import__(name)
    return sys.modules[name]


def load_script(value):
    """Loads `module:attribute.attribute`; says what is wrong with the object, if anything."""
    name, _, attributes = value.partition(":")
    loaded = import_module(name.strip())
    for attribute in filter(None, attributes.strip().split(".")):
        loaded = getattr(loaded, attribute)
    return None if callable(loaded) else "is a %s, which cannot be called" % type(loaded).__name__


def version_of(module):
    try:
        version = getattr(module, "__version__", None)
        return plain(str(version)) if isinstance(version, str) else None
    except BaseException:
        return None


class Smoke:
    """One run over a plan."""

    def __init__(self, plan, results):
        self.plan = plan
        self.results = results
        self.failed = set()
        self.home = Home(plan["home"])
        self.site = os.path.join(plan["site_packages"], "")
        self.trace = open(plan["trace"], "w")
        self.cwd = os.getcwd()
        self.clock = time.monotonic
        self.watch, self.unwatch = faulthandler.dump_traceback_later, faulthandler.cancel_dump_traceback_later

    def attempt(self, kind, name, act):
        """Runs foreign code under the watchdog and writes down how it went."""
        self.results.add(event="begin", kind=kind, name=name)
        failure = detail = None
        begin = self.clock()
        # The watchdog is a C thread: it ends the process even when the interpreter's lock is held.
        self.watch(self.plan["limit_seconds"], exit=True, file=self.trace)
        try:
            detail = act()
        except BaseException as error:
            failure = failure_of(error, self.site)
            if kind == "import":
                self.failed.add(name)
        # A module that forks while it is imported leaves a copy of this script behind, in which the
        # watchdog's thread does not exist and would be waited for without end.
        if os.getpid() != PID:
            os._exit(0)
        seconds = self.clock() - begin
        self.unwatch()
        try:
            os.chdir(self.cwd)
        except OSError:
            pass
        self.results.add(
            event="end", kind=kind, name=name, seconds=round(seconds, 4), failure=failure,
            detail=detail, wrote=self.home.new_entries(),
        )

    def run(self):
        for name in self.plan["modules"]:
            parent = name.rpartition(".")[0]
            if parent in self.failed:
                # Importing it would only run the failing package once more.
                self.failed.add(name)
                self.results.add(event="blocked", name=name, by=parent)
                continue
            self.attempt("import", name, lambda: version_of(import_module(name)))
        for script in self.plan["scripts"]:
            self.attempt("script", script["name"], lambda: load_script(script["value"]))
        if self.plan["distribution"]:
            self.attempt("metadata", self.plan["distribution"], self.installed_version)

    def installed_version(self):
        import importlib.metadata

        return importlib.metadata.version(self.plan["distribution"])


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        plan = json.load(file)
    results = Results(sys.argv[2])
    # Modules that read the command line while they are imported find an empty one.
    sys.argv = [""]
    Smoke(plan, results).run()
    results.add(event="done")
    # Threads that an import has started, and functions registered for the end, are not waited for.
    os._exit(0)


if __name__ == "__main__":
    main()
