//! Whether a Telemetry can be put on exactly the workloads of a policy, and whether it would be alone there.
//!
//! Both are attached by the same code (`pilot/pkg/model/policyattachment.go`), but for a Telemetry with targetRefs, which
//! an istiod before 1.24 takes for the whole namespace's (`namespaceWideTelemetryConfig`).

use mesh_common::{
    check::{Gate, Verdict},
    mesh::Labels,
    output::{clean, count},
};
use serde_json::{Value, json};

use crate::{
    policy::{AuthorizationPolicy, TargetRef},
    scene::Enforcer,
};

const GATEWAY_LABEL: &str = "gateway.networking.k8s.io/gateway-name";
const GATEWAY_GROUP: &str = "gateway.networking.k8s.io";
/// The first minor release whose istiod attaches a Telemetry by targetRefs.
const TARGET_REFS: u16 = 24;

/// Pods of the policy's namespace that one kind of proxy stands before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// `payments/deployment/ledger`.
    pub(super) name: String,
    pub(super) labels: Labels,
    pub(super) enforcer: Enforcer,
    /// Minor version of its istiod; none where that does not matter.
    pub(super) minor: Option<u16>,
    /// Whether selectors select gateways of the Gateway API there.
    pub(super) selects_gateways: bool,
    /// Whether the policy applies to it.
    pub(super) applies: bool,
    /// Whether it has pods now.
    pub(super) runs: bool,
}

impl Place {
    /// Whether its istiod takes a Telemetry with targetRefs for the namespace's.
    fn is_old(&self) -> bool {
        self.minor.is_some_and(is_old)
    }
}

/// Whether an istiod of this minor release does.
pub(super) fn is_old(minor: u16) -> bool {
    minor < TARGET_REFS
}

/// What a Telemetry is put on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum On {
    /// Whatever is in the namespace.
    Namespace,
    /// Pods with these labels.
    Labels(Labels),
    /// These gateways of the same namespace.
    Gateways(Vec<String>),
    /// Something else: a Service, a class of gateways.
    Else,
}

impl On {
    fn of(labels: Labels, refs: &[TargetRef], namespace: &str) -> Self {
        if !refs.is_empty() {
            let gateway = |target: &TargetRef| {
                let here = target.namespace.is_empty() || target.namespace == namespace;
                (target.group == GATEWAY_GROUP && target.kind == "Gateway" && here)
                    .then(|| target.name.clone())
            };
            let names: Option<Vec<String>> = refs.iter().map(gateway).collect();
            return names.map_or(Self::Else, Self::Gateways);
        }
        if labels.is_empty() {
            Self::Namespace
        } else {
            Self::Labels(labels)
        }
    }

    /// What a policy is on.
    pub(super) fn policy(policy: &AuthorizationPolicy) -> Self {
        let selector = policy.spec.selector.as_ref();
        let labels = selector.map(|s| s.match_labels.clone()).unwrap_or_default();
        Self::of(labels, policy.target_refs(), &policy.namespace)
    }

    /// What a Telemetry as served is on.
    pub(super) fn telemetry(object: &Value) -> Self {
        let (meta, spec) = (&object["metadata"], &object["spec"]);
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let labels = spec["selector"]["matchLabels"].as_object();
        let labels = labels.into_iter().flatten();
        let labels = labels.map(|(key, value)| (key.clone(), text(value)));
        let refs = spec["targetRefs"].as_array().into_iter().flatten();
        let old = Some(&spec["targetRef"]).filter(|target| target.is_object());
        let refs: Vec<TargetRef> = refs
            .chain(old)
            .map(|target| TargetRef {
                group: text(&target["group"]),
                kind: text(&target["kind"]),
                name: text(&target["name"]),
                namespace: text(&target["namespace"]),
            })
            .collect();
        Self::of(labels.collect(), &refs, &text(&meta["namespace"]))
    }

    /// Whether a Telemetry that is on this counts for a place.
    pub(super) fn attaches(&self, place: &Place) -> bool {
        let gateway = place.labels.get(GATEWAY_LABEL);
        match self {
            Self::Namespace => true,
            Self::Labels(labels) => {
                let has = labels.iter().all(|(k, v)| place.labels.get(k) == Some(v));
                let selectable = place.enforcer != Enforcer::Waypoint
                    && (gateway.is_none() || place.selects_gateways);
                has && selectable
            }
            Self::Gateways(names) => gateway.is_some_and(|name| names.contains(name)),
            Self::Else => place.enforcer == Enforcer::Waypoint,
        }
    }

