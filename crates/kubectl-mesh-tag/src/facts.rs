//! What the gates judge, gathered: who would be claimed twice, how far proxies and istiods are apart, who
//! uses a tag, what a dry-run pod says.

use std::collections::BTreeMap;

use mesh_common::{
    check::{
        self, Backups, Facts, IstioctlFacts, OverlapFacts, Policy, ProxySkew, Serving, SkewFacts,
    },
    journal::Key,
    mesh::{
        Injector, Known, Mesh, WebhookTarget, Wiring,
        forecast::forecast,
        inject::Injected,
        label,
        probe::{self, Listener},
    },
};

use crate::{
    objects,
    prepare::{self, Ask, versions},
    session::Session,
};

/// Where istiod listens for reviews (`charts/istio-control/istio-discovery/templates/service.yaml`).
const WEBHOOK_PORT: u16 = 15017;

/// The gates of this change, judged on `mesh` with the wiring `before` and `after`.
pub(crate) fn gates(
    mesh: &Mesh,
    before: &Wiring,
    after: &Wiring,
    ask: &Ask<'_>,
    istioctl: IstioctlFacts,
    serving: Serving,
    without_before_image: Vec<String>,
) -> check::Gates {
    let policy = Policy::default();
    let source = ask.from.first().cloned();
    let facts = Facts {
        mesh,
        policy: &policy,
        tag: ask.tag.to_owned(),
        beside: match source {
            Some(_) => Vec::new(),
            None => beside(mesh, before, after, ask.to),
        },
        source,
        target: ask.to.to_owned(),
        istioctl,
        serving,
        overlap: overlap(mesh, before, after),
        skew: skew(mesh, before, after),
        without_before_image,
        removal: None,
        backups: ask.backups.clone(),
        cve: ask.cve.cloned(),
    };
    check::promote_gates(&facts)
}

/// Workloads by how many injectors would claim them.
pub(crate) fn overlap(mesh: &Mesh, before: &Wiring, after: &Wiring) -> Known<OverlapFacts> {
    let (now, then) = match (forecast(mesh, before), forecast(mesh, after)) {
        (Ok(now), Ok(then)) => (now, then),
        (Err(gap), _) | (_, Err(gap)) => return Known::Unknown(gap),
    };
    let mut facts = OverlapFacts::default();
    for (a, b) in now.iter().zip(&then) {
        let name = b.workload.short();
        match (&a.next, &b.next) {
            (Injected::Unknown { .. }, _) | (_, Injected::Unknown { .. }) => {
                facts.unknown.push(name);
            }
            (Injected::Twice { .. }, Injected::Twice { .. }) => facts.already_twice.push(name),
            (_, Injected::Twice { .. }) => facts.twice.push(name),
            (Injected::By { .. }, Injected::No { .. }) => facts.orphaned.push(name),
            _ => {}
        }
    }
    Known::Known(facts)
}

/// Versions of the proxies that the change concerns: those whose injector changes.
pub(crate) fn skew(mesh: &Mesh, before: &Wiring, after: &Wiring) -> Known<SkewFacts> {
    let (now, then, workloads) = match (
        forecast(mesh, before),
        forecast(mesh, after),
        mesh.workloads.items(),
    ) {
        (Ok(now), Ok(then), Ok(workloads)) => (now, then, workloads),
        (Err(gap), ..) | (_, Err(gap), _) => return Known::Unknown(gap),
        (.., Err(gap)) => return Known::Unknown(gap.clone()),
    };
    let versions = versions(mesh);
    // By proxy version, istiod now, istiod after and whether the image is pinned: pods and an example.
    let mut groups = BTreeMap::<_, (u32, String)>::new();
    for ((a, b), workload) in now.iter().zip(&then).zip(workloads) {
        if a.next.same_as(&b.next) {
            continue;
        }
        let istiod_after = b.next.revision().and_then(|r| versions.get(r).cloned());
        for group in &workload.pods {
            let Some(proxy) = &group.proxy else { continue };
            let istiod_now = proxy
                .revision
                .as_ref()
                .and_then(|r| versions.get(r).cloned());
            let key = (
                proxy.version.clone(),
                istiod_now,
                istiod_after.clone(),
                proxy.custom_image,
            );
            let entry = groups
                .entry(key)
                .or_insert_with(|| (0, format!("{}/{}", workload.namespace, workload.short())));
            entry.0 += group.pods;
        }
    }
    let proxies = groups
        .into_iter()
        .map(
            |((version, istiod_now, istiod_after, pinned), (pods, example))| ProxySkew {
                version,
                pods,
                example,
                istiod_now,
                istiod_after,
                pinned,
            },
        )
        .collect();
    Known::Known(SkewFacts { proxies })
}

/// Revisions that inject today those whom the change gives to `to`.
fn beside(mesh: &Mesh, before: &Wiring, after: &Wiring, to: &str) -> Vec<String> {
    let (Ok(now), Ok(then)) = (forecast(mesh, before), forecast(mesh, after)) else {
        return Vec::new();
    };
    let mut revisions: Vec<String> = now
        .iter()
        .zip(&then)
        .filter(|(a, b)| b.next.revision() == Some(to) && !a.next.same_as(&b.next))
        .filter_map(|(a, _)| a.next.revision().map(str::to_owned))
        .filter(|r| r != to)
        .collect();
    revisions.sort();
    revisions.dedup();
    revisions
}

