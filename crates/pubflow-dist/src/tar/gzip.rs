//! The gzip layer: one stream of bytes, and what is odd about how it was packed.

use std::io::{self, BufRead, Read};

use flate2::bufread::GzDecoder;

use crate::problem::ProblemKind;

/// Reads gzip streams as one, remembering where they are not one clean stream.
///
/// Damage ends the stream like the end of the file does; [`GzipReader::damaged`] tells.
pub(super) struct GzipReader<R> {
    state: State<R>,
    pub(super) damaged: bool,
    pub(super) problems: Vec<ProblemKind>,
}

enum State<R> {
    Reading(Box<GzDecoder<R>>),
    Ended,
}

impl<R: BufRead> GzipReader<R> {
    pub(super) fn new(mut file: R) -> io::Result<Self> {
        let mut reader = Self {
            state: State::Ended,
            damaged: false,
            problems: Vec::new(),
        };
        if is_gzip(&mut file)? {
            reader.state = State::Reading(Box::new(GzDecoder::new(file)));
        } else {
            reader.damaged = true;
            reader.problems.push(ProblemKind::NotGzip);
        }
        Ok(reader)
    }

    /// Looks at what follows a stream that ended well.
    fn next_stream(&mut self) -> io::Result<()> {
        let State::Reading(decoder) = std::mem::replace(&mut self.state, State::Ended) else {
            return Ok(());
        };
        let mut file = decoder.into_inner();
        if file.fill_buf()?.is_empty() {
            return Ok(());
        }
        let (kind, more) = if is_gzip(&mut file)? {
            (ProblemKind::GzipMember, true)
        } else {
            (ProblemKind::GzipTrailing, false)
        };
        if !self.problems.contains(&kind) {
            self.problems.push(kind);
        }
        if more {
            self.state = State::Reading(Box::new(GzDecoder::new(file)));
        }
        Ok(())
    }
}

impl<R: BufRead> Read for GzipReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let State::Reading(decoder) = &mut self.state {
            match decoder.read(buffer) {
                Ok(0) => self.next_stream()?,
                Ok(n) => return Ok(n),
                Err(error) if is_damage(&error) => {
                    self.damaged = true;
                    self.state = State::Ended;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(0)
    }
}

/// The two bytes that every gzip stream begins with.
fn is_gzip<R: BufRead>(file: &mut R) -> io::Result<bool> {
    let buffer = file.fill_buf()?;
    // A buffered reader gives a single byte only at the end of the file or of its buffer; in the
    // second case the decoder judges the rest.
    Ok(match buffer {
        [first, second, ..] => [*first, *second] == [0x1f, 0x8b],
        [first] => *first == 0x1f,
        [] => false,
    })
}

/// Whether the decoder objects to the data, not the system to the reading.
fn is_damage(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof
    )
}
