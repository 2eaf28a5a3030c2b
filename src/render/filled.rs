//! Running text in lines of a width.

/// The words of one paragraph in lines; a word that is longer than a line has one of its own.
pub(super) fn filled(words: &str, width: usize) -> String {
    let (mut text, mut column) = (String::with_capacity(words.len()), 0);
    for word in words.split(' ') {
        let n_chars = word.chars().count();
        if column > 0 && column + 1 + n_chars > width {
            text.push('\n');
            column = 0;
        } else if column > 0 {
            text.push(' ');
            column += 1;
        }
        text.push_str(word);
        column += n_chars;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::filled;

    #[test]
    fn lines_end_between_words() {
        assert_eq!(filled("a bb ccc", 4), "a bb\nccc");
        assert_eq!(filled("aaaaaa b", 4), "aaaaaa\nb");
        assert_eq!(filled("", 4), "");
    }
}
