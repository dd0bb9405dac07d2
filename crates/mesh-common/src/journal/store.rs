//! Where records live: one ConfigMap each in the Istio namespace, compressed, pruned by count.

use std::io::{Read as _, Write as _};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use kube::Client;
use serde_json::{Value, json};

use super::{Record, State, api, valid};
use crate::{
    cluster::{Connection, explain},
    error::{Error, Kind, Result},
};

/// Label of every object of our own.
pub const MANAGED_BY: (&str, &str) = ("app.kubernetes.io/managed-by", "kubectl-mesh");
pub(crate) const TAG_LABEL: &str = "kubectl-mesh/tag";
pub(crate) const ACTION_LABEL: &str = "kubectl-mesh/action";
pub(crate) const STATE_LABEL: &str = "kubectl-mesh/state";
pub(crate) const PREFIX: &str = "kubectl-mesh-op-";
/// What etcd takes for one object is 1.5 MiB; base64 and the rest need their share.
const MAX_BYTES: usize = 700 * 1024;
/// A record is at most this large when unpacked: it is not trusted.
const MAX_UNPACKED: u64 = 64 * 1024 * 1024;
/// So many finished records are kept.
const KEEP: usize = 50;

/// The records of one mesh.
#[derive(Clone)]
pub struct Store<'a> {
    client: &'a Client,
    connection: &'a Connection,
}

/// A record as it was read, or why one cannot be used.
#[derive(Clone)]
pub struct Stored {
    /// Name of the ConfigMap.
    pub config_map: String,
    /// What it holds.
    pub record: Record,
    /// The resourceVersion that was read.
    pub resource_version: String,
}

impl<'a> Store<'a> {
    /// The records in this connection's Istio namespace.
    pub fn new(client: &'a Client, connection: &'a Connection) -> Self {
        Self { client, connection }
    }

    fn collection(&self) -> String {
        format!(
            "/api/v1/namespaces/{}/configmaps",
            self.connection.istio_namespace
        )
    }

    fn path(&self, id: &str) -> String {
        format!("{}/{PREFIX}{id}", self.collection())
    }

    fn explain(&self, e: &kube::Error, doing: &str) -> Error {
        explain(e, doing, self.connection)
    }

    /// All records that can be read, oldest first, and one line for each ConfigMap that cannot.
    pub async fn list(&self) -> Result<(Vec<Stored>, Vec<String>)> {
        let path = format!(
            "{}?labelSelector={}%3D{}&limit=500",
            self.collection(),
            MANAGED_BY.0.replace('/', "%2F"),
            MANAGED_BY.1
        );
        let list = api::get(self.client, &path)
            .await
            .map_err(|e| self.explain(&e, "read the records of earlier operations"))?
            .unwrap_or_default();
        let mut stored = Vec::new();
        let mut unreadable = Vec::new();
        for item in list["items"]
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default()
        {
            let name = item["metadata"]["name"].as_str().unwrap_or_default();
            if !name.starts_with(PREFIX) {
                continue;
            }
            match decode(item) {
                Ok(record) if name.strip_prefix(PREFIX) == Some(&record.id) => {
                    stored.push(Stored {
                        config_map: name.to_owned(),
                        record,
                        resource_version: text(&item["metadata"]["resourceVersion"]),
                    });
                }
                Ok(_) => unreadable.push(format!("{name}: its id is not its name")),
                Err(why) => unreadable.push(format!("{name}: {why}")),
            }
        }
        stored.sort_by(|a, b| a.record.made().cmp(&b.record.made()));
        Ok((stored, unreadable))
    }

    /// Writes a new record. It must be there before the first change is.
    pub async fn create(&self, record: &Record) -> Result<Stored> {
        let object = Self::encode(record, None)?;
        let made = api::create(self.client, &self.collection(), &object)
            .await
            .map_err(|e| self.explain(&e, "write the record of this operation"))?;
        Ok(Stored {
            config_map: text(&made["metadata"]["name"]),
            record: record.clone(),
            resource_version: text(&made["metadata"]["resourceVersion"]),
        })
    }

