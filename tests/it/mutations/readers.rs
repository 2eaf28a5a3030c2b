//! The programs that read the archives, in one process.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::peers::Set;

/// Digests (and whether it can be run) by path.
pub(crate) type Tree = BTreeMap<String, String>;

const ARCHIVES: Set = Set {
    name: "archives",
    pins: &["pip==26.3", "installer==1.1.0"],
    // `tarfile` has its filters from here on in every patch release.
    python: (3, 12),
};

/// A process that answers what each reader makes of a file.
pub(crate) struct Readers {
    child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
    room: tempfile::TempDir,
}

impl Readers {
    /// Starts them; none where no interpreter is new enough.
    pub(crate) fn start() -> Option<Self> {
        let environment = ARCHIVES.installed()?;
        let room = tempfile::tempdir().unwrap();
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/mutations/readers.py");
        let mut child = Command::new(environment.tool("python"))
            .arg("-I")
            .arg(script)
            .arg(room.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Some(Self {
            questions: child.stdin.take().unwrap(),
            answers: BufReader::new(child.stdout.take().unwrap()),
            child,
            room,
        })
    }

    /// The tree that each reader makes of a file of this name and content; none where it refuses.
    pub(crate) fn read(&mut self, name: &str, bytes: &[u8]) -> BTreeMap<String, Option<Tree>> {
        let path = self.room.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        writeln!(self.questions, "{}", path.display()).unwrap();
        let mut answer = String::new();
        self.answers.read_line(&mut answer).unwrap();
        serde_json::from_str(&answer).expect("the readers answer each question")
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
