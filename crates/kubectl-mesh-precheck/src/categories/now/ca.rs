//! MESH2309: the certificates that workloads live on outlive the upgrade.

mod bundles;
mod issuer;

use std::cmp::Reverse;

use jiff::Timestamp;
use mesh_common::{
    check::{Finding, Severity},
    mesh::{Gap, Why},
    shell,
};

use super::{but_for, graded};
use crate::{
    check::{More, Verdict, finding},
    facts::{CaSecret, Facts},
    x509::{Certificate, certificates},
};

pub(super) const CODE: &str = "MESH2309";

/// Days before the end from which it is an error to go on.
const NEAR: i64 = 30;
/// Days before the end from which it is spoken of.
const SOON: i64 = 90;

pub(super) fn run(facts: &Facts) -> Verdict {
    let mut findings = Vec::new();
    let mut gaps = Vec::new();
    let mut said = Vec::new();

    let roots = match roots(facts) {
        Ok(roots) => roots,
        Err(gap) => {
            gaps.push(gap);
            Vec::new()
        }
    };
    findings.extend(of_roots(facts, &roots));
    if let Some(root) = roots.iter().max_by_key(|r| r.not_after) {
        said.push(format!(
            "root {} until {}",
            root.subject,
            day(root.not_after)
        ));
    }

    let elsewhere = issuer::elsewhere(facts);
    match (&elsewhere, facts.ca.read()) {
        (Some(found), _) => {
            said.push(found.message.clone());
            findings.push(found.clone());
        }
        (None, Err(gap)) => gaps.push(gap.clone()),
        (None, Ok(None)) => said.push("no Secret cacerts or istio-ca-secret".into()),
        (None, Ok(Some(secret))) => {
            let (found, unread) = of_secret(facts, secret, &roots);
            findings.extend(found);
            gaps.extend(unread);
            said.push(signs(secret));
        }
    }
    findings.extend(bundles::findings(facts, &roots, &mut gaps));
    findings.extend(issuer::more(facts));
    findings.sort_by_key(|f| Reverse(f.severity));

    let ok = said.join("; ");
    let verdict = graded(findings, ok);
    but_for(verdict, &gaps)
}

/// The roots that workloads are given.
fn roots(facts: &Facts) -> Result<Vec<Certificate>, Gap> {
    let unread = |detail: String| Gap {
        what: "configmaps".into(),
        why: Why::Failed,
        detail,
    };
    let namespace = &facts.mesh.istio_namespace;
    let Some(pem) = facts.mesh.root_pem.read().map_err(Clone::clone)? else {
        return Err(unread(format!(
            "there is no ConfigMap istio-ca-root-cert in {namespace}, or it is empty"
        )));
    };
    let all: Option<Vec<Certificate>> = certificates(pem).into_iter().collect();
    all.filter(|all| !all.is_empty()).ok_or_else(|| {
        unread(format!(
            "configmap/istio-ca-root-cert -n {namespace} holds what cannot be read as a certificate"
        ))
    })
}

/// The last root to end decides; one that ended beside it is left over from a rotation.
fn of_roots(facts: &Facts, roots: &[Certificate]) -> Vec<Finding> {
    let namespace = &facts.mesh.istio_namespace;
    let object = format!("configmap/istio-ca-root-cert -n {namespace}");
    let Some(last) = roots.iter().max_by_key(|r| r.not_after) else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    let hint = "roots are rotated before an upgrade, not in it: istio.io/latest/docs/tasks/security/cert-management/";
    findings.extend(
        expiry(last, facts.mesh.now, "the root certificate", &object, false)
            .map(|f| f.field("data[root-cert.pem]").hint(hint)),
    );
    if findings.is_empty() {
        let ended = roots.iter().filter(|r| r.not_after < facts.mesh.now);
        findings.extend(ended.map(|r| {
            let message = format!(
                "a root that ended on {} is still in the bundle",
                day(r.not_after)
            );
            finding(CODE, Severity::Info, &object, message)
                .field("data[root-cert.pem]")
                .seen(format!("subject: {}", r.subject))
        }));
    }
    findings
}