    /// The part of a spec that puts a Telemetry there.
    pub(super) fn spec(&self) -> Value {
        match self {
            Self::Labels(labels) => json!({ "selector": { "matchLabels": labels } }),
            Self::Gateways(names) => {
                let target = |name: &String| json!({ "group": GATEWAY_GROUP, "kind": "Gateway", "name": name });
                json!({ "targetRefs": names.iter().map(target).collect::<Vec<_>>() })
            }
            Self::Namespace | Self::Else => json!({}),
        }
    }
}

pub(super) fn gate(id: &'static str, verdict: Verdict, summary: impl Into<String>) -> Gate {
    Gate {
        id,
        title: id,
        required: true,
        verdict,
        summary: summary.into(),
        evidence: Vec::new(),
        hint: None,
        pass: None,
        waived: None,
    }
}

/// Whether a Telemetry there is on exactly the workloads of the policy.
pub(super) fn exact(on: &On, in_root: bool, places: &[Place]) -> Gate {
    let closed = |why: &str| gate("workloads", Verdict::Closed, why);
    if in_root {
        return closed(
            "the policy is in the root namespace: a Telemetry there is for every namespace of the mesh",
        );
    }
    if *on == On::Else {
        return closed("the policy is attached to no workload: its waypoint serves others too");
    }
    let named = |is: &dyn Fn(&&Place) -> bool| -> Vec<String> {
        let found = places.iter().filter(is);
        found.map(|place| clean(&place.name, 200)).collect()
    };
    let ambient = named(&|p| p.enforcer == Enforcer::Ztunnel && (p.applies || on.attaches(p)));
    if !ambient.is_empty() {
        return Gate {
            evidence: ambient,
            ..closed("ztunnel is before some of them, and takes no Telemetry")
        };
    }
    let old = named(&|p| p.is_old() && p.applies);
    if matches!(on, On::Gateways(_)) && !old.is_empty() {
        return Gate {
            evidence: old,
            ..closed(
                "an istiod before 1.24 takes a Telemetry with targetRefs for the whole namespace's",
            )
        };
    }
    let other = named(&|p| p.enforcer != Enforcer::Nothing && p.applies != on.attaches(p));
    if !other.is_empty() {
        return Gate {
            evidence: other,
            ..closed(
                "no selector of a Telemetry has exactly the workloads of the policy: these differ",
            )
        };
    }
    let many = places.iter().filter(|p| p.applies && p.runs).count();
    gate(
        "workloads",
        Verdict::Open,
        format!(
            "a Telemetry can select exactly the {}",
            count(many, "workload")
        ),
    )
}

/// Whether nobody else's Telemetry is on one of the workloads. `others` are those of the namespace.
pub(super) fn alone(
    on: &On,
    own: &str,
    others: Result<&[&Value], String>,
    places: &[Place],
) -> Gate {
    const ID: &str = "alone";
    let others = match others {
        Ok(others) => others,
        Err(why) => {
            return gate(
                ID,
                Verdict::Unknown,
                format!("whether another Telemetry is on these workloads is not known: {why}"),
            );
        }
    };
    let clashes = |object: &&&Value| {
        let other = On::telemetry(object);
        let is_wide = match other {
            On::Namespace => true,
            // For an old istiod it has no selector.
            On::Gateways(_) | On::Else => places.iter().any(Place::is_old),
            On::Labels(_) => false,
        };
        object["metadata"]["name"] == *own
            || if *on == On::Namespace && is_wide {
                true
            } else {
                other != On::Namespace && places.iter().any(|p| p.applies && other.attaches(p))
            }
    };
    let found: Vec<String> = others
        .iter()
        .filter(clashes)
        .map(|object| {
            let text = |key: &str| object["metadata"][key].as_str().unwrap_or("?");
            clean(&format!("{}/{}", text("namespace"), text("name")), 300)
        })
        .collect();
    let Some(first) = found.first() else {
        return gate(
            ID,
            Verdict::Open,
            "no other Telemetry is on these workloads",
        );
    };
    let summary = match on {
        On::Namespace => format!(
            "Telemetry {first} is for the namespace or for some of its workloads already: of two only the older counts"
        ),
        _ => format!("Telemetry {first} is on one of them already: two on a workload are invalid"),
    };
    let mut closed = gate(ID, Verdict::Closed, summary);
    closed.evidence = found.into_iter().skip(1).collect();
    closed.hint = Some(
        "its owner can log there: add a provider that writes to /dev/stdout to its accessLogging, and watch without \
         --enable-access-log"
            .into(),
    );
    closed
}

/// Whether a Telemetry of the workloads' own level has the last word on one of them.
pub(super) fn overridden(others: &[&Value], places: &[Place]) -> bool {
    others.iter().any(|object| {
        let other = On::telemetry(object);
        other != On::Namespace && places.iter().any(|p| p.applies && other.attaches(p))
    })
}

#[cfg(test)]
mod tests;
