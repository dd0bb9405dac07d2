//! Objects folded into a [`Mesh`], one at a time, whichever source they come from.
//!
//! A [`Builder`] holds what the mesh will hold and no more: pods become counts per controller and proxy as they
//! stream by. Each list may fill a builder of its own, on another thread; [`Builder::absorb`] puts them together,
//! in any order, and [`Builder::finish`] joins them.

mod cluster;
mod config;
mod dispatch;
mod gateways;
mod image;
mod istiods;
mod objects;
mod pods;
mod webhooks;
mod workloads;

#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::{Crd, Gap, Known, Mesh, Namespace, Node, Raw, Source, Why, wire::List};

pub(super) use dispatch::{Visit, dispatch};
pub use image::{image_name, image_tag};

/// Collects the objects of a mesh.
#[derive(Debug)]
pub struct Builder {
    istio_namespace: String,
    state: BTreeMap<List, State>,
    cluster_uid: Option<String>,
    namespaces: BTreeMap<String, Namespace>,
    webhooks: webhooks::Webhooks,
    services: webhooks::Services,
    config: config::Configs,
    istiods: istiods::Istiods,
    workloads: workloads::Workloads,
    pods: pods::Pods,
    gateways: gateways::Gateways,
    crds: Vec<Crd>,
    nodes: Vec<Node>,
    raw: Raw,
}

/// How a list came out.
#[derive(Debug, Clone)]
enum State {
    Read,
    /// Read in the Istio namespace only; the gap is for everything else.
    Local(Gap),
    Missing(Gap),
}

/// What a source says of the mesh that is in no object.
#[derive(Debug)]
pub struct About {
    /// Where it was read from.
    pub source: Source,
    /// When.
    pub now: Timestamp,
    /// uid of `kube-system`, where the source knows it better than the namespaces that were folded in.
    pub cluster_uid: Option<String>,
    /// The API server's version.
    pub kubernetes: Known<String>,
}

impl Builder {
    /// An empty one for the mesh whose istiod lives in this namespace.
    pub fn new(istio_namespace: &str) -> Self {
        Self {
            istio_namespace: istio_namespace.to_owned(),
            state: BTreeMap::new(),
            cluster_uid: None,
            namespaces: BTreeMap::new(),
            webhooks: webhooks::Webhooks::default(),
            services: webhooks::Services::default(),
            config: config::Configs::default(),
            istiods: istiods::Istiods::default(),
            workloads: workloads::Workloads::default(),
            pods: pods::Pods::default(),
            gateways: gateways::Gateways::default(),
            crds: Vec::new(),
            nodes: Vec::new(),
            raw: Raw::default(),
        }
    }

    /// The namespace istiod lives in.
    pub(in crate::mesh) fn istio_namespace(&self) -> &str {
        &self.istio_namespace
    }

    /// This list was read to its end: what is not there does not exist.
    pub fn complete(&mut self, list: List) {
        self.state.insert(list, State::Read);
    }

    /// This list was read to its end in the Istio namespace, but not elsewhere.
    pub fn complete_locally(&mut self, list: List, elsewhere: Gap) {
        self.state.insert(list, State::Local(elsewhere));
    }

    /// This list could not be read.
    pub fn missing(&mut self, list: List, gap: Gap) {
        self.state.insert(list, State::Missing(gap));
    }

    /// Whether this list was read to its end, everywhere.
    pub fn is_complete(&self, list: List) -> bool {
        matches!(self.state.get(&list), Some(State::Read))
    }

    /// Puts another builder's objects into this one. No list may be in both.
    pub fn absorb(&mut self, other: Self) {
        let Self {
            istio_namespace: _,
            state,
            cluster_uid,
            namespaces,
            webhooks,
            services,
            config,
            istiods,
            workloads,
            pods,
            gateways,
            crds,
            nodes,
            raw,
        } = other;
        self.state.extend(state);
        self.cluster_uid = self.cluster_uid.take().or(cluster_uid);
        self.namespaces.extend(namespaces);
        self.webhooks.absorb(webhooks);
        self.services.absorb(services);
        self.config.absorb(config);
        self.istiods.absorb(istiods);
        self.workloads.absorb(workloads);
        self.pods.absorb(pods);
        self.gateways.absorb(gateways);
        self.crds.extend(crds);
        self.nodes.extend(nodes);
        self.raw.absorb(raw);
    }

