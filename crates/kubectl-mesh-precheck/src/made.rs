//! A small healthy mesh for tests, to be changed field by field.

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::STANDARD};
use jiff::SignedDuration;
use mesh_common::mesh::{Customs, Istiod, Known, Mesh, Node, Source, Tap as _, Workload};
use serde_json::Value;

use crate::{
    check::{Check, Verdict},
    facts::{CaSecret, Facts, Installed, Target, Upgrade},
    observe::{Api, Clock, Platform, Watcher, Word},
    rules::Rules,
    support::Support,
    x509::certificates,
};

const HEALTHY: &str = include_str!("made/healthy.yaml");

/// A root certificate, O=cluster.local, from 2024-01-01 to 2034-01-01.
pub(crate) const ROOT: &str = include_str!("made/root.pem");

/// The healthy mesh; certificates are put in where it says so, which keeps them out of the reader's way.
pub(crate) fn healthy() -> String {
    HEALTHY
        .replace("not-a-certificate", &format!("{ROOT:?}"))
        .replace(
            "caBundle: Y2E=",
            &format!("caBundle: {}", STANDARD.encode(ROOT)),
        )
}

/// The mesh of `made/healthy.yaml` on 2025-11-20, and the facts of going to 1.28.1.
pub(crate) fn facts() -> Facts {
    with("")
}

/// The same with further objects.
pub(crate) fn with(objects: &str) -> Facts {
    let healthy = healthy();
    let texts = [healthy.as_str(), objects]
        .into_iter()
        .filter(|t| !t.is_empty());
    let objects: Vec<Value> = texts
        .flat_map(|text| serde_saphyr::from_multiple::<Value>(text).unwrap())
        .collect();
    let rules = Arc::new(Rules::all().unwrap());
    let watcher = Watcher::new(Arc::clone(&rules));
    for object in &objects {
        let (group, _) = object["apiVersion"]
            .as_str()
            .and_then(|v| v.split_once('/'))
            .unwrap_or_default();
        let kind = object["kind"].as_str().unwrap().to_lowercase();
        let plural = match kind.strip_suffix('y') {
            Some(stem) if kind != "gateway" => format!("{stem}ies"),
            _ => format!("{kind}s"),
        };
        let what = format!("{plural}.{group}");
        let what = what.trim_end_matches('.');
        if watcher.wants(what) {
            watcher.see(what, object["kind"].as_str().unwrap(), object);
        }
    }
    let mut mesh = Mesh::from_objects(
        objects,
        "istio-system",
        Source::Live {
            server: "https://127.0.0.1:6443".into(),
            context: Some("prod".into()),
        },
        "2025-11-20T12:00:00Z".parse().unwrap(),
    )
    .unwrap();
    mesh.kubernetes = Known::Known("v1.33.2".into());
    let support = Support::read(None).unwrap();
    let upgrade = Upgrade::of(&mesh, Target::parse("1.28.1"), &support);
    let mut seen = watcher.take();
    let operators = std::mem::take(&mut seen.config.operators);
    Facts {
        mesh,
        seen,
        customs: Customs::default(),
        services: Known::Known(()),
        rules,
        rights: Known::Known(Vec::new()),
        istioctl: Known::Known(Word::NoTarget),
        platform: Platform {
            api: Api {
                unready: Known::Known(Vec::new()),
                unavailable: Known::Known(Vec::new()),
            },
            clock: Known::Known(Clock {
                ahead: SignedDuration::ZERO,
                took: SignedDuration::ZERO,
            }),
            cilium: Known::Known(None),
        },
        upgrade,
        support,
        ca: Known::Known(Some(ca())),
        installed: Installed {
            releases: Known::Known(Vec::new()),
            operators: Known::Known(operators),
        },
    }
}

/// The Secret of a CA that istiod made for itself.
fn ca() -> CaSecret {
    CaSecret {
        name: "istio-ca-secret".into(),
        signing: certificates(ROOT),
        roots: Vec::new(),
        chain: Vec::new(),
        renewed: false,
    }
}

/// A cluster without anything in it.
pub(crate) fn empty() -> Facts {
    let mut facts = facts();
    let source = facts.mesh.source.clone();
    facts.mesh = Mesh::from_objects(Vec::new(), "istio-system", source, facts.mesh.now).unwrap();
    facts.seen = crate::observe::Seen::default();
    facts
}

/// Runs the check of this code among these.
pub(crate) fn run(checks: &[Check], code: &str, facts: &Facts) -> Verdict {
    let check = checks.iter().find(|c| c.code == code).unwrap();
    (check.run)(facts)
}

/// The nodes, to be changed.
pub(crate) fn nodes(facts: &mut Facts) -> &mut Vec<Node> {
    known(&mut facts.mesh.nodes)
}

/// The istiods, to be changed.
pub(crate) fn istiods(facts: &mut Facts) -> &mut Vec<Istiod> {
    known(&mut facts.mesh.istiods)
}

/// The workload of this name, to be changed.
pub(crate) fn workload<'a>(facts: &'a mut Facts, name: &str) -> &'a mut Workload {
    let all = known(&mut facts.mesh.workloads);
    all.iter_mut().find(|w| w.name == name).unwrap()
}

pub(crate) fn known<T>(part: &mut Known<T>) -> &mut T {
    match part {
        Known::Known(value) => value,
        Known::Unknown(gap) => panic!("{} is not known", gap.what),
    }
}
