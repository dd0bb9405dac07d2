//! What stands beside a mesh and policies speak of: Services with their ports, and service accounts. Asked for only where
//! it is wanted: the lists may be long.

use std::{collections::BTreeMap, net::IpAddr};

use mesh_common::{
    Ctx, Result,
    cluster::{ListQuery, explain, list_pages},
    mesh::{Gap, Known, Labels, Namespace, Why, label, wire::Lean},
};
use serde_json::Value;

use super::{SERVICES, Scene};

/// A Service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Service {
    pub(crate) namespace: String,
    pub(crate) name: String,
    /// Empty where it selects no pods: none are known to stand behind it.
    pub(crate) selector: Labels,
    /// Its own addresses.
    pub(crate) addresses: Vec<IpAddr>,
    waypoint: UsesWaypoint,
    pub(crate) ports: Vec<Port>,
    /// `externalTrafficPolicy: Local`: clients keep their address.
    pub(crate) local: bool,
}

/// What an object's labels say of a waypoint before it.
#[derive(Debug, Clone, PartialEq, Eq)]
enum UsesWaypoint {
    /// Nothing: the namespace decides.
    Unsaid,
    /// That there is none.
    Never,
    /// Which one it is, by namespace and name.
    By(String, String),
}

impl UsesWaypoint {
    /// `getUseWaypoint` (`pilot/pkg/serviceregistry/kube/controller/ambient/waypoints.go`, 1.28.1).
    fn of<'a>(get: impl Fn(&str) -> Option<&'a str>, namespace: &str) -> Self {
        match get(label::USE_WAYPOINT) {
            None => Self::Unsaid,
            Some("none") => Self::Never,
            Some(name) => {
                let namespace = get(label::USE_WAYPOINT_NAMESPACE).unwrap_or(namespace);
                Self::By(namespace.to_owned(), name.to_owned())
            }
        }
    }
}

/// A port of a Service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Port {
    pub(crate) number: u16,
    /// The pods' port; none where it is named, and only pods tell.
    pub(crate) target: Option<u16>,
    pub(crate) speaks: Speaks,
}

/// How Istio takes a port (`pkg/config/kube/conversion.go` and `pkg/config/protocol`, at 1.28.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Speaks {
    Http,
    /// TCP, and what is opaque to a proxy: TLS, databases.
    Tcp,
    /// It is told from the first bytes of a connection.
    Sniffed,
    /// No proxy sees it.
    Udp,
}

/// Services, and whether these are all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Services {
    pub(crate) known: Known<Vec<Service>>,
    /// False of an archive: it holds those of the control plane only.
    pub(crate) whole: bool,
}

/// Service accounts, by namespace and name.
pub(crate) type Accounts = Known<Vec<(String, String)>>;

impl Services {
    /// All of a cluster, or those that an archive holds.
    ///
    /// # Errors
    /// There is no cluster to ask.
    pub(crate) async fn read(ctx: &Ctx, scene: &Scene) -> Result<Self> {
        if ctx.rehearsal().is_some() {
            let known = scene.objects(SERVICES);
            let known = known.map(|list| list.iter().map(Service::of).collect());
            return Ok(Self {
                known: known.into(),
                whole: false,
            });
        }
        let read = |all: &mut Vec<Service>, object: &Value| all.push(Service::of(object));
        let known = list(ctx, SERVICES, false, read).await?;
        Ok(Self { known, whole: true })
    }
}

/// All service accounts of a cluster; an archive holds none.
///
/// # Errors
/// There is no cluster to ask.
pub(crate) async fn accounts(ctx: &Ctx) -> Result<Accounts> {
    const WHAT: &str = "serviceaccounts";
    if ctx.rehearsal().is_some() {
        return Ok(Known::Unknown(Gap {
            what: WHAT.into(),
            why: Why::NotInArchive,
            detail: "service accounts are in no archive".into(),
        }));
    }
    let read = |all: &mut Vec<(String, String)>, object: &Value| {
        let text = |key: &str| object["metadata"][key].as_str().unwrap_or_default();
        all.push((text("namespace").to_owned(), text("name").to_owned()));
    };
    list(ctx, WHAT, true, read).await
}

