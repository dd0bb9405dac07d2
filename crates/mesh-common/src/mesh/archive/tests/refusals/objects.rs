//! Archives whose objects are not what their names say, or come twice.

use super::*;

#[test]
fn refused_for_what_documents_say() {
    let bench = Bench::new();
    let path = bench.path();
    let with = |manifest: Value| [("manifest.json", manifest.to_string().into_bytes())];
    pack(
        &path,
        &with(json!({"formatVersion": 7, "everythingElse": "is new"})),
        Some(&Index::default()),
    );
    bench.refuses("it is of format 7, and this version of the suite reads formats up to 1");
    pack(
        &path,
        &with(json!({"formatVersion": "x"})),
        Some(&Index::default()),
    );
    assert!(refusal(&path).contains("its manifest cannot be read"));
    pack(
        &path,
        &with(json!({"formatVersion": 1})),
        Some(&Index::default()),
    );
    assert!(refusal(&path).contains("its manifest cannot be read"));
    let mut tar = tar_of(&[("manifest.json", manifest_json())], None);
    tar.truncate(tar.len() - 1024);
    let mut builder = tar::Builder::new(Vec::new());
    builder
        .append(
            &header("index.json", 3, tar::EntryType::Regular),
            &b"{x}"[..],
        )
        .unwrap();
    tar.extend(builder.into_inner().unwrap());
    zstd_file(&path, &tar);
    assert!(refusal(&path).contains("its index cannot be read"));

    let garbage = [
        ("manifest.json", manifest_json()),
        (POD, b"\x00\x01 not json".to_vec()),
    ];
    pack(&path, &garbage, Some(&Index::default()));
    bench.refuses("objects/core/pods/a/b.json is not JSON");

    // JSON of another shape is a kind that we cannot read, and the rest of the archive is as good as it was.
    let mut odd: Value = serde_json::from_slice(&pod()).unwrap();
    odd["spec"] = json!({ "containers": 7 });
    let misfit = [
        ("manifest.json", manifest_json()),
        (POD, odd.to_string().into_bytes()),
    ];
    pack(&path, &misfit, Some(&Index::default()));
    let mesh = read(&path).unwrap();
    let gap = mesh.workloads.gap().unwrap();
    assert!(gap.detail.contains("cannot be read"), "{gap:?}");
}

#[test]
fn refused_for_objects_that_stand_in_anothers_place() {
    let bench = Bench::new();
    let path = bench.path();
    let object = |api: &str, kind: &str, namespace: Value, name: Value| json!({ "apiVersion": api, "kind": kind, "metadata": { "namespace": namespace, "name": name } });
    let a_b = |api, kind| object(api, kind, "a".into(), "b".into());
    for (one, want) in [
        (
            object("v1", "Pod", "a".into(), "c".into()),
            format!("{OTHER}Pod c in a of v1"),
        ),
        (
            object("v1", "Pod", "z".into(), "b".into()),
            format!("{OTHER}Pod b in z of v1"),
        ),
        (
            object("v1", "Pod", Value::Null, "b".into()),
            format!("{OTHER}Pod b of v1"),
        ),
        (
            a_b("apps/v1", "Pod"),
            format!("{OTHER}Pod b in a of apps/v1"),
        ),
        (
            object("v1", "Pod\u{1b}[2J", "a".into(), "c".into()),
            format!("{OTHER}Pod c in a of v1"),
        ),
        (
            object("v1", "Pod", "a".into(), 7.into()),
            "does not say what it is".into(),
        ),
        (
            json!({ "kind": "Pod", "metadata": { "name": "b" } }),
            "does not say what it is".into(),
        ),
        (json!([]), "does not say what it is".into()),
    ] {
        let entries = [
            ("manifest.json", manifest_json()),
            (POD, one.to_string().into_bytes()),
        ];
        pack(&path, &entries, Some(&Index::default()));
        bench.refuses(&want);
    }

    // A Role under the name of a pod: the resource is told by what the others of it are, and the other way round.
    let second = object("v1", "Secret", "a".into(), "c".into());
    let entries = [
        ("manifest.json", manifest_json()),
        (POD, pod()),
        (SECOND, second.to_string().into_bytes()),
    ];
    pack(&path, &entries, Some(&Index::default()));
    bench.refuses("objects/core/pods/a/c.json holds another object: Secret c in a of v1");
}

#[test]
fn refused_for_one_object_under_two_paths() {
    let bench = Bench::new();
    let path = bench.path();
    for (second, want) in [
        (
            "objects/core/services/a/b.json",
            "holds another object: Pod b in a of v1",
        ),
        (
            "objects/core/pods/a/B.json",
            "holds another object: Pod b in a of v1",
        ),
        (
            "objects/core/pods/_cluster/b.json",
            "holds another object: Pod b in a of v1",
        ),
        (
            "objects/core/pods/a/%62.json",
            "holds another object: Pod b in a of v1",
        ),
    ] {
        let entries = [
            ("manifest.json", manifest_json()),
            (POD, pod()),
            (second, pod()),
        ];
        pack(&path, &entries, Some(&Index::default()));
        bench.refuses(want);
    }
}
