//! Puts together what checks look at: a scene, files, or both.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use mesh_common::{
    Ctx, Result,
    mesh::{Gap, Known, Namespace, Why},
};
use serde_json::Value;

use super::{
    facts::{Facts, Fronted, Judged, Spot, Subject},
    lines,
    peer::Peer,
};
use crate::{
    compile::Protocol,
    files::Written,
    policy::AuthorizationPolicy,
    scene::{
        self, Found, Listener, Listening, PEER_AUTHENTICATIONS, Scene, Services, Settings,
        TELEMETRIES, Target,
    },
};

const POLICY: &str = "AuthorizationPolicy";
const PEER: &str = "PeerAuthentication";

/// What was read from files, by what it is.
#[derive(Default)]
pub(crate) struct Files {
    policies: Vec<(Subject, Found)>,
    broken: Vec<(Subject, String)>,
    peers: Vec<Peer>,
    services: Vec<scene::Service>,
    /// Everything of the kinds that are judged, for istioctl.
    pub(crate) objects: Vec<Value>,
    /// `VirtualService shop/web`, of kinds that are not.
    pub(crate) others: Vec<String>,
}

impl Files {
    /// Sorts what was written.
    pub(crate) fn of(written: Vec<Written>) -> Self {
        let mut files = Self::default();
        let mut lines: BTreeMap<String, std::vec::IntoIter<BTreeMap<String, u64>>> =
            BTreeMap::new();
        for Written { object, file } in written {
            let of_file = lines
                .entry(file.clone())
                .or_insert_with(|| lines::of_file(&file).into_iter());
            let lines = of_file.next().unwrap_or_default();
            files.take(object, file, lines);
        }
        files
    }

    fn take(&mut self, object: Value, file: String, lines: BTreeMap<String, u64>) {
        let text = |pointer: &str| {
            let text = object.pointer(pointer).and_then(Value::as_str);
            text.unwrap_or_default().to_owned()
        };
        let mut at = Subject {
            kind: "",
            namespace: text("/metadata/namespace"),
            name: text("/metadata/name"),
            file: Some(file),
            lines,
        };
        match text("/kind").as_str() {
            POLICY => {
                at.kind = POLICY;
                self.objects.push(object.clone());
                match Found::of(object) {
                    Ok(found) => self.policies.push((at, found)),
                    Err(broken) => self.broken.push((at, broken.why)),
                }
            }
            PEER => {
                at.kind = PEER;
                self.peers.push(Peer::of(at, &object));
                self.objects.push(object);
            }
            "Service" => {
                self.services.push(scene::Service::of(&object));
            }
            kind => self
                .others
                .push(format!("{kind} {}/{}", at.namespace, at.name)),
        }
    }

    /// Whether nothing in them can be judged.
    pub(crate) fn is_empty(&self) -> bool {
        self.policies.is_empty() && self.broken.is_empty() && self.peers.is_empty()
    }

    /// How many objects are judged.
    pub(crate) fn count(&self) -> usize {
        self.policies.len() + self.broken.len() + self.peers.len()
    }
}

/// What was read of a cluster or an archive.
pub(crate) struct Around {
    scene: Scene,
    services: Services,
    accounts: scene::Accounts,
    listeners: Known<Vec<Listener>>,
}

impl Around {
    /// Reads it.
    ///
    /// # Errors
    /// Nothing of it can be read.
    pub(crate) async fn read(ctx: &Ctx) -> Result<Self> {
        let listening = Arc::new(Listening::default());
        let scene = Scene::read_beside(ctx, Some(listening.clone()));
        let ((scene, customs), accounts) = futures::try_join!(scene, scene::accounts(ctx))?;
        let services = Services::read(ctx, &scene).await?;
        Ok(Self {
            listeners: listening.take(&customs, scene.mesh.gateways.gap()),
            scene,
            services,
            accounts,
        })
    }

    pub(crate) fn scene(&self) -> &Scene {
        &self.scene
    }

    /// Versions of the istiods.
    pub(crate) fn versions(&self) -> Vec<String> {
        let istiods = self.scene.mesh.istiods.get().into_iter().flatten();
        istiods
            .flat_map(mesh_common::check::istiod_versions)
            .flatten()
            .map(|version| version.release())
            .collect()
    }

    /// The objects of the kinds that are judged.
    pub(crate) fn objects(&self, namespace: Option<&str>) -> Vec<Value> {
        let policies = self.scene.policies().unwrap_or_default();
        let policies = policies.iter().map(|found| found.object.clone());
        let peers = self.scene.objects(PEER_AUTHENTICATIONS);
        let peers = peers.unwrap_or_default().to_vec();
        let here = |object: &Value| {
            namespace.is_none_or(|n| object["metadata"]["namespace"].as_str() == Some(n))
        };
        policies.chain(peers).filter(here).collect()
    }
}

