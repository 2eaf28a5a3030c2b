//! What the help of each command ends with: how to begin, and what to know before.

/// After `pubflow --help`.
pub(super) const PUBFLOW: &str = "\
Exit codes:
  0 done                              6 not authorised
  1 findings or a refused build       7 something landed and work is open (pubflow resume)
  2 command line or configuration     8 another run holds the lock
  3 waiting for a person or a time    9 recorded state is damaged
  4 conflict: other bytes, same name  10 this machine cannot (no Python, disk full)
  5 index unreachable                 130 interrupted with nothing landed

A first release, step by step:
  pubflow rehearse                    the whole release on this machine, nothing leaves it
  pubflow build                       sdist and wheel into dist/
  pubflow publish --testpypi          upload them to TestPyPI, wait, install, import
  pubflow promote                     the same bytes to PyPI";

/// After `pubflow build --help`.
pub(super) const BUILD: &str = "\
Examples:
  pubflow build                       the project here, into dist/
  pubflow build -o /tmp/out lib/      the project in lib/, into another directory
  pubflow build -C key=value          with a setting for the build backend

The wheel is built from the sdist, each in an environment of its own, without your tokens.";

/// After `pubflow cache --help`.
pub(super) const CACHE: &str = "\
It lies in PUBFLOW_CACHE_DIR, else in the user's cache directory, and may be thrown away at any time.
PUBFLOW_CACHE_MAX_SIZE (such as 500MB) bounds it; the default is 1GB.";

/// After `pubflow clean --help`.
pub(super) const CLEAN: &str = "\
It removes build/ of setuptools, *.egg-info beside the sources, __pycache__ and the caches of pytest,
mypy and ruff. It removes nothing that git tracks, follows no links, and leaves dist/ and virtual
environments alone.";

