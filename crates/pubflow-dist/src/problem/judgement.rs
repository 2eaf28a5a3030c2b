//! Who refuses a problem, which check reports it, and what it costs.
//!
//! The refusals were measured by uploading to the index's own software and by installing with pip
//! and uv; where nobody was seen to refuse, none is claimed.

use pubflow_finding::{Refuser, Severity};

use super::{Family, HeaderField, Problem, ProblemKind, ZipRecord};
use crate::entry::PathFault;

const NOBODY: &[Refuser] = &[];
const PYPI: &[Refuser] = &[Refuser::Pypi];
const PYPI_UV: &[Refuser] = &[Refuser::Pypi, Refuser::Uv];
const UV: &[Refuser] = &[Refuser::Uv];
const EVERYBODY: &[Refuser] = &[Refuser::Pypi, Refuser::Pip, Refuser::Uv];
const INSTALLERS: &[Refuser] = &[Refuser::Pip, Refuser::Uv, Refuser::Spec];
const INSTALLERS_ONLY: &[Refuser] = &[Refuser::Pip, Refuser::Uv];
const PIP: &[Refuser] = &[Refuser::Pip];
const PIP_SPEC: &[Refuser] = &[Refuser::Pip, Refuser::Spec];
const SPEC: &[Refuser] = &[Refuser::Spec];

impl Problem {
    /// Who was seen to refuse a distribution for it. The index reads few members: damage in the
    /// others escapes it.
    #[must_use]
    pub fn refused_by(&self) -> &'static [Refuser] {
        let is_content = matches!(
            self.kind,
            ProblemKind::BadData
                | ProblemKind::BadCrc
                | ProblemKind::SizeLie { .. }
                | ProblemKind::Encrypted
        );
        match &self.member {
            Some(member) if is_content && !index_reads(member) => INSTALLERS_ONLY,
            _ => self.kind.refused_by(),
        }
    }
}

/// Whether the index reads the content of a wheel's member: sources for its scan, and its own
/// files of `.dist-info`.
fn index_reads(member: &str) -> bool {
    let (directory, file) = member.rsplit_once('/').unwrap_or(("", member));
    let is_source = [".py", ".pye"].iter().any(|ending| file.ends_with(ending));
    let is_own = matches!(file, "METADATA" | "WHEEL" | "RECORD" | "entry_points.txt");
    is_source || (directory.ends_with(".dist-info") && is_own)
}

fn zip_path_refused_by(fault: PathFault) -> &'static [Refuser] {
    match fault {
        PathFault::ControlCharacter => PYPI_UV,
        // The index and uv do not mind a path out of the wheel; pip refuses the whole file.
        PathFault::Parent | PathFault::Absolute => PIP_SPEC,
        PathFault::Backslash => SPEC,
        PathFault::Drive
        | PathFault::EmptyComponent
        | PathFault::CurrentComponent
        | PathFault::Empty => NOBODY,
    }
}

fn tar_path_refused_by(fault: PathFault) -> &'static [Refuser] {
    match fault {
        PathFault::Parent => INSTALLERS,
        PathFault::ControlCharacter => UV,
        PathFault::Absolute | PathFault::Drive => SPEC,
        PathFault::Backslash
        | PathFault::EmptyComponent
        | PathFault::CurrentComponent
        | PathFault::Empty => NOBODY,
    }
}

impl ProblemKind {
    /// The check that reports it.
    #[must_use]
    pub fn family(&self) -> Family {
        match self {
            Self::NotGzip
            | Self::GzipDamaged
            | Self::GzipTrailer
            | Self::GzipTrailing
            | Self::GzipMember
            | Self::TarHeader { .. }
            | Self::TarCut
            | Self::TarNoEnd
            | Self::TarTrailing => Family::Gzip,
            Self::Sparse
            | Self::PaxSize
            | Self::SizeWithoutContent { .. }
            | Self::GlobalPax { .. }
            | Self::PaxMalformed => Family::TarForm,
            Self::ZipPath(_) | Self::TarPath(_) => Family::Path,
            Self::LinkAbsolute { .. }
            | Self::LinkOutside { .. }
            | Self::LinkLoop
            | Self::LinkDangling { .. }
            | Self::BelowLink { .. } => Family::Link,
            Self::SpecialFile { .. } => Family::Special,
            Self::ZipSymlink { .. } => Family::WheelLink,
            Self::DuplicateSame
            | Self::DuplicateOther
            | Self::DuplicateMetadata
            | Self::TarDuplicateSame
            | Self::TarDuplicateOther
            | Self::FileIsDirectory => Family::Duplicate,
            Self::DataDescriptor
            | Self::LocalOnly
            | Self::CentralOnly
            | Self::NameMismatch { .. }
            | Self::HeaderMismatch(_)
            | Self::OtherWriter => Family::Mismatch,
            Self::StrayBytes { .. }
            | Self::TrailingZipBytes { .. }
            | Self::CentralDirectory
            | Self::EndRecord
            | Self::Zip64End
            | Self::MultiDisk
            | Self::ArchiveComment { .. }
            | Self::MemberComment
            | Self::ExtraField(_)
            | Self::Zip64Extra(_) => Family::Framing,
            Self::Method { .. }
            | Self::Encrypted
            | Self::VersionNeeded { .. }
            | Self::OddFlags { .. } => Family::Method,
            Self::Ratio { .. } | Self::TarRatio { .. } | Self::Limit { .. } | Self::Overlap => {
                Family::Bomb
            }
            Self::NotZip
            | Self::BadData
            | Self::SizeLie { .. }
            | Self::HiddenContent { .. }
            | Self::SizeShort { .. }
            | Self::BadCrc
            | Self::Polyglot => Family::Damage,
            Self::OddMode { .. } | Self::UnusualMode { .. } | Self::OddAttributes { .. } => {
                Family::Mode
            }
            Self::LateTime { .. } => Family::Time,
            Self::Stored { .. } => Family::Packing,
            Self::NameNotUtf8
            | Self::TarNameNotUtf8
            | Self::Utf8FlagMissing
            | Self::UnicodePath { .. } => Family::NameEncoding,
        }
    }

