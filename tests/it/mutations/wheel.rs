//! Wheels that are good, and what can be changed in them.

use pubflow_testkit::{WheelBuilder, ZipMember, ZipWriter};

use super::Mutated;
use super::random::Random;

/// Good wheels of several makes: plain, with everything that is installed elsewhere, stored.
pub(crate) fn good() -> Vec<WheelBuilder> {
    let plain = WheelBuilder::new("demo", "1.0")
        .metadata_line("License-Expression: MIT")
        .file("demo/__init__.py", "from .core import x\n")
        .file("demo/core.py", "x = 1\n".repeat(40));
    let full = plain
        .clone()
        .file("demo/data/table.csv", "1,2,3\n".repeat(300))
        .file("demo-1.0.data/scripts/demo-run", "#!python\nprint(1)\n")
        .file("demo-1.0.data/data/share/demo.txt", "text\n")
        .file("demo-1.0.data/headers/demo.h", "int x;\n")
        .file("demo-1.0.data/purelib/demo/more.py", "y = 2\n")
        .entry_points("[console_scripts]\ndemo = demo.core:x\n");
    let mut stored = ZipMember::new("demo/blob.bin", &[7; 2000]);
    stored.method = 0;
    let mut runnable = ZipMember::new("demo/tool.sh", b"#!/bin/sh\n");
    runnable.mode = 0o100_755;
    let mixed = plain.clone().member(stored).member(runnable);
    vec![plain, full, mixed]
}

/// One change and its name.
pub(crate) fn mutate(builder: &WheelBuilder, random: &mut Random) -> Mutated {
    match random.below(4) {
        0 | 1 => bytes(builder.to_bytes(), random),
        2 => members(builder, random),
        _ => frame(builder, random),
    }
}

/// A change of bytes that knows nothing about them.
pub(crate) fn bytes(mut bytes: Vec<u8>, random: &mut Random) -> Mutated {
    let at = random.below(bytes.len());
    let len = 1 + random.below(40.min(bytes.len() - at));
    let what = match random.below(12) {
        0 => {
            let copy = bytes[at..at + len].to_vec();
            let to = random.below(bytes.len());
            bytes.splice(to..to, copy);
            "copied"
        }
        1 => {
            bytes.drain(at..at + len);
            "removed"
        }
        2 => {
            bytes.truncate(at);
            "cut"
        }
        3 => {
            bytes.insert(at, random.other(0));
            "inserted"
        }
        _ => {
            bytes[at] = random.other(bytes[at]);
            "changed"
        }
    };
    Mutated {
        what: format!("byte {at} {what}"),
        bytes,
        is_another: false,
    }
}

/// A change of one member's content or headers that leaves the rest of the archive in order.
#[expect(
    clippy::too_many_lines,
    reason = "a table: one arm for each kind of change"
)]
fn members(builder: &WheelBuilder, random: &mut Random) -> Mutated {
    let mut members = builder.members();
    let at = random.below(members.len());
    let other = random.below(members.len());
    let name = String::from_utf8_lossy(&members[at].name).into_owned();
    let what = match random.below(17) {
        0 => {
            let place = random.below(members[at].content.len().max(1));
            match members[at].content.get_mut(place) {
                Some(byte) => *byte = random.other(*byte),
                None => members[at].content.push(1),
            }
            "content"
        }
        1 => {
            members.remove(at);
            "removed"
        }
        2 => {
            let mut twice = members[at].clone();
            twice.content.extend_from_slice(b"# more\n");
            members.insert(other, twice);
            "twice, with other content"
        }
        3 => {
            let twice = members[at].clone();
            members.push(twice);
            "twice"
        }
        4 => {
            members[at].local_name = Some(members[other].name.clone());
            "local name"
        }
        5 => {
            members[at].name.push(b'x');
            "renamed"
        }
        6 => {
            let content = members[other].content.clone();
            members[at].content = content;
            "content of another"
        }
        7 => {
            members[at].in_directory = false;
            "not listed"
        }
        8 => {
            members[at].in_body = false;
            "listed only"
        }
        9 => {
            members[at].mode =
                *random.pick(&[0o120_777, 0o100_777, 0o104_755, 0o040_755, 0, 0o100_000]);
            "mode"
        }
        10 => {
            members[at].flags = *random.pick(&[1, 0x20, 0x40, 0x2000, 0x0800]);
            "flags"
        }
        11 => {
            members[at].method = *random.pick(&[0, 1, 9, 12, 14, 93, 95, 99]);
            "method"
        }
        12 => {
            members[at].crc_shift = 1;
            "checksum"
        }
        13 => {
            members[at].size_shift = *random.pick(&[1, u32::MAX, 1000, 0u32.wrapping_sub(3)]);
            "size"
        }
        14 => {
            members[at].streamed = true;
            "streamed"
        }
        15 => {
            members[at].extra = random
                .pick(&[
                    &b"\x75\x70\x09\0\x01\0\0\0\0name"[..],
                    b"\x01\0\x08\0\0\0\0\0\0\0\0\0",
                    b"\x01\0\xff\0",
                ])
                .to_vec();
            "extra field"
        }
        _ => {
            let paths: [&[u8]; 6] = [
                b"../x.py",
                b"/x.py",
                b"demo\\x.py",
                b"demo/./x.py",
                b"demo//x.py",
                b"DEMO/core.py",
            ];
            members.push(ZipMember::new(
                &String::from_utf8_lossy(random.pick::<&[u8]>(&paths)),
                b"x",
            ));
            "a path beside it"
        }
    };
    Mutated {
        what: format!("{name}: {what}"),
        bytes: ZipWriter::default().write(&members),
        is_another: false,
    }
}

/// A change of what stands around the members.
fn frame(builder: &WheelBuilder, random: &mut Random) -> Mutated {
    let mut writer = ZipWriter::default();
    let junk = *random.pick(&[&b"x"[..], b"PK\x03\x04", b"PK\x05\x06\0\0\0\0", &[0; 100]]);
    let what = match random.below(6) {
        0 => {
            writer.prefix = junk.to_vec();
            "prefix"
        }
        1 => {
            writer.suffix = junk.to_vec();
            "suffix"
        }
        2 => {
            writer.gap = junk.to_vec();
            "gap"
        }
        3 => {
            writer.comment = junk.to_vec();
            "comment"
        }
        4 => {
            writer.cut = 1 + random.below(60);
            "cut"
        }
        _ => {
            writer.count_shift = u16::try_from(1 + random.below(3)).unwrap();
            "count"
        }
    };
    if random.below(3) == 0 {
        // A whole other archive in front: readers that look from the end see the second.
        let other = WheelBuilder::new("demo", "1.0").file("demo/core.py", "evil = 1\n");
        let both = [other.to_bytes(), builder.to_bytes()].concat();
        return Mutated {
            what: "another wheel in front".to_owned(),
            bytes: both,
            is_another: false,
        };
    }
    Mutated {
        what: what.to_owned(),
        bytes: writer.write(&builder.members()),
        is_another: false,
    }
}
