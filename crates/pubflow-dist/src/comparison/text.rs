//! What changed in one file: a unified diff for texts.

use std::fmt::Write as _;

use imara_diff::{Algorithm, Diff, InternedInput};

/// Unchanged lines told around a change.
const CONTEXT: u32 = 3;

/// What changed in one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextChange {
    /// A text: its hunks as a unified diff without the two lines of file names.
    Unified(String),
    /// No text.
    Binary,
    /// Only the mode.
    Mode,
    /// A file became a link, or the reverse.
    Kind,
    /// Core metadata, told field by field.
    Fields,
    /// It follows from the other files (RECORD).
    Follows,
    /// Too large to be compared line by line.
    Large,
    /// It could not be read.
    Unread,
}

/// What changed between two contents.
pub(super) fn change(old: &[u8], new: &[u8]) -> TextChange {
    match (as_text(old), as_text(new)) {
        (Some(old), Some(new)) => TextChange::Unified(unified(old, new)),
        _ => TextChange::Binary,
    }
}

fn as_text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes)
        .ok()
        .filter(|text| !text.contains('\0'))
}

/// The hunks of a unified diff.
pub(super) fn unified(old: &str, new: &str) -> String {
    let input = InternedInput::new(old, new);
    let mut diff = Diff::compute(Algorithm::Histogram, &input);
    diff.postprocess_lines(&input);
    let (n_old, n_new) = (input.before.len() as u32, input.after.len() as u32);
    let mut text = String::new();
    let mut hunks = diff.hunks().peekable();
    while let Some(first) = hunks.next() {
        let mut group = vec![first];
        while let Some(next) = hunks.peek() {
            let end = group.last().map_or(0, |hunk| hunk.before.end);
            if next.before.start - end > 2 * CONTEXT {
                break;
            }
            group.extend(hunks.next());
        }
        let (Some(first), Some(last)) = (group.first(), group.last()) else {
            break;
        };
        let lead = first.before.start.min(CONTEXT);
        let trail = (n_old - last.before.end).min(CONTEXT);
        let old_range = first.before.start - lead..last.before.end + trail;
        let new_range = first.after.start - lead..(last.after.end + trail).min(n_new);
        let _ = writeln!(
            text,
            "@@ -{} +{} @@",
            range(old_range.start, old_range.end),
            range(new_range.start, new_range.end)
        );
        let mut at = old_range.start;
        let old_line = |place: u32| input.interner[input.before[place as usize]];
        let new_line = |place: u32| input.interner[input.after[place as usize]];
        for hunk in &group {
            (at..hunk.before.start).for_each(|place| line(&mut text, ' ', old_line(place)));
            (hunk.before.clone()).for_each(|place| line(&mut text, '-', old_line(place)));
            (hunk.after.clone()).for_each(|place| line(&mut text, '+', new_line(place)));
            at = hunk.before.end;
        }
        (at..old_range.end).for_each(|place| line(&mut text, ' ', old_line(place)));
    }
    text
}

fn range(start: u32, end: u32) -> String {
    match end - start {
        0 => format!("{start},0"),
        1 => format!("{}", start + 1),
        n => format!("{},{n}", start + 1),
    }
}

fn line(text: &mut String, sign: char, line: &str) {
    text.push(sign);
    text.push_str(line);
    if !line.ends_with('\n') {
        text.push_str("\n\\ No newline at end of file\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hunks_have_context_and_ends_of_files_are_told() {
        let old: String = (1..=20).map(|n| format!("line {n}\n")).collect();
        let new = old
            .replace("line 2\n", "line two\n")
            .replace("line 20\n", "end");
        assert_eq!(
            unified(&old, &new),
            "@@ -1,5 +1,5 @@\n line 1\n-line 2\n+line two\n line 3\n line 4\n line 5\n\
             @@ -17,4 +17,4 @@\n line 17\n line 18\n line 19\n-line 20\n+end\n\
             \\ No newline at end of file\n"
        );
        assert_eq!(unified("", "a\n"), "@@ -0,0 +1 @@\n+a\n");
        assert_eq!(unified("a\n", ""), "@@ -1 +0,0 @@\n-a\n");
        assert_eq!(unified("a\n", "a\n"), "");
    }

    #[test]
    fn what_is_no_text_is_told_so() {
        assert_eq!(change(b"a\0", b"b"), TextChange::Binary);
        assert_eq!(change(b"\xff", b"b"), TextChange::Binary);
    }

    #[test]
    fn a_long_file_with_everything_changed_takes_bounded_work() {
        let old: String = (0..60_000).map(|n| format!("{}\n", n % 7)).collect();
        let new: String = (0..60_000).map(|n| format!("{}\n", n % 11)).collect();
        let text = unified(&old, &new);
        let n_new = text.lines().filter(|line| !line.starts_with('-')).count();
        // All of the new text but for what stands unchanged between hunks.
        assert!((59_000..=61_000).contains(&n_new), "{n_new}");
    }
}
