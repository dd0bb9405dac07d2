//! What a team has beside its workload: resources of Istio, of the sizes and with the owners of real ones, and a
//! budget.

use serde_json::{Map, Value, json};

use super::PODS;

/// Resources of Istio in each namespace.
pub(in crate::bench) const RESOURCES: usize = 10;

/// Of so many namespaces one has an `EnvoyFilter`.
const FILTERS: usize = 50;

/// How the objects of a namespace got there.
#[derive(Clone, Copy)]
enum Owner {
    Helm,
    Argo,
    Kubectl,
}

/// What belongs to the workload `app` of this namespace, made at this time.
pub(super) fn objects(n: usize, namespace: &str, app: &str, at: &Value) -> Vec<Value> {
    let owner = [Owner::Helm, Owner::Argo, Owner::Kubectl][n % 3];
    let mut all = Vec::with_capacity(RESOURCES + 1);
    let mut add = |api: &str, kind: &str, name: String, spec: Value| {
        all.push(object(api, kind, namespace, &name, spec, owner, at));
    };
    let net = "networking.istio.io/v1";
    for (part, routes) in [("web", 3), ("api", 5), ("internal", 1)] {
        let name = format!("{app}-{part}");
        add(
            net,
            "VirtualService",
            name,
            routing(namespace, app, part, routes),
        );
    }
    for part in ["web", "api"] {
        let name = format!("{app}-{part}");
        add(net, "DestinationRule", name, pool(namespace, app));
    }
    let security = "security.istio.io/v1";
    add(
        security,
        "AuthorizationPolicy",
        format!("{app}-callers"),
        callers(app),
    );
    add(
        security,
        "AuthorizationPolicy",
        "deny-others".into(),
        json!({}),
    );
    add(
        security,
        "PeerAuthentication",
        "default".into(),
        json!({"mtls": {"mode": "STRICT"}}),
    );
    add(net, "ServiceEntry", "partner".into(), partner(n));
    match n % 10 {
        _ if n.is_multiple_of(FILTERS) => add(
            "networking.istio.io/v1alpha3",
            "EnvoyFilter",
            format!("{app}-header"),
            filter(app),
        ),
        0..7 => add(net, "Sidecar", "default".into(), reach(n)),
        _ => add(
            "telemetry.istio.io/v1",
            "Telemetry",
            "access-log".into(),
            json!({"accessLogging": [{"filter": {"expression": "response.code >= 400"}, "providers": [{"name": "envoy"}]}]}),
        ),
    }
    debug_assert_eq!(all.len(), RESOURCES);
    all.push(budget(namespace, app, owner, at));
    all
}

fn host(namespace: &str, app: &str) -> String {
    format!("{app}.{namespace}.svc.cluster.local")
}

fn routing(namespace: &str, app: &str, part: &str, routes: usize) -> Value {
    let host = host(namespace, app);
    let to = |subset: &str, weight: usize| json!({"destination": {"host": host, "port": {"number": 8080}, "subset": subset}, "weight": weight});
    let http: Vec<Value> = (0..routes)
        .map(|r| {
            json!({
                "name": format!("{part}-{r}"),
                "match": [
                    {"uri": {"prefix": format!("/{app}/{part}/v{r}")}, "headers": {"x-tenant": {"regex": "^[a-z]+-(blue|green)$"}}},
                    {"uri": {"exact": format!("/{app}/{part}/v{r}/healthz")}, "method": {"exact": "GET"}},
                ],
                "rewrite": {"uri": format!("/v{r}")},
                "timeout": "5s",
                "retries": {"attempts": 3, "perTryTimeout": "2s", "retryOn": "5xx,reset,connect-failure"},
                "headers": {"request": {"set": {"x-routed-by": "mesh"}}},
                "route": [to("v1", 90), to("v2", 10)],
            })
        })
        .collect();
    json!({
        "hosts": [format!("{part}.{namespace}.example.com"), host],
        "gateways": ["mesh", "edge/shop"],
        "http": http,
    })
}

