//! entry_points.txt: points have a group, a name and a line of the text; references print as they
//! were read.

use pubflow_dist::{EntryPoints, ObjectReference};

/// Reads the bytes as entry points.
pub(crate) fn run(bytes: &[u8]) {
    let points = EntryPoints::parse(bytes);
    let n_lines = 1 + bytes
        .iter()
        .filter(|byte| matches!(byte, b'\n' | b'\r'))
        .count();
    for point in points.points() {
        assert!((1..=n_lines).contains(&point.line), "{point:?}");
        assert!(!point.name.is_empty());
        if let Some(reference) = ObjectReference::parse(&point.value) {
            assert!(point.value.contains(reference.module));
            assert!(
                point
                    .value
                    .contains(reference.attribute.unwrap_or_default())
            );
        }
    }
    for problem in points.problems() {
        assert!(problem.line <= n_lines, "{problem:?}");
        assert!(!problem.kind.to_string().is_empty());
    }
}
