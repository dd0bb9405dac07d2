//! Lines of a waypoint, told by the service that was connected to.

use mesh_common::mesh::{Customs, Gap, archive, label};
use serde_json::{Value, json};

use super::*;
use crate::{
    logs::Skip,
    policy::AuthorizationPolicy,
    replay::{
        proposed::Compared,
        setup::{Seen, Typed},
        stage::Stage,
        summary::{Class, Summary},
        tally::Tally,
    },
    scene::Service,
};

const LINE: &str = r#"[2026-11-21T04:27:42.210Z] "GET /a HTTP/1.1" 200 - via_upstream - "-" 0 3 0 0 "-" "curl/8.5.0" "746b" "web:80" "envoy://connect_originate/10.244.1.3:8080" inbound-vip|80|http|web.shop.svc.cluster.local envoy://internal_client_address/ 10.96.0.7:80 10.244.0.9:57287 - default"#;

fn known<T>(of: &mut Known<T>) -> &mut T {
    match of {
        Known::Known(of) => of,
        Known::Unknown(gap) => panic!("{gap:?}"),
    }
}

/// The sample mesh, with its Gateway API gateway made a waypoint for these Services of `payments`; and the workload's name.
fn seen(services: Known<Vec<Service>>, whole: bool) -> (Seen, String) {
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../examples/shop-ready.tar.zst"
    );
    let mut mesh = archive::read(file.as_ref()).unwrap();
    for gateway in known(&mut mesh.gateways) {
        gateway.waypoint = true;
    }
    let all = known(&mut mesh.workloads);
    let waypoint = all
        .iter()
        .find(|w| w.gateway.is_some() && !w.pods.is_empty())
        .unwrap();
    let name = format!("{}/{}", waypoint.namespace, waypoint.short());
    let (gateway, namespace) = (
        waypoint.gateway.clone().unwrap(),
        waypoint.namespace.clone(),
    );
    let labels = &mut known(&mut mesh.namespaces)
        .get_mut("payments")
        .unwrap()
        .labels;
    labels.insert(label::USE_WAYPOINT.into(), gateway);
    labels.insert(label::USE_WAYPOINT_NAMESPACE.into(), namespace);
    let seen = Seen {
        scene: Scene::made(mesh, Vec::new()),
        services: Services {
            known: services,
            whole,
        },
        customs: Customs::default(),
        pods: Vec::new(),
        rewrites: Vec::new(),
    };
    (seen, name)
}

fn service(namespace: &str, name: &str, address: &str) -> Service {
    Service::of(&json!({
        "metadata": {"namespace": namespace, "name": name},
        "spec": {"clusterIP": address, "ports": [{"name": "http", "port": 80}]},
    }))
}

fn services() -> Known<Vec<Service>> {
    Known::Known(vec![
        service("payments", "web", "10.96.0.7"),
        service("payments", "api", "10.96.0.8"),
        service("orders", "other", "10.96.0.9"),
    ])
}

fn policy(target: &Value, rule: &Value) -> AuthorizationPolicy {
    AuthorizationPolicy::from_value(&json!({
        "apiVersion": "security.istio.io/v1", "kind": "AuthorizationPolicy",
        "metadata": {"name": "p", "namespace": "payments"},
        "spec": {"action": "DENY", "targetRefs": [target], "rules": [rule]},
    }))
    .unwrap()
}

fn staged(
    services: Known<Vec<Service>>,
    whole: bool,
    policies: Vec<AuthorizationPolicy>,
) -> (Stage, Header) {
    let (seen, name) = seen(services, whole);
    let mut compared = Compared::default();
    compared.policies.now = Some(Vec::new());
    compared.policies.proposed = policies;
    let typed = Typed {
        workload: Some(name),
        ..Typed::default()
    };
    let (stage, header, _) = seen.set(compared, typed).unwrap();
    (stage, header)
}

fn judged(stage: &Stage, line: &str) -> Summary {
    let mut tally = Tally::new(stage, None);
    tally.line(line.as_bytes());
    tally.finish()
}

