//! Carrying out a move: one patch per namespace, under its resourceVersion.

use mesh_common::{
    Ctx, Outcome,
    cluster::{explain, is_forbidden},
    error::{Error, Kind as ErrorKind, Result},
    journal::{
        Action, Image, Operation, Record, State,
        operation::{self, put_back},
    },
};

use crate::{
    apply::{self, Done},
    execute,
    plan::Plan,
    screen, session,
    session::{Live, Session},
};

/// A thousand namespaces are labelled in this time. No child writes after us, so a killed move is free to be
/// resumed once its Lease has run out.
const LONGEST: std::time::Duration = std::time::Duration::from_secs(30);

pub(super) async fn carry_out(
    session: &Session<'_>,
    live: &Live<'_>,
    plan: &Plan,
    to: &str,
) -> Result<Done> {
    let ctx = session.ctx;
    let _hold = ctx.interrupt.hold();
    let (guard, id, user) = apply::lease(live, Action::Move, to, LONGEST).await?;
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
        policies: Vec::new(),
        files: None,
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
            let forbidden = is_forbidden(&e);
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
