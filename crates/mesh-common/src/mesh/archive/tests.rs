//! Archives that are whole, and every way in which one is not.

use std::{
    collections::BTreeSet,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

use super::{reader, writer::Writer, *};
use crate::{
    error::Kind,
    mesh::{Why, digest::hex, fold::sample, wire::List},
};

mod forever;
mod hostile;
mod refusals;

use refusals::{manifest_json, pack};

fn manifest() -> Manifest {
    Manifest {
        format_version: FORMAT,
        suite_version: "0.1.0".into(),
        capture_time: sample::NOW.parse().unwrap(),
        cluster_uid: Some("uid".into()),
        kubernetes_version: Some("v1.34.4".into()),
        istio_namespace: "istio-system".into(),
        istio_versions: vec!["1.26.1".into(), "1.28.1".into()],
        notes: vec!["a note".into()],
    }
}

/// The sample mesh as an archive; `skip` leaves lists out, as unread.
fn sample_archive(path: &Path, skip: &[List]) {
    let mut writer = Writer::create(Target::typed(path, false), &manifest()).unwrap();
    for object in sample::objects() {
        let text = |key: &str| object[key].as_str().unwrap();
        let Some(list) = List::of_kind(text("apiVersion"), text("kind")) else {
            continue;
        };
        let api = list.api();
        let meta = &object["metadata"];
        let path = object_path(
            api.group,
            api.resource,
            meta["namespace"].as_str(),
            meta["name"].as_str().unwrap(),
        );
        if !skip.contains(&list) {
            assert!(
                writer
                    .file(path.clone(), object.to_string().as_bytes())
                    .unwrap()
            );
            assert!(!writer.file(path, b"again").unwrap());
        }
    }
    for list in List::EVERY {
        let what = list.api().name();
        if skip.contains(list) {
            writer.unread(Unread {
                detail: format!("may not list {what}"),
                what,
                why: Why::Forbidden,
            });
        } else {
            writer.complete(ReadList {
                what,
                version: "v1".into(),
                namespace: None,
                objects: 0,
                ..ReadList::default()
            });
        }
    }
    writer.finish().unwrap();
}

#[test]
fn what_goes_in_comes_out() {
    let dir = TempDir::new().unwrap();
    for name in ["a.tar.zst", "a.tar.gz", "a.tgz", "a"] {
        let path = dir.path().join(name);
        sample_archive(&path, &[]);
        let mesh = read(&path).unwrap();
        assert!(mesh.source.is_rehearsal());
        assert_eq!(mesh.now, manifest().capture_time);
        assert_eq!(mesh.kubernetes.get().unwrap(), "v1.34.4");
        assert_eq!(mesh.cluster_uid.get().unwrap(), "uid");
        let live = sample::mesh();
        assert_eq!(mesh.workloads, live.workloads);
        assert_eq!(mesh.injectors, live.injectors);
        assert_eq!(mesh.configs, live.configs);
        assert_eq!(mesh.gateways, live.gateways);
        let pod = &mesh.istiods.get().unwrap()[0].pods[0];
        assert_eq!(pod.reported.gap().unwrap().why, Why::NotInArchive);
    }
    let left: BTreeSet<_> = fs::read_dir(dir.path())
        .unwrap()
        .map(|e| e.unwrap().file_name())
        .collect();
    assert_eq!(left.len(), 4, "nothing is left beside them: {left:?}");
    let first = fs::read(dir.path().join("a.tar.zst")).unwrap();
    assert_eq!(first[..4], [0x28, 0xb5, 0x2f, 0xfd]);
}

#[test]
fn what_was_not_read_stays_unknown() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("a.tar.zst");
    sample_archive(&path, &[List::Nodes, List::Jobs]);
    let mesh = read(&path).unwrap();
    let nodes = mesh.nodes.gap().unwrap();
    assert_eq!(nodes.why, Why::Forbidden);
    assert_eq!(nodes.detail, "may not list nodes");
    assert_eq!(mesh.workloads.gap().unwrap().what, "jobs");
    assert!(mesh.istiods.get().is_some());
    let summary = summary(&path, &Plain).unwrap();
    assert_eq!(summary.manifest, manifest());
    assert_eq!(summary.unread.len(), 2);
    assert_eq!(summary.objects["namespaces"][""].objects, 17);
    assert_eq!(summary.objects["deployments.apps"]["payments"].objects, 5);
    assert!(!summary.objects.contains_key("secrets"));
}