async fn list<T: Send + 'static>(
    ctx: &Ctx,
    what: &'static str,
    metadata_only: bool,
    read: impl Fn(&mut Vec<T>, &Value) + Send + Sync + 'static,
) -> Result<Known<Vec<T>>> {
    let (conn, client) = (ctx.connection()?, ctx.client()?);
    let see = move |all: &mut Vec<T>, Lean(object): Lean| read(all, &object);
    let path = format!("/api/v1/{what}");
    let query = ListQuery {
        metadata_only,
        ..ListQuery::default()
    };
    let listed = list_pages(&client, &path, &query, Vec::new, see).await;
    Ok(match listed {
        Ok(listed) => Known::Known(listed.value),
        Err(e) => {
            let why = Why::of(&e);
            let doing = format!("list {what} in all namespaces");
            Known::Unknown(Gap {
                what: what.into(),
                why,
                detail: match why {
                    Why::Forbidden => format!("may not {doing}"),
                    _ => explain(&e, &doing, conn).to_string(),
                },
            })
        }
    })
}

impl Service {
    pub(crate) fn of(object: &Value) -> Self {
        let (meta, spec) = (&object["metadata"], &object["spec"]);
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let selector = spec["selector"].as_object().into_iter().flatten();
        let ports = spec["ports"].as_array().into_iter().flatten();
        let namespace = text(&meta["namespace"]);
        let label = |name: &str| meta["labels"][name].as_str();
        let mut addresses: Vec<IpAddr> = spec["clusterIPs"]
            .as_array()
            .into_iter()
            .flatten()
            .chain([&spec["clusterIP"]])
            .filter_map(|ip| ip.as_str()?.parse().ok())
            .collect();
        addresses.sort_unstable();
        addresses.dedup();
        Self {
            name: text(&meta["name"]),
            selector: selector
                .map(|(key, value)| (key.clone(), text(value)))
                .collect(),
            addresses,
            // That of a waypoint has none before it.
            waypoint: if label(label::GATEWAY_MANAGED).is_some() {
                UsesWaypoint::Never
            } else {
                UsesWaypoint::of(label, &namespace)
            },
            ports: ports.filter_map(Port::of).collect(),
            local: spec["externalTrafficPolicy"] == "Local",
            namespace,
        }
    }

    /// The waypoint before it, by namespace and name.
    pub(crate) fn waypoint(
        &self,
        namespaces: &BTreeMap<String, Namespace>,
    ) -> Option<(String, String)> {
        let of_namespace = || {
            let labels = &namespaces.get(&self.namespace)?.labels;
            let get = |name: &str| labels.get(name).map(String::as_str);
            Some(UsesWaypoint::of(get, &self.namespace))
        };
        let by = match &self.waypoint {
            UsesWaypoint::Unsaid => of_namespace()?,
            own => own.clone(),
        };
        match by {
            UsesWaypoint::By(namespace, name) => Some((namespace, name)),
            UsesWaypoint::Unsaid | UsesWaypoint::Never => None,
        }
    }
}

impl Port {
    fn of(port: &Value) -> Option<Self> {
        let number = |value: &Value| u16::try_from(value.as_u64()?).ok();
        let own = number(&port["port"])?;
        let target = match &port["targetPort"] {
            Value::Null => Some(own),
            Value::Number(_) => number(&port["targetPort"]),
            other => other.as_str().and_then(|text| text.parse().ok()),
        };
        // The API server writes `targetPort`; a file may leave it out or have 0.
        let target = if target == Some(0) { Some(own) } else { target };
        Some(Self {
            number: own,
            target,
            speaks: Speaks::of(port, own),
        })
    }
}

