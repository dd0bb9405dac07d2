//! Who called, as a proxy counts it: `istio_requests_total` and `istio_tcp_connections_opened_total` of what comes in.
//!
//! Their labels (`reporter`, `source_principal`, `response_code`) are those of Istio's standard metrics
//! (`istio.io/docs/reference/config/metrics`). Text of callers is in them: what cannot be read exactly is not read.

use std::collections::BTreeMap;

use mesh_common::output::clean;

/// Callers that are told apart in one proxy; all others are counted as nobody's.
const MOST: usize = 5_000;

/// Whoever has no identity.
pub(crate) const NO_IDENTITY: &str = "callers without identity";

/// What one caller asked of a proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Asked {
    /// Answered with 2xx or 3xx, and TCP connections: no policy enforced today kept it out.
    pub(crate) answered: u64,
    /// Answered with 403.
    pub(crate) forbidden: u64,
    /// Answered otherwise: whether a policy was asked at all is not known.
    pub(crate) other: u64,
}

impl Asked {
    pub(crate) fn all(self) -> u64 {
        self.answered
            .saturating_add(self.forbidden)
            .saturating_add(self.other)
    }

    pub(crate) fn plus(self, other: Self) -> Self {
        Self {
            answered: self.answered.saturating_add(other.answered),
            forbidden: self.forbidden.saturating_add(other.forbidden),
            other: self.other.saturating_add(other.other),
        }
    }

    /// What came since; all of it where the proxy began anew.
    fn since(self, before: Self) -> Self {
        let fell = self.answered < before.answered
            || self.forbidden < before.forbidden
            || self.other < before.other;
        if fell {
            return self;
        }
        Self {
            answered: self.answered - before.answered,
            forbidden: self.forbidden - before.forbidden,
            other: self.other - before.other,
        }
    }
}

/// What a proxy says of its callers since it started.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Requests {
    pub(crate) callers: BTreeMap<String, Asked>,
    /// Series without a caller, or beyond those that are kept: so the callers are not all.
    pub(crate) nameless: bool,
}

impl Requests {
    /// Reads them. `domain` is the mesh's trust domain: a caller of it is called by namespace and service account.
    pub(crate) fn read(page: &str, domain: Option<&str>) -> Self {
        let mut found = Self::default();
        for line in page.lines() {
            let Some((kind, rest)) = family(line) else {
                continue;
            };
            let Some(series) = Series::read(rest) else {
                // It is of the family, and of whom is not known.
                found.nameless = true;
                continue;
            };
            if series.reporter.as_deref() != Some("destination") || series.value == 0 {
                continue;
            }
            let Some(principal) = &series.principal else {
                found.nameless = true;
                continue;
            };
            let name = caller(principal, domain);
            if found.callers.len() >= MOST && !found.callers.contains_key(&name) {
                found.nameless = true;
                continue;
            }
            let now = found.callers.entry(name).or_default();
            *now = now.plus(series.asked(kind));
        }
        found
    }

