//! P1205: what native code needs of the system, against the manylinux or musllinux tag.

use std::collections::HashSet;

use pubflow_finding::{Finding, Findings, Refuser, Rule, Severity};

use super::native_platform::{natives, platforms};
use super::report;
use crate::content::native::{Format, Native};
use crate::wheel::Wheel;

pub(super) static RULE: Rule = Rule {
    code: "P1205",
    name: "native-libraries",
    severity: Severity::Error,
    source: "PEP 600, PEP 656",
    refused_by: &[Refuser::Spec],
    about: "Native code uses symbols of a newer glibc than the `manylinux` tag promises, or the C \
            library of the other family, or it needs a library that is neither in the wheel nor \
            on every system.",
    why: "Installers go by the tag, so the wheel is installed where its modules cannot be loaded.",
    cure: "Let `auditwheel repair` choose the tag and copy the libraries, or build in the \
            container of the platform.",
    bad: "manylinux_2_17_x86_64 with a library that needs GLIBC_2.34",
    good: "manylinux_2_34_x86_64 with a library that needs GLIBC_2.34",
};

/// Libraries that every Linux system of the policy has (PEP 600 keeps the list of PEP 513).
const ALLOWED: &[&str] = &[
    "libGL",
    "libICE",
    "libSM",
    "libX11",
    "libXext",
    "libXrender",
    "libanl",
    "libatomic",
    "libc",
    "libdl",
    "libexpat",
    "libgcc_s",
    "libglib-2.0",
    "libgobject-2.0",
    "libgthread-2.0",
    "libm",
    "libmvec",
    "libnsl",
    "libpthread",
    "libresolv",
    "librt",
    "libstdc++",
    "libutil",
    "libz",
];

pub(super) fn check(wheel: &Wheel, findings: &mut Findings) {
    let platforms = platforms(wheel);
    // A compressed tag promises each of its alternatives.
    let promised = platforms.iter().filter_map(|p| glibc_of(p.tag)).min();
    let is_musl = platforms.iter().any(|p| p.tag.starts_with("musllinux"));
    let is_policy = promised.is_some() || is_musl;
    if !is_policy {
        return;
    }
    let shipped: HashSet<&str> = wheel.entries().iter().map(|e| e.path.file_name()).collect();
    // A library may come with a dependency.
    let is_alone = wheel
        .metadata()
        .is_none_or(|metadata| metadata.first("Requires-Dist").is_none());
    let found = natives(wheel)
        .filter(|(_, native)| native.format == Format::Elf)
        .filter_map(|(entry, native)| {
            let path = entry.path.as_str();
            let finding = match fault(native, promised, is_musl) {
                Some(fault) => Finding::new(&RULE, format!("`{path}` {fault}")),
                None => {
                    let library =
                        native.needed.iter().filter(|_| is_alone).find(|library| {
                            !is_allowed(library) && !shipped.contains(file(library))
                        })?;
                    let message = format!("`{path}` needs `{library}`, which is not in the wheel");
                    Finding::new(&RULE, message)
                        .severity(Severity::Warning)
                        .refused_by(&[])
                }
            };
            Some(
                finding
                    .member(path)
                    .next("run `auditwheel repair`, or build in the container of the platform"),
            )
        });
    report::capped(&RULE, found, findings);
}

/// The glibc that a tag promises.
fn glibc_of(tag: &str) -> Option<(u32, u32)> {
    let old = [
        ("manylinux1_", (2, 5)),
        ("manylinux2010_", (2, 12)),
        ("manylinux2014_", (2, 17)),
    ];
    if let Some((_, version)) = old.iter().find(|(start, _)| tag.starts_with(start)) {
        return Some(*version);
    }
    let mut parts = tag.strip_prefix("manylinux_")?.split('_');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

fn fault(native: &Native, promised: Option<(u32, u32)>, is_musl: bool) -> Option<String> {
    let needs = |start: &str| native.needed.iter().find(|name| name.starts_with(start));
    if let (Some((major, minor)), Some(promised)) = (native.glibc, promised)
        && (major, minor) > promised
    {
        let (x, y) = promised;
        return Some(format!(
            "needs glibc {major}.{minor}, the tag promises {x}.{y}"
        ));
    }
    match (needs("libc.musl"), needs("libc.so.6")) {
        (Some(library), _) if promised.is_some() => {
            Some(format!("needs `{library}`, which systems of its tag lack"))
        }
        (_, Some(library)) if is_musl && promised.is_none() => {
            Some(format!("needs `{library}`, which systems of its tag lack"))
        }
        _ => None,
    }
}

fn file(library: &str) -> &str {
    library.rsplit('/').next().unwrap_or(library)
}

fn is_allowed(library: &str) -> bool {
    let stem = library.split(".so").next().unwrap_or(library);
    ALLOWED.contains(&stem) || library.starts_with("ld-") || library.starts_with("libc.musl")
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_wheel, wheel};
    use super::*;
    use crate::content::native::sample_elf;

    const PATH: &str = "demo/a.cpython-312-x86_64-linux-gnu.so";

    fn found(tag: &str, library: &str, version: &str) -> Vec<Finding> {
        let file = sample_elf(library, version, "$ORIGIN");
        in_wheel(&wheel().tag(tag).file(PATH, file), check)
    }

    #[test]
    fn what_the_tag_promises_is_quiet() {
        let tag = "cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64";
        expect(&found(tag, "libm.so.6", "GLIBC_2.17"), &[]);
        expect(
            &found("cp312-cp312-linux_x86_64", "x.so", "GLIBC_2.40"),
            &[],
        );
    }

    #[test]
    fn newer_symbols_and_foreign_libraries_are_found() {
        let tag = "cp312-cp312-manylinux_2_17_x86_64";
        let lines = |found: &[Finding]| found.iter().map(|f| f.message.clone()).collect::<Vec<_>>();
        assert_eq!(
            lines(&found(tag, "libm.so.6", "GLIBC_2.28")),
            [format!("`{PATH}` needs glibc 2.28, the tag promises 2.17")]
        );
        assert_eq!(
            lines(&found(tag, "libssl.so.3", "GLIBC_2.5")),
            [format!(
                "`{PATH}` needs `libssl.so.3`, which is not in the wheel"
            )]
        );
        let musl = "cp312-cp312-musllinux_1_2_x86_64";
        assert_eq!(
            lines(&found(musl, "libc.so.6", "GLIBC_2.5")),
            [format!(
                "`{PATH}` needs `libc.so.6`, which systems of its tag lack"
            )]
        );
    }
}
