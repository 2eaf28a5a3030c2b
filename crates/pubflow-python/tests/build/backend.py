"""A build backend of the standard library alone. Tests append code that puts something in its place."""

import base64
import hashlib
import io
import os
import sys
import tarfile
import zipfile

NAME, VERSION = "demo-pkg", "1.0"
STEM = "demo_pkg-1.0"
METADATA = "Metadata-Version: 2.2\nName: demo-pkg\nVersion: 1.0\nSummary: a sample\n"
WHEEL = "Wheel-Version: 1.0\nGenerator: sample\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def sdist_members():
    names = ["pyproject.toml", "demo_pkg.py", "backend/intree.py"]
    return [(name, open(name, "rb").read()) for name in names] + [("PKG-INFO", METADATA.encode())]


def build_sdist(directory, config_settings=None):
    name = STEM + ".tar.gz"
    with tarfile.open(os.path.join(directory, name), "w:gz") as archive:
        for member, content in sdist_members():
            info = tarfile.TarInfo(STEM + "/" + member)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return name


def wheel_metadata():
    return METADATA


def wheel_members(config_settings):
    info = STEM + ".dist-info/"
    return [
        ("demo_pkg.py", open("demo_pkg.py", "rb").read()),
        (info + "METADATA", wheel_metadata().encode()),
        (info + "WHEEL", WHEEL.encode()),
    ]


def build_wheel(directory, config_settings=None, metadata_directory=None):
    name = STEM + "-py3-none-any.whl"
    record = ""
    with zipfile.ZipFile(os.path.join(directory, name), "w") as archive:
        for member, content in wheel_members(config_settings):
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
            record += "%s,sha256=%s,%d\n" % (member, digest, len(content))
            archive.writestr(member, content)
        member = STEM + ".dist-info/RECORD"
        archive.writestr(member, record + member + ",,\n")
    return name


def prepare_metadata_for_build_wheel(directory, config_settings=None):
    name = STEM + ".dist-info"
    os.mkdir(os.path.join(directory, name))
    with open(os.path.join(directory, name, "METADATA"), "w") as file:
        file.write(METADATA)
    return name
