//! `kubectl mesh-audit-policy list`: policies by what they do today.

use mesh_common::{
    Ctx, Outcome, Result,
    output::{Doc, Mark, OutputArgs, Report, Table, clean, verdict},
};
use serde::Serialize;
use serde_json::Value;

use crate::{
    compile::Protocol,
    copy::Copy,
    policy::{Action, DryRun},
    scene::{Broken, Enforcer, Found, Scene, Target},
    watched::Watches,
};

/// List policies: which are enforced, and which are only watched
///
/// STATE is what a policy does today: enforced, shadow (istio.io/dry-run:
/// evaluated, and nothing is blocked), audit (AUDIT shows nothing by itself),
/// waiting (a copy that is watched, of what is not enforced yet), orphaned (a
/// copy of what is gone or was changed since) or unclear.
/// WORKLOADS counts those it applies to; ? where that cannot be known. -o wide
/// says of what is watched since when, and what the last watch on this machine
/// saw; nothing is known of those that no watch was kept of.
///
/// Examples:
///   kubectl mesh-audit-policy list
///   kubectl mesh-audit-policy list -n payments
///   kubectl mesh-audit-policy list --from mesh.tar.zst -o wide
///
/// Exit codes: 0 listed; 1 nothing listed; 3 listed, but something could not
/// be read or judged.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct List {
    #[command(flatten)]
    output: OutputArgs,
}

impl List {
    /// Reads and lists them. Without -n, those of all namespaces.
    pub(crate) async fn run(self, ctx: &Ctx) -> Result<Outcome> {
        let scene = Scene::read(ctx).await?;
        let watches = match ctx.rehearsal() {
            // A rehearsal stands in no relation to this machine's notes.
            Some(_) => Watches::default(),
            None => Watches::of(scene.mesh.cluster_uid.get().map(String::as_str)),
        };
        let listed = Listed::of(&scene, ctx.cluster.namespace.as_deref(), &watches);
        ctx.printer.print(&self.output, &listed)?;
        Ok(listed.outcome())
    }
}

/// What is printed.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    policies: Vec<Row>,
    /// What could not be read or judged, one line each.
    unknown: Vec<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    namespace: String,
    name: String,
    action: String,
    state: State,
    /// The policy that it is a copy of.
    copy_of: Option<String>,
    /// Of a copy: why it is orphaned.
    orphaned: Option<String>,
    /// Of what is watched: the last watch that this machine knows of.
    watch: Option<Watch>,
    rules: usize,
    /// Workloads with a proxy that it applies to; none where that is not known.
    workloads: Option<Vec<String>>,
    created: Option<String>,
}

/// A watch, summed up.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Watch {
    began: String,
    ended: String,
    /// Whether it was proven that a denial would have been seen.
    signal: bool,
    /// Requests that would be denied; none where nothing proves that they would have been seen.
    denied: Option<u64>,
}

/// What a policy does today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
enum State {
    /// It decides.
    Enforced,
    /// A dry run: it is evaluated, and decides nothing.
    Shadow,
    /// AUDIT: it marks requests, and nothing reads the marks by itself.
    Audit,
    /// A copy of what is not enforced yet.
    Waiting,
    /// A copy that is not of what is there.
    Orphaned,
    /// The dry-run annotation is no boolean: Istio takes it for an enforced one.
    Unclear,
}

impl State {
    fn of(found: &Found) -> Self {
        match (&found.policy.dry_run, found.policy.spec.action) {
            (DryRun::Invalid(_), _) => Self::Unclear,
            (DryRun::Yes, _) => Self::Shadow,
            (DryRun::No, Action::Audit) => Self::Audit,
            (DryRun::No, _) => Self::Enforced,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Enforced => "enforced",
            Self::Shadow => "shadow",
            Self::Audit => "audit",
            Self::Waiting => "waiting",
            Self::Orphaned => "orphaned",
            Self::Unclear => "unclear",
        }
    }
}

impl Listed {
    fn of(scene: &Scene, namespace: Option<&str>, watches: &Watches) -> Self {
        let wanted = |of: &str| namespace.is_none_or(|namespace| namespace == of);
        let mut unknown = Vec::new();
        let policies = match scene.policies() {
            Ok(policies) => policies,
            Err(gap) => {
                unknown.push(gap.detail.clone());
                &[]
            }
        };
        let targets = match scene.targets() {
            Ok(targets) => Some(targets),
            Err(why) => {
                unknown.push(why);
                None
            }
        };
        let broken = scene.broken.iter().filter(|b| wanted(&b.namespace));
        unknown.extend(broken.map(Broken::to_string));
        let rows = policies
            .iter()
            .filter(|found| wanted(&found.policy.namespace))
            .map(|found| row(found, policies, targets.as_deref(), watches))
            .collect();
        Self {
            policies: rows,
            unknown,
        }
    }

    fn outcome(&self) -> Outcome {
        let unclear = |row: &Row| row.workloads.is_none() || row.state == State::Unclear;
        if self.unknown.is_empty() && !self.policies.iter().any(unclear) {
            Outcome::Done
        } else {
            Outcome::Unknown
        }
    }
}

