//! The road every write takes: Lease, read again, record, change, read back, outcome.

use std::time::Duration;

use jiff::Timestamp;
use kube::Client;
use serde_json::Value;
use tokio::time::Instant;

use super::{
    Action, Held, Image, Record, State, Store, Withheld, api,
    image::without_server_fields,
    lease::{Acquired, Lease},
    store::Stored,
};
use crate::{
    cluster::{Connection, explain},
    error::{Error, Kind, Result},
};

/// How long the Lease outlives what its holder started. What comes after is announced by
/// [`Operation::extend`], so that the Lease of a killed command does not hold others up for longer.
pub const GRACE: Duration = Duration::from_secs(5);

/// The Lease of a mesh, taken for one operation. [`record`](Self::record) turns it into an
/// [`Operation`]; dropped without, it runs out by itself, so give it back by [`give_up`](Self::give_up).
pub struct Guard<'a> {
    client: &'a Client,
    connection: &'a Connection,
    lease: Lease,
    /// A holder whose Lease had run out without being released.
    pub after: Option<String>,
}

/// An operation whose record stands.
pub struct Operation<'a> {
    client: &'a Client,
    connection: &'a Connection,
    lease: Lease,
    stored: Stored,
}

impl<'a> Guard<'a> {
    /// Takes the Lease for as long as a child of ours may write, plus [`GRACE`].
    ///
    /// # Errors
    /// [`Kind::Refused`] naming the holder when somebody else has it.
    pub async fn take(
        client: &'a Client,
        connection: &'a Connection,
        holder: &str,
        child_deadline: Duration,
    ) -> Result<Self> {
        match Lease::acquire(client, connection, holder, child_deadline + GRACE).await? {
            Acquired::Ours { lease, after } => Ok(Self {
                client,
                connection,
                lease,
                after,
            }),
            Acquired::Held(held) => Err(busy(&held)),
        }
    }

    /// Gives the Lease back: nothing was written.
    pub async fn give_up(self) {
        if let Err(e) = self.lease.release().await {
            tracing::debug!("the Lease was not released: {e}");
        }
    }

    /// Writes the record. From here on the operation is known to whoever comes next.
    ///
    /// # Errors
    /// The record could not be written; the Lease is given back then.
    pub async fn record(self, record: &Record) -> Result<Operation<'a>> {
        match Store::new(self.client, self.connection)
            .create(record)
            .await
        {
            Ok(stored) => Ok(Operation {
                client: self.client,
                connection: self.connection,
                lease: self.lease,
                stored,
            }),
            Err(e) => {
                self.give_up().await;
                Err(e)
            }
        }
    }

    /// Goes on with a record that a killed command left.
    pub fn resume(self, stored: Stored) -> Operation<'a> {
        Operation {
            client: self.client,
            connection: self.connection,
            lease: self.lease,
            stored,
        }
    }
}

impl Operation<'_> {
    /// The record as it stands.
    pub fn record(&self) -> &Record {
        &self.stored.record
    }

    /// Reads every object of the record until `settled` says so, or until `patience` is over: caches lag.
    ///
    /// # Errors
    /// An object cannot be read.
    pub async fn read_back(
        &self,
        patience: Duration,
        settled: impl Fn(&[Image], &[Option<Value>]) -> bool,
    ) -> Result<Vec<Option<Value>>> {
        let until = Instant::now() + patience;
        let mut pause = Duration::from_millis(50);
        loop {
            let now = read(self.client, self.connection, &self.stored.record.images).await?;
            if settled(&self.stored.record.images, &now) || Instant::now() >= until {
                return Ok(now);
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(Duration::from_secs(1));
        }
    }

    /// Holds the Lease for so long from now on: the child has ended, and reading back takes its time. A
    /// Lease that is lost meanwhile is somebody else's doing and shows in what is read back.
    pub async fn extend(&mut self, duration: Duration) {
        if let Err(e) = self.lease.renew(duration + GRACE).await {
            tracing::debug!("the Lease was not renewed: {e}");
        }
    }

    /// Notes the archive of everything as it was read back; [`finish`](Self::finish) writes it.
    pub fn read_back_as(&mut self, sha256: String) {
        if let Some(files) = &mut self.stored.record.files {
            files.after = Some(sha256);
        }
    }

    /// Notes as which Secrets were written whose values are kept nowhere: by that alone they are known again.
    ///
    /// # Errors
    /// The record could not be written.
    pub async fn wrote(&mut self, secrets: &[Withheld]) -> Result<()> {
        let files = self.stored.record.files.as_mut();
        for known in files.into_iter().flat_map(|f| &mut f.secrets) {
            let of = |s: &&Withheld| (&s.namespace, &s.name) == (&known.namespace, &known.name);
            if let Some(written) = secrets.iter().find(of) {
                known.written.clone_from(&written.written);
            }
        }
        Store::new(self.client, self.connection)
            .update(&mut self.stored)
            .await
    }

    /// Gives the Lease back and leaves the record unfinished: whoever comes next finds it and goes on.
    pub async fn leave(self) {
        if let Err(e) = self.lease.release().await {
            tracing::debug!("the Lease was not released: {e}");
        }
    }

    /// Writes the outcome and gives the Lease back. `after` are the objects as last read.
    ///
    /// # Errors
    /// The outcome could not be written: the record still says that the operation is under way.
    pub async fn finish(
        mut self,
        state: State,
        outcome: &str,
        after: Option<Vec<Option<Value>>>,
    ) -> Result<Record> {
        let record = &mut self.stored.record;
        record.state = state;
        outcome.clone_into(&mut record.outcome);
        record.finished = Some(Timestamp::now());
        if let Some(after) = after {
            for (image, now) in record.images.iter_mut().zip(after) {
                let kind = image.key.kind;
                image.after = Some(now.map(|o| without_server_fields(kind, &o)));
            }
        }
        let store = Store::new(self.client, self.connection);
        let written = store.update(&mut self.stored).await;
        if let Err(e) = self.lease.release().await {
            tracing::debug!("the Lease was not released: {e}");
        }
        written.map_err(|e| {
            Error::new(
                Kind::Changed,
                format!(
                    "the change was made, but its outcome could not be written to record {}",
                    self.stored.record.id
                ),
            )
            .caused_by(e)
        })?;
        store.prune().await;
        Ok(self.stored.record)
    }
}

