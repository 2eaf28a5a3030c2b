//! Chooses among the media types that an answer can have, by the request's `Accept` header.
//!
//! Spec: RFC 9110 section 12.5.1. As PyPI does it, offers of equal weight keep our order, so `application/*` gets the
//! HTML form of the simple API; what to do when nothing fits is the caller's decision.

/// One element of an `Accept` header.
struct Range<'a> {
    main: &'a str,
    sub: &'a str,
    weight: f32,
}

impl<'a> Range<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.split(';');
        let (main, sub) = parts.next()?.trim().split_once('/')?;
        let weight = parts
            .filter_map(|parameter| parameter.trim().split_once('='))
            .find(|(name, _)| name.trim().eq_ignore_ascii_case("q"))
            .map_or(Some(1.0), |(_, value)| value.trim().parse().ok())?;
        Some(Self {
            main: main.trim(),
            sub: sub.trim(),
            weight: f32::clamp(weight, 0.0, 1.0),
        })
    }

    /// How closely the range names the offer: 2 exactly, 1 by its main type, 0 by `*/*`.
    fn closeness(&self, offer: &str) -> Option<u8> {
        let (main, sub) = offer.split_once('/')?;
        match (self.main, self.sub) {
            ("*", "*") => Some(0),
            (given, "*") if given.eq_ignore_ascii_case(main) => Some(1),
            (given, kind) if given.eq_ignore_ascii_case(main) && kind.eq_ignore_ascii_case(sub) => {
                Some(2)
            }
            _ => None,
        }
    }
}

/// The offer with the greatest weight, or `None` when the header is missing or names none of them.
///
/// Offers are bare media types without parameters.
pub(crate) fn choose<'o>(header: Option<&str>, offers: &[&'o str]) -> Option<&'o str> {
    let ranges: Vec<Range<'_>> = header?.split(',').filter_map(Range::parse).collect();
    let mut best: Option<(f32, &'o str)> = None;
    for offer in offers {
        let nearest = ranges
            .iter()
            .filter_map(|range| Some((range.closeness(offer)?, range.weight)))
            .max_by_key(|(closeness, _)| *closeness);
        let Some((_, weight)) = nearest else { continue };
        if weight > 0.0 && best.is_none_or(|(top, _)| weight > top) {
            best = Some((weight, offer));
        }
    }
    best.map(|(_, offer)| offer)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFFERS: [&str; 3] = [
        "text/html",
        "application/vnd.pypi.simple.v1+html",
        "application/vnd.pypi.simple.v1+json",
    ];

    #[track_caller]
    fn check(header: &str, expected: Option<&str>) {
        assert_eq!(choose(Some(header), &OFFERS), expected, "{header}");
    }

    #[test]
    fn installers_get_json() {
        let json = Some(OFFERS[2]);
        check("application/vnd.pypi.simple.v1+json", json);
        check(
            "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html; q=0.1, text/html; q=0.01",
            json,
        );
        check(
            "text/html;q=0.01,application/vnd.pypi.simple.v1+json;Q=0.9",
            json,
        );
    }

    #[test]
    fn weights_decide_and_our_order_breaks_ties() {
        check(
            "application/vnd.pypi.simple.v1+json;q=0.5, text/html;q=0.9",
            Some("text/html"),
        );
        check("*/*", Some("text/html"));
        check("application/*", Some("application/vnd.pypi.simple.v1+html"));
        check(
            "*/*, text/html;q=0",
            Some("application/vnd.pypi.simple.v1+html"),
        );
    }

    #[test]
    fn nothing_fits() {
        check("application/x-unknown", None);
        check("", None);
        check("nonsense, text/html;q=abc", None);
        assert_eq!(choose(None, &OFFERS), None);
    }
}
