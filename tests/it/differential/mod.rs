//! What pubflow says, held against the tools whose behaviour it follows, over thousands of
//! generated texts.
//!
//! The gate runs one fixed seed. By hand, `PUBFLOW_DIFFERENTIAL_SEED` takes a number or `fresh`, and
//! `PUBFLOW_DIFFERENTIAL_FACTOR` multiplies the number of texts.

mod generate;
mod oracle;
mod packaging;

use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

use generate::Texts;

use crate::peers::Set;

/// The reader that installers have, as they will have it.
const NEWEST: Set = Set {
    name: "packaging",
    pins: &["packaging==26.3"],
    python: (3, 9),
};

/// The seed of the gate.
const SEED: u64 = 20_261_128;

/// The source of texts of this run; the seed is printed, so that a difference can be had again.
fn texts() -> Texts {
    let seed = match std::env::var("PUBFLOW_DIFFERENTIAL_SEED").as_deref() {
        Err(_) => SEED,
        Ok("fresh") => {
            let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
            u64::try_from(now.as_nanos() & u128::from(u64::MAX)).unwrap()
        }
        Ok(number) => number.parse().unwrap(),
    };
    println!("PUBFLOW_DIFFERENTIAL_SEED={seed}");
    Texts::new(seed)
}

/// How many texts to try where the gate tries so many.
fn n_texts(in_the_gate: usize) -> usize {
    let factor = std::env::var("PUBFLOW_DIFFERENTIAL_FACTOR");
    in_the_gate * factor.map_or(1, |factor| factor.parse().unwrap())
}

/// Fails with the first differences, if there are any; the others are counted by their reasons.
#[track_caller]
fn assert_no_differences(
    n_compared: usize,
    reasons: &BTreeMap<&str, usize>,
    differences: &[String],
) {
    println!("{n_compared} texts; differences that are meant: {reasons:#?}");
    let shown: Vec<&str> = differences.iter().take(30).map(String::as_str).collect();
    assert!(
        differences.is_empty(),
        "{} differences in {n_compared} texts:\n{}",
        differences.len(),
        shown.join("\n")
    );
}
