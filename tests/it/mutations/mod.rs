//! Good wheels and sdists with one thing changed, read by pubflow and by the programs that install
//! them: nothing that changes what is installed passes unseen.
//!
//! `PUBFLOW_MUTATIONS=5000 PUBFLOW_MUTATION_SEED=new cargo test --test it mutations -- --nocapture`
//! tries more, from a seed that it prints.

mod random;
mod readers;
mod sdist;
mod wheel;

use std::collections::BTreeMap;

use pubflow_dist::{Distribution, EntryKind, Limits};
use pubflow_finding::{Findings, Refuser, Severity};

use random::Random;
use readers::{Readers, Tree};

/// How many changes `cargo test` tries, of wheels and of sdists.
const TRIED: usize = 1500;
const SEED: u64 = 20_261_128;

/// A changed archive.
struct Mutated {
    what: String,
    bytes: Vec<u8>,
    /// Whether the change made another archive that is good in itself: below the compression
    /// nothing holds the contents of an sdist together.
    is_another: bool,
}

#[test]
fn no_change_of_what_is_installed_passes_unseen() {
    let Some(mut readers) = Readers::start() else {
        return;
    };
    let n_tried = number("PUBFLOW_MUTATIONS").unwrap_or(TRIED);
    let seed = match std::env::var("PUBFLOW_MUTATION_SEED").as_deref() {
        Ok("new") => {
            u64::from(std::process::id()) << 32
                | u64::from(std::time::UNIX_EPOCH.elapsed().unwrap().subsec_nanos())
        }
        Ok(seed) => seed.parse().unwrap(),
        Err(_) => SEED,
    };
    println!("{n_tried} changes from seed {seed}");
    let mut random = Random::new(seed);
    let mut trial = Trial::default();
    let (wheels, sdists) = (wheel::good(), sdist::good());
    let wheels: Vec<_> = wheels
        .into_iter()
        .map(|builder| {
            let good = readers.read("demo-1.0-py3-none-any.whl", &builder.to_bytes());
            (builder, good)
        })
        .collect();
    let sdists: Vec<_> = sdists
        .into_iter()
        .map(|builder| {
            let good = readers.read("demo-1.0.tar.gz", &builder.to_bytes());
            (builder, good)
        })
        .collect();
    for (builder, good) in &wheels {
        trial.expect_good("demo-1.0-py3-none-any.whl", &builder.to_bytes(), good);
    }
    for (builder, good) in &sdists {
        trial.expect_good("demo-1.0.tar.gz", &builder.to_bytes(), good);
    }
    for _ in 0..n_tried {
        // Wheels are what is installed as it is.
        if random.below(3) > 0 {
            let (builder, good) = random.pick(&wheels);
            let mutated = wheel::mutate(builder, &mut random);
            let name = "demo-1.0-py3-none-any.whl";
            let read = readers.read(name, &mutated.bytes);
            trial.judge(name, &mutated, good, &read);
        } else {
            let (builder, good) = random.pick(&sdists);
            let mutated = sdist::mutate(builder, &mut random);
            let name = "demo-1.0.tar.gz";
            let read = readers.read(name, &mutated.bytes);
            trial.judge(name, &mutated, good, &read);
        }
    }
    println!("{}", trial.summary());
    assert!(
        trial.unseen.is_empty(),
        "{} of {n_tried} from seed {seed}:\n{}",
        trial.unseen.len(),
        trial.unseen.join("\n")
    );
    assert!(trial.n_different * 20 > n_tried, "{}", trial.summary());
}

fn number(variable: &str) -> Option<usize> {
    std::env::var(variable).ok()?.parse().ok()
}

/// What came of all changes.
#[derive(Default)]
struct Trial {
    unseen: Vec<String>,
    /// Readings that were refused, and those of them that pubflow calls no error.
    n_refused: usize,
    n_unsaid: usize,
    /// Readings by pip that were refused, those of them that pubflow says pip refuses, and those
    /// of which it says so and pip does not.
    pip: [usize; 3],
    /// Readings that gave another tree.
    n_different: usize,
    n_readings: usize,
}

impl Trial {
    fn expect_good(&self, name: &str, bytes: &[u8], read: &BTreeMap<String, Option<Tree>>) {
        let (seen, worst, _) = look(name, bytes);
        let mut findings = Findings::for_path(name);
        Distribution::from_bytes(name, bytes, &Limits::default()).check(&mut findings);
        assert_eq!(worst, None, "{name}: {:?}", findings.into_sorted());
        assert!(read.values().all(Option::is_some), "{name}: {read:?}");
        assert!(!seen.is_empty());
    }

