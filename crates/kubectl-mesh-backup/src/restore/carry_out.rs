//! A confirmed restore on its way into the cluster: the Istio namespace, the Lease, everything read again, the local
//! archives, the record; then the road.

use std::time::Duration;

use jiff::Timestamp;
use kube::Client;
use mesh_common::{
    Ctx, Error, Kind, Result,
    check::{Gates, Waiver},
    cluster::{Connection, explain},
    journal::{
        Action, Files, Guard, Operation, Record, State, Store, api,
        lease::Lease,
        operation::{busy, holder, who_am_i},
        store::Stored,
    },
    shell,
};
use serde_json::{Value, json};

use super::{
    judge::Verdict,
    key::Key,
    local::{BEFORE, Folder, PLANNED, manifest},
    look::Typed,
    place::Phase,
    plan::{Beside, digest_of},
    prepare::Prepared,
    road::{Done, LEASE, Road},
};
use crate::opened::Opened;

/// Where a write goes.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) ctx: &'a Ctx,
    pub(crate) client: &'a Client,
    pub(crate) conn: &'a Connection,
}

/// What is carried out.
pub(crate) struct Confirmed<'a> {
    pub(crate) file: &'a Opened,
    pub(crate) typed: &'a Typed,
    pub(crate) istiod: bool,
    pub(crate) patience: Duration,
    pub(crate) prepared: Prepared,
}

/// Refuses while an earlier operation is unfinished: says which, and the two ways out.
///
/// # Errors
/// There is one, or the records cannot be read.
pub(crate) async fn refuse_unfinished(place: Place<'_>) -> Result<()> {
    let (records, _) = Store::new(place.client, place.conn).list().await?;
    let Some(stored) = records.iter().find(|s| s.record.is_unfinished()) else {
        return Ok(());
    };
    let record = &stored.record;
    Err(Error::refused(format!(
        "{} of {} was never finished; nothing was changed",
        record.title(),
        record.started
    ))
    .hint("Finish it, or take it back, first:")
    .hint(go_on(record))
    .hint(way_back(record)))
}

/// The command that finishes a record.
pub(crate) fn go_on(record: &Record) -> &'static str {
    if record.files.is_some() {
        "kubectl mesh-backup restore --resume"
    } else {
        "kubectl mesh-tag resume"
    }
}

/// The command that takes a record back.
pub(crate) fn way_back(record: &Record) -> String {
    match (&record.files, &record.tag) {
        (Some(_), _) => shell::command("kubectl mesh-backup rollback {}", &[&record.id]),
        (None, Some(tag)) => shell::command(
            "kubectl mesh-tag rollback {} --to-record {}",
            &[tag, &record.id],
        ),
        (None, None) => {
            shell::command("kubectl mesh-tag move --undo --to-record {}", &[&record.id])
        }
    }
}

