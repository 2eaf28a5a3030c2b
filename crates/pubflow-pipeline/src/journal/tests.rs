use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use pubflow_spec::{ProjectName, Sha256, Version};

use super::*;
use crate::error::Damage;
use crate::manifest::{Manifest, ManifestFile};
use crate::reconcile::JournalState;
use crate::step::{BoxFuture, Evidence, StepId, UnitId};
use crate::store::StateDir;

/// A clock that goes one second further each time it is read.
#[derive(Default)]
struct Ticking(AtomicI64);

impl Clock for Ticking {
    fn now(&self) -> jiff::Timestamp {
        let second = 1_800_000_000 + self.0.fetch_add(1, Ordering::Relaxed);
        jiff::Timestamp::from_second(second).unwrap()
    }

    fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
        Box::pin(std::future::ready(()))
    }
}

fn sealed(root: &Path) -> ReleaseRecord {
    let file = ManifestFile {
        filename: "demo-1.0.tar.gz".into(),
        size: 3,
        sha256: Sha256::of(b"abc"),
    };
    let (name, version) = (
        ProjectName::parse("Demo").unwrap(),
        Version::parse("1.0").unwrap(),
    );
    let manifest = Manifest::new(name, version, None, vec![file], BTreeMap::new()).unwrap();
    StateDir::open(root).unwrap().seal(&manifest).unwrap()
}

fn open(record: &ReleaseRecord, writer: &str) -> Result<Journal, StateError> {
    let writer = Writer::parse(writer).unwrap();
    Journal::open(record, writer, Arc::new(Ticking::default()))
}

fn subject(unit: &str) -> Subject {
    Subject {
        step: StepId::new("upload"),
        unit: UnitId::new(unit),
        key: Sha256::of(b"inputs"),
    }
}

fn done(unit: &str, text: &str) -> Entry {
    Entry::Done {
        subject: subject(unit),
        how: How::Acted,
        evidence: Evidence::new().with("url", text),
    }
}

fn failed(unit: &str, left_nothing: bool) -> Entry {
    Entry::Failed {
        subject: subject(unit),
        class: "refused".into(),
        left_nothing,
        message: "the index said `no`\n".into(),
        evidence: Evidence::new(),
    }
}

fn one_of_each() -> Vec<Entry> {
    vec![
        Entry::RunOpened {
            title: "publish demo 1.0".into(),
        },
        Entry::Intent(subject("a")),
        done("a", "https://example.org/ä\u{7}\"\\"),
        Entry::Intent(subject("b")),
        failed("b", true),
        failed("c", false),
        Entry::Failed {
            subject: subject("d"),
            class: "refused".into(),
            left_nothing: true,
            message: "2 failed".into(),
            evidence: Evidence::new().with("failed", "2"),
        },
        Entry::Note(Note {
            topic: "waiver".into(),
            details: Evidence::new().with("code", "P101").with("code", "P102"),
        }),
        Entry::RunClosed {
            outcome: "stopped".into(),
        },
    ]
}

fn segment(record: &ReleaseRecord, writer: &str) -> PathBuf {
    record.journal_dir().join(format!("{writer}.jsonl"))
}

fn entries(facts: &Facts) -> Vec<Entry> {
    facts.records().map(|record| record.entry.clone()).collect()
}

#[test]
fn what_is_written_is_read_again() {
    let dir = tempfile::tempdir().unwrap();
    let record = sealed(dir.path());
    let mut journal = open(&record, "local").unwrap();
    for entry in one_of_each() {
        journal.append(entry).unwrap();
    }
    let again = open(&record, "local").unwrap();
    assert_eq!(entries(again.facts()), one_of_each());
    assert_eq!(again.facts(), journal.facts());
    assert_eq!(again.facts(), &Facts::read(&record).unwrap());
    let Some((line, note)) = again.facts().notes("waiver").next() else {
        panic!("the note is gone")
    };
    assert_eq!((line.seq, note.details.iter().count()), (8, 2));
}

