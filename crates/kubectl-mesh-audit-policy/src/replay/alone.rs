//! One policy alone against lines that come in while it is watched: what it would do to each request, and whose it is.

use std::collections::BTreeMap;

use jiff::Timestamp;
use mesh_common::{Result, output::clean};
use serde_json::Value;

use super::{
    header::Whole,
    judge::Policies,
    pods::Pod,
    proposed::{Compared, enforced},
    setup::{Places, Seen, Typed},
    stage::{Caller, Stage},
};
use crate::{
    AuthorizationPolicy, Known as Evidence, Verdict,
    logs::{
        Entry, LINE_MAX, Recorded, Scratch, Skip,
        rbac::{self, Rbac},
    },
};

/// What the policy would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Said {
    Allowed,
    Denied,
    Unknown,
}

/// A request that a line tells of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Heard {
    /// `orders/orders-sa`, or what it is called where it has no identity.
    pub(crate) caller: String,
    /// The identity is that of the pod which held the address.
    pub(crate) derived: bool,
    pub(crate) said: Said,
    /// A policy or a provider refused it when it was recorded.
    pub(crate) refused: bool,
    /// When it began, in milliseconds since 1970.
    pub(crate) time: Option<i64>,
}

/// A policy as it would be enforced, and the mesh as it is now.
pub(crate) struct Alone {
    stage: Stage,
    places: Places,
    pods: BTreeMap<(String, String), Pod>,
    changed: bool,
    scratch: Scratch,
    whole: Whole,
    /// Its namespace and name, as proxies name it.
    key: (String, String),
}

impl Seen {
    /// The policy without all others: as its counters count it, in dry run.
    ///
    /// # Errors
    /// The workloads are not known.
    pub(crate) fn alone(self, policy: &AuthorizationPolicy) -> Result<Alone> {
        let compared = Compared {
            policies: Policies {
                now: None,
                proposed: vec![enforced(policy).0],
            },
            ..Compared::default()
        };
        let (stage, header, places) = self.set(compared, Typed::default())?;
        let pods = stage.pods.list().iter().cloned();
        let key = |pod: Pod| ((pod.namespace.clone(), pod.name.clone()), pod);
        Ok(Alone {
            pods: pods.map(key).collect(),
            stage,
            places,
            changed: false,
            scratch: Scratch::default(),
            whole: header.whole,
            key: (policy.namespace.clone(), policy.name.clone()),
        })
    }
}

impl Alone {
    /// Why the log certainly has not every request, where a Telemetry says so.
    pub(crate) fn leaves_out(&self) -> Option<&str> {
        (self.whole.is == Some(false)).then_some(self.whole.why.as_str())
    }

    /// A pod as it is now.
    pub(crate) fn see(&mut self, pod: Pod) {
        let key = (pod.namespace.clone(), pod.name.clone());
        if self.pods.get(&key) == Some(&pod) {
            return;
        }
        self.pods.insert(key, pod);
        self.changed = true;
    }

    /// A pod that was deleted, as it was last.
    pub(crate) fn forget(&mut self, pod: Pod) {
        self.see(pod.gone());
    }

    /// What pods there are is told anew.
    pub(crate) fn forget_all(&mut self) {
        self.pods.clear();
        self.changed = true;
    }

    /// All that changed was seen until now: from here on lines are told by it.
    pub(crate) fn is_up_to(&mut self, now: Timestamp) {
        if std::mem::take(&mut self.changed) {
            self.pods.retain(|_, pod| !pod.is_past(now));
            let pods = self.pods.values().cloned().collect();
            self.places.fill(&mut self.stage, pods, now);
        } else {
            self.stage.pods.seen_again(now);
        }
    }

