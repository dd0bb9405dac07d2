//! `kubectl mesh-tag rollback`: bring back the objects of an earlier operation, exactly.

use clap::Args;
use mesh_common::{
    Ctx, Outcome,
    check::{self, Backups, Facts, Gates, IstioctlFacts, Policy, Serving},
    complete::Values,
    decide::{Asked, Next, decide, print_done},
    error::{Error, Kind, Result},
    journal::{Action, Image, Record, State, operation, store::Stored},
    mesh::{Raw, impact::Impact, live::Needs, raw},
    output::{Doc, clean},
    shell,
};

use crate::{
    cli::{Output, WriteArgs},
    execute, facts,
    plan::{Plan, WayBack},
    prepare,
    promote::waivers,
    restore::{self, Restore},
    screen::Step,
    session::{self, Live, Session},
    undo, wired,
};

/// Bring a tag back to how it was before the last operation on it
///
/// Restores every object that operation changed from its record: webhook
/// configuration, Service, validator, and the default injector that a default
/// tag switched off. What it created is deleted, what it removed is made
/// again. If somebody else changed one of these objects since, it stops and
/// shows where.
///
/// Pods that restarted meanwhile keep the newer proxy, and its istiod, until
/// they restart again: that istiod must stay. Gateways of the tag are
/// redeployed at once.
///
/// Examples:
///   kubectl mesh-tag rollback stable --dry-run
///   kubectl mesh-tag rollback stable
///   kubectl mesh-tag rollback stable --to-record ID
///
/// Exit codes: 0 brought back and verified, or nothing to do; 1 nothing done;
/// 2 refused, nothing done; 3 a gate is unknown, nothing done; 4 changed, and
/// not as planned; 130 interrupted.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct RollbackArgs {
    /// The tag to bring back
    #[arg(value_name = "TAG", add = Values::Tag)]
    tag: String,

    /// The record to undo (default: the newest of the tag that is not undone)
    #[arg(long, value_name = "ID", add = Values::Record)]
    to_record: Option<String>,

    #[command(flatten)]
    write: WriteArgs,

    #[command(flatten)]
    output: Output,
}

pub(crate) async fn run(ctx: &Ctx, args: &RollbackArgs) -> Result<Outcome> {
    ctx.must_be_live("roll back")?;
    let waivers = waivers(&args.write)?;
    let session = Session::open(ctx, Needs::PROMOTE).await?;
    let live = session.live("roll back")?;
    let stored = pick(live, &args.tag, args.to_record.as_deref())?;
    let record = &stored.record;
    restore::belongs_here(
        record,
        &session.cluster_uid()?,
        &live.connection.istio_namespace,
    )?;
    // Another operation that was cut off must be settled first, unless it is the one to undo.
    if let Some(other) = live.unfinished().find(|s| s.record.id != record.id) {
        return Err(
            Error::refused(format!("{} was never finished", other.record.title()))
                .hint("Settle that first:")
                .hint(session::go_on(&other.record))
                .hint(session::way_back(&other.record)),
        );
    }
    let raw = session.mesh.raw()?;
    let now = operation::read(&live.client, live.connection, &record.images).await?;
    let restore = Restore::plan(record, raw, &now);
    undo::refuse_suspect(record, &restore)?;
    undo::refuse_foreign(record, &restore)?;
    if restore.is_nothing() {
        return nothing_left(ctx, live, stored, args).await;
    }
    let images = restore.images(&now);
    let mut plan = plan(&session, live, raw, record, images).await?;
    plan.gates.waive(&waivers)?;
    plan.outcome = plan.gates.outcome();
    if args.write.dry_run.is_none() {
        let rights = session::rights_to_write(&live.connection.istio_namespace, &plan.images);
        live.require(&format!("bring tag {} back", args.tag), &rights)
            .await?;
    }
    let mut gates = plan.gates.clone();
    let question = format!("{} on {}?", plan.title(), execute::place(&session));
    let next = decide(
        ctx,
        Asked {
            plan: &plan,
            dry_run: args.write.dry_run,
            output: &args.output,
            questions: &[question],
            inferred: None,
        },
        &mut gates,
    )?;
    match next {
        Next::Stop(outcome) => return Ok(outcome),
        Next::TryOnServer => {
            return crate::dry_run::try_images(&session, &plan.images, &args.output).await;
        }
        Next::Go => {}
    }
    let waived = gates
        .waived()
        .map(|(g, why)| format!("{}={why}", g.id))
        .collect();
    let done = undo::carry_out(&session, live, &stored, &plan.images, waived).await?;
    plan.gates = gates;
    let mut next = vec![Step::run(
        "see who runs what:",
        shell::command("kubectl mesh-tag status {}", &[&args.tag]),
    )];
    if let Some(newer) = record
        .to
        .as_deref()
        .filter(|_| record.action == Action::Promote)
    {
        next.push(Step::say(format!(
            "keep istiod {newer} until no proxy of it is left"
        )));
    }
    Ok(execute::finish(ctx, &plan, &args.output, done, &next))
}