/// The objects of these images as they are now, in their order.
///
/// # Errors
/// One of them cannot be read; absence is no error.
pub async fn read(
    client: &Client,
    connection: &Connection,
    images: &[Image],
) -> Result<Vec<Option<Value>>> {
    let mut objects = Vec::with_capacity(images.len());
    // Sixteen at a time: a move may touch a thousand namespaces.
    for chunk in images.chunks(16) {
        let reads = chunk.iter().map(|image| async move {
            api::get(client, &image.key.path())
                .await
                .map_err(|e| explain(&e, &format!("read {}", image.key), connection))
        });
        objects.extend(futures::future::try_join_all(reads).await?);
    }
    Ok(objects)
}

/// Brings one object back to its before-image, under the resourceVersion of `now`. `ca` is the caBundle
/// that the restored revision's own webhook has now.
///
/// # Errors
/// The API server refuses; a conflict means that somebody else was faster.
pub async fn put_back(
    client: &Client,
    image: &Image,
    now: Option<&Value>,
    ca: Option<&str>,
) -> kube::Result<()> {
    let path = image.key.path();
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    match (&image.before, now) {
        (None, None) => Ok(()),
        (None, Some(now)) => {
            let metadata = &now["metadata"];
            api::delete(
                client,
                &path,
                &text(&metadata["uid"]),
                &text(&metadata["resourceVersion"]),
            )
            .await
        }
        (Some(before), Some(now)) if image.key.kind == super::Kind::Namespace => {
            let label = |key: &str| {
                before["metadata"]["labels"]
                    .get(key)
                    .cloned()
                    .unwrap_or_default()
            };
            let patch = serde_json::json!({
                "metadata": {
                    "resourceVersion": now["metadata"]["resourceVersion"],
                    "labels": {
                        crate::mesh::label::REV: label(crate::mesh::label::REV),
                        crate::mesh::label::INJECTION: label(crate::mesh::label::INJECTION),
                    },
                },
            });
            api::patch(client, &path, &patch).await.map(drop)
        }
        (Some(before), Some(now)) => {
            let mut object = with_ca(before, Some(now), ca);
            for field in ["uid", "resourceVersion"] {
                object["metadata"][field] = now["metadata"][field].clone();
            }
            api::replace(client, &path, &object).await.map(drop)
        }
        // A namespace that is gone is not ours to make again.
        (Some(_), None) if image.key.kind == super::Kind::Namespace => Ok(()),
        (Some(before), None) => {
            let object = with_ca(before, None, ca);
            let made = api::create(client, &image.key.collection(), &object).await;
            match made {
                // The address that the Service had may be somebody else's by now.
                Err(kube::Error::Api(status))
                    if status.code == 422 && image.key.kind == super::Kind::Service =>
                {
                    let mut object = object;
                    if let Some(spec) = object["spec"].as_object_mut() {
                        spec.remove("clusterIP");
                        spec.remove("clusterIPs");
                    }
                    api::create(client, &image.key.collection(), &object)
                        .await
                        .map(drop)
                }
                other => other.map(drop),
            }
        }
    }
}

/// The image with a caBundle that works today: the given one, else the one the object has now.
fn with_ca(before: &Value, now: Option<&Value>, ca: Option<&str>) -> Value {
    let mut object = before.clone();
    for (i, webhook) in object["webhooks"]
        .as_array_mut()
        .into_iter()
        .flatten()
        .enumerate()
    {
        let bundle = ca.map(Value::from).or_else(|| {
            now.map(|now| now["webhooks"][i]["clientConfig"]["caBundle"].clone())
                .filter(Value::is_string)
        });
        if let Some(bundle) = bundle {
            webhook["clientConfig"]["caBundle"] = bundle;
        }
    }
    object
}

/// Who the API server says we are; the kubeconfig's name where it cannot be asked.
pub async fn who_am_i(client: &Client, fallback: &str) -> String {
    let review = serde_json::json!({
        "apiVersion": "authentication.k8s.io/v1",
        "kind": "SelfSubjectReview",
    });
    let path = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
    match api::create(client, path, &review).await {
        Ok(answer) => answer["status"]["userInfo"]["username"]
            .as_str()
            .map_or_else(
                || fallback.to_owned(),
                |name| crate::output::clean(name, 200),
            ),
        Err(_) => fallback.to_owned(),
    }
}

/// How a holder of the Lease calls itself.
pub fn holder(user: &str, action: Action, subject: &str, id: &str) -> String {
    let host = std::env::var("HOSTNAME").unwrap_or_default();
    let at = if host.is_empty() {
        String::new()
    } else {
        format!(" on {host}")
    };
    crate::output::clean(
        &format!(
            "{user}{at}: {} {subject} [{id}] pid {}",
            action.word(),
            std::process::id()
        ),
        250,
    )
}

/// Somebody else is at work.
pub fn busy(held: &Held) -> Error {
    Error::refused(format!(
        "another operation on this mesh is under way: {}, at the latest until {}",
        held.holder, held.until
    ))
    .hint("Wait until it is done, then look at what it did:")
    .hint("kubectl mesh-tag list")
}
