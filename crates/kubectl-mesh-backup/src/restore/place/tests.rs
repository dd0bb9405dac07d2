//! What is brought back, and in which order.

use serde_json::json;

use super::*;

fn bounds(istiod: bool) -> Bounds {
    Bounds {
        istio_namespace: "istio-system".into(),
        mesh_namespaces: ["istio-system".to_owned(), "edge".to_owned()].into(),
        istiod,
        secrets: false,
    }
}

fn placed(
    api: &str,
    kind: &str,
    namespace: &str,
    name: &str,
    more: &Value,
    istiod: bool,
) -> Result<Phase, &'static str> {
    let mut object = json!({ "apiVersion": api, "kind": kind, "metadata": { "name": name } });
    if !namespace.is_empty() {
        object["metadata"]["namespace"] = namespace.into();
    }
    for (path, value) in more.as_object().into_iter().flatten() {
        *object.pointer_mut(path).unwrap_or(&mut Value::Null) = value.clone();
        if path == "/labels" {
            object["metadata"]["labels"] = value.clone();
        } else if path == "/owner" {
            object["metadata"]["ownerReferences"] = json!([{ "kind": value }]);
        } else if path == "/spec" {
            object["spec"] = value.clone();
        } else if path == "/webhooks" {
            object["webhooks"] = value.clone();
        }
    }
    let key = Key::of(&object).unwrap();
    place(&key, &object, &bounds(istiod))
}

#[test]
fn what_a_restore_never_writes() {
    let none = json!({});
    for (api, kind, name) in [
        ("v1", "Pod", "x"),
        ("apps/v1", "ReplicaSet", "x"),
        ("discovery.k8s.io/v1", "EndpointSlice", "x"),
        ("coordination.k8s.io/v1", "Lease", "istio-leader"),
        ("batch/v1", "Job", "x"),
        ("batch/v1", "CronJob", "x"),
        ("v1", "Event", "x"),
        ("v1", "Secret", "cacerts"),
        ("v1", "ConfigMap", "kube-root-ca.crt"),
        ("v1", "ConfigMap", "istio-gateway-status-leader"),
        ("v1", "ConfigMap", "kubectl-mesh-op-1"),
        ("v1", "ServiceAccount", "default"),
        (
            "rbac.authorization.k8s.io/v1",
            "ClusterRoleBinding",
            "system:node",
        ),
        ("example.com/v1", "Database", "x"),
        ("v1", "PersistentVolumeClaim", "x"),
    ] {
        for istiod in [false, true] {
            let got = placed(api, kind, "istio-system", name, &none, istiod);
            assert!(got.is_err(), "{kind}/{name}: {got:?}");
        }
    }
}

