//! Which kinds there are: those a mesh is read from, and whatever else Istio and Gateway API have.

use std::collections::BTreeMap;

use futures::{StreamExt, stream};
use kube::Client;
use serde::Deserialize;

use super::{
    Why,
    archive::Unread,
    live,
    wire::{List, Scope, dotted},
};
use crate::cluster::{Connection, ListQuery, explain, get_json};

/// Versions asked about at once.
const AT_ONCE: usize = 4;

/// A kind to be listed.
pub(in crate::mesh) struct Kind {
    pub(in crate::mesh) group: String,
    /// Plural.
    pub(in crate::mesh) resource: String,
    /// Singular, in camel case.
    pub(in crate::mesh) name: String,
    /// Versions to try, the best first.
    pub(in crate::mesh) versions: Vec<String>,
    pub(in crate::mesh) scope: Scope,
    pub(in crate::mesh) optional: bool,
    pub(in crate::mesh) query: ListQuery,
}

impl Kind {
    pub(in crate::mesh) fn of(list: List) -> Self {
        let api = list.api();
        Self {
            group: api.group.into(),
            resource: api.resource.into(),
            name: api.kind.into(),
            versions: api.versions.iter().map(|v| (*v).to_owned()).collect(),
            scope: api.scope,
            optional: live::is_optional(api.group),
            query: live::query(list),
        }
    }

    /// A kind of Kubernetes' own that is not in the mesh.
    pub(in crate::mesh) fn shared(
        group: &str,
        versions: &[&str],
        resource: &str,
        name: &str,
        scope: Scope,
    ) -> Self {
        Self {
            group: group.into(),
            resource: resource.into(),
            name: name.into(),
            versions: versions.iter().map(|v| (*v).to_owned()).collect(),
            scope,
            optional: true,
            query: ListQuery::default(),
        }
    }

    /// The same, asked for first in this version: a version in which nothing has to be converted.
    pub(in crate::mesh) fn preferring(mut self, version: Option<&str>) -> Self {
        if let Some(at) = self
            .versions
            .iter()
            .position(|v| Some(v.as_str()) == version)
        {
            self.versions[..=at].rotate_right(1);
        }
        self
    }

    /// `pods`, `deployments.apps`.
    pub(in crate::mesh) fn what(&self) -> String {
        dotted(&self.group, &self.resource)
    }
}

/// The groups that a mesh is configured by: Istio's, Gateway API's and those that go with them, the Sail operator's.
pub(in crate::mesh) fn is_saved(group: &str) -> bool {
    live::is_optional(group)
        || matches!(
            group,
            "sailoperator.io"
                | "inference.networking.k8s.io"
                | "inference.networking.x-k8s.io"
                | "gateway.networking.x-k8s.io"
        )
}

/// The kinds of these groups that are served, each with all its versions, the preferred one first, and what could not
/// be found out.
pub(in crate::mesh) async fn custom(
    conn: &Connection,
    client: &Client,
    wanted: fn(&str) -> bool,
) -> (Vec<Kind>, Vec<Unread>) {
    let undiscovered = |what: &str, e: &kube::Error| Unread {
        what: what.into(),
        why: Why::Failed,
        detail: explain(e, "find out which custom resources there are", conn).to_string(),
    };
    let groups: Groups = match get_json(client, "/apis").await {
        Ok(groups) => groups,
        Err(e) => return (Vec::new(), vec![undiscovered("customresources", &e)]),
    };
    let versions = groups
        .groups
        .into_iter()
        .filter(|group| wanted(&group.name))
        .flat_map(|Group { name, versions }| {
            versions
                .into_iter()
                .map(move |Version { version }| (name.clone(), version))
        });
    let mut answers = stream::iter(versions)
        .map(|(group, version)| async move {
            let path = format!("/apis/{group}/{version}");
            let resources = get_json::<Resources>(client, &path).await;
            (group, version, resources)
        })
        .buffered(AT_ONCE);
    let mut kinds: Vec<Kind> = Vec::new();
    let mut unread = Vec::new();
    // Not every kind is in the version that its group prefers: EnvoyFilter is in v1alpha3 only.
    let mut seen = BTreeMap::new();
    while let Some((group, version, resources)) = answers.next().await {
        let resources = match resources {
            Ok(resources) => resources,
            Err(e) => {
                unread.push(undiscovered(&format!("{group}/{version}"), &e));
                continue;
            }
        };
        for resource in resources.resources {
            // A slash is a subresource.
            let listed = !resource.name.contains('/') && resource.verbs.iter().any(|v| v == "list");
            if !listed {
                continue;
            }
            let at = *seen
                .entry((group.clone(), resource.name.clone()))
                .or_insert(kinds.len());
            if let Some(kind) = kinds.get_mut(at) {
                kind.versions.push(version.clone());
                continue;
            }
            kinds.push(Kind {
                group: group.clone(),
                resource: resource.name,
                name: resource.kind,
                versions: vec![version.clone()],
                scope: if resource.namespaced {
                    Scope::All
                } else {
                    Scope::Cluster
                },
                optional: true,
                query: ListQuery::default(),
            });
        }
    }
    (kinds, unread)
}

#[derive(Deserialize)]
struct Groups {
    groups: Vec<Group>,
}

#[derive(Deserialize)]
struct Group {
    name: String,
    /// The preferred one first.
    versions: Vec<Version>,
}

#[derive(Deserialize)]
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
    kind: String,
    namespaced: bool,
    #[serde(default)]
    verbs: Vec<String>,
}
