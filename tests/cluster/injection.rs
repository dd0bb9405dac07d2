//! Which webhooks the real API server calls, for every combination of the labels that decide injection.
//!
//! The answers are kept in `tests/data/injection-table.json`, which the resolver's own test reads. `MESH_UPDATE_DATA=1`
//! writes them anew.

use std::{
    collections::BTreeSet,
    fs,
    time::{Duration, Instant},
};

use mesh_testkit::{
    Api, ControlPlane, Options, Peers, Recorder,
    injection_table::{Table, led_to},
    netns,
    skip::skip,
};
use serde_json::{Value, json};

#[test]
fn the_injection_table_is_what_the_api_server_does() {
    let Some(peers) = Peers::from_env().filter(|_| netns::inside()) else {
        skip("the injection table is recorded by `cargo xtask e2e`");
        return;
    };
    // A control plane of its own: the shared one has injectors that would answer too.
    let plane = ControlPlane::start(&peers, None, Options::default()).unwrap();
    let (api, recorder) = (plane.api(), Recorder::start().unwrap());
    let version: Value = serde_json::from_str(&api.raw("/version").unwrap()).unwrap();
    let mut table = Table::unanswered(version["gitVersion"].as_str().unwrap());

    let mut namespaces = BTreeSet::new();
    for row in &table.rows {
        if namespaces.insert(row.namespace_name()) {
            api.create(&row.namespace_object()).unwrap();
        }
    }
    install(api, &recorder, &table.configurations, "first");
    answer(api, &recorder, &mut table, false);
    install(api, &recorder, &table.default_configurations, "second");
    answer(api, &recorder, &mut table, true);

    let text = table.text().unwrap();
    if std::env::var_os("MESH_UPDATE_DATA").is_some() {
        fs::write(Table::file(), &text).unwrap();
    }
    let kept = fs::read_to_string(Table::file()).unwrap();
    assert_eq!(
        kept, text,
        "the API server answers otherwise than the kept table"
    );
}

/// Creates configurations, and waits until the API server acts on them: it takes them over in order, so one more that is
/// seen to be called means that all of them are in force.
fn install(api: &Api, recorder: &Recorder, configurations: &[Value], sentinel: &str) {
    for configuration in configurations {
        let led = led_to(configuration, &recorder.url_base, &recorder.ca_pem);
        api.create(&led).unwrap();
    }
    let namespace = format!("sentinel-{sentinel}");
    api.create(&json!({
        "apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace},
    }))
    .unwrap();
    let mut watch = led_to(&configurations[0], &recorder.url_base, &recorder.ca_pem);
    watch["metadata"]["name"] = namespace.clone().into();
    watch["webhooks"].as_array_mut().unwrap().truncate(1);
    let webhook = &mut watch["webhooks"][0];
    webhook["name"] = "sentinel.example.com".into();
    webhook["clientConfig"]["url"] = format!("{}/sentinel", recorder.url_base).into();
    webhook["namespaceSelector"] =
        json!({"matchLabels": {"kubernetes.io/metadata.name": namespace}});
    webhook["objectSelector"] = json!({});
    api.create(&watch).unwrap();
    let pod = json!({
        "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "sentinel", "namespace": namespace},
        "spec": {"containers": [{"name": "app", "image": "registry.example.com/app:1"}]},
    });
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        api.create_dry_run(&pod).unwrap();
        if recorder.calls().iter().any(|c| c.webhook == "sentinel") {
            return;
        }
        assert!(
            Instant::now() < deadline,
            "the webhooks never came into force"
        );
    }
}

fn answer(api: &Api, recorder: &Recorder, table: &mut Table, default_tag: bool) {
    for row in table
        .rows
        .iter_mut()
        .filter(|r| r.default_tag == default_tag)
    {
        api.create_dry_run(&row.pod_object()).unwrap();
        row.called = recorder.calls().into_iter().map(|c| c.webhook).collect();
        row.called.sort();
    }
}
