//! reStructuredText.
use crate::judge::FirstMessage;
use crate::profile::Profile;

pub(crate) fn render(text: &str, _profile: Profile) -> Result<Option<String>, Box<FirstMessage>> {
    Ok((!text.trim().is_empty()).then(|| text.to_owned()))
}
