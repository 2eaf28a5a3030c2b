//! Web addresses as the index judges them (R042, R043).
//!
//! Deliberately lenient, like the index: blanks and bad escapes in the path pass, a host that does
//! not parse as one passes too, because the index drops it before it looks. What is left to refuse:
//! another scheme than http and https, an IPv4 address out of range, a port out of range, brackets in path or query.

/// Whether the index takes the text as a web address.
pub(crate) fn is_web_address(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else {
        return false;
    };
    if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
        return false;
    }
    let (authority, rest) = match rest.strip_prefix("//") {
        None => ("", rest),
        Some(rest) => {
            let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
            rest.split_at(end)
        }
    };
    // Everything else that must not stand in a path is escaped before the index looks.
    let before_fragment = rest.split('#').next().unwrap_or_default();
    !before_fragment.contains(['[', ']']) && authority_passes(authority)
}

fn authority_passes(authority: &str) -> bool {
    let host_and_port = match authority.rsplit_once('@') {
        Some((_, rest)) => rest,
        None => authority,
    };
    let (host, port) = match host_and_port.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, port),
        _ => (host_and_port, ""),
    };
    let port_parses = port.len() <= 5 && port.bytes().all(|byte| byte.is_ascii_digit());
    let host_parses = host.starts_with('[') || host.bytes().all(is_host_byte);
    if !port_parses || !host_parses {
        return true;
    }
    let port_in_range = port.is_empty() || port.parse::<u32>().is_ok_and(|port| port <= 65_535);
    port_in_range && ipv4_in_range(host)
}

fn is_host_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=%".contains(&byte)
}

/// Four groups of one to three digits are an address, and its numbers must fit.
fn ipv4_in_range(host: &str) -> bool {
    let groups: Vec<_> = host.split('.').collect();
    let is_address = groups.len() == 4
        && groups.iter().all(|group| {
            (1..=3).contains(&group.len()) && group.bytes().all(|byte| byte.is_ascii_digit())
        });
    !is_address || groups.iter().all(|group| group.parse::<u8>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_index_refuses_is_refused() {
        for good in [
            "https://example.org",
            "HTTPS://EXAMPLE.ORG",
            "https:///path",
            "https://exa mple.org",
            "https://example.org/a b",
            "https://example.org/%zz",
            "https://[::1]/",
            "https://user:pw@example.org:8443/x?y#z",
            "http://10.0.0.1",
        ] {
            assert!(is_web_address(good), "{good}");
        }
        for bad in [
            "",
            "UNKNOWN",
            "example.org",
            "//example.org/x",
            "not a url",
            "ftp://example.org",
            "mailto:a@example.org",
            "javascript:alert(1)",
            " https://example.org",
            "https://example.org:99999/",
            "https://300.1.1.1/",
            "https://example.org/a[1]",
            "https://example.org/?a[1]",
        ] {
            assert!(!is_web_address(bad), "{bad}");
        }
    }
}
