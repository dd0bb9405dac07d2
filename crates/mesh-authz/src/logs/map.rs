//! Where the fields of JSON lines are.

use std::str::FromStr;

/// A field that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Time,
    Pod,
    Method,
    Path,
    MatchedPath,
    Protocol,
    Details,
    Termination,
    Cluster,
    Local,
    Remote,
    Direct,
    Sni,
    Host,
    Principal,
    UserAgent,
    ForwardedFor,
    RequestId,
}

impl Field {
    pub(super) const COUNT: usize = 18;

    /// Our names, and those of Istio's default encoding (`EnvoyJSONLogFormatIstio`).
    const NAMES: [(&'static str, Self); Self::COUNT] = [
        ("start_time", Self::Time),
        ("pod", Self::Pod),
        ("method", Self::Method),
        ("path", Self::Path),
        ("matched_path", Self::MatchedPath),
        ("protocol", Self::Protocol),
        ("response_code_details", Self::Details),
        ("connection_termination_details", Self::Termination),
        ("upstream_cluster", Self::Cluster),
        ("downstream_local_address", Self::Local),
        ("downstream_remote_address", Self::Remote),
        ("downstream_direct_remote_address", Self::Direct),
        ("requested_server_name", Self::Sni),
        ("authority", Self::Host),
        ("principal", Self::Principal),
        ("user_agent", Self::UserAgent),
        ("x_forwarded_for", Self::ForwardedFor),
        ("request_id", Self::RequestId),
    ];

    fn by_default(key: &[u8]) -> Option<Self> {
        Some(match key {
            b"start_time" => Self::Time,
            b"method" => Self::Method,
            b"path" => Self::Path,
            b"protocol" => Self::Protocol,
            b"response_code_details" => Self::Details,
            b"connection_termination_details" => Self::Termination,
            b"upstream_cluster" => Self::Cluster,
            b"downstream_local_address" => Self::Local,
            b"downstream_remote_address" => Self::Remote,
            b"requested_server_name" => Self::Sni,
            b"authority" => Self::Host,
            b"user_agent" => Self::UserAgent,
            b"x_forwarded_for" => Self::ForwardedFor,
            b"request_id" => Self::RequestId,
            _ => return None,
        })
    }
}

/// Fields that are elsewhere than Istio puts them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapping {
    moved: Vec<(Box<[u8]>, Field)>,
}

impl Mapping {
    /// Reads `path=request_path`: our name, and the key in the line.
    ///
    /// # Errors
    /// One line that says what is not understood.
    pub fn parse<'t>(texts: impl IntoIterator<Item = &'t str>) -> Result<Self, String> {
        let mut mapping = Self::default();
        for pair in texts.into_iter().flat_map(|text| text.split(',')) {
            let (name, key) = pair
                .split_once('=')
                .filter(|(_, key)| !key.is_empty())
                .ok_or_else(|| format!("{pair:?} is not FIELD=KEY, such as path=request_path"))?;
            let names = Field::NAMES;
            let Some((_, field)) = names.iter().find(|(known, _)| *known == name) else {
                let known: Vec<&str> = names.iter().map(|(known, _)| *known).collect();
                return Err(format!("{name:?} is none of {}", known.join(", ")));
            };
            if mapping
                .moved
                .iter()
                .any(|(of, other)| other == field || **of == *key.as_bytes())
            {
                return Err(format!("{pair:?}: the field or the key was mapped before"));
            }
            mapping.moved.push((key.as_bytes().into(), *field));
        }
        Ok(mapping)
    }

    /// What a key holds.
    pub(super) fn field(&self, key: &[u8]) -> Option<Field> {
        if self.moved.is_empty() {
            return Field::by_default(key);
        }
        if let Some((_, field)) = self.moved.iter().find(|(moved, _)| **moved == *key) {
            return Some(*field);
        }
        Field::by_default(key).filter(|field| !self.moved.iter().any(|(_, of)| of == field))
    }
}

impl FromStr for Mapping {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse([text])
    }
}
