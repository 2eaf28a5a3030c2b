use super::*;

#[track_caller]
fn check_normal(text: &str, normal: &str) {
    let version = Version::parse(text).unwrap();
    assert_eq!(version.to_string(), normal);
    assert_eq!(version.as_given(), text);
}

#[track_caller]
fn check_error(text: &str, expected: VersionExpected, position: usize) {
    let error = Version::parse(text).unwrap_err();
    assert_eq!((*error.expected(), error.position()), (expected, position));
}

#[test]
fn spellings_have_one_normal_form() {
    check_normal("   v1.0\t\n", "1.0");
    check_normal("1.0-Alpha.1", "1.0a1");
    check_normal("1.0_preview", "1.0rc0");
    check_normal("1.0c.3", "1.0rc3");
    check_normal("1.0-7", "1.0.post7");
    check_normal("1.0rev", "1.0.post0");
    check_normal("1.0a.-1", "1.0a0.post1");
    check_normal("1.0a.post-2_DEV", "1.0a0.post2.dev0");
    check_normal(
        "007!01.00+Ubuntu-01_x",
        "7!1.00+ubuntu.1.x".replace("00+", "0+").as_str(),
    );
    check_normal("1.0a.", "1.0a0");
}

#[test]
fn errors_say_where() {
    check_error("", VersionExpected::Release, 0);
    check_error("v", VersionExpected::Release, 1);
    check_error("1!", VersionExpected::ReleaseAfterEpoch, 2);
    check_error("1.0.", VersionExpected::End, 3);
    check_error("1.0+", VersionExpected::Local, 4);
    check_error("1.0+a-", VersionExpected::End, 5);
    check_error("1.0 é", VersionExpected::End, 3);
    check_error("٠.١", VersionExpected::Release, 0);
}

#[test]
fn numbers_beyond_what_python_converts_are_refused() {
    let long = "1".repeat(4300);
    assert_eq!(
        Version::parse(&format!("1.{long}")).unwrap().release()[1].to_string(),
        long
    );
    check_error(
        &format!(" 2!1.0a{long}1"),
        VersionExpected::ShorterNumber,
        7,
    );
    check_error(&format!("1.0+x.{long}1"), VersionExpected::ShorterNumber, 6);
    assert!(Version::parse(&format!("1.0+x{long}1")).is_ok());
}

#[test]
fn parts_are_as_written_and_canonical_is_trimmed() {
    let version = Version::parse("1!2.0.0rc3.post4.dev5+a.6").unwrap();
    assert!(*version.epoch() == 1);
    assert_eq!(version.release().len(), 3);
    assert_eq!(version.pre(), Some((PreKind::Candidate, &Number::from(3))));
    assert_eq!(version.post(), Some(&Number::from(4)));
    assert_eq!(version.dev(), Some(&Number::from(5)));
    assert_eq!(version.local().as_deref(), Some("a.6"));
    assert_eq!(version.public(), "1!2.0.0rc3.post4.dev5");
    assert_eq!(version.base(), "1!2.0.0");
    assert_eq!(version.canonical(), "1!2rc3.post4.dev5+a.6");
    assert!(version.is_prerelease() && version.is_local());
    assert_eq!(Version::parse("0.0").unwrap().canonical(), "0");
    assert_eq!(Version::parse("1.0").unwrap().local(), None);
}

#[test]
fn order_is_that_of_pep_440() {
    let ascending = [
        "0.9",
        "1.dev1",
        "1.0a1.dev1",
        "1.0a1",
        "1.0a1.post1.dev2",
        "1.0a1.post1",
        "1.0b1",
        "1.0rc1",
        "1.0",
        "1.0+a",
        "1.0+a.b",
        "1.0+b",
        "1.0+1",
        "1.0+1.a",
        "1.0+1.1",
        "1.0.post1.dev1",
        "1.0.post1",
        "1.0.1",
        "99999999999999999999",
        "1!0",
    ];
    for (i, a) in ascending.iter().enumerate() {
        for (j, b) in ascending.iter().enumerate() {
            let (a, b) = (Version::parse(a).unwrap(), Version::parse(b).unwrap());
            assert_eq!(a.cmp(&b), i.cmp(&j), "{a} {b}");
            assert_eq!(a == b, i == j, "{a} {b}");
        }
    }
    assert_eq!(
        Version::parse("1.0.0").unwrap(),
        Version::parse("1").unwrap()
    );
}
