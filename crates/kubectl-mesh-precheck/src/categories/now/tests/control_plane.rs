use mesh_common::mesh::{Gap, Known, WebhookTarget, Why};

use super::{canary, expect, facts, known, made, run};
use crate::{check::Status, facts::Facts};

const CODE: &str = "MESH2301";

#[test]
fn every_revision_is_to_be_ready() {
    let changed = |wanted: u32, ready: u32| {
        let mut facts = canary();
        let istiod = &mut known(&mut facts.mesh.istiods)[1];
        (istiod.replicas, istiod.ready) = (wanted, ready);
        istiod.pods[0].ready = false;
        istiod.pods[0].restarts = 7;
        facts
    };
    let ok = "1-26-1 1.26.1 (2/2 ready) and 1-28-1 1.28.1 (2/2 ready)";
    expect(CODE, &canary(), Status::Ok, &[ok]);
    for (wanted, ready, status, says) in [
        (
            2,
            1,
            Status::Warning,
            "1 of 2 istiods of revision 1-28-1 are ready",
        ),
        (2, 0, Status::Error, "no istiod of revision 1-28-1 is ready"),
        (0, 0, Status::Warning, "revision 1-28-1 is scaled to zero"),
        (2, 3, Status::Ok, "3/2 ready"),
    ] {
        let facts = changed(wanted, ready);
        expect(CODE, &facts, status, &[says]);
        if status == Status::Error {
            let says = [
                "deployment/istiod-1-28-1 -n istio-system",
                "status.readyReplicas: 0",
                "pod istiod-1-28-1-7c7c-1 is not ready, 7 restarts",
                "kubectl -n istio-system get pods -l app=istiod,istio.io/rev=1-28-1",
            ];
            expect(CODE, &facts, status, &says);
        }
    }
}

#[test]
fn no_istiod_says_where_one_may_be() {
    let none = || {
        let mut facts = facts();
        known(&mut facts.mesh.istiods).clear();
        facts
    };
    let hint = "kubectl mesh-precheck -i NAMESPACE";
    let says = ["there is no istiod in namespace istio-system", hint];
    expect(CODE, &none(), Status::Error, &says);

    let mut elsewhere = none();
    for workload in known(&mut elsewhere.mesh.workloads) {
        if workload.name.starts_with("istiod") {
            workload.namespace = "istio-mesh".into();
        }
    }
    let says = [
        "deployment/istiod-1-26-1 -n istio-mesh has app=istiod",
        "kubectl mesh-precheck -i istio-mesh",
    ];
    expect(CODE, &elsewhere, Status::Error, &says);

    let mut remote = none();
    for injector in known(&mut remote.mesh.injectors) {
        injector.webhooks[0].target =
            WebhookTarget::Url("https://istiod.example.com/inject".into());
    }
    let says = ["calls https://istiod.example.com", "outside this cluster"];
    expect(CODE, &remote, Status::Error, &says);
}

/// The healthy mesh, its istiod known by a digest only.
fn digest() -> Facts {
    let objects = made::healthy().replace("pilot:1.26.1", "pilot@sha256:ab");
    let mut facts = facts();
    let source = facts.mesh.source.clone();
    facts.mesh = mesh_common::mesh::Mesh::from_yaml(
        [objects.as_str()],
        "istio-system",
        source,
        facts.mesh.now,
    )
    .unwrap();
    facts
}

#[test]
fn a_bare_digest_is_asked_what_it_is() {
    let mut facts = digest();
    let says = "its image docker.io/istio/pilot@sha256:ab does not say it";
    expect(CODE, &facts, Status::Unknown, &[says, "unknown version"]);

    let gap = Gap {
        what: "istiod versions".into(),
        why: Why::Forbidden,
        detail: "no right to create pods/portforward".into(),
    };
    for pod in &mut known(&mut facts.mesh.istiods)[0].pods {
        pod.reported = Known::Unknown(gap.clone());
    }
    let says = "no right to create pods/portforward";
    expect(CODE, &facts, Status::Skipped, &["SKIPPED", says]);
    expect("MESH2302", &facts, Status::Unknown, &[]);

    for pod in &mut known(&mut facts.mesh.istiods)[0].pods {
        pod.reported = Known::Known("1.26.1".into());
    }
    expect(CODE, &facts, Status::Ok, &["1-26-1 1.26.1 (2/2 ready)"]);
    assert_eq!(run("MESH2302", &facts).status, Status::Ok);
}
