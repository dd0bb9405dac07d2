//! The thresholds of the gates: defaults, and what a policy may set instead.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

use super::{Cpu, Memory, id};

/// Thresholds of the gates. What a file leaves out keeps its default; what it misspells is an error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Policy {
    /// Ids of advisory gates that are required here.
    #[serde(deserialize_with = "gates")]
    pub required: BTreeSet<String>,
    /// `ready`: how many istiods of the target.
    pub min_ready_istiods: u32,
    /// `bake`: how long the canary has run.
    pub bake_hours: u32,
    /// `bake` of a security fix (`--cve`).
    pub cve_bake_hours: u32,
    /// `skew`: how many minors a proxy may be older than its istiod.
    pub proxy_minors: u64,
    /// `skew`: how many minors from the source to the target.
    pub canary_minors: u64,
    /// `high-availability`: least replicas of the HPA, and of the Deployment.
    pub hpa_min: u32,
    /// `high-availability`: most replicas of the HPA.
    pub hpa_max: u32,
    /// `high-availability`: highest CPU target of the HPA, in percent.
    pub hpa_cpu_percent: u32,
    /// `memory`: CPU that istiod asks for.
    pub cpu_request: Cpu,
    /// `memory`: memory that istiod asks for.
    pub memory_request: Memory,
    /// `memory`: working set in percent of the limit, or of the node's room. Not used yet.
    pub memory_percent: u32,
    /// `drift`: percent of proxies that may be STALE. Not used yet.
    pub stale_percent: u32,
    /// `drift`: for how long they are watched, in seconds. Not used yet.
    pub stale_seconds: u32,
    /// `traffic`: how long canary and baseline are compared, in days. Not used yet.
    pub traffic_days: u32,
    /// `backup`: how old it may be.
    pub backup_hours: u32,
}

/// Ids of gates: a misspelt one would make nothing required, and nobody would see.
fn gates<'de, D: Deserializer<'de>>(d: D) -> Result<BTreeSet<String>, D::Error> {
    let ids = BTreeSet::<String>::deserialize(d)?;
    match ids.iter().find(|id| !id::MESH.contains(&id.as_str())) {
        None => Ok(ids),
        Some(id) => Err(D::Error::unknown_variant(id, id::MESH)),
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            required: BTreeSet::new(),
            min_ready_istiods: 2,
            bake_hours: 48,
            cve_bake_hours: 24,
            proxy_minors: 1,
            canary_minors: 2,
            hpa_min: 2,
            hpa_max: 5,
            hpa_cpu_percent: 60,
            cpu_request: Cpu(500),
            memory_request: Memory(2 << 30),
            memory_percent: 80,
            stale_percent: 5,
            stale_seconds: 60,
            traffic_days: 7,
            backup_hours: 24,
        }
    }
}

/// A threshold that is looser than another policy's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Loosened {
    /// The gate, whose waiver it takes.
    pub gate: String,
    /// The setting, as a policy file spells it.
    pub setting: &'static str,
    /// What it was.
    pub from: String,
    /// What it is.
    pub to: String,
}

impl Policy {
    /// How long the canary bakes.
    pub fn bake(&self, security_fix: bool) -> SignedDuration {
        let hours = if security_fix {
            self.cve_bake_hours.min(self.bake_hours)
        } else {
            self.bake_hours
        };
        SignedDuration::from_hours(i64::from(hours))
    }

    /// Where this one asks for less than `than`: a flag may tighten a policy, loosening takes a waiver of the gate.
    pub fn loosening(&self, than: &Self) -> Vec<Loosened> {
        let mut out: Vec<_> = than
            .required
            .difference(&self.required)
            .map(|gate| Loosened {
                gate: gate.clone(),
                setting: "required",
                from: "required".into(),
                to: "advisory".into(),
            })
            .collect();
        let mut add = |gate: &str, setting, is_looser: bool, from: String, to: String| {
            if is_looser {
                let gate = gate.to_owned();
                out.push(Loosened {
                    gate,
                    setting,
                    from,
                    to,
                });
            }
        };
        macro_rules! least {
            ($gate:expr, $name:literal, $field:ident) => {
                add(
                    $gate,
                    $name,
                    self.$field < than.$field,
                    than.$field.to_string(),
                    self.$field.to_string(),
                );
            };
        }
        macro_rules! most {
            ($gate:expr, $name:literal, $field:ident) => {
                add(
                    $gate,
                    $name,
                    self.$field > than.$field,
                    than.$field.to_string(),
                    self.$field.to_string(),
                );
            };
        }
        least!(id::READY, "minReadyIstiods", min_ready_istiods);
        least!(id::BAKE, "bakeHours", bake_hours);
        least!(id::BAKE, "cveBakeHours", cve_bake_hours);
        most!(id::SKEW, "proxyMinors", proxy_minors);
        most!(id::SKEW, "canaryMinors", canary_minors);
        least!(id::HIGH_AVAILABILITY, "hpaMin", hpa_min);
        most!(id::HIGH_AVAILABILITY, "hpaMax", hpa_max);
        most!(id::HIGH_AVAILABILITY, "hpaCpuPercent", hpa_cpu_percent);
        least!(id::MEMORY, "cpuRequest", cpu_request);
        least!(id::MEMORY, "memoryRequest", memory_request);
        most!(id::MEMORY, "memoryPercent", memory_percent);
        most!(id::DRIFT, "stalePercent", stale_percent);
        least!(id::DRIFT, "staleSeconds", stale_seconds);
        least!(id::TRAFFIC, "trafficDays", traffic_days);
        most!(id::BACKUP, "backupHours", backup_hours);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_says_only_what_it_changes() {
        let policy: Policy = serde_json::from_str(
            r#"{"bakeHours": 72, "required": ["traffic"], "memoryRequest": "4Gi"}"#,
        )
        .unwrap();
        assert_eq!(policy.bake_hours, 72);
        assert_eq!(policy.memory_request, Memory(4 << 30));
        assert_eq!(policy.min_ready_istiods, 2);
        assert!(policy.required.contains("traffic"));
        assert!(serde_json::from_str::<Policy>(r#"{"backeHours": 72}"#).is_err());
        assert!(serde_json::from_str::<Policy>(r#"{"required": ["trafic"]}"#).is_err());
        let text = serde_json::to_string(&policy).unwrap();
        assert_eq!(serde_json::from_str::<Policy>(&text).unwrap(), policy);
    }

    #[test]
    fn tightening_is_free_and_loosening_is_named() {
        let base = Policy::default();
        let tighter = Policy {
            bake_hours: 72,
            hpa_max: 4,
            min_ready_istiods: 3,
            ..Policy::default()
        };
        assert_eq!(tighter.loosening(&base), []);
        let looser = base.loosening(&Policy {
            required: ["image".into()].into(),
            ..tighter
        });
        let names: Vec<_> = looser
            .iter()
            .map(|l| (l.gate.as_str(), l.setting))
            .collect();
        assert_eq!(
            names,
            [
                ("image", "required"),
                ("ready", "minReadyIstiods"),
                ("bake", "bakeHours"),
                ("high-availability", "hpaMax")
            ]
        );
        assert_eq!(
            (looser[2].from.as_str(), looser[2].to.as_str()),
            ("72", "48")
        );
    }

    #[test]
    fn a_security_fix_never_bakes_longer() {
        let policy = Policy {
            bake_hours: 12,
            ..Policy::default()
        };
        assert_eq!(policy.bake(true), policy.bake(false));
        assert_eq!(Policy::default().bake(true), SignedDuration::from_hours(24));
    }
}
