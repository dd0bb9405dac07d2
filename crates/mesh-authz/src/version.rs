//! Istio versions, and what differs between them for policies.
//!
//! Every predicate was read in istio/istio at the tags that it names.

use std::fmt;
use std::str::FromStr;

/// A version of Istio, `1.MINOR.PATCH`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// The 28 of 1.28.1.
    pub minor: u16,
    /// The 1 of 1.28.1.
    pub patch: u16,
}

/// A text that is not a version of Istio 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a version of Istio such as 1.28.1")]
pub struct ParseVersionError(String);

impl FromStr for Version {
    type Err = ParseVersionError;

    /// Takes `1.28.1`, and with it what builders append: `1.28.1-distroless`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parse = || {
            let mut parts = text.trim().strip_prefix("1.")?.splitn(2, '.');
            let minor = parts.next()?.parse().ok()?;
            let patch = parts.next()?;
            let end = patch
                .find(|c: char| !c.is_ascii_digit())
                .unwrap_or(patch.len());
            let (digits, rest) = patch.split_at(end);
            if !(rest.is_empty() || rest.starts_with(['-', '+'])) {
                return None;
            }
            Some(Self {
                minor,
                patch: digits.parse().ok()?,
            })
        };
        parse().ok_or_else(|| ParseVersionError(text.to_owned()))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "1.{}.{}", self.minor, self.patch)
    }
}

impl Version {
    /// A version by its numbers.
    #[must_use]
    pub const fn new(minor: u16, patch: u16) -> Self {
        Self { minor, patch }
    }

    /// True from the first of these patches on, and in every minor after the last of them.
    fn since(self, patches: &[(u16, u16)]) -> bool {
        patches
            .iter()
            .find(|(minor, _)| *minor == self.minor)
            .map_or_else(
                || patches.iter().all(|(minor, _)| *minor < self.minor),
                |(_, patch)| self.patch >= *patch,
            )
    }

    /// `serviceAccounts` are taken literally, not as part of an expression
    /// (`pilot/pkg/security/authz/model/generator.go`: absent in 1.27.8, 1.28.5, 1.29.1; there in 1.27.9, 1.28.6, 1.29.2).
    pub(crate) fn quotes_service_accounts(self) -> bool {
        self.since(&[(27, 9), (28, 6), (29, 2)])
    }

    /// `namespaces` and principals that begin with `*` are taken literally (`authz/model/generator.go`,
    /// `authz/matcher/string.go`: absent in 1.28.6, 1.29.2 and all of 1.27; there in 1.28.7, 1.29.3).
    pub(crate) fn quotes_identities(self) -> bool {
        self.since(&[(28, 7), (29, 3)])
    }

    /// `serviceAccounts` and `source.serviceAccount` exist (`authz/model/model.go` at 1.25.0, not at 1.24.6).
    pub(crate) fn has_service_accounts(self) -> bool {
        self >= Self::new(25, 0)
    }

    /// `trustDomains` and `source.trustDomain` are compiled (`authz/model/model.go` at 1.30.2, not at 1.30.0).
    pub(crate) fn has_trust_domains(self) -> bool {
        self.since(&[(30, 2)])
    }

    /// `{*}` and `{**}` are templates (`authz/model/generator.go` at 1.22.0, not at 1.21.6).
    pub(crate) fn has_templates(self) -> bool {
        self >= Self::new(22, 0)
    }

    /// `targetRefs` exists (`pilot/pkg/model/policyattachment.go` at 1.22.0, not at 1.21.6).
    pub(crate) fn has_target_refs(self) -> bool {
        self >= Self::new(22, 0)
    }

    /// Claims come from Envoy's own filter (`authz/builder/builder.go`, `UseExtendedJwt` at 1.21.0), not from Istio's.
    pub(crate) fn has_envoy_claims(self) -> bool {
        self >= Self::new(21, 0)
    }

    /// Each provider of CUSTOM policies has filters of its own (`authz/builder/builder.go` at 1.30.0).
    pub fn separates_providers(self) -> bool {
        self >= Self::new(30, 0)
    }

    /// A policy may be attached to the class `istio-waypoint` (`policyattachment.go` at 1.25.0, not at 1.24.6).
    pub(crate) fn attaches_to_class(self) -> bool {
        self >= Self::new(25, 0)
    }

    /// `istio.io/gateway-name` still counts (`policyattachment.go` and `constants.DeprecatedGatewayNameLabel`,
    /// at 1.21.0 to 1.23.6; not at 1.20.8 and 1.24.0).
    pub(crate) fn reads_old_gateway_label(self) -> bool {
        (21..=23).contains(&self.minor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_with_what_builders_append() {
        for (text, want) in [
            ("1.28.1", Some(Version::new(28, 1))),
            ("1.28.10-distroless", Some(Version::new(28, 10))),
            ("1.30.0+abc", Some(Version::new(30, 0))),
            ("1.28", None),
            ("2.0.0", None),
            ("1.28.x", None),
            ("1.28.1x", None),
            ("", None),
        ] {
            assert_eq!(text.parse::<Version>().ok(), want, "{text}");
        }
    }

    #[test]
    fn fixes_of_several_minors_each_have_their_patch() {
        for (version, accounts, identities) in [
            ("1.20.8", false, false),
            ("1.27.8", false, false),
            ("1.27.9", true, false),
            ("1.28.0", false, false),
            ("1.28.5", false, false),
            ("1.28.6", true, false),
            ("1.28.7", true, true),
            ("1.28.10", true, true),
            ("1.29.0", false, false),
            ("1.29.2", true, false),
            ("1.29.3", true, true),
            ("1.30.0", true, true),
            ("1.31.0", true, true),
        ] {
            let version: Version = version.parse().unwrap();
            assert_eq!(version.quotes_service_accounts(), accounts, "{version}");
            assert_eq!(version.quotes_identities(), identities, "{version}");
        }
    }
}
