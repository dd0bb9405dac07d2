//! Everything a plan rests on, read at one moment: the archive's contents beside the cluster's.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use kube::Client;
use mesh_common::{
    Error, Kind, Result,
    cluster::{Connection, explain, get_json, is_absent},
    mesh::Mesh,
};
use serde_json::Value;

use super::{
    judge::Wishes,
    key::{Api, EXTENSIONS, Key, is_mesh_group},
    live::{Live, Wanted},
    object::World,
    plan::{Beside, Entries, wanted},
    survey::Survey,
};
use crate::{only::Only, opened::Opened};

/// What was typed that decides the plan.
#[derive(Debug)]
pub(crate) struct Typed {
    pub(crate) only: Only,
    pub(crate) wishes: Wishes,
    pub(crate) prune: bool,
    /// `--include-secrets`.
    pub(crate) secrets: bool,
}

/// The cluster as a restore sees it.
#[derive(Debug)]
pub(crate) struct Look {
    pub(crate) live: Live,
    pub(crate) live_crds: BTreeMap<(String, String), Value>,
    pub(crate) apis: BTreeMap<(String, String), Api>,
    pub(crate) world: World,
    pub(crate) authority: Authority,
}

/// What is known of the CA that is live.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Authority {
    /// Root certificates that proxies trust now: of `istio-ca-root-cert`, in whatever namespace.
    pub(crate) roots: Vec<String>,
    /// The root beside the CA's key, in Secret `cacerts` or `istio-ca-secret`; none where there is no such Secret.
    pub(crate) key: Option<String>,
    /// Why that could not be read.
    pub(crate) unknown: Option<String>,
}

impl Authority {
    /// The root that istiod will use, and so what webhooks must trust.
    pub(crate) fn root(&self) -> Option<&str> {
        self.key
            .as_deref()
            .or(self.roots.first().map(String::as_str))
    }
}

impl Look {
    /// Reads the cluster.
    ///
    /// # Errors
    /// What the plan must rest on cannot be read.
    pub(crate) async fn make(
        client: &Client,
        conn: &Connection,
        survey: &Survey,
        typed: &Typed,
        kubernetes: Option<&str>,
    ) -> Result<Self> {
        let crd_api = Api::builtin(EXTENSIONS, "CustomResourceDefinition")
            .ok_or_else(|| Error::internal("CRDs are no kind"))?;
        let everywhere = |api: &Api| Wanted {
            api: api.clone(),
            namespaces: [].into(),
            names: [].into(),
        };
        let crds = Live::read(client, conn, &[everywhere(&crd_api)]).await?;
        let mut live_crds = BTreeMap::new();
        for crd in crds.of_kind(EXTENSIONS, "CustomResourceDefinition") {
            if let Some(api) = Api::of_crd(&crd).filter(|a| is_mesh_group(&a.group)) {
                live_crds.insert((api.group, api.kind), crd);
            }
        }
        let apis = survey.apis(&live_crds);
        let mut lists: Vec<Wanted> = wanted(survey, &apis, typed.wishes, typed.prune);
        lists.retain(|w| w.api.group != EXTENSIONS);
        if typed.prune {
            for api in live_crds.values().filter_map(Api::of_crd) {
                if !lists
                    .iter()
                    .any(|w| w.api.kind == api.kind && w.api.group == api.group)
                {
                    lists.push(everywhere(&api));
                }
            }
        }
        let (live, authority) = futures::future::join(
            Live::read(client, conn, &lists),
            authority(client, conn, &survey.bounds.istio_namespace),
        )
        .await;
        let mut live = live?;
        live.absorb(crds);
        let world = world(survey, &live, &live_crds, &authority, typed, kubernetes);
        Ok(Self {
            live,
            live_crds,
            apis,
            world,
            authority,
        })
    }

    /// What the plan is made of.
    pub(crate) fn beside<'a>(&'a self, survey: &'a Survey, typed: &'a Typed) -> Beside<'a> {
        Beside {
            survey,
            apis: &self.apis,
            live: &self.live,
            live_crds: &self.live_crds,
            world: &self.world,
            wishes: typed.wishes,
            prune: typed.prune,
        }
    }

    /// The plan.
    ///
    /// # Errors
    /// The archive cannot be read any more.
    pub(crate) fn plan(&self, survey: &Survey, typed: &Typed, file: &Opened) -> Result<Entries> {
        self.beside(survey, typed).plan(file)
    }
}

