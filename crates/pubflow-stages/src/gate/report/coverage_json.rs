//! The JSON report of coverage.py: its totals, lines and branches together.

use super::json::{parse, require, require_count};
use super::{Coverage, Measured, ReportError};

pub(super) fn read(bytes: &[u8], _: &str) -> Result<Measured, ReportError> {
    let report = parse(bytes)?;
    let totals = require(&report, "totals")?;
    let branches = match totals.get("num_branches") {
        Some(_) => (
            require_count(totals, "covered_branches")?,
            require_count(totals, "num_branches")?,
        ),
        None => (0, 0),
    };
    let coverage = Coverage {
        covered: require_count(totals, "covered_lines")?.saturating_add(branches.0),
        total: require_count(totals, "num_statements")?.saturating_add(branches.1),
    };
    coverage.require_sense().map(Measured::Coverage)
}
