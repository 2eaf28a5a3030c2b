//! The environments that children get: built up from nothing by tables of what may pass.
//!
//! *Installer* (pip, uv) keeps the user's home, caches, mirrors, proxies and certificates. *Untrusted*
//! (build hooks, imports, gates) gets a home and a temporary directory of its own and nothing that
//! belongs to the user. A name on the list of secrets passes neither table, whatever else matches it.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::Path;

use crate::Inherited;

/// Names that pass to every child, several to a row. A trailing `*` matches any rest.
const EVERY_CHILD: &[&str] = &[
    // where programs are and how text is written
    "PATH LANG LANGUAGE LC_* TZ TERM SHELL USER LOGNAME",
    // certificates of this machine
    "SSL_CERT_FILE SSL_CERT_DIR REQUESTS_CA_BUNDLE CURL_CA_BUNDLE NIX_SSL_CERT_FILE",
    "GIT_SSL_CAINFO CARGO_HTTP_CAINFO",
    // compilers and linkers of extension modules
    "AR AS CC CPP CXX FC LD NM RANLIB STRIP ARFLAGS CFLAGS CPPFLAGS CXXFLAGS FFLAGS LDFLAGS",
    "LDSHARED ARCHFLAGS CPATH C_INCLUDE_PATH CPLUS_INCLUDE_PATH LIBRARY_PATH LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH PKG_CONFIG PKG_CONFIG_PATH PKG_CONFIG_LIBDIR CMAKE_* NINJA MAKEFLAGS",
    "SKBUILD_* MESON* NPY_* CYTHON_* MACOSX_DEPLOYMENT_TARGET SDKROOT DEVELOPER_DIR CUDA_HOME",
    "CUDA_PATH RUSTFLAGS RUSTUP_HOME RUSTUP_TOOLCHAIN CARGO_BUILD_* NIX_*",
    // what build backends are told about the version
    "SETUPTOOLS_SCM_* HATCH_BUILD_* PDM_BUILD_* DISTUTILS_* SETUPTOOLS_* VERSIONEER_*",
    // which interpreter a version switcher picks
    "PYENV_ROOT PYENV_VERSION",
    // Windows cannot start programs without these
    "SYSTEMROOT SYSTEMDRIVE WINDIR COMSPEC PATHEXT NUMBER_OF_PROCESSORS",
    "PROCESSOR_ARCHITECTURE PROCESSOR_IDENTIFIER PROGRAMFILES* PROGRAMDATA",
    "COMMONPROGRAMFILES* INCLUDE LIB LIBPATH VSINSTALLDIR VCINSTALLDIR VCTOOLS* WINDOWSSDK*",
    "UCRTVERSION UNIVERSALCRTSDKDIR",
];

/// Names that pass to installers besides: their configuration, caches and places.
const INSTALLER: &[&str] = &[
    "HOME TMPDIR TEMP TMP USERPROFILE HOMEDRIVE HOMEPATH APPDATA LOCALAPPDATA XDG_CACHE_HOME",
    "XDG_CONFIG_HOME XDG_CONFIG_DIRS XDG_DATA_HOME XDG_DATA_DIRS PIP_* UV_* NETRC CARGO_HOME",
];

/// Variables of the installers that would send the work somewhere else than where we direct it.
const INSTALLER_STEERING: &[&str] = &[
    "PIP_USER PIP_TARGET PIP_PREFIX PIP_ROOT PIP_PYTHON PIP_DRY_RUN PIP_REPORT",
    "PIP_REQUIRE_VIRTUALENV PIP_REQUIREMENT PIP_EDITABLE PIP_NO_DEPS PIP_ISOLATED PIP_LOG",
    "PIP_QUIET PIP_VERBOSE PIP_SRC PIP_UPGRADE PIP_FORCE_REINSTALL PIP_IGNORE_INSTALLED",
    "PIP_NO_BUILD_ISOLATION UV_PYTHON UV_PROJECT* UV_WORKING_DIR* UV_SYSTEM_PYTHON",
    "UV_BREAK_SYSTEM_PACKAGES UV_VENV_* UV_NO_BUILD_ISOLATION UV_TARGET UV_PREFIX",
    "UV_OUTPUT_FORMAT UV_LOG_CONTEXT UV_ENV_FILE UV_NO_DEPS",
];

