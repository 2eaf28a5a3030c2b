//! The texts that the scan of contents looks for. A new kind of token is one row.

/// What follows a prefix has to look like this, or the text is no token.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shape {
    /// Characters of an alphabet, at least and at most so many.
    Run(Alphabet, usize, usize),
    /// Two runs of Base64 with a dot between them, each so long.
    TwoRuns(usize, usize),
    /// A run that holds this text.
    Holding(&'static [u8], usize),
    /// Letters, digits and at least two dashes: Slack's way to join parts.
    Dashed(usize),
    /// A macaroon: version 2, a location, an identifier.
    Macaroon,
    /// The rest of the first line and the body of a PEM block with a private key.
    PrivateKey,
}

/// The characters of a run.
#[derive(Debug, Clone, Copy)]
pub(super) enum Alphabet {
    /// `A-Z a-z 0-9`.
    Alphanumeric,
    /// `A-Z 0-9`.
    Upper,
    /// `0-9 a-f`.
    Hex,
    /// `A-Z a-z 0-9 - _`.
    Base64Url,
}

/// A prefix and what it means.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pattern {
    pub(super) prefix: &'static [u8],
    pub(super) meaning: Meaning,
}

/// What a text with a certain prefix is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Meaning {
    /// A credential, if its shape is right: its name with an article.
    Secret(&'static str, Shape),
    /// The path of a home directory, if a name and more follow.
    Home,
    /// A mark of obfuscated code (R100).
    Obfuscated,
    /// The first line of an encrypted source (R101).
    EncryptedBegin,
    /// The last line of an encrypted source (R101).
    EncryptedEnd,
}

use Alphabet::{Alphanumeric, Base64Url, Hex, Upper};
use Meaning::{EncryptedBegin, EncryptedEnd, Home, Obfuscated, Secret};
use Shape::{Dashed, Holding, Macaroon, PrivateKey, Run, TwoRuns};

const fn secret(prefix: &'static str, name: &'static str, shape: Shape) -> Pattern {
    Pattern {
        prefix: prefix.as_bytes(),
        meaning: Secret(name, shape),
    }
}

const fn mark(prefix: &'static str, meaning: Meaning) -> Pattern {
    Pattern {
        prefix: prefix.as_bytes(),
        meaning,
    }
}

/// All texts that are looked for; no prefix is shorter than two bytes.
pub(super) const PATTERNS: &[Pattern] = &[
    secret("pypi-", "an API token of a package index", Macaroon),
    secret("ghp_", "a GitHub token", Run(Alphanumeric, 36, 36)),
    secret("gho_", "a GitHub token", Run(Alphanumeric, 36, 36)),
    secret("ghu_", "a GitHub token", Run(Alphanumeric, 36, 36)),
    secret("ghs_", "a GitHub token", Run(Alphanumeric, 36, 36)),
    secret("ghr_", "a GitHub token", Run(Alphanumeric, 36, 76)),
    secret("github_pat_", "a GitHub token", Run(Base64Url, 82, 82)),
    secret("glpat-", "a GitLab token", Run(Base64Url, 20, 64)),
    secret("AKIA", "an AWS access key", Run(Upper, 16, 16)),
    secret("ASIA", "an AWS access key", Run(Upper, 16, 16)),
    secret("xoxb-", "a Slack token", Dashed(30)),
    secret("xoxp-", "a Slack token", Dashed(30)),
    secret("xoxa-", "a Slack token", Dashed(30)),
    secret("xoxr-", "a Slack token", Dashed(30)),
    secret("xapp-", "a Slack token", Dashed(40)),
    secret("sk_live_", "a Stripe key", Run(Alphanumeric, 24, 120)),
    secret("rk_live_", "a Stripe key", Run(Alphanumeric, 24, 120)),
    secret("SG.", "a SendGrid key", TwoRuns(22, 43)),
    secret("npm_", "an npm token", Run(Alphanumeric, 36, 36)),
    secret("AIza", "a Google API key", Run(Base64Url, 35, 35)),
    secret("hf_", "a Hugging Face token", Run(Alphanumeric, 34, 34)),
    secret("sk-ant-", "an Anthropic key", Run(Base64Url, 80, 120)),
    secret("sk-", "an OpenAI key", Holding(b"T3BlbkFJ", 40)),
    secret("dckr_pat_", "a Docker token", Run(Base64Url, 27, 27)),
    secret("rubygems_", "a RubyGems key", Run(Hex, 48, 48)),
    secret("dop_v1_", "a DigitalOcean token", Run(Hex, 64, 64)),
    secret("shpat_", "a Shopify token", Run(Hex, 32, 32)),
    secret("hvs.", "a Vault token", Run(Base64Url, 90, 200)),
    secret("AGE-SECRET-KEY-1", "an age key", Run(Upper, 58, 58)),
    secret("-----BEGIN ", "a private key", PrivateKey),
    mark("/home/", Home),
    mark("/Users/", Home),
    mark(":\\Users\\", Home),
    mark(":\\\\Users\\\\", Home),
    mark(":/Users/", Home),
    mark("__pyarmor__(__name__, __file__,", Obfuscated),
    mark("__pyarmor_enter__", Obfuscated),
    mark("__pyarmor_exit__", Obfuscated),
    mark("__pyarmor_assert__", Obfuscated),
    mark("__pyarmor_bcc__", Obfuscated),
    mark("---BEGIN PYE FILE---", EncryptedBegin),
    mark("---END PYE FILE---", EncryptedEnd),
];

/// One bit for each pair of bytes that a pattern begins with.
static STARTS: [u64; 1024] = starts();

/// Whether a pattern can begin with these two bytes.
pub(super) fn may_start(first: u8, second: u8) -> bool {
    let pair = usize::from(first) << 8 | usize::from(second);
    STARTS[pair / 64] >> (pair % 64) & 1 == 1
}

const fn starts() -> [u64; 1024] {
    let mut bits = [0; 1024];
    let mut at = 0;
    while at < PATTERNS.len() {
        let prefix = PATTERNS[at].prefix;
        let pair = (prefix[0] as usize) << 8 | prefix[1] as usize;
        bits[pair / 64] |= 1 << (pair % 64);
        at += 1;
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_can_start() {
        for pattern in PATTERNS {
            assert!(may_start(pattern.prefix[0], pattern.prefix[1]));
        }
        assert!(!may_start(b'z', b'z'));
    }
}