    /// Joins everything.
    pub fn finish(mut self, about: About) -> Mesh {
        self.config.expect(self.istiods.revisions());
        let configs = self.known(&[List::ConfigMaps], self.config.revisions());
        let providers_in_use = self.providers(&configs);
        let root_cert = self.known(&[List::ConfigMaps], self.config.root());
        let root_pem = self.known(&[List::ConfigMaps], self.config.root_pem());
        let pdbs = self.known(&[List::Pdbs], ());
        let cluster_uid = match about.cluster_uid.or(self.cluster_uid.take()) {
            Some(uid) => Known::Known(uid),
            None => self
                .known(&[List::Namespaces], ())
                .and_absent("kube-system"),
        };

        let endpoints = self.known(&[List::EndpointSlices], ());
        let services = self.known(&[List::Services], ());
        let istiod_parts = self.known_locally(&[List::Deployments, List::Pods]);
        let replica_sets = self.known_locally(&[List::ReplicaSets]);
        let hpas = self.known_locally(&[List::Hpas]);
        let local_pdbs = self.known_locally(&[List::Pdbs]);
        let agents = self.known(&[List::DaemonSets], ());
        let everybody = self.known(
            &[
                List::Pods,
                List::Deployments,
                List::StatefulSets,
                List::DaemonSets,
                List::Jobs,
                List::CronJobs,
            ],
            (),
        );
        let injectors = self.known(&[List::MutatingWebhooks], ());
        let validators = self.known(&[List::ValidatingWebhooks], ());
        let gateways = self.known(&[List::Gateways], ());
        let namespaces = self.known(&[List::Namespaces], ());
        let crds = self.known(&[List::Crds], ());
        let nodes = self.known(&[List::Nodes], ());
        let requested = self.known(&[List::Pods], ());
        let whole = [
            List::MutatingWebhooks,
            List::ValidatingWebhooks,
            List::Services,
        ];
        let whole = self.known(&whole, ());

        let Self {
            istio_namespace,
            namespaces: found_namespaces,
            webhooks,
            services: found_services,
            istiods,
            workloads,
            pods,
            gateways: found_gateways,
            crds: mut found_crds,
            nodes: mut found_nodes,
            raw,
            ..
        } = self;
        found_crds.sort_by(|a, b| a.name.cmp(&b.name));
        found_nodes.sort_by(|a, b| a.name.cmp(&b.name));
        let called = webhooks.services_of(&istio_namespace);
        let pods = pods.into_parts();
        let istiods = istiod_parts.map(|()| {
            istiods.finish(&istiods::Beside {
                pods: &pods.istiod,
                replica_sets: &replica_sets,
                hpas: &hpas,
                pdbs: &local_pdbs.map(|()| workloads.budgets(&istio_namespace)),
            })
        });
        let node_agents = agents.map(|()| workloads.agents());
        Mesh {
            source: about.source,
            now: about.now,
            cluster_uid,
            kubernetes: about.kubernetes,
            namespaces: namespaces.map(|()| found_namespaces),
            injectors: injectors.map(|()| webhooks.injectors()),
            validators: validators.map(|()| webhooks.validators()),
            services: services.map(|()| found_services.finish(&called, &endpoints)),
            istiods,
            configs,
            root_cert,
            root_pem,
            workloads: everybody.map(|()| workloads.finish(pods.folded, &pdbs)),
            gateways: gateways.map(|()| found_gateways.finish()),
            providers_in_use,
            node_agents,
            crds: crds.map(|()| found_crds),
            nodes: nodes.map(|()| found_nodes),
            requested: requested.map(|()| pods.requested),
            raw: whole.map(|()| raw),
            istio_namespace,
        }
    }

    /// The value, if all these lists were read everywhere.
    fn known<T>(&self, lists: &[List], value: T) -> Known<T> {
        let gaps = lists.iter().filter_map(|list| match self.state.get(list) {
            Some(State::Read) => None,
            Some(State::Missing(gap) | State::Local(gap)) => Some(gap.clone()),
            None => Some(not_read(*list)),
        });
        match together(gaps) {
            None => Known::Known(value),
            Some(gap) => Known::Unknown(gap),
        }
    }

    /// Whether all these lists were read at least in the Istio namespace.
    fn known_locally(&self, lists: &[List]) -> Known<()> {
        let gaps = lists.iter().filter_map(|list| match self.state.get(list) {
            Some(State::Read | State::Local(_)) => None,
            Some(State::Missing(gap)) => Some(gap.clone()),
            None => Some(not_read(*list)),
        });
        match together(gaps) {
            None => Known::Known(()),
            Some(gap) => Known::Unknown(gap),
        }
    }

    /// A kind that is not served has no objects, and so names no provider.
    fn providers(
        &self,
        configs: &Known<BTreeMap<String, super::RevisionConfig>>,
    ) -> Known<BTreeSet<String>> {
        let lists = [List::Telemetries, List::AuthorizationPolicies];
        let gaps = lists
            .iter()
            .filter_map(|list| match self.known(&[*list], ()) {
                Known::Unknown(gap) if gap.why != Why::NotServed => Some(gap),
                _ => None,
            })
            .chain(configs.gap().cloned());
        match together(gaps) {
            Some(gap) => Known::Unknown(gap),
            None => Known::Known(self.config.providers()),
        }
    }
}

impl Known<()> {
    fn and_absent<T>(self, what: &str) -> Known<T> {
        Known::Unknown(match self {
            Known::Unknown(gap) => gap,
            Known::Known(()) => Gap {
                what: "namespaces".into(),
                why: Why::Failed,
                detail: format!("there is no namespace {what}"),
            },
        })
    }
}

/// The gap of a list that nobody asked for.
pub(crate) fn not_read(list: List) -> Gap {
    let what = list.api().resource;
    Gap {
        what: what.into(),
        why: Why::NotRead,
        detail: format!("{what} were not read"),
    }
}

/// Several gaps as one, so that none goes unnamed. What nobody asked for is no news beside what was refused.
fn together(gaps: impl Iterator<Item = Gap>) -> Option<Gap> {
    let mut gaps: Vec<_> = gaps.collect();
    if gaps.iter().any(|g| g.why != Why::NotRead) {
        gaps.retain(|g| g.why != Why::NotRead);
    }
    let join =
        |part: fn(&Gap) -> &str, with: &str| gaps.iter().map(part).collect::<Vec<_>>().join(with);
    let what = join(|g| &g.what, ", ");
    let why = gaps
        .iter()
        .map(|g| g.why)
        .find(|why| *why != Why::NotServed)
        .or(gaps.first().map(|g| g.why))?;
    let detail = match why {
        Why::NotRead => format!("{what} were not read"),
        _ => join(|g| &g.detail, "; "),
    };
    Some(Gap { what, why, detail })
}
