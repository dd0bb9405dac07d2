//! From a mesh, or from what was typed, to what lines are judged against.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, Mutex, PoisonError},
};

use jiff::Timestamp;
use mesh_common::{
    Ctx, Error, Kind, Result,
    mesh::{Customs, Tap, WorkloadKind},
    output::clean,
};
use serde_json::Value;

use super::{
    header::{Header, Whole},
    judge::Subject,
    logged::{paths, whole},
    pods::{Pod, Pods},
    proposed::{Compared, digest},
    stage::{Stage, Whose},
};
use crate::{
    compile::{self, Context, RepeatedHeaders},
    logs::Format,
    policy::AuthorizationPolicy,
    scene::{Broken, Enforcer, Scene, Services, Target},
    watch::rare::names,
};

mod waypoint;

const PODS: &str = "pods";
const VIRTUAL_SERVICES: &str = "virtualservices.networking.istio.io";
const HTTP_ROUTES: &str = "httproutes.gateway.networking.k8s.io";

const OWN: [&str; 3] = [PODS, VIRTUAL_SERVICES, HTTP_ROUTES];

/// Looks at pods, and at routes that rewrite paths, while the mesh is read.
#[derive(Default)]
pub(super) struct Watcher {
    pods: Mutex<BTreeMap<(String, String), Pod>>,
    rewrites: Mutex<Vec<String>>,
    beside: Option<Arc<dyn Tap>>,
}

impl Tap for Watcher {
    fn wants(&self, what: &str) -> bool {
        let beside = self.beside.as_ref().is_some_and(|tap| tap.wants(what));
        beside || OWN.contains(&what)
    }

    fn see(&self, what: &str, kind: &str, object: &Value) {
        if let Some(beside) = self.beside.as_ref().filter(|tap| tap.wants(what)) {
            beside.see(what, kind, object);
        }
        if what == PODS {
            let pod = Pod::of(object);
            let mut pods = self.pods.lock().unwrap_or_else(PoisonError::into_inner);
            pods.insert((pod.namespace.clone(), pod.name.clone()), pod);
        } else if OWN.contains(&what) && rewrites(&object["spec"]) {
            let text = |key: &str| object["metadata"][key].as_str().unwrap_or("?");
            let name = format!("{kind} {}/{}", text("namespace"), text("name"));
            let mut rewrites = self.rewrites.lock().unwrap_or_else(PoisonError::into_inner);
            rewrites.push(clean(&name, 300));
        }
    }
}

/// Whether a route changes paths on its way.
fn rewrites(spec: &Value) -> bool {
    let list = |value: &Value, key: &str| value[key].as_array().cloned().unwrap_or_default();
    let virtual_service = list(spec, "http")
        .iter()
        .any(|route| route["rewrite"].is_object());
    let http_route = list(spec, "rules")
        .iter()
        .flat_map(|rule| list(rule, "filters"))
        .any(|filter| filter["type"] == "URLRewrite");
    virtual_service || http_route
}

/// A mesh and what else was seen of it.
pub(crate) struct Seen {
    pub(crate) scene: Scene,
    services: Services,
    customs: Customs,
    pods: Vec<Pod>,
    rewrites: Vec<String>,
}

/// Reads the mesh; what comes along is shown to the tap, too.
pub(crate) async fn read(ctx: &Ctx, beside: Option<Arc<dyn Tap>>) -> Result<Seen> {
    let watcher = Arc::new(Watcher {
        beside,
        ..Watcher::default()
    });
    let (scene, customs) = Scene::read_beside(ctx, Some(watcher.clone())).await?;
    let take = |list: &Mutex<Vec<String>>| {
        std::mem::take(&mut *list.lock().unwrap_or_else(PoisonError::into_inner))
    };
    let pods = std::mem::take(&mut *watcher.pods.lock().unwrap_or_else(PoisonError::into_inner));
    let mut rewrites = take(&watcher.rewrites);
    rewrites.sort();
    rewrites.dedup();
    let services = waypoint::services(ctx, &scene).await?;
    Ok(Seen {
        scene,
        services,
        customs,
        pods: pods.into_values().collect(),
        rewrites,
    })
}

/// What was typed about lines.
#[derive(Debug, Clone, Default)]
pub(super) struct Typed {
    /// `NAMESPACE/KIND/NAME`.
    pub(super) workload: Option<String>,
    pub(super) format: Format,
    /// None: as the mesh has it.
    pub(super) trust_paths: Option<bool>,
    pub(super) whole: bool,
    pub(super) window: Option<(i64, i64)>,
}

impl Seen {
    /// When it was seen.
    pub(super) fn now(&self) -> Timestamp {
        self.scene.mesh.now
    }

    /// What lines are judged against.
    pub(super) fn stage(self, compared: Compared, typed: Typed) -> Result<(Stage, Header)> {
        let (stage, header, _) = self.set(compared, typed)?;
        Ok(finish(stage, header))
    }

