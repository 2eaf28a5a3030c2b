//! Properties that hold for every input, tried on generated ones.
//!
//! The generators mix well-formed pieces with damage, because random text alone never gets past
//! the first character of a grammar.

use std::cmp::Ordering;
use std::hash::{DefaultHasher, Hash, Hasher};

use proptest::prelude::*;

use crate::*;

const VERSION: &str = r"[vV]?([0-9]{1,2}!)?[0-9]{1,22}(\.[0-9]{1,3}){0,3}([._-]?(a|b|RC|alpha|preview)[._-]?[0-9]{0,2})?(-[0-9]|[._-]?(post|r)[._-]?[0-9]?)?([._-]?dev[0-9]?)?(\+[a-zA-Z0-9]{1,3}([._-][a-z0-9]{1,2}){0,2})?";

/// Pieces of all grammars in any order, with foreign characters between them.
fn soup() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "1",
        "0",
        ".",
        "-",
        "_",
        "+",
        "!",
        "*",
        ".*",
        "a",
        "rc",
        "dev",
        "post",
        "v",
        "==",
        "===",
        "~=",
        ">=",
        "<",
        ",",
        ";",
        "(",
        ")",
        "[",
        "]",
        "@",
        " ",
        "\t",
        "\n",
        "\"",
        "'",
        "\\",
        "\\x",
        "os_name",
        "extra",
        "extras",
        "python_version",
        " in ",
        "not in",
        " and ",
        " or ",
        "MIT",
        "with",
        "LicenseRef-",
        "foo",
        ".whl",
        ".tar.gz",
        ".zip",
        "py3-none-any",
        "é",
        "ſ",
        "²",
        "\u{2028}",
        "\u{1f}",
        "𝟙",
        "/",
        "\0",
    ]);
    prop::collection::vec(pieces, 0..24).prop_map(|pieces| pieces.concat())
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![3 => soup(), 1 => any::<String>(), 1 => "[ -~]{0,40}"]
}

fn specifier() -> impl Strategy<Value = String> {
    let with_local = (prop::sample::select(vec!["==", "!=", "==="]), VERSION)
        .prop_map(|(operator, version)| format!("{operator}{version}"));
    let public = (prop::sample::select(vec!["<=", ">=", "<", ">"]), VERSION).prop_map(
        |(operator, version)| {
            let public = version.split('+').next().unwrap_or_default();
            format!("{operator} {public}")
        },
    );
    let compatible = r"~=([0-9]!)?[0-9](\.[0-9]){1,2}(rc[0-9])?(\.post[0-9])?(-dev)?";
    let wildcard = r"[=!]=[0-9](\.[0-9]){0,2}\.\*";
    let clause = prop_oneof![with_local, public, compatible, wildcard];
    prop::collection::vec(clause, 0..4).prop_map(|clauses| clauses.join(" , "))
}

