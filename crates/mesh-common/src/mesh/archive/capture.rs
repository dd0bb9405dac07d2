//! Makes an archive of a live mesh: every list as raw JSON, item by item from the network into the tar.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use jiff::Timestamp;
use kube::Client;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{
    format::{FORMAT, Manifest, ReadList, Unread, object_path},
    reader::{Count, Summary},
    writer::{Target, Writer},
};
use crate::{
    cluster::{Connection, list_pages},
    error::{Error, Result},
    mesh::{
        Mesh, Why,
        kinds::{self, Kind},
        live::{self, Needs},
        wire::{List, Scope, dotted, list_path},
    },
};

/// What an archive says beyond what was read.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// A capture time other than now. The manifest says so.
    pub capture_time: Option<Timestamp>,
    /// Further notes for the manifest.
    pub notes: Vec<String>,
}

/// An archive that was made.
#[derive(Debug, Clone)]
pub struct Captured {
    /// Where it is.
    pub file: String,
    /// What it holds.
    pub summary: Summary,
}

impl Captured {
    /// What should be in it and is not. A kind that is not served has no objects, so nothing of it is missing.
    pub fn missing(&self) -> impl Iterator<Item = &Unread> {
        self.summary
            .unread
            .iter()
            .filter(|u| u.why != Why::NotServed)
    }
}

/// Reads the mesh and everything of Istio and Gateway API, and writes it to `target` while it comes in.
///
/// Secrets are not read. What may not be read, or fails, is named in the index and in what comes back.
///
/// # Errors
///
/// When nothing can be read at all, and when the archive cannot be written; then nothing is left behind.
pub async fn capture(
    conn: &Connection,
    client: &Client,
    target: Target,
    options: Options,
) -> Result<Captured> {
    let mesh = live::read(conn, client, Needs::NAMESPACES | Needs::ISTIODS).await?;
    let manifest = manifest(&mesh, options);
    let writer = Writer::create(target.clone(), &manifest)?;
    let _cleanup = writer.cleanup();
    let capture = Capture {
        conn,
        client,
        sink: Arc::new(Mutex::new(Sink {
            writer,
            objects: BTreeMap::new(),
            failure: None,
        })),
    };
    let mut done = BTreeSet::new();
    for list in List::EVERY {
        let kind = Kind::of(*list);
        capture.kind(&kind).await?;
        done.insert((kind.group, kind.resource));
    }
    let (custom, undiscovered) = kinds::custom(conn, client).await;
    for kind in custom {
        if done.insert((kind.group.clone(), kind.resource.clone())) {
            capture.kind(&kind).await?;
        }
    }
    for unread in undiscovered {
        capture.sink().writer.unread(unread);
    }
    let sink = Arc::try_unwrap(capture.sink)
        .map_err(|_| Error::internal("a list is still being read"))?
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    if sink.writer.is_bare() {
        return Err(Error::cluster("nothing of the mesh could be read, so no archive was made").hint(
            "pods, webhooks, namespaces and more must be listed; kubectl auth can-i --list shows what you may do",
        ));
    }
    let written = sink.writer.finish()?;
    Ok(Captured {
        file: target.name(),
        summary: Summary {
            manifest,
            size: written.size,
            sha256: written.sha256,
            objects: sink.objects,
            unread: written.index.unread,
        },
    })
}

fn manifest(mesh: &Mesh, options: Options) -> Manifest {
    let mut notes = options.notes;
    if let Some(time) = options.capture_time {
        notes.insert(
            0,
            format!(
                "the capture time was set to {time}; the mesh was read at {}",
                mesh.now
            ),
        );
    }
    let versions: BTreeSet<String> = mesh
        .istiods
        .get()
        .into_iter()
        .flatten()
        .filter_map(|i| i.version.clone())
        .collect();
    Manifest {
        format_version: FORMAT,
        suite_version: env!("CARGO_PKG_VERSION").into(),
        capture_time: options.capture_time.unwrap_or(mesh.now),
        cluster_uid: mesh.cluster_uid.get().cloned(),
        kubernetes_version: mesh.kubernetes.get().cloned(),
        istio_namespace: mesh.istio_namespace.clone(),
        istio_versions: versions.into_iter().collect(),
        notes,
    }
}

struct Capture<'a> {
    conn: &'a Connection,
    client: &'a Client,
    sink: Arc<Mutex<Sink>>,
}

/// Where objects end up, whichever thread parses them.
struct Sink {
    writer: Writer,
    objects: BTreeMap<String, BTreeMap<String, Count>>,
    /// Why writing stopped.
    failure: Option<Error>,
}

