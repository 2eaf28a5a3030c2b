//! Members of a TAR archive, one after the other.

use std::io::{self, BufRead, Read};

use super::gzip::GzipReader;
use super::header::{BLOCK, Header};
use super::pax::{self, Record};
use crate::limits::Limits;
use crate::problem::ProblemKind;

/// One member, before its content is read.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    pub(crate) raw_name: Vec<u8>,
    pub(crate) kind: MemberKind,
    /// Size of its content in bytes, as claimed.
    pub(crate) size: u64,
    pub(crate) mode: u32,
    /// Seconds since 1970.
    pub(crate) mtime: u64,
    pub(crate) raw_link: Vec<u8>,
    /// What is wrong with its headers.
    pub(crate) problems: Vec<ProblemKind>,
}

/// What a member is, by its type flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MemberKind {
    File,
    Sparse,
    HardLink,
    Symlink,
    Device,
    Directory,
    Fifo,
    Unknown(u8),
}

impl MemberKind {
    fn of(flag: u8) -> Self {
        match flag {
            0 | b'0' | b'7' => Self::File,
            b'1' => Self::HardLink,
            b'2' => Self::Symlink,
            b'3' | b'4' => Self::Device,
            b'5' => Self::Directory,
            b'6' => Self::Fifo,
            b'S' => Self::Sparse,
            other => Self::Unknown(other),
        }
    }

    /// Whether data blocks follow the header, as `tarfile` sees it.
    fn has_content(self) -> bool {
        matches!(self, Self::File | Self::Sparse | Self::Unknown(_))
    }
}

/// A member comes with a pax header and GNU's long name and long link at most.
const HEADERS_A_MEMBER: u64 = 4;

/// Reads a gzip-compressed TAR archive member by member.
pub(crate) struct TarReader<R> {
    stream: GzipReader<R>,
    /// Offset in the unpacked stream.
    at: u64,
    /// Content of the member at hand that has not been read.
    left: u64,
    /// Zeros that fill its last block.
    padding: u64,
    /// Headers so far.
    headers: u64,
    limits: Limits,
    global: Vec<Record>,
    /// What is wrong with the archive as a whole.
    pub(crate) problems: Vec<ProblemKind>,
    ended: bool,
}

/// Extension headers that apply to the next member.
#[derive(Default)]
struct Pending {
    records: Vec<Record>,
    name: Option<Vec<u8>>,
    link: Option<Vec<u8>>,
    problems: Vec<ProblemKind>,
}

impl<R: BufRead> TarReader<R> {
    pub(crate) fn new(file: R, limits: &Limits) -> io::Result<Self> {
        Ok(Self {
            stream: GzipReader::new(file)?,
            at: 0,
            left: 0,
            padding: 0,
            headers: 0,
            limits: limits.clone(),
            global: Vec::new(),
            problems: Vec::new(),
            ended: false,
        })
    }

    /// The next member; what is left of the content of the one before is passed over.
    pub(crate) fn next_member(&mut self) -> io::Result<Option<Member>> {
        self.skip_content()?;
        let mut pending = Pending::default();
        while !self.ended {
            let Some(header) = self.header()? else {
                break;
            };
            match header.kind {
                b'x' | b'X' => {
                    let bytes = self.extension(&header)?;
                    match pax::parse(&bytes) {
                        Some(records) => pending.records.extend(records),
                        None => pending.problems.push(ProblemKind::PaxMalformed),
                    }
                }
                b'g' => self.global_header(&header)?,
                b'L' => pending.name = Some(until_nul(self.extension(&header)?)),
                b'K' => pending.link = Some(until_nul(self.extension(&header)?)),
                _ => return self.member(header, pending).map(Some),
            }
        }
        Ok(None)
    }

