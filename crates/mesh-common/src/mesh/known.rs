//! Something that was read, or why it was not. Unknown is never an empty list.

use serde::{Deserialize, Serialize};

use crate::cluster::is_forbidden;

/// A part of the mesh: read, or not and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Known<T> {
    /// What was read.
    Known(T),
    /// Why it is not known.
    Unknown(Gap),
}

/// Why a part of the mesh is not known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Gap {
    /// What is missing, in the plural and as kubectl names it: `pods`, `mutatingwebhookconfigurations`.
    pub what: String,
    /// Why.
    pub why: Why,
    /// One line for a person: the verb and resource that is forbidden, the error.
    pub detail: String,
}

/// The reason behind a [`Gap`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Why {
    /// The API server refuses this user.
    Forbidden,
    /// The kind is not served: its CRD is not installed, so none can exist.
    NotServed,
    /// The read failed.
    Failed,
    /// This command does not need it and did not ask.
    NotRead,
    /// The archive does not hold it.
    NotInArchive,
}

impl Why {
    /// Of a request that the API server did not answer as it should.
    pub fn of(e: &kube::Error) -> Self {
        if is_forbidden(e) {
            Self::Forbidden
        } else {
            Self::Failed
        }
    }
}

impl<T> Known<T> {
    /// The value, if it is known.
    pub fn get(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Unknown(_) => None,
        }
    }

    /// The value, or the gap.
    pub fn read(&self) -> Result<&T, &Gap> {
        match self {
            Self::Known(value) => Ok(value),
            Self::Unknown(gap) => Err(gap),
        }
    }

    /// The gap, if there is one.
    pub fn gap(&self) -> Option<&Gap> {
        match self {
            Self::Known(_) => None,
            Self::Unknown(gap) => Some(gap),
        }
    }

    /// A part that was not asked for.
    pub fn not_read(what: &str) -> Self {
        Self::Unknown(Gap {
            what: what.into(),
            why: Why::NotRead,
            detail: format!("{what} were not read"),
        })
    }

    /// The same with another value.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Known<U> {
        match self {
            Self::Known(value) => Known::Known(f(value)),
            Self::Unknown(gap) => Known::Unknown(gap),
        }
    }
}

impl<T> From<Result<T, Gap>> for Known<T> {
    fn from(result: Result<T, Gap>) -> Self {
        match result {
            Ok(value) => Self::Known(value),
            Err(gap) => Self::Unknown(gap),
        }
    }
}

impl<T> Known<Vec<T>> {
    /// The items. A kind that is not served has none, and that is known.
    pub fn items(&self) -> Result<&[T], &Gap> {
        match self {
            Self::Known(items) => Ok(items),
            Self::Unknown(gap) if gap.why == Why::NotServed => Ok(&[]),
            Self::Unknown(gap) => Err(gap),
        }
    }
}
