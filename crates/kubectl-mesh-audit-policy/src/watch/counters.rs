//! The counters of policies in dry run, as a proxy prints them for Prometheus.
//!
//! Istio's bootstrap makes labels of a counter's name (`authz_dry_run_action`, `authz_dry_run_result`); without it they are
//! in the name (`…rbac_istio_dry_run_deny_shadow_denied`). Counters are of a listener and an action, never of a policy
//! (`pilot/pkg/security/authz/model/model.go`, `tools/packaging/common/envoy_bootstrap.json`). What is enforced is counted
//! the same way (`authz_enforce_result`, `…rbac_denied`), of all policies together.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{
    callers,
    requests::{Called, Requests},
};
use crate::policy::Action;

/// What counters are read of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Of {
    /// Policies of an action in dry run.
    DryRun(Action),
    /// All that is enforced.
    Enforced,
}

impl Of {
    /// Reads them; none where there is no such counter, as in a proxy without such a policy.
    pub(crate) fn read(self, page: &str) -> Option<Counted> {
        match self {
            Self::DryRun(action) => read(page, action),
            Self::Enforced => sum(page, is_refused),
        }
    }
}

/// What one proxy counted since it started, of the policies of one action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Counted {
    pub(crate) allowed: u64,
    pub(crate) denied: u64,
}

impl Counted {
    pub(crate) fn all(self) -> u64 {
        self.allowed.saturating_add(self.denied)
    }

    pub(crate) fn plus(self, other: Self) -> Self {
        Self {
            allowed: self.allowed.saturating_add(other.allowed),
            denied: self.denied.saturating_add(other.denied),
        }
    }

    /// What came since; all of it where the proxy began anew.
    fn since(self, before: Self) -> Self {
        if self.allowed < before.allowed || self.denied < before.denied {
            return self;
        }
        Self {
            allowed: self.allowed - before.allowed,
            denied: self.denied - before.denied,
        }
    }
}

/// Reads them; none where there is no such counter, as in a proxy without a policy in dry run.
fn read(text: &str, action: Action) -> Option<Counted> {
    let action = match action {
        Action::Deny => "deny",
        Action::Allow => "allow",
        Action::Audit | Action::Custom => return None,
    };
    sum(text, |name| is_denied(name, action))
}

/// Sums counters; `denied` tells which of them count denials, and which are others.
fn sum(text: &str, denied: impl Fn(&str) -> Option<bool>) -> Option<Counted> {
    let mut found: Option<Counted> = None;
    for line in text.lines() {
        if line.starts_with('#') || !line.contains("rbac") {
            continue;
        }
        let Some((name, value)) = line.rsplit_once(' ') else {
            continue;
        };
        let Some(denied) = denied(name) else {
            continue;
        };
        let Ok(value) = value.trim().parse::<u64>() else {
            continue;
        };
        let one = if denied {
            Counted {
                denied: value,
                allowed: 0,
            }
        } else {
            Counted {
                denied: 0,
                allowed: value,
            }
        };
        found = Some(found.unwrap_or_default().plus(one));
    }
    found
}

/// Whether a counter of this action counts denials; none where it is another counter.
fn is_denied(name: &str, action: &str) -> Option<bool> {
    let label = |label: &str, value: &str| name.contains(&format!("{label}=\"{value}\""));
    if label("authz_dry_run_action", action) {
        return match (
            label("authz_dry_run_result", "denied"),
            label("authz_dry_run_result", "allowed"),
        ) {
            (true, false) => Some(true),
            (false, true) => Some(false),
            _ => None,
        };
    }
    let plain = name.split('{').next().unwrap_or(name);
    let of = format!("istio_dry_run_{action}_");
    let at = plain.find(&of)? + of.len();
    let rest = plain.get(at..)?.trim_start_matches('_');
    // `.shadow_` comes after the prefix, and a dot is an underscore here.
    match rest {
        "shadow_denied" => Some(true),
        "shadow_allowed" => Some(false),
        _ => None,
    }
}

/// Whether a counter of what is enforced counts denials; none where it is another counter.
fn is_refused(name: &str) -> Option<bool> {
    let (plain, labels) = name.split_once('{').unwrap_or((name, ""));
    if labels.contains("authz_dry_run_") {
        return None;
    }
    let label = |value: &str| labels.contains(&format!("authz_enforce_result=\"{value}\""));
    match (label("denied"), label("allowed")) {
        (true, false) => return Some(true),
        (false, true) => return Some(false),
        _ => {}
    }
    match plain.rsplit_once("rbac_")?.1 {
        "denied" => Some(true),
        "allowed" => Some(false),
        _ => None,
    }
}

