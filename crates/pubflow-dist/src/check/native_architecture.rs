//! P1204: native code for the processor of the tag.

use pubflow_finding::{Finding, Findings, Refuser, Rule, Severity};

use super::native_platform::{Suffix, natives, platforms, suffix};
use super::report;
use crate::wheel::Wheel;

pub(super) static RULE: Rule = Rule {
    code: "P1204",
    name: "native-architecture",
    severity: Severity::Error,
    source: "PEP 425, PEP 600",
    refused_by: &[Refuser::Spec],
    about: "An extension module is built for another processor or system than the platform tag of \
            the wheel.",
    why: "The index takes it and installers install it, then every import of the module fails.",
    cure: "Usually a cross build took the wrong compiler, or the wheel was retagged by hand: \
            build it for its platform, for example with cibuildwheel.",
    bad: "demo-1.0-cp312-cp312-macosx_11_0_arm64.whl with an x86_64 library",
    good: "demo-1.0-cp312-cp312-macosx_11_0_x86_64.whl with an x86_64 library",
};

pub(super) fn check(wheel: &Wheel, findings: &mut Findings) {
    let platforms = platforms(wheel);
    let Some(first) = platforms.first() else {
        return;
    };
    let fits = |native| platforms.iter().any(|platform| platform.fits(native));
    // Tools that serve several processors carry code for each: then files without a suffix of
    // Python's are data.
    let is_mixed = natives(wheel).any(|(_, native)| fits(native));
    let found = natives(wheel).filter_map(|(entry, native)| {
        let (_, kind) = suffix(entry.path.file_name())?;
        if fits(native) || (is_mixed && kind == Suffix::Other) {
            return None;
        }
        let path = entry.path.as_str();
        let arches: Vec<&str> = native.arches.iter().map(|arch| arch.as_str()).collect();
        let system = match native.format {
            crate::content::native::Format::Elf => "ELF",
            crate::content::native::Format::MachO => "Mach-O",
            crate::content::native::Format::Pe => "Windows",
        };
        let message = format!(
            "`{path}` is {system} code for {}, but the wheel is for `{}`",
            arches.join(" and "),
            first.tag
        );
        Some(
            Finding::new(&RULE, message)
                .member(path)
                .next("build the wheel for its platform, for example with cibuildwheel"),
        )
    });
    report::capped(&RULE, found, findings);
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_wheel, wheel};
    use super::*;

    /// An ELF header for a processor.
    fn elf(machine: u8) -> Vec<u8> {
        let mut file = vec![0; 64];
        file[..6].copy_from_slice(b"\x7fELF\x02\x01");
        file[18] = machine;
        file
    }

    #[test]
    fn code_for_the_tag_is_quiet() {
        let name = "demo/a.cpython-312-x86_64-linux-gnu.so";
        let tag = "cp312-cp312-manylinux_2_17_x86_64";
        expect(&in_wheel(&wheel().tag(tag).file(name, elf(62)), check), &[]);
        // A helper for another processor beside it.
        let builder = wheel()
            .tag(tag)
            .file(name, elf(62))
            .file("demo/helper.so", elf(183));
        expect(&in_wheel(&builder, check), &[]);
    }

    #[test]
    fn code_for_another_processor_is_found() {
        let builder = wheel()
            .tag("cp312-cp312-manylinux_2_17_aarch64")
            .file("demo/a.cpython-312-aarch64-linux-gnu.so", elf(62));
        expect(
            &in_wheel(&builder, check),
            &[
                "error spec: `demo/a.cpython-312-aarch64-linux-gnu.so` is ELF code for x86_64, but the wheel is for `manylinux_2_17_aarch64` (demo/a.cpython-312-aarch64-linux-gnu.so)",
            ],
        );
    }
}
