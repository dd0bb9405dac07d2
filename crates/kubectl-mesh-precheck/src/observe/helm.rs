//! Helm's records: a Secret for each revision of each release, in which the release is JSON, compressed and twice
//! base64 (`pkg/storage/driver/util.go`).

use std::{collections::BTreeMap, io::Read};

use base64::{Engine, engine::general_purpose::STANDARD};
use flate2::read::GzDecoder;
use mesh_common::{
    mesh::{Gap, Why},
    output::clean,
};
use serde::Deserialize;
use serde_json::Value;

use crate::facts::HelmRelease;

/// A release larger than this is not looked into. A Secret has a megabyte, and a chart compresses to a tenth.
const MAX_RELEASE: u64 = 16 * 1024 * 1024;

/// First bytes of what is compressed.
const GZIP: [u8; 3] = [0x1f, 0x8b, 0x08];

/// A Secret of Helm's, as far as it is wanted.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Record {
    metadata: Metadata,
    data: Option<Data>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Metadata {
    labels: Labels,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Labels {
    name: String,
    version: String,
}

#[derive(Debug, Default, Deserialize)]
struct Data {
    #[serde(default)]
    release: String,
}

/// The newest record of each release.
#[derive(Debug, Default)]
pub(super) struct Newest(BTreeMap<String, (u64, String)>);

impl Newest {
    /// Takes a record if it is newer than what is held of its release.
    pub(super) fn add(&mut self, record: Record) {
        let Labels { name, version } = record.metadata.labels;
        let number = version.parse().unwrap_or(0);
        let newer = self.0.get(&name).is_none_or(|(held, _)| number > *held);
        if newer && let Some(data) = record.data {
            self.0.insert(name, (number, data.release));
        }
    }

    /// What they say.
    ///
    /// # Errors
    /// One cannot be read: then it is not known what is installed.
    pub(super) fn releases(self, namespace: &str) -> Result<Vec<HelmRelease>, Gap> {
        let mut all = Vec::new();
        for (name, (number, text)) in self.0 {
            let release = decode(&text)
                .filter(Release::has_chart)
                .ok_or_else(|| Gap {
                    what: "secrets".into(),
                    why: Why::Failed,
                    detail: format!(
                        "the record {number} of the Helm release {} in {namespace} cannot be read",
                        clean(&name, 100)
                    ),
                })?;
            all.push(release.named(namespace, name, number));
        }
        Ok(all)
    }
}

#[derive(Deserialize)]
struct Release {
    #[serde(default)]
    info: Info,
    #[serde(default)]
    chart: Chart,
    #[serde(default)]
    config: Value,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Info {
    status: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Chart {
    metadata: ChartMetadata,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ChartMetadata {
    name: String,
    version: String,
    app_version: Option<String>,
}

impl Release {
    /// Whether it is one at all: every release has a chart.
    fn has_chart(&self) -> bool {
        !self.chart.metadata.name.is_empty()
    }

    fn named(self, namespace: &str, name: String, revision: u64) -> HelmRelease {
        let chart = self.chart.metadata;
        HelmRelease {
            namespace: namespace.to_owned(),
            name,
            revision,
            status: clean(&self.info.status, 60),
            chart: clean(&chart.name, 100),
            version: clean(&chart.version, 100),
            app_version: chart
                .app_version
                .map(|v| clean(&v, 100))
                .filter(|v| !v.is_empty()),
            values: self.config,
        }
    }
}

fn decode(secret: &str) -> Option<Release> {
    let text = STANDARD.decode(secret).ok()?;
    let bytes = STANDARD.decode(text).ok()?;
    // Helm reads what is not compressed too.
    if !bytes.starts_with(&GZIP) {
        return serde_json::from_slice(&bytes).ok();
    }
    let mut json = Vec::new();
    GzDecoder::new(bytes.as_slice())
        .take(MAX_RELEASE + 1)
        .read_to_end(&mut json)
        .ok()?;
    if json.len() as u64 > MAX_RELEASE {
        return None;
    }
    serde_json::from_slice(&json).ok()
}

#[cfg(test)]
pub(super) mod tests {
    use std::io::Write;

    use flate2::{Compression, write::GzEncoder};
    use serde_json::json;

    use super::*;

    pub(in crate::observe) fn encoded(json: &[u8]) -> String {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        gzip.write_all(json).unwrap();
        STANDARD.encode(STANDARD.encode(gzip.finish().unwrap()))
    }

    fn record(name: &str, version: &str, release: &str) -> Record {
        serde_json::from_value(json!({
            "metadata": { "labels": { "name": name, "version": version, "owner": "helm" } },
            "data": { "release": release },
        }))
        .unwrap()
    }

    pub(in crate::observe) fn release(status: &str) -> Vec<u8> {
        let release = json!({
            "name": "istiod", "namespace": "istio-system", "version": 3,
            "info": { "status": status, "notes": "many" },
            "chart": {
                "metadata": { "name": "istiod", "version": "1.26.1", "appVersion": "1.26.1" },
                "templates": [{ "name": "x", "data": "eA==" }], "values": { "defaults": true },
            },
            "config": { "revision": "1-26-1" },
            "manifest": "---",
        });
        serde_json::to_vec(&release).unwrap()
    }

    #[test]
    fn the_newest_record_of_each_release_is_read() {
        let mut newest = Newest::default();
        newest.add(record("istiod", "9", &encoded(&release("deployed"))));
        newest.add(record(
            "istiod",
            "10",
            &encoded(&release("pending-upgrade")),
        ));
        newest.add(record("istiod", "2", "garbage, but old"));
        newest.add(record(
            "plain",
            "1",
            &STANDARD.encode(STANDARD.encode(release("failed"))),
        ));
        let all = newest.releases("istio-system").unwrap();
        let said: Vec<_> = all
            .iter()
            .map(|r| (r.name.as_str(), r.revision, r.status.as_str(), r.brings()))
            .collect();
        assert_eq!(
            said,
            [
                ("istiod", 10, "pending-upgrade", "1.26.1"),
                ("plain", 1, "failed", "1.26.1"),
            ]
        );
        assert_eq!(all[0].values, json!({ "revision": "1-26-1" }));
    }

    #[test]
    fn what_cannot_be_read_is_not_known() {
        let bomb = encoded(&vec![b' '; usize::try_from(MAX_RELEASE).unwrap() + 1]);
        let mut cut = encoded(&release("deployed"));
        cut.truncate(40);
        for text in ["", "%", &STANDARD.encode("%"), &bomb, &cut, &encoded(b"[]")] {
            let mut newest = Newest::default();
            newest.add(record("istiod", "1", text));
            let gap = newest.releases("istio-system").unwrap_err();
            assert_eq!(gap.why, Why::Failed);
            assert!(gap.detail.contains("Helm release istiod in istio-system"));
        }
    }
}
