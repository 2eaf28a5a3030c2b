//! Cobertura XML: the totals of the root, else the lines one by one. Branches count as coverage.py
//! counts them: lines and branches together.

use super::xml::{Node, walk};
use super::{Coverage, Measured, ReportError, shape};

pub(super) fn read(bytes: &[u8], _: &str) -> Result<Measured, ReportError> {
    let mut totals: Option<Coverage> = None;
    let mut is_cobertura = false;
    let mut counted = Coverage::default();
    let mut in_methods = false;
    walk(bytes, &mut |node| {
        match node {
            Node::Open("coverage", attributes) => {
                is_cobertura = true;
                let of = |name| attributes.number(name);
                if let (Some(total), Some(covered)) = (of("lines-valid"), of("lines-covered")) {
                    let branches = of("branches-valid").zip(of("branches-covered"));
                    let (all, taken) = branches.unwrap_or_default();
                    totals = Some(Coverage {
                        covered: covered.saturating_add(taken),
                        total: total.saturating_add(all),
                    });
                }
            }
            // Lines of methods are listed once more below their class.
            Node::Open("methods", _) => in_methods = true,
            Node::Close("methods") => in_methods = false,
            Node::Open("line", attributes) if !in_methods => {
                counted.total += 1;
                let hits = attributes.number("hits").unwrap_or_default();
                counted.covered += u64::from(hits > 0);
            }
            Node::Open(..) | Node::Text(_) | Node::Close(_) => {}
        }
        Ok(())
    })?;
    if !is_cobertura {
        return Err(shape("is no Cobertura report: it has no `coverage`"));
    }
    let coverage = totals.unwrap_or(counted);
    coverage.require_sense().map(Measured::Coverage)
}

impl Coverage {
    /// It, if it can be one.
    pub(super) fn require_sense(self) -> Result<Self, ReportError> {
        match (self.covered, self.total) {
            (_, 0) => Err(shape("covers nothing: no line was measured")),
            (covered, total) if covered > total => Err(shape(format!(
                "says that {covered} of {total} lines are covered"
            ))),
            _ => Ok(self),
        }
    }
}
