//! ZIP archives byte by byte, so that one thing in them can be wrong.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::DeflateEncoder;

/// One member to be written. The fields beside name and content are what headers say of it.
#[derive(Debug, Clone)]
pub struct ZipMember {
    /// Name in both headers.
    pub name: Vec<u8>,
    /// Content before compression.
    pub content: Vec<u8>,
    /// Unix mode with its file type, `0o100644` by default; 0 for none.
    pub mode: u32,
    /// Method that the headers name; 8 (deflate) by default, 0 stores. Others are stored too.
    pub method: u16,
    /// Flag bits in both headers.
    pub flags: u16,
    /// Whether the member has a local header and content.
    pub in_body: bool,
    /// Whether the central directory lists it.
    pub in_directory: bool,
    /// Name in the local header, if it is another one.
    pub local_name: Option<Vec<u8>>,
    /// Added to the CRC-32 in both headers.
    pub crc_shift: u32,
    /// Added to the size in the central directory.
    pub size_shift: u32,
    /// Extra field of the local header.
    pub local_extra: Vec<u8>,
    /// Extra field in the central directory.
    pub extra: Vec<u8>,
    /// Comment in the central directory.
    pub comment: Vec<u8>,
    /// Sizes and CRC stand behind the content, as a streaming writer leaves them.
    pub streamed: bool,
}

impl ZipMember {
    /// A deflated regular file, readable for all.
    #[must_use]
    pub fn new(name: &str, content: &[u8]) -> Self {
        Self {
            name: name.as_bytes().to_vec(),
            content: content.to_vec(),
            mode: 0o100_644,
            method: 8,
            flags: if name.is_ascii() { 0 } else { 0x0800 },
            in_body: true,
            in_directory: true,
            local_name: None,
            crc_shift: 0,
            size_shift: 0,
            local_extra: Vec::new(),
            extra: Vec::new(),
            comment: Vec::new(),
            streamed: false,
        }
    }
}

/// Writes ZIP archives; by default good ones.
#[derive(Debug, Clone, Default)]
pub struct ZipWriter {
    /// Bytes in front of the archive that no offset counts.
    pub prefix: Vec<u8>,
    /// Bytes behind the end record.
    pub suffix: Vec<u8>,
    /// Bytes between the members and the central directory.
    pub gap: Vec<u8>,
    /// Comment of the archive.
    pub comment: Vec<u8>,
    /// Bytes cut off at the end.
    pub cut: usize,
    /// Added to the number of entries in the end record.
    pub count_shift: u16,
}

impl ZipWriter {
    /// The archive of `members`, in their order.
    ///
    /// # Panics
    /// When the archive would need ZIP64.
    #[must_use]
    pub fn write(&self, members: &[ZipMember]) -> Vec<u8> {
        let mut body = Vec::new();
        let mut directory = Vec::new();
        let mut count = self.count_shift;
        for member in members {
            let packed = pack(member);
            let offset = number(body.len());
            if member.in_body {
                write_local(&mut body, member, &packed);
            }
            if member.in_directory {
                write_central(&mut directory, member, &packed, offset);
                count += 1;
            }
        }
        body.extend_from_slice(&self.gap);
        let start = number(body.len());
        let mut bytes = [&self.prefix[..], &body, &directory].concat();
        bytes.extend_from_slice(b"PK\x05\x06\0\0\0\0");
        bytes.extend_from_slice(&count.to_le_bytes());
        bytes.extend_from_slice(&count.to_le_bytes());
        bytes.extend_from_slice(&number(directory.len()).to_le_bytes());
        bytes.extend_from_slice(&start.to_le_bytes());
        bytes.extend_from_slice(&short(self.comment.len()).to_le_bytes());
        bytes.extend_from_slice(&self.comment);
        bytes.extend_from_slice(&self.suffix);
        bytes.truncate(bytes.len() - self.cut);
        bytes
    }
}

fn number(value: usize) -> u32 {
    u32::try_from(value).expect("test archives are small")
}

fn short(value: usize) -> u16 {
    u16::try_from(value).expect("test archives are small")
}

fn pack(member: &ZipMember) -> Vec<u8> {
    if member.method != 8 {
        return member.content.clone();
    }
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder
        .write_all(&member.content)
        .and_then(|()| encoder.finish())
        .expect("a vector takes every byte")
}

fn crc(member: &ZipMember) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(&member.content);
    crc.sum().wrapping_add(member.crc_shift)
}

/// Method, time, CRC and sizes, as both headers have them.
fn push_facts(out: &mut Vec<u8>, member: &ZipMember, facts: [u32; 3]) {
    let flags = member.flags | if member.streamed { 8 } else { 0 };
    out.extend_from_slice(&flags.to_le_bytes());
    out.extend_from_slice(&member.method.to_le_bytes());
    // 2024-01-01 00:00.
    out.extend_from_slice(&[0, 0, 0x21, 0x58]);
    for fact in facts {
        out.extend_from_slice(&fact.to_le_bytes());
    }
}

fn write_local(out: &mut Vec<u8>, member: &ZipMember, packed: &[u8]) {
    let facts = [
        crc(member),
        number(packed.len()),
        number(member.content.len()),
    ];
    let name = member.local_name.as_ref().unwrap_or(&member.name);
    out.extend_from_slice(b"PK\x03\x04\x14\0");
    push_facts(out, member, if member.streamed { [0; 3] } else { facts });
    out.extend_from_slice(&short(name.len()).to_le_bytes());
    out.extend_from_slice(&short(member.local_extra.len()).to_le_bytes());
    out.extend_from_slice(name);
    out.extend_from_slice(&member.local_extra);
    out.extend_from_slice(packed);
    if member.streamed {
        out.extend_from_slice(b"PK\x07\x08");
        for fact in facts {
            out.extend_from_slice(&fact.to_le_bytes());
        }
    }
}

fn write_central(out: &mut Vec<u8>, member: &ZipMember, packed: &[u8], offset: u32) {
    let size = number(member.content.len()).wrapping_add(member.size_shift);
    out.extend_from_slice(b"PK\x01\x02\x14\x03\x14\0");
    push_facts(out, member, [crc(member), number(packed.len()), size]);
    for len in [&member.name, &member.extra, &member.comment].map(Vec::len) {
        out.extend_from_slice(&short(len).to_le_bytes());
    }
    // Disk and internal attributes.
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(&(member.mode << 16).to_le_bytes());
    out.extend_from_slice(&offset.to_le_bytes());
    out.extend_from_slice(&member.name);
    out.extend_from_slice(&member.extra);
    out.extend_from_slice(&member.comment);
}
