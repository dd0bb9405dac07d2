//! What is known when policies are judged: plain data, so that every check is a pure function.

use std::collections::{BTreeMap, BTreeSet};

use mesh_common::{
    mesh::{Gap, Known, Labels},
    output::clean,
};

use super::{analyze::Said, peer::Peer};
use crate::{
    compile::Context,
    normalize::Normalization,
    policy::{Action, AuthorizationPolicy, DryRun},
    scene::{Accounts, Enforcer, Listener, Service, Services, Settings},
    version::Version,
};

/// Everything that is looked at.
pub(crate) struct Facts {
    /// Whether what is judged comes from files: it is not in force yet.
    pub(crate) proposed: bool,
    /// The policies that are judged.
    pub(crate) policies: Vec<Judged>,
    /// What is meant to be a policy and cannot be read, and why.
    pub(crate) broken: Vec<(Subject, String)>,
    /// Every policy that would be in force: those that are judged, and the others.
    pub(crate) standing: Known<Vec<AuthorizationPolicy>>,
    /// Whether these are all of them: of files alone they are not.
    pub(crate) standing_is_whole: Known<()>,
    /// The `PeerAuthentication`s that are judged.
    pub(crate) peers: Vec<Peer>,
    /// Every one that would be in force.
    pub(crate) standing_peers: Known<Vec<Peer>>,
    /// Workloads, by what enforces policies for them.
    pub(crate) spots: Known<Vec<Spot>>,
    /// Namespaces of the cluster.
    pub(crate) namespaces: Known<BTreeSet<String>>,
    /// Service accounts of the cluster.
    pub(crate) accounts: Accounts,
    /// Services.
    pub(crate) services: Services,
    /// What gateways listen on.
    pub(crate) listeners: Known<Vec<Listener>>,
    /// Services with a waypoint before them.
    pub(crate) fronted: Known<Vec<Fronted>>,
    /// Gateway API gateways and waypoints, by namespace and name.
    pub(crate) gateways: Known<BTreeSet<(String, String)>>,
    /// What each revision is configured with.
    pub(crate) revisions: Known<BTreeMap<String, Settings>>,
    /// Versions of the ztunnels.
    pub(crate) ztunnels: Known<Vec<Option<Version>>>,
    /// Whether anything in the mesh reads the marks of AUDIT.
    pub(crate) audit_is_read: Known<bool>,
    /// What istioctl says of the same objects.
    pub(crate) said: Known<Said>,
}

/// A Service with a waypoint before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fronted {
    pub(crate) service: Service,
    /// The waypoint, by namespace and name.
    pub(crate) by: (String, String),
}

/// A policy that is judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Judged {
    pub(crate) at: Subject,
    pub(crate) policy: AuthorizationPolicy,
}

/// An object that findings are about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Subject {
    pub(crate) kind: &'static str,
    pub(crate) namespace: String,
    pub(crate) name: String,
    /// The file, where it is from one.
    pub(crate) file: Option<String>,
    /// Lines of its fields there, by path; the empty path is the object.
    pub(crate) lines: BTreeMap<String, u64>,
}

impl Subject {
    /// `AuthorizationPolicy payments/ledger`, as istioctl names it.
    pub(crate) fn shown(&self) -> String {
        clean(
            &format!("{} {}/{}", self.kind, self.namespace, self.name),
            300,
        )
    }

    /// The line of a field, or of the nearest thing around it.
    pub(crate) fn line(&self, field: &str) -> Option<u64> {
        let mut path = field;
        loop {
            if let Some(line) = self.lines.get(path) {
                return Some(*line);
            }
            if path.is_empty() {
                return None;
            }
            path = path.rfind(['.', '[']).map_or("", |at| &path[..at]);
        }
    }
}

/// Pods of one workload that the same proxy protects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Spot {
    pub(crate) namespace: String,
    /// `deployment/checkout`.
    pub(crate) name: String,
    pub(crate) labels: Labels,
    pub(crate) enforcer: Enforcer,
    /// What policies are compiled for there on an HTTP port, or why that is not known.
    pub(crate) context: Result<Context, String>,
    pub(crate) normalization: Option<Normalization>,
}