    fn judge(
        &mut self,
        name: &str,
        mutated: &Mutated,
        good: &BTreeMap<String, Option<Tree>>,
        read: &BTreeMap<String, Option<Tree>>,
    ) {
        let (seen, worst, refused_by_pip) = look(name, &mutated.bytes);
        let is_found = worst.is_some();
        for (reader, tree) in read {
            self.n_readings += 1;
            let Some(tree) = tree else {
                self.n_refused += 1;
                if worst < Some(Severity::Error) {
                    self.n_unsaid += 1;
                    println!(
                        "unsaid: {name}: {}: refused by {reader}, {worst:?}",
                        mutated.what
                    );
                }
                continue;
            };
            // Permission bits that a umask may leave behind tell nobody whether they were meant.
            let is_different = good[reader].as_ref().map(contents) != Some(contents(tree));
            self.n_different += usize::from(is_different);
            let is_known = agrees(reader, tree, &seen);
            let is_quiet = (!is_different || mutated.is_another) && is_known;
            if !is_quiet && !is_found {
                let what = format!("{name}: {}: {reader} reads {tree:?}", mutated.what);
                self.unseen.push(what);
            }
        }
        match (read["pip"].is_none(), refused_by_pip) {
            (true, said) => {
                self.pip[0] += 1;
                self.pip[1] += usize::from(said);
                if !said {
                    println!("not foreseen: {name}: {}", mutated.what);
                }
            }
            (false, true) => {
                self.pip[2] += 1;
                println!("not refused: {name}: {}", mutated.what);
            }
            (false, false) => {}
        }
    }

    fn summary(&self) -> String {
        let Self {
            n_readings,
            n_refused,
            n_unsaid,
            n_different,
            pip: [refused, foreseen, wrongly],
            ..
        } = self;
        format!(
            "{n_readings} readings: {n_different} gave another tree, {n_refused} were refused, \
             {n_unsaid} of them without an error of ours; \
             pip refused {refused}, {foreseen} foreseen, {wrongly} foreseen wrongly"
        )
    }
}

/// Contents by path as pubflow sees them, the worst finding, and whether one says that pip refuses.
fn look(name: &str, bytes: &[u8]) -> (Tree, Option<Severity>, bool) {
    let distribution = Distribution::from_bytes(name, bytes, &Limits::default());
    let mut findings = Findings::for_path(name);
    distribution.check(&mut findings);
    let findings = findings.into_sorted();
    let worst = findings.iter().map(|finding| finding.severity).max();
    let refused = findings
        .iter()
        .any(|finding| finding.refused_by.contains(&Refuser::Pip));
    let mut tree = Tree::new();
    for entry in distribution.entries() {
        let path = entry.path.as_str().to_owned();
        match (&entry.kind, entry.sha256) {
            (EntryKind::Symlink(target), _) => drop(tree.insert(path, format!("-> {target}"))),
            (EntryKind::HardLink(target), _) => {
                let content = tree.get(target).cloned().unwrap_or_default();
                tree.insert(path, content);
            }
            (EntryKind::File, Some(sha256)) => drop(tree.insert(path, sha256.to_string())),
            _ => {}
        }
    }
    (tree, worst, refused)
}

/// A tree without the marks of files that can be run.
fn contents(tree: &Tree) -> Tree {
    let plain = |content: &String| content.trim_end_matches('x').to_owned();
    tree.iter().map(|(k, v)| (k.clone(), plain(v))).collect()
}

/// Whether the tree that a reader made of the whole archive is what pubflow saw in it. What an
/// installer makes of a wheel is another tree by design.
fn agrees(reader: &str, tree: &Tree, seen: &Tree) -> bool {
    let read = contents(tree);
    let is_wheel = seen.keys().any(|path| path.contains(".dist-info/"));
    match reader {
        "zipfile" | "tarfile" => read == *seen,
        "pip" if !is_wheel => {
            let below = |path: &String| path.split_once('/').map(|(_, rest)| rest.to_owned());
            let seen = seen
                .iter()
                .filter_map(|(k, v)| Some((below(k)?, v.clone())));
            read == seen.collect()
        }
        _ => true,
    }
}
