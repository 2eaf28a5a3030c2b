use super::*;

#[track_caller]
fn check_normal(text: &str, normal: &str) {
    assert_eq!(LicenseExpression::parse(text).unwrap().as_str(), normal);
}

#[track_caller]
fn check_error(text: &str, expected: LicenseExpected, position: usize) {
    let error = LicenseExpression::parse(text).unwrap_err();
    assert_eq!(
        (*error.expected(), error.position()),
        (expected, position),
        "{text}"
    );
}

#[test]
fn normal_form() {
    check_normal(" mIt ", "MIT");
    check_normal("( ( mit)and\n(apache-2.0+ ))", "((MIT) AND (Apache-2.0+))");
    check_normal(
        "gpl-2.0-ONLY with CLASSPATH-exception-2.0 or bsd-3-clause",
        "GPL-2.0-only WITH Classpath-exception-2.0 OR BSD-3-Clause",
    );
    check_normal(
        "licenseref-My.Own-1 or LICENSEREF-MY.own-1",
        "LicenseRef-MY.own-1 OR LicenseRef-MY.own-1",
    );
}

#[test]
fn parts() {
    let expression = LicenseExpression::parse(
        "AGPL-3.0 AND LGPL-2.1+ WITH Nokia-Qt-exception-1.1 OR LicenseRef-X",
    )
    .unwrap();
    assert_eq!(
        expression.licenses(),
        ["AGPL-3.0", "LGPL-2.1+", "LicenseRef-X"]
    );
    assert_eq!(expression.exceptions(), ["Nokia-Qt-exception-1.1"]);
    let deprecated = ["AGPL-3.0", "LGPL-2.1", "Nokia-Qt-exception-1.1"];
    assert_eq!(expression.deprecated(), deprecated);
}

#[test]
fn errors_say_where() {
    use LicenseExpected as E;
    check_error("", E::License, 0);
    check_error(" ", E::License, 1);
    check_error("MIT OR", E::License, 6);
    check_error("()", E::License, 1);
    check_error("MIT MIT", E::Operator, 4);
    check_error("MIT (MIT)", E::Operator, 4);
    check_error("é", E::KnownLicense, 0);
    check_error("MIT OR Apache", E::KnownLicense, 7);
    check_error("(MIT", E::MatchingParenthesis, 4);
    check_error("MIT)", E::MatchingParenthesis, 3);
    check_error("(MIT) WITH x", E::LicenseBeforeWith, 6);
    check_error("MIT WITH", E::Exception, 8);
    check_error("MIT WITH (x)", E::Exception, 9);
    check_error("MIT WITH x", E::KnownException, 9);
    check_error("LicenseRef-", E::Reference, 0);
    check_error("LicenseRef-a_b", E::Reference, 0);
    check_error("LicenseRef-a+", E::Reference, 0);
    check_error(&"(".repeat(100_000), E::LessNesting, 200);
}
