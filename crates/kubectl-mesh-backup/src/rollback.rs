//! `kubectl mesh-backup rollback [RECORD]`: what a restore changed is brought back to how it was.

use std::time::Duration;

use jiff::Timestamp;
use mesh_common::{
    Ctx, Error, Kind, Outcome, Result,
    check::Gates,
    complete::Values,
    decide::{Asked, DryRun, Next, decide, print_done},
    journal::{Action, Files, Record, State, Store, store::Stored, unfinished::go_on},
    mesh::live::Needs,
    output::{Doc, OutputArgs, clean, count},
};

use crate::{
    age_key::{KeyArgs, Keys},
    restore::{
        WriteArgs,
        carry_out::{Place, gate_lines, host, lease, lease_after, salt, waived, walk},
        live::Live,
        local::{
            BEFORE, Contents, Folder, Images, Item, Keepers, Local, PLANNED, Secret, manifest,
        },
        prepare::require,
        resume::{belongs_here, header, refuse_foreign},
    },
};

mod back;
mod gates;
mod shown;

use back::Back;
use shown::Shown;

/// Take a restore back
///
/// Brings every object that a restore changed back to how it was right before
/// it, deletes what it made, and makes again what it deleted, from the local
/// archive that the restore wrote. If somebody else changed one of these
/// objects since, it stops and shows where. Namespaces that the restore made
/// stay. Who would lose an injector, an istiod that goes while proxies use it,
/// and an injector that nobody answers for hold it; each is passed by --waive.
/// Of Secrets it knows what they were only if the restore was given
/// --encrypt-to; that takes --identity.
///
/// Examples:
///   kubectl mesh-backup rollback --dry-run
///   kubectl mesh-backup rollback
///   kubectl mesh-backup rollback --identity key.txt
///   kubectl mesh-backup rollback RECORD
///
/// Exit codes: 0 brought back and verified, or nothing to do; 1 nothing done;
/// 2 refused, nothing done; 3 a gate is unknown, nothing done; 4 changed, and
/// not as planned; 64 usage; 130 interrupted.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Rollback {
    /// The record to undo [default: the newest restore that is not undone]
    #[arg(value_name = "RECORD", add = Values::Record)]
    record: Option<String>,

    #[command(flatten)]
    keys: KeyArgs,

    #[command(flatten)]
    write: WriteArgs,

    #[command(flatten)]
    output: OutputArgs,
}

impl Rollback {
    /// Plans the way back, asks, and takes it.
    pub(crate) async fn run(self, ctx: &Ctx) -> Result<Outcome> {
        ctx.must_be_live("roll back")?;
        let conn = ctx.connection()?;
        let client = ctx.client()?;
        let place = Place {
            ctx,
            client: &client,
            conn,
        };
        if self.write.dry_run == Some(DryRun::Server) {
            return Err(
                Error::user("there is no dry-run of a way back on the API server")
                    .hint("kubectl mesh-backup rollback --dry-run"),
            );
        }
        let (records, _) = Store::new(&client, conn).list().await?;
        let stored = pick(&records, self.record.as_deref())?;
        let record = &stored.record;
        if let Some(other) = records
            .iter()
            .find(|s| s.record.is_unfinished() && s.record.id != record.id)
        {
            return Err(
                Error::refused(format!("{} was never finished", other.record.title()))
                    .hint("Settle that first:")
                    .hint(go_on(&other.record)),
            );
        }
        belongs_here(ctx, conn, record).await?;
        let keys = Keys::new(ctx, &self.keys);
        let folder = Folder::of_this_process(Keepers::new(&[])?, &keys)?;
        let local = folder.open(record)?;
        let folder = folder.like(&local)?;
        let contents = local.contents(record)?;
        let live = Live::read(&client, conn, &contents.wanted()).await?;
        let back = Back::plan(&local, &contents, &live)?;
        refuse_foreign(record, &back.foreign)?;
        let mesh = ctx.mesh(Needs::PROMOTE).await?;
        let mut judged = gates::judged(place, &mesh, &back, &contents, &live).await?;
        judged.gates.waive(&self.write.waivers()?)?;
        let mut gates = judged.gates.clone();
        let shown = Shown {
            header: header(conn, "Undoes", record),
            record,
            back: &back,
            judged: &judged,
        };
        let question = format!(
            "Bring {} back on {}?",
            count(back.many(), "object"),
            conn.context.as_deref().unwrap_or(&conn.cluster)
        );
        if back.is_nothing() {
            let mut doc = Doc::new();
            doc.text(format!(
                "Every object of {} is as it was: nothing to bring back.",
                record.id
            ));
            shown::lost(&mut doc, &back);
            if self.write.dry_run.is_none() {
                settle(place, &record.id, "nothing had to be done").await;
            }
            print_done(ctx, &self.output, &doc)?;
            return Ok(Outcome::Done);
        }
        match decide(
            ctx,
            Asked {
                plan: &shown,
                dry_run: self.write.dry_run,
                output: &self.output,
                questions: &[question],
                inferred: None,
            },
            &mut gates,
        )? {
            Next::Stop(outcome) => return Ok(outcome),
            Next::TryOnServer | Next::Go => {}
        }
        require(&client, &conn.istio_namespace, back.rights(&live)).await?;
        let done = Confirmed {
            place,
            folder: &folder,
            stored: &stored,
            local: &local,
            contents: &contents,
            back: &back,
            gates: &gates,
        }
        .carry_out()
        .await?;
        let mut screen = done.screen;
        screen.pairs([("Record", done.record.as_str())]);
        print_done(ctx, &self.output, &screen)?;
        Ok(done.outcome)
    }
}

