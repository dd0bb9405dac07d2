//! What istiod takes where a mesh config says nothing (`pkg/config/mesh/mesh.go`, `DefaultMeshConfig`), in one
//! spelling, so that the same meaning compares equal.

use serde_json::{Value, json};

/// A field in either spelling that istiod reads: `trustDomain`, `trust_domain` (`jsonpb`). Null is absent.
pub(super) fn get<'a>(object: &'a Value, field: &str) -> Option<&'a Value> {
    let given = |name: &str| object.get(name).filter(|v| !v.is_null());
    given(field).or_else(|| given(&snake(field)))
}

fn snake(field: &str) -> String {
    let mut out = String::new();
    for c in field.chars() {
        if c.is_ascii_uppercase() {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

fn text(object: &Value, field: &str, default: &str) -> String {
    let text = get(object, field)
        .and_then(Value::as_str)
        .filter(|t| !t.is_empty());
    text.unwrap_or(default).to_owned()
}

/// `trustDomain`, `cluster.local` (`pkg/config/constants/constants.go`, `DefaultClusterLocalDomain`).
pub(super) fn trust_domain(mesh: &Value) -> String {
    text(mesh, "trustDomain", "cluster.local")
}

/// `trustDomainAliases` as a sorted set; istiod sorts them too.
pub(super) fn trust_domain_aliases(mesh: &Value) -> String {
    let list = get(mesh, "trustDomainAliases").and_then(Value::as_array);
    let mut names: Vec<_> = list
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    names.sort_unstable();
    names.dedup();
    names.join(", ")
}

/// `rootNamespace`, `istio-system`.
pub(super) fn root_namespace(mesh: &Value) -> String {
    text(mesh, "rootNamespace", "istio-system")
}

/// `defaultConfig.meshId`, none.
pub(super) fn proxies_mesh_id(mesh: &Value) -> String {
    get(mesh, "defaultConfig").map_or_else(String::new, |c| text(c, "meshId", ""))
}

/// `defaultConfig.discoveryAddress`, the un-revisioned istiod's.
pub(super) fn discovery_address(mesh: &Value) -> &str {
    let address = get(mesh, "defaultConfig").and_then(|c| get(c, "discoveryAddress"));
    let address = address.and_then(Value::as_str).filter(|a| !a.is_empty());
    address.unwrap_or("istiod.istio-system.svc:15012")
}

/// `outboundTrafficPolicy`. Absent it is `ALLOW_ANY`; an object without a mode is the enum's zero, `REGISTRY_ONLY`,
/// because a message that is given replaces the default whole.
pub(super) fn outbound(mesh: &Value) -> String {
    let Some(policy) = get(mesh, "outboundTrafficPolicy") else {
        return "ALLOW_ANY".into();
    };
    let mode = enumeration(get(policy, "mode"), &["REGISTRY_ONLY", "ALLOW_ANY"]);
    match get(policy, "egressProxy") {
        Some(proxy) => format!("{mode} by {proxy}"),
        None => mode,
    }
}

/// `pathNormalization`. `DEFAULT` is `BASE` (`pilot/pkg/networking/core/listener_builder.go`).
pub(super) fn path_normalization(mesh: &Value) -> String {
    const NAMES: [&str; 5] = [
        "DEFAULT",
        "NONE",
        "BASE",
        "MERGE_SLASHES",
        "DECODE_AND_MERGE_SLASHES",
    ];
    let policy = get(mesh, "pathNormalization");
    let mode = enumeration(policy.and_then(|p| get(p, "normalization")), &NAMES);
    if mode == "DEFAULT" {
        "BASE".into()
    } else {
        mode
    }
}

/// An enum by name or by number; the zero when absent.
fn enumeration(value: Option<&Value>, names: &[&str]) -> String {
    match value {
        None => names.first().copied().unwrap_or_default().to_owned(),
        Some(Value::String(name)) => name.clone(),
        Some(other) => {
            let index = other.as_u64().and_then(|n| usize::try_from(n).ok());
            let name = index.and_then(|n| names.get(n));
            name.map_or_else(|| other.to_string(), |n| (*n).to_owned())
        }
    }
}

/// The `extensionProvider` of this name. Those of the mesh config are merged by name into three that are always
/// there, a later one over an earlier one.
pub(super) fn provider(mesh: &Value, name: &str) -> Option<Value> {
    let list = get(mesh, "extensionProviders").and_then(Value::as_array);
    let named = |p: &&Value| get(p, "name").and_then(Value::as_str) == Some(name);
    let given = list.into_iter().flatten().rfind(named).cloned();
    given.or_else(|| match name {
        "prometheus" => Some(json!({ "name": "prometheus", "prometheus": {} })),
        "stackdriver" => Some(json!({ "name": "stackdriver", "stackdriver": {} })),
        "envoy" => {
            Some(json!({ "name": "envoy", "envoyFileAccessLog": { "path": "/dev/stdout" } }))
        }
        _ => None,
    })
}

/// Names of all providers that a mesh config gives.
pub(super) fn providers(mesh: &Value) -> impl Iterator<Item = &str> {
    let list = get(mesh, "extensionProviders").and_then(Value::as_array);
    list.into_iter()
        .flatten()
        .filter_map(|p| get(p, "name")?.as_str())
}
