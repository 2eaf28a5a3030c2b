"""Reads archives with Python's own modules, pip and installer, in one process.

Takes one path a line on standard input; answers one JSON object a line: for each reader the tree that
it makes of the archive, {path: digest}, or null when it refuses. Whatever a reader writes goes to a
directory that is made anew each time.
"""

import hashlib
import json
import os
import shutil
import sys
import tarfile
import zipfile
from pathlib import Path

from installer import install
from installer.destinations import SchemeDictionaryDestination
from installer.sources import WheelFile
from pip._internal.models.scheme import Scheme
from pip._internal.operations.install.wheel import install_wheel
from pip._internal.utils.unpacking import unpack_file

ROOM = Path(sys.argv[1])


def digest(content, executable=False):
    return hashlib.sha256(content).hexdigest() + ("x" if executable else "")


def tree(root):
    """What lies below a directory; what installers write for themselves is the same each time."""
    found = {}
    for directory, names, files in os.walk(root):
        for name in [*files, *(n for n in names if os.path.islink(os.path.join(directory, n)))]:
            path = os.path.join(directory, name)
            key = os.path.relpath(path, root)
            if os.path.islink(path):
                found[key] = "-> " + os.readlink(path)
            else:
                found[key] = digest(Path(path).read_bytes(), os.stat(path).st_mode & 0o100)
    return found


def with_zipfile(path, _target):
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        return {name: digest(archive.read(name)) for name in names if not name.endswith("/")}


def with_pip(path, target):
    keys = ("platlib", "purelib", "headers", "scripts", "data")
    scheme = Scheme(**{key: str(target / ("lib" if "lib" in key else key)) for key in keys})
    install_wheel("demo", path, scheme, "demo", pycompile=False, warn_script_location=False)
    return tree(target)


def with_installer(path, target):
    keys = ("platlib", "purelib", "headers", "scripts", "data")
    scheme = {key: str(target / ("lib" if "lib" in key else key)) for key in keys}
    destination = SchemeDictionaryDestination(scheme, interpreter="/bin/python", script_kind="posix")
    with WheelFile.open(Path(path)) as source:
        install(source=source, destination=destination, additional_metadata={})
    return tree(target)


def with_tarfile(path, target):
    with tarfile.open(path) as archive:
        archive.extractall(target, filter="data")
    return tree(target)


def with_unpacking(path, target):
    unpack_file(path, str(target))
    return tree(target)


READERS = {
    ".whl": {"zipfile": with_zipfile, "pip": with_pip, "installer": with_installer},
    ".tar.gz": {"tarfile": with_tarfile, "pip": with_unpacking},
}


def read(path):
    ending = next(ending for ending in READERS if path.endswith(ending))
    answers = {}
    for name, reader in READERS[ending].items():
        target = ROOM / name
        target.mkdir()
        try:
            answers[name] = reader(path, target)
        except BaseException as error:  # pip has a class of errors of its own, and exits
            if isinstance(error, KeyboardInterrupt):
                raise
            answers[name] = None
        shutil.rmtree(target)
    return answers


for line in sys.stdin:
    # A name whose bytes are no UTF-8 holds surrogates, which JSON has no room for.
    answer = json.dumps(read(line.rstrip("\n")), ensure_ascii=False)
    sys.stdout.buffer.write(answer.encode("utf-8", "replace") + b"\n")
    sys.stdout.buffer.flush()
