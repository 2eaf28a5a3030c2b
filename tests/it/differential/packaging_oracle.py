"""Answers questions about texts as `packaging` does: one JSON object a line in, one out.

A question names its `kind` and `input`; bytes stand in it as the characters U+0000 to U+00FF. The
answers have the keys of `pubflow parse`. A text that the library refuses is `{"ok": false}`, one at
which it dies by another exception is `{"died": name}`.
"""

import json
import sys

from packaging.licenses import canonicalize_license_expression
from packaging.markers import InvalidMarker, Marker, UndefinedComparison, UndefinedEnvironmentName
from packaging.metadata import Metadata, parse_email
from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import (
    InvalidName,
    InvalidSdistFilename,
    InvalidWheelFilename,
    canonicalize_name,
    canonicalize_version,
    parse_sdist_filename,
    parse_wheel_filename,
)
from packaging.version import InvalidVersion, Version

REFUSALS = (
    InvalidMarker,
    InvalidName,
    InvalidRequirement,
    InvalidSdistFilename,
    InvalidSpecifier,
    InvalidVersion,
    InvalidWheelFilename,
)


def died(ask, *arguments, **options):
    try:
        return ask(*arguments, **options)
    except Exception as error:
        return {"died": type(error).__name__}


def version(question):
    found = Version(question["input"])
    than = question.get("than")
    return {
        "normalized": str(found),
        "public": found.public,
        "base": found.base_version,
        "canonical": canonicalize_version(found),
        "epoch": found.epoch,
        "release": list(found.release),
        "pre": found.pre and list(found.pre),
        "post": found.post,
        "dev": found.dev,
        "local": found.local,
        "is_prerelease": found.is_prerelease,
        "order": (found > Version(than)) - (found < Version(than)) if than else None,
    }


def specifier(question):
    found = SpecifierSet(question["input"])
    modes = {"default": None, "allow": True, "deny": False}
    contains = {
        name: died(found.contains, question["contains"], prereleases=value)
        for name, value in modes.items()
    }
    return {
        "normalized": str(found),
        "clauses": sorted(str(clause) for clause in found),
        "prereleases": found.prereleases,
        "contains": contains,
    }


def requirement(question):
    found = Requirement(question["input"])
    return {
        "normalized": str(found),
        "name": found.name,
        "canonical_name": canonicalize_name(found.name),
        "extras": sorted(found.extras),
        "specifier": str(found.specifier),
        "url": found.url,
        "marker": found.marker and str(found.marker),
    }


def marker(question):
    found = Marker(question["input"])
    try:
        value = found.evaluate(question["env"])
    except UndefinedComparison:
        value = "undefined-comparison"
    except UndefinedEnvironmentName:
        value = "undefined-variable"
    return {"normalized": str(found), "evaluate": value}


def license_expression(question):
    try:
        return {"normalized": canonicalize_license_expression(question["input"])}
    except ValueError:
        raise InvalidName from None


def name(question):
    return {"normalized": canonicalize_name(question["input"], validate=True)}


def wheel(question):
    name, version, build, tags = parse_wheel_filename(question["input"])
    return {
        "name": name,
        "version": str(version),
        "build": list(build),
        "tags": sorted(map(str, tags)),
    }


def sdist(question):
    name, version = parse_sdist_filename(question["input"])
    return {"name": name, "version": str(version)}


def metadata(question):
    content = question["input"].encode("latin-1")
    raw, unparsed = parse_email(content)
    try:
        Metadata.from_email(content)
        errors = []
    except Exception as group:
        if not hasattr(group, "exceptions"):
            raise
        errors = [[error.field, str(error)] for error in group.exceptions]
    return {"raw": raw, "unparsed": unparsed, "errors": errors}


KINDS = {
    "version": version,
    "specifier": specifier,
    "requirement": requirement,
    "marker": marker,
    "license": license_expression,
    "name": name,
    "wheel": wheel,
    "sdist": sdist,
    "metadata": metadata,
}


def answer(question):
    try:
        return {"ok": True, **KINDS[question["kind"]](question)}
    except REFUSALS:
        return {"ok": False}
    except Exception as error:
        return {"died": type(error).__name__}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line)), default=lambda _: ""))
