#!/usr/bin/env bash
# Compares pubflow with its peers on this machine, in one run: tests/benches/compare.sh [NAME…]
# Each comparison is a file NAME.sh beside this one, run with
#   PUBFLOW   the program, built with optimisation (set it to compare another build)
#   WORK      a folder that goes afterwards
#   SCRATCH   target/benches: environments of peers and inputs that are kept between runs
#   measure   what to time commands with, see measure.py
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
if [ -z "${PUBFLOW:-}" ]; then
  cargo build --release --locked --manifest-path "$root/Cargo.toml"
  PUBFLOW=$root/target/release/pubflow
fi
SCRATCH=$root/target/benches
mkdir -p "$SCRATCH"
measure() { python3 "$here/measure.py" "$@"; }
# An environment of peers: peers NAME PIN… prints the folder of its programs.
peers() {
  local venv=$SCRATCH/peers-$1 pins=${*:2}
  if [ "$(cat "$venv/pins" 2>/dev/null)" != "$pins" ]; then
    rm -rf "$venv"
    python3 -m venv "$venv"
    # shellcheck disable=SC2086
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check $pins >&2
    printf '%s' "$pins" >"$venv/pins"
  fi
  printf '%s\n' "$venv/bin"
}
export -f measure peers
export here PUBFLOW SCRATCH

if [ $# -eq 0 ]; then
  for file in "$here"/*.sh; do
    name=$(basename "$file" .sh)
    [ "$name" = compare ] || set -- "$@" "$name"
  done
fi
for name in "$@"; do
  printf '\n== %s\n' "$name"
  WORK=$(mktemp -d)
  export WORK
  bash -euo pipefail "$here/$name.sh" || printf '%s: failed\n' "$name" >&2
  rm -rf "$WORK"
done
