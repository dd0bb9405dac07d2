//! Other CNIs, Pod Security, native sidecars.

use super::*;
use crate::{
    made::with,
    observe::{Cilium, Platform},
};

fn daemon(name: &str, namespace: &str, app: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {{name: {name}, namespace: {namespace}}}\n\
         spec: {{template: {{metadata: {{labels: {{k8s-app: {app}}}}}}}}}"
    )
}

#[test]
fn other_plugins_are_listed_wherever_they_are() {
    let objects = [
        daemon("calico-node", "calico-system", "calico-node"),
        daemon("our-own-multus", "net", "multus"),
        daemon("sdn", "shop", "x"),
        daemon("log-agent", "logs", "log-agent"),
    ]
    .join("\n---\n");
    let verdict = run(CHECKS, OTHERS, &with(&objects));
    assert_eq!(verdict.status, Status::Ok);
    assert_eq!(
        verdict.summary,
        "Calico (calico-system/calico-node), Multus (net/our-own-multus)"
    );
    assert_eq!(run(CHECKS, OTHERS, &facts()).summary, "none that is known");
}

#[test]
fn cilium_may_neither_bypass_the_proxy_nor_remove_istio_cni() {
    let settings = |kpr: &str, host_only: Option<&str>, exclusive: &str| Cilium {
        namespace: "cilium; id".into(),
        kube_proxy_replacement: Some(kpr.into()),
        socket_lb: None,
        host_only: host_only.map(str::to_owned),
        exclusive: Some(exclusive.into()),
    };
    let judge = |cilium: Cilium, change: fn(&mut Facts)| {
        let mut facts = with(&daemon("cilium", "cilium", "cilium"));
        facts.platform.cilium = Known::Known(Some(cilium));
        change(&mut facts);
        run(CHECKS, OTHERS, &facts)
    };
    let fine = judge(settings("true", Some("true"), "false"), |_| {});
    assert_eq!(fine.status, Status::Ok);
    assert_eq!(fine.summary, "Cilium (cilium/cilium)");

    let both = judge(settings("true", None, "true"), |_| {});
    assert_eq!(both.status, Status::Warning);
    let fields: Vec<_> = both
        .findings
        .iter()
        .map(|f| f.field.as_deref().unwrap())
        .collect();
    assert_eq!(fields, ["bpf-lb-sock-hostns-only", "cni-exclusive"]);
    assert_eq!(
        both.findings[0].evidence[0],
        "bpf-lb-sock-hostns-only is not set"
    );
    assert_eq!(both.findings[1].evidence, ["cni-exclusive: \"true\""]);
    let hint = both.findings[0].hint.as_ref().unwrap();
    assert!(hint.ends_with("kubectl -n 'cilium; id' get configmap cilium-config -o yaml"));

    // Without istio-cni there is nothing to remove.
    let alone = judge(settings("false", None, "true"), |f| {
        agents(f).clear();
        *values(f) = Value::Null;
    });
    assert_eq!(alone.status, Status::Ok);
}

#[test]
fn settings_of_cilium_that_may_not_be_read_are_not_ok() {
    let mut facts = with(&daemon("cilium", "kube-system", "cilium"));
    facts.platform.cilium = Known::Unknown(Gap {
        what: "configmaps".into(),
        why: Why::Forbidden,
        detail: "may not get configmap cilium-config in kube-system".into(),
    });
    let verdict = run(CHECKS, OTHERS, &facts);
    assert_eq!(verdict.status, Status::Skipped);
    assert!(
        verdict
            .summary
            .contains("may not get configmap cilium-config")
    );
    facts.platform = Platform::nobody();
    assert_eq!(run(CHECKS, OTHERS, &facts).status, Status::NotEvaluated);
    let mut without = crate::made::facts();
    without.platform = Platform::nobody();
    assert_eq!(run(CHECKS, OTHERS, &without).status, Status::Ok);
}

const ENFORCE: &str = "pod-security.kubernetes.io/enforce";

