//! ELF: program headers, the dynamic section, the versions it needs.
//!
//! Spec: System V ABI, chapters 4 and 5; GNU symbol versioning.

use super::bytes::Bytes;
use super::{Arch, Format, MOST_SYMBOLS, Native, is_python_symbol};

const MOST_HEADERS: u64 = 1000;
const MOST_DYNAMIC: u64 = 4096;
const MOST_VERSIONS: usize = 4096;

/// Where the tables of a file lie.
struct Elf<'a> {
    bytes: Bytes<'a>,
    is_64: bool,
    /// Address, offset and size of each loaded segment.
    loads: Vec<(u64, u64, u64)>,
}

pub(super) fn parse(data: &[u8]) -> Option<Native> {
    let is_64 = match data.get(4)? {
        1 => false,
        2 => true,
        _ => return None,
    };
    let bytes = Bytes {
        data,
        is_little: *data.get(5)? == 1,
    };
    let mut native = Native::new(Format::Elf);
    native.arches = vec![arch(bytes.u16(18)?, is_64, bytes.is_little)];
    let mut elf = Elf {
        bytes,
        is_64,
        loads: Vec::new(),
    };
    // What is cut off or broken behind the header leaves the rest unknown.
    let dynamic = elf.segments(&mut native);
    if let Some((at, size)) = dynamic {
        elf.dynamic(at, size, &mut native);
    }
    native.debug_bytes = elf.debug_bytes().unwrap_or(0);
    native.python_symbols = elf.python_symbols().unwrap_or_default();
    Some(native)
}

fn arch(machine: u16, is_64: bool, is_little: bool) -> Arch {
    match (machine, is_64) {
        (3, false) => Arch::X86,
        (62, true) => Arch::X86_64,
        (40, false) => Arch::Arm,
        (183, true) => Arch::Arm64,
        (21, true) if is_little => Arch::Ppc64Le,
        (21, true) => Arch::Ppc64,
        (22, true) => Arch::S390x,
        (243, true) => Arch::Riscv64,
        _ => Arch::Other,
    }
}

