//! Where a request may go: https anywhere, plain http to loopback literals alone.
//!
//! Names such as `localhost` do not count as loopback for plain http, because what they resolve to
//! is decided elsewhere and may change between two requests.

use std::fmt;

use url::{Host, Url};

/// Scheme, host and port: what a credential belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Origin {
    scheme: String,
    host: String,
    port: u16,
}

/// Why no request is made to an address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Plain http to something that is not a loopback literal.
    #[error("plain http to `{host}` would show the token to the network")]
    PlainHttp {
        /// The host as it was given.
        host: String,
    },
    /// Neither https nor http.
    #[error("`{scheme}` is not a scheme that is spoken here")]
    Scheme {
        /// The scheme as it was given.
        scheme: String,
    },
    /// A user name or password inside the address, where logs would show it.
    #[error("the address of `{host}` holds a user name or password")]
    UserInfo {
        /// The host as it was given.
        host: String,
    },
    /// No host at all.
    #[error("the address names no host")]
    NoHost,
}

impl AddressError {
    /// What to do about it.
    #[must_use]
    pub fn next(&self) -> &'static str {
        match self {
            Self::PlainHttp { .. } => {
                "use https, or write a loopback address as 127.0.0.1 or [::1]"
            }
            Self::Scheme { .. } => "use an address that begins with https://",
            Self::UserInfo { .. } => {
                "take it out of the address and give the token by a file or the environment"
            }
            Self::NoHost => "use an address such as https://example.org/legacy/",
        }
    }
}

impl Origin {
    /// The origin of an address.
    ///
    /// # Errors
    /// [`AddressError`] when it names no host or a scheme without a known port.
    pub fn of(url: &Url) -> Result<Self, AddressError> {
        let host = url.host_str().ok_or(AddressError::NoHost)?;
        let port = url
            .port_or_known_default()
            .ok_or_else(|| AddressError::Scheme {
                scheme: url.scheme().to_owned(),
            })?;
        Ok(Self {
            scheme: url.scheme().to_owned(),
            host: host.to_owned(),
            port,
        })
    }

    /// The host, an IPv6 address in brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }
}

impl fmt::Display for Origin {
    /// As browsers write it: the port only where it is not the scheme's own.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme, self.host)?;
        match (self.scheme.as_str(), self.port) {
            ("https", 443) | ("http", 80) => Ok(()),
            (_, port) => write!(f, ":{port}"),
        }
    }
}

/// Whether the address is a loopback literal: 127.0.0.0/8 or ::1. Names are not.
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(_)) | None => false,
    }
}

/// Holds an address to the rules above.
///
/// # Errors
/// [`AddressError`] says which rule.
pub fn require_safe(url: &Url) -> Result<Origin, AddressError> {
    let origin = Origin::of(url)?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(AddressError::UserInfo { host: origin.host });
    }
    match url.scheme() {
        "https" => Ok(origin),
        "http" if is_loopback(url) => Ok(origin),
        "http" => Err(AddressError::PlainHttp { host: origin.host }),
        scheme => Err(AddressError::Scheme {
            scheme: scheme.to_owned(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn safe(text: &str) -> Result<String, AddressError> {
        require_safe(&Url::parse(text).unwrap()).map(|origin| origin.to_string())
    }

    #[test]
    fn https_goes_anywhere_and_http_to_loopback_literals() {
        for (given, origin) in [
            ("https://example.org/legacy/", "https://example.org"),
            ("https://example.org:8443/", "https://example.org:8443"),
            ("http://127.0.0.1:4711/legacy/", "http://127.0.0.1:4711"),
            ("http://127.1/", "http://127.0.0.1"),
            ("http://127.255.255.254:1/", "http://127.255.255.254:1"),
            ("http://[::1]:8080/", "http://[::1]:8080"),
        ] {
            assert_eq!(safe(given).as_deref(), Ok(origin), "{given}");
        }
    }

    #[test]
    fn plain_http_to_anything_else_is_refused() {
        for given in [
            "http://example.org/",
            "http://localhost/",
            "http://localhost.localdomain:80/",
            "http://0.0.0.0/",
            "http://[::]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[::ffff:1.2.3.4]/",
            "http://128.0.0.1/",
            "http://127.0.0.1.example.org/",
        ] {
            assert!(
                matches!(safe(given), Err(AddressError::PlainHttp { .. })),
                "{given}"
            );
        }
    }

    #[test]
    fn credentials_in_the_address_and_other_schemes_are_refused() {
        let error = safe("https://user:canary@example.org/").unwrap_err();
        assert!(matches!(error, AddressError::UserInfo { .. }));
        assert!(!format!("{error} {error:?}").contains("canary"));
        assert!(matches!(
            safe("ftp://example.org/"),
            Err(AddressError::Scheme { .. })
        ));
        assert_eq!(safe("data:text/plain,x"), Err(AddressError::NoHost));
    }

    #[test]
    fn origins_differ_by_scheme_host_and_port() {
        let of = |text: &str| Origin::of(&Url::parse(text).unwrap()).unwrap();
        assert_eq!(of("https://example.org/a"), of("https://EXAMPLE.org:443/b"));
        assert_ne!(of("https://example.org/"), of("http://example.org/"));
        assert_ne!(of("https://example.org/"), of("https://example.org:444/"));
        assert_ne!(of("https://example.org/"), of("https://www.example.org/"));
    }
}
