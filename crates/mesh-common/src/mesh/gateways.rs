//! Which istiod makes the Deployment of a Gateway API gateway or waypoint.
//!
//! istiod asks itself "is it mine?" whenever tags change and writes the Deployment at once when the answer
//! turns to yes (`pkg/revisions/tag_watcher.go`, `IsMine`): moving a tag rolls such gateways without a restart.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{
    Gap, Gateway, Mesh, Wiring, model::label, skew, wiring::DEFAULT, wiring::DEFAULT_VALIDATOR,
};

/// From this minor on istiod also owns a tag by its Service, and is the default by the default validator.
const TAGS_BY_SERVICE: (u64, u64) = (1, 28);

/// Who makes a gateway's Deployment, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GatewayRevision {
    /// The revisions whose istiod takes it for its own. None: nobody writes it. Two: both do, in turns.
    pub revisions: Vec<String>,
    /// Revisions of which it is not known, because their istiods' version is not.
    pub unsure: Vec<String>,
    /// What decided, in words: `namespace label istio.io/rev=stable, a tag of 1-26-1`.
    pub reason: String,
}

impl GatewayRevision {
    /// The one revision, if there is exactly one for sure.
    pub fn one(&self) -> Option<&str> {
        match (self.revisions.as_slice(), self.unsure.is_empty()) {
            ([revision], true) => Some(revision),
            _ => None,
        }
    }

    /// For a table: `1-28-1`, `none`, `1-26-1 and 1-28-1`, `unknown`.
    pub fn short(&self) -> String {
        if !self.unsure.is_empty() {
            return "unknown".into();
        }
        match self.revisions.as_slice() {
            [] => "none".into(),
            revisions => revisions.join(" and "),
        }
    }
}

/// What is known of the istiods of one revision.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RevisionIstiods {
    /// Versions of its Deployments and living pods, sorted.
    pub versions: BTreeSet<String>,
    /// Ready replicas.
    pub ready: u32,
    /// Wanted replicas.
    pub wanted: u32,
}

impl RevisionIstiods {
    /// The lowest minor among its versions; none when one cannot be read.
    pub fn minor(&self) -> Option<(u64, u64)> {
        let minors: Option<BTreeSet<_>> = self.versions.iter().map(|v| skew::minor(v)).collect();
        minors?.into_iter().next()
    }

    /// For a table: `1.28.1`, `1.28.1, 1.28.2`, `?`.
    pub fn version(&self) -> String {
        if self.versions.is_empty() {
            return "?".into();
        }
        self.versions.iter().cloned().collect::<Vec<_>>().join(", ")
    }
}

/// The istiods of a mesh by revision.
pub type IstiodsByRevision = BTreeMap<String, RevisionIstiods>;

impl Mesh {
    /// The istiods by revision, or why they are not known.
    pub fn istiods_by_revision(&self) -> Result<IstiodsByRevision, Gap> {
        let mut by_revision = IstiodsByRevision::new();
        for istiod in self.istiods.items().map_err(Clone::clone)? {
            let entry = by_revision.entry(istiod.revision.clone()).or_default();
            entry.ready += istiod.ready;
            entry.wanted += istiod.replicas;
            entry.versions.extend(istiod.version.clone());
            let pods = istiod.pods.iter().filter(|p| !p.terminating);
            entry
                .versions
                .extend(pods.filter_map(|p| p.version.clone()));
        }
        Ok(by_revision)
    }
}

/// The revision or tag a gateway asks for: its own label, else its namespace's, else the default tag.
pub fn wants<'a>(wiring: &'a Wiring, gateway: &'a Gateway) -> &'a str {
    match asked(wiring, gateway) {
        (_, "") => DEFAULT,
        (_, wanted) => wanted,
    }
}

/// What it asks for, in words and as it is labelled; a label without a value counts as none, but hides the namespace's.
fn asked<'a>(wiring: &'a Wiring, gateway: &'a Gateway) -> (String, &'a str) {
    let of_namespace = wiring
        .namespaces
        .get(&gateway.namespace)
        .and_then(|n| n.labels.get(label::REV));
    match (&gateway.rev, of_namespace) {
        (Some(rev), _) => (format!("its label {}={rev}", label::REV), rev),
        (None, Some(rev)) => (format!("namespace label {}={rev}", label::REV), rev),
        (None, None) => ("no label, so the default".to_owned(), ""),
    }
}

/// Who makes this gateway's Deployment under this wiring.
pub fn resolve(wiring: &Wiring, istiods: &IstiodsByRevision, gateway: &Gateway) -> GatewayRevision {
    let (asked, wanted) = asked(wiring, gateway);
    let name = if wanted.is_empty() { DEFAULT } else { wanted };
    let by_webhook = wiring.tag_by_webhook(name);
    let by_service = wiring.tag_by_service(name);
    let by_validator = wiring
        .validators
        .iter()
        .find(|v| v.name == DEFAULT_VALIDATOR)
        .and_then(|v| v.revision.as_deref())
        .filter(|_| wanted.is_empty() && by_webhook.is_empty() && by_service.is_empty());

    let mut revisions = Vec::new();
    let mut unsure = Vec::new();
    let mut how = BTreeSet::new();
    for (revision, state) in istiods {
        let revision = revision.as_str();
        let newer = state.minor().map(|m| m >= TAGS_BY_SERVICE);
        if revision == name {
            revisions.push(revision.to_owned());
            how.insert(format!("the name of revision {revision}"));
        } else if by_webhook.contains(revision) {
            revisions.push(revision.to_owned());
            how.insert(format!("a tag of {revision}"));
        } else if by_service.contains(revision) || by_validator == Some(revision) {
            let by = if by_validator == Some(revision) {
                format!("{DEFAULT_VALIDATOR} names {revision}")
            } else {
                format!("a tag of {revision} by its Service")
            };
            match newer {
                Some(true) => {
                    revisions.push(revision.to_owned());
                    how.insert(by);
                }
                Some(false) => {}
                None => unsure.push(revision.to_owned()),
            }
        }
    }
    let missing: Vec<_> = by_webhook
        .iter()
        .filter(|r| !istiods.contains_key(**r))
        .copied()
        .collect();
    let found = if !how.is_empty() {
        how.into_iter().collect::<Vec<_>>().join(" and ")
    } else if !unsure.is_empty() {
        "known only to istiods of 1.28 and later, and the version is not known".into()
    } else if !missing.is_empty() {
        format!("a tag of {}, which has no istiod", missing.join(" and "))
    } else if wanted.is_empty() {
        "and there is no default revision".into()
    } else {
        "no istiod has this revision or tag".into()
    };
    GatewayRevision {
        revisions,
        unsure,
        reason: format!("{asked}, {found}"),
    }
}
