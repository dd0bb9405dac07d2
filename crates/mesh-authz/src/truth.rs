//! Kleene's three values, where unknown remembers the fields that it hangs on.

use std::fmt;
use std::ops::Not;

/// A kind of evidence that a verdict may hang on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    /// The request's method.
    Method,
    /// The host, with the port if one was sent.
    Host,
    /// The path.
    Path,
    /// A header.
    Header,
    /// The identity of the peer.
    Principal,
    /// A claim of the request's token, or whether there is one.
    Claim,
    /// The address of the peer.
    SourceIp,
    /// The client's address as the proxy derived it.
    RemoteIp,
    /// The address that was connected to.
    DestinationIp,
    /// The port that was connected to.
    DestinationPort,
    /// The server name of the TLS handshake.
    Sni,
    /// Metadata that another filter of the proxy sets.
    FilterMetadata,
    /// What the proxy runs: a policy that it refuses or that this version reads in no known way.
    Configuration,
}

impl Field {
    /// All fields, in the order in which they are named.
    pub const ALL: [Self; 13] = [
        Self::Method,
        Self::Host,
        Self::Path,
        Self::Header,
        Self::Principal,
        Self::Claim,
        Self::SourceIp,
        Self::RemoteIp,
        Self::DestinationIp,
        Self::DestinationPort,
        Self::Sni,
        Self::FilterMetadata,
        Self::Configuration,
    ];

    /// The field as a person reads it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Method => "method",
            Self::Host => "host",
            Self::Path => "path",
            Self::Header => "request.headers",
            Self::Principal => "source.principal",
            Self::Claim => "request.auth",
            Self::SourceIp => "source.ip",
            Self::RemoteIp => "remote.ip",
            Self::DestinationIp => "destination.ip",
            Self::DestinationPort => "destination.port",
            Self::Sni => "connection.sni",
            Self::FilterMetadata => "experimental.envoy.filters",
            Self::Configuration => "configuration",
        }
    }
}

/// A set of fields.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Fields(u16);

impl Fields {
    /// No field.
    pub const NONE: Self = Self(0);

    /// True if there is no field in it.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// True if the field is in it.
    #[must_use]
    pub fn contains(self, field: Field) -> bool {
        self.0 & Self::from(field).0 != 0
    }

    /// As a number, for keys.
    #[must_use]
    pub fn bits(self) -> u16 {
        self.0
    }

    /// Those of a number.
    #[must_use]
    pub fn of_bits(bits: u16) -> Self {
        Self(bits)
    }

    /// The fields of both.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The fields, in the order of [`Field::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Field> {
        Field::ALL
            .into_iter()
            .filter(move |field| self.contains(*field))
    }
}

impl From<Field> for Fields {
    fn from(field: Field) -> Self {
        Self(1 << field as u16)
    }
}

impl fmt::Display for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, field) in self.iter().enumerate() {
            if i > 0 {
                f.write_str(", ")?;
            }
            f.write_str(field.name())?;
        }
        Ok(())
    }
}

impl fmt::Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{{self}}}")
    }
}

/// True, false, or unknown because of fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Truth {
    /// Certainly not.
    False,
    /// Certainly.
    True,
    /// It hangs on these fields.
    Unknown(Fields),
}

impl From<bool> for Truth {
    fn from(value: bool) -> Self {
        if value { Self::True } else { Self::False }
    }
}

impl From<Field> for Truth {
    fn from(field: Field) -> Self {
        Self::Unknown(field.into())
    }
}

impl Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::False => Self::True,
            Self::True => Self::False,
            unknown @ Self::Unknown(_) => unknown,
        }
    }
}

impl Truth {
    /// True only if all are; asks no further after the first false one.
    pub(crate) fn all(values: impl Iterator<Item = Self>) -> Self {
        let mut unknown = Fields::NONE;
        for value in values {
            match value {
                Self::True => {}
                Self::False => return Self::False,
                Self::Unknown(fields) => unknown = unknown.union(fields),
            }
        }
        if unknown.is_empty() {
            Self::True
        } else {
            Self::Unknown(unknown)
        }
    }

    /// True if any is; asks no further after the first true one.
    pub(crate) fn any(values: impl Iterator<Item = Self>) -> Self {
        !Self::all(values.map(Not::not))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_false_stays_false_and_what_is_unknown_collects_its_fields() {
        let (p, h) = (Truth::from(Field::Path), Truth::from(Field::Host));
        let both = Truth::Unknown(Fields::from(Field::Path).union(Field::Host.into()));
        for (values, all, any) in [
            (vec![], Truth::True, Truth::False),
            (vec![Truth::True, Truth::False], Truth::False, Truth::True),
            (vec![p, Truth::False], Truth::False, p),
            (vec![p, Truth::True], p, Truth::True),
            (vec![p, h], both, both),
        ] {
            assert_eq!(Truth::all(values.iter().copied()), all, "{values:?}");
            assert_eq!(Truth::any(values.iter().copied()), any, "{values:?}");
        }
        assert_eq!(!p, p);
        assert_eq!(both_text(both), "host, path");
    }

    fn both_text(truth: Truth) -> String {
        match truth {
            Truth::Unknown(fields) => fields.to_string(),
            _ => String::new(),
        }
    }
}
