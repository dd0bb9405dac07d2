//! Facts for the tables of tests: a mesh of two namespaces in which nothing is wrong.

#![allow(
    clippy::needless_pass_by_value,
    reason = "values of tables are written where they are used"
)]

use std::collections::{BTreeMap, BTreeSet};

use mesh_common::mesh::Known;
use serde_json::{Value, json};

use super::{
    analyze::Said,
    check::{Check, Told},
    facts::{Facts, Judged, Spot, Subject},
    peer::Peer,
};
use crate::{
    compile::{self, Context, Kind, Protocol, Provider, ProviderKind, RepeatedHeaders},
    normalize::Normalization,
    policy::AuthorizationPolicy,
    scene::{Enforcer, Service, Services, Settings},
    version::Version,
};

pub(crate) fn subject(kind: &'static str, namespace: &str, name: &str) -> Subject {
    Subject {
        kind,
        namespace: namespace.into(),
        name: name.into(),
        ..Subject::default()
    }
}

pub(crate) fn mesh() -> compile::Mesh {
    compile::Mesh {
        trust_domain_aliases: vec!["old.local".into()],
        providers: vec![Provider {
            name: "ext".into(),
            kind: ProviderKind::Grpc,
        }],
        ..compile::Mesh::default()
    }
}

/// Pods with a sidecar.
pub(crate) fn spot(namespace: &str, name: &str, labels: &[(&str, &str)]) -> Spot {
    of(Enforcer::Sidecar, namespace, name, labels)
}

/// Pods that something else protects.
pub(crate) fn of(enforcer: Enforcer, namespace: &str, name: &str, labels: &[(&str, &str)]) -> Spot {
    let labels: BTreeMap<String, String> = labels
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect();
    let kind = match enforcer {
        Enforcer::Gateway => Kind::Gateway,
        Enforcer::Waypoint => Kind::Waypoint { service: None },
        Enforcer::Ztunnel => Kind::Ztunnel,
        _ => Kind::Sidecar,
    };
    Spot {
        namespace: namespace.into(),
        name: name.into(),
        labels: labels.clone(),
        enforcer,
        context: Ok(Context {
            workload: compile::Workload {
                namespace: namespace.into(),
                labels,
                kind,
                protocol: Protocol::Http,
            },
            mesh: mesh(),
            version: Version::new(28, 1),
            repeated_headers: RepeatedHeaders::Unclear,
        }),
        normalization: Some(Normalization::Base),
    }
}

/// Namespace `shop` with web (HTTP on 8080), db (TCP on 5432), cart (ambient) and job (no proxy); `other` with api; a
/// gateway in `edge`.
pub(crate) fn facts() -> Facts {
    let service = |namespace: &str, name: &str, ports: Value| {
        let object = json!({
            "metadata": {"namespace": namespace, "name": name},
            "spec": {"selector": {"app": name}, "ports": ports},
        });
        Service::of(&object)
    };
    let names = |list: &[&str]| {
        list.iter()
            .map(|n| (*n).to_owned())
            .collect::<BTreeSet<_>>()
    };
    let account = |namespace: &str, name: &str| (namespace.to_owned(), name.to_owned());
    Facts {
        proposed: true,
        policies: Vec::new(),
        broken: Vec::new(),
        standing: Known::Known(Vec::new()),
        standing_is_whole: Known::Known(()),
        peers: Vec::new(),
        standing_peers: Known::Known(Vec::new()),
        spots: Known::Known(vec![
            spot("shop", "deployment/web", &[("app", "web")]),
            spot("shop", "statefulset/db", &[("app", "db")]),
            of(
                Enforcer::Ztunnel,
                "amb",
                "deployment/cart",
                &[("app", "cart")],
            ),
            of(Enforcer::Nothing, "shop", "job/job", &[("app", "job")]),
            spot("other", "deployment/api", &[("app", "api")]),
            of(Enforcer::Gateway, "edge", "deployment/gw", &[("app", "gw")]),
        ]),
        namespaces: Known::Known(names(&["shop", "other", "edge", "amb", "istio-system"])),
        accounts: Known::Known(vec![
            account("shop", "web"),
            account("shop", "db"),
            account("other", "api"),
        ]),
        services: Services {
            known: Known::Known(vec![
                service(
                    "shop",
                    "web",
                    json!([{"name": "http", "port": 80, "targetPort": 8080}]),
                ),
                service("shop", "db", json!([{"name": "tcp", "port": 5432}])),
                service(
                    "edge",
                    "gw",
                    json!([{"name": "http", "port": 80, "targetPort": 8080}]),
                ),
            ]),
            whole: true,
        },
        listeners: Known::Known(Vec::new()),
        fronted: Known::Known(Vec::new()),
        gateways: Known::Known(BTreeSet::from([account("edge", "public")])),
        revisions: Known::Known(BTreeMap::from([(
            "default".to_owned(),
            Settings {
                mesh: mesh(),
                normalization: Normalization::Base,
            },
        )])),
        ztunnels: Known::Known(vec![Some(Version::new(28, 1))]),
        audit_is_read: Known::Known(false),
        said: Known::Known(Said::default()),
    }
}

/// With this policy, proposed in `shop` under the name `p`; `meta` is merged into its metadata.
pub(crate) fn with(mut facts: Facts, meta: &Value, spec: Value) -> Facts {
    let policy = policy(meta, spec);
    let at = subject("AuthorizationPolicy", &policy.namespace, &policy.name);
    facts = standing(facts, policy.clone());
    facts.policies.push(Judged { at, policy });
    facts
}

pub(crate) fn policy(meta: &Value, spec: Value) -> AuthorizationPolicy {
    let mut object = json!({
        "apiVersion": "security.istio.io/v1", "kind": "AuthorizationPolicy",
        "metadata": {"name": "p", "namespace": "shop"}, "spec": spec,
    });
    for (key, value) in meta.as_object().into_iter().flatten() {
        object["metadata"][key] = value.clone();
    }
    AuthorizationPolicy::from_value(&object).unwrap()
}

/// With a policy that is in force.
pub(crate) fn standing(mut facts: Facts, policy: AuthorizationPolicy) -> Facts {
    if let Known::Known(all) = &mut facts.standing {
        all.push(policy);
    }
    facts
}

/// With a `PeerAuthentication`, judged and in force.
pub(crate) fn peer(mut facts: Facts, namespace: &str, name: &str, spec: &Value) -> Facts {
    let peer = Peer::of(
        subject("PeerAuthentication", namespace, name),
        &json!({"spec": spec}),
    );
    if let Known::Known(all) = &mut facts.standing_peers {
        all.push(peer.clone());
    }
    facts.peers.push(peer);
    facts
}

/// What a check finds, as texts.
pub(crate) fn found(check: &Check, facts: &Facts) -> Vec<String> {
    let told = Told::of(check, facts);
    let text = |hit: &super::check::Hit| {
        let f = &hit.finding;
        let hint = f.hint.as_deref().unwrap_or_default();
        let field = f.field.as_deref().unwrap_or_default();
        format!(
            "{:?} {field}: {} ({}) {hint}",
            f.severity,
            f.message,
            f.evidence.join("; ")
        )
    };
    told.hits.iter().map(text).collect()
}

/// A case of a table: what is judged, and a part of each finding that is wanted.
pub(crate) fn expect(check: &Check, facts: &Facts, want: &[&str], case: &str) {
    let found = found(check, facts);
    assert_eq!(found.len(), want.len(), "{} {case}: {found:#?}", check.code);
    for (found, want) in found.iter().zip(want) {
        assert!(found.contains(want), "{} {case}: {found}", check.code);
    }
}
