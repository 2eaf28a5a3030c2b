//! Reads the content of some members again.

use std::io::{self, BufRead};

use super::reader::{MemberKind, TarReader};
use crate::limits::Limits;
use crate::zip::Kept;

/// The content of the regular files that `wanted` names; what is not there, damaged, or larger than
/// `limits.kept_bytes` is left out, and so is what lies behind `limits.total_bytes`.
///
/// # Errors
/// Only those of reading `file`.
pub(crate) fn read_some<R: BufRead>(
    file: R,
    wanted: &dyn Fn(&str) -> bool,
    limits: &Limits,
) -> io::Result<Kept> {
    let mut reader = TarReader::new(file, limits)?;
    let mut kept = Kept::new();
    let mut buffer = vec![0; 64 << 10];
    let mut total = 0u64;
    let mut n_members = 0usize;
    while let Some(member) = reader.next_member()? {
        total = total.saturating_add(member.size);
        n_members += 1;
        if total > limits.total_bytes || n_members > limits.members {
            break;
        }
        let Ok(name) = std::str::from_utf8(&member.raw_name) else {
            continue;
        };
        if !wanted(name) {
            continue;
        }
        // The last member of a name counts.
        kept.remove(name);
        if member.kind != MemberKind::File || member.size > limits.kept_bytes {
            continue;
        }
        let mut content = Vec::new();
        loop {
            match reader.read_content(&mut buffer)? {
                0 => break,
                got => content.extend_from_slice(&buffer[..got]),
            }
        }
        if content.len() as u64 == member.size {
            kept.insert(name.to_owned(), content);
        }
    }
    Ok(kept)
}
