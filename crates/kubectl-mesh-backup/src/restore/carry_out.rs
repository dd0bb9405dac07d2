//! A confirmed restore on its way into the cluster: the Istio namespace, the Lease, everything read again, the local
//! archives, the record; then the road.

use std::time::Duration;

use jiff::Timestamp;
use kube::Client;
use mesh_common::{
    Ctx, Error, Kind, Result,
    check::{Gates, Waiver},
    cluster::{Connection, explain},
    journal::{Action, Files, Operation, Record, State, Withheld, api},
};
use serde_json::{Value, json};

use super::{
    judge::Verdict,
    key::Key,
    local::{BEFORE, Folder, Images, PLANNED, Secret, manifest, secrets::is_secret},
    look::Typed,
    place::Phase,
    plan::{Beside, digest_of},
    prepare::Prepared,
    road::{Done, Road},
};
use crate::opened::Opened;

mod lease;

pub(crate) use lease::{lease, lease_after, refuse_unfinished};

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
    /// Where the local archives go, and who may read them.
    pub(crate) folder: Folder,
}

impl Confirmed<'_> {
    /// Carries it out.
    ///
    /// # Errors
    /// Whatever stops it before the first write; after it, what is not as planned is an outcome.
    pub(crate) async fn carry_out(self, place: Place<'_>) -> Result<Done> {
        let ctx = place.ctx;
        let folder = &self.folder;
        let _hold = ctx.interrupt.hold();
        if self.prepared.without_namespace {
            self.make_namespace(place).await?;
        }
        let now = Timestamp::now();
        let id = Record::make_id(Action::Restore, "mesh", now, salt(now));
        let (guard, user) = lease(place, Action::Restore, &id).await?;
        let made = self.announce(place, folder, &id, user).await;
        let (record, images) = match made {
            Ok(made) => made,
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
        let local = match folder.open(&record) {
            Ok(local) => local,
            Err(e) => {
                guard.give_up().await;
                return Err(e);
            }
        };
        let operation = guard.record(&record).await?;
        walk(place, folder, &local, operation, images, self.patience).await
    }

    /// Under the Lease: reads everything again, refuses what differs, writes the local archives.
    async fn announce(
        &self,
        place: Place<'_>,
        folder: &Folder,
        id: &str,
        user: String,
    ) -> Result<(Record, Images)> {
        let Place { ctx, client, conn } = place;
        refuse_unfinished(place).await?;
        let mut again =
            Prepared::make(ctx, client, conn, self.file, self.typed, self.istiod).await?;
        let waivers = waived(&self.prepared.gates)?;
        again.gates.waive(&waivers)?;
        self.refuse_drift(conn, &again)?;
        let Kept {
            before,
            planned,
            secrets,
            images,
        } = self.keep(folder, id, &again)?;
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
            policies: Vec::new(),
            files: Some(Files {
                host: host(),
                folder: folder.name(),
                before,
                planned,
                after: None,
                writes,
                deletes: again.plan.prune.len(),
                backup: Some(again.survey.whole.sha256.clone()),
                encrypted: !folder.keepers.is_nobody(),
                secrets,
            }),
        };
        Ok((record, images))
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

    /// Writes the local archives. No value of a Secret goes into them unless they are encrypted.
    fn keep(&self, folder: &Folder, id: &str, again: &Prepared) -> Result<Kept> {
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
        let withheld = |key: &Key| folder.keepers.is_nobody() && is_secret(key);
        let (mut secrets, mut images) = (Vec::new(), Images::new());
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
            if !withheld(key) {
                before.add(&api, key, &object)?;
            }
        }
        let note = format!("as it is meant to be after {id}");
        let mut planned = folder.begin(id, PLANNED, &manifest(like, &again.cluster_uid, &note))?;
        let beside = again.look.beside(&again.survey, self.typed);
        for phase in Phase::ALL {
            if again.plan.writes().any(|e| e.phase == phase) {
                phase_of(&beside, self.file, again, phase, |key, object| {
                    let api =
                        of(key).ok_or_else(|| Error::internal(format!("{key} is not served")))?;
                    if !withheld(key) {
                        return planned.add(&api, key, object);
                    }
                    let now = again.look.live.get(key);
                    let secret = Secret::write(key, now.as_ref());
                    secrets.push(secret.noted());
                    images.insert(key.clone(), (now, object.clone()));
                    planned.withhold(&secret)
                })?;
            }
        }
        Ok(Kept {
            before: before.finish()?,
            planned: planned.finish()?,
            secrets,
            images,
        })
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

/// What was written beside the record.
struct Kept {
    /// Digests.
    before: String,
    planned: String,
    /// Secrets that are in neither.
    secrets: Vec<Withheld>,
    /// What is in memory alone.
    images: Images,
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
    images: Images,
    patience: Duration,
) -> Result<Done> {
    let mut contents = local.contents(operation.record())?;
    contents.know(images);
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

/// The waivers that were typed or given at a prompt.
pub(crate) fn waived(gates: &Gates) -> Result<Vec<Waiver>> {
    gates
        .waived()
        .map(|(gate, reason)| Waiver::new(gate.id, reason))
        .collect()
}

pub(crate) fn gate_lines(gates: &Gates) -> Vec<String> {
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
