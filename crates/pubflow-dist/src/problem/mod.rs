//! What is wrong with an archive as such, as the scanners saw it.
//!
//! Scanners remember problems, they never fail on bad content. [`Family`] says which check reports
//! a problem, [`ProblemKind::refused_by`] who was seen to refuse it: the upload (rules R093 to R115),
//! pip with CPython's `zipfile` and `tarfile`, and uv.

mod judgement;

use thiserror::Error;

use crate::entry::PathFault;

/// One thing wrong with an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong.
    pub kind: ProblemKind,
    /// The member it is about, as far as it is about one.
    pub member: Option<String>,
}

/// The check that reports a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// P802: the gzip stream, or the end of the TAR archive.
    Gzip,
    /// P811: the form of the TAR archive.
    TarForm,
    /// P1401: a member path that must not be unpacked.
    Path,
    /// P813: times of members.
    Time,
    /// P1402: a link that leaves the tree or leads nowhere.
    Link,
    /// P1403: a device or a named pipe.
    Special,
    /// P1404: a symbolic link in a wheel.
    WheelLink,
    /// P1405: two members of one name.
    Duplicate,
    /// P1406: local headers and central directory disagree.
    Mismatch,
    /// P1407: bytes that belong to no record, and odd records.
    Framing,
    /// P1408: compression method or encryption.
    Method,
    /// P1409: more content than the size of the file explains.
    Bomb,
    /// P1410: damage.
    Damage,
    /// P1411: file modes.
    Mode,
    /// P1413: the encoding of member names.
    NameEncoding,
    /// P1505: members that are packed badly.
    Packing,
}

/// Which record of a ZIP archive is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ZipRecord {
    /// The header in front of a member.
    Local,
    /// The member's entry in the central directory.
    Central,
}

impl ZipRecord {
    fn as_str(self) -> &'static str {
        match self {
            Self::Local => "local header",
            Self::Central => "central directory",
        }
    }
}

/// What local header and central directory both say about a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeaderField {
    /// The size after inflating.
    Size,
    /// The size before inflating.
    PackedSize,
    /// The CRC-32.
    Checksum,
    /// The compression method.
    Method,
    /// The flag bits.
    Flags,
    /// Time and date of the last change.
    Time,
    /// The version that a reader must know.
    Version,
}

impl HeaderField {
    fn as_str(self) -> &'static str {
        match self {
            Self::Size => "size",
            Self::PackedSize => "compressed size",
            Self::Checksum => "checksum",
            Self::Method => "compression method",
            Self::Flags => "flags",
            Self::Time => "time",
            Self::Version => "needed version",
        }
    }
}