    /// What came since.
    fn since(&self, before: &Self) -> BTreeMap<String, Asked> {
        let of = |(name, now): (&String, &Asked)| {
            let was = before.callers.get(name).copied().unwrap_or_default();
            (name.clone(), now.since(was))
        };
        let all = self.callers.iter().map(of);
        all.filter(|(_, since)| since.all() > 0).collect()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    Http,
    Tcp,
}

/// The family of a line and what follows its name. A proxy that does not know the namespace of Istio's metrics writes it
/// in front of the name (`envoy_istiocustom_`).
fn family(line: &str) -> Option<(Family, &str)> {
    if line.starts_with('#') {
        return None;
    }
    let (name, rest) = line.split_once('{')?;
    let is = |family: &str| {
        name.strip_suffix(family)
            .is_some_and(|before| before.is_empty() || before.ends_with('_'))
    };
    if is("istio_requests_total") {
        Some((Family::Http, rest))
    } else if is("istio_tcp_connections_opened_total") {
        Some((Family::Tcp, rest))
    } else {
        None
    }
}

/// One series, as far as it counts here.
#[derive(Debug, Default)]
struct Series {
    reporter: Option<String>,
    principal: Option<String>,
    code: Option<String>,
    value: u64,
}

impl Series {
    /// Reads what follows `{`; none where it is not exactly of this form.
    fn read(mut rest: &str) -> Option<Self> {
        let mut series = Self::default();
        loop {
            rest = rest.trim_start_matches([',', ' ']);
            if let Some(after) = rest.strip_prefix('}') {
                // A timestamp may follow.
                let value = after.split_ascii_whitespace().next()?;
                series.value = value.parse().ok()?;
                return Some(series);
            }
            let (label, after) = rest.split_once("=\"")?;
            let place = match label {
                "reporter" => Some(&mut series.reporter),
                "source_principal" => Some(&mut series.principal),
                "response_code" => Some(&mut series.code),
                _ => None,
            };
            let (value, after) = quoted(after, place.is_some())?;
            if let Some(place) = place
                && place.replace(value).is_some()
            {
                // Twice: one of them is not Istio's.
                return None;
            }
            rest = after;
        }
    }

    fn asked(&self, kind: Family) -> Asked {
        let n = self.value;
        let code = self.code.as_deref().unwrap_or_default();
        let (answered, forbidden, other) = match (kind, code.as_bytes()) {
            (Family::Tcp, _) | (Family::Http, [b'2' | b'3', _, _]) => (n, 0, 0),
            (Family::Http, b"403") => (0, n, 0),
            (Family::Http, _) => (0, 0, n),
        };
        Asked {
            answered,
            forbidden,
            other,
        }
    }
}

/// A value up to its closing quote, and what follows; the value itself only where it is kept.
fn quoted(text: &str, keep: bool) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        let c = match c {
            '"' => return Some((value, text.get(at + 1..)?)),
            '\\' => match chars.next()?.1 {
                'n' => '\n',
                other => other,
            },
            other => other,
        };
        if keep {
            value.push(c);
        }
    }
    None
}

/// What a caller is called: `orders/orders-sa`, of another trust domain its whole identity.
pub(crate) fn caller(principal: &str, domain: Option<&str>) -> String {
    let principal = principal.trim();
    if matches!(principal, "" | "unknown" | "-") {
        return NO_IDENTITY.to_owned();
    }
    let plain = principal.strip_prefix("spiffe://").unwrap_or_default();
    let parts: Vec<&str> = plain.split('/').collect();
    match parts.as_slice() {
        [of, "ns", namespace, "sa", account]
            if Some(*of) == domain && !namespace.is_empty() && !account.is_empty() =>
        {
            clean(&format!("{namespace}/{account}"), 300)
        }
        _ => clean(principal, 300),
    }
}

/// Who called one proxy.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Called {
    /// What each asked since the watch began.
    pub(crate) since: BTreeMap<String, Asked>,
    /// What each had asked before it began, from when the proxy started.
    pub(crate) before: BTreeMap<String, Asked>,
    /// Whether some of them have no name.
    pub(crate) nameless: bool,
    last: Option<Requests>,
}

impl Called {
    /// Whether the proxy ever answered.
    pub(crate) fn asked(&self) -> bool {
        self.last.is_some()
    }

    /// Takes in what the proxy says now; gives back what is new. All is new where the proxy itself is.
    pub(crate) fn take(&mut self, now: Requests, new: bool) -> BTreeMap<String, Asked> {
        let since = match &self.last {
            Some(before) => now.since(before),
            None if new => now.callers.clone(),
            None => {
                self.before.clone_from(&now.callers);
                BTreeMap::new()
            }
        };
        self.nameless |= now.nameless;
        self.last = Some(now);
        for (name, asked) in &since {
            let sum = self.since.entry(name.clone()).or_default();
            *sum = sum.plus(*asked);
        }
        since
    }
}

#[cfg(test)]
mod tests;
