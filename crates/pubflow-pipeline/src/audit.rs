//! A look at everything that is kept: whether each stored byte is what it was when it was written.

use std::collections::BTreeSet;

use pubflow_spec::Sha256;

use crate::error::StateError;
use crate::journal::segment;
use crate::plan::ReleaseKey;
use crate::store::{StateDir, open_record};

/// What an audit saw.
#[derive(Debug, Default)]
pub struct Audit {
    /// Release records that could be read.
    pub n_releases: usize,
    /// Journal lines that could be believed.
    pub n_lines: usize,
    /// Objects whose bytes have the digest they are named by.
    pub n_objects: usize,
    /// Sealed files whose bytes are kept nowhere: such a release can only go on with the original
    /// distributions at hand. No damage: an import may have left them out.
    pub missing: Vec<MissingObject>,
    /// Everything that is not what it was, in the order of the paths.
    pub damage: Vec<StateError>,
}

/// A sealed file whose bytes are not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingObject {
    /// The release that it belongs to.
    pub release: ReleaseKey,
    /// Its file name.
    pub filename: String,
}

impl StateDir {
    /// Reads every manifest, every journal line and every object, and compares them with their
    /// digests. Nothing is written.
    ///
    /// # Errors
    /// [`StateError::Read`]; damage is not an error here but what is looked for.
    pub fn audit(&self) -> Result<Audit, StateError> {
        let mut audit = Audit::default();
        let mut sound: BTreeSet<Sha256> = BTreeSet::new();
        for (_, sha256) in self.objects()? {
            match self.verify_object(&sha256) {
                Ok(Some(_)) => drop(sound.insert(sha256)),
                // It went meanwhile.
                Ok(None) => {}
                Err(error) => audit.found(error)?,
            }
        }
        audit.n_objects = sound.len();
        for (dir, digest) in self.record_dirs()? {
            let record = match open_record(dir, &digest) {
                Ok(record) => record,
                Err(error) => {
                    audit.found(error)?;
                    continue;
                }
            };
            audit.n_releases += 1;
            for segment in segment::read_raw(&record)? {
                audit.n_lines += segment.n_lines;
                audit.damage.extend(segment.damage);
            }
            for file in record.manifest().files() {
                if self.object(&file.sha256).is_none() {
                    audit.missing.push(MissingObject {
                        release: record.key(),
                        filename: file.filename.clone(),
                    });
                }
            }
        }
        Ok(audit)
    }
}

impl Audit {
    /// Keeps damage; what cannot be read at all ends the audit.
    fn found(&mut self, error: StateError) -> Result<(), StateError> {
        if !error.is_damage() {
            return Err(error);
        }
        self.damage.push(error);
        Ok(())
    }
}
