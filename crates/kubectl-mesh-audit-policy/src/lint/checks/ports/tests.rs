//! One that is found and one that is left alone for each.

#![allow(
    clippy::needless_pass_by_value,
    reason = "values of tables are written where they are used"
)]

use mesh_common::mesh::Known;
use serde_json::{Value, json};

use super::*;
use crate::lint::made::{expect, facts, of, with};

fn rule(app: &str, action: &str, rule: Value) -> Facts {
    let spec =
        json!({"action": action, "selector": {"matchLabels": {"app": app}}, "rules": [rule]});
    with(facts(), &json!({}), spec)
}

fn to(operation: Value) -> Value {
    json!({"to": [{"operation": operation}]})
}

#[test]
fn http_fields_do_not_count_on_tcp_ports() {
    let check = &CHECKS[0];
    let get = || json!({"methods": ["GET"]});
    for (facts, want, case) in [
        (
            rule("db", "DENY", to(get())),
            &[
                "Error spec.rules[0]: methods: HTTP's, and the port is TCP: they do not count, and this rule denies everything there (port 5432 of shop/statefulset/db (Service db))",
            ][..],
            "DENY",
        ),
        (
            rule("db", "ALLOW", to(get())),
            &[
                "Warning spec.rules[0]: methods: HTTP's, and the port is TCP: this rule lets nothing in",
            ],
            "ALLOW",
        ),
        (
            rule(
                "db",
                "DENY",
                to(json!({"methods": ["GET"], "ports": ["5432"]})),
            ),
            &["denies more than it says"],
            "the port is named",
        ),
        (
            rule(
                "db",
                "DENY",
                to(json!({"methods": ["GET"], "ports": ["80"]})),
            ),
            &[],
            "another port is named",
        ),
        (
            rule(
                "db",
                "DENY",
                to(json!({"methods": ["GET"], "notPorts": ["5432"]})),
            ),
            &[],
            "the port is left out",
        ),
        (rule("web", "DENY", to(get())), &[], "HTTP"),
        (
            rule("db", "DENY", to(json!({"ports": ["5432"]}))),
            &[],
            "no HTTP field",
        ),
        (
            rule(
                "db",
                "DENY",
                json!({"when": [{"key": "request.headers[x]", "values": ["a"]}]}),
            ),
            &["request.headers[x]: HTTP's"],
            "when",
        ),
    ] {
        expect(check, &facts, want, case);
    }
}

#[test]
fn without_services_istios_own_warning_stays() {
    let dark = |operation: Value| {
        let mut facts = rule("db", "DENY", to(operation));
        facts.services.known = Known::not_read("services");
        facts
    };
    expect(
        &CHECKS[0],
        &dark(json!({"methods": ["GET"]})),
        &["Warning spec.rules[0]: only HTTP fields"],
        "DENY",
    );
    expect(
        &CHECKS[0],
        &dark(json!({"methods": ["GET"], "ports": ["80"]})),
        &[],
        "port",
    );
    let told = Told::of(&CHECKS[0], &dark(json!({"methods": ["GET"]})));
    assert_eq!(told.not_evaluated, ["services were not read"]);
}

#[test]
fn ports_are_those_of_pods() {
    let check = &CHECKS[1];
    for (facts, want, case) in [
        (
            rule("web", "ALLOW", to(json!({"ports": ["8080"]}))),
            &[][..],
            "the pods' port",
        ),
        (
            rule("web", "ALLOW", to(json!({"ports": ["80"]}))),
            &[
                "Error spec.rules[0].to[0].operation.ports[0]: 80 is the Service's port: proxies see the pods' port, 8080",
            ],
            "the Service's",
        ),
        (
            rule("web", "ALLOW", to(json!({"ports": ["9090"]}))),
            &[
                "Warning spec.rules[0].to[0].operation.ports[0]: no Service of these workloads leads to port 9090 (they lead to 8080)",
            ],
            "none",
        ),
        (
            rule("web", "ALLOW", to(json!({"notPorts": ["9090"]}))),
            &[],
            "a port that is left out",
        ),
    ] {
        expect(check, &facts, want, case);
    }
    let mut archive = rule("web", "ALLOW", to(json!({"ports": ["9090"]})));
    archive.services.whole = false;
    let told = Told::of(check, &archive);
    assert_eq!((told.hits.len(), told.not_evaluated.len()), (0, 1));
}

/// A Service `shop/NAME` behind the waypoint `shop/wp`.
fn fronted(name: &str, ports: Value) -> crate::lint::facts::Fronted {
    crate::lint::facts::Fronted {
        service: crate::scene::Service::of(&json!({
            "metadata": {"namespace": "shop", "name": name}, "spec": {"ports": ports},
        })),
        by: ("shop".into(), "wp".into()),
    }
}