/// Names that pass to the `keyring` command besides: how the session's keyring is reached. They are
/// on the list of secrets for every other child.
const KEYRING: &[&str] = &[
    "DBUS_SESSION_BUS_ADDRESS XDG_RUNTIME_DIR DISPLAY WAYLAND_DISPLAY XAUTHORITY",
    "PYTHON_KEYRING_BACKEND GNOME_KEYRING_CONTROL XDG_CURRENT_DESKTOP KDE_FULL_SESSION",
];

/// Proxies. For an untrusted child only those without a password in them.
const PROXIES: &[&str] = &["HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY FTP_PROXY"];

/// Names that never pass, compared in upper case.
const SECRETS: &[&str] = &[
    "TWINE_* UV_PUBLISH_* PUBFLOW_* FLIT_* PYPI_* TESTPYPI_* ACTIONS_* GITHUB_* GH_* GITLAB_*",
    "CI_* GITEA_* FORGEJO_* AWS_* AZURE_* GOOGLE_* GCLOUD_* CLOUDSDK_* SSH_* GPG_* GNUPGHOME",
    "DBUS_* GNOME_KEYRING_* KEYRING_* PIP_KEYRING_* UV_KEYRING_* PYTHON_KEYRING_* VAULT_*",
    "SIGSTORE_* DOCKER_* KUBECONFIG NPM_* CARGO_REGISTRY_* CARGO_REGISTRIES_* GIT_ASKPASS",
    "XDG_RUNTIME_DIR",
];

/// Endings that mark a secret whatever the rest of the name says.
const SECRET_ENDINGS: &[&str] =
    &["TOKEN SECRET SECRET_KEY API_KEY PRIVATE_KEY PASSPHRASE CREDENTIALS PASSWORD"];

/// The environment of one child.
#[derive(Clone, Default)]
pub struct Environment {
    variables: BTreeMap<OsString, OsString>,
}

impl std::fmt::Debug for Environment {
    /// Shows names only: values may be private.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.variables.keys()).finish()
    }
}

impl Environment {
    /// For pip and uv: the user's home, caches, mirrors (with the passwords needed to read from
    /// them), proxies and certificates pass; publishing tokens, CI identity, keyring bus and
    /// variables that would redirect the installation do not.
    #[must_use]
    pub fn installer(inherited: &Inherited) -> Self {
        Self::filtered(inherited, |name, _| {
            matches(name, EVERY_CHILD)
                || matches(name, PROXIES)
                || (matches(name, INSTALLER) && !matches(name, INSTALLER_STEERING))
        })
        .with_unbuffered_utf8()
    }

    /// For build hooks, imports and gates: `scratch_home` (which must exist) is its home and holds its
    /// temporary directory `tmp`; nothing that belongs to the user passes.
    #[must_use]
    pub fn untrusted(inherited: &Inherited, scratch_home: &Path) -> Self {
        let mut environment = Self::filtered(inherited, |name, value| {
            matches(name, EVERY_CHILD) || (matches(name, PROXIES) && !has_password(value))
        })
        .with_unbuffered_utf8();
        for name in ["HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA"] {
            environment = environment.set(name, scratch_home);
        }
        let temporary = scratch_home.join("tmp");
        for name in ["TMPDIR", "TEMP", "TMP"] {
            environment = environment.set(name, &temporary);
        }
        // The compiler switcher of Rust looks for its toolchains below the home directory, which is
        // another one here; toolchains are no secret (unlike what lies in the package manager's).
        if inherited.get("RUSTUP_HOME").is_none()
            && let Some(toolchains) = inherited.home().map(|home| home.join(".rustup"))
            && toolchains.is_dir()
        {
            environment = environment.set("RUSTUP_HOME", toolchains);
        }
        environment.set("PYTHONNOUSERSITE", "1")
    }

