//! Compatibility tags in words, for people: what a wheel needs to be installed.
//!
//! The words say less than the tags where that helps the reader: of several glibc tags for one
//! processor only the lowest is told, because it includes the others.
//!
//! Spec: "Platform compatibility tags"; PEP 425, 600, 656, 703, 730, 738, 783.

use std::collections::{BTreeMap, BTreeSet};

use crate::tag::TagSet;

impl TagSet {
    /// The set in words, such as `CPython 3.11+, Linux x86-64, glibc 2.28+`.
    #[must_use]
    pub fn in_words(&self) -> String {
        format!("{}, {}", self.pythons_in_words(), self.platforms_in_words())
    }

    /// The interpreters in words, such as `CPython 3.11+`.
    #[must_use]
    pub fn pythons_in_words(&self) -> String {
        let mut words: Vec<String> = Vec::new();
        let generic: Vec<&str> = self
            .pythons()
            .iter()
            .filter_map(|python| python.strip_prefix("py"))
            .collect();
        if !generic.is_empty() {
            words.push(generic_python(&generic));
        }
        for python in self.pythons().iter().filter(|p| !p.starts_with("py")) {
            for word in implementation(&python.to_lowercase(), self.abis()) {
                if !words.contains(&word) {
                    words.push(word);
                }
            }
        }
        words.join(" or ")
    }

