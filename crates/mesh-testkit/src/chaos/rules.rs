//! Which requests go wrong, and how.

use super::Seen;

/// Which requests a rule is for.
#[derive(Debug, Clone, Default)]
pub struct When {
    method: Option<String>,
    path: String,
    write: Option<usize>,
    from: usize,
    to: Option<usize>,
}

impl When {
    /// The n-th write.
    pub fn write(n: usize) -> Self {
        Self {
            write: Some(n),
            ..Self::default()
        }
    }

    /// Every request with this method whose path, with its query, contains `part`.
    pub fn request(method: &str, part: &str) -> Self {
        Self {
            method: Some(method.to_owned()),
            path: part.to_owned(),
            ..Self::default()
        }
    }

    /// The n-th request of all.
    pub fn nth(n: usize) -> Self {
        Self {
            from: n,
            to: Some(n),
            ..Self::default()
        }
    }

    /// The n-th request of all, and every later one.
    pub fn since(n: usize) -> Self {
        Self {
            from: n,
            ..Self::default()
        }
    }

    pub(super) fn holds(&self, seen: &Seen) -> bool {
        self.method.as_ref().is_none_or(|m| *m == seen.method)
            && seen.path.contains(&self.path)
            && self.write.is_none_or(|n| seen.n == Some(n))
            && self.from <= seen.at
            && self.to.is_none_or(|to| seen.at <= to)
    }
}

/// How a request fails without reaching the API server.
#[derive(Debug, Clone)]
pub enum Failure {
    /// A `Status` object with this HTTP status. 429 and 503 say to come back in a second.
    Status(u16),
    /// The error page of a load balancer, with this HTTP status.
    Html(u16),
    /// The connection is closed.
    Closed,
}
