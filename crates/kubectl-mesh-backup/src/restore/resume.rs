//! `kubectl mesh-backup restore --resume`: an operation that was interrupted is brought to its end.

use std::time::Duration;

use kube::Client;
use mesh_common::{
    Ctx, Error, Outcome, Result,
    check::Gates,
    cluster::Connection,
    decide::{Asked, Next, decide, print_done},
    journal::{Record, Store, Version, store::Stored, unfinished::way_back},
    mesh::live::Needs,
    output::{self, Doc, OutputArgs, Report, Table, clean, count},
};

use super::{
    WriteArgs,
    carry_out::{Place, lease_after, walk},
    live::Live,
    local::{Contents, Folder, Images, Keepers, Local, secrets::Does},
    look::cluster_uid,
    standing::{Standing, standing},
};
use crate::age_key::Keys;

/// Rows of a long list that are shown without `--full`.
const ROWS: usize = 10;

/// Goes on with what was left.
pub(crate) async fn run(
    ctx: &Ctx,
    write: &WriteArgs,
    output: &OutputArgs,
    keys: &Keys,
    patience: Duration,
) -> Result<Outcome> {
    let conn = ctx.connection()?;
    let client = ctx.client()?;
    let place = Place {
        ctx,
        client: &client,
        conn,
    };
    let (records, _) = Store::new(&client, conn).list().await?;
    let Some(stored) = records.into_iter().find(|s| s.record.is_unfinished()) else {
        let mut doc = Doc::new();
        doc.text("No operation is unfinished: nothing to resume.");
        print_done(ctx, output, &doc)?;
        return Ok(Outcome::Done);
    };
    let record = &stored.record;
    if record.files.is_none() {
        return Err(Error::refused(format!(
            "{} is no operation of kubectl mesh-backup",
            record.title()
        ))
        .hint("kubectl mesh-tag resume"));
    }
    belongs_here(ctx, conn, record).await?;
    let folder = Folder::of_this_process(Keepers::new(&[])?, keys)?;
    let local = folder.open(record)?;
    let folder = folder.like(&local)?;
    let contents = local.contents(record)?;
    refuse_lost(record, &contents)?;
    let rest = rest(&client, conn, &local, &contents).await?;
    refuse_foreign(record, &rest.foreign)?;
    let shown = Left {
        header: header(conn, "Finishes", record),
        record,
        rest: &rest,
    };
    let question = format!(
        "{} on {}?",
        if rest.left.is_empty() {
            "Close the record".to_owned()
        } else {
            format!("Write {}", count(rest.left.len(), "object"))
        },
        conn.context.as_deref().unwrap_or(&conn.cluster)
    );
    match decide(
        ctx,
        Asked {
            plan: &shown,
            dry_run: write.dry_run,
            output,
            questions: &[question],
            inferred: None,
        },
        &mut Gates::none(),
    )? {
        Next::Stop(outcome) => return Ok(outcome),
        Next::TryOnServer => {
            return Err(
                Error::user("there is no dry-run of what an interrupted command left")
                    .hint("kubectl mesh-backup restore --resume --dry-run"),
            );
        }
        Next::Go => {}
    }
    let _hold = ctx.interrupt.hold();
    let (guard, _) = lease_after(place, &stored, record.action, &record.id).await?;
    // Somebody may have gone on with it while this one waited.
    let again = match still(&client, conn, &stored).await {
        Ok(again) => again,
        Err(e) => {
            guard.give_up().await;
            return Err(e);
        }
    };
    let undoes = again.record.undoes.clone();
    let operation = guard.resume(again);
    let done = walk(place, &folder, &local, operation, Images::new(), patience).await?;
    if let Some(undone) = undoes.filter(|_| done.outcome == Outcome::Done) {
        crate::rollback::settle(place, &undone, &done.record).await;
    }
    let mut screen = done.screen;
    screen.pairs([("Record", done.record.as_str())]);
    print_done(ctx, output, &screen)?;
    Ok(done.outcome)
}

async fn still(client: &Client, conn: &Connection, stored: &Stored) -> Result<Stored> {
    let (records, _) = Store::new(client, conn).list().await?;
    records
        .into_iter()
        .find(|s| s.record.id == stored.record.id && s.record.is_unfinished())
        .ok_or_else(|| {
            Error::refused("somebody else has finished it meanwhile; nothing was changed")
        })
}

/// Whether a record can be of this mesh at all.
///
/// # Errors
/// Another cluster, or another Istio namespace.
pub(crate) async fn belongs_here(ctx: &Ctx, conn: &Connection, record: &Record) -> Result<()> {
    let uid = cluster_uid(&ctx.mesh(Needs::NAMESPACES).await?)?;
    let id = clean(&record.id, 100);
    if record.cluster_uid != uid {
        return Err(Error::refused(format!(
            "record {id} is of another cluster (kube-system uid {}, here {uid})",
            clean(&record.cluster_uid, 60)
        ))
        .hint("Choose the cluster the operation was done on with --context."));
    }
    if record.istio_namespace != conn.istio_namespace {
        return Err(Error::refused(format!(
            "record {id} is of the Istio namespace {}",
            clean(&record.istio_namespace, 63)
        ))
        .hint("Name it with --istio-namespace."));
    }
    Ok(())
}

