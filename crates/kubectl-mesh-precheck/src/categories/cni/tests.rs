//! Each check on the healthy mesh with something changed; here the node agents.

mod pods;

use mesh_common::mesh::{Gap, PodGroup, Why};

use super::{
    istio_cni::CNI, native::NATIVE, others::OTHERS, security::SECURITY, ztunnel::ZTUNNEL, *,
};
use crate::{
    check::Status,
    facts::Target,
    made::{facts, istiods, known, nodes, run, workload},
};

fn agent(component: &str, version: &str) -> NodeAgent {
    let name = if component == "ztunnel" {
        "ztunnel"
    } else {
        "istio-cni-node"
    };
    NodeAgent {
        component: component.into(),
        namespace: "kube-system".into(),
        name: name.into(),
        image: format!("docker.io/istio/{component}:{version}"),
        version: Some(version.into()),
        desired: 3,
        ready: 3,
        owner: mesh_common::mesh::Owner::None,
    }
}

fn agents(facts: &mut Facts) -> &mut Vec<NodeAgent> {
    known(&mut facts.mesh.node_agents)
}

fn values(facts: &mut Facts) -> &mut Value {
    &mut known(&mut facts.mesh.configs)
        .get_mut("1-26-1")
        .unwrap()
        .values
}

fn label(facts: &mut Facts, key: &str, value: &str) {
    let shop = known(&mut facts.mesh.namespaces).get_mut("shop").unwrap();
    shop.labels.insert(key.into(), value.into());
}

fn hop(facts: &mut Facts, to: &str) {
    facts.upgrade.to = Target::parse(to);
}

fn check(code: &str, change: impl Fn(&mut Facts)) -> Verdict {
    let mut facts = facts();
    change(&mut facts);
    run(CHECKS, code, &facts)
}

#[test]
fn the_healthy_mesh_is_fine_one_minor_further() {
    for code in [CNI, ZTUNNEL, OTHERS, SECURITY] {
        let verdict = check(code, |f| hop(f, "1.27"));
        assert_eq!(verdict.status, Status::Ok, "{code}: {verdict:?}");
    }
}

#[test]
fn who_reads_which_key() {
    let old =
        serde_json::json!({"istio_cni": {"enabled": true}, "pilot": {"cni": {"enabled": false}}});
    let new = serde_json::json!({"pilot": {"cni": {"enabled": true}}});
    for (version, reads_old, reads_new) in [
        (Some((1, 20)), true, false),
        (Some((1, 22)), true, true),
        (Some((1, 23)), true, true),
        (Some((1, 24)), false, true),
        (None, true, true),
    ] {
        assert_eq!(enabled(&old, cni_keys(version)), reads_old, "{version:?}");
        assert_eq!(enabled(&new, cni_keys(version)), reads_new, "{version:?}");
    }
    assert!(!enabled(&Value::Null, cni_keys(None)));
}

#[test]
fn istio_cni_is_there_where_it_is_expected() {
    let verdict = check(CNI, |f| agents(f).clear());
    assert_eq!(verdict.status, Status::Error);
    let found = &verdict.findings[0];
    assert_eq!(found.object, "daemonset/istio-cni-node -n istio-system");
    assert_eq!(
        found.evidence,
        ["revision 1-26-1 leaves redirection to istio-cni"]
    );
    assert!(
        found
            .hint
            .as_ref()
            .unwrap()
            .contains("\nkubectl get daemonsets")
    );

    let verdict = check(CNI, |f| {
        agents(f).clear();
        *values(f) = Value::Null;
    });
    assert_eq!(verdict.status, Status::Ok);
    assert!(verdict.summary.starts_with("not used"));

    let verdict = check(CNI, |f| {
        agents(f).clear();
        *values(f) = Value::Null;
        label(f, "istio.io/dataplane-mode", "ambient");
    });
    // Nothing of ambient was ever here: the label alone does nothing.
    assert_eq!(verdict.status, Status::Warning);
    assert_eq!(
        verdict.findings[0].evidence,
        ["namespace/shop is in ambient mode"]
    );

    let verdict = check(CNI, |f| {
        *agents(f) = vec![agent("ztunnel", "1.26.1")];
        *values(f) = Value::Null;
        label(f, "istio.io/dataplane-mode", "ambient");
    });
    assert_eq!(verdict.status, Status::Error);

    let verdict = check(CNI, |f| {
        hop(f, "1.27");
        *values(f) = Value::Null;
    });
    assert_eq!(verdict.status, Status::Info);
    assert!(verdict.summary.starts_with("nothing uses it"));
}

