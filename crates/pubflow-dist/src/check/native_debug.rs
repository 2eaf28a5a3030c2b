//! P1208: debug information in native code.

use pubflow_finding::{Finding, Findings, Rule, Severity};

use super::native_platform::natives;
use super::report;
use crate::wheel::Wheel;

pub(super) static RULE: Rule = Rule {
    code: "P1208",
    name: "native-debug-information",
    severity: Severity::Warning,
    source: "advice",
    refused_by: &[],
    about: "Most of a library is debug information, which nobody but the author needs.",
    why: "Every installation downloads and stores it, and it counts against the project's quota.",
    cure: "Strip the library after the build (`strip --strip-debug`, `auditwheel repair --strip`) \
            and keep the information elsewhere.",
    bad: "demo/core.so   40 MB, 36 MB of it in .debug_info",
    good: "demo/core.so   4 MB",
};

/// Less hurts nobody.
const FROM_BYTES: u64 = 256 << 10;

pub(super) fn check(wheel: &Wheel, findings: &mut Findings) {
    let found = natives(wheel).filter_map(|(entry, native)| {
        let path = entry.path.as_str();
        let bytes = native.debug_bytes;
        (bytes >= FROM_BYTES && bytes > entry.size / 4).then(|| {
            let message = format!("`{path}` holds {} KiB of debug information", bytes >> 10);
            Finding::new(&RULE, message)
                .member(path)
                .next("strip the library after the build")
        })
    });
    report::capped(&RULE, found, findings);
}

#[cfg(test)]
mod tests {
    use super::super::testing::{in_wheel, wheel};
    use super::*;

    /// An ELF file with one section of that name.
    fn elf(section: &[u8], bytes: u64) -> Vec<u8> {
        let mut file = vec![0; 512];
        let mut set = |at: usize, bytes: &[u8]| file[at..at + bytes.len()].copy_from_slice(bytes);
        set(0, b"\x7fELF\x02\x01");
        set(18, &62u16.to_le_bytes());
        set(40, &128u64.to_le_bytes());
        set(58, &64u16.to_le_bytes());
        set(60, &2u16.to_le_bytes());
        // Section 0 holds the names, section 1 is the one in question.
        set(128 + 24, &64u64.to_le_bytes());
        set(192, &1u32.to_le_bytes());
        set(192 + 32, &bytes.to_le_bytes());
        set(65, section);
        file
    }

    #[test]
    fn code_and_small_information_are_quiet() {
        let name = "demo/a.so";
        assert_eq!(
            in_wheel(&wheel().file(name, elf(b".text", 1 << 20)), check).len(),
            0
        );
        assert_eq!(
            in_wheel(&wheel().file(name, elf(b".debug_info", 99)), check).len(),
            0
        );
    }

    #[test]
    fn much_information_is_found() {
        let found = in_wheel(
            &wheel().file("demo/a.so", elf(b".debug_info", 1 << 20)),
            check,
        );
        assert_eq!(
            found[0].message,
            "`demo/a.so` holds 1024 KiB of debug information"
        );
    }
}
