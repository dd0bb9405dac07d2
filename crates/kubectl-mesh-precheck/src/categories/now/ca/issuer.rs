//! Who issues the certificates, where it is not istiod.

use mesh_common::{
    check::{Finding, Severity},
    mesh::{Istiod, RevisionConfig},
};

use super::CODE;
use crate::{
    categories::now::deployment,
    check::{More, count, finding},
    facts::Facts,
};

/// Why istiod does not sign: then the Secret that it would sign with says nothing.
pub(super) fn elsewhere(facts: &Facts) -> Option<Finding> {
    let istiods = facts.mesh.istiods.get().into_iter().flatten();
    istiods.into_iter().find_map(|istiod| {
        let config = facts
            .mesh
            .configs
            .get()
            .and_then(|c| c.get(&istiod.revision));
        let (by, seen) = by(istiod, config)?;
        let message = format!("certificates are issued by {by}, whose chain is not looked at here");
        let mut found = finding(CODE, Severity::Info, deployment(istiod), message).seen(seen);
        if let Some(csr) = csr(facts) {
            found = found.seen(csr);
        }
        Some(
            found.hint("look at the end of its certificates with its own tools before the upgrade"),
        )
    })
}

fn by(istiod: &Istiod, config: Option<&RevisionConfig>) -> Option<(String, String)> {
    let env = |name: &str| istiod.env.get(name).filter(|v| !v.is_empty());
    if let Some(kind) = env("EXTERNAL_CA") {
        let seen = format!("env EXTERNAL_CA={kind}");
        return Some(("a signer of Kubernetes".into(), seen));
    }
    let address = config.and_then(|c| c.values.pointer("/global/caAddress")?.as_str());
    let address = address.filter(|a| !a.is_empty() && !a.starts_with("istiod"));
    if let Some(address) = address {
        let by = if address.contains("istio-csr") {
            "cert-manager's istio-csr"
        } else {
            "an external CA"
        };
        return Some((by.into(), format!("values global.caAddress={address}")));
    }
    env("ENABLE_CA_SERVER").filter(|v| *v == "false").map(|_| {
        (
            "another CA than istiod".into(),
            "env ENABLE_CA_SERVER=false".into(),
        )
    })
}

/// A Deployment of istio-csr.
fn csr(facts: &Facts) -> Option<String> {
    let mut all = facts.mesh.workloads.get().into_iter().flatten();
    let csr = all.find(|w| w.name.contains("istio-csr"))?;
    Some(format!("{} -n {}", csr.short(), csr.namespace))
}

/// What else is not as istiod does it by itself.
pub(super) fn more(facts: &Facts) -> Vec<Finding> {
    let mut findings = Vec::new();
    for istiod in facts.mesh.istiods.get().into_iter().flatten() {
        let provider = istiod.env.get("PILOT_CERT_PROVIDER");
        if let Some(provider) = provider.filter(|p| !p.is_empty() && *p != "istiod") {
            let message = format!("istiod's own serving certificate is from {provider}");
            findings.push(
                finding(CODE, Severity::Info, deployment(istiod), message)
                    .seen(format!("env PILOT_CERT_PROVIDER={provider}")),
            );
        }
    }
    for (revision, config) in facts.mesh.configs.get().into_iter().flatten() {
        let extra = config.mesh["caCertificates"].as_array().map_or(0, Vec::len);
        if extra > 0 {
            let message = format!(
                "the mesh config of {revision} trusts {}, not looked into",
                count(extra, "further CA")
            );
            let object = format!(
                "configmap/{} -n {}",
                config.config_map, facts.mesh.istio_namespace
            );
            findings.push(finding(CODE, Severity::Info, object, message).field("caCertificates"));
        }
    }
    findings
}