impl Elf<'_> {
    /// Reads the program headers; offset and size of the dynamic section.
    fn segments(&mut self, native: &mut Native) -> Option<(u64, u64)> {
        let (is_64, bytes) = (self.is_64, self.bytes);
        let pick = |wide, narrow| if is_64 { wide } else { narrow };
        let table = bytes.word(pick(32, 28), is_64)?;
        let size = u64::from(bytes.u16(pick(54, 42))?);
        let count = u64::from(bytes.u16(pick(56, 44))?).min(MOST_HEADERS);
        let mut dynamic = None;
        for index in 0..count {
            let at = table.checked_add(index * size)?;
            let kind = bytes.u32(at)?;
            let flags = bytes.u32(at.checked_add(pick(4, 24))?)?;
            let field = |wide, narrow| bytes.word(at.checked_add(pick(wide, narrow))?, is_64);
            let (offset, address, len) = (field(8, 4)?, field(16, 8)?, field(32, 16)?);
            match kind {
                1 => self.loads.push((address, offset, len)),
                2 => dynamic = Some((offset, len)),
                0x6474_e551 => native.executable_stack = flags & 1 == 1,
                _ => {}
            }
        }
        dynamic
    }

    /// Where in the file the memory at `address` comes from.
    fn offset_of(&self, address: u64) -> Option<u64> {
        self.loads.iter().find_map(|(start, offset, len)| {
            let inside = address.checked_sub(*start)?;
            (inside < *len).then(|| offset.checked_add(inside))?
        })
    }

    fn dynamic(&self, at: u64, size: u64, native: &mut Native) -> Option<()> {
        let width = if self.is_64 { 8 } else { 4 };
        let mut rows = Vec::new();
        for index in 0..(size / (2 * width)).min(MOST_DYNAMIC) {
            let row = at.checked_add(index * 2 * width)?;
            let tag = self.bytes.word(row, self.is_64)?;
            if tag == 0 {
                break;
            }
            rows.push((tag, self.bytes.word(row + width, self.is_64)?));
        }
        let value = |wanted| {
            let row = rows.iter().find(|(tag, _)| *tag == wanted)?;
            Some(row.1)
        };
        let strings = self.offset_of(value(5)?)?;
        let text = |offset: u64| self.bytes.text(strings.checked_add(offset)?);
        for (tag, value) in &rows {
            match tag {
                1 => native.needed.extend(text(*value).map(str::to_owned)),
                15 | 29 => {
                    let paths = text(*value).unwrap_or_default().split(':');
                    let paths = paths.filter(|path| !path.is_empty()).map(str::to_owned);
                    native.search_paths.extend(paths);
                }
                _ => {}
            }
        }
        let versions = self.offset_of(value(0x6fff_fffe)?)?;
        native.glibc = self.glibc(versions, strings);
        Some(())
    }

    /// The newest `GLIBC_x.y` among the versions needed.
    fn glibc(&self, table: u64, strings: u64) -> Option<(u32, u32)> {
        let mut newest = None;
        let mut left = MOST_VERSIONS;
        let mut at = table;
        loop {
            let mut row = at.checked_add(u64::from(self.bytes.u32(at.checked_add(8)?)?))?;
            loop {
                let name = u64::from(self.bytes.u32(row.checked_add(8)?)?);
                let name = self.bytes.text(strings.checked_add(name)?)?;
                newest = newest.max(glibc_version(name));
                let next = self.bytes.u32(row.checked_add(12)?)?;
                left -= 1;
                if next == 0 || left == 0 {
                    break;
                }
                row = row.checked_add(u64::from(next))?;
            }
            let next = self.bytes.u32(at.checked_add(12)?)?;
            if next == 0 || left == 0 {
                return newest;
            }
            at = at.checked_add(u64::from(next))?;
        }
    }

    /// The section headers, as far as they can be read.
    fn sections(&self) -> Option<Vec<Section>> {
        let (is_64, bytes) = (self.is_64, self.bytes);
        let pick = |wide, narrow| if is_64 { wide } else { narrow };
        let table = bytes.word(pick(40, 32), is_64)?;
        let size = u64::from(bytes.u16(pick(58, 46))?);
        let count = u64::from(bytes.u16(pick(60, 48))?).min(MOST_HEADERS);
        let section = |index: u64| {
            let at = table.checked_add(index * size)?;
            Some(Section {
                name: bytes.u32(at)?,
                kind: bytes.u32(at.checked_add(4)?)?,
                offset: bytes.word(at.checked_add(pick(24, 16))?, is_64)?,
                len: bytes.word(at.checked_add(pick(32, 20))?, is_64)?,
                link: bytes.u32(at.checked_add(pick(40, 24))?)?,
            })
        };
        (0..count).map(section).collect()
    }

    /// Size of all sections of debug information together.
    fn debug_bytes(&self) -> Option<u64> {
        let sections = self.sections()?;
        let names = self.bytes.u16(if self.is_64 { 62 } else { 50 })?;
        let names = sections.get(usize::from(names))?.offset;
        let mut total = 0u64;
        for section in &sections {
            let name = names.checked_add(u64::from(section.name))?;
            let name = self.bytes.text(name)?;
            if name.starts_with(".debug_") || name.starts_with(".zdebug_") {
                total = total.saturating_add(section.len);
            }
        }
        Some(total)
    }

    /// Names of Python's symbols that are not defined here and not weak.
    fn python_symbols(&self) -> Option<Vec<String>> {
        const DYNAMIC_SYMBOLS: u32 = 11;
        const WEAK: u8 = 2;
        let sections = self.sections()?;
        let table = sections.iter().find(|s| s.kind == DYNAMIC_SYMBOLS)?;
        let strings = sections.get(usize::try_from(table.link).ok()?)?.offset;
        let (width, info, place) = if self.is_64 { (24, 4, 6) } else { (16, 12, 14) };
        let mut symbols = Vec::new();
        for index in 0..(table.len / width).min(MOST_SYMBOLS) {
            let at = table.offset.checked_add(index * width)?;
            let name = u64::from(self.bytes.u32(at)?);
            let is_weak = self.bytes.u8(at.checked_add(info)?)? >> 4 == WEAK;
            let is_defined = self.bytes.u16(at.checked_add(place)?)? != 0;
            if name == 0 || is_weak || is_defined {
                continue;
            }
            let name = self.bytes.text(strings.checked_add(name)?)?;
            if is_python_symbol(name) {
                symbols.push(name.to_owned());
            }
        }
        Some(symbols)
    }
}

/// What a section header tells.
struct Section {
    name: u32,
    kind: u32,
    offset: u64,
    len: u64,
    link: u32,
}

