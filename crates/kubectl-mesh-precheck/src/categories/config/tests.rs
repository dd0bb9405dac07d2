use mesh_common::mesh::{Gap, Known, Why};

use super::{CHECKS, changes::*, crds::*, filters::*, versions::*};
use crate::{
    check::{Status, Verdict},
    facts::{Facts, Target},
    made::{facts, run, with},
};

/// The istiod of the made mesh with this environment.
fn env(pairs: &[(&str, &str)]) -> Facts {
    let mut facts = quiet();
    let Known::Known(istiods) = &mut facts.mesh.istiods else {
        panic!("known");
    };
    for (name, value) in pairs {
        istiods[0].env.insert((*name).into(), (*value).into());
    }
    facts
}

/// The made mesh with what a rule of 1.27 is quiet about.
fn quiet() -> Facts {
    let mut facts = facts();
    if let Known::Known(istiods) = &mut facts.mesh.istiods {
        let env = &mut istiods[0].env;
        env.insert("ENABLE_NATIVE_SIDECARS".into(), "true".into());
    }
    facts
}

fn messages(verdict: &Verdict) -> String {
    let all: Vec<_> = verdict
        .findings
        .iter()
        .map(|f| format!("{} {:?} {} {:?}", f.object, f.field, f.message, f.evidence))
        .collect();
    all.join("\n")
}

#[test]
fn a_mesh_that_no_change_touches_is_ok() {
    let verdict = run(CHECKS, CHANGES, &quiet());
    assert_eq!(verdict.status, Status::Ok, "{}", messages(&verdict));
    assert!(
        verdict.summary.contains("from 1.26 to 1.28"),
        "{}",
        verdict.summary
    );
}

#[test]
fn a_change_names_the_object_the_field_and_its_source() {
    let facts = facts();
    let verdict = run(CHECKS, CHANGES, &facts);
    let native = verdict
        .findings
        .iter()
        .find(|f| f.field.as_deref() == Some("ENABLE_NATIVE_SIDECARS"))
        .unwrap();
    assert_eq!(native.object, "deployment/istiod-1-26-1 -n istio-system");
    assert!(
        native.evidence[1].starts_with("rule 1.27/"),
        "{:?}",
        native.evidence
    );
    assert!(
        native.evidence[2].starts_with("source "),
        "{:?}",
        native.evidence
    );
    assert!(native.hint.is_some());
}

#[test]
fn only_releases_on_the_way_count() {
    let mut facts = facts();
    facts.upgrade.to = Target::parse("1.26.3");
    assert_eq!(run(CHECKS, CHANGES, &facts).status, Status::Ok);
    facts.upgrade.to = None;
    assert_eq!(run(CHECKS, CHANGES, &facts).status, Status::NotEvaluated);
}

#[test]
fn what_an_istiod_of_the_target_says_is_no_news() {
    let mut facts = facts();
    if let Known::Known(istiods) = &mut facts.mesh.istiods {
        let mut canary = istiods[0].clone();
        canary.name = "istiod-1-28-1".into();
        canary.revision = "1-28-1".into();
        canary.version = Some("1.28.1".into());
        istiods.push(canary);
    }
    let verdict = run(CHECKS, CHANGES, &facts);
    assert!(
        !messages(&verdict).contains("istiod-1-28-1"),
        "{}",
        messages(&verdict)
    );
    // On the way to 1.30 it is older than the target, and still has what 1.27 changed.
    facts.upgrade.to = Target::parse("1.30");
    let verdict = run(CHECKS, CHANGES, &facts);
    let of_canary: Vec<_> = verdict
        .findings
        .iter()
        .filter(|f| f.object.contains("1-28-1"))
        .filter(|f| f.evidence[1].starts_with("rule 1.27/"))
        .collect();
    assert!(of_canary.is_empty(), "{of_canary:?}");
}

#[test]
fn a_secret_in_the_environment_is_never_shown() {
    let facts = env(&[
        ("PILOT_ENABLE_XDS_IDENTITY_CHECK", "hunter2 hunter2"),
        ("TOKEN", "hunter2"),
    ]);
    assert!(!messages(&run(CHECKS, CHANGES, &facts)).contains("hunter2"));
}

#[test]
fn services_of_other_namespaces_that_were_not_seen_are_not_ok() {
    for (why, status) in [
        (Why::Forbidden, Status::Skipped),
        (Why::NotInArchive, Status::NotEvaluated),
    ] {
        let mut facts = quiet();
        facts.services = Known::Unknown(Gap {
            what: "services".into(),
            why,
            detail: "may not list services in all namespaces".into(),
        });
        assert_eq!(run(CHECKS, CHANGES, &facts).status, status);
        assert_eq!(run(CHECKS, USED, &facts).status, Status::Ok);
    }
}

#[test]
fn kinds_that_may_not_be_read_keep_it_from_being_ok() {
    let mut facts = quiet();
    facts.customs.gaps.push(Gap {
        what: "envoyfilters.networking.istio.io".into(),
        why: Why::Forbidden,
        detail: "may not list envoyfilters.networking.istio.io".into(),
    });
    for code in [CHANGES, FILTERS, USED] {
        let verdict = run(CHECKS, code, &facts);
        assert_eq!(verdict.status, Status::Skipped, "{code}");
        assert!(
            verdict
                .summary
                .contains("SKIPPED: may not list envoyfilters"),
            "{}",
            verdict.summary
        );
    }
    assert_eq!(run(CHECKS, PLUGINS, &facts).status, Status::Ok);
}

