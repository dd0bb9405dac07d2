use std::{
    fs,
    path::{Path, PathBuf},
};

use mesh_common::journal::image::essence;
use serde::de::DeserializeOwned;

use super::*;

fn recordings() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/istioctl-recordings")
}

fn documents(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap_or_default();
    text.split("\n---\n")
        .filter(|d| !d.trim().is_empty())
        .map(|d| parse(d, path))
        .filter(|d: &Value| d.is_object())
        .collect()
}

fn parse<T: DeserializeOwned>(text: &str, path: &Path) -> T {
    serde_saphyr::from_str(text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// Later objects replace earlier ones of their name.
fn live(objects: Vec<Value>) -> Raw {
    let mut last: Vec<Value> = Vec::new();
    for object in objects {
        last.retain(|o| {
            o["kind"] != object["kind"] || o["metadata"]["name"] != object["metadata"]["name"]
        });
        last.push(object);
    }
    Raw::of(last)
}

/// The state a case started from: the file its note names, with the case's own `before.yaml` over it.
fn state(case: &Path) -> Option<Raw> {
    let note = fs::read_to_string(case.join("note.md")).ok()?;
    let before = documents(&case.join("before.yaml"));
    let base = if let Some(start) = note.find("states/") {
        let name: String = note[start + 7..]
            .chars()
            .take_while(|c| !c.is_whitespace())
            .collect();
        name.trim_end_matches('.').to_owned()
    } else if note.contains("un-revisioned install of 1.20.8") {
        "unrevisioned-and-two-revisions.yaml".into()
    } else if note.contains("In the sample mesh") {
        "sample-mesh.yaml".into()
    } else {
        "two-revisions-no-tag.yaml".into()
    };
    let mut objects = documents(&recordings().join("states").join(base));
    objects.extend(before);
    Some(live(objects))
}

/// `(version, case, args)` of every recorded `tag set` or `tag remove` that changed something.
fn mutations(verb: &str) -> Vec<(String, PathBuf, Vec<String>)> {
    let mut found = Vec::new();
    for version in ["1.20.8", "1.26.1", "1.28.1"] {
        for entry in fs::read_dir(recordings().join(version)).expect("recordings are there") {
            let case = entry.unwrap().path();
            let args: Vec<String> = fs::read_to_string(case.join("args"))
                .unwrap_or_default()
                .lines()
                .map(str::to_owned)
                .collect();
            let changed = fs::read(case.join("after.yaml")).unwrap_or_default()
                != fs::read(case.join("before.yaml")).unwrap_or_default();
            let ok = fs::read_to_string(case.join("exit")).is_ok_and(|e| e.trim() == "0");
            if args.first().is_some_and(|a| a == "tag")
                && args.get(1).is_some_and(|a| a == verb)
                && ok
                && changed
            {
                found.push((version.to_owned(), case, args));
            }
        }
    }
    found.sort();
    found
}

fn minor(version: &str) -> u64 {
    version.split('.').nth(1).unwrap().parse().unwrap()
}

#[test]
fn every_recorded_tag_set_is_what_we_would_have_planned() {
    let mut compared = 0;
    for (version, case, args) in mutations("set") {
        // A second webhook for a tag that has one: we never ask for that.
        if args.iter().any(|a| a == "other-hook") {
            continue;
        }
        let name = format!("{version}/{}", case.file_name().unwrap().to_string_lossy());
        let mut before = state(&case).unwrap();
        let after = live(documents(&case.join("after.yaml")));
        let revision = &args[args.iter().position(|a| a == "--revision").unwrap() + 1];
        if let Some(at) = args.iter().position(|a| a == "--webhook-name") {
            // As if the tag had been made under that name before.
            before.mutating.push(
                after
                    .get(&Key::cluster(
                        Kind::MutatingWebhookConfiguration,
                        &args[at + 1],
                    ))
                    .unwrap()
                    .clone(),
            );
        }
        let plan = tag_set(&before, "istio-system", &args[2], revision, minor(&version))
            .unwrap_or_else(|e| panic!("{name}: {e}"));
        for image in plan.images {
            let want = after.get(&image.key);
            let Some(want) = want else {
                assert!(
                    !image.changes(),
                    "{name}: we plan a change of {} that was none",
                    image.key
                );
                continue;
            };
            let planned = image.planned.unwrap();
            assert_eq!(
                essence(image.key.kind, &planned),
                essence(image.key.kind, want),
                "{name}: {}",
                image.key
            );
            compared += 1;
        }
        // And nothing else changed.
        let planned: Vec<Key> =
            tag_set(&before, "istio-system", &args[2], revision, minor(&version))
                .unwrap()
                .images
                .into_iter()
                .map(|i| i.key)
                .collect();
        for (objects, kind) in [
            (&after.mutating, Kind::MutatingWebhookConfiguration),
            (&after.validating, Kind::ValidatingWebhookConfiguration),
            (&after.services, Kind::Service),
        ] {
            for object in objects {
                let name_ = object["metadata"]["name"].as_str().unwrap();
                assert!(
                    planned.iter().any(|k| k.kind == kind && k.name == name_),
                    "{name}: {name_} changed and we did not plan it"
                );
            }
        }
    }
    assert!(compared > 40, "only {compared} objects were compared");
}

#[test]
fn every_recorded_tag_remove_is_what_we_would_have_planned() {
    let mut compared = 0;
    for (version, case, args) in mutations("remove") {
        let name = format!("{version}/{}", case.file_name().unwrap().to_string_lossy());
        let before = state(&case).unwrap();
        let after = live(documents(&case.join("after.yaml")));
        let gone: Vec<String> = documents(&case.join("before.yaml"))
            .iter()
            .filter(|o| {
                let name = &o["metadata"]["name"];
                ![&after.mutating, &after.validating, &after.services]
                    .iter()
                    .any(|of| {
                        of.iter()
                            .any(|a| a["metadata"]["name"] == *name && a["kind"] == o["kind"])
                    })
            })
            .map(|o| o["metadata"]["name"].as_str().unwrap().to_owned())
            .collect();
        let mut planned: Vec<String> =
            tag_remove(&before, "istio-system", &args[2], minor(&version))
                .into_iter()
                .map(|i| i.key.name)
                .collect();
        let mut gone = gone;
        gone.sort();
        planned.sort();
        assert_eq!(planned, gone, "{name}");
        compared += 1;
    }
    assert!(compared >= 9, "only {compared} removals were compared");
}

#[test]
fn names_follow_the_istio_namespace() {
    assert_eq!(
        webhook_name("stable", "istio-system"),
        "istio-revision-tag-stable"
    );
    assert_eq!(
        webhook_name("stable", "mesh"),
        "istio-revision-tag-stable-mesh"
    );
    assert_eq!(istiod_service("default"), "istiod");
    assert_eq!(istiod_service("1-28-1"), "istiod-1-28-1");
}

#[test]
fn a_revision_without_an_injector_is_an_error_not_a_panic() {
    // istioctl 1.28.1 panics here (recording tag-set-revision-service-without-webhook).
    let error = tag_set(&Raw::default(), "istio-system", "prod", "1-29-0", 28).unwrap_err();
    assert!(error.to_string().contains("1-29-0 has no injector"));
}

#[test]
fn the_recorded_un_revisioned_injector_is_what_its_chart_writes() {
    let raw = live(documents(
        &recordings().join("states/unrevisioned-and-two-revisions.yaml"),
    ));
    let own = raw
        .injector_of(DEFAULT)
        .expect("an un-revisioned install is recorded");
    let kind = Kind::MutatingWebhookConfiguration;
    assert_eq!(
        essence(kind, &default_injector(own, "istio-system")),
        essence(kind, own)
    );
}

#[test]
fn every_recorded_tag_can_be_brought_back_by_a_record() {
    let mut seen = 0;
    for state in [
        "two-revisions-two-tags-by-1.20.8",
        "two-revisions-two-tags-by-1.26.1",
        "two-revisions-two-tags-by-1.28.1",
        "sample-mesh",
    ] {
        let raw = live(documents(
            &recordings().join(format!("states/{state}.yaml")),
        ));
        for tag in ["stable", "canary"] {
            for revision in ["1-26-1", "1-28-1"] {
                let set = tag_set(&raw, "istio-system", tag, revision, 28).unwrap();
                let refused = crate::restore::unrestorable(tag, "istio-system", &set.images, &raw);
                assert_eq!(refused, Vec::<String>::new(), "{state} {tag}");
                seen += set
                    .images
                    .iter()
                    .filter(|i| i.changes() && i.before.is_some())
                    .count();
            }
        }
    }
    assert!(seen >= 8, "{seen}");
}
