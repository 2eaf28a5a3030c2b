//! Platform tags of wheels that the index takes (R124). The list grows with platforms.

/// Tags without a version.
const FIXED: [&str; 18] = [
    "any",
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
    "win32",
    "win_amd64",
    "win_arm64",
    "win_ia64",
];

const MANYLINUX: [&str; 8] = [
    "aarch64", "armv7l", "i686", "ppc64", "ppc64le", "riscv64", "s390x", "x86_64",
];
const MUSLLINUX: [&str; 7] = [
    "aarch64", "armv7l", "i686", "ppc64le", "riscv64", "s390x", "x86_64",
];
const MACOS: [&str; 11] = [
    "arm64",
    "fat",
    "fat3",
    "fat32",
    "fat64",
    "i386",
    "intel",
    "ppc",
    "ppc64",
    "universal",
    "x86_64",
];
const MACOS_MAJORS: [&str; 6] = ["11", "12", "13", "14", "15", "26"];
const IOS: [&str; 4] = [
    "arm64_iphoneos",
    "arm64_iphonesimulator",
    "x86_64_iphoneos",
    "x86_64_iphonesimulator",
];
const ANDROID: [&str; 4] = ["arm64_v8a", "armeabi_v7a", "x86", "x86_64"];

/// Whether the index takes one platform tag (not a compressed set of them).
#[must_use]
pub fn is_platform_accepted(tag: &str) -> bool {
    if FIXED.contains(&tag) {
        return true;
    }
    let Some((family, rest)) = tag.split_once('_') else {
        return false;
    };
    match family {
        "manylinux" => versioned(rest, 2).is_some_and(|(_, arch)| MANYLINUX.contains(&arch)),
        "musllinux" => versioned(rest, 2).is_some_and(|(_, arch)| MUSLLINUX.contains(&arch)),
        "ios" => versioned(rest, 2).is_some_and(|(_, target)| IOS.contains(&target)),
        "android" => versioned(rest, 1).is_some_and(|(_, arch)| ANDROID.contains(&arch)),
        "pyemscripten" => versioned(rest, 2).is_some_and(|(_, arch)| arch == "wasm32"),
        "macosx" => versioned(rest, 2).is_some_and(|(version, arch)| {
            let known = MACOS.contains(&arch) || arch == "universal2";
            known && macos_version_accepted(version)
        }),
        _ => false,
    }
}

/// From macOS 11 on only the major version counts, and the minor one must be 0.
fn macos_version_accepted(version: &str) -> bool {
    match version.split_once('_') {
        Some(("10", _)) => true,
        Some((major, minor)) => MACOS_MAJORS.contains(&major) && minor == "0",
        None => false,
    }
}

/// Splits `n_m_rest` after `n_numbers` numbers.
fn versioned(text: &str, n_numbers: usize) -> Option<(&str, &str)> {
    let (cut, _) = text.match_indices('_').nth(n_numbers - 1)?;
    let version = &text[..cut];
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    version
        .split('_')
        .all(is_number)
        .then_some((version, &text[cut + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepted_tags() {
        for tag in [
            "any",
            "win_arm64",
            "manylinux2014_s390x",
            "manylinux_2_17_ppc64",
            "manylinux_3_0_s390x",
            "musllinux_1_2_armv7l",
            "macosx_10_5_intel",
            "macosx_10_15_universal2",
            "macosx_26_0_arm64",
            "ios_13_0_x86_64_iphonesimulator",
            "android_27_armeabi_v7a",
            "pyemscripten_2026_0_wasm32",
        ] {
            assert!(is_platform_accepted(tag), "{tag}");
        }
    }

    #[test]
    fn refused_tags() {
        for tag in [
            "",
            "linux_x86_64",
            "manylinux1_aarch64",
            "manylinux_2_17",
            "manylinux_2_x_x86_64",
            "musllinux_1_2_ppc64",
            "macosx_11_2_arm64",
            "macosx_27_0_arm64",
            "macosx_10_15",
            "macosx_10_15_amd64",
            "ios_13_arm64_iphoneos",
            "android_x86",
            "pyemscripten_2025_0_wasm64",
            "emscripten_3_1_58_wasm32",
            "Win32",
        ] {
            assert!(!is_platform_accepted(tag), "{tag}");
        }
    }
}
