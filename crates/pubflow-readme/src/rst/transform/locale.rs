//! Quotation marks of languages, which `language-…` classes ask for.

/// Opening and closing primary marks, opening and closing secondary marks.
pub(super) type Marks = [&'static str; 4];

/// Those of English, the language of a document that names none.
pub(super) const ENGLISH: Marks = ["“", "”", "‘", "’"];

const MARKS: &[(&str, Marks)] = &[
    ("af", ["“", "”", "‘", "’"]),
    ("af-x-altquot", ["„", "”", "‚", "’"]),
    ("bg", ["„", "“", "‚", "‘"]),
    ("ca", ["«", "»", "“", "”"]),
    ("ca-x-altquot", ["“", "”", "‘", "’"]),
    ("cs", ["„", "“", "‚", "‘"]),
    ("cs-x-altquot", ["»", "«", "›", "‹"]),
    ("da", ["»", "«", "›", "‹"]),
    ("da-x-altquot", ["„", "“", "‚", "‘"]),
    ("de", ["„", "“", "‚", "‘"]),
    ("de-x-altquot", ["»", "«", "›", "‹"]),
    ("de-ch", ["«", "»", "‹", "›"]),
    ("el", ["«", "»", "“", "”"]),
    ("en", ["“", "”", "‘", "’"]),
    ("en-uk-x-altquot", ["‘", "’", "“", "”"]),
    ("eo", ["“", "”", "‘", "’"]),
    ("es", ["«", "»", "“", "”"]),
    ("es-x-altquot", ["“", "”", "‘", "’"]),
    ("et", ["„", "“", "‚", "‘"]),
    ("et-x-altquot", ["«", "»", "‹", "›"]),
    ("eu", ["«", "»", "‹", "›"]),
    ("fi", ["”", "”", "’", "’"]),
    ("fi-x-altquot", ["»", "»", "›", "›"]),
    ("fr", ["«\u{a0}", "\u{a0}»", "“", "”"]),
    ("fr-x-altquot", ["«\u{202f}", "\u{202f}»", "“", "”"]),
    ("fr-ch", ["«", "»", "‹", "›"]),
    (
        "fr-ch-x-altquot",
        ["«\u{202f}", "\u{202f}»", "‹\u{202f}", "\u{202f}›"],
    ),
    ("gl", ["«", "»", "“", "”"]),
    ("he", ["”", "“", "»", "«"]),
    ("he-x-altquot", ["„", "”", "‚", "’"]),
    ("hr", ["„", "”", "‘", "’"]),
    ("hr-x-altquot", ["»", "«", "›", "‹"]),
    ("hsb", ["„", "“", "‚", "‘"]),
    ("hsb-x-altquot", ["»", "«", "›", "‹"]),
    ("hu", ["„", "”", "«", "»"]),
    ("is", ["„", "“", "‚", "‘"]),
    ("it", ["«", "»", "“", "”"]),
    ("it-ch", ["«", "»", "‹", "›"]),
    ("it-x-altquot", ["“", "”", "‘", "’"]),
    ("ja", ["「", "」", "『", "』"]),
    ("ko", ["“", "”", "‘", "’"]),
    ("lt", ["„", "“", "‚", "‘"]),
    ("lv", ["„", "“", "‚", "‘"]),
    ("mk", ["„", "“", "‚", "‘"]),
    ("nl", ["“", "”", "‘", "’"]),
    ("nl-x-altquot", ["„", "”", "‚", "’"]),
    ("nb", ["«", "»", "’", "’"]),
    ("nn", ["«", "»", "’", "’"]),
    ("nn-x-altquot", ["«", "»", "‘", "’"]),
    ("no", ["«", "»", "’", "’"]),
    ("no-x-altquot", ["«", "»", "‘", "’"]),
    ("pl", ["„", "”", "«", "»"]),
    ("pl-x-altquot", ["«", "»", "‚", "’"]),
    ("pt", ["«", "»", "“", "”"]),
    ("pt-br", ["“", "”", "‘", "’"]),
    ("ro", ["„", "”", "«", "»"]),
    ("ru", ["«", "»", "„", "“"]),
    ("sh", ["„", "”", "‚", "’"]),
    ("sh-x-altquot", ["»", "«", "›", "‹"]),
    ("sk", ["„", "“", "‚", "‘"]),
    ("sk-x-altquot", ["»", "«", "›", "‹"]),
    ("sl", ["„", "“", "‚", "‘"]),
    ("sl-x-altquot", ["»", "«", "›", "‹"]),
    ("sq", ["«", "»", "‹", "›"]),
    ("sq-x-altquot", ["“", "„", "‘", "‚"]),
    ("sr", ["„", "”", "’", "’"]),
    ("sr-x-altquot", ["»", "«", "›", "‹"]),
    ("sv", ["”", "”", "’", "’"]),
    ("sv-x-altquot", ["»", "»", "›", "›"]),
    ("tr", ["“", "”", "‘", "’"]),
    ("tr-x-altquot", ["«", "»", "‹", "›"]),
    ("uk", ["«", "»", "„", "“"]),
    ("uk-x-altquot", ["„", "“", "‚", "‘"]),
    ("zh-cn", ["“", "”", "‘", "’"]),
    ("zh-tw", ["「", "」", "『", "』"]),
];

/// Parts of a language tag beyond which no combination is tried.
const MAX_PARTS: usize = 8;

/// The language of a tag that has marks, and them: the tag itself or with parts left out.
pub(super) fn marks_of(tag: &str) -> Option<(String, Marks)> {
    combinations(tag).into_iter().find_map(|tag| {
        let (_, marks) = MARKS.iter().find(|(known, _)| *known == tag)?;
        Some((tag, *marks))
    })
}

/// The tag with all its parts, then with fewer of them, at last the language alone.
fn combinations(tag: &str) -> Vec<String> {
    let folded = tag.to_lowercase().replace('-', "_");
    let mut parts: Vec<String> = Vec::new();
    for (n, part) in folded.split('_').enumerate() {
        // A single letter or digit belongs to the part behind it.
        match parts.last_mut() {
            Some(last) if n > 1 && last.len() == 1 && last.is_ascii() && *last != "_" => {
                last.push('-');
                last.push_str(part);
            }
            _ => parts.push(part.to_owned()),
        }
    }
    let language = parts.remove(0);
    parts.truncate(MAX_PARTS);
    let mut found = Vec::new();
    for n in (1..=parts.len()).rev() {
        choose(&parts, n, &language, &mut found);
    }
    found.push(language);
    found
}

/// Every choice of `n` parts in their order, behind `start`.
fn choose(parts: &[String], n: usize, start: &str, found: &mut Vec<String>) {
    if n == 0 {
        found.push(start.to_owned());
        return;
    }
    for (at, part) in parts.iter().enumerate().take(parts.len() + 1 - n) {
        choose(&parts[at + 1..], n - 1, &format!("{start}-{part}"), found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_tried_with_fewer_and_fewer_parts() {
        assert_eq!(
            combinations("de_AT-1901"),
            ["de-at-1901", "de-at", "de-1901", "de"]
        );
        assert_eq!(
            combinations("de-CH-x_altquot"),
            ["de-ch-x-altquot", "de-ch", "de-x-altquot", "de"]
        );
        assert_eq!(marks_of("de-AT").unwrap().0, "de");
        assert!(marks_of("tlh").is_none());
    }
}
