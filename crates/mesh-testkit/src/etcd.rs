//! The store itself, by etcd's JSON gateway: seeding a cluster and bringing it back to what it was.
//!
//! The API server keeps objects as JSON here (`--storage-media-type`), so the sample mesh can be put in place as a
//! restored etcd would hold it: with its uids, owners, statuses and ages, in one transaction.

use std::collections::{BTreeMap, BTreeSet};

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::net::TcpStream;

use crate::Result;

/// The whole of `/registry/`: etcd's range end is the prefix with its last byte raised by one.
const ALL: (&str, &str) = ("/registry/", "/registry0");

/// Keys that the control plane itself keeps writing, and that no test looks at.
const VOLATILE: &[&str] = &[
    "/registry/leases/kube-",
    "/registry/masterleases/",
    "/registry/flowschemas/",
    "/registry/prioritylevelconfigurations/",
    "/registry/apiregistration.k8s.io/",
    "/registry/servicecidrs/",
    "/registry/services/endpoints/",
];

/// One etcd server.
#[derive(Debug, Clone)]
pub(crate) struct Etcd {
    port: u16,
}

/// Everything that was stored at one moment.
#[derive(Debug, Default, Clone)]
pub(crate) struct Snapshot {
    /// Value (base64, as the gateway speaks it) and the revision that wrote it.
    entries: BTreeMap<String, (String, i64)>,
}

#[derive(Deserialize)]
struct Answer {
    header: Header,
    #[serde(default)]
    kvs: Vec<Entry>,
}

#[derive(Deserialize)]
struct Header {
    #[serde(deserialize_with = "number")]
    revision: i64,
}

#[derive(Deserialize)]
struct Entry {
    key: String,
    #[serde(default)]
    value: String,
    #[serde(deserialize_with = "number")]
    mod_revision: i64,
}

/// The gateway writes 64-bit numbers as strings, as protobuf's JSON mapping wants.
fn number<'de, D: serde::Deserializer<'de>>(d: D) -> Result<i64, D::Error> {
    let text = String::deserialize(d)?;
    text.parse().map_err(serde::de::Error::custom)
}

impl Etcd {
    pub(crate) fn at(port: u16) -> Self {
        Self { port }
    }

    /// Whether it answers.
    pub(crate) async fn healthy(&self) -> bool {
        self.post("/v3/kv/range", &json!({"key": encode("health")}))
            .await
            .is_ok()
    }

    /// Puts these objects, all or none.
    pub(crate) async fn put(&self, objects: &[(String, Vec<u8>)]) -> Result<()> {
        let ops = objects
            .iter()
            .map(|(key, value)| put(key, &BASE64.encode(value)))
            .collect();
        self.transact(ops).await.map(drop)
    }

    /// Everything stored now, but for what the control plane keeps writing for itself.
    pub(crate) async fn snapshot(&self) -> Result<Snapshot> {
        let mut entries = BTreeMap::new();
        for entry in self.range(false).await?.kvs {
            let key = decode(&entry.key)?;
            if !volatile(&key) {
                entries.insert(key, (entry.value, entry.mod_revision));
            }
        }
        Ok(Snapshot { entries })
    }

    /// Makes the store what it was. Only what was written since is touched; returns those keys.
    pub(crate) async fn restore(&self, to: &mut Snapshot) -> Result<Vec<String>> {
        let mut ops = Vec::new();
        let mut touched = Vec::new();
        let mut seen = BTreeSet::new();
        for entry in self.range(true).await?.kvs {
            let key = decode(&entry.key)?;
            if volatile(&key) {
                continue;
            }
            match to.entries.get(&key) {
                Some((_, revision)) if *revision == entry.mod_revision => {}
                Some((value, _)) => {
                    ops.push(put(&key, value));
                    touched.push(key.clone());
                }
                None => {
                    ops.push(json!({"requestDeleteRange": {"key": encode(&key)}}));
                    touched.push(key.clone());
                }
            }
            seen.insert(key);
        }
        for (key, (value, _)) in &to.entries {
            if !seen.contains(key) {
                ops.push(put(key, value));
                touched.push(key.clone());
            }
        }
        if ops.is_empty() {
            return Ok(touched);
        }
        let revision = self.transact(ops).await?;
        for key in &touched {
            if let Some(entry) = to.entries.get_mut(key) {
                entry.1 = revision;
            }
        }
        Ok(touched)
    }

    async fn range(&self, keys_only: bool) -> Result<Answer> {
        let ask = json!({"key": encode(ALL.0), "range_end": encode(ALL.1), "keys_only": keys_only});
        Ok(serde_json::from_slice(
            &self.post("/v3/kv/range", &ask).await?,
        )?)
    }

    async fn transact(&self, ops: Vec<Value>) -> Result<i64> {
        let body = self.post("/v3/kv/txn", &json!({"success": ops})).await?;
        let revision = serde_json::from_slice::<Answer>(&body)?.header.revision;
        // The API server takes its cache for current once it has seen one change of the newest revision. A transaction
        // is many changes of one revision, so a later one has to come for its lists to wait for them all.
        self.post("/v3/kv/put", &json!({"key": encode("/mesh-lab/settled")}))
            .await?;
        Ok(revision)
    }

    async fn post(&self, path: &str, body: &Value) -> Result<Bytes> {
        let io = TokioIo::new(TcpStream::connect(("127.0.0.1", self.port)).await?);
        let (mut sender, connection) = hyper::client::conn::http1::handshake(io).await?;
        tokio::spawn(async move { drop(connection.await) });
        let request = http::Request::post(path)
            .header("host", "localhost")
            .header("content-type", "application/json")
            .body(Full::new(Bytes::from(serde_json::to_vec(body)?)))?;
        let response = sender.send_request(request).await?;
        let status = response.status();
        let body = response.into_body().collect().await?.to_bytes();
        if !status.is_success() {
            return Err(
                format!("etcd {path}: {status}: {}", String::from_utf8_lossy(&body)).into(),
            );
        }
        Ok(body)
    }
}

impl Snapshot {
    /// Replaces, adds or (with `None`) drops entries, so that the next restore brings them about.
    pub(crate) fn amend(&mut self, key: String, value: Option<&[u8]>) {
        match value {
            // Revision 0 is never one of a key, so the entry counts as changed.
            Some(value) => drop(self.entries.insert(key, (BASE64.encode(value), 0))),
            None => drop(self.entries.remove(&key)),
        }
    }
}

fn put(key: &str, value: &str) -> Value {
    json!({"requestPut": {"key": encode(key), "value": value}})
}

fn encode(text: &str) -> String {
    BASE64.encode(text)
}

fn decode(text: &str) -> Result<String> {
    Ok(String::from_utf8(BASE64.decode(text)?)?)
}

fn volatile(key: &str) -> bool {
    VOLATILE.iter().any(|prefix| key.starts_with(prefix))
}
