//! Tests of the gates together.

use super::{
    Gates, IstioctlFacts, OverlapFacts, Serving, Verdict, Waiver, id,
    made::{Made, ago, changed, forbidden},
    promote_gates, rollback_gates,
};
use crate::{error::Kind, exit::Outcome, mesh::Known, output::Mark};

fn verdicts(gates: &Gates) -> Vec<(&str, Verdict)> {
    gates.gates.iter().map(|g| (g.id, g.verdict)).collect()
}

#[test]
fn a_healthy_canary_is_open_as_typed() {
    let made = Made::live();
    let gates = promote_gates(&made.facts());
    let not_built = [id::DRIFT, id::TRAFFIC];
    for gate in &gates.gates {
        let want = if not_built.contains(&gate.id) {
            Verdict::NotEvaluated
        } else {
            Verdict::Open
        };
        assert_eq!(gate.verdict, want, "{}: {}", gate.title, gate.summary);
        assert!(
            gate.hint.is_none() && !gate.summary.is_empty(),
            "{}",
            gate.title
        );
        assert!(!gate.summary.contains('\n'));
    }
    let ids: Vec<_> = gates.gates.iter().map(|g| g.id).collect();
    assert_eq!(ids, id::MESH[..14]);
    assert!(gates.pass());
    assert_eq!(gates.outcome(), Outcome::Done);
    assert_eq!(gates.findings, []);
    let marks: Vec<_> = gates.marked().into_iter().map(|(mark, ..)| mark).collect();
    assert_eq!(marks[..8], [Mark::Ok; 8]);
    assert_eq!(marks[8..10], [Mark::Skip; 2]);
}

#[test]
fn a_rehearsal_asks_for_no_cluster() {
    let made = Made::rehearsal();
    let gates = promote_gates(&made.facts());
    for id in [id::PARITY, id::SERVES] {
        let gate = gates.get(id).unwrap();
        assert_eq!(gate.verdict, Verdict::NotEvaluated);
        assert!(
            gate.summary.starts_with("not evaluated (rehearsal)"),
            "{}",
            gate.summary
        );
    }
    assert_eq!(gates.outcome(), Outcome::Done);
}

#[test]
fn closed_refuses_and_unknown_is_unknown() {
    let mut made = Made::live();
    made.mesh.crds = forbidden("customresourcedefinitions");
    let gates = promote_gates(&made.facts());
    assert_eq!(gates.outcome(), Outcome::Unknown);
    made.canary().oldest = Some(ago(1));
    let mut gates = promote_gates(&made.facts());
    assert_eq!(gates.outcome(), Outcome::Refused);
    let blocking: Vec<_> = gates.blocking().map(|g| g.id).collect();
    assert_eq!(blocking, [id::WAY_BACK, id::BAKE]);

    gates
        .waive(&[Waiver::parse("bake=urgent").unwrap()])
        .unwrap();
    assert_eq!(gates.outcome(), Outcome::Unknown);
    assert_eq!(
        gates.waived().map(|(g, r)| (g.id, r)).collect::<Vec<_>>(),
        [("bake", "urgent")]
    );
    let (mark, title, line) = gates.marked().swap_remove(7);
    assert_eq!((mark, title.as_str()), (Mark::Warn, "bake"));
    assert!(line.ends_with("(waived: urgent)"), "{line}");

    // The waiver of a gate that is open is kept for a worse day.
    gates
        .waive(&[
            Waiver::parse("way-back=known").unwrap(),
            Waiver::parse("ready=x1").unwrap(),
        ])
        .unwrap();
    assert_eq!(gates.get(id::READY).unwrap().waived, None);
    assert!(gates.pass());
}

#[test]
fn waivers_must_fit_the_command() {
    let made = Made::live();
    let facts = made.facts();
    let twice = [
        Waiver::parse("bake=a").unwrap(),
        Waiver::parse("bake=b").unwrap(),
    ];
    assert_eq!(
        promote_gates(&facts).waive(&twice).unwrap_err().kind(),
        Kind::Usage
    );
    let error = rollback_gates(&facts)
        .waive(&[Waiver::parse("bake=a").unwrap()])
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Usage);
    assert_eq!(error.hints(), ["gates: ready, serves, overlap"]);
}

#[test]
fn a_policy_makes_advisory_gates_required() {
    let mut made = Made::live();
    made.target().resources.memory_request = None;
    let gates = promote_gates(&made.facts());
    assert!(gates.pass());
    assert_eq!(
        gates.advisories().map(|g| g.id).collect::<Vec<_>>(),
        [id::MEMORY]
    );
    assert_eq!(gates.get(id::MEMORY).unwrap().mark(), Mark::Warn);
    made.policy.required = ["memory".to_owned(), "traffic".to_owned()].into();
    let gates = promote_gates(&made.facts());
    assert_eq!(
        gates.blocking().map(|g| g.id).collect::<Vec<_>>(),
        [id::MEMORY]
    );
    assert_eq!(gates.get(id::MEMORY).unwrap().mark(), Mark::Bad);
    let traffic = gates.get(id::TRAFFIC).unwrap();
    assert!(traffic.required && !traffic.blocks());
}

#[test]
fn a_second_read_tells_what_changed() {
    let mut made = Made::live();
    let before = promote_gates(&made.facts());
    assert_eq!(before.changed_since(&before), Vec::<String>::new());
    changed(|m| m.target().pods[1].ready = false)(&mut made);
    let now = promote_gates(&made.facts());
    assert_eq!(
        now.changed_since(&before),
        ["ready was open and is closed: 1 of 2 istiods of 1-28-1 ready, 2 wanted"]
    );
}

