//! The road of every write to policies: the cluster and its records, rights, Lease, read again, record, change, read
//! back, outcome.

use std::time::Duration;

use futures::future::BoxFuture;
use jiff::Timestamp;
use kube::Client;
use mesh_common::{
    Ctx,
    cluster::{
        Connection,
        rights::{Ask, Verdict, can_i},
    },
    error::{Error, Kind, Result},
    journal::{
        Action, Guard, Image, Record, State, Store,
        lease::Lease,
        operation::{self, GRACE, holder, who_am_i},
        store::Stored,
        unfinished::{go_on, wait_out, way_back},
    },
    mesh::Mesh,
    output::{Doc, clean, count},
};
use serde_json::Value;

mod server;
mod trust;
mod write;

pub(crate) use server::{try_on_server, would_be_accepted};
pub(crate) use trust::suspicions;
pub(crate) use write::{Done, carry_out};

/// The cluster of a command that writes.
pub(crate) struct Road<'a> {
    pub(crate) ctx: &'a Ctx,
    pub(crate) connection: &'a Connection,
    pub(crate) client: Client,
    /// Records of earlier operations, oldest first.
    pub(crate) records: Vec<Stored>,
    /// ConfigMaps that look like records and cannot be read, one line each.
    pub(crate) unreadable: Vec<String>,
    /// uid of the namespace kube-system.
    pub(crate) cluster_uid: String,
}

/// An operation that is to be written.
pub(crate) struct Job<'a> {
    pub(crate) action: Action,
    /// `NAMESPACE/NAME` of each policy.
    pub(crate) policies: Vec<String>,
    /// In the order in which they are written.
    pub(crate) images: Vec<Image>,
    pub(crate) waivers: Vec<String>,
    pub(crate) gates: Vec<String>,
    /// The record that is undone.
    pub(crate) undoes: Option<&'a Stored>,
    /// Judges once more, under the Lease, what was judged before the question.
    pub(crate) again: Option<BoxFuture<'a, Result<()>>>,
}

impl<'a> Job<'a> {
    /// What takes a record back, or what is left of it: no gate is asked.
    pub(crate) fn back(stored: &'a Stored, images: Vec<Image>) -> Self {
        Self {
            action: Action::Rollback,
            policies: stored.record.policies.clone(),
            images,
            waivers: Vec::new(),
            gates: Vec::new(),
            undoes: Some(stored),
            again: None,
        }
    }
}

impl<'a> Road<'a> {
    /// Reads the records of the cluster.
    ///
    /// # Errors
    /// A rehearsal; they cannot be read; which cluster it is is unknown.
    pub(crate) async fn open(ctx: &'a Ctx, mesh: &Mesh, doing: &str) -> Result<Self> {
        ctx.must_be_live(doing)?;
        let connection = ctx.connection()?;
        let client = ctx.client()?;
        let (records, unreadable) = Store::new(&client, connection).list().await?;
        let cluster_uid = mesh.cluster_uid.read().cloned().map_err(|gap| {
            Error::new(Kind::Unknown, "it is unknown which cluster this is")
                .caused_by(Error::user(gap.detail.clone()))
                .hint("the uid of namespace kube-system tells: get on namespaces is needed")
        })?;
        Ok(Self {
            ctx,
            connection,
            client,
            records,
            unreadable,
            cluster_uid,
        })
    }

    /// The header of every screen.
    pub(crate) fn header(&self) -> Doc {
        let mut doc = Doc::new();
        doc.pairs(self.connection.pairs());
        doc
    }

    /// ` on kind-prod`, for a question.
    pub(crate) fn place(&self) -> String {
        let name = self.connection.context.as_deref();
        clean(name.unwrap_or(&self.connection.cluster), 100)
    }

    /// Refuses while an earlier operation but `this` is unfinished: says which, and the two ways out.
    ///
    /// # Errors
    /// [`Kind::Refused`], always when there is one.
    pub(crate) async fn refuse_unfinished(&self, this: Option<&str>) -> Result<()> {
        let other = self
            .records
            .iter()
            .find(|s| s.record.is_unfinished() && Some(s.record.id.as_str()) != this);
        let Some(stored) = other else {
            return Ok(());
        };
        let record = &stored.record;
        let held = Lease::holder(&self.client, self.connection).await?;
        let error = match held.filter(|h| h.holder.contains(&record.id)) {
            Some(held) => Error::refused(format!(
                "{} is under way ({}), until {} at the latest; nothing was changed",
                record.title(),
                held.holder,
                held.until
            ))
            .hint(
                "If that command was killed, this waits until it can no longer write, and goes on:",
            ),
            None => Error::refused(format!(
                "{} of {} was never finished: the command was interrupted; nothing was changed",
                record.title(),
                record.started
            ))
            .hint("Finish it, or take it back, first:"),
        };
        Err(error.hint(go_on(record)).hint(way_back(record)))
    }

