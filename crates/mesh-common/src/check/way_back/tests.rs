//! Tests of the gate `way back`.

#![allow(clippy::too_many_lines)] // one table each

use super::{gate, reads};
use crate::{
    check::{
        Verdict,
        made::{Change, Made, changed, forbidden, istiod},
    },
    istioctl::Version,
};

#[test]
fn the_old_state_can_come_back() {
    let versions = |v: &'static str| changed(move |m| *m.old() = istiod("1-26-1", v));
    let cases: Vec<(&str, Change, Verdict, &str)> = vec![
        (
            "yes",
            changed(|_| {}),
            Verdict::Open,
            "2 istiods of 1-26-1 ready; its APIs are served",
        ),
        (
            "one left",
            changed(|m| m.old().pods.truncate(1)),
            Verdict::Open,
            "1 istiod of 1-26-1 ready",
        ),
        (
            "not ready",
            changed(|m| m.old().pods.iter_mut().for_each(|p| p.ready = false)),
            Verdict::Closed,
            "no istiod of 1-26-1 is ready",
        ),
        (
            "scaled to none",
            changed(|m| {
                m.old().pods.clear();
                m.old().ready = 0;
            }),
            Verdict::Closed,
            "no istiod of 1-26-1 is ready",
        ),
        (
            "pods not seen",
            changed(|m| m.old().pods.clear()),
            Verdict::Unknown,
            "none of their pods was seen",
        ),
        (
            "gone",
            changed(|m| m.istiods().retain(|i| i.revision != "1-26-1")),
            Verdict::Closed,
            "no istiod of 1-26-1 is left",
        ),
        (
            "istiods forbidden",
            changed(|m| m.mesh.istiods = forbidden("deployments")),
            Verdict::Unknown,
            "may not list deployments",
        ),
        (
            "its webhook is gone",
            changed(|m| m.injectors().retain(|i| i.revision != "1-26-1")),
            Verdict::Unknown,
            "1-26-1 has no webhook of its own",
        ),
        (
            "its webhook has no CA",
            changed(|m| {
                m.injectors()[0]
                    .webhooks
                    .iter_mut()
                    .for_each(|w| w.ca_bundle = None);
            }),
            Verdict::Unknown,
            "has no CA bundle",
        ),
        (
            "stored in a version that is not served",
            changed(|m| m.crds()[0].served.retain(|v| v != "v1beta1")),
            Verdict::Closed,
            "virtualservices.networking.istio.io may hold objects in v1beta1, which is not served",
        ),
        (
            "the old one reads what is not served",
            changed(|m| m.crds()[2].served = vec!["v1".into()]),
            Verdict::Closed,
            "istiod 1.26.1 reads gateways.gateway.networking.k8s.io as v1beta1, which is not served (but v1)",
        ),
        (
            "an older one reads older versions",
            versions("1.23.4"),
            Verdict::Open,
            "ready",
        ),
        (
            "and misses them",
            changed(|m| {
                *m.old() = istiod("1-26-1", "1.23.4");
                m.crds()[0].served.retain(|v| v != "v1alpha3");
            }),
            Verdict::Closed,
            "istiod 1.23.4 reads virtualservices.networking.istio.io as v1alpha3, which is not served (but v1, v1beta1)",
        ),
        (
            "a version nobody knows",
            versions("1.99.0"),
            Verdict::Unknown,
            "which APIs istiod 1.99.0 reads is not known here",
        ),
        (
            "no version",
            versions("latest"),
            Verdict::Unknown,
            "its version is not",
        ),
        (
            "CRDs forbidden",
            changed(|m| m.mesh.crds = forbidden("customresourcedefinitions")),
            Verdict::Unknown,
            "may not list customresourcedefinitions",
        ),
        (
            "first promotion",
            changed(|m| m.source = None),
            Verdict::Open,
            "the way back removes it",
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
fn every_object_has_a_before_image() {
    let mut made = Made::live();
    for source in [made.source.clone(), None] {
        made.source = source;
        let mut facts = made.facts();
        facts.without_before_image = vec!["service/istiod-revision-tag-stable".into()];
        let gate = gate(&facts);
        assert_eq!(gate.verdict, Verdict::Closed);
        assert_eq!(
            gate.summary,
            "no before-image of 1 object: service/istiod-revision-tag-stable"
        );
    }
}

#[test]
fn versions_that_istiods_read() {
    let at = |version: &str, name: &str| {
        let all = reads(&Version::parse(version).unwrap())?;
        all.into_iter().find(|(n, _)| *n == name).map(|(_, v)| v)
    };
    for (name, wanted) in [
        (
            "virtualservices.networking.istio.io",
            [Some("v1alpha3"), Some("v1"), Some("v1"), None],
        ),
        (
            "peerauthentications.security.istio.io",
            [Some("v1beta1"), Some("v1"), Some("v1"), None],
        ),
        (
            "telemetries.telemetry.istio.io",
            [Some("v1alpha1"), Some("v1"), Some("v1"), None],
        ),
        (
            "envoyfilters.networking.istio.io",
            [Some("v1alpha3"), Some("v1alpha3"), Some("v1alpha3"), None],
        ),
        (
            "httproutes.gateway.networking.k8s.io",
            [Some("v1beta1"), Some("v1beta1"), Some("v1"), None],
        ),
    ] {
        let got = ["1.23.0", "1.24.0", "1.29.0", "1.17.0"].map(|v| at(v, name));
        assert_eq!(got, wanted, "{name}");
    }
}
