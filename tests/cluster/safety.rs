//! Where a promotion has to refuse, and writes nothing when it does: the audit log proves it.

use mesh_testkit::{Api, Lab, LabGuard, Mark, Mode, Plugin};
use serde_json::{Value, json};

use crate::{
    kit::{World, records, text},
    promote::PROMOTE,
};

/// Something is wrong with the mesh; the promotion has to say this, with this exit code.
struct Wrong {
    name: &'static str,
    make: fn(&LabGuard),
    code: i32,
    says: &'static [&'static str],
}

const WRONG: &[Wrong] = &[
    Wrong {
        name: "the target's injector is dead though its pods are Running",
        make: |lab| lab.injector().set("1-28-1", Mode::Dead),
        code: 2,
        says: &["serves"],
    },
    Wrong {
        name: "the target's injector fails",
        make: |lab| lab.injector().set("1-28-1", Mode::Fails(500)),
        code: 2,
        says: &["serves"],
    },
    Wrong {
        name: "the target's injector injects as another revision",
        make: |lab| lab.injector().set("1-28-1", Mode::Claims("1-26-1".into())),
        code: 2,
        says: &["serves"],
    },
    Wrong {
        name: "the target has another trust domain",
        make: |lab| {
            let (api, name) = (lab.api(), "istio-1-28-1");
            let mut config = api.get("ConfigMap", "istio-system", name).unwrap();
            let mesh = text(&config["data"]["mesh"]);
            let old = "trustDomain: cluster.local";
            let mesh = if mesh.contains(old) {
                mesh.replace(old, "trustDomain: another.example")
            } else {
                format!("{mesh}\ntrustDomain: another.example\n")
            };
            config["data"]["mesh"] = mesh.into();
            api.replace(&config).unwrap();
        },
        code: 2,
        says: &["same mesh", "trust domain", "another.example"],
    },
    Wrong {
        name: "the target has no istiod",
        make: |lab| remove_istiod(lab.api(), "1-28-1"),
        code: 2,
        says: &["1-28-1"],
    },
    Wrong {
        name: "the old istiod is gone",
        make: |lab| remove_istiod(lab.api(), "1-26-1"),
        code: 2,
        says: &["way back"],
    },
    Wrong {
        name: "a pod would be injected twice",
        make: |lab| overlap(lab.api()),
        code: 2,
        says: &["overlap"],
    },
    Wrong {
        name: "Helm owns the tag's webhook",
        make: |lab| {
            annotate(lab.api(), "meta.helm.sh/release-name", "istiod-tags");
            annotate(lab.api(), "meta.helm.sh/release-namespace", "istio-system");
        },
        code: 2,
        says: &["Helm", "istiod-tags"],
    },
    Wrong {
        name: "a GitOps controller owns the tag's webhook",
        make: |lab| annotate(lab.api(), "argocd.argoproj.io/tracking-id", "mesh:x/y:z/w"),
        code: 2,
        says: &["Argo CD"],
    },
];

#[test]
fn what_is_wrong_with_the_mesh_stops_a_promotion_before_anything_is_written() {
    let Some(mut lab) = Lab::get() else { return };
    for wrong in WRONG {
        lab.reset();
        (wrong.make)(&lab);
        let (before, mark) = (World::of(lab.api()), lab.audit_mark());
        let sandbox = Plugin::tag(lab.kubeconfig());
        let ran = sandbox.run(PROMOTE);
        assert_eq!(ran.code, Some(wrong.code), "{}: {ran:?}", wrong.name);
        for says in wrong.says {
            ran.says(says);
        }
        nothing_written(&lab, mark, &before, &sandbox);
    }
}

/// The audit log, the objects, and istioctl's own log.
#[track_caller]
fn nothing_written(lab: &LabGuard, mark: Mark, before: &World, sandbox: &Plugin) {
    assert_eq!(lab.audit_writes_since(mark), vec![]);
    World::of(lab.api()).assert_as(before);
    assert_eq!(sandbox.istioctl_mutations(), Vec::<Vec<String>>::new());
    assert_eq!(records(lab.api()), vec![]);
}

fn remove_istiod(api: &Api, revision: &str) {
    let ns = "istio-system";
    api.delete("Deployment", ns, &format!("istiod-{revision}"))
        .unwrap();
    for kind in ["ReplicaSet", "Pod"] {
        for object in api.list(kind, ns) {
            let labels = &object["metadata"]["labels"];
            if labels["app"] == "istiod" && labels["istio.io/rev"] == revision {
                api.delete(kind, ns, &text(&object["metadata"]["name"]))
                    .unwrap();
            }
        }
    }
}

