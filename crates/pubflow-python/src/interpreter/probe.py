"""Writes what pubflow has to know about the running interpreter to the file named by argv[1]."""

import json
import os
import platform
import struct
import sys
import sysconfig


def pip_version():
    try:
        import pip
    except ImportError:
        return None
    return getattr(pip, "__version__", None)


def has_module(name):
    from importlib.util import find_spec

    return find_spec(name) is not None


def libc_version():
    try:
        name, version = os.confstr("CS_GNU_LIBC_VERSION").split()
    except (AttributeError, ValueError, OSError):
        return None
    return version if name == "glibc" else None


def implementation_version():
    info = sys.implementation.version
    text = "%d.%d.%d" % (info.major, info.minor, info.micro)
    if info.releaselevel != "final":
        text += info.releaselevel[0] + str(info.serial)
    return text


facts = {
    "executable": sys.executable,
    "implementation": sys.implementation.name,
    "version": platform.python_version().rstrip("+"),
    "platform": sysconfig.get_platform(),
    "pointer_bits": struct.calcsize("P") * 8,
    "glibc": libc_version(),
    "free_threaded": bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
    "debug": hasattr(sys, "gettotalrefcount"),
    "is_virtual": sys.prefix != sys.base_prefix,
    "modules": sysconfig.get_path("purelib"),
    "pip": pip_version(),
    "ensurepip": has_module("ensurepip"),
    "venv": has_module("venv"),
    "markers": {
        "implementation_name": sys.implementation.name,
        "implementation_version": implementation_version(),
        "os_name": os.name,
        "platform_machine": platform.machine(),
        "platform_python_implementation": platform.python_implementation(),
        "platform_release": platform.release(),
        "platform_system": platform.system(),
        "platform_version": platform.version(),
        "python_full_version": platform.python_version(),
        "python_version": ".".join(platform.python_version_tuple()[:2]),
        "sys_platform": sys.platform,
    },
}
with open(sys.argv[1], "w", encoding="utf-8") as file:
    json.dump(facts, file)
