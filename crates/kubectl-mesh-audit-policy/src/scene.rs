//! What policies are about: the mesh, its policies as they stand, and the workloads that enforce them. Read once.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use jiff::Timestamp;
use mesh_common::{
    Ctx, Result,
    mesh::{Customs, Gap, Known, Mesh, Tap, Why, live::Needs},
};
use serde_json::Value;

mod beside;
mod found;
mod listeners;
mod settings;
mod target;

#[cfg(test)]
mod tests;

pub(crate) use beside::{Accounts, Port, Service, Services, Speaks, accounts};
pub(crate) use found::{Broken, Found};
pub(crate) use listeners::{Listener, Listening, Listens};
pub(crate) use settings::Settings;
pub(crate) use target::{Enforcer, Target, ztunnel_is_told_by};

/// What the scene is made of, of the mesh.
const NEEDS: Needs = needs();

const fn needs() -> Needs {
    // `BitOr` is no const function: what is not needed is left out of everything.
    Needs::PROMOTE
        .without(Needs::WEBHOOKS)
        .without(Needs::SERVICES)
        .without(Needs::ISTIOD_DETAIL)
        .without(Needs::BUDGETS)
        .without(Needs::PROVIDERS)
        .without(Needs::CRDS)
        .without(Needs::NODES)
}

/// The kinds that are seen whole, and what each is.
const KINDS: [(&str, &str, &str); 4] = [
    (POLICIES, "security.istio.io/v1", "AuthorizationPolicy"),
    (
        PEER_AUTHENTICATIONS,
        "security.istio.io/v1",
        "PeerAuthentication",
    ),
    (TELEMETRIES, "telemetry.istio.io/v1", "Telemetry"),
    (SERVICES, "v1", "Service"),
];

pub(crate) const POLICIES: &str = "authorizationpolicies.security.istio.io";
pub(crate) const PEER_AUTHENTICATIONS: &str = "peerauthentications.security.istio.io";
pub(crate) const TELEMETRIES: &str = "telemetries.telemetry.istio.io";
/// Of an archive, and only those that it holds. Of a cluster they are not read here.
pub(crate) const SERVICES: &str = "services";

/// Everything that is looked at.
pub(crate) struct Scene {
    /// The mesh.
    pub(crate) mesh: Mesh,
    /// Its policies, by namespace and name.
    pub(crate) policies: Known<Vec<Found>>,
    /// Policies that cannot be judged.
    pub(crate) broken: Vec<Broken>,
    objects: BTreeMap<&'static str, Known<Vec<Value>>>,
}

impl Scene {
    /// Reads it, from the cluster or from the archive of a rehearsal.
    ///
    /// # Errors
    /// Nothing of it can be read.
    pub(crate) async fn read(ctx: &Ctx) -> Result<Self> {
        Ok(Self::read_beside(ctx, None).await?.0)
    }

    /// The same, while somebody else looks at objects too; and what of other kinds could not be read.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub(crate) async fn read_beside(
        ctx: &Ctx,
        beside: Option<Arc<dyn Tap>>,
    ) -> Result<(Self, Customs)> {
        let watcher = Arc::new(Watcher {
            beside,
            ..Watcher::default()
        });
        let (mesh, customs) = ctx.mesh_with(NEEDS, watcher.clone()).await?;
        Ok((Self::of(mesh, watcher.take(), &customs), customs))
    }

    fn of(mesh: Mesh, mut seen: Seen, customs: &Customs) -> Self {
        let mut objects: BTreeMap<&'static str, Known<Vec<Value>>> = KINDS
            .iter()
            .map(|(what, ..)| {
                let list = seen.remove(*what).unwrap_or_default();
                let list = list.into_values().collect();
                (*what, known(what, list, customs, &mesh))
            })
            .collect();
        let mut broken = Vec::new();
        let policies = match objects.remove(POLICIES) {
            Some(Known::Known(list)) => {
                let (found, bad) = found::all(list);
                broken = bad;
                Known::Known(found)
            }
            Some(Known::Unknown(gap)) => Known::Unknown(gap),
            None => Known::not_read(POLICIES),
        };
        Self {
            mesh,
            policies,
            broken,
            objects,
        }
    }

    /// One of this mesh and these policies, for tests.
    #[cfg(test)]
    pub(crate) fn made(mesh: Mesh, policies: Vec<Found>) -> Self {
        Self {
            mesh,
            policies: Known::Known(policies),
            broken: Vec::new(),
            objects: BTreeMap::new(),
        }
    }

    /// The same mesh at another time, with its policies as they are then.
    pub(crate) fn judge_by(&mut self, policies: Vec<Value>, now: Timestamp) {
        let (found, broken) = found::all(policies);
        self.policies = Known::Known(found);
        self.broken = broken;
        self.mesh.now = now;
    }

    /// The objects of a kind, as served.
    pub(crate) fn objects(&self, what: &'static str) -> Result<&[Value], Gap> {
        match self.objects.get(what) {
            Some(list) => list.items().map_err(Clone::clone),
            None => Err(Gap {
                what: what.into(),
                why: Why::NotRead,
                detail: format!("{what} were not read"),
            }),
        }
    }

    /// The policies of the mesh. A mesh whose CRD is not installed has none.
    pub(crate) fn policies(&self) -> Result<&[Found], &Gap> {
        self.policies.items()
    }
}

/// An archive that lacks a kind says so, and so does a list that could not be read.
fn known(what: &str, list: Vec<Value>, customs: &Customs, mesh: &Mesh) -> Known<Vec<Value>> {
    let short = what.split('.').next().unwrap_or(what);
    if let Some(gap) = customs
        .gaps
        .iter()
        .find(|gap| gap.what == what || gap.what == short || gap.what == "customresources")
    {
        return Known::Unknown(gap.clone());
    }
    if what == SERVICES && !mesh.source.is_rehearsal() {
        return Known::not_read(what);
    }
    Known::Known(list)
}

type Seen = BTreeMap<String, BTreeMap<(String, String), Value>>;

/// Keeps the objects of [`KINDS`]. An object that is seen twice counts once.
#[derive(Default)]
struct Watcher {
    seen: Mutex<Seen>,
    beside: Option<Arc<dyn Tap>>,
}

impl Watcher {
    fn take(&self) -> Seen {
        std::mem::take(&mut *self.seen.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Tap for Watcher {
    fn wants(&self, what: &str) -> bool {
        KINDS.iter().any(|(kind, ..)| *kind == what)
            || self.beside.as_ref().is_some_and(|tap| tap.wants(what))
    }

    fn see(&self, what: &str, of: &str, object: &Value) {
        if let Some(tap) = self.beside.as_ref().filter(|tap| tap.wants(what)) {
            tap.see(what, of, object);
        }
        let Some((_, api_version, kind)) = KINDS.iter().find(|(kind, ..)| *kind == what) else {
            return;
        };
        let text = |key: &str| {
            object["metadata"][key]
                .as_str()
                .unwrap_or_default()
                .to_owned()
        };
        let key = (text("namespace"), text("name"));
        let mut object = object.clone();
        if let Some(fields) = object.as_object_mut() {
            for (name, value) in [("apiVersion", api_version), ("kind", kind)] {
                let of_its_own = fields.get(name).is_some_and(Value::is_string);
                if !of_its_own {
                    fields.insert(name.to_owned(), (*value).into());
                }
            }
        }
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.entry(what.to_owned()).or_default().insert(key, object);
    }
}
