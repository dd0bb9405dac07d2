//! What is Istio's own of a mesh that has its parts in many places.

use serde_json::json;

use super::*;

/// A gateway that is injected in `edge`, istio-cni in `kube-system`, and an application.
fn own() -> Own {
    let mut own = Own::new("istio-system");
    let controllers = [
        (
            "deployments.apps",
            json!({"metadata": {"name": "edge-gateway", "namespace": "edge",
            "labels": {"helm.sh/chart": "gateway-1.28.1"},
            "annotations": {"meta.helm.sh/release-name": "edge", "meta.helm.sh/release-namespace": "edge"}},
            "spec": {"template": {
                "metadata": {"labels": {"app": "edge-gateway", "istio": "edge", "x": "y"},
                    "annotations": {"inject.istio.io/templates": "sidecar, gateway"}},
                "spec": {"serviceAccountName": "edge-gateway", "imagePullSecrets": [{"name": "registry"}],
                    "volumes": [{"name": "v", "configMap": {"name": "logs"}}, {"name": "w"}],
                    "containers": [{"env": [{"name": "A", "valueFrom": {"configMapKeyRef": {"name": "levels"}}}]}]},
            }}}),
        ),
        (
            "daemonsets.apps",
            json!({"metadata": {"name": "node-agent", "namespace": "kube-system", "labels": {"k8s-app": "istio-cni-node"}},
                "spec": {"template": {"metadata": {"labels": {"k8s-app": "istio-cni-node"}},
                    "spec": {"containers": [{"envFrom": [{"configMapRef": {"name": "cni-config"}}]}]}}}}),
        ),
        (
            "deployments.apps",
            json!({"metadata": {"name": "web", "namespace": "shop",
                "annotations": {"meta.helm.sh/release-name": "web", "meta.helm.sh/release-namespace": "shop"}},
                "spec": {"template": {"metadata": {"labels": {"app": "web"}}, "spec": {}}}}),
        ),
        (
            "deployments.apps",
            json!({"metadata": {"name": "istiod", "namespace": "istio-system", "labels": {"helm.sh/chart": "istiod-1.28.1"},
                "annotations": {"meta.helm.sh/release-name": "istiod", "meta.helm.sh/release-namespace": "istio-system"}},
                "spec": {"template": {"metadata": {"labels": {"app": "istiod"}}, "spec": {"serviceAccountName": "istiod"}}}}),
        ),
    ];
    for (what, object) in controllers {
        own.see(what, &object.to_string());
    }
    own
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn what_belongs_to_a_gateway_is_saved_and_its_neighbours_are_not() {
    let own = own();
    let meta = |namespace: &str, name: &str| json!({"name": name, "namespace": namespace});
    let target = |name: &str| json!({"scaleTargetRef": {"kind": "Deployment", "name": name}});
    let selector = |value: &str| json!({"selector": {"istio": value}});
    let labelled =
        |key: &str, value: &str| json!({"name": "x", "namespace": "edge", "labels": {key: value}});
    let subject = |kind: &str, namespace: &str, name: &str| json!([{"kind": kind, "namespace": namespace, "name": name}]);
    let binding = "clusterrolebindings.rbac.authorization.k8s.io";
    let rows = [
        (
            "services",
            json!({"metadata": meta("edge", "in"), "spec": selector("edge")}),
            true,
        ),
        (
            "services",
            json!({"metadata": meta("edge", "in"), "spec": selector("other")}),
            false,
        ),
        (
            "services",
            json!({"metadata": meta("edge", "in"), "spec": {}}),
            false,
        ),
        (
            "services",
            json!({"metadata": meta("shop", "in"), "spec": selector("edge")}),
            false,
        ),
        (
            "services",
            json!({"metadata": labelled("gateway.istio.io/managed", "x")}),
            true,
        ),
        (
            "horizontalpodautoscalers.autoscaling",
            json!({"metadata": meta("edge", "a"), "spec": target("edge-gateway")}),
            true,
        ),
        (
            "horizontalpodautoscalers.autoscaling",
            json!({"metadata": meta("edge", "a"), "spec": target("web")}),
            false,
        ),
        (
            "networkpolicies.networking.k8s.io",
            json!({"metadata": meta("edge", "a"), "spec": {"podSelector": {"matchLabels": {"x": "y"}}}}),
            true,
        ),
        (
            "networkpolicies.networking.k8s.io",
            json!({"metadata": meta("edge", "a"), "spec": {"podSelector": {}}}),
            false,
        ),
        (
            "serviceaccounts",
            json!({"metadata": meta("edge", "edge-gateway")}),
            true,
        ),
        (
            "serviceaccounts",
            json!({"metadata": meta("edge", "default")}),
            false,
        ),
        (
            "serviceaccounts",
            json!({"metadata": meta("kube-system", "default")}),
            true,
        ),
        (
            "configmaps",
            json!({"metadata": meta("edge", "logs")}),
            true,
        ),
        (
            "configmaps",
            json!({"metadata": meta("edge", "levels")}),
            true,
        ),
        (
            "configmaps",
            json!({"metadata": meta("kube-system", "cni-config")}),
            true,
        ),
        (
            "configmaps",
            json!({"metadata": meta("kube-system", "logs")}),
            false,
        ),
        (
            "configmaps",
            json!({"metadata": labelled("istio.io/config", "true")}),
            false,
        ),
        (
            "resourcequotas",
            json!({"metadata": meta("kube-system", "istio-cni-resource-quota")}),
            true,
        ),
        (
            "resourcequotas",
            json!({"metadata": meta("kube-system", "all")}),
            false,
        ),
        (
            binding,
            json!({"metadata": {"name": "a"}, "subjects": subject("ServiceAccount", "istio-system", "any")}),
            true,
        ),
        (
            binding,
            json!({"metadata": {"name": "a"}, "subjects": subject("ServiceAccount", "edge", "edge-gateway")}),
            true,
        ),
        (
            binding,
            json!({"metadata": {"name": "a"}, "subjects": subject("ServiceAccount", "edge", "other")}),
            false,
        ),
        (
            binding,
            json!({"metadata": {"name": "a"}, "subjects": subject("User", "", "edge-gateway")}),
            false,
        ),
        (
            binding,
            json!({"metadata": {"name": "a"}, "subjects": [{"kind": "Group", "name": "system:serviceaccounts:istio-system"}]}),
            true,
        ),
        (binding, json!({"metadata": {"name": "a"}}), false),
    ];
    for (what, object, want) in rows {
        assert_eq!(
            own.wants(what, &object.to_string()),
            want,
            "{what} {object}"
        );
    }
    assert_eq!(
        own.elsewhere().into_iter().collect::<Vec<_>>(),
        ["edge", "kube-system"]
    );
}

#[test]
fn roles_follow_their_bindings_but_kubernetes_own_stay_out() {
    let mut own = own();
    let role = |name: &str, labels: Value| {
        json!({"metadata": {"name": name, "labels": labels}}).to_string()
    };
    let what = "clusterroles.rbac.authorization.k8s.io";
    assert!(!own.wants(what, &role("reads", json!({}))));
    let binding = |kind: &str, name: &str| {
        json!({"metadata": {"name": "b", "namespace": "edge"}, "roleRef": {"kind": kind, "name": name}}).to_string()
    };
    own.see(
        "clusterrolebindings.rbac.authorization.k8s.io",
        &binding("ClusterRole", "reads"),
    );
    own.see(
        "rolebindings.rbac.authorization.k8s.io",
        &binding("ClusterRole", "cluster-admin"),
    );
    own.see(
        "rolebindings.rbac.authorization.k8s.io",
        &binding("Role", "sds"),
    );
    assert!(own.wants(what, &role("reads", json!({}))));
    assert!(own.wants(what, &role("istio-reader", json!({}))));
    let theirs = json!({"kubernetes.io/bootstrapping": "rbac-defaults"});
    assert!(!own.wants(what, &role("cluster-admin", theirs)));
    let roles = "roles.rbac.authorization.k8s.io";
    let role =
        |namespace: &str| json!({"metadata": {"name": "sds", "namespace": namespace}}).to_string();
    assert!(own.wants(roles, &role("edge")) && !own.wants(roles, &role("shop")));
}

#[test]
fn admission_policies_are_those_that_name_istio() {
    let mut own = own();
    let what = "validatingadmissionpolicies.admissionregistration.k8s.io";
    let policy = |name: &str, group: &str| {
        json!({"metadata": {"name": name}, "spec": {"matchConstraints": {"resourceRules": [{"apiGroups": [group]}]}}}).to_string()
    };
    assert!(own.wants(what, &policy("stable", "networking.istio.io")));
    assert!(own.wants(what, &policy("safe", "gateway.networking.k8s.io")));
    assert!(!own.wants(what, &policy("limits", "apps")));
    own.see(what, &policy("stable", "networking.istio.io"));
    let what = "validatingadmissionpolicybindings.admissionregistration.k8s.io";
    let binding = |policy: &str| {
        json!({"metadata": {"name": "b"}, "spec": {"policyName": policy}}).to_string()
    };
    assert!(own.wants(what, &binding("stable")) && !own.wants(what, &binding("limits")));
}

#[test]
fn releases_are_those_of_the_mesh() {
    let mut own = own();
    let released = |name: &str, chart: &str| {
        json!({"metadata": {"name": name, "labels": {"helm.sh/chart": chart},
            "annotations": {"meta.helm.sh/release-name": "base", "meta.helm.sh/release-namespace": "istio-system"}}})
        .to_string()
    };
    own.see(
        "validatingwebhookconfigurations.admissionregistration.k8s.io",
        &released("istiod-default-validator", "base-1.28.1"),
    );
    own.see(
        "virtualservices.networking.istio.io",
        &released("shop", "shop-1.0.0"),
    );
    let releases: Vec<(&str, &str, Vec<&str>)> = own
        .releases
        .iter()
        .map(|((ns, name), charts)| {
            (
                ns.as_str(),
                name.as_str(),
                charts.iter().map(String::as_str).collect(),
            )
        })
        .collect();
    assert_eq!(
        releases,
        [
            ("edge", "edge", vec!["gateway-1.28.1"]),
            ("istio-system", "base", vec!["base-1.28.1"]),
            ("istio-system", "istiod", vec!["istiod-1.28.1"]),
        ]
    );
}

#[test]
fn credentials_are_looked_for_where_the_gateways_run() {
    let mut own = own();
    let gateway = json!({"metadata": {"name": "shop", "namespace": "shop"}, "spec": {
    "selector": {"istio": "edge"},
    "servers": [
        {"tls": {"mode": "SIMPLE", "credentialName": "shop-cert"}},
        {"tls": {"mode": "MUTUAL", "credentialName": "kubernetes://partners"}},
        {"tls": {"mode": "ISTIO_MUTUAL"}},
        {"tls": {"mode": "SIMPLE", "credentialName": "kubernetes-gateway://certs/far"}},
        {"tls": {"mode": "SIMPLE", "credentialName": "file:///etc/cert"}},
        {"tls": {"mode": "SIMPLE", "credentialNames": ["rsa", "ecdsa"]}},
    ]}});
    own.see("gateways.networking.istio.io", &gateway.to_string());
    let lonely = json!({"metadata": {"name": "lonely", "namespace": "shop"}, "spec": {
        "selector": {"istio": "nobody"}, "servers": [{"tls": {"credentialName": "lonely"}}]}});
    own.see("gateways.networking.istio.io", &lonely.to_string());
    let api = json!({"metadata": {"name": "public", "namespace": "edge"}, "spec": {"listeners": [
        {"tls": {"certificateRefs": [{"name": "public"}, {"kind": "Secret", "name": "away", "namespace": "certs"}],
                 "frontendValidation": {"caCertificateRefs": [{"kind": "ConfigMap", "group": "", "name": "no"}]}}},
        {"name": "http"}]}});
    own.see("gateways.gateway.networking.k8s.io", &api.to_string());
    let secrets = own.secrets();
    let named: Vec<String> = secrets
        .iter()
        .map(|((namespace, name), (role, by))| {
            format!("{role:?} {namespace}/{name} by {}", by.len())
        })
        .collect();
    assert_eq!(
        named,
        [
            "Credential certs/away by 1",
            "Credential certs/far by 1",
            "Credential edge/ecdsa by 1",
            "Credential edge/partners by 1",
            "Credential edge/partners-cacert by 1",
            "Credential edge/public by 1",
            "ImagePull edge/registry by 1",
            "Credential edge/rsa by 1",
            "Credential edge/shop-cert by 1",
            "Credential shop/lonely by 1",
        ]
    );
    let (_, by) = &secrets[&("edge".to_owned(), "public".to_owned())];
    assert!(
        by.contains("Gateway.gateway.networking.k8s.io edge/public"),
        "{by:?}"
    );
}

#[test]
fn objects_of_no_known_shape_do_no_harm() {
    let mut own = own();
    for json in [
        "{}",
        "[]",
        "null",
        r#"{"metadata": 1}"#,
        r#"{"metadata": {"labels": null, "name": null}}"#,
    ] {
        for what in [
            "services",
            "gateways.networking.istio.io",
            "deployments.apps",
            "customresourcedefinitions.apiextensions.k8s.io",
            "rolebindings.rbac.authorization.k8s.io",
        ] {
            own.see(what, json);
            assert!(!own.wants(what, json));
        }
    }
}
