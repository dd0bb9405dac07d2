//! The one Lease of a mesh: two operations never change it at once.
//!
//! Expiry is judged by the API server's clock on both sides: its `Date` header against the time it
//! stamped into managedFields when the holder last wrote. A holder's own clock decides nothing.

use std::time::Duration;

use http::Request;
use jiff::{SignedDuration, Timestamp};
use kube::{Client, client::Body};
use serde_json::{Value, json};

use super::{api, store::MANAGED_BY};
use crate::{
    cluster::{Connection, explain, is_absent, is_conflict},
    error::{Error, Kind, Result},
};

const NAME: &str = "kubectl-mesh";

/// A Lease that we hold. It must be [released](Self::release); a killed holder's runs out.
pub struct Lease {
    client: Client,
    path: String,
    uid: String,
    resource_version: String,
}

/// A Lease that somebody else holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The holder's own words: user, host, process and operation.
    pub holder: String,
    /// Until when, by the API server's clock.
    pub until: Timestamp,
    /// How long that is from now.
    pub remaining: Duration,
}

/// What looking at the Lease found.
#[derive(Debug)]
enum Found {
    Free,
    Expired {
        uid: String,
        resource_version: String,
        holder: String,
    },
    Held(Held),
}

/// What [`Lease::acquire`] came to.
pub enum Acquired {
    /// We hold it. `after` names a holder that never released it.
    Ours {
        /// The Lease.
        lease: Lease,
        /// The holder whose Lease had run out.
        after: Option<String>,
    },
    /// Somebody else holds it.
    Held(Held),
}

impl Lease {
    /// Takes the Lease of this mesh for `duration`, which must outlive whatever the holder starts.
    pub async fn acquire(
        client: &Client,
        connection: &Connection,
        holder: &str,
        duration: Duration,
    ) -> Result<Acquired> {
        let collection = format!(
            "/apis/coordination.k8s.io/v1/namespaces/{}/leases",
            connection.istio_namespace
        );
        let path = format!("{collection}/{NAME}");
        let doing = "take the Lease of this mesh";
        let fail = |e: &kube::Error| explain(e, doing, connection);
        // Somebody may be faster between our read and our write; look again then, a few times.
        for _ in 0..5 {
            let found = look(client, &path).await.map_err(|e| fail(&e))?;
            let (result, after) = match found {
                Found::Held(held) => return Ok(Acquired::Held(held)),
                Found::Free => {
                    let object = object(connection, holder, duration, None);
                    (api::create(client, &collection, &object).await, None)
                }
                Found::Expired {
                    uid,
                    resource_version,
                    holder: old,
                } => {
                    let object = object(
                        connection,
                        holder,
                        duration,
                        Some((&uid, &resource_version)),
                    );
                    (api::replace(client, &path, &object).await, Some(old))
                }
            };
            match result {
                Ok(made) => {
                    let text = |field: &str| {
                        made["metadata"][field]
                            .as_str()
                            .unwrap_or_default()
                            .to_owned()
                    };
                    let lease = Self {
                        client: client.clone(),
                        path,
                        uid: text("uid"),
                        resource_version: text("resourceVersion"),
                    };
                    return Ok(Acquired::Ours { lease, after });
                }
                Err(e) if is_conflict(&e) || is_absent(&e) => {}
                Err(e) => return Err(fail(&e)),
            }
        }
        Err(
            Error::new(Kind::Refused, "the Lease of this mesh keeps changing hands")
                .hint("Somebody else is working on this mesh. Try again when they are done."),
        )
    }

    /// Who holds the Lease now, if anybody does.
    pub async fn holder(client: &Client, connection: &Connection) -> Result<Option<Held>> {
        let path = format!(
            "/apis/coordination.k8s.io/v1/namespaces/{}/leases/{NAME}",
            connection.istio_namespace
        );
        match look(client, &path).await {
            Ok(Found::Held(held)) => Ok(Some(held)),
            Ok(_) => Ok(None),
            Err(e) => Err(explain(&e, "read the Lease of this mesh", connection)),
        }
    }

