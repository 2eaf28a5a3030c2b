#!/usr/bin/env python3
"""Checks real distributions again and compares the findings with distributions.toml.

    tests/real/recheck.py PUBFLOW [--files DIR] [--write]

Each file of the list is fetched once with pip, as this machine has it configured, into DIR (default:
target/real), and taken only if its SHA-256 is the listed one. Errors and warnings that `pubflow check`
has today are compared with the listed codes; exit 1 when they differ. `--write` takes the files that
lie in DIR and writes the list anew, keeping what people wrote about each. Run by hand, never by the
gate: it reaches a package index.
"""

import argparse
import hashlib
import json
import pathlib
import subprocess
import sys
import tomllib

HERE = pathlib.Path(__file__).resolve().parent
LIST = HERE / "distributions.toml"


def codes(pubflow, path):
    """`{"error": [...], "warning": [...]}`, each code once."""
    run = subprocess.run(
        [pubflow, "check", "--format", "json", str(path)], capture_output=True, text=True
    )
    found = {"error": set(), "warning": set()}
    for finding in json.loads(run.stdout)["subjects"][0]["findings"]:
        if finding["severity"] in found:
            found[finding["severity"]].add(finding["code"])
    return {severity: sorted(of) for severity, of in found.items()}


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def fetch(entry, folder):
    """Fetches one file by its name, version and tags."""
    name = entry["file"]
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder)]
    if name.endswith(".whl"):
        stem = name.removesuffix(".whl").split("-")
        python, abi, platforms = stem[-3:]
        command += ["--only-binary", ":all:"]
        if platforms != "any":
            for platform in platforms.split("."):
                command += ["--platform", platform]
            digits = python.split(".")[-1].lstrip("cpy")
            command += ["--implementation", "cp" if python.startswith("cp") else "py"]
            command += ["--abi", abi, "--abi", "abi3", "--abi", "none"]
            command += ["--python-version", f"{digits[0]}.{digits[1:] or 12}"]
        project, version = stem[0], stem[1]
    else:
        command += ["--no-binary", ":all:"]
        project, version = name.removesuffix(".tar.gz").rsplit("-", 1)
    subprocess.run([*command, f"{project}=={version}"], check=False)


def write(pubflow, folder, known):
    lines = [
        "# Real distributions, each looked at once by a person: file, digest, the codes of its errors and",
        "# warnings, and what was thought of them. tests/real/recheck.py compares; the files themselves are",
        "# not kept here.",
    ]
    for path in sorted(folder.iterdir(), key=lambda path: path.name.lower()):
        if not path.name.endswith((".whl", ".tar.gz")):
            continue
        found = codes(pubflow, path)
        lines += ["", "[[distribution]]", f'file = "{path.name}"', f'sha256 = "{sha256(path)}"']
        for severity, of in found.items():
            if of:
                lines.append(f"{severity} = {json.dumps(of)}")
        note = known.get(path.name, {}).get("note")
        if note:
            lines.append(f"note = {json.dumps(note)}")
    LIST.write_text("\n".join(lines) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pubflow")
    parser.add_argument("--files", type=pathlib.Path, default=HERE.parent.parent / "target/real")
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    args.files.mkdir(parents=True, exist_ok=True)
    entries = tomllib.loads(LIST.read_text()).get("distribution", []) if LIST.exists() else []
    if args.write:
        write(args.pubflow, args.files, {entry["file"]: entry for entry in entries})
        return 0
    n_different = 0
    for entry in entries:
        path = args.files / entry["file"]
        if not path.exists():
            fetch(entry, args.files)
        if not path.exists():
            print(f"{entry['file']}: cannot be fetched")
            n_different += 1
            continue
        if sha256(path) != entry["sha256"]:
            print(f"{entry['file']}: another file than the listed one")
            n_different += 1
            continue
        found = codes(args.pubflow, path)
        for severity, of in found.items():
            expected = entry.get(severity, [])
            if of != expected:
                print(f"{entry['file']}: {severity}s {of}, listed {expected}")
                n_different += 1
    print(f"{len(entries)} distributions, {n_different} differences")
    return 1 if n_different else 0


if __name__ == "__main__":
    sys.exit(main())
