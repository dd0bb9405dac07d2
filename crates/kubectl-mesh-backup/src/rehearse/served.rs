//! Which versions of a kind a cluster serves: asked once per group.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use kube::Client;
use mesh_common::{
    cluster::{get_json, is_absent},
    output::clean,
};
use serde::Deserialize;
use tokio::sync::Mutex;

/// How a kind stands on a cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Standing {
    /// It is served in the version asked about.
    Served,
    /// It is served in these versions only.
    InOthers(Vec<String>),
    /// It is not served.
    NotAtAll,
}

/// Resources by version; or why they could not be found out.
type Versions = Result<BTreeMap<String, BTreeSet<String>>, String>;

pub(super) struct Served {
    client: Client,
    groups: Mutex<BTreeMap<String, Arc<Versions>>>,
}

#[derive(Deserialize)]
struct Group {
    versions: Vec<Version>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Version {
    version: String,
}

#[derive(Deserialize)]
struct Resources {
    #[serde(default)]
    resources: Vec<Resource>,
}

#[derive(Deserialize)]
struct Resource {
    name: String,
}

impl Served {
    pub(super) fn new(client: Client) -> Self {
        Self {
            client,
            groups: Mutex::default(),
        }
    }

    pub(super) async fn standing(
        &self,
        group: &str,
        version: &str,
        resource: &str,
    ) -> Result<Standing, String> {
        // Held while it is asked: whoever comes meanwhile waits for the same answer.
        let mut groups = self.groups.lock().await;
        let versions = if let Some(known) = groups.get(group) {
            Arc::clone(known)
        } else {
            let asked = Arc::new(self.ask(group).await);
            groups.insert(group.to_owned(), Arc::clone(&asked));
            asked
        };
        drop(groups);
        (*versions)
            .as_ref()
            .map(|versions| standing(versions, version, resource))
            .map_err(Clone::clone)
    }

    async fn ask(&self, group: &str) -> Versions {
        let why = |e: kube::Error| match e {
            kube::Error::Api(status) => clean(&status.message, 300),
            _ => format!("the API server does not say what it serves of {group}"),
        };
        let names: Vec<(String, String)> = if group.is_empty() {
            vec![("v1".to_owned(), "/api/v1".to_owned())]
        } else {
            match get_json::<Group>(&self.client, &format!("/apis/{group}")).await {
                Ok(answer) => answer
                    .versions
                    .into_iter()
                    .map(|v| (v.version.clone(), format!("/apis/{group}/{}", v.version)))
                    .collect(),
                Err(e) if is_absent(&e) => return Ok(BTreeMap::new()),
                Err(e) => return Err(why(e)),
            }
        };
        let mut versions = BTreeMap::new();
        for (version, path) in names {
            let answer: Resources = get_json(&self.client, &path).await.map_err(why)?;
            let resources = answer.resources.into_iter().map(|r| r.name).collect();
            versions.insert(version, resources);
        }
        Ok(versions)
    }
}

fn standing(
    versions: &BTreeMap<String, BTreeSet<String>>,
    version: &str,
    resource: &str,
) -> Standing {
    let has = |resources: &BTreeSet<String>| resources.contains(resource);
    if versions.get(version).is_some_and(has) {
        return Standing::Served;
    }
    let others: Vec<String> = versions
        .iter()
        .filter(|(_, resources)| has(resources))
        .map(|(version, _)| version.clone())
        .collect();
    if others.is_empty() {
        Standing::NotAtAll
    } else {
        Standing::InOthers(others)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn served_or_in_others_or_not_at_all() {
        let versions = BTreeMap::from([
            ("v1".to_owned(), BTreeSet::from(["gateways".to_owned()])),
            (
                "v1beta1".to_owned(),
                BTreeSet::from(["gateways".to_owned(), "grants".to_owned()]),
            ),
        ]);
        let table = [
            ("v1", "gateways", Standing::Served),
            ("v1", "grants", Standing::InOthers(vec!["v1beta1".into()])),
            (
                "v1alpha2",
                "gateways",
                Standing::InOthers(vec!["v1".into(), "v1beta1".into()]),
            ),
            ("v1", "routes", Standing::NotAtAll),
        ];
        for (version, resource, want) in table {
            assert_eq!(
                standing(&versions, version, resource),
                want,
                "{version} {resource}"
            );
        }
        assert_eq!(
            standing(&BTreeMap::new(), "v1", "gateways"),
            Standing::NotAtAll
        );
    }
}
