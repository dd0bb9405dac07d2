//! What is looked for in objects of Istio and Gateway API: what a release changed, filters, and the API versions in use.

use std::collections::{BTreeMap, BTreeSet};

use mesh_common::output::clean;
use serde_json::Value;

use super::seen::text;
use crate::facts::IstioOperator;
use crate::rules::{Document, Place, Rules};

/// Hits kept per rule: more of them say nothing new.
const HITS: usize = 1_000;

/// Objects named per API version.
const EXAMPLES: usize = 3;

/// Longest document in an annotation that is parsed.
const MAX_DOCUMENT: usize = 64 * 1024;

/// Everything that was looked for.
#[derive(Debug, Default)]
pub(crate) struct Config {
    /// What rules of any release found, whatever the mesh is set to.
    pub(crate) hits: Vec<RawHit>,
    /// How often each rule hit, also beyond what is kept.
    pub(crate) counts: BTreeMap<String, usize>,
    /// `EnvoyFilters`.
    pub(crate) filters: Vec<Filter>,
    /// `WasmPlugins`, as kubectl takes them.
    pub(crate) plugins: Vec<String>,
    /// `IstioOperator` objects and their `spec`.
    pub(crate) operators: Vec<IstioOperator>,
    /// API versions that somebody writes objects in, by CRD and version.
    pub(crate) used: BTreeMap<(String, String), Used>,
}

/// What a rule found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RawHit {
    pub(crate) rule: String,
    pub(crate) object: String,
    pub(crate) field: String,
    pub(crate) value: String,
}

/// An `EnvoyFilter`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Filter {
    pub(crate) object: String,
    pub(crate) patches: Vec<Patch>,
}

/// One of its patches.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Patch {
    /// `HTTP_FILTER`, `CLUSTER`, …
    pub(crate) apply_to: String,
    /// `SIDECAR_INBOUND`, `GATEWAY`, `ANY`, …
    pub(crate) context: String,
    /// `INSERT_BEFORE`, `MERGE`, …
    pub(crate) operation: String,
    /// The filters of Envoy and Istio that it is put beside or changes.
    pub(crate) beside: BTreeSet<String>,
    /// `match.proxy.proxyVersion`, a regular expression.
    pub(crate) proxy_version: Option<String>,
}

/// An API version somebody writes objects in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Used {
    pub(crate) objects: usize,
    /// Some of them, as kubectl takes them.
    pub(crate) examples: Vec<String>,
    /// Who writes: field managers.
    pub(crate) managers: BTreeSet<String>,
}

/// Whether objects of this list are looked at: `virtualservices.networking.istio.io`.
pub(crate) fn wanted(what: &str) -> bool {
    let Some((_, group)) = what.split_once('.') else {
        return what == "services";
    };
    group.ends_with("istio.io") || group == "gateway.networking.k8s.io" || group == "policy"
}

impl Config {
    /// Looks at one object.
    pub(crate) fn see(&mut self, rules: &Rules, what: &str, kind: &str, object: &Value) {
        let name = named(what, kind, object);
        self.find(rules, Place::Resource, kind, &name, object);
        let meta = &object["metadata"];
        for (place, map) in [
            (Place::Annotation, &meta["annotations"]),
            (Place::Label, &meta["labels"]),
        ] {
            if map.is_object() {
                self.find(rules, place, kind, &name, map);
            }
        }
        if !what.contains("istio.io") && !what.ends_with("gateway.networking.k8s.io") {
            return;
        }
        match kind {
            "EnvoyFilter" => self.filters.push(filter(&name, &object["spec"])),
            "WasmPlugin" => self.plugins.push(name.clone()),
            "IstioOperator" => self.operators.push(operator(&name, object)),
            _ => {}
        }
        self.versions(what, &name, meta);
    }

