//! Gateway API gateways that istiod serves.

use std::collections::HashMap;

use crate::mesh::{Gateway, label, wire::config};

// The controller names of Istio (`pkg/config/constants/constants.go`).
const MANAGED: &str = "istio.io/gateway-controller";
const MESH: &str = "istio.io/mesh-controller";
const UNMANAGED: &str = "istio.io/unmanaged-gateway";

/// Gateways and their classes.
#[derive(Debug, Default)]
pub(super) struct Gateways {
    /// Controller by class.
    classes: HashMap<String, String>,
    gateways: Vec<config::Gateway>,
}

impl Gateways {
    pub(super) fn absorb(&mut self, other: Self) {
        self.classes.extend(other.classes);
        self.gateways.extend(other.gateways);
    }

    pub(super) fn class(&mut self, class: config::GatewayClass) {
        self.classes
            .insert(class.metadata.name, class.spec.controller_name);
    }

    pub(super) fn gateway(&mut self, gateway: config::Gateway) {
        self.gateways.push(gateway);
    }

    /// Istio's gateways, sorted. Where classes could not be read, or are not there, their names decide.
    pub(super) fn finish(self) -> Vec<Gateway> {
        let mut found: Vec<_> = self
            .gateways
            .iter()
            .filter_map(|g| self.istios(g))
            .collect();
        found.sort_by(|a, b| (&a.namespace, &a.name).cmp(&(&b.namespace, &b.name)));
        found
    }

    fn istios(&self, gateway: &config::Gateway) -> Option<Gateway> {
        let class = &gateway.spec.gateway_class_name;
        // A class without an object works too, if istiod knows its name
        // (`deploymentcontroller.go`, `Reconcile`: `builtinClasses`).
        let controller = match self.classes.get(class) {
            Some(controller) => controller.as_str(),
            None => builtin(class)?,
        };
        if ![MANAGED, MESH, UNMANAGED].contains(&controller) {
            return None;
        }
        let meta = &gateway.metadata;
        Some(Gateway {
            namespace: meta.namespace.clone(),
            name: meta.name.clone(),
            class: class.clone(),
            waypoint: controller == MESH,
            rev: meta.label(label::REV).map(str::to_owned),
            managed: controller != UNMANAGED && is_managed(&gateway.spec),
        })
    }
}

fn builtin(class: &str) -> Option<&'static str> {
    match class {
        "istio" => Some(MANAGED),
        "istio-waypoint" => Some(MESH),
        "istio-remote" => Some(UNMANAGED),
        _ => None,
    }
}

/// Whether istiod makes the Deployment (`gatewaycommon`'s `IsManaged`): no address, or one that is an IP address.
fn is_managed(spec: &config::GatewaySpec) -> bool {
    match spec.addresses.as_slice() {
        [] => true,
        [one] => one.kind.as_deref().is_none_or(|k| k == "IPAddress"),
        _ => false,
    }
}
