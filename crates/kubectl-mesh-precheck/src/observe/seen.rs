//! What is looked for in objects of which the mesh keeps little: templates of workloads, and everything of Istio's own.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use mesh_common::{mesh::Tap, output::clean};
use serde_json::Value;

use super::config::{self, Config};
use crate::rules::Rules;

/// Kinds with a pod template: the name of the list, the resource as kubectl takes it, and where the template is.
const TEMPLATES: [(&str, &str, &str); 5] = [
    ("deployments.apps", "deployment", "/spec/template"),
    ("statefulsets.apps", "statefulset", "/spec/template"),
    ("daemonsets.apps", "daemonset", "/spec/template"),
    ("jobs.batch", "job", "/spec/template"),
    (
        "cronjobs.batch",
        "cronjob",
        "/spec/jobTemplate/spec/template",
    ),
];

/// Everything that was looked for.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// Templates by namespace and `deployment/web`.
    pub(crate) templates: BTreeMap<(String, String), Template>,
    /// Objects of Istio and Gateway API.
    pub(crate) config: Config,
}

/// A pod template and the state of its rollout, as far as an upgrade cares.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Template {
    /// `restartPolicy: Never`.
    pub(crate) never_restarts: bool,
    /// Containers, the proxy left out, without a readiness probe.
    pub(crate) unprobed: Vec<String>,
    /// Whether there are containers other than the proxy.
    pub(crate) has_app: bool,
    /// `holdApplicationUntilProxyStarts` in its annotation `proxy.istio.io/config`; none where it says nothing.
    pub(crate) holds: Option<bool>,
    /// Annotation `sidecar.istio.io/proxyImage`.
    pub(crate) proxy_image: Option<String>,
    /// Its rollout, where the kind has one.
    pub(crate) rollout: Option<Rollout>,
}

/// How far a rollout is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Rollout {
    /// Pods wanted.
    pub(crate) wanted: u64,
    /// Pods of the newest template.
    pub(crate) updated: u64,
    /// Pods available.
    pub(crate) available: u64,
    /// Whether the controller has seen the newest spec.
    pub(crate) observed: bool,
    /// `spec.paused`.
    pub(crate) paused: bool,
}

impl Rollout {
    /// Whether it is still under way, or does not get on.
    pub(crate) fn in_flight(&self) -> bool {
        !self.observed || self.updated < self.wanted || self.available < self.wanted
    }
}

/// Looks at objects while they stream by.
pub(crate) struct Watcher {
    rules: Arc<Rules>,
    seen: Mutex<Seen>,
}

impl Watcher {
    /// One that has seen nothing yet.
    pub(crate) fn new(rules: Arc<Rules>) -> Self {
        Self {
            rules,
            seen: Mutex::default(),
        }
    }