impl Capture<'_> {
    fn sink(&self) -> MutexGuard<'_, Sink> {
        self.sink.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn kind(&self, kind: &Kind) -> Result<()> {
        let local = Some(self.conn.istio_namespace.as_str());
        let first = match kind.scope {
            Scope::IstioNamespace => local,
            Scope::Cluster | Scope::All => None,
        };
        let refused = self.list(kind, first).await?;
        let Some(unread) = refused else {
            return Ok(());
        };
        // What may not be read everywhere may still be read where istiod is.
        let narrower = kind.scope == Scope::All && unread.why == Why::Forbidden;
        self.sink().writer.unread(unread);
        if narrower {
            self.list(kind, local).await?;
        }
        Ok(())
    }

    /// Reads one list into the archive; gives back why it could not.
    async fn list(&self, kind: &Kind, namespace: Option<&str>) -> Result<Option<Unread>> {
        let what = kind.what();
        for version in &kind.versions {
            let head = Head::new(&kind.group, version, &kind.name);
            let path = list_path(&kind.group, version, &kind.resource, namespace);
            let sink = Arc::clone(&self.sink);
            let (group, resource) = (kind.group.clone(), kind.resource.clone());
            let listed = list_pages(
                self.client,
                &path,
                &kind.query,
                || (),
                move |(), item: Box<RawValue>| {
                    let mut sink = sink.lock().unwrap_or_else(PoisonError::into_inner);
                    sink.object(&group, &resource, &head, &item);
                },
            )
            .await;
            if let Some(failure) = self.sink().failure.take() {
                return Err(failure);
            }
            match listed {
                Ok(listed) => {
                    self.sink().writer.complete(ReadList {
                        what,
                        version: version.clone(),
                        namespace: namespace.map(str::to_owned),
                        objects: listed.items,
                    });
                    return Ok(None);
                }
                Err(e) if kind.optional && live::is_absent(&e) => {}
                Err(e) => {
                    let (gap, _) = live::gap_of(&e, self.conn, &what, &kind.resource, namespace);
                    return Ok(Some(Unread {
                        what,
                        why: gap.why,
                        detail: gap.detail,
                    }));
                }
            }
        }
        Ok(Some(Unread {
            why: Why::NotServed,
            detail: format!("{what} are not served: their CRD is not installed"),
            what,
        }))
    }
}

/// `apiVersion` and `kind`, which the items of a list leave out.
struct Head(String);

impl Head {
    fn new(group: &str, version: &str, kind: &str) -> Self {
        let api = if group.is_empty() {
            version.to_owned()
        } else {
            format!("{group}/{version}")
        };
        // Names of groups, versions and kinds need no escape, and if they did the index would not be worth much.
        let quoted = |text: &str| serde_json::Value::from(text).to_string();
        Self(format!(
            "{{\"apiVersion\":{},\"kind\":{},",
            quoted(&api),
            quoted(kind)
        ))
    }

    /// The object as served, with its head where it has none.
    fn put_on(&self, item: &str, has_kind: bool) -> Vec<u8> {
        match item.strip_prefix('{') {
            Some(rest) if !has_kind => [self.0.as_bytes(), rest.as_bytes()].concat(),
            _ => item.as_bytes().to_vec(),
        }
    }
}

/// What an item says of itself.
#[derive(Deserialize)]
struct Ident {
    kind: Option<String>,
    metadata: Name,
}

#[derive(Deserialize)]
struct Name {
    name: String,
    namespace: Option<String>,
}

impl Sink {
    fn object(&mut self, group: &str, resource: &str, head: &Head, item: &RawValue) {
        if self.failure.is_some() {
            return;
        }
        if let Err(e) = self.write(group, resource, head, item.get()) {
            self.failure = Some(e);
        }
    }

    fn write(&mut self, group: &str, resource: &str, head: &Head, item: &str) -> Result<()> {
        let ident: Ident = serde_json::from_str(item).map_err(|e| {
            Error::cluster(format!("one of the {resource} has no name")).caused_by(e)
        })?;
        let namespace = ident.metadata.namespace.filter(|n| !n.is_empty());
        let path = object_path(group, resource, namespace.as_deref(), &ident.metadata.name);
        let content = head.put_on(item, ident.kind.is_some());
        if self.writer.file(path, &content)? {
            *self
                .objects
                .entry(dotted(group, resource))
                .or_default()
                .entry(namespace.unwrap_or_default())
                .or_default() += Count {
                objects: 1,
                bytes: content.len() as u64,
            };
        }
        Ok(())
    }
}
