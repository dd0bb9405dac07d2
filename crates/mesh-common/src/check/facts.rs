//! What the gates judge: the mesh, the change, and the few answers that are not in the mesh.

use jiff::{SignedDuration, Timestamp};

use super::{Backups, Cve, Policy};
use crate::{
    istioctl::{Parity, Search, Version},
    mesh::{Gap, Istiod, IstiodPod, Known, Mesh, probe::Probe},
};

/// Everything a gate may look at.
#[derive(Debug, Clone)]
pub struct Facts<'a> {
    /// The mesh as it was read.
    pub mesh: &'a Mesh,
    /// The thresholds.
    pub policy: &'a Policy,
    /// The tag that moves, goes back, or is deleted.
    pub tag: String,
    /// The revision it points at now; none if the tag does not exist yet.
    pub source: Option<String>,
    /// Without a source: the revisions that serve now whom the tag will serve. Empty if nobody does.
    pub beside: Vec<String>,
    /// The revision it goes to; on the way back, the one that is restored.
    pub target: String,
    /// What came of the search for an istioctl.
    pub istioctl: IstioctlFacts,
    /// What came of the dry-run pod with `istio.io/rev=TARGET`.
    pub serving: Serving,
    /// Who would be claimed by two injectors, or by none.
    pub overlap: Known<OverlapFacts>,
    /// Versions of the proxies that the move concerns.
    pub skew: Known<SkewFacts>,
    /// Objects that change and of which no before-image is held, as kubectl takes them.
    pub without_before_image: Vec<String>,
    /// Only where the way back deletes the tag: who uses it (`namespace/payments`, `tools/pod/shell`).
    pub removal: Option<Known<Vec<String>>>,
    /// What is known here of the backups of this mesh.
    pub backups: Backups,
    /// The security fix that this is, if it is one.
    pub cve: Option<Cve>,
}

/// What came of the search for an istioctl that matches the target's istiod.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IstioctlFacts {
    /// One was chosen, by the parity that was asked for.
    Chosen {
        /// Where it is.
        path: String,
        /// What it is.
        version: Version,
        /// How closely it had to match.
        parity: Parity,
    },
    /// There are some, and none fits.
    Mismatch {
        /// One line each: version, how it was found, path.
        candidates: Vec<String>,
        /// How closely they had to match.
        parity: Parity,
        /// The loosest `--parity` that is still needed for one of them to fit; none where none says its version.
        loosen: Option<Parity>,
    },
    /// There is none.
    Missing,
    /// Nobody looked: a rehearsal runs no istioctl.
    NotEvaluated,
}

impl From<&Search> for IstioctlFacts {
    fn from(search: &Search) -> Self {
        let parity = search.parity;
        match search.chosen() {
            Some(chosen) => Self::Chosen {
                path: chosen.path().to_string_lossy().into_owned(),
                version: chosen.version().clone(),
                parity,
            },
            None if search.candidates.is_empty() => Self::Missing,
            None => Self::Mismatch {
                candidates: search.candidates.iter().map(ToString::to_string).collect(),
                parity,
                loosen: search.loosen(),
            },
        }
    }
}

/// What came of the dry-run pod.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Serving {
    /// The API server was asked.
    Asked(Probe),
    /// The injector is switched off, so the API server would not call it: one of its istiods was asked itself.
    AskedItself(Probe),
    /// It could not be asked; why, in one line.
    Failed(String),
    /// Nobody asked: a rehearsal has no API server.
    NotEvaluated,
}

/// Workloads by how many injectors would claim them afterwards, as `payments/deployment/checkout`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OverlapFacts {
    /// Claimed by two, and not so before.
    pub twice: Vec<String>,
    /// Claimed by none, and by one before.
    pub orphaned: Vec<String>,
    /// Not known.
    pub unknown: Vec<String>,
    /// Claimed by two before already.
    pub already_twice: Vec<String>,
}

/// Versions of the proxies that a move concerns.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SkewFacts {
    /// Pods that are alike, once each.
    pub proxies: Vec<ProxySkew>,
}

/// Pods with a proxy of one version that talk to one istiod.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProxySkew {
    /// Version of the proxy; none when its image does not say.
    pub version: Option<String>,
    /// How many pods.
    pub pods: u32,
    /// One of their workloads, as `payments/deployment/checkout`.
    pub example: String,
    /// Version of the istiod they talk to until they restart: that of the revision that injected them.
    pub istiod_now: Option<String>,
    /// Version of the istiod that serves them after a restart.
    pub istiod_after: Option<String>,
    /// Whether an annotation chose the proxy's image, so that a restart keeps its version.
    pub pinned: bool,
}

impl Facts<'_> {
    /// The istiods of a revision.
    pub(super) fn istiods(&self, revision: &str) -> Result<Vec<&Istiod>, &Gap> {
        let all = self.mesh.istiods.items()?;
        Ok(all.iter().filter(|i| i.revision == revision).collect())
    }

    /// How long ago that was; zero for a time in the future (clocks differ).
    pub(super) fn since(&self, then: Timestamp) -> SignedDuration {
        self.mesh.now.duration_since(then).max(SignedDuration::ZERO)
    }

    /// How long a canary bakes, and so for how long nothing may have restarted.
    pub(super) fn bake(&self) -> SignedDuration {
        self.policy.bake(self.cve.is_some())
    }

    /// The one version that a revision's istiods say they are, if there is one.
    pub(super) fn version(&self, revision: &str) -> Option<Version> {
        let istiods = self.istiods(revision).ok()?;
        let mut versions = istiods.iter().flat_map(|i| istiod_versions(i));
        let first = versions.next()??;
        versions
            .all(|v| v.is_some_and(|v| v.same_release(&first)))
            .then_some(first)
    }
}

/// Pods of an istiod that are not being deleted.
pub(super) fn living(istiod: &Istiod) -> impl Iterator<Item = &IstiodPod> {
    istiod.pods.iter().filter(|p| !p.terminating)
}

/// The version of a pod: what it answered, else what its image says.
pub(super) fn pod_version(pod: &IstiodPod) -> Option<Version> {
    let reported = pod.reported.get().map(String::as_str);
    // An answer that is no version (an error page of a proxy) says nothing; the image still does.
    reported
        .and_then(Version::parse)
        .or_else(|| pod.version.as_deref().and_then(Version::parse))
}

/// The versions of an istiod: its living pods', or its Deployment's if it has none. None for one that neither its pod
/// nor its image tells.
pub fn istiod_versions(istiod: &Istiod) -> Vec<Option<Version>> {
    let pods: Vec<_> = living(istiod).map(pod_version).collect();
    if pods.is_empty() {
        return vec![istiod.version.as_deref().and_then(Version::parse)];
    }
    pods
}