/// What can be wrong with an archive.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ProblemKind {
    /// No end record: not a ZIP archive, or cut off.
    #[error("the file is not a ZIP archive or is cut off")]
    NotZip,
    /// The central directory is not where the end record says, or is broken.
    #[error("the central directory of the ZIP archive cannot be read")]
    CentralDirectory,
    /// Bytes between, before or after records.
    #[error("{bytes} bytes at offset {at} belong to no record of the ZIP archive")]
    StrayBytes {
        /// Offset of the first such byte.
        at: u64,
        /// Their number.
        bytes: u64,
    },
    /// Bytes after the end record.
    #[error("{bytes} bytes follow the end of the ZIP archive")]
    TrailingZipBytes {
        /// Their number.
        bytes: u64,
    },
    /// The end record does not describe the central directory that is there.
    #[error("the end record of the ZIP archive does not fit its central directory")]
    EndRecord,
    /// ZIP64 end record or locator that is wrong or extended.
    #[error("the ZIP64 end record is wrong")]
    Zip64End,
    /// The archive claims to be one disk of several.
    #[error("the ZIP archive claims to be spread over several disks")]
    MultiDisk,
    /// The archive has a comment.
    #[error("the ZIP archive has a comment of {bytes} bytes")]
    ArchiveComment {
        /// Its length.
        bytes: usize,
    },
    /// A member has a comment.
    #[error("the member has a comment in the central directory")]
    MemberComment,
    /// A broken or doubled extra field.
    #[error("the extra fields in the {} are malformed", .0.as_str())]
    ExtraField(ZipRecord),
    /// The ZIP64 extra field lacks a size that the header refers to it.
    #[error("the ZIP64 extra field in the {} lacks a size", .0.as_str())]
    Zip64Extra(ZipRecord),
    /// A member written as a stream, its size after its content.
    #[error("the member was written as a stream, with a data descriptor")]
    DataDescriptor,
    /// A local header that the central directory does not list.
    #[error("the member has a local header but is not in the central directory")]
    LocalOnly,
    /// A central directory entry whose local header is not there.
    #[error("the central directory lists the member but there is no local header for it")]
    CentralOnly,
    /// The two names differ.
    #[error("the local header calls the member `{local}`")]
    NameMismatch {
        /// The name in the local header.
        local: String,
    },
    /// A size or the checksum differs between local header and central directory.
    #[error("local header and central directory disagree about the member's {}", .0.as_str())]
    HeaderMismatch(HeaderField),
    /// The member asks for a version of the format that no reader knows.
    #[error("the member asks for version {}.{} of the ZIP format", .version / 10, .version % 10)]
    VersionNeeded {
        /// Ten times the version, as the header has it.
        version: u16,
    },
    /// Flag bits that stand for patched data, strong encryption or nothing at all.
    #[error("the member has the flags {flags:#06x}, some of which no reader knows")]
    OddFlags {
        /// All flag bits of the member.
        flags: u16,
    },
    /// Attributes that contradict themselves or mean nothing.
    #[error("the member's attributes hold {what}")]
    OddAttributes {
        /// What they hold.
        what: &'static str,
    },
    /// The member's header was written by another program than those of the others.
    #[error("the member's header names another writer than the rest of the archive")]
    OtherWriter,
    /// The member's bytes lie inside another member's.
    #[error("the member overlaps another one")]
    Overlap,
    /// The member occurs more than once with the same content.
    #[error("the archive holds the member more than once")]
    DuplicateSame,
    /// The member occurs more than once with different content.
    #[error("the archive holds the member more than once, with different content")]
    DuplicateOther,
    /// A second `METADATA` with other content.
    #[error("the archive holds the member more than once, with different content")]
    DuplicateMetadata,
    /// TAR: the member occurs more than once with the same content.
    #[error("the archive holds the member more than once")]
    TarDuplicateSame,
    /// TAR: the member occurs more than once with different content; the last one counts.
    #[error("the archive holds the member more than once, with different content")]
    TarDuplicateOther,
    /// A file where another member needs a directory.
    #[error("the member is a file, and other members lie below it as if it were a directory")]
    FileIsDirectory,
    /// A compression method other than stored and deflate.
    #[error("the member is compressed with method {method}{}", method_name(*.method))]
    Method {
        /// Number of the method in the ZIP specification.
        method: u16,
    },
    /// The member is encrypted.
    #[error("the member is encrypted")]
    Encrypted,
    /// The compressed bytes cannot be inflated.
    #[error("the member's compressed data are damaged")]
    BadData,
    /// The content is longer than the header claims, and its beginning does not fit the CRC-32.
    #[error("the member claims {claimed} bytes and holds more")]
    SizeLie {
        /// The size that the header claims.
        claimed: u64,
    },
    /// The content is longer than the header claims, and the CRC-32 is that of its beginning, so
    /// readers that stop there see nothing wrong.
    #[error("the member claims {claimed} bytes, has their checksum, and hides more behind them")]
    HiddenContent {
        /// The size that the header claims.
        claimed: u64,
    },
    /// The content is shorter than the header claims.
    #[error("the member claims {claimed} bytes and holds fewer")]
    SizeShort {
        /// The size that the header claims.
        claimed: u64,
    },
    /// The content does not fit its CRC-32.
    #[error("the member's checksum (CRC-32) is wrong")]
    BadCrc,
    /// ZIP: the index's rule about ratio.
    #[error("the members unpack to {bytes} bytes, more than 50 times the size of the file")]
    Ratio {
        /// Size of all members together.
        bytes: u64,
    },
    /// TAR: no index rule, but the same shape.
    #[error("the archive unpacks to {bytes} bytes, more than 50 times the size of the file")]
    TarRatio {
        /// Size of all members together.
        bytes: u64,
    },
    /// A work budget is used up; what follows was not looked at.
    #[error("the archive was given up: more than {limit} {what}")]
    Limit {
        /// What there is too much of.
        what: &'static str,
        /// The budget.
        limit: u64,
    },
    /// ZIP and TAR at once.
    #[error("the file is a ZIP archive and a TAR archive at once")]
    Polyglot,
    /// A name that is not UTF-8.
    #[error("the member name is not UTF-8")]
    NameNotUtf8,
    /// A name beyond ASCII without the flag that says UTF-8.
    #[error("the member name is not ASCII and lacks the UTF-8 flag, so readers disagree about it")]
    Utf8FlagMissing,
    /// A Unicode-path extra field with another name.
    #[error("the Unicode path extra field calls the member `{extra}`")]
    UnicodePath {
        /// The name there.
        extra: String,
    },
    /// A path fault in a wheel or `.zip`.
    #[error("the member path {}", .0.as_str())]
    ZipPath(PathFault),
    /// A path fault in a TAR archive.
    #[error("the member path {}", .0.as_str())]
    TarPath(PathFault),
    /// A symbolic link in a ZIP archive.
    #[error("the member is a symbolic link to `{target}`; installers write a text file instead")]
    ZipSymlink {
        /// Where it points.
        target: String,
    },
    /// A link to an absolute path.
    #[error("the link leads to the absolute path `{target}`")]
    LinkAbsolute {
        /// Where it points.
        target: String,
    },
    /// A link out of the tree.
    #[error("the link leads out of the archive, to `{target}`")]
    LinkOutside {
        /// Where it points.
        target: String,
    },
    /// A link that leads to itself in the end.
    #[error("the link leads back to itself")]
    LinkLoop,
    /// A link to nothing in the archive.
    #[error("the link leads to `{target}`, which is not in the archive")]
    LinkDangling {
        /// Where it points.
        target: String,
    },
    /// A member below a link.
    #[error("the member lies below `{link}`, which is a link")]
    BelowLink {
        /// The link.
        link: String,
    },
    /// A device, a pipe or an unknown kind.
    #[error("the member is {what}")]
    SpecialFile {
        /// `a device`, `a named pipe`, `of an unknown kind`.
        what: &'static str,
    },
    /// setuid, setgid or writable for everybody.
    #[error("the member has mode {mode:04o}")]
    OddMode {
        /// The permission bits.
        mode: u32,
    },
    /// Members that are stored although compression would help.
    #[error("stored members ({members}) would be about {} KiB smaller if they were compressed", .bytes >> 10)]
    Stored {
        /// Their number.
        members: usize,
        /// Bytes that would be saved.
        bytes: u64,
    },
    /// A mode that no umask leaves behind.
    #[error("the member has the unusual mode {mode:04o}")]
    UnusualMode {
        /// The permission bits.
        mode: u32,
    },
    /// Changed after the last second that 32 bits can count.
    #[error("the member's time, {seconds} seconds after 1970, lies after 2038")]
    LateTime {
        /// Seconds since 1970.
        seconds: u64,
    },
    /// The file does not begin as gzip does.
    #[error("the file is not compressed with gzip")]
    NotGzip,
    /// The compressed stream ends or breaks before the archive does.
    #[error("the gzip stream is damaged or cut off before the archive ends")]
    GzipDamaged,
    /// The gzip trailer (CRC-32 or length) is wrong or missing; the archive itself is whole.
    #[error("the checksum at the end of the gzip stream is wrong or missing")]
    GzipTrailer,
    /// Bytes after the gzip stream.
    #[error("other bytes follow the gzip stream")]
    GzipTrailing,
    /// A second gzip member.
    #[error("a second gzip stream follows the first")]
    GzipMember,
    /// A TAR header that is none.
    #[error("the file is not a TAR archive, or a header at offset {at} is damaged")]
    TarHeader {
        /// Offset in the unpacked stream.
        at: u64,
    },
    /// The TAR archive ends inside a member.
    #[error("the TAR archive is cut off")]
    TarCut,
    /// No end mark.
    #[error("the TAR archive lacks its end mark")]
    TarNoEnd,
    /// Data after the end mark.
    #[error("other data follow the end mark of the TAR archive")]
    TarTrailing,
    /// A sparse member.
    #[error("the member is sparse")]
    Sparse,
    /// TAR: a name that is not UTF-8.
    #[error("the member name is not UTF-8")]
    TarNameNotUtf8,
    /// A directory, link or device that claims content.
    #[error(
        "the member is no file but claims {size} bytes of content, so readers disagree about what follows"
    )]
    SizeWithoutContent {
        /// The size it claims.
        size: u64,
    },
    /// A pax header whose size differs from the member's own header.
    #[error("pax header and TAR header disagree about the member's size")]
    PaxSize,
    /// A global pax header that gives members another name or size.
    #[error("a global pax header sets `{key}` for all members")]
    GlobalPax {
        /// The key.
        key: String,
    },
    /// An extension header that cannot be read.
    #[error("a pax header is malformed")]
    PaxMalformed,
}

fn method_name(method: u16) -> &'static str {
    match method {
        12 => " (bzip2)",
        14 => " (LZMA)",
        93 => " (Zstandard)",
        95 => " (XZ)",
        _ => "",
    }
}