#[test]
fn istio_cni_is_one_and_healthy() {
    for (what, change, status, words) in [
        (
            "some not ready",
            (|a| a[0].ready = 2) as fn(&mut Vec<NodeAgent>),
            Status::Warning,
            "2 of 3 ready",
        ),
        ("none ready", |a| a[0].ready = 0, Status::Error, "0 of 3"),
        (
            "not on all nodes",
            |a| {
                a[0].desired = 2;
                a[0].ready = 2;
            },
            Status::Warning,
            "2 wanted, 3 Linux nodes",
        ),
        (
            "two of them",
            |a| a.push(agent("istio-cni", "1.27.0")),
            Status::Warning,
            "install-cni",
        ),
    ] {
        let verdict = check(CNI, |f| {
            hop(f, "1.27");
            change(agents(f));
        });
        assert_eq!(verdict.status, status, "{what}: {verdict:?}");
        assert!(verdict.findings[0].evidence[0].contains(words), "{what}");
        assert!(verdict.findings[0].hint.is_some(), "{what}");
    }
    let windows = check(CNI, |f| {
        hop(f, "1.27");
        agents(f)[0].desired = 2;
        agents(f)[0].ready = 2;
        nodes(f)[2].os = "windows".into();
    });
    assert_eq!(windows.status, Status::Ok);
}

#[test]
fn istio_cni_is_one_minor_from_istiod_at_most() {
    for (cni, to, status, words) in [
        ("1.26.1", "1.27", Status::Ok, ""),
        ("1.27.0", "1.28", Status::Ok, ""),
        ("1.25.0", "1.26", Status::Ok, ""),
        (
            "1.26.1",
            "1.28",
            Status::Warning,
            "bring istio-cni to 1.27 before istiod 1.28",
        ),
        (
            "1.24.0",
            "1.27",
            Status::Warning,
            "bring istio-cni to 1.26 first",
        ),
        (
            "1.28.0",
            "1.28",
            Status::Warning,
            "bring istio-cni to 1.26 first",
        ),
        ("1.26.1", "1.30", Status::Warning, "shorter hops"),
        ("latest", "1.27", Status::Unknown, ""),
    ] {
        let verdict = check(CNI, |f| {
            hop(f, to);
            *agents(f) = vec![agent("istio-cni", cni)];
        });
        assert_eq!(verdict.status, status, "{cni} {to}: {verdict:?}");
        if let Some(found) = verdict.findings.first() {
            assert!(found.hint.as_ref().unwrap().contains(words), "{found:?}");
            assert!(found.evidence[0].ends_with(cni));
        }
    }
}

#[test]
fn a_key_that_the_target_does_not_read_is_said() {
    let verdict = check(CNI, |f| {
        hop(f, "1.24");
        *agents(f) = vec![agent("istio-cni", "1.23.2")];
        istiods(f)[0].version = Some("1.23.2".into());
        for pod in &mut istiods(f)[0].pods {
            pod.version = Some("1.23.2".into());
        }
        *values(f) = serde_json::json!({"istio_cni": {"enabled": true}});
    });
    assert_eq!(verdict.status, Status::Warning);
    let found = &verdict.findings[0];
    assert_eq!(found.object, "revision 1-26-1");
    assert_eq!(found.field.as_deref(), Some("istio_cni.enabled"));
    assert!(found.message.contains("1.24 reads only pilot.cni"));
}

