//! Random texts of the grammars of packaging: well-formed ones, odd ones, and damaged ones.
//!
//! Random characters alone never get past the first step of a grammar, so each text is built by
//! the grammar with rare spellings, and then, often, damaged in a place or two.

use fastrand::Rng;

/// What damage puts into a text; other scripts' digits, letters that fold to ASCII ones, and all
/// kinds of blanks among them.
const FOREIGN: &[&str] = &[
    " ", "\t", "\n", "\r", "\r\n", "\u{b}", "\u{1c}", "\u{85}", "\u{a0}", "\u{2028}", "\u{3000}",
    "\0", "-", "--", "_", "__", ".", "..", ",", ",,", ";", ":", "@", "!", "+", "*", ".*", "=",
    "==", "===", "~=", "<", ">", "(", ")", "[", "]", "{", "}", "'", "\"", "\\", "/", "#", "%", "$",
    "^", "0", "1", "00", "a", "v", "V", "rc", "dev", "post", "é", "ß", "ſ", "ı", "İ", "K", "²",
    "١", "１", "𝟙", "\u{301}", "\u{200b}", "\u{feff}", "中", "🐍",
];

/// A source of texts; the same seed gives the same ones.
pub(super) struct Texts {
    pub(super) rng: Rng,
}

impl Texts {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            rng: Rng::with_seed(seed),
        }
    }

    pub(super) fn chance(&mut self, percent: u8) -> bool {
        self.rng.u8(0..100) < percent
    }

    pub(super) fn pick<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.rng.usize(0..choices.len())]
    }

    /// A part that is there in so many percent of the texts.
    fn maybe(&mut self, percent: u8, part: impl FnOnce(&mut Self) -> String) -> String {
        if self.chance(percent) {
            part(self)
        } else {
            String::new()
        }
    }

    /// Parts joined by something; how many is drawn from the range.
    fn joined(
        &mut self,
        n_parts: std::ops::Range<usize>,
        joints: &[&str],
        mut part: impl FnMut(&mut Self) -> String,
    ) -> String {
        let mut text = String::new();
        for at in 0..self.rng.usize(n_parts) {
            if at > 0 {
                text.push_str(self.pick(joints));
            }
            text.push_str(&part(self));
        }
        text
    }

    fn blanks(&mut self) -> &'static str {
        self.pick(&["", "", "", " ", "  ", "\t"])
    }

    /// The text, in half of the cases with damage.
    pub(super) fn perhaps_damaged(&mut self, text: String) -> String {
        let n_places = match self.rng.u8(0..10) {
            0..5 => 0,
            5..8 => 1,
            8 => 2,
            _ => 4,
        };
        (0..n_places).fold(text, |text, _| self.damaged(text))
    }

    fn damaged(&mut self, mut text: String) -> String {
        let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        let at = match places.is_empty() {
            true => 0,
            false => places[self.rng.usize(0..places.len())],
        };
        match self.rng.u8(0..8) {
            0..3 => text.insert_str(at, self.pick(FOREIGN)),
            3 if !text.is_empty() => drop(text.remove(at)),
            4 if !text.is_empty() => {
                text.remove(at);
                text.insert_str(at, self.pick(FOREIGN));
            }
            5 => text.truncate(at),
            6 => {
                let rest = text[at..].to_owned();
                text.push_str(&rest);
            }
            _ => {
                let swapped: String = text[at..].chars().map(other_case).collect();
                text.replace_range(at.., &swapped);
            }
        }
        text
    }

    fn number(&mut self) -> String {
        match self.rng.u8(0..12) {
            0 => "0".repeat(self.rng.usize(1..4)),
            1 => format!("0{}", self.rng.u16(0..100)),
            2 => self.rng.u64(..).to_string(),
            3 => format!("{}{}", self.rng.u64(1..), self.rng.u64(..)),
            4 => self.rng.u16(2000..2030).to_string(),
            _ => self.rng.u8(0..13).to_string(),
        }
    }

    fn release(&mut self, n_numbers: std::ops::Range<usize>) -> String {
        let zeros = self.pick(&["", "", "", ".0", ".0.0"]);
        self.joined(n_numbers, &["."], Self::number) + zeros
    }

    fn separator(&mut self) -> &'static str {
        self.pick(&["", "", "", ".", "-", "_"])
    }

    fn suffix(&mut self, words: &[&str]) -> String {
        let mut word = self.pick(words).to_owned();
        if self.chance(15) {
            word = word.to_uppercase();
        }
        let (before, between) = (self.separator(), self.separator());
        let number = self.maybe(70, Self::number);
        format!("{before}{word}{between}{number}")
    }

    fn public_version(&mut self) -> String {
        let v = self.pick(&["", "", "", "", "v", "V"]);
        let epoch = self.maybe(10, |texts| texts.number() + "!");
        let release = self.release(1..5);
        let words = ["a", "b", "rc", "c", "alpha", "beta", "pre", "preview", "Rc"];
        let pre = self.maybe(30, |texts| texts.suffix(&words));
        let post = match self.rng.u8(0..10) {
            0 => format!("-{}", self.number()),
            1 | 2 => self.suffix(&["post", "rev", "r", "Post"]),
            _ => String::new(),
        };
        let dev = self.maybe(20, |texts| texts.suffix(&["dev", "DEV"]));
        format!("{v}{epoch}{release}{pre}{post}{dev}")
    }

    fn local(&mut self) -> String {
        let words = [
            "a", "ubuntu", "1", "01", "abc123", "1a", "A", "0", "20240101",
        ];
        format!(
            "+{}",
            self.joined(1..4, &[".", "-", "_"], |texts| texts
                .pick(&words)
                .to_owned())
        )
    }

    pub(super) fn version(&mut self) -> String {
        let version = self.public_version();
        let local = self.maybe(15, Self::local);
        match self.rng.u8(0..12) {
            0 => format!(" {version}{local}\n"),
            _ => format!("{version}{local}"),
        }
    }

    fn clause(&mut self) -> String {
        let operator = self.pick(&["~=", "==", "!=", "<=", ">=", "<", ">", "===", "=="]);
        let blanks = self.blanks();
        let equality = matches!(operator, "==" | "!=");
        let version = match operator {
            "===" if self.chance(40) => {
                let words = ["foo", "1.0.X", "a,b", "", "1.0.*", "-", "É"];
                self.pick(&words).to_owned()
            }
            "~=" => {
                let epoch = self.maybe(5, |texts| texts.number() + "!");
                let rest = self.pick(&["", "", "", "a1", ".post2", ".dev3", "-1", "RC.1"]);
                format!("{epoch}{}{rest}", self.release(1..4))
            }
            _ if equality && self.chance(30) => self.release(1..4) + ".*",
            _ if equality && self.chance(20) => self.version(),
            _ => self.public_version(),
        };
        format!("{operator}{blanks}{version}")
    }

    pub(super) fn specifier(&mut self) -> String {
        let joints = [",", ", ", " ,", " , ", ",,", " "];
        let ends = ["", "", "", ",", " "];
        let (start, end) = (self.pick(&ends), self.pick(&ends));
        let clauses = self.joined(0..4, &joints[..], Self::clause);
        format!("{start}{clauses}{end}")
    }

    pub(super) fn name(&mut self) -> String {
        let words = [
            "a", "Foo", "django", "zope", "2to3", "x1", "requests", "PyYAML", "o0", "l1",
        ];
        let joints = ["", "-", "_", ".", "--", "-_", "._."];
        let start = self.pick(&["", "", "", "", "", "", "-", "_", "."]);
        let end = self.pick(&["", "", "", "", "", "", "-", "_", "."]);
        let name = self.joined(1..4, &joints, |texts| texts.pick(&words).to_owned());
        format!("{start}{name}{end}")
    }

    fn variable(&mut self) -> &'static str {
        self.pick(&[
            "python_version",
            "python_full_version",
            "os_name",
            "sys_platform",
            "platform_release",
            "platform_system",
            "platform_version",
            "platform_machine",
            "platform_python_implementation",
            "implementation_name",
            "implementation_version",
            "extra",
            "extras",
            "dependency_groups",
            "os.name",
            "sys.platform",
            "platform.version",
            "platform.machine",
            "platform.python_implementation",
            "python_implementation",
            "python_verson",
            "os__name",
        ])
    }

    fn literal(&mut self) -> String {
        let value = match self.rng.u8(0..4) {
            0 => self.release(1..4),
            1 => self.version(),
            2 => self.name(),
            _ => {
                let values = [
                    "posix",
                    "nt",
                    "linux",
                    "win32",
                    "darwin",
                    "Linux",
                    "x86_64",
                    "CPython",
                    "cpython",
                    "test",
                    "Test",
                    "3.8",
                    "3.12",
                    "3.10.*",
                    "",
                    "6.1.0",
                    "#1 SMP",
                    "linux2, linux",
                    "3.7 3.8",
                    "a\\b",
                    "\\x41",
                    "\\u00e9",
                    "\\n",
                    "\\",
                    "é",
                ];
                self.pick(&values).to_owned()
            }
        };
        match self.pick(&["\"", "\"", "'"]) {
            "'" => format!("'{value}'"),
            _ => format!("\"{value}\""),
        }
    }

    fn comparison(&mut self) -> String {
        let operators = [
            "==", "!=", "<", ">", "<=", ">=", "~=", "===", "in", "not in", "not  in", "IN",
        ];
        let operator = self.pick(&operators);
        let blank = match operator.starts_with(char::is_alphabetic) && !self.chance(20) {
            true => " ",
            false => self.blanks(),
        };
        let (left, right) = match self.rng.u8(0..10) {
            0..7 => (self.variable().to_owned(), self.literal()),
            7 | 8 => (self.literal(), self.variable().to_owned()),
            _ if self.chance(50) => (self.literal(), self.literal()),
            _ => (self.variable().to_owned(), self.variable().to_owned()),
        };
        format!("{left}{blank}{operator}{blank}{right}")
    }

    fn marker_of(&mut self, depth: u8) -> String {
        let joints = [" and ", " or ", " and ", " or ", "and", " AND "];
        self.joined(1..4, &joints, |texts| {
            if depth > 0 && texts.chance(25) {
                let (open, close) = (texts.blanks(), texts.blanks());
                format!("({open}{}{close})", texts.marker_of(depth - 1))
            } else {
                texts.comparison()
            }
        })
    }

    pub(super) fn marker(&mut self) -> String {
        let blanks = self.blanks();
        self.marker_of(3) + blanks
    }

    fn url(&mut self) -> String {
        self.pick(&[
            "https://example.org/a.whl",
            "git+https://example.org/x@main#egg=x",
            "file:///a/b",
            "./local",
            "https://user:pw@example.org/?a;b",
            "https://example.org/a;python_version<'3'",
            "${HOME}/x",
            "x",
        ])
        .to_owned()
    }

    pub(super) fn requirement(&mut self) -> String {
        let start = self.blanks();
        let name = self.name();
        let extras = self.maybe(25, |texts| {
            let joints = [",", ", ", " , ", ",,", " "];
            let inner = texts.joined(0..4, &joints, Self::name);
            let (open, close) = (texts.blanks(), texts.blanks());
            format!("{}[{open}{inner}{close}]", texts.blanks())
        });
        let source = match self.rng.u8(0..10) {
            0 | 1 => format!("{}@{}{}", self.blanks(), self.blanks(), self.url()),
            2 => format!("{}({})", self.blanks(), self.specifier()),
            3..8 => self.blanks().to_owned() + &self.specifier(),
            _ => String::new(),
        };
        let marker = self.maybe(40, |texts| {
            let (before, after) = (texts.blanks(), texts.blanks());
            format!("{before};{after}{}", texts.marker())
        });
        let end = self.pick(&["", "", "", "", " ", " # x", "\n"]);
        format!("{start}{name}{extras}{source}{marker}{end}")
    }

    fn licence(&mut self) -> String {
        let ids = [
            "MIT",
            "mit",
            "Apache-2.0",
            "apache-2.0",
            "BSD-3-Clause",
            "GPL-2.0",
            "GPL-2.0-only",
            "gpl-3.0-or-later",
            "LGPL-2.1",
            "0BSD",
            "LicenseRef-Own",
            "licenseref-own.2",
            "LICENSEREF-Public-Domain",
            "LicenseRef-",
            "LicenseRef-a_b",
            "DocumentRef-x:LicenseRef-y",
            "MPL 2.0",
            "Proprietary",
            "AND",
            "PSF-2.0",
            "NONE",
        ];
        let plus = self.pick(&["", "", "", "", "", "+", "++"]);
        let exceptions = [
            "LLVM-exception",
            "Classpath-exception-2.0",
            "classpath-EXCEPTION-2.0",
            "GCC-exception-3.1",
            "No-exception",
            "MIT",
        ];
        let with = self.maybe(15, |texts| {
            let with = texts.pick(&[" WITH ", " with ", " With "]);
            format!("{with}{}", texts.pick(&exceptions))
        });
        format!("{}{plus}{with}", self.pick(&ids))
    }

    fn licences_of(&mut self, depth: u8) -> String {
        let joints = [
            " AND ", " OR ", " and ", " or ", " And ", "  OR  ", " ", "/", ", ",
        ];
        self.joined(1..4, &joints, |texts| {
            if depth > 0 && texts.chance(25) {
                let blanks = texts.blanks();
                format!("({blanks}{})", texts.licences_of(depth - 1))
            } else {
                texts.licence()
            }
        })
    }

    pub(super) fn license(&mut self) -> String {
        self.licences_of(3)
    }

    fn filename_stem(&mut self) -> String {
        let name = match self.chance(70) {
            true => self.name().replace('-', "_"),
            false => self.name(),
        };
        let version = match self.chance(70) {
            true => self.version().replace('-', "_").trim().to_owned(),
            false => self.version(),
        };
        format!("{name}-{version}")
    }

    pub(super) fn wheel(&mut self) -> String {
        let stem = self.filename_stem();
        let builds = ["1", "07", "1a", "2_x", "a1", "", "123456789012345678901"];
        let build = self.maybe(20, |texts| format!("-{}", texts.pick(&builds)));
        let pythons = [
            "py3", "py2", "cp312", "CP38", "pp310", "3", "py-3", "", "é3",
        ];
        let abis = [
            "none",
            "abi3",
            "cp312",
            "cp313t",
            "pypy310_pp73",
            "NONE",
            "",
        ];
        let platforms = [
            "any",
            "win32",
            "manylinux_2_17_x86_64",
            "manylinux2014_x86_64",
            "macosx_11_0_arm64",
            "linux_x86_64",
            "musllinux_1_2_aarch64",
            "",
        ];
        let mut set = |choices: &[&str]| self.joined(1..3, &["."], |t| t.pick(choices).to_owned());
        let (python, abi, platform) = (set(&pythons), set(&abis), set(&platforms));
        let ending = self.pick(&[".whl", ".whl", ".whl", ".whl", ".WHL", ".zip", ""]);
        format!("{stem}{build}-{python}-{abi}-{platform}{ending}")
    }

    pub(super) fn sdist(&mut self) -> String {
        let ending = self.pick(&[
            ".tar.gz", ".tar.gz", ".zip", ".tgz", ".tar.bz2", ".TAR.GZ", "",
        ]);
        self.filename_stem() + ending
    }
}

/// The letter in its other case, where that is one letter.
fn other_case(c: char) -> char {
    let mut other: Box<dyn Iterator<Item = char>> = match c.is_uppercase() {
        true => Box::new(c.to_lowercase()),
        false => Box::new(c.to_uppercase()),
    };
    match (other.next(), other.next()) {
        (Some(other), None) => other,
        _ => c,
    }
}