/// The header of a way back or of a resumed operation.
pub(crate) fn header(conn: &Connection, does: &str, record: &Record) -> Doc {
    let mut doc = Doc::new();
    doc.pairs(conn.pairs());
    doc.pairs([
        (does, record.title()),
        ("Record", record.id.clone()),
        ("Begun", format!("{} by {}", record.started, record.user)),
    ]);
    doc
}

/// What of an operation is left to do.
#[derive(Debug, Default)]
pub(crate) struct Rest {
    /// `write authorizationpolicy…`, `delete …`.
    pub(crate) left: Vec<(&'static str, String)>,
    /// How many are as planned.
    pub(crate) done: usize,
    /// What somebody else changed: the object, and where.
    pub(crate) foreign: Vec<(String, Vec<String>)>,
}

async fn rest(
    client: &Client,
    conn: &Connection,
    local: &Local,
    contents: &Contents,
) -> Result<Rest> {
    let live = Live::read(client, conn, &contents.wanted()).await?;
    let mut rest = Rest::default();
    let mut sort = |does, key: &super::key::Key, stands| match stands {
        Standing::AsPlanned => rest.done += 1,
        Standing::AsBefore => rest.left.push((does, key.to_string())),
        Standing::Foreign(places) => rest.foreign.push((key.to_string(), places)),
    };
    super::local::each(&local.planned, |item, planned| {
        let now = live.get(&item.key);
        let before = contents.before.get(&item.key);
        let stands = standing(&item.key, before, Some(&planned), None, now.as_ref());
        sort("write", &item.key, stands);
    })?;
    for item in &contents.deletes {
        let before = contents.before.get(&item.key);
        let stands = standing(&item.key, before, None, None, live.get(&item.key).as_ref());
        sort("delete", &item.key, stands);
    }
    for secret in &contents.withheld {
        let now = live.get(&secret.key).as_ref().and_then(Version::of);
        let stands = if secret.does == Does::Delete {
            match now {
                None => Standing::AsPlanned,
                now if now == secret.was => Standing::AsBefore,
                Some(_) => Standing::Foreign(vec!["it is another one".into()]),
            }
        } else if now == secret.written {
            Standing::AsPlanned
        } else {
            Standing::Foreign(vec!["it is not as it was written".into()])
        };
        sort("delete", &secret.key, stands);
    }
    Ok(rest)
}

/// Refuses to go on where Secrets were still to be written and nobody knows their values any more: what follows, istiod
/// among it, rests on them.
fn refuse_lost(record: &Record, contents: &Contents) -> Result<()> {
    let lost: Vec<String> = contents
        .withheld
        .iter()
        .filter(|s| s.does != Does::Delete && s.written.is_none())
        .map(|s| s.key.to_string())
        .collect();
    if lost.is_empty() {
        return Ok(());
    }
    let mut error = Error::refused(format!(
        "{} was interrupted before {} had been written, and what is in them is kept nowhere: nothing was changed",
        record.title(),
        count(lost.len(), "Secret")
    ));
    for key in lost.iter().take(ROWS) {
        error = error.hint(key);
    }
    Err(error
        .hint("Take it back, and restore the backup again:")
        .hint(way_back(record))
        .hint("kubectl mesh-backup restore FILE --include-secrets --identity KEY --encrypt-to age1..."))
}

/// Refuses what somebody else changed since, showing where.
///
/// # Errors
/// There is such a change.
pub(crate) fn refuse_foreign(record: &Record, foreign: &[(String, Vec<String>)]) -> Result<()> {
    if foreign.is_empty() {
        return Ok(());
    }
    let mut error = Error::refused(format!(
        "somebody else changed {} since {}; nothing was changed",
        count(foreign.len(), "object"),
        record.title()
    ));
    for (object, places) in foreign.iter().take(ROWS) {
        error = error.hint(format!("{object}: {}", places.join(", ")));
    }
    Err(error.hint("What was made of them then is in the local archives of the record; to bring back what is in a backup, restore that one."))
}

struct Left<'a> {
    header: Doc,
    record: &'a Record,
    rest: &'a Rest,
}

impl Report for Left<'_> {
    fn doc(&self, _wide: bool) -> Doc {
        let mut doc = self.header.clone();
        doc.heading(format!(
            "Finish {}: {} left, {} as planned already",
            self.record.title(),
            self.rest.left.len(),
            self.rest.done
        ));
        let mut table = Table::new(&["DOES", "OBJECT"])
            .limit(ROWS)
            .empty("nothing is left to do");
        for (does, object) in &self.rest.left {
            table.row([(*does).to_owned(), object.clone()]);
        }
        doc.table(table);
        doc.heading("Way back");
        doc.command(way_back(self.record));
        doc
    }

    fn json(&self) -> serde_json::Result<serde_json::Value> {
        let left: Vec<_> = self
            .rest
            .left
            .iter()
            .map(|(does, object)| serde_json::json!({ "does": does, "object": object }))
            .collect();
        output::verdict(
            "RestoreResume",
            Outcome::Done,
            serde_json::json!({ "record": self.record.id, "left": left, "done": self.rest.done }),
        )
    }

    fn names(&self) -> Vec<String> {
        self.rest
            .left
            .iter()
            .map(|(_, object)| object.clone())
            .collect()
    }
}
