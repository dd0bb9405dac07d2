//! The patch by which a pod gets its sidecar: as little of it as tells which istiod did it.

use serde_json::{Value, json};

/// The JSON patch for this pod, or none where istiod leaves a pod alone
/// (istio pkg/kube/inject/inject.go, `injectRequired`: host network, annotation `sidecar.istio.io/inject: "false"`).
pub(super) fn sidecar(pod: &Value, revision: &str, istiod_image: &str) -> Option<Value> {
    let (meta, spec) = (&pod["metadata"], &pod["spec"]);
    let annotations = &meta["annotations"];
    if spec["hostNetwork"] == true || annotations["sidecar.istio.io/inject"] == "false" {
        return None;
    }
    let image = istiod_image.replace("/pilot:", "/proxyv2:");
    let status = json!({
        "initContainers": ["istio-init"], "containers": ["istio-proxy"], "volumes": [],
        "imagePullSecrets": null, "revision": revision,
    });
    let mut patch = Vec::new();
    if annotations.is_null() {
        patch.push(json!({"op": "add", "path": "/metadata/annotations", "value": {}}));
    }
    patch.push(add("/metadata/annotations/istio.io~1rev", revision));
    patch.push(add(
        "/metadata/annotations/sidecar.istio.io~1status",
        status.to_string(),
    ));
    let containers = spec["containers"].as_array().map_or(&[][..], Vec::as_slice);
    // A gateway pod brings the container along, for the template to fill.
    match containers.iter().position(|c| c["name"] == "istio-proxy") {
        Some(i) => patch.push(add(&format!("/spec/containers/{i}/image"), image)),
        None => patch.push(add(
            "/spec/containers/-",
            json!({"name": "istio-proxy", "image": image, "args": ["proxy", "sidecar"]}),
        )),
    }
    Some(Value::Array(patch))
}

fn add(path: &str, value: impl Into<Value>) -> Value {
    let value = value.into();
    json!({"op": "add", "path": path, "value": value})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pod_gets_a_sidecar_unless_it_says_no() {
        let pod = |annotations: Value, spec: Value| {
            sidecar(
                &json!({"metadata": {"annotations": annotations}, "spec": spec}),
                "1-28-1",
                "registry.example.com/istio/pilot:1.28.1",
            )
        };
        let app = json!({"containers": [{"name": "app"}]});
        let patch = pod(Value::Null, app.clone()).unwrap();
        assert_eq!(patch[0]["path"], "/metadata/annotations");
        assert_eq!(patch[1]["value"], "1-28-1");
        assert_eq!(
            patch[3]["value"]["image"],
            "registry.example.com/istio/proxyv2:1.28.1"
        );
        assert_eq!(pod(json!({"sidecar.istio.io/inject": "false"}), app), None);
        let host = json!({"hostNetwork": true, "containers": []});
        assert_eq!(pod(Value::Null, host), None);
        let gateway = json!({"containers": [{"name": "istio-proxy", "image": "auto"}]});
        let patch = pod(json!({}), gateway).unwrap();
        assert_eq!(patch[2]["path"], "/spec/containers/0/image");
    }
}
