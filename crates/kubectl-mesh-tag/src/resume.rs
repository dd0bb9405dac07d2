//! `kubectl mesh-tag resume`: finish what an interrupted command began.

use clap::Args;
use mesh_common::{
    Ctx, Outcome,
    check::Gates,
    complete::Values,
    decide::{Asked, Next, decide, print_done},
    error::{Error, Result},
    journal::{Action, Record, State, operation, store::Stored},
    mesh::live::Needs,
    output::{self, Doc, Report, Table, clean},
};

use crate::{
    apply::{self, Change},
    cli::{ChildArgs, DryRun, Output, WriteArgs},
    execute, facts, objects,
    prepare::{self, Ask, Prepared},
    promote::waivers,
    relabel,
    restore::{self, Restore},
    screen,
    session::{self, Live, Session},
    undo,
};

/// Finish what an interrupted command began
///
/// Finds the operation that was announced and never ended, waits until an
/// istioctl that it left behind can no longer write, reads what stands there,
/// and does the rest. To take it back instead: kubectl mesh-tag rollback TAG.
///
/// Examples:
///   kubectl mesh-tag resume --dry-run
///   kubectl mesh-tag resume
///
/// Exit codes: 0 finished and verified, or nothing to do; 1 nothing done; 2
/// refused, nothing done; 4 changed, and not as planned; 130 interrupted.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct ResumeArgs {
    /// The record to finish (default: the unfinished one)
    #[arg(long, value_name = "ID", add = Values::Record)]
    record: Option<String>,

    #[command(flatten)]
    write: WriteArgs,

    #[command(flatten)]
    child: ChildArgs,

    #[command(flatten)]
    output: Output,
}

pub(crate) async fn run(ctx: &Ctx, args: &ResumeArgs) -> Result<Outcome> {
    ctx.must_be_live("resume")?;
    let session = Session::open(ctx, Needs::PROMOTE).await?;
    let live = session.live("resume")?;
    let Some(stored) = pick(live, args.record.as_deref())? else {
        let mut doc = Doc::new();
        doc.text("No operation is unfinished: nothing to resume.");
        print_done(ctx, &args.output, &doc)?;
        return Ok(Outcome::Done);
    };
    let record = &stored.record;
    if record.files.is_some() || record.is_of_policies() {
        return Err(Error::refused(format!(
            "{} is no operation of kubectl mesh-tag",
            record.title()
        ))
        .hint(session::go_on(record))
        .hint(session::way_back(record)));
    }
    restore::belongs_here(
        record,
        &session.cluster_uid()?,
        &live.connection.istio_namespace,
    )?;
    let raw = session.mesh.raw()?;
    let now = operation::read(&live.client, live.connection, &record.images).await?;
    let plan = Restore::plan(record, raw, &now);
    undo::refuse_suspect(record, &plan)?;
    undo::refuse_foreign(record, &plan)?;
    let rest = undo::pending(&record.images, &now);
    if args.write.dry_run == Some(DryRun::Server) {
        return Err(
            Error::user("there is no dry-run of what an interrupted command left")
                .hint("kubectl mesh-tag resume --dry-run"),
        );
    }
    // A record may be planted: what it would still do is judged as if it were typed now.
    let mut gates = gates(&session, record, &rest, args).await?;
    let question = if rest.is_empty() {
        format!(
            "Everything is as planned. Close the record of {}?",
            record.title()
        )
    } else {
        format!("Finish {} on {}?", record.title(), execute::place(&session))
    };
    let judged = Judged {
        left: left(&session, record, &rest),
        gates: gates.clone(),
    };
    match decide(
        ctx,
        Asked {
            plan: &judged,
            dry_run: args.write.dry_run,
            output: &args.output,
            questions: &[question],
            inferred: None,
        },
        &mut gates,
    )? {
        Next::Stop(outcome) => return Ok(outcome),
        Next::TryOnServer | Next::Go => {}
    }
    let done = finish(&session, live, stored.clone(), args).await?;
    print_done(ctx, &args.output, &done.screen)?;
    Ok(done.outcome)
}

/// The gates of what is left to do; none where nothing is, or where it only brings back what was.
async fn gates(
    session: &Session<'_>,
    record: &Record,
    rest: &[String],
    args: &ResumeArgs,
) -> Result<Gates> {
    let waivers = waivers(&args.write)?;
    let tag = record.tag.as_deref().unwrap_or_default();
    let mut gates = match (record.action, &record.to) {
        _ if rest.is_empty() => return Ok(Gates::none()),
        (Action::Promote | Action::Create, Some(to)) => {
            let from: Vec<String> = record.from.iter().cloned().collect();
            let ask = Ask {
                action: record.action,
                tag,
                from: &from,
                to,
                backups: &session.backups,
                cve: None,
                waivers: &[],
            };
            Prepared::make(session, &args.child, ask).await?.plan.gates
        }
        (Action::Move, Some(to)) => {
            relabel::destination(&session.wiring, to)?;
            return Ok(Gates::none());
        }
        (
            Action::Rollback
            | Action::Restore
            | Action::Convert
            | Action::Enforce
            | Action::AccessLog,
            _,
        ) => {
            return Ok(Gates::none());
        }
        (Action::Remove, _) | (_, None) => {
            let after = session.wiring.remove_tag(tag, true);
            facts::removal_gates(session, tag, &after)
        }
    };
    gates.waive(&waivers)?;
    Ok(gates)
}

/// What is left, and its gates below.
struct Judged {
    left: Doc,
    gates: Gates,
}

