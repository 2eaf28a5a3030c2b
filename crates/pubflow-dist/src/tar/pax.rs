//! Records of pax extension headers: `length key=value`, one after the other.

/// One record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) key: String,
    pub(super) value: Vec<u8>,
}

/// Reads all records; `None` when one is malformed, since the rest is then anybody's guess.
pub(super) fn parse(bytes: &[u8]) -> Option<Vec<Record>> {
    let mut records = Vec::new();
    let mut rest = bytes;
    // Writers may pad with NUL.
    while rest.first().is_some_and(|byte| *byte != 0) {
        let space = rest.iter().take(20).position(|byte| *byte == b' ')?;
        let len: usize = std::str::from_utf8(&rest[..space]).ok()?.parse().ok()?;
        let record = rest.get(space + 1..len)?.strip_suffix(b"\n")?;
        let equals = record.iter().position(|byte| *byte == b'=')?;
        records.push(Record {
            key: String::from_utf8_lossy(&record[..equals]).into_owned(),
            value: record[equals + 1..].to_vec(),
        });
        rest = &rest[len..];
    }
    Some(records)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_split_by_their_length() {
        let records = parse(b"12 path=a b\n11 size=42\n").unwrap();
        assert_eq!(records.len(), 2);
        assert_eq!(records[0].key, "path");
        assert_eq!(records[0].value, b"a b");
        assert_eq!(records[1].value, b"42");
        assert_eq!(parse(b"\0\0"), Some(Vec::new()));
    }

    #[test]
    fn malformed_records_are_refused() {
        for bytes in [
            &b"99 path=a\n"[..],
            b"9 path=a b\n",
            b"x path=a\n",
            b"0 path=a\n",
            b"9 pathaa\n",
        ] {
            assert_eq!(parse(bytes), None, "{bytes:?}");
        }
    }
}
