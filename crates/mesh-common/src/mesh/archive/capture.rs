//! Makes an archive of a live mesh: every list as raw JSON, item by item from the network into the tar.
//!
//! First the CRDs, which say in what version objects are stored; then everything that a mesh is made of and all
//! custom resources of the mesh's groups; then, of kinds that everybody uses, what is Istio's own by what was found.

mod helm;
mod lists;
mod own;
mod refs;
mod secrets;
mod sink;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use jiff::Timestamp;
use kube::Client;

use self::{lists::Capture, own::Own, sink::Sink};
use super::{
    format::{FORMAT, Manifest, Unread},
    reader::{Plain, Summary},
    writer::{Lock, Target, Writer},
};
use crate::{
    cluster::Connection,
    error::{Error, Result},
    mesh::{
        Mesh, Why,
        kinds::{self, Kind, is_saved},
        live::{self, Needs},
        wire::{List, Scope},
    },
};

/// What an archive says beyond what was read, and how it is made.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// A capture time other than now. The manifest says so.
    pub capture_time: Option<Timestamp>,
    /// Further notes for the manifest.
    pub notes: Vec<String>,
    /// Whether the mesh's own Secrets go into it: into an encrypted archive only.
    pub secrets: bool,
    /// Who is told how far it is.
    pub watch: Watch,
}

/// How far a capture is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    /// Kinds that are read.
    pub kinds: usize,
    /// Kinds that are known of so far.
    pub of: usize,
    /// Objects in the archive.
    pub objects: usize,
    /// Their bytes as JSON.
    pub bytes: u64,
    /// The kind that comes in.
    pub what: String,
}

/// Something to be told how far a capture is: between lists, and now and then within one.
#[derive(Clone, Default)]
pub struct Watch(Option<Arc<Tell>>);

type Tell = dyn Fn(&Progress) + Send + Sync;

impl Watch {
    /// Calls this.
    pub fn new(tell: impl Fn(&Progress) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(tell)))
    }

    fn tell(&self, progress: &Progress) {
        if let Some(tell) = &self.0 {
            tell(progress);
        }
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Watch").field(&self.0.is_some()).finish()
    }
}

/// An archive that was made.
#[derive(Debug, Clone)]
pub struct Captured {
    /// Where it is.
    pub file: String,
    /// What it holds.
    pub summary: Summary,
    /// Whether the CA of the mesh is in it, whole.
    pub ca: bool,
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

/// Reads everything that the mesh needs, and writes it to `target` while it comes in, not encrypted. What may not be read, or fails,
/// is named in the index and in what comes back.
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
    capture_locked(conn, client, target, options, &Plain).await
}