    /// Looks at a pod template of an object.
    pub(crate) fn template(&mut self, rules: &Rules, kind: &str, name: &str, template: &Value) {
        let meta = &template["metadata"];
        for (place, map) in [
            (Place::Annotation, &meta["annotations"]),
            (Place::Label, &meta["labels"]),
        ] {
            if map.is_object() {
                self.find(rules, place, kind, name, map);
            }
        }
        let proxy = meta["annotations"]["proxy.istio.io/config"].as_str();
        if let Some(config) = proxy.filter(|c| c.len() <= MAX_DOCUMENT)
            && let Ok(config) = serde_saphyr::from_str::<Value>(config)
        {
            self.find(rules, Place::ProxyConfig, kind, name, &config);
        }
    }

    fn find(&mut self, rules: &Rules, place: Place, kind: &str, name: &str, value: &Value) {
        let document = Document {
            place,
            kind,
            object: name,
            value,
        };
        for hit in rules.find(&document) {
            let count = self.counts.entry(hit.rule.id.clone()).or_default();
            *count += 1;
            if *count <= HITS {
                self.hits.push(RawHit {
                    rule: hit.rule.id.clone(),
                    object: hit.object,
                    field: hit.field,
                    value: hit.value,
                });
            }
        }
    }

    /// The API versions of an object's writers; istiod writes status only.
    fn versions(&mut self, what: &str, name: &str, meta: &Value) {
        let mut seen = BTreeSet::new();
        for entry in meta["managedFields"].as_array().into_iter().flatten() {
            let manager = text(&entry["manager"]);
            if entry["subresource"] == "status" || manager == "pilot-discovery" {
                continue;
            }
            let version = text(&entry["apiVersion"]);
            let Some((_, version)) = version.split_once('/') else {
                continue;
            };
            let key = (what.to_owned(), version.to_owned());
            let used = self.used.entry(key).or_default();
            used.managers.insert(clean(manager, 60));
            if seen.insert(version.to_owned()) {
                used.objects += 1;
                if used.examples.len() < EXAMPLES {
                    used.examples.push(name.to_owned());
                }
            }
        }
    }

    /// Puts everything into an order that does not depend on which list came first.
    pub(crate) fn sort(&mut self) {
        self.hits
            .sort_by(|a, b| (&a.rule, &a.object, &a.field).cmp(&(&b.rule, &b.object, &b.field)));
        self.filters.sort_by(|a, b| a.object.cmp(&b.object));
        self.plugins.sort();
        self.operators.sort_by(|a, b| a.object.cmp(&b.object));
    }
}

/// An object as kubectl takes it: `virtualservice/web -n shop`. Both Istio and Gateway API have a Gateway.
fn named(what: &str, kind: &str, object: &Value) -> String {
    let meta = &object["metadata"];
    let resource = match kind {
        "Gateway" => what.to_owned(),
        _ => kind.to_lowercase(),
    };
    let name = format!("{resource}/{}", text(&meta["name"]));
    let name = match text(&meta["namespace"]) {
        "" => name,
        namespace => format!("{name} -n {namespace}"),
    };
    clean(&name, 300)
}

fn operator(name: &str, object: &Value) -> IstioOperator {
    let spec = object["spec"].clone();
    IstioOperator {
        object: name.to_owned(),
        name: clean(text(&object["metadata"]["name"]), 300),
        revision: Some(text(&spec["revision"]).to_owned()).filter(|r| !r.is_empty()),
        spec,
    }
}

fn filter(name: &str, spec: &Value) -> Filter {
    let patches = spec["configPatches"].as_array();
    let patch = |patch: &Value| {
        let matched = &patch["match"];
        let mut beside = BTreeSet::new();
        names(matched, 0, &mut beside);
        Patch {
            apply_to: clean(text(&patch["applyTo"]), 40),
            context: match text(&matched["context"]) {
                "" => "ANY".to_owned(),
                context => clean(context, 40),
            },
            operation: clean(text(&patch["patch"]["operation"]), 40),
            beside,
            proxy_version: matched["proxy"]["proxyVersion"].as_str().map(str::to_owned),
        }
    };
    Filter {
        object: name.to_owned(),
        patches: patches.into_iter().flatten().map(patch).collect(),
    }
}

