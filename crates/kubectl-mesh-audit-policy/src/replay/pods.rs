//! Who held an address when: callers by their address, and the workload that a line belongs to.
//!
//! An address tells a pod only while one pod certainly held it. A pod holds its address from its start until it ends;
//! who had it before, or after, is not known. Pods on the host's network share theirs, and a gateway may pass on
//! connections whose identity is somebody else's.

use std::{collections::HashMap, net::IpAddr};

use jiff::Timestamp;
use mesh_common::{mesh::label, output::clean};
use serde_json::Value;

use super::bounded::Same;

/// Clocks of nodes differ: so close to its start or end a pod is not told by its address.
const CLOCKS: i64 = 10_000;

/// Lines are written when a request ends, and streamed soon after.
const PAST: i64 = 600_000;

/// What is kept of a pod.
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pod {
    pub(super) namespace: String,
    pub(super) name: String,
    /// `deployment/checkout`.
    pub(super) owner: String,
    pub(super) revision: Option<String>,
    pub(super) account: String,
    pub(super) proxy: bool,
    pub(super) ambient: bool,
    pub(super) gateway: bool,
    ips: Vec<IpAddr>,
    from: Option<i64>,
    until: Option<i64>,
    ended: bool,
}

impl Pod {
    /// Reads one as served. One on the host's network has no address of its own.
    pub(super) fn of(pod: &Value) -> Self {
        let meta = &pod["metadata"];
        let (spec, status) = (&pod["spec"], &pod["status"]);
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let time =
            |value: &Value| Some(value.as_str()?.parse::<Timestamp>().ok()?.as_millisecond());
        let list = |value: &'_ Value| value.as_array().cloned().unwrap_or_default();
        let host = spec["hostNetwork"].as_bool() == Some(true);
        let mut ips: Vec<IpAddr> = Vec::new();
        if !host {
            let more = list(&status["podIPs"]);
            let all = more.iter().map(|ip| &ip["ip"]).chain([&status["podIP"]]);
            ips = all.filter_map(|ip| ip.as_str()?.parse().ok()).collect();
            ips.sort_unstable();
            ips.dedup();
        }
        let ended = matches!(status["phase"].as_str(), Some("Succeeded" | "Failed"));
        let finished = list(&status["containerStatuses"]);
        let finished = finished
            .iter()
            .map(|container| time(&container["state"]["terminated"]["finishedAt"]))
            .collect::<Option<Vec<_>>>();
        let proxied = [&spec["containers"], &spec["initContainers"]]
            .iter()
            .any(|of| list(of).iter().any(|c| c["name"] == "istio-proxy"));
        let annotation = |name: &str| meta["annotations"][name].as_str();
        let templates = annotation("inject.istio.io/templates").unwrap_or_default();
        let gateway =
            meta["labels"][label::GATEWAY_NAME].is_string() || templates.contains("gateway");
        Self {
            namespace: text(&meta["namespace"]),
            name: text(&meta["name"]),
            owner: owner(meta),
            revision: annotation("istio.io/rev").map(str::to_owned),
            account: text(&spec["serviceAccountName"]),
            proxy: proxied,
            ambient: annotation("ambient.istio.io/redirection") == Some("enabled"),
            gateway,
            ips,
            from: time(&status["startTime"]),
            until: if ended {
                finished.and_then(|f| f.into_iter().max())
            } else {
                None
            },
            ended,
        }
    }

    /// It was deleted. Where nothing tells when it ended, nothing tells how long it held its address.
    pub(super) fn gone(mut self) -> Self {
        self.ended = true;
        self
    }

    /// Whether it ended so long ago that no line of it is still on its way.
    pub(super) fn is_past(&self, now: Timestamp) -> bool {
        let before = now.as_millisecond() - PAST;
        self.ended && self.until.is_none_or(|until| until < before)
    }

    /// Whether it certainly held its address then.
    fn held(&self, at: i64) -> bool {
        let began = self.from.is_some_and(|from| from + CLOCKS <= at);
        let lasted = match self.until {
            Some(until) => at <= until,
            None => !self.ended,
        };
        began && lasted
    }

