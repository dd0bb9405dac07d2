//! The table of docs/backup-compared.md is what was measured.

use super::*;

/// Kinds that `kubectl get all` and `kubectl get crd` give, by number of objects.
fn by_kubectl(plugin: &Plugin) -> BTreeMap<String, usize> {
    let mut kinds = BTreeMap::new();
    for line in [
        &["get", "all", "-n", "istio-system", "-o", "json"][..],
        &["get", "crd", "-o", "json"],
    ] {
        let out = plugin.command("kubectl").args(line).output().unwrap();
        assert!(
            out.status.success(),
            "{}",
            String::from_utf8_lossy(&out.stderr)
        );
        let list: Value = serde_json::from_slice(&out.stdout).unwrap();
        for object in list["items"].as_array().unwrap() {
            *kinds
                .entry(object["kind"].as_str().unwrap().to_owned())
                .or_default() += 1;
        }
    }
    kinds
}

#[test]
fn the_table_in_the_docs_is_what_was_measured() {
    let Some(lab) = Lab::get() else { return };
    let plugin = plugin(&lab);
    let file = plugin.dir().join("mesh.tar.zst");
    plugin
        .run(&format!("create {}", file.display()))
        .assert_code(0);
    let (saved, _) = objects(&file);
    let mut ours: BTreeMap<String, usize> = BTreeMap::new();
    for object in saved.values().flat_map(BTreeMap::values) {
        *ours
            .entry(object["kind"].as_str().unwrap().to_owned())
            .or_default() += 1;
    }
    let theirs = by_kubectl(&plugin);
    let mut table = String::from(
        "| kind | `kubectl get all`, `get crd` | `mesh-backup create` |\n|---|---|---|\n",
    );
    let kinds: BTreeSet<&String> = ours.keys().chain(theirs.keys()).collect();
    let count = |of: &BTreeMap<String, usize>, kind: &str| {
        of.get(kind).map_or("-".into(), ToString::to_string)
    };
    for kind in kinds {
        let (left, right) = (count(&theirs, kind), count(&ours, kind));
        writeln!(table, "| {kind} | {left} | {right} |").unwrap();
    }
    let sum = |of: &BTreeMap<String, usize>| of.values().sum::<usize>();
    writeln!(table, "| **all** | {} | {} |", sum(&theirs), sum(&ours)).unwrap();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/backup-compared.md");
    let page = fs::read_to_string(&path).unwrap();
    let (before, rest) = page
        .split_once("<!-- measured -->\n")
        .expect("has the place of the table");
    let (was, after) = rest.split_once("<!-- end -->").expect("has its end");
    if was != table && std::env::var_os("SNAPSHOTS").is_some_and(|v| v == "overwrite") {
        fs::write(
            &path,
            format!("{before}<!-- measured -->\n{table}<!-- end -->{after}"),
        )
        .unwrap();
        return;
    }
    assert_eq!(was, table, "SNAPSHOTS=overwrite writes it anew");
    // What the guide's backup has, ours has.
    for (kind, objects) in &theirs {
        assert!(ours.get(kind).is_some_and(|n| n >= objects), "{kind}");
    }
}
