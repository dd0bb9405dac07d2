//! `image`: the old images are still on nodes, so that the way back does not wait for a registry.

use std::collections::BTreeSet;

use super::{Facts, Gate, id, judge::Judge, words};
use crate::mesh::Node;

/// Where the kubelet cuts `status.images` (`nodeStatusMaxImages`, `pkg/kubelet/apis/config/v1beta1/defaults.go`).
const LIST_CUT: usize = 50;

pub(super) fn gate(facts: &Facts<'_>) -> Gate {
    let mut judge = Judge::default();
    let Some(source) = &facts.source else {
        return judge.done(
            id::IMAGE,
            "first promotion of the tag: there is no old revision",
        );
    };
    let nodes = match facts.mesh.nodes.items() {
        Ok(nodes) => nodes,
        Err(gap) => {
            judge.gap(gap);
            return judge.done(id::IMAGE, "");
        }
    };
    let nodes: Vec<&Node> = nodes.iter().filter(|n| n.ready).collect();
    if nodes.is_empty() {
        judge.doubt("no node is ready, or none was seen");
        return judge.done(id::IMAGE, "");
    }
    let istiod = istiod_images(facts, source, &mut judge);
    let proxies = proxy_images(facts, source, &mut judge);
    let mut seen = Vec::new();
    for (what, images) in [("istiod", istiod), ("proxy", proxies)] {
        for image in images {
            seen.extend(look(&mut judge, what, &image, &nodes));
        }
    }
    judge.hint(format!(
        "check that the registry still has the images of {source}"
    ));
    judge.done(
        id::IMAGE,
        format!("images of {source}: {}", words::some(&seen, 3)),
    )
}

fn look(judge: &mut Judge, what: &str, image: &str, nodes: &[&Node]) -> Option<String> {
    let wanted = full(image);
    let holds = |n: &&&Node| n.istio_images.iter().any(|i| full(i) == wanted);
    let on = nodes.iter().filter(holds).count();
    let of = nodes.len();
    judge.note(format!(
        "{what} image {image} seen on {on} of {of} ready nodes"
    ));
    if on > 0 {
        return Some(format!("{what} on {on} of {of} nodes"));
    }
    let telling = |n: &&&Node| n.image_count > 0 && n.image_count < LIST_CUT;
    if nodes.iter().all(|n| telling(&n)) {
        judge.close(format!("the old {what} image is on no node ({image})"));
    } else {
        judge.doubt(format!(
            "the old {what} image was seen on no node, and the nodes' lists are cut or empty ({image})"
        ));
    }
    None
}

fn istiod_images(facts: &Facts<'_>, source: &str, judge: &mut Judge) -> BTreeSet<String> {
    match facts.istiods(source) {
        Err(gap) => {
            judge.gap(gap);
            BTreeSet::new()
        }
        Ok(istiods) if istiods.is_empty() => {
            judge.doubt(format!(
                "no istiod of {source} is left that names its image"
            ));
            BTreeSet::new()
        }
        Ok(istiods) => istiods.iter().map(|i| i.image.clone()).collect(),
    }
}

/// What the pods of the source run, or what its injector would put in if there are none.
fn proxy_images(facts: &Facts<'_>, source: &str, judge: &mut Judge) -> BTreeSet<String> {
    let running: BTreeSet<String> = match facts.mesh.workloads.items() {
        Ok(workloads) => workloads
            .iter()
            .flat_map(|w| &w.pods)
            .filter_map(|g| g.proxy.as_ref())
            .filter(|p| !p.custom_image && p.revision.as_deref() == Some(source))
            .map(|p| p.image.clone())
            .collect(),
        Err(gap) => {
            judge.gap(gap);
            return BTreeSet::new();
        }
    };
    if !running.is_empty() {
        return running;
    }
    let config = facts.mesh.configs.get().and_then(|c| c.get(source));
    let value = |path| config.and_then(|c| c.values.pointer(path)?.as_str());
    let image = value("/global/proxy/image").unwrap_or("proxyv2");
    // `files/injection-template.yaml`: an image with a slash is taken as it is.
    if image.contains('/') {
        return [image.to_owned()].into();
    }
    if let (Some(hub), Some(tag)) = (value("/global/hub"), value("/global/tag")) {
        return [format!("{hub}/{image}:{tag}")].into();
    }
    judge.doubt(format!("which proxy image {source} used is not known"));
    BTreeSet::new()
}

