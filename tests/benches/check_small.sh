# check of one small wheel against `twine check`, and what further formats cost.
tools=$(peers twine twine==6.1.0)
python3 - "$WORK" <<'PY'
import base64, hashlib, sys, zipfile
files = {
    'demo/__init__.py': b'',
    'demo-1.0.dist-info/METADATA': b'Metadata-Version: 2.4\nName: demo\nVersion: 1.0\n'
    b'Description-Content-Type: text/x-rst\n\nDemo\n====\n\nText.\n',
    'demo-1.0.dist-info/WHEEL': b'Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
}
rows = [
    f'{name},sha256={base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()},{len(data)}\n'
    for name, data in files.items()
]
files['demo-1.0.dist-info/RECORD'] = ''.join([*rows, 'demo-1.0.dist-info/RECORD,,\n']).encode()
with zipfile.ZipFile(f'{sys.argv[1]}/demo-1.0-py3-none-any.whl', 'w', zipfile.ZIP_DEFLATED) as wheel:
    for name, data in files.items():
        wheel.writestr(name, data)
PY
cd "$WORK"
wheel=demo-1.0-py3-none-any.whl
outputs=$(for f in concise json jsonl sarif github gitlab junit markdown; do printf ' --output %s=%s' "$f" "$WORK/out.$f"; done)
measure --runs 15 \
  'twine check' "$tools/twine check $wheel" \
  'pubflow check' "$PUBFLOW check $wheel" \
  'pubflow check, all formats' "$PUBFLOW check $wheel$outputs"
