use mesh_common::mesh::{PodGroup, Proxy, Workload};

use super::{canary, expect, facts, known, run};
use crate::{check::Status, facts::Facts};

const CODE: &str = "MESH2304";

/// The proxies of `web`, changed.
fn with(edit: impl Fn(&mut Proxy)) -> Facts {
    let mut facts = canary();
    edit(web(&mut facts).pods[0].proxy.as_mut().unwrap());
    facts
}

fn web(facts: &mut Facts) -> &mut Workload {
    let all = known(&mut facts.mesh.workloads);
    all.iter_mut().find(|w| w.name == "web").unwrap()
}

fn version(version: &'static str) -> Facts {
    with(|p| p.version = Some(version.into()))
}

#[test]
fn proxies_are_held_against_the_istiod_that_serves_them() {
    for (facts, status, says) in vec![
        (
            facts(),
            Status::Ok,
            "2 proxies, each at most one minor older",
        ),
        (version("1.25.9"), Status::Ok, "2 proxies"),
        (
            version("1.24.1"),
            Status::Error,
            "2 pods run proxy 1.24.1, 2 minors older than its istiod 1.26.1",
        ),
        (
            version("1.27.0"),
            Status::Error,
            "2 pods run proxy 1.27.0, 1 minor newer than its istiod 1.26.1",
        ),
        (
            version("latest"),
            Status::Unknown,
            "the version of the proxies of 2 pods, as of deployment/web -n shop, is not known",
        ),
        (with(|p| p.version = None), Status::Unknown, "is not known"),
        (
            with(|p| p.revision = None),
            Status::Unknown,
            "the revision of the proxies of 2 pods",
        ),
        (
            with(|p| p.revision = Some("1-24-1".into())),
            Status::Error,
            "2 pods run proxies of revision 1-24-1, which has no istiod",
        ),
        // A proxy of the second revision.
        (
            with(|p| {
                p.revision = Some("1-28-1".into());
                p.version = Some("1.27.0".into());
            }),
            Status::Ok,
            "2 proxies",
        ),
    ] {
        expect(CODE, &facts, status, &[says]);
    }
    let says = [
        "deployment/web -n shop",
        "proxy 1.24.1, revision 1-26-1",
        "restart them before the upgrade\nkubectl -n shop rollout restart deployment/web",
    ];
    expect(CODE, &version("1.24.1"), Status::Error, &says);
}

#[test]
fn a_pinned_proxy_is_held_against_the_target_too() {
    let pinned = |version: &'static str| {
        with(|p| {
            p.version = Some(version.into());
            p.custom_image = true;
        })
    };
    let says = [
        "2 pods have their proxy pinned to 1.26.1, 2 minors older than the target",
        "remove the annotation sidecar.istio.io/proxyImage",
    ];
    expect(CODE, &pinned("1.26.1"), Status::Error, &says);
    let mut near = pinned("1.26.1");
    near.upgrade.to = crate::facts::Target::parse("1.27.1");
    expect(CODE, &near, Status::Ok, &[]);
}

#[test]
fn where_there_is_one_revision_a_proxy_need_not_say_it() {
    let mut facts = facts();
    web(&mut facts).pods[0].proxy.as_mut().unwrap().revision = None;
    assert_eq!(run(CODE, &facts).status, Status::Ok);
}

#[test]
fn ztunnel_goes_with_its_node() {
    let mut facts = facts();
    let mut ztunnel = web(&mut facts).clone();
    ztunnel.name = "ztunnel".into();
    for PodGroup { proxy, .. } in &mut ztunnel.pods {
        let proxy = proxy.as_mut().unwrap();
        proxy.image = "docker.io/istio/ztunnel:1.20.0".into();
        proxy.version = Some("1.20.0".into());
    }
    known(&mut facts.mesh.workloads).push(ztunnel);
    expect(CODE, &facts, Status::Ok, &["2 proxies,"]);
}
