//! `kubectl mesh-audit-policy list`: policies by what they do today.

use mesh_common::{
    Ctx, Outcome, Result,
    output::{Doc, Mark, OutputArgs, Report, Table, clean, verdict},
};
use serde::Serialize;
use serde_json::Value;

use crate::{
    compile::Protocol,
    policy::{Action, DryRun},
    scene::{Broken, Enforcer, Found, Scene, Target},
};

/// List policies: which are enforced, and which are only watched
///
/// STATE is what a policy does today: enforced, shadow (istio.io/dry-run:
/// evaluated, and nothing is blocked), audit (AUDIT shows nothing by itself)
/// or unclear. WORKLOADS counts those it applies to; ? where that cannot be
/// known.
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
        let listed = Listed::of(&scene, ctx.cluster.namespace.as_deref());
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
    rules: usize,
    /// Workloads with a proxy that it applies to; none where that is not known.
    workloads: Option<Vec<String>>,
    created: Option<String>,
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
            Self::Unclear => "unclear",
        }
    }
}

impl Listed {
    fn of(scene: &Scene, namespace: Option<&str>) -> Self {
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
        let policies = policies
            .iter()
            .filter(|found| wanted(&found.policy.namespace))
            .map(|found| Row {
                namespace: found.policy.namespace.clone(),
                name: found.policy.name.clone(),
                action: found.policy.spec.action.to_string(),
                state: State::of(found),
                rules: found.policy.spec.rules.len(),
                workloads: targets.as_deref().and_then(|t| applies_to(found, t)),
                created: found.created().map(|at| at.to_string()),
            })
            .collect();
        Self { policies, unknown }
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

impl Report for Listed {
    fn doc(&self, _wide: bool) -> Doc {
        let mut doc = Doc::new();
        let mut table = Table::new(&["Namespace", "Policy", "Action", "State", "Workloads"])
            .wide(&["Rules", "Created"])
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
            ]);
        }
        doc.table(table);
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
