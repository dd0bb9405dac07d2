//! The Telemetry that a watch makes: what it is called, what marks it as ours, and how it is known again.

use jiff::Timestamp;
use mesh_common::{
    journal::{Key, Kind, store::MANAGED_BY},
    mesh::digest::sha256,
    output::clean,
};
use serde_json::{Value, json};

use super::select::On;

/// What its name ends in.
const SUFFIX: &str = "-access-log";
/// Longest name: one label of a domain, which everybody takes.
const NAME_MAX: usize = 63;
/// Digits of the digest in a name that was cut.
const DIGITS: usize = 8;

/// The policy that is watched.
pub(crate) const OF: &str = "kubectl-mesh/access-log-of";
/// When its watch is over at the latest. Nothing but another command of the suite looks at it.
pub(crate) const EXPIRES: &str = "kubectl-mesh/expires";

/// The name of a policy's Telemetry.
pub(crate) fn name(policy: &str) -> String {
    let whole = format!("{policy}{SUFFIX}");
    if whole.len() <= NAME_MAX {
        return whole;
    }
    let digest = sha256(policy.as_bytes());
    let digits: String = digest.chars().skip("sha256:".len()).take(DIGITS).collect();
    let room = NAME_MAX - SUFFIX.len() - DIGITS - 1;
    let start: String = policy.chars().take(room).collect();
    let start = start.trim_end_matches(['-', '.']);
    format!("{start}-{digits}{SUFFIX}")
}

/// Which object that is. `kind` is the version that is served.
pub(super) fn key(kind: Kind, namespace: &str, policy: &str) -> Key {
    Key {
        kind,
        ..Key::policy(namespace, name(policy))
    }
}

/// The object.
pub(super) fn make(key: &Key, policy: &str, on: &On, items: &[Value], expires: Timestamp) -> Value {
    let mut spec = on.spec();
    spec["accessLogging"] = items.into();
    json!({
        "apiVersion": key.kind.api_version(),
        "kind": key.kind.name(),
        "metadata": {
            "name": key.name,
            "namespace": key.namespace,
            "labels": { MANAGED_BY.0: MANAGED_BY.1 },
            "annotations": { OF: policy, EXPIRES: expires.to_string() },
        },
        "spec": spec,
    })
}

/// One that a watch made, as it stands in the cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ours {
    pub(crate) namespace: String,
    pub(crate) policy: String,
    pub(crate) name: String,
    /// None where it does not say so in a way that can be read.
    pub(crate) expires: Option<Timestamp>,
}

impl Ours {
    /// None where it is not ours: its label, its name and what it says of itself have to agree.
    pub(crate) fn read(object: &Value) -> Option<Self> {
        let meta = &object["metadata"];
        let policy = meta["annotations"][OF].as_str()?;
        let own = meta["labels"][MANAGED_BY.0] == MANAGED_BY.1 && meta["name"] == name(policy);
        own.then(|| Self {
            namespace: meta["namespace"].as_str().unwrap_or_default().to_owned(),
            policy: policy.to_owned(),
            name: name(policy),
            expires: meta["annotations"][EXPIRES]
                .as_str()
                .and_then(|t| t.parse().ok()),
        })
    }

    /// Whether its watch is over by its own word. One that does not say so is.
    pub(crate) fn is_over(&self, now: Timestamp) -> bool {
        self.expires.is_none_or(|at| at <= now)
    }

    /// The command that takes it away.
    pub(crate) fn take_away(&self) -> String {
        mesh_common::shell::command(
            "kubectl mesh-audit-policy rollback {} -n {}",
            &[&self.policy, &self.namespace],
        )
    }

    /// `Telemetry payments/lockdown-access-log`.
    pub(crate) fn title(&self) -> String {
        clean(&format!("Telemetry {}/{}", self.namespace, self.name), 400)
    }
}

/// Why an object is none that a watch could have made, for a record that somebody may have planted.
pub(crate) fn suspicion(object: &Value) -> Option<&'static str> {
    if Ours::read(object).is_none() {
        return Some("it is no Telemetry that a watch makes");
    }
    let spec = object["spec"].as_object();
    let parts = ["selector", "targetRefs", "accessLogging"];
    let only = spec.is_some_and(|spec| spec.keys().all(|key| parts.contains(&key.as_str())));
    if only {
        None
    } else {
        Some("it does more than to log")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_its_policy_and_is_never_too_long() {
        assert_eq!(name("lockdown"), "lockdown-access-log");
        assert_eq!(name("a.b"), "a.b-access-log");
        let longest = "x".repeat(NAME_MAX - SUFFIX.len());
        assert_eq!(name(&longest), format!("{longest}{SUFFIX}"));
        for cut in [
            "x".repeat(253),
            format!("{}.{}", "a".repeat(42), "b".repeat(40)),
            format!("{}-{}", "a".repeat(42), "b".repeat(40)),
        ] {
            let (one, other) = (name(&cut), name(&format!("{cut}y")));
            assert!(one.len() <= NAME_MAX && one.ends_with(SUFFIX), "{one}");
            assert!(!one.contains(".-") && !one.contains("--"), "{one}");
            assert_ne!(one, other);
        }
    }

    fn made() -> Value {
        let key = key(Kind::Telemetry, "payments", "lockdown");
        let expires = "2026-11-22T02:00:00Z".parse().unwrap();
        make(&key, "lockdown", &On::Namespace, &[], expires)
    }

    #[test]
    fn ours_is_known_again_and_nothing_else_is_taken_for_it() {
        let ours = Ours::read(&made()).unwrap();
        assert_eq!(ours.policy, "lockdown");
        let at = |text: &str| text.parse().unwrap();
        assert!(!ours.is_over(at("2026-11-22T01:59:59Z")));
        assert!(ours.is_over(at("2026-11-22T02:00:00Z")));
        let edits: [fn(&mut Value); 4] = [
            |o| o["metadata"]["name"] = "other".into(),
            |o| o["metadata"]["labels"] = json!({}),
            |o| o["metadata"]["annotations"][OF] = "other".into(),
            |o| o["metadata"]["annotations"] = json!({}),
        ];
        for edit in edits {
            let mut object = made();
            edit(&mut object);
            assert_eq!(Ours::read(&object), None, "{object}");
            assert!(suspicion(&object).is_some(), "{object}");
        }
        let mut undated = made();
        undated["metadata"]["annotations"][EXPIRES] = "soon".into();
        assert!(
            Ours::read(&undated)
                .unwrap()
                .is_over(at("2026-11-22T00:00:00Z"))
        );
        let mut more = made();
        assert_eq!(suspicion(&more), None);
        more["spec"]["tracing"] = json!([]);
        assert!(suspicion(&more).is_some());
    }
}
