//! What the addresses in refusals lead to.

use std::fmt::Write as _;

use pubflow_metadata::upload_rule::RULES;

use crate::html::escape;

/// Every rule with its words.
pub(super) fn help_page() -> String {
    let mut html = String::from(
        "<h1>Why an upload was refused</h1>\n\
         <p>This is an embedded index for rehearsals. It refuses what PyPI refuses, in the same \
         words.</p>\n<dl>\n",
    );
    for rule in RULES.iter().filter(|rule| !rule.words.is_empty()) {
        let _ = writeln!(
            html,
            "<dt id=\"{0}\">{0}, status {1}</dt><dd>{2}</dd>",
            rule.number,
            rule.status,
            escape(&rule.words.join("; ").replace("{}", "…"))
        );
    }
    html.push_str("</dl>\n");
    html
}
