//! `WHEEL`: the wheel's own few facts.
//!
//! Spec: binary distribution format, "The .dist-info directory", point 1 and 2.

/// The fields of a `WHEEL` file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WheelFile {
    fields: Vec<(String, String, usize)>,
    is_utf8: bool,
}

impl WheelFile {
    /// Reads a file; lines without a colon are passed over.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let mut fields = Vec::new();
        for (index, line) in text.lines().enumerate() {
            if let Some((name, value)) = line.split_once(':') {
                fields.push((name.trim().to_owned(), value.trim().to_owned(), index + 1));
            }
        }
        Self {
            fields,
            is_utf8: std::str::from_utf8(bytes).is_ok(),
        }
    }

    /// Whether the file is UTF-8.
    #[must_use]
    pub fn is_utf8(&self) -> bool {
        self.is_utf8
    }

    /// Value of the first field of this name, letter case aside.
    #[must_use]
    pub fn first(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(field, ..)| field.eq_ignore_ascii_case(name))
            .map(|(_, value, _)| value.as_str())
    }

    /// Values of all fields of this name, letter case aside.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields
            .iter()
            .filter(move |(field, ..)| field.eq_ignore_ascii_case(name))
            .map(|(_, value, _)| value.as_str())
    }

    /// Line of the first field of this name, from 1.
    #[must_use]
    pub fn line(&self, name: &str) -> Option<usize> {
        self.fields
            .iter()
            .find(|(field, ..)| field.eq_ignore_ascii_case(name))
            .map(|(.., line)| *line)
    }

    /// `Wheel-Version` as major and minor number.
    #[must_use]
    pub fn wheel_version(&self) -> Option<(u32, u32)> {
        let (major, minor) = self.first("Wheel-Version")?.split_once('.')?;
        Some((major.parse().ok()?, minor.parse().ok()?))
    }

    /// `Root-Is-Purelib`, if it is there and says `true` or `false`.
    #[must_use]
    pub fn root_is_purelib(&self) -> Option<bool> {
        match self.first("Root-Is-Purelib")?.to_ascii_lowercase().as_str() {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_by_name() {
        let file = WheelFile::parse(
            b"Wheel-Version: 1.0\nroot-is-purelib: TRUE\nTag: py2-none-any\nTag: py3-none-any\n",
        );
        assert_eq!(file.wheel_version(), Some((1, 0)));
        assert_eq!(file.root_is_purelib(), Some(true));
        assert_eq!(
            file.all("Tag").collect::<Vec<_>>(),
            ["py2-none-any", "py3-none-any"]
        );
        assert_eq!(file.line("Tag"), Some(3));
        assert!(file.is_utf8());
    }

    #[test]
    fn nonsense_is_no_value() {
        let file = WheelFile::parse(b"Wheel-Version: one\nRoot-Is-Purelib: maybe\n\xff");
        assert_eq!(file.wheel_version(), None);
        assert_eq!(file.root_is_purelib(), None);
        assert!(!file.is_utf8());
    }
}
