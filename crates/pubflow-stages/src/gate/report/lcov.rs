//! lcov tracefiles: records of one file each, ended by `end_of_record`. Sums where they are written
//! (`LF`, `LH`, `BRF`, `BRH`), else the lines (`DA`) one by one.

use super::{Coverage, Measured, ReportError, shape};

#[derive(Default)]
struct Record {
    found: Option<u64>,
    hit: Option<u64>,
    branches: Coverage,
    lines: Coverage,
}

impl Record {
    fn sum(&self) -> Coverage {
        let lines = match (self.found, self.hit) {
            (Some(total), Some(covered)) => Coverage { covered, total },
            _ => self.lines,
        };
        Coverage {
            covered: lines.covered.saturating_add(self.branches.covered),
            total: lines.total.saturating_add(self.branches.total),
        }
    }
}

pub(super) fn read(bytes: &[u8], _: &str) -> Result<Measured, ReportError> {
    let text = String::from_utf8_lossy(bytes);
    let mut record = Record::default();
    let mut is_open = false;
    let mut sum = Coverage::default();
    for (n, line) in text.lines().enumerate() {
        let line = line.trim();
        if line == "end_of_record" {
            let of = std::mem::take(&mut record).sum();
            sum.covered = sum.covered.saturating_add(of.covered);
            sum.total = sum.total.saturating_add(of.total);
            is_open = false;
            continue;
        }
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (key, value) = line
            .split_once(':')
            .ok_or_else(|| shape(format!("is no lcov tracefile: line {} has no colon", n + 1)))?;
        let number = || {
            value
                .trim()
                .parse::<u64>()
                .map_err(|_| shape(format!("line {} has no number after `{key}:`", n + 1)))
        };
        match key {
            "LF" => record.found = Some(number()?),
            "LH" => record.hit = Some(number()?),
            "BRF" => record.branches.total = number()?,
            "BRH" => record.branches.covered = number()?,
            "DA" => {
                record.lines.total += 1;
                let hits = value.split(',').nth(1).unwrap_or_default().trim();
                record.lines.covered += u64::from(!matches!(hits, "" | "0"));
            }
            _ => {}
        }
        is_open |= key == "SF";
    }
    if is_open {
        return Err(shape("ends in the middle of a record"));
    }
    sum.require_sense().map(Measured::Coverage)
}
