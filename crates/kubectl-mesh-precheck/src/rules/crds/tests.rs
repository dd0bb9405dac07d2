//! Definitions of clusters that went through several releases.

use super::*;

fn crd(name: &str, served: &[&str], stored: &[&str]) -> Crd {
    let words = |of: &[&str]| of.iter().map(ToString::to_string).collect();
    Crd {
        name: name.to_owned(),
        served: words(served),
        storage: stored.last().map(ToString::to_string),
        stored: words(stored),
        bundle: None,
        owner: mesh_common::mesh::Owner::None,
    }
}

#[test]
fn definitions_of_istio() {
    let crds = Crds::load().unwrap();
    let vs = "virtualservices.networking.istio.io";
    let all = ["v1", "v1alpha3", "v1beta1"];
    let operator = crd(
        "istiooperators.install.istio.io",
        &["v1alpha1"],
        &["v1alpha1"],
    );
    let of_1_20 = crd(vs, &["v1alpha3", "v1beta1"], &["v1alpha3"]);
    let of_1_26 = crd(vs, &all, &["v1alpha3", "v1beta1"]);
    let ancient = crd(vs, &all, &["v1alpha2", "v1"]);
    let not_served = || CrdProblem::NotServed {
        version: "v1".to_owned(),
        shipped: true,
        experimental: false,
    };
    let no_downgrade = || CrdProblem::NoDowngrade {
        storage: "v1".to_owned(),
    };
    let gone = || CrdProblem::StoredGone {
        versions: vec!["v1alpha2".to_owned()],
    };
    let cases = [
        (&of_1_20, 20, 21, vec![]),
        (&of_1_20, 20, 24, vec![not_served()]),
        (&of_1_20, 20, 27, vec![not_served(), no_downgrade()]),
        (&of_1_26, 26, 28, vec![]),
        (&of_1_26, 26, 26, vec![]),
        (&ancient, 26, 28, vec![gone()]),
        (&operator, 23, 24, vec![CrdProblem::Gone]),
        (&operator, 20, 23, vec![]),
    ];
    for (crd, from, to, want) in cases {
        let found = crds.check(crd, (1, from), (1, to));
        assert_eq!(found, want, "{} {from} {to}", crd.name);
    }
}

#[test]
fn definitions_of_others() {
    let crds = Crds::load().unwrap();
    let check = |name, served: &[&str], from, to| {
        crds.check(&crd(name, served, served), (1, from), (1, to))
    };
    let unknown = check("wonders.extensions.istio.io", &["v1"], 26, 28);
    assert_eq!(unknown, [CrdProblem::Unknown]);
    assert_eq!(check("certificates.cert-manager.io", &["v1"], 26, 28), []);
    let gateways = "gateways.gateway.networking.k8s.io";
    let not_served = CrdProblem::NotServed {
        version: "v1".to_owned(),
        shipped: false,
        experimental: false,
    };
    assert_eq!(not_served.severity(), Severity::Error);
    assert_eq!(check(gateways, &["v1beta1"], 28, 29), [not_served]);
    assert_eq!(check(gateways, &["v1", "v1beta1"], 28, 29), []);
    let tls = check("tlsroutes.gateway.networking.k8s.io", &["v1alpha2"], 29, 30);
    assert_eq!(tls.len(), 1);
    assert_eq!(tls[0].severity(), Severity::Warning);
    let sets = "xlistenersets.gateway.networking.x-k8s.io";
    assert_eq!(check(sets, &["v1alpha1"], 29, 30), [CrdProblem::Gone]);
}

#[test]
fn definitions_that_are_missing() {
    let crds = Crds::load().unwrap();
    let of_1_29 = crds.missing([], (1, 29));
    assert_eq!(of_1_29.len(), 14);
    assert_eq!(crds.missing([], (1, 23)).len(), 15);
    assert_eq!(
        crds.missing(of_1_29.iter().copied(), (1, 30)),
        ["trafficextensions.extensions.istio.io"]
    );
}

#[test]
fn bundles_that_are_too_old() {
    let crds = Crds::load().unwrap();
    let tls = "tlsroutes.gateway.networking.k8s.io";
    let cases = [
        (tls, Some("v1.4.0"), 29, false),
        (tls, Some("v1.4.0"), 30, true),
        (tls, Some("v1.5.0-rc.1"), 30, false),
        (tls, None, 30, true),
        (tls, Some("main"), 30, true),
        (
            "grpcroutes.gateway.networking.k8s.io",
            Some("v1.0.0"),
            21,
            false,
        ),
        (
            "grpcroutes.gateway.networking.k8s.io",
            Some("v1.0.0"),
            22,
            true,
        ),
        ("httproutes.gateway.networking.k8s.io", None, 30, false),
    ];
    for (name, bundle, to, want) in cases {
        let found = crds.too_old(name, bundle, (1, to));
        assert_eq!(found.is_some(), want, "{name} {bundle:?} {to}");
    }
    let built = |minor| crds.built_against((1, minor)).map(ToString::to_string);
    assert_eq!(built(19), None);
    assert_eq!(built(21).as_deref(), Some("1.0.0"));
    assert_eq!(built(31).as_deref(), Some("1.5.1"));
}

#[test]
fn problems_say_what_to_do() {
    let problems = [
        CrdProblem::StoredGone {
            versions: vec!["v1alpha2".to_owned(), "v1alpha3".to_owned()],
        },
        CrdProblem::NotServed {
            version: "v1".to_owned(),
            shipped: true,
            experimental: false,
        },
        CrdProblem::NotServed {
            version: "v1".to_owned(),
            shipped: false,
            experimental: true,
        },
        CrdProblem::NoDowngrade {
            storage: "v1".to_owned(),
        },
        CrdProblem::Gone,
        CrdProblem::Unknown,
        CrdProblem::TooOld {
            bundle: None,
            minimum: Version::new(1, 4, 0),
            experimental: true,
        },
    ];
    let texts: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        texts,
        [
            "objects may be stored as v1alpha2, v1alpha3, which the target's CRD does not have: the API server refuses that CRD",
            "the target's istiod reads v1, which the cluster does not serve",
            "the target's istiod reads v1, which the cluster does not serve",
            "once objects are stored as v1, the CRD of the release that runs cannot be put back",
            "nothing of the target reads it",
            "it is of no Istio release that is known here",
            "it is of a Gateway API bundle that it does not name, and istiod ignores those before 1.4.0",
        ]
    );
    for problem in problems {
        assert!(!problem.hint("a.example").is_empty());
    }
}
