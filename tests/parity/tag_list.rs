//! `kubectl mesh-tag list -o json` against `istioctl tag list -o json`: every recorded version, on the same state.
//!
//! The state of each recording is put together from recorded objects, written as an archive and given to the
//! built plugin by `--from`. Where the two differ, the difference is in [`DIFFERENCES`] with its reason; any
//! other fails, and so does one that is listed and does not occur.

#![allow(clippy::unwrap_used, reason = "a test: what fails here fails it")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use flate2::{Compression, write::GzEncoder};
use mesh_common::{
    istioctl::TagEntry,
    mesh::{archive::object_path, wire::List},
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

mod differences;

use differences::{ALL, DIFFERENCES};

#[test]
fn the_same_tags_as_every_recorded_istioctl() {
    let dir = tempfile::tempdir().unwrap();
    let archive = dir.path().join("state.tar.gz");
    let (mut compared, mut used) = (0, BTreeSet::new());
    for version in ALL {
        for case in cases(version) {
            let Some(state) = state(&case, version) else {
                // Nothing was listed: these end with an error, without a state to compare on.
                assert!(
                    matches!(&*case, "forbidden-nobody" | "unreachable-cluster"),
                    "{case}"
                );
                continue;
            };
            write(&archive, &state);
            let (ours, theirs) = (ours(&archive), theirs(version, &case));
            let difference = DIFFERENCES
                .iter()
                .position(|d| d.versions.contains(version) && d.case == case);
            used.extend(difference);
            let (only_ours, only_theirs, why) = difference
                .map(|at| &DIFFERENCES[at])
                .map_or((&[][..], &[][..], "none is listed"), |d| {
                    (d.ours, d.theirs, d.why)
                });
            let only = |a: &BTreeSet<String>, b| a.difference(b).cloned().collect::<Vec<_>>();
            let at = format!("{version} {case}; listed difference: {why}");
            assert_eq!(only(&ours, &theirs), only_ours, "only ours: {at}");
            assert_eq!(only(&theirs, &ours), only_theirs, "only theirs: {at}");
            compared += 1;
        }
    }
    assert_eq!(compared, 35, "eleven cases of 1.20.8, twelve of the others");
    assert_eq!(
        used.len(),
        DIFFERENCES.len(),
        "a difference is listed that is none"
    );
}

/// What the plugin says of an archive, mapped to rows of istioctl. This mapping is documented for users who
/// come from `istioctl tag list -o json`: `.rows[] | {tag, revision: .revisions[], namespaces: .namespaces.known}`.
fn ours(archive: &Path) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO_BIN_EXE_kubectl-mesh_tag"))
        .args(["list", "-o", "json", "--from"])
        .arg(archive)
        .env_clear()
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{stderr}");
    let list: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(list["kind"], "TagList");
    let mut entries = Vec::new();
    for row in list["rows"].as_array().unwrap() {
        for revision in row["revisions"].as_array().unwrap() {
            entries.push(TagEntry {
                tag: row["tag"].as_str().unwrap_or_default().to_owned(),
                revision: revision.as_str().unwrap().to_owned(),
                namespaces: serde_json::from_value(row["namespaces"]["known"].clone()).unwrap(),
            });
        }
    }
    lines(entries)
}

/// What istioctl printed. It prints a sentence where there is none.
fn theirs(version: &str, case: &str) -> BTreeSet<String> {
    let dir = recordings()
        .join(version)
        .join(format!("tag-list-json-{case}"));
    let text = |file: &str| fs::read_to_string(dir.join(file)).unwrap();
    assert_eq!(text("exit").trim(), "0", "{version} {case}");
    let stdout = text("stdout");
    if !stdout.starts_with('[') {
        assert!(
            stdout.starts_with("No Istio revision tag"),
            "{version} {case}"
        );
        return BTreeSet::new();
    }
    lines(serde_json::from_str(&stdout).unwrap())
}

/// Sets, not lists: we sort by tag; istioctl from 1.22 on by revision, before by the webhooks' names.
fn lines(entries: Vec<TagEntry>) -> BTreeSet<String> {
    let count = entries.len();
    let line = |e: TagEntry| {
        let tag = if e.tag.is_empty() { "-" } else { &e.tag };
        format!("{tag} {} {}", e.revision, e.namespaces.join(","))
    };
    let lines: BTreeSet<String> = entries.into_iter().map(line).collect();
    assert_eq!(lines.len(), count, "a row is there twice");
    lines
}

fn recordings() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/istioctl-recordings")
}

fn cases(version: &str) -> Vec<String> {
    let names = fs::read_dir(recordings().join(version)).unwrap();
    let mut names: Vec<String> = names
        .filter_map(|e| {
            let name = e.unwrap().file_name().into_string().unwrap();
            name.strip_prefix("tag-list-json-").map(str::to_owned)
        })
        .collect();
    names.sort();
    names
}

// The states, as each recording's note.md describes its own.

type Objects = Vec<Value>;

