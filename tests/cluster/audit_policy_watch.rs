//! The practice page's example with real requests through a real Envoy: watched, enforced and taken back.

use mesh_testkit::{
    Api, Envoy, Filter, Lab, LabGuard,
    envoy::{ORDERS, lockdown as compiled},
};
use serde_json::{Value, json};

use crate::{
    audit_policy::{COPY, NAME, lockdown, plugin, policy},
    kit::text,
};

const BATCH: &str = "spiffe://cluster.local/ns/batch/sa/settlement";

/// What istiod would tell a proxy of the ledger, by the policies that stand there now.
fn filter(api: &Api) -> Filter {
    let dry_run = |p: &Value| p["metadata"]["annotations"]["istio.io/dry-run"] == "true";
    let enforced = policy(api, NAME).filter(|p| !dry_run(p));
    let watched = policy(api, COPY).filter(dry_run);
    for found in enforced.iter().chain(&watched) {
        assert_eq!(
            found["spec"],
            lockdown()["spec"],
            "only this one is written down here"
        );
    }
    Filter {
        rules: enforced.map(|_| compiled(NAME)),
        shadow: watched.map(|_| compiled(COPY)),
    }
}

/// A proxy for each pod of the ledger, and the port-forward to its counters.
fn proxies(lab: &LabGuard) -> Option<Vec<Envoy>> {
    let pods = lab.api().list("Pod", "payments");
    let pods = pods
        .iter()
        .filter(|p| p["metadata"]["labels"]["app"] == "ledger");
    let mut envoys = Vec::new();
    for pod in pods {
        let envoy = Envoy::start().unwrap()?;
        lab.api()
            .create(&json!({
                "apiVersion": "kwok.x-k8s.io/v1alpha1", "kind": "PortForward",
                "metadata": { "name": text(&pod["metadata"]["name"]), "namespace": "payments" },
                "spec": { "forwards": [{
                    "ports": [15090], "target": { "port": envoy.admin(), "address": "127.0.0.1" },
                }] },
            }))
            .unwrap();
        envoys.push(envoy);
    }
    assert!(!envoys.is_empty(), "the ledger has pods");
    Some(envoys)
}

fn tell(envoys: &mut [Envoy], api: &Api) {
    let filter = filter(api);
    for envoy in envoys {
        envoy.apply(&filter).unwrap();
    }
}

#[test]
fn payments_lockdown_is_watched_by_real_requests_then_enforced_and_taken_back() {
    let Some(lab) = Lab::get() else { return };
    let Some(mut envoys) = proxies(&lab) else {
        return;
    };
    let (api, plugin) = (lab.api(), plugin(&lab));
    let file = plugin.dir().join("lockdown.yaml");
    std::fs::write(&file, lockdown().to_string()).unwrap();
    plugin
        .run("watch payments-lockdown -n payments")
        .assert_code(2)
        .says("there is no copy")
        .says("convert payments-lockdown -n payments --apply");
    plugin
        .run(&format!(
            "convert -f {} -n payments --apply --yes",
            file.display()
        ))
        .assert_code(0);
    // Not told to any proxy yet: nothing is counted, and that is not zero.
    let unseen = plugin.run("watch payments-lockdown -n payments --for 1s");
    unseen.assert_code(3);
    let last: Value = serde_json::from_str(unseen.stdout.lines().last().unwrap()).unwrap();
    assert_eq!(
        (&last["event"], &last["outcome"]),
        (&json!("ended"), &json!("unknown"))
    );
    assert!(
        unseen.stdout.contains("the copy is not in it"),
        "{unseen:?}"
    );

    tell(&mut envoys, api);
    let mut terminal = plugin.terminal();
    terminal
        .line("kubectl mesh-audit-policy watch payments-lockdown -n payments --for 2h --every 1s");
    terminal.sees("0 would pass, 0 would be denied");
    // Both get through: it only watches.
    assert_eq!(envoys[0].get(ORDERS, "/ledger").unwrap(), 200);
    assert_eq!(envoys[0].get(BATCH, "/ledger").unwrap(), 200);
    terminal.sees("1 would pass, 1 would be denied");
    terminal.control('c');
    let (printed, ended) = terminal.ends();
    assert_eq!(ended, 130, "{printed}");
    assert!(
        printed.contains("2 requests showed up in the counters of"),
        "{printed}"
    );

    let promote = "promote payments-lockdown -n payments --min 1s";
    plugin
        .run(&format!("{promote} --yes"))
        .assert_code(2)
        .says("callers that counters do not name");
    let accepted = "--accept 'callers that counters do not name=the batch job is shut down' --waive callers=asked-around";
    let mut terminal = plugin.terminal();
    terminal.line(&format!(
        "kubectl mesh-audit-policy {promote} {accepted} --yes"
    ));
    let (printed, ended) = terminal.ends();
    assert_eq!(ended, 0, "{printed}");
    tell(&mut envoys, api);
    assert_eq!(envoys[0].get(ORDERS, "/ledger").unwrap(), 200);
    assert_eq!(envoys[0].get(BATCH, "/ledger").unwrap(), 403);

    plugin
        .run("rollback payments-lockdown -n payments --yes")
        .assert_code(0);
    tell(&mut envoys, api);
    assert_eq!(envoys[0].get(BATCH, "/ledger").unwrap(), 200);
}