fn world(
    survey: &Survey,
    live: &Live,
    live_crds: &BTreeMap<(String, String), Value>,
    authority: &Authority,
    typed: &Typed,
    kubernetes: Option<&str>,
) -> World {
    let mut world = World {
        ca: authority
            .root()
            .or(survey.ca.as_deref())
            .map(|pem| STANDARD.encode(pem)),
        archived_crds: survey.crds.clone(),
        made: survey
            .keys
            .iter()
            .filter(|k| !live.has(k))
            .cloned()
            .collect(),
        same_kubernetes: minor(survey.whole.manifest.kubernetes_version.as_deref())
            .is_some_and(|m| Some(m) == minor(kubernetes)),
        ..World::default()
    };
    for key in live.keys() {
        let Some(object) = live.get(key) else {
            continue;
        };
        if let Some(uid) = object["metadata"]["uid"].as_str() {
            world.uids.insert(key.clone(), uid.to_owned());
        }
        if key.is("", "Service") {
            addresses(&mut world, key, &object["spec"]);
        }
    }
    world.crds.clone_from(live_crds);
    for (of, crd) in &survey.crds {
        let meant = Key::of(crd).is_some_and(|k| survey.keys.contains(&k));
        if meant && (typed.wishes.crds || !live_crds.contains_key(of)) {
            world.crds.insert(of.clone(), crd.clone());
        }
    }
    world
}

fn addresses(world: &mut World, key: &Key, spec: &Value) {
    let me = key.to_string();
    let ips = spec["clusterIPs"].as_array().into_iter().flatten();
    for ip in ips.chain([&spec["clusterIP"]]).filter_map(Value::as_str) {
        if ip != "None" && !ip.is_empty() {
            world.addresses.insert(ip.to_owned(), me.clone());
        }
    }
    let ports = spec["ports"].as_array().into_iter().flatten();
    let ports = ports.filter_map(|p| p["nodePort"].as_u64());
    for port in ports.chain(spec["healthCheckNodePort"].as_u64()) {
        world.ports.insert(port, me.clone());
    }
}

/// `1.34` of `v1.34.4`.
fn minor(version: Option<&str>) -> Option<&str> {
    let version = version?.trim_start_matches('v');
    let (end, _) = version.match_indices('.').nth(1)?;
    version.get(..end)
}

/// What of the CA can be seen. Of Secrets only certificates are kept.
async fn authority(client: &Client, conn: &Connection, istio_namespace: &str) -> Authority {
    let mut found = Authority::default();
    let path = "/api/v1/configmaps?fieldSelector=metadata.name%3Distio-ca-root-cert";
    match get_json::<Value>(client, path).await {
        Ok(list) => {
            let items = list["items"].as_array().into_iter().flatten();
            let mut roots: Vec<(bool, String)> = items
                .filter_map(|o| {
                    let beside = o["metadata"]["namespace"] == istio_namespace;
                    Some((!beside, o["data"]["root-cert.pem"].as_str()?.to_owned()))
                })
                .collect();
            roots.sort();
            roots.dedup_by(|a, b| a.1 == b.1);
            found.roots = roots.into_iter().map(|(_, pem)| pem).collect();
        }
        Err(e) => {
            let why = explain(&e, "read which root certificates are trusted", conn);
            found.unknown = Some(why.to_string());
        }
    }
    for name in ["cacerts", "istio-ca-secret"] {
        let path = format!("/api/v1/namespaces/{istio_namespace}/secrets/{name}");
        match get_json::<Value>(client, &path).await {
            Ok(secret) => {
                let pem = root_of(name, &secret);
                if pem.is_some() {
                    found.key = pem;
                    break;
                }
            }
            Err(e) if is_absent(&e) => {}
            Err(e) => {
                found.unknown = Some(
                    explain(&e, &format!("read the certificate in secret {name}"), conn)
                        .to_string(),
                );
            }
        }
    }
    found
}

/// The root certificate in one of the CA's Secrets.
pub(crate) fn root_of(name: &str, secret: &Value) -> Option<String> {
    let fields = match name {
        "cacerts" => ["root-cert.pem", "ca.crt"],
        _ => ["root-cert.pem", "ca-cert.pem"],
    };
    fields.iter().find_map(|field| {
        let bytes = STANDARD.decode(secret["data"][*field].as_str()?).ok()?;
        String::from_utf8(bytes)
            .ok()
            .filter(|text| text.contains("BEGIN CERTIFICATE"))
    })
}

/// The certificates of a bundle, one by one, without their white space.
pub(crate) fn certificates(pem: &str) -> Vec<String> {
    pem.split("-----BEGIN CERTIFICATE-----")
        .skip(1)
        .filter_map(|part| part.split("-----END CERTIFICATE-----").next())
        .map(|body| body.split_whitespace().collect())
        .collect()
}

/// Which cluster this is.
///
/// # Errors
/// That cannot be read.
pub(crate) fn cluster_uid(mesh: &Mesh) -> Result<String> {
    mesh.cluster_uid.read().cloned().map_err(|gap| {
        Error::new(Kind::Unknown, "it is unknown which cluster this is")
            .caused_by(Error::user(gap.detail.clone()))
            .hint("the uid of namespace kube-system tells: get on namespaces is needed")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_and_certificates() {
        assert_eq!(minor(Some("v1.34.4")), Some("1.34"));
        assert_eq!(minor(Some("v1")), None);
        let pem = "-----BEGIN CERTIFICATE-----\nAB\nCD\n-----END CERTIFICATE-----\n";
        assert_eq!(certificates(&pem.repeat(2)), ["ABCD", "ABCD"]);
        assert!(certificates("").is_empty());
    }
}
