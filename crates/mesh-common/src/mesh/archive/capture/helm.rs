//! The Helm releases that the mesh came with: names, charts and revisions. The records themselves are Secrets, and hold
//! every value that was set: only their labels are asked for.

use std::collections::BTreeMap;

use futures::{StreamExt, stream};
use serde::{Deserialize, Serialize};

use super::{
    lists::{AT_ONCE, Capture},
    secrets,
    sink::Of,
};
use crate::{
    cluster::{ListQuery, list_pages},
    error::{Error, Result},
    mesh::{
        archive::{
            Unread,
            format::{ISTIO, OWN_GROUP, OWN_VERSION, RELEASES, ReadList},
        },
        wire::dotted,
    },
};

/// Helm's own label on its records (`pkg/storage/driver/secrets.go`).
const RECORDS: &str = "owner=helm";

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Record {
    metadata: Meta,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Meta {
    labels: Labels,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Labels {
    name: String,
    version: String,
    status: String,
}

/// A release.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Release<'a> {
    api_version: String,
    kind: &'static str,
    metadata: Name<'a>,
    /// As objects that it brought are labelled: `istiod-1.28.1`.
    charts: Vec<&'a str>,
    /// None where Helm's records do not have it, or may not be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct Name<'a> {
    name: &'a str,
    namespace: &'a str,
}

/// Newest revision and its status, by release.
type Newest = BTreeMap<String, (u64, String)>;

/// Reads the releases.
pub(super) async fn read(capture: &Capture<'_>) -> Result<()> {
    let mut found = capture.sink().own.releases.clone();
    let mut places: Vec<String> = found
        .keys()
        .map(|(namespace, _)| namespace.clone())
        .collect();
    places.push(capture.home().to_owned());
    places.sort();
    places.dedup();
    let read: Vec<(String, Result<Newest, Unread>)> = stream::iter(places)
        .map(|namespace| async move {
            let records = records(capture, &namespace).await;
            (namespace, records)
        })
        .buffered(AT_ONCE)
        .collect()
        .await;
    let mut records: BTreeMap<String, Newest> = BTreeMap::new();
    for (namespace, newest) in read {
        match newest {
            Ok(newest) => {
                if namespace == capture.home() {
                    for name in newest.keys() {
                        found.entry((namespace.clone(), name.clone())).or_default();
                    }
                }
                records.insert(namespace, newest);
            }
            Err(unread) => capture.sink().unread(unread),
        }
    }
    let mut sink = capture.sink();
    let mut objects = 0;
    for ((namespace, name), charts) in &found {
        let newest = records.get(namespace).and_then(|r| r.get(name));
        let release = Release {
            api_version: format!("{OWN_GROUP}/{OWN_VERSION}"),
            kind: "HelmRelease",
            metadata: Name { name, namespace },
            charts: charts.iter().map(String::as_str).collect(),
            revision: newest.map(|(revision, _)| *revision),
            status: newest.map(|(_, status)| status.as_str()),
        };
        let document = serde_json::to_string(&release)
            .map_err(|e| Error::internal("cannot write a Helm release").caused_by(e))?;
        let of = Of::new(OWN_GROUP, OWN_VERSION, RELEASES, release.kind);
        objects += usize::from(sink.object(&of, &document));
        if let Some(failure) = sink.failure.take() {
            return Err(failure);
        }
    }
    sink.writer.complete(ReadList {
        what: dotted(OWN_GROUP, RELEASES),
        version: OWN_VERSION.into(),
        objects,
        selection: Some(ISTIO.into()),
        ..ReadList::default()
    });
    Ok(())
}

async fn records(capture: &Capture<'_>, namespace: &str) -> Result<Newest, Unread> {
    let path = format!("/api/v1/namespaces/{namespace}/secrets");
    let query = ListQuery {
        label_selector: Some(RECORDS.into()),
        metadata_only: true,
        ..ListQuery::default()
    };
    let listed = list_pages(capture.client, &path, &query, Newest::new, add).await;
    match listed {
        Ok(listed) => Ok(listed.value),
        Err(e) => Err(secrets::gap(capture, &e, "list", namespace)),
    }
}

fn add(newest: &mut Newest, record: Record) {
    let Labels {
        name,
        version,
        status,
    } = record.metadata.labels;
    let Ok(revision) = version.parse::<u64>() else {
        return;
    };
    if newest.get(&name).is_none_or(|(held, _)| revision > *held) {
        newest.insert(name, (revision, status));
    }
}
