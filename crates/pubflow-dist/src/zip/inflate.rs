//! Inflates one member, hashing it on the way.

use std::io::{self, BufRead};

use flate2::{Crc, Decompress, FlushDecompress, Status};
use sha2::{Digest as _, Sha256};

use crate::content::Examiner;

/// What came out of one member.
#[derive(Debug)]
pub(super) struct Inflated {
    pub(super) size: u64,
    pub(super) crc: u32,
    pub(super) sha256: [u8; 32],
    /// The first bytes, as many as were asked for.
    pub(super) kept: Vec<u8>,
    pub(super) end: End,
}

/// How inflating ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// All input was used and the stream ended with it.
    Whole,
    /// The stream is broken, ends too early or leaves input over.
    Broken,
    /// More bytes came out than were allowed.
    TooMuch,
}

/// How a member is to be inflated.
#[derive(Debug, Clone, Copy)]
pub(super) struct Job {
    pub(super) deflated: bool,
    /// Compressed size.
    pub(super) packed: u64,
    /// The size that the headers claim; one byte more is the end.
    pub(super) max: u64,
    /// How many bytes to keep at most.
    pub(super) keep: u64,
}

/// Buffers that live as long as a scan.
pub(super) struct Inflater {
    output: Vec<u8>,
    state: Decompress,
}

impl Inflater {
    pub(super) fn new() -> Self {
        Self {
            output: vec![0; 64 << 10],
            state: Decompress::new(false),
        }
    }

    /// Reads `job.packed` bytes from `file` and inflates them.
    /// `examiner` sees what comes out.
    pub(super) fn run<R: BufRead>(
        &mut self,
        file: &mut R,
        job: Job,
        examiner: Option<&mut Examiner>,
    ) -> io::Result<Inflated> {
        self.state.reset(false);
        let mut sink = Sink::new(job, examiner);
        let mut left = job.packed;
        let mut ended = false;
        let mut end = End::Whole;
        while left > 0 && end == End::Whole {
            let input = file.fill_buf()?;
            let got = usize::try_from(left).map_or(input.len(), |left| left.min(input.len()));
            let input = &input[..got];
            end = if input.is_empty() || ended {
                End::Broken
            } else if job.deflated {
                self.inflate(input, &mut sink, &mut ended)
            } else {
                sink.take(input)
            };
            left -= got as u64;
            file.consume(got);
        }
        if end == End::Whole && job.deflated && !ended {
            end = End::Broken;
        }
        Ok(sink.finish(end))
    }

    fn inflate(&mut self, input: &[u8], sink: &mut Sink<'_>, ended: &mut bool) -> End {
        let mut used = 0;
        loop {
            let (before_in, before_out) = (self.state.total_in(), self.state.total_out());
            let status =
                self.state
                    .decompress(&input[used..], &mut self.output, FlushDecompress::None);
            let consumed = (self.state.total_in() - before_in) as usize;
            let made = (self.state.total_out() - before_out) as usize;
            used += consumed;
            let taken = sink.take(&self.output[..made]);
            if taken != End::Whole {
                return taken;
            }
            match status {
                Ok(Status::StreamEnd) => {
                    *ended = true;
                    return if used == input.len() {
                        End::Whole
                    } else {
                        End::Broken
                    };
                }
                Ok(Status::Ok | Status::BufError) if made < self.output.len() => {
                    if used == input.len() {
                        return End::Whole;
                    }
                    if consumed == 0 && made == 0 {
                        return End::Broken;
                    }
                }
                Ok(_) => {}
                Err(_) => return End::Broken,
            }
        }
    }
}

/// Where inflated bytes go.
struct Sink<'a> {
    examiner: Option<&'a mut Examiner>,
    max: u64,
    keep: u64,
    size: u64,
    crc: Crc,
    sha256: Sha256,
    kept: Vec<u8>,
}

impl<'a> Sink<'a> {
    fn new(job: Job, examiner: Option<&'a mut Examiner>) -> Self {
        Self {
            examiner,
            max: job.max,
            keep: job.keep,
            size: 0,
            crc: Crc::new(),
            sha256: Sha256::new(),
            kept: Vec::new(),
        }
    }

    /// Takes bytes up to `max`; what lies behind is counted but neither hashed nor kept.
    fn take(&mut self, bytes: &[u8]) -> End {
        let before = self.size;
        self.size += bytes.len() as u64;
        let room = usize::try_from(self.max - before).unwrap_or(usize::MAX);
        let bytes = &bytes[..bytes.len().min(room)];
        self.crc.update(bytes);
        self.sha256.update(bytes);
        if let Some(examiner) = &mut self.examiner {
            examiner.take(bytes);
        }
        let room = self.keep.saturating_sub(self.kept.len() as u64);
        let n = usize::try_from(room).map_or(bytes.len(), |room| room.min(bytes.len()));
        self.kept.extend_from_slice(&bytes[..n]);
        if self.size > self.max {
            End::TooMuch
        } else {
            End::Whole
        }
    }

    fn finish(self, end: End) -> Inflated {
        Inflated {
            size: self.size,
            crc: self.crc.sum(),
            sha256: self.sha256.finalize().into(),
            kept: self.kept,
            end,
        }
    }
}