    /// `payments/deployment/checkout`.
    pub(super) fn workload(&self) -> String {
        clean(&format!("{}/{}", self.namespace, self.owner), 300)
    }
}

/// The workload that made a pod, as the mesh names it.
fn owner(meta: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let owners = meta["ownerReferences"].as_array();
    let owner = owners
        .into_iter()
        .flatten()
        .find(|owner| owner["controller"].as_bool() == Some(true));
    let Some(owner) = owner else {
        return format!("pod/{}", text(&meta["name"]));
    };
    let (kind, name) = (text(&owner["kind"]), text(&owner["name"]));
    let numbered = |name: &str| {
        let (of, number) = name.rsplit_once('-')?;
        let digits = number.len() >= 8 && number.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| of.to_owned())
    };
    match kind.as_str() {
        "ReplicaSet" => {
            let hash = meta["labels"]["pod-template-hash"].as_str();
            let of = hash.and_then(|hash| name.strip_suffix(hash)?.strip_suffix('-'));
            of.map_or_else(
                || format!("replicaset/{name}"),
                |of| format!("deployment/{of}"),
            )
        }
        // A CronJob numbers its Jobs by the minutes since 1970.
        "Job" => {
            numbered(&name).map_or_else(|| format!("job/{name}"), |of| format!("cronjob/{of}"))
        }
        "Node" => format!("pod/{}", text(&meta["name"])),
        _ => format!("{}/{name}", kind.to_lowercase()),
    }
}

/// Every pod, by what lines tell of it.
#[derive(Debug, Default)]
pub(super) struct Pods {
    list: Vec<Pod>,
    by_ip: HashMap<IpAddr, Vec<usize>, Same>,
    by_name: HashMap<Box<[u8]>, Vec<usize>, Same>,
    /// The first pod of the same workload, of each.
    alike: Vec<usize>,
    /// When they were seen: later lines are of pods that may be others.
    seen: i64,
}

impl Pods {
    pub(super) fn new(mut list: Vec<Pod>, seen: Timestamp) -> Self {
        list.sort_by(|a, b| (&a.namespace, &a.name).cmp(&(&b.namespace, &b.name)));
        let mut by_ip: HashMap<IpAddr, Vec<usize>, Same> = HashMap::default();
        let mut by_name: HashMap<Box<[u8]>, Vec<usize>, Same> = HashMap::default();
        for (nth, pod) in list.iter().enumerate() {
            for ip in &pod.ips {
                by_ip.entry(*ip).or_default().push(nth);
            }
            let name = pod.name.as_bytes().into();
            by_name.entry(name).or_default().push(nth);
        }
        let mut firsts: HashMap<String, usize> = HashMap::new();
        let mut first = |(nth, pod): (usize, &Pod)| *firsts.entry(pod.workload()).or_insert(nth);
        let alike = list.iter().enumerate().map(&mut first).collect();
        Self {
            alike,
            list,
            by_ip,
            by_name,
            seen: seen.as_millisecond(),
        }
    }

    /// Nothing changed until now.
    pub(super) fn seen_again(&mut self, now: Timestamp) {
        self.seen = now.as_millisecond();
    }

    /// The pod of a name in a namespace.
    pub(super) fn exactly(&self, namespace: &str, name: &str) -> Option<usize> {
        let mut named = self.by_name.get(name.as_bytes())?.iter().copied();
        named.find(|nth| {
            self.list
                .get(*nth)
                .is_some_and(|pod| pod.namespace == namespace)
        })
    }

    pub(super) fn list(&self) -> &[Pod] {
        &self.list
    }

    /// The pod that stands for all of its workload.
    pub(super) fn alike(&self, nth: usize) -> usize {
        self.alike.get(nth).copied().unwrap_or(nth)
    }

    /// The one pod that held an address then.
    pub(super) fn at(&self, ip: IpAddr, time: Option<i64>) -> Option<usize> {
        let time = time.filter(|time| *time <= self.seen + CLOCKS)?;
        let mut found = self.by_ip.get(&ip)?.iter().copied();
        let held = |nth: &usize| self.list.get(*nth).is_some_and(|pod| pod.held(time));
        let first = found.find(held)?;
        found.find(held).is_none().then_some(first)
    }

