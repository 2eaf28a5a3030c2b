"""Builds this project and nothing else, with the standard library and nothing else.

Name, version and texts are written here and in pyproject.toml: reading TOML came late to the standard
library, and this backend serves every Python that the project does.
"""

import base64
import gzip
import hashlib
import io
import os
import tarfile
import time
import zipfile

STEM = "pubflow_in_tree-0.3.0"
MODULE = "src/pubflow_in_tree/__init__.py"
SOURCES = ["LICENSE", "README.md", "build_backend/make_it.py", "pyproject.toml", MODULE]
METADATA = """\
Metadata-Version: 2.4
Name: pubflow-in-tree
Version: 0.3.0
Summary: Coin tosses, built by a backend that lies in the tree
License-Expression: MIT-0
License-File: LICENSE
Requires-Python: >=3.8
Description-Content-Type: text/markdown

"""
WHEEL = """\
Wheel-Version: 1.0
Generator: make_it
Root-Is-Purelib: true
Tag: py3-none-any
"""


def read(path):
    with open(path, "rb") as file:
        return file.read()


def metadata():
    return METADATA.encode() + read("README.md")


def written_at():
    """The time that members bear, which a ZIP archive cannot hold when it lies before 1980."""
    return max(int(os.environ.get("SOURCE_DATE_EPOCH", time.time())), 315532800)


def build_sdist(directory, config_settings=None):
    name = STEM + ".tar.gz"
    members = [(path, read(path)) for path in SOURCES] + [("PKG-INFO", metadata())]
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for path, content in members:
            member = tarfile.TarInfo(STEM + "/" + path)
            member.size, member.mtime = len(content), written_at()
            archive.addfile(member, io.BytesIO(content))
    with open(os.path.join(directory, name), "wb") as file:
        file.write(gzip.compress(packed.getvalue(), mtime=written_at()))
    return name


def info_files():
    info = STEM + ".dist-info/"
    return [
        (info + "METADATA", metadata()),
        (info + "WHEEL", WHEEL.encode()),
        (info + "licenses/LICENSE", read("LICENSE")),
    ]


def build_wheel(directory, config_settings=None, metadata_directory=None):
    name = STEM + "-py3-none-any.whl"
    members = [(MODULE[len("src/"):], read(MODULE))] + info_files()
    record_path = STEM + ".dist-info/RECORD"
    rows = ["%s,sha256=%s,%d" % (path, digest(content), len(content)) for path, content in members]
    record = "\n".join(rows + [record_path + ",,", ""])
    with zipfile.ZipFile(os.path.join(directory, name), "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in members + [(record_path, record.encode())]:
            member = zipfile.ZipInfo(path, time.gmtime(written_at())[:6])
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o100644 << 16
            archive.writestr(member, content)
    return name


def digest(content):
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


def prepare_metadata_for_build_wheel(directory, config_settings=None):
    for path, content in info_files():
        path = os.path.join(directory, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content)
    return STEM + ".dist-info"
