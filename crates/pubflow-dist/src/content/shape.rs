//! Whether the text behind a prefix has the shape of a real token, key or home directory.
//!
//! Prefixes alone stand in every documentation. What counts is the whole: length, alphabet,
//! inner structure, and that a person did not make it up with one finger on the keyboard.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use super::patterns::{Alphabet, Shape};

/// Whether `rest`, the text behind the prefix, begins with a token of this shape.
pub(super) fn fits(shape: Shape, rest: &[u8]) -> bool {
    match shape {
        Shape::Run(alphabet, least, most) => {
            let run = run(rest, |byte| is_in(alphabet, byte));
            (least..=most).contains(&run.len()) && !is_made_up(run)
        }
        Shape::TwoRuns(first, second) => {
            let of = |rest| run(rest, |byte| is_in(Alphabet::Base64Url, byte));
            let one = of(rest);
            let two = rest.get(one.len() + 1..).map(of).unwrap_or_default();
            rest.get(one.len()) == Some(&b'.')
                && (one.len(), two.len()) == (first, second)
                && !is_made_up(two)
        }
        Shape::Holding(mark, least) => {
            let run = run(rest, |byte| is_in(Alphabet::Base64Url, byte));
            run.len() >= least && run.windows(mark.len()).any(|part| part == mark)
        }
        Shape::Dashed(least) => {
            let run = run(rest, |byte| byte == b'-' || byte.is_ascii_alphanumeric());
            let dashes = run.iter().filter(|byte| **byte == b'-').count();
            let has_digits = run.iter().filter(|byte| byte.is_ascii_digit()).count() >= 5;
            run.len() >= least && dashes >= 1 && has_digits && !is_made_up(run)
        }
        Shape::Macaroon => is_macaroon(rest),
        Shape::PrivateKey => is_private_key(rest),
    }
}

/// No token is longer.
const LONGEST: usize = 512;

fn run(rest: &[u8], is_part: impl Fn(u8) -> bool) -> &[u8] {
    let rest = &rest[..rest.len().min(LONGEST)];
    let end = rest.iter().position(|byte| !is_part(*byte));
    &rest[..end.unwrap_or(rest.len())]
}

fn is_in(alphabet: Alphabet, byte: u8) -> bool {
    match alphabet {
        Alphabet::Alphanumeric => byte.is_ascii_alphanumeric(),
        Alphabet::Upper => byte.is_ascii_uppercase() || byte.is_ascii_digit(),
        Alphabet::Hex => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
        Alphabet::Base64Url => byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'),
    }
}

/// Words and runs that nobody draws by chance.
const WORDS: &[&str] = &[
    "example",
    "xxxx",
    "your",
    "token",
    "secret",
    "abcdef",
    "123456",
    "fake",
    "dummy",
    "test",
    "0000",
    "aaaa",
    "sample",
    "placeholder",
];

/// Whether a person made the text up: few different characters, or words.
fn is_made_up(text: &[u8]) -> bool {
    let mut seen = [false; 256];
    for byte in text {
        seen[usize::from(*byte)] = true;
    }
    let n_different = seen.iter().filter(|seen| **seen).count();
    let lower = String::from_utf8_lossy(text).to_ascii_lowercase();
    n_different < 8.min(text.len() / 2) || WORDS.iter().any(|word| lower.contains(word))
}

/// The index's tokens are macaroons in version 2: a location, an identifier, caveats, a signature.
/// Shortened ones, as documentation has them, end before the signature.
fn is_macaroon(rest: &[u8]) -> bool {
    let text = run(rest, |byte| is_in(Alphabet::Base64Url, byte));
    let whole = &text[..text.len() - usize::from(text.len() % 4 == 1)];
    // Bits behind the last whole byte are nobody's business.
    let engine = URL_SAFE_NO_PAD;
    let bytes = (whole.len() >= 80)
        .then(|| engine.decode(&whole[..whole.len() / 4 * 4]).ok())
        .flatten();
    let Some(bytes) = bytes else {
        return false;
    };
    let [2, 1, len, location @ ..] = bytes.as_slice() else {
        return false;
    };
    let len = usize::from(*len);
    len >= 4
        && location.get(len) == Some(&2)
        && location[..len]
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'))
}

/// What follows `-----BEGIN `: the kind, then Base64 until the end line.
fn is_private_key(rest: &[u8]) -> bool {
    let kind = run(rest, |byte| byte.is_ascii_uppercase() || byte == b' ');
    let is_key = kind.ends_with(b"PRIVATE KEY");
    if !is_key || kind.starts_with(b"ENCRYPTED") || !rest[kind.len()..].starts_with(b"-----") {
        return false;
    }
    let body = &rest[kind.len() + 5..];
    let Some(end) = body.windows(8).position(|part| part == b"-----END") else {
        return false;
    };
    let mut key = Vec::new();
    let mut bytes = body[..end].iter();
    while let Some(byte) = bytes.next() {
        match byte {
            // A key in a string of some language: quotes, commas and `\n` between its lines.
            b'\\' => drop(bytes.next()),
            b'"' | b'\'' | b',' | b'=' | b' ' | b'\t' | b'\r' | b'\n' => {}
            byte if byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/') => key.push(*byte),
            _ => return false,
        }
    }
    key.len() >= 40 && STANDARD_NO_PAD.decode(&key[..key.len() / 4 * 4]).is_ok()
}

