use mesh_common::mesh::{Gateway, Namespace};

use super::{canary, expect, facts, known, made};
use crate::{check::Status, facts::Facts};

const CODE: &str = "MESH2308";

/// The namespace of the workload with these labels.
fn labelled(labels: &[(&str, &str)]) -> Facts {
    let mut facts = facts();
    let shop = known(&mut facts.mesh.namespaces).get_mut("shop").unwrap();
    shop.labels = labels
        .iter()
        .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
        .collect();
    facts
}

#[test]
fn every_label_names_something() {
    let ok = "stable → 1-26-1; every label names a tag or revision";
    expect(CODE, &facts(), Status::Ok, &[ok]);
    expect(
        CODE,
        &labelled(&[("istio.io/rev", "1-26-1")]),
        Status::Ok,
        &[],
    );
    expect(CODE, &labelled(&[]), Status::Ok, &[]);
    let says = [
        "namespace/shop: new pods get no sidecar: ",
        "1 workload, 2 pods",
        "kubectl mesh-tag move shop --to stable",
    ];
    expect(
        CODE,
        &labelled(&[("istio.io/rev", "gone")]),
        Status::Warning,
        &says,
    );
    expect(
        CODE,
        &labelled(&[("istio-injection", "enabled")]),
        Status::Warning,
        &says,
    );
    let both = [("istio-injection", "enabled"), ("istio.io/rev", "stable")];
    expect(CODE, &labelled(&both), Status::Warning, &says);
    let off = [("istio-injection", "disabled"), ("istio.io/rev", "stable")];
    let says = [
        "both labels: istio-injection shuts out istio.io/rev, so its pods are not injected",
        "kubectl label namespace shop istio-injection-",
    ];
    expect(CODE, &labelled(&off), Status::Warning, &says);

    let mut empty = labelled(&[]);
    let lost = Namespace {
        name: "lost".into(),
        labels: [("istio.io/rev".to_owned(), "gone".to_owned())].into(),
        ..Namespace::default()
    };
    known(&mut empty.mesh.namespaces).insert("lost".into(), lost);
    expect(CODE, &empty, Status::Info, &["namespace/lost"]);
}

#[test]
fn a_workload_may_name_a_revision_itself() {
    let mut facts = labelled(&[]);
    let all = known(&mut facts.mesh.workloads).iter_mut();
    for workload in all.filter(|w| w.name == "web") {
        workload.labels.insert("istio.io/rev".into(), "gone".into());
    }
    let says = [
        "deployment/web -n shop",
        "new pods of ",
        "kubectl mesh-tag list",
    ];
    expect(CODE, &facts, Status::Warning, &says);
}

#[test]
fn a_tag_points_to_a_living_revision() {
    let mut facts = facts();
    known(&mut facts.mesh.injectors)[0].revision = "1-20-0".into();
    let says = [
        "mutatingwebhookconfiguration/istio-revision-tag-stable",
        "tag stable: revision 1-20-0 has no istiod",
        "points to 1-20-0; namespaces: shop",
        "kubectl mesh-tag promote stable --to REVISION",
    ];
    expect(CODE, &facts, Status::Error, &says);
    // Nobody uses it.
    known(&mut facts.mesh.namespaces)
        .get_mut("shop")
        .unwrap()
        .labels
        .clear();
    let says = [
        "revision 1-20-0 has no istiod",
        "kubectl mesh-tag remove stable",
    ];
    expect(CODE, &facts, Status::Warning, &says);

    let mut facts = canary();
    let mut shadow = known(&mut facts.mesh.injectors)[0].clone();
    shadow.name = "istio-revision-tag-1-28-1".into();
    shadow.tag = Some("1-28-1".into());
    known(&mut facts.mesh.injectors).push(shadow);
    let says = "tag 1-28-1: a revision is named 1-28-1 too";
    expect(CODE, &facts, Status::Warning, &[says]);
}

#[test]
fn a_gateway_has_one_istiod_that_makes_it() {
    let gateway = |rev: Option<&str>| {
        let mut facts = made::facts();
        known(&mut facts.mesh.gateways).push(Gateway {
            namespace: "shop".into(),
            name: "public".into(),
            class: "istio".into(),
            waypoint: false,
            rev: rev.map(str::to_owned),
            managed: true,
        });
        facts
    };
    // Its namespace is labelled.
    expect(CODE, &gateway(None), Status::Ok, &[]);
    let says = [
        "gateway/public -n shop",
        "no istiod takes this gateway for its own: its label istio.io/rev=gone, no istiod has this revision or tag",
        "kubectl -n shop label gateways.gateway.networking.k8s.io public istio.io/rev=TAG --overwrite",
    ];
    expect(CODE, &gateway(Some("gone")), Status::Warning, &says);
}
