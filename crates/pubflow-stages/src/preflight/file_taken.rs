//! P505: a file of this name, or this very file under another name, is there already.

use pubflow_finding::{Check, Finding, Findings, Refuser, Rule, Severity};

use super::Situation;

pub(super) const CHECK: Check<Situation> = Check { rule: &RULE, run };

pub(super) static RULE: Rule = Rule {
    code: "P505",
    name: "file-taken",
    severity: Severity::Error,
    source: "R088, R089",
    refused_by: &[Refuser::Pypi],
    about: "The index has a file of this name with other bytes, or these bytes under another name.",
    why: "A file name is used once and for ever, also after the file was deleted. Indexes that replace files silently would change what users of a pinned hash install.",
    cure: "Raise the version and build again. Where the bytes there are yours of another build, publish that build instead.",
    bad: "demo-1.0.tar.gz built twice, with another time stamp in it\n",
    good: "demo-1.0.1.tar.gz\n",
};

fn run(situation: &Situation, findings: &mut Findings) {
    let Some(page) = &situation.page else {
        return;
    };
    let next = "raise the version, then build and publish again";
    for file in situation.missing() {
        let name = file.filename.as_str();
        if let Some(listed) = page.find(name) {
            // Without a listed digest the upload step reads the file itself and decides.
            if let Some(there) = listed.sha256 {
                let message = format!(
                    "`{name}` is there with other bytes (sha256 {there} there, {} here)",
                    file.sha256
                );
                findings.add(Finding::new(&RULE, message).next(next));
            }
        } else if let Some(twin) = page
            .files
            .iter()
            .find(|other| other.sha256 == Some(file.sha256))
            && situation.follows_pypi()
        {
            let message = format!(
                "the bytes of `{name}` are there already as `{}`",
                twin.filename
            );
            findings.add(Finding::new(&RULE, message).next(next));
        }
    }
}
