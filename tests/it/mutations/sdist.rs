//! Sdists that are good, and what can be changed in them.

use pubflow_testkit::sdist::gzip;
use pubflow_testkit::{SdistBuilder, TarMember};

use super::Mutated;
use super::random::Random;
use super::wheel::bytes;

/// Good sdists: plain, and with long names, a directory and a link.
pub(crate) fn good() -> Vec<SdistBuilder> {
    let plain = SdistBuilder::new("demo", "1.0")
        .metadata_line("License-Expression: MIT")
        .file("demo/__init__.py", "x = 1\n")
        .file("README.md", "# Demo\n".repeat(30));
    let full = plain
        .clone()
        .file(&format!("demo/{}/x.py", "long".repeat(30)), "y = 2\n")
        .member(TarMember::special(b'5', "demo-1.0/docs", ""));
    vec![plain, full]
}

/// One change and its name. Below the compression nothing holds an sdist together, so a changed
/// content is another sdist; headers and the frame are what readers can disagree about.
pub(crate) fn mutate(builder: &SdistBuilder, random: &mut Random) -> Mutated {
    match random.below(4) {
        0 => bytes(builder.to_bytes(), random),
        1 => header(builder, random),
        _ => structure(builder, random),
    }
}

/// A changed byte of a header, its checksum made right again.
fn header(builder: &SdistBuilder, random: &mut Random) -> Mutated {
    let mut tar = builder.tar_bytes();
    let headers: Vec<usize> = (0..tar.len() / 512)
        .map(|block| block * 512)
        .filter(|at| &tar[at + 257..at + 262] == b"ustar")
        .collect();
    let start = *random.pick(&headers);
    let fields = [
        (0, 100),
        (100, 24),
        (124, 12),
        (136, 12),
        (156, 1),
        (157, 100),
        (257, 8),
        (345, 155),
    ];
    let (field, len) = *random.pick(&fields);
    let at = start + field + random.below(len);
    tar[at] = if random.below(2) == 0 {
        *random.pick(b"\0 /0127.xgLKS\x80\xff")
    } else {
        random.other(tar[at])
    };
    tar[start + 148..start + 156].fill(b' ');
    let sum: u32 = tar[start..start + 512]
        .iter()
        .map(|byte| u32::from(*byte))
        .sum();
    tar[start + 148..start + 155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
    Mutated {
        what: format!("header byte {}", at - start),
        bytes: gzip(&tar),
        is_another: true,
    }
}

fn structure(builder: &SdistBuilder, random: &mut Random) -> Mutated {
    let file = |name: &str, content: &[u8]| TarMember::file(name, content);
    let junk = *random.pick(&[&b"x"[..], b"\x1f\x8b", &[0; 600], b"PK\x05\x06"]);
    let builder = builder.clone();
    let (what, builder) = match random.below(14) {
        0 => ("trailing bytes", builder.gzip_suffix(junk)),
        1 => {
            let second = SdistBuilder::new("demo", "1.0").file("evil.py", "");
            ("second stream", builder.gzip_suffix(&second.to_bytes()))
        }
        2 => {
            let second = SdistBuilder::new("demo", "1.0").file("evil.py", "");
            ("second archive", builder.tar_suffix(&second.tar_bytes()))
        }
        3 => ("no end mark", builder.without_end_mark()),
        4 => ("cut", builder.cut(1 + random.below(300))),
        5 => ("gzip checksum", builder.wrong_gzip_crc()),
        6 => ("twice", builder.file("README.md", "other\n")),
        7 => {
            let name = *random.pick(&["path", "size", "linkpath", "GNU.sparse.size", "uname"]);
            let value = *random.pick(&["0", "3", "demo-1.0/other", "../x", "9999999"]);
            let builder = builder.member(TarMember::pax(&[(name, value)]));
            (
                "pax record",
                builder.member(file("demo-1.0/paxed", b"abcdef")),
            )
        }
        8 => {
            let target =
                *random.pick(&["../../x", "/etc/passwd", "gone", "link", "README.md", ".."]);
            ("link", builder.symlink("link", target))
        }
        9 => {
            let target =
                *random.pick(&["demo-1.0/README.md", "../x", "demo-1.0/gone", "/etc/passwd"]);
            (
                "hard link",
                builder.member(TarMember::special(b'1', "demo-1.0/hard", target)),
            )
        }
        10 => {
            let kind = *random.pick(b"3467SVZ");
            (
                "special",
                builder.member(TarMember::special(kind, "demo-1.0/special", "")),
            )
        }
        11 => {
            let builder = builder.symlink("way", ".");
            (
                "through a link",
                builder.member(file("demo-1.0/way/README.md", b"evil")),
            )
        }
        12 => {
            let name = *random.pick(&[
                "../x",
                "/x",
                "demo-1.0/../../x",
                "other/x",
                "demo-1.0/./x",
                "demo-1.0//x",
            ]);
            ("path", builder.member(file(name, b"x")))
        }
        _ => {
            let builder = builder.member(file("demo-1.0/README.md/x", b"x"));
            ("below a file", builder)
        }
    };
    Mutated {
        what: what.to_owned(),
        bytes: builder.to_bytes(),
        is_another: true,
    }
}
