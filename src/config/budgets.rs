//! `[tool.pubflow] budgets`: sizes and times beyond which something is found.

use std::time::Duration;

use pubflow_python::verify::Budgets;
use toml_edit::TableLike;

use super::file::{ConfigError, Reader};
use super::origin::{Origin, Setting, strongest};

/// What a file says about sizes and times.
#[derive(Debug, Default, Clone)]
pub(crate) struct BudgetSettings {
    /// Bytes that a wheel may have.
    pub(crate) wheel: Option<Setting<u64>>,
    /// Bytes that an sdist may have.
    pub(crate) sdist: Option<Setting<u64>>,
    import_time: Option<Setting<Duration>>,
    install_time: Option<Setting<Duration>>,
}

const KEYS: &[&str] = &["wheel", "sdist", "import-time", "install-time"];
/// By thousands as PyPI counts, and by 1024 where that is written.
const SIZES: &[(&str, f64)] = &[
    ("B", 1.0),
    ("kB", 1e3),
    ("KB", 1e3),
    ("MB", 1e6),
    ("GB", 1e9),
    ("KiB", 1024.0),
    ("MiB", 1_048_576.0),
    ("GiB", 1_073_741_824.0),
];
const TIMES: &[(&str, f64)] = &[("ms", 0.001), ("s", 1.0), ("min", 60.0), ("m", 60.0)];

impl BudgetSettings {
    /// Takes what is set more strongly in `other`.
    pub(super) fn merge(&mut self, other: Self) {
        fn take<T>(held: &mut Option<Setting<T>>, other: Option<Setting<T>>) {
            if let Some(setting) = other {
                strongest(held, setting);
            }
        }
        take(&mut self.wheel, other.wheel);
        take(&mut self.sdist, other.sdist);
        take(&mut self.import_time, other.import_time);
        take(&mut self.install_time, other.install_time);
    }

    /// The budgets that a smoke test keeps.
    pub(super) fn times(&self) -> Budgets {
        let time = |setting: &Option<Setting<Duration>>| setting.as_ref().map(|one| one.value);
        Budgets {
            import: time(&self.import_time),
            install: time(&self.install_time),
        }
    }

    /// Every setting as `config show` prints it.
    pub(crate) fn shown(&self) -> Vec<(String, String, Origin)> {
        let sizes = [("wheel", &self.wheel), ("sdist", &self.sdist)];
        let sizes = sizes.into_iter().filter_map(|(key, setting)| {
            let setting = setting.as_ref()?;
            Some((key, format!("{} bytes", setting.value), &setting.origin))
        });
        let times = [
            ("import-time", &self.import_time),
            ("install-time", &self.install_time),
        ];
        let times = times.into_iter().filter_map(|(key, setting)| {
            let setting = setting.as_ref()?;
            Some((
                key,
                format!("{} s", setting.value.as_secs_f64()),
                &setting.origin,
            ))
        });
        sizes
            .chain(times)
            .map(|(key, value, origin)| (format!("budgets.{key}"), value, origin.clone()))
            .collect()
    }
}

impl Reader<'_> {
    /// The table `budgets`.
    pub(super) fn budgets(&self, table: &dyn TableLike) -> Result<BudgetSettings, ConfigError> {
        self.known_keys(table, "budgets", KEYS)?;
        let size =
            |key: &str| self.measure(table, key, SIZES, "a size such as \"500KB\" or \"1MB\"");
        let time = |key: &str| {
            self.measure(
                table,
                key,
                TIMES,
                "a time such as \"200ms\", \"1.5s\" or \"2min\"",
            )
        };
        let duration = |key: &str| {
            let setting = time(key)?.map(|one| {
                let value = Duration::try_from_secs_f64(one.value).unwrap_or(Duration::MAX);
                Setting::new(value, one.origin)
            });
            Ok::<_, ConfigError>(setting)
        };
        let bytes = |key: &str| {
            // Fractions of a byte and sizes beyond any file do no harm.
            let setting = size(key)?.map(|one| Setting::new(whole(one.value), one.origin));
            Ok::<_, ConfigError>(setting)
        };
        Ok(BudgetSettings {
            wheel: bytes("wheel")?,
            sdist: bytes("sdist")?,
            import_time: duration("import-time")?,
            install_time: duration("install-time")?,
        })
    }

    /// A number with a unit.
    fn measure(
        &self,
        table: &dyn TableLike,
        key: &str,
        units: &[(&str, f64)],
        expected: &'static str,
    ) -> Result<Option<Setting<f64>>, ConfigError> {
        let Some(item) = table.get(key) else {
            return Ok(None);
        };
        let value = item.as_str().and_then(|text| measured(text, units));
        let value = value.ok_or_else(|| {
            let key = format!("budgets.{key}");
            self.wrong_type(item, &key, expected)
        })?;
        Ok(Some(Setting::new(value, self.origin.clone())))
    }
}

fn measured(text: &str, units: &[(&str, f64)]) -> Option<f64> {
    let text = text.trim();
    let end = text.find(|c: char| c.is_ascii_alphabetic())?;
    let (number, unit) = text.split_at(end);
    let (_, factor) = units.iter().find(|(name, _)| *name == unit)?;
    let number: f64 = number.trim().parse().ok()?;
    let value = number * factor;
    (value.is_finite() && value > 0.0).then_some(value)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the value is finite and above zero, and the cast saturates"
)]
fn whole(value: f64) -> u64 {
    value as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_need_a_unit_that_is_known() {
        assert_eq!(measured("1.5 MB", SIZES), Some(1_500_000.0));
        assert_eq!(measured("2KiB", SIZES), Some(2048.0));
        assert_eq!(measured("200ms", TIMES), Some(0.2));
        for bad in [
            "", "12", "MB", "-1MB", "0s", "1e400s", "1 parsec", "1mb", "nan s",
        ] {
            assert_eq!(measured(bad, SIZES).or(measured(bad, TIMES)), None, "{bad}");
        }
    }
}
