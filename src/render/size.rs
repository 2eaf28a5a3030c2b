//! Numbers of bytes and of things, for people.

/// A number of bytes: `999 B`, `1.2 kB`, `61.9 MB`; by thousands, as PyPI tells them.
pub(super) fn size(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["kB", "MB", "GB", "TB", "PB"];
    if bytes < 1000 {
        return format!("{bytes} B");
    }
    // Tenths of the unit, rounded; what rounds up to a thousand takes the next unit.
    let mut tenths = bytes.saturating_add(50) / 100;
    for unit in UNITS {
        if tenths < 10_000 {
            return format!("{}.{} {unit}", tenths / 10, tenths % 10);
        }
        tenths = tenths.saturating_add(500) / 1000;
    }
    format!("{bytes} B")
}

/// A number with what is counted: `1 file`, `1,053 files`.
pub(super) fn count(n: usize, what: &str) -> String {
    let plural = match n {
        1 => what.to_owned(),
        _ => match what.strip_suffix('y').filter(|stem| !stem.ends_with('e')) {
            Some(stem) => format!("{stem}ies"),
            None => format!("{what}s"),
        },
    };
    format!("{} {plural}", grouped(n))
}

/// Digits in groups of three.
pub(super) fn grouped(n: usize) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_counts_read_well() {
        for (bytes, told) in [
            (0, "0 B"),
            (999, "999 B"),
            (1000, "1.0 kB"),
            (999_949, "999.9 kB"),
            (999_950, "1.0 MB"),
            (61_900_000, "61.9 MB"),
        ] {
            assert_eq!(size(bytes), told);
        }
        assert!(size(u64::MAX).ends_with('B'));
        assert_eq!(count(1, "file"), "1 file");
        assert_eq!(count(1053, "file"), "1,053 files");
        assert_eq!(count(2, "dependency"), "2 dependencies");
        assert_eq!(count(2, "key"), "2 keys");
    }
}
