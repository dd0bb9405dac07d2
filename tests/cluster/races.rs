//! What happens beside a promotion: two at once, and a mesh that changes while somebody reads the plan.

use mesh_testkit::{Api, ChaosProxy, Lab, Mode, Plugin, When};
use serde_json::{Value, json};

use crate::{
    kit::{World, records, tag_revision, text, without_lease},
    promote::PROMOTE,
};

#[test]
fn a_second_promotion_is_refused_while_the_first_writes() {
    let Some(lab) = Lab::get() else { return };
    let proxy = ChaosProxy::start(lab.kubeconfig());
    let gate = proxy.hold(When::request("PATCH", "fieldManager=istio-ci"));
    let first = Plugin::tag(proxy.kubeconfig());
    let running = first.spawn(PROMOTE);
    // istioctl writes its two objects side by side.
    gate.reaches(2);
    let (mark, second) = (lab.audit_mark(), Plugin::tag(lab.kubeconfig()));
    for line in [
        PROMOTE,
        "promote canary --to 1-26-1 --yes",
        "create blue --to 1-28-1 --yes",
        "remove canary --yes",
        "rollback canary --yes",
    ] {
        let ran = second.run(line);
        assert!(matches!(ran.code, Some(1 | 2)), "{ran:?}");
    }
    second.run(PROMOTE).says("under way").says("admin");
    assert_eq!(lab.audit_writes_since(mark), vec![]);
    gate.release();
    running.finish().assert_code(0);
    assert_eq!(tag_revision(lab.api(), "stable"), "1-28-1");
    assert_eq!(records(lab.api()).len(), 1);
}

#[test]
fn of_two_promotions_at_the_same_moment_one_wins() {
    let Some(lab) = Lab::get() else { return };
    let proxy = ChaosProxy::start(lab.kubeconfig());
    let gate = proxy.hold(When::request("POST", "/leases"));
    let (a, b) = (
        Plugin::tag(proxy.kubeconfig()),
        Plugin::tag(proxy.kubeconfig()),
    );
    let running = [a.spawn(PROMOTE), b.spawn(PROMOTE)];
    // Both have their plan and their confirmation, and ask for the Lease.
    gate.reaches(2);
    gate.release();
    let ended = running.map(mesh_testkit::Running::finish);
    let mut codes: Vec<_> = ended.iter().filter_map(|r| r.code).collect();
    codes.sort_unstable();
    assert_eq!(codes, [0, 2], "{ended:?}");
    assert_eq!(tag_revision(lab.api(), "stable"), "1-28-1");
    assert_eq!(records(lab.api()).len(), 1);
    assert!(
        lab.api()
            .get("Lease", "istio-system", "kubectl-mesh")
            .is_none()
    );
    let changed = a.istioctl_mutations().len() + b.istioctl_mutations().len();
    assert_eq!(changed, 1);
}

/// A change of the mesh between the plan and the confirmation, and what the refusal names.
type Change = (&'static str, fn(&Lab), &'static str);

const CHANGES: &[Change] = &[
    (
        "a namespace is labelled with the tag",
        |lab| label(lab.api(), "tools", "stable"),
        "namespace tools",
    ),
    (
        "a namespace is taken off the tag",
        |lab| {
            let api = lab.api();
            drop(
                api.label("Namespace", "", "payments", &[("istio.io/rev", None)])
                    .unwrap(),
            );
        },
        "namespace payments",
    ),
    (
        "somebody else moves the tag",
        |lab| move_by_hand(lab.api(), "istio-revision-tag-stable", "1-28-1"),
        "istio-revision-tag-stable",
    ),
    (
        "the target's own webhook is changed",
        |lab| move_by_hand(lab.api(), "istio-sidecar-injector-1-28-1", "1-26-1"),
        "istio-sidecar-injector-1-28-1",
    ),
    (
        "the tag gets a Service",
        |lab| {
            let api = lab.api();
            let mut service = api
                .get("Service", "istio-system", "istiod-revision-tag-canary")
                .unwrap();
            service["metadata"] = json!({
                "name": "istiod-revision-tag-stable", "namespace": "istio-system",
                "labels": {"app": "istiod", "istio.io/rev": "1-26-1", "istio.io/tag": "stable"},
            });
            service["spec"]
                .as_object_mut()
                .unwrap()
                .retain(|k, _| !k.starts_with("clusterIP"));
            api.create(&service).unwrap();
        },
        "istiod-revision-tag-stable",
    ),
    (
        "Helm takes the tag over",
        |lab| {
            let api = lab.api();
            let patch = json!({"metadata": {"annotations": {
                "meta.helm.sh/release-name": "x", "meta.helm.sh/release-namespace": "y"}}});
            let name = "istio-revision-tag-stable";
            api.patch("MutatingWebhookConfiguration", "", name, &patch)
                .unwrap();
        },
        "istio-revision-tag-stable",
    ),
    (
        "the target's mesh config changes",
        |lab| {
            let api = lab.api();
            let mut config = api
                .get("ConfigMap", "istio-system", "istio-1-28-1")
                .unwrap();
            let mesh = text(&config["data"]["mesh"]);
            let old = "trustDomain: cluster.local";
            let new = "trustDomain: another.example";
            config["data"]["mesh"] = if mesh.contains(old) {
                mesh.replace(old, new)
            } else {
                format!("{mesh}\n{new}\n")
            }
            .into();
            api.replace(&config).unwrap();
        },
        "same mesh",
    ),
    (
        "the target's istiods are scaled to none",
        |lab| {
            let api = lab.api();
            for pod in api.list("Pod", "istio-system") {
                if pod["metadata"]["labels"]["istio.io/rev"] == "1-28-1" {
                    api.delete("Pod", "istio-system", &text(&pod["metadata"]["name"]))
                        .unwrap();
                }
            }
            api.patch(
                "Deployment",
                "istio-system",
                "istiod-1-28-1",
                &json!({"spec": {"replicas": 0}}),
            )
            .unwrap();
            let none = json!({"replicas": 0, "readyReplicas": 0, "availableReplicas": 0, "updatedReplicas": 0});
            api.patch_status("Deployment", "istio-system", "istiod-1-28-1", &none)
                .unwrap();
        },
        "ready",
    ),
    (
        "the target's injector dies",
        |lab| lab.injector().set("1-28-1", Mode::Dead),
        "serves",
    ),
];

