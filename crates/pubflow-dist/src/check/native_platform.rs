//! What the platform tags of a wheel promise about its native code, for the checks that compare.

use crate::content::native::{Arch, Format, Native};
use crate::entry::Entry;
use crate::wheel::Wheel;

/// The processors that a platform tag stands for, and the format of its native code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Platform<'a> {
    pub(super) tag: &'a str,
    pub(super) format: Format,
    pub(super) arches: &'static [Arch],
}

/// The endings of platform tags and what they mean. Longer ones first where one ends another.
const PROCESSORS: &[(&str, &[Arch])] = &[
    ("x86_64", &[Arch::X86_64]),
    ("amd64", &[Arch::X86_64]),
    ("i686", &[Arch::X86]),
    ("i386", &[Arch::X86]),
    ("x86", &[Arch::X86]),
    ("aarch64", &[Arch::Arm64]),
    ("arm64", &[Arch::Arm64]),
    ("arm64_v8a", &[Arch::Arm64]),
    ("armv6l", &[Arch::Arm]),
    ("armv7l", &[Arch::Arm]),
    ("armeabi_v7a", &[Arch::Arm]),
    ("ppc64le", &[Arch::Ppc64Le]),
    ("ppc64", &[Arch::Ppc64]),
    ("s390x", &[Arch::S390x]),
    ("riscv64", &[Arch::Riscv64]),
    ("universal2", &[Arch::X86_64, Arch::Arm64]),
    ("intel", &[Arch::X86_64, Arch::X86]),
];

impl<'a> Platform<'a> {
    /// `None` for `any` and for platforms that are not known here.
    pub(super) fn of(tag: &'a str) -> Option<Self> {
        let format = if ["manylinux", "musllinux", "linux_", "android"]
            .iter()
            .any(|start| tag.starts_with(start))
        {
            Format::Elf
        } else if tag.starts_with("macosx_") {
            Format::MachO
        } else if tag.starts_with("win") {
            Format::Pe
        } else {
            return None;
        };
        if tag == "win32" {
            let arches = &[Arch::X86];
            return Some(Self {
                tag,
                format,
                arches,
            });
        }
        let (_, arches) = PROCESSORS
            .iter()
            .find(|(ending, _)| tag.strip_suffix(ending).is_some_and(|s| s.ends_with('_')))?;
        Some(Self {
            tag,
            format,
            arches,
        })
    }

    /// Whether the native code runs on one of its processors.
    pub(super) fn fits(&self, native: &Native) -> bool {
        self.format == native.format && self.arches.iter().any(|arch| native.arches.contains(arch))
    }

    /// The numbers of a tag such as `manylinux_2_17_x86_64` or `macosx_10_9_arm64` behind `start`.
    pub(super) fn version(&self, start: &str) -> Option<(u32, u32)> {
        let mut parts = self.tag.strip_prefix(start)?.split('_');
        Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
    }
}

/// The platforms that the file name tells, as far as they are known.
pub(super) fn platforms(wheel: &Wheel) -> Vec<Platform<'_>> {
    wheel.filename().map_or_else(
        |_| Vec::new(),
        |filename| {
            let tags = filename.tag_set.platforms();
            tags.iter().filter_map(|tag| Platform::of(tag)).collect()
        },
    )
}

/// The members that are native code, with their headers.
pub(super) fn natives(wheel: &Wheel) -> impl Iterator<Item = (&Entry, &Native)> {
    wheel.entries().iter().filter_map(|entry| {
        let content = wheel.archive().content(entry.path.as_str())?;
        Some((entry, content.native.as_ref()?))
    })
}

/// What the suffix of an extension module says about where it can be imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Suffix<'a> {
    /// `.cpython-312-x86_64-linux-gnu.so`, `.cp312-win_amd64.pyd`: the part behind `cp`.
    Cpython(&'a str),
    /// `.abi3.so`.
    Abi3,
    /// `.so`, `.pyd`, and suffixes of other implementations.
    Other,
}

/// The suffix of an extension module; `None` for other files.
pub(super) fn suffix(file_name: &str) -> Option<(&str, Suffix<'_>)> {
    let (stem, rest) = file_name.split_once('.')?;
    let is_extension = rest.ends_with("so") || rest.ends_with("pyd");
    if stem.starts_with("lib") || !is_extension {
        return None;
    }
    let first = rest.split(['.', '-']).next()?;
    let suffix = match first {
        "abi3" => Suffix::Abi3,
        "cpython" => Suffix::Cpython(rest.split(['.', '-']).nth(1)?),
        first => match first.strip_prefix("cp") {
            Some(version) if version.starts_with(|c: char| c.is_ascii_digit()) => {
                Suffix::Cpython(version)
            }
            _ => Suffix::Other,
        },
    };
    Some((stem, suffix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_tell_format_and_processor() {
        let check = |tag, format, arch: &[Arch]| {
            let platform = Platform::of(tag).unwrap();
            assert_eq!((platform.format, platform.arches), (format, arch), "{tag}");
        };
        check("manylinux_2_17_ppc64le", Format::Elf, &[Arch::Ppc64Le]);
        check("manylinux1_i686", Format::Elf, &[Arch::X86]);
        check("macosx_11_0_arm64", Format::MachO, &[Arch::Arm64]);
        check("win32", Format::Pe, &[Arch::X86]);
        check("win_arm64", Format::Pe, &[Arch::Arm64]);
        check("android_21_arm64_v8a", Format::Elf, &[Arch::Arm64]);
        assert_eq!(Platform::of("any"), None);
        assert_eq!(
            Platform::of("macosx_10_9_x86_64")
                .unwrap()
                .version("macosx_"),
            Some((10, 9))
        );
    }

    #[test]
    fn suffixes_tell_the_python() {
        let check = |name, expected| assert_eq!(suffix(name).map(|(_, s)| s), expected, "{name}");
        check(
            "a.cpython-312-x86_64-linux-gnu.so",
            Some(Suffix::Cpython("312")),
        );
        check("a.cpython-313t-darwin.so", Some(Suffix::Cpython("313t")));
        check("a.cp312-win_amd64.pyd", Some(Suffix::Cpython("312")));
        check("a.abi3.so", Some(Suffix::Abi3));
        check("a.pypy39-pp73-x86_64-linux-gnu.so", Some(Suffix::Other));
        check("a.so", Some(Suffix::Other));
        check("libfoo.so", None);
        check("a.so.1", None);
        check("a.py", None);
    }
}
