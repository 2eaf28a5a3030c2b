//! The table of rules, in the order in which the index evaluates them.

use super::UploadRule;

/// `. See URL for more information.`
const SEE: &str = ". See {url} for more information.";
/// The same after words that end with a full stop of their own.
const AFTER_STOP: &str = " See {url} for more information.";
/// The same without the final stop.
const UNSTOPPED: &str = " See {url} for more information";
const NONE: &str = "";

const fn rule(
    number: &'static str,
    status: u16,
    words: &'static [&'static str],
    tail: &'static str,
) -> UploadRule {
    UploadRule {
        number,
        status,
        words,
        tail,
    }
}

/// A rule by which the index alters or accepts; nothing is said to the client.
const fn silent(number: &'static str) -> UploadRule {
    rule(number, 200, &[], NONE)
}

const BAD_AUTHENTICATION: &[&str] = &["Invalid or non-existent authentication information"];
const NOT_ALLOWED: &[&str] = &[
    "isn't allowed to upload to project {}",
    "Invalid API Token: project-scoped token is not valid for project: {}",
    "Invalid API Token: OIDC scoped token is not valid for project {}",
    "Invalid API Token: {}",
];
const ALREADY_EXISTS: &[&str] = &["File already exists ({}, with blake2_256 hash {})"];
const BAD_ZIP: &[&str] = &["Invalid distribution file. ZIP archive not accepted: {}"];
const BAD_URL: &[&str] = &["{} is not a valid url"];
const DIRECT: &[&str] = &["Can't have direct dependency: {}"];
const START_WITH: &[&str] = &["Start filename for {} with {}."];
const NO_LICENCE_FILE: &[&str] = &["License-File {} does not exist in distribution file {} at {}"];

