//! `kubectl mesh-tag move`: put namespaces on a tag or revision, and take them off again.

use clap::Args;
use mesh_common::{
    Ctx, Outcome,
    check::{self, Facts, Gates, IstioctlFacts, Policy},
    cluster::explain,
    error::{Error, Kind as ErrorKind, Result},
    journal::{
        Action, Image, Key, Kind, Operation, Record, State, api,
        operation::{self, put_back},
    },
    mesh::{Mesh, Namespace, Requirement, Wiring, impact::Impact, label, live::Needs},
    output::clean,
};
use serde_json::{Value, json};

use crate::{
    apply::{self, Done},
    cli::{Output, WriteArgs},
    decide::{self, Next},
    execute,
    plan::{Plan, WayBack},
    prepare,
    promote::waivers,
    screen, session,
    session::{Live, Session},
};

mod percent;
mod undo_move;

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
    #[arg(value_name = "NAMESPACE", required_unless_present_any = ["selector", "undo"], conflicts_with = "selector")]
    namespaces: Vec<String>,

    /// The tag or revision to put them on
    #[arg(
        long,
        value_name = "TAG|REVISION",
        required_unless_present = "undo",
        conflicts_with = "undo"
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
    #[arg(long, value_name = "ID", requires = "undo")]
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
    let shown = plan.clone();
    match decide::decide(
        ctx,
        &shown,
        &mut plan.gates,
        &args.write,
        &args.output,
        &question,
        None,
    )? {
        Next::Stop(outcome) => return Ok(outcome),
        Next::TryOnServer => {
            return crate::dry_run::try_images(&session, &plan.images, &args.output).await;
        }
        Next::Go => {}
    }
    let live = session.live("move namespaces")?;
    let done = carry_out(&session, live, &plan, to).await?;
    let next = vec![format!("see who runs what: kubectl mesh-tag status {to}")];
    execute::finish(ctx, &plan, &args.output, done, next)
}

/// The revision behind what was typed: a tag's, or itself.
fn destination(wiring: &Wiring, to: &str) -> Result<String> {
    let behind: Vec<&str> = wiring.tag_by_webhook(to).into_iter().collect();
    match behind.as_slice() {
        [one] => return Ok((*one).to_owned()),
        [] => {}
        many => {
            return Err(
                Error::refused(format!("tag {to} points to {}", many.join(" and ")))
                    .hint(format!("kubectl mesh-tag status {to}")),
            );
        }
    }
    if wiring.own_injector(to).is_some() {
        return Ok(to.to_owned());
    }
    let shown = clean(to, 63);
    let mut error = Error::user(format!("there is no tag or revision {shown}"));
    for (what, names) in [("tags", wiring.tags()), ("revisions", wiring.revisions())] {
        let names: Vec<&str> = names.into_iter().take(20).collect();
        error = error.hint(format!("{what}: {}", names.join(", ")));
    }
    Err(error)
}