    /// The one pod of a name.
    pub(super) fn named(&self, name: &[u8]) -> Option<usize> {
        match self.by_name.get(name)?.as_slice() {
            [one] => Some(*one),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn pod(name: &str, ip: &str, start: &str, phase: &str) -> Pod {
        Pod::of(&json!({
            "metadata": {"namespace": "shop", "name": name, "labels": {"pod-template-hash": "7f"},
                "ownerReferences": [{"kind": "ReplicaSet", "name": "web-7f", "controller": true}]},
            "spec": {"serviceAccountName": "web", "containers": [{"name": "istio-proxy"}]},
            "status": {"podIP": ip, "podIPs": [{"ip": ip}], "startTime": start, "phase": phase,
                "containerStatuses": [{"state": {"terminated": {"finishedAt": "2026-01-01T02:00:00Z"}}}]},
        }))
    }

    fn ms(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_millisecond()
    }

    #[test]
    fn an_address_is_a_pod_only_while_one_pod_held_it() {
        let pods = Pods::new(
            vec![
                pod("a", "10.0.0.1", "2026-01-01T00:00:00Z", "Running"),
                pod("b", "10.0.0.2", "2026-01-01T00:00:00Z", "Succeeded"),
                pod("c", "10.0.0.2", "2026-01-01T03:00:00Z", "Running"),
                pod("d", "10.0.0.3", "2026-01-01T00:00:00Z", "Running"),
                pod("e", "10.0.0.3", "2026-01-01T01:00:00Z", "Running"),
            ],
            "2026-01-02T00:00:00Z".parse().unwrap(),
        );
        for (ip, at, want) in [
            ("10.0.0.1", "2026-01-01T12:00:00Z", Some("a")),
            ("10.0.0.1", "2025-12-31T23:59:59Z", None),
            ("10.0.0.1", "2026-01-01T00:00:05Z", None),
            ("10.0.0.1", "2026-01-03T00:00:00Z", None),
            ("10.0.0.2", "2026-01-01T01:00:00Z", Some("b")),
            ("10.0.0.2", "2026-01-01T02:30:00Z", None),
            ("10.0.0.2", "2026-01-01T04:00:00Z", Some("c")),
            ("10.0.0.3", "2026-01-01T00:30:00Z", Some("d")),
            ("10.0.0.3", "2026-01-01T01:30:00Z", None),
            ("10.0.0.9", "2026-01-01T01:30:00Z", None),
        ] {
            let found = pods.at(ip.parse().unwrap(), Some(ms(at)));
            let found = found.map(|nth| pods.list[nth].name.as_str());
            assert_eq!(found, want, "{ip} {at}");
        }
        assert_eq!(pods.at("10.0.0.1".parse().unwrap(), None), None);
        assert_eq!(pods.list[0].workload(), "shop/deployment/web");
    }

    #[test]
    fn pods_on_the_network_of_their_host_have_no_address() {
        let pod = Pod::of(&json!({"spec": {"hostNetwork": true}, "status": {"podIP": "10.0.0.1"}}));
        assert!(pod.ips.is_empty());
    }

    #[test]
    fn owners_are_those_that_the_mesh_names() {
        for (owner_, want) in [
            (json!(null), "pod/p"),
            (
                json!([{"kind": "StatefulSet", "name": "db", "controller": true}]),
                "statefulset/db",
            ),
            (
                json!([{"kind": "Job", "name": "clean-29920599", "controller": true}]),
                "cronjob/clean",
            ),
            (
                json!([{"kind": "Job", "name": "once-1", "controller": true}]),
                "job/once-1",
            ),
            (
                json!([{"kind": "ReplicaSet", "name": "web-9c", "controller": true}]),
                "replicaset/web-9c",
            ),
            (
                json!([{"kind": "Node", "name": "n1", "controller": true}]),
                "pod/p",
            ),
        ] {
            assert_eq!(
                owner(&json!({"name": "p", "ownerReferences": owner_})),
                want
            );
        }
    }
}
