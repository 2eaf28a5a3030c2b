//! `pubflow index serve`: the embedded index in the foreground.

use std::path::Path;

use jiff::SignedDuration;
use pubflow_server::{
    FaultPlan, Listen, Profile, Realm, RealmAddress, Seed, Server, ServerOptions, TlsFiles,
};

use crate::cli;
use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::render::{ServingDocument, print, print_json_line};

/// Serves both realms until the process is interrupted.
pub(crate) fn serve(args: &cli::IndexServe, ctx: &Context) -> Result<ExitCode, CommandError> {
    let mut options = ServerOptions::on_free_ports(args.data.clone());
    options.listen = listen(&args.listening);
    options.test_port = args.port;
    options.production_port = args.production_port;
    options.seed = args.seed.clone().map(|file| Seed {
        file,
        credentials: args.credentials.clone(),
    });
    options.profile = match &args.rules {
        Some(name) => Profile::find(name).unwrap_or_else(Profile::pypi),
        None if args.seed.is_some() => Profile::recorded(),
        None => Profile::pypi(),
    };
    if let Some(path) = &args.faults {
        options.faults = Some(read_faults(path)?);
    }
    options.limits.file_bytes = args.file_limit.saturating_mul(1 << 20);
    options.clock_offset = SignedDuration::from_secs(args.clock_offset);
    ctx.block_on(|mut interrupt| async move {
        let server = Server::start(options).await?;
        let (test, production) = (server.realm(Realm::Test), server.realm(Realm::Production));
        let printed = if ctx.json() {
            print_json_line(&ServingDocument::new(test, production, server.nonce()))
        } else {
            print(&instructions(test, production, server.nonce()))
        };
        printed.map_err(|source| CommandError::Output { source })?;
        // The sender lives as long as the runtime, so an error here means that it is going too.
        let _ = interrupt.wait_for(|stop| *stop).await;
        server.shutdown().await;
        Ok(ExitCode::Done)
    })
}

/// Where the index is reached.
fn listen(asked: &cli::Listening) -> Listen {
    let files = asked.tls_certificate.clone().zip(asked.tls_key.clone());
    Listen {
        address: asked.listen,
        name: asked.host_name.clone(),
        tls: files.map(|(certificate, key)| TlsFiles { certificate, key }),
    }
}

/// Reads a faults file.
pub(super) fn read_faults(path: &Path) -> Result<FaultPlan, CommandError> {
    let wrong = |why: String| CommandError::Argument {
        option: "--faults",
        value: path.display().to_string(),
        expected: "faults file (docs/index-faults.md)",
        why,
    };
    let bytes = std::fs::read(path).map_err(|error| wrong(error.to_string()))?;
    FaultPlan::read(&bytes).map_err(|error| wrong(error.to_string()))
}

/// What to paste so that a tool talks to the two realms.
fn instructions(test: &RealmAddress, production: &RealmAddress, nonce: &str) -> String {
    let mut text = String::from("The embedded index is ready; Ctrl-C ends it.\n\n");
    for (title, realm) in [
        ("test (stands for TestPyPI)", test),
        ("production (stands for PyPI)", production),
    ] {
        text.push_str(&format!(
            "  {title}\n    pages   {}\n    upload  {}\n    simple  {}\n    token   {}\n\n",
            realm.web, realm.upload, realm.simple, realm.token
        ));
    }
    text.push_str("pubflow, in another shell:\n\n");
    for (name, realm) in [("TESTPYPI", test), ("PYPI", production)] {
        for (key, value) in [
            ("UPLOAD", realm.upload.as_str()),
            ("SIMPLE", realm.simple.as_str()),
            ("WEB", realm.web.as_str()),
            ("TOKEN", realm.token.as_str()),
            ("KIND", "embedded"),
            ("NONCE", nonce),
        ] {
            text.push_str(&format!("  export PUBFLOW_INDEX_{name}_{key}={value}\n"));
        }
    }
    for (name, realm) in [("pubflow-test", test), ("pubflow", production)] {
        text.push_str(&tool_settings(name, realm));
    }
    text
}

/// Commands and settings of other tools for one realm.
fn tool_settings(name: &str, realm: &RealmAddress) -> String {
    let RealmAddress {
        upload,
        simple,
        token,
        ..
    } = realm;
    let variable = name.to_uppercase().replace('-', "_");
    format!(
        "\n{name}\n  \
         twine   TWINE_USERNAME=__token__ TWINE_PASSWORD={token} twine upload --repository-url {upload} dist/*\n  \
         uv      UV_PUBLISH_TOKEN={token} uv publish --publish-url {upload} dist/*\n          \
         uv pip install --index-url {simple} PROJECT\n  \
         pip     pip install -i {simple} PROJECT\n  \
         poetry  poetry config repositories.{name} {upload}\n          \
         POETRY_PYPI_TOKEN_{variable}={token} poetry publish -r {name}\n          \
         poetry source add {name} {simple}\n  \
         pdm     pdm publish -r {upload} -u __token__ -P {token}\n  \
         hatch   hatch publish -r {upload} -u __token__ -a {token}\n  \
         flit    FLIT_INDEX_URL={upload} FLIT_USERNAME=__token__ FLIT_PASSWORD={token} flit publish\n  \
         ~/.pypirc\n    [distutils]\n    index-servers = {name}\n    [{name}]\n    repository = {upload}\n    \
         username = __token__\n    password = {token}\n  \
         pip.conf\n    [global]\n    index-url = {simple}\n"
    )
}
