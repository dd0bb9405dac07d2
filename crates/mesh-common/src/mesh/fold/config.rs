//! What each revision is configured with, and which providers anybody names.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

use super::{istiods::DEFAULT, webhooks::digest};
use crate::mesh::{RevisionConfig, Selector, wire::config};

/// A document longer than this is not parsed. The API server admits a `ConfigMap` of 1 MiB.
const MAX_DOCUMENT: usize = 2 * 1024 * 1024;

/// `ConfigMaps` of the Istio namespace, telemetries and policies, as far as they matter.
#[derive(Debug, Default)]
pub(super) struct Configs {
    revisions: BTreeMap<String, RevisionConfig>,
    /// The CA root as PEM text.
    root: Option<String>,
    /// What users gave the chart, by revision: to be put into the revisions that there are.
    originals: BTreeMap<String, String>,
    providers: BTreeSet<String>,
}

impl Configs {
    pub(super) fn absorb(&mut self, other: Self) {
        // Two ConfigMaps make one revision, but one list brings them both.
        self.revisions.extend(other.revisions);
        self.root = self.root.take().or(other.root);
        self.originals.extend(other.originals);
        self.providers.extend(other.providers);
    }

    /// Takes `istio[-<revision>]`, `istio-sidecar-injector[-<revision>]` and `istio-ca-root-cert`
    /// (`pilot/pkg/bootstrap/configcontroller.go`, `getMeshConfigMapName`; `sidecarinjector.go`), and the charts'
    /// `values[-<revision>]` (`istio-discovery/templates/configmap-values.yaml`).
    pub(super) fn config_map(&mut self, map: config::ConfigMap) {
        let config::ConfigMap { metadata, data } = map;
        let name = metadata.name;
        if name == "istio-ca-root-cert" {
            self.root = data.root_cert.filter(|c| !c.trim().is_empty());
            return;
        }
        if let Some(revision) = revision_of(&name, "istio-sidecar-injector") {
            let entry = self.entry(revision);
            if let Some(values) = &data.values {
                entry.values = document(values, "values", &mut entry.problems);
            }
            if let Some(text) = &data.config {
                injector(text, entry);
            }
        } else if let Some(revision) = revision_of(&name, "istio").filter(|_| data.mesh.is_some()) {
            let entry = self.entry(revision);
            let mesh = data.mesh.unwrap_or_default();
            entry.mesh = document(&mesh, "mesh", &mut entry.problems);
            // An empty document is the default, and present all the same.
            if entry.mesh.is_null() && entry.problems.is_empty() {
                entry.mesh = Value::Object(serde_json::Map::new());
            }
            if let Some(networks) = &data.mesh_networks {
                entry.networks = document(networks, "meshNetworks", &mut entry.problems);
            }
        } else if let Some(revision) = revision_of(&name, "values")
            && let Some(values) = data.original_values
        {
            // Many a ConfigMap is called so: it makes no revision.
            self.originals.insert(revision.to_owned(), values);
        }
    }

    pub(super) fn telemetry(&mut self, telemetry: config::Telemetry) {
        let spec = telemetry.spec;
        let all = [spec.tracing, spec.metrics, spec.access_logging];
        self.providers.extend(
            all.into_iter()
                .flatten()
                .flat_map(|p| p.providers)
                .map(|p| p.name)
                .filter(|n| !n.is_empty()),
        );
    }

    pub(super) fn policy(&mut self, policy: config::AuthorizationPolicy) {
        let name = policy.spec.provider.name;
        if policy.spec.custom && !name.is_empty() {
            self.providers.insert(name);
        }
    }

    /// Makes sure that these revisions are there, with what the absence of their `ConfigMaps` means.
    pub(super) fn expect(&mut self, revisions: BTreeSet<String>) {
        for revision in revisions {
            self.entry(&revision);
        }
    }

    pub(super) fn revisions(&self) -> BTreeMap<String, RevisionConfig> {
        let mut revisions = self.revisions.clone();
        for (revision, text) in &self.originals {
            if let Some(entry) = revisions.get_mut(revision) {
                entry.original_values = document(text, "original-values", &mut entry.problems);
            }
        }
        revisions
    }

    /// Digest of the CA root.
    pub(super) fn root(&self) -> Option<String> {
        self.root.as_ref().map(|pem| digest(pem.as_bytes()))
    }

    /// The CA root itself.
    pub(super) fn root_pem(&self) -> Option<String> {
        self.root.clone()
    }

    /// Those that objects name, and the defaults of every revision.
    pub(super) fn providers(&self) -> BTreeSet<String> {
        let mut all = self.providers.clone();
        for config in self.revisions.values() {
            let defaults = &config.mesh["defaultProviders"];
            for kind in ["tracing", "metrics", "accessLogging"] {
                let names = defaults[kind].as_array().into_iter().flatten();
                all.extend(names.filter_map(Value::as_str).map(str::to_owned));
            }
        }
        all
    }

    fn entry(&mut self, revision: &str) -> &mut RevisionConfig {
        self.revisions
            .entry(revision.to_owned())
            .or_insert_with(|| RevisionConfig {
                config_map: if revision == DEFAULT {
                    "istio".into()
                } else {
                    format!("istio-{revision}")
                },
                mesh: Value::Null,
                networks: Value::Null,
                values: Value::Null,
                original_values: Value::Null,
                never_inject: Vec::new(),
                always_inject: Vec::new(),
                policy: "enabled".into(),
                problems: Vec::new(),
            })
    }
}

/// The revision in `<base>[-<revision>]`.
fn revision_of<'a>(name: &'a str, base: &str) -> Option<&'a str> {
    match name.strip_prefix(base)? {
        "" => Some(DEFAULT),
        rest => rest.strip_prefix('-').filter(|r| !r.is_empty()),
    }
}

/// A YAML or JSON document; null and a line in `problems` where it cannot be read.
fn document(text: &str, name: &str, problems: &mut Vec<String>) -> Value {
    match parse(text) {
        Ok(value) => value.unwrap_or_default(),
        Err(e) => {
            problems.push(format!("{name}: {e}"));
            Value::Null
        }
    }
}

/// An empty document is none.
fn parse<T: serde::de::DeserializeOwned>(text: &str) -> Result<Option<T>, String> {
    if text.len() > MAX_DOCUMENT {
        return Err(format!("{} bytes are too long a document", text.len()));
    }
    // Values are JSON, which is quicker to read as what it is.
    if text.trim_start().starts_with('{')
        && let Ok(value) = serde_json::from_str(text)
    {
        return Ok(Some(value));
    }
    serde_saphyr::from_str(text).map_err(|e| {
        let text = e.to_string();
        let line = text.lines().next().unwrap_or_default();
        crate::output::clean(line, 200)
    })
}

/// What the injector's `config` says of who is injected (`pkg/kube/inject/inject.go`, `Config`); its templates are skipped.
fn injector(text: &str, entry: &mut RevisionConfig) {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Config {
        policy: Option<String>,
        never_inject_selector: Option<Vec<Selector>>,
        always_inject_selector: Option<Vec<Selector>>,
    }
    match parse::<Config>(text) {
        Ok(None) => {}
        Ok(Some(config)) => {
            entry.never_inject = config.never_inject_selector.unwrap_or_default();
            entry.always_inject = config.always_inject_selector.unwrap_or_default();
            if let Some(policy) = config.policy {
                entry.policy = policy;
            }
        }
        Err(e) => entry.problems.push(format!("injector config: {e}")),
    }
}
