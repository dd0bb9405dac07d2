//! What a command needs of the mesh.

use std::ops::BitOr;

use crate::mesh::wire::List;

/// What a command needs of the mesh: a set. Everything else is left unread and says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Needs(u16);

impl Needs {
    /// Namespaces.
    pub const NAMESPACES: Self = Self(1);
    /// Mutating and validating webhooks.
    pub const WEBHOOKS: Self = Self(1 << 1);
    /// istiod's Services and the endpoints behind them.
    pub const SERVICES: Self = Self(1 << 2);
    /// Mesh config, injector values and CA root.
    pub const CONFIG: Self = Self(1 << 3);
    /// istiod Deployments and their pods.
    pub const ISTIODS: Self = Self(1 << 4);
    /// `ReplicaSets`, autoscalers and budgets of istiods.
    pub const ISTIOD_DETAIL: Self = Self(1 << 5);
    /// All workloads and their pods; istio-cni and ztunnel.
    pub const WORKLOADS: Self = Self(1 << 6);
    /// Budgets of all workloads.
    pub const BUDGETS: Self = Self(1 << 7);
    /// Gateway API gateways.
    pub const GATEWAYS: Self = Self(1 << 8);
    /// Providers in use.
    pub const PROVIDERS: Self = Self(1 << 9);
    /// CRDs.
    pub const CRDS: Self = Self(1 << 10);
    /// Nodes.
    pub const NODES: Self = Self(1 << 11);

    /// `mesh-tag list`: who uses which tag, and what runs an old proxy. The injection settings too: without them a
    /// pod that istiod leaves alone by policy would count as in the care of a tag.
    pub const LIST: Self = Self(
        Self::NAMESPACES.0
            | Self::WEBHOOKS.0
            | Self::SERVICES.0
            | Self::CONFIG.0
            | Self::ISTIODS.0
            | Self::WORKLOADS.0
            | Self::GATEWAYS.0,
    );
    /// A promotion and its gates: every list. What istiods say of themselves is no list ([`super::versions`]).
    pub const PROMOTE: Self = Self((1 << 12) - 1);
    /// What a promotion reads again under the Lease: not the workloads, nor what only pods can change.
    pub const AGAIN: Self = Self(
        Self::NAMESPACES.0
            | Self::WEBHOOKS.0
            | Self::SERVICES.0
            | Self::CONFIG.0
            | Self::ISTIODS.0
            | Self::ISTIOD_DETAIL.0
            | Self::GATEWAYS.0,
    );

    /// Whether all of `other` is in it.
    pub fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// The same but for these.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// The lists to read, the longest first so that nothing waits for them at the end, and whether the Istio
    /// namespace is enough of each.
    pub(in crate::mesh) fn lists(self) -> Vec<(List, bool)> {
        let far = |needed| self.contains(needed);
        let mut lists = Vec::new();
        let mut add = |list, everywhere: bool, locally: bool| {
            if everywhere || locally {
                lists.push((list, !everywhere));
            }
        };
        add(List::Pods, far(Self::WORKLOADS), far(Self::ISTIODS));
        add(List::Crds, far(Self::CRDS), false);
        add(List::Deployments, far(Self::WORKLOADS), far(Self::ISTIODS));
        for list in [
            List::StatefulSets,
            List::DaemonSets,
            List::CronJobs,
            List::Jobs,
        ] {
            add(list, far(Self::WORKLOADS), false);
        }
        add(List::Nodes, far(Self::NODES), false);
        add(List::Namespaces, far(Self::NAMESPACES), false);
        add(List::Pdbs, far(Self::BUDGETS), far(Self::ISTIOD_DETAIL));
        for list in [List::MutatingWebhooks, List::ValidatingWebhooks] {
            add(list, far(Self::WEBHOOKS), false);
        }
        for list in [List::Services, List::EndpointSlices] {
            add(list, far(Self::SERVICES), false);
        }
        add(List::ConfigMaps, far(Self::CONFIG), false);
        for list in [List::ReplicaSets, List::Hpas] {
            add(list, far(Self::ISTIOD_DETAIL), false);
        }
        for list in [List::GatewayClasses, List::Gateways] {
            add(list, far(Self::GATEWAYS), false);
        }
        for list in [List::Telemetries, List::AuthorizationPolicies] {
            add(list, far(Self::PROVIDERS), false);
        }
        lists
    }

    /// Whether those of the Istio namespace alone would be worth having too.
    pub(super) fn wants_locally(self, list: List) -> bool {
        match list {
            List::Pods | List::Deployments => self.contains(Self::ISTIODS),
            List::Pdbs => self.contains(Self::ISTIOD_DETAIL),
            _ => false,
        }
    }
}

impl BitOr for Needs {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_promotion_reads_every_list_once_and_all_of_it() {
        let lists = Needs::PROMOTE.lists();
        assert_eq!(lists.len(), List::EVERY.len());
        for list in List::EVERY {
            assert_eq!(
                lists.iter().filter(|(l, _)| l == list).collect::<Vec<_>>(),
                [&(*list, false)]
            );
        }
        assert!(Needs::PROMOTE.contains(Needs::AGAIN | Needs::LIST));
    }

    #[test]
    fn again_reads_no_pods_but_istiods() {
        let lists = Needs::AGAIN.lists();
        assert!(lists.contains(&(List::Pods, true)));
        assert!(lists.contains(&(List::Deployments, true)));
        assert!(lists.contains(&(List::Pdbs, true)));
        assert!(!lists.iter().any(|(l, _)| *l == List::StatefulSets));
    }
}
