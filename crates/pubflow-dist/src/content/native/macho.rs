//! Mach-O: slices, load commands.
//!
//! Spec: OS X ABI Mach-O File Format Reference; `mach-o/loader.h`, `mach-o/fat.h`.

use super::bytes::Bytes;
use super::{Arch, Format, MOST_SYMBOLS, Native, is_python_symbol};

/// A universal file has a few slices; Java's class files have at least this as their version.
const MOST_SLICES: u32 = 20;
const MOST_COMMANDS: u32 = 10_000;

pub(super) fn parse(data: &[u8]) -> Option<Native> {
    let mut native = Native::new(Format::MachO);
    let fat = Bytes {
        data,
        is_little: false,
    };
    let is_wide = match fat.u32(0)? {
        0xcafe_babe => false,
        0xcafe_babf => true,
        _ => {
            slice(data, &mut native)?;
            return Some(native);
        }
    };
    let count = fat.u32(4)?;
    if count > MOST_SLICES {
        return None;
    }
    for index in 0..u64::from(count) {
        let at = 8 + index * if is_wide { 32 } else { 20 };
        let (offset, size) = if is_wide {
            (fat.u64(at + 8)?, fat.u64(at + 16)?)
        } else {
            (u64::from(fat.u32(at + 8)?), u64::from(fat.u32(at + 12)?))
        };
        let start = usize::try_from(offset).ok()?;
        let end = usize::try_from(offset.checked_add(size)?).ok()?;
        let whole = data.get(start..)?;
        slice(&whole[..whole.len().min(end - start)], &mut native)?;
    }
    Some(native)
}

fn arch(cpu: u32) -> Arch {
    match cpu {
        7 => Arch::X86,
        0x0100_0007 => Arch::X86_64,
        12 => Arch::Arm,
        0x0100_000c => Arch::Arm64,
        0x0100_0012 => Arch::Ppc64,
        _ => Arch::Other,
    }
}

/// Reads one slice; `None` when it is no Mach-O file.
fn slice(data: &[u8], native: &mut Native) -> Option<()> {
    let (is_little, is_64) = match data.get(..4)? {
        [0xce, 0xfa, 0xed, 0xfe] => (true, false),
        [0xcf, 0xfa, 0xed, 0xfe] => (true, true),
        [0xfe, 0xed, 0xfa, 0xce] => (false, false),
        [0xfe, 0xed, 0xfa, 0xcf] => (false, true),
        _ => return None,
    };
    let bytes = Bytes { data, is_little };
    let arch = arch(bytes.u32(4)?);
    native.arches.push(arch);
    let count = bytes.u32(16)?.min(MOST_COMMANDS);
    let mut at = if is_64 { 32 } else { 28 };
    for _ in 0..count {
        let Some(size) = command(&bytes, at, arch, native) else {
            break;
        };
        at += size;
    }
    Some(())
}

/// Reads the load command at `at`; its size, unless it is cut off or broken.
fn command(bytes: &Bytes<'_>, at: u64, arch: Arch, native: &mut Native) -> Option<u64> {
    let kind = bytes.u32(at)?;
    let size = u64::from(bytes.u32(at + 4)?);
    let text = || bytes.text(at + u64::from(bytes.u32(at + 8)?));
    let version = |at| {
        let version = bytes.u32(at)?;
        Some((version >> 16, version >> 8 & 0xff))
    };
    // The high bit marks commands that the loader must understand.
    match kind & 0x7fff_ffff {
        // Libraries: needed, weak, re-exported, upward.
        0x0c | 0x18 | 0x1f | 0x23 => native.needed.extend(text().map(str::to_owned)),
        0x1c => native.search_paths.extend(text().map(str::to_owned)),
        0x24 => native.macos.extend(version(at + 8).map(|v| (arch, v))),
        0x02 if native.python_symbols.is_empty() => {
            native.python_symbols = symbols(bytes, at).unwrap_or_default();
        }
        // The first number is the platform; 1 is macOS.
        0x32 if bytes.u32(at + 8)? == 1 => {
            native.macos.extend(version(at + 12).map(|v| (arch, v)));
        }
        _ => {}
    }
    (size >= 8).then_some(size)
}