/// An image as nodes name it: Docker Hub is the registry of a name without one
/// (`distribution/reference`, `normalize.go`).
fn full(image: &str) -> String {
    let first = image.split('/').next().unwrap_or_default();
    let has_registry = image.contains('/') && (first.contains(['.', ':']) || first == "localhost");
    match (has_registry, image.contains('/')) {
        (true, _) => image.to_owned(),
        (false, true) => format!("docker.io/{image}"),
        (false, false) => format!("docker.io/library/{image}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{
        Verdict,
        made::{Change, Made, changed, forbidden},
    };

    #[test]
    fn old_images_on_nodes() {
        let cases: Vec<(&str, Change, Verdict, &str)> = vec![
            (
                "there",
                changed(|_| {}),
                Verdict::Open,
                "istiod on 3 of 3 nodes, proxy on 3 of 3 nodes",
            ),
            (
                "on one",
                changed(|m| {
                    m.nodes()
                        .iter_mut()
                        .skip(1)
                        .for_each(|n| n.istio_images.clear());
                }),
                Verdict::Open,
                "istiod on 1 of 3 nodes",
            ),
            (
                "gone",
                changed(|m| m.nodes().iter_mut().for_each(|n| n.istio_images.clear())),
                Verdict::Closed,
                "the old istiod image is on no node",
            ),
            (
                "gone from lists that are cut",
                changed(|m| {
                    m.nodes().iter_mut().for_each(|n| {
                        n.istio_images.clear();
                        n.image_count = 50;
                    });
                }),
                Verdict::Unknown,
                "lists are cut or empty",
            ),
            (
                "simulated nodes",
                changed(|m| {
                    m.nodes().iter_mut().for_each(|n| {
                        n.istio_images.clear();
                        n.image_count = 0;
                    });
                }),
                Verdict::Unknown,
                "lists are cut or empty",
            ),
            (
                "no node",
                changed(|m| m.nodes().clear()),
                Verdict::Unknown,
                "none was seen",
            ),
            (
                "nodes forbidden",
                changed(|m| m.mesh.nodes = forbidden("nodes")),
                Verdict::Unknown,
                "nodes could not be read",
            ),
            (
                "no old pods",
                changed(|m| m.workloads().clear()),
                Verdict::Open,
                "proxy on 3 of 3 nodes",
            ),
            (
                "first promotion",
                changed(|m| m.source = None),
                Verdict::Open,
                "no old revision",
            ),
        ];
        for (name, change, verdict, summary) in cases {
            for mut made in [Made::live(), Made::rehearsal()] {
                change(&mut made);
                let gate = gate(&made.facts());
                assert_eq!(gate.verdict, verdict, "{name}: {}", gate.summary);
                assert!(gate.summary.contains(summary), "{name}: {}", gate.summary);
            }
        }
    }

    #[test]
    fn names_as_nodes_have_them() {
        for (image, want) in [
            ("istio/pilot:1.26.1", "docker.io/istio/pilot:1.26.1"),
            (
                "docker.io/istio/pilot:1.26.1",
                "docker.io/istio/pilot:1.26.1",
            ),
            ("registry:5000/pilot:1", "registry:5000/pilot:1"),
            ("localhost/pilot:1", "localhost/pilot:1"),
            ("pilot:1", "docker.io/library/pilot:1"),
        ] {
            assert_eq!(full(image), want);
        }
    }
}
