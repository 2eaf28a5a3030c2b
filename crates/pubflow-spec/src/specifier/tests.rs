use super::*;
use crate::version::VersionExpected;

#[track_caller]
fn check(set: &str, yes: &[&str], no: &[&str]) {
    let set = SpecifierSet::parse(set).unwrap();
    for text in yes {
        assert!(
            set.contains_text(text, Prereleases::Default),
            "{text} in {set}"
        );
    }
    for text in no {
        assert!(
            !set.contains_text(text, Prereleases::Default),
            "{text} in {set}"
        );
    }
}

#[track_caller]
fn check_error(text: &str, expected: SpecifierExpected, position: usize) {
    let error = SpecifierSet::parse(text).unwrap_err();
    assert_eq!((*error.expected(), error.position()), (expected, position));
}

#[test]
fn operators_take_what_pep_440_says() {
    check("==1.0", &["1", "1.0.0+x"], &["1.0.post1", "1.0rc1"]);
    check("==1.0+X", &["1.0+x"], &["1.0", "1.0+x.1"]);
    check("!=1.0", &["1.1", "1.0a1"], &["1.0", "1.0+x"]);
    check(
        "==1.0.*",
        &["1", "1.0.5", "1.0.dev1", "1.0rc1", "1.0.1+x"],
        &["1.1.dev0", "1!1.0"],
    );
    check("!=1.*", &["2", "0.9"], &["1.5"]);
    check(
        "~=1.4.5",
        &["1.4.5", "1.4.99", "1.4.5.post1"],
        &["1.4.5rc1", "1.5", "1.5.dev0"],
    );
    check("~=1.4.0", &["1.4"], &["1.5"]);
    check("<=1.0", &["1.0+x", "1.0rc1"], &["1.0.post1"]);
    check(">=1.0", &["1.0", "1.0+x"], &["1.0rc1"]);
    check(
        "<1.0",
        &["0.9", "0.9.post1"],
        &["1.0", "1.0rc1", "1.0.dev0"],
    );
    check("<1.0rc1", &["1.0b2", "1.0rc1.dev0"], &["1.0rc1"]);
    check("<1.0.post1", &["1.0", "1.0rc1"], &["1.0.post1.dev0"]);
    check(
        ">1.0",
        &["1.0.1", "1.1.dev0"],
        &["1.0", "1.0+x", "1.0.post1", "1.0.post1.dev1"],
    );
    check(
        ">1.0.post1",
        &["1.0.post2", "1.0.post2.dev0"],
        &["1.0.post1", "1.0.post1+x"],
    );
    check(">1.0.dev1", &["1.0.dev2", "1.0a1", "1.0"], &["1.0.dev1+x"]);
    check("===FooBar", &["foobar"], &["foo"]);
    check("", &["1.0", "anything"], &[]);
}

#[test]
fn prereleases_are_taken_unless_denied() {
    let set = SpecifierSet::parse(">=1.0").unwrap();
    let version = Version::parse("1.1rc1").unwrap();
    assert!(set.contains(&version, Prereleases::Default));
    assert!(set.contains(&version, Prereleases::Allow));
    assert!(!set.contains(&version, Prereleases::Deny));
    assert!(!set.names_prerelease());
    assert!(SpecifierSet::parse("<2.0a1").unwrap().names_prerelease());
    assert!(SpecifierSet::parse("===2.0a1").unwrap().names_prerelease());
    assert!(!SpecifierSet::parse("!=2.0a1").unwrap().names_prerelease());
}

#[test]
fn sets_are_sorted_and_without_repetitions() {
    let set = SpecifierSet::parse(" >= 1.0 ,, ==1.0.0,==1.0, ~=1.0, ~=1.0.0 ").unwrap();
    assert_eq!(set.to_string(), "==1.0,>=1.0,~=1.0,~=1.0.0");
    assert_eq!(
        SpecifierSet::parse(">=1,<2").unwrap(),
        SpecifierSet::parse("<2.0,>=1.0").unwrap()
    );
    assert_ne!(
        SpecifierSet::parse("~=1.0").unwrap(),
        SpecifierSet::parse("~=1.0.0").unwrap()
    );
}

#[test]
fn errors_say_where() {
    check_error("1.0", SpecifierExpected::Operator, 0);
    check_error(">=1, é", SpecifierExpected::Operator, 5);
    check_error(
        ">=",
        SpecifierExpected::Version(VersionExpected::Release),
        2,
    );
    check_error("~=1", SpecifierExpected::SecondReleaseNumber, 3);
    check_error(">=1.*", SpecifierExpected::WildcardPlace, 3);
    check_error(">=1+a", SpecifierExpected::LocalPlace, 3);
    check_error("==1.0 2", SpecifierExpected::End, 5);
    check_error("==1.*.dev0", SpecifierExpected::End, 5);
}
