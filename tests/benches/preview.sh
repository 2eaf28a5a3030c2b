# `preview --batch` against readme_renderer in one process, over the same generated documents.
# PROFILE (45) and COUNT (400) may be set; VECTORS may name a folder with readme-vectors.jsonl.gz.
# Not within the command below, whose settings stay there.
PROFILE=${PROFILE:-45}
peers=$(peers readme "readme_renderer==$PROFILE.0" docutils==0.23 nh3==0.3.6 comrak==0.0.12 Pygments==2.21.0)
documents="cargo run --quiet --package pubflow-testkit --example documents --"
for kind in rst md; do
  if [ -n "${VECTORS:-}" ]; then
    python3 - "$kind" "$VECTORS/readme-vectors.jsonl.gz" >"$WORK/$kind" <<'P'
import gzip, json, sys
kinds = {'rst': 'text/x-rst', 'md': 'text/markdown'}
for line in gzip.open(sys.argv[2], 'rt', encoding='utf-8'):
    row = json.loads(line)
    if row['fmt'] == sys.argv[1] and row['text']:
        print(json.dumps({'id': row['id'], 'text': row['text'], 'content_type': kinds[row['fmt']]}))
P
  else
    $documents "$kind" "${COUNT:-400}" 1 >"$WORK/$kind"
  fi
  printf '\n-- %s: %s documents\n' "$kind" "$(wc -l <"$WORK/$kind")"
  measure --runs 3 "pubflow $kind" "$PUBFLOW preview --batch --profile $PROFILE <$WORK/$kind" \
    "readme_renderer $kind" "$peers/python -W ignore $here/../it/readme/reference.py <$WORK/$kind"
done
printf '\n-- one document at a time\n'
python3 "$here/preview_times.py" "$PUBFLOW" "$WORK/rst"
printf 'Title\n=====\n\nText.\n' >"$WORK/README.rst"
measure --runs 20 "one small file" "$PUBFLOW preview $WORK/README.rst"
