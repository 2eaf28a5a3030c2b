//! Plain text: escaped, with its line ends kept.

use crate::sanitize;

/// HTML of plain text.
pub(crate) fn render(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + text.len() / 8);
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#x27;"),
            '\n' => html.push_str("<br>"),
            c => html.push(c),
        }
    }
    sanitize::plain(&html)
}

#[cfg(test)]
mod tests {
    #[test]
    fn markup_is_text() {
        assert_eq!(super::render("a <b>\n&"), "a &lt;b&gt;<br>&amp;");
    }
}