/// What a proxy came to so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Proxy {
    /// `payments/deployment/cards`.
    pub(crate) workload: String,
    /// Its pod, as it is shown.
    pub(crate) pod: String,
    /// What it counted since the watch began.
    pub(crate) counted: Counted,
    /// What it said last.
    last: Option<Counted>,
    /// Why it could not be asked the last time.
    pub(crate) unread: Option<String>,
    /// Whether a reading of it failed.
    pub(crate) gaps: bool,
    /// Whether it has such counters: without, the policy is not in it.
    pub(crate) evaluates: bool,
    /// Who called it.
    pub(crate) called: Called,
    /// Callers of whom it is certain how many of their requests would pass, and how many would be denied, at least.
    pub(crate) certain: BTreeMap<String, Counted>,
    /// Since when it counts.
    pub(crate) counts_since: Option<Timestamp>,
}

/// What one reading of a proxy came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reading {
    /// uid of the pod.
    pub(crate) uid: String,
    pub(crate) workload: String,
    pub(crate) pod: String,
    /// Whether the pod started after the watch began: then all that it counted counts.
    pub(crate) new: bool,
    /// What it said, or why nothing.
    pub(crate) said: Result<Option<Counted>, String>,
    /// Who called, where it said anything.
    pub(crate) requests: Requests,
    /// Since when it counts.
    pub(crate) counts_since: Option<Timestamp>,
}

/// Every proxy that was asked.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally {
    pub(crate) proxies: BTreeMap<String, Proxy>,
}

impl Tally {
    /// Takes in one reading; gives back what is new.
    pub(crate) fn take(&mut self, reading: Reading) -> Counted {
        let proxy = self.proxies.entry(reading.uid).or_insert_with(|| Proxy {
            workload: reading.workload,
            pod: reading.pod,
            ..Proxy::default()
        });
        let now = match reading.said {
            Ok(now) => {
                proxy.evaluates = now.is_some();
                now.unwrap_or_default()
            }
            Err(why) => {
                proxy.unread = Some(why);
                proxy.gaps = true;
                return Counted::default();
            }
        };
        proxy.unread = None;
        let since = match proxy.last {
            Some(before) => now.since(before),
            None if reading.new => now,
            None => Counted::default(),
        };
        proxy.last = Some(now);
        proxy.counted = proxy.counted.plus(since);
        proxy.counts_since = reading.counts_since;
        proxy.called.take(reading.requests, reading.new);
        callers::make_certain(&mut proxy.certain, proxy.counted, &proxy.called.since);
        since
    }

    /// All of them together.
    pub(crate) fn sum(&self) -> Counted {
        let all = self.proxies.values().map(|proxy| proxy.counted);
        all.fold(Counted::default(), Counted::plus)
    }

