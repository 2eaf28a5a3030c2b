//! One 512-byte TAR header.

pub(super) const BLOCK: usize = 512;

/// The fields of a header, as they stand.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) name: Vec<u8>,
    pub(super) mode: u32,
    pub(super) size: u64,
    /// Seconds since 1970; 0 where the field is no number, since nobody depends on it.
    pub(super) mtime: u64,
    pub(super) kind: u8,
    pub(super) link: Vec<u8>,
    /// The old GNU sparse map goes on in a block of its own.
    pub(super) sparse_continues: bool,
}

impl Header {
    /// Reads a block; `None` if its checksum or a number is wrong, those that nobody needs among
    /// them: `tarfile` takes such a block for the end of the archive.
    pub(super) fn parse(block: &[u8; BLOCK]) -> Option<Self> {
        let [owner, group] = [&block[108..116], &block[116..124]];
        let [time, major, minor] = [&block[136..148], &block[329..337], &block[337..345]];
        let unused = [owner, group, time, major, minor];
        if !checksum_fits(block) || !unused.into_iter().all(is_number) {
            return None;
        }
        let mut name = text(&block[..100]).to_vec();
        let prefix = text(&block[345..500]);
        let mut kind = block[156];
        if kind == 0 && name.ends_with(b"/") {
            kind = b'5';
        }
        let is_gnu = matches!(kind, b'L' | b'K' | b'S');
        if !prefix.is_empty() && !is_gnu {
            name = [prefix, b"/", &name].concat();
        }
        Some(Self {
            name,
            mode: u32::try_from(number(&block[100..108])? & 0o7777).ok()?,
            size: number(&block[124..136])?,
            mtime: number(&block[136..148]).unwrap_or(0),
            kind,
            link: text(&block[157..257]).to_vec(),
            sparse_continues: kind == b'S' && block[482] != 0,
        })
    }
}

/// A field up to its first NUL.
fn text(field: &[u8]) -> &[u8] {
    let end = field.iter().position(|byte| *byte == 0);
    &field[..end.unwrap_or(field.len())]
}

/// Whether the field holds a number, a negative one included.
fn is_number(field: &[u8]) -> bool {
    field[0] == 0xff || number(field).is_some()
}

/// An octal number, or a binary one after GNU's mark; `None` for anything else.
fn number(field: &[u8]) -> Option<u64> {
    if field[0] == 0x80 {
        // GNU: the rest of the field, big-endian. Negative numbers make no sense here.
        let mut value = 0u64;
        for byte in &field[1..] {
            value = value.checked_mul(256)?.checked_add(u64::from(*byte))?;
        }
        return Some(value);
    }
    let digits = text(field).trim_ascii();
    let mut value = 0u64;
    for digit in digits {
        if !(b'0'..=b'7').contains(digit) {
            return None;
        }
        value = value.checked_mul(8)?.checked_add(u64::from(digit - b'0'))?;
    }
    Some(value)
}

/// Old writers summed signed bytes; both sums count.
fn checksum_fits(block: &[u8; BLOCK]) -> bool {
    let Some(expected) = number(&block[148..156]) else {
        return false;
    };
    let (mut unsigned, mut signed) = (0u64, 0i64);
    for (at, byte) in block.iter().enumerate() {
        let byte = if (148..156).contains(&at) {
            b' '
        } else {
            *byte
        };
        unsigned += u64::from(byte);
        signed += i64::from(byte.cast_signed());
    }
    expected == unsigned || i64::try_from(expected) == Ok(signed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_octal_or_binary() {
        assert_eq!(number(b"0000644\0"), Some(0o644));
        assert_eq!(number(b"    644 "), Some(0o644));
        assert_eq!(number(b"\0\0\0\0\0\0\0\0"), Some(0));
        assert_eq!(number(b"\x80\0\0\0\0\0\x01\0"), Some(256));
        assert_eq!(
            number(b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"),
            None
        );
        assert_eq!(number(b"64x\0"), None);
        assert_eq!(number(b"\x81\0\0\0\0\0\x01\0"), None);
        assert!(is_number(b"\xff\xff\xff\xff\xff\xff\xff\xfe"));
        assert!(!is_number(b"12:4567\0"));
    }
}
