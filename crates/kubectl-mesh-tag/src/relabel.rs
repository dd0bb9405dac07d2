//! `kubectl mesh-tag move`: put namespaces on a tag or revision, and take them off again.

use clap::Args;
use mesh_common::{
    Ctx, Outcome,
    check::{self, Backups, Facts, Gates, IstioctlFacts, Policy},
    complete::Values,
    decide::{Asked, Next, decide},
    error::{Error, Kind as ErrorKind, Result},
    journal::{Action, Image, Key, Kind},
    mesh::{Mesh, Namespace, Wiring, impact::Impact, label, live::Needs},
    shell,
};
use serde_json::{Value, json};

use crate::{
    cli::{Output, WriteArgs},
    execute, facts,
    plan::{Plan, WayBack},
    prepare,
    promote::waivers,
    screen::{self, Step},
    session::{self, Session},
};

mod carry_out;
mod choose;
mod percent;
#[cfg(test)]
mod tests;
mod undo_move;

use carry_out::carry_out;
pub(crate) use carry_out::write;
use choose::choose;
pub(crate) use choose::destination;

/// Namespaces that a command to paste spells out.
const NAMED: usize = 20;

/// Put namespaces on a tag or revision
///
/// Sets the label istio.io/rev on each namespace, and removes
/// istio-injection=enabled where it would win. Pods change at their next
/// restart, and this says which. Namespaces that opted out
/// (istio-injection=disabled) and ambient ones are refused.
///
/// With --percent the same namespaces are chosen each time, and a higher
/// number later adds to them.
///
/// Examples:
///   kubectl mesh-tag move staging --to canary
///   kubectl mesh-tag move --selector team=payments --percent 25 --to canary
///   kubectl mesh-tag move staging --undo
///
/// Exit codes: 0 moved and verified, or nothing to do; 1 nothing done; 2
/// refused, nothing done; 3 a gate is unknown, nothing done; 4 changed, and
/// not as planned; 130 interrupted.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct MoveArgs {
    /// The namespaces to move
    #[arg(value_name = "NAMESPACE", add = Values::Namespace, required_unless_present_any = ["selector", "undo"], conflicts_with = "selector")]
    namespaces: Vec<String>,

    /// The tag or revision to put them on
    #[arg(
        long,
        value_name = "TAG|REVISION",
        required_unless_present = "undo",
        conflicts_with = "undo",
        add = Values::TagOrRevision
    )]
    to: Option<String>,

    /// Choose namespaces by label, as kubectl does: team=payments,env!=dev
    #[arg(short = 'l', long, value_name = "SELECTOR")]
    selector: Option<String>,

    /// Move only this share of the chosen namespaces, the same ones each time
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=100))]
    percent: Option<u8>,

    /// Give the namespaces back the labels they had before the last move
    #[arg(long, conflicts_with_all = ["percent", "selector"])]
    undo: bool,

    /// With --undo: the record to undo
    #[arg(long, value_name = "ID", requires = "undo", add = Values::Record)]
    to_record: Option<String>,

    #[command(flatten)]
    write: WriteArgs,

    #[command(flatten)]
    output: Output,
}

pub(crate) async fn run(ctx: &Ctx, args: &MoveArgs) -> Result<Outcome> {
    let waivers = waivers(&args.write)?;
    let session = Session::open(ctx, Needs::PROMOTE).await?;
    if args.undo {
        return undo_move::run(&session, args, &waivers).await;
    }
    if let Some(live) = &session.live {
        live.refuse_unfinished().await?;
    }
    let to = args.to.as_deref().unwrap_or_default();
    let revision = destination(&session.wiring, to)?;
    let chosen = choose(&session, args)?;
    let images = images(&chosen, to);
    let changing: Vec<Image> = images.into_iter().filter(Image::changes).collect();
    if changing.is_empty() {
        ctx.printer.note(format!(
            "{} on {to} already: nothing to do",
            screen::count(chosen.len(), "namespace")
        ));
        return Ok(Outcome::Done);
    }
    let after = wiring(&session.wiring, &changing);
    let mut plan = plan(&session, &changing, to, &revision, &after).await?;
    plan.gates.waive(&waivers)?;
    plan.outcome = plan.gates.outcome();
    let question = format!(
        "Put {} on {to} on {}?",
        screen::count(changing.len(), "namespace"),
        execute::place(&session)
    );
    if let Some(live) = session
        .live
        .as_ref()
        .filter(|_| args.write.dry_run.is_none())
    {
        let rights = session::rights_to_write(&live.connection.istio_namespace, &plan.images);
        live.require("label these namespaces", &rights).await?;
    }
    let shown = plan.clone();
    match decide(
        ctx,
        Asked {
            plan: &shown,
            dry_run: args.write.dry_run,
            output: &args.output,
            questions: &[question],
            inferred: None,
        },
        &mut plan.gates,
    )? {
        Next::Stop(outcome) => return Ok(outcome),
        Next::TryOnServer => {
            return crate::dry_run::try_images(&session, &plan.images, &args.output).await;
        }
        Next::Go => {}
    }
    let live = session.live("move namespaces")?;
    let done = carry_out(&session, live, &plan, to).await?;
    let mut next: Vec<Step> = execute::restarts(&plan.impact).into_iter().collect();
    if plan.tag != revision {
        let status = shell::command("kubectl mesh-tag status {}", &[to]);
        next.push(Step::run("see who runs what:", status));
    }
    Ok(execute::finish(ctx, &plan, &args.output, done, &next))
}

