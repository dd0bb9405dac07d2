use mesh_common::mesh::Owner;
use serde_json::json;

use super::{canary, expect, facts, known, run};
use crate::{check::Status, facts::Facts};

const OWNERS: &str = "MESH2305";
const ONE_MESH: &str = "MESH2306";

fn helm(release: &str) -> Owner {
    Owner::Helm {
        release: release.into(),
        namespace: "istio-system".into(),
    }
}

fn argo() -> Owner {
    Owner::GitOps {
        controller: "Argo CD".into(),
        application: "mesh".into(),
    }
}

/// All that Helm installs by its charts, tags apart.
fn by_helm() -> Facts {
    let mut facts = canary();
    let mesh = &mut facts.mesh;
    for i in known(&mut mesh.istiods) {
        i.owner = helm("istiod");
    }
    for s in known(&mut mesh.services) {
        s.owner = helm("istiod");
    }
    for v in known(&mut mesh.validators) {
        v.owner = helm("istiod");
    }
    for c in known(&mut mesh.crds) {
        c.owner = helm("base");
    }
    for injector in known(&mut mesh.injectors)
        .iter_mut()
        .filter(|i| i.tag.is_none())
    {
        injector.owner = helm("istiod");
    }
    facts
}

#[test]
fn one_tool_owns_the_mesh() {
    expect(OWNERS, &facts(), Status::Ok, &["istioctl (or by hand): "]);
    // A tag of istioctl's beside charts is as the documents have it; so are CRDs that no release owns.
    expect(
        OWNERS,
        &by_helm(),
        Status::Ok,
        &["Helm: ", "istioctl (or by hand): 2 objects"],
    );
    let mut facts = by_helm();
    for c in known(&mut facts.mesh.crds) {
        c.owner = Owner::None;
    }
    assert_eq!(run(OWNERS, &facts).status, Status::Ok);
}

#[test]
fn several_tools_are_named_with_what_they_own() {
    let mut facts = by_helm();
    known(&mut facts.mesh.istiods)[1].owner = Owner::None;
    let says = [
        "Helm and istioctl (or by hand) each own a part of this mesh",
        "deployment/istiod-1-28-1 -n istio-system",
    ];
    expect(OWNERS, &facts, Status::Warning, &says);

    let mut facts = by_helm();
    known(&mut facts.mesh.crds)[0].owner = argo();
    let says = [
        "Argo CD and Helm each own",
        "Argo CD: customresourcedefinition/",
    ];
    expect(OWNERS, &facts, Status::Warning, &says);

    let mut facts = by_helm();
    let tag = known(&mut facts.mesh.injectors)[0].clone();
    assert_eq!(tag.tag.as_deref(), Some("stable"));
    let canary = mesh_common::mesh::Injector {
        name: "istio-revision-tag-canary".into(),
        tag: Some("canary".into()),
        owner: helm("istiod"),
        ..tag
    };
    known(&mut facts.mesh.injectors).push(canary);
    let says = [
        "istioctl tag set overwrites the former",
        "nobody: mutatingwebhookconfiguration/istio-revision-tag-stable",
        "Helm: mutatingwebhookconfiguration/istio-revision-tag-canary",
    ];
    expect(OWNERS, &facts, Status::Warning, &says);

    let mut facts = by_helm();
    known(&mut facts.mesh.services)[0].owner = Owner::None;
    let says = [
        "Helm owns istiod, and nobody 1 object of it",
        "service/istiod-1-26-1",
    ];
    expect(OWNERS, &facts, Status::Info, &says);
}

#[test]
fn revisions_side_by_side_are_one_mesh() {
    expect(
        ONE_MESH,
        &facts(),
        Status::Ok,
        &["1-26-1 is the only revision"],
    );
    expect(
        ONE_MESH,
        &canary(),
        Status::Ok,
        &["1-26-1 and 1-28-1 agree on trust domain"],
    );
    let changed = |edit: fn(&mut mesh_common::mesh::RevisionConfig)| {
        let mut facts = canary();
        edit(known(&mut facts.mesh.configs).get_mut("1-28-1").unwrap());
        facts
    };
    for (facts, status, says) in [
        (
            changed(|c| c.mesh["trustDomain"] = json!("example.com")),
            Status::Error,
            "1-26-1 and 1-28-1 are not one mesh: trust domain not the same: cluster.local (1-26-1), example.com (1-28-1)",
        ),
        (
            changed(|c| c.mesh["rootNamespace"] = json!("istio-config")),
            Status::Error,
            "root namespace not the same",
        ),
        (
            changed(|c| c.values["global"]["network"] = json!("west")),
            Status::Error,
            "network not the same",
        ),
        (
            changed(|c| c.values["global"]["meshID"] = json!("shop")),
            Status::Error,
            "mesh id not the same",
        ),
        (
            changed(|c| c.mesh = json!(null)),
            Status::Unknown,
            "mesh config of 1-28-1 is missing",
        ),
        (
            changed(|c| c.mesh["accessLogFile"] = json!("/dev/stdout")),
            Status::Ok,
            "1 other difference",
        ),
    ] {
        expect(ONE_MESH, &facts, status, &[says]);
    }
    let facts = changed(|c| c.mesh["trustDomain"] = json!("example.com"));
    let says = [
        "configmap/istio-1-28-1 -n istio-system",
        "kubectl -n istio-system get configmap istio-1-26-1 istio-1-28-1 -o yaml",
    ];
    expect(ONE_MESH, &facts, Status::Error, &says);
}
