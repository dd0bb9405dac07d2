//! A confirmed tag change on its way into the cluster: Lease, read again, compare, record, istioctl.

use mesh_common::{
    Ctx, Outcome,
    check::IstioctlFacts,
    error::{Error, Kind, Result},
    journal::{Action, Guard, State},
    mesh::{Mesh, live},
    output::Report,
};

use crate::{
    apply::{self, Change},
    cli::{ChildArgs, Output, WriteArgs},
    decide::{self, Next},
    drift, facts, objects,
    plan::Plan,
    prepare::{self, Ask, Prepared},
    session::{self, Live, Session},
    wired,
};

/// Shows a prepared change of a tag, decides, and carries it out.
///
/// # Errors
/// Whatever stops it before the first write; after it, what is not as planned is an outcome.
pub(crate) async fn set_tag(
    session: &Session<'_>,
    ask: Ask<'_>,
    mut prepared: Prepared,
    child: &ChildArgs,
    write: &WriteArgs,
    output: &Output,
) -> Result<Outcome> {
    let ctx = session.ctx;
    let minor = prepare::wanted_version(&session.mesh, ask.to)?.semver.minor;
    if let Some(live) = &session.live {
        let rights = session::rights(&live.connection.istio_namespace, minor, ask.tag);
        if write.dry_run.is_none() {
            live.require(&format!("set tag {}", ask.tag), &rights)
                .await?;
        }
    }
    let question = format!("{} on {}?", prepared.plan.title(), place(session));
    let shown = prepared.plan.clone();
    let inferred = prepared.plan.inferred.clone();
    let next = decide::decide(
        ctx,
        &shown,
        &mut prepared.plan.gates,
        write,
        output,
        &question,
        inferred.as_deref(),
    )?;
    match next {
        Next::Stop(outcome) => return Ok(outcome),
        Next::TryOnServer => {
            return crate::dry_run::try_images(session, &prepared.set.images, output).await;
        }
        Next::Go => {}
    }
    let live = session.live("write")?;
    let istioctl = prepared.istioctl()?;
    let exists = !ask.from.is_empty();
    let change = Change {
        action: ask.action,
        tag: ask.tag,
        from: ask.from.first().cloned(),
        to: Some(ask.to.to_owned()),
        cluster_uid: session.cluster_uid()?,
        waivers: waivers(&prepared.plan, ask.cve),
        gates: gate_lines(&prepared.plan),
        istioctl: &istioctl,
        argv: apply::set_argv(&prepared.set, ask.tag, ask.to, exists),
        deadline: child.deadline(),
        witnesses: prepare::witnesses(&session.wiring, ask.tag),
    };
    // From here on Ctrl-C is told, not obeyed at once: what was begun is said and recorded.
    let _hold = ctx.interrupt.hold();
    let (guard, id, user) = apply::lease(live, ask.action, ask.tag, change.deadline).await?;
    let images = match read_again(session, live, &ask, &prepared, minor).await {
        Ok(images) => images,
        Err(e) => {
            guard.give_up().await;
            return Err(e);
        }
    };
    if ctx.interrupt.requested() {
        guard.give_up().await;
        return Err(Error::new(
            Kind::Interrupted,
            "interrupted; nothing was changed",
        ));
    }
    let operation = apply::announce(live, guard, &change, id, user, images).await?;
    let done = apply::carry_out(ctx, live, operation, &change).await?;
    finish(
        ctx,
        &prepared.plan,
        output,
        done,
        &next_steps(&prepared.plan),
    )
}

/// Prints the outcome of a change.
pub(crate) fn finish(
    ctx: &Ctx,
    plan: &Plan,
    output: &Output,
    mut done: apply::Done,
    next: &[String],
) -> Result<Outcome> {
    if done.outcome == Outcome::Done && !next.is_empty() {
        done.screen.heading("Next");
        done.screen.list(next);
    }
    done.screen.pairs([
        ("Record", done.record.as_str()),
        ("Way back", plan.way_back.command.as_str()),
    ]);
    // A reader that went away must not hide what the cluster came to.
    let printed = decide::print_done(ctx, output, &done.screen);
    if matches!(output.output, mesh_common::output::Format::Json) {
        let mut value = plan
            .json()
            .map_err(|e| Error::internal("cannot write JSON").caused_by(e))?;
        value["outcome"] = serde_json::to_value(done.outcome).unwrap_or_default();
        value["record"] = done.record.as_str().into();
        let _ = ctx.printer.print(output, &crate::plan::Document(value));
    }
    let _ = printed;
    Ok(done.outcome)
}

