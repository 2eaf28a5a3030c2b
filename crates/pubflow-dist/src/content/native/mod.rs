//! Headers of native code: format, architecture, libraries and what limits where it can be loaded.
//!
//! The readers look at what checks need and nothing else. Every offset comes from the file and is
//! compared with its length; tables are read up to a fixed number of rows.

mod bytes;
mod elf;
mod macho;
mod pe;

/// The container format of native code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Linux, Android and other Unix systems.
    Elf,
    /// macOS and iOS.
    MachO,
    /// Windows.
    Pe,
}

/// What a processor must be to run it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arch {
    /// 32-bit x86.
    X86,
    /// 64-bit x86.
    X86_64,
    /// 32-bit ARM.
    Arm,
    /// 64-bit ARM.
    Arm64,
    /// 64-bit PowerPC, big-endian.
    Ppc64,
    /// 64-bit PowerPC, little-endian.
    Ppc64Le,
    /// IBM Z.
    S390x,
    /// 64-bit RISC-V.
    Riscv64,
    /// One that no platform tag of the index names.
    Other,
}

impl Arch {
    /// The name that platform tags use.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::X86 => "x86",
            Self::X86_64 => "x86_64",
            Self::Arm => "arm",
            Self::Arm64 => "arm64",
            Self::Ppc64 => "ppc64",
            Self::Ppc64Le => "ppc64le",
            Self::S390x => "s390x",
            Self::Riscv64 => "riscv64",
            Self::Other => "an unknown processor",
        }
    }
}

/// One file of native code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Native {
    /// Its container format.
    pub format: Format,
    /// One for each slice; universal Mach-O files have several.
    pub arches: Vec<Arch>,
    /// Libraries that the loader looks for, as written.
    pub needed: Vec<String>,
    /// Where the loader looks for them first.
    pub search_paths: Vec<String>,
    /// The newest version of glibc of which a symbol is used: major, minor.
    pub glibc: Option<(u32, u32)>,
    /// The oldest macOS for each slice: major, minor.
    pub macos: Vec<(Arch, (u32, u32))>,
    /// Functions and variables of Python that it cannot be loaded without.
    pub python_symbols: Vec<String>,
    /// Whether it asks for a stack that can hold code.
    pub executable_stack: bool,
    /// Bytes of debug information.
    pub debug_bytes: u64,
}

impl Native {
    fn new(format: Format) -> Self {
        Self {
            format,
            arches: Vec::new(),
            needed: Vec::new(),
            search_paths: Vec::new(),
            glibc: None,
            macos: Vec::new(),
            python_symbols: Vec::new(),
            executable_stack: false,
            debug_bytes: 0,
        }
    }

    /// Reads the headers in `data`; `None` when it is no native code.
    #[must_use]
    pub fn parse(data: &[u8]) -> Option<Self> {
        match format(data)? {
            Format::Elf => elf::parse(data),
            Format::MachO => macho::parse(data),
            Format::Pe => pe::parse(data),
        }
    }
}

/// The format that the first four bytes tell, if they tell one.
pub(crate) fn format(data: &[u8]) -> Option<Format> {
    match data.get(..4)? {
        b"\x7fELF" => Some(Format::Elf),
        [0xfe, 0xed, 0xfa, 0xce | 0xcf] | [0xce | 0xcf, 0xfa, 0xed, 0xfe] => Some(Format::MachO),
        // Java's class files share this mark; the reader tells them apart.
        [0xca, 0xfe, 0xba, 0xbe | 0xbf] => Some(Format::MachO),
        [b'M', b'Z', ..] => Some(Format::Pe),
        _ => None,
    }
}

/// Symbols beyond this are not looked at.
const MOST_SYMBOLS: u64 = 1 << 20;

/// Whether a symbol is one of Python's C interface.
fn is_python_symbol(name: &str) -> bool {
    name.starts_with("Py") || name.starts_with("_Py")
}

#[cfg(test)]
pub(crate) use elf::tests::sample as sample_elf;
#[cfg(test)]
pub(crate) use elf::tests::symbols as elf_with_symbols;