    /// By workload: what was counted, and how many proxies.
    pub(crate) fn by_workload(&self) -> BTreeMap<&str, (Counted, usize)> {
        let mut rows: BTreeMap<&str, (Counted, usize)> = BTreeMap::new();
        for proxy in self.proxies.values() {
            let row = rows.entry(&proxy.workload).or_default();
            *row = (row.0.plus(proxy.counted), row.1 + 1);
        }
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(allowed: u64, denied: u64) -> Counted {
        Counted { allowed, denied }
    }

    #[test]
    fn counters_with_labels_and_without() {
        let text = "# TYPE envoy_http_inbound_0_0_0_0_8080_rbac counter\n\
            envoy_http_inbound_0_0_0_0_8080_rbac{authz_dry_run_action=\"deny\",authz_dry_run_result=\"denied\"} 3\n\
            envoy_http_inbound_0_0_0_0_8080_rbac{authz_dry_run_action=\"deny\",authz_dry_run_result=\"allowed\"} 40\n\
            envoy_http_inbound_0_0_0_0_9090_rbac{authz_dry_run_action=\"deny\",authz_dry_run_result=\"denied\"} 1\n\
            envoy_http_inbound_0_0_0_0_8080_rbac{authz_dry_run_action=\"allow\",authz_dry_run_result=\"denied\"} 7\n\
            envoy_http_inbound_0_0_0_0_8080_rbac{authz_enforce_result=\"denied\"} 100\n";
        assert_eq!(read(text, Action::Deny), Some(counted(40, 4)));
        assert_eq!(read(text, Action::Allow), Some(counted(0, 7)));
        let plain = "envoy_http_ingress_rbac_istio_dry_run_deny__shadow_denied{} 2\n\
            envoy_http_ingress_rbac_istio_dry_run_deny_shadow_allowed{} 5\n\
            envoy_http_ingress_rbac_istio_dry_run_deny_shadow_denied_other{} 9\n";
        assert_eq!(read(plain, Action::Deny), Some(counted(5, 2)));
        assert_eq!(read(plain, Action::Allow), None);
        for nothing in [
            "",
            "rbac",
            "rbac 1",
            "envoy_rbac{authz_dry_run_action=\"deny\"} 1",
        ] {
            assert_eq!(read(nothing, Action::Deny), None, "{nothing}");
        }
        // What is no number is no counter, and no zero.
        let broken = "x_rbac{authz_dry_run_action=\"deny\",authz_dry_run_result=\"denied\"} NaN";
        assert_eq!(read(broken, Action::Deny), None);
    }

    #[test]
    fn what_is_enforced_is_counted_apart_from_dry_runs() {
        let text = "# TYPE envoy_http_inbound_0_0_0_0_8080_rbac counter\n\
            envoy_http_inbound_0_0_0_0_8080_rbac{authz_enforce_result=\"denied\"} 3\n\
            envoy_http_inbound_0_0_0_0_8080_rbac{authz_enforce_result=\"allowed\",x=\"y\"} 40\n\
            envoy_http_inbound_0_0_0_0_8080_rbac{authz_dry_run_action=\"deny\",authz_dry_run_result=\"denied\"} 100\n\
            envoy_http_inbound_0_0_0_0_8080_rbac_shadow_denied{} 100\n\
            envoy_http_inbound_0_0_0_0_8080_rbac_istio_dry_run_deny__shadow_denied{} 100\n\
            envoy_tcp_rbac_denied{} 2\n\
            envoy_tcp_rbac_allowed 5\n\
            envoy_tcp_rbac_denied_other 9\n";
        assert_eq!(Of::Enforced.read(text), Some(counted(45, 5)));
        assert_eq!(Of::Enforced.read("envoy_rbac_shadow_denied{} 1"), None);
        assert_eq!(Of::DryRun(Action::Deny).read(text), Some(counted(0, 200)));
    }

    #[test]
    fn what_was_counted_before_the_watch_does_not_count_and_restarts_lose_nothing_read() {
        let reading = |uid: &str, new, said| Reading {
            uid: uid.into(),
            workload: "payments/deployment/cards".into(),
            pod: uid.into(),
            new,
            said,
            requests: Requests::default(),
            counts_since: None,
        };
        let mut tally = Tally::default();
        for (uid, new, said, since, sum) in [
            // The first reading of a pod that was there is where it begins.
            (
                "a",
                false,
                Ok(Some(counted(100, 5))),
                counted(0, 0),
                counted(0, 0),
            ),
            (
                "a",
                false,
                Ok(Some(counted(110, 6))),
                counted(10, 1),
                counted(10, 1),
            ),
            // One that started meanwhile counts from its start.
            (
                "b",
                true,
                Ok(Some(counted(2, 0))),
                counted(2, 0),
                counted(12, 1),
            ),
            (
                "a",
                false,
                Err("gone".to_owned()),
                counted(0, 0),
                counted(12, 1),
            ),
            // It began anew.
            (
                "a",
                false,
                Ok(Some(counted(3, 0))),
                counted(3, 0),
                counted(15, 1),
            ),
            // A proxy without such counters has counted nothing, and what comes later is new.
            ("c", false, Ok(None), counted(0, 0), counted(15, 1)),
            (
                "c",
                false,
                Ok(Some(counted(1, 1))),
                counted(1, 1),
                counted(16, 2),
            ),
        ] {
            assert_eq!(tally.take(reading(uid, new, said)), since);
            assert_eq!(tally.sum(), sum);
        }
        assert!(tally.proxies["a"].gaps && !tally.proxies["b"].gaps);
        assert!(tally.proxies.values().all(|proxy| proxy.evaluates));
        let rows = tally.by_workload();
        assert_eq!(rows["payments/deployment/cards"], (counted(16, 2), 3));
    }
}
