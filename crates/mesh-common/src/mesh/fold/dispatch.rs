//! The one table that says which projection reads which list, for both sources.

use serde::de::DeserializeOwned;

use super::Builder;
use crate::{
    journal::Kind,
    mesh::{
        WorkloadKind,
        wire::{self, List, Whole},
    },
};

/// Something to be done with the projection of a list, whose type only [`dispatch`] knows.
pub(in crate::mesh) trait Visit {
    /// What comes of it.
    type Out;
    /// Does it; `add` puts one object into a builder.
    fn visit<T: DeserializeOwned + Send + 'static>(self, add: fn(&mut Builder, T)) -> Self::Out;
}

/// The one table of which projection reads which list.
pub(in crate::mesh) fn dispatch<V: Visit>(list: List, visit: V) -> V::Out {
    match list {
        List::Namespaces => visit.visit(Builder::namespace),
        List::Nodes => visit.visit(Builder::node),
        List::MutatingWebhooks => visit.visit(|b: &mut Builder, c: Whole<_>| {
            b.raw.add(Kind::MutatingWebhookConfiguration, c.object);
            b.webhooks.mutating(c.read);
        }),
        List::ValidatingWebhooks => visit.visit(|b: &mut Builder, c: Whole<_>| {
            b.raw.add(Kind::ValidatingWebhookConfiguration, c.object);
            b.webhooks.validating(c.read);
        }),
        List::Crds => visit.visit(Builder::crd),
        List::Services => visit.visit(|b: &mut Builder, s: Whole<wire::config::Service>| {
            if b.is_local(&s.read.metadata) {
                b.raw.add(Kind::Service, s.object);
                b.services.service(s.read);
            }
        }),
        List::EndpointSlices => visit.visit(|b: &mut Builder, e: wire::config::EndpointSlice| {
            if b.is_local(&e.metadata) {
                b.services.endpoints(e);
            }
        }),
        List::ConfigMaps => visit.visit(|b: &mut Builder, c: wire::config::ConfigMap| {
            if b.is_local(&c.metadata) {
                b.config.config_map(c);
            }
        }),
        List::ReplicaSets => visit.visit(|b: &mut Builder, r: wire::workload::ReplicaSet| {
            if b.is_local(&r.metadata) {
                b.istiods.replica_set(r);
            }
        }),
        List::Hpas => visit.visit(|b: &mut Builder, h: wire::scale::Hpa| {
            if b.is_local(&h.metadata) {
                b.istiods.hpa(h);
            }
        }),
        List::Deployments => visit.visit(|b: &mut Builder, d: wire::workload::Controller| {
            if b.is_local(&d.metadata) {
                b.istiods.deployment(&d);
            }
            b.workloads.controller(WorkloadKind::Deployment, d);
        }),
        List::StatefulSets => {
            visit.visit(|b, c| b.workloads.controller(WorkloadKind::StatefulSet, c))
        }
        List::DaemonSets => visit.visit(|b, c| b.workloads.controller(WorkloadKind::DaemonSet, c)),
        List::Jobs => visit.visit(|b, c| b.workloads.controller(WorkloadKind::Job, c)),
        List::CronJobs => visit.visit(|b, c| b.workloads.cron_job(c)),
        List::Pdbs => visit.visit(|b, p| b.workloads.pdb(p)),
        List::Pods => visit.visit(|b: &mut Builder, p: wire::Pod| {
            let local = p.metadata.namespace == b.istio_namespace;
            b.pods.pod(p, local);
        }),
        List::GatewayClasses => visit.visit(|b, c| b.gateways.class(c)),
        List::Gateways => visit.visit(|b, g| b.gateways.gateway(g)),
        List::Telemetries => visit.visit(|b, t| b.config.telemetry(t)),
        List::AuthorizationPolicies => visit.visit(|b, p| b.config.policy(p)),
    }
}

impl Builder {
    fn is_local(&self, meta: &wire::Meta) -> bool {
        meta.namespace == self.istio_namespace
    }
}