#[test]
fn the_way_back_has_gates_too() {
    let made = Made::live();
    let mut facts = made.facts();
    facts.source = Some("1-28-1".into());
    facts.target = "1-26-1".into();
    facts.serving = super::made::injected_by("1-26-1");
    assert_eq!(
        verdicts(&rollback_gates(&facts)),
        [
            (id::READY, Verdict::Open),
            (id::SERVES, Verdict::Open),
            (id::OVERLAP, Verdict::Open)
        ]
    );
    facts.overlap = Known::Known(OverlapFacts {
        twice: vec!["a/pod/x".into()],
        ..OverlapFacts::default()
    });
    assert_eq!(rollback_gates(&facts).outcome(), Outcome::Refused);
    facts.overlap = Known::Known(OverlapFacts::default());
    facts.removal = Some(Known::Known(vec!["namespace/payments".into()]));
    facts.serving = Serving::NotEvaluated;
    facts.istioctl = IstioctlFacts::NotEvaluated;
    let gates = rollback_gates(&facts);
    assert_eq!(
        gates.blocking().map(|g| g.id).collect::<Vec<_>>(),
        [id::UNUSED]
    );
}

#[test]
fn no_istiod_at_all_opens_nothing_that_needs_one() {
    let mut made = Made::live();
    made.istiods().clear();
    let gates = promote_gates(&made.facts());
    for id in [
        id::PARITY,
        id::READY,
        id::SAME_MESH,
        id::SKEW,
        id::WAY_BACK,
        id::BAKE,
        id::HIGH_AVAILABILITY,
        id::MEMORY,
        id::IMAGE,
    ] {
        assert_ne!(gates.get(id).unwrap().verdict, Verdict::Open, "{id}");
    }
}

#[test]
fn text_of_the_cluster_is_harmless() {
    let mut made = Made::live();
    made.target().pods[0].name = "istiod\u{1b}[2J\n\u{202e}evil".into();
    super::made::ended(
        &mut made.target().pods[0],
        &"x\u{7}".repeat(2_000),
        Some(ago(1)),
    );
    let gates = promote_gates(&made.facts());
    let ready = gates.get(id::READY).unwrap();
    for text in ready.evidence.iter().chain([&ready.summary]) {
        assert!(
            !text.contains(['\u{1b}', '\u{7}', '\n', '\u{202e}']),
            "{text:?}"
        );
        assert!(text.chars().count() < 400);
    }
}

#[test]
fn the_json_is_camel_case() {
    let made = Made::live();
    let json = serde_json::to_value(promote_gates(&made.facts())).unwrap();
    assert_eq!(json["gates"][3]["id"], "same-mesh");
    assert_eq!(json["gates"][3]["verdict"], "open");
    assert_eq!(json["gates"][8]["verdict"], "notEvaluated");
    assert_eq!(json["gates"][8]["summary"], "not evaluated (not built yet)");
}

/// The sample mesh as it is: one istiod per revision, a few hours old, nodes without images, and a stand-in for the
/// CA bundles.
#[test]
fn the_sample_mesh_is_not_ready() {
    let mesh = crate::mesh::fold::sample::mesh();
    let made = Made {
        mesh,
        ..Made::live()
    };
    let gates = promote_gates(&made.facts());
    let closed = [
        (id::READY, "1 of 1 istiod of 1-28-1 ready, 2 wanted"),
        (
            id::BAKE,
            "48 h wanted: 44 h 2 m to go; istiod-1-28-1 was changed 3 h",
        ),
        (
            id::HIGH_AVAILABILITY,
            "1 replica, 2 wanted; HPA 1–5 at 80 % CPU, 2–5 at 60 % CPU wanted; and 1 more",
        ),
    ];
    let unknown = [
        (
            id::SAME_MESH,
            "the CA bundle of istio-sidecar-injector-1-26-1 is no certificate",
        ),
        (id::IMAGE, "lists are cut or empty"),
    ];
    let open = [
        (
            id::PARITY,
            "istioctl 1.28.1 and istiod 1.28.1 of 1-28-1 are the same release",
        ),
        (id::SKEW, "1.26.1 → 1.28.1"),
        (
            id::WAY_BACK,
            "1 istiod of 1-26-1 ready; its APIs are served",
        ),
        (
            id::MEMORY,
            "requests 500m CPU and 2Gi memory, 500m and 2Gi wanted",
        ),
    ];
    let all = [
        (Verdict::Closed, &closed[..]),
        (Verdict::Unknown, &unknown[..]),
        (Verdict::Open, &open[..]),
    ];
    for (verdict, some) in all {
        for (id, summary) in some {
            let gate = gates.get(id).unwrap();
            assert_eq!(gate.verdict, verdict, "{id}: {}", gate.summary);
            assert!(gate.summary.contains(summary), "{id}: {}", gate.summary);
        }
    }
    assert_eq!(gates.outcome(), Outcome::Refused);
    let found: Vec<_> = gates
        .findings
        .iter()
        .map(|f| format!("{} {} {}", f.code, f.object, f.message))
        .collect();
    let young = found.last().unwrap();
    assert!(young.starts_with("MESH1301 pod/istiod-1-28-1-"), "{young}");
    let injector = "MESH1102 configmap/istio-sidecar-injector-1-28-1";
    assert_eq!(
        found[..found.len() - 1],
        [
            format!("{injector} global.multiCluster.enabled: false → (not set)"),
            format!("{injector} global.nativeNftables: (not set) → false"),
            format!("{injector} global.networkPolicy.enabled: (not set) → false"),
            format!("{injector} global.resourceScope: (not set) → all"),
        ]
    );
}