impl Spot {
    /// `payments/deployment/checkout`.
    pub(crate) fn shown(&self) -> String {
        clean(&format!("{}/{}", self.namespace, self.name), 300)
    }

    /// Whether Envoy protects it.
    pub(crate) fn is_envoy(&self) -> bool {
        !matches!(self.enforcer, Enforcer::Nothing | Enforcer::Ztunnel)
    }

    /// Whether the pods have all of these labels.
    pub(crate) fn has(&self, labels: &Labels) -> bool {
        labels
            .iter()
            .all(|(key, value)| self.labels.get(key) == Some(value))
    }
}

/// The workloads that a policy applies to.
#[derive(Debug, Default)]
pub(crate) struct Reach<'a> {
    pub(crate) spots: Vec<&'a Spot>,
    /// Why it is not known for others.
    pub(crate) unclear: Vec<String>,
}

impl Reach<'_> {
    /// Their names, each once.
    pub(crate) fn names(&self) -> Vec<String> {
        let names: BTreeSet<String> = self.spots.iter().map(|spot| spot.shown()).collect();
        names.into_iter().collect()
    }
}

/// Where a policy applies. A waypoint counts where the policy is attached to it, not to a Service behind it.
pub(crate) fn reach<'a>(policy: &AuthorizationPolicy, spots: &'a [Spot]) -> Reach<'a> {
    let mut reach = Reach::default();
    let contexts = || spots.iter().filter_map(|spot| spot.context.as_ref().ok());
    let is_root = contexts().any(|c| c.mesh.root_namespace == policy.namespace);
    let nothing_known = contexts().next().is_none();
    // Whatever its istiod is, a policy is not for it if its namespace or its labels say so.
    let may = |spot: &Spot| {
        let here = spot.namespace == policy.namespace || is_root || nothing_known;
        let labels = policy.spec.selector.as_ref().map(|s| &s.match_labels);
        here && (!policy.target_refs().is_empty() || labels.is_none_or(|l| spot.has(l)))
    };
    for spot in spots.iter().filter(|s| s.enforcer != Enforcer::Nothing) {
        let applies = match &spot.context {
            Ok(context) => policy.applies_to(context),
            Err(_) if !may(spot) => Ok(false),
            Err(why) => Err(why.clone()),
        };
        match applies {
            Ok(true) => reach.spots.push(spot),
            Err(why) if !reach.unclear.contains(&why) => reach.unclear.push(why),
            Ok(false) | Err(_) => {}
        }
    }
    reach
}

/// Whether it decides about requests.
pub(crate) fn enforces(policy: &AuthorizationPolicy) -> bool {
    policy.dry_run != DryRun::Yes && policy.spec.action != Action::Audit
}

impl Facts {
    /// Why what a check judges may be missing: what could not be read is not what is not there.
    pub(crate) fn unread(&self, code: &str) -> Vec<&Gap> {
        if self.proposed {
            return Vec::new();
        }
        let (policies, peers) = (self.standing.gap(), self.standing_peers.gap());
        let gaps = match code.get(..6) {
            Some("MESH42") => [None, peers],
            Some("MESH43") => [policies, peers],
            _ => [policies, None],
        };
        gaps.into_iter().flatten().collect()
    }

    /// Services that select the pods of a workload.
    pub(crate) fn services_of<'a>(&'a self, spot: &Spot) -> Vec<&'a Service> {
        let all = self.services.known.items().unwrap_or_default();
        all.iter()
            .filter(|s| s.namespace == spot.namespace && !s.selector.is_empty())
            .filter(|s| spot.has(&s.selector))
            .collect()
    }

    /// Root namespaces of the revisions.
    pub(crate) fn roots(&self) -> BTreeSet<&str> {
        let revisions = self.revisions.get().into_iter().flatten();
        revisions
            .map(|(_, settings)| settings.mesh.root_namespace.as_str())
            .collect()
    }

    /// Those that would be in force beside this one.
    pub(crate) fn others<'a>(
        &'a self,
        of: &'a AuthorizationPolicy,
    ) -> impl Iterator<Item = &'a AuthorizationPolicy> {
        let all = self.standing.items().unwrap_or_default().iter();
        all.filter(move |p| (&p.namespace, &p.name) != (&of.namespace, &of.name))
    }
}
