//! The archives in `examples/`: whole, readable, and worth what the README promises of them.

use std::{
    path::PathBuf,
    process::{Command, Output},
};

use mesh_common::mesh::{Known, archive};

/// From the root of the workspace, as a reader of the README would.
fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn file(name: &str) -> PathBuf {
    root().join("examples").join(name)
}

fn plugin(binary: &str, args: &[&str]) -> Output {
    let binary = mesh_testkit::plugin(binary);
    Command::new(&binary)
        .args(args)
        .current_dir(root())
        // No cluster and nobody's settings: a rehearsal needs neither.
        .env_clear()
        .output()
        .unwrap_or_else(|e| {
            panic!(
                "{}: {e}; cargo build --workspace --bins makes it, and cargo xtask test does so",
                binary.display()
            )
        })
}

fn state<'a>(plan: &'a serde_json::Value, gate: &str) -> Option<&'a str> {
    let gates = plan["gates"].as_array()?;
    gates.iter().find(|g| g["id"] == gate)?["verdict"].as_str()
}

#[test]
fn both_are_whole_small_and_of_their_time() {
    for (name, captured, istiods) in [
        ("shop-trouble.tar.zst", "2026-11-21T04:40:00Z", 1),
        ("shop-ready.tar.zst", "2026-11-24T04:40:00Z", 2),
    ] {
        let path = file(name);
        let summary =
            archive::summary(&path, &archive::Plain).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert!(summary.size < 300 * 1024, "{name}: {} bytes", summary.size);
        assert_eq!(summary.manifest.capture_time.to_string(), captured);
        assert!(
            summary.manifest.notes[0]
                .starts_with(&format!("the capture time was set to {captured}"))
        );
        assert!(summary.unread.is_empty(), "{name}: {:?}", summary.unread);

        let mesh = archive::read(&path).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(mesh.now.to_string(), captured);
        let Known::Known(all) = &mesh.istiods else {
            panic!("{name}: istiods are not known")
        };
        let pods: Vec<usize> = all.iter().map(|i| i.pods.len()).collect();
        assert_eq!(pods, [istiods, istiods], "{name}");
    }
}

#[test]
fn nothing_of_the_machine_that_made_them_is_inside() {
    for name in ["shop-trouble.tar.zst", "shop-ready.tar.zst"] {
        let kinds = archive::summary(&file(name), &archive::Plain)
            .unwrap()
            .objects;
        let strange: Vec<_> = kinds
            .keys()
            .filter(|k| *k == "secrets" || k.contains("kwok"))
            .collect();
        assert!(strange.is_empty(), "{name}: {strange:?}");
        let mesh = archive::read(&file(name)).unwrap();
        let raw = mesh.raw().unwrap();
        for object in raw.mutating.iter().chain(&raw.services) {
            let made = object["metadata"]["creationTimestamp"].as_str().unwrap();
            assert!(made.starts_with("2026-11-21T0"), "{name}: {object}");
        }
    }
}

#[test]
fn ready_is_open() {
    let out = plugin(
        "kubectl-mesh_tag",
        &["promote", "stable", "--from", "examples/shop-ready.tar.zst"],
    );
    let text = String::from_utf8_lossy(&out.stdout);
    assert_eq!(out.status.code(), Some(0), "{text}");
    for line in [
        "Move tag stable from 1-26-1 (1.26.1) to 1-28-1 (1.28.1)",
        "Changes at next restart",
        "Rolls now",
        "kubectl mesh-tag rollback stable",
    ] {
        assert!(text.contains(line), "no {line:?} in\n{text}");
    }
}

#[test]
fn trouble_is_refused_for_its_istiod_and_its_age() {
    let args = [
        "promote",
        "stable",
        "--from",
        "examples/shop-trouble.tar.zst",
    ];
    let out = plugin("kubectl-mesh_tag", &args);
    let text = format!(
        "{}{}",
        String::from_utf8_lossy(&out.stdout),
        String::from_utf8_lossy(&out.stderr)
    );
    assert_eq!(out.status.code(), Some(2), "{text}");
    assert!(
        text.contains("1 of 1 istiod of 1-28-1 ready, 2 wanted"),
        "{text}"
    );
    assert!(text.contains("48 h wanted: 47 h"), "{text}");

    let json = plugin("kubectl-mesh_tag", &[&args[..], &["-o", "json"]].concat());
    let plan: serde_json::Value = serde_json::from_slice(&json.stdout).expect("one JSON document");
    for (gate, want) in [
        ("ready", "closed"),
        ("bake", "closed"),
        ("overlap", "open"),
        ("same-mesh", "open"),
        ("way-back", "open"),
    ] {
        assert_eq!(state(&plan, gate), Some(want), "{gate}");
    }
}