/// The facts of files, of what is around them, or of both.
pub(crate) fn facts(
    files: Option<Files>,
    around: Option<Around>,
    namespace: Option<&str>,
) -> Facts {
    let namespaces = around
        .as_ref()
        .map(|around| around.scene.mesh.namespaces.clone());
    let mut facts = match around {
        Some(around) => of_scene(around, namespace, files.is_none()),
        None => alone(),
    };
    let Some(files) = files else { return facts };
    facts.proposed = true;
    for (at, found) in files.policies {
        replace(&mut facts.standing, found.policy.clone(), |p| {
            (p.namespace.clone(), p.name.clone())
        });
        facts.policies.push(Judged {
            at,
            policy: found.policy,
        });
    }
    for mut peer in files.peers {
        // An object that is replaced keeps its age, and age decides which of several counts.
        let all = facts.standing_peers.items().unwrap_or_default();
        let old = all
            .iter()
            .find(|old| (&old.at.namespace, &old.at.name) == (&peer.at.namespace, &peer.at.name));
        peer.created = peer.created.or(old.and_then(|old| old.created));
        replace(&mut facts.standing_peers, peer.clone(), |p| {
            (p.at.namespace.clone(), p.at.name.clone())
        });
        facts.peers.push(peer);
    }
    for service in files.services {
        replace(&mut facts.services.known, service, |s| {
            (s.namespace.clone(), s.name.clone())
        });
    }
    if let Some(namespaces) = namespaces {
        facts.fronted = fronted(&namespaces, &facts.services);
    }
    facts.broken = files.broken;
    facts
}

/// Puts an object in the place of the one with its name.
fn replace<T>(all: &mut Known<Vec<T>>, new: T, name: impl Fn(&T) -> (String, String)) {
    if let Known::Known(all) = all {
        match all.iter_mut().find(|old| name(old) == name(&new)) {
            Some(old) => *old = new,
            None => all.push(new),
        }
    }
}

/// Nothing but files.
fn alone() -> Facts {
    fn unread<T>(what: &str) -> Known<T> {
        Known::Unknown(Gap {
            what: what.into(),
            why: Why::NotRead,
            detail: "no cluster was asked".into(),
        })
    }
    Facts {
        proposed: true,
        policies: Vec::new(),
        broken: Vec::new(),
        // Files among themselves can be compared.
        standing: Known::Known(Vec::new()),
        standing_is_whole: unread("authorizationpolicies"),
        peers: Vec::new(),
        standing_peers: unread("peerauthentications"),
        spots: unread("workloads"),
        namespaces: unread("namespaces"),
        accounts: unread("serviceaccounts"),
        services: Services {
            known: unread("services"),
            whole: false,
        },
        listeners: unread("gateways"),
        fronted: unread("services"),
        gateways: unread("gateways"),
        revisions: unread("mesh config"),
        ztunnels: unread("daemonsets"),
        audit_is_read: unread("telemetries"),
        said: unread("istioctl analyze"),
    }
}

fn of_scene(around: Around, namespace: Option<&str>, judged: bool) -> Facts {
    let Around {
        scene,
        services,
        accounts,
        listeners,
    } = around;
    let here = |of: &str| judged && namespace.is_none_or(|n| n == of);
    let policies = scene.policies().map(<[Found]>::to_vec);
    let policies = policies.map_err(Clone::clone);
    let at = |kind: &'static str, namespace: &str, name: &str| Subject {
        kind,
        namespace: namespace.to_owned(),
        name: name.to_owned(),
        ..Subject::default()
    };
    let mut facts = Facts {
        proposed: false,
        policies: Vec::new(),
        broken: Vec::new(),
        standing: Known::from(policies.map(|all| {
            let all = all.into_iter().map(|found| found.policy);
            all.collect::<Vec<AuthorizationPolicy>>()
        })),
        standing_is_whole: match scene.policies() {
            Ok(_) => Known::Known(()),
            Err(gap) => Known::Unknown(gap.clone()),
        },
        peers: Vec::new(),
        standing_peers: Known::from(scene.objects(PEER_AUTHENTICATIONS).map(|all| {
            let peers = all.iter().map(|object| {
                let text = |key: &str| object["metadata"][key].as_str().unwrap_or_default();
                Peer::of(at(PEER, text("namespace"), text("name")), object)
            });
            peers.collect::<Vec<_>>()
        })),
        spots: spots(&scene),
        namespaces: scene
            .mesh
            .namespaces
            .clone()
            .map(|all| all.into_keys().collect()),
        accounts,
        fronted: fronted(&scene.mesh.namespaces, &services),
        services,
        listeners,
        gateways: scene.mesh.gateways.clone().map(|all| {
            let all = all.into_iter();
            all.map(|g| (g.namespace, g.name)).collect::<BTreeSet<_>>()
        }),
        revisions: revisions(&scene),
        ztunnels: scene.mesh.node_agents.clone().map(|agents| {
            let ztunnels = agents
                .into_iter()
                .filter(|agent| agent.component == "ztunnel");
            let versions = ztunnels.map(|agent| agent.version?.parse().ok());
            versions.collect::<Vec<_>>()
        }),
        audit_is_read: audit_is_read(&scene),
        said: Known::not_read("istioctl analyze"),
    };
    let standing = facts.standing.items().unwrap_or_default();
    let judged = standing.iter().filter(|p| here(&p.namespace));
    facts.policies = judged
        .map(|policy| Judged {
            at: at(POLICY, &policy.namespace, &policy.name),
            policy: policy.clone(),
        })
        .collect();
    let peers = facts.standing_peers.items().unwrap_or_default();
    facts.peers = peers
        .iter()
        .filter(|p| here(&p.at.namespace))
        .cloned()
        .collect();
    let broken = scene.broken.iter().filter(|b| here(&b.namespace));
    facts.broken = broken
        .map(|b| (at(POLICY, &b.namespace, &b.name), b.why.clone()))
        .collect();
    facts
}

