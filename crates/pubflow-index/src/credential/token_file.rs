//! A file or standard input that holds the token alone.

use std::fs::File;
use std::io::{self, Read};

use zeroize::Zeroizing;

use super::{Answer, CredentialError, Given, Sought, TokenFile};

/// More than any token has; a file given by mistake is not read whole.
const LONGEST_BYTES: u64 = 64 * 1024;

pub(super) fn find(sought: &Sought<'_>) -> Result<Vec<Answer>, CredentialError> {
    match sought.token_file {
        None => Ok(Vec::new()),
        Some(file) => Ok(vec![read_token(file)?.into()]),
    }
}

pub(super) fn read_token(file: &TokenFile) -> Result<Given, CredentialError> {
    let (text, source) = match file {
        TokenFile::Stdin => {
            let text =
                read(io::stdin().lock()).map_err(|source| CredentialError::Stdin { source })?;
            (text, "standard input".to_owned())
        }
        TokenFile::Path(path) => {
            let text = File::open(path)
                .and_then(read)
                .map_err(|source| CredentialError::File {
                    path: path.clone(),
                    source,
                })?;
            (text, format!("the token file `{}`", path.display()))
        }
    };
    Given::token(&text, &source)
}

fn read(from: impl Read) -> io::Result<Zeroizing<String>> {
    let mut text = Zeroizing::new(String::new());
    from.take(LONGEST_BYTES + 1).read_to_string(&mut text)?;
    if text.len() as u64 > LONGEST_BYTES {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "longer than any token",
        ));
    }
    Ok(text)
}