fn marker() -> impl Strategy<Value = String> {
    let literal = prop_oneof![
        Just("3.9".to_owned()),
        r"[a-z .\\nx0-9]{0,6}",
        any::<String>()
    ];
    let variable = prop::sample::select(vec![
        "os.name",
        "python_version",
        "extra",
        "platform_release",
    ]);
    let operator = prop::sample::select(vec!["==", "<", "~=", "in", "not in", "==="]);
    let comparison = (variable, operator, literal).prop_map(|(variable, operator, literal)| {
        let escaped: String = literal
            .chars()
            .flat_map(|c| match c {
                '\\' | '"' | '\n' | '\r' | '\0' => format!("\\x{:02x}", u32::from(c))
                    .chars()
                    .collect::<Vec<_>>(),
                other => vec![other],
            })
            .collect();
        format!("{variable} {operator} \"{escaped}\"")
    });
    comparison.prop_recursive(4, 12, 2, |inner| {
        let joint = prop::sample::select(vec![" and ", " or "]);
        prop_oneof![
            (inner.clone(), joint, inner.clone()).prop_map(|(a, joint, b)| a + joint + &b),
            inner.prop_map(|inner| format!("({inner})")),
        ]
    })
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// An error that points into the text and can be shown, or nothing.
fn check_error<T, E: Expectation>(text: &str, result: Result<T, SyntaxError<E>>) {
    if let Err(error) = result {
        let found = text.chars().nth(error.position());
        assert_eq!(found.map_or(Found::End, Found::Character), error.found());
        assert!(error.position() <= text.chars().count());
        assert!(error.to_string().contains(E::SUBJECT));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_a_parser_panic_and_errors_point_into_it(text in text()) {
        check_error(&text, ProjectName::parse(&text));
        check_error(&text, Version::parse(&text));
        check_error(&text, SpecifierSet::parse(&text));
        check_error(&text, Requirement::parse(&text));
        check_error(&text, TagSet::parse(&text));
        check_error(&text, DistributionFilename::parse(&text));
        check_error(&text, LicenseExpression::parse(&text));
        check_error(&text, Sha256::parse(&text));
        let marker = Marker::parse(&text);
        if let Ok(marker) = &marker {
            let environment = MarkerEnvironment::new().with("os_name", &text).with("extra", &text);
            prop_assert_eq!(marker.evaluate(&environment), marker.evaluate(&environment));
        }
        check_error(&text, marker);
    }

    #[test]
    fn versions_read_back_from_their_normal_form(text in VERSION) {
        let version = Version::parse(&text).unwrap();
        let normal = version.to_string();
        let again = Version::parse(&normal).unwrap();
        prop_assert_eq!(&again, &version);
        prop_assert_eq!(again.to_string(), normal);
        prop_assert!(again.is_normalized());
        prop_assert_eq!(&Version::parse(&version.canonical()).unwrap(), &version);
        prop_assert!(Version::parse(&version.public()).unwrap() <= version);
    }

    #[test]
    fn the_order_of_versions_is_total(a in VERSION, b in VERSION, c in VERSION) {
        let [a, b, c] = [a, b, c].map(|text| Version::parse(&text).unwrap());
        prop_assert_eq!(a.cmp(&b), b.cmp(&a).reverse());
        prop_assert_eq!(a.cmp(&b) == Ordering::Equal, a == b);
        prop_assert_eq!(a == b, a.canonical() == b.canonical());
        prop_assert!(a != b || hash(&a) == hash(&b));
        let mut sorted = [&a, &b, &c];
        sorted.sort();
        prop_assert!(sorted[0] <= sorted[1] && sorted[1] <= sorted[2] && sorted[0] <= sorted[2]);
    }

    #[test]
    fn specifiers_read_back_and_take_the_same_versions(text in specifier(), version in VERSION) {
        let set = SpecifierSet::parse(&text).unwrap();
        let again = SpecifierSet::parse(&set.to_string()).unwrap();
        prop_assert_eq!(again.to_string(), set.to_string());
        prop_assert_eq!(&again, &set);
        let version = Version::parse(&version).unwrap();
        let taken = set.contains(&version, Prereleases::Default);
        prop_assert_eq!(again.contains(&version, Prereleases::Default), taken);
        prop_assert_eq!(set.contains_text(version.as_given(), Prereleases::Allow), taken);
        prop_assert!(taken || !set.contains(&version, Prereleases::Deny));
    }

    #[test]
    fn opposite_operators_have_opposite_answers(bound in VERSION, version in VERSION) {
        let version = Version::parse(&version).unwrap();
        let contains = |operator: &str, bound: &str| {
            let set = SpecifierSet::parse(&format!("{operator}{bound}")).unwrap();
            set.contains(&version, Prereleases::Allow)
        };
        prop_assert_ne!(contains("==", &bound), contains("!=", &bound));
        let public = Version::parse(&bound).unwrap().public();
        prop_assert!(!(contains("<", &public) && contains(">=", &public)));
        prop_assert!(!(contains(">", &public) && contains("<=", &public)));
    }

    #[test]
    fn markers_read_back_from_their_normal_form(text in marker()) {
        let marker = Marker::parse(&text).unwrap();
        let again = Marker::parse(&marker.to_string()).unwrap();
        prop_assert_eq!(again.to_string(), marker.to_string());
        let environment = MarkerEnvironment::new()
            .with("os_name", "posix")
            .with("python_version", "3.12")
            .with("platform_release", "6.1-x")
            .with("extra", "a");
        prop_assert_eq!(again.evaluate(&environment), marker.evaluate(&environment));
    }

    #[test]
    fn requirements_read_back_from_their_normal_form(
        name in "[a-zA-Z0-9]([a-z._-]{0,4}[A-Z0-9_])?",
        extras in prop::collection::vec("[a-zA-Z0-9]{1,3}", 0..3),
        specifier in specifier(),
        url in prop::option::of("[!-~]{1,20}"),
        marker in prop::option::of(marker()),
    ) {
        let source = url.map_or(specifier, |url| format!("@ {url} "));
        let marker = marker.map_or(String::new(), |marker| format!(";{marker}"));
        let text = format!("{name}[{}]{source}{marker}", extras.join(","));
        let requirement = Requirement::parse(&text).unwrap();
        let again = Requirement::parse(&requirement.to_string()).unwrap();
        prop_assert_eq!(again.to_string(), requirement.to_string());
        prop_assert_eq!(again, requirement);
    }

    #[test]
    fn normal_filenames_have_the_same_parts(
        name in "[a-zA-Z0-9]([a-z.]{0,4}[A-Z0-9])?",
        version in VERSION,
        build in prop::option::of("[0-9]{1,2}[a-z]{0,2}"),
        tags in r"(py[23]\.){0,2}cp3-(none|abi3)(\.ABI4)?-any(\.win32)?",
    ) {
        let version = Version::parse(&version).unwrap();
        let build = build.map_or(String::new(), |build| format!("-{build}"));
        let wheel = WheelFilename::parse(&format!("{name}-{version}{build}-{tags}.whl")).unwrap();
        let normal = WheelFilename::parse(&wheel.normalized()).unwrap();
        prop_assert_eq!((&normal.name, &normal.version), (&wheel.name, &wheel.version));
        prop_assert_eq!((&normal.build, &normal.tags), (&wheel.build, &wheel.tags));
        prop_assert!(normal.tag_set.is_sorted());
        prop_assert_eq!(normal.normalized(), normal.as_str());
        let sdist = SdistFilename::parse(&format!("{name}-{version}.tar.gz")).unwrap();
        let normal = SdistFilename::parse(&sdist.normalized()).unwrap();
        prop_assert_eq!((&normal.name, &normal.version), (&sdist.name, &sdist.version));
    }

    #[test]
    fn licence_expressions_read_back_from_their_normal_form(
        words in prop::collection::vec(prop::sample::select(vec![
            "mit", "gpl-2.0+", "LICENSEREF-a.B", "and", "OR", "with", "(", ")", "llvm-exception",
        ]), 1..8),
    ) {
        if let Ok(expression) = LicenseExpression::parse(&words.join(" ")) {
            let again = LicenseExpression::parse(expression.as_str());
            prop_assert_eq!(again, Ok(expression));
        }
    }

    #[test]
    fn digests_read_back(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
        prop_assert_eq!(Sha256::parse(&Sha256::of(&bytes).to_string()), Ok(Sha256::of(&bytes)));
        prop_assert_eq!(Md5::parse(&Md5::of(&bytes).to_string()), Ok(Md5::of(&bytes)));
        let digest = Blake2b256::of(&bytes);
        prop_assert_eq!(Blake2b256::parse(&digest.to_string()), Ok(digest));
    }
}
