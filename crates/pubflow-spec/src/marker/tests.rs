use super::*;

#[track_caller]
fn check_normal(text: &str, normal: &str) {
    assert_eq!(Marker::parse(text).unwrap().to_string(), normal);
}

#[track_caller]
fn check_error(text: &str, expected: MarkerExpected, position: usize) {
    let error = Marker::parse(text).unwrap_err();
    assert_eq!((*error.expected(), error.position()), (expected, position));
}

fn linux() -> MarkerEnvironment {
    MarkerEnvironment::new()
        .with("python_version", "3.12")
        .with("python_full_version", "3.12.1+")
        .with("os_name", "posix")
        .with("platform_release", "6.1.0-21-amd64")
        .with("platform_version", "#1 SMP")
        .with("sys_platform", "linux")
        .with("extra", "Foo_Bar")
}

#[track_caller]
fn check_value(text: &str, value: bool) {
    assert_eq!(
        Marker::parse(text).unwrap().evaluate(&linux()),
        Ok(value),
        "{text}"
    );
}

#[test]
fn normal_form() {
    check_normal("os.name=='nt'", r#"os_name == "nt""#);
    check_normal(
        "python_implementation=='a\"b'",
        r#"platform_python_implementation == 'a"b'"#,
    );
    check_normal("((os_name=='a'))", r#"os_name == "a""#);
    check_normal(
        "(os_name=='a' or ((os_name=='b')) )and(os_name  not \t in'c')",
        r#"(os_name == "a" or os_name == "b") and os_name not in "c""#,
    );
    check_normal(
        "(os_name=='a' or os_name=='b')",
        r#"os_name == "a" or os_name == "b""#,
    );
    check_normal(
        "extra=='A_.b' or 'C.c' in extras",
        r#"extra == "a-b" or "c-c" in extras"#,
    );
}

#[test]
fn comparisons() {
    check_value("python_version >= '3.9'", true);
    check_value("'3.9' < python_version", true);
    check_value("'3.9' > python_version", false);
    check_value("python_version ~= '3.10'", true);
    check_value("python_version in '3.11 3.12'", true);
    check_value("python_version not in '3.11'", true);
    check_value("python_full_version == '3.12.1'", true);
    check_value("platform_release >= '6'", false);
    check_value("platform_release == '6.1.0-21-amd64'", true);
    check_value("sys_platform > 'a'", false);
    check_value("sys_platform >= 'linux'", true);
    check_value("extra == 'foo.bar'", true);
    check_value(
        "os_name == 'nt' and os_name == 'posix' or sys_platform == 'linux'",
        true,
    );
    check_value(
        "os_name == 'nt' and (os_name == 'posix' or sys_platform == 'linux')",
        false,
    );
}

#[test]
fn sets_of_names() {
    let mut environment = linux();
    environment.set_names("extras", ["Foo.Bar"]);
    let evaluate = |text: &str| Marker::parse(text).unwrap().evaluate(&environment);
    assert_eq!(evaluate("'foo_bar' in extras"), Ok(true));
    assert_eq!(evaluate("'foo' not in extras"), Ok(true));
    assert_eq!(evaluate("'foo' != extras"), Ok(true));
    assert!(matches!(
        evaluate("extras == 'foo'"),
        Err(EvaluateError::UndefinedComparison { .. })
    ));
}

#[test]
fn undefined_ones_are_errors_wherever_they_stand() {
    let evaluate = |text: &str| Marker::parse(text).unwrap().evaluate(&linux());
    assert!(matches!(
        evaluate("os_name == 'posix' or os_name ~= 'a'"),
        Err(EvaluateError::UndefinedComparison { .. })
    ));
    assert_eq!(
        evaluate("os_name == 'posix' or 'x' in dependency_groups"),
        Err(EvaluateError::UndefinedVariable {
            name: "dependency_groups".into()
        })
    );
}

#[test]
fn errors_say_where() {
    check_error("", MarkerExpected::Operand, 0);
    check_error("os_names == 'a'", MarkerExpected::Operand, 0);
    check_error("os_name = 'a'", MarkerExpected::Operator, 8);
    check_error("os_name not  'a'", MarkerExpected::InAfterNot, 13);
    check_error("os_name == 'é' os_name", MarkerExpected::End, 15);
    check_error("os_name == 'a", MarkerExpected::Operand, 11);
    check_error("os_name == '\\x'", MarkerExpected::Literal, 11);
    check_error("(os_name == 'a'", MarkerExpected::ClosingParenthesis, 15);
    check_error("os_name == 'a' and", MarkerExpected::Operand, 18);
    check_error("os_name == 'a'\n", MarkerExpected::End, 14);
}

#[test]
fn deep_nesting_is_an_error() {
    let nested = |n: usize| format!("{}os_name == 'a'{}", "(".repeat(n), ")".repeat(n));
    check_normal(&nested(300), r#"os_name == "a""#);
    check_error(&nested(100_000), MarkerExpected::LessNesting, 300);
}
