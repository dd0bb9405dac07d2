//! The mesh's own Secrets: what is known of each without a value of it, and the Secrets themselves where that was asked for.

use std::collections::{BTreeMap, BTreeSet};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use futures::{StreamExt, stream};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{
    lists::{AT_ONCE, Capture},
    refs::{CA_SUFFIX, Role},
    sink::Of,
};
use crate::{
    cluster::{ListQuery, get_json, is_absent, list_pages},
    error::{Error, Result},
    mesh::{
        Why,
        archive::{
            Unread,
            format::{ISTIO, OWN_GROUP, OWN_VERSION, ReadList, SUMMARIES},
        },
        live,
        wire::dotted,
    },
    x509,
};

/// What istiod signs with: what was plugged in, else what it made for itself.
const CA: [&str; 2] = ["cacerts", "istio-ca-secret"];

/// Marks a Secret with the way to another cluster (`pkg/kube/multicluster/secretcontroller.go`).
const REMOTE: &str = "istio/multiCluster=true";

/// Keys whose values are certificates, which are public; by the names that istiod, cert-manager and
/// `kubectl create secret` give them.
const CERTIFICATES: [&str; 7] = [
    "ca-cert.pem",
    "ca.crt",
    "cacert",
    "cert",
    "cert-chain.pem",
    "root-cert.pem",
    "tls.crt",
];

/// Certificates of one key that are looked at.
const CHAIN: usize = 20;

/// What is known of a Secret.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Summary<'a> {
    api_version: String,
    kind: &'static str,
    metadata: Metadata<'a>,
    role: Role,
    /// Who names it.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    referenced_by: BTreeSet<String>,
    state: State,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    of: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    keys: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    certificates: Vec<Certificate>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Metadata<'a> {
    name: &'a str,
    namespace: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    uid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource_version: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
enum State {
    /// It was there.
    Read,
    /// It was not there.
    Absent,
    /// It could not be read.
    Unread,
    /// Only its name matters.
    NameOnly,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Certificate {
    key: String,
    /// Of the certificate, not of the text around it.
    sha256: String,
    not_after: Timestamp,
}

/// A Secret, as far as it is looked at. Values that are no certificate are dropped while it is parsed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Secret {
    metadata: SecretMeta,
    #[serde(rename = "type")]
    of: Option<String>,
    data: Option<BTreeMap<String, Value>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct SecretMeta {
    uid: Option<String>,
    resource_version: Option<String>,
}

/// A value in base64.
#[derive(Deserialize)]
#[serde(transparent)]
struct Value(String);

impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("…")
    }
}

/// The one thing that is read of a list of Secrets: names.
#[derive(Deserialize)]
struct Named {
    metadata: Name,
}

#[derive(Deserialize)]
struct Name {
    name: String,
}

/// Reads the mesh's own Secrets; `whole` puts them into the archive too.
pub(super) async fn read(capture: &Capture<'_>, whole: bool) -> Result<()> {
    let mut wanted = capture.sink().own.secrets();
    let home = capture.home().to_owned();
    for name in CA {
        let key = (home.clone(), name.to_owned());
        wanted.insert(key, (Role::Ca, BTreeSet::new()));
    }
    match remotes(capture, &home).await {
        Ok(names) => wanted.extend(
            names
                .into_iter()
                .map(|name| ((home.clone(), name), (Role::Remote, BTreeSet::new()))),
        ),
        Err(unread) => capture.sink().unread(unread),
    }
    let read: Vec<_> = stream::iter(wanted)
        .map(|((namespace, name), (role, by))| async move {
            let secret = match role {
                Role::ImagePull => Ok(None),
                _ => one(capture, &namespace, &name).await,
            };
            (namespace, name, role, by, secret)
        })
        .buffered(AT_ONCE)
        .collect()
        .await;
    let mut unread = Vec::new();
    let (mut summaries, mut secrets) = (0, 0);
    let of = Of::new("", "v1", "secrets", "Secret");
    for (namespace, name, role, by, secret) in read {
        let (state, secret) = match secret {
            Ok(secret) => (
                match (&secret, role) {
                    (Some(_), _) => State::Read,
                    (None, Role::ImagePull) => State::NameOnly,
                    (None, _) => State::Absent,
                },
                secret,
            ),
            Err(gap) => {
                unread.push(gap);
                (State::Unread, None)
            }
        };
        // That second Secret of a gateway is often not there: what is in it may stand in the first.
        if state == State::Absent && name.ends_with(CA_SUFFIX) {
            continue;
        }
        let summary = summary(&namespace, &name, (role, by), state, secret.as_deref())?;
        let mut sink = capture.sink();
        let document = serde_json::to_string(&summary)
            .map_err(|e| Error::internal("cannot write what is known of a Secret").caused_by(e))?;
        let own = Of::new(OWN_GROUP, OWN_VERSION, SUMMARIES, summary.kind);
        summaries += usize::from(sink.object(&own, &document));
        if let (true, Some(json)) = (whole, &secret) {
            secrets += usize::from(sink.object(&of, json.get()));
            sink.ca |= role == Role::Ca;
        }
        if let Some(failure) = sink.failure.take() {
            return Err(failure);
        }
    }
    let mut sink = capture.sink();
    sink.writer.complete(ReadList {
        what: dotted(OWN_GROUP, SUMMARIES),
        version: OWN_VERSION.into(),
        objects: summaries,
        selection: Some(ISTIO.into()),
        ..ReadList::default()
    });
    if whole {
        sink.writer.complete(ReadList {
            what: "secrets".into(),
            version: "v1".into(),
            objects: secrets,
            selection: Some(ISTIO.into()),
            ..ReadList::default()
        });
    }
    for unread in unread {
        sink.unread(unread);
    }
    Ok(())
}

