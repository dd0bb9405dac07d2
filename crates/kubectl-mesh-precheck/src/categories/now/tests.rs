//! The healthy mesh is OK, and what every check does without evidence.

mod ca;
mod control_plane;
mod installed;
mod owners;
mod skew;
mod support;
mod tags;
mod way;
mod webhooks;

use mesh_common::{
    check::{Finding, Severity},
    mesh::{Gap, Known, Why},
};

use super::CHECKS;
use crate::{
    check::{Status, Verdict},
    facts::{Facts, only_live},
    made::{self, facts},
};

/// The healthy mesh with a second revision, 1.28.1, that nobody uses yet.
fn canary() -> Facts {
    let healthy = made::healthy();
    let own = |d: &&str| {
        d.contains("1-26-1") && !d.contains("tag-stable") && !d.contains("namespace: shop")
    };
    let second = healthy.split("\n---\n").filter(own).map(|d| {
        d.replace("1-26-1", "1-28-1")
            .replace("1.26.1", "1.28.1")
            .replace("10.244.0.", "10.244.1.")
            .replace("5d8f", "7c7c")
    });
    made::with(&second.collect::<Vec<_>>().join("\n---\n"))
}

fn run(code: &str, facts: &Facts) -> Verdict {
    made::run(CHECKS, code, facts)
}

/// The findings of this severity, one after the other as a person reads them.
fn said(verdict: &Verdict, severity: Severity) -> Vec<String> {
    let one = |f: &Finding| {
        format!(
            "{} | {} | {} | {}",
            f.object,
            f.message,
            f.evidence.join("; "),
            f.hint.as_deref().unwrap_or_default()
        )
    };
    let mut findings = verdict.findings.iter();
    findings
        .by_ref()
        .filter(|f| f.severity == severity)
        .map(one)
        .collect()
}

/// That the check comes to this status, with a finding that says all of these.
#[track_caller]
fn expect(code: &str, facts: &Facts, status: Status, says: &[&str]) {
    let verdict = run(code, facts);
    let all = [Severity::Error, Severity::Warning, Severity::Info].map(|s| said(&verdict, s));
    let all: Vec<String> = all.into_iter().flatten().collect();
    let seen = format!("{}\n{}", verdict.summary, all.join("\n"));
    assert_eq!(verdict.status, status, "{code}: {seen}");
    for words in says {
        assert!(seen.contains(words), "{code}: {words:?} is not in\n{seen}");
    }
}

fn known<T>(part: &mut Known<T>) -> &mut T {
    match part {
        Known::Known(value) => value,
        Known::Unknown(gap) => panic!("{gap:?}"),
    }
}

fn forbidden<T>(what: &str) -> Known<T> {
    Known::Unknown(Gap {
        what: what.into(),
        why: Why::Forbidden,
        detail: format!("may not list {what}"),
    })
}

#[test]
fn a_healthy_mesh_is_ok() {
    for check in CHECKS {
        let verdict = (check.run)(&facts());
        let ok = matches!(verdict.status, Status::Ok | Status::Info);
        assert!(ok, "{}: {verdict:?}", check.code);
        let verdict = (check.run)(&canary());
        let ok = matches!(verdict.status, Status::Ok | Status::Info);
        assert!(ok, "{} beside a canary: {verdict:?}", check.code);
    }
}

#[test]
fn an_install_without_revisions_is_ok_too() {
    let healthy = made::healthy();
    let objects = healthy
        .split("\n---\n")
        .filter(|d| !d.contains("name: istio-revision-tag-stable"))
        .collect::<Vec<_>>()
        .join("\n---\n")
        .replace("istio-validator-1-26-1-", "istio-validator-")
        .replace("istio-sidecar-injector-1-26-1", "istio-sidecar-injector")
        .replace("istiod-1-26-1", "istiod")
        .replace("istio-1-26-1", "istio")
        .replace("1-26-1", "default")
        .replace("istio.io/rev: stable", "istio.io/rev: default");
    let mut facts = facts();
    let source = facts.mesh.source.clone();
    let now = facts.mesh.now;
    facts.mesh =
        mesh_common::mesh::Mesh::from_yaml([&*objects], "istio-system", source, now).unwrap();
    for check in CHECKS {
        let verdict = (check.run)(&facts);
        let ok = matches!(verdict.status, Status::Ok | Status::Info);
        assert!(ok, "{}: {verdict:?}", check.code);
    }
    expect(
        "MESH2301",
        &facts,
        Status::Ok,
        &["default 1.26.1 (2/2 ready)"],
    );
    expect("MESH2304", &facts, Status::Ok, &["2 proxies"]);
}