fn pool(namespace: &str, app: &str) -> Value {
    let subset = |version: &str| {
        json!({"name": version, "labels": {"app": app, "version": version},
            "trafficPolicy": {"loadBalancer": {"simple": "LEAST_REQUEST"}}})
    };
    json!({
        "host": host(namespace, app),
        "trafficPolicy": {
            "connectionPool": {
                "tcp": {"maxConnections": 100, "connectTimeout": "3s"},
                "http": {"http1MaxPendingRequests": 100, "http2MaxRequests": 1000, "maxRequestsPerConnection": 0},
            },
            "outlierDetection": {
                "consecutive5xxErrors": 5, "interval": "10s", "baseEjectionTime": "30s", "maxEjectionPercent": 50,
            },
            "tls": {"mode": "ISTIO_MUTUAL"},
        },
        "subsets": [subset("v1"), subset("v2")],
    })
}

fn callers(app: &str) -> Value {
    let principals: Vec<String> = (0..6)
        .map(|c| format!("cluster.local/ns/team-{c:04}/sa/caller-{c}"))
        .collect();
    json!({
        "action": "ALLOW",
        "selector": {"matchLabels": {"app": app}},
        "rules": [
            {
                "from": [{"source": {"principals": principals}}],
                "to": [{"operation": {"methods": ["GET", "POST"], "paths": [format!("/{app}/*"), "/healthz"], "ports": ["8080"]}}],
            },
            {
                "from": [{"source": {"namespaces": ["edge", "monitoring"]}}],
                "when": [{"key": "request.headers[x-tenant]", "notValues": ["none"]}],
            },
        ],
    })
}

fn partner(n: usize) -> Value {
    json!({
        "hosts": [format!("api-{n}.partner.example.com"), format!("files-{n}.partner.example.com")],
        "location": "MESH_EXTERNAL", "resolution": "DNS", "exportTo": ["."],
        "ports": [
            {"name": "https", "number": 443, "protocol": "HTTPS"},
            {"name": "http", "number": 80, "protocol": "HTTP"},
        ],
    })
}

fn reach(n: usize) -> Value {
    let mut hosts = vec!["./*".to_owned(), "istio-system/*".to_owned()];
    hosts.extend((1..9).map(|k| format!("{}/*", super::namespace((n + k) % super::NAMESPACES))));
    json!({"egress": [{"hosts": hosts}], "outboundTrafficPolicy": {"mode": "REGISTRY_ONLY"}})
}

fn filter(app: &str) -> Value {
    json!({
        "workloadSelector": {"labels": {"app": app}},
        "configPatches": [{
            "applyTo": "HTTP_FILTER",
            "match": {
                "context": "SIDECAR_INBOUND",
                "listener": {"filterChain": {"filter": {
                    "name": "envoy.filters.network.http_connection_manager",
                    "subFilter": {"name": "envoy.filters.http.router"},
                }}},
            },
            "patch": {"operation": "INSERT_BEFORE", "value": {
                "name": "envoy.filters.http.lua",
                "typed_config": {
                    "@type": "type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua",
                    "inlineCode": "function envoy_on_request(handle)\n  handle:headers():add(\"x-tenant\", \"shop\")\nend\n",
                },
            }},
        }],
    })
}

fn budget(namespace: &str, app: &str, owner: Owner, at: &Value) -> Value {
    let spec = json!({"maxUnavailable": 1, "selector": {"matchLabels": {"app": app}}});
    let mut budget = object(
        "policy/v1",
        "PodDisruptionBudget",
        namespace,
        app,
        spec,
        owner,
        at,
    );
    budget["status"] = json!({
        "conditions": [{
            "type": "DisruptionAllowed", "status": "True", "reason": "SufficientPods", "message": "",
            "observedGeneration": 1, "lastTransitionTime": at,
        }],
        "currentHealthy": PODS, "desiredHealthy": PODS - 1, "disruptionsAllowed": 1, "expectedPods": PODS,
        "observedGeneration": 1,
    });
    let status = managed(
        "kube-controller-manager",
        "policy/v1",
        &budget["status"],
        true,
        at,
    );
    push(&mut budget, status);
    budget
}

