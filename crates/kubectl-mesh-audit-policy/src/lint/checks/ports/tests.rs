//! One that is found and one that is left alone for each.

#![allow(
    clippy::needless_pass_by_value,
    reason = "values of tables are written where they are used"
)]

use mesh_common::mesh::Known;
use serde_json::{Value, json};

use super::*;
use crate::lint::made::{expect, facts, with};

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