/// Names of Python's symbols that the table of the load command at `at` lists as undefined.
fn symbols(bytes: &Bytes<'_>, at: u64) -> Option<Vec<String>> {
    const EXTERNAL: u8 = 0x01;
    const KIND: u8 = 0x0e;
    const WEAK_REFERENCE: u16 = 0x40;
    let is_64 = matches!(bytes.data[..4], [0xcf, ..] | [.., 0xcf]);
    let field = |index: u64| bytes.u32(at + 8 + 4 * index).map(u64::from);
    let (table, count, strings) = (field(0)?, field(1)?, field(2)?);
    let width = if is_64 { 16 } else { 12 };
    let mut symbols = Vec::new();
    for index in 0..count.min(MOST_SYMBOLS) {
        let symbol = table + index * width;
        let kind = bytes.u8(symbol + 4)?;
        let is_undefined = kind & (KIND | EXTERNAL) == EXTERNAL;
        if !is_undefined || bytes.u16(symbol + 6)? & WEAK_REFERENCE != 0 {
            continue;
        }
        let name = bytes.text(strings + u64::from(bytes.u32(symbol)?))?;
        // The linker puts an underscore in front of each name of C.
        if let Some(name) = name.strip_prefix('_').filter(|name| is_python_symbol(name)) {
            symbols.push(name.to_owned());
        }
    }
    Some(symbols)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn symbols_of_python_are_read() {
        let mut file = Vec::new();
        let strings = b"\0_PyList_New\0__Py_Dealloc\0_malloc\0";
        for number in [0xfeed_facfu32, 0x0100_000c, 0, 6, 1, 24, 0, 0] {
            file.extend_from_slice(&number.to_le_bytes());
        }
        let len = u32::try_from(strings.len()).unwrap();
        for number in [2u32, 24, 56, 3, 56 + 48, len] {
            file.extend_from_slice(&number.to_le_bytes());
        }
        for name in [1u32, 13, 26] {
            file.extend_from_slice(&name.to_le_bytes());
            file.extend_from_slice(&[1, 0, 0, 0]);
            file.extend_from_slice(&[0; 8]);
        }
        file.extend_from_slice(strings);
        let native = parse(&file).unwrap();
        assert_eq!(native.python_symbols, ["PyList_New", "_Py_Dealloc"]);
    }

    /// A slice with one library, one search path and a lowest macOS.
    fn sample(cpu: u32, library: &str, macos: (u32, u32)) -> Vec<u8> {
        let mut commands = Vec::new();
        for (kind, text) in [(0x0cu32, library), (0x8000_001c, "/opt/lib")] {
            let mut command = vec![0; 24];
            command[..4].copy_from_slice(&kind.to_le_bytes());
            command[8..12].copy_from_slice(&24u32.to_le_bytes());
            command.extend_from_slice(text.as_bytes());
            command.push(0);
            command.resize(command.len().next_multiple_of(8), 0);
            let size = u32::try_from(command.len()).unwrap();
            command[4..8].copy_from_slice(&size.to_le_bytes());
            commands.extend_from_slice(&command);
        }
        for number in [0x32, 24, 1, macos.0 << 16 | macos.1 << 8, 0, 0] {
            commands.extend_from_slice(&u32::to_le_bytes(number));
        }
        let mut file = Vec::new();
        for number in [0xfeed_facf, cpu, 0, 6, 3, commands.len() as u32, 0, 0] {
            file.extend_from_slice(&number.to_le_bytes());
        }
        [file, commands].concat()
    }

    #[test]
    fn a_single_slice_is_read() {
        let native = parse(&sample(0x0100_000c, "/opt/x.dylib", (12, 3))).unwrap();
        assert_eq!(native.arches, [Arch::Arm64]);
        assert_eq!(native.needed, ["/opt/x.dylib"]);
        assert_eq!(native.search_paths, ["/opt/lib"]);
        assert_eq!(native.macos, [(Arch::Arm64, (12, 3))]);
    }

    #[test]
    fn universal_files_have_several_slices() {
        let slices = [
            sample(0x0100_0007, "a", (10, 9)),
            sample(0x0100_000c, "a", (11, 0)),
        ];
        let mut file = Vec::new();
        let mut put = |number: usize| {
            file.extend_from_slice(&u32::try_from(number).unwrap().to_be_bytes());
        };
        put(0xcafe_babe);
        put(2);
        for (slice, at) in slices.iter().zip([100, 1000]) {
            [0, 0, at, slice.len(), 0].into_iter().for_each(&mut put);
        }
        file.resize(2000, 0);
        for (slice, at) in slices.iter().zip([100, 1000]) {
            file[at..at + slice.len()].copy_from_slice(slice);
        }
        assert_eq!(parse(&file).unwrap().arches, [Arch::X86_64, Arch::Arm64]);
        // A class file of Java.
        assert_eq!(parse(b"\xca\xfe\xba\xbe\0\0\0\x34aaaaaaaaaaaa"), None);
    }

    #[test]
    fn damage_is_no_panic() {
        let good = sample(7, "a", (10, 9));
        for at in 0..good.len() {
            for value in [0, 0x7f, 0xff] {
                let mut bad = good.clone();
                bad[at] = value;
                assert!(parse(&bad).is_none_or(|native| native.arches.len() == 1));
            }
            assert!(parse(&good[..at]).is_none_or(|native| native.arches.len() == 1));
        }
    }
}
