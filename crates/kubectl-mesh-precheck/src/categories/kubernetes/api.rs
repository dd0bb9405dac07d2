//! The API server: what it says of itself, and the APIs that others serve through it.

use mesh_common::{
    check::{Finding, Severity},
    mesh::{Known, Why},
    shell,
};

use crate::{
    check::{More, Verdict, count, finding},
    facts::Facts,
    observe::Unavailable,
};

pub(super) const API: &str = "MESH2102";

/// Whether the API server is ready, and every API behind it available. An API that is not breaks discovery, and with it
/// istioctl, helm, the deletion of namespaces and garbage collection.
pub(super) fn healthy(facts: &Facts) -> Verdict {
    let api = &facts.platform.api;
    if let (Known::Unknown(gap), Known::Unknown(_)) = (&api.unready, &api.unavailable) {
        let neither = Verdict::gap(gap);
        return if gap.why == Why::NotInArchive {
            neither
        } else {
            neither.but_for(&api.unavailable)
        };
    }
    let unready = api.unready.get().into_iter().flatten();
    let unavailable = api.unavailable.get().into_iter().flatten();
    let found: Vec<_> = unready
        .map(|check| unready_finding(check))
        .chain(unavailable.map(unavailable_finding))
        .collect();
    let ok = match (&api.unready, &api.unavailable) {
        (Known::Known(_), Known::Known(_)) => "ready, and all its APIs are available",
        (Known::Known(_), _) => "ready",
        _ => "all its APIs are available",
    };
    Verdict::of(found, ok, words)
        .but_for(&api.unready)
        .but_for(&api.unavailable)
}

fn unready_finding(check: &str) -> Finding {
    finding(API, Severity::Error, "the API server", "its own check fails")
        .seen(format!("/readyz: {check}"))
        .hint("wait until the control plane is ready, or mend it first\nkubectl get --raw '/readyz?verbose'")
}

fn unavailable_finding(api: &Unavailable) -> Finding {
    let found = finding(
        API,
        Severity::Error,
        format!("apiservice/{}", api.name),
        "this API is not available, which breaks discovery for istioctl and helm",
    )
    .seen(format!("Available=False, {}", api.reason))
    .seen(api.message.clone());
    let hint = "mend what serves it, or remove the APIService if it is left over";
    match &api.service {
        Some((namespace, name)) => found.hint(format!(
            "{hint}\n{}",
            shell::command("kubectl -n {} get service,endpoints {}", &[namespace, name])
        )),
        None => found.hint(hint),
    }
}

fn words(all: &[Finding]) -> String {
    let checks = all.iter().filter(|f| f.object == "the API server").count();
    let apis = all.len() - checks;
    let mut parts = Vec::new();
    if checks > 0 {
        parts.push(format!(
            "not ready by {} of its own",
            count(checks, "check")
        ));
    }
    if apis > 0 {
        parts.push(format!("{} not available", count(apis, "API")));
    }
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use mesh_common::mesh::Gap;

    use super::{super::CHECKS, *};
    use crate::{
        check::Status,
        made::{facts, run},
        observe::{Api, Platform},
    };

    fn gap<T>(why: Why, detail: &str) -> Known<T> {
        Known::Unknown(Gap {
            what: "x".into(),
            why,
            detail: detail.into(),
        })
    }

    fn with(unready: Known<Vec<String>>, unavailable: Known<Vec<Unavailable>>) -> Verdict {
        let mut facts = facts();
        facts.platform.api = Api {
            unready,
            unavailable,
        };
        run(CHECKS, API, &facts)
    }

    fn metrics(name: &str) -> Unavailable {
        Unavailable {
            name: name.into(),
            reason: "MissingEndpoints".into(),
            message: "endpoints for service/metrics-server in \"kube-system\" have no addresses"
                .into(),
            service: Some(("kube-system".into(), "metrics-server; id".into())),
        }
    }

    #[test]
    fn a_healthy_one_is_ok() {
        let verdict = run(CHECKS, API, &facts());
        assert_eq!(verdict.status, Status::Ok);
        assert_eq!(verdict.summary, "ready, and all its APIs are available");
    }

    #[test]
    fn what_fails_is_named_and_what_stands_beside_it_is_still_looked_at() {
        let verdict = with(
            Known::Known(vec!["etcd".into()]),
            Known::Known(vec![metrics("v1beta1.metrics.k8s.io\u{1b}[2K")]),
        );
        assert_eq!(verdict.status, Status::Error);
        assert_eq!(
            verdict.summary,
            "not ready by 1 check of its own, 1 API not available"
        );
        assert_eq!(verdict.findings[0].evidence, ["/readyz: etcd"]);
        let api = &verdict.findings[1];
        assert_eq!(api.object, "apiservice/v1beta1.metrics.k8s.io");
        assert_eq!(api.evidence[0], "Available=False, MissingEndpoints");
        assert!(
            api.hint
                .as_ref()
                .unwrap()
                .ends_with("kubectl -n kube-system get service,endpoints 'metrics-server; id'")
        );
        let check = CHECKS.iter().find(|c| c.code == API).unwrap();
        assert!(!check.fatal && check.heals);
    }

    #[test]
    fn what_may_not_be_read_is_not_ok() {
        let verdict = with(
            gap(Why::Forbidden, "may not get /readyz"),
            Known::Known(Vec::new()),
        );
        assert_eq!(verdict.status, Status::Skipped);
        assert!(verdict.summary.contains("SKIPPED: may not get /readyz"));

        let verdict = with(
            Known::Known(Vec::new()),
            gap(Why::Failed, "no answer within 60s"),
        );
        assert_eq!(verdict.status, Status::Unknown);

        let verdict = with(
            gap(Why::Forbidden, "may not get /readyz"),
            Known::Known(vec![metrics("v1.x")]),
        );
        assert_eq!(verdict.status, Status::Error);
        assert!(verdict.summary.contains("may not get /readyz"));
    }

    #[test]
    fn both_missing_rights_are_named() {
        let verdict = with(
            gap(Why::Forbidden, "may not get /readyz"),
            gap(
                Why::Forbidden,
                "may not list apiservices.apiregistration.k8s.io",
            ),
        );
        assert_eq!(verdict.status, Status::Skipped);
        assert_eq!(
            verdict.summary,
            "SKIPPED: may not get /readyz; SKIPPED: may not list apiservices.apiregistration.k8s.io"
        );
    }

    #[test]
    fn a_rehearsal_asks_nobody() {
        let mut facts = facts();
        facts.platform = Platform::nobody();
        let verdict = run(CHECKS, API, &facts);
        assert_eq!(verdict.status, Status::NotEvaluated);
        assert!(verdict.summary.contains("rehearsal"), "{}", verdict.summary);
    }
}
