//! The CA bundles by which the API server trusts Istio's webhooks.

use base64::{Engine, engine::general_purpose::STANDARD};
use mesh_common::{
    check::{Finding, Severity},
    mesh::{
        Gap, Mesh, Why,
        tags::{self, ProblemKind},
    },
    shell,
};
use serde_json::Value;

use super::{CODE, day};
use crate::{
    categories::now::{fails_closed, webhooks_of},
    check::{More, finding},
    facts::Facts,
    x509::{Certificate, certificates},
};

pub(super) fn findings(facts: &Facts, roots: &[Certificate], gaps: &mut Vec<Gap>) -> Vec<Finding> {
    let mut findings = problems(&facts.mesh);
    let configurations = match configurations(&facts.mesh) {
        Ok(all) => all,
        Err(gap) => {
            gaps.push(gap.clone());
            return findings;
        }
    };
    for (object, configuration) in configurations {
        let Some(pem) = bundle(configuration) else {
            continue;
        };
        let read = certificates(&pem);
        let all: Vec<&Certificate> = read.iter().flatten().collect();
        if all.len() < read.len() {
            gaps.push(Gap {
                what: "CA bundles".into(),
                why: Why::Failed,
                detail: format!("a certificate in the CA bundle of {object} cannot be read"),
            });
        }
        let Some(last) = all.iter().max_by_key(|c| c.not_after) else {
            continue;
        };
        if last.not_after <= facts.mesh.now {
            let message = format!(
                "its CA bundle ended on {}: the API server cannot call it",
                day(last.not_after)
            );
            findings.push(
                found(&object, severity(&facts.mesh, &object), message)
                    .seen(format!("notAfter: {}", last.not_after))
                    .hint(look(&object)),
            );
        } else if !roots.is_empty() && !all.iter().any(|c| roots.iter().any(|r| r.same(c))) {
            let message = "its CA bundle holds another root than workloads are given";
            findings.push(
                found(&object, Severity::Info, message.into())
                    .seen(format!("subject: {}", last.subject)),
            );
        }
    }
    findings
}

/// A bundle that is missing, is none, or is not that of the tag's revision.
fn problems(mesh: &Mesh) -> Vec<Finding> {
    let Ok(problems) = tags::webhook_problems(mesh) else {
        return Vec::new();
    };
    let mut findings: Vec<Finding> = Vec::new();
    for problem in problems {
        let ca = matches!(
            problem.kind,
            ProblemKind::CaMissing | ProblemKind::CaNotPem | ProblemKind::CaDiffers
        );
        let Some(object) = problem.object.as_ref().filter(|_| ca) else {
            continue;
        };
        let severity = severity(mesh, object);
        let found = found(object, severity, problem.text.clone()).hint(look(object));
        if !findings.contains(&found) {
            findings.push(found);
        }
    }
    findings
}

/// What it means that the API server cannot call these webhooks.
fn severity(mesh: &Mesh, object: &str) -> Severity {
    if fails_closed(webhooks_of(mesh, object)) {
        Severity::Error
    } else {
        Severity::Warning
    }
}

fn found(object: &str, severity: Severity, message: String) -> Finding {
    finding(CODE, severity, object, message).field("webhooks[].clientConfig.caBundle")
}

fn look(object: &str) -> String {
    format!(
        "istiod writes the bundle of its own webhooks; a tag's is a copy\n{}",
        shell::command("kubectl get {} -o yaml", &[object])
    )
}

/// Istio's webhook configurations, whole.
fn configurations(mesh: &Mesh) -> Result<Vec<(String, &Value)>, &Gap> {
    let raw = mesh.raw.read()?;
    let injectors = mesh.injectors.get().into_iter().flatten();
    let validators = mesh.validators.get().into_iter().flatten();
    let of = |kind: &str, all: &'_ [Value], name: &str| {
        let at = all.iter().position(|o| o["metadata"]["name"] == *name)?;
        Some((format!("{kind}webhookconfiguration/{name}"), at))
    };
    let mut out = Vec::new();
    for injector in injectors {
        if let Some((object, at)) = of("mutating", &raw.mutating, &injector.name) {
            out.push((object, &raw.mutating[at]));
        }
    }
    for validator in validators {
        if let Some((object, at)) = of("validating", &raw.validating, &validator.name) {
            out.push((object, &raw.validating[at]));
        }
    }
    Ok(out)
}

/// The bundle of its first webhook that has one. Those of one configuration are written together.
fn bundle(configuration: &Value) -> Option<String> {
    let webhooks = configuration["webhooks"].as_array()?;
    let encoded = webhooks
        .iter()
        .find_map(|w| w["clientConfig"]["caBundle"].as_str())?;
    let bytes = STANDARD.decode(encoded).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}
