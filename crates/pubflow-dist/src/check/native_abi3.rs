//! P1206: native code that uses more than the stable interface its tag promises.

use std::collections::HashMap;
use std::sync::LazyLock;

use pubflow_finding::{Finding, Findings, Refuser, Rule, Severity};

use super::native_platform::natives;
use super::report;
use crate::wheel::Wheel;

pub(super) static RULE: Rule = Rule {
    code: "P1206",
    name: "stable-interface",
    severity: Severity::Error,
    source: "PEP 384",
    refused_by: &[Refuser::Spec],
    about: "The tag says `abi3` from some Python on, and an extension module needs a function of \
            Python that is not in the stable interface, or came into it with a later version.",
    why: "Installers go by the tag: on an older Python the module cannot be loaded, and on a newer \
          one the function may be gone.",
    cure: "Define `Py_LIMITED_API` for the oldest Python when the module is compiled, or build a \
           wheel for each Python.",
    bad: "demo-1.0-cp39-abi3-manylinux_2_17_x86_64.whl whose module needs PyDict_GetItemRef (3.13)",
    good: "demo-1.0-cp39-abi3-manylinux_2_17_x86_64.whl whose module needs PyDict_GetItemWithError",
};

/// Symbols of the stable interface as CPython 3.13 exports them, each with the minor version that
/// brought it; none for 3.11 and before.
static SYMBOLS: LazyLock<HashMap<&str, u32>> = LazyLock::new(|| {
    include_str!("stable_abi.txt")
        .lines()
        .map(|line| match line.split_once(' ') {
            Some((name, minor)) => (name, minor.parse().unwrap_or(0)),
            None => (line, 0),
        })
        .collect()
});
/// What the table knows.
const NEWEST: u32 = 13;

pub(super) fn check(wheel: &Wheel, findings: &mut Findings) {
    let Ok(filename) = wheel.filename() else {
        return;
    };
    let tags = &filename.tag_set;
    let is_stable = tags.abis().iter().all(|abi| abi == "abi3");
    let oldest = tags
        .pythons()
        .iter()
        .filter_map(|python| minor_of(python))
        .min();
    let Some(oldest) = oldest.filter(|_| is_stable) else {
        return;
    };
    let found = natives(wheel).filter_map(|(entry, native)| {
        let path = entry.path.as_str();
        // Other libraries may be bound to one Python; they are not imported.
        let is_module = path.contains(".abi3.") || path.ends_with(".so");
        let fault = native
            .python_symbols
            .iter()
            .find_map(|symbol| fault(symbol, oldest))
            .filter(|_| is_module)?;
        Some(
            Finding::new(&RULE, format!("`{path}` needs {fault}"))
                .member(path)
                .next("define `Py_LIMITED_API` for the oldest Python and build again"),
        )
    });
    report::capped(&RULE, found, findings);
}

/// What is wrong with needing the symbol from Python 3.`oldest` on.
fn fault(symbol: &str, oldest: u32) -> Option<String> {
    match SYMBOLS.get(symbol) {
        Some(minor) if *minor > oldest => Some(format!(
            "`{symbol}`, which is stable from 3.{minor} on, but the tag says 3.{oldest}"
        )),
        Some(_) => None,
        None if oldest > NEWEST => None,
        None => Some(format!(
            "`{symbol}`, which is not in the stable interface of 3.{oldest}"
        )),
    }
}

/// `cp39` as 9.
fn minor_of(python: &str) -> Option<u32> {
    python.strip_prefix("cp3")?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{expect, in_wheel, wheel};
    use super::*;
    use crate::content::native::elf_with_symbols;

    fn builder(tag: &str, symbols: &[&str]) -> pubflow_testkit::WheelBuilder {
        wheel()
            .tag(tag)
            .file("demo/a.abi3.so", elf_with_symbols(symbols))
    }

    #[test]
    fn stable_symbols_are_quiet() {
        let symbols = ["PyList_New", "Py_IsFinalizing", "malloc"];
        for tag in [
            "cp313-abi3-manylinux_2_17_x86_64",
            "cp39-cp39-manylinux_2_17_x86_64",
        ] {
            expect(&in_wheel(&builder(tag, &symbols), check), &[]);
        }
        let builder = builder("cp314-abi3-manylinux_2_17_x86_64", &["PyNew_Thing"]);
        expect(&in_wheel(&builder, check), &[]);
    }

    #[test]
    fn other_symbols_are_found() {
        let tag = "cp39-abi3-manylinux_2_17_x86_64";
        expect(
            &in_wheel(&builder(tag, &["PyList_New", "PyDict_GetItemRef"]), check),
            &[
                "error spec: `demo/a.abi3.so` needs `PyDict_GetItemRef`, which is stable from 3.13 on, but the tag says 3.9 (demo/a.abi3.so)",
            ],
        );
        expect(
            &in_wheel(&builder(tag, &["_PyUnicode_Ready"]), check),
            &[
                "error spec: `demo/a.abi3.so` needs `_PyUnicode_Ready`, which is not in the stable interface of 3.9 (demo/a.abi3.so)",
            ],
        );
    }
}
