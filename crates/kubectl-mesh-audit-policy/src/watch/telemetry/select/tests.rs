use super::*;

fn labels(of: &[(&str, &str)]) -> Labels {
    let owned = |(k, v): &(&str, &str)| ((*k).to_owned(), (*v).to_owned());
    of.iter().map(owned).collect()
}

fn place(name: &str, enforcer: Enforcer, of: &[(&str, &str)], applies: bool) -> Place {
    Place {
        name: format!("payments/deployment/{name}"),
        labels: labels(of),
        enforcer,
        minor: Some(28),
        selects_gateways: true,
        applies,
        runs: true,
    }
}

fn ledger() -> On {
    On::Labels(labels(&[("app", "ledger")]))
}

fn edge() -> On {
    On::Gateways(vec!["edge".into()])
}

#[test]
#[allow(clippy::too_many_lines, reason = "a table")]
fn a_telemetry_is_put_on_exactly_the_workloads_of_the_policy() {
    use Enforcer::{Gateway, Nothing, Sidecar, Waypoint, Ztunnel};
    let app = |name, applies| place(name, Sidecar, &[("app", name)], applies);
    let of_gateway =
        |name, enforcer, applies| place(name, enforcer, &[(GATEWAY_LABEL, name)], applies);
    let old = |mut place: Place| {
        place.minor = Some(23);
        place
    };
    let unselected = |mut place: Place| {
        place.selects_gateways = false;
        place
    };
    for (what, on, root, places, want) in [
        (
            "labels",
            ledger(),
            false,
            vec![app("ledger", true), app("cards", false)],
            true,
        ),
        (
            "an old istiod, by labels",
            ledger(),
            false,
            vec![old(app("ledger", true))],
            true,
        ),
        (
            "the root namespace",
            ledger(),
            true,
            vec![app("ledger", true)],
            false,
        ),
        (
            "a namespace",
            On::Namespace,
            false,
            vec![app("ledger", true), app("cards", true)],
            true,
        ),
        (
            "a namespace with a waypoint, which the policy is not for",
            On::Namespace,
            false,
            vec![app("ledger", true), of_gateway("waypoint", Waypoint, false)],
            false,
        ),
        (
            "pods without a proxy do not count",
            On::Namespace,
            false,
            vec![app("ledger", true), place("job", Nothing, &[], false)],
            true,
        ),
        (
            "behind ztunnel",
            ledger(),
            false,
            vec![place("ledger", Ztunnel, &[("app", "ledger")], true)],
            false,
        ),
        (
            "a namespace, in part behind ztunnel",
            On::Namespace,
            false,
            vec![app("ledger", true), place("cards", Ztunnel, &[], false)],
            false,
        ),
        (
            "a gateway",
            edge(),
            false,
            vec![of_gateway("edge", Gateway, true)],
            true,
        ),
        (
            "a waypoint by its name",
            edge(),
            false,
            vec![of_gateway("edge", Waypoint, true)],
            true,
        ),
        (
            "a gateway of 1.23",
            edge(),
            false,
            vec![old(of_gateway("edge", Gateway, true))],
            false,
        ),
        (
            "gateways that no selector selects",
            On::Namespace,
            false,
            vec![
                app("ledger", true),
                unselected(of_gateway("edge", Gateway, false)),
            ],
            false,
        ),
        (
            "a Service",
            On::Else,
            false,
            vec![of_gateway("waypoint", Waypoint, true)],
            false,
        ),
        (
            "a waypoint by labels, as before 1.22",
            ledger(),
            false,
            vec![place("w", Waypoint, &[("app", "ledger")], true)],
            false,
        ),
    ] {
        let gate = exact(&on, root, &places);
        assert_eq!(gate.verdict == Verdict::Open, want, "{what}: {gate:?}");
        assert!(!gate.passes_by_reason(), "{what}");
    }
}

