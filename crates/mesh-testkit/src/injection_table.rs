//! Every combination of the labels that decide injection, as objects to apply: the real API server fills the answers.
//!
//! The webhooks are those of Istio's charts (`istio-discovery/templates/{mutatingwebhook,revision-tags-mwc}.yaml`, alike
//! from 1.20 to 1.30) for two revisions, a tag on the first, and on request a default tag on the second.

use std::{collections::BTreeMap, path::PathBuf};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Labels of an object.
pub type Labels = BTreeMap<String, String>;

const REV: &str = "istio.io/rev";
const INJECTION: &str = "istio-injection";
const INJECT: &str = "sidecar.istio.io/inject";
/// A revision, a tag that points to another one, and a name that is neither.
const REVS: [Option<&str>; 4] = [None, Some("1-28-1"), Some("stable"), Some("gone")];

/// The table as `tests/data/injection-table.json` holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Table {
    /// Version of the API server that answered.
    pub kubernetes: String,
    /// Webhook configurations that are always there.
    pub configurations: Vec<Value>,
    /// The default tag's, which are there for some rows.
    pub default_configurations: Vec<Value>,
    /// One row per combination.
    pub rows: Vec<Row>,
}

/// One combination of labels, and the webhooks the API server called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Row {
    /// Whether there is a default tag.
    pub default_tag: bool,
    /// Labels of the namespace.
    pub namespace: Labels,
    /// Labels of the pod.
    pub pod: Labels,
    /// `configuration/webhook` of each call, sorted.
    pub called: Vec<String>,
}

impl Table {
    /// Where the recorded table is.
    pub fn file() -> PathBuf {
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/injection-table.json")
    }

    /// All combinations, with no answers yet.
    pub fn unanswered(kubernetes: &str) -> Self {
        let mut rows = Vec::new();
        for default_tag in [false, true] {
            for namespace in labels(INJECTION, &[None, Some("enabled"), Some("disabled")]) {
                for pod in labels(INJECT, &[None, Some("true"), Some("false")]) {
                    rows.push(Row {
                        default_tag,
                        namespace: namespace.clone(),
                        pod,
                        called: Vec::new(),
                    });
                }
            }
        }
        Self {
            kubernetes: kubernetes.into(),
            configurations: vec![
                configuration("istio-sidecar-injector-1-26-1", "1-26-1", None),
                configuration("istio-sidecar-injector-1-28-1", "1-28-1", None),
                configuration("istio-revision-tag-stable", "1-26-1", Some("stable")),
            ],
            default_configurations: vec![configuration(
                "istio-revision-tag-default",
                "1-28-1",
                Some("default"),
            )],
            rows,
        }
    }

    /// The table as a file: one row per line, so that a difference reads well.
    pub fn text(&self) -> serde_json::Result<String> {
        let lines = |items: Vec<serde_json::Result<String>>| -> serde_json::Result<String> {
            let items: Vec<_> = items.into_iter().collect::<Result<_, _>>()?;
            Ok(items.join(",\n    "))
        };
        let values = |items: &[Value]| lines(items.iter().map(serde_json::to_string).collect());
        Ok(format!(
            "{{\n  \"kubernetes\": {},\n  \"configurations\": [\n    {}\n  ],\n  \"defaultConfigurations\": [\n    {}\n  ],\n  \"rows\": [\n    {}\n  ]\n}}\n",
            serde_json::to_string(&self.kubernetes)?,
            values(&self.configurations)?,
            values(&self.default_configurations)?,
            lines(self.rows.iter().map(serde_json::to_string).collect())?,
        ))
    }
}

impl Row {
    /// A name for the namespace of this row; rows with the same namespace labels share it.
    pub fn namespace_name(&self) -> String {
        let part = |key: &str| self.namespace.get(key).map_or("none", String::as_str);
        format!("table-{}-{}", part(INJECTION), part(REV))
    }

    /// The namespace to create.
    pub fn namespace_object(&self) -> Value {
        json!({
            "apiVersion": "v1", "kind": "Namespace",
            "metadata": {"name": self.namespace_name(), "labels": self.namespace},
        })
    }

