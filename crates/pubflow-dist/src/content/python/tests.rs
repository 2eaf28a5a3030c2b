use super::*;

fn source(text: &str) -> Source {
    Source::parse(text.as_bytes(), "demo").unwrap()
}

#[track_caller]
fn check_fault(text: &str, line: usize, what: &str) {
    let fault = source(text).fault.unwrap_or_else(|| panic!("{text:?}"));
    assert_eq!((fault.line, fault.what), (line, what), "{text:?}");
}

#[track_caller]
fn check_good(text: &str) {
    assert_eq!(source(text).fault, None, "{text:?}");
}

#[test]
fn sources_that_compile_have_no_fault() {
    for text in [
        "",
        "#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n",
        "x = 1; y = 2\nif x: y\nelse: x\n",
        "def f(a, *, b=1, **c) -> int:\n    return (a +\n  b)\n",
        "class A(B):\n\tx: int\n\tdef f(self):\n\t\treturn self.x\n",
        "x = 'a' 'b' \"c\" \\\n    'd'\n",
        "x = '''\nno \"end'' of\n'''\nprint(x, end='')\n",
        "match = 1\nmatch[0] = case = type(match)\nprint = match\n",
        "match x:\n    case [1, *_]:\n        pass\n    case _: pass\n",
        "type X = int\n",
        "f'{x!r:>{width}} {{}} {a[\"b\"]} \\{x} \\N{DASH}'\n",
        "f'{', '.join(x)} {f'{y}'}'\n",
        "rf'\\{x:\\d+}'\n",
        "x = 0xFF + 0o17 + 0b1 + 1_000 + 1e-5 + .5 + 1j + 00 + 1if y else 2\n",
        "from x import *\nfrom . import (a as b, c,)\n",
        "x[1:2, ::3] = lambda: 0\nif (lambda: 1)(): pass\nfor x in lambda: 1, 2: pass\n",
        "@a.b(c)\nasync def f():\n    async with a as b, c: pass\n    await x\n",
        "if x:\n    pass\n  # odd comment\n\nelse:\n    pass\n",
        "print >>f, x\n",
        "x = not y\nreturn_ = yield_\nassert x is not None, 'no'\n",
        "try:\n  pass\nexcept (A, B) as e:\n  raise X from e\n",
        "def f():\n    global a, b\n    x = yield\n    return\n",
        "x = 1\x0c\ny = 2\r\nz = 3\r",
        "é = ñ\n",
    ] {
        check_good(text);
    }
}

#[test]
fn faults_are_found_where_they_are() {
    check_fault("def (:\n", 1, "a bracket that is never closed");
    check_fault("\nprint \"x\"\n", 2, "a `print` statement of Python 2");
    check_fault("exec code in d\n", 1, "an `exec` statement of Python 2");
    check_fault("x = (1,\n2]\n", 2, "a closing bracket without its partner");
    check_fault("x = 'a\n", 1, "a string that is never closed");
    check_fault("x = 1\ny = '''a\n\n", 2, "a string that is never closed");
    check_fault("if x\n    y\n", 1, "a header without `:`");
    check_fault("if x:\ny\n", 2, "a line that should be indented");
    check_fault("if x:\n", 1, "a header without its block");
    check_fault("x\n  y\n", 2, "a line that is indented for no reason");
    check_fault(
        "if x:\n    y\n  z\n",
        3,
        "a line whose indentation fits no block",
    );
    check_fault("x = 0777\n", 1, "an octal number of Python 2");
    check_fault("x = 10L\n", 1, "a long number of Python 2");
    check_fault("if a <> b: pass\n", 1, "the operator `<>` of Python 2");
    check_fault("x = `y`\n", 1, "backticks of Python 2");
    check_fault(
        "x = ur'a'\n",
        1,
        "two expressions without an operator between them",
    );
    check_fault("x =\n", 1, "a line that ends inside of an expression");
    check_fault("<<<<<<< HEAD\n", 1, "a mark of an unfinished merge");
    check_fault(
        "import {{ name }}\nx = a b\n",
        2,
        "two expressions without an operator between them",
    );
}

