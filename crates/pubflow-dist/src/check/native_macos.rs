//! P1210: the oldest macOS of native code against the tag.

use pubflow_finding::{Finding, Findings, Rule, Severity};

use super::native_platform::{natives, platforms};
use super::report;
use crate::content::native::Arch;
use crate::wheel::Wheel;

pub(super) static RULE: Rule = Rule {
    code: "P1210",
    name: "native-macos-version",
    severity: Severity::Warning,
    source: "PEP 425",
    refused_by: &[],
    about: "Native code was built for a newer macOS than the platform tag promises.",
    why: "Installers go by the tag, so users of the older system get a module that fails to load \
            or calls functions that are not there.",
    cure: "Set `MACOSX_DEPLOYMENT_TARGET` to the version of the tag for all parts of the build, \
            bundled libraries included.",
    bad: "macosx_11_0_arm64 with a library for macOS 14.0",
    good: "macosx_14_0_arm64 with a library for macOS 14.0",
};

pub(super) fn check(wheel: &Wheel, findings: &mut Findings) {
    let promised = platforms(wheel)
        .iter()
        .filter_map(|platform| platform.version("macosx_"))
        .min();
    let Some(promised) = promised else {
        return;
    };
    let found = natives(wheel).filter_map(|(entry, native)| {
        // Apple's own processors never ran anything older than macOS 11.
        let allowed = |arch: Arch| match arch {
            Arch::Arm64 => promised.max((11, 0)),
            _ => promised,
        };
        let (_, (major, minor)) = native
            .macos
            .iter()
            .find(|(arch, version)| *version > allowed(*arch))?;
        let path = entry.path.as_str();
        let (x, y) = promised;
        let message = format!("`{path}` needs macOS {major}.{minor}, the tag promises {x}.{y}");
        Some(
            Finding::new(&RULE, message)
                .member(path)
                .next("set MACOSX_DEPLOYMENT_TARGET to the version of the tag and build again"),
        )
    });
    report::capped(&RULE, found, findings);
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_wheel, wheel};
    use super::*;

    /// A Mach-O file with the lowest macOS.
    fn macho(cpu: u32, major: u32, minor: u32) -> Vec<u8> {
        let header = [0xfeed_facf, cpu, 0, 6, 1, 16, 0, 0];
        let command = [0x24, 16, major << 16 | minor << 8, 0];
        header
            .iter()
            .chain(&command)
            .flat_map(|number: &u32| number.to_le_bytes())
            .collect()
    }

    fn found(tag: &str, file: Vec<u8>) -> Vec<Finding> {
        in_wheel(&wheel().tag(tag).file("demo/a.so", file), check)
    }

    #[test]
    fn versions_up_to_the_tag_are_quiet() {
        expect(
            &found("cp312-cp312-macosx_10_13_x86_64", macho(0x0100_0007, 10, 9)),
            &[],
        );
        expect(
            &found(
                "cp312-cp312-macosx_10_9_universal2",
                macho(0x0100_000c, 11, 0),
            ),
            &[],
        );
    }

    #[test]
    fn newer_versions_are_found() {
        expect(
            &found("cp312-cp312-macosx_10_13_x86_64", macho(0x0100_0007, 14, 0)),
            &["warning -: `demo/a.so` needs macOS 14.0, the tag promises 10.13 (demo/a.so)"],
        );
    }
}
