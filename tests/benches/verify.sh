# Verifies one small wheel on one interpreter, against the same by hand: an environment, the installation,
# an import; by uv, and by venv and pip.
bin=$(peers build build==1.6.1 uv==0.13.8)
python=$(readlink -f "$bin/python")
export PUBFLOW_STATE_DIR=$WORK/state PUBFLOW_CACHE_DIR=$WORK/cache PATH="$bin:$PATH"
mkdir -p "$WORK/demo"
cat >"$WORK/make.py" <<'PYTHON'
import base64, hashlib, sys, zipfile
info = "demo-1.0.dist-info/"
members = {"demo/__init__.py": "__version__ = '1.0'\n", "demo/core.py": "x = 1\n",
    info + "METADATA": "Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n",
    info + "WHEEL": "Wheel-Version: 1.0\nGenerator: demo\nRoot-Is-Purelib: true\nTag: py3-none-any\n"}
with zipfile.ZipFile(sys.argv[1], "w") as archive:
    record = ""
    for name, text in members.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
        record += "%s,sha256=%s,%d\n" % (name, digest, len(text))
        archive.writestr(name, text)
    archive.writestr(info + "RECORD", record + info + "RECORD,,\n")
PYTHON
wheel=$WORK/demo-1.0-py3-none-any.whl
"$python" "$WORK/make.py" "$wheel"
cat >"$WORK/by-uv.sh" <<SH
rm -rf $WORK/by-uv
uv venv -q --no-project --python $python $WORK/by-uv
uv pip install -q --python $WORK/by-uv/bin/python $wheel
exec $WORK/by-uv/bin/python -I -c 'import demo, demo.core'
SH
cat >"$WORK/by-pip.sh" <<SH
rm -rf $WORK/by-pip
$python -m venv $WORK/by-pip
$WORK/by-pip/bin/python -m pip install -q --disable-pip-version-check --no-index $wheel
exec $WORK/by-pip/bin/python -I -c 'import demo, demo.core'
SH
measure --runs "${RUNS:-7}" \
  "uv venv, install, import" "sh $WORK/by-uv.sh" \
  "pubflow verify, with uv" "$PUBFLOW verify --python $python $wheel"
printf '\n'
measure --runs "${RUNS:-3}" "venv, pip install, import" "sh $WORK/by-pip.sh"