/// Somebody took payments out of tag stable by hand and gave it a webhook of its own: moving the tag by istioctl would
/// write the tag's webhook as it should be, and payments would have two.
fn overlap(api: &Api) {
    let name = "istio-revision-tag-stable";
    let mut tag = api.get("MutatingWebhookConfiguration", "", name).unwrap();
    let mut own = tag.clone();
    own["metadata"] = json!({"name": "payments-injector", "labels": {"istio.io/rev": "1-26-1"}});
    let term = |operator: &str| json!({"key": "kubernetes.io/metadata.name", "operator": operator, "values": ["payments"]});
    narrow(&mut tag, &term("NotIn"));
    narrow(&mut own, &term("In"));
    api.replace(&tag).unwrap();
    api.create(&own).unwrap();
}

fn narrow(configuration: &mut Value, term: &Value) {
    for webhook in configuration["webhooks"]
        .as_array_mut()
        .into_iter()
        .flatten()
    {
        let terms = webhook["namespaceSelector"]["matchExpressions"].as_array_mut();
        terms.unwrap().push(term.clone());
    }
}

fn annotate(api: &Api, key: &str, value: &str) {
    let patch = json!({"metadata": {"annotations": {key: value}}});
    api.patch(
        "MutatingWebhookConfiguration",
        "",
        "istio-revision-tag-stable",
        &patch,
    )
    .unwrap();
}

/// Everything a plugin reads.
fn reader() -> Vec<Value> {
    let all = json!({"apiGroups": ["*"], "resources": ["*"], "verbs": ["get", "list", "watch"]});
    let pods =
        json!({"apiGroups": [""], "resources": ["pods", "pods/portforward"], "verbs": ["create"]});
    vec![all, pods]
}

#[test]
fn who_may_not_write_is_told_each_right_that_is_missing() {
    let Some(lab) = Lab::get() else { return };
    let before = World::of(lab.api());
    let kubeconfig = lab.user_kubeconfig("reader", &[], &reader());
    let sandbox = Plugin::tag(&kubeconfig);
    let mark = lab.audit_mark();
    let ran = sandbox.run(PROMOTE);
    ran.assert_code(2);
    for right in [
        "patch mutatingwebhookconfigurations.admissionregistration.k8s.io",
        "patch services in istio-system",
        "create services in istio-system",
        "create configmaps in istio-system",
        "update configmaps in istio-system",
        "create leases.coordination.k8s.io in istio-system",
        "delete leases.coordination.k8s.io in istio-system",
    ] {
        ran.says(right);
    }
    nothing_written(&lab, mark, &before, &sandbox);
}

#[test]
fn rights_to_webhooks_but_not_to_services_are_not_enough() {
    let Some(lab) = Lab::get() else { return };
    let before = World::of(lab.api());
    let mut rules = reader();
    for (group, resource) in [
        (
            "admissionregistration.k8s.io",
            "mutatingwebhookconfigurations",
        ),
        ("", "configmaps"),
        ("coordination.k8s.io", "leases"),
    ] {
        rules.push(json!({"apiGroups": [group], "resources": [resource], "verbs": ["*"]}));
    }
    let kubeconfig = lab.user_kubeconfig("half", &[], &rules);
    let sandbox = Plugin::tag(&kubeconfig);
    let mark = lab.audit_mark();
    let ran = sandbox.run(PROMOTE);
    ran.assert_code(2)
        .says("patch services in istio-system")
        .says("create services in istio-system")
        .never_says("missing: patch mutating")
        .never_says("missing: create configmaps");
    nothing_written(&lab, mark, &before, &sandbox);
}

#[test]
fn an_istioctl_of_another_version_is_refused_and_never_run() {
    let Some(lab) = Lab::get() else { return };
    let (before, mark) = (World::of(lab.api()), lab.audit_mark());
    let sandbox = Plugin::tag(lab.kubeconfig());
    let newer = sandbox.bin().join("istioctl-1.28.1");
    let older = sandbox.bin().join("istioctl-1.26.1");
    let with = format!("{PROMOTE} --istioctl {}", older.display());
    sandbox
        .run(&with)
        .assert_code(2)
        .says("1.26.1")
        .says("1.28.1");
    std::fs::remove_file(newer).unwrap();
    let ran = sandbox.run(PROMOTE);
    // What was found where, and what is needed.
    ran.assert_code(2)
        .says(&older.to_string_lossy())
        .says("1.28.1");
    std::fs::remove_file(older).unwrap();
    sandbox.run(PROMOTE).assert_code(2).says("1.28.1");
    nothing_written(&lab, mark, &before, &sandbox);
}