#[test]
fn a_mesh_that_changes_before_the_confirmation_is_not_written_to() {
    let Some(mut lab) = Lab::get() else { return };
    let sandbox = Plugin::tag(lab.kubeconfig());
    let mut terminal = sandbox.terminal();
    for (name, change, says) in CHANGES {
        lab.reset();
        terminal.line("kubectl mesh-tag promote stable --to 1-28-1");
        terminal.sees("[y/N]");
        change(&lab);
        let (before, mark) = (World::of(lab.api()), lab.audit_mark());
        terminal.line("y");
        let (printed, code) = terminal.ends();
        assert_eq!(code, 2, "{name}: {printed}");
        assert!(printed.contains("nothing was changed"), "{name}: {printed}");
        assert!(printed.contains(says), "{name}: {printed}");
        assert_eq!(
            without_lease(&lab.audit_writes_since(mark)),
            Vec::<String>::new(),
            "{name}"
        );
        World::of(lab.api()).assert_as(&before);
        assert_eq!(records(lab.api()), vec![], "{name}");
    }
    assert_eq!(sandbox.istioctl_mutations(), Vec::<Vec<String>>::new());
}

fn label(api: &Api, namespace: &str, rev: &str) {
    api.label("Namespace", "", namespace, &[("istio.io/rev", Some(rev))])
        .unwrap();
}

fn move_by_hand(api: &Api, name: &str, revision: &str) {
    let mut hook = api.get("MutatingWebhookConfiguration", "", name).unwrap();
    hook["metadata"]["labels"]["istio.io/rev"] = revision.into();
    for webhook in hook["webhooks"].as_array_mut().into_iter().flatten() {
        webhook["clientConfig"]["service"]["name"] = format!("istiod-{revision}").into();
    }
    api.replace(&hook).unwrap();
}

#[test]
fn a_context_switched_during_the_prompt_sends_nothing_elsewhere() {
    let Some(lab) = Lab::get() else { return };
    let (here, other) = (
        ChaosProxy::start(lab.kubeconfig()),
        ChaosProxy::start(lab.kubeconfig()),
    );
    let sandbox = Plugin::tag(lab.kubeconfig());
    let file = sandbox.dir().join("two-contexts");
    two_contexts(&file, &here, &other, "here");
    let sandbox = sandbox.env("KUBECONFIG", &file);
    let mut terminal = sandbox.terminal();
    terminal.line("kubectl mesh-tag promote stable --to 1-28-1");
    terminal.sees("[y/N]");
    two_contexts(&file, &here, &other, "other");
    terminal.line("y");
    let (printed, code) = terminal.ends();
    assert_eq!(code, 0, "{printed}");
    assert_eq!(other.requests(), vec![]);
    assert!(here.writes().len() > 3, "{:?}", here.writes());
    let servers: Vec<Value> = sandbox
        .istioctl_log()
        .iter()
        .filter(|e| e["event"] == "start" && e["argv"][1] == "set")
        .map(|e| e["server"].clone())
        .collect();
    assert_eq!(servers, [cluster_of(&here)["server"].clone()]);
}

fn cluster_of(proxy: &ChaosProxy) -> Value {
    let text = std::fs::read_to_string(proxy.kubeconfig()).unwrap();
    serde_json::from_str::<Value>(&text).unwrap()["clusters"][0]["cluster"].clone()
}

fn two_contexts(file: &std::path::Path, here: &ChaosProxy, other: &ChaosProxy, current: &str) {
    let config = json!({
        "apiVersion": "v1", "kind": "Config", "current-context": current,
        "clusters": [{"name": "here", "cluster": cluster_of(here)}, {"name": "other", "cluster": cluster_of(other)}],
        "users": [{"name": "me", "user": {}}],
        "contexts": [
            {"name": "here", "context": {"cluster": "here", "user": "me"}},
            {"name": "other", "context": {"cluster": "other", "user": "me"}},
        ],
    });
    std::fs::write(file, config.to_string()).unwrap();
}
