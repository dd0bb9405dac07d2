use super::{canary, expect, facts, known, run};
use crate::{
    check::Status,
    facts::{Facts, Target, Upgrade},
    support::Support,
};

const CODE: &str = "MESH2302";

/// The canary mesh, its revisions at these versions, going to `to`.
fn at(versions: [&str; 2], to: &str) -> Facts {
    let mut facts = canary();
    for (istiod, version) in known(&mut facts.mesh.istiods).iter_mut().zip(versions) {
        istiod.version = Some(version.into());
        for pod in &mut istiod.pods {
            pod.version = Some(version.into());
        }
    }
    facts.upgrade = Upgrade::of(&facts.mesh, Target::parse(to), &facts.support);
    facts
}

#[test]
fn a_jump_is_forward_and_two_minors_at_most() {
    for (versions, to, status, says) in [
        (
            ["1.26.1", "1.26.1"],
            "1.28.1",
            Status::Ok,
            "1.26 → 1.27 → 1.28",
        ),
        (["1.26.1", "1.26.1"], "1.27", Status::Ok, "one minor"),
        (["1.26.1", "1.26.1"], "1.26.4", Status::Ok, "the same minor"),
        (
            ["1.26.1", "1.26.1"],
            "1.26.1",
            Status::Info,
            "every istiod runs 1.26.1 already",
        ),
        (
            ["1.26.4", "1.26.4"],
            "1.26.1",
            Status::Warning,
            "goes back by patches",
        ),
        (
            ["1.26.1", "1.26.1"],
            "1.25.0",
            Status::Error,
            "no downgrade across minors",
        ),
        (
            ["1.24.1", "1.24.1"],
            "1.28.1",
            Status::Error,
            "is 4 minors, and a second revision may be 2 ahead",
        ),
        (
            ["1.26.1", "1.26.1"],
            "2.0.0",
            Status::Error,
            "cannot be compared",
        ),
        (
            ["1.26.1", "1.28.1"],
            "1.28.1",
            Status::Info,
            "the upgrade is under way",
        ),
        (
            ["1.26.1", "1.28.1"],
            "1.28.4",
            Status::Info,
            "the upgrade is under way",
        ),
        (
            ["1.26.1", "1.28.1"],
            "1.27.0",
            Status::Warning,
            "1.28 is newer than the target",
        ),
        (
            ["1.26.1", "1.27.1"],
            "1.28.1",
            Status::Warning,
            "an upgrade was not finished",
        ),
        (
            ["1.26.1", "1.26.4"],
            "1.28.1",
            Status::Info,
            "two patches of one minor",
        ),
    ] {
        expect(CODE, &at(versions, to), status, &[says]);
    }
    let says = [
        "deployment/istiod-1-26-1 -n istio-system",
        "runs 1.24.1; target 1.28.1",
        "go hop by hop: 1.24 → 1.26 → 1.28",
        "kubectl mesh-precheck --to 1.26",
    ];
    expect(
        CODE,
        &at(["1.24.1", "1.24.1"], "1.28.1"),
        Status::Error,
        &says,
    );
    let says = [
        "1-26-1 runs 1.26.1; 1-28-1 runs 1.27.1",
        "kubectl mesh-tag list",
    ];
    expect(
        CODE,
        &at(["1.26.1", "1.27.1"], "1.28.1"),
        Status::Warning,
        &says,
    );
}

#[test]
fn a_rollout_that_is_not_through_is_seen() {
    let mut facts = facts();
    known(&mut facts.mesh.istiods)[0].pods[1].version = Some("1.26.4".into());
    let says = [
        "istiods of revision 1-26-1 run 1.26.1 and 1.26.4",
        "kubectl -n istio-system rollout status deployment/istiod-1-26-1",
    ];
    expect(CODE, &facts, Status::Warning, &says);
}

#[test]
fn without_a_target_there_is_nowhere_to_go_or_nothing_to_hold_against() {
    let mut facts = at(["1.26.1", "1.28.1"], "1.28.1");
    facts.upgrade.to = None;
    expect(CODE, &facts, Status::Ok, &["nowhere to go"]);
    facts.mesh.now = "2026-11-20T00:00:00Z".parse().unwrap();
    expect(CODE, &facts, Status::NotEvaluated, &["give one with --to"]);
    facts.support = Support::read(None).unwrap();
    known(&mut facts.mesh.istiods).clear();
    assert_eq!(run(CODE, &facts).status, Status::Unknown);
}