#[test]
fn what_may_not_be_read_is_skipped_and_never_ok() {
    let cases: [(&str, &[&str]); 14] = [
        ("istiods", &["MESH2301", "MESH2302", "MESH2303", "MESH2304"]),
        ("istiods", &["MESH2306", "MESH2305", "MESH2308"]),
        ("workloads", &["MESH2304", "MESH2308"]),
        ("injectors", &["MESH2305", "MESH2307", "MESH2308"]),
        ("validators", &["MESH2305", "MESH2307"]),
        ("services", &["MESH2305", "MESH2307"]),
        ("endpoints", &["MESH2307"]),
        ("namespaces", &["MESH2307", "MESH2308"]),
        ("gateways", &["MESH2308"]),
        ("crds", &["MESH2305"]),
        ("configs", &["MESH2306"]),
        ("root", &["MESH2309"]),
        ("secret", &["MESH2309"]),
        ("helm", &["MESH2310"]),
    ];
    for (part, codes) in cases {
        let mut facts = canary();
        let mesh = &mut facts.mesh;
        match part {
            "istiods" => mesh.istiods = forbidden(part),
            "workloads" => mesh.workloads = forbidden(part),
            "injectors" => mesh.injectors = forbidden(part),
            "validators" => mesh.validators = forbidden(part),
            "services" => mesh.services = forbidden(part),
            "endpoints" => known(&mut mesh.services)[0].ready_endpoints = forbidden(part),
            "namespaces" => mesh.namespaces = forbidden(part),
            "gateways" => mesh.gateways = forbidden(part),
            "crds" => mesh.crds = forbidden(part),
            "configs" => mesh.configs = forbidden(part),
            "root" => mesh.root_pem = forbidden(part),
            "secret" => facts.ca = forbidden(part),
            "helm" => facts.installed.releases = forbidden(part),
            _ => unreachable!(),
        }
        for code in codes {
            let verdict = run(code, &facts);
            assert_eq!(
                verdict.status,
                Status::Skipped,
                "{part} {code}: {verdict:?}"
            );
            let right = format!("SKIPPED: may not list {part}");
            assert!(verdict.summary.contains(&right), "{}", verdict.summary);
        }
    }
}

#[test]
fn a_rehearsal_evaluates_what_an_archive_holds() {
    let mut facts = canary();
    facts.ca = only_live("the CA's Secret");
    facts.installed.releases = only_live("Helm releases");
    facts.installed.operators = only_live("IstioOperators");
    for check in CHECKS {
        let verdict = (check.run)(&facts);
        let live = matches!(check.code, "MESH2309" | "MESH2310");
        assert_eq!(
            verdict.status == Status::NotEvaluated,
            live,
            "{}: {verdict:?}",
            check.code
        );
    }
    // The root is in the archive, and so is its end.
    let now = "2034-02-01T00:00:00Z".parse().unwrap();
    facts.mesh.now = now;
    expect(
        "MESH2309",
        &facts,
        Status::Error,
        &["the root certificate ended on 2034-01-01"],
    );
}

#[test]
fn an_empty_cluster_has_no_control_plane_and_nothing_breaks() {
    let mut facts = facts();
    let source = facts.mesh.source.clone();
    facts.mesh =
        mesh_common::mesh::Mesh::from_objects([], "istio-system", source, facts.mesh.now).unwrap();
    facts.upgrade = crate::facts::Upgrade::of(&facts.mesh, None, &facts.support);
    facts.ca = Known::Known(None);
    for check in CHECKS {
        let verdict = (check.run)(&facts);
        assert_eq!(
            verdict.status == Status::Error,
            check.code == "MESH2301",
            "{}: {verdict:?}",
            check.code
        );
    }
    assert!(CHECKS[0].fatal);
}

/// What a terminal obeys, and what a shell does.
const HOSTILE: &str = "x\u{1b}[2J;rm -rf ~;$(id)";

#[test]
fn names_of_strangers_stay_names() {
    let mut facts = canary();
    for istiod in known(&mut facts.mesh.istiods) {
        istiod.name = HOSTILE.into();
        istiod.revision = HOSTILE.into();
        istiod.ready = 0;
    }
    for injector in known(&mut facts.mesh.injectors) {
        injector.name = HOSTILE.into();
        injector.tag = Some(HOSTILE.into());
        for webhook in &mut injector.webhooks {
            webhook.ca_bundle = None;
        }
    }
    for workload in known(&mut facts.mesh.workloads) {
        workload.name = HOSTILE.into();
        workload.namespace = HOSTILE.into();
    }
    let namespace = known(&mut facts.mesh.namespaces).remove("shop").unwrap();
    let namespace = mesh_common::mesh::Namespace {
        name: HOSTILE.into(),
        ..namespace
    };
    known(&mut facts.mesh.namespaces).insert(HOSTILE.into(), namespace);
    let mut found = 0;
    for check in CHECKS {
        for finding in (check.run)(&facts).findings {
            found += 1;
            assert!(!finding.object.contains('\u{1b}'), "{finding:?}");
            for line in finding.hint.iter().flat_map(|h| h.lines()) {
                if mesh_common::shell::is_command(line) && line.contains("rm -rf") {
                    let before = line.split("rm -rf").next().unwrap_or_default();
                    assert_eq!(before.matches('\'').count() % 2, 1, "{line}");
                }
            }
        }
    }
    assert!(found > 5, "{found}");
}