impl Speaks {
    fn of(port: &Value, number: u16) -> Self {
        if port["protocol"] == "UDP" {
            return Self::Udp;
        }
        let said = match port["appProtocol"].as_str() {
            Some("kubernetes.io/h2c" | "kubernetes.io/ws") => return Self::Http,
            Some("kubernetes.io/wss") => return Self::Tcp,
            Some(said) => said,
            None => port["name"].as_str().unwrap_or_default(),
        };
        let said = said.to_ascii_lowercase();
        let first = said.split('-').next().unwrap_or_default();
        match first {
            _ if said.starts_with("grpc-web") => Self::Http,
            "http" | "http2" | "grpc" | "http_proxy" => Self::Http,
            "tcp" | "https" | "tls" | "mongo" | "redis" | "mysql" => Self::Tcp,
            "udp" => Self::Udp,
            // Servers there speak first: nothing is told from what the client sends.
            _ if matches!(number, 25 | 53 | 3306 | 27017) => Self::Tcp,
            _ => Self::Sniffed,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn ports_are_taken_as_istio_takes_them() {
        use Speaks::{Http, Sniffed, Tcp, Udp};
        for (port, want) in [
            (json!({"port": 80, "name": "http"}), Http),
            (json!({"port": 80, "name": "HTTP-web"}), Http),
            (json!({"port": 80, "name": "grpc-web-x"}), Http),
            (json!({"port": 80, "name": "httpx"}), Sniffed),
            (json!({"port": 80}), Sniffed),
            (
                json!({"port": 80, "name": "http", "appProtocol": "tcp"}),
                Tcp,
            ),
            (
                json!({"port": 80, "name": "tcp", "appProtocol": "kubernetes.io/h2c"}),
                Http,
            ),
            (json!({"port": 443, "name": "https-x"}), Tcp),
            (json!({"port": 3306, "name": "db"}), Tcp),
            (json!({"port": 3307, "name": "db"}), Sniffed),
            (json!({"port": 80, "name": "http", "protocol": "UDP"}), Udp),
        ] {
            assert_eq!(Port::of(&port).unwrap().speaks, want, "{port}");
        }
    }

    #[test]
    fn the_port_of_pods_is_known_but_by_name() {
        for (target, want) in [
            (json!(8080), Some(8080)),
            (json!("8080"), Some(8080)),
            (json!("web"), None),
            (json!(null), Some(80)),
            (json!(0), Some(80)),
        ] {
            let port = Port::of(&json!({"port": 80, "targetPort": target})).unwrap();
            assert_eq!(port.target, want, "{target}");
        }
    }

    #[test]
    fn a_waypoint_is_named_by_the_service_or_else_by_its_namespace() {
        let one = |labels: serde_json::Value| {
            let labels = labels.as_object().unwrap().iter();
            let labels = labels.map(|(k, v)| (k.clone(), v.as_str().unwrap().to_owned()));
            let namespace = Namespace {
                labels: labels.collect(),
                ..Namespace::default()
            };
            BTreeMap::from([("shop".to_owned(), namespace)])
        };
        let named = || json!({"istio.io/use-waypoint": "all"});
        for (labels, namespace, want) in [
            (json!({}), json!({}), None),
            (json!({}), named(), Some(("shop", "all"))),
            (
                json!({"istio.io/use-waypoint": "own"}),
                named(),
                Some(("shop", "own")),
            ),
            (json!({"istio.io/use-waypoint": "none"}), named(), None),
            (
                json!({"istio.io/use-waypoint": "own", "istio.io/use-waypoint-namespace": "infra"}),
                json!({}),
                Some(("infra", "own")),
            ),
            (
                json!({"gateway.istio.io/managed": "istio.io-mesh-controller"}),
                named(),
                None,
            ),
        ] {
            let object = json!({"metadata": {"namespace": "shop", "name": "a", "labels": labels}});
            let want = want.map(|(a, b)| (a.to_owned(), b.to_owned()));
            assert_eq!(
                Service::of(&object).waypoint(&one(namespace)),
                want,
                "{labels}"
            );
        }
    }

    #[test]
    fn a_headless_service_has_no_address() {
        for (spec, want) in [
            (json!({"clusterIP": "None", "clusterIPs": ["None"]}), vec![]),
            (
                json!({"clusterIP": "10.96.0.7", "clusterIPs": ["10.96.0.7", "fd00::7"]}),
                vec!["10.96.0.7", "fd00::7"],
            ),
        ] {
            let found = Service::of(&json!({"spec": spec})).addresses;
            let found: Vec<String> = found.iter().map(ToString::to_string).collect();
            assert_eq!(found, want);
        }
    }
}