impl Confirmed<'_> {
    /// Carries it out.
    ///
    /// # Errors
    /// Whatever stops it before the first write; after it, what is not as planned is an outcome.
    pub(crate) async fn carry_out(self, place: Place<'_>) -> Result<Done> {
        let ctx = place.ctx;
        let folder = Folder::of_this_process()?;
        let _hold = ctx.interrupt.hold();
        if self.prepared.without_namespace {
            self.make_namespace(place).await?;
        }
        let now = Timestamp::now();
        let id = Record::make_id(Action::Restore, "mesh", now, salt(now));
        let (guard, user) = lease(place, Action::Restore, &id).await?;
        let made = self.announce(place, &folder, &id, user).await;
        let (record, again) = match made {
            Ok(made) => made,
            Err(e) => {
                guard.give_up().await;
                return Err(e);
            }
        };
        drop(again);
        if ctx.interrupt.requested() {
            guard.give_up().await;
            return Err(Error::new(
                Kind::Interrupted,
                "interrupted; nothing was changed",
            ));
        }
        let local = match folder.open(&record) {
            Ok(local) => local,
            Err(e) => {
                guard.give_up().await;
                return Err(e);
            }
        };
        let operation = guard.record(&record).await?;
        walk(place, &folder, &local, operation, self.patience).await
    }

    /// Under the Lease: reads everything again, refuses what differs, writes the local archives.
    async fn announce(
        &self,
        place: Place<'_>,
        folder: &Folder,
        id: &str,
        user: String,
    ) -> Result<(Record, Prepared)> {
        let Place { ctx, client, conn } = place;
        refuse_unfinished(place).await?;
        let mut again =
            Prepared::make(ctx, client, conn, self.file, self.typed, self.istiod).await?;
        let waivers = waived(&self.prepared.gates)?;
        again.gates.waive(&waivers)?;
        self.refuse_drift(conn, &again)?;
        let (before, planned) = self.keep(folder, id, &again)?;
        let writes = again.plan.writes().count();
        let now = Timestamp::now();
        let record = Record {
            api_version: "kubectl-mesh/v1alpha1".into(),
            kind: "Operation".into(),
            id: id.to_owned(),
            action: Action::Restore,
            tag: None,
            from: None,
            to: None,
            undoes: None,
            cluster_uid: again.cluster_uid.clone(),
            istio_namespace: conn.istio_namespace.clone(),
            user,
            version: env!("CARGO_PKG_VERSION").into(),
            istioctl: None,
            started: now,
            child_deadline: now,
            finished: None,
            state: State::Started,
            waivers: waivers
                .iter()
                .map(|w| format!("{}={}", w.gate, w.reason))
                .collect(),
            gates: gate_lines(&again.gates),
            outcome: String::new(),
            images: Vec::new(),
            files: Some(Files {
                host: host(),
                folder: folder.name(),
                before,
                planned,
                after: None,
                writes,
                deletes: again.plan.prune.len(),
                backup: Some(again.survey.whole.sha256.clone()),
            }),
        };
        Ok((record, again))
    }

    fn refuse_drift(&self, conn: &Connection, again: &Prepared) -> Result<()> {
        let own = Key::new("", "Namespace", None, &conn.istio_namespace);
        let mut lines = again.plan.changed_since(&self.prepared.plan);
        if self.prepared.without_namespace {
            let own = own.to_string();
            lines.retain(|line| !line.starts_with(&format!("{own} was to be")));
        }
        if !again.gates.pass() {
            lines.extend(again.gates.changed_since(&self.prepared.gates));
        }
        if lines.is_empty() && again.gates.pass() {
            return Ok(());
        }
        let mut error = Error::refused(
            "the cluster changed between the plan and the confirmation; nothing was changed",
        );
        for line in lines.into_iter().take(20) {
            error = error.hint(line);
        }
        Err(error.hint("Look at the new plan, and confirm that one."))
    }

    /// Writes the local archives; gives back their digests.
    fn keep(&self, folder: &Folder, id: &str, again: &Prepared) -> Result<(String, String)> {
        let like = &again.survey.whole.manifest;
        let apis = &again.look.apis;
        let of = |key: &Key| {
            apis.get(&(key.group.clone(), key.kind.clone()))
                .cloned()
                .or_else(|| {
                    let crd = again
                        .look
                        .live_crds
                        .get(&(key.group.clone(), key.kind.clone()))?;
                    super::key::Api::of_crd(crd)
                })
        };
        let note = format!("as it was before {id}");
        let mut before = folder.begin(id, BEFORE, &manifest(like, &again.cluster_uid, &note))?;
        let changed = again
            .plan
            .writes()
            .filter(|e| e.verdict != Verdict::Create)
            .map(|e| &e.key);
        for key in changed.chain(&again.plan.prune) {
            let object = again.look.live.get(key);
            let (Some(object), Some(api)) = (object, of(key)) else {
                return Err(Error::internal(format!("{key} has no before-image")));
            };
            before.add(&api, key, &object)?;
        }
        let note = format!("as it is meant to be after {id}");
        let mut planned = folder.begin(id, PLANNED, &manifest(like, &again.cluster_uid, &note))?;
        let beside = again.look.beside(&again.survey, self.typed);
        for phase in Phase::ALL {
            if again.plan.writes().any(|e| e.phase == phase) {
                phase_of(&beside, self.file, again, phase, |key, object| {
                    let api =
                        of(key).ok_or_else(|| Error::internal(format!("{key} is not served")))?;
                    planned.add(&api, key, object)
                })?;
            }
        }
        Ok((before.finish()?, planned.finish()?))
    }

    /// The Istio namespace, in which the Lease and the record live: the first step, confirmed as such.
    async fn make_namespace(&self, place: Place<'_>) -> Result<()> {
        let Place { ctx, client, conn } = place;
        let key = Key::new("", "Namespace", None, &conn.istio_namespace);
        let planned = self
            .prepared
            .plan
            .wiring
            .iter()
            .find(|o| Key::of(o).as_ref() == Some(&key));
        let object = planned.cloned().unwrap_or_else(|| {
            json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": conn.istio_namespace } })
        });
        api::create(client, "/api/v1/namespaces", &object)
            .await
            .map_err(|e| {
                explain(
                    &e,
                    &format!("make namespace {}", conn.istio_namespace),
                    conn,
                )
            })?;
        ctx.printer
            .note(format!("made namespace {}", conn.istio_namespace));
        Ok(())
    }
}

