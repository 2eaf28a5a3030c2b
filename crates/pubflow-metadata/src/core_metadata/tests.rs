use super::*;
use proptest::prelude::*;

fn fields(text: &str) -> Vec<(String, String, usize)> {
    CoreMetadata::parse(text.as_bytes())
        .fields()
        .iter()
        .map(|field| (field.name.clone(), field.value.clone(), field.line))
        .collect()
}

fn owned(name: &str, value: &str, line: usize) -> (String, String, usize) {
    (name.to_owned(), value.to_owned(), line)
}

fn kinds(bytes: &[u8]) -> Vec<ProblemKind> {
    CoreMetadata::parse(bytes)
        .problems()
        .iter()
        .map(|problem| problem.kind.clone())
        .collect()
}

#[test]
fn fields_keep_order_line_and_spelling() {
    assert_eq!(
        fields("Metadata-Version: 2.1\nNAME:demo\nClassifier: b\nClassifier:\ta \n"),
        [
            owned("Metadata-Version", "2.1", 1),
            owned("NAME", "demo", 2),
            owned("Classifier", "b", 3),
            owned("Classifier", "a ", 4),
        ]
    );
    let metadata = CoreMetadata::parse(b"NAME: demo\nClassifier: b\nclassifier: a\n");
    assert_eq!(metadata.name(), Some("demo"));
    assert_eq!(metadata.all("Classifier").collect::<Vec<_>>(), ["b", "a"]);
    assert_eq!(metadata.version(), None);
}

#[test]
fn folded_lines_belong_to_the_field_before() {
    assert_eq!(
        fields("License: a\n\tb\n  c\nName: x\n"),
        [owned("License", "a\n\tb\n  c", 1), owned("Name", "x", 4)]
    );
    assert_eq!(fields("Summary:\n  x\n"), [owned("Summary", "x", 1)]);
    assert_eq!(fields("Summary:\n"), [owned("Summary", "", 1)]);
}

#[test]
fn all_three_line_ends_end_a_line() {
    let expected = [owned("Name", "x", 1), owned("Version", "1", 2)];
    for text in ["Name: x\nVersion: 1\n", "Name: x\r\nVersion: 1\r\n"] {
        assert_eq!(fields(text), expected);
    }
    assert_eq!(fields("Name: x\rVersion: 1"), expected);
    let metadata = CoreMetadata::parse(b"Name: x\r\n\r\nbody\r\n");
    assert_eq!(metadata.body(), Some("body\r\n"));
    assert_eq!(metadata.body_line(), Some(3));
}

#[test]
fn a_unicode_line_separator_does_not_end_a_line() {
    assert_eq!(
        fields("Summary: a\u{2028}Name: evil\n"),
        [owned("Summary", "a\u{2028}Name: evil", 1)]
    );
}

#[test]
fn the_description_is_the_body_or_the_unfolded_field() {
    let body = CoreMetadata::parse(b"Name: x\n\nText\n\nName: y\n");
    assert_eq!(body.description(), Some("Text\n\nName: y\n"));
    let piped = CoreMetadata::parse(b"Description: a\n       |b\n       |  c\n");
    assert_eq!(piped.description(), Some("a\nb\n  c"));
    let blanks = CoreMetadata::parse(b"Description: a\n        \n        b\n");
    assert_eq!(blanks.description(), Some("a\n\nb"));
    assert_eq!(CoreMetadata::parse(b"Name: x\n\n").description(), None);
}

#[test]
fn a_line_that_is_no_header_begins_the_body() {
    let metadata = CoreMetadata::parse(b"Name: x\ngarbage line\nAuthor: A\n");
    assert_eq!(metadata.body(), Some("garbage line\nAuthor: A\n"));
    assert_eq!(
        metadata.problems(),
        [Problem {
            kind: ProblemKind::NoSeparator,
            line: 2
        }]
    );
}

#[test]
fn odd_forms_are_remembered() {
    assert_eq!(kinds(b" x\nName: x\n"), [ProblemKind::LeadingContinuation]);
    assert_eq!(kinds(b"Name: x\n: y\n"), [ProblemKind::EmptyName]);
    assert_eq!(
        kinds(b"Name: x\nFrom me\nVersion: 1\n"),
        [ProblemKind::EnvelopeLine]
    );
    let last = CoreMetadata::parse(b"Name: x\nFrom me\n");
    assert_eq!(last.body(), Some("From me\n"));
    assert_eq!(
        kinds(b"\xef\xbb\xbfName: x\n"),
        [ProblemKind::ByteOrderMark, ProblemKind::NoSeparator]
    );
    assert_eq!(
        kinds(b"Description: a\n\nb"),
        [ProblemKind::DescriptionTwice]
    );
    assert_eq!(
        kinds(b"Author: \xe9\n\n\xe9"),
        [
            ProblemKind::FieldNotUtf8 {
                field: "Author".to_owned()
            },
            ProblemKind::BodyNotUtf8
        ]
    );
    assert_eq!(kinds(b"Name: x\n\nok \xc3\xa9\n"), []);
}

#[test]
fn values_with_line_ends_are_written_folded() {
    let mut metadata = CoreMetadata::new();
    metadata.push("Name", "demo");
    metadata.push("License", "a\nb");
    metadata.set_body("Text\n");
    assert_eq!(
        metadata.to_bytes(),
        b"Name: demo\nLicense: a\n       |b\n\nText\n"
    );
}

fn assert_reads_back(bytes: &[u8]) {
    let first = CoreMetadata::parse(bytes);
    let second = CoreMetadata::parse(&first.to_bytes());
    let plain = |metadata: &CoreMetadata| {
        let pairs: Vec<_> = metadata
            .fields()
            .iter()
            .map(|field| (field.name.clone(), field.value.clone()))
            .collect();
        (pairs, metadata.body().map(str::to_owned))
    };
    assert_eq!(plain(&first), plain(&second));
}

proptest! {
    #[test]
    fn any_bytes_are_read_and_read_back(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        assert_reads_back(&bytes);
    }

    #[test]
    fn header_like_texts_are_read_back(
        text in "((Name|Summary|x|From |)(:| : |)[ a-z\t]{0,6}(\n|\r|\r\n| \n|\n ){1,2}){0,12}"
    ) {
        assert_reads_back(text.as_bytes());
    }
}
