//! RECORD: what is read and written again as CSV is read as the same rows.

use pubflow_dist::Record;

/// Reads the bytes as RECORD.
pub(crate) fn run(bytes: &[u8]) {
    let record = Record::parse(bytes);
    assert_eq!(record.is_some(), std::str::from_utf8(bytes).is_ok());
    let Some(record) = record else {
        return;
    };
    let mut text = String::new();
    for row in record.rows() {
        assert!(row.n_fields >= 1 && row.line >= 1);
        let fields = [&row.path, &row.digest, &row.size];
        let fields: Vec<String> = fields.map(|field| quoted(field)).to_vec();
        text.push_str(&fields[..row.n_fields.min(3)].join(","));
        text.push('\n');
    }
    let again = Record::parse(text.as_bytes()).expect("it is UTF-8");
    let facts = |record: &Record| -> Vec<[String; 3]> {
        let rows = record.rows().iter();
        rows.map(|row| [&row.path, &row.digest, &row.size].map(Clone::clone))
            .collect()
    };
    assert_eq!(facts(&record), facts(&again));
}

fn quoted(field: &str) -> String {
    format!("\"{}\"", field.replace('"', "\"\""))
}
