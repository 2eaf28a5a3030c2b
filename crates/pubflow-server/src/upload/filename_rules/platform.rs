//! The platform tags that PyPI accepts (R124). The lists grow; they are as of August 2026.

const PLAIN: [&str; 7] = [
    "any",
    "win32",
    "win_amd64",
    "win_arm64",
    "win_ia64",
    "linux_armv6l",
    "linux_armv7l",
];

/// The older names of manylinux with their architectures.
const MANYLINUX_LEGACY: [(&str, &[&str]); 3] = [
    ("manylinux1_", &["x86_64", "i686"]),
    ("manylinux2010_", &["x86_64", "i686"]),
    (
        "manylinux2014_",
        &[
            "x86_64", "i686", "aarch64", "armv7l", "ppc64", "ppc64le", "s390x",
        ],
    ),
];

const MUSLLINUX: [&str; 7] = [
    "x86_64", "i686", "aarch64", "armv7l", "ppc64le", "s390x", "riscv64",
];

const MACOS_MAJORS: [&str; 6] = ["11", "12", "13", "14", "15", "26"];

const MACOS: [&str; 11] = [
    "ppc",
    "ppc64",
    "i386",
    "x86_64",
    "arm64",
    "intel",
    "fat",
    "fat3",
    "fat64",
    "universal",
    "universal2",
];

const IOS: [&str; 3] = [
    "arm64_iphoneos",
    "arm64_iphonesimulator",
    "x86_64_iphonesimulator",
];

const ANDROID: [&str; 4] = ["armeabi_v7a", "arm64_v8a", "x86", "x86_64"];

/// Whether PyPI takes wheels with this platform tag.
pub(super) fn is_allowed(tag: &str) -> bool {
    PLAIN.contains(&tag)
        || MANYLINUX_LEGACY.iter().any(|(prefix, machines)| {
            tag.strip_prefix(prefix)
                .is_some_and(|machine| machines.contains(&machine))
        })
        || versioned(tag, "manylinux_")
            .is_some_and(|(_, _, rest)| MUSLLINUX.contains(&rest) || rest == "ppc64")
        || versioned(tag, "musllinux_").is_some_and(|(_, _, rest)| MUSLLINUX.contains(&rest))
        || versioned(tag, "macosx_").is_some_and(|(major, minor, rest)| {
            (major == "10" || MACOS_MAJORS.contains(&major) && minor == "0")
                && MACOS.contains(&rest)
        })
        || versioned(tag, "ios_").is_some_and(|(_, _, rest)| IOS.contains(&rest))
        || versioned(tag, "pyemscripten_").is_some_and(|(_, _, rest)| rest == "wasm32")
        || tag
            .strip_prefix("android_")
            .and_then(|rest| rest.split_once('_'))
            .is_some_and(|(level, rest)| is_number(level) && ANDROID.contains(&rest))
}

/// Splits `PREFIX_MAJOR_MINOR_REST`.
fn versioned<'t>(tag: &'t str, prefix: &str) -> Option<(&'t str, &'t str, &'t str)> {
    let (major, rest) = tag.strip_prefix(prefix)?.split_once('_')?;
    let (minor, rest) = rest.split_once('_')?;
    (is_number(major) && is_number(minor)).then_some((major, minor, rest))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_pypi_takes() {
        for tag in [
            "any",
            "win_arm64",
            "linux_armv7l",
            "manylinux1_i686",
            "manylinux2014_s390x",
            "manylinux_2_39_riscv64",
            "musllinux_1_2_aarch64",
            "macosx_10_9_x86_64",
            "macosx_26_0_universal2",
            "ios_13_0_arm64_iphoneos",
            "android_21_arm64_v8a",
            "pyemscripten_2025_0_wasm32",
        ] {
            assert!(is_allowed(tag), "{tag}");
        }
    }

    #[test]
    fn what_pypi_refuses() {
        for tag in [
            "",
            "linux_x86_64",
            "manylinux1_aarch64",
            "manylinux_2_x86_64",
            "musllinux_1_2_ppc64",
            "macosx_12_3_arm64",
            "macosx_16_0_arm64",
            "ios_13_0_x86_64_iphoneos",
            "android_x_x86",
            "emscripten_3_1_58_wasm32",
        ] {
            assert!(!is_allowed(tag), "{tag}");
        }
    }
}
