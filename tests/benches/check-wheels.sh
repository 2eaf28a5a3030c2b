# `check` of 1, 100 and 500 small wheels, of one of 100 MB and of one of 500 MB, with those who look
# at wheels too: twine reads the metadata, check-wheel-contents the list of files, unzip every byte.
# DESIGN: one small wheel <= 1/20 of twine's CPU, 500 <= 1/10, memory flat.
bin=$(peers wheels twine==6.1.0 check-wheel-contents==0.6.3)
inputs=$SCRATCH/wheels
if [ ! -f "$inputs/done" ]; then
  rm -rf "$inputs"
  mkdir -p "$inputs/small" "$inputs/large" "$inputs/huge"
  python3 - "$inputs" <<'PY'
import base64, hashlib, random, sys, zipfile
root = sys.argv[1]
random.seed(1)

def wheel(folder, name, files, method=zipfile.ZIP_DEFLATED):
    info = f'{name}-1.0.dist-info'
    files = dict(files)
    files[f'{info}/METADATA'] = (f'Metadata-Version: 2.4\nName: {name}\nVersion: 1.0\nSummary: Something\n'
                                 'Description-Content-Type: text/markdown\n\n# Words\n').encode()
    files[f'{info}/WHEEL'] = b'Wheel-Version: 1.0\nGenerator: bench\nRoot-Is-Purelib: true\nTag: py3-none-any\n'
    rows = ''
    path = f'{folder}/{name}-1.0-py3-none-any.whl'
    with zipfile.ZipFile(path, 'w', method) as archive:
        for member, content in files.items():
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b'=').decode()
            rows += f'{member},sha256={digest},{len(content)}\n'
            archive.writestr(member, content)
        archive.writestr(f'{info}/RECORD', rows + f'{info}/RECORD,,\n')

def source(lines):
    def line(n):
        word = random.getrandbits(40)
        return f'def f{n}_{word:x}(a, b={word % 977}):\n    """Adds {word}."""\n    return a.x{word % 101} + b * {word % 89}\n'
    return '\n\n'.join(line(n) for n in range(lines)).encode()

for n in range(500):
    wheel(f'{root}/small', f'small{n}', {f'small{n}/__init__.py': source(20), f'small{n}/core.py': source(60)})
# Half of it does not compress, half of it does as sources do: 105 MB that unpack to 200 or so.
noise = {f'large/blob{n}.bin': random.randbytes(4 << 20) for n in range(18)}
wheel(f'{root}/large', 'large', noise | {f'large/m{n}.py': source(8000) for n in range(110)})
wheel(f'{root}/huge', 'huge', {f'huge/blob{n}.bin': random.randbytes(20 << 20) for n in range(25)}, zipfile.ZIP_STORED)
PY
  touch "$inputs/done"
fi
echo '-- start of the program'
measure pubflow "$PUBFLOW --version" twine "$bin/twine --version"
for n in 1 100 500; do
  echo "-- $n small wheels"
  files=$(ls "$inputs"/small/*.whl | head -"$n" | tr '\n' ' ')
  measure --ok 0,1 \
    pubflow "$PUBFLOW check $files" \
    'twine check' "$bin/twine check $files" \
    check-wheel-contents "$bin/check-wheel-contents $files" \
    'unzip -tq' "sh -c 'for f in $files; do unzip -tq \$f; done'"
done
for size in large huge; do
  echo "-- one wheel: $(du -m "$inputs/$size"/*.whl | cut -f1) MB"
  file=$(echo "$inputs/$size"/*.whl)
  measure --ok 0,1 --runs 5 \
    pubflow "$PUBFLOW check $file" \
    'twine check' "$bin/twine check $file" \
    check-wheel-contents "$bin/check-wheel-contents $file" \
    'unzip -tq' "unzip -tq $file" \
    'sha256sum' "sha256sum $file"
done