#[test]
fn lines_written_together_are_the_same_as_lines_written_alone() {
    let (one, all) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (one, all) = (sealed(one.path()), sealed(all.path()));
    let mut journal = open(&one, "local").unwrap();
    for entry in one_of_each() {
        journal.append(entry).unwrap();
    }
    open(&all, "local")
        .unwrap()
        .append_all(one_of_each())
        .unwrap();
    assert_eq!(
        fs::read(segment(&one, "local")).unwrap(),
        fs::read(segment(&all, "local")).unwrap()
    );
}

#[test]
fn nothing_is_written_before_the_first_entry() {
    let dir = tempfile::tempdir().unwrap();
    let record = sealed(dir.path());
    open(&record, "local").unwrap();
    assert!(!record.journal_dir().exists());
}

#[test]
fn a_tail_torn_at_any_byte_is_dropped_and_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let record = sealed(dir.path());
    open(&record, "local")
        .unwrap()
        .append_all(one_of_each())
        .unwrap();
    let path = segment(&record, "local");
    let whole = fs::read(&path).unwrap();
    let manifest = record.key().manifest;
    for length in 0..=whole.len() {
        let cut = &whole[..length];
        let n_whole = cut.iter().filter(|byte| **byte == b'\n').count();
        let read = segment::read(cut, &manifest, Writer::local(), &path).unwrap();
        let read: Vec<Entry> = read
            .records
            .into_iter()
            .map(|record| record.entry)
            .collect();
        assert_eq!(read, one_of_each()[..n_whole], "cut at {length}");
    }
}

#[test]
fn writing_goes_on_after_a_torn_tail() {
    let dir = tempfile::tempdir().unwrap();
    let record = sealed(dir.path());
    open(&record, "local")
        .unwrap()
        .append_all(one_of_each())
        .unwrap();
    let path = segment(&record, "local");
    let whole = fs::read(&path).unwrap();
    let last_line = whole[..whole.len() - 1]
        .iter()
        .rposition(|byte| *byte == b'\n')
        .unwrap()
        + 1;
    for length in last_line..whole.len() {
        fs::write(&path, &whole[..length]).unwrap();
        let mut journal = open(&record, "local").unwrap();
        journal.append(done("z", "after")).unwrap();
        let mut expected = one_of_each();
        expected.pop();
        expected.push(done("z", "after"));
        // The clock of the second run starts anew, so the order of time is not the order of lines.
        let mut records: Vec<_> = open(&record, "local")
            .unwrap()
            .facts()
            .records()
            .cloned()
            .collect();
        records.sort_by_key(|record| record.seq);
        let read: Vec<Entry> = records.into_iter().map(|record| record.entry).collect();
        assert_eq!(read, expected, "cut at {length}");
    }
}

#[test]
fn the_torn_tail_of_another_writer_is_passed_over_and_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let record = sealed(dir.path());
    open(&record, "other")
        .unwrap()
        .append_all(one_of_each())
        .unwrap();
    let path = segment(&record, "other");
    let mut torn = fs::read(&path).unwrap();
    torn.truncate(torn.len() - 5);
    fs::write(&path, &torn).unwrap();
    let mut journal = open(&record, "local").unwrap();
    journal.append(done("z", "mine")).unwrap();
    assert_eq!(journal.facts().records().count(), one_of_each().len());
    assert_eq!(fs::read(&path).unwrap(), torn);
}

#[test]
fn every_flipped_bit_is_found() {
    let dir = tempfile::tempdir().unwrap();
    let record = sealed(dir.path());
    open(&record, "local")
        .unwrap()
        .append_all(one_of_each())
        .unwrap();
    let path = segment(&record, "local");
    let whole = fs::read(&path).unwrap();
    let manifest = record.key().manifest;
    let mut flipped = whole.clone();
    for position in 0..whole.len() {
        for bit in 0..8 {
            flipped[position] = whole[position] ^ (1 << bit);
            let read = segment::read(&flipped, &manifest, Writer::local(), &path);
            let line = 1 + whole[..position]
                .iter()
                .filter(|byte| **byte == b'\n')
                .count();
            match read {
                Err(StateError::Damaged { line: found, .. }) => {
                    assert_eq!(found, line, "bit {bit} of byte {position}");
                }
                other => panic!("bit {bit} of byte {position}: {other:?}"),
            }
        }
        flipped[position] = whole[position];
    }
}