    /// Holds it for so long from now on. Fails if it is not ours any more.
    pub async fn renew(&mut self, duration: Duration) -> kube::Result<()> {
        let patch = json!({
            "metadata": { "uid": self.uid, "resourceVersion": self.resource_version },
            "spec": {
                "renewTime": micro_time(Timestamp::now()),
                "leaseDurationSeconds": duration.as_secs().max(1),
            },
        });
        let made = api::patch(&self.client, &self.path, &patch).await?;
        made["metadata"]["resourceVersion"]
            .as_str()
            .unwrap_or_default()
            .clone_into(&mut self.resource_version);
        Ok(())
    }

    /// Gives it back by deleting it, as long as it is still ours.
    pub async fn release(self) -> kube::Result<()> {
        api::delete(&self.client, &self.path, &self.uid, &self.resource_version).await
    }
}

fn object(
    connection: &Connection,
    holder: &str,
    duration: Duration,
    over: Option<(&str, &str)>,
) -> Value {
    let now = micro_time(Timestamp::now());
    let mut metadata = json!({
        "name": NAME,
        "namespace": connection.istio_namespace,
        "labels": { MANAGED_BY.0: MANAGED_BY.1 },
    });
    if let Some((uid, version)) = over {
        metadata["uid"] = uid.into();
        metadata["resourceVersion"] = version.into();
    }
    json!({
        "apiVersion": "coordination.k8s.io/v1",
        "kind": "Lease",
        "metadata": metadata,
        "spec": {
            "holderIdentity": holder,
            "leaseDurationSeconds": duration.as_secs().max(1),
            "acquireTime": now,
            "renewTime": now,
        },
    })
}

fn micro_time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}

async fn look(client: &Client, path: &str) -> kube::Result<Found> {
    let request = Request::get(path)
        .body(Body::empty())
        .map_err(kube::Error::HttpError)?;
    let response = client.send(request).await?;
    let server_now = response
        .headers()
        .get(http::header::DATE)
        .and_then(|v| v.to_str().ok())
        .and_then(|v| jiff::fmt::rfc2822::parse(v).ok())
        .map_or_else(Timestamp::now, |z| z.timestamp());
    // The body by the ordinary road, with its error handling.
    drop(response);
    match api::get(client, path).await? {
        None => Ok(Found::Free),
        Some(lease) => Ok(judge(&lease, server_now)),
    }
}

/// Whether a Lease is free, held or expired at `now`, the API server's time.
fn judge(lease: &Value, now: Timestamp) -> Found {
    let spec = &lease["spec"];
    let holder = crate::output::clean(spec["holderIdentity"].as_str().unwrap_or_default(), 120);
    let uid = lease["metadata"]["uid"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let resource_version = lease["metadata"]["resourceVersion"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let time = |v: &Value| v.as_str().and_then(|s| s.parse::<Timestamp>().ok());
    let written = lease["metadata"]["managedFields"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|f| time(&f["time"]))
        .max()
        .or_else(|| time(&spec["renewTime"]))
        .unwrap_or(now);
    // A planted Lease must not lock the mesh for a year.
    let seconds = spec["leaseDurationSeconds"]
        .as_i64()
        .unwrap_or(0)
        .clamp(0, 3600);
    let until = written + SignedDuration::from_secs(seconds);
    if holder.is_empty() || until <= now {
        return Found::Expired {
            uid,
            resource_version,
            holder,
        };
    }
    let remaining = Duration::try_from(until.duration_since(now)).unwrap_or_default();
    Found::Held(Held {
        holder,
        until,
        remaining,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expiry_is_the_servers_clock() {
        let lease = |holder: &str, seconds: i64| {
            json!({
                "metadata": { "uid": "u", "resourceVersion": "5",
                    "managedFields": [{ "manager": "kubectl-mesh", "time": "2026-11-21T06:00:00Z" }] },
                // The holder's clock is a day ahead: it must not matter.
                "spec": { "holderIdentity": holder, "leaseDurationSeconds": seconds,
                    "renewTime": "2026-11-22T06:00:00.000000Z" },
            })
        };
        let now: Timestamp = "2026-11-21T06:00:30Z".parse().unwrap();
        assert!(
            matches!(judge(&lease("ana", 60), now), Found::Held(h) if h.remaining.as_secs() == 30)
        );
        assert!(matches!(
            judge(&lease("ana", 30), now),
            Found::Expired { .. }
        ));
        assert!(matches!(judge(&lease("", 60), now), Found::Expired { .. }));
        assert!(
            matches!(judge(&lease("x", i64::MAX), now), Found::Held(h) if h.remaining.as_secs() <= 3600)
        );
    }
}