fn state(case: &str, version: &str) -> Option<Objects> {
    let untagged = || with(shop(), "states/two-revisions-no-tag.yaml");
    let unrevisioned = || with(shop(), "states/unrevisioned-and-two-revisions.yaml");
    let two_tags = || {
        with(
            shop(),
            &format!("states/two-revisions-two-tags-by-{version}.yaml"),
        )
    };
    // What the same istioctl was recorded to write.
    let set = |state, case: &str| with(state, &format!("{version}/{case}/after.yaml"));
    Some(match case {
        "no-istio" => Vec::new(),
        "two-untagged" | "forbidden-reader" => untagged(),
        "untagged-revision" => {
            let mut state = untagged();
            state.retain(|o| o["metadata"]["labels"]["istio.io/rev"] != "1-28-1");
            state
        }
        "unrevisioned-and-two" => unrevisioned(),
        "two-tags" => two_tags(),
        "both-tags-one-revision" => set(two_tags(), "tag-set-existing-overwrite"),
        "default-tag" => set(untagged(), "tag-set-default-no-unrevisioned"),
        "default-after-unrevisioned" => set(unrevisioned(), "tag-set-default-unrevisioned-no-yes"),
        "revision-service-without-webhook" => {
            let mut state = untagged();
            state.push(service("istiod-1-29-0", "1-29-0", None));
            state
        }
        "mesh" => mesh(),
        "service-of-tag-without-webhook" => {
            let mut state = mesh();
            state.push(service(
                "istiod-revision-tag-spare",
                "1-26-1",
                Some("spare"),
            ));
            state
        }
        "forbidden-nobody" | "unreachable-cluster" => return None,
        other => panic!("no state for case {other}"),
    })
}

/// The namespaces of the recordings that are not of the sample mesh.
fn shop() -> Objects {
    let namespace = |(name, label, value): (&str, &str, &str)| {
        json!({
            "apiVersion": "v1", "kind": "Namespace",
            "metadata": { "name": name, "labels": { label: value } },
        })
    };
    [
        ("payments", "istio.io/rev", "stable"),
        ("orders", "istio.io/rev", "stable"),
        ("staging", "istio.io/rev", "canary"),
        ("legacy", "istio-injection", "enabled"),
    ]
    .map(namespace)
    .to_vec()
}

/// The sample mesh with all it holds.
fn mesh() -> Objects {
    let dir = recordings().join("../sample-mesh");
    let files = fs::read_dir(&dir).unwrap().map(|e| e.unwrap().path());
    let yaml = files.filter(|p| p.extension().is_some_and(|e| e == "yaml"));
    yaml.flat_map(|p| documents(&p)).collect()
}

fn service(name: &str, revision: &str, tag: Option<&str>) -> Value {
    let mut labels = json!({ "app": "istiod", "istio.io/rev": revision });
    if let Some(tag) = tag {
        labels["istio.io/tag"] = tag.into();
    }
    json!({
        "apiVersion": "v1", "kind": "Service",
        "metadata": { "name": name, "namespace": "istio-system", "labels": labels },
        "spec": { "selector": { "app": "istiod", "istio.io/rev": revision } },
    })
}

/// A state with the objects of a file put in, in the place of those of the same name.
fn with(mut state: Objects, file: &str) -> Objects {
    for object in documents(&recordings().join(file)) {
        let same = |o: &Value| {
            o["kind"] == object["kind"] && o["metadata"]["name"] == object["metadata"]["name"]
        };
        state.retain(|o| !same(o));
        state.push(object);
    }
    state
}

fn documents(file: &Path) -> Objects {
    let text = fs::read_to_string(file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    let documents: Objects = serde_saphyr::from_multiple(&text).unwrap();
    documents
        .into_iter()
        .flat_map(|mut d| match d["items"].take() {
            Value::Array(items) => items,
            _ => vec![d],
        })
        .collect()
}

/// Writes an archive that holds these objects, and in which every other list is known to be empty.
fn write(file: &Path, objects: &[Value]) {
    let manifest = json!({
        "formatVersion": 1,
        "captureTime": "2026-11-21T08:00:00Z",
        "clusterUid": "uid",
        "istioNamespace": "istio-system",
    });
    let mut entries = vec![("manifest.json".to_owned(), manifest)];
    let mut counts = BTreeMap::<String, usize>::new();
    for object in objects {
        let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
        let (version, kind) = (text(&object["apiVersion"]), text(&object["kind"]));
        let Some(list) = List::of_kind(&version, &kind) else {
            continue;
        };
        let (api, metadata) = (list.api(), &object["metadata"]);
        let (namespace, name) = (metadata["namespace"].as_str(), text(&metadata["name"]));
        entries.push((
            object_path(api.group, api.resource, namespace, &name),
            object.clone(),
        ));
        *counts.entry(api.name()).or_default() += 1;
    }
    let files: Vec<Value> = entries
        .iter()
        .map(|(path, content)| {
            let bytes = serde_json::to_vec(content).unwrap();
            let sha256 = hex(&Sha256::digest(&bytes));
            json!({ "path": path, "size": bytes.len(), "sha256": sha256 })
        })
        .collect();
    let list = |list: &List| {
        let (name, version) = (list.api().name(), list.api().versions[0]);
        let objects = counts.get(&name).copied().unwrap_or_default();
        json!({ "what": name, "version": version, "objects": objects })
    };
    let lists: Vec<Value> = List::EVERY.iter().map(list).collect();
    let index = json!({ "files": files, "lists": lists, "unread": [] });
    entries.push(("index.json".to_owned(), index));

    let file = fs::File::create(file).unwrap();
    let mut tar = tar::Builder::new(GzEncoder::new(file, Compression::fast()));
    for (path, content) in entries {
        let bytes = serde_json::to_vec(&content).unwrap();
        let mut header = tar::Header::new_ustar();
        header.set_path(path).unwrap();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        tar.append(&header, bytes.as_slice()).unwrap();
    }
    tar.into_inner().unwrap().finish().unwrap();
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::new(), |text, b| format!("{text}{b:02x}"))
}