fn telemetry(name: &str, spec: &Value) -> Value {
    json!({ "metadata": { "name": name, "namespace": "payments" }, "spec": spec })
}

#[test]
#[allow(clippy::too_many_lines, reason = "a table")]
fn two_telemetries_on_one_workload_are_refused() {
    let here = place(
        "ledger",
        Enforcer::Sidecar,
        &[("app", "ledger"), ("version", "v2")],
        true,
    );
    let beside = place("cards", Enforcer::Sidecar, &[("app", "cards")], false);
    let gateway = place("edge", Enforcer::Gateway, &[(GATEWAY_LABEL, "edge")], true);
    let selects = |labels: Value| json!({ "selector": { "matchLabels": labels } });
    let refs =
        json!({ "targetRefs": [{"group": GATEWAY_GROUP, "kind": "Gateway", "name": "edge"}] });
    let old = json!({ "targetRef": {"group": GATEWAY_GROUP, "kind": "Gateway", "name": "edge"} });
    let metrics = json!({ "metrics": [] });
    for (what, on, place, spec, want) in [
        (
            "the same labels",
            ledger(),
            &here,
            selects(json!({"app": "ledger"})),
            false,
        ),
        (
            "other labels of the same",
            ledger(),
            &here,
            selects(json!({"version": "v2"})),
            false,
        ),
        (
            "another workload",
            ledger(),
            &here,
            selects(json!({"app": "cards"})),
            true,
        ),
        (
            "the namespace's is the parent",
            ledger(),
            &here,
            metrics.clone(),
            true,
        ),
        (
            "an empty selector is the namespace's",
            ledger(),
            &here,
            selects(json!({})),
            true,
        ),
        (
            "a namespace's beside another",
            On::Namespace,
            &here,
            metrics.clone(),
            false,
        ),
        (
            "a namespace's over one of labels",
            On::Namespace,
            &here,
            selects(json!({"app": "ledger"})),
            false,
        ),
        (
            "a namespace's beside other labels",
            On::Namespace,
            &here,
            selects(json!({"app": "x"})),
            true,
        ),
        ("a gateway's", edge(), &gateway, refs.clone(), false),
        (
            "a gateway's, as it was written once",
            edge(),
            &gateway,
            old,
            false,
        ),
        (
            "a gateway's is none of a sidecar",
            ledger(),
            &here,
            refs,
            true,
        ),
        (
            "a gateway's by labels",
            edge(),
            &gateway,
            selects(json!({GATEWAY_LABEL: "edge"})),
            false,
        ),
    ] {
        let other = telemetry("theirs", &spec);
        let gate = alone(&on, "ours", Ok(&[&other]), &[place.clone(), beside.clone()]);
        assert_eq!(gate.verdict == Verdict::Open, want, "{what}: {gate:?}");
        if !want {
            assert!(gate.summary.contains("payments/theirs"), "{what}: {gate:?}");
        }
    }
    let own = telemetry("ours", &selects(json!({"app": "x"})));
    let taken = alone(&ledger(), "ours", Ok(&[&own]), std::slice::from_ref(&here));
    assert_eq!(taken.verdict, Verdict::Closed, "the name is taken");
    let unread = alone(&ledger(), "ours", Err("may not list".into()), &[here]);
    assert_eq!(unread.verdict, Verdict::Unknown);
}

#[test]
fn for_an_old_istiod_a_telemetry_with_target_refs_is_the_namespaces() {
    let mut here = place("ledger", Enforcer::Sidecar, &[("app", "ledger")], true);
    here.minor = Some(23);
    let other = telemetry(
        "theirs",
        &json!({ "targetRefs": [{"group": GATEWAY_GROUP, "kind": "Gateway", "name": "e"}] }),
    );
    let of = |on: On| alone(&on, "ours", Ok(&[&other]), &[here.clone()]).verdict;
    assert_eq!(of(On::Namespace), Verdict::Closed);
    assert_eq!(of(ledger()), Verdict::Open);
}