#[test]
#[allow(clippy::too_many_lines, reason = "a table")]
fn each_kind_has_its_step() {
    use Phase::{Access, Config, Crds, Destinations, Namespaces, Rest, Routes, Security, Webhooks};
    let none = json!({});
    let crd = json!({ "/spec": { "group": "networking.istio.io" } });
    let other = json!({ "/spec": { "group": "example.com" } });
    let istio = json!({ "/labels": { "istio.io/rev": "1-28-1" } });
    let by_gateway = json!({ "/owner": "Gateway" });
    let here = json!({ "/webhooks": [{ "clientConfig": { "service": { "namespace": "istio-system" } } }] });
    let there = json!({ "/webhooks": [{ "clientConfig": { "service": { "namespace": "cert-manager" } } }] });
    let gatewayed = Err("istiod makes it from its Gateway");
    let application = Err("an application's: in the archive for rehearsals");
    let admission = "admissionregistration.k8s.io/v1";
    let table = [
        (
            "apiextensions.k8s.io/v1",
            "CustomResourceDefinition",
            "",
            &crd,
            Ok(Crds),
        ),
        (
            "apiextensions.k8s.io/v1",
            "CustomResourceDefinition",
            "",
            &other,
            Err("not the mesh's"),
        ),
        ("v1", "Namespace", "", &none, Ok(Namespaces)),
        ("v1", "ServiceAccount", "edge", &none, Ok(Access)),
        (
            "rbac.authorization.k8s.io/v1",
            "ClusterRole",
            "",
            &none,
            Ok(Access),
        ),
        ("v1", "ConfigMap", "istio-system", &none, Ok(Config)),
        ("v1", "Service", "edge", &by_gateway, gatewayed),
        (
            "policy/v1",
            "PodDisruptionBudget",
            "edge",
            &none,
            Ok(Config),
        ),
        (
            "policy/v1",
            "PodDisruptionBudget",
            "shop",
            &none,
            application,
        ),
        (
            "security.istio.io/v1",
            "AuthorizationPolicy",
            "shop",
            &none,
            Ok(Security),
        ),
        (
            "security.istio.io/v1",
            "PeerAuthentication",
            "shop",
            &none,
            Ok(Security),
        ),
        (
            "networking.istio.io/v1",
            "DestinationRule",
            "shop",
            &none,
            Ok(Destinations),
        ),
        (
            "networking.istio.io/v1",
            "Gateway",
            "edge",
            &none,
            Ok(Routes),
        ),
        (
            "networking.istio.io/v1",
            "VirtualService",
            "shop",
            &none,
            Ok(Routes),
        ),
        (
            "gateway.networking.k8s.io/v1",
            "HTTPRoute",
            "shop",
            &none,
            Ok(Routes),
        ),
        (
            "gateway.networking.k8s.io/v1",
            "GatewayClass",
            "",
            &none,
            Ok(Destinations),
        ),
        (
            "telemetry.istio.io/v1",
            "Telemetry",
            "shop",
            &none,
            Ok(Rest),
        ),
        (
            admission,
            "MutatingWebhookConfiguration",
            "",
            &istio,
            Ok(Webhooks),
        ),
        (
            admission,
            "ValidatingWebhookConfiguration",
            "",
            &here,
            Ok(Webhooks),
        ),
        (
            admission,
            "ValidatingWebhookConfiguration",
            "",
            &there,
            Err("not the mesh's"),
        ),
    ];
    for (api, kind, namespace, more, want) in table {
        assert_eq!(
            placed(api, kind, namespace, "x", more, false),
            want,
            "{kind} in {namespace}"
        );
    }
    assert!(Security < Destinations && Destinations < Routes && Routes < Rest && Rest < Webhooks);
    assert!(
        Crds < Namespaces && Namespaces < Access && Access < Config && Config < Phase::Workloads
    );
    assert!(Phase::Workloads < Security);
}

#[test]
fn workloads_of_the_mesh_come_only_when_asked_for() {
    let none = json!({});
    let gateway = json!({ "/spec": { "template": { "metadata": {
        "annotations": { "inject.istio.io/templates": "gateway" } } } } });
    let table = [
        ("istio-system", "istiod", &none, true),
        ("edge", "ingress", &gateway, true),
        ("shop", "web", &none, false),
    ];
    for (namespace, name, more, mesh) in table {
        let asked = placed("apps/v1", "Deployment", namespace, name, more, true);
        assert_eq!(asked.is_ok(), mesh, "{namespace}/{name}: {asked:?}");
        assert!(placed("apps/v1", "Deployment", namespace, name, more, false).is_err());
    }
}

#[test]
fn secrets_come_only_when_asked_for_and_those_that_others_make_never() {
    let table = [
        ("cacerts", "Opaque", true),
        ("istio-ca-secret", "istio.io/ca-root", true),
        ("shop-cert", "kubernetes.io/tls", true),
        ("x-token-1", "kubernetes.io/service-account-token", false),
        ("bootstrap-token-1", "bootstrap.kubernetes.io/token", false),
        ("sh.helm.release.v1.istiod.v3", "helm.sh/release.v1", false),
        ("sh.helm.release.v1.istiod.v4", "Opaque", false),
    ];
    for (name, of_type, wanted) in table {
        let object = json!({ "apiVersion": "v1", "kind": "Secret", "type": of_type,
            "metadata": { "name": name, "namespace": "istio-system" } });
        let key = Key::of(&object).unwrap();
        let mut bounds = bounds(true);
        let why = place(&key, &object, &bounds).unwrap_err();
        assert_eq!(why.contains("--include-secrets"), wanted, "{name}: {why}");
        bounds.secrets = true;
        let placed = place(&key, &object, &bounds);
        assert_eq!(placed == Ok(Phase::Config), wanted, "{name}: {placed:?}");
        let ca = matches!(name, "cacerts" | "istio-ca-secret");
        assert_eq!(is_ca(&key, "istio-system"), ca, "{name}");
        assert!(!is_ca(&key, "elsewhere"), "{name}");
    }
}