/// The same into an encrypted archive.
///
/// # Errors
///
/// As [`capture`], no key to encrypt to, and Secrets that nothing would encrypt.
pub async fn capture_locked(
    conn: &Connection,
    client: &Client,
    target: Target,
    options: Options,
    lock: &dyn Lock,
) -> Result<Captured> {
    if options.secrets && !lock.is_locked() {
        return Err(Error::refused(
            "Secrets are never written into an archive that is not encrypted",
        ));
    }
    let mesh = live::read(conn, client, Needs::ISTIODS).await?;
    let (secrets, watch) = (options.secrets, options.watch.clone());
    let manifest = manifest(&mesh, options);
    let writer = Writer::locked(target.clone(), &manifest, lock)?;
    let _cleanup = writer.cleanup();
    let capture = Capture {
        conn,
        client,
        sink: Arc::new(Mutex::new(Sink {
            writer,
            objects: BTreeMap::new(),
            own: Own::new(&conn.istio_namespace),
            ca: false,
            failure: None,
            progress: Progress::default(),
            watch,
        })),
    };
    everything(&capture, secrets).await?;
    let sink = Arc::try_unwrap(capture.sink)
        .map_err(|_| Error::internal("a list is still being read"))?
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    let written = sink.writer.finish()?;
    Ok(Captured {
        ca: sink.ca,
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

async fn everything(capture: &Capture<'_>, secrets: bool) -> Result<()> {
    let crds = capture.kinds(vec![Kind::of(List::Crds)]);
    let custom = kinds::custom(capture.conn, capture.client, is_saved);
    let (crds, (custom, undiscovered)) = futures::join!(crds, custom);
    crds?;
    unserved(capture, &custom, &undiscovered);
    for unread in undiscovered {
        capture.sink().unread(unread);
    }
    let mut done = BTreeSet::from([List::Crds.api().name()]);
    let lists = List::EVERY.iter().rev().map(|list| Kind::of(*list));
    let kinds: Vec<Kind> = lists
        .chain(custom)
        .filter(|kind| done.insert(kind.what()))
        .map(|kind| {
            let sink = capture.sink();
            let versions = sink.own.crds.get(&kind.what());
            kind.preferring(versions.and_then(|v| v.storage.as_deref()))
        })
        .collect();
    capture.kinds(kinds).await?;
    if capture.sink().writer.is_bare() {
        return Err(Error::cluster("nothing of the mesh could be read, so no archive was made").hint(
            "pods, webhooks, namespaces and more must be listed; kubectl auth can-i --list shows what you may do",
        ));
    }
    for kinds in shared() {
        capture.shared(kinds).await?;
    }
    secrets::read(capture, secrets).await?;
    helm::read(capture).await
}

/// Kinds that everybody uses, and whether all of Istio's namespace is saved of each: what a mesh is made of was read
/// there before. Roles come after the bindings that name them.
fn shared() -> [Vec<(Kind, bool)>; 2] {
    const RBAC: &str = "rbac.authorization.k8s.io";
    const ADMISSION: &str = "admissionregistration.k8s.io";
    let local = |group, versions: &[&str], resource, kind| {
        (
            Kind::shared(group, versions, resource, kind, Scope::All),
            true,
        )
    };
    let cluster = |group, versions: &[&str], resource, kind| {
        (
            Kind::shared(group, versions, resource, kind, Scope::Cluster),
            false,
        )
    };
    let of = |list: List| {
        let kind = Kind {
            scope: Scope::All,
            ..Kind::of(list)
        };
        (kind, false)
    };
    [
        vec![
            local(RBAC, &["v1"], "rolebindings", "RoleBinding"),
            cluster(RBAC, &["v1"], "clusterrolebindings", "ClusterRoleBinding"),
            cluster(
                ADMISSION,
                &["v1", "v1beta1"],
                "validatingadmissionpolicies",
                "ValidatingAdmissionPolicy",
            ),
            local("", &["v1"], "serviceaccounts", "ServiceAccount"),
            local(
                "networking.k8s.io",
                &["v1"],
                "networkpolicies",
                "NetworkPolicy",
            ),
            local("", &["v1"], "resourcequotas", "ResourceQuota"),
            local("", &["v1"], "limitranges", "LimitRange"),
            of(List::Services),
            of(List::ConfigMaps),
            of(List::Hpas),
        ],
        vec![
            local(RBAC, &["v1"], "roles", "Role"),
            cluster(RBAC, &["v1"], "clusterroles", "ClusterRole"),
            cluster(
                ADMISSION,
                &["v1", "v1beta1"],
                "validatingadmissionpolicybindings",
                "ValidatingAdmissionPolicyBinding",
            ),
        ],
    ]
}

/// A CRD whose kind the API server does not know has objects that nobody sees.
fn unserved(capture: &Capture<'_>, custom: &[Kind], undiscovered: &[Unread]) {
    if !undiscovered.is_empty() {
        return;
    }
    let served: BTreeSet<String> = custom.iter().map(Kind::what).collect();
    let mut sink = capture.sink();
    let missing: Vec<String> = sink
        .own
        .crds
        .iter()
        .filter(|(what, versions)| {
            let group = what.split_once('.').map_or("", |(_, group)| group);
            versions.served && is_saved(group) && !served.contains(*what)
        })
        .map(|(what, _)| what.clone())
        .collect();
    for what in missing {
        sink.unread(Unread {
            detail: format!("the CRD of {what} is there, and the API server does not serve it"),
            what,
            why: Why::Failed,
        });
    }
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
