//! `way back`: whatever happens, the old state can be put back.

use super::{Facts, Gate, facts::living, id, judge::Judge, words};
use crate::{
    istioctl::Version,
    mesh::{Crd, WebhookTarget},
};

#[cfg(test)]
mod tests;

pub(super) fn gate(facts: &Facts<'_>) -> Gate {
    let mut judge = Judge::default();
    if !facts.without_before_image.is_empty() {
        let missing = &facts.without_before_image;
        judge.close(format!(
            "no before-image of {}: {}",
            words::count(missing.len(), "object"),
            words::some(missing, 3)
        ));
        for object in missing {
            judge.note(format!("no before-image: {object}"));
        }
    }
    let Some(source) = &facts.source else {
        return judge.done(
            id::WAY_BACK,
            "the tag does not exist yet: the way back removes it",
        );
    };
    let ready = old_istiod(facts, &mut judge, source);
    own_webhook(facts, &mut judge, source);
    stored(facts, &mut judge, source);
    let open = format!(
        "{ready} of {source} ready; its APIs are served; every object that changes has a before-image"
    );
    judge.done(id::WAY_BACK, open)
}

fn old_istiod(facts: &Facts<'_>, judge: &mut Judge, source: &str) -> String {
    let istiods = match facts.istiods(source) {
        Ok(istiods) => istiods,
        Err(gap) => {
            judge.gap(gap);
            return String::new();
        }
    };
    let pods: Vec<_> = istiods.iter().flat_map(|i| living(i)).collect();
    let ready = pods.iter().filter(|p| p.ready).count();
    if istiods.is_empty() {
        judge.close(format!("no istiod of {source} is left"));
    } else if pods.is_empty() && istiods.iter().any(|i| i.ready > 0) {
        judge.doubt(format!(
            "istiods of {source} are said to be ready, and none of their pods was seen"
        ));
    } else if ready == 0 {
        judge.close(format!("no istiod of {source} is ready"));
        judge.hint(words::command(
            "kubectl get pods -n {} -l app=istiod,istio.io/rev={}",
            &[&facts.mesh.istio_namespace, source],
        ));
    }
    words::count(ready, "istiod")
}

/// The way back takes the CA bundle from the restored revision's own webhook.
fn own_webhook(facts: &Facts<'_>, judge: &mut Judge, source: &str) {
    let injectors = match facts.mesh.injectors.items() {
        Ok(injectors) => injectors,
        Err(gap) => return judge.gap(gap),
    };
    let own = injectors
        .iter()
        .find(|i| i.tag.is_none() && i.revision == source);
    match own {
        None => judge.doubt(format!(
            "{source} has no webhook of its own to take the CA bundle from"
        )),
        // Outside control planes may have a public certificate, and then no bundle.
        Some(own)
            if own
                .webhooks
                .iter()
                .all(|w| w.ca_bundle.is_none() && !matches!(w.target, WebhookTarget::Url(_))) =>
        {
            judge.doubt(format!("the webhook of {source} has no CA bundle"));
        }
        Some(_) => {}
    }
}

/// Objects are stored only in versions that are served, and what the old istiod reads is served.
fn stored(facts: &Facts<'_>, judge: &mut Judge, source: &str) {
    let crds = match facts.mesh.crds.items() {
        Ok(crds) => crds,
        Err(gap) => return judge.gap(gap),
    };
    if !crds.iter().any(|c| c.name.ends_with(".istio.io")) {
        judge.note("no CRD of Istio is installed");
    }
    for crd in crds {
        let lost: Vec<_> = crd
            .stored
            .iter()
            .filter(|v| !crd.served.contains(v))
            .cloned()
            .collect();
        if !lost.is_empty() {
            judge.close(format!(
                "{} may hold objects in {}, which is not served",
                crd.name,
                lost.join(", ")
            ));
            judge.hint(words::command(
                "kubectl get crd {} -o jsonpath='{.status.storedVersions}'",
                &[&crd.name],
            ));
        }
    }
    let Some(version) = facts.version(source) else {
        return judge.doubt(format!(
            "which APIs istiod of {source} reads is not known: its version is not"
        ));
    };
    let Some(reads) = reads(&version) else {
        return judge.doubt(format!(
            "which APIs istiod {} reads is not known here",
            version.release()
        ));
    };
    for (name, wanted) in reads {
        let crd: Option<&Crd> = crds.iter().find(|c| c.name == name);
        if let Some(crd) = crd.filter(|c| !c.served.iter().any(|v| v == wanted)) {
            judge.close(format!(
                "istiod {} reads {name} as {wanted}, which is not served (but {})",
                version.release(),
                if crd.served.is_empty() {
                    "nothing".into()
                } else {
                    crd.served.join(", ")
                }
            ));
        }
    }
}

/// The version in which an istiod reads each kind (`pkg/config/schema/gvr/resources.gen.go` of the branches
/// release-1.18 to release-1.31); none for an istiod outside of those. Gateway API kinds that are not in its standard
/// channel, and those that istiod passes over when they are too old, are left out.
fn reads(istiod: &Version) -> Option<Vec<(&'static str, &'static str)>> {
    let minor = istiod.semver.minor;
    if istiod.semver.major != 1 || !(18..=31).contains(&minor) {
        return None;
    }
    let since = |first: u64, then: &'static str, before: &'static str| {
        if minor >= first { then } else { before }
    };
    let networking = since(24, "v1", "v1alpha3");
    let security = since(24, "v1", "v1beta1");
    let gateway = since(29, "v1", "v1beta1");
    Some(vec![
        ("destinationrules.networking.istio.io", networking),
        ("gateways.networking.istio.io", networking),
        ("serviceentries.networking.istio.io", networking),
        ("sidecars.networking.istio.io", networking),
        ("virtualservices.networking.istio.io", networking),
        ("workloadentries.networking.istio.io", networking),
        ("workloadgroups.networking.istio.io", networking),
        ("envoyfilters.networking.istio.io", "v1alpha3"),
        ("proxyconfigs.networking.istio.io", "v1beta1"),
        ("authorizationpolicies.security.istio.io", security),
        ("peerauthentications.security.istio.io", security),
        ("requestauthentications.security.istio.io", security),
        (
            "telemetries.telemetry.istio.io",
            since(24, "v1", "v1alpha1"),
        ),
        ("wasmplugins.extensions.istio.io", "v1alpha1"),
        ("gatewayclasses.gateway.networking.k8s.io", gateway),
        ("gateways.gateway.networking.k8s.io", gateway),
        ("httproutes.gateway.networking.k8s.io", gateway),
        (
            "grpcroutes.gateway.networking.k8s.io",
            since(22, "v1", "v1alpha2"),
        ),
        ("referencegrants.gateway.networking.k8s.io", "v1beta1"),
    ])
}