fn glibc_version(name: &str) -> Option<(u32, u32)> {
    let (major, rest) = name.strip_prefix("GLIBC_")?.split_once('.')?;
    let minor = rest.split('.').next()?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A file for x86_64 with one loaded segment, a dynamic section, a library and a version.
    pub(crate) fn sample(library: &str, version: &str, runpath: &str) -> Vec<u8> {
        let mut strings = vec![0];
        let mut put = |text: &str| {
            let at = strings.len() as u64;
            strings.extend_from_slice(text.as_bytes());
            strings.push(0);
            at
        };
        let (library, version, runpath) = (put(library), put(version), put(runpath));
        let (strings_at, versions_at, dynamic_at) = (512u64, 256u64, 320u64);
        let mut file = vec![0; 512];
        file.extend_from_slice(&strings);
        let len = file.len() as u64;
        let mut set = |at: usize, bytes: &[u8]| file[at..at + bytes.len()].copy_from_slice(bytes);
        set(0, b"\x7fELF\x02\x01\x01");
        set(18, &62u16.to_le_bytes());
        set(32, &64u64.to_le_bytes());
        set(54, &56u16.to_le_bytes());
        set(56, &3u16.to_le_bytes());
        let segments = [(1u32, 0u64, 0u64, len), (2, dynamic_at, dynamic_at, 80)];
        for (index, (kind, offset, address, len)) in segments.into_iter().enumerate() {
            let at = 64 + index * 56;
            set(at, &kind.to_le_bytes());
            set(at + 8, &offset.to_le_bytes());
            set(at + 16, &address.to_le_bytes());
            set(at + 32, &len.to_le_bytes());
        }
        set(64 + 112, &0x6474_e551u32.to_le_bytes());
        set(64 + 116, &7u32.to_le_bytes());
        let versions_at_usize = usize::try_from(versions_at).unwrap();
        set(versions_at_usize + 8, &16u32.to_le_bytes());
        let name = u32::try_from(version).unwrap();
        set(versions_at_usize + 24, &name.to_le_bytes());
        let rows = [
            (1u64, library),
            (29, runpath),
            (5, strings_at),
            (0x6fff_fffe, versions_at),
        ];
        for (index, (tag, value)) in rows.into_iter().enumerate() {
            let at = usize::try_from(dynamic_at).unwrap() + index * 16;
            set(at, &tag.to_le_bytes());
            set(at + 8, &value.to_le_bytes());
        }
        file
    }

    /// A file for x86_64 whose dynamic symbol table asks for `names`.
    pub(crate) fn symbols(names: &[&str]) -> Vec<u8> {
        let mut file = vec![0; 64];
        let mut strings = vec![0];
        let mut table = vec![0; 24];
        for name in names {
            let mut symbol = [0; 24];
            symbol[..4].copy_from_slice(&(strings.len() as u32).to_le_bytes());
            symbol[4] = 0x10;
            table.extend_from_slice(&symbol);
            strings.extend_from_slice(name.as_bytes());
            strings.push(0);
        }
        let (table_at, strings_at) = (64, 64 + table.len() as u64);
        let headers_at = strings_at + strings.len() as u64;
        file[..6].copy_from_slice(b"\x7fELF\x02\x01");
        file[18] = 62;
        file[40..48].copy_from_slice(&headers_at.to_le_bytes());
        file[58] = 64;
        file[60] = 2;
        file.extend_from_slice(&table);
        file.extend_from_slice(&strings);
        for (kind, at, len, link) in [
            (11u32, table_at, table.len() as u64, 1u32),
            (3, strings_at, strings.len() as u64, 0),
        ] {
            let mut header = [0; 64];
            header[4..8].copy_from_slice(&kind.to_le_bytes());
            header[24..32].copy_from_slice(&at.to_le_bytes());
            header[32..40].copy_from_slice(&len.to_le_bytes());
            header[40..44].copy_from_slice(&link.to_le_bytes());
            file.extend_from_slice(&header);
        }
        file
    }

    #[test]
    fn symbols_of_python_are_read() {
        let native = parse(&symbols(&["PyList_New", "malloc", "_Py_Dealloc"])).unwrap();
        assert_eq!(native.python_symbols, ["PyList_New", "_Py_Dealloc"]);
    }

    #[test]
    fn libraries_versions_and_paths_are_read() {
        let native = parse(&sample("libfoo.so.1", "GLIBC_2.28", "$ORIGIN:/opt/x")).unwrap();
        assert_eq!(native.arches, [Arch::X86_64]);
        assert_eq!(native.needed, ["libfoo.so.1"]);
        assert_eq!(native.search_paths, ["$ORIGIN", "/opt/x"]);
        assert_eq!(native.glibc, Some((2, 28)));
        assert!(native.executable_stack);
    }

    #[test]
    fn a_bare_header_tells_the_architecture() {
        let mut file = vec![0; 64];
        file[..6].copy_from_slice(b"\x7fELF\x02\x01");
        file[18] = 183;
        assert_eq!(parse(&file).unwrap().arches, [Arch::Arm64]);
        assert_eq!(parse(&file[..19]), None);
    }

    #[test]
    fn damage_is_no_panic() {
        let good = sample("libfoo.so.1", "GLIBC_2.28", "$ORIGIN");
        for at in 0..good.len() {
            for value in [0, 0x7f, 0xff] {
                let mut bad = good.clone();
                bad[at] = value;
                let arches = parse(&bad).map_or(1, |native| native.arches.len());
                assert_eq!(arches, 1);
            }
            let needed = parse(&good[..at]).map_or(0, |native| native.needed.len());
            assert!(needed <= 1);
        }
    }
}
