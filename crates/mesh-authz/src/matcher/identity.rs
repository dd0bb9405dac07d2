//! Identities of peers: what `principals`, `namespaces`, `serviceAccounts` and `trustDomains` match in the URI of a
//! certificate. Ordinary patterns are compared as text; only what Istio leaves unquoted needs an expression.

use memchr::memmem;

use super::{Ask, Expression, Key, Strings};

/// A set of patterns.
#[derive(Debug, Clone, Default)]
pub(crate) struct Identities {
    /// Whole URIs, and prefixes of them.
    texts: Strings,
    patterns: Vec<IdentityPattern>,
}

/// A pattern that is no literal and no prefix.
#[derive(Debug, Clone)]
pub(crate) enum IdentityPattern {
    /// `spiffe://.*` and then this text.
    Suffix(Box<[u8]>),
    /// `.*/ns/NAMESPACE/.*`: holds the needle `/ns/NAMESPACE/`.
    Namespace(Box<memmem::Finder<'static>>),
    /// `spiffe://.+/ns/NAMESPACE/(.+/|)sa/ACCOUNT(/.+)?`.
    ServiceAccount {
        namespace: Box<memmem::Finder<'static>>,
        account: Box<str>,
    },
    /// `spiffe://HEAD[^/]*TAIL/.*`.
    TrustDomain { head: Box<str>, tail: Box<str> },
    /// Any other expression.
    Expression(Expression),
}

impl IdentityPattern {
    pub(crate) fn namespace(namespace: &str) -> Self {
        Self::Namespace(Box::new(
            memmem::Finder::new(&format!("/ns/{namespace}/")).into_owned(),
        ))
    }

    pub(crate) fn service_account(namespace: &str, account: &str) -> Self {
        Self::ServiceAccount {
            namespace: Box::new(memmem::Finder::new(&format!("/ns/{namespace}/")).into_owned()),
            account: account.into(),
        }
    }

    /// A text without which it matches nothing.
    fn key(&self) -> Option<Key> {
        let (ask, text) = match self {
            Self::Suffix(suffix) => (Ask::Ends, &**suffix),
            Self::Namespace(needle)
            | Self::ServiceAccount {
                namespace: needle, ..
            } => {
                let name = needle.needle().strip_prefix(b"/ns/")?.strip_suffix(b"/")?;
                (Ask::Namespace, (!name.contains(&b'/')).then_some(name)?)
            }
            Self::TrustDomain { .. } | Self::Expression(_) => return None,
        };
        Some(Key {
            ask,
            text: text.into(),
        })
    }

    fn matches(&self, uri: &str) -> bool {
        match self {
            Self::Suffix(suffix) => {
                uri.strip_prefix("spiffe://")
                    .is_some_and(|rest| rest.as_bytes().ends_with(suffix))
                    && one_line(uri)
            }
            Self::Namespace(needle) => needle.find(uri.as_bytes()).is_some() && one_line(uri),
            Self::ServiceAccount { namespace, account } => {
                uri.strip_prefix("spiffe://")
                    .is_some_and(|rest| service_account(rest, namespace, account))
                    && one_line(uri)
            }
            Self::TrustDomain { head, tail } => {
                let parts = uri
                    .strip_prefix("spiffe://")
                    .and_then(|rest| rest.split_once('/'));
                parts.is_some_and(|(domain, rest)| {
                    domain
                        .strip_prefix(&**head)
                        .is_some_and(|middle| middle.ends_with(&**tail))
                        && one_line(rest)
                })
            }
            Self::Expression(expression) => expression.matches(uri),
        }
    }
}

/// A dot in an expression matches no line feed.
fn one_line(uri: &str) -> bool {
    memchr::memchr(b'\n', uri.as_bytes()).is_none()
}

/// `.+/ns/NAMESPACE/(.+/|)sa/ACCOUNT(/.+)?`. The leftmost namespace decides: whatever follows a later one follows
/// the first as well, with more before it.
fn service_account(rest: &str, namespace: &memmem::Finder<'_>, account: &str) -> bool {
    let ends = |text: &str| {
        text.strip_prefix("sa/")
            .and_then(|text| text.strip_prefix(account))
            .is_some_and(|text| {
                text.is_empty() || text.strip_prefix('/').is_some_and(|more| !more.is_empty())
            })
    };
    let Some(after_first) = rest
        .chars()
        .next()
        .and_then(|first| rest.get(first.len_utf8()..))
    else {
        return false;
    };
    let Some(at) = namespace.find(after_first.as_bytes()) else {
        return false;
    };
    let Some(path) = after_first.get(at + namespace.needle().len()..) else {
        return false;
    };
    // At least one character stands before the slash.
    ends(path)
        || path
            .match_indices('/')
            .any(|(i, _)| i > 0 && path.get(i + 1..).is_some_and(ends))
}

impl Identities {
    pub(crate) fn new(texts: Strings, patterns: Vec<IdentityPattern>) -> Self {
        Self { texts, patterns }
    }

    /// Texts of which one is there wherever the set matches; none where a pattern has none.
    pub(crate) fn keys(&self) -> Option<Vec<Key>> {
        let mut keys = self.texts.keys()?;
        for pattern in &self.patterns {
            keys.push(pattern.key()?);
        }
        Some(keys)
    }

    /// True if the URI is in the set.
    pub(crate) fn contains(&self, uri: &str) -> bool {
        self.texts.contains(uri.as_bytes())
            || self.patterns.iter().any(|pattern| pattern.matches(uri))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn uri() -> impl Strategy<Value = String> {
        let part = prop_oneof!["ns", "sa", "a", "b", "td", "", "\n", "é"];
        (
            prop_oneof!["spiffe://", "spiffe:/", ""],
            prop::collection::vec(part, 0..9),
        )
            .prop_map(|(scheme, parts)| format!("{scheme}{}", parts.join("/")))
    }

    proptest! {
        #[test]
        fn text_patterns_agree_with_istios_expressions(uri in uri()) {
            let account = Expression::new("spiffe://.+/ns/a/(.+/|)sa/b(/.+)?").unwrap();
            prop_assert_eq!(IdentityPattern::service_account("a", "b").matches(&uri), account.matches(&uri));
            let namespace = Expression::new(".*/ns/a/.*").unwrap();
            prop_assert_eq!(IdentityPattern::namespace("a").matches(&uri), namespace.matches(&uri));
            let suffix = Expression::new("spiffe://.*/sa/b").unwrap();
            prop_assert_eq!(IdentityPattern::Suffix(b"/sa/b"[..].into()).matches(&uri), suffix.matches(&uri));
            let domain = Expression::new("spiffe://t[^/]*/.*").unwrap();
            let pattern = IdentityPattern::TrustDomain { head: "t".into(), tail: "".into() };
            prop_assert_eq!(pattern.matches(&uri), domain.matches(&uri));
        }
    }
}
