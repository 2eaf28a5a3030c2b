use super::*;
use crate::tag::Tag;
use crate::tag::TagExpected;
use crate::version::VersionExpected;

#[track_caller]
fn check_error(text: &str, expected: FilenameExpected, position: usize) {
    let error = DistributionFilename::parse(text).unwrap_err();
    assert_eq!(
        (*error.expected(), error.position()),
        (expected, position),
        "{text}"
    );
}

#[test]
fn wheel_parts() {
    let wheel = WheelFilename::parse("Foo_Bar-1.0.0-07b-py2.py3-none-ANY.whl").unwrap();
    assert_eq!(wheel.name.normalized(), "foo-bar");
    assert_eq!(wheel.version.to_string(), "1.0.0");
    let build = wheel.build.as_ref().unwrap();
    assert!(build.number == 7 && build.suffix == "b");
    let tags: Vec<String> = wheel.tags.iter().map(Tag::to_string).collect();
    assert_eq!(tags, ["py2-none-any", "py3-none-any"]);
    assert_eq!(wheel.normalized(), "foo_bar-1.0.0-7b-py2.py3-none-any.whl");
    assert_eq!(wheel.as_str(), "Foo_Bar-1.0.0-07b-py2.py3-none-ANY.whl");
}

#[test]
fn sdist_parts() {
    let sdist = SdistFilename::parse("Foo-Bar-1.0-1.zip").unwrap();
    assert_eq!(sdist.name.normalized(), "foo-bar-1-0");
    assert_eq!(sdist.version.to_string(), "1");
    assert_eq!(sdist.format, SdistFormat::Zip);
    assert_eq!(sdist.normalized(), "foo_bar_1_0-1.zip");
}

#[test]
fn either_kind_by_its_ending() {
    let wheel = DistributionFilename::parse("a-1-py3-none-any.whl").unwrap();
    let sdist = DistributionFilename::parse("a-1.tar.gz").unwrap();
    assert_eq!(wheel.kind(), DistributionKind::Wheel);
    assert_eq!(sdist.kind(), DistributionKind::Sdist);
    assert_eq!(
        (wheel.name(), wheel.version()),
        (sdist.name(), sdist.version())
    );
}

#[test]
fn names_that_no_index_registers_are_read_and_marked() {
    assert!(
        !WheelFilename::parse("föö_-1-py3-none-any.whl")
            .unwrap()
            .name
            .is_valid()
    );
    assert!(!SdistFilename::parse("-a-1.zip").unwrap().name.is_valid());
    assert!(SdistFilename::parse("a-1.zip").unwrap().name.is_valid());
}

#[test]
fn errors_say_where() {
    use FilenameExpected as E;
    check_error("a-1.egg", E::DistributionEnding, 7);
    check_error("../a-1.zip", E::PlainFilename, 2);
    check_error("é-1-py3-none\\any.whl", E::PlainFilename, 12);
    check_error("a-1-py3-none.whl", E::WheelParts(4), 0);
    check_error("a__b-1-py3-none-any.whl", E::Name, 0);
    check_error(
        "é-1.x-py3-none-any.whl",
        E::Version(VersionExpected::End),
        3,
    );
    check_error("a-1-x-py3-none-any.whl", E::BuildTag, 4);
    check_error("a-1-py3--any.whl", E::Tag(TagExpected::Component), 8);
    check_error("a1.zip", E::SdistParts, 2);
    check_error("-1.tar.gz", E::Name, 0);
    check_error("a-x.tar.gz", E::Version(VersionExpected::Release), 2);
}