    /// Reads content of the member at hand into `buffer`; 0 at its end.
    pub(crate) fn read_content(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let want = usize::try_from(self.left).map_or(buffer.len(), |left| left.min(buffer.len()));
        if want == 0 {
            return Ok(0);
        }
        let got = self.stream.read(&mut buffer[..want])?;
        if got == 0 {
            self.cut();
            return Ok(0);
        }
        self.at += got as u64;
        self.left -= got as u64;
        Ok(got)
    }

    /// Whether the archive ended before its end mark.
    pub(crate) fn is_cut(&self) -> bool {
        self.problems
            .iter()
            .any(|kind| matches!(kind, ProblemKind::TarCut | ProblemKind::TarHeader { .. }))
    }

    /// Reads to the end of the file, for what hides behind the archive; at most `budget` bytes.
    pub(crate) fn finish(mut self, budget: u64) -> io::Result<Vec<ProblemKind>> {
        let whole = !self.is_cut();
        let mut buffer = vec![0; 64 << 10];
        let mut read = 0u64;
        let mut has_data = false;
        while read < budget {
            let got = self.stream.read(&mut buffer)?;
            if got == 0 {
                break;
            }
            read += got as u64;
            has_data |= buffer[..got].iter().any(|byte| *byte != 0);
        }
        let mut problems = self.problems;
        if has_data && whole {
            problems.push(ProblemKind::TarTrailing);
        }
        let not_gzip = self.stream.problems.contains(&ProblemKind::NotGzip);
        if self.stream.damaged && whole && !not_gzip {
            problems.push(ProblemKind::GzipTrailer);
        }
        problems.extend(self.stream.problems);
        Ok(problems)
    }

    /// The next header; `None` at the end mark, at the end of the stream, and after damage.
    fn header(&mut self) -> io::Result<Option<Header>> {
        let at = self.at;
        // Headers that describe nothing are work too.
        self.headers += 1;
        let most = HEADERS_A_MEMBER * self.limits.members as u64;
        let exceeded = if at > self.limits.total_bytes {
            Some(("bytes to unpack", self.limits.total_bytes))
        } else if self.headers > most {
            Some(("headers", most))
        } else {
            None
        };
        if let Some((what, limit)) = exceeded {
            self.ended = true;
            self.problems.push(ProblemKind::Limit { what, limit });
            return Ok(None);
        }
        let mut block = [0; BLOCK];
        let got = self.fill(&mut block)?;
        if got < BLOCK {
            self.ended = true;
            if got > 0 || self.stream.damaged {
                self.cut();
            } else if !self.stream.damaged {
                self.problems.push(ProblemKind::TarNoEnd);
            }
            return Ok(None);
        }
        if block.iter().all(|byte| *byte == 0) {
            self.ended = true;
            return Ok(None);
        }
        let header = Header::parse(&block);
        if header.is_none() {
            self.ended = true;
            self.problems.push(ProblemKind::TarHeader { at });
        }
        Ok(header)
    }

    /// The archive ends where it must not.
    fn cut(&mut self) {
        self.ended = true;
        self.left = 0;
        self.padding = 0;
        let kind = match (self.stream.damaged, self.stream.problems.first()) {
            // Not gzip at all: that is said already.
            (true, Some(ProblemKind::NotGzip)) => return,
            (true, _) => ProblemKind::GzipDamaged,
            (false, _) => ProblemKind::TarCut,
        };
        for kind in [kind, ProblemKind::TarCut] {
            if !self.problems.contains(&kind) {
                self.problems.push(kind);
            }
        }
    }

    fn fill(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0;
        while filled < buffer.len() {
            match self.stream.read(&mut buffer[filled..])? {
                0 => break,
                got => filled += got,
            }
        }
        self.at += filled as u64;
        Ok(filled)
    }

    fn skip_content(&mut self) -> io::Result<()> {
        let mut buffer = [0; 8 << 10];
        while self.left > 0 {
            if self.read_content(&mut buffer)? == 0 {
                return Ok(());
            }
        }
        let padding = usize::try_from(self.padding).expect("padding is shorter than a block");
        let got = self.fill(&mut buffer[..padding])?;
        if got < padding {
            self.cut();
        }
        self.padding = 0;
        Ok(())
    }