/// Names of the Secrets with the way to other clusters; of their content nothing is asked for.
async fn remotes(capture: &Capture<'_>, namespace: &str) -> Result<Vec<String>, Unread> {
    let path = format!("/api/v1/namespaces/{namespace}/secrets");
    let query = ListQuery {
        label_selector: Some(REMOTE.into()),
        metadata_only: true,
        ..ListQuery::default()
    };
    let add = |names: &mut Vec<String>, named: Named| names.push(named.metadata.name);
    match list_pages(capture.client, &path, &query, Vec::new, add).await {
        Ok(listed) => Ok(listed.value),
        Err(e) => Err(gap(capture, &e, "list", namespace)),
    }
}

/// One Secret as served; none where there is none.
async fn one(
    capture: &Capture<'_>,
    namespace: &str,
    name: &str,
) -> Result<Option<Box<RawValue>>, Unread> {
    // Names come out of gateways' fields, where anything can be typed.
    if !is_name(namespace) || !is_name(name) {
        return Ok(None);
    }
    let path = format!("/api/v1/namespaces/{namespace}/secrets/{name}");
    match get_json(capture.client, &path).await {
        Ok(secret) => Ok(Some(secret)),
        Err(e) if is_absent(&e) => Ok(None),
        Err(e) => Err(gap(capture, &e, "get", namespace)),
    }
}

/// Whether an object can be called so (RFC 1123, as Kubernetes has it).
fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 253
        && !name.contains("..")
        && name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-.".contains(&b))
}

pub(super) fn gap(capture: &Capture<'_>, e: &kube::Error, verb: &str, namespace: &str) -> Unread {
    let (gap, error) = live::gap_of(e, capture.conn, "secrets", "secrets", Some(namespace));
    Unread {
        what: "secrets".into(),
        why: gap.why,
        detail: match gap.why {
            Why::Forbidden => format!("may not {verb} secrets in {namespace}"),
            _ => error.to_string(),
        },
    }
}

fn summary<'a>(
    namespace: &'a str,
    name: &'a str,
    (role, referenced_by): (Role, BTreeSet<String>),
    state: State,
    json: Option<&RawValue>,
) -> Result<Summary<'a>> {
    let secret: Secret = match json {
        Some(json) => serde_json::from_str(json.get())
            // What serde_json says may quote a value.
            .map_err(|_| Error::cluster(format!("the Secret {namespace}/{name} is no Secret")))?,
        None => Secret::default(),
    };
    let data = secret.data.unwrap_or_default();
    let certificates = data
        .iter()
        .filter(|(key, _)| CERTIFICATES.contains(&key.as_str()))
        .flat_map(|(key, Value(value))| fingerprints(key, value))
        .collect();
    Ok(Summary {
        api_version: format!("{OWN_GROUP}/{OWN_VERSION}"),
        kind: "SecretSummary",
        metadata: Metadata {
            name,
            namespace,
            uid: secret.metadata.uid,
            resource_version: secret.metadata.resource_version,
        },
        role,
        referenced_by,
        state,
        of: secret.of,
        keys: data.into_keys().collect(),
        certificates,
    })
}

fn fingerprints(key: &str, value: &str) -> Vec<Certificate> {
    let pem = STANDARD.decode(value).unwrap_or_default();
    x509::certificates(&String::from_utf8_lossy(&pem))
        .into_iter()
        .flatten()
        .take(CHAIN)
        .map(|certificate| Certificate {
            key: key.to_owned(),
            sha256: certificate.fingerprint(),
            not_after: certificate.not_after,
        })
        .collect()
}

#[cfg(test)]
mod tests;
