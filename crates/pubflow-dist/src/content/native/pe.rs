//! PE: the machine of Windows libraries and programs.
//!
//! Spec: PE Format, "COFF File Header".

use super::bytes::Bytes;
use super::{Arch, Format, Native};

pub(super) fn parse(data: &[u8]) -> Option<Native> {
    let bytes = Bytes {
        data,
        is_little: true,
    };
    let header = u64::from(bytes.u32(0x3c)?);
    if bytes.u32(header)? != u32::from_le_bytes(*b"PE\0\0") {
        return None;
    }
    let mut native = Native::new(Format::Pe);
    native.arches = vec![match bytes.u16(header + 4)? {
        0x014c => Arch::X86,
        0x8664 => Arch::X86_64,
        0xaa64 => Arch::Arm64,
        0x01c4 => Arch::Arm,
        _ => Arch::Other,
    }];
    Some(native)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_machine_is_read() {
        let mut file = vec![0; 128];
        file[..2].copy_from_slice(b"MZ");
        file[0x3c] = 64;
        assert_eq!(parse(&file), None);
        file[64..70].copy_from_slice(b"PE\0\0\x64\xaa");
        assert_eq!(parse(&file).unwrap().arches, [Arch::Arm64]);
        file[0x3f] = 0xff;
        assert_eq!(parse(&file), None);
        assert_eq!(parse(b"MZ"), None);
    }
}
