//! A confirmed tag change on its way into the cluster: Lease, read again, compare, record, istioctl.

use mesh_common::{
    Ctx, Outcome,
    check::IstioctlFacts,
    decide::{Asked, Next, decide},
    error::{Error, Kind, Result},
    journal::{Action, Guard, State},
    mesh::{
        Mesh,
        impact::{Change, Impact},
        live,
    },
    output::Format,
    shell,
};

use crate::{
    apply,
    cli::{ChildArgs, Output, WriteArgs},
    drift, facts, objects,
    plan::{CarriedOut, Plan},
    prepare::{self, Ask, Prepared},
    screen::{self, Step},
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
    let next = decide(
        ctx,
        Asked {
            plan: &shown,
            dry_run: write.dry_run,
            output,
            questions: &[question],
            inferred: inferred.as_deref(),
        },
        &mut prepared.plan.gates,
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
    let change = apply::Change {
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
    let next = next_steps(&prepared.plan);
    Ok(finish(ctx, &prepared.plan, output, done, &next))
}

/// Prints the outcome of a change.
pub(crate) fn finish(
    ctx: &Ctx,
    plan: &Plan,
    output: &Output,
    done: apply::Done,
    next: &[Step],
) -> Outcome {
    let apply::Done {
        outcome,
        record,
        mut screen,
    } = done;
    if outcome == Outcome::Done && !next.is_empty() {
        screen.heading("Next");
        screen::steps(&mut screen, next);
    }
    screen.pairs([("Record", record.as_str())]);
    screen.text("Way back:");
    screen.command(match plan.action {
        // By its record: the command of the plan may name fewer namespaces, or a later move.
        Action::Move => shell::command("kubectl mesh-tag move --undo --to-record {}", &[&record]),
        _ => plan.way_back.command.clone(),
    });
    let carried_out = CarriedOut {
        plan,
        outcome,
        record: &record,
        screen,
    };
    if matches!(output.output, Format::Json | Format::Yaml | Format::Name) {
        ctx.printer.err_doc(&carried_out.screen);
    }
    // A reader that went away must not hide what the cluster came to.
    let _ = ctx.printer.print(output, &carried_out);
    outcome
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
        .hint(session::go_on(&other.record)));
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
        root_pem: fresh.root_pem,
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

/// What to do after a tag was set.
fn next_steps(plan: &Plan) -> Vec<Step> {
    let mut next = Vec::new();
    if !plan.impact.rolls_now.is_empty() {
        let which = match plan.impact.rolls_now.len() {
            1 => "gateway that rolls".to_owned(),
            n => format!("{n} gateways that roll"),
        };
        next.push(Step::run(
            format!("watch the {which} now:"),
            "kubectl get pods -A -l gateway.istio.io/managed -w",
        ));
    }
    next.extend(restarts(&plan.impact));
    if plan.action == Action::Promote {
        next.push(Step::run(
            "see who runs what:",
            shell::command("kubectl mesh-tag status {}", &[&plan.tag]),
        ));
        for old in &plan.from {
            if Some(old) != plan.to.as_ref() {
                next.push(Step::say(format!(
                    "keep istiod {old} until no proxy of it is left; only then remove that revision"
                )));
            }
        }
    }
    next
}

/// How the change comes to the pods. Only a workload for which a restart is just a restart is an example to begin
/// with.
pub(crate) fn restarts(impact: &Impact) -> Option<Step> {
    let waiting = || impact.changes.iter().filter(|c| !c.runs_already());
    waiting().next()?;
    let is_hard = |c: &&Change| impact.hard.iter().any(|h| h.workload == c.workload);
    let easy = waiting()
        .filter(|c| !is_hard(c))
        .find_map(|c| c.restart.command.clone());
    let words = format!(
        "{} in {} get the new proxy when they restart",
        screen::count(impact.totals.pods as usize, "pod"),
        screen::count(impact.totals.namespaces, "namespace"),
    );
    Some(match easy {
        Some(command) => Step::run(
            format!("{words}; restart gradually, beginning with one:"),
            command,
        ),
        None => Step::say(format!(
            "{words}; none by a plain restart: see \"Not just a restart\" above"
        )),
    })
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
