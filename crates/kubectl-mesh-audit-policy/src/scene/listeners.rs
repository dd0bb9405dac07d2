//! What gateways listen on: the servers of Istio's Gateways and the listeners of Gateway API's.

use std::sync::{Mutex, PoisonError};

use mesh_common::mesh::{Customs, Gap, Known, Labels, Tap, Why};
use serde_json::Value;

use super::Speaks;

const ISTIO: &str = "gateways.networking.istio.io";
const GATEWAY_API: &str = "gateways.gateway.networking.k8s.io";

/// What a gateway listens on, by one object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Listener {
    /// `Gateway edge/public, server https`.
    pub(crate) name: String,
    /// As it is written: the Service's port.
    pub(crate) port: u16,
    pub(crate) speaks: Speaks,
    pub(crate) of: Listens,
}

/// Who listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Listens {
    /// Pods with all of these labels, in any namespace (`PILOT_SCOPE_GATEWAY_TO_NAMESPACE` is off unless an operator says so).
    Labelled(Labels),
    /// The pods of a gateway of Gateway API.
    Gateway {
        /// Its namespace.
        namespace: String,
        /// Its name.
        name: String,
    },
}

impl Listener {
    fn of_istio(object: &Value) -> Vec<Self> {
        let spec = &object["spec"];
        let selector: Labels = spec["selector"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(key, value)| (key.clone(), value.as_str().unwrap_or_default().to_owned()))
            .collect();
        let servers = spec["servers"].as_array().into_iter().flatten();
        let server = |server: &Value| {
            let (port, name) = (&server["port"], text(&server["port"]["name"]));
            Some(Self {
                name: format!("Gateway {}, server {name}", shown(object)),
                port: u16::try_from(port["number"].as_u64()?).ok()?,
                speaks: of_server(text(&port["protocol"]), text(&server["tls"]["mode"])),
                of: Listens::Labelled(selector.clone()),
            })
        };
        servers.filter_map(server).collect()
    }

