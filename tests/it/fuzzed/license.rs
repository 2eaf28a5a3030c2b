//! Licence expressions: the normal form reads back as itself.

use pubflow_spec::LicenseExpression;

/// Reads the bytes as a licence expression.
pub(crate) fn run(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(expression) = LicenseExpression::parse(&text) {
        let again = LicenseExpression::parse(expression.as_str());
        assert_eq!(again, Ok(expression));
    }
}
