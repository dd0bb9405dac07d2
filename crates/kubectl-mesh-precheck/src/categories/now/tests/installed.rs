use mesh_common::mesh::{Known, Owner};
use serde_json::json;

use super::{expect, facts, known, run};
use crate::{
    check::Status,
    facts::{Facts, HelmRelease, IstioOperator, Target},
};

const CODE: &str = "MESH2310";

/// The healthy mesh, installed by a release of this chart and status.
fn with(chart: &str, version: &str, status: &str) -> Facts {
    let mut facts = facts();
    known(&mut facts.installed.releases).push(HelmRelease {
        namespace: "istio-system".into(),
        name: "istiod".into(),
        revision: 7,
        status: status.into(),
        chart: chart.into(),
        version: version.into(),
        app_version: None,
        values: json!({ "password": "hunter2" }),
    });
    known(&mut facts.mesh.istiods)[0].owner = Owner::Helm {
        release: "istiod".into(),
        namespace: "istio-system".into(),
    };
    facts
}

#[test]
fn a_release_is_deployed_and_is_what_runs() {
    expect(CODE, &facts(), Status::Ok, &["no Helm release of Istio"]);
    for (chart, version, status, comes_to, says) in [
        (
            "istiod",
            "1.26.1",
            "deployed",
            Status::Ok,
            "Helm istiod (istiod 1.26.1)",
        ),
        (
            "istiod",
            "1.26.4",
            "deployed",
            Status::Warning,
            "it runs 1.26.1, and Helm release istiod is of chart istiod 1.26.4",
        ),
        (
            "istiod",
            "1.26.1",
            "failed",
            Status::Warning,
            "the last change of Helm release istiod failed",
        ),
        (
            "istiod",
            "1.26.1",
            "pending-upgrade",
            Status::Error,
            "every further upgrade of it is refused",
        ),
        (
            "istiod",
            "1.26.1",
            "pending-rollback",
            Status::Error,
            "Helm release istiod is pending-rollback",
        ),
        (
            "istiod",
            "1.26.1",
            "uninstalling",
            Status::Error,
            "is being uninstalled",
        ),
        ("istiod", "1.26.1", "strange", Status::Warning, "is strange"),
        // Not of Istio's.
        (
            "kiali-server",
            "2.0.0",
            "failed",
            Status::Ok,
            "no Helm release of Istio",
        ),
        // A version that says nothing of Istio's.
        (
            "istio-umbrella",
            "main",
            "deployed",
            Status::Ok,
            "istio-umbrella",
        ),
    ] {
        expect(CODE, &with(chart, version, status), comes_to, &[says]);
    }
    let says = [
        "release/istiod -n istio-system",
        "record 7, chart istiod 1.26.1, status pending-upgrade",
        "helm -n istio-system history istiod",
    ];
    expect(
        CODE,
        &with("istiod", "1.26.1", "pending-upgrade"),
        Status::Error,
        &says,
    );
    let mut vendor = with("istiod", "102.0.0+up1.26.1", "deployed");
    known(&mut vendor.installed.releases)[0].app_version = Some("1.26.1".into());
    expect(CODE, &vendor, Status::Ok, &[]);
}

#[test]
fn values_are_never_shown() {
    let verdict = run(CODE, &with("istiod", "1.26.4", "failed"));
    assert_eq!(verdict.findings.len(), 2);
    assert!(!format!("{verdict:?}").contains("hunter2"));
}

#[test]
fn the_operator_in_the_cluster_ends_with_1_23() {
    let mut facts = facts();
    known(&mut facts.installed.operators).push(IstioOperator {
        object: "istiooperator/installed-state -n istio-system".into(),
        name: "installed-state".into(),
        revision: None,
        spec: json!({ "profile": "default" }),
    });
    expect(CODE, &facts, Status::Ok, &["1 IstioOperator"]);
    let mut operator = known(&mut facts.mesh.workloads)[0].clone();
    operator.namespace = "istio-operator".into();
    operator.name = "istio-operator".into();
    known(&mut facts.mesh.workloads).push(operator);
    let says = [
        "ended with 1.23",
        "-n istio-operator",
        "istiooperator/installed-state -n istio-system, revision default",
    ];
    expect(CODE, &facts, Status::Warning, &says);
    facts.upgrade.to = Target::parse("1.23.1");
    expect(CODE, &facts, Status::Info, &["it ends with 1.23"]);
    facts.installed.operators = super::forbidden("istiooperators");
    let verdict = run(CODE, &facts);
    assert_eq!(verdict.status, Status::Skipped);
    assert!(matches!(facts.installed.releases, Known::Known(_)));
}
