//! Differences between two revisions that leave them one mesh: each is a finding, old → new.

use serde_json::{Value, json};

use super::{
    Side, defaults,
    diff::{Difference, differences},
    identity,
};
use crate::{
    check::{Facts, Finding, Severity, finding::code, words},
    mesh::{Labels, RevisionConfig, Selector},
    output::clean,
};

#[cfg(test)]
mod tests;

/// Most findings about one kind of document.
const FINDINGS_MAX: usize = 25;

/// Every difference that the gate does not close for.
pub(super) fn findings(facts: &Facts<'_>, old: Side<'_>, new: Side<'_>) -> Vec<Finding> {
    let (a, b) = (old.config, new.config);
    let map = format!("configmap/{}", b.config_map);
    let injector = injector_map(new.revision);
    let in_use = facts.mesh.providers_in_use.get();
    let mesh = differences(&a.mesh, &b.mesh, |path| {
        identity::is_mesh_identity(path, in_use)
    });
    let (addresses, mesh): (Vec<_>, Vec<_>) = mesh
        .into_iter()
        .partition(|d| d.path == "defaultConfig.discoveryAddress");
    let networks = differences(&a.networks, &b.networks, |_| false);
    let networks = networks
        .into_iter()
        .map(|d| d.under("meshNetworks"))
        .collect();
    let values = differences(&a.values, &b.values, identity::is_expected_value);
    let istiod = format!("deployment of {}", new.revision);

    let mut out = Vec::new();
    out.extend(discovery(old, new, addresses.first()));
    push(&mut out, code::MESH_CONFIG, Severity::Warning, &map, mesh);
    push(
        &mut out,
        code::MESH_CONFIG,
        Severity::Warning,
        &map,
        networks,
    );
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
        &istiod,
        env(facts, old, new),
    );
    for side in [old, new] {
        let object = format!("configmap/{}", side.config.config_map);
        for problem in &side.config.problems {
            let problem = clean(&format!("{}: {problem}", side.revision), 240);
            out.push(finding(code::UNPARSED, Severity::Warning, &object, problem));
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

fn finding(code: &'static str, severity: Severity, object: &str, message: String) -> Finding {
    Finding {
        code: code.into(),
        severity,
        object: clean(object, 200),
        field: None,
        message,
        evidence: Vec::new(),
        hint: None,
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
    let shown = all.into_iter().take(FINDINGS_MAX);
    out.extend(shown.map(|d| finding(code, severity, object, d.to_string())));
    if more > 0 {
        let message = format!("and {}", words::count(more, "more difference"));
        out.push(finding(code, severity, object, message));
    }
}

/// Injection policy and selectors of the injector's own document.
fn policy(a: &RevisionConfig, b: &RevisionConfig) -> Vec<Difference> {
    let texts = |all: &[Selector]| all.iter().map(ToString::to_string).collect::<Vec<_>>();
    let document = |c: &RevisionConfig| {
        json!({
            "policy": c.policy,
            "neverInjectSelector": texts(&c.never_inject),
            "alwaysInjectSelector": texts(&c.always_inject),
        })
    };
    differences(&document(a), &document(b), |_| false)
}

/// istiod's plain environment, without the values of what may be secrets.
fn env(facts: &Facts<'_>, old: Side<'_>, new: Side<'_>) -> Vec<Difference> {
    let of = |side: Side<'_>| {
        let istiods = facts.istiods(side.revision).ok()?;
        istiods.first().map(|i| document(&i.env))
    };
    let (Some(a), Some(b)) = (of(old), of(new)) else {
        return Vec::new();
    };
    let hide = |value: Option<Value>| value.map(|_| Value::String("(hidden)".into()));
    differences(&a, &b, |name| ["REVISION", "CLUSTER_ID"].contains(&name))
        .into_iter()
        .map(|d| {
            if is_secret(&d.path) {
                Difference {
                    old: hide(d.old),
                    new: hide(d.new),
                    ..d
                }
            } else {
                d
            }
        })
        .collect()
}

fn document(env: &Labels) -> Value {
    Value::Object(
        env.iter()
            .map(|(k, v)| (k.clone(), v.clone().into()))
            .collect(),
    )
}

fn is_secret(name: &str) -> bool {
    const WORDS: [&str; 7] = [
        "TOKEN",
        "SECRET",
        "PASSWORD",
        "PASSWD",
        "CREDENTIAL",
        "PRIVATE",
        "_KEY",
    ];
    let name = name.to_ascii_uppercase();
    WORDS.iter().any(|w| name.contains(w))
}

/// Each revision's proxies are told to talk to its own istiod. That this differs is expected, that it names somebody
/// else is not; one outside address for both is an external control plane.
fn discovery(old: Side<'_>, new: Side<'_>, difference: Option<&Difference>) -> Option<Finding> {
    let (old_address, address) = (
        defaults::discovery_address(&old.config.mesh),
        defaults::discovery_address(&new.config.mesh),
    );
    let object = format!("configmap/{}", new.config.config_map);
    let found = |severity, message: &str| {
        Some(finding(
            code::DISCOVERY_ADDRESS,
            severity,
            &object,
            clean(message, 240),
        ))
    };
    let own = own_rest(address, new.revision);
    if own.is_none() && own_rest(address, old.revision).is_some() {
        let message = format!(
            "proxies of {} are told to talk to the istiod of {}: {address}",
            new.revision, old.revision
        );
        return found(Severity::Error, &message);
    }
    if own.is_some() && own == own_rest(old_address, old.revision) {
        return None;
    }
    found(Severity::Warning, &difference?.to_string())
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

/// The injector's CA beside the root that workloads are given. They may differ where istiod's serving certificate is
/// somebody else's.
pub(super) fn root_cert(facts: &Facts<'_>, revision: &str) -> Option<Finding> {
    let root = facts.mesh.root_cert.get()?.as_ref()?;
    let bundle = identity::ca_root(facts, revision)
        .ok()
        .filter(|b| b != root)?;
    let message =
        format!("the injector of {revision} is trusted by another CA than workloads are given");
    Some(Finding {
        evidence: vec![
            format!("istio-ca-root-cert {root}"),
            format!("caBundle {bundle}"),
        ],
        ..finding(
            code::ROOT_CERT,
            Severity::Info,
            "configmap/istio-ca-root-cert",
            message,
        )
    })
}
