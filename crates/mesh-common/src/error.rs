//! The one error type of the suite: what failed, why, and a command to paste.

use std::fmt;

/// Result of anything that can fail with an [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What kind of failure this is. It picks the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// What was typed cannot be used: an unknown tag, context, namespace or file. Exit 1.
    User,
    /// The command line itself is wrong in a way clap cannot see. Exit 64.
    Usage,
    /// The API server could not be reached, or answered no. Exit 1.
    Cluster,
    /// istioctl is missing, does not match, or failed. Exit 1.
    Istioctl,
    /// Nothing was done, on purpose: an owner, a conflict, a missing confirmation. Exit 2.
    Refused,
    /// Evidence is missing, so the question stays open. Exit 3.
    Unknown,
    /// Something was changed, and not as planned or not verified. Exit 4.
    Changed,
    /// Ctrl-C. Exit 130.
    Interrupted,
    /// The reader of our output went away. Ends quietly.
    BrokenPipe,
    /// Our own fault. Exit 1.
    Internal,
}

/// A failure that names the object, the cause and what to type next.
///
/// The message is lower case, has no full stop and does not repeat its source.
#[derive(Debug)]
pub struct Error {
    kind: Kind,
    message: String,
    source: Option<Box<dyn std::error::Error + Send + Sync + 'static>>,
    hints: Vec<String>,
}

impl Error {
    /// A failure of this kind.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            source: None,
            hints: Vec::new(),
        }
    }

    /// A [`Kind::User`] failure.
    pub fn user(message: impl Into<String>) -> Self {
        Self::new(Kind::User, message)
    }

    /// A [`Kind::Cluster`] failure.
    pub fn cluster(message: impl Into<String>) -> Self {
        Self::new(Kind::Cluster, message)
    }

    /// A [`Kind::Refused`] failure.
    pub fn refused(message: impl Into<String>) -> Self {
        Self::new(Kind::Refused, message)
    }

    /// A [`Kind::Internal`] failure.
    pub fn internal(message: impl Into<String>) -> Self {
        Self::new(Kind::Internal, message)
    }

    /// Adds the cause, printed as `Caused by:`.
    #[must_use]
    pub fn caused_by(
        mut self,
        source: impl Into<Box<dyn std::error::Error + Send + Sync + 'static>>,
    ) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Adds a hint: a sentence, or better a command the user can paste.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// What kind of failure this is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// What to do about it, in the order it should be tried.
    pub fn hints(&self) -> &[String] {
        &self.hints
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|e| e as _)
    }
}

impl From<std::io::Error> for Error {
    /// For writes to our own output only; file errors should name the file instead.
    fn from(e: std::io::Error) -> Self {
        if e.kind() == std::io::ErrorKind::BrokenPipe {
            Self::new(Kind::BrokenPipe, "the reader of our output went away").caused_by(e)
        } else {
            Self::internal("cannot write the output").caused_by(e)
        }
    }
}
