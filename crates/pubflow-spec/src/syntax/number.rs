//! Whole numbers of any size, as versions and build tags hold them.
//!
//! The specification sets no limit and calendar-like versions with hashes of twenty digits exist,
//! so a fixed width would either refuse or overflow. Only comparing and printing are needed.

use std::cmp::Ordering;
use std::fmt;

/// A whole number without sign; leading zeros of its text are not kept.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Number(Size);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Size {
    Small(u64),
    /// Decimal digits without leading zeros; the value is beyond [`u64::MAX`].
    Large(Box<str>),
}

impl Number {
    /// Zero.
    pub const ZERO: Self = Self(Size::Small(0));

    /// The number written by ASCII digits; other characters must not be there.
    pub(crate) fn from_digits(digits: &str) -> Self {
        let digits = digits.trim_start_matches('0');
        if digits.is_empty() {
            return Self::ZERO;
        }
        Self(
            digits
                .parse()
                .map_or_else(|_| Size::Large(digits.into()), Size::Small),
        )
    }

    /// The value, unless it is too large for 64 bits.
    #[must_use]
    pub fn as_u64(&self) -> Option<u64> {
        match &self.0 {
            Size::Small(value) => Some(*value),
            Size::Large(_) => None,
        }
    }

    /// How many decimal digits it has.
    pub(crate) fn n_digits(&self) -> usize {
        match &self.0 {
            Size::Small(value) => value.checked_ilog10().map_or(1, |log| log as usize + 1),
            Size::Large(digits) => digits.len(),
        }
    }

    /// Whether this is zero.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.as_u64() == Some(0)
    }
}

impl From<u64> for Number {
    fn from(value: u64) -> Self {
        Self(Size::Small(value))
    }
}

impl PartialEq<u64> for Number {
    fn eq(&self, other: &u64) -> bool {
        self.as_u64() == Some(*other)
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        match (&self.0, &other.0) {
            (Size::Small(a), Size::Small(b)) => a.cmp(b),
            (Size::Small(_), Size::Large(_)) => Ordering::Less,
            (Size::Large(_), Size::Small(_)) => Ordering::Greater,
            // Without leading zeros the longer number is the larger one.
            (Size::Large(a), Size::Large(b)) => a.len().cmp(&b.len()).then_with(|| a.cmp(b)),
        }
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Size::Small(value) => write!(f, "{value}"),
            Size::Large(digits) => f.write_str(digits),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_beyond_64_bits_compare_and_print() {
        let largest = Number::from_digits("18446744073709551615");
        let next = Number::from_digits("0018446744073709551616");
        let longer = Number::from_digits("100000000000000000000");
        assert!(largest < next && next < longer);
        assert_eq!(largest.as_u64(), Some(u64::MAX));
        assert_eq!(next.as_u64(), None);
        assert_eq!(next.to_string(), "18446744073709551616");
        assert!(Number::from_digits("000").is_zero());
        assert!(Number::from_digits("7") == 7);
    }
}
