//! Making damaged state usable again without losing a byte of it.
//!
//! What cannot be believed is moved to `damaged/` in the state directory. Of a journal segment the
//! lines before the damage stay in force; what the lines after it said is found again on the
//! indexes, by digest, because nothing is ever sent before the remote was looked at.

use std::fs;
use std::path::{Path, PathBuf};

use crate::clock::Clock;
use crate::durable;
use crate::error::StateError;
use crate::journal::segment::{self, RawSegment};
use crate::lock::{Lock, LockError};
use crate::record::ReleaseRecord;
use crate::store::{StateDir, open_record};

/// One thing that was damaged and has been moved away.
#[derive(Debug)]
pub struct Repaired {
    /// What was wrong with it.
    pub damage: StateError,
    /// Where its bytes are now.
    pub moved_to: PathBuf,
    /// For a journal segment: how many of its lines stay in force.
    pub n_lines_kept: Option<usize>,
}

impl StateDir {
    /// Moves away everything that an audit calls damaged.
    ///
    /// # Errors
    /// [`LockError::Held`] while a run works on a damaged release; [`StateError`] where something
    /// cannot be read or moved. What was moved before stays moved; a second call goes on.
    pub fn repair(&self, clock: &dyn Clock) -> Result<Vec<Repaired>, LockError> {
        let mut repaired = Vec::new();
        for (_, sha256) in self.objects()? {
            if let Err(error) = self.verify_object(&sha256) {
                repaired.push(self.move_away(error, &self.object_path(&sha256), clock)?);
            }
        }
        for (dir, digest) in self.record_dirs()? {
            let _lock = match open_record(dir.clone(), &digest) {
                Ok(record) => {
                    let damaged = segment::read_raw(&record)?
                        .into_iter()
                        .any(|segment| segment.damage.is_some());
                    if !damaged {
                        continue;
                    }
                    let lock = Lock::acquire(&record.lock_path(), clock)?;
                    self.repair_journal(&record, clock, &mut repaired)?;
                    lock
                }
                Err(error) => {
                    let lock = Lock::acquire(&dir.with_file_name("lock"), clock)?;
                    repaired.push(self.move_away(error, &dir, clock)?);
                    lock
                }
            };
        }
        Ok(repaired)
    }

    fn repair_journal(
        &self,
        record: &ReleaseRecord,
        clock: &dyn Clock,
        repaired: &mut Vec<Repaired>,
    ) -> Result<(), StateError> {
        for segment in segment::read_raw(record)? {
            let RawSegment { damage, path, .. } = segment;
            let Some(damage) = damage else { continue };
            let moved = self.move_away(damage, &path, clock)?;
            if !segment.intact.is_empty() {
                durable::write_appendable(&path, &segment.intact)?;
            }
            repaired.push(Repaired {
                n_lines_kept: Some(segment.n_lines),
                ..moved
            });
        }
        Ok(())
    }

    /// Moves a file or directory into `damaged/`, under a name that says when and what.
    fn move_away(
        &self,
        damage: StateError,
        path: &Path,
        clock: &dyn Clock,
    ) -> Result<Repaired, StateError> {
        if !damage.is_damage() {
            return Err(damage);
        }
        let folder = self.path().join("damaged");
        durable::create_private_dir(&folder)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let when = clock.now().strftime("%Y%m%dT%H%M%SZ");
        let mut moved_to = folder.join(format!("{when}-{name}"));
        let mut n = 1;
        while moved_to.symlink_metadata().is_ok() {
            n += 1;
            moved_to = folder.join(format!("{when}-{n}-{name}"));
        }
        fs::rename(path, &moved_to).map_err(|error| StateError::write(path, error))?;
        durable::sync_dir(&folder)?;
        Ok(Repaired {
            damage,
            moved_to,
            n_lines_kept: None,
        })
    }
}

#[cfg(test)]
mod tests;