fn behind(targets: Value, action: &str, operation: Value) -> Facts {
    let spec = json!({"action": action, "targetRefs": targets, "rules": [to(operation)]});
    let mut facts = with(facts(), &json!({}), spec);
    facts.fronted = Known::Known(vec![
        fronted(
            "db",
            json!([{"name": "tcp", "port": 5432, "targetPort": 6432}]),
        ),
        fronted(
            "web",
            json!([{"name": "http", "port": 80, "targetPort": 8080}]),
        ),
    ]);
    if let Known::Known(spots) = &mut facts.spots {
        let labels = [("gateway.networking.k8s.io/gateway-name", "wp")];
        spots.push(of(Enforcer::Waypoint, "shop", "deployment/wp", &labels));
    }
    facts
}

const DB: &str = "denies everything there (port 5432 of Service shop/db (behind waypoint shop/wp))";

#[test]
fn ports_of_waypoints_are_those_of_the_services_behind_them() {
    let service = |name: &str| json!([{"group": "", "kind": "Service", "name": name}]);
    let gateway =
        || json!([{"group": "gateway.networking.k8s.io", "kind": "Gateway", "name": "wp"}]);
    let get = || json!({"methods": ["GET"]});
    let at = |port: &str| json!({"methods": ["GET"], "ports": [port]});
    for (facts, want, case) in [
        (behind(service("db"), "DENY", get()), &[DB][..], "TCP"),
        (behind(service("web"), "DENY", get()), &[], "HTTP"),
        (behind(gateway(), "DENY", get()), &[DB], "all behind it"),
        (
            behind(service("db"), "DENY", at("5432")),
            &["denies more than it says"],
            "the Service's port",
        ),
        (
            behind(service("db"), "DENY", at("6432")),
            &[],
            "the pods' port",
        ),
    ] {
        expect(&CHECKS[0], &facts, want, case);
    }
    for (facts, want, case) in [
        (
            behind(service("db"), "DENY", at("5432")),
            &[][..],
            "the Service's port",
        ),
        (
            behind(service("db"), "DENY", at("6432")),
            &[
                "Error spec.rules[0].to[0].operation.ports[0]: 6432 is the pods' port: a waypoint sees the Service's port, 5432 () write \"5432\"",
            ],
            "the pods' port",
        ),
        (
            behind(service("db"), "DENY", at("1")),
            &[
                "Warning spec.rules[0].to[0].operation.ports[0]: no Service that this is attached to has port 1",
            ],
            "none",
        ),
        (
            behind(gateway(), "DENY", at("1")),
            &[],
            "what else is behind it is not read",
        ),
    ] {
        expect(&CHECKS[1], &facts, want, case);
    }
    let told = Told::of(&CHECKS[1], &behind(gateway(), "DENY", at("1")));
    assert_eq!(
        told.not_evaluated,
        ["ServiceEntries and workloads behind waypoints are not read"]
    );
    let mut dark = behind(service("db"), "DENY", get());
    dark.fronted = Known::not_read("services");
    assert_eq!(
        Told::of(&CHECKS[0], &dark).not_evaluated,
        ["services were not read"]
    );
}

/// The gateway `edge/deployment/gw`, with a Service from 80 to 8080, and one more server.
fn gateway(speaks: Speaks, port: u16, operation: Value) -> Facts {
    let spec = json!({"action": "DENY", "rules": [to(operation)]});
    let mut facts = with(facts(), &json!({"namespace": "edge"}), spec);
    facts.listeners = Known::Known(vec![crate::scene::Listener {
        name: "Gateway edge/public, server s".into(),
        port,
        speaks,
        of: crate::scene::Listens::Labelled([("app".to_owned(), "gw".to_owned())].into()),
    }]);
    facts
}

#[test]
fn ports_of_gateways_are_those_that_their_servers_open() {
    use Speaks::{Http, Tcp};
    let get = || json!({"methods": ["GET"]});
    let at = |port: &str| json!({"methods": ["GET"], "ports": [port]});
    for (facts, want, case) in [
        (
            gateway(Tcp, 9000, get()),
            &[
                "denies everything there (port 9000 of edge/deployment/gw (Gateway edge/public, server s))",
            ][..],
            "no Service has the port",
        ),
        (
            gateway(Tcp, 80, get()),
            &["(port 8080 of edge/deployment/gw"],
            "the pods' port of it",
        ),
        (gateway(Http, 80, get()), &[], "HTTP"),
        (
            gateway(Tcp, 80, at("8080")),
            &["denies more than it says"],
            "named",
        ),
        (
            gateway(Tcp, 80, at("80")),
            &[],
            "the Service's port is named",
        ),
    ] {
        expect(&CHECKS[0], &facts, want, case);
    }
    let mut archive = gateway(Tcp, 443, at("8443"));
    archive.services.whole = false;
    let told = Told::of(&CHECKS[0], &archive);
    assert!(
        told.unknown[0].starts_with("which port of edge/deployment/gw port 443"),
        "{told:?}"
    );
    let mut dark = gateway(Tcp, 443, get());
    dark.listeners = Known::Unknown(mesh_common::mesh::Gap {
        what: "gateways.networking.istio.io".into(),
        why: mesh_common::mesh::Why::Forbidden,
        detail: "may not list gateways".into(),
    });
    assert_eq!(
        Told::of(&CHECKS[0], &dark).unknown,
        ["may not list gateways"]
    );
}