/// After `pubflow check --help`.
pub(super) const CHECK: &str = "\
Examples:
  pubflow check                       the project here and its dist/
  pubflow check dist/*                built files
  pubflow check --against demo==1.0   with what is new since the last release
  pubflow check --fix                 correct pyproject.toml where one answer is right
  pubflow check --ignore P212,P4xx --output sarif=findings.sarif
  pubflow check --strict --format json pyproject.toml

Formats: text, concise, json, jsonl, sarif, github, gitlab, junit, markdown. In GitHub Actions
annotations and a job summary are added.

Settings of a project stand in [tool.pubflow.check]:
  select = [\"P2xx\", \"P4xx\"]
  ignore = [{ code = \"P212\", reason = \"runs on every Python\" }]
  severity = { P221 = \"error\" }
  per-file-ignores = { \"demo/testdata/**\" = [\"P1302\"] }

`pubflow rule CODE` explains what was found. Exit 0 when nothing is an error, 1 when something is.";

/// After `pubflow inspect --help`.
pub(super) const INSPECT: &str = "\
Examples:
  pubflow inspect dist/demo-1.0-py3-none-any.whl
  pubflow inspect --files dist/demo-1.0.tar.gz
  pubflow inspect --html demo.html dist/demo-1.0-py3-none-any.whl
  pubflow inspect --format json dist/demo-1.0.tar.gz

Nothing is unpacked or run. A broken archive is shown as far as it can be read, with what is wrong;
`pubflow check` judges it. Exit 1 when nothing of it could be read.";

/// After `pubflow diff --help`.
pub(super) const DIFF: &str = "\
Examples:
  pubflow diff old/demo-1.0-py3-none-any.whl dist/demo-1.1-py3-none-any.whl
  pubflow diff demo==1.0 dist/demo-1.1.tar.gz        what was published against what was built
  pubflow diff demo==1.0 demo==1.1@testpypi --summary
  pubflow diff --format markdown demo==1.0 demo==1.1

Exit 0 when both hold the same, 1 when they differ. Dates, order and compression do not count. Of a
release the file is taken that is most like the other one.";

/// After `pubflow publish --help`.
pub(super) const PUBLISH: &str = "\
Examples:
  pubflow publish --testpypi          what `pubflow build` put into dist/
  pubflow publish --pypi dist/*       without a terminal, naming the index is consent
  pubflow publish --index internal    an index of [tool.pubflow.index.internal]

The token comes from --token-file, PUBFLOW_INDEX_TESTPYPI_TOKEN (or _PYPI_, or the name of your
index), PUBFLOW_TOKEN, the variables of uv and twine, or a prompt. It is made on the index's
account page.

Safe to run again: files that are there with the same bytes are not sent twice. After an
interruption `pubflow resume` goes on.";

/// After `pubflow collect --help`.
pub(super) const COLLECT: &str = "\
Examples:
  pubflow build --unit linux          on each machine: files and a fragment in dist/linux/
  pubflow collect parts/              on one: compares every byte with the fragments, joins, seals

Every unit of `build.units` must be there, all of one commit; `expect` names what the set has to hold.
Distributions without a fragment are taken and said to be so. docs/units.md has it in full.";

/// After `pubflow verify --help`.
pub(super) const VERIFY: &str = "\
Examples:
  pubflow verify dist/                in fresh environments, lowest and highest interpreter
  pubflow verify demo==1.0 --testpypi files as TestPyPI serves them
  pubflow verify --python 3.13t dist/demo-1.0-py3-none-any.whl
  pubflow verify dist/ --upgrade-from demo==0.9 --output junit=verify.xml

This runs code of the distributions, with a home of its own and without your tokens.";

/// After `pubflow promote --help`.
pub(super) const PROMOTE: &str = "\
Examples:
  pubflow promote                     what was last published to testpypi, to pypi
  pubflow promote demo==1.0 --yes     a certain release, without being asked
  pubflow promote dist/*              files alone: evidence is made anew
  pubflow promote --manifest m.json   a job without state: fetched by the digests of the manifest
  pubflow promote demo==1.0 --sha256 DIGEST --sha256 DIGEST

The token is the one of the target: PUBFLOW_INDEX_PYPI_TOKEN, or --token-file. Files whose digest
differs from what the source index serves are refused.";

/// After `pubflow yank --help`.
pub(super) const YANK: &str = "\
Examples:
  pubflow yank demo==1.0 --reason \"broken on Windows\"
  pubflow yank demo==1.0 --undo

A yanked release stays and `==` pins still install it. PyPI lets only people yank: pubflow prints
the page to open and watches until every file shows it (exit 3 until then; run it again to watch on).";

/// After `pubflow login --help`.
pub(super) const LOGIN: &str = "\
Examples:
  pubflow login                       asks for PyPI's token and keeps it
  pubflow login --restrict --days 90  for the project here alone, and for 90 days
  pubflow login --testpypi --token-file -

A token is kept for scheme, host and port of the index, in the keyring of this system or, where there
is none, in a file that only you can read; PUBFLOW_KEYRING=file or off chooses. A narrowed token is
made here, without asking the index, and cannot be widened again.";

/// After `pubflow stats --help`.
pub(super) const STATS: &str = "\
The numbers are those of the public statistics service for PyPI, days late and with continuous
integration in them. PUBFLOW_STATS_URL names another service that answers alike.";

/// After `pubflow watch --help`.
pub(super) const WATCH: &str = "\
News are files that were not published from here, files that are gone or have other bytes, yanks
that were not made from here, another status of the project, and advisories. For cron:

  17 6 * * *  pubflow watch demo --pypi";

/// After `pubflow rehearse --help`.
pub(super) const REHEARSE: &str = "\
Examples:
  pubflow rehearse                    the project here
  pubflow rehearse --no-verify lib/   faster, without the installation tests

No account and no token are needed, your files are not touched. Build requirements and dependencies
are installed from where this machine installs from.";

/// After `pubflow resume --help`.
pub(super) const RESUME: &str = "\
What is done is seen to be done and not done again. Safe to run at any time; `pubflow status` shows
what is open.";

/// After `pubflow abandon --help`.
pub(super) const ABANDON: &str = "\
Example:
  pubflow abandon demo==1.0 --reason \"superseded by 1.0.1\"

Nothing is taken back: what is public stays public, and the commands to yank it are printed.
`pubflow publish` takes the release up again.";

/// After `pubflow state repair --help`.
pub(super) const STATE_REPAIR: &str = "\
Nothing is deleted: what cannot be believed lies in damaged/ in the state directory afterwards. What
the lost lines said is found again on the indexes, by digest, before anything is sent.";

/// After `pubflow state export --help`.
pub(super) const STATE_EXPORT: &str = "\
Example, from one CI job to the next:
  pubflow state export demo==1.0 release.tar
  pubflow state import release.tar && pubflow resume

The file holds the sealed distributions, their manifest and the journal; no token is in it. Jobs that
run at the same time need names of their own: PUBFLOW_WRITER (set by itself on GitHub and GitLab).";

/// After `pubflow config show --help`.
pub(super) const CONFIG_SHOW: &str = "\
Settings come from the command line, the environment, pyproject.toml or pubflow.toml, the user's
pubflow/config.toml, in this order. An index of your own:

  [tool.pubflow.index.internal]
  upload = \"https://packages.example.com/upload/\"
  simple = \"https://packages.example.com/simple/\"

or PUBFLOW_INDEX_INTERNAL_UPLOAD and _SIMPLE; its token is PUBFLOW_INDEX_INTERNAL_TOKEN, never a file.";

/// After `pubflow index serve --help`.
pub(super) const INDEX_SERVE: &str = "\
It stands for TestPyPI and PyPI, on 127.0.0.1 unless --listen says otherwise, and prints its
addresses, its tokens and the `export` lines that lead pubflow to it. Ctrl-C ends it.

Example, in two shells:
  pubflow index serve --data /tmp/index
  pubflow publish --testpypi          after the export lines were pasted

For other machines, with a certificate of theirs or yours:
  pubflow index serve --listen 0.0.0.0 --host-name index.example.com \\
    --tls-certificate chain.pem --tls-key key.pem

docs/index.md tells of the admin API, trusted publishing, seeds and rules, docs/index-faults.md of
faults files.";

/// After `pubflow release --help`.
pub(super) const RELEASE: &str = "\
Examples:
  pubflow plan                        first: what would happen
  pubflow release --until rehearse    everything before approval and publishing
  pubflow release                     to PyPI; asks once, with the digests
  pubflow release dist/* --yes        with files that another job has built
  pubflow release --skip gate:tests=\"CI of the commit is green\"

The commit is built in a clean copy and sealed; rehearsal, approvals and uploads are about those bytes,
gates about the source as it stands here. Whenever it stops, run it again or `pubflow resume`: what is done is not done twice.

Settings of a project stand in [tool.pubflow.release]:
  branches = [\"main\", \"release/*\"]
  rehearse = \"loopback\"              or none, or the name of an index such as testpypi
  approvals = 1                       so many people have to run `pubflow approve`
  approvals-expire = \"24h\"";

/// After `pubflow plan --help`.
pub(super) const PLAN: &str = "\
Examples:
  pubflow plan                        what `pubflow release` would do now
  pubflow plan --testpypi --offline   for another index, without asking it
  pubflow plan --format json          for scripts";

/// After `pubflow approve --help`.
pub(super) const APPROVE: &str = "\
It shows the digests and what is new since the last release: files, dependencies, .pth files, native code,
sizes. The approval names the digest of the manifest and the index; where release.approvals-expire is set
it ends after that time.

In CI the protected environment is the approval: print the digest before it, compare it behind it:
  pubflow approve demo==1.0 --manifest DIGEST --by environment --yes";

/// After `pubflow adopt --help`.
pub(super) const ADOPT: &str = "\
Examples:
  pubflow adopt demo==1.0             what PyPI has of demo 1.0 becomes a record here
  pubflow adopt demo==1.0 dist/*      the same, and what is missing there is uploaded

Files that the index has must be the very same as those that are named. Afterwards `status`, `yank`,
`promote` and `resume` know the release.";

/// After `pubflow doctor --help`.
pub(super) const DOCTOR: &str = "\
Nothing is sent or changed. Exit 0 when nothing stands in the way of a release, else as the release would
end.";