#[test]
fn a_line_is_judged_by_the_policies_of_the_service_that_was_connected_to() {
    let web = json!({"group": "", "kind": "Service", "name": "web"});
    let get = json!({"to": [{"operation": {"methods": ["GET"]}}]});
    let port = |port: &str| json!({"to": [{"operation": {"ports": [port]}}]});
    let caller = json!({"from": [{"source": {"notPrincipals": ["td/ns/a/sa/b"]}}]});
    let moved = LINE.replace("|web.shop", "|api.shop");
    for (what, rule, line, want) in [
        (
            "of its Service",
            get.clone(),
            LINE.to_owned(),
            Ok(Class::NewlyBlocked),
        ),
        (
            "another Service",
            get.clone(),
            LINE.replace("10.96.0.7:", "10.96.0.8:"),
            Ok(Class::StillAllowed),
        ),
        (
            "a route sent it elsewhere",
            get.clone(),
            moved,
            Ok(Class::NewlyBlocked),
        ),
        (
            "the Service's port",
            port("80"),
            LINE.to_owned(),
            Ok(Class::NewlyBlocked),
        ),
        (
            "the pods' port",
            port("8080"),
            LINE.to_owned(),
            Ok(Class::StillAllowed),
        ),
        // No line of a waypoint has the identity that its policies see.
        ("by identity", caller, LINE.to_owned(), Ok(Class::Unknown)),
        (
            "of no waypoint of theirs",
            get.clone(),
            LINE.replace("10.96.0.7:", "10.96.0.9:"),
            Err(Skip::Waypoint),
        ),
        (
            "by its host name",
            get.clone(),
            LINE.replace("10.96.0.7:80", "envoy://main_internal/"),
            Err(Skip::Waypoint),
        ),
    ] {
        let (stage, _) = staged(services(), true, vec![policy(&web, &rule)]);
        let summary = judged(&stage, &line);
        match want {
            Ok(class) => assert_eq!(summary.class(class), 1, "{what}: {summary:?}"),
            Err(skip) => assert_eq!(
                summary.skipped.get(skip.name()),
                Some(&1),
                "{what}: {summary:?}"
            ),
        }
    }
}

#[test]
fn what_is_attached_to_the_waypoint_holds_for_every_service_behind_it() {
    let (seen, name) = seen(services(), true);
    let targets = seen.scene.targets().unwrap();
    let waypoint = targets
        .iter()
        .find(|t| t.enforcer == Enforcer::Waypoint)
        .unwrap();
    let namespace = waypoint.workload.namespace.clone();
    let gateway = waypoint.workload.gateway.clone().unwrap();
    assert!(name.starts_with(&namespace));
    let target = json!({"group": "gateway.networking.k8s.io", "kind": "Gateway", "name": gateway});
    let mut policy = policy(
        &target,
        &json!({"to": [{"operation": {"methods": ["GET"]}}]}),
    );
    policy.namespace = namespace;
    let (stage, header) = staged(services(), true, vec![policy]);
    for address in ["10.96.0.7:", "10.96.0.8:"] {
        let summary = judged(&stage, &LINE.replace("10.96.0.7:", address));
        assert_eq!(summary.class(Class::NewlyBlocked), 1, "{address}");
    }
    let row = judged(&stage, LINE);
    let row = row.of(Class::NewlyBlocked)[0].workload.clone();
    assert!(row.starts_with("Service payments/web at "), "{row}");
    assert_eq!(header.unclear, Vec::<String>::new());
}

#[test]
fn without_services_its_lines_are_unknown_and_it_is_said() {
    let gap = Known::Unknown(Gap {
        what: "services".into(),
        why: Why::Forbidden,
        detail: "may not list services in all namespaces".into(),
    });
    for (services, whole, why) in [
        (gap, true, Some("may not list services in all namespaces")),
        (Known::Known(Vec::new()), false, None),
    ] {
        let (stage, header) = staged(services, whole, Vec::new());
        let summary = judged(&stage, LINE);
        assert_eq!(
            summary.skipped.get(Skip::Waypoint.name()),
            Some(&1),
            "{summary:?}"
        );
        assert_eq!(header.unclear.first().map(String::as_str), why);
    }
}