    /// What was seen.
    pub(crate) fn take(&self) -> Seen {
        let mut seen = std::mem::take(&mut *self.seen());
        seen.config.sort();
        seen
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Tap for Watcher {
    fn wants(&self, what: &str) -> bool {
        TEMPLATES.iter().any(|(list, ..)| *list == what) || config::wanted(what)
    }

    fn see(&self, what: &str, kind: &str, object: &Value) {
        if let Some((_, resource, path)) = TEMPLATES.iter().find(|(list, ..)| *list == what)
            && let Some(pods) = object.pointer(path)
        {
            let meta = &object["metadata"];
            let namespace = text(&meta["namespace"]);
            let name = format!("{resource}/{}", text(&meta["name"]));
            let template = read(pods, rollout(resource, object));
            let mut seen = self.seen();
            let named = clean(&format!("{name} -n {namespace}"), 300);
            seen.config.template(&self.rules, kind, &named, pods);
            seen.templates
                .insert((namespace.to_owned(), name), template);
        }
        self.seen().config.see(&self.rules, what, kind, object);
    }
}

pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn read(template: &Value, rollout: Option<Rollout>) -> Template {
    let annotations = &template["metadata"]["annotations"];
    let spec = &template["spec"];
    let containers = spec["containers"].as_array();
    let app = || {
        let all = containers.into_iter().flatten();
        all.filter(|c| c["name"] != "istio-proxy")
    };
    Template {
        never_restarts: spec["restartPolicy"] == "Never",
        unprobed: app()
            .filter(|c| c["readinessProbe"].is_null())
            .map(|c| text(&c["name"]).to_owned())
            .collect(),
        has_app: app().next().is_some(),
        holds: annotations["proxy.istio.io/config"]
            .as_str()
            .and_then(holds),
        proxy_image: annotations["sidecar.istio.io/proxyImage"]
            .as_str()
            .filter(|image| !image.is_empty())
            .map(str::to_owned),
        rollout,
    }
}

/// `holdApplicationUntilProxyStarts` of the YAML or JSON in an annotation `proxy.istio.io/config`. Anything may be written there.
fn holds(config: &str) -> Option<bool> {
    if config.len() > 64 * 1024 {
        return None;
    }
    let config: Value = serde_saphyr::from_str(config).ok()?;
    config["holdApplicationUntilProxyStarts"].as_bool()
}

fn rollout(resource: &str, object: &Value) -> Option<Rollout> {
    let (spec, status) = (&object["spec"], &object["status"]);
    let number = |value: &Value| value.as_u64().unwrap_or_default();
    let observed =
        number(&status["observedGeneration"]) >= number(&object["metadata"]["generation"]);
    let (wanted, updated, available) = match resource {
        "deployment" | "statefulset" => (
            spec["replicas"].as_u64().unwrap_or(1),
            number(&status["updatedReplicas"]),
            number(&status["availableReplicas"]),
        ),
        "daemonset" => (
            number(&status["desiredNumberScheduled"]),
            number(&status["updatedNumberScheduled"]),
            number(&status["numberAvailable"]),
        ),
        _ => return None,
    };
    Some(Rollout {
        wanted,
        updated,
        available,
        observed,
        paused: spec["paused"] == true,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn seen(what: &str, object: &Value) -> Seen {
        let watcher = Watcher::new(Arc::new(Rules::all().unwrap()));
        watcher.see(what, "", object);
        watcher.take()
    }

    #[test]
    fn a_template_is_read_wherever_the_kind_has_it() {
        let template = json!({
            "metadata": {"annotations": {
                "proxy.istio.io/config": "holdApplicationUntilProxyStarts: true",
                "sidecar.istio.io/proxyImage": "example.com/proxy:1",
            }},
            "spec": {"restartPolicy": "Never", "containers": [
                {"name": "app"}, {"name": "ready", "readinessProbe": {}}, {"name": "istio-proxy"},
            ]},
        });
        for (what, name, spec) in [
            (
                "deployments.apps",
                "deployment/x",
                json!({"template": template}),
            ),
            ("jobs.batch", "job/x", json!({"template": template})),
            (
                "cronjobs.batch",
                "cronjob/x",
                json!({"jobTemplate": {"spec": {"template": template}}}),
            ),
        ] {
            let object = json!({"metadata": {"name": "x", "namespace": "ns"}, "spec": spec});
            let seen = seen(what, &object);
            let read = &seen.templates[&("ns".to_owned(), name.to_owned())];
            assert!(read.never_restarts && read.has_app);
            assert_eq!(read.unprobed, ["app"]);
            assert_eq!(read.holds, Some(true));
            assert_eq!(read.proxy_image.as_deref(), Some("example.com/proxy:1"));
            assert_eq!(read.rollout.is_some(), what == "deployments.apps");
        }
    }

    #[test]
    fn anything_may_stand_in_an_annotation() {
        for (config, want) in [
            ("", None),
            ("[", None),
            ("holdApplicationUntilProxyStarts: maybe", None),
            ("holdApplicationUntilProxyStarts: false", Some(false)),
            ("{\"holdApplicationUntilProxyStarts\": true}", Some(true)),
            ("concurrency: 2", None),
        ] {
            assert_eq!(holds(config), want, "{config}");
        }
        assert_eq!(holds(&" ".repeat(70_000)), None);
    }

    #[test]
    fn objects_of_any_shape_are_borne() {
        for object in [
            json!(null),
            json!([]),
            json!({"spec": {"template": []}, "metadata": 1}),
        ] {
            for (what, ..) in TEMPLATES {
                let _ = seen(what, &object);
            }
        }
    }

    #[test]
    fn a_rollout_is_over_when_all_pods_are_new_and_available() {
        let flight = |spec: Value, status: Value, generation: u64| {
            let object =
                json!({"metadata": {"generation": generation}, "spec": spec, "status": status});
            rollout("deployment", &object).map(|r| r.in_flight())
        };
        let done = json!({"observedGeneration": 2, "updatedReplicas": 2, "availableReplicas": 2});
        assert_eq!(flight(json!({"replicas": 2}), done.clone(), 2), Some(false));
        assert_eq!(flight(json!({"replicas": 3}), done.clone(), 2), Some(true));
        assert_eq!(flight(json!({"replicas": 2}), done, 3), Some(true));
        assert_eq!(flight(json!({"replicas": 0}), json!({}), 0), Some(false));
    }
}
