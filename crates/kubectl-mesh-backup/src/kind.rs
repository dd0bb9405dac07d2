//! How a kind may be typed: as kubectl takes it.

/// Short names of the kinds an archive may hold: those of `kubectl api-resources`, and of the CRDs of Istio and Gateway API.
const SHORT: &[(&str, &[&str])] = &[
    ("configmaps", &["cm"]),
    ("endpoints", &["ep"]),
    ("limitranges", &["limits"]),
    ("namespaces", &["ns"]),
    ("nodes", &["no"]),
    ("pods", &["po"]),
    ("resourcequotas", &["quota"]),
    ("serviceaccounts", &["sa"]),
    ("services", &["svc"]),
    (
        "customresourcedefinitions.apiextensions.k8s.io",
        &["crd", "crds"],
    ),
    ("daemonsets.apps", &["ds"]),
    ("deployments.apps", &["deploy"]),
    ("replicasets.apps", &["rs"]),
    ("statefulsets.apps", &["sts"]),
    ("horizontalpodautoscalers.autoscaling", &["hpa"]),
    ("cronjobs.batch", &["cj"]),
    ("networkpolicies.networking.k8s.io", &["netpol"]),
    ("poddisruptionbudgets.policy", &["pdb"]),
    ("gatewayclasses.gateway.networking.k8s.io", &["gc"]),
    ("gateways.gateway.networking.k8s.io", &["gtw"]),
    ("referencegrants.gateway.networking.k8s.io", &["refgrant"]),
    ("destinationrules.networking.istio.io", &["dr"]),
    ("gateways.networking.istio.io", &["gw"]),
    ("serviceentries.networking.istio.io", &["se"]),
    ("virtualservices.networking.istio.io", &["vs"]),
    ("workloadentries.networking.istio.io", &["we"]),
    ("workloadgroups.networking.istio.io", &["wg"]),
    ("authorizationpolicies.security.istio.io", &["ap"]),
    ("peerauthentications.security.istio.io", &["pa"]),
    ("requestauthentications.security.istio.io", &["ra"]),
    ("telemetries.telemetry.istio.io", &["telemetry"]),
];

/// Whether `typed` may mean the resource `what` (`pods`, `deployments.apps`), whose kind is `kind` (`Deployment`): its
/// plural, its kind, or a short name, the first two with their group or without.
pub(crate) fn is_meant(typed: &str, what: &str, kind: &str) -> bool {
    let typed = typed.to_ascii_lowercase();
    let (plural, group) = what.split_once('.').unwrap_or((what, ""));
    // The singular of every kind that is saved is its kind in lower case.
    let singular = kind.to_ascii_lowercase();
    let short = || {
        SHORT
            .iter()
            .any(|(of, names)| *of == what && names.contains(&typed.as_str()))
    };
    match typed.split_once('.') {
        Some((name, of)) => of == group && (name == plural || name == singular),
        None => typed == plural || typed == singular || short(),
    }
}

/// Whether `typed` may mean the resource `what`, whose kind is not known because no object of it is there.
pub(crate) fn may_be_meant(typed: &str, what: &str) -> bool {
    let plural = what.split_once('.').map_or(what, |(plural, _)| plural);
    let singulars = [
        plural.strip_suffix("ies").map(|stem| format!("{stem}y")),
        plural.strip_suffix("es").map(str::to_owned),
        plural.strip_suffix('s').map(str::to_owned),
    ];
    is_meant(typed, what, plural)
        || singulars
            .into_iter()
            .flatten()
            .any(|kind| is_meant(typed, what, &kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_kubectl_takes_it() {
        let gateway = ("gateways.networking.istio.io", "Gateway");
        let table = [
            ("deployments", "deployments.apps", "Deployment", true),
            ("Deployment", "deployments.apps", "Deployment", true),
            ("deploy", "deployments.apps", "Deployment", true),
            ("deployment.apps", "deployments.apps", "Deployment", true),
            ("deployments.batch", "deployments.apps", "Deployment", false),
            ("deploy.apps", "deployments.apps", "Deployment", false),
            ("pods", "pods", "Pod", true),
            ("pods.", "pods", "Pod", true),
            ("", "pods", "Pod", false),
            ("gateway", gateway.0, gateway.1, true),
            ("gw", gateway.0, gateway.1, true),
            ("gtw", gateway.0, gateway.1, false),
            (
                "gateways.gateway.networking.k8s.io",
                gateway.0,
                gateway.1,
                false,
            ),
            (
                "SERVICEENTRY",
                "serviceentries.networking.istio.io",
                "ServiceEntry",
                true,
            ),
        ];
        for (typed, what, kind, want) in table {
            assert_eq!(is_meant(typed, what, kind), want, "{typed} for {what}");
            assert_eq!(may_be_meant(typed, what), want, "{typed} for {what}");
        }
    }
}
