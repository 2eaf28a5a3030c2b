//! Whether a wheel can be installed for an interpreter of this machine, told from its tags.
//!
//! Only enough is decided here to choose interpreters: the installer has the last word.
//!
//! Spec: "Platform compatibility tags".

use pubflow_spec::Tag;

use crate::interpreter::Interpreter;

/// Whether one of the tags fits the interpreter and the machine it runs on.
pub(super) fn fits(tags: &[Tag], interpreter: &Interpreter) -> bool {
    tags.iter()
        .any(|tag| fits_interpreter(tag, interpreter) && fits_platform(&tag.platform, interpreter))
}

fn fits_interpreter(tag: &Tag, interpreter: &Interpreter) -> bool {
    let (major, minor) = interpreter.minor();
    if let Some(version) = tag.python.strip_prefix("py") {
        let generic = match split_version(version) {
            Some((tag_major, None)) => tag_major == major,
            Some((tag_major, Some(tag_minor))) => tag_major == major && tag_minor <= minor,
            None => false,
        };
        return generic && tag.abi == "none";
    }
    let Some((tag_major, Some(tag_minor))) = tag.python.strip_prefix("cp").and_then(split_version)
    else {
        return false;
    };
    let same = (tag_major, tag_minor) == (major, minor);
    let threads = if interpreter.free_threaded { "t" } else { "" };
    let abi = format!("cp{major}{minor}{threads}");
    match tag.abi.as_str() {
        "abi3" => !interpreter.free_threaded && (tag_major, tag_minor) <= (major, minor),
        "none" => same,
        other => same && (other == abi || (interpreter.debug && other == format!("{abi}d"))),
    }
}

/// Reads `3`, `312` as major and minor version.
fn split_version(text: &str) -> Option<(u64, Option<u64>)> {
    let major = text.get(..1)?.parse().ok()?;
    match text.get(1..)? {
        "" => Some((major, None)),
        minor => Some((major, Some(minor.parse().ok()?))),
    }
}

fn fits_platform(platform: &str, interpreter: &Interpreter) -> bool {
    if platform == "any" {
        return true;
    }
    let here = interpreter.platform.replace(['-', '.'], "_");
    if let Some(rest) = here.strip_prefix("linux_") {
        return fits_linux(platform, rest, interpreter.glibc.as_deref());
    }
    if let Some(rest) = here.strip_prefix("macosx_") {
        // The version of the running system is not known here; its processor is.
        let processor = rest.splitn(3, '_').nth(2).unwrap_or_default();
        return platform.starts_with("macosx_")
            && (platform.ends_with(processor)
                || platform.ends_with("universal2")
                || processor == "universal2");
    }
    platform == here
}

fn fits_linux(platform: &str, processor: &str, glibc: Option<&str>) -> bool {
    let Some(family) = platform
        .strip_suffix(processor)
        .and_then(|rest| rest.strip_suffix('_'))
    else {
        return false;
    };
    let needed = match family {
        "linux" => return true,
        "manylinux1" => (2, 5),
        "manylinux2010" => (2, 12),
        "manylinux2014" => (2, 17),
        _ if family.starts_with("musllinux_") => return glibc.is_none(),
        _ => match family
            .strip_prefix("manylinux_")
            .and_then(|v| version_pair(v, '_'))
        {
            Some(needed) => needed,
            None => return false,
        },
    };
    glibc
        .and_then(|glibc| version_pair(glibc, '.'))
        .is_some_and(|here| here >= needed)
}

fn version_pair(text: &str, separator: char) -> Option<(u64, u64)> {
    let mut parts = text.split(separator).map(|part| part.parse().ok());
    Some((parts.next()??, parts.next()??))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::path::PathBuf;

    use pubflow_spec::{TagSet, Version};

    use super::*;

    fn interpreter() -> Interpreter {
        Interpreter {
            path: PathBuf::from("python3.12"),
            version: Version::parse("3.12.1").unwrap(),
            implementation: "cpython".to_owned(),
            platform: "linux-x86_64".to_owned(),
            pointer_bits: 64,
            glibc: Some("2.36".to_owned()),
            free_threaded: false,
            debug: false,
            pip: None,
            ensurepip: true,
            venv: true,
            markers: BTreeMap::new(),
        }
    }

    #[track_caller]
    fn check(interpreter: &Interpreter, tags: &str, expected: bool) {
        let tags = TagSet::parse(tags).unwrap().expand();
        assert_eq!(fits(&tags, interpreter), expected, "{tags:?}");
    }

    #[test]
    fn interpreters() {
        let here = interpreter();
        for tags in [
            "py3-none-any",
            "py2.py3-none-any",
            "py312-none-any",
            "cp38-abi3-linux_x86_64",
        ] {
            check(&here, tags, true);
        }
        for tags in ["cp312-cp312-linux_x86_64", "cp312-none-any"] {
            check(&here, tags, true);
        }
        for tags in [
            "py2-none-any",
            "py313-none-any",
            "cp311-cp311-linux_x86_64",
            "cp313-abi3-linux_x86_64",
            "cp312-cp312t-linux_x86_64",
            "pp310-pypy310_pp73-linux_x86_64",
        ] {
            check(&here, tags, false);
        }
        let free_threaded = Interpreter {
            free_threaded: true,
            ..interpreter()
        };
        check(&free_threaded, "cp312-cp312t-linux_x86_64", true);
        check(&free_threaded, "cp38-abi3-linux_x86_64", false);
    }

    #[test]
    fn platforms() {
        let here = interpreter();
        for platform in [
            "manylinux2014_x86_64",
            "manylinux_2_36_x86_64",
            "manylinux1_x86_64",
        ] {
            check(&here, &format!("cp312-cp312-{platform}"), true);
        }
        for platform in [
            "manylinux_2_37_x86_64",
            "musllinux_1_1_x86_64",
            "linux_aarch64",
            "win_amd64",
        ] {
            check(&here, &format!("cp312-cp312-{platform}"), false);
        }
        let macos = Interpreter {
            platform: "macosx-11.0-arm64".to_owned(),
            glibc: None,
            ..interpreter()
        };
        check(&macos, "cp312-cp312-macosx_11_0_arm64", true);
        check(&macos, "cp312-cp312-macosx_10_9_universal2", true);
        check(&macos, "cp312-cp312-macosx_11_0_x86_64", false);
    }
}
