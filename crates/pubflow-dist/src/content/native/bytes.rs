//! Numbers and texts at offsets that nobody has checked.

/// Bytes with an order.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bytes<'a> {
    pub(super) data: &'a [u8],
    pub(super) is_little: bool,
}

/// Longer names are no names of libraries.
const LONGEST: usize = 4096;

impl<'a> Bytes<'a> {
    fn array<const N: usize>(&self, at: u64) -> Option<[u8; N]> {
        let at = usize::try_from(at).ok()?;
        let mut bytes: [u8; N] = self.data.get(at..at.checked_add(N)?)?.try_into().ok()?;
        if !self.is_little {
            bytes.reverse();
        }
        Some(bytes)
    }

    pub(super) fn u8(&self, at: u64) -> Option<u8> {
        self.array::<1>(at).map(|[byte]| byte)
    }

    pub(super) fn u16(&self, at: u64) -> Option<u16> {
        self.array(at).map(u16::from_le_bytes)
    }

    pub(super) fn u32(&self, at: u64) -> Option<u32> {
        self.array(at).map(u32::from_le_bytes)
    }

    pub(super) fn u64(&self, at: u64) -> Option<u64> {
        self.array(at).map(u64::from_le_bytes)
    }

    /// A 64-bit or 32-bit number.
    pub(super) fn word(&self, at: u64, is_64: bool) -> Option<u64> {
        if is_64 {
            self.u64(at)
        } else {
            self.u32(at).map(u64::from)
        }
    }

    /// The text at `at`, up to its NUL.
    pub(super) fn text(&self, at: u64) -> Option<&'a str> {
        let rest = self.data.get(usize::try_from(at).ok()?..)?;
        let rest = &rest[..rest.len().min(LONGEST)];
        let end = rest.iter().position(|byte| *byte == 0)?;
        std::str::from_utf8(&rest[..end]).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_behind_the_end_are_nothing() {
        let bytes = Bytes {
            data: b"\x01\x02ab\0c",
            is_little: false,
        };
        assert_eq!(bytes.u16(0), Some(0x0102));
        assert_eq!(bytes.u32(4), None);
        assert_eq!(bytes.u16(u64::MAX), None);
        assert_eq!(bytes.text(2), Some("ab"));
        assert_eq!(bytes.text(5), None);
        assert_eq!(bytes.text(99), None);
    }
}
