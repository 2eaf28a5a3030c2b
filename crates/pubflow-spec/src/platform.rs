//! The platforms whose wheels PyPI takes.
//!
//! The list is the index's and grows from time to time, so it stands here as data. Whether a
//! wheel's contents fit its platform is checked elsewhere.

use crate::syntax::Scanner;

/// Platforms that are taken by their whole name.
const WHOLE: &[&str] = &[
    "any",
    "win32",
    "win_amd64",
    "win_arm64",
    "win_ia64",
    "linux_armv6l",
    "linux_armv7l",
    "manylinux1_i686",
    "manylinux1_x86_64",
    "manylinux2010_i686",
    "manylinux2010_x86_64",
    "manylinux2014_aarch64",
    "manylinux2014_armv7l",
    "manylinux2014_i686",
    "manylinux2014_ppc64",
    "manylinux2014_ppc64le",
    "manylinux2014_s390x",
    "manylinux2014_x86_64",
];

/// Platforms with numbers in them, of which `#` stands for any.
const NUMBERED: &[(&str, &[&str])] = &[
    (
        "manylinux_#_#_",
        &[
            "aarch64", "armv7l", "i686", "ppc64", "ppc64le", "riscv64", "s390x", "x86_64",
        ],
    ),
    (
        "musllinux_#_#_",
        &[
            "aarch64", "armv7l", "i686", "ppc64le", "riscv64", "s390x", "x86_64",
        ],
    ),
    ("macosx_10_#_", MACOS),
    ("macosx_11_0_", MACOS),
    ("macosx_12_0_", MACOS),
    ("macosx_13_0_", MACOS),
    ("macosx_14_0_", MACOS),
    ("macosx_15_0_", MACOS),
    ("macosx_26_0_", MACOS),
    (
        "ios_#_#_",
        &[
            "arm64_iphoneos",
            "arm64_iphonesimulator",
            "x86_64_iphoneos",
            "x86_64_iphonesimulator",
        ],
    ),
    ("android_#_", &["arm64_v8a", "armeabi_v7a", "x86", "x86_64"]),
    ("pyemscripten_#_#_", &["wasm32"]),
];

/// Processor architectures of macOS, several in one for some.
const MACOS: &[&str] = &[
    "arm64",
    "fat",
    "fat3",
    "fat64",
    "i386",
    "intel",
    "ppc",
    "ppc64",
    "universal",
    "universal2",
    "x86_64",
];

/// Whether PyPI takes wheels with this platform tag, given in lower case.
#[must_use]
pub fn pypi_takes_platform(platform: &str) -> bool {
    WHOLE.contains(&platform)
        || NUMBERED.iter().any(|(pattern, architectures)| {
            after_pattern(platform, pattern).is_some_and(|rest| architectures.contains(&rest))
        })
}

/// What follows the pattern, if the platform begins with it.
fn after_pattern<'a>(platform: &'a str, pattern: &str) -> Option<&'a str> {
    let mut scanner = Scanner::new(platform);
    for (i, piece) in pattern.split('#').enumerate() {
        if i > 0 {
            scanner.take_digits()?;
        }
        if !scanner.eat(piece) {
            return None;
        }
    }
    Some(scanner.rest())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn platforms_that_are_taken() {
        for platform in [
            "any",
            "win_arm64",
            "manylinux2014_s390x",
            "manylinux_2_17_riscv64",
            "musllinux_1_2_x86_64",
            "macosx_10_9_universal2",
            "macosx_11_0_arm64",
            "ios_13_0_arm64_iphoneos",
            "android_24_arm64_v8a",
            "pyemscripten_2026_0_wasm32",
        ] {
            assert!(pypi_takes_platform(platform), "{platform}");
        }
    }

    #[test]
    fn platforms_that_are_refused() {
        for platform in [
            "linux_x86_64",
            "manylinux_2_17_ppc",
            "musllinux_1_2_ppc64",
            "manylinux_2_x86_64",
            "macosx_11_3_arm64",
            "macosx_10_15",
            "macosx_10_15_sparc",
            "freebsd_14_amd64",
            "pyodide_2024_0_wasm32",
            "win32x",
            "",
        ] {
            assert!(!pypi_takes_platform(platform), "{platform}");
        }
    }
}
