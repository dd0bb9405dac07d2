//! What is in the cluster now: one list per kind, kept as text.

use std::collections::{BTreeMap, BTreeSet};

use futures::{StreamExt, TryStreamExt, stream};
use kube::Client;
use mesh_common::{
    Error, Kind, Result,
    cluster::{Connection, ListQuery, explain, get_json, is_absent, list_pages},
};
use serde::Deserialize;
use serde_json::{Value, value::RawValue};

use super::key::{Api, Key};

/// Lists on the wire at once.
const AT_ONCE: usize = 6;
/// More namespaces than this are read by one list of all.
const NARROW: usize = 4;

/// A kind to be read, and where.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    pub(crate) api: Api,
    /// Namespaces; all of them when empty.
    pub(crate) namespaces: BTreeSet<String>,
    /// Single objects: of Secrets nothing but what is needed is read, one by one.
    pub(crate) names: BTreeSet<Key>,
}

impl Wanted {
    /// One object.
    pub(crate) fn one(api: Api, key: &Key) -> Self {
        let mut wanted = Self {
            api,
            namespaces: BTreeSet::new(),
            names: BTreeSet::new(),
        };
        wanted.add(key);
        wanted
    }

    /// One more object of this kind.
    pub(crate) fn add(&mut self, key: &Key) {
        if key.is("", "Secret") {
            self.names.insert(key.clone());
        } else {
            self.namespaces.extend(key.namespace.clone());
        }
    }
}

/// Objects by their keys.
#[derive(Debug, Default)]
pub(crate) struct Live {
    objects: BTreeMap<Key, (String, Box<RawValue>)>,
}

impl Live {
    /// Reads these kinds.
    ///
    /// # Errors
    /// A list cannot be read: without it nobody knows what would be written over.
    pub(crate) async fn read(
        client: &Client,
        conn: &Connection,
        wanted: &[Wanted],
    ) -> Result<Self> {
        let mut lists = Vec::new();
        let singles: Vec<(&Api, &Key)> = wanted
            .iter()
            .flat_map(|w| w.names.iter().map(|key| (&w.api, key)))
            .collect();
        let lists_of = wanted.iter().filter(|w| w.names.is_empty());
        for Wanted {
            api, namespaces, ..
        } in lists_of
        {
            if api.namespaced && (1..=NARROW).contains(&namespaces.len()) {
                lists.extend(namespaces.iter().map(|ns| (api, Some(ns.as_str()))));
            } else {
                lists.push((api, None));
            }
        }
        let parts: Vec<_> = stream::iter(lists)
            .map(|(api, namespace)| one(client, conn, api, namespace))
            .buffer_unordered(AT_ONCE)
            .try_collect()
            .await?;
        let found: Vec<_> = stream::iter(singles)
            .map(|(api, key)| single(client, conn, api, key))
            .buffer_unordered(AT_ONCE)
            .try_collect()
            .await?;
        Ok(Self {
            objects: parts.into_iter().chain(found).flatten().collect(),
        })
    }

    /// An object as it is now.
    pub(crate) fn get(&self, key: &Key) -> Option<Value> {
        let (version, text) = self.objects.get(key)?;
        let mut object: Value = serde_json::from_str(text.get()).ok()?;
        object["apiVersion"] = if key.group.is_empty() {
            version.as_str().into()
        } else {
            format!("{}/{version}", key.group).into()
        };
        object["kind"] = key.kind.as_str().into();
        Some(object)
    }

    /// Whether it is there.
    pub(crate) fn has(&self, key: &Key) -> bool {
        self.objects.contains_key(key)
    }

    /// Every key.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &Key> {
        self.objects.keys()
    }

    /// Every object of a kind.
    pub(crate) fn of_kind(&self, group: &str, kind: &str) -> impl Iterator<Item = Value> {
        let from = Key::new(group, kind, None, "");
        let (group, kind) = (group.to_owned(), kind.to_owned());
        self.objects
            .range(from..)
            .take_while(move |(key, _)| key.group == group && key.kind == kind)
            .filter_map(|(key, _)| self.get(key))
    }

    /// Takes the objects of another read.
    pub(crate) fn absorb(&mut self, other: Self) {
        self.objects.extend(other.objects);
    }
}

#[derive(Deserialize)]
struct Named {
    metadata: Name,
}

#[derive(Deserialize)]
struct Name {
    name: String,
    #[serde(default)]
    namespace: Option<String>,
}

type Part = Vec<(Key, (String, Box<RawValue>))>;

async fn one(
    client: &Client,
    conn: &Connection,
    api: &Api,
    namespace: Option<&str>,
) -> Result<Part> {
    let version = api.version().to_owned();
    let path = api.collection(&version, namespace);
    let (group, kind) = (api.group.clone(), api.kind.clone());
    let listed = list_pages(
        client,
        &path,
        &ListQuery::default(),
        Vec::new,
        move |part: &mut Part, item: Box<RawValue>| {
            let Ok(Named { metadata }) = serde_json::from_str::<Named>(item.get()) else {
                return;
            };
            let namespace = metadata.namespace.filter(|n| !n.is_empty());
            let key = Key::new(&group, &kind, namespace.as_deref(), &metadata.name);
            part.push((key, (version.clone(), item)));
        },
    )
    .await;
    match listed {
        Ok(listed) => Ok(listed.value),
        // Not served: none of them is there.
        Err(e) if is_absent(&e) => Ok(Vec::new()),
        Err(e) => {
            let what = api.what();
            Err(Error::new(
                Kind::Unknown,
                format!("it is not known which {what} are there now"),
            )
            .caused_by(explain(&e, &format!("list {what}"), conn))
            .hint(format!("restoring {what} needs list on them")))
        }
    }
}

async fn single(client: &Client, conn: &Connection, api: &Api, key: &Key) -> Result<Part> {
    let version = api.version();
    match get_json::<Box<RawValue>>(client, &api.path(version, key)).await {
        Ok(item) => Ok(vec![(key.clone(), (version.to_owned(), item))]),
        Err(e) if is_absent(&e) => Ok(Vec::new()),
        Err(e) => Err(
            Error::new(Kind::Unknown, format!("it is not known how {key} is now"))
                .caused_by(explain(&e, &format!("get {key}"), conn))
                .hint(format!("restoring {0} needs get on {0}", api.what())),
        ),
    }
}