fn failed(what: &str, detail: String) -> Gap {
    Gap {
        what: what.into(),
        why: Why::Failed,
        detail,
    }
}

fn spots(scene: &Scene) -> Known<Vec<Spot>> {
    if let Known::Unknown(gap) = &scene.mesh.workloads {
        return Known::Unknown(gap.clone());
    }
    let spots = scene.targets().map(|targets| {
        let spots = targets.iter().map(|target: &Target<'_>| Spot {
            namespace: target.workload.namespace.clone(),
            name: target.short(),
            labels: target.labels.clone(),
            enforcer: target.enforcer,
            context: target.context(Protocol::Http),
            normalization: target
                .compiled_with
                .as_ref()
                .ok()
                .map(|with| with.normalization),
        });
        spots.collect::<Vec<_>>()
    });
    Known::from(spots.map_err(|why| failed("workloads", why)))
}

/// Which Services have a waypoint before them.
fn fronted(
    namespaces: &Known<BTreeMap<String, Namespace>>,
    services: &Services,
) -> Known<Vec<Fronted>> {
    let namespaces = match namespaces.read() {
        Ok(namespaces) => namespaces,
        Err(gap) => return Known::Unknown(gap.clone()),
    };
    services.known.clone().map(|all| {
        let all = all.into_iter();
        let fronted = all.filter_map(|service| {
            Some(Fronted {
                by: service.waypoint(namespaces)?,
                service,
            })
        });
        fronted.collect()
    })
}

/// The settings of each revision; one that is not known makes all of them unknown.
fn revisions(scene: &Scene) -> Known<BTreeMap<String, Settings>> {
    let istiods = match scene.mesh.istiods.read() {
        Ok(istiods) => istiods,
        Err(gap) => return Known::Unknown(gap.clone()),
    };
    if let Err(gap) = scene.mesh.configs.read() {
        return Known::Unknown(gap.clone());
    }
    let mut all = BTreeMap::new();
    for istiod in istiods {
        match Settings::of(&scene.mesh, &istiod.revision) {
            Ok(settings) => all.insert(istiod.revision.clone(), settings),
            Err(why) => return Known::Unknown(failed("mesh config", why)),
        };
    }
    if all.is_empty() {
        return Known::Unknown(failed("mesh config", "no istiod was found".into()));
    }
    Known::Known(all)
}

/// AUDIT leaves the mark `access_log_hint`: something reads it if the mesh config or a Telemetry speaks of it.
fn audit_is_read(scene: &Scene) -> Known<bool> {
    const MARK: &str = "access_log_hint";
    let configs = match scene.mesh.configs.read() {
        Ok(configs) => configs,
        Err(gap) => return Known::Unknown(gap.clone()),
    };
    if configs
        .values()
        .any(|config| config.mesh.to_string().contains(MARK))
    {
        return Known::Known(true);
    }
    match scene.objects(TELEMETRIES) {
        Ok(all) => Known::Known(all.iter().any(|t| t["spec"].to_string().contains(MARK))),
        Err(gap) if gap.why == Why::NotServed => Known::Known(false),
        Err(gap) => Known::Unknown(gap),
    }
}

#[cfg(test)]
mod tests;
