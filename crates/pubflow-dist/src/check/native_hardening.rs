//! P1209: paths of the building machine and executable stacks in native code.

use pubflow_finding::{Finding, Findings, Rule, Severity};

use super::native_platform::natives;
use super::report;
use crate::content::native::{Format, Native};
use crate::wheel::Wheel;

pub(super) static RULE: Rule = Rule {
    code: "P1209",
    name: "native-load-paths",
    severity: Severity::Warning,
    source: "advice",
    refused_by: &[],
    about: "A library is looked for at an absolute path that other machines need not have, or \
            native code asks for an executable stack.",
    why: "Such a module cannot be loaded elsewhere, loads whatever lies at that path, or is \
            refused by hardened systems and by glibc from 2.41 on.",
    cure: "Let `auditwheel repair` or `delocate-wheel` copy the libraries into the wheel; link \
            with `-z noexecstack`.",
    bad: "RUNPATH /home/build/demo/lib",
    good: "RUNPATH $ORIGIN/../demo.libs",
};

pub(super) fn check(wheel: &Wheel, findings: &mut Findings) {
    let found = natives(wheel).filter_map(|(entry, native)| {
        let path = entry.path.as_str();
        Some(
            Finding::new(&RULE, format!("`{path}` {}", fault(native)?))
                .member(path)
                .next("repair the wheel with auditwheel or delocate"),
        )
    });
    report::capped(&RULE, found, findings);
}

fn fault(native: &Native) -> Option<String> {
    if native.executable_stack {
        return Some("asks for an executable stack".to_owned());
    }
    let is_system = |path: &str| path.starts_with("/usr/lib") || path.starts_with("/System/");
    let path = native.search_paths.iter().find(|path| {
        // Where vendors install their drivers is known on purpose.
        path.starts_with('/') && !is_system(path) && !path.contains("cuda")
    });
    if let Some(path) = path {
        return Some(format!("looks for its libraries in `{path}`"));
    }
    let library = native
        .needed
        .iter()
        .find(|path| path.starts_with('/') && !is_system(path))?;
    // The loader of Linux is named by its path in some files.
    (native.format == Format::MachO).then(|| format!("needs the library `{library}`"))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{in_wheel, wheel};
    use super::*;
    use crate::content::native::sample_elf;

    #[test]
    fn a_plain_file_is_quiet() {
        let mut file = vec![0; 64];
        file[..6].copy_from_slice(b"\x7fELF\x02\x01");
        assert_eq!(in_wheel(&wheel().file("demo/a.so", file), check).len(), 0);
    }

    #[test]
    fn absolute_paths_and_executable_stacks_are_found() {
        let fault_of = |native: &[u8]| {
            let found = in_wheel(&wheel().file("demo/a.so", native), check);
            found[0].message.clone()
        };
        let mut file = sample_elf("libm.so.6", "GLIBC_2.5", "/opt/demo/lib");
        assert_eq!(fault_of(&file), "`demo/a.so` asks for an executable stack");
        // The flag of the third program header.
        file[64 + 116] = 6;
        assert_eq!(
            fault_of(&file),
            "`demo/a.so` looks for its libraries in `/opt/demo/lib`"
        );
    }
}