impl Report for Judged {
    fn doc(&self, _wide: bool) -> Doc {
        let mut doc = self.left.clone();
        if !self.gates.gates.is_empty() {
            screen::gates(&mut doc, &self.gates);
        }
        doc
    }

    fn json(&self) -> serde_json::Result<serde_json::Value> {
        output::verdict("TagResume", self.gates.outcome(), &self.gates)
    }

    fn names(&self) -> Vec<String> {
        Vec::new()
    }
}

fn pick(live: &Live<'_>, id: Option<&str>) -> Result<Option<Stored>> {
    let Some(id) = id else {
        return Ok(live.unfinished().next().cloned());
    };
    let found = live
        .records
        .iter()
        .find(|s| s.record.id == id)
        .ok_or_else(|| {
            Error::user(format!("there is no record {}", clean(id, 100)))
                .hint("kubectl mesh-tag history")
        })?;
    // A partial one may be brought to its end too.
    Ok(matches!(found.record.state, State::Started | State::Partial).then(|| found.clone()))
}

fn left(session: &Session<'_>, record: &Record, rest: &[String]) -> Doc {
    let mut doc = undo::header(session, "Finishes", record);
    doc.heading(format!("Finish {}", record.title()));
    let mut table = Table::new(&["OBJECT", "LEFT TO DO"]).empty("nothing is left to do");
    for image in &record.images {
        let key = image.key.to_string();
        let left = rest.iter().any(|r| r.ends_with(&key));
        table.row([
            key,
            if left {
                objects::goal(image)
            } else {
                "nothing".into()
            },
        ]);
    }
    doc.table(table);
    doc.heading("Way back");
    doc.command(session::way_back(record));
    doc
}

async fn finish(
    session: &Session<'_>,
    live: &Live<'_>,
    stored: Stored,
    args: &ResumeArgs,
) -> Result<apply::Done> {
    let ctx = session.ctx;
    let record = stored.record.clone();
    let subject = record.tag.clone().unwrap_or_else(|| "namespaces".into());
    let istioctl = match record.action {
        Action::Promote | Action::Create | Action::Remove => {
            Some(istioctl_for(session, &record, args).await?)
        }
        Action::Move
        | Action::Rollback
        | Action::Restore
        | Action::Convert
        | Action::Enforce
        | Action::AccessLog => None,
    };
    let _hold = ctx.interrupt.hold();
    let (guard, _) = undo::lease_after(
        ctx,
        live,
        Some(&record),
        record.action,
        &subject,
        &record.id,
    )
    .await?;
    match record.action {
        Action::Move => relabel::write(ctx, live, guard.resume(stored)).await,
        Action::Rollback => {
            let undone = live
                .records
                .iter()
                .find(|s| Some(&s.record.id) == record.undoes.as_ref())
                .cloned();
            let Some(undone) = undone else {
                guard.give_up().await;
                return Err(Error::refused(format!(
                    "the record that {} undoes is gone",
                    record.id
                )));
            };
            undo::write(ctx, live, guard.resume(stored), undone).await
        }
        // Refused before.
        Action::Restore | Action::Convert | Action::Enforce | Action::AccessLog => {
            guard.give_up().await;
            Err(Error::internal("this is no operation of mesh-tag"))
        }
        Action::Promote | Action::Create | Action::Remove => {
            let Some(istioctl) = istioctl else {
                return Err(Error::internal("no istioctl was looked for"));
            };
            let argv = match (&record.to, record.action) {
                (_, Action::Remove) | (None, _) => ["tag", "remove", &subject, "-y"]
                    .map(str::to_owned)
                    .to_vec(),
                (Some(to), _) => argv(&record, &subject, to),
            };
            let change = Change {
                action: record.action,
                tag: &subject,
                from: record.from.clone(),
                to: record.to.clone(),
                cluster_uid: record.cluster_uid.clone(),
                waivers: record.waivers.clone(),
                gates: record.gates.clone(),
                istioctl: &istioctl,
                argv,
                deadline: args.child.deadline(),
                witnesses: prepare::witnesses(&session.wiring, &subject),
            };
            let operation = guard.resume(stored);
            apply::finish_or_carry_out(ctx, live, operation, &change).await
        }
    }
}

/// The `tag set` that the record announced. `--overwrite` even for a tag that did not exist: half of it may by now.
fn argv(record: &Record, tag: &str, to: &str) -> Vec<String> {
    let mut argv: Vec<String> = ["tag", "set", tag, "--revision", to, "--overwrite"]
        .map(str::to_owned)
        .to_vec();
    let own = objects::webhook_name(tag, &record.istio_namespace);
    let named = record.images.iter().find(|i| {
        i.key.kind == mesh_common::journal::Kind::MutatingWebhookConfiguration
            && i.planned
                .as_ref()
                .is_some_and(|p| mesh_common::mesh::raw::tag(p) == Some(tag))
    });
    if let Some(image) = named.filter(|i| i.key.name != own) {
        argv.extend(["--webhook-name".to_owned(), image.key.name.clone()]);
    }
    argv
}

async fn istioctl_for(
    session: &Session<'_>,
    record: &Record,
    args: &ResumeArgs,
) -> Result<mesh_common::istioctl::Istioctl> {
    let revision = record
        .to
        .as_deref()
        .or(record.from.as_deref())
        .unwrap_or_default();
    let wanted = prepare::wanted_version(&session.mesh, revision)?;
    Ok(mesh_common::istioctl::find(&args.child.istioctl, &wanted)
        .await?
        .binary)
}
