//! `kubectl mesh-tag move --undo`: the labels that namespaces had before.

use mesh_common::{
    Outcome,
    check::{self, Waiver},
    decide::{Asked, Next, decide, print_done},
    error::{Error, Result},
    journal::{Action, Image, Record, State, operation, store::Stored},
    mesh::Raw,
    output::{Doc, clean},
    shell,
};

use super::{MoveArgs, impact, wiring};
use crate::{
    execute, facts,
    plan::{Plan, WayBack},
    prepare, restore,
    restore::Restore,
    screen::{self, Step},
    session,
    session::{Live, Session},
    undo,
};

/// Longest list of namespaces in a command to paste, in bytes.
const LINE_MAX: usize = 12_000;

pub(super) async fn run(
    session: &Session<'_>,
    args: &MoveArgs,
    waivers: &[Waiver],
) -> Result<Outcome> {
    let ctx = session.ctx;
    let live = session.live("undo a move")?;
    let stored = pick(live, args)?;
    let record = &stored.record;
    restore::belongs_here(
        record,
        &session.cluster_uid()?,
        &live.connection.istio_namespace,
    )?;
    if let Some(other) = live.unfinished().find(|s| s.record.id != record.id) {
        return Err(
            Error::refused(format!("{} was never finished", other.record.title()))
                .hint("Settle that first:")
                .hint("kubectl mesh-tag resume")
                .hint(session::way_back(&other.record)),
        );
    }
    let now = operation::read(&live.client, live.connection, &record.images).await?;
    let restore = Restore::plan(record, &Raw::default(), &now);
    undo::refuse_suspect(record, &restore)?;
    undo::refuse_foreign(record, &restore)?;
    let images: Vec<Image> = restore.images(&now);
    if images.is_empty() {
        if record.is_unfinished() {
            undo::settle(
                ctx,
                live,
                stored.clone(),
                State::Nothing,
                "nothing had changed",
            )
            .await?;
        }
        let mut doc = Doc::new();
        doc.text("Every namespace has the labels it had before: nothing to bring back.");
        print_done(ctx, &args.output, &doc)?;
        return Ok(Outcome::Done);
    }
    let mut plan = plan(session, record, images)?;
    plan.gates.waive(waivers)?;
    plan.outcome = plan.gates.outcome();
    let question = format!(
        "Give {} back their labels on {}?",
        screen::count(plan.images.len(), "namespace"),
        execute::place(session)
    );
    if args.write.dry_run.is_none() {
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
            return crate::dry_run::try_images(session, &plan.images, &args.output).await;
        }
        Next::Go => {}
    }
    let waived = plan
        .gates
        .waived()
        .map(|(g, why)| format!("{}={why}", g.id))
        .collect();
    let done = undo::carry_out(session, live, &stored, &plan.images, waived).await?;
    let next: Vec<Step> = execute::restarts(&plan.impact).into_iter().collect();
    Ok(execute::finish(ctx, &plan, &args.output, done, &next))
}

/// The plan of giving the namespaces of this move their labels back.
fn plan(session: &Session<'_>, record: &Record, images: Vec<Image>) -> Result<Plan> {
    let after = wiring(&session.wiring, &images);
    let impact = impact(&session.mesh, &session.wiring, &after)?;
    let to = record.to.clone().unwrap_or_default();
    // Who had no injector before the move gets none again: that is what undoing means. Two is what must not be.
    let overlap = facts::overlap(&session.mesh, &session.wiring, &after).map(|mut facts| {
        facts.orphaned.clear();
        facts
    });
    let policy = check::Policy::default();
    let gates = check::undo_move_gates(&check::Facts {
        mesh: &session.mesh,
        policy: &policy,
        tag: to.clone(),
        source: None,
        beside: Vec::new(),
        target: String::new(),
        istioctl: check::IstioctlFacts::NotEvaluated,
        serving: check::Serving::NotEvaluated,
        overlap,
        skew: facts::skew(&session.mesh, &session.wiring, &after),
        without_before_image: Vec::new(),
        removal: None,
        backups: check::Backups::NotEvaluated,
        cve: None,
    });
    Ok(Plan {
        action: Action::Rollback,
        tag: to.clone(),
        from: Vec::new(),
        to: None,
        inferred: None,
        istioctl: None,
        way_back: WayBack {
            command: again(&images, &to),
            means: vec!["moves them again, all those that the record names".into()],
        },
        notes: vec![
            "pods that restarted meanwhile keep their proxy until they restart again".into(),
        ],
        findings: gates.findings.clone(),
        outcome: gates.outcome(),
        header: undo::header(session, "Undoes", record),
        versions: prepare::versions(&session.mesh),
        images,
        gates,
        impact,
    })
}

/// The move once more, of every namespace; where that is too long a line, the record that names them.
pub(super) fn again(images: &[Image], to: &str) -> String {
    let names = shell::words(images.iter().map(|i| &i.key.name));
    if names.len() > LINE_MAX {
        return "kubectl mesh-tag history -o json".into();
    }
    let to = shell::word(to);
    format!("kubectl mesh-tag move {names} --to {to}")
}

/// The newest move that is not undone and that moved one of the named namespaces; any, when none is named.
fn pick(live: &Live<'_>, args: &MoveArgs) -> Result<Stored> {
    let touches = |s: &Stored| {
        args.namespaces.is_empty()
            || s.record
                .images
                .iter()
                .any(|i| args.namespaces.contains(&i.key.name))
    };
    let found = live
        .records
        .iter()
        .rev()
        .filter(|s| s.record.action == Action::Move)
        .filter(|s| {
            matches!(
                s.record.state,
                State::Started | State::Done | State::Partial
            )
        })
        .find(|s| match &args.to_record {
            Some(id) => s.record.id == *id,
            None => touches(s),
        });
    let Some(stored) = found else {
        return Err(Error::user("there is no move to take back")
            .hint("What was done:")
            .hint("kubectl mesh-tag history"));
    };
    let mut stored = stored.clone();
    let others: Vec<&Image> = stored
        .record
        .images
        .iter()
        .filter(|i| !args.namespaces.contains(&i.key.name))
        .collect();
    if !args.namespaces.is_empty() && !others.is_empty() {
        let names: Vec<String> = others
            .iter()
            .map(|i| clean(&i.key.name, 63))
            .take(10)
            .collect();
        return Err(Error::refused(format!(
            "that move also moved {}; nothing was changed",
            names.join(", ")
        ))
        .hint("A move is undone as a whole:")
        .hint(session::way_back(&stored.record))
        .hint("To move only some of them elsewhere:")
        .hint("kubectl mesh-tag move NAMESPACE --to TAG"));
    }
    stored.record.images.sort_by(|a, b| a.key.cmp(&b.key));
    Ok(stored)
}