/// Names of filters in a match: `listener.filterChain.filter.name` and `subFilter.name`.
fn names(value: &Value, depth: usize, out: &mut BTreeSet<String>) {
    if depth > 8 {
        return;
    }
    for (key, value) in value.as_object().into_iter().flatten() {
        if let ("filter" | "subFilter", Some(name)) = (key.as_str(), value["name"].as_str()) {
            out.insert(clean(name, 80));
        }
        names(value, depth + 1, out);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn seen(what: &str, kind: &str, object: &Value) -> Config {
        let mut config = Config::default();
        config.see(&Rules::all().unwrap(), what, kind, object);
        config
    }

    #[test]
    fn an_envoy_filter_is_told_by_its_patches() {
        let object = json!({"metadata": {"name": "f", "namespace": "ns"}, "spec": {"configPatches": [{
            "applyTo": "HTTP_FILTER",
            "match": {"context": "SIDECAR_INBOUND", "proxy": {"proxyVersion": "^1\\.26.*"},
                      "listener": {"filterChain": {"filter": {"name": "a", "subFilter": {"name": "b"}}}}},
            "patch": {"operation": "INSERT_BEFORE"},
        }, {"applyTo": "CLUSTER"}]}});
        let config = seen("envoyfilters.networking.istio.io", "EnvoyFilter", &object);
        assert_eq!(config.filters[0].object, "envoyfilter/f -n ns");
        let patch = &config.filters[0].patches[0];
        assert_eq!(patch.beside, BTreeSet::from(["a".to_owned(), "b".into()]));
        assert_eq!(patch.proxy_version.as_deref(), Some("^1\\.26.*"));
        assert_eq!(config.filters[0].patches[1].context, "ANY");
    }

    #[test]
    fn writers_tell_the_version_and_istiod_does_not_count() {
        let field = |manager: &str, version: &str, status: bool| {
            let mut entry = json!({"manager": manager, "apiVersion": version});
            if status {
                entry["subresource"] = "status".into();
            }
            entry
        };
        let object = json!({"metadata": {"name": "x", "namespace": "ns", "managedFields": [
            field("argocd", "networking.istio.io/v1alpha3", false),
            field("kubectl", "networking.istio.io/v1", false),
            field("pilot-discovery", "networking.istio.io/v1beta1", false),
            field("helm", "networking.istio.io/v1beta1", true),
        ]}});
        let config = seen(
            "virtualservices.networking.istio.io",
            "VirtualService",
            &object,
        );
        let versions: Vec<_> = config.used.keys().map(|(_, v)| v.as_str()).collect();
        assert_eq!(versions, ["v1", "v1alpha3"]);
        let used = config.used.values().last().unwrap();
        assert_eq!(used.examples, ["virtualservice/x -n ns"]);
        assert_eq!(used.managers, BTreeSet::from(["argocd".to_owned()]));
    }

    #[test]
    fn two_kinds_of_gateway_have_two_names() {
        let object = json!({"metadata": {"name": "g", "namespace": "ns"}});
        for group in ["networking.istio.io", "gateway.networking.k8s.io"] {
            let what = format!("gateways.{group}");
            assert_eq!(named(&what, "Gateway", &object), format!("{what}/g -n ns"));
        }
    }

    #[test]
    fn objects_of_any_shape_are_borne() {
        for object in [
            json!(null),
            json!([1]),
            json!({"metadata": [], "spec": {"configPatches": [[], 1]}}),
        ] {
            for kind in ["EnvoyFilter", "VirtualService", "IstioOperator", "Strange"] {
                let _ = seen("envoyfilters.networking.istio.io", kind, &object);
            }
        }
    }
}