    /// The content of an extension header, as far as the limit allows.
    fn extension(&mut self, header: &Header) -> io::Result<Vec<u8>> {
        let limit = self.limits.directory_bytes;
        if header.size > limit {
            self.ended = true;
            self.problems.push(ProblemKind::Limit {
                what: "bytes of extension header",
                limit,
            });
            return Ok(Vec::new());
        }
        self.start_content(header.size);
        let mut bytes = Vec::new();
        let mut buffer = [0; 8 << 10];
        loop {
            match self.read_content(&mut buffer)? {
                0 => break,
                got => bytes.extend_from_slice(&buffer[..got]),
            }
        }
        self.skip_content()?;
        Ok(bytes)
    }

    fn global_header(&mut self, header: &Header) -> io::Result<()> {
        let bytes = self.extension(header)?;
        let Some(records) = pax::parse(&bytes) else {
            self.problems.push(ProblemKind::PaxMalformed);
            return Ok(());
        };
        for record in records {
            // A comment, as `git archive` writes it, changes no member.
            if matches!(record.key.as_str(), "path" | "linkpath" | "size") {
                self.problems.push(ProblemKind::GlobalPax {
                    key: record.key.clone(),
                });
                self.global.retain(|known| known.key != record.key);
                self.global.push(record);
            }
        }
        Ok(())
    }

    fn start_content(&mut self, size: u64) {
        self.left = size;
        self.padding = (BLOCK as u64 - size % BLOCK as u64) % BLOCK as u64;
    }

    fn member(&mut self, header: Header, pending: Pending) -> io::Result<Member> {
        let kind = MemberKind::of(header.kind);
        let mut problems = pending.problems;
        let mut member = Member {
            raw_name: pending.name.unwrap_or(header.name),
            kind,
            size: header.size,
            mode: header.mode,
            mtime: header.mtime,
            raw_link: pending.link.unwrap_or(header.link),
            problems: Vec::new(),
        };
        let mut is_sparse = kind == MemberKind::Sparse;
        for record in self.global.iter().chain(&pending.records) {
            match record.key.as_str() {
                "path" => member.raw_name.clone_from(&record.value),
                "linkpath" => member.raw_link.clone_from(&record.value),
                "size" => match size_of(&record.value) {
                    Some(size) => {
                        // A writer leaves the old field at 0 when the size does not fit it.
                        if size != header.size && header.size != 0 {
                            problems.push(ProblemKind::PaxSize);
                        }
                        member.size = size;
                    }
                    None => problems.push(ProblemKind::PaxMalformed),
                },
                key => is_sparse |= key.starts_with("GNU.sparse."),
            }
        }
        if is_sparse {
            problems.push(ProblemKind::Sparse);
        }
        let mut continues = header.sparse_continues;
        while continues {
            let mut block = [0; BLOCK];
            if self.fill(&mut block)? < BLOCK {
                self.cut();
                break;
            }
            continues = block[504] != 0;
        }
        if kind.has_content() {
            self.start_content(member.size);
        } else if member.size > 0 {
            problems.push(ProblemKind::SizeWithoutContent { size: member.size });
            member.size = 0;
        }
        if kind == MemberKind::Directory {
            while member.raw_name.last() == Some(&b'/') && member.raw_name.len() > 1 {
                member.raw_name.pop();
            }
        }
        member.problems = problems;
        Ok(member)
    }
}

fn until_nul(mut bytes: Vec<u8>) -> Vec<u8> {
    let end = bytes.iter().position(|byte| *byte == 0);
    bytes.truncate(end.unwrap_or(bytes.len()));
    bytes
}

fn size_of(value: &[u8]) -> Option<u64> {
    if value.is_empty() || !value.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(value).ok()?.parse().ok()
}