#[test]
fn pod_security_refuses_the_init_container() {
    for (level, cni, status) in [
        ("privileged", false, Status::Ok),
        ("baseline", true, Status::Ok),
        ("restricted", true, Status::Ok),
        ("baseline", false, Status::Error),
        ("restricted", false, Status::Error),
    ] {
        let verdict = check(SECURITY, |f| {
            label(f, ENFORCE, level);
            values(f)["pilot"]["cni"]["enabled"] = cni.into();
        });
        assert_eq!(verdict.status, status, "{level} {cni}: {verdict:?}");
        if let Some(found) = verdict.findings.first() {
            assert_eq!(found.object, "namespace/shop");
            assert_eq!(found.field.as_deref(), Some(ENFORCE));
            assert_eq!(
                found.evidence,
                [
                    "1 injected workload, as deployment/web",
                    "revision 1-26-1 without istio-cni"
                ]
            );
            assert!(found.hint.as_ref().unwrap().ends_with(
                "\nkubectl label namespace shop pod-security.kubernetes.io/enforce=privileged --overwrite"
            ));
        }
    }
}

#[test]
fn pod_security_minds_only_pods_that_are_injected() {
    let judge = |change: fn(&mut Facts)| {
        check(SECURITY, |f| {
            label(f, ENFORCE, "baseline");
            *values(f) = Value::Null;
            change(f);
        })
        .status
    };
    assert_eq!(judge(|_| {}), Status::Error);
    assert_eq!(
        judge(|f| workload(f, "web").host_network = true),
        Status::Ok
    );
    assert_eq!(
        judge(|f| workload(f, "web").injected_gateway = true),
        Status::Ok
    );
    assert_eq!(
        judge(|f| {
            let off = ("sidecar.istio.io/inject".to_owned(), "false".to_owned());
            workload(f, "web").labels.extend([off]);
        }),
        Status::Ok
    );
    assert_eq!(
        judge(|f| {
            for webhook in known(&mut f.mesh.injectors)
                .iter_mut()
                .flat_map(|i| &mut i.webhooks)
            {
                webhook.match_conditions = 1;
            }
        }),
        Status::Unknown
    );
}

#[test]
fn native_sidecars_begin_when_every_kubelet_is_new_enough() {
    let judge = |to: &str, kubelets: [&str; 3], env: Option<&str>| {
        check(NATIVE, |f| {
            hop(f, to);
            for (node, kubelet) in nodes(f).iter_mut().zip(kubelets) {
                node.kubelet = kubelet.into();
            }
            if let Some(value) = env {
                istiods(f)[0]
                    .env
                    .insert("ENABLE_NATIVE_SIDECARS".into(), value.into());
            }
        })
    };
    let (new, old) = ("v1.33.2", "v1.32.9");
    for (to, kubelets, env, status, words) in [
        (
            "1.28",
            [new; 3],
            None,
            Status::Info,
            "2 pods when they restart",
        ),
        (
            "1.28",
            [new; 3],
            Some("auto"),
            Status::Info,
            "2 pods when they restart",
        ),
        (
            "1.28",
            [new; 3],
            Some("false"),
            Status::Ok,
            "ENABLE_NATIVE_SIDECARS=false",
        ),
        (
            "1.28",
            [old; 3],
            Some("true"),
            Status::Ok,
            "ENABLE_NATIVE_SIDECARS=true",
        ),
        ("1.26", [new; 3], None, Status::Ok, "makes none by itself"),
        (
            "1.28",
            [old; 3],
            None,
            Status::Ok,
            "before every kubelet is 1.33",
        ),
        (
            "1.28",
            [new, old, new],
            None,
            Status::Warning,
            "1 of 3 kubelets older than 1.33",
        ),
        ("1.28", [new, "odd", new], None, Status::Warning, "1 of 3"),
    ] {
        let verdict = judge(to, kubelets, env);
        let case = format!("{to} {kubelets:?} {env:?}: {verdict:?}");
        assert_eq!(verdict.status, status, "{case}");
        assert!(verdict.summary.contains(words), "{case}");
        if status == Status::Warning {
            assert_eq!(verdict.findings[0].object, "node/node-2");
            assert!(verdict.findings[0].hint.is_some());
        }
    }
}

#[test]
fn a_gateway_has_no_sidecar() {
    for change in [
        (|f| workload(f, "web").injected_gateway = true) as fn(&mut Facts),
        |f| workload(f, "web").gateway = Some("public".into()),
        |f| workload(f, "web").inject_annotation = Some("false".into()),
    ] {
        let verdict = check(NATIVE, change);
        assert_eq!(verdict.status, Status::Ok);
        assert!(verdict.summary.contains("no sidecar native now, 0 not"));
    }
}
