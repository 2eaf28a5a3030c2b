//! Reads the members' contents, spread over several threads where that pays.

use std::io::{self, Write as _};
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use flate2::Compression;
use flate2::write::DeflateEncoder;
use pubflow_spec::Sha256;

use super::central::Central;
use super::inflate::{End, Inflated, Inflater, Job};
use super::{DEFLATED, STORED};
use crate::content::{Content, Examiner};
use crate::limits::Limits;
use crate::problem::ProblemKind;
use crate::read_at::ReadAt;
use crate::window::Window;

/// A thread costs about as much as inflating this many bytes.
const BYTES_A_THREAD: u64 = 1 << 20;
/// Stored members are tried from this size on, by so much of their beginning.
const TRIED_FROM: u64 = 4 << 10;
const TRIED: u64 = 64 << 10;

/// A member to be read.
pub(super) struct Task<'a> {
    pub(super) central: &'a Central,
    /// Offset of its compressed bytes.
    pub(super) data: u64,
    /// Whether its content is handed out.
    pub(super) keep: bool,
    /// Whether its content is looked at.
    pub(super) examine: bool,
}

/// What came out of a member.
#[derive(Default)]
pub(super) struct Outcome {
    /// None where the content is not what the headers promise.
    pub(super) sha256: Option<Sha256>,
    /// Where a symbolic link leads.
    pub(super) target: Option<String>,
    pub(super) kept: Option<Vec<u8>>,
    pub(super) content: Content,
    pub(super) problem: Option<ProblemKind>,
    /// Bytes that compression would have saved, as its beginning tells.
    pub(super) wasted: u64,
}

/// Reads all members on at most `threads` threads; the outcomes keep the order of the tasks.
pub(super) fn read_all<S: ReadAt>(
    source: &S,
    tasks: &[Task<'_>],
    limits: &Limits,
    threads: NonZeroUsize,
) -> io::Result<Vec<Outcome>> {
    let bytes = tasks
        .iter()
        .fold(0u64, |sum, task| sum.saturating_add(task.central.size));
    let useful = usize::try_from(bytes / BYTES_A_THREAD).unwrap_or(usize::MAX);
    let n_helpers = threads.get().min(useful).min(tasks.len()).saturating_sub(1);
    let mut order: Vec<usize> = (0..tasks.len()).collect();
    if n_helpers > 0 {
        // A large member begun last would leave the other threads idle.
        order.sort_by_key(|index| std::cmp::Reverse(tasks[*index].central.size));
    }
    let next = AtomicUsize::new(0);
    let work = || -> io::Result<Vec<(usize, Outcome)>> {
        let mut reader = Reader {
            file: Window::new(source),
            inflater: Inflater::new(),
            limits,
        };
        let mut outcomes = Vec::new();
        while let Some(index) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
            outcomes.push((*index, reader.read(&tasks[*index])?));
        }
        Ok(outcomes)
    };
    let mut outcomes = thread::scope(|scope| {
        let helpers: Vec<_> = (0..n_helpers).map(|_| scope.spawn(work)).collect();
        let mut outcomes = work()?;
        for helper in helpers {
            let found = helper
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            outcomes.extend(found?);
        }
        io::Result::Ok(outcomes)
    })?;
    outcomes.sort_unstable_by_key(|(index, _)| *index);
    Ok(outcomes.into_iter().map(|(_, outcome)| outcome).collect())
}

/// What one thread reads with.
struct Reader<'a, S> {
    file: Window<'a, S>,
    inflater: Inflater,
    limits: &'a Limits,
}

impl<S: ReadAt> Reader<'_, S> {
    fn read(&mut self, task: &Task<'_>) -> io::Result<Outcome> {
        let central = task.central;
        let is_link = central.is_symlink();
        let is_tried = task.examine && central.method == STORED && central.size >= TRIED_FROM;
        self.file.go_to(task.data);
        let mut examiner = task.examine.then(|| Examiner::of_everything(&central.name));
        let inflated = self.inflater.run(
            &mut self.file,
            Job {
                deflated: central.method == DEFLATED,
                packed: central.packed,
                max: central.size,
                keep: if task.keep {
                    self.limits.kept_bytes
                } else if is_link {
                    self.limits.name_bytes as u64
                } else if is_tried {
                    TRIED
                } else {
                    0
                },
            },
            examiner.as_mut(),
        )?;
        let wasted = match inflated.kept.get(..TRIED_FROM as usize) {
            Some(_) if is_tried => wasted(&inflated.kept, central.size)?,
            _ => 0,
        };
        let mut outcome = Outcome {
            wasted,
            problem: judge(central, &inflated),
            target: is_link.then(|| String::from_utf8_lossy(&inflated.kept).into_owned()),
            content: examiner.map(Examiner::finish).unwrap_or_default(),
            ..Outcome::default()
        };
        if outcome.problem.is_none() {
            outcome.sha256 = Some(Sha256::from_bytes(inflated.sha256));
        }
        if task.keep && inflated.size <= self.limits.kept_bytes {
            outcome.kept = Some(inflated.kept);
        } else if task.keep {
            outcome.problem = outcome.problem.or(Some(ProblemKind::Limit {
                what: "bytes of a metadata file",
                limit: self.limits.kept_bytes,
            }));
        }
        Ok(outcome)
    }
}

/// How many of `size` bytes compression would save, if all are like those of `sample`.
fn wasted(sample: &[u8], size: u64) -> io::Result<u64> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(sample)?;
    let packed = encoder.finish()?.len();
    let saved = sample.len().saturating_sub(packed) as u64;
    let all = u128::from(saved) * u128::from(size) / sample.len().max(1) as u128;
    Ok(u64::try_from(all).unwrap_or(u64::MAX))
}

/// What is wrong when the content is not what the headers promise.
fn judge(central: &Central, inflated: &Inflated) -> Option<ProblemKind> {
    let claimed = central.size;
    let fits = inflated.crc == central.crc;
    match inflated.end {
        End::TooMuch if fits => Some(ProblemKind::HiddenContent { claimed }),
        End::TooMuch => Some(ProblemKind::SizeLie { claimed }),
        End::Broken => Some(ProblemKind::BadData),
        End::Whole if !fits => Some(ProblemKind::BadCrc),
        End::Whole if inflated.size != claimed => Some(ProblemKind::SizeShort { claimed }),
        End::Whole => None,
    }
}

#[cfg(test)]
mod tests {
    use pubflow_testkit::WheelBuilder;

    use super::super::scan;
    use super::*;

    #[test]
    fn threads_change_nothing_but_the_time() {
        let mut builder = WheelBuilder::new("demo", "1.0");
        for n in 0..40usize {
            let content = format!("x{n} = {n}\n").repeat(1000 * (n % 7 + 1));
            builder = builder.file(&format!("demo/m{n}.py"), content);
        }
        let bytes = builder.record_edit("sha256=a", "sha256=b").to_bytes();
        let source = &bytes[..];
        let read = |threads: usize| {
            let threads = NonZeroUsize::new(threads).unwrap();
            let keep = |name: &str| name.ends_with("RECORD");
            let scan = scan(&source, &Limits::default(), threads, &keep).unwrap();
            (scan.entries, scan.kept, scan.problems)
        };
        let (one, eight) = (read(1), read(8));
        assert_eq!(one.0.len(), 43);
        assert_eq!(one.2, []);
        assert_eq!(one, eight);
    }
}
