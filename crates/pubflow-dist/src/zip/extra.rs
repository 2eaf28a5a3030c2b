//! Extra fields of local headers and central directory entries: ZIP64 sizes and Unicode paths.

use super::{u16_at, u64_at};

const ZIP64: u16 = 0x0001;
const UNICODE_PATH: u16 = 0x7075;

/// What pubflow reads of the extra fields of one record.
#[derive(Debug, Default)]
pub(super) struct Extra {
    /// The numbers of the ZIP64 field, at most three, in its order.
    zip64: Vec<u64>,
    /// The name in the Unicode path field.
    pub(super) unicode_path: Option<Vec<u8>>,
    /// A field is cut off, doubled, or has a length it cannot have.
    pub(super) malformed: bool,
}

impl Extra {
    pub(super) fn parse(bytes: &[u8]) -> Self {
        let mut extra = Self::default();
        let mut seen_zip64 = false;
        let mut rest = bytes;
        while !rest.is_empty() {
            let Some((id, data, tail)) = split_field(rest) else {
                extra.malformed = true;
                break;
            };
            rest = tail;
            match id {
                ZIP64 => {
                    extra.malformed |= seen_zip64 || !matches!(data.len(), 0 | 8 | 16 | 24 | 28);
                    if !seen_zip64 {
                        extra.zip64 = (0..data.len() / 8).map(|i| u64_at(data, 8 * i)).collect();
                    }
                    seen_zip64 = true;
                }
                UNICODE_PATH => {
                    // Version, CRC-32 of the ordinary name, then the name.
                    match data.get(5..) {
                        Some(name) if extra.unicode_path.is_none() => {
                            extra.unicode_path = Some(name.to_vec());
                        }
                        _ => extra.malformed = true,
                    }
                }
                _ => {}
            }
        }
        extra
    }

    /// Replaces each of `values` that is at its ceiling by the next number of the ZIP64 field, in
    /// the order size, compressed size, offset. False if the field lacks one.
    pub(super) fn widen(&self, values: [&mut u64; 3]) -> bool {
        let mut numbers = self.zip64.iter();
        for value in values {
            if *value == u64::from(u32::MAX) {
                match numbers.next() {
                    Some(number) => *value = *number,
                    None => return false,
                }
            }
        }
        true
    }
}

fn split_field(bytes: &[u8]) -> Option<(u16, &[u8], &[u8])> {
    let header = bytes.get(..4)?;
    let (id, len) = (u16_at(header, 0), usize::from(u16_at(header, 2)));
    let data = bytes.get(4..4 + len)?;
    Some((id, data, &bytes[4 + len..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(id: u16, data: &[u8]) -> Vec<u8> {
        let len = u16::try_from(data.len()).unwrap();
        [&id.to_le_bytes()[..], &len.to_le_bytes(), data].concat()
    }

    #[test]
    fn zip64_numbers_replace_only_what_is_at_its_ceiling() {
        let extra = Extra::parse(&field(ZIP64, &7u64.to_le_bytes()));
        let (mut size, mut packed, mut offset) = (5, u64::from(u32::MAX), 9);
        assert!(extra.widen([&mut size, &mut packed, &mut offset]));
        assert_eq!((size, packed, offset), (5, 7, 9));
        let (mut size, mut packed, mut offset) = (u64::from(u32::MAX), u64::from(u32::MAX), 9);
        assert!(!extra.widen([&mut size, &mut packed, &mut offset]));
    }

    #[test]
    fn broken_fields_are_malformed() {
        assert!(!Extra::parse(&field(9, b"abc")).malformed);
        assert!(Extra::parse(&field(ZIP64, b"abc")).malformed);
        assert!(Extra::parse(b"\x01\x00\x09\x00abc").malformed);
        let path = field(UNICODE_PATH, b"\x01crc4name");
        assert!(!Extra::parse(&path).malformed);
        assert!(Extra::parse(&[path.clone(), path].concat()).malformed);
    }
}
