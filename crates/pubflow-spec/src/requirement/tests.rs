use super::*;
use crate::marker::MarkerExpected;
use crate::specifier::SpecifierExpected;
use crate::version::VersionExpected;

#[track_caller]
fn check_normal(text: &str, normal: &str) {
    let requirement = Requirement::parse(text).unwrap();
    assert_eq!(requirement.to_string(), normal);
    assert_eq!(Requirement::parse(normal).unwrap(), requirement);
}

#[track_caller]
fn check_error(text: &str, expected: RequirementExpected, position: usize) {
    let error = Requirement::parse(text).unwrap_err();
    assert_eq!(
        (*error.expected(), error.position()),
        (expected, position),
        "{text}"
    );
}

#[test]
fn normal_form() {
    check_normal(" Foo_Bar ", "Foo_Bar");
    check_normal("a[]", "a");
    check_normal("a[ z , Y.y,z ]", "a[Y.y,z]");
    check_normal("a ( >= 1 , < 2, )", "a<2,>=1");
    check_normal("a()", "a");
    check_normal("a>=1;os_name=='nt'", r#"a>=1; os_name == "nt""#);
    check_normal(
        "a@https://example.org/a;b ; os_name=='nt' ",
        r#"a @ https://example.org/a;b ; os_name == "nt""#,
    );
    check_normal("a @ file:///x ", "a @ file:///x");
    check_normal("a===x,>=1", "a===x,>=1");
    check_normal("a_>=1", "a_>=1");
}

#[test]
fn parts() {
    let requirement = Requirement::parse("Django[A]>=1.4").unwrap();
    assert_eq!(requirement.name.normalized(), "django");
    assert_eq!(requirement.extras, ["A"]);
    assert_eq!(requirement.specifiers().unwrap().to_string(), ">=1.4");
    assert_eq!(requirement.url(), None);
    assert!(requirement.marker.is_none());
}

#[test]
fn errors_say_where() {
    use RequirementExpected as E;
    check_error("", E::Name, 0);
    check_error(" é", E::Name, 1);
    check_error("aé", E::Name, 0);
    check_error("a b", E::AfterName, 2);
    check_error("a.", E::AfterName, 1);
    check_error("a[b c]", E::ClosingBracket, 4);
    check_error("a[b,]", E::Extra, 4);
    check_error("a @ ", E::Url, 4);
    check_error("a @ x y", E::AfterUrl, 6);
    check_error(
        "a>=",
        E::Specifier(SpecifierExpected::Version(VersionExpected::Release)),
        3,
    );
    check_error("a>=1.*", E::Specifier(SpecifierExpected::WildcardPlace), 4);
    check_error("a>=1 2", E::AfterSpecifier, 5);
    check_error("a (>=1", E::ClosingParenthesis, 6);
    check_error("a===1,b", E::Specifier(SpecifierExpected::Operator), 1);
    check_error("a; os_name", E::Marker(MarkerExpected::Operator), 10);
    check_error("a; os_name=='nt' x", E::Marker(MarkerExpected::End), 17);
    check_error("a\n", E::AfterName, 1);
}