    /// Who was seen to refuse a distribution for it.
    #[must_use]
    pub fn refused_by(&self) -> &'static [Refuser] {
        match self {
            Self::Method { method: 12 | 14 }
            | Self::StrayBytes { at: 0, .. }
            | Self::TrailingZipBytes { .. }
            | Self::DuplicateMetadata
            | Self::NameNotUtf8 => PYPI_UV,
            Self::NotZip
            | Self::CentralDirectory
            | Self::CentralOnly
            | Self::NameMismatch { .. }
            | Self::Encrypted
            | Self::BadData
            | Self::SizeLie { .. }
            | Self::BadCrc
            | Self::NotGzip
            | Self::GzipDamaged
            | Self::TarHeader { at: 0 }
            | Self::TarCut
            | Self::Method { .. }
            | Self::Zip64Extra(ZipRecord::Central)
            | Self::ExtraField(ZipRecord::Central) => EVERYBODY,
            Self::StrayBytes { .. }
            | Self::EndRecord
            | Self::Zip64End
            | Self::MultiDisk
            | Self::MemberComment
            | Self::ExtraField(ZipRecord::Local)
            | Self::Zip64Extra(ZipRecord::Local)
            | Self::DataDescriptor
            | Self::LocalOnly
            | Self::HeaderMismatch(HeaderField::Size | HeaderField::PackedSize)
            | Self::Overlap
            | Self::DuplicateSame
            | Self::DuplicateOther
            | Self::Ratio { .. }
            | Self::Polyglot
            | Self::Sparse => PYPI,
            // `zipfile` names these two flags, and knows neither patched data nor strong encryption.
            Self::OddFlags { flags } if flags & 0x0060 != 0 => PIP,
            Self::VersionNeeded { .. } => PIP,
            Self::ZipPath(fault) => zip_path_refused_by(*fault),
            Self::TarPath(fault) => tar_path_refused_by(*fault),
            Self::LinkAbsolute { .. }
            | Self::LinkOutside { .. }
            | Self::BelowLink { .. }
            | Self::SpecialFile { .. }
            | Self::FileIsDirectory => INSTALLERS,
            // `tarfile` takes a damaged header that is not the first for the end of the archive.
            Self::LinkLoop | Self::TarHeader { .. } | Self::TarNameNotUtf8 => UV,
            Self::HeaderMismatch(_)
            | Self::TarDuplicateSame
            | Self::TarDuplicateOther
            | Self::HiddenContent { .. }
            | Self::SizeShort { .. }
            | Self::LinkDangling { .. }
            | Self::ArchiveComment { .. }
            | Self::TarRatio { .. }
            | Self::Limit { .. }
            | Self::Utf8FlagMissing
            | Self::UnicodePath { .. }
            | Self::ZipSymlink { .. }
            | Self::OddMode { .. }
            | Self::UnusualMode { .. }
            | Self::OddFlags { .. }
            | Self::OddAttributes { .. }
            | Self::OtherWriter
            | Self::Stored { .. }
            | Self::LateTime { .. }
            | Self::GzipTrailer
            | Self::GzipTrailing
            | Self::GzipMember
            | Self::TarNoEnd
            | Self::TarTrailing
            | Self::PaxSize
            | Self::SizeWithoutContent { .. }
            | Self::GlobalPax { .. }
            | Self::PaxMalformed => NOBODY,
        }
    }

    /// Whether two programs can read different contents out of one archive because of it: an error
    /// even where nobody refuses it yet.
    #[must_use]
    pub fn is_ambiguous(&self) -> bool {
        matches!(
            self,
            Self::PaxSize
                | Self::HiddenContent { .. }
                | Self::SizeShort { .. }
                | Self::SizeWithoutContent { .. }
                | Self::HeaderMismatch(
                    HeaderField::Checksum | HeaderField::Method | HeaderField::Flags
                )
                | Self::TarDuplicateOther
                | Self::GlobalPax { .. }
                | Self::PaxMalformed
                | Self::TarTrailing
                | Self::UnicodePath { .. }
                | Self::Limit { .. }
        )
    }

    /// What it costs: an error where somebody refuses it or readers can disagree, a note where no
    /// reader looks, else a warning.
    #[must_use]
    pub fn severity(&self) -> Severity {
        let says_nothing = matches!(
            self,
            Self::UnusualMode { .. }
                | Self::OddAttributes { .. }
                | Self::OtherWriter
                | Self::Stored { .. }
        );
        if self.is_ambiguous() || !self.refused_by().is_empty() {
            Severity::Error
        } else if says_nothing {
            Severity::Note
        } else {
            Severity::Warning
        }
    }
}