/// Users of build machines and of documentation: their directories tell nothing.
const NOBODY: &[&str] = &[
    "app",
    "appuser",
    "admin",
    "administrator",
    "anaconda",
    "appveyor",
    "bar",
    "build",
    "builder",
    "buildbot",
    "ci",
    "circleci",
    "conda",
    "containeradministrator",
    "default",
    "dev",
    "developer",
    "docker",
    "example",
    "foo",
    "git",
    "gitlab-runner",
    "guest",
    "jenkins",
    "joe",
    "john",
    "jovyan",
    "linuxbrew",
    "me",
    "myname",
    "myuser",
    "name",
    "nobody",
    "public",
    "runner",
    "runneradmin",
    "shared",
    "someone",
    "somebody",
    "someuser",
    "test",
    "testuser",
    "travis",
    "ubuntu",
    "user",
    "user1",
    "username",
    "vagrant",
    "vsts",
    "vsts_azpcontainer",
    "you",
    "yourname",
    "youruser",
    "yourusername",
];

/// Directories that stand in the path of a source tree or of an installed tool, and rarely in
/// that of an example.
const WORKPLACES: &[&str] = &[
    ".cache",
    ".cargo",
    ".conda",
    ".local",
    ".pyenv",
    ".rustup",
    ".tox",
    ".venv",
    "anaconda3",
    "build",
    "code",
    "desktop",
    "dev",
    "dist",
    "documents",
    "downloads",
    "envs",
    "git",
    "github",
    "miniconda3",
    "miniforge3",
    "projects",
    "repos",
    "repositories",
    "site-packages",
    "source",
    "src",
    "venv",
    "work",
    "workspace",
];

/// The path in a home directory whose user name begins at `rest`, if it tells about a person's
/// machine: at most 200 bytes of it.
pub(super) fn home_path(rest: &[u8]) -> Option<&str> {
    let is_part = |byte: u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'/' | b'\\' | b'+')
    };
    let path = run(&rest[..rest.len().min(200)], is_part);
    let path = std::str::from_utf8(path).ok()?;
    let mut parts = path.split(['/', '\\']).filter(|part| !part.is_empty());
    let user = parts.next()?.to_ascii_lowercase();
    let is_person = user.len() >= 2 && user.starts_with(|c: char| c.is_ascii_alphabetic());
    let is_work = parts.any(|part| WORKPLACES.contains(&part.to_ascii_lowercase().as_str()));
    (is_person && is_work && !NOBODY.contains(&user.as_str())).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RANDOM: &str = "Zk4Qm9vTq2LwX7rYc1NbHs8DpGfJ0uEaVi5oKzRt";

    fn check(shape: Shape, rest: &str) -> bool {
        fits(shape, rest.as_bytes())
    }

    #[test]
    fn runs_have_a_length_and_look_drawn() {
        let shape = Shape::Run(Alphabet::Alphanumeric, 36, 36);
        assert!(check(shape, &RANDOM[..36]));
        assert!(check(shape, &format!("{}\"", &RANDOM[..36])));
        assert!(!check(shape, RANDOM));
        assert!(!check(shape, &"x".repeat(36)));
        assert!(!check(shape, &format!("EXAMPLE{}", &RANDOM[..29])));
        let dashed = Shape::Dashed(30);
        assert!(check(dashed, &format!("123450987-{}", &RANDOM[..24])));
        assert!(!check(dashed, "your-token-goes-here-and-nowhere-else"));
        let two = Shape::TwoRuns(10, 12);
        assert!(check(two, &format!("{}.{}", &RANDOM[..10], &RANDOM[..12])));
        assert!(!check(two, &RANDOM[..10]));
    }

    #[test]
    fn macaroons_are_taken_apart() {
        let token = |location: &[u8], len: usize| {
            let head = [&[2, 1, location.len() as u8], location, &[2, 36]].concat();
            let mut text = URL_SAFE_NO_PAD.encode([head, vec![7; 90]].concat());
            text.truncate(len);
            text
        };
        assert!(check(Shape::Macaroon, &token(b"index.org", 120)));
        assert!(!check(Shape::Macaroon, &token(b"index.org", 30)));
        assert!(!check(Shape::Macaroon, &token(b"two words", 120)));
        assert!(!check(Shape::Macaroon, &"A".repeat(120)));
        assert!(!check(Shape::Macaroon, "project-name"));
    }

    #[test]
    fn keys_need_a_body() {
        let check = |text: &str| check(Shape::PrivateKey, text);
        let body = "bm90IGEgcmVhbCBrZXkgbm90IGEgcmVhbCBrZXkgbm90IGEgcmVhbCBrZXk=";
        let end = "-----END PRIVATE KEY-----";
        assert!(check(&format!("PRIVATE KEY-----\n{body}\n{end}")));
        assert!(check(&format!("RSA PRIVATE KEY-----\\n{body}\\n{end}")));
        assert!(!check(&format!("PRIVATE KEY-----\n...\n{end}")));
        assert!(!check(&format!(
            "ENCRYPTED PRIVATE KEY-----\n{body}\n{end}"
        )));
        assert!(!check(&format!("PUBLIC KEY-----\n{body}\n{end}")));
        assert!(!check("PRIVATE KEY-----\")"));
    }

    #[test]
    fn homes_of_persons_are_told_from_examples() {
        assert_eq!(
            home_path(b"jsmith/work/demo/src\")"),
            Some("jsmith/work/demo/src")
        );
        assert_eq!(
            home_path(b"jsmith\\\\Documents\\\\x"),
            Some("jsmith\\\\Documents\\\\x")
        );
        assert_eq!(home_path(b"user/work/demo"), None);
        assert_eq!(home_path(b"jsmith/pathlib"), None);
        assert_eq!(home_path(b"runner/work/demo/src"), None);
        assert_eq!(home_path(b"{name}/src"), None);
    }
}
