# Publishing 1, 20 and 100 small files and one of 500 MB to one sink, with and without 50 ms a request:
# pubflow (five uploads at a time), uv and twine. The sink keeps nothing that is large.
tools=$(peers upload twine==7.0.0 uv==0.13.8)

# Wheels of one release: release N BYTES makes them in $WORK/N.
release() {
  python3 - "$WORK/$1-$2" "$1" "$2" <<'PY'
import hashlib, base64, os, sys, zipfile
folder, count, size = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
os.makedirs(folder)
for n in range(count):
    tag = f'cp3{n % 90 + 9}-cp3{n % 90 + 9}-musllinux_1_{n // 90 + 1}_x86_64' if count > 1 else 'py3-none-any'
    name = f'demo-1.0-{tag}.whl'
    info = 'demo-1.0.dist-info'
    members = {'demo/__init__.py': b'', 'demo/data.bin': os.urandom(size),
               f'{info}/METADATA': b'Metadata-Version: 2.1\nName: demo\nVersion: 1.0\nSummary: demo\nRequires-Python: >=3.8\nDescription-Content-Type: text/plain\n\ndemo\n',
               f'{info}/WHEEL': f'Wheel-Version: 1.0\nGenerator: bench\nRoot-Is-Purelib: {"true" if count == 1 else "false"}\nTag: {tag}\n'.encode()}
    digest = lambda data: base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b'=').decode()
    record = ''.join(f'{path},sha256={digest(data)},{len(data)}\n' for path, data in members.items()) + f'{info}/RECORD,,\n'
    with zipfile.ZipFile(os.path.join(folder, name), 'w', zipfile.ZIP_STORED) as archive:
        for path, data in [*members.items(), (f'{info}/RECORD', record.encode())]:
            archive.writestr(zipfile.ZipInfo(path, (2020, 1, 1, 0, 0, 0)), data)
PY
}

# Each run has an index and a state of its own; the shell counts without starting anything.
cat >"$WORK/run.sh" <<'SH'
tool=$1 port=$2; shift 2
read -r n <"$WORK/count"; n=$((n + 1)); echo $n >"$WORK/count"
at=http://127.0.0.1:$port/$n
case $tool in
  pubflow) PUBFLOW_INDEX_SINK_UPLOAD=$at/legacy/ PUBFLOW_INDEX_SINK_SIMPLE=$at/simple/ PUBFLOW_INDEX_SINK_TOKEN=x \
    PUBFLOW_STATE_DIR=$WORK/state/$n exec "$PUBFLOW" publish --index sink --no-verify --jobs 5 \
    --ignore P1501=measured "$@" ;;
  uv) exec "$TOOLS/uv" publish --no-config --no-progress --trusted-publishing never --keyring-provider disabled \
    --publish-url "$at/legacy/" -u u -p p "$@" ;;
  twine) exec "$TOOLS/twine" upload --non-interactive --disable-progress-bar --repository-url "$at/legacy/" -u u -p p "$@" ;;
esac
SH
export WORK TOOLS=$tools HOME=$WORK
echo 0 >"$WORK/count"

compare() { # RUNS DELAY COUNT BYTES
  coproc SINK { exec python3 "$here/sink.py" --delay "$2"; }
  read -r port <&"${SINK[0]}"
  printf '\n%s x %s bytes, %s ms\n' "$3" "$4" "$2"
  run="sh $WORK/run.sh"
  files="$WORK/$3-$4/*.whl"
  measure --runs "$1" pubflow "$run pubflow $port $files" uv "$run uv $port $files" twine "$run twine $port $files" || true
  kill "$SINK_PID"
  wait "$SINK_PID" 2>/dev/null || true
  rm -rf "$WORK/state"
}

for count in 1 20 100; do
  release "$count" 10000
  compare 5 0 "$count" 10000
  compare 5 50 "$count" 10000
done
release 1 500000000
compare 3 0 1 500000000
