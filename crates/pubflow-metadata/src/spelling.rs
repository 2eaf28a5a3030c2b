//! The nearest name, for "did you mean".

/// Similarity from which two names are taken for the same one misspelt.
const NEAR: f64 = 0.8;

/// The candidate most like `name`, if one is like it; `-`, `_` and letter case do not count.
pub(crate) fn nearest<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let folded = fold(name);
    candidates
        .into_iter()
        .map(|candidate| {
            let likeness = strsim::normalized_damerau_levenshtein(&folded, &fold(candidate));
            (likeness, candidate)
        })
        .filter(|(likeness, _)| *likeness >= NEAR)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, candidate)| candidate)
}

fn fold(name: &str) -> String {
    name.to_lowercase().replace('_', "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_near_names_are_offered() {
        let known = ["requires", "build-backend", "backend-path"];
        assert_eq!(nearest("require", known), Some("requires"));
        assert_eq!(nearest("Build_Backend", known), Some("build-backend"));
        assert_eq!(nearest("name", known), None);
    }
}
