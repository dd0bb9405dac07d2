//! Fields that a controller owns, by the names that managedFields give.

use std::collections::BTreeSet;

use serde_json::Value;

/// istiod: client-go names a manager after the program in its User-Agent. It keeps the caBundle of its webhooks
/// (`pkg/webhooks/webhookpatch.go`) and turns its validators from Ignore to Fail once they answer
/// (`pkg/webhooks/validation/controller`).
const ISTIOD: &str = "pilot-discovery";
/// The autoscalers, and all other controllers of Kubernetes.
const CONTROLLERS: &str = "kube-controller-manager";

/// What controllers own in any state of an object. Whoever wrote such a field last, the controller will write it again.
#[derive(Debug, Default)]
pub(super) struct Managed {
    /// Name of a webhook, and which of its fields.
    webhooks: BTreeSet<(String, Field)>,
    replicas: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Field {
    CaBundle,
    FailurePolicy,
}

impl Managed {
    pub(super) fn of<'a>(states: impl IntoIterator<Item = &'a Value>) -> Self {
        let mut managed = Self::default();
        for state in states {
            let entries = state.pointer("/metadata/managedFields");
            for entry in entries.and_then(Value::as_array).into_iter().flatten() {
                managed.note(entry);
            }
        }
        managed
    }

    fn note(&mut self, entry: &Value) {
        let fields = &entry["fieldsV1"];
        if entry["manager"] == CONTROLLERS
            && entry["subresource"] == "scale"
            && fields["f:spec"].get("f:replicas").is_some()
        {
            self.replicas = true;
        }
        if entry["manager"] != ISTIOD {
            return;
        }
        for (key, owned) in fields["f:webhooks"].as_object().into_iter().flatten() {
            // `k:{"name":"rev.namespace.sidecar-injector.istio.io"}`
            let Some(name) = key
                .strip_prefix("k:")
                .and_then(|key| serde_json::from_str::<Value>(key).ok())
                .and_then(|key| key["name"].as_str().map(str::to_owned))
            else {
                continue;
            };
            if owned["f:clientConfig"].get("f:caBundle").is_some() {
                self.webhooks.insert((name.clone(), Field::CaBundle));
            }
            if owned.get("f:failurePolicy").is_some() {
                self.webhooks.insert((name, Field::FailurePolicy));
            }
        }
    }

    pub(super) fn out_of(&self, object: &mut Value) {
        if self.replicas
            && let Some(spec) = object.get_mut("spec").and_then(Value::as_object_mut)
        {
            spec.remove("replicas");
        }
        if self.webhooks.is_empty() {
            return;
        }
        let webhooks = object.get_mut("webhooks").and_then(Value::as_array_mut);
        for webhook in webhooks.into_iter().flatten() {
            let Some(name) = webhook["name"].as_str().map(str::to_owned) else {
                continue;
            };
            let owns = |field| self.webhooks.contains(&(name.clone(), field));
            let (bundle, policy) = (owns(Field::CaBundle), owns(Field::FailurePolicy));
            let Some(fields) = webhook.as_object_mut() else {
                continue;
            };
            if policy {
                fields.remove("failurePolicy");
            }
            if bundle
                && let Some(client) = fields
                    .get_mut("clientConfig")
                    .and_then(Value::as_object_mut)
            {
                client.remove("caBundle");
            }
        }
    }
}
