//! The proxy before the API server, and the sandbox for plugins: what the tests of interrupted commands rest on.

use std::{
    os::unix::process::ExitStatusExt as _,
    process::{Command, Stdio},
};

use mesh_testkit::{Api, ChaosProxy, Failure, Lab, Plugin, When};
use serde_json::{Value, json};

fn config_map(name: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": "default"}})
}

fn through(proxy: &ChaosProxy) -> Api {
    Api::of_kubeconfig(&std::fs::read_to_string(proxy.kubeconfig()).unwrap()).unwrap()
}

#[test]
fn the_proxy_is_the_user_it_was_started_for_and_numbers_writes() {
    let Some(lab) = Lab::get() else { return };
    let rules = [json!({"apiGroups": [""], "resources": ["configmaps"], "verbs": ["create"]})];
    let proxy = ChaosProxy::start(&lab.user_kubeconfig("maker", &[], &rules));
    let api = through(&proxy);
    let mark = lab.audit_mark();
    api.create_dry_run(&config_map("dry")).unwrap();
    api.create(&config_map("one")).unwrap();
    assert_eq!(api.create(&config_map("one")).unwrap_err().code, 409);
    assert_eq!(api.raw("/api/v1/nodes").unwrap_err().code, 403);
    let seen = proxy.requests();
    let told: Vec<_> = seen.iter().map(|s| (s.n, s.status)).collect();
    assert_eq!(
        told,
        [
            (None, Some(201)),
            (Some(1), Some(201)),
            (Some(2), Some(409)),
            (None, Some(403))
        ]
    );
    assert_eq!(lab.audit_since(mark)[0].user, "maker");
}

#[test]
fn the_proxy_carries_port_forwards() {
    let Some(lab) = Lab::get() else { return };
    let proxy = ChaosProxy::start(lab.kubeconfig());
    let pods = lab.api().list("Pod", "istio-system");
    let istiod = pods
        .iter()
        .find(|p| p["metadata"]["labels"]["app"] == "istiod")
        .and_then(|p| p["metadata"]["name"].as_str())
        .unwrap();
    let sandbox = Plugin::tag(proxy.kubeconfig());
    // kubectl's `get --raw` by the API server's pod proxy, and a WebSocket upgrade by the client of the plugins.
    let path = format!("/api/v1/namespaces/istio-system/pods/{istiod}:15014/proxy/version");
    let done = sandbox
        .command("kubectl")
        .args(["get", "--raw", &path])
        .output()
        .unwrap();
    assert!(done.status.success(), "{done:?}");
    let version = through(&proxy).forward_get("istio-system", istiod, 15014, "/version");
    assert!(version.unwrap().contains("-Clean"));
}

#[test]
fn a_request_fails_as_told_and_is_not_sent_on() {
    let Some(lab) = Lab::get() else { return };
    let proxy = ChaosProxy::start(lab.kubeconfig());
    let api = through(&proxy);
    let mark = lab.audit_mark();
    proxy.fail(When::write(1), Failure::Status(500));
    proxy.fail(When::write(2), Failure::Closed);
    proxy.fail(When::request("GET", "/api/v1/nodes"), Failure::Html(502));
    assert_eq!(api.create(&config_map("one")).unwrap_err().code, 500);
    assert_eq!(api.create(&config_map("two")).unwrap_err().code, 0);
    assert!(api.raw("/api/v1/nodes").is_err());
    assert_eq!(lab.audit_since(mark), vec![]);
    api.create(&config_map("three")).unwrap();
    assert_eq!(proxy.writes().len(), 3);
}

#[test]
fn a_request_is_held_until_it_is_let_go() {
    let Some(lab) = Lab::get() else { return };
    let proxy = ChaosProxy::start(lab.kubeconfig());
    let gate = proxy.hold(When::request("POST", "/configmaps"));
    let api = through(&proxy);
    let one = std::thread::spawn(move || api.create(&config_map("one")));
    gate.reached();
    assert!(lab.api().get("ConfigMap", "default", "one").is_none());
    gate.release();
    one.join().unwrap().unwrap();
    assert!(lab.api().get("ConfigMap", "default", "one").is_some());
}

#[test]
fn a_process_is_killed_between_its_write_and_the_answer() {
    let Some(lab) = Lab::get() else { return };
    for (before, stored) in [(false, true), (true, false)] {
        let name = if before { "before" } else { "after" };
        let proxy = ChaosProxy::start(lab.kubeconfig());
        if before {
            proxy.kill_before(When::write(1));
        } else {
            proxy.kill_after(When::write(1));
        }
        let sandbox = Plugin::tag(proxy.kubeconfig());
        let mut kubectl: Command = sandbox.command("kubectl");
        kubectl.args(["create", "configmap", name]);
        let child = kubectl.stdout(Stdio::piped()).spawn().unwrap();
        proxy.victim(child.id());
        let done = child.wait_with_output().unwrap();
        assert_eq!(done.status.signal(), Some(9), "{name}");
        assert!(done.stdout.is_empty(), "{name}");
        let found = lab.api().get("ConfigMap", "default", name);
        assert_eq!(found.is_some(), stored, "{name}");
    }
}

#[test]
fn a_plugin_runs_alone_and_at_a_prompt() {
    let Some(lab) = Lab::get() else { return };
    let sandbox = Plugin::tag(lab.kubeconfig());
    let ran = sandbox.run("--version");
    ran.assert_code(0).says("0.1.0");
    sandbox.run("--no-such-flag").assert_code(64);
    let mut terminal = sandbox.terminal();
    terminal.line("kubectl mesh-tag --version");
    let (printed, code) = terminal.ends();
    assert_eq!(code, 0, "{printed}");
    assert!(printed.contains("0.1.0"), "{printed}");
    terminal.line("echo $HOME; type -P istioctl-1.28.1");
    let (printed, code) = terminal.ends();
    assert_eq!(code, 0);
    assert!(
        printed.contains(&*sandbox.dir().to_string_lossy()),
        "{printed}"
    );
}
