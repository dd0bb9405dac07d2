//! Which policies apply to a workload: `pilot/pkg/model/authorization.go` (`ListAuthorizationPolicies`) and
//! `policyattachment.go` (`ShouldAttachPolicy`) at 1.20.8, 1.22.8, 1.24.6 and 1.28.1.

use std::collections::BTreeMap;

use crate::policy::{AuthorizationPolicy, TargetRef};

use super::{Context, Kind, Service};

const GATEWAY_LABEL: &str = "gateway.networking.k8s.io/gateway-name";
const OLD_GATEWAY_LABEL: &str = "istio.io/gateway-name";
const GATEWAY_GROUP: &str = "gateway.networking.k8s.io";

impl AuthorizationPolicy {
    /// Whether it applies to a workload at all.
    ///
    /// # Errors
    /// It cannot be known, in one line.
    pub fn applies_to(&self, context: &Context) -> Result<bool, String> {
        selects(self, context)
    }
}

/// An error says why it cannot be known.
pub(super) fn selects(policy: &AuthorizationPolicy, context: &Context) -> Result<bool, String> {
    if !looked_up(policy, context) {
        return Ok(false);
    }
    if !policy.spec.target_refs.is_empty() && !context.version.has_target_refs() {
        return Err(format!(
            "targetRefs: Istio {} does not have it",
            context.version
        ));
    }
    let targets = policy.target_refs();
    if context.workload.kind == Kind::Ztunnel {
        return Ok(targets.is_empty() && by_labels(policy, context));
    }
    let Some(gateway) = gateway_name(context) else {
        return Ok(targets.is_empty() && by_labels(policy, context));
    };
    let waypoint = matches!(context.workload.kind, Kind::Waypoint { .. });
    if targets.is_empty() {
        let by_selector = !waypoint && context.mesh.selects_gateways;
        // Before 1.22 a policy without selector applied to waypoints as well.
        let for_all = !context.version.has_target_refs() && policy.spec.selector.is_none();
        return Ok((by_selector || for_all) && by_labels(policy, context));
    }
    Ok(targets
        .iter()
        .any(|target| attaches(policy, target, gateway, context)))
}

/// True if Istio looks into the policy's namespace at all.
fn looked_up(policy: &AuthorizationPolicy, context: &Context) -> bool {
    let at_home = policy.namespace == context.mesh.root_namespace
        || policy.namespace == context.workload.namespace;
    match service(context) {
        // 1.24 looked into the service's namespace only.
        Some(service) if context.version.minor == 24 => policy.namespace == service.namespace,
        Some(service) if context.version.minor > 24 => {
            at_home || policy.namespace == service.namespace
        }
        _ => at_home,
    }
}

fn service(context: &Context) -> Option<&Service> {
    match &context.workload.kind {
        Kind::Waypoint { service } => service.as_ref(),
        Kind::Sidecar | Kind::Gateway | Kind::Ztunnel => None,
    }
}

fn gateway_name(context: &Context) -> Option<&str> {
    let labels = &context.workload.labels;
    let old = || {
        labels
            .get(OLD_GATEWAY_LABEL)
            .filter(|_| context.version.reads_old_gateway_label())
    };
    labels.get(GATEWAY_LABEL).or_else(old).map(String::as_str)
}

fn by_labels(policy: &AuthorizationPolicy, context: &Context) -> bool {
    let subset = |wanted: &BTreeMap<String, String>| {
        wanted
            .iter()
            .all(|(key, value)| context.workload.labels.get(key) == Some(value))
    };
    policy
        .spec
        .selector
        .as_ref()
        .is_none_or(|selector| subset(&selector.match_labels))
}

/// The core group has two names.
fn group(target: &TargetRef) -> &str {
    if target.group == "core" {
        ""
    } else {
        &target.group
    }
}

fn attaches(
    policy: &AuthorizationPolicy,
    target: &TargetRef,
    gateway: &str,
    context: &Context,
) -> bool {
    let is = |of: &str, kind: &str| group(target) == of && target.kind == kind;
    let here = target.namespace.is_empty() || target.namespace == context.workload.namespace;
    let to_gateway = is(GATEWAY_GROUP, "Gateway") && target.name == gateway && here;
    let waypoint = matches!(context.workload.kind, Kind::Waypoint { .. });
    let minor = context.version.minor;
    if minor < 22 {
        return to_gateway;
    }
    if minor < 24 {
        let to_service = waypoint
            && is("", "Service")
            && service(context).is_some_and(|service| service.name == target.name)
            && here;
        return to_gateway || to_service;
    }
    let to_service = waypoint
        && service(context).is_some_and(|service| {
            let kind = if service.entry {
                is("networking.istio.io", "ServiceEntry")
            } else {
                is("", "Service")
            };
            kind && service.name == target.name && service.namespace == policy.namespace
        });
    let to_class = context.version.attaches_to_class()
        && waypoint
        && policy.namespace == context.mesh.root_namespace
        && is(GATEWAY_GROUP, "GatewayClass")
        && target.name == "istio-waypoint";
    // 1.24 did not compare the policy's namespace for gateways.
    let same_namespace = minor == 24 || policy.namespace == context.workload.namespace;
    to_service || to_class || to_gateway && same_namespace
}