/// The plan of bringing these images back.
async fn plan(
    session: &Session<'_>,
    live: &Live<'_>,
    raw: &Raw,
    record: &Record,
    images: Vec<Image>,
) -> Result<Plan> {
    let tag = record.tag.as_deref().unwrap_or_default();
    let after = wired::wiring_after(raw, &images, &session.wiring, &session.mesh)?;
    let impact = Impact::between(&session.mesh, &session.wiring, &after).map_err(|gap| {
        Error::new(
            Kind::Unknown,
            format!("what this does is unknown: {}", gap.detail),
        )
    })?;
    let mut restored: Vec<String> = after
        .tag_by_webhook(tag)
        .into_iter()
        .map(str::to_owned)
        .collect();
    if restored.is_empty() {
        // The tag goes, and the istiod without a revision that it had switched off has its place again.
        restored.extend(facts::unrevisioned(&after, tag).map(|own| own.revision.clone()));
    }
    let gates = gates(session, live, tag, &restored, &after).await;
    let versions = prepare::versions(&session.mesh);
    Ok(Plan {
        action: Action::Rollback,
        tag: tag.to_owned(),
        from: session.revisions_of(tag),
        to: restored.first().cloned(),
        inferred: None,
        istioctl: None,
        way_back: WayBack {
            command: shell::command(
                "kubectl mesh-tag promote {} --to {}",
                &[tag, record.to.as_deref().unwrap_or("REVISION")],
            ),
            means: vec!["moves the tag forward again, with all gates".into()],
        },
        notes: notes(record, &impact, &restored),
        findings: gates.findings.clone(),
        outcome: gates.outcome(),
        header: undo::header(session, "Undoes", record),
        images,
        gates,
        impact,
        versions,
    })
}

/// The record to undo.
fn pick(live: &Live<'_>, tag: &str, id: Option<&str>) -> Result<Stored> {
    let of_tag = |s: &&Stored| s.record.tag.as_deref() == Some(tag);
    let found = match id {
        Some(id) => live
            .records
            .iter()
            .filter(of_tag)
            .find(|s| s.record.id == id),
        None => live.records.iter().rev().filter(of_tag).find(|s| {
            s.record.action != Action::Rollback
                && matches!(
                    s.record.state,
                    State::Started | State::Done | State::Partial
                )
        }),
    };
    let Some(stored) = found else {
        let tag = clean(tag, 63);
        let what = match id {
            Some(id) => format!("there is no record {} of tag {tag}", clean(id, 100)),
            None => format!("there is no operation on tag {tag} to take back"),
        };
        let mut error = Error::user(what)
            .hint("What was done:")
            .hint(format!("kubectl mesh-tag history {tag}"));
        for line in live.unreadable.iter().take(3) {
            error = error.hint(format!("not readable as a record: {line}"));
        }
        return Err(error);
    };
    if stored.record.action == Action::Rollback {
        return Err(
            Error::user(format!("record {} is a rollback itself", stored.record.id))
                .hint("To move the tag forward again:")
                .hint(format!(
                    "kubectl mesh-tag promote {} --to REVISION",
                    clean(tag, 63)
                )),
        );
    }
    if matches!(stored.record.state, State::RolledBack | State::Nothing) {
        return Err(Error::user(format!(
            "record {} is {}: there is nothing to take back",
            stored.record.id,
            execute::ended(stored.record.state)
        )));
    }
    Ok(stored.clone())
}