    /// Whether a proxy says in this line that the policy, in dry run, would have denied.
    pub(crate) fn would_deny(&self, line: &[u8]) -> bool {
        let (namespace, name) = &self.key;
        let ours = |decision: rbac::Decision<'_>| {
            let rule = decision.rule;
            let this = rule.is_some_and(|r| r.namespace == namespace && r.policy == name);
            decision.shadow && decision.denied && this
        };
        matches!(rbac::read(line, &mut Vec::new()), Some(Ok(Rbac::Decision(one))) if ours(one))
    }

    /// What a line of a proxy tells.
    ///
    /// # Errors
    /// Why it tells of no request that counts.
    pub(crate) fn hear(&mut self, namespace: &str, pod: &str, line: &[u8]) -> Result<Heard, Skip> {
        if line.len() > LINE_MAX {
            return Err(Skip::TooLong);
        }
        let stage = &self.stage;
        let entry = stage.format.read(line, &mut self.scratch)?;
        let nth = stage.subject(&entry, stage.pods.exactly(namespace, pod))?;
        let subject = stage.subjects.get(nth).ok_or(Skip::NoWorkload)?;
        let judge = subject.judge(entry.tcp, &stage.policies);
        let judge = judge.ok_or(Skip::NoConfiguration)?;
        let (caller, request) = stage.asked(subject, &entry);
        let domain = subject.context.as_ref().map(|c| &*c.mesh.trust_domain);
        Ok(Heard {
            caller: name(stage, &entry, &caller, domain.unwrap_or_default()),
            derived: caller.derived,
            said: match judge.outcome(&request, Recorded::Passed).then {
                Verdict::Allow => Said::Allowed,
                Verdict::Deny => Said::Denied,
                Verdict::Unknown(_) => Said::Unknown,
            },
            refused: entry.recorded == Recorded::Refused,
            time: entry.time,
        })
    }
}

/// What a caller is called: its identity, else its workload, else its address.
fn name(stage: &Stage, entry: &Entry<'_>, caller: &Caller<'_>, domain: &str) -> String {
    let identity = entry.principal.value().or(caller.principal.value());
    if let Some(identity) = identity {
        return clean(&identity_name(identity, domain), 300);
    }
    let absent = [entry.principal, caller.principal].contains(&Evidence::Absent);
    let pod = caller.pod.and_then(|nth| stage.pods.list().get(nth));
    let who = match (pod, entry.remote) {
        (Some(pod), _) => pod.workload(),
        (None, Some(remote)) => remote.ip().to_string(),
        (None, None) => "a caller that the log does not name".to_owned(),
    };
    if absent {
        format!("{who} without identity")
    } else {
        who
    }
}

/// `orders/orders-sa`; that of another trust domain in full.
fn identity_name(identity: &str, domain: &str) -> String {
    let short = || {
        let rest = identity.strip_prefix("spiffe://")?.strip_prefix(domain)?;
        let (namespace, account) = rest.strip_prefix("/ns/")?.split_once("/sa/")?;
        let plain = !namespace.contains('/') && !account.contains('/');
        plain.then(|| format!("{namespace}/{account}"))
    };
    short().unwrap_or_else(|| identity.to_owned())
}

/// A pod as a list or a watch serves it.
impl From<&Value> for Pod {
    fn from(pod: &Value) -> Self {
        Self::of(pod)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identities_of_this_mesh_are_short_and_others_stand_in_full() {
        for (identity, want) in [
            (
                "spiffe://cluster.local/ns/orders/sa/orders-sa",
                "orders/orders-sa",
            ),
            (
                "spiffe://other.example/ns/orders/sa/orders-sa",
                "spiffe://other.example/ns/orders/sa/orders-sa",
            ),
            // A trust domain that begins like ours is another one.
            (
                "spiffe://cluster.local.evil/ns/orders/sa/orders-sa",
                "spiffe://cluster.local.evil/ns/orders/sa/orders-sa",
            ),
            (
                "spiffe://cluster.local/ns/a/b/sa/c",
                "spiffe://cluster.local/ns/a/b/sa/c",
            ),
        ] {
            assert_eq!(identity_name(identity, "cluster.local"), want);
        }
    }
}