#[test]
fn an_index_that_is_silent_about_a_list() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("a");
    let mut index = Index::default();
    let what = |list: List| list.api().name();
    index.lists.push(ReadList {
        what: what(List::Services),
        version: "v1".into(),
        namespace: Some("istio-system".into()),
        objects: 0,
        ..ReadList::default()
    });
    index.lists.push(ReadList {
        what: what(List::Pods),
        version: "v1".into(),
        namespace: Some("istio-system".into()),
        objects: 0,
        ..ReadList::default()
    });
    pack(&path, &[("manifest.json", manifest_json())], Some(&index));
    let mesh = read(&path).unwrap();
    assert!(mesh.services.get().is_some());
    let workloads = mesh.workloads.gap().unwrap();
    assert_eq!(workloads.why, Why::NotInArchive);
    assert!(
        workloads.detail.contains("the archive holds no pods"),
        "{workloads:?}"
    );
    assert_eq!(mesh.crds.gap().unwrap().why, Why::NotInArchive);
}

#[test]
fn an_archive_there_is_not_replaced_unasked() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("a.tar.zst");
    sample_archive(&path, &[]);
    let refused = Writer::create(Target::typed(&path, false), &manifest()).unwrap_err();
    assert_eq!(refused.kind(), Kind::Refused);
    let replacing = Writer::create(Target::typed(&path, true), &manifest()).unwrap();
    let before = fs::read(&path).unwrap();
    drop(replacing);
    assert_eq!(
        fs::read(&path).unwrap(),
        before,
        "an interrupted one changes nothing"
    );
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    let none = Writer::create(Target::typed(&dir.path().join("no/a"), false), &manifest());
    assert!(
        none.unwrap_err()
            .to_string()
            .starts_with("cannot write into")
    );
}

#[test]
fn paths_any_file_system_takes() {
    for (group, resource, namespace, name, want) in [
        ("", "pods", Some("a"), "b", "objects/core/pods/a/b.json"),
        (
            "apps",
            "deployments",
            Some("a"),
            "b.c",
            "objects/apps/deployments/a/b.c.json",
        ),
        ("", "nodes", None, "n", "objects/core/nodes/_cluster/n.json"),
        (
            "g",
            "r",
            None,
            "system:Node",
            "objects/g/r/_cluster/system%3A%4Eode.json",
        ),
        (
            "g",
            "r",
            Some("con"),
            "aux.x",
            "objects/g/r/%63on/%61ux.x.json",
        ),
        ("g", "r", None, "..", "objects/g/r/_cluster/%2E%2E.json"),
        (
            "g",
            "r",
            None,
            "ü/\n",
            "objects/g/r/_cluster/%C3%BC%2F%0A.json",
        ),
    ] {
        let path = object_path(group, resource, namespace, name);
        assert_eq!(path, want);
        assert!(format::is_plain(&path));
    }
    let long = "x".repeat(253);
    let other = format!("{}y", "x".repeat(252));
    let path = object_path(
        "gateway.networking.k8s.io",
        "r",
        Some(&"n".repeat(63)),
        &long,
    );
    assert_ne!(
        path,
        object_path(
            "gateway.networking.k8s.io",
            "r",
            Some(&"n".repeat(63)),
            &other
        )
    );
    for segment in path.split('/') {
        assert!(segment.len() <= 100, "{segment}");
    }
    let odd = object_path(
        &"é".repeat(200),
        &"é".repeat(99),
        Some(&"é".repeat(99)),
        &"é".repeat(99),
    );
    let mut header = tar::Header::new_ustar();
    header.set_path(&odd).unwrap();
    assert!(format::is_plain(&odd));
}

// === Archives made by others ===

/// What the reader says of a manifest: one line, or the manifest, which can be written again.
fn manifest_said(json: &[u8]) -> Result<Manifest, String> {
    let said = super::manifest_of(json);
    match &said {
        Ok(manifest) => {
            let again = serde_json::to_vec(manifest).unwrap();
            assert_eq!(super::manifest_of(&again).as_ref(), Ok(manifest));
        }
        Err(why) => {
            assert_eq!(why.lines().count(), 1, "{why:?}");
            assert!(why.len() < 1000 && !why.chars().any(char::is_control));
        }
    }
    said
}
