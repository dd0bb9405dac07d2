//! Under the Lease: whether the Telemetries that it was decided on are still those, before another is made.

use std::collections::{BTreeMap, BTreeSet};

use mesh_common::{
    cluster::explain,
    error::{Error, Result},
    journal::Kind,
    output::clean,
};
use serde_json::Value;

use super::object::Ours;
use crate::{listed::listed, road::Road};

/// Name and state of each, by namespace.
type Seen = BTreeMap<(String, String), String>;

/// What it was decided on.
pub(super) struct Before {
    kind: Kind,
    seen: Seen,
}

impl Before {
    /// Those of the namespaces that count. One of ours is none: it is removed first.
    pub(super) fn of(kind: Kind, namespaces: &BTreeSet<String>, all: &[Value]) -> Self {
        let empty = namespaces
            .iter()
            .map(|ns| ((ns.clone(), String::new()), String::new()));
        let mut seen: Seen = empty.collect();
        let here = |object: &&Value| {
            let namespace = object["metadata"]["namespace"].as_str();
            namespace.is_some_and(|namespace| namespaces.contains(namespace))
        };
        seen.extend(all.iter().filter(here).filter_map(state));
        Self { kind, seen }
    }

    /// Refuses what changed since.
    ///
    /// # Errors
    /// Something did, or that cannot be told.
    pub(super) async fn holds(&self, road: &Road<'_>) -> Result<()> {
        let mut now = Seen::new();
        let namespaces: BTreeSet<&String> =
            self.seen.keys().map(|(namespace, _)| namespace).collect();
        for namespace in namespaces {
            now.insert((namespace.clone(), String::new()), String::new());
            let listed = listed(&road.client, self.kind, Some(namespace), None).await;
            let doing = format!("list telemetries in {namespace} again");
            let listed = listed.map_err(|e| explain(&e, &doing, road.connection))?;
            now.extend(listed.iter().filter_map(state));
        }
        let lines = changes(&self.seen, &now);
        if lines.is_empty() {
            return Ok(());
        }
        let mut error = Error::refused(
            "telemetries changed between the plan and the confirmation; nothing was changed",
        );
        for line in lines.into_iter().take(5) {
            error = error.hint(line);
        }
        Err(error.hint("Look at the new plan, and confirm that one."))
    }
}

fn state(object: &Value) -> Option<((String, String), String)> {
    if Ours::read(object).is_some() {
        return None;
    }
    let text = |key: &str| object["metadata"][key].as_str().map(str::to_owned);
    let state = format!("{}@{}", text("uid")?, text("resourceVersion")?);
    Some(((text("namespace")?, text("name")?), state))
}

fn changes(before: &Seen, now: &Seen) -> Vec<String> {
    let all: BTreeSet<_> = before.keys().chain(now.keys()).collect();
    let line = |key: &(String, String)| {
        let title = clean(&format!("Telemetry {}/{}", key.0, key.1), 300);
        match (before.get(key), now.get(key)) {
            (None, Some(_)) => Some(format!("{title} was made meanwhile")),
            (Some(_), None) => Some(format!("{title} is gone")),
            (a, b) => (a != b).then(|| format!("{title} changed")),
        }
    };
    all.into_iter().filter_map(line).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_changed_in_the_namespaces_that_count_is_told() {
        let object = |namespace: &str, name: &str, version: &str| json!({ "metadata": { "namespace": namespace, "name": name, "uid": "u", "resourceVersion": version } });
        let namespaces = BTreeSet::from(["istio-system".to_owned(), "payments".to_owned()]);
        let of = |all: &[Value]| Before::of(Kind::Telemetry, &namespaces, all).seen;
        let before = of(&[
            object("payments", "a", "1"),
            object("payments", "b", "1"),
            object("shop", "x", "1"),
        ]);
        let now = of(&[
            object("payments", "a", "2"),
            object("istio-system", "c", "1"),
            object("shop", "x", "2"),
        ]);
        assert_eq!(
            changes(&before, &now),
            [
                "Telemetry istio-system/c was made meanwhile",
                "Telemetry payments/a changed",
                "Telemetry payments/b is gone",
            ]
        );
        assert_eq!(changes(&before, &before), Vec::<String>::new());
        // One that a watch made goes first.
        let mut ours = object("payments", "lockdown-access-log", "1");
        ours["metadata"]["labels"] = json!({ "app.kubernetes.io/managed-by": "kubectl-mesh" });
        ours["metadata"]["annotations"] = json!({ "kubectl-mesh/access-log-of": "lockdown" });
        assert_eq!(changes(&of(&[]), &of(&[ours])), Vec::<String>::new());
    }
}
