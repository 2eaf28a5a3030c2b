//! Prints generated descriptions as JSON lines: `documents rst|damaged|md COUNT SEED`.

#![expect(clippy::print_stdout, reason = "its output is what it is for")]

use pubflow_testkit::description::{Dice, damage, markdown, rst};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [kind, count, seed] = arguments.as_slice() else {
        println!("usage: documents rst|damaged|md COUNT SEED");
        return;
    };
    let (count, seed): (u64, u64) = (count.parse().unwrap_or(1), seed.parse().unwrap_or(1));
    for n in 0..count {
        let mut dice = Dice::new(seed.wrapping_mul(1_000_003).wrapping_add(n));
        let (text, content_type) = match kind.as_str() {
            "md" => (markdown(&mut dice), "text/markdown"),
            "damaged" => {
                let whole = rst(&mut dice);
                (damage(&mut dice, &whole), "text/x-rst")
            }
            _ => (rst(&mut dice), "text/x-rst"),
        };
        let line = serde_json::json!({ "id": format!("{kind}-{seed}-{n}"), "text": text, "content_type": content_type });
        println!("{line}");
    }
}
