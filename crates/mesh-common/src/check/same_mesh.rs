//! `same mesh`: source and target are two control planes of one mesh. What makes a mesh must be equal; every other
//! difference is a finding.

mod defaults;
mod diff;
mod identity;
mod others;

<<<<<<< HEAD
use serde_json::Value;

use super::{Facts, Finding, Gate, Severity, finding::code, id, judge::Judge, words};
use crate::{
    mesh::{Labels, RevisionConfig},
    output::clean,
};
use diff::{Difference, differences};
=======
use super::{Facts, Finding, Gate, Severity, id, judge::Judge, words};
use identity::Side;
>>>>>>> gates

#[cfg(test)]
mod tests;

pub(super) fn gate(facts: &Facts<'_>) -> (Gate, Vec<Finding>) {
    let mut judge = Judge::default();
    let mut findings = Vec::new();
    let target = facts.target.as_str();
    let with: Vec<&str> = match &facts.source {
        Some(source) => vec![source],
        None => facts.beside.iter().map(String::as_str).collect(),
    };
    let with: Vec<&str> = with.into_iter().filter(|r| *r != target).collect();
    if with.is_empty() {
        let open = if facts.source.is_some() {
            format!("the tag points at {target} already")
        } else {
            format!("first promotion: nobody it concerns is on another revision than {target}")
        };
        return (judge.done(id::SAME_MESH, open), findings);
    }
    let configs = match facts.mesh.configs.read() {
        Ok(configs) => configs,
        Err(gap) => {
            judge.gap(gap);
            return (judge.done(id::SAME_MESH, ""), findings);
        }
    };
<<<<<<< HEAD
    let mut compared = 0;
    for source in with.iter().filter(|r| **r != target) {
        let [Some(a), Some(b)] = [*source, target].map(|r| configs.get(r)) else {
            for revision in [*source, target]
                .iter()
                .filter(|r| !configs.contains_key(**r))
            {
                judge.doubt(format!("the configuration of {revision} was not found"));
=======
    let side = |revision| {
        let config = configs.get(revision);
        config
            .map(|config| Side { revision, config })
            .ok_or(revision)
    };
    let mut points = 0;
    for source in &with {
        match (side(source), side(target)) {
            (Ok(old), Ok(new)) => {
                points += identity::compare(facts, &mut judge, old, new);
                findings.extend(others::findings(facts, old, new));
>>>>>>> gates
            }
            (old, new) => {
                for revision in [old.err(), new.err()].into_iter().flatten() {
                    judge.doubt(format!("the configuration of {revision} was not found"));
                }
            }
        }
    }
    findings.extend(others::root_cert(facts, target));
    judge.hint(words::command(
        "kubectl get configmaps -n {} -l istio.io/rev={} -o yaml",
        &[&facts.mesh.istio_namespace, target],
    ));
<<<<<<< HEAD
    let others = match findings
        .iter()
        .filter(|f| f.severity > Severity::Info)
        .count()
    {
=======
    let to_read = findings
        .iter()
        .filter(|f| f.severity > Severity::Info)
        .count();
    let to_read = match to_read {
>>>>>>> gates
        0 => String::new(),
        n => format!("; {} to read", words::count(n, "difference")),
    };
    let open = format!(
        "{} and {target} agree on all {points} points (trust domain, CA root, network, ids, policies){to_read}",
        words::some(&with, 3)
    );
    (judge.done(id::SAME_MESH, open), findings)
}
<<<<<<< HEAD

/// Every other difference.
fn rest(
    facts: &Facts<'_>,
    (source, a): (&str, &RevisionConfig),
    (target, b): (&str, &RevisionConfig),
) -> Vec<Finding> {
    let mut out = Vec::new();
    let map = |c: &RevisionConfig| format!("configmap/{}", c.config_map);
    let injector = injector_map(target);
    let in_use = facts.mesh.providers_in_use.get();
    let mesh = differences(&a.mesh, &b.mesh, |path| {
        identity::is_mesh_identity(path, in_use)
    });
    let (addresses, mesh): (Vec<_>, Vec<_>) = mesh
        .into_iter()
        .partition(|d| d.path == "defaultConfig.discoveryAddress");
    out.extend(discovery(source, target, b, &addresses));
    push(
        &mut out,
        code::MESH_CONFIG,
        Severity::Warning,
        &map(b),
        mesh,
    );
    let networks = differences(&a.networks, &b.networks, |_| false);
    let networks = networks
        .into_iter()
        .map(|d| d.under("meshNetworks"))
        .collect();
    push(
        &mut out,
        code::MESH_CONFIG,
        Severity::Warning,
        &map(b),
        networks,
    );
    let values = differences(&a.values, &b.values, identity::is_expected_value);
    push(
        &mut out,
        code::INJECTOR_VALUES,
        Severity::Info,
        &injector,
        values,
    );
    push(
        &mut out,
        code::INJECTOR_POLICY,
        Severity::Warning,
        &injector,
        policy(a, b),
    );
    push(
        &mut out,
        code::ISTIOD_ENV,
        Severity::Warning,
        &format!("deployment of {target}"),
        env(facts, source, target),
    );
    for (revision, config) in [(source, a), (target, b)] {
        for problem in &config.problems {
            out.push(Finding {
                code: code::UNPARSED,
                severity: Severity::Warning,
                object: map(config),
                message: clean(&format!("{revision}: {problem}"), 240),
                evidence: Vec::new(),
                hint: None,
            });
        }
    }
    out
}

fn injector_map(revision: &str) -> String {
    match revision {
        "default" => "configmap/istio-sidecar-injector".into(),
        _ => format!("configmap/istio-sidecar-injector-{revision}"),
    }
}

fn push(
    out: &mut Vec<Finding>,
    code: &'static str,
    severity: Severity,
    object: &str,
    all: Vec<Difference>,
) {
    let more = all.len().saturating_sub(FINDINGS_MAX);
    let finding = |message: String| Finding {
        code,
        severity,
        object: clean(object, 200),
        message,
        evidence: Vec::new(),
        hint: None,
    };
    out.extend(
        all.into_iter()
            .take(FINDINGS_MAX)
            .map(|d| finding(d.to_string())),
    );
    if more > 0 {
        out.push(finding(format!(
            "and {}",
            words::count(more, "more difference")
        )));
    }
}

/// Injection policy and selectors of the injector's own document.
fn policy(a: &RevisionConfig, b: &RevisionConfig) -> Vec<Difference> {
    let document = |c: &RevisionConfig| {
        let text = |s: &[crate::mesh::Selector]| -> Vec<String> {
            s.iter().map(ToString::to_string).collect()
        };
        serde_json::json!({
            "policy": c.policy,
            "neverInjectSelector": text(&c.never_inject),
            "alwaysInjectSelector": text(&c.always_inject),
        })
    };
    differences(&document(a), &document(b), |_| false)
}

/// istiod's plain environment, values that may be secrets left out.
fn env(facts: &Facts<'_>, source: &str, target: &str) -> Vec<Difference> {
    let of = |revision| {
        facts
            .istiods(revision)
            .ok()
            .and_then(|i| i.first().map(|i| &i.env))
    };
    let (Some(a), Some(b)) = (of(source), of(target)) else {
        return Vec::new();
    };
    let document = |env: &Labels, other: &Labels| -> Value {
        let shown = |(name, value): (&String, &String)| {
            let value = if is_secret(name) && other.get(name) != Some(value) {
                format!("(hidden, {} characters)", value.chars().count())
            } else {
                value.clone()
            };
            (name.clone(), Value::String(value))
        };
        Value::Object(env.iter().map(shown).collect())
    };
    let mut out = differences(&document(a, b), &document(b, a), |path| {
        ["REVISION", "CLUSTER_ID"].contains(&path)
    });
    // Two secrets of one length look alike once they are hidden.
    for (name, value) in a {
        let other = b
            .get(name)
            .filter(|other| is_secret(name) && *other != value);
        if other.is_some() && !out.iter().any(|d| d.path == *name) {
            let hidden = || Some(Value::String("(hidden)".into()));
            out.push(Difference {
                path: name.clone(),
                old: hidden(),
                new: hidden(),
            });
        }
    }
    out
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    [
        "TOKEN",
        "SECRET",
        "PASSWORD",
        "PASSWD",
        "CREDENTIAL",
        "PRIVATE",
        "_KEY",
    ]
    .iter()
    .any(|w| name.contains(w))
}

/// Each revision's proxies are told to talk to its own istiod; that this differs is expected, and that it names
/// somebody else is not. One outside address for both is an external control plane.
fn discovery(
    source: &str,
    target: &str,
    b: &RevisionConfig,
    found: &[Difference],
) -> Option<Finding> {
    let address = defaults::get(&b.mesh, "defaultConfig")
        .and_then(|c| defaults::get(c, "discoveryAddress"))
        .and_then(Value::as_str);
    let finding = |severity, message: String| {
        Some(Finding {
            code: code::DISCOVERY_ADDRESS,
            severity,
            object: format!("configmap/{}", clean(&b.config_map, 200)),
            message: clean(&message, 240),
            evidence: Vec::new(),
            hint: None,
        })
    };
    if let Some(address) = address
        && own_rest(address, target).is_none()
        && own_rest(address, source).is_some()
    {
        let message =
            format!("proxies of {target} are told to talk to the istiod of {source}: {address}");
        return finding(Severity::Error, message);
    }
    let difference = found.first()?;
    let text = |v: &Option<Value>| {
        v.as_ref()
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let (old, new) = (text(&difference.old), text(&difference.new));
    // Without an address it is the un-revisioned istiod's (`pkg/config/mesh/mesh.go`, DefaultProxyConfig).
    let old = if old.is_empty() {
        defaults::DISCOVERY_ADDRESS.to_owned()
    } else {
        old
    };
    let new = if new.is_empty() {
        defaults::DISCOVERY_ADDRESS.to_owned()
    } else {
        new
    };
    let expected =
        own_rest(&old, source).is_some() && own_rest(&old, source) == own_rest(&new, target);
    if expected {
        return None;
    }
    finding(Severity::Warning, difference.to_string())
}

/// What follows the name of a revision's own Service in an address: `.istio-system.svc:15012`.
fn own_rest<'a>(address: &'a str, revision: &str) -> Option<&'a str> {
    let end = address.find(['.', ':'])?;
    let (host, rest) = address.split_at(end);
    let own = match revision {
        "default" => host == "istiod",
        _ => host.strip_prefix("istiod-") == Some(revision),
    };
    own.then_some(rest)
}

/// The injectors' CA beside the root that workloads are given. They may differ where istiod's serving certificate is
/// somebody else's.
fn root_cert(facts: &Facts<'_>, target: &str, findings: &mut Vec<Finding>) {
    let Some(Some(root)) = facts.mesh.root_cert.get() else {
        return;
    };
    let Ok(bundle) = identity::ca_root(facts, target) else {
        return;
    };
    if *root == bundle {
        return;
    }
    findings.push(Finding {
        code: code::ROOT_CERT,
        severity: Severity::Info,
        object: "configmap/istio-ca-root-cert".into(),
        message: format!(
            "the injector of {target} is trusted by another CA than workloads are given"
        ),
        evidence: vec![
            format!("istio-ca-root-cert {root}"),
            format!("caBundle {bundle}"),
        ],
        hint: None,
    });
}
=======
>>>>>>> gates
