//! The header in front of a member, and where it disagrees with the central directory.

use std::io;

use super::central::Central;
use super::extra::Extra;
use super::{DEFLATED, FLAG_DESCRIPTOR, STORED, u16_at, u32_at};
use crate::problem::{HeaderField, ProblemKind, ZipRecord};
use crate::read_at::ReadAt;
use crate::window::Window;

const LEN: u64 = 30;

/// A local header, as far as it is compared.
pub(super) struct Local {
    pub(super) raw_name: Vec<u8>,
    needs: u16,
    pub(super) flags: u16,
    method: u16,
    time: u32,
    crc: u32,
    pub(super) packed: u64,
    size: u64,
    extra: Extra,
    /// Offset of the member's data.
    pub(super) data: u64,
    widened: bool,
}

impl Local {
    /// The local header at `at`, if one is there and lies in front of `until`.
    pub(super) fn read<S: ReadAt>(
        file: &mut Window<'_, S>,
        at: u64,
        until: u64,
    ) -> io::Result<Option<Self>> {
        if until - at < LEN {
            return Ok(None);
        }
        let header = file.read_at(at, LEN)?;
        if !header.starts_with(b"PK\x03\x04") {
            return Ok(None);
        }
        let name_len = u64::from(u16_at(&header, 26));
        let extra_len = u64::from(u16_at(&header, 28));
        let data = at + LEN + name_len + extra_len;
        if data > until {
            return Ok(None);
        }
        let mut raw_name = file.read_at(at + LEN, name_len + extra_len)?;
        let extra = Extra::parse(&raw_name[name_len as usize..]);
        raw_name.truncate(name_len as usize);
        let mut packed = u64::from(u32_at(&header, 18));
        let mut size = u64::from(u32_at(&header, 22));
        let method = u16_at(&header, 8);
        let widened = extra.widen([&mut size, &mut packed, &mut 0]);
        if !widened && method == STORED {
            // Stored members need one size only; the field may leave the other out.
            packed = size;
        }
        Ok(Some(Self {
            raw_name,
            needs: u16_at(&header, 4),
            flags: u16_at(&header, 6),
            method,
            time: u32_at(&header, 10),
            crc: u32_at(&header, 14),
            packed,
            size,
            widened: widened || method == STORED,
            extra,
            data,
        }))
    }

    /// Everything in which it differs from the entry of the central directory, and what is wrong
    /// with itself.
    pub(super) fn problems(&self, central: &Central) -> Vec<ProblemKind> {
        let mut problems = Vec::new();
        if self.raw_name != central.raw_name {
            let local = String::from_utf8_lossy(&self.raw_name).into_owned();
            problems.push(ProblemKind::NameMismatch { local });
        }
        if self.extra.malformed {
            problems.push(ProblemKind::ExtraField(ZipRecord::Local));
        }
        if let Some(path) = &self.extra.unicode_path
            && *path != self.raw_name
        {
            let extra = String::from_utf8_lossy(path).into_owned();
            problems.push(ProblemKind::UnicodePath { extra });
        }
        if !self.widened {
            problems.push(ProblemKind::Zip64Extra(ZipRecord::Local));
        }
        let streamed = (self.flags | central.flags) & FLAG_DESCRIPTOR != 0;
        if streamed {
            problems.push(ProblemKind::DataDescriptor);
        }
        // A streamed member's header may say nothing about size and checksum.
        let differs = |local: u64, central: u64| local != central && !(streamed && local == 0);
        let fields = [
            (HeaderField::Size, differs(self.size, central.size)),
            (
                HeaderField::PackedSize,
                differs(self.packed, central.packed),
            ),
            (
                HeaderField::Checksum,
                differs(u64::from(self.crc), u64::from(central.crc)),
            ),
            (HeaderField::Method, self.method != central.method),
            (HeaderField::Flags, self.flags != central.flags),
            (HeaderField::Time, self.time != central.time),
            (HeaderField::Version, self.needs != central.needs),
        ];
        let differing = fields.into_iter().filter(|(_, differs)| *differs);
        problems.extend(differing.map(|(field, _)| ProblemKind::HeaderMismatch(field)));
        problems
    }

    /// Where the member ends: behind its data, or behind the descriptor that a streaming writer
    /// leaves in front of `next`.
    pub(super) fn end(&self, central: &Central, next: u64) -> u64 {
        let end = self.data.saturating_add(central.packed);
        let gap = next.saturating_sub(end);
        let is_streamed = self.flags & FLAG_DESCRIPTOR != 0;
        if is_streamed && end <= next && matches!(gap, 12 | 16 | 20 | 24) {
            next
        } else {
            end
        }
    }
}

impl Central {
    /// Whether its content can be read here.
    pub(super) fn is_readable(&self) -> bool {
        matches!(self.method, STORED | DEFLATED)
    }
}
