use std::path::{Path, PathBuf};

use super::*;
use crate::mesh::{
    made::{Made, recorded},
    wiring::Image,
};

fn recordings() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/istioctl-recordings")
}

/// The state a `tag list` was recorded on, as its note.md says.
fn state(case: &str, version: &str, minor: u64) -> Option<Mesh> {
    let shop = Made::new()
        .namespace("payments", &[(label::REV, "stable")])
        .namespace("orders", &[(label::REV, "stable")])
        .namespace("staging", &[(label::REV, "canary")])
        .namespace("legacy", &[(label::INJECTION, "enabled")])
        .0;
    let from = |mesh: Mesh, file: &str| recorded(mesh, &recordings().join("states").join(file));
    let no_tag = |mesh| from(mesh, "two-revisions-no-tag.yaml");
    let sample = || {
        let of = [
            ("batch", "stable"),
            ("edge", "stable"),
            ("mixed", "stable"),
            ("payments", "stable"),
            ("platform", "stable"),
            ("orders", "canary"),
            ("staging", "canary"),
            ("users", "1-26-1"),
        ];
        let made = of.iter().fold(Made::new(), |made, (name, rev)| {
            made.namespace(name, &[(label::REV, rev)])
        });
        from(made.0, "sample-mesh.yaml")
    };
    let two_tags = |mesh| from(mesh, &format!("two-revisions-two-tags-by-{version}.yaml"));
    let service = |mesh: Mesh, name: &str, revision: &str, tag: Option<&str>| {
        let wiring = mesh
            .wiring()
            .unwrap()
            .move_tag("x", "1-26-1", true)
            .unwrap();
        let mut service = wiring
            .services
            .into_iter()
            .find(|s| s.tag.as_deref() == Some("x"))
            .unwrap();
        service.name = name.into();
        service.revision = Some(revision.into());
        service.tag = tag.map(str::to_owned);
        let wiring = mesh.wiring().unwrap();
        let wiring = wiring.restore([Image::Service(name.into(), Some(service))]);
        Made(mesh).wired(wiring).0
    };
    let tag = |mesh: Mesh, tag: &str, to: &str| Made(mesh).tag(tag, to, minor >= 28).0;
    Some(match case {
        "both-tags-one-revision" => tag(two_tags(shop), "stable", "1-28-1"),
        "default-after-unrevisioned" => tag(
            from(shop, "unrevisioned-and-two-revisions.yaml"),
            "default",
            "1-26-1",
        ),
        "default-tag" => tag(no_tag(shop), "default", "1-26-1"),
        "forbidden-reader" | "two-untagged" => no_tag(shop),
        "mesh" => sample(),
        "no-istio" => shop,
        "revision-service-without-webhook" => {
            service(no_tag(shop), "istiod-1-29-0", "1-29-0", None)
        }
        "service-of-tag-without-webhook" => service(
            sample(),
            "istiod-revision-tag-spare",
            "1-26-1",
            Some("spare"),
        ),
        "two-tags" => two_tags(shop),
        "unrevisioned-and-two" => from(shop, "unrevisioned-and-two-revisions.yaml"),
        "untagged-revision" => {
            let mesh = no_tag(shop);
            let mut wiring = mesh.wiring().unwrap();
            wiring.injectors.retain(|i| i.revision == "1-26-1");
            Made(mesh).wired(wiring).0
        }
        // Nothing was listed: the recordings end with an error.
        "forbidden-nobody" | "unreachable-cluster" => return None,
        other => panic!("no state for case {other}"),
    })
}

#[test]
fn the_same_list_as_recorded_istioctls() {
    let mut compared = 0;
    for (version, minor) in [("1.20.8", 20), ("1.26.1", 26), ("1.28.1", 28)] {
        let cases = std::fs::read_dir(recordings().join(version)).unwrap();
        for case in cases {
            let case = case.unwrap();
            let name = case.file_name().into_string().unwrap();
            let Some(name) = name.strip_prefix("tag-list-json-") else {
                continue;
            };
            let stdout = std::fs::read_to_string(case.path().join("stdout")).unwrap();
            let exit = std::fs::read_to_string(case.path().join("exit")).unwrap();
            let Some(mesh) = state(name, version, minor) else {
                assert_eq!(exit.trim(), "1", "{version} {name}");
                continue;
            };
            assert_eq!(exit.trim(), "0", "{version} {name}");
            let want: Vec<TagEntry> = if stdout.starts_with('[') {
                serde_json::from_str(&stdout).unwrap()
            } else {
                assert!(
                    stdout.starts_with("No Istio revision tag"),
                    "{version} {name}"
                );
                Vec::new()
            };
            assert_eq!(
                istioctl_tag_list(&mesh, minor).unwrap(),
                want,
                "{version} {name}"
            );
            compared += 1;
        }
    }
    // Three versions with eleven or twelve cases each that printed a list.
    assert_eq!(compared, 35);
}
