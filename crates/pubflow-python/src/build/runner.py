"""Calls the hooks of a build backend.

Run as `python runner.py INPUT OUTPUT` with the source tree as working directory, by CPython 3.8 or
later. INPUT is JSON: `backend` (the text of build-backend), `backend_path` (absolute directories),
`config_settings` (object or null), `requires` and `extras` (what is installed: by pyproject.toml, and
beyond that for the hooks) and `hooks`, the calls to make in order: `name` and `directory` (where the
result goes; null for a hook that lists requirements). A hook that lists others than `extras` ends the
run, because the environment has to be changed first.

OUTPUT receives JSON: `running` (what is under way: `import` or the name of a hook) and `outcomes`, an
object for each call that came to an end. It is replaced as a whole before and after each call, so that
whoever reads it knows where a process died. Standard output and error belong to the backend.

Each hook gets the interpreter as it was after the import, without paying for the import again: it runs
in a copy of this process where the system can make one, else one hook is run and the others are left
for another process.
"""

import sys

# The directory of this script is no place to import from; the source tree is none either.
sys.path.pop(0)

import importlib
import importlib.abc
import importlib.machinery
import json
import os
import traceback


def keep_compiled_modules():
    """Compiled modules are kept in the environment, for the processes that follow, and nowhere else.

    The environment variable that pubflow sets keeps this process, and those that hooks start, from
    writing any: one that lands in the source tree would end up in the sdist.
    """
    loader = importlib.machinery.SourceFileLoader
    write_file = loader.set_data
    root = os.path.join(sys.prefix, "")

    def set_data(self, path, data, **options):
        if path.startswith(root):
            write_file(self, path, data, **options)

    loader.set_data = set_data
    sys.dont_write_bytecode = False


class Missing(Exception):
    """The backend is not where it was said to be."""


class InTreeFinder(importlib.abc.MetaPathFinder):
    """Finds the top-level module of an in-tree backend, in backend-path alone.

    Its submodules are found through it, other modules of the same directories by `sys.path`.
    """

    def __init__(self, name, directories):
        self.name = name
        self.directories = directories

    def find_spec(self, fullname, _path=None, target=None):
        if fullname != self.name:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, self.directories, target)
        if spec is None:
            raise Missing("module `%s` is not in backend-path" % fullname)
        return spec


def load_backend(text, directories):
    """The backend object that `module:attribute.path` names."""
    module_name, _, attributes = text.partition(":")
    if directories:
        sys.path[:0] = directories
        sys.meta_path.insert(0, InTreeFinder(module_name.partition(".")[0], directories))
    try:
        backend = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        name = error.name or ""
        if module_name == name or module_name.startswith(name + "."):
            raise Missing("module `%s` was not found" % name) from error
        raise
    if directories:
        prove_origin(module_name, directories)
    for attribute in filter(None, attributes.split(".")):
        try:
            backend = getattr(backend, attribute)
        except AttributeError as error:
            raise Missing("`%s` has no `%s`" % (module_name, attribute)) from error
    return backend


def prove_origin(module_name, directories):
    """A backend in the tree must come from the tree, also when it puts another in its place."""
    spec = getattr(sys.modules[module_name], "__spec__", None)
    places = [spec.origin] if spec is not None and spec.has_location else []
    if spec is not None and spec.submodule_search_locations is not None:
        places += list(spec.submodule_search_locations)
    roots = [os.path.realpath(directory) for directory in directories]
    for place in places:
        real = os.path.realpath(place)
        if any(os.path.commonpath([root, real]) == root for root in roots):
            return
    raise Missing("module `%s` comes from `%s`, not from backend-path" % (module_name, places[0] if places else "nowhere"))


def arguments(hook, config_settings):
    """The arguments of a hook by position, as the specification orders them."""
    name = hook["name"]
    if hook["directory"] is None:
        return (config_settings,)
    if name == "build_wheel":
        return (hook["directory"], config_settings, None)
    return (hook["directory"], config_settings)


def describe(error):
    """An exception as the object that OUTPUT carries for it."""
    unsupported = type(error).__name__ == "UnsupportedOperation"
    lines = traceback.format_exception_only(type(error), error)
    return {"status": "unsupported" if unsupported else "raised", "error": "".join(lines).strip()}


def call(backend, hook, config_settings):
    """Calls one hook in this process; the outcome as JSON-ready object."""
    function = getattr(backend, hook["name"], None)
    if function is None:
        return {"status": "missing"}
    try:
        value = function(*arguments(hook, config_settings))
    except BaseException as error:
        traceback.print_exc()
        return describe(error)
    finally:
        flush()
    try:
        json.dumps(value)
    except (TypeError, ValueError):
        return {"status": "raised", "error": "it returned %s, which is no result" % type(value).__name__}
    return {"status": "returned", "value": value}


def call_in_copy(backend, hook, config_settings, output):
    """Calls one hook in a copy of this process."""
    answer = output + ".hook"
    child = os.fork()
    if child == 0:
        # Nothing of the copy may go on after the hook, whatever the hook does.
        try:
            write(answer, call(backend, hook, config_settings))
        finally:
            flush()
            os._exit(0)
    _, status = os.waitpid(child, 0)
    try:
        with open(answer, encoding="utf-8") as file:
            outcome = json.load(file)
        os.unlink(answer)
        return outcome
    except (OSError, ValueError):
        if os.WIFSIGNALED(status):
            how = "was killed by signal %d" % os.WTERMSIG(status)
        else:
            how = "ended with exit status %d" % os.WEXITSTATUS(status)
        return {"status": "died", "error": "the process %s without a result" % how}


def flush():
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:
            pass


def write(path, document):
    """Writes a JSON file so that it is there as a whole or not at all."""
    with open(path + ".new", "w", encoding="utf-8") as file:
        json.dump(document, file)
    os.replace(path + ".new", path)


def fits(plan, outcome):
    """Whether the environment is the one that the listed requirements ask for."""
    wanted = outcome.get("value", [])
    if not isinstance(wanted, list) or not all(isinstance(text, str) for text in wanted):
        return False
    return set(wanted) - set(plan["requires"]) == set(plan["extras"])


def main():
    path, output = sys.argv[1:]
    # The paths of this run are no business of the backend.
    sys.argv[:] = [""]
    with open(path, encoding="utf-8") as file:
        plan = json.load(file)
    keep_compiled_modules()
    outcomes = []
    write(output, {"running": "import", "outcomes": outcomes})
    try:
        backend = load_backend(plan["backend"], plan["backend_path"])
    except BaseException as error:
        traceback.print_exc()
        flush()
        failure = {"status": "missing", "error": str(error)} if isinstance(error, Missing) else describe(error)
        write(output, {"running": "import", "import_error": failure, "outcomes": outcomes})
        return
    flush()
    can_copy = sys.platform == "linux" and hasattr(os, "fork")
    for hook in plan["hooks"]:
        write(output, {"running": hook["name"], "outcomes": outcomes})
        is_there = hasattr(backend, hook["name"])
        if can_copy and is_there:
            outcome = call_in_copy(backend, hook, plan["config_settings"], output)
        else:
            outcome = call(backend, hook, plan["config_settings"])
        outcomes.append(outcome)
        write(output, {"running": None, "outcomes": outcomes})
        failed = outcome["status"] not in ("returned", "missing")
        lists = hook["directory"] is None
        if failed or (lists and not fits(plan, outcome)) or (is_there and not can_copy):
            return


main()
