//! The sample mesh and records, for tests of this plugin's screens.

use std::sync::OnceLock;

use mesh_common::{
    journal::{Action, Record, State},
    mesh::{Gap, Mesh, Source, Why},
    output::{Format, OutputArgs, Printer, Report},
};
use serde_json::Value;

/// When the sample is looked at: some hours after it was captured.
pub(crate) const NOW: &str = "2026-11-21T08:00:00Z";

/// The objects of the sample mesh, with CA bundles that are certificates by their looks.
pub(crate) fn objects() -> &'static [Value] {
    static OBJECTS: OnceLock<Vec<Value>> = OnceLock::new();
    OBJECTS.get_or_init(|| {
        let dir = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/data/sample-mesh");
        let files = std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().path());
        let mut files: Vec<_> = files
            .filter(|p| p.extension().is_some_and(|e| e == "yaml"))
            .collect();
        files.sort();
        let certificate =
            "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1BQUEKLS0tLS1FTkQgQ0VSVElGSUNBVEUtLS0tLQo=";
        let text = |p| std::fs::read_to_string(p).unwrap();
        files
            .iter()
            .map(|p| text(p).replace("LS0tLS1CRUdJTi0tLS0t", certificate))
            .flat_map(|text| serde_saphyr::from_multiple::<Value>(&text).unwrap())
            .flat_map(|mut d| match d["items"].take() {
                Value::Array(items) => items,
                _ => vec![d],
            })
            .collect()
    })
}

pub(crate) fn mesh_of(objects: impl IntoIterator<Item = Value>) -> Mesh {
    let source = Source::Live {
        server: "https://127.0.0.1:6443".into(),
        context: Some("shop".into()),
    };
    Mesh::from_objects(objects, "istio-system", source, NOW.parse().unwrap()).unwrap()
}

pub(crate) fn sample() -> Mesh {
    mesh_of(objects().iter().cloned())
}

/// The sample after an edit of every webhook configuration and Service of this name.
pub(crate) fn edited(name: &str, edit: impl Fn(&mut Value)) -> Mesh {
    let mut objects = objects().to_vec();
    let named = objects
        .iter_mut()
        .filter(|o| o["metadata"]["name"] == name && o["kind"] != "ConfigMap");
    let mut edits = 0;
    for object in named {
        edit(object);
        edits += 1;
    }
    assert!(edits > 0, "no {name}");
    mesh_of(objects)
}

/// As `edited`, of a second object with another name.
pub(crate) fn doubled(name: &str, as_name: &str, edit: impl Fn(&mut Value)) -> Mesh {
    let mut objects = objects().to_vec();
    let one = objects.iter().find(|o| o["metadata"]["name"] == name);
    let mut twin = one.unwrap().clone();
    twin["metadata"]["name"] = as_name.into();
    edit(&mut twin);
    objects.push(twin);
    mesh_of(objects)
}

pub(crate) fn gap(what: &str, why: Why) -> Gap {
    Gap {
        what: what.into(),
        why,
        detail: format!("may not list {what}"),
    }
}

pub(crate) fn record(action: Action, tag: Option<&str>, state: State) -> Record {
    Record {
        api_version: "kubectl-mesh/v1alpha1".into(),
        kind: "Operation".into(),
        id: "20261121-061502-promote-stable-4f2a".into(),
        action,
        tag: tag.map(str::to_owned),
        from: Some("1-26-1".into()),
        to: Some("1-28-1".into()),
        undoes: None,
        cluster_uid: "uid".into(),
        istio_namespace: "istio-system".into(),
        user: "jane".into(),
        version: "0.1.0".into(),
        istioctl: None,
        started: "2026-11-21T06:15:02Z".parse().unwrap(),
        child_deadline: "2026-11-21T06:16:02Z".parse().unwrap(),
        finished: None,
        state,
        waivers: Vec::new(),
        gates: Vec::new(),
        outcome: String::new(),
        images: Vec::new(),
        policies: Vec::new(),
        files: None,
    }
}

pub(crate) fn shown(report: &dyn Report, printer: &Printer, output: Format) -> String {
    let full = false;
    printer.print(&OutputArgs { output, full }, report).unwrap();
    printer.captured().0
}