/// The namespaces that were named or selected, and their share.
fn choose<'m>(session: &'m Session<'_>, args: &MoveArgs) -> Result<Vec<&'m Namespace>> {
    let all = &session.wiring.namespaces;
    let mut chosen: Vec<&Namespace> = Vec::new();
    if let Some(selector) = &args.selector {
        let requirements = Requirement::parse_all(selector)?;
        chosen.extend(
            all.values()
                .filter(|n| requirements.iter().all(|r| r.matches(&n.labels))),
        );
        // What may not be moved is passed over: a selector names many.
        chosen.retain(|n| opted_out(n).is_none() && !is_system(&n.name, session));
        if chosen.is_empty() {
            return Err(Error::user(format!(
                "no namespace that may be moved has {}",
                clean(selector, 200)
            ))
            .hint(format!(
                "kubectl get namespaces -l '{}'",
                clean(selector, 200)
            )));
        }
    } else {
        for name in &args.namespaces {
            let namespace = all.get(name).ok_or_else(|| {
                Error::user(format!("there is no namespace {}", clean(name, 63)))
                    .hint("kubectl get namespaces -L istio.io/rev,istio-injection")
            })?;
            if let Some(why) = opted_out(namespace) {
                return Err(Error::refused(format!(
                    "namespace {name} {why}; nothing was changed"
                )));
            }
            if is_system(name, session) {
                return Err(Error::refused(format!(
                    "namespace {name} belongs to the cluster: istiod injects nothing there; nothing was changed"
                )));
            }
            chosen.push(namespace);
        }
    }
    if let Some(percent) = args.percent {
        let names: Vec<String> = chosen.iter().map(|n| n.name.clone()).collect();
        let share = percent::share(&names, percent);
        chosen.retain(|n| share.contains(&n.name));
    }
    chosen.sort_by(|a, b| a.name.cmp(&b.name));
    chosen.dedup_by(|a, b| a.name == b.name);
    if let Some(owned) = chosen.iter().find(|n| n.owner.is_owned()) {
        return Err(Error::refused(format!(
            "namespace {} is owned by {}, which would write its labels back; nothing was changed",
            owned.name,
            owned.owner.short()
        ))
        .hint("Change the label there. This prints what to write:")
        .hint("kubectl mesh-tag move NAMESPACE --to TAG --dry-run -o json"));
    }
    Ok(chosen)
}

fn is_system(name: &str, session: &Session<'_>) -> bool {
    name.starts_with("kube-")
        || name == "local-path-storage"
        || name == session.mesh.istio_namespace
}

/// An opt-out is nobody's conflict: it is somebody's decision.
fn opted_out(namespace: &Namespace) -> Option<&'static str> {
    if namespace.is_ambient() {
        return Some("is in ambient mode: sidecars are not what it asked for");
    }
    match namespace.labels.get(label::INJECTION) {
        Some(value) if value != "enabled" => {
            Some("opted out of injection (istio-injection=disabled)")
        }
        _ if namespace.terminating => Some("is being deleted"),
        _ => None,
    }
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
    let impact = impact(&session.mesh, &session.wiring, after)?;
    let serving = match &session.live {
        Some(live) => prepare::serving(session, &live.client, revision).await,
        None => check::Serving::NotEvaluated,
    };
    let gates = gates(session, to, revision, after, serving);
    let names: Vec<&str> = images
        .iter()
        .map(|i| i.key.name.as_str())
        .take(20)
        .collect();
    Ok(Plan {
        action: Action::Move,
        tag: to.to_owned(),
        from: Vec::new(),
        to: Some(revision.to_owned()),
        inferred: None,
        istioctl: None,
        way_back: WayBack {
            command: format!("kubectl mesh-tag move {} --undo", names.join(" ")),
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
        overlap: prepare::overlap(&session.mesh, &session.wiring, after),
        skew: prepare::skew(&session.mesh, &session.wiring, after),
        without_before_image: Vec::new(),
        removal: None,
        cve: None,
    })
}