/// One pass over the archive for one step: every object as it was planned, or a refusal.
fn phase_of(
    beside: &Beside<'_>,
    file: &Opened,
    again: &Prepared,
    phase: Phase,
    mut each: impl FnMut(&Key, &Value) -> Result<()>,
) -> Result<()> {
    let wanted: std::collections::BTreeMap<&Key, [u8; 32]> = again
        .plan
        .writes()
        .filter(|e| e.phase == phase)
        .map(|e| (&e.key, e.digest))
        .collect();
    let mut failure = None;
    let mut found = 0;
    beside.each(file, |key, at, archived| {
        if at != phase || failure.is_some() {
            return Ok(());
        }
        let Some(digest) = wanted.get(&key) else {
            return Ok(());
        };
        let Some(object) = beside.judge(&key, archived).planned else {
            return Err(format!("{key} is not in the plan any more"));
        };
        if digest_of(&object) != *digest {
            return Err(format!("{key} is not what was planned any more"));
        }
        found += 1;
        failure = each(&key, &object).err();
        Ok(())
    })?;
    match failure {
        Some(e) => Err(e),
        None if found < wanted.len() => {
            Err(Error::internal("an object of the plan was not found again"))
        }
        None => Ok(()),
    }
}

/// The road of an announced operation.
pub(crate) async fn walk(
    place: Place<'_>,
    folder: &Folder,
    local: &super::local::Local,
    operation: Operation<'_>,
    patience: Duration,
) -> Result<Done> {
    let contents = local.contents()?;
    let road = Road {
        ctx: place.ctx,
        client: place.client,
        conn: place.conn,
        folder,
        local,
        patience,
    };
    road.walk(operation, &contents).await
}

/// Takes the Lease under the name of an operation. Ctrl-C must be held off already.
pub(crate) async fn lease<'a>(
    place: Place<'a>,
    action: Action,
    id: &str,
) -> Result<(Guard<'a>, String)> {
    let fallback = place.conn.user.as_deref().unwrap_or("unknown");
    let user = who_am_i(place.client, fallback).await;
    let name = holder(&user, action, "mesh", id);
    let guard = Guard::take(place.client, place.conn, &name, LEASE).await?;
    Ok((guard, user))
}

/// The same for a record that a killed command left: while that one's Lease runs, it may still write.
pub(crate) async fn lease_after<'a>(
    place: Place<'a>,
    left: &Stored,
    action: Action,
    id: &str,
) -> Result<(Guard<'a>, String)> {
    for _ in 0..3 {
        let Some(held) = Lease::holder(place.client, place.conn).await? else {
            return lease(place, action, id).await;
        };
        if !held.holder.contains(&left.record.id) {
            return Err(busy(&held));
        }
        place.ctx.printer.urgent(format!(
            "waiting {} s: until then the interrupted command may still write",
            held.remaining.as_secs() + 1
        ));
        tokio::select! {
            () = tokio::time::sleep(held.remaining + Duration::from_millis(500)) => {}
            () = place.ctx.interrupt.wait() => {
                return Err(Error::new(Kind::Interrupted, "interrupted; nothing was changed"));
            }
        }
    }
    Err(Error::refused(
        "the Lease of the interrupted command does not run out",
    ))
}

/// The waivers that were typed or given at a prompt.
fn waived(gates: &Gates) -> Result<Vec<Waiver>> {
    gates
        .waived()
        .map(|(gate, reason)| Waiver::new(gate.id, reason))
        .collect()
}

fn gate_lines(gates: &Gates) -> Vec<String> {
    gates
        .gates
        .iter()
        .map(|g| format!("{}: {}: {}", g.id, g.verdict.word(), g.line()))
        .collect()
}

/// This machine, as it calls itself.
pub(crate) fn host() -> String {
    let name = std::env::var("HOSTNAME").unwrap_or_default();
    mesh_common::output::clean(&name, 100)
}

/// A number that keeps two records of the same second apart: nothing depends on it being secret.
pub(crate) fn salt(at: Timestamp) -> u32 {
    (at.subsec_nanosecond().unsigned_abs() >> 4) ^ std::process::id()
}