const FILTER: &str = "apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: {name: lua, namespace: shop}
spec:
  configPatches:
  - applyTo: HTTP_FILTER
    match: {context: SIDECAR_INBOUND, proxy: {proxyVersion: 'VERSION'}, listener: {filterChain: {filter: {name: envoy.filters.network.http_connection_manager}}}}
    patch: {operation: INSERT_BEFORE}
";

#[test]
fn a_patch_for_the_proxies_of_today_is_told() {
    for (pattern, lost) in [
        ("^1\\.26.*", true),
        ("^1\\.(26|28).*", false),
        ("1.26", true),
        (".*", false),
        ("^1\\.28.*", false),
    ] {
        let mut facts = with(&FILTER.replace("'VERSION'", &format!("'{pattern}'")));
        for to in ["1.28.1", "1.28"] {
            facts.upgrade.to = Target::parse(to);
            let verdict = run(CHECKS, FILTERS, &facts);
            assert_eq!(verdict.status, Status::Warning);
            let stops = messages(&verdict).contains("stops applying");
            assert_eq!(stops, lost, "{pattern} {to}: {}", messages(&verdict));
        }
    }
    let broken = with(&FILTER.replace("'VERSION'", "'('"));
    assert!(messages(&run(CHECKS, FILTERS, &broken)).contains("cannot be told"));
}

#[test]
fn a_wasm_plugin_is_tried_first() {
    let facts = with(
        "apiVersion: extensions.istio.io/v1alpha1
kind: WasmPlugin
metadata: {name: auth, namespace: shop}
spec: {url: 'oci://example.com/auth:1'}
",
    );
    let verdict = run(CHECKS, PLUGINS, &facts);
    assert_eq!(verdict.status, Status::Warning);
    assert_eq!(verdict.findings[0].object, "wasmplugin/auth -n shop");
}

#[test]
fn a_version_that_is_not_served_any_more_is_an_error() {
    let facts = |version: &str| {
        with(&format!(
            "apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: web
  namespace: shop
  managedFields:
  - {{manager: argocd, apiVersion: networking.istio.io/{version}}}
spec: {{}}
"
        ))
    };
    for (version, status) in [
        ("v1", Status::Ok),
        ("v1beta1", Status::Info),
        ("v1alpha3", Status::Info),
        ("v1alpha2", Status::Error),
    ] {
        let verdict = run(CHECKS, USED, &facts(version));
        assert_eq!(verdict.status, status, "{version}: {}", messages(&verdict));
    }
    let verdict = run(CHECKS, USED, &facts("v1alpha2"));
    assert_eq!(
        verdict.findings[0].object,
        "virtualservices.networking.istio.io"
    );
    assert!(messages(&verdict).contains("written by argocd"));
}

/// The CRD of the made mesh, changed.
fn crd(change: impl Fn(&mut mesh_common::mesh::Crd)) -> Facts {
    let mut facts = facts();
    if let Known::Known(crds) = &mut facts.mesh.crds {
        let crd = crds.iter_mut().find(|c| c.name.starts_with("virtual"));
        change(crd.unwrap());
    }
    facts
}

#[test]
fn stored_versions_decide_whether_there_is_a_way_on_and_back() {
    let fits = run(CHECKS, STORED, &facts());
    assert_eq!(fits.status, Status::Ok, "{}", messages(&fits));
    let gone = run(CHECKS, STORED, &crd(|c| c.stored = vec!["v1alpha2".into()]));
    assert_eq!(gone.status, Status::Error);
    assert_eq!(
        gone.findings[0].field.as_deref(),
        Some("status.storedVersions")
    );
    let unserved = run(CHECKS, STORED, &crd(|c| c.served.retain(|v| v != "v1")));
    assert_eq!(unserved.status, Status::Warning, "{}", messages(&unserved));
    let mut facts = facts();
    if let Known::Known(istiods) = &mut facts.mesh.istiods {
        istiods[0].version = Some("1.20.8".into());
    }
    facts.upgrade.from = Some((1, 20));
    let back = run(CHECKS, STORED, &facts);
    assert!(
        messages(&back).contains("cannot be put back"),
        "{}",
        messages(&back)
    );
}

#[test]
fn a_gateway_api_that_the_target_does_not_take_is_told() {
    let facts = |to: &str, bundle: &str| {
        let mut facts = with(&format!(
            "apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {{name: httproutes.gateway.networking.k8s.io, annotations: {{gateway.networking.k8s.io/bundle-version: {bundle}}}}}
spec:
  group: gateway.networking.k8s.io
  versions: [{{name: v1, served: true, storage: true}}, {{name: v1beta1, served: true}}]
status: {{storedVersions: [v1]}}
"
        ));
        facts.upgrade.to = Target::parse(to);
        facts
    };
    let verdict = run(CHECKS, GATEWAY_API, &facts("1.28.1", "v1.3.0"));
    assert_eq!(verdict.status, Status::Ok, "{}", messages(&verdict));
    let none = run(CHECKS, GATEWAY_API, &crate::made::facts());
    assert_eq!(none.summary, "Gateway API is not installed here");
}

#[test]
fn a_rule_reads_on_after_a_colon_and_names_keep_their_letters() {
    for (text, want) in [
        ("The field is gone.", "the field is gone."),
        ("Opt-in now", "opt-in now"),
        ("Envoy refuses it", "Envoy refuses it"),
        ("Istio's own", "Istio's own"),
        ("DNS names", "DNS names"),
        ("DestinationRules apply", "DestinationRules apply"),
        ("PILOT_X=false stays", "PILOT_X=false stays"),
        ("istiod no longer", "istiod no longer"),
        ("", ""),
    ] {
        assert_eq!(super::changes::lower(text), want);
    }
}
