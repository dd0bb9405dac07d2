//! What a command came to, and the exit code that says so.

use std::process::ExitCode;

use serde::{Deserialize, Serialize};

use crate::error::Kind;

/// How a command ended. The same word is in the JSON, because kubectl on Windows flattens codes to 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    /// Done, or clean. Exit 0.
    Done,
    /// The tool could not do its job; nothing was done. Exit 1.
    Failed,
    /// A gate is closed, or findings reached the threshold; nothing was done. Exit 2.
    Refused,
    /// Evidence is missing. Exit 3.
    Unknown,
    /// Changed, and not as planned or not verified. Exit 4.
    Changed,
    /// The command line was wrong. Exit 64.
    Usage,
    /// Ctrl-C. Exit 130.
    Interrupted,
    /// A program that was run in our place ended with this code, which is passed on.
    Passed(u8),
}

impl Outcome {
    /// The process exit code.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Refused => 2,
            Self::Unknown => 3,
            Self::Changed => 4,
            Self::Usage => 64,
            Self::Interrupted => 130,
            Self::Passed(code) => code,
        }
    }
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        Self::from(outcome.code())
    }
}

impl From<Kind> for Outcome {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::User | Kind::Cluster | Kind::Istioctl | Kind::Internal => Self::Failed,
            Kind::Usage => Self::Usage,
            Kind::Refused => Self::Refused,
            Kind::Unknown => Self::Unknown,
            Kind::Changed => Self::Changed,
            Kind::Interrupted => Self::Interrupted,
            Kind::BrokenPipe => Self::Done,
        }
    }
}