    /// The same, and which subject a pod is of that was not there yet.
    pub(super) fn set(self, compared: Compared, typed: Typed) -> Result<(Stage, Header, Places)> {
        let mut header = Header {
            proposals: compared.proposals,
            assumptions: compared.notes,
            ..Header::default()
        };
        let targets = self.scene.targets().map_err(|why| {
            Error::new(Kind::Unknown, format!("the workloads are not known: {why}"))
        })?;
        let broken = &self.scene.broken;
        header.unclear.extend(broken.iter().map(Broken::to_string));
        let mut subjects = Vec::new();
        let mut places = Places::default();
        for target in &targets {
            if matches!(target.enforcer, Enforcer::Nothing | Enforcer::Ztunnel) {
                continue;
            }
            places.note(target, subjects.len());
            subjects.push(subject(target, broken));
            header.workloads += 1;
            if target.enforcer == Enforcer::Waypoint {
                waypoint::behind(
                    target,
                    &self.scene,
                    &self.services,
                    &mut subjects,
                    &mut header,
                );
            }
        }
        let whose = match &typed.workload {
            None => Whose::Pods,
            Some(name) => Whose::One(one(&mut subjects, name)?),
        };
        header.whole = whole(&self.scene, typed.whole);
        let trust_paths = paths(
            &self.customs,
            &self.rewrites,
            typed.trust_paths,
            &mut header,
        );
        let workloads = self.scene.mesh.workloads.items().unwrap_or_default();
        header.cron_jobs = workloads
            .iter()
            .filter(|workload| workload.kind == WorkloadKind::CronJob)
            .map(|workload| clean(&format!("{}/{}", workload.namespace, workload.short()), 300))
            .collect();
        header.named = named(&self.pods, &header, &compared.policies.proposed);
        header.backup = self
            .scene
            .mesh
            .source
            .is_rehearsal()
            .then(|| format!("{:.0}", self.scene.mesh.now));
        let mut stage = Stage {
            policies: compared.policies,
            subjects,
            whose,
            pods: Pods::default(),
            of_pod: Vec::new(),
            identities: Vec::new(),
            window: typed.window,
            format: typed.format,
            trust_paths,
        };
        places.fill(&mut stage, self.pods, self.scene.mesh.now);
        Ok((stage, header, places))
    }
}

/// Which subject a pod is of: by namespace, owner and revision.
#[derive(Debug, Default)]
pub(super) struct Places(HashMap<(String, String, Option<String>), usize>);

impl Places {
    fn note(&mut self, target: &Target<'_>, subject: usize) {
        let key = (
            target.workload.namespace.clone(),
            target.short(),
            target.revision.map(str::to_owned),
        );
        self.0.insert(key, subject);
    }

    fn of(&self, pod: &Pod) -> Option<usize> {
        let key = (
            pod.namespace.clone(),
            pod.owner.clone(),
            pod.revision.clone(),
        );
        self.0.get(&key).copied().filter(|_| pod.proxy)
    }

    /// Puts the pods that there are, as they were seen then, on the stage.
    pub(super) fn fill(&self, stage: &mut Stage, pods: Vec<Pod>, seen: Timestamp) {
        let pods = Pods::new(pods, seen);
        stage.of_pod = pods.list().iter().map(|pod| self.of(pod)).collect();
        let identities = pods.list().iter().zip(&stage.of_pod).map(|(pod, of)| {
            let context = stage.subjects.get((*of)?)?.context.as_ref().ok()?;
            let domain = &context.mesh.trust_domain;
            let (namespace, account) = (&pod.namespace, &pod.account);
            (!account.is_empty()).then(|| format!("spiffe://{domain}/ns/{namespace}/sa/{account}"))
        });
        stage.identities = identities.collect();
        stage.pods = pods;
    }
}

/// The same without a mesh: one workload, as typed.
pub(super) fn offline(
    context: Context,
    label: String,
    compared: Compared,
    typed: Typed,
) -> (Stage, Header) {
    let mesh = &context.mesh;
    let mut header = Header {
        proposals: compared.proposals,
        assumptions: compared.notes,
        workloads: 1,
        ..Header::default()
    };
    header.assumptions.push(format!(
        "the policies of -f are the only ones of the mesh; every line is of {label}, a sidecar of Istio {} in trust \
         domain {}, root namespace {}",
        context.version, mesh.trust_domain, mesh.root_namespace
    ));
    header.whole = Whole {
        is: typed.whole.then_some(true),
        why: if typed.whole {
            "said by --whole-log".into()
        } else {
            "without a mesh it is not known whether the log is filtered or sampled; --whole-log says that it is not"
                .into()
        },
    };
    let trust_paths = paths(&Customs::default(), &[], typed.trust_paths, &mut header);
    let stage = Stage {
        policies: compared.policies,
        subjects: vec![Subject::new(label, false, Ok(context))],
        whose: Whose::One(0),
        pods: Pods::default(),
        of_pod: Vec::new(),
        identities: Vec::new(),
        window: typed.window,
        format: typed.format,
        trust_paths,
    };
    finish(stage, header)
}

