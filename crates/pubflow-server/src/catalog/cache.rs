//! The projects that were asked for lately, folded, within a bound on the memory that they take.

use std::collections::HashMap;
use std::sync::Arc;

use super::Project;
use crate::store::stored::{Record, Unreadable};

/// The sum of the lines behind all projects that are kept, in bytes; in memory a project takes about as much again.
const MOST: u64 = 8 << 20;

/// Folded projects by normalised name.
#[derive(Debug, Default)]
pub(super) struct Cache {
    held: HashMap<Box<str>, Held>,
    n_bytes: u64,
    /// Counts the uses.
    clock: u64,
}

#[derive(Debug)]
struct Held {
    project: Arc<Project>,
    n_bytes: u64,
    used: u64,
}

impl Cache {
    pub(super) fn get(&mut self, normalized: &str) -> Option<Arc<Project>> {
        self.clock += 1;
        let held = self.held.get_mut(normalized)?;
        held.used = self.clock;
        Some(Arc::clone(&held.project))
    }

    /// Keeps a project that was folded from so many bytes.
    pub(super) fn put(&mut self, project: &Arc<Project>, n_bytes: u64) {
        self.clock += 1;
        let held = Held {
            project: Arc::clone(project),
            n_bytes,
            used: self.clock,
        };
        let before = self.held.insert(project.normalized.as_str().into(), held);
        self.n_bytes += n_bytes;
        self.n_bytes -= before.map_or(0, |before| before.n_bytes);
        self.shrink();
    }

    /// Lets a project that is kept take over one more event; any other one is read anew when it is asked for.
    pub(super) fn change(
        &mut self,
        normalized: &str,
        record: Record,
        n_bytes: u64,
    ) -> Result<(), Unreadable> {
        let Some(held) = self.held.get_mut(normalized) else {
            return Ok(());
        };
        Arc::make_mut(&mut held.project).apply(record)?;
        held.n_bytes += n_bytes;
        self.n_bytes += n_bytes;
        self.shrink();
        Ok(())
    }

    /// Lets go of what was not used for longest, a quarter at once so that the search for it costs little, but never
    /// of the project that was used last.
    fn shrink(&mut self) {
        if self.n_bytes <= MOST {
            return;
        }
        let mut by_use: Vec<(u64, u64, Box<str>)> = self
            .held
            .iter()
            .map(|(name, held)| (held.used, held.n_bytes, name.clone()))
            .collect();
        by_use.sort_unstable();
        by_use.pop();
        for (_, n_bytes, name) in by_use {
            if self.n_bytes <= MOST / 4 * 3 {
                break;
            }
            self.held.remove(&name);
            self.n_bytes -= n_bytes;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(cache: &mut Cache, name: &str, n_bytes: u64) {
        cache.put(&Arc::new(Project::unmade(name)), n_bytes);
    }

    #[test]
    fn what_was_used_lately_stays_within_the_bound() {
        let mut cache = Cache::default();
        for name in ["a", "b", "c", "d"] {
            put(&mut cache, name, MOST / 4);
        }
        assert!(cache.get("a").is_some());
        put(&mut cache, "e", MOST / 4);
        let kept: Vec<&str> = ["a", "b", "c", "d", "e"]
            .into_iter()
            .filter(|name| cache.held.contains_key(*name))
            .collect();
        assert_eq!(kept, ["a", "d", "e"]);
        assert_eq!(cache.n_bytes, MOST / 4 * 3);
    }

    #[test]
    fn a_project_above_the_bound_is_kept_alone() {
        let mut cache = Cache::default();
        put(&mut cache, "small", 10);
        put(&mut cache, "large", MOST * 2);
        put(&mut cache, "large", MOST * 3);
        assert!(cache.get("large").is_some());
        assert!(cache.get("small").is_none());
        assert_eq!(cache.n_bytes, MOST * 3);
    }
}