#[track_caller]
fn check_damaged(change: impl FnOnce(&mut Vec<String>), line: usize, why: &Damage) {
    let dir = tempfile::tempdir().unwrap();
    let record = sealed(dir.path());
    open(&record, "local")
        .unwrap()
        .append_all(one_of_each())
        .unwrap();
    let path = segment(&record, "local");
    let text = fs::read_to_string(&path).unwrap();
    let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    change(&mut lines);
    fs::write(&path, lines.concat()).unwrap();
    let Err(error) = open(&record, "local") else {
        panic!("nothing was found")
    };
    let StateError::Damaged {
        line: found,
        why: found_why,
        ..
    } = &error
    else {
        panic!("{error}")
    };
    assert_eq!((*found, found_why), (line, why));
    assert!(error.is_damage());
    assert!(error.report().next.unwrap().contains("state repair"));
}

#[test]
fn lines_missing_repeated_or_moved_are_found() {
    check_damaged(|lines| drop(lines.remove(0)), 1, &Damage::Chain);
    check_damaged(|lines| drop(lines.remove(3)), 4, &Damage::Chain);
    check_damaged(|lines| lines.insert(3, lines[2].clone()), 4, &Damage::Chain);
    check_damaged(|lines| lines.swap(4, 5), 5, &Damage::Chain);
    check_damaged(|lines| lines.insert(2, "\n".into()), 3, &Damage::Frame);
    check_damaged(|lines| lines[1].make_ascii_uppercase(), 2, &Damage::Digest);
}

#[test]
fn a_segment_of_another_release_or_writer_is_found() {
    let dir = tempfile::tempdir().unwrap();
    let record = sealed(dir.path());
    open(&record, "local")
        .unwrap()
        .append_all(one_of_each())
        .unwrap();
    fs::copy(segment(&record, "local"), segment(&record, "other")).unwrap();
    let error = open(&record, "local").unwrap_err();
    assert!(matches!(
        error,
        StateError::Damaged {
            line: 1,
            why: Damage::Chain,
            ..
        }
    ));
    assert!(error.to_string().contains("other.jsonl"), "{error}");
}

#[test]
fn a_segment_larger_than_any_is_refused_before_it_is_read() {
    let dir = tempfile::tempdir().unwrap();
    let record = sealed(dir.path());
    fs::create_dir(record.journal_dir()).unwrap();
    let file = File::create(segment(&record, "local")).unwrap();
    file.set_len(1 << 40).unwrap();
    let error = open(&record, "local").unwrap_err();
    assert!(
        matches!(
            error,
            StateError::Damaged {
                why: Damage::TooLarge { .. },
                ..
            }
        ),
        "{error}"
    );
}

/// Appends a line of whatever text, chained as it should be.
fn append_text(record: &ReleaseRecord, text: impl Fn(u64, &str) -> String) {
    let path = segment(record, "local");
    let bytes = fs::read(&path).unwrap_or_default();
    let manifest = record.key().manifest;
    let tail = segment::read(&bytes, &manifest, Writer::local(), &path)
        .unwrap()
        .tail;
    let text = text(tail.next_seq(), &tail.digest.to_string());
    let line = format!("{} {text}\n", Sha256::of(text.as_bytes()));
    fs::create_dir_all(record.journal_dir()).unwrap();
    fs::write(&path, [bytes, line.into_bytes()].concat()).unwrap();
}