/// Reads again what the decision rests on, under the Lease, and refuses when anything of it changed.
async fn read_again(
    session: &Session<'_>,
    live: &Live<'_>,
    ask: &Ask<'_>,
    prepared: &Prepared,
    minor: u64,
) -> Result<Vec<mesh_common::journal::Image>> {
    // A record may have been left between our plan and our Lease.
    let (records, _) = mesh_common::journal::Store::new(&live.client, live.connection)
        .list()
        .await?;
    if let Some(other) = records.iter().find(|s| s.record.is_unfinished()) {
        return Err(Error::refused(format!(
            "{} was begun meanwhile and is not finished; nothing was changed",
            other.record.title()
        ))
        .hint("kubectl mesh-tag resume"));
    }
    let fresh = live::reread(live.connection, &live.client).await?;
    let again = fresh.raw()?.clone();
    let mut lines = drift::drifted(&prepared.raw, &again);
    lines.extend(drift::relabelled(&session.mesh, &fresh));
    // A difference is said as such, not as what it would make of the plan.
    let mut images = Vec::new();
    if lines.is_empty() {
        let set = objects::tag_set(
            &again,
            &live.connection.istio_namespace,
            ask.tag,
            ask.to,
            minor,
        )?;
        images = set.images;
        let mesh = refreshed(&session.mesh, fresh);
        let base = mesh.wiring().unwrap_or_else(|_| session.wiring.clone());
        let after = wired::wiring_after(&again, &images, &base, &mesh)?;
        let istioctl = prepared
            .search
            .as_ref()
            .map_or(IstioctlFacts::NotEvaluated, IstioctlFacts::from);
        // A person may have read the plan for an hour: whether the target injects is asked once more.
        let serving = facts::serving(session, &live.client, ask.to).await;
        let gates = facts::gates(
            &mesh,
            &base,
            &after,
            ask,
            istioctl,
            serving,
            crate::restore::unrestorable(ask.tag, &mesh.istio_namespace, &images, &again),
        );
        lines.extend(gates.changed_since(&prepared.plan.gates));
    }
    if lines.is_empty() {
        return Ok(images);
    }
    let mut error = Error::refused(
        "the mesh changed between the plan and the confirmation; nothing was changed",
    );
    for line in lines {
        error = error.hint(line);
    }
    Err(error.hint("Look at the new plan, and confirm that one:"))
}

/// The mesh with the parts that were read again.
fn refreshed(mesh: &Mesh, fresh: Mesh) -> Mesh {
    Mesh {
        now: fresh.now,
        namespaces: fresh.namespaces,
        injectors: fresh.injectors,
        validators: fresh.validators,
        services: fresh.services,
        istiods: fresh.istiods,
        configs: fresh.configs,
        root_cert: fresh.root_cert,
        raw: fresh.raw,
        ..mesh.clone()
    }
}

/// `GATE=REASON` of everything that was passed by word.
fn waivers(plan: &Plan, cve: Option<&mesh_common::check::Cve>) -> Vec<String> {
    let mut all: Vec<String> = plan
        .gates
        .waived()
        .map(|(gate, reason)| format!("{}={reason}", gate.id))
        .collect();
    all.extend(cve.map(|cve| format!("cve {}={}", cve.id, cve.reason)));
    all
}

fn gate_lines(plan: &Plan) -> Vec<String> {
    plan.gates
        .gates
        .iter()
        .map(|g| format!("{}: {}: {}", g.id, g.verdict.word(), g.line()))
        .collect()
}

fn next_steps(plan: &Plan) -> Vec<String> {
    let mut next = Vec::new();
    if !plan.impact.rolls_now.is_empty() {
        let which = match plan.impact.rolls_now.len() {
            1 => "gateway that rolls".to_owned(),
            n => format!("{n} gateways that roll"),
        };
        next.push(format!(
            "watch the {which} now: kubectl get pods -A -l gateway.istio.io/managed -w"
        ));
    }
    if let Some(change) = plan.impact.changes.first() {
        let restart = change.restart.command.clone().unwrap_or_default();
        next.push(format!(
            "{} in {} run the new proxy once they restart; restart gradually, beginning with one: {restart}",
            crate::screen::count(plan.impact.totals.pods as usize, "pod"),
            crate::screen::count(plan.impact.totals.namespaces, "namespace"),
        ));
    }
    if plan.action == Action::Promote {
        next.push(format!(
            "see who runs what: kubectl mesh-tag status {}",
            plan.tag
        ));
        for old in &plan.from {
            if Some(old) != plan.to.as_ref() {
                next.push(format!(
                    "keep istiod {old} until no proxy of it is left; only then remove that revision"
                ));
            }
        }
    }
    next
}

/// `context prod-eu`, for the question.
pub(crate) fn place(session: &Session<'_>) -> String {
    match &session.live {
        Some(live) => live
            .connection
            .context
            .clone()
            .unwrap_or_else(|| live.connection.cluster.clone()),
        None => "the archive".into(),
    }
}

/// Gives the Lease back after an error before the record.
pub(crate) async fn or_give_up<T>(guard: Guard<'_>, result: Result<T>) -> Result<(Guard<'_>, T)> {
    match result {
        Ok(value) => Ok((guard, value)),
        Err(e) => {
            guard.give_up().await;
            Err(e)
        }
    }
}

/// The state's word for a screen.
pub(crate) fn ended(state: State) -> &'static str {
    crate::history::state(state)
}