/// The gates of removing a tag: nobody may use it, and nobody may lose an injector.
pub(crate) fn removal_gates(session: &Session<'_>, tag: &str, after: &Wiring) -> check::Gates {
    let policy = Policy::default();
    check::rollback_gates(&Facts {
        mesh: &session.mesh,
        policy: &policy,
        tag: tag.to_owned(),
        source: session.revisions_of(tag).first().cloned(),
        beside: Vec::new(),
        target: String::new(),
        istioctl: IstioctlFacts::NotEvaluated,
        serving: Serving::NotEvaluated,
        overlap: overlap(&session.mesh, &session.wiring, after),
        skew: skew(&session.mesh, &session.wiring, after),
        without_before_image: Vec::new(),
        removal: Some(users(session, tag, after)),
        backups: Backups::NotEvaluated,
        cve: None,
    })
}

/// Everything that names the tag: namespaces, workloads and gateways, as kubectl takes them. Nobody, where an
/// istiod without a revision serves its name `default` once the tag is gone.
pub(crate) fn users(session: &Session<'_>, tag: &str, after: &Wiring) -> Known<Vec<String>> {
    if unrevisioned(after, tag).is_some() {
        return Known::Known(Vec::new());
    }
    let workloads = match session.mesh.workloads.items() {
        Ok(workloads) => workloads,
        Err(gap) => return Known::Unknown(gap.clone()),
    };
    let gateways = match session.mesh.gateways.items() {
        Ok(gateways) => gateways,
        Err(gap) => return Known::Unknown(gap.clone()),
    };
    let mut users: Vec<String> = session
        .wiring
        .namespaces
        .values()
        .filter(|n| {
            n.rev() == Some(tag)
                || (tag == objects::DEFAULT
                    && n.labels
                        .get(label::INJECTION)
                        .is_some_and(|v| v == "enabled"))
        })
        .map(|n| format!("namespace/{}", n.name))
        .collect();
    users.extend(
        workloads
            .iter()
            .filter(|w| w.labels.get(label::REV).is_some_and(|v| v == tag))
            .map(|w| format!("{}/{}", w.namespace, w.short())),
    );
    users.extend(
        gateways
            .iter()
            .filter(|g| g.rev.as_deref() == Some(tag))
            .map(|g| format!("{}/gateway/{}", g.namespace, g.name)),
    );
    Known::Known(users)
}

/// The injector of the istiod without a revision, where it takes pods under this tag's name.
pub(crate) fn unrevisioned<'w>(wiring: &'w Wiring, tag: &str) -> Option<&'w Injector> {
    let own = wiring.own_injector(objects::DEFAULT)?;
    (tag == objects::DEFAULT && !own.is_deactivated()).then_some(own)
}

/// Whether the revision's injector answers: by a dry-run pod, or, where it is switched off, by its own word.
pub(crate) async fn serving(
    session: &Session<'_>,
    client: &kube::Client,
    revision: &str,
) -> Serving {
    match session.wiring.own_injector(revision) {
        Some(own) if own.is_deactivated() => asked_itself(session, client, own).await,
        _ => dry_run_pod(session, client, revision).await,
    }
}

async fn asked_itself(session: &Session<'_>, client: &kube::Client, own: &Injector) -> Serving {
    let Some(WebhookTarget::Service {
        namespace,
        name,
        path,
        port,
    }) = own.webhooks.first().map(|w| &w.target)
    else {
        return Serving::Failed("the injector is switched off, and not in this cluster".into());
    };
    let port = session
        .mesh
        .raw()
        .ok()
        .and_then(|raw| raw.get(&Key::service(namespace, name))?["spec"]["ports"].as_array())
        .and_then(|ports| ports.iter().find(|p| p["port"] == *port))
        .and_then(|found| u16::try_from(found["targetPort"].as_u64()?).ok())
        .unwrap_or(WEBHOOK_PORT);
    let istiods = session.mesh.istiods.items().unwrap_or_default();
    let listeners: Vec<Listener> = istiods
        .iter()
        .filter(|i| i.revision == own.revision)
        .flat_map(|i| &i.pods)
        .filter(|pod| pod.ready)
        .map(|pod| Listener {
            namespace: namespace.clone(),
            pod: pod.name.clone(),
            port,
            path: path.clone(),
        })
        .collect();
    let witness = prepare::witnesses(&session.wiring, objects::DEFAULT);
    let of = witness.first().map_or(objects::DEFAULT, String::as_str);
    Serving::AskedItself(probe::asked_itself(client, &listeners, of).await)
}

/// A dry-run pod that asks for the revision itself, where no namespace label decides.
async fn dry_run_pod(session: &Session<'_>, client: &kube::Client, revision: &str) -> Serving {
    let plain: Vec<&str> = session
        .wiring
        .namespaces
        .values()
        .filter(|n| {
            !n.terminating
                && !n.is_ambient()
                && !n.labels.contains_key(label::REV)
                && !n.labels.contains_key(label::INJECTION)
                && !n.name.starts_with("kube-")
                && n.name != "local-path-storage"
                && n.name != session.mesh.istio_namespace
        })
        .map(|n| n.name.as_str())
        .collect();
    let labels = [(label::REV, revision), (label::INJECT, "true")];
    Serving::Asked(probe::injected(client, &plain, &labels).await)
}