/// The record to undo.
fn pick(records: &[Stored], id: Option<&str>) -> Result<Stored> {
    let of_us = |s: &&Stored| s.record.files.is_some();
    let found = match id {
        Some(id) => records.iter().filter(of_us).find(|s| s.record.id == id),
        None => records.iter().rev().filter(of_us).find(|s| {
            s.record.action == Action::Restore
                && matches!(
                    s.record.state,
                    State::Started | State::Done | State::Partial
                )
        }),
    };
    let Some(stored) = found else {
        return Err(Error::user(match id {
            Some(id) => format!("there is no restore with the record {}", clean(id, 100)),
            None => "there is no restore to take back".into(),
        })
        .hint("kubectl mesh-tag history lists every record"));
    };
    if stored.record.action == Action::Rollback {
        return Err(
            Error::user(format!("record {} is a way back itself", stored.record.id))
                .hint("to have it as it was before that, restore the backup again"),
        );
    }
    if matches!(stored.record.state, State::RolledBack | State::Nothing) {
        return Err(Error::user(format!(
            "record {} is undone already",
            stored.record.id
        )));
    }
    Ok(stored.clone())
}

/// A way back that was confirmed.
struct Confirmed<'a> {
    place: Place<'a>,
    folder: &'a Folder,
    stored: &'a Stored,
    local: &'a Local,
    contents: &'a Contents,
    back: &'a Back,
    gates: &'a Gates,
}

