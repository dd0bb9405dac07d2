use std::path::Path;

use serde_json::Value;

use super::super::argv::Call;
use super::super::live::Live;
use super::super::recording::Recordings;
use super::objects;

fn writes(version: &str, line: &str, template: &str) -> Vec<(String, Value)> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/istioctl-recordings");
    let recordings = Recordings::open(&data, version).unwrap();
    let args: Vec<String> = line.split(' ').map(str::to_owned).collect();
    let mut live = Live::default();
    live.webhook_revisions
        .insert("1-28-1".into(), Some("bmV3".into()));
    live.webhook_revisions
        .insert("default".into(), Some("b2xk".into()));
    objects(
        &recordings.case(template).unwrap(),
        &Call::parse(&args),
        &live,
    )
    .into_iter()
    .map(|write| (write.path, write.body.unwrap().1))
    .collect()
}

#[test]
fn objects_have_the_names_the_bundle_and_nothing_of_the_server() {
    let writes = writes(
        "1.28.1",
        "tag set prod --revision 1-28-1 -i mesh",
        "tag-set-new",
    );
    let paths: Vec<&str> = writes.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "/api/v1/namespaces/mesh/services/istiod-revision-tag-prod?fieldManager=istio-ci&force=true",
            "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/istio-revision-tag-prod?fieldManager=istio-ci&force=true",
        ]
    );
    let all = writes
        .iter()
        .map(|(_, object)| object.to_string())
        .collect::<String>();
    for gone in [
        "stable",
        "1-26-1",
        "istio-system",
        "resourceVersion",
        "\"uid\"",
        "clusterIP\"",
        "LS0tLS1C",
    ] {
        assert!(!all.contains(gone), "{gone}");
    }
    let service = &writes[0].1;
    assert!(
        service.get("webhooks").is_none(),
        "nothing that was not there"
    );
    assert_eq!(service["spec"]["selector"]["istio.io/rev"], "1-28-1");
    let hook = &writes[1].1;
    assert!(hook.get("spec").is_none(), "nothing that was not there");
    assert_eq!(hook["metadata"]["labels"]["istio.io/tag"], "prod");
    assert_eq!(hook["webhooks"][1]["clientConfig"]["caBundle"], "bmV3");
    assert_eq!(
        hook["webhooks"][1]["clientConfig"]["service"]["name"],
        "istiod-1-28-1"
    );
}

#[test]
fn older_versions_make_no_service_and_the_unrevisioned_istiod_has_no_suffix() {
    let writes = writes("1.26.1", "tag set prod --revision default", "tag-set-new");
    assert_eq!(writes.len(), 1);
    let service = &writes[0].1["webhooks"][0]["clientConfig"]["service"]["name"];
    assert_eq!(service, "istiod");
    assert_eq!(writes[0].1["metadata"]["labels"]["istio.io/rev"], "default");
}

#[test]
fn the_default_tag_brings_its_validator() {
    let writes = writes(
        "1.28.1",
        "tag set default --revision 1-28-1",
        "tag-set-default-no-unrevisioned",
    );
    assert_eq!(writes.len(), 3);
    assert!(writes.iter().any(|(path, _)| {
        path.contains("validatingwebhookconfigurations/istiod-default-validator")
    }));
}