fn row(found: &Found, all: &[Found], targets: Option<&[Target<'_>]>, watches: &Watches) -> Row {
    let policy = &found.policy;
    let copy = Copy::read(found);
    let orphaned = copy.as_ref().and_then(|copy| orphaned(found, copy, all));
    let of = copy.as_ref().map_or(&policy.name, |copy| &copy.of);
    let state = match &copy {
        Some(_) if orphaned.is_some() => State::Orphaned,
        Some(copy) if !is_enforced(found, copy, all) => State::Waiting,
        _ => State::of(found),
    };
    let watched = copy.is_some() || state == State::Shadow;
    let action = copy.as_ref().map_or(policy.spec.action, |copy| copy.action);
    let newest = watches.newest(&policy.namespace, of).filter(|watched| {
        watched.digest == crate::copy::digest(&found.object["spec"], action)
            && watched
                .copy_uid
                .as_deref()
                .is_none_or(|uid| uid == found.uid())
    });
    Row {
        namespace: policy.namespace.clone(),
        name: policy.name.clone(),
        action: policy.spec.action.to_string(),
        state,
        copy_of: copy.as_ref().map(|copy| copy.of.clone()),
        orphaned,
        watch: newest.filter(|_| watched).map(|watched| Watch {
            began: watched.began.to_string(),
            ended: watched.ended.to_string(),
            signal: watched.signal.is_some(),
            denied: watched.signal.as_ref().map(|_| watched.denied()),
        }),
        rules: policy.spec.rules.len(),
        workloads: targets.and_then(|t| applies_to(found, t)),
        created: found.created().map(|at| at.to_string()),
    }
}

/// Whether what a copy watches is enforced already.
fn is_enforced(found: &Found, copy: &Copy, all: &[Found]) -> bool {
    all.iter().any(|other| {
        other.policy.namespace == found.policy.namespace
            && other.policy.name == copy.of
            && other.policy.dry_run == DryRun::No
            && crate::copy::digest_of(other) == copy.watched
    })
}

/// Why a copy is not of what is there. A copy of a policy that never was is not orphaned: it waits.
fn orphaned(found: &Found, copy: &Copy, all: &[Found]) -> Option<String> {
    if !copy.intact {
        return Some("the copy was edited since it was made".into());
    }
    let origin = all.iter().find(|other| {
        other.policy.namespace == found.policy.namespace && other.policy.name == copy.of
    });
    match (&copy.origin, origin) {
        (Some(_), None) => Some(format!("{} is gone", clean(&copy.of, 253))),
        (Some(was), Some(is)) if *was != crate::copy::digest_of(is) => Some(format!(
            "{} was changed since the copy was made",
            clean(&copy.of, 253)
        )),
        _ => None,
    }
}

/// The workloads with a proxy that a policy applies to; none where one of them cannot be told.
fn applies_to(found: &Found, targets: &[Target<'_>]) -> Option<Vec<String>> {
    let mut names = Vec::new();
    for target in targets {
        if target.enforcer == Enforcer::Nothing {
            continue;
        }
        let context = target.context(Protocol::Http).ok()?;
        if found.policy.applies_to(&context).ok()? {
            names.push(format!("{}/{}", target.workload.namespace, target.short()));
        }
    }
    names.dedup();
    Some(names)
}

impl Row {
    /// `2026-11-21T06:00:00Z to …`; unknown where no watch is known of what is watched.
    fn watched(&self) -> String {
        match (&self.watch, self.is_watched()) {
            (Some(watch), _) => format!("{} to {}", watch.began, watch.ended),
            (None, true) => "unknown".to_owned(),
            (None, false) => "-".to_owned(),
        }
    }

    /// Zero only where it is proven that one would have been seen.
    fn denied(&self) -> String {
        match (&self.watch, self.is_watched()) {
            (Some(watch), _) => watch
                .denied
                .map_or_else(|| "unknown".to_owned(), |n| n.to_string()),
            (None, true) => "unknown".to_owned(),
            (None, false) => "-".to_owned(),
        }
    }

    fn is_watched(&self) -> bool {
        self.copy_of.is_some() || self.state == State::Shadow
    }
}

impl Report for Listed {
    fn doc(&self, _wide: bool) -> Doc {
        let mut doc = Doc::new();
        let mut table = Table::new(&["Namespace", "Policy", "Action", "State", "Workloads"])
            .wide(&["Rules", "Created", "Copy of", "Watched", "Denied"])
            .empty("no AuthorizationPolicy");
        for row in &self.policies {
            let workloads = row.workloads.as_ref();
            table.row([
                row.namespace.clone(),
                row.name.clone(),
                row.action.clone(),
                row.state.word().to_owned(),
                workloads.map_or_else(|| "?".to_owned(), |names| names.len().to_string()),
                row.rules.to_string(),
                row.created.clone().unwrap_or_default(),
                row.copy_of.clone().unwrap_or_else(|| "-".to_owned()),
                row.watched(),
                row.denied(),
            ]);
        }
        doc.table(table);
        let orphans = self.policies.iter().filter_map(|row| {
            let why = row.orphaned.as_ref()?;
            Some((
                Mark::Warn,
                "orphaned",
                format!("{}/{}: {why}", row.namespace, row.name),
            ))
        });
        doc.marked(orphans);
        if !self.unknown.is_empty() {
            let lines = self.unknown.iter();
            doc.marked(lines.map(|line| (Mark::Unknown, "unknown", line.as_str())));
        }
        doc
    }

    fn json(&self) -> serde_json::Result<Value> {
        verdict("PolicyList", self.outcome(), self)
    }

    fn names(&self) -> Vec<String> {
        let name = |row: &Row| clean(&format!("authorizationpolicy/{}", row.name), 300);
        self.policies.iter().map(name).collect()
    }
}

#[cfg(test)]
mod tests;