#[test]
fn ztunnel_is_there_for_ambient_and_goes_behind_istiod() {
    let ambient = |z: Option<&str>, to: &str| {
        check(ZTUNNEL, |f| {
            hop(f, to);
            label(f, "istio.io/dataplane-mode", "ambient");
            agents(f).extend(z.map(|version| agent("ztunnel", version)));
        })
    };
    let missing = ambient(None, "1.27");
    assert_eq!(missing.status, Status::Error);
    assert_eq!(missing.findings[0].object, "namespace/shop");
    for (ztunnel, to, status, words) in [
        ("1.26.1", "1.27", Status::Ok, ""),
        ("1.25.0", "1.26", Status::Ok, ""),
        ("1.26.1", "1.28", Status::Warning, "one minor at a time"),
        ("1.27.0", "1.28", Status::Warning, "upgrade istiod first"),
        ("1.24.0", "1.27", Status::Warning, "upgrade ztunnel first"),
        ("latest", "1.27", Status::Unknown, ""),
    ] {
        let verdict = ambient(Some(ztunnel), to);
        assert_eq!(verdict.status, status, "{ztunnel} {to}: {verdict:?}");
        if let Some(found) = verdict.findings.first() {
            assert!(found.hint.as_ref().unwrap().contains(words), "{found:?}");
        }
    }
    let idle = check(ZTUNNEL, |f| {
        hop(f, "1.27");
        agents(f).push(agent("ztunnel", "1.26.1"));
    });
    assert_eq!(idle.status, Status::Info);
    let of_its_own = check(ZTUNNEL, |f| {
        let web = workload(f, "web");
        web.pods = vec![PodGroup {
            ambient: 1,
            ..web.pods[0].clone()
        }];
    });
    assert_eq!(of_its_own.findings[0].object, "deployment/web -n shop");
}

#[test]
fn what_may_not_be_read_skips_what_needs_it() {
    let gap = || Gap {
        what: "x".into(),
        why: Why::Forbidden,
        detail: "may not list x".into(),
    };
    for (code, change) in [
        (
            CNI,
            (|f, g| f.mesh.node_agents = Known::Unknown(g)) as fn(&mut Facts, Gap),
        ),
        (CNI, |f, g| f.mesh.configs = Known::Unknown(g)),
        (ZTUNNEL, |f, g| f.mesh.namespaces = Known::Unknown(g)),
        (OTHERS, |f, g| f.mesh.workloads = Known::Unknown(g)),
        (SECURITY, |f, g| f.mesh.namespaces = Known::Unknown(g)),
        (NATIVE, |f, g| f.mesh.nodes = Known::Unknown(g)),
    ] {
        let verdict = check(code, |f| change(f, gap()));
        assert_eq!(verdict.status, Status::Skipped, "{code}");
        assert_eq!(verdict.summary, "SKIPPED: may not list x", "{code}");
    }
}

#[test]
fn names_of_a_hostile_cluster_stay_on_their_line() {
    let verdict = check(CNI, |f| {
        let agent = &mut agents(f)[0];
        agent.name = "x; id\n\u{1b}[2K".into();
        agent.ready = 0;
    });
    let found = &verdict.findings[0];
    assert!(!found.object.contains(['\n', '\u{1b}']));
    let hint = found.hint.as_ref().unwrap();
    assert_eq!(hint.lines().count(), 2);
    assert!(hint.contains("'x; id"), "{hint}");
}

#[test]
fn an_empty_cluster_has_no_faults() {
    let facts = crate::made::empty();
    for check in CHECKS {
        let verdict = (check.run)(&facts);
        assert_eq!(verdict.status, Status::Ok, "{}: {verdict:?}", check.code);
    }
}