    /// The platforms in words, such as `Linux x86-64, glibc 2.28+`.
    #[must_use]
    pub fn platforms_in_words(&self) -> String {
        // What differs in a lowest version only is one platform.
        let mut lowest: BTreeMap<(String, &'static str), (u32, u32)> = BTreeMap::new();
        let mut order: Vec<(String, &'static str)> = Vec::new();
        for platform in self.platforms() {
            let (system, library, version) = platform_parts(&platform.to_lowercase());
            let key = (system, library);
            if !order.contains(&key) {
                order.push(key.clone());
            }
            let known = lowest.entry(key).or_insert(version);
            *known = version.min(*known);
        }
        let words: BTreeSet<(usize, String)> = order
            .iter()
            .enumerate()
            .map(|(place, key)| (place, platform_words(&key.0, key.1, lowest[key])))
            .collect();
        let words: Vec<String> = words.into_iter().map(|(_, words)| words).collect();
        words.join(" or ")
    }
}

/// The system and processor of a platform tag without the lowest version that it asks for, such as
/// `Linux x86-64, glibc` or `macOS on Intel`.
#[must_use]
pub fn system_of_platform(platform: &str) -> String {
    let (system, library, _) = platform_parts(&platform.to_lowercase());
    match library {
        "" => system,
        "macOS" | "iOS" | "Emscripten" => format!("{library} {system}"),
        "Android API" => format!("Android {system}"),
        library => format!("{system}, {library}"),
    }
}

/// `py3`, `py2.py3`, `py38`: any implementation of the language.
fn generic_python(versions: &[&str]) -> String {
    let mut words = Vec::new();
    for version in versions {
        words.push(match version.split_at_checked(1) {
            Some((major, "")) => major.to_owned(),
            Some((major, minor)) => format!("{major}.{minor}+"),
            None => "?".to_owned(),
        });
    }
    words.sort();
    words.dedup();
    format!("Python {}", words.join(" and "))
}

/// The interpreter `python` with each ABI that fits it.
fn implementation(python: &str, abis: &[String]) -> Vec<String> {
    let n_letters = python.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (letters, digits) = python.split_at(n_letters);
    let name = match letters {
        "cp" => "CPython",
        "pp" => "PyPy",
        "graalpy" => "GraalPy",
        "ip" => "IronPython",
        "jy" => "Jython",
        _ => return vec![python.to_owned()],
    };
    let version = match digits.split_at_checked(1) {
        Some((major, "")) => major.to_owned(),
        Some((major, minor)) => format!("{major}.{}", minor.trim_start_matches('_')),
        None => return vec![name.to_owned()],
    };
    let words = |abi: &String| match abi.to_lowercase().as_str() {
        "abi3" => Some(format!("{name} {version}+")),
        "abi3t" => Some(format!("{name} {version}+ free-threaded")),
        abi if letters == "cp" && abi.starts_with("cp") => {
            // `cp313t`; of other interpreters than this one in a compressed set nothing is said.
            let flags = abi.strip_prefix(python)?;
            match flags {
                _ if flags.starts_with(|c: char| c.is_ascii_digit()) => None,
                _ if flags.contains('t') => Some(format!("{name} {version} free-threaded")),
                _ if flags.contains('d') => Some(format!("{name} {version} debug")),
                _ => Some(format!("{name} {version}")),
            }
        }
        _ => Some(format!("{name} {version}")),
    };
    let found: Vec<String> = abis.iter().filter_map(words).collect();
    if found.is_empty() {
        vec![format!("{name} {version}")]
    } else {
        found
    }
}

/// The system with its processor, what is counted by versions there, and the lowest version.
fn platform_parts(platform: &str) -> (String, &'static str, (u32, u32)) {
    let plain = |text: &str| (text.to_owned(), "", (0, 0));
    match platform {
        "any" => return plain("any platform"),
        "win32" => return plain("Windows x86"),
        _ => {}
    }
    for (prefix, version) in [
        ("manylinux1_", (2, 5)),
        ("manylinux2010_", (2, 12)),
        ("manylinux2014_", (2, 17)),
    ] {
        if let Some(processor) = platform.strip_prefix(prefix) {
            return (linux(processor), "glibc", version);
        }
    }
    if let Some(processor) = platform.strip_prefix("win_") {
        return plain(&format!("Windows {}", processor_words(processor)));
    }
    if let Some(processor) = platform.strip_prefix("linux_") {
        return plain(&linux(processor));
    }
    let numbered = |prefix: &str| two_numbers(platform.strip_prefix(prefix)?);
    if let Some((version, processor)) = numbered("manylinux_") {
        return (linux(processor), "glibc", version);
    }
    if let Some((version, processor)) = numbered("musllinux_") {
        return (linux(processor), "musl", version);
    }
    if let Some((version, processor)) = numbered("macosx_") {
        return (mac(processor), "macOS", version);
    }
    if let Some((version, rest)) = numbered("ios_") {
        let device = match rest.split_once("_iphone") {
            Some((processor, kind)) => format!("{} (iphone{kind})", processor_words(processor)),
            None => rest.to_owned(),
        };
        return (device, "iOS", version);
    }
    for prefix in ["pyemscripten_", "pyodide_", "emscripten_"] {
        if let Some((version, _)) = numbered(prefix) {
            return ("WebAssembly".to_owned(), "Emscripten", version);
        }
    }
    if let Some((level, processor)) = platform
        .strip_prefix("android_")
        .and_then(|rest| rest.split_once('_'))
        && let Ok(level) = level.parse()
    {
        return (processor_words(processor), "Android API", (level, 0));
    }
    plain(platform)
}

fn platform_words(system: &str, library: &str, (major, minor): (u32, u32)) -> String {
    match library {
        "" => system.to_owned(),
        "Android API" => format!("Android {system}, API {major}+"),
        "macOS" | "iOS" | "Emscripten" => format!("{library} {major}.{minor}+ {system}"),
        library => format!("{system}, {library} {major}.{minor}+"),
    }
}

fn linux(processor: &str) -> String {
    format!("Linux {}", processor_words(processor))
}

fn mac(processor: &str) -> String {
    match processor {
        "arm64" => "on Apple silicon".to_owned(),
        "x86_64" => "on Intel".to_owned(),
        "universal2" => "on Apple silicon and Intel".to_owned(),
        other => format!("on {}", processor_words(other)),
    }
}

fn processor_words(processor: &str) -> String {
    match processor {
        "x86_64" | "amd64" => "x86-64",
        "i686" | "i386" | "x86" => "x86",
        "aarch64" | "arm64" | "arm64_v8a" => "ARM64",
        "armv7l" | "armeabi_v7a" => "ARMv7",
        "armv6l" => "ARMv6",
        "ppc64le" => "POWER (little-endian)",
        "ppc64" => "POWER",
        "s390x" => "IBM Z",
        "riscv64" => "RISC-V 64",
        other => other,
    }
    .to_owned()
}

/// `2_28_x86_64` as 2, 28 and the rest.
fn two_numbers(text: &str) -> Option<((u32, u32), &str)> {
    let (major, rest) = text.split_once('_')?;
    let (minor, rest) = rest.split_once('_')?;
    Some(((major.parse().ok()?, minor.parse().ok()?), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(tags: &str, words: &str) {
        assert_eq!(TagSet::parse(tags).unwrap().in_words(), words);
    }

    #[test]
    fn interpreters() {
        check("py3-none-any", "Python 3, any platform");
        check("py2.py3-none-any", "Python 2 and 3, any platform");
        check("py38-none-any", "Python 3.8+, any platform");
        check("cp312-cp312-win_amd64", "CPython 3.12, Windows x86-64");
        check("cp37-cp37m-win32", "CPython 3.7, Windows x86");
        check(
            "cp313-cp313t-win_arm64",
            "CPython 3.13 free-threaded, Windows ARM64",
        );
        check("pp310-pypy310_pp73-win_amd64", "PyPy 3.10, Windows x86-64");
        check(
            "cp38.cp39-abi3-any",
            "CPython 3.8+ or CPython 3.9+, any platform",
        );
        check("zz9-none-any", "zz9, any platform");
    }

    #[test]
    fn platforms() {
        check(
            "cp311-abi3-manylinux_2_28_x86_64",
            "CPython 3.11+, Linux x86-64, glibc 2.28+",
        );
        check(
            "cp312-cp312-manylinux_2_17_aarch64.manylinux2014_aarch64",
            "CPython 3.12, Linux ARM64, glibc 2.17+",
        );
        check(
            "py3-none-musllinux_1_2_i686.manylinux1_i686",
            "Python 3, Linux x86, musl 1.2+ or Linux x86, glibc 2.5+",
        );
        check(
            "py3-none-macosx_11_0_arm64",
            "Python 3, macOS 11.0+ on Apple silicon",
        );
        check(
            "py3-none-macosx_10_9_universal2",
            "Python 3, macOS 10.9+ on Apple silicon and Intel",
        );
        check(
            "cp313-cp313-ios_13_0_arm64_iphoneos",
            "CPython 3.13, iOS 13.0+ ARM64 (iphoneos)",
        );
        check(
            "cp313-cp313-android_24_arm64_v8a",
            "CPython 3.13, Android ARM64, API 24+",
        );
        check("py3-none-manylinux_x_y", "Python 3, manylinux_x_y");
        check("py-none-any", "Python ?, any platform");
    }
}