fn finish(stage: Stage, mut header: Header) -> (Stage, Header) {
    header.window_hours = stage.window.map(|(from, until)| (until - from) / 3_600_000);
    let contexts: Vec<String> = stage
        .subjects
        .iter()
        .map(|subject| {
            format!(
                "{} {} {:?}",
                subject.label, subject.gateway, subject.context
            )
        })
        .collect();
    let window = stage.window;
    header.configuration = digest(&serde_json::json!({
        "policies": format!("{:?}", stage.policies),
        "contexts": contexts,
        "pods": format!("{:?}", stage.pods.list()),
        "whose": format!("{:?}", stage.whose),
        "format": format!("{:?}", stage.format),
        "window": window.map(|(from, until)| [from, until]),
        "paths": stage.trust_paths,
        "version": mesh_common::ctx::VERSION,
    }));
    (stage, header)
}

/// A policy that cannot be judged leaves open what holds in its namespace, and in the whole mesh in the root namespace.
fn unless_broken(
    context: Result<Context, String>,
    broken: &[Broken],
    namespaces: &[&str],
) -> Result<Context, String> {
    let known = context?;
    let root = known.mesh.root_namespace.as_str();
    let counts = |bad: &&Broken| bad.namespace == root || namespaces.contains(&&*bad.namespace);
    match broken.iter().find(counts) {
        Some(bad) => Err(bad.to_string()),
        None => Ok(known),
    }
}

/// Workloads that the rules of what is proposed name by their service account: be it to let them in or to keep them out. Who
/// else calls is written nowhere.
fn named(pods: &[Pod], header: &Header, policies: &[AuthorizationPolicy]) -> Vec<String> {
    let proposed = |policy: &&AuthorizationPolicy| {
        let mut all = header.proposals.iter();
        all.any(|one| one.namespace == policy.namespace && one.name == policy.name)
    };
    let proposed: Vec<_> = policies.iter().filter(proposed).collect();
    let is = |pod: &&Pod| {
        let mut all = proposed.iter();
        !pod.account.is_empty() && all.any(|policy| names(policy, &pod.namespace, &pod.account))
    };
    let found: BTreeSet<String> = pods.iter().filter(is).map(Pod::workload).collect();
    let others = found
        .into_iter()
        .filter(|name| !header.cron_jobs.contains(name));
    others.collect()
}

fn subject(target: &Target<'_>, broken: &[Broken]) -> Subject {
    let namespace = &target.workload.namespace;
    let label = clean(&format!("{namespace}/{}", target.short()), 300);
    let mut context = target.context(compile::Protocol::Http);
    if target.enforcer == Enforcer::Waypoint {
        context = Err("its policies are those of the services behind it".into());
    }
    context = unless_broken(context, broken, &[namespace]);
    Subject::new(label, target.enforcer == Enforcer::Gateway, context)
}

/// The workload that was typed. Where its pods run under revisions that differ, which one a line is of is told by its
/// pod, or not known.
fn one(subjects: &mut Vec<Subject>, name: &str) -> Result<usize> {
    let matching: Vec<usize> = (0..subjects.len())
        .filter(|nth| {
            subjects
                .get(*nth)
                .is_some_and(|subject| subject.label == name)
        })
        .collect();
    let Some(first) = matching.first().copied() else {
        let mut near: Vec<&str> = subjects.iter().map(|s| s.label.as_str()).collect();
        near.sort_unstable();
        near.dedup();
        near.truncate(5);
        return Err(Error::user(format!(
            "there is no workload {} with an Envoy that policies apply to",
            clean(name, 300)
        ))
        .hint(format!(
            "--workload NAMESPACE/KIND/NAME, such as {}",
            near.join(", ")
        )));
    };
    let same = |nth: &usize| match (subjects.get(*nth), subjects.get(first)) {
        (Some(a), Some(b)) => a.context == b.context,
        _ => false,
    };
    if matching.iter().all(same) {
        return Ok(first);
    }
    let why = "its pods run under revisions that differ, and no line tells its pod";
    subjects.push(Subject::new(name.to_owned(), false, Err(why.into())));
    Ok(subjects.len() - 1)
}

/// The context of a workload that was typed.
pub(super) fn context(
    namespace: &str,
    labels: BTreeMap<String, String>,
    version: crate::Version,
    trust_domain: &str,
    root_namespace: &str,
) -> Context {
    Context {
        workload: compile::Workload {
            namespace: namespace.to_owned(),
            labels,
            ..compile::Workload::default()
        },
        mesh: compile::Mesh {
            trust_domain: trust_domain.to_owned(),
            root_namespace: root_namespace.to_owned(),
            ..compile::Mesh::default()
        },
        version,
        repeated_headers: RepeatedHeaders::Unclear,
    }
}

#[cfg(test)]
mod tests;
