# Promoting one small file: pubflow with an empty state, which fetches by digest, compares and sends,
# against `pip download` and `twine upload`.
tools=$(peers upload twine==7.0.0 uv==0.13.8)
coproc SINK { exec python3 "$here/sink.py"; }
read -r port <&"${SINK[0]}"
export WORK TOOLS=$tools HOME=$WORK port
python3 - "$WORK" <<'PY'
import base64, hashlib, os, sys, zipfile
info = 'demo-1.0.dist-info'
members = {'demo/__init__.py': b'', 'demo/data.bin': os.urandom(10000),
           f'{info}/METADATA': b'Metadata-Version: 2.1\nName: demo\nVersion: 1.0\nSummary: demo\nRequires-Python: >=3.8\nDescription-Content-Type: text/plain\n\ndemo\n',
           f'{info}/WHEEL': b'Wheel-Version: 1.0\nGenerator: bench\nRoot-Is-Purelib: true\nTag: py3-none-any\n'}
digest = lambda data: base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b'=').decode()
record = ''.join(f'{path},sha256={digest(data)},{len(data)}\n' for path, data in members.items()) + f'{info}/RECORD,,\n'
with zipfile.ZipFile(os.path.join(sys.argv[1], 'demo-1.0-py3-none-any.whl'), 'w') as archive:
    for path, data in [*members.items(), (f'{info}/RECORD', record.encode())]:
        archive.writestr(zipfile.ZipInfo(path, (2020, 1, 1, 0, 0, 0)), data)
PY
wheel=$WORK/demo-1.0-py3-none-any.whl
"$tools/twine" upload --non-interactive --disable-progress-bar --repository-url "http://127.0.0.1:$port/source/legacy/" -u u -p p "$wheel" >/dev/null
digest=$(sha256sum "$wheel" | cut -d' ' -f1)
cat >"$WORK/run.sh" <<'SH'
read -r n <"$WORK/count"; n=$((n + 1)); echo $n >"$WORK/count"
at=http://127.0.0.1:$port
if [ "$1" = pubflow ]; then
  PUBFLOW_INDEX_A_UPLOAD=$at/source/legacy/ PUBFLOW_INDEX_A_SIMPLE=$at/source/simple/ \
  PUBFLOW_INDEX_B_UPLOAD=$at/$n/legacy/ PUBFLOW_INDEX_B_SIMPLE=$at/$n/simple/ PUBFLOW_INDEX_B_TOKEN=x \
  PUBFLOW_STATE_DIR=$WORK/state/$n exec "$PUBFLOW" promote demo==1.0 --sha256 "$2" --from a --to b --no-verify
fi
"$TOOLS/python" -m pip --disable-pip-version-check --isolated download -q --no-deps --no-cache-dir -i "$at/source/simple/" -d "$WORK/got/$n" demo==1.0
exec "$TOOLS/twine" upload --non-interactive --disable-progress-bar --repository-url "$at/$n/legacy/" -u u -p p "$WORK/got/$n/demo-1.0-py3-none-any.whl"
SH
echo 0 >"$WORK/count"
measure --runs 5 pubflow "sh $WORK/run.sh pubflow $digest" 'pip + twine' "sh $WORK/run.sh peers" || true
kill "$SINK_PID"
