use super::*;

fn file(filename: &str, size: u64) -> ManifestFile {
    ManifestFile {
        filename: filename.into(),
        size,
        sha256: Sha256::of(filename.as_bytes()),
    }
}

fn manifest(files: Vec<ManifestFile>) -> Result<Manifest, ManifestError> {
    let tools = BTreeMap::from([
        ("pubflow".into(), "0.1.0".into()),
        ("hatchling".into(), "1.27".into()),
    ]);
    let (name, version) = (
        ProjectName::parse("Demo.Pkg").unwrap(),
        Version::parse("1.0.0-RC1").unwrap(),
    );
    Manifest::new(name, version, Some("c0ffee".into()), files, tools)
}

#[test]
fn the_text_is_canonical_and_does_not_depend_on_the_order_of_files() {
    let sealed = manifest(vec![file("b.whl", 2), file("a.tar.gz", 1)]).unwrap();
    let (a, b) = (Sha256::of(b"a.tar.gz"), Sha256::of(b"b.whl"));
    let expected = format!(
        r#"{{"commit":"c0ffee","files":[{{"filename":"a.tar.gz","sha256":"{a}","size":1}},{{"filename":"b.whl","sha256":"{b}","size":2}}],"name":"demo-pkg","schema":1,"tools":{{"hatchling":"1.27","pubflow":"0.1.0"}},"version":"1.0.0rc1"}}"#
    );
    assert_eq!(sealed.canonical(), expected);
    assert_eq!(sealed.digest(), Sha256::of(expected.as_bytes()));
    let turned = manifest(vec![file("a.tar.gz", 1), file("b.whl", 2)]).unwrap();
    assert_eq!(turned.digest(), sealed.digest());
}

#[test]
fn what_was_sealed_is_read_again() {
    let sealed = manifest(vec![file("a.tar.gz", 1), file("b.whl", 2)]).unwrap();
    let read = Manifest::parse(sealed.canonical()).unwrap();
    assert_eq!(read.key(), sealed.key());
    assert_eq!(
        (read.files(), read.tools()),
        (sealed.files(), sealed.tools())
    );
    assert_eq!(read.commit(), Some("c0ffee"));
    assert_eq!(read.find_file("b.whl"), Some(&file("b.whl", 2)));
    assert_eq!(read.find_file("c.whl"), None);
}

#[test]
fn one_changed_bit_is_another_manifest() {
    let sealed = manifest(vec![file("a.tar.gz", 1)]).unwrap();
    let mut bytes = sealed.canonical().as_bytes().to_vec();
    for position in 0..bytes.len() {
        for bit in 0..8 {
            bytes[position] ^= 1 << bit;
            let read = std::str::from_utf8(&bytes)
                .ok()
                .and_then(|text| Manifest::parse(text).ok());
            assert!(
                read.is_none_or(|read| read.digest() != sealed.digest()),
                "bit {bit} of byte {position}"
            );
            bytes[position] ^= 1 << bit;
        }
    }
}

#[test]
fn texts_in_another_form_are_refused() {
    let sealed = manifest(vec![file("a.tar.gz", 1)]).unwrap();
    let text = sealed.canonical();
    let other_forms = [
        format!(" {text}"),
        format!("{text}\n"),
        text.replace("demo-pkg", "Demo.Pkg"),
        text.replace("1.0.0rc1", "1.0.0c1"),
        text.replace(r#""schema":1,"#, "")
            .replace(r#"{"commit""#, r#"{"schema":1,"commit""#),
    ];
    for other in other_forms {
        assert_eq!(
            Manifest::parse(&other),
            Err(ManifestError::NotCanonical),
            "{other}"
        );
    }
}

#[test]
fn texts_that_are_no_manifest_are_refused() {
    let sealed = manifest(vec![file("a.tar.gz", 1)]).unwrap();
    let text = sealed.canonical();
    let broken = [
        String::new(),
        "{}".into(),
        r#"{"schema":1}"#.into(),
        text.replace(r#""schema":1"#, r#""schema":1,"extra":0"#),
        text.replace("\"size\":1", "\"size\":-1"),
        text.replace("\"size\":1", "\"size\":1.5"),
        text.replace("demo-pkg", "-"),
        text.replace("1.0.0rc1", "one"),
        text.replace(&Sha256::of(b"a.tar.gz").to_string(), "abc"),
    ];
    for other in broken {
        let error = Manifest::parse(&other).unwrap_err();
        assert!(
            matches!(error, ManifestError::NotAManifest { .. }),
            "{other}: {error}"
        );
    }
    let newer = text.replace(r#""schema":1"#, r#""schema":2,"files2":[]"#);
    assert_eq!(
        Manifest::parse(&newer),
        Err(ManifestError::Newer { found: 2, known: 1 })
    );
}

#[test]
fn lists_that_cannot_be_a_release_are_refused() {
    assert_eq!(manifest(vec![]), Err(ManifestError::NoFiles));
    let twice = manifest(vec![file("a.whl", 1), file("b.whl", 1), file("a.whl", 2)]);
    assert_eq!(
        twice,
        Err(ManifestError::Twice {
            filename: "a.whl".into()
        })
    );
    for name in ["", ".", "..", "a/b.whl", "..\\b.whl", "c:b.whl", "a\nb.whl"] {
        let error = manifest(vec![file(name, 1)]).unwrap_err();
        assert_eq!(
            error,
            ManifestError::NotAFileName {
                filename: name.into()
            }
        );
    }
    let large = manifest(vec![file("a.whl", 1 << 53)]);
    assert_eq!(
        large,
        Err(ManifestError::TooLarge {
            filename: "a.whl".into(),
            size: 1 << 53
        })
    );
    assert!(manifest(vec![file("a.whl", (1 << 53) - 1)]).is_ok());
}