/// An object as its owner leaves it: labels, annotations, and who manages which field.
#[expect(clippy::needless_pass_by_value, reason = "made where it is passed")]
fn object(
    api: &str,
    kind: &str,
    namespace: &str,
    name: &str,
    spec: Value,
    owner: Owner,
    at: &Value,
) -> Value {
    let mut object = json!({
        "apiVersion": api, "kind": kind,
        "metadata": {
            "name": name, "namespace": namespace, "creationTimestamp": at, "generation": 1,
            "labels": {
                "app.kubernetes.io/name": name,
                "app.kubernetes.io/part-of": namespace,
            },
        },
        "spec": spec,
    });
    own(&mut object, owner);
    object
}

/// Says of an object who put it there.
fn own(object: &mut Value, owner: Owner) {
    let at = object["metadata"]["creationTimestamp"].clone();
    let api = object["apiVersion"].as_str().unwrap_or_default().to_owned();
    let namespace = object["metadata"]["namespace"].clone();
    let manager = match owner {
        Owner::Helm => {
            object["metadata"]["labels"]["app.kubernetes.io/managed-by"] = "Helm".into();
            object["metadata"]["annotations"]["meta.helm.sh/release-name"] = "team".into();
            object["metadata"]["annotations"]["meta.helm.sh/release-namespace"] = namespace;
            "helm"
        }
        Owner::Argo | Owner::Kubectl => {
            let mut applied = object.clone();
            if let Some(meta) = applied["metadata"].as_object_mut() {
                meta.retain(|key, _| matches!(key.as_str(), "name" | "namespace" | "labels"));
            }
            object["metadata"]["annotations"]["kubectl.kubernetes.io/last-applied-configuration"] =
                format!("{applied}\n").into();
            match owner {
                Owner::Argo => "argocd-controller",
                Owner::Helm | Owner::Kubectl => "kubectl-client-side-apply",
            }
        }
    };
    let mut what =
        json!({"metadata": {"labels": object["metadata"]["labels"]}, "spec": object["spec"]});
    what["metadata"]["annotations"] = object["metadata"]["annotations"].clone();
    let entry = managed(manager, &api, &what, false, &at);
    push(object, entry);
}

/// Who manages the fields of a Deployment: Helm what it is to be, the controller what it is.
pub(super) fn deployment(deployment: &mut Value) {
    own(deployment, Owner::Helm);
    let at = deployment["metadata"]["creationTimestamp"].clone();
    let entry = managed(
        "kube-controller-manager",
        "apps/v1",
        &deployment["status"],
        true,
        &at,
    );
    push(deployment, entry);
}

fn push(object: &mut Value, entry: Value) {
    match &mut object["metadata"]["managedFields"] {
        Value::Array(entries) => entries.push(entry),
        none => *none = json!([entry]),
    }
}

fn managed(manager: &str, api: &str, what: &Value, status: bool, at: &Value) -> Value {
    let mut entry = json!({
        "manager": manager, "operation": "Update", "apiVersion": api, "time": at,
        "fieldsType": "FieldsV1",
        "fieldsV1": if status { json!({"f:status": fields(what)}) } else { fields(what) },
    });
    if status {
        entry["subresource"] = "status".into();
    }
    entry
}

/// The set of fields of a value. Of lists only those of named or typed things are told apart, as the schemas of
/// Kubernetes have it; those of custom resources are one field each.
fn fields(value: &Value) -> Value {
    let mut set = Map::new();
    match value {
        Value::Object(of) => {
            for (key, inner) in of {
                set.insert(format!("f:{key}"), fields(inner));
            }
        }
        Value::Array(of) => {
            for (key, item) in of.iter().filter_map(|item| {
                let key = if item["image"].is_string() {
                    "name"
                } else {
                    "type"
                };
                Some((format!("k:{{\"{key}\":\"{}\"}}", item[key].as_str()?), item))
            }) {
                let mut inner = fields(item);
                inner["."] = json!({});
                set.insert(key, inner);
            }
        }
        _ => {}
    }
    Value::Object(set)
}
