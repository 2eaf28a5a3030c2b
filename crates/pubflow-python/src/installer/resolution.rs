//! What requirements come to on one interpreter: every distribution with its version and digests.

use serde_json::Value;

/// One distribution: what to write for an installer, and the digests of its files.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Pin {
    /// `name==version`, or `name @ address`.
    pub(crate) requirement: String,
    /// `algorithm:digest`, of one file or of all files of the version.
    pub(crate) digests: Vec<String>,
}

/// What requirements come to, in the order of the names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Resolution {
    pub(crate) pins: Vec<Pin>,
}

impl Resolution {
    fn of(mut pins: Vec<Pin>) -> Self {
        for pin in &mut pins {
            pin.digests.sort();
            pin.digests.dedup();
        }
        pins.sort();
        Self { pins }
    }

    /// Whether the same bytes are installed whenever it is: a directory or a branch has no digest.
    pub(crate) fn is_exact(&self) -> bool {
        self.pins.iter().all(|pin| !pin.digests.is_empty())
    }

    /// As a requirements file in hash-checking mode.
    pub(crate) fn to_requirements(&self) -> String {
        let mut text = String::new();
        for pin in &self.pins {
            text.push_str(&pin.requirement);
            for digest in &pin.digests {
                text.push_str(" --hash=");
                text.push_str(digest);
            }
            text.push('\n');
        }
        text
    }

    /// Reads a requirements file as uv writes it.
    pub(crate) fn from_requirements(text: &str) -> Self {
        let joined = text.replace("\\\r\n", " ").replace("\\\n", " ");
        let lines = joined.lines().map(str::trim);
        let pins = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
        Self::of(pins.map(pin_of_line).collect())
    }

    /// Reads pip's report of an installation.
    pub(crate) fn from_report(bytes: &[u8]) -> Option<Self> {
        let report: Value = serde_json::from_slice(bytes).ok()?;
        let installed = report.get("install")?.as_array()?;
        let pins: Option<Vec<Pin>> = installed.iter().map(pin_of_item).collect();
        Some(Self::of(pins?))
    }
}

fn pin_of_line(line: &str) -> Pin {
    let mut parts = line.split(" --hash=").map(str::trim);
    Pin {
        requirement: parts.next().unwrap_or_default().to_owned(),
        digests: parts.map(str::to_owned).collect(),
    }
}

fn pin_of_item(item: &Value) -> Option<Pin> {
    let text = |value: &Value, key: &str| Some(value.get(key)?.as_str()?.to_owned());
    let metadata = item.get("metadata")?;
    let (name, version) = (text(metadata, "name")?, text(metadata, "version")?);
    let download = item.get("download_info")?;
    let is_direct = item.get("is_direct").and_then(Value::as_bool) == Some(true);
    let requirement = match is_direct {
        true => format!("{name} @ {}", text(download, "url")?),
        false => format!("{name}=={version}"),
    };
    let hashes = download
        .get("archive_info")
        .and_then(|archive| archive.get("hashes"));
    let digests = hashes.and_then(Value::as_object).map(|hashes| {
        let pairs = hashes.iter();
        pairs
            .filter_map(|(name, digest)| Some(format!("{name}:{}", digest.as_str()?)))
            .collect()
    });
    Some(Pin {
        requirement,
        digests: digests.unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_uv_writes_is_read_and_written_again() {
        let text = "# a comment\nzeta==2 \\\n    --hash=sha256:bb \\\n    --hash=sha256:aa\nalpha @ file:///a\n";
        let resolution = Resolution::from_requirements(text);
        assert_eq!(
            resolution.to_requirements(),
            "alpha @ file:///a\nzeta==2 --hash=sha256:aa --hash=sha256:bb\n"
        );
        assert!(!resolution.is_exact());
        assert!(Resolution::from_requirements("").is_exact());
        let again = Resolution::from_requirements(&resolution.to_requirements());
        assert_eq!(again, resolution);
    }

    #[test]
    fn pips_report_is_read() {
        let report = br#"{"install": [
            {"metadata": {"name": "b", "version": "1"}, "is_direct": false,
             "download_info": {"url": "https://files.example.org/b", "archive_info": {"hashes": {"sha256": "bb"}}}},
            {"metadata": {"name": "a", "version": "2"}, "is_direct": true,
             "download_info": {"url": "file:///tree", "dir_info": {}}}]}"#;
        let resolution = Resolution::from_report(report).unwrap();
        assert_eq!(
            resolution.to_requirements(),
            "a @ file:///tree\nb==1 --hash=sha256:bb\n"
        );
        assert_eq!(Resolution::from_report(b"{}"), None);
        assert_eq!(Resolution::from_report(b"{\"install\": [{}]}"), None);
    }
}
