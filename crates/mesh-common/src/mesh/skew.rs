//! Versions of proxies and istiods, and how far apart they are.

use serde::Serialize;

use crate::istioctl::Version;

/// How a proxy's version stands to the istiod that serves it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", tag = "skew", content = "minors")]
pub enum Skew {
    /// The same minor.
    Same,
    /// The proxy is this many minors older. Istio supports one.
    Behind(u64),
    /// The proxy is this many minors newer, which Istio does not support.
    Ahead(u64),
    /// One of the versions could not be read.
    Unknown,
}

impl Skew {
    /// Whether Istio supports it: at most one minor behind, never ahead; none when not known.
    pub fn is_supported(self) -> Option<bool> {
        match self {
            Self::Same => Some(true),
            Self::Behind(minors) => Some(minors <= 1),
            Self::Ahead(_) => Some(false),
            Self::Unknown => None,
        }
    }
}

/// Major and minor of a version as image tags spell it: `1.28.1`, `1.28.1-distroless`, `v1.28`, `1.29-alpha.ab12`.
pub fn minor(version: &str) -> Option<(u64, u64)> {
    let mut parts = version.strip_prefix('v').unwrap_or(version).split('.');
    let major = parts.next()?.parse().ok()?;
    let minor = parts.next()?.split(['-', '+']).next()?.parse().ok()?;
    Some((major, minor))
}

/// How far a proxy is from an istiod, in minors.
pub fn skew(proxy: &str, istiod: &str) -> Skew {
    match (minor(proxy), minor(istiod)) {
        (Some((a, x)), Some((b, y))) if a == b => match x.cmp(&y) {
            std::cmp::Ordering::Equal => Skew::Same,
            std::cmp::Ordering::Less => Skew::Behind(y - x),
            std::cmp::Ordering::Greater => Skew::Ahead(x - y),
        },
        _ => Skew::Unknown,
    }
}

/// Whether two image tags name the same release, vendor and image-type suffixes (`-distroless`, `-solo`) set aside.
pub fn same_release(a: &str, b: &str) -> bool {
    match (Version::parse(a), Version::parse(b)) {
        (Some(a), Some(b)) => a.same_release(&b),
        _ => a == b,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minors_apart() {
        let cases = [
            ("1.26.1", "1.28.1", Skew::Behind(2), Some(false)),
            ("1.27.0", "1.28.1", Skew::Behind(1), Some(true)),
            ("1.28.1-distroless", "1.28.4", Skew::Same, Some(true)),
            ("1.29-alpha.abc", "1.28.1", Skew::Ahead(1), Some(false)),
            ("latest", "1.28.1", Skew::Unknown, None),
            ("1.9.0", "2.0.0", Skew::Unknown, None),
        ];
        for (proxy, istiod, want, supported) in cases {
            assert_eq!(skew(proxy, istiod), want, "{proxy} {istiod}");
            assert_eq!(skew(proxy, istiod).is_supported(), supported);
        }
    }

    #[test]
    fn releases_without_their_suffix() {
        assert!(same_release("1.28.1", "1.28.1-distroless"));
        assert!(same_release("v1.28.1-solo", "1.28.1"));
        assert!(!same_release("1.28.1", "1.28.2-distroless"));
        assert!(!same_release("1.29-alpha.a", "1.29-alpha.b"));
    }
}