    /// For the `keyring` command, whose work is to reach the user's keyring.
    #[must_use]
    pub fn keyring(inherited: &Inherited) -> Self {
        let mut environment = Self::installer(inherited);
        for names in KEYRING {
            for name in names.split_whitespace() {
                if let Some(value) = inherited.get(name) {
                    environment = environment.set(name, value);
                }
            }
        }
        environment
    }

    fn filtered(inherited: &Inherited, passes: impl Fn(&str, &OsStr) -> bool) -> Self {
        let variables = inherited
            .iter()
            .filter(|(name, value)| {
                name.to_str().is_some_and(|name| {
                    let name = name.to_ascii_uppercase();
                    !is_secret(&name) && passes(&name, value)
                })
            })
            .map(|(name, value)| (name.to_os_string(), value.to_os_string()))
            .collect();
        Self { variables }
    }

    fn with_unbuffered_utf8(self) -> Self {
        self.set("PYTHONIOENCODING", "utf-8:backslashreplace")
            .set("PYTHONUNBUFFERED", "1")
            .set("NO_COLOR", "1")
    }

    /// Sets a variable; the caller vouches for it.
    #[must_use]
    pub fn set(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.variables.insert(name.into(), value.into());
        self
    }

    /// Takes a variable away.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.variables.remove(OsStr::new(name));
        self
    }

    /// Passes the named variables on as the user's configuration asks; a secret's name is passed
    /// over.
    #[must_use]
    pub fn passing<'a>(
        mut self,
        inherited: &Inherited,
        names: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        for name in names {
            if !is_secret(&name.to_ascii_uppercase())
                && let Some(value) = inherited.get(name)
            {
                self = self.set(name, value);
            }
        }
        self
    }

    /// Puts a directory in front of the search path.
    #[must_use]
    pub fn search_first(self, directory: &Path) -> Self {
        let rest = self.get("PATH").unwrap_or_default().to_os_string();
        let directories = std::iter::once(directory.to_path_buf())
            .chain(std::env::split_paths(&rest).filter(|entry| entry.is_absolute()));
        // A directory with the separator in its name cannot be on a search path at all.
        match std::env::join_paths(directories) {
            Ok(joined) => self.set("PATH", joined),
            Err(_) => self,
        }
    }

    /// Value of a variable, where it is set.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&OsStr> {
        self.variables
            .get(OsStr::new(name))
            .map(OsString::as_os_str)
    }

    /// All variables in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&OsStr, &OsStr)> {
        self.variables
            .iter()
            .map(|(name, value)| (name.as_os_str(), value.as_os_str()))
    }
}

/// Whether a name (in upper case) is one whose value never passes to a child. The passwords that uv
/// reads mirrors with are let through to the installer's own table.
fn is_secret(name: &str) -> bool {
    let reads_a_mirror = name.starts_with("UV_INDEX_") && name.ends_with("_PASSWORD");
    matches(name, SECRETS)
        || (!reads_a_mirror && words(SECRET_ENDINGS).any(|ending| name.ends_with(ending)))
}

fn matches(name: &str, patterns: &'static [&'static str]) -> bool {
    words(patterns).any(|pattern| match pattern.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => name == pattern,
    })
}

fn words(rows: &'static [&'static str]) -> impl Iterator<Item = &'static str> {
    rows.iter().flat_map(|row| row.split_whitespace())
}