    /// Asks for every right that writing these images takes, and refuses naming each that is missing.
    ///
    /// # Errors
    /// [`Kind::Refused`] with one line per missing right.
    pub(crate) async fn require(&self, doing: &str, images: &[Image]) -> Result<()> {
        let asks = rights(&self.connection.istio_namespace, images);
        let missing: Vec<_> = can_i(&self.client, &asks)
            .await
            .into_iter()
            .filter(|r| matches!(r.verdict, Verdict::Denied(_)))
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        let mut error = Error::refused(format!(
            "you may not {doing}: {} missing, nothing was changed",
            count(missing.len(), "right")
        ));
        for right in &missing {
            error = error.hint(format!("missing: {}", right.ask.text()));
        }
        Err(error)
    }

    /// Takes the Lease; after a record that a killed command left, once that command can no longer write.
    ///
    /// # Errors
    /// Somebody else holds it.
    pub(crate) async fn lease(
        &self,
        action: Action,
        subject: &str,
        id: &str,
        left: Option<&Record>,
    ) -> Result<(Guard<'_>, String)> {
        let fallback = self.connection.user.as_deref().unwrap_or("unknown");
        let user = who_am_i(&self.client, fallback).await;
        let name = holder(&user, action, subject, id);
        if left.is_some() {
            let who = "the interrupted command";
            wait_out(self.ctx, &self.client, self.connection, left, who).await?;
        }
        let guard = Guard::take(&self.client, self.connection, &name, GRACE).await?;
        Ok((guard, user))
    }

    /// Lease, read again, record, write, read back.
    ///
    /// # Errors
    /// Whatever stops it before the first write. What comes after is in [`Done`].
    pub(crate) async fn go(&self, mut job: Job<'_>) -> Result<Done> {
        let now = Timestamp::now();
        let subject = subject(&job.policies);
        let id = Record::make_id(job.action, &subject, now, salt(now));
        // From here on Ctrl-C is told, not obeyed at once: what was begun is said and recorded.
        let _hold = self.ctx.interrupt.hold();
        let left = job.undoes.map(|s| &s.record).filter(|r| r.is_unfinished());
        let (guard, user) = self.lease(job.action, &subject, &id, left).await?;
        let again = job.again.take();
        let judged = async {
            self.read_again(&job).await?;
            match again {
                Some(again) => again.await,
                None => Ok(()),
            }
        };
        if let Err(e) = judged.await {
            guard.give_up().await;
            return Err(e);
        }
        let record = Record {
            api_version: "kubectl-mesh/v1alpha1".into(),
            kind: "Operation".into(),
            id,
            action: job.action,
            tag: None,
            from: None,
            to: None,
            policies: job.policies,
            undoes: job.undoes.map(|s| s.record.id.clone()),
            cluster_uid: self.cluster_uid.clone(),
            istio_namespace: self.connection.istio_namespace.clone(),
            user,
            version: env!("CARGO_PKG_VERSION").into(),
            istioctl: None,
            started: now,
            child_deadline: now,
            finished: None,
            state: State::Started,
            waivers: job.waivers,
            gates: job.gates,
            outcome: String::new(),
            images: job.images,
            files: None,
        };
        let mut operation = guard.record(&record).await?;
        operation.extend(Duration::from_secs(30)).await;
        carry_out(self, operation, job.undoes.cloned()).await
    }