fn images(chosen: &[&Namespace], to: &str) -> Vec<Image> {
    chosen
        .iter()
        .map(|n| {
            let labels = |labels: &[(&str, &str)]| {
                let map: serde_json::Map<String, Value> = labels
                    .iter()
                    .map(|(k, v)| ((*k).to_owned(), (*v).into()))
                    .collect();
                json!({ "apiVersion": "v1", "kind": "Namespace",
                    "metadata": { "name": n.name, "labels": map } })
            };
            let mut before = Vec::new();
            for key in [label::REV, label::INJECTION] {
                if let Some(value) = n.labels.get(key) {
                    before.push((key, value.as_str()));
                }
            }
            Image {
                key: Key::cluster(Kind::Namespace, &n.name),
                before: Some(labels(&before)),
                // istio-injection wins over istio.io/rev in every version, so it must go.
                planned: Some(labels(&[(label::REV, to)])),
                after: None,
            }
        })
        .collect()
}

/// The wiring with the namespaces' labels as planned.
fn wiring(base: &Wiring, images: &[Image]) -> Wiring {
    let mut after = base.clone();
    for image in images {
        let Some(namespace) = after.namespaces.get_mut(&image.key.name) else {
            continue;
        };
        for key in [label::REV, label::INJECTION] {
            let value = image
                .planned
                .as_ref()
                .and_then(|p| p["metadata"]["labels"][key].as_str());
            match value {
                Some(value) => namespace.labels.insert(key.to_owned(), value.to_owned()),
                None => namespace.labels.remove(key),
            };
        }
    }
    after
}

async fn plan(
    session: &Session<'_>,
    images: &[Image],
    to: &str,
    revision: &str,
    after: &Wiring,
) -> Result<Plan> {
    let mut impact = impact(&session.mesh, &session.wiring, after)?;
    impact.only_in(&images.iter().map(|i| i.key.name.as_str()).collect());
    let serving = match &session.live {
        Some(live) => facts::serving(session, &live.client, revision).await,
        None => check::Serving::NotEvaluated,
    };
    let gates = gates(session, to, revision, after, serving);
    Ok(Plan {
        action: Action::Move,
        tag: to.to_owned(),
        from: Vec::new(),
        to: Some(revision.to_owned()),
        inferred: None,
        istioctl: None,
        way_back: WayBack {
            command: undo(images),
            means: vec![
                "gives each namespace back the labels it has now".into(),
                format!(
                    "pods that restart before then keep the proxy of {revision} and its istiod, until they restart again"
                ),
            ],
        },
        notes: vec!["labels change now; pods change at their next restart, and not before".into()],
        findings: gates.findings.clone(),
        outcome: gates.outcome(),
        header: session.header(),
        versions: prepare::versions(&session.mesh),
        images: images.to_vec(),
        gates,
        impact,
    })
}

/// What undoes a move of these namespaces, before it has a record: all of them, or by no name the last move.
fn undo(images: &[Image]) -> String {
    if images.len() > NAMED {
        return "kubectl mesh-tag move --undo".into();
    }
    let names = shell::words(images.iter().map(|i| &i.key.name));
    format!("kubectl mesh-tag move {names} --undo")
}

fn impact(mesh: &Mesh, before: &Wiring, after: &Wiring) -> Result<Impact> {
    Impact::between(mesh, before, after).map_err(|gap| {
        Error::new(
            ErrorKind::Unknown,
            format!("what this does to the workloads is unknown: {}", gap.detail),
        )
        .hint(format!("this needs get and list on {}", gap.what))
    })
}

fn gates(
    session: &Session<'_>,
    to: &str,
    revision: &str,
    after: &Wiring,
    serving: check::Serving,
) -> Gates {
    let policy = Policy::default();
    check::move_gates(&Facts {
        mesh: &session.mesh,
        policy: &policy,
        tag: to.to_owned(),
        source: None,
        beside: Vec::new(),
        target: revision.to_owned(),
        istioctl: IstioctlFacts::NotEvaluated,
        serving,
        overlap: facts::overlap(&session.mesh, &session.wiring, after),
        skew: facts::skew(&session.mesh, &session.wiring, after),
        without_before_image: Vec::new(),
        removal: None,
        backups: Backups::NotEvaluated,
        cve: None,
    })
}
