//! `[tool.pubflow.release]`: what a release asks for before it goes out.

use std::time::Duration;

use toml_edit::TableLike;

use super::file::{ConfigError, Reader};
use super::origin::{Origin, Setting, strongest};

const KEYS: &[&str] = &[
    "branches",
    "rehearse",
    "approvals",
    "approvals-expire",
    // Times: see the module `checklist`.
    "window",
    "soak",
];
/// The longest that an approval may be good for.
const LONGEST: Duration = Duration::from_hours(24 * 365);

/// What the table says.
#[derive(Debug, Clone, Default)]
pub(crate) struct ReleaseSettings {
    /// Branches that releases are made from; `*` stands for anything.
    pub(crate) branches: Option<Setting<Vec<String>>>,
    /// Where a release is rehearsed: `loopback`, `none`, or the name of an index.
    pub(crate) rehearse: Option<Setting<String>>,
    /// How many people have to approve before anything is published.
    pub(crate) approvals: Option<Setting<u32>>,
    /// How long an approval is good for.
    pub(crate) approvals_expire: Option<Setting<Duration>>,
}

impl ReleaseSettings {
    /// Takes what a weaker file says where this one says nothing.
    pub(super) fn merge(&mut self, other: Self) {
        fn one<T>(held: &mut Option<Setting<T>>, other: Option<Setting<T>>) {
            if let Some(other) = other {
                strongest(held, other);
            }
        }
        one(&mut self.branches, other.branches);
        one(&mut self.rehearse, other.rehearse);
        one(&mut self.approvals, other.approvals);
        one(&mut self.approvals_expire, other.approvals_expire);
    }

    /// Every setting as `config show` prints it.
    pub(crate) fn shown(&self) -> Vec<(&'static str, String, Origin)> {
        let mut rows = Vec::new();
        if let Some(setting) = &self.branches {
            rows.push((
                "release.branches",
                setting.value.join(", "),
                setting.origin.clone(),
            ));
        }
        if let Some(setting) = &self.rehearse {
            rows.push((
                "release.rehearse",
                setting.value.clone(),
                setting.origin.clone(),
            ));
        }
        if let Some(setting) = &self.approvals {
            rows.push((
                "release.approvals",
                setting.value.to_string(),
                setting.origin.clone(),
            ));
        }
        if let Some(setting) = &self.approvals_expire {
            rows.push((
                "release.approvals-expire",
                match setting.value.as_secs() {
                    seconds if seconds % 3600 == 0 => format!("{} h", seconds / 3600),
                    seconds => format!("{seconds} s"),
                },
                setting.origin.clone(),
            ));
        }
        rows
    }
}

impl Reader<'_> {
    /// Reads the table.
    pub(super) fn release(&self, table: &dyn TableLike) -> Result<ReleaseSettings, ConfigError> {
        self.known_keys(table, "release", KEYS)?;
        let branches = table
            .get("branches")
            .map(|item| self.texts(item, "release.branches"))
            .transpose()?;
        let rehearse = table
            .get("rehearse")
            .map(|item| self.text(item, "release.rehearse"))
            .transpose()?;
        let approvals = table.get("approvals").map(|item| {
            let number = item.as_integer().and_then(|n| u32::try_from(n).ok());
            let number =
                number.ok_or_else(|| self.wrong_type(item, "release.approvals", "a number"))?;
            Ok(Setting::new(number, self.origin.clone()))
        });
        let expire = table.get("approvals-expire").map(|item| {
            let wrong = || self.wrong_type(item, "release.approvals-expire", EXPECTED_DURATION);
            let text = item.as_str().ok_or_else(wrong)?;
            let duration = duration(text).filter(|time| *time <= LONGEST);
            Ok(Setting::new(
                duration.ok_or_else(wrong)?,
                self.origin.clone(),
            ))
        });
        Ok(ReleaseSettings {
            branches,
            rehearse,
            approvals: approvals.transpose()?,
            approvals_expire: expire.transpose()?,
        })
    }
}

/// How a length of time is written in a file.
pub(super) const EXPECTED_DURATION: &str = "a length of time such as \"30m\", \"24h\" or \"7d\"";

/// A length of time: a whole number of seconds, minutes, hours or days.
pub(super) fn duration(text: &str) -> Option<Duration> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let number: u64 = number.trim().parse().ok()?;
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        _ => return None,
    };
    Some(Duration::from_secs(number.checked_mul(seconds)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_are_read_with_their_unit() {
        let seconds = |text: &str| duration(text).map(|time| time.as_secs());
        assert_eq!(seconds("30m"), Some(1800));
        assert_eq!(seconds("24h"), Some(86_400));
        assert_eq!(seconds("7 d"), Some(604_800));
        for wrong in [
            "",
            "d",
            "7",
            "7w",
            "-1h",
            "1.5h",
            "99999999999999999999d",
            "7é",
        ] {
            assert_eq!(seconds(wrong), None, "{wrong}");
        }
    }
}
