//! Tests of the gate `skew`.

#![allow(clippy::too_many_lines)] // one table each

use super::gate;
use crate::{
    check::{
        ProxySkew, SkewFacts, Verdict,
        made::{Change, Made, changed, forbidden, istiod, proxies},
    },
    mesh::Known,
};

#[test]
fn proxies_beside_their_istiod() {
    let none = ProxySkew {
        version: None,
        ..proxies("1.26.1", "1.26.1", false)
    };
    let lost = ProxySkew {
        istiod_now: None,
        ..proxies("1.26.1", "1.26.1", false)
    };
    let unread = ProxySkew {
        istiod_after: None,
        ..proxies("1.26.1", "1.26.1", true)
    };
    let cases = [
        (
            "as injected",
            proxies("1.26.1", "1.26.1", false),
            Verdict::Open,
            "1.26.1 → 1.28.1; each of 3 proxies at most 1 minor older",
        ),
        (
            "one older",
            proxies("1.25.4", "1.26.1", false),
            Verdict::Open,
            "1.26.1 → 1.28.1",
        ),
        (
            "two older",
            proxies("1.24.4", "1.26.1", false),
            Verdict::Closed,
            "proxy 1.24.4 is 2 minors older than istiod 1.26.1, 1 at most (now)",
        ),
        (
            "newer",
            proxies("1.27.0", "1.26.1", false),
            Verdict::Closed,
            "proxy 1.27.0 is 1 minor newer than istiod 1.26.1 (now)",
        ),
        (
            "a newer patch is no skew",
            proxies("1.26.9", "1.26.1", false),
            Verdict::Open,
            "1.26.1 → 1.28.1",
        ),
        (
            "pinned two older",
            proxies("1.26.1", "1.26.1", true),
            Verdict::Closed,
            "pinned by sidecar.istio.io/proxyImage: proxy 1.26.1 is 2 minors older than istiod 1.28.1",
        ),
        (
            "pinned one older",
            proxies("1.27.1", "1.27.1", true),
            Verdict::Open,
            "1.26.1 → 1.28.1",
        ),
        (
            "says nothing",
            none,
            Verdict::Unknown,
            "the version of 3 proxies (as of payments/deployment/checkout) is not known",
        ),
        (
            "its istiod is gone",
            lost,
            Verdict::Unknown,
            "which istiod serves 3 proxies",
        ),
        (
            "pinned, and for whom",
            unread,
            Verdict::Unknown,
            "after a restart is not known",
        ),
        (
            "latest",
            proxies("latest", "1.26.1", false),
            Verdict::Unknown,
            "cannot be compared",
        ),
    ];
    for (name, one, verdict, summary) in cases {
        for made in [Made::live(), Made::rehearsal()] {
            let mut facts = made.facts();
            facts.skew = Known::Known(SkewFacts {
                proxies: vec![one.clone()],
            });
            let gate = gate(&facts);
            assert_eq!(gate.verdict, verdict, "{name}: {}", gate.summary);
            assert!(gate.summary.contains(summary), "{name}: {}", gate.summary);
        }
    }
    let made = Made::live();
    let mut facts = made.facts();
    facts.skew = Known::Known(SkewFacts {
        proxies: vec![proxies("1.24.4", "1.26.1", false)],
    });
    let hint = "kubectl rollout restart -n payments deployment/checkout";
    assert_eq!(gate(&facts).hint.as_deref(), Some(hint));
    facts.skew = Known::Known(SkewFacts::default());
    assert_eq!(
        gate(&facts).summary,
        "1.26.1 → 1.28.1; no proxy is concerned"
    );
    facts.skew = Known::not_read("workloads");
    assert_eq!(gate(&facts).verdict, Verdict::Unknown);
}

#[test]
fn the_jump() {
    let old = |version: &'static str| changed(move |m| *m.old() = istiod("1-26-1", version));
    let tag = |tag: &'static str| {
        changed(move |m| m.config("1-28-1").values["global"]["tag"] = tag.into())
    };
    let cases: Vec<(&str, Change, Verdict, &str)> = vec![
        (
            "two minors",
            old("1.26.1"),
            Verdict::Open,
            "1.26.1 → 1.28.1",
        ),
        (
            "three minors",
            old("1.25.1"),
            Verdict::Closed,
            "1.25.1 → 1.28.1 is 3 minors, 2 at most",
        ),
        (
            "back",
            old("1.29.0"),
            Verdict::Closed,
            "1.29.0 → 1.28.1 goes back: proxies of 1.29.0 are newer",
        ),
        (
            "back by a patch",
            old("1.28.2"),
            Verdict::Open,
            "1.28.2 → 1.28.1",
        ),
        (
            "old version not known",
            old("latest"),
            Verdict::Unknown,
            "the version of istiod of 1-26-1 is not known",
        ),
        (
            "target's version not known",
            changed(|m| *m.target() = istiod("1-28-1", "latest")),
            Verdict::Unknown,
            "the version of istiod of 1-28-1 is not known",
        ),
        (
            "first promotion",
            changed(|m| m.source = None),
            Verdict::Open,
            "to 1.28.1; ",
        ),
        (
            "the injector is ahead of its istiod",
            tag("1.29.0"),
            Verdict::Closed,
            "puts in proxies of 1.29.0: proxy 1.29.0 is 1 minor newer",
        ),
        (
            "the injector names a whole image",
            changed(|m| {
                let proxy = &mut m.config("1-28-1").values["global"]["proxy"]["image"];
                *proxy = "registry.example.com/istio/proxyv2:1.26.1".into();
            }),
            Verdict::Closed,
            "proxy 1.26.1 is 2 minors older than istiod 1.28.1",
        ),
        (
            "the injector is a patch behind",
            tag("1.28.0"),
            Verdict::Open,
            "1.26.1 → 1.28.1",
        ),
        (
            "forbidden",
            changed(|m| m.mesh.istiods = forbidden("deployments")),
            Verdict::Unknown,
            "not known",
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