/// Whether a proxy address carries user information.
fn has_password(value: &OsStr) -> bool {
    value.to_string_lossy().contains('@')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Secrets by the names that services, tools and CI systems give them.
    const CANARIES: &[&str] = &[
        "PUBFLOW_TOKEN PUBFLOW_INDEX_PYPI_TOKEN TWINE_PASSWORD TWINE_USERNAME UV_PUBLISH_TOKEN",
        "UV_PUBLISH_PASSWORD PYPI_API_TOKEN TESTPYPI_API_TOKEN GITHUB_TOKEN GH_TOKEN GITLAB_TOKEN",
        "CI_JOB_TOKEN CI_JOB_JWT ACTIONS_RUNTIME_TOKEN ACTIONS_ID_TOKEN_REQUEST_TOKEN",
        "ACTIONS_ID_TOKEN_REQUEST_URL AWS_SECRET_ACCESS_KEY AWS_ACCESS_KEY_ID SSH_AUTH_SOCK",
        "DBUS_SESSION_BUS_ADDRESS XDG_RUNTIME_DIR MY_OWN_TOKEN POETRY_PYPI_TOKEN_PYPI",
        "POETRY_HTTP_BASIC_PYPI_PASSWORD FLIT_PASSWORD MATURIN_PYPI_TOKEN MATURIN_PASSWORD",
        "HATCH_INDEX_AUTH CARGO_REGISTRY_TOKEN PIP_SOME_TOKEN UV_SOME_TOKEN CMAKE_API_KEY",
        "PIP_KEYRING_PROVIDER GPG_AGENT_INFO SOMETHING_UNHEARD_OF PYTHONPATH PYTHONSTARTUP",
        "LD_PRELOAD",
    ];

    fn inherited() -> Inherited {
        words(CANARIES)
            .fold(Inherited::default(), |all, name| all.with(name, "canary"))
            .with("PATH", "/usr/bin")
            .with("HOME", "/home/somebody")
            .with("PIP_INDEX_URL", "https://mirror.example.org/simple/")
            .with("UV_CACHE_DIR", "/var/cache/uv")
            .with("SSL_CERT_FILE", "/etc/ca.pem")
            .with("PIP_TARGET", "/elsewhere")
            .with("https_proxy", "http://user:canary@proxy.example.org")
            .with("http_proxy", "http://proxy.example.org")
            .with("CFLAGS", "-O2")
    }

    #[track_caller]
    fn check_no_canary(environment: &Environment, but: &[&str]) {
        for (name, value) in environment.iter() {
            let canary = value.to_string_lossy().contains("canary");
            assert!(
                !canary || but.iter().any(|b| name == OsStr::new(b)),
                "{name:?} passed"
            );
        }
    }

    #[test]
    fn an_installer_keeps_its_configuration_and_no_secret() {
        let environment = Environment::installer(&inherited());
        check_no_canary(&environment, &["https_proxy"]);
        for name in [
            "PATH",
            "HOME",
            "PIP_INDEX_URL",
            "UV_CACHE_DIR",
            "SSL_CERT_FILE",
            "CFLAGS",
        ] {
            assert!(environment.get(name).is_some(), "{name} is missing");
        }
        assert_eq!(environment.get("PIP_TARGET"), None);
    }

    #[test]
    fn an_untrusted_child_gets_nothing_of_the_user() {
        let environment = Environment::untrusted(&inherited(), Path::new("/scratch"));
        check_no_canary(&environment, &[]);
        assert_eq!(environment.get("HOME"), Some(OsStr::new("/scratch")));
        assert_eq!(environment.get("TMPDIR"), Some(OsStr::new("/scratch/tmp")));
        assert_eq!(environment.get("PIP_INDEX_URL"), None);
        assert_eq!(environment.get("UV_CACHE_DIR"), None);
        assert!(environment.get("http_proxy").is_some() && environment.get("CFLAGS").is_some());
    }

    #[test]
    fn configuration_may_pass_a_variable_but_no_secret() {
        let inherited = inherited().with("WITH_SPEEDUPS", "1");
        let environment = Environment::untrusted(&inherited, Path::new("/scratch"))
            .passing(&inherited, ["WITH_SPEEDUPS", "GITHUB_TOKEN", "ABSENT"]);
        assert_eq!(environment.get("WITH_SPEEDUPS"), Some(OsStr::new("1")));
        assert_eq!(environment.get("GITHUB_TOKEN"), None);
        assert_eq!(environment.get("ABSENT"), None);
    }

    #[cfg(unix)]
    #[test]
    fn the_environment_comes_first_on_the_search_path() {
        let environment = Environment::installer(&inherited()).search_first(Path::new("/env/bin"));
        assert_eq!(
            environment.get("PATH"),
            Some(OsStr::new("/env/bin:/usr/bin"))
        );
    }
}