#[test]
fn encodings_are_respected() {
    let latin = b"# coding: latin-1\nx = '\xe9'\n";
    assert_eq!(Source::parse(latin, "demo"), None);
    let fault = Source::parse(b"x = 1\ny = '\xe9'\n", "demo").unwrap().fault;
    assert_eq!(fault.map(|fault| fault.line), Some(2));
}

#[test]
fn newer_syntax_is_dated() {
    let minor = |text| source(text).need.map(|need| (need.minor, need.line));
    assert_eq!(minor("x = 1\n"), None);
    assert_eq!(minor("\nf'{x}'\n"), Some((6, 2)));
    assert_eq!(minor("if (x := 1): pass\n"), Some((8, 1)));
    assert_eq!(minor("def f(a, /, b): pass\n"), Some((8, 1)));
    assert_eq!(minor("def f(a, b=c/d): pass\n"), None);
    assert_eq!(minor("match x:\n  case 1: pass\n"), Some((10, 1)));
    assert_eq!(minor("try: pass\nexcept* A: pass\n"), Some((11, 2)));
    assert_eq!(minor("f'{x['a']}'\n"), Some((12, 1)));
    assert_eq!(minor("f'''{x['a']}'''\n"), Some((6, 1)));
    assert_eq!(minor("class A[T]: pass\n"), Some((12, 1)));
    assert_eq!(minor("type X = int\n"), Some((12, 1)));
    assert_eq!(minor("try: pass\nexcept A, e: pass\n"), Some((14, 2)));
    assert_eq!(minor("t'{x}'\n"), Some((14, 1)));
}

#[test]
fn imports_are_those_that_must_succeed() {
    let text = "import demo.a as b, os, demo.c\nfrom .d import e as f, g\nfrom .. import (h,\n i)\n\
                try:\n    from .j import k\nexcept ImportError:\n    from .l import k\n\
                if x: from .m import n\n\
                def f():\n    from .o import p; import demo.q\n";
    let imports = source(text).imports;
    let shown: Vec<String> = imports
        .iter()
        .map(|import| {
            let Import {
                line,
                level,
                module,
                names,
                is_in_function,
            } = import;
            format!(
                "{line} {level} {module} {} {is_in_function}",
                names.join(",")
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            "1 0 demo.a  false",
            "1 0 demo.c  false",
            "2 1 d e,g false",
            "3 2  h,i false",
            "11 1 o p true",
            "11 0 demo.q  true",
        ]
    );
}

#[test]
fn names_of_a_module_are_those_outside_of_functions() {
    let source = source(
        "import os.path as p\nif x:\n    def main(a): b = 1\nclass A:\n    def m(self):\n        global g\n        c = 1\n",
    );
    let mut names: Vec<&str> = source.names.iter().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["A", "a", "b", "g", "main", "os", "p", "path", "x"]);
    assert!(!source.is_dynamic);
    assert!(self::source("from x import *\n").is_dynamic);
    assert!(self::source("def __getattr__(name): pass\n").is_dynamic);
}

#[test]
fn documentation_is_told_from_values() {
    let source = source("'''one\ntwo\n'''\nx = '''a\nb'''\n");
    assert_eq!(source.docstrings, [(1, 3)]);
    assert!(source.is_documentation(2));
    assert!(!source.is_documentation(5));
}

#[test]
fn no_text_makes_it_panic() {
    let parts = [
        "f'", "{", "}", "'''", "\"", "(", ")", "\\", "\n", ":", "é", "x", " ", "if", "0", ".", "N",
    ];
    let mut state = 1u32;
    let mut n_faults = 0;
    for _ in 0..20_000 {
        let mut text = String::new();
        for _ in 0..8 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            text.push_str(parts[(state >> 16) as usize % parts.len()]);
        }
        n_faults += usize::from(source(&text).fault.is_some());
    }
    assert!(n_faults > 1000);
    let deep = format!("{}{}", "f'{".repeat(100_000), "(".repeat(100_000));
    assert!(source(&deep).is_dynamic);
}