/// Every rule.
pub static RULES: [UploadRule; 141] = [
    // Reaching the endpoint.
    rule("R001", 403, &["SSL is required"], NONE),
    rule("R002", 400, &[], NONE),
    rule("R003", 400, &["Invalid Form Data."], NONE),
    rule(
        "R004",
        308,
        &["An upload was attempted to /legacy but the expected upload URL is /legacy/"],
        " (with a trailing slash)",
    ),
    rule("R005", 404, &[], NONE),
    rule(
        "R006",
        410,
        &[
            "Project pre-registration is no longer required or supported, upload your files instead.",
        ],
        NONE,
    ),
    rule(
        "R007",
        410,
        &["Uploading documentation is no longer supported, we recommend using "],
        "{url}.",
    ),
    rule(
        "R008",
        410,
        &["This API has moved to {}."],
        " See TODO for more information.",
    ),
    rule("R009", 405, &[], NONE),
    rule("R010", 405, &[], NONE),
    // Cleaning and first gates.
    silent("R011"),
    silent("R012"),
    rule("R013", 400, &["{}: Should not be a tuple."], NONE),
    rule("R014", 403, &["Read-only mode"], NONE),
    rule("R015", 403, &["New uploads are temporarily disabled"], SEE),
    rule(
        "R016",
        403,
        &[
            "Username/Password authentication is no longer supported. Migrate to API Tokens or \
             Trusted Publishers instead.",
        ],
        " See {url} and {url}",
    ),
    rule("R017", 403, BAD_AUTHENTICATION, SEE),
    rule("R018", 403, BAD_AUTHENTICATION, SEE),
    rule("R019", 403, BAD_AUTHENTICATION, SEE),
    // The form.
    rule("R020", 400, &["Unknown protocol version."], NONE),
    rule(
        "R021",
        400,
        &["{} is an invalid value for Name. Error: This field is required."],
        AFTER_STOP,
    ),
    rule(
        "R022",
        400,
        &[
            "{} is an invalid value for Name. Error: Start and end with a letter or numeral \
             containing only ASCII numeric and '.', '_' and '-'.",
        ],
        AFTER_STOP,
    ),
    rule(
        "R023",
        400,
        &["Invalid value for filetype. Error: This field is required."],
        NONE,
    ),
    rule(
        "R024",
        400,
        &["Invalid value for filetype. Error: Use a known file type."],
        NONE,
    ),
    rule(
        "R025",
        400,
        &[
            "Invalid value for sha256_digest. Error: Use a valid, hex-encoded, SHA256 message digest.",
        ],
        NONE,
    ),
    rule(
        "R026",
        400,
        &[
            "Invalid value for blake2_256_digest. Error: Use a valid, hex-encoded, BLAKE2 message \
             digest.",
        ],
        NONE,
    ),
    rule(
        "R027",
        400,
        &[
            "Invalid value for pyversion. Error: Python version is required for binary \
             distribution uploads.",
        ],
        NONE,
    ),
    rule(
        "R028",
        400,
        &["Invalid value for pyversion. Error: Use 'source' as Python version for an sdist."],
        NONE,
    ),
    rule(
        "R029",
        400,
        &["Error: Include at least one message digest."],
        NONE,
    ),
    // Core metadata in the form.
    rule("R030", 400, &["{} has invalid data"], SEE),
    rule("R031", 400, &["'project_urls' has invalid data"], SEE),
    rule("R032", 400, &["{} is not a valid metadata version"], SEE),
    rule(
        "R033",
        400,
        &["{} introduced in metadata version {}, not {}"],
        SEE,
    ),
    rule(
        "R034",
        400,
        &["{} is invalid for 'name'", "'name' is a required field"],
        SEE,
    ),
    rule(
        "R035",
        400,
        &[
            "{} is invalid for 'version'",
            "'version' is a required field",
        ],
        SEE,
    ),
    rule(
        "R036",
        400,
        &["The use of local versions in {} is not allowed"],
        SEE,
    ),
    rule(
        "R037",
        400,
        &["'summary' field must be 512 characters or less"],
        SEE,
    ),
    rule("R038", 400, &["'summary' must be a single line"], SEE),
    rule("R039", 400, &["{} is not a valid email address: {}"], SEE),
    rule("R040", 400, &["{} is not a valid classifier"], SEE),
    rule(
        "R041",
        400,
        &[
            "The classifier {} has been deprecated, use one of {} instead",
            "The classifier {} has been deprecated",
        ],
        SEE,
    ),
    rule("R042", 400, BAD_URL, SEE),
    rule(
        "R043",
        400,
        &[
            "Must have a URL",
            "Must have a label",
            "{} must be 32 characters or less",
        ],
        SEE,
    ),
    rule(
        "R044",
        400,
        &["{} is invalid for 'requires-dist'", "{} is invalid: {}"],
        SEE,
    ),
    rule("R045", 400, DIRECT, SEE),
    rule("R046", 400, &["{} is invalid for 'requires-python'"], SEE),
    rule(
        "R047",
        400,
        &[
            "{} is not allowed as a dynamic field",
            "{} is not a valid dynamic field",
        ],
        SEE,
    ),
    rule(
        "R048",
        400,
        &[
            "'description-content-type' must be one of {}, not {}",
            "'description-content-type' can only specify the UTF-8 charset, not {}",
            "valid Markdown variants for 'description-content-type' are {}, not {}",
        ],
        SEE,
    ),
    rule(
        "R049",
        400,
        &["{} is invalid for 'license-expression'"],
        SEE,
    ),
    rule(
        "R050",
        400,
        &[
            "License is deprecated when License-Expression is present. Only License-Expression \
             should be present",
        ],
        SEE,
    ),
    rule("R051", 400, &["{} is invalid for 'license-file', {}"], SEE),
    rule("R052", 400, &["{} is invalid for 'provides-extra'"], SEE),
    rule(
        "R053",
        400,
        &[
            "{} is invalid for 'import-name'; {}",
            "{} is invalid for 'import-namespace'; {}",
        ],
        SEE,
    ),
    rule("R054", 400, &["Upload payload does not have a file."], NONE),
    silent("R055"),
    // Project, permission, account.
    rule(
        "R056",
        400,
        &[
            "Non-user identities cannot create new projects. This was probably caused by \
             successfully using a pending publisher but specifying the project name incorrectly",
        ],
        " (either in the publisher or in your project's metadata). Please ensure that both match. \
         See: {url}",
    ),
    rule(
        "R057",
        403,
        &[
            "User {}, associated with the API token used, does not have a verified primary email \
             address. Please add a verified primary email before attempting to upload to PyPI",
        ],
        SEE,
    ),
    rule(
        "R058",
        403,
        &[
            "User {}, associated with the API token used, does not have two-factor authentication enabled",
        ],
        SEE,
    ),
    rule("R059", 429, &["Too many new projects created"], NONE),
    rule(
        "R060",
        403,
        &["New project registration temporarily disabled"],
        SEE,
    ),
    rule("R061", 400, &["The name {} is invalid"], SEE),
    rule(
        "R062",
        400,
        &["The name {} isn't allowed (conflict with Python Standard Library module name)"],
        SEE,
    ),
    rule(
        "R063",
        409,
        &["The name {} conflicts with an existing project"],
        SEE,
    ),
    rule("R064", 400, &["The name {} isn't allowed"], SEE),
    rule(
        "R065",
        400,
        &["The name {} is too similar to an existing project"],
        SEE,
    ),
    rule("R066", 403, NOT_ALLOWED, SEE),
    rule("R067", 403, &["Invalid API Token: token is expired"], NONE),
    rule("R068", 403, &["isn't allowed to upload to project {}"], SEE),
    rule("R069", 403, &["isn't allowed to upload to project {}"], SEE),
    rule(
        "R070",
        403,
        &[
            "User {}, associated with the API token used, does not have a verified primary email address",
        ],
        SEE,
    ),
    rule(
        "R071",
        400,
        &["Organization account owning this project is inactive."],
        AFTER_STOP,
    ),
    silent("R072"),
    silent("R073"),
    // Description and release.
    rule(
        "R074",
        400,
        &[
            "The description failed to render for {}",
            "The description failed to render in the default format of reStructuredText",
        ],
        SEE,
    ),
    silent("R075"),
    silent("R076"),
    silent("R077"),
    silent("R078"),
    // The file.
    rule(
        "R079",
        400,
        &["Cannot upload a file with non-printable characters (ordinals 0-31) in the name."],
        NONE,
    ),
    rule(
        "R080",
        400,
        &["Cannot upload a file with '/' or '\\' in the name."],
        NONE,
    ),
    rule(
        "R081",
        400,
        &["Invalid file extension: Use .tar.gz, .whl or .zip extension."],
        " See {url} and {url} for more information",
    ),
    rule(
        "R082",
        400,
        &["Invalid file extension: Extension {} is invalid for filetype {}."],
        AFTER_STOP,
    ),
    rule("R083", 400, &["Invalid distribution file."], NONE),
    rule(
        "R084",
        400,
        &["File too large. Limit for project {} is {} MB."],
        AFTER_STOP,
    ),
    rule(
        "R085",
        400,
        &["Project size too large. Limit for project {} total size is {} GB."],
        " See {url}",
    ),
    rule(
        "R086",
        400,
        &["The digest supplied does not match a digest calculated from the uploaded file."],
        NONE,
    ),
    silent("R087"),
    rule("R088", 400, ALREADY_EXISTS, SEE),
    rule("R089", 400, ALREADY_EXISTS, SEE),
    rule(
        "R090",
        400,
        &[
            "This filename was previously used by a file that has since been deleted. Use a \
             different version.",
        ],
        AFTER_STOP,
    ),
    rule(
        "R091",
        400,
        &["Uploading new files to releases older than 14 days is not allowed."],
        NONE,
    ),
    rule(
        "R092",
        400,
        &["Only one sdist may be uploaded per release."],
        NONE,
    ),
    // Archive contents.
    rule(
        "R093",
        400,
        &["Invalid distribution file. File is both a zipfile and a tarfile"],
        NONE,
    ),
    rule(
        "R094",
        400,
        &["Invalid distribution file. File is not a zipfile"],
        NONE,
    ),
    rule(
        "R095",
        400,
        &["Invalid distribution file. File exceeds compression ratio of 50"],
        NONE,
    ),
    rule(
        "R096",
        400,
        &["Invalid distribution file. File does not use a supported compression type"],
        NONE,
    ),
    rule("R097", 400, &[], NONE),
    rule(
        "R098",
        400,
        &["Invalid distribution file. Unable to parse name and version from wheel filename"],
        NONE,
    ),
    rule(
        "R099",
        400,
        &["Invalid distribution file. WHEEL not found at {}"],
        NONE,
    ),
    rule(
        "R100",
        400,
        &["Invalid distribution file. PyArmor-encrypted content is not allowed."],
        AFTER_STOP,
    ),
    rule(
        "R101",
        400,
        &["Invalid distribution file. SourceDefender-encrypted content is not allowed."],
        AFTER_STOP,
    ),
    rule("R102", 400, BAD_ZIP, UNSTOPPED),
    rule(
        "R103",
        400,
        &["Invalid distribution file. ZIP archive not accepted: Unknown record signature"],
        UNSTOPPED,
    ),
    rule(
        "R104",
        400,
        &["Invalid distribution file. ZIP archive not accepted: ZIP contains a data descriptor."],
        UNSTOPPED,
    ),
    rule(
        "R105",
        400,
        &["Invalid distribution file. ZIP archive not accepted: Invalid character in filename."],
        UNSTOPPED,
    ),
    rule(
        "R106",
        400,
        &[
            "Invalid distribution file. ZIP archive not accepted: Duplicate filename",
            "Invalid distribution file. ZIP archive not accepted: Filename not in",
        ],
        UNSTOPPED,
    ),
    rule(
        "R107",
        400,
        &["Invalid distribution file. ZIP archive not accepted: Mis-matched data size."],
        UNSTOPPED,
    ),
    rule("R108", 400, BAD_ZIP, UNSTOPPED),
    rule("R109", 400, BAD_ZIP, UNSTOPPED),
    rule("R110", 400, BAD_ZIP, UNSTOPPED),
    rule(
        "R111",
        400,
        &["Invalid distribution file. ZIP archive not accepted: Trailing data."],
        UNSTOPPED,
    ),
    rule(
        "R112",
        400,
        &["Invalid distribution file. File is not a tarfile"],
        NONE,
    ),
    rule(
        "R113",
        400,
        &["Invalid distribution file. tar archive not accepted: Sparse members are not allowed."],
        UNSTOPPED,
    ),
    rule(
        "R114",
        400,
        &["Invalid distribution file. Incorrect number of top-level directories in sdist"],
        NONE,
    ),
    rule(
        "R115",
        400,
        &["Invalid distribution file. PKG-INFO not found at {}"],
        NONE,
    ),
    // Names of sdists and their licence files.
    rule(
        "R116",
        400,
        &["Invalid source distribution filename: {}"],
        NONE,
    ),
    rule("R117", 400, START_WITH, NONE),
    rule(
        "R118",
        400,
        &["Filename {} is invalid, should be {}."],
        NONE,
    ),
    rule("R119", 400, NO_LICENCE_FILE, NONE),
    // Names, tags and contents of wheels.
    rule(
        "R123",
        400,
        &[
            "Invalid wheel filename ({}): {}",
            "Invalid build number: {} in {}",
            "Invalid wheel filename: {}",
        ],
        NONE,
    ),
    rule(
        "R124",
        400,
        &["Binary wheel {} has an unsupported platform tag {}."],
        NONE,
    ),
    rule("R125", 400, START_WITH, NONE),
    rule(
        "R126",
        400,
        &["Filename {} should contain the normalized project name {}, not {}."],
        NONE,
    ),
    rule(
        "R127",
        400,
        &["Version in filename should be {} not {}."],
        NONE,
    ),
    rule("R128", 400, NO_LICENCE_FILE, NONE),
    rule(
        "R129",
        400,
        &["Wheel {} does not contain the required RECORD file: {}"],
        NONE,
    ),
    silent("R130"),
    rule("R131", 500, &[], NONE),
    rule(
        "R132",
        400,
        &["Wheel {} has invalid entry points defined in the entry_points.txt file"],
        NONE,
    ),
    rule(
        "R133",
        400,
        &["Wheel {} does not contain the required METADATA file: {}"],
        NONE,
    ),
    rule("R134", 400, &["Filename is too long"], NONE),
    // Attestations.
    rule(
        "R135",
        400,
        &[
            "Invalid attestations supplied during upload: Attestations are only supported when \
             using Trusted Publishing",
        ],
        NONE,
    ),
    rule(
        "R136",
        400,
        &["Invalid attestations supplied during upload: {}"],
        NONE,
    ),
    rule(
        "R137",
        400,
        &["Invalid attestations supplied during upload: Malformed attestations"],
        NONE,
    ),
    rule(
        "R138",
        400,
        &[
            "Invalid attestations supplied during upload: A maximum of 2 attestations per file \
             are supported",
        ],
        NONE,
    ),
    rule(
        "R139",
        400,
        &["Invalid attestations supplied during upload: Could not verify the uploaded"],
        NONE,
    ),
    rule(
        "R140",
        400,
        &["Invalid attestations supplied during upload: {}"],
        NONE,
    ),
    rule(
        "R141",
        400,
        &["Invalid attestations supplied during upload: Attestation with unsupported predicate"],
        NONE,
    ),
    rule(
        "R142",
        400,
        &["Invalid attestations supplied during upload: Multiple attestations"],
        NONE,
    ),
    silent("R143"),
    silent("R144"),
];