    /// Under the Lease: records and objects once more. Refuses what changed since the plan.
    async fn read_again(&self, job: &Job<'_>) -> Result<()> {
        if self.ctx.interrupt.requested() {
            return Err(Error::new(
                Kind::Interrupted,
                "interrupted; nothing was changed",
            ));
        }
        let (records, _) = Store::new(&self.client, self.connection).list().await?;
        let undone = job.undoes.map(|s| s.record.id.as_str());
        // What a watch made goes also while something else is unfinished: nothing else touches it, and it costs.
        let ours = job.action == Action::Rollback
            && job.images.iter().all(|image| image.key.kind.is_telemetry());
        let begun = records
            .iter()
            .filter(|_| !ours)
            .find(|s| s.record.is_unfinished() && Some(s.record.id.as_str()) != undone);
        if let Some(other) = begun {
            return Err(Error::refused(format!(
                "{} was begun meanwhile and is not finished; nothing was changed",
                other.record.title()
            ))
            .hint(go_on(&other.record)));
        }
        let now = self.read(&job.images).await?;
        let mut lines = Vec::new();
        for (image, now) in job.images.iter().zip(&now) {
            if !mesh_common::journal::image::same(image.before.as_ref(), now.as_ref()) {
                lines.push(differs(image, now.as_ref()));
            }
        }
        if lines.is_empty() {
            return Ok(());
        }
        let mut error = Error::refused(
            "the policies changed between the plan and the confirmation; nothing was changed",
        );
        for line in lines {
            error = error.hint(line);
        }
        Err(error.hint("Look at the new plan, and confirm that one."))
    }

    /// The objects of these images as they are now.
    ///
    /// # Errors
    /// One of them cannot be read.
    pub(crate) async fn read(&self, images: &[Image]) -> Result<Vec<Option<Value>>> {
        operation::read(&self.client, self.connection, images).await
    }
}

/// Where an object is not as it was.
fn differs(image: &Image, now: Option<&Value>) -> String {
    match (&image.before, now) {
        (None, Some(_)) => format!("{} was made meanwhile", image.key),
        (Some(_), None) => format!("{} is gone", image.key),
        (before, now) => {
            let kind = image.key.kind;
            let plain = |o: &Value| mesh_common::journal::image::without_server_fields(kind, o);
            let (before, now) = (before.as_ref().map(plain), now.map(plain));
            let found = mesh_common::journal::image::differences(before.as_ref(), now.as_ref());
            let first = found.first().map_or_else(String::new, |d| {
                format!(": {} was {}, is {}", d.path, d.expected, d.found)
            });
            format!("{} changed{first}", image.key)
        }
    }
}

/// The name in a record's id: of a policy, or how many there are.
fn subject(policies: &[String]) -> String {
    match policies {
        [one] => {
            let name = one.rsplit('/').next().unwrap_or_default();
            let short: String = name.chars().take(40).collect();
            short.trim_end_matches(['-', '.']).to_owned()
        }
        many => format!("{}-policies", many.len()),
    }
}

/// A number that keeps two records of the same second apart: nothing depends on it being secret.
fn salt(at: Timestamp) -> u32 {
    (at.subsec_nanosecond().unsigned_abs() >> 4) ^ std::process::id()
}

/// The rights of the Lease, the record, and of writing and taking back these images.
fn rights(istio_namespace: &str, images: &[Image]) -> Vec<Ask> {
    let ns = Some(istio_namespace);
    let configmaps = ["list", "create", "update"].map(|verb| Ask::new(verb, "", "configmaps", ns));
    let leases = ["get", "create", "update", "patch", "delete"]
        .map(|verb| Ask::new(verb, "coordination.k8s.io", "leases", ns));
    let mut asks: Vec<Ask> = configmaps.into_iter().chain(leases).collect();
    for image in images {
        // A change that its user may not take back is none.
        let verbs: &[&str] = match (&image.before, &image.planned) {
            (None, _) | (_, None) => &["get", "create", "delete"],
            _ => &["get", "update"],
        };
        let kind = image.key.kind;
        for verb in verbs {
            let namespace = image.key.namespace.as_deref();
            let ask = Ask::new(verb, kind.group(), kind.plural(), namespace);
            if !asks.contains(&ask) {
                asks.push(ask);
            }
        }
    }
    asks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_takes_a_part_of_a_name_that_is_one() {
        for (policies, want) in [
            (vec!["payments/lockdown"], "lockdown"),
            (vec!["payments/a.b"], "a.b"),
            (vec!["a/b", "a/c"], "2-policies"),
        ] {
            let policies: Vec<String> = policies.into_iter().map(str::to_owned).collect();
            assert_eq!(subject(&policies), want);
        }
        let long = format!("payments/{}-x", "a".repeat(39));
        assert_eq!(subject(&[long]), "a".repeat(39));
    }
}
