//! A small healthy mesh for tests, to be changed field by field.

use jiff::SignedDuration;
use mesh_common::mesh::{Istiod, Known, Mesh, Node, Source, Tap as _, Workload};
use serde_json::Value;

use crate::{
    check::{Check, Verdict},
    facts::{Facts, Target, Upgrade},
    observe::{Api, Clock, Platform, Watcher},
    support::Support,
};

const HEALTHY: &str = include_str!("made/healthy.yaml");

/// The mesh of `made/healthy.yaml` on 2025-11-20, and the facts of going to 1.28.1.
pub(crate) fn facts() -> Facts {
    with("")
}

/// The same with further objects.
pub(crate) fn with(objects: &str) -> Facts {
    let texts = [HEALTHY, objects].into_iter().filter(|t| !t.is_empty());
    let objects: Vec<Value> = texts
        .flat_map(|text| serde_saphyr::from_multiple::<Value>(text).unwrap())
        .collect();
    let watcher = Watcher::default();
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
            watcher.see(what, object);
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
    Facts {
        mesh,
        seen: watcher.into_seen(),
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
    }
}

/// A cluster without anything in it.
pub(crate) fn empty() -> Facts {
    let mut facts = facts();
    let source = facts.mesh.source.clone();
    facts.mesh = Mesh::from_objects(Vec::new(), "istio-system", source, facts.mesh.now).unwrap();
    facts.seen = Watcher::default().into_seen();
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