async fn carry_out(session: &Session<'_>, live: &Live<'_>, plan: &Plan, to: &str) -> Result<Done> {
    let ctx = session.ctx;
    let _hold = ctx.interrupt.hold();
    let (guard, id, user) =
        apply::lease(live, Action::Move, to, std::time::Duration::from_secs(60)).await?;
    let again = operation::read(&live.client, live.connection, &plan.images).await;
    let (guard, now) = execute::or_give_up(guard, again).await?;
    let changed: Vec<String> = plan
        .images
        .iter()
        .zip(&now)
        .filter(|(image, now)| {
            !mesh_common::journal::image::same(image.before.as_ref(), now.as_ref())
        })
        .map(|(image, _)| format!("{} was relabelled meanwhile", image.key))
        .collect();
    if !changed.is_empty() {
        guard.give_up().await;
        let mut error = Error::refused(
            "the mesh changed between the plan and the confirmation; nothing was changed",
        );
        for line in changed.into_iter().take(screen::ROWS) {
            error = error.hint(line);
        }
        return Err(error);
    }
    let at = jiff::Timestamp::now();
    let record = Record {
        api_version: "kubectl-mesh/v1alpha1".into(),
        kind: "Operation".into(),
        id,
        action: Action::Move,
        tag: None,
        from: None,
        to: Some(to.to_owned()),
        undoes: None,
        cluster_uid: session.cluster_uid()?,
        istio_namespace: live.connection.istio_namespace.clone(),
        user,
        version: env!("CARGO_PKG_VERSION").into(),
        istioctl: None,
        started: at,
        child_deadline: at,
        finished: None,
        state: State::Started,
        waivers: plan
            .gates
            .waived()
            .map(|(g, why)| format!("{}={why}", g.id))
            .collect(),
        gates: Vec::new(),
        outcome: String::new(),
        images: plan.images.clone(),
    };
    let operation = guard.record(&record).await?;
    write(ctx, live, operation).await
}

/// Labels every namespace of an announced move that is not labelled yet, and settles its record.
pub(crate) async fn write(ctx: &Ctx, live: &Live<'_>, operation: Operation<'_>) -> Result<Done> {
    let id = operation.record().id.clone();
    let way_back = session::way_back(operation.record());
    let mut failed = Vec::new();
    let now = operation::read(&live.client, live.connection, &operation.record().images).await?;
    for (image, now) in operation.record().images.iter().zip(&now) {
        if ctx.interrupt.requested() {
            break;
        }
        if image.is_as_planned(now.as_ref()) {
            continue;
        }
        let goal = Image {
            before: image.planned.clone(),
            ..image.clone()
        };
        if let Err(e) = put_back(&live.client, &goal, now.as_ref(), None).await {
            let forbidden = api::is_forbidden(&e);
            failed.push(explain(&e, &format!("label {}", image.key), live.connection).to_string());
            if forbidden {
                // The next thousand would be forbidden too.
                break;
            }
        }
    }
    let (after, wrong) = apply::judge(live, &operation, std::time::Duration::from_secs(5)).await?;
    let total = operation.record().images.len();
    let mut screen = mesh_common::output::Doc::new();
    if wrong.is_empty() {
        let words = format!(
            "{} labelled istio.io/rev={} and read back. Pods change at their next restart.",
            screen::count(total, "namespace"),
            operation.record().to.as_deref().unwrap_or_default()
        );
        operation.finish(State::Done, &words, Some(after)).await?;
        screen.heading("Done and read back");
        screen.text(words);
        return Ok(Done {
            outcome: Outcome::Done,
            record: id,
            screen,
        });
    }
    let untouched = wrong.len() == total;
    let state = if untouched {
        State::Nothing
    } else {
        State::Partial
    };
    operation
        .finish(state, &wrong.join("; "), Some(after))
        .await?;
    if untouched {
        let kind = if ctx.interrupt.requested() {
            ErrorKind::Interrupted
        } else {
            ErrorKind::Cluster
        };
        let mut error = Error::new(kind, "no namespace was labelled; nothing was changed");
        for line in failed.into_iter().take(screen::ROWS) {
            error = error.hint(line);
        }
        return Err(error);
    }
    screen.heading(format!(
        "{} of {total} namespaces not labelled",
        wrong.len()
    ));
    screen.list(wrong.iter().chain(&failed).take(screen::ROWS));
    screen.text("Finish it, or take it back:");
    screen.command(format!("kubectl mesh-tag resume --record {id}"));
    screen.command(way_back);
    let outcome = if ctx.interrupt.requested() {
        Outcome::Interrupted
    } else {
        Outcome::Changed
    };
    Ok(Done {
        outcome,
        record: id,
        screen,
    })
}