    fn of_gateway_api(object: &Value) -> Vec<Self> {
        let meta = &object["metadata"];
        let listeners = object["spec"]["listeners"].as_array().into_iter().flatten();
        let listener = |listener: &Value| {
            Some(Self {
                name: format!(
                    "Gateway {}, listener {}",
                    shown(object),
                    text(&listener["name"])
                ),
                port: u16::try_from(listener["port"].as_u64()?).ok()?,
                speaks: of_listener(text(&listener["protocol"]), text(&listener["tls"]["mode"])),
                of: Listens::Gateway {
                    namespace: text(&meta["namespace"]).to_owned(),
                    name: text(&meta["name"]).to_owned(),
                },
            })
        };
        listeners.filter_map(listener).collect()
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn shown(object: &Value) -> String {
    let meta = &object["metadata"];
    format!("{}/{}", text(&meta["namespace"]), text(&meta["name"]))
}

/// Which chains a server gets (`pkg/config/gateway/gateway.go IsHTTPServer`, `pkg/config/protocol`, at 1.28.1).
fn of_server(protocol: &str, mode: &str) -> Speaks {
    match protocol.to_ascii_lowercase().as_str() {
        "http" | "http2" | "grpc" | "grpc-web" | "http_proxy" => Speaks::Http,
        "https" if !matches!(mode, "PASSTHROUGH" | "AUTO_PASSTHROUGH") => Speaks::Http,
        "https" | "tls" | "tcp" | "mongo" | "redis" | "mysql" => Speaks::Tcp,
        "udp" => Speaks::Udp,
        _ => Speaks::Sniffed,
    }
}

/// The same of a listener (`pilot/pkg/config/kube/gateway/conversion.go listenerProtocolToIstio`, at 1.28.1).
fn of_listener(protocol: &str, mode: &str) -> Speaks {
    match protocol {
        "HTTP" => Speaks::Http,
        "HTTPS" if mode != "Passthrough" => Speaks::Http,
        "HTTPS" | "TLS" | "TCP" => Speaks::Tcp,
        "UDP" => Speaks::Udp,
        // HBONE is a waypoint's tunnel: what comes through it is for Services.
        _ => Speaks::Sniffed,
    }
}

/// Looks at gateways while the mesh is read.
#[derive(Default)]
pub(crate) struct Listening(Mutex<Vec<Listener>>);

impl Listening {
    /// What was seen, or why it may not be all.
    pub(crate) fn take(&self, customs: &Customs, gateways: Option<&Gap>) -> Known<Vec<Listener>> {
        let missing = |gap: &&Gap| gap.why != Why::NotServed;
        let gap = customs.gaps.iter().find(|gap| gap.what == ISTIO);
        if let Some(gap) = gap.or(gateways).filter(missing) {
            return Known::Unknown(gap.clone());
        }
        let seen = &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut seen = std::mem::take(seen);
        seen.sort_by(|a, b| (&a.name, a.port).cmp(&(&b.name, b.port)));
        seen.dedup();
        Known::Known(seen)
    }
}

impl Tap for Listening {
    fn wants(&self, what: &str) -> bool {
        [ISTIO, GATEWAY_API].contains(&what)
    }

    fn see(&self, what: &str, _: &str, object: &Value) {
        let found = if what == ISTIO {
            Listener::of_istio(object)
        } else {
            Listener::of_gateway_api(object)
        };
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.extend(found);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn servers_and_listeners_are_taken_as_istio_takes_them() {
        use Speaks::{Http, Sniffed, Tcp};
        for (protocol, mode, want) in [
            ("HTTP", "", Http),
            ("http2", "", Http),
            ("GRPC", "", Http),
            ("HTTPS", "SIMPLE", Http),
            ("HTTPS", "PASSTHROUGH", Tcp),
            ("HTTPS", "AUTO_PASSTHROUGH", Tcp),
            ("TLS", "SIMPLE", Tcp),
            ("TLS", "PASSTHROUGH", Tcp),
            ("TCP", "", Tcp),
            ("MONGO", "", Tcp),
            ("odd", "", Sniffed),
        ] {
            let object = json!({
                "metadata": {"namespace": "edge", "name": "public"},
                "spec": {"selector": {"istio": "ingress"}, "servers": [
                    {"port": {"number": 443, "name": "n", "protocol": protocol}, "tls": {"mode": mode}}]},
            });
            let found = Listener::of_istio(&object);
            let labels = Labels::from([("istio".to_owned(), "ingress".to_owned())]);
            assert_eq!(
                found,
                [Listener {
                    name: "Gateway edge/public, server n".into(),
                    port: 443,
                    speaks: want,
                    of: Listens::Labelled(labels),
                }],
                "{protocol} {mode}"
            );
        }
        for (protocol, mode, want) in [
            ("HTTP", "", Http),
            ("HTTPS", "Terminate", Http),
            ("HTTPS", "Passthrough", Tcp),
            ("TLS", "Terminate", Tcp),
            ("TCP", "", Tcp),
            ("HBONE", "", Sniffed),
        ] {
            let object = json!({
                "metadata": {"namespace": "edge", "name": "public"},
                "spec": {"listeners": [{"name": "n", "port": 443, "protocol": protocol, "tls": {"mode": mode}}]},
            });
            let found = Listener::of_gateway_api(&object);
            assert_eq!(
                (found[0].port, found[0].speaks),
                (443, want),
                "{protocol} {mode}"
            );
        }
    }

    #[test]
    fn what_could_not_be_listed_is_not_what_is_not_there() {
        let gap = |why| Gap {
            what: ISTIO.into(),
            why,
            detail: "may not list".into(),
        };
        for (why, known) in [(Why::Forbidden, false), (Why::NotServed, true)] {
            let customs = Customs {
                gaps: vec![gap(why)],
                ..Customs::default()
            };
            let taken = Listening::default().take(&customs, None);
            assert_eq!(taken.get().is_some(), known, "{why:?}");
        }
        let taken = Listening::default().take(&Customs::default(), Some(&gap(Why::Failed)));
        assert!(taken.get().is_none());
    }
}