fn of_secret(
    facts: &Facts,
    secret: &CaSecret,
    trusted: &[Certificate],
) -> (Vec<Finding>, Vec<Gap>) {
    let mut findings = Vec::new();
    let mut gaps = Vec::new();
    let namespace = &facts.mesh.istio_namespace;
    let object = format!("secret/{} -n {namespace}", secret.name);
    let now = facts.mesh.now;
    let look = shell::command(
        "kubectl -n {} get secret {} -o jsonpath='{.data.ca-cert\\.pem}' | base64 -d | openssl x509 -noout -dates -issuer",
        &[namespace, &secret.name],
    );
    let all = [&secret.signing, &secret.roots, &secret.chain];
    if all.iter().any(|certs| certs.iter().any(Option::is_none)) || secret.signing.is_empty() {
        gaps.push(Gap {
            what: "secrets".into(),
            why: Why::Failed,
            detail: format!("{object} holds what cannot be read as a certificate"),
        });
    }
    let signing = secret.signing.first().and_then(Option::as_ref);
    let roots: Vec<&Certificate> = secret.roots.iter().flatten().collect();
    if let Some(signing) = signing {
        let found = expiry(
            signing,
            now,
            "the certificate that istiod signs with",
            &object,
            secret.renewed,
        );
        findings.extend(found.map(|f| f.hint(format!("renew it before the upgrade\n{look}"))));
        let root = roots.iter().max_by_key(|r| r.not_after);
        if let Some(root) = root.filter(|r| r.not_after < signing.not_after) {
            let message = format!(
                "its root ends on {}, before what it signed, on {}",
                day(root.not_after),
                day(signing.not_after)
            );
            let found = finding(CODE, Severity::Warning, &object, message)
                .seen(format!("root: {}", root.subject))
                .seen(format!("signing: {}", signing.subject));
            findings.push(
                found.hint("workload certificates end with their root: renew the root first"),
            );
        }
    }
    let chain = secret.chain.iter().flatten();
    for link in chain.filter(|c| signing.is_none_or(|s| !s.same(c))) {
        findings.extend(
            expiry(
                link,
                now,
                "a certificate of the chain",
                &object,
                secret.renewed,
            )
            .map(|f| f.hint(look.clone())),
        );
    }
    // A CA of istiod's own is its own root.
    let own: Vec<&Certificate> = if roots.is_empty() {
        signing
            .filter(|s| s.subject == s.issuer)
            .into_iter()
            .collect()
    } else {
        roots
    };
    let known = own.iter().any(|r| trusted.iter().any(|t| t.same(r)));
    if !own.is_empty() && !trusted.is_empty() && !known {
        let subjects = |all: &mut dyn Iterator<Item = &Certificate>| {
            super::some(all.map(|c| format!("{} until {}", c.subject, day(c.not_after))))
        };
        let message = "its root is none that workloads trust: the next istiod that starts signs what they refuse";
        findings.push(
            finding(CODE, Severity::Error, &object, message)
                .seen(format!("in the Secret: {}", subjects(&mut own.iter().copied())))
                .seen(format!("in istio-ca-root-cert: {}", subjects(&mut trusted.iter())))
                .hint(format!(
                    "finish the change of the root, with both roots trusted meanwhile, before a new istiod starts\n{look}"
                )),
        );
    }
    (findings, gaps)
}

/// `signed by plug-in CA CN=… until 2027-01-01 (secret cacerts)`.
fn signs(secret: &CaSecret) -> String {
    let Some(signing) = secret.signing.first().and_then(Option::as_ref) else {
        return format!("secret {}", secret.name);
    };
    let renewed = if secret.renewed {
        ", renewed by cert-manager"
    } else {
        ""
    };
    if signing.subject == signing.issuer {
        return format!("self-signed (secret {}{renewed})", secret.name);
    }
    format!(
        "intermediate {} until {} (secret {}{renewed})",
        signing.subject,
        day(signing.not_after),
        secret.name
    )
}

/// What there is to say of the end of a certificate. One that is renewed by itself may be near its end.
fn expiry(
    certificate: &Certificate,
    now: Timestamp,
    what: &str,
    object: &str,
    renewed: bool,
) -> Option<Finding> {
    let Certificate {
        subject,
        not_before,
        not_after,
        ..
    } = certificate;
    let end = day(*not_after);
    let days = not_after
        .duration_since(now)
        .as_secs()
        .div_euclid(24 * 60 * 60);
    let (severity, message) = if *not_before > now {
        (
            Severity::Error,
            format!(
                "{what} is valid only from {not_before}: a clock is wrong, or it came too early"
            ),
        )
    } else if *not_after <= now {
        (Severity::Error, format!("{what} ended on {end}"))
    } else if days < NEAR && !renewed {
        (
            Severity::Error,
            format!("{what} ends on {end}, in {days} days"),
        )
    } else if days < NEAR / 4 || (days < SOON && !renewed) {
        (
            Severity::Warning,
            format!("{what} ends on {end}, in {days} days"),
        )
    } else {
        return None;
    };
    Some(
        finding(CODE, severity, object, message)
            .seen(format!("notAfter: {not_after}"))
            .seen(format!("subject: {subject}")),
    )
}

fn day(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d").to_string()
}