impl Confirmed<'_> {
    async fn carry_out(&self) -> Result<crate::restore::road::Done> {
        let Self {
            place,
            folder,
            stored,
            ..
        } = *self;
        let now = Timestamp::now();
        let id = Record::make_id(Action::Rollback, "mesh", now, salt(now));
        let _hold = place.ctx.interrupt.hold();
        let (guard, user) = if stored.record.is_unfinished() {
            lease_after(place, stored, Action::Rollback, &id).await?
        } else {
            lease(place, Action::Rollback, &id).await?
        };
        let made = self.announce(&id, user).await;
        let record = match made {
            Ok(record) => record,
            Err(e) => {
                guard.give_up().await;
                return Err(e);
            }
        };
        let own = match folder.open(&record) {
            Ok(own) => own,
            Err(e) => {
                guard.give_up().await;
                return Err(e);
            }
        };
        let operation = guard.record(&record).await?;
        // From here on it is the way back that is under way.
        let undone = stored.record.id.clone();
        let patience = Duration::from_secs(300);
        let done = walk(place, folder, &own, operation, Images::new(), patience).await?;
        if done.outcome == Outcome::Done {
            settle(place, &undone, &self.back.by(&done.record)).await;
        }
        Ok(done)
    }

    /// Under the Lease: reads everything again, refuses what differs, writes the local archives.
    async fn announce(&self, id: &str, user: String) -> Result<Record> {
        let Self {
            place,
            folder,
            stored,
            local,
            contents,
            back: planned,
            gates,
        } = *self;
        let Place { ctx, client, conn } = place;
        let live = Live::read(client, conn, &contents.wanted()).await?;
        let back = Back::plan(local, contents, &live)?;
        refuse_foreign(&stored.record, &back.foreign)?;
        let keys = |items: &[Item]| items.iter().map(|i| i.key.clone()).collect::<Vec<_>>();
        let secrets = |back: &Back| -> Vec<_> { back.secrets.iter().map(Secret::noted).collect() };
        if keys(&back.writes) != keys(&planned.writes)
            || keys(&back.deletes) != keys(&planned.deletes)
            || secrets(&back) != secrets(planned)
        {
            return Err(Error::refused(
                "the objects changed between the plan and the confirmation; nothing was changed",
            )
            .hint("Look at the new plan, and confirm that one."));
        }
        let mesh = ctx.mesh(Needs::PROMOTE).await?;
        let mut again = gates::judged(place, &mesh, &back, contents, &live).await?;
        let waivers = waived(gates)?;
        again.gates.waive(&waivers)?;
        gates::refuse_drift(&again.gates, gates)?;
        if ctx.interrupt.requested() {
            return Err(Error::new(
                Kind::Interrupted,
                "interrupted; nothing was changed",
            ));
        }
        let like = local.planned.summary()?.manifest;
        let of = &stored.record;
        let make =
            |part, what: String| folder.begin(id, part, &manifest(&like, &of.cluster_uid, &what));
        let mut before = make(BEFORE, format!("as it was before {id}"))?;
        for item in back.writes.iter().chain(&back.deletes) {
            if let Some(now) = live.get(&item.key) {
                before.add(&item.api, &item.key, &now)?;
            }
        }
        let mut goal = make(PLANNED, format!("as it is meant to be after {id}"))?;
        for item in &back.writes {
            let object = contents.before.get(&item.key);
            let object = object
                .ok_or_else(|| Error::internal(format!("{} has no before-image", item.key)))?;
            let mut object = object.clone();
            crate::noise::set_aside(&mut object);
            goal.add(&item.api, &item.key, &object)?;
        }
        for secret in &back.secrets {
            goal.withhold(secret)?;
        }
        Ok(Record {
            id: id.to_owned(),
            action: Action::Rollback,
            undoes: Some(of.id.clone()),
            user,
            version: env!("CARGO_PKG_VERSION").into(),
            started: Timestamp::now(),
            child_deadline: Timestamp::now(),
            finished: None,
            state: State::Started,
            waivers: waivers
                .iter()
                .map(|w| format!("{}={}", w.gate, w.reason))
                .collect(),
            gates: gate_lines(&again.gates),
            outcome: String::new(),
            files: Some(Files {
                host: host(),
                folder: folder.name(),
                before: before.finish()?,
                planned: goal.finish()?,
                after: None,
                writes: back.writes.len(),
                deletes: back.deletes.len() + back.secrets.len(),
                backup: None,
                encrypted: !folder.keepers.is_nobody(),
                secrets: secrets(&back),
            }),
            ..of.clone()
        })
    }
}

/// Says in the record that was undone that it is.
pub(crate) async fn settle(place: Place<'_>, undone: &str, by: &str) {
    let store = Store::new(place.client, place.conn);
    let result = match store.list().await {
        Ok((records, _)) => match records.into_iter().find(|s| s.record.id == undone) {
            Some(mut stored) => {
                stored.record.state = State::RolledBack;
                stored.record.finished = Some(Timestamp::now());
                stored.record.outcome = format!("rolled back by {by}");
                store.update(&mut stored).await
            }
            None => Ok(()),
        },
        Err(e) => Err(e),
    };
    if let Err(e) = result {
        place
            .ctx
            .printer
            .urgent(format!("the record {undone} could not be updated: {e}"));
    }
}