    /// Replaces a record, if nobody else has since.
    pub async fn update(&self, stored: &mut Stored) -> Result<()> {
        let object = Self::encode(&stored.record, Some(&stored.resource_version))?;
        let made = api::replace(self.client, &self.path(&stored.record.id), &object)
            .await
            .map_err(|e| self.explain(&e, "update the record of this operation"))?;
        stored.resource_version = text(&made["metadata"]["resourceVersion"]);
        Ok(())
    }

    /// Deletes the oldest finished records beyond the number that is kept. Failing is no failure.
    pub async fn prune(&self) {
        let Ok((stored, _)) = self.list().await else {
            return;
        };
        let finished: Vec<_> = stored
            .iter()
            .filter(|s| !s.record.is_unfinished())
            .collect();
        for old in finished.iter().take(finished.len().saturating_sub(KEEP)) {
            let path = self.path(&old.record.id);
            let Ok(Some(now)) = api::get(self.client, &path).await else {
                continue;
            };
            let (uid, version) = (
                text(&now["metadata"]["uid"]),
                text(&now["metadata"]["resourceVersion"]),
            );
            if let Err(e) = api::delete(self.client, &path, &uid, &version).await {
                tracing::debug!("cannot prune {}: {e}", old.config_map);
            }
        }
    }

    fn encode(record: &Record, version: Option<&str>) -> Result<Value> {
        let unpacked = serde_json::to_vec(record)
            .map_err(|e| Error::internal("cannot encode the record").caused_by(e))?;
        let mut gz = GzEncoder::new(Vec::new(), Compression::best());
        let packed = gz
            .write_all(&unpacked)
            .and_then(|()| gz.finish())
            .map_err(Error::from)?;
        if packed.len() > MAX_BYTES {
            return Err(Error::new(
                Kind::Refused,
                format!(
                    "the way back of this operation needs {} KiB, more than a record may hold ({} KiB)",
                    packed.len() / 1024,
                    MAX_BYTES / 1024
                ),
            )
            .hint("Do it in smaller steps: name fewer objects, or use --percent."));
        }
        let state = match record.state {
            State::Started => "started",
            State::Done => "done",
            State::Partial => "partial",
            State::Nothing => "nothing",
            State::RolledBack => "rolled-back",
        };
        let mut labels = json!({
            MANAGED_BY.0: MANAGED_BY.1,
            ACTION_LABEL: record.action.word(),
            STATE_LABEL: state,
        });
        if let Some(tag) = &record.tag {
            labels[TAG_LABEL] = tag.as_str().into();
        }
        let mut metadata = json!({
            "name": format!("{PREFIX}{}", record.id),
            "namespace": record.istio_namespace,
            "labels": labels,
        });
        if let Some(version) = version {
            metadata["resourceVersion"] = version.into();
        }
        Ok(json!({
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": metadata,
            // For a person with kubectl; the record itself is the compressed one.
            "data": { "summary": format!("{}: {state}. {}", record.title(), record.outcome) },
            "binaryData": { "record.json.gz": STANDARD.encode(packed) },
        }))
    }
}

fn decode(config_map: &Value) -> Result<Record, String> {
    let encoded = config_map["binaryData"]["record.json.gz"]
        .as_str()
        .ok_or("holds no record")?;
    let packed = STANDARD.decode(encoded).map_err(|_| "is not base64")?;
    let mut unpacked = Vec::new();
    GzDecoder::new(packed.as_slice())
        .take(MAX_UNPACKED)
        .read_to_end(&mut unpacked)
        .map_err(|_| "is not gzip")?;
    let record: Record = serde_json::from_slice(&unpacked).map_err(|e| {
        format!(
            "cannot be read: {}",
            crate::output::clean(&e.to_string(), 160)
        )
    })?;
    if record.api_version != "kubectl-mesh/v1alpha1" || record.kind != "Operation" {
        return Err("is of a version this suite does not know".into());
    }
    valid::check(&record)?;
    Ok(record)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