    /// The pod to create.
    pub fn pod_object(&self) -> Value {
        json!({
            "apiVersion": "v1", "kind": "Pod",
            "metadata": {"name": "subject", "namespace": self.namespace_name(), "labels": self.pod},
            "spec": {"containers": [{"name": "app", "image": "registry.example.com/app:1"}]},
        })
    }
}

/// The same configuration with every webhook led to a recorder, at `<url_base>/<configuration>/<webhook>`.
#[must_use]
pub fn led_to(configuration: &Value, url_base: &str, ca_pem: &str) -> Value {
    let mut led = configuration.clone();
    let config = led["metadata"]["name"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    for webhook in led["webhooks"].as_array_mut().into_iter().flatten() {
        let name = webhook["name"].as_str().unwrap_or_default();
        webhook["clientConfig"] = json!({
            "url": format!("{url_base}/{config}/{name}"),
            "caBundle": STANDARD.encode(ca_pem),
        });
    }
    led
}

/// `switch` times `istio.io/rev`.
fn labels(switch: &str, values: &[Option<&str>]) -> Vec<Labels> {
    let mut all = Vec::new();
    for value in values {
        for rev in REVS {
            let entry = |key: &str, value: Option<&str>| Some((key.to_owned(), value?.to_owned()));
            all.push(
                [entry(switch, *value), entry(REV, rev)]
                    .into_iter()
                    .flatten()
                    .collect(),
            );
        }
    }
    all
}

/// A revision's or a tag's injector, as the charts render it.
fn configuration(name: &str, revision: &str, tag: Option<&str>) -> Value {
    let answers_to = tag.unwrap_or(revision);
    let one_of = |key: &str, value: &str| json!({"key": key, "operator": "In", "values": [value]});
    let absent = |key: &str| json!({"key": key, "operator": "DoesNotExist"});
    let not_out = json!({"key": INJECT, "operator": "NotIn", "values": ["false"]});
    let webhook = |prefix: &str, namespaces: Value, pods: Value| {
        json!({
            "name": format!("{prefix}.sidecar-injector.istio.io"),
            "clientConfig": {"service": {
                "name": format!("istiod-{revision}"), "namespace": "istio-system", "path": "/inject", "port": 443,
            }},
            "sideEffects": "None",
            "rules": [{
                "operations": ["CREATE"], "apiGroups": [""], "apiVersions": ["v1"], "resources": ["pods"],
            }],
            "failurePolicy": "Fail",
            "reinvocationPolicy": "Never",
            "admissionReviewVersions": ["v1"],
            "namespaceSelector": {"matchExpressions": namespaces},
            "objectSelector": {"matchExpressions": pods},
        })
    };
    let mut webhooks = vec![
        webhook(
            "rev.namespace",
            json!([one_of(REV, answers_to), absent(INJECTION)]),
            json!([not_out]),
        ),
        webhook(
            "rev.object",
            json!([absent(REV), absent(INJECTION)]),
            json!([not_out, one_of(REV, answers_to)]),
        ),
    ];
    if answers_to == "default" {
        webhooks.push(webhook(
            "namespace",
            json!([one_of(INJECTION, "enabled")]),
            json!([not_out]),
        ));
        webhooks.push(webhook(
            "object",
            json!([absent(INJECTION), absent(REV)]),
            json!([one_of(INJECT, "true"), absent(REV)]),
        ));
    }
    let mut labels = json!({"app": "sidecar-injector", REV: revision});
    if let Some(tag) = tag {
        labels["istio.io/tag"] = tag.into();
    }
    json!({
        "apiVersion": "admissionregistration.k8s.io/v1", "kind": "MutatingWebhookConfiguration",
        "metadata": {"name": name, "labels": labels},
        "webhooks": webhooks,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_combination_once() {
        let table = Table::unanswered("v0");
        let rows: BTreeSet<_> = table
            .rows
            .iter()
            .map(|r| (r.default_tag, &r.namespace, &r.pod))
            .collect();
        assert_eq!(rows.len(), 2 * 3 * 4 * 4 * 3);
        assert_eq!(table.rows.len(), rows.len());
        let text = table.text().unwrap();
        assert_eq!(serde_json::from_str::<Table>(&text).unwrap(), table);
    }
}
