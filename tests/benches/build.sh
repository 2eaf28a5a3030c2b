# Builds of one small project with each of four backends: the first use of a backend, then with the
# environment that is kept, against uv, the build front end of the packaging authority, and both hooks in
# one interpreter that has the backend already (the least that any front end can do).
bin=$(peers build build==1.6.1 uv==0.13.8)
backends="setuptools==84.2.1 hatchling==1.33.0 flit_core==4.2.0 uv_build==0.13.6"
wheelhouse=$SCRATCH/wheelhouse
mkdir -p "$wheelhouse"
# shellcheck disable=SC2086
"$bin/python" -m pip download --quiet --disable-pip-version-check --only-binary :all: -d "$wheelhouse" $backends >&2
warm=$(peers backends $backends)
python=$(readlink -f "$bin/python")

project() { # NAME REQUIRES BACKEND
  local tree=$WORK/$1
  mkdir -p "$tree/src/demo_$1"
  printf '[build-system]\nrequires = ["%s"]\nbuild-backend = "%s"\n[project]\nname = "demo-%s"\nversion = "1.0"\ndescription = "a sample"\n' "$2" "$3" "$1" >"$tree/pyproject.toml"
  printf '"""A sample."""\n' >"$tree/src/demo_$1/__init__.py"
}
cat >"$WORK/hooks.py" <<'PYTHON'
import importlib, os, sys
backend = importlib.import_module(sys.argv[1])
out = sys.argv[2]
os.makedirs(out, exist_ok=True)
backend.build_sdist(out)
backend.build_wheel(out)
PYTHON
export PUBFLOW_STATE_DIR=$WORK/state UV_NO_CONFIG=1
for row in "setuptools setuptools setuptools.build_meta" "hatchling hatchling hatchling.build" \
  "flit flit_core flit_core.buildapi" "uv uv_build uv_build"; do
  # shellcheck disable=SC2086
  set -- $row
  project "$1" "$2" "$3"
  tree=$WORK/$1 out=$WORK/out-$1
  export PIP_NO_INDEX=1 PIP_FIND_LINKS=$wheelhouse UV_NO_INDEX=1 UV_FIND_LINKS=$wheelhouse UV_OFFLINE=1
  export PATH="$bin:$PATH" PUBFLOW_CACHE_DIR=$WORK/cache
  printf '\n%s\n' "$1"
  measure --runs "${RUNS:-5}" \
    "uv build" "uv build -q --python $python -o $out-u $tree" \
    "pubflow, first use" "env -C $WORK sh -c 'rm -rf $WORK/fresh; PUBFLOW_CACHE_DIR=$WORK/fresh exec $PUBFLOW build --installer uv --python $python -o $out-p $tree'" \
    "python -m build" "$bin/python -m build -q -o $out-b $tree"
  measure --runs "${RUNS:-5}" \
    "both hooks, one interpreter" "env -C $tree PATH=$warm:$PATH $warm/python $WORK/hooks.py $3 $out-h" \
    "pubflow, environment kept" "$PUBFLOW build --installer uv --python $python -o $out-p $tree"
done