/// All objects are as they were: the record may still have to learn it.
async fn nothing_left(
    ctx: &Ctx,
    live: &Live<'_>,
    stored: Stored,
    args: &RollbackArgs,
) -> Result<Outcome> {
    let words = format!(
        "Every object of {} is as it was before {}: nothing to bring back.",
        stored.record.id,
        stored.record.title()
    );
    if stored.record.is_unfinished() && args.write.dry_run.is_none() {
        undo::settle(ctx, live, stored, State::Nothing, "nothing had changed").await?;
    }
    let mut doc = Doc::new();
    doc.text(words);
    print_done(ctx, &args.output, &doc)?;
    Ok(Outcome::Done)
}

async fn gates(
    session: &Session<'_>,
    live: &Live<'_>,
    tag: &str,
    restored: &[String],
    after: &mesh_common::mesh::Wiring,
) -> Gates {
    let policy = Policy::default();
    let serving = match restored.first() {
        Some(revision) => facts::serving(session, &live.client, revision).await,
        // Nothing is restored that would have to serve.
        None => Serving::NotEvaluated,
    };
    let removal = restored
        .is_empty()
        .then(|| facts::users(session, tag, after));
    let facts = Facts {
        mesh: &session.mesh,
        policy: &policy,
        tag: tag.to_owned(),
        source: session.revisions_of(tag).first().cloned(),
        beside: Vec::new(),
        target: restored.first().cloned().unwrap_or_default(),
        istioctl: IstioctlFacts::NotEvaluated,
        serving,
        overlap: facts::overlap(&session.mesh, &session.wiring, after),
        skew: facts::skew(&session.mesh, &session.wiring, after),
        without_before_image: Vec::new(),
        removal,
        backups: Backups::NotEvaluated,
        cve: None,
    };
    check::rollback_gates(&facts)
}

fn notes(record: &Record, impact: &Impact, restored: &[String]) -> Vec<String> {
    let mut notes = Vec::new();
    let newer = record.to.as_deref().unwrap_or("the newer revision");
    let kept: u32 = impact.changes.iter().map(|c| c.pods).sum();
    let already: u32 = impact
        .changes
        .iter()
        .flat_map(|c| &c.running)
        .filter(|r| r.revision.as_deref() == record.to.as_deref())
        .map(|r| r.pods)
        .sum();
    if already > 0 {
        notes.push(format!(
            "{already} pods already run the proxy of {newer}: they keep it, and its istiod, until they restart; \
             istiod {newer} must stay until then"
        ));
    } else if kept > 0 && record.action == Action::Promote {
        notes.push(format!(
            "no pod of this tag runs the proxy of {newer} yet: no restart is needed to be back"
        ));
    }
    if !impact.rolls_now.is_empty() {
        notes.push("the gateways above are redeployed once more by this".into());
    }
    if let [one] = restored
        && record.from.as_deref().is_some_and(|from| from != one)
    {
        notes.push(format!(
            "the record says the tag was at {}, its image says {one}",
            record.from.as_deref().unwrap_or_default()
        ));
    }
    notes
}

/// The revision whose CA a restored object must carry: the one its image is labelled with.
pub(crate) fn ca_of<'r>(raw: &'r Raw, image: &mesh_common::journal::Image) -> Option<&'r str> {
    raw.ca_of(raw::rev(image.planned.as_ref()?)?)
}
