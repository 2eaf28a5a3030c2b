//! Which file of another release is to be compared with this one.

use pubflow_spec::{DistributionFilename, WheelFilename};

/// The place of the file among `candidates` that is most like `filename`: of the same kind, and of
/// wheels the one with the most similar tags. An sdist is taken for a wheel's only where there is no
/// wheel at all, and the reverse.
#[must_use]
pub fn closest(filename: &str, candidates: &[&str]) -> Option<usize> {
    let wanted = DistributionFilename::parse(filename).ok();
    let rank = |candidate: &str| match (&wanted, DistributionFilename::parse(candidate).ok()) {
        (Some(DistributionFilename::Wheel(a)), Some(DistributionFilename::Wheel(b))) => {
            10 + likeness(a, &b)
        }
        (Some(a), Some(b)) if a.kind() == b.kind() => 10,
        (Some(_), Some(_)) => 1,
        _ => 0,
    };
    let mut best: Option<(u32, usize)> = None;
    for (place, candidate) in candidates.iter().enumerate() {
        let rank = rank(candidate);
        if rank > best.map_or(0, |(best, _)| best) {
            best = Some((rank, place));
        }
    }
    best.map(|(_, place)| place)
}

/// How much the tags of two wheels have in common.
fn likeness(a: &WheelFilename, b: &WheelFilename) -> u32 {
    let (a, b) = (&a.tag_set, &b.tag_set);
    let share = |a: &[String], b: &[String]| a.iter().any(|one| b.contains(one));
    let systems = |platforms: &[String]| -> Vec<String> {
        platforms
            .iter()
            .map(|platform| pubflow_spec::system_of_platform(platform))
            .collect()
    };
    let mut points = 0;
    if a.to_string() == b.to_string() {
        points += 100;
    }
    if share(a.platforms(), b.platforms()) {
        points += 20;
    }
    if share(&systems(a.platforms()), &systems(b.platforms())) {
        points += 20;
    }
    if share(a.pythons(), b.pythons()) {
        points += 8;
    }
    if share(a.abis(), b.abis()) {
        points += 4;
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(filename: &str, candidates: &[&str], expected: Option<&str>) {
        let found = closest(filename, candidates).map(|place| candidates[place]);
        assert_eq!(found, expected);
    }

    #[test]
    fn the_same_tags_win_then_the_same_system_then_the_same_python() {
        let old = [
            "demo-1.0.tar.gz",
            "demo-1.0-cp311-cp311-manylinux_2_17_x86_64.whl",
            "demo-1.0-cp312-cp312-manylinux_2_17_x86_64.whl",
            "demo-1.0-cp312-cp312-win_amd64.whl",
        ];
        check("demo-1.1-cp312-cp312-win_amd64.whl", &old, Some(old[3]));
        check(
            "demo-1.1-cp312-cp312-manylinux_2_28_x86_64.whl",
            &old,
            Some(old[2]),
        );
        check("demo-1.1-cp313-cp313-win_amd64.whl", &old, Some(old[3]));
        check("demo-1.1.tar.gz", &old, Some(old[0]));
        check("demo-1.1-py3-none-any.whl", &old[..1], Some(old[0]));
        check("demo-1.1.tar.gz", &[], None);
        check("notes.txt", &old, None);
    }
}