#[test]
fn an_unknown_kind_of_line_is_kept_and_passed_over() {
    let dir = tempfile::tempdir().unwrap();
    let record = sealed(dir.path());
    append_text(&record, |seq, prev| {
        format!(
            r#"{{"v":1,"seq":{seq},"prev":"{prev}","ts":"2027-01-15T08:00:00Z","w":"local","k":"effect.blessed","more":[1],"d":{{"by":{{"whom":1}}}}}}"#
        )
    });
    let mut journal = open(&record, "local").unwrap();
    assert_eq!(
        entries(journal.facts()),
        [Entry::Unknown {
            kind: "effect.blessed".into()
        }]
    );
    journal.append(done("a", "x")).unwrap();
    let text = fs::read_to_string(segment(&record, "local")).unwrap();
    assert!(text.contains(r#""k":"effect.blessed","more":[1]"#));
    assert_eq!(open(&record, "local").unwrap().facts().records().count(), 2);
}

#[test]
fn a_newer_format_is_read_and_not_written() {
    let dir = tempfile::tempdir().unwrap();
    let record = sealed(dir.path());
    append_text(&record, |seq, prev| {
        format!(
            r#"{{"v":2,"seq":{seq},"prev":"{prev}","ts":"2027-01-15T08:00:00Z","w":"local","k":"intent"}}"#
        )
    });
    let error = open(&record, "local").unwrap_err();
    assert!(
        matches!(
            error,
            StateError::Newer {
                found: 2,
                known: 1,
                ..
            }
        ),
        "{error}"
    );
    assert!(!error.is_damage());
    // Another writer may not go on either: it would not understand what was begun.
    assert!(open(&record, "other").is_err());
    assert_eq!(Facts::read(&record).unwrap().records().count(), 1);
}

#[test]
fn an_intact_line_that_is_no_record_is_damage() {
    for text in [
        "{}",
        "[]",
        "null",
        "{\"v\":1",
        "",
        r#"{"v":1,"k":"intent"}"#,
    ] {
        let dir = tempfile::tempdir().unwrap();
        let record = sealed(dir.path());
        append_text(&record, |_, _| text.to_owned());
        let error = open(&record, "local").unwrap_err();
        let is_record = matches!(
            &error,
            StateError::Damaged {
                line: 1,
                why: Damage::Record { .. },
                ..
            }
        );
        assert!(is_record, "{text}: {error:?}");
    }
}

#[test]
fn an_intent_stays_open_until_it_is_done_or_taken_back_by_who_wrote_it() {
    let dir = tempfile::tempdir().unwrap();
    let record = sealed(dir.path());
    let mut journal = open(&record, "local").unwrap();
    let state = |journal: &Journal| journal.facts().state(&subject("a"));
    assert_eq!(state(&journal), JournalState::Nothing);
    journal.append(Entry::Intent(subject("a"))).unwrap();
    assert!(matches!(state(&journal), JournalState::Intent { .. }));
    journal.append(failed("a", false)).unwrap();
    assert!(matches!(state(&journal), JournalState::Intent { .. }));
    let mut other = open(&record, "other").unwrap();
    other.append(failed("a", true)).unwrap();
    assert!(matches!(state(&other), JournalState::Intent { .. }));
    journal
        .append_all([Entry::Intent(subject("b")), failed("b", true)])
        .unwrap();
    assert_eq!(journal.facts().state(&subject("b")), JournalState::Nothing);
    journal
        .append_all([Entry::Intent(subject("a")), done("a", "x")])
        .unwrap();
    journal.append(Entry::Intent(subject("a"))).unwrap();
    assert!(matches!(state(&journal), JournalState::Done { .. }));
    assert_eq!(journal.facts().state(&subject("c")), JournalState::Nothing);
}

#[test]
fn a_failure_takes_back_the_try_it_ended_and_none_before() {
    let second = |seconds: i64| jiff::Timestamp::from_second(1_800_000_000 + seconds).unwrap();
    let intent = || Entry::Intent(subject("a"));
    let nothing = JournalState::Nothing;
    let begun = |seconds| JournalState::Intent {
        at: second(seconds),
    };
    // The clock goes on by a second with each line.
    let cases = [
        (vec![intent(), failed("a", true)], nothing.clone()),
        // A run died during the first try.
        (vec![intent(), intent(), failed("a", true)], begun(0)),
        // The first try ended without an answer, when it had been under way for a second.
        (
            vec![intent(), failed("a", false), intent(), failed("a", true)],
            begun(1),
        ),
        // A failure of nothing that was begun takes nothing back, and begins nothing.
        (
            vec![intent(), failed("a", false), failed("a", true)],
            begun(1),
        ),
        (vec![failed("a", false), failed("a", true)], nothing.clone()),
        (
            vec![intent(), failed("a", true), intent(), failed("a", true)],
            nothing,
        ),
        (vec![intent(), failed("a", true), intent()], begun(2)),
    ];
    for (entries, expected) in cases {
        let dir = tempfile::tempdir().unwrap();
        let record = sealed(dir.path());
        open(&record, "local")
            .unwrap()
            .append_all(entries.clone())
            .unwrap();
        let state = Facts::read(&record).unwrap().state(&subject("a"));
        assert_eq!(state, expected, "{entries:?}");
    }
}

#[test]
fn another_key_is_another_fact() {
    let dir = tempfile::tempdir().unwrap();
    let record = sealed(dir.path());
    let mut journal = open(&record, "local").unwrap();
    journal.append(done("a", "x")).unwrap();
    let other = Subject {
        key: Sha256::of(b"other inputs"),
        ..subject("a")
    };
    assert_eq!(journal.facts().state(&other), JournalState::Nothing);
}

#[test]
fn segments_merge_to_the_same_in_any_order() {
    let dir = tempfile::tempdir().unwrap();
    let record = sealed(dir.path());
    let writers = ["local", "ci-1", "ci-2"];
    for (number, writer) in writers.into_iter().enumerate() {
        // Every clock starts at the same second, so times collide between writers.
        let mut journal = open(&record, writer).unwrap();
        journal.append_all(one_of_each()).unwrap();
        let units = ["a", "b", "c", "d"];
        for unit in &units[number..] {
            journal.append(Entry::Intent(subject(unit))).unwrap();
        }
        journal.append(failed(units[number], true)).unwrap();
        journal.append(done(units[number + 1], writer)).unwrap();
    }
    let mut segments: Vec<Vec<Record>> = segment::read_all(&record)
        .unwrap()
        .into_iter()
        .map(|segment| segment.records)
        .collect();
    let expected = Facts::read(&record).unwrap();
    for (left, right) in [(0, 1), (1, 2), (0, 1), (1, 2), (0, 1), (1, 2)] {
        segments.swap(left, right);
        let mut in_turn = Facts::default();
        for record in segments.iter().flatten() {
            in_turn.insert(record.clone());
        }
        assert_eq!(in_turn, expected);
        // Line by line from every writer in turn, and one segment read twice.
        let mut interleaved = Facts::default();
        for seq in 0..20 {
            for record in segments.iter().filter_map(|records| records.get(seq)) {
                interleaved.insert(record.clone());
            }
        }
        assert_eq!(interleaved, expected);
        let twice = segments.iter().chain(&segments[..1]).flatten().cloned();
        assert_eq!(twice.collect::<Facts>(), expected);
    }
}

#[test]
fn writers_that_cannot_name_a_file_are_refused() {
    for text in [
        "",
        "../x",
        "a/b",
        "A",
        ".x",
        "-x",
        "ä",
        "a b",
        &"x".repeat(101),
    ] {
        assert_eq!(
            Writer::parse(text),
            Err(WriterError {
                found: text.to_owned()
            })
        );
    }
    assert_eq!(
        Writer::parse("github-4711-1.publish_x")
            .unwrap()
            .file_name(),
        "github-4711-1.publish_x.jsonl"
    );
}

#[test]
fn a_journal_that_cannot_be_written_says_so_and_takes_no_more() {
    let dir = tempfile::tempdir().unwrap();
    let record = sealed(dir.path());
    let mut journal = open(&record, "local").unwrap();
    fs::write(record.journal_dir(), "a file where the directory should be").unwrap();
    let error = journal.append(done("a", "x")).unwrap_err();
    assert!(matches!(error, StateError::Write { .. }), "{error}");
    assert_eq!(journal.facts().records().count(), 0);
    fs::remove_file(record.journal_dir()).unwrap();
    let error = journal.append(done("a", "x")).unwrap_err();
    assert!(matches!(error, StateError::Closed { .. }), "{error}");
    assert!(!record.journal_dir().exists());
}

#[test]
fn fail_points_lie_on_both_sides_of_a_line() {
    let count = |at| {
        let dir = tempfile::tempdir().unwrap();
        let record = sealed(dir.path());
        let end = Arc::new(|| std::panic::resume_unwind(Box::new(())));
        let mut journal = open(&record, "local")
            .unwrap()
            .with_fail_point(Some(FailPoint::calling(at, end)));
        let run = std::panic::AssertUnwindSafe(|| journal.append_all(one_of_each()));
        assert!(
            std::panic::catch_unwind(run).is_err(),
            "{at:?} was passed by"
        );
        Facts::read(&record).unwrap().records().count()
    };
    for number in 1..=one_of_each().len() {
        assert_eq!(count(FailPointAt::Before(number)), number - 1);
        assert_eq!(count(FailPointAt::After(number)), number);
    }
}

/// The text of the first fenced block of docs/journal.md with this label.
fn documented(label: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/journal.md");
    let page = fs::read_to_string(path).unwrap();
    let (_, rest) = page.split_once(&format!("```{label}\n")).unwrap();
    rest.split_once("```").unwrap().0.to_owned()
}

#[test]
fn the_documented_example_is_what_is_written() {
    let manifest = Manifest::parse(documented("json").trim_end()).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let record = StateDir::open(dir.path()).unwrap().seal(&manifest).unwrap();
    let key = crate::step::step_key(&[("index", "https://test.example.org/legacy/")]);
    let subject = |unit: &str| Subject {
        step: "upload:testpypi".into(),
        unit: unit.into(),
        key,
    };
    let (wheel, sdist) = ("demo-1.0-py3-none-any.whl", "demo-1.0.tar.gz");
    let entries = [
        Entry::RunOpened {
            title: "publish demo 1.0 to testpypi".into(),
        },
        Entry::Note(Note {
            topic: "waiver".into(),
            details: Evidence::new()
                .with("code", "P101")
                .with("reason", "known and harmless"),
        }),
        Entry::Intent(subject(wheel)),
        Entry::Done {
            subject: subject(wheel),
            how: How::Acted,
            evidence: Evidence::new().with("sha256", manifest.files()[0].sha256.to_string()),
        },
        Entry::Intent(subject(sdist)),
        Entry::Failed {
            subject: subject(sdist),
            class: "unauthorised".into(),
            left_nothing: true,
            message: format!("testpypi refused `{sdist}`"),
            evidence: Evidence::new(),
        },
        Entry::RunClosed {
            outcome: "stopped".into(),
        },
    ];
    open(&record, "local").unwrap().append_all(entries).unwrap();
    let written = fs::read_to_string(segment(&record, "local")).unwrap();
    assert_eq!(written, documented("text"));
}

#[test]
fn the_latest_evidence_counts() {
    let dir = tempfile::tempdir().unwrap();
    let record = sealed(dir.path());
    let mut journal = open(&record, "local").unwrap();
    journal
        .append_all([done("a", "first"), done("a", "second")])
        .unwrap();
    let state = open(&record, "local").unwrap().facts().state(&subject("a"));
    assert_eq!(
        state,
        JournalState::Done {
            evidence: Evidence::new().with("url", "second")
        }
    );
}
