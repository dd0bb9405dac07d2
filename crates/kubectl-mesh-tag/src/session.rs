//! What a verb works on: the mesh as observed once, and the cluster behind it where there is one.

use jiff::Timestamp;
use kube::Client;
use mesh_common::{
    Ctx,
    check::Backups,
    cluster::{
        Connection,
        rights::{Ask, Right, Verdict, can_i},
    },
    error::{Error, Kind, Result},
    journal::{Image, Kind as ObjectKind, Store, lease::Lease, local::Notes, store::Stored},
    mesh::{Gap, Mesh, Wiring, live::Needs},
    output::Doc,
};

pub(crate) use mesh_common::journal::unfinished::{go_on, way_back};

/// An open session.
pub(crate) struct Session<'a> {
    /// The context.
    pub(crate) ctx: &'a Ctx,
    /// The mesh, read once.
    pub(crate) mesh: Mesh,
    /// What decides who injects whom, as observed.
    pub(crate) wiring: Wiring,
    /// The cluster; none in a rehearsal.
    pub(crate) live: Option<Live<'a>>,
    /// Backups of this mesh that this machine has notes of.
    pub(crate) backups: Backups,
}

/// The cluster of a session.
#[derive(Clone)]
pub(crate) struct Live<'a> {
    /// Where.
    pub(crate) connection: &'a Connection,
    /// The client.
    pub(crate) client: Client,
    /// Records of earlier operations, oldest first.
    pub(crate) records: Vec<Stored>,
    /// ConfigMaps that look like records and cannot be read, one line each.
    pub(crate) unreadable: Vec<String>,
}

/// A mesh as it was read, whatever of it could be.
pub(crate) struct Seen<'a> {
    ctx: &'a Ctx,
    /// The mesh, read once.
    pub(crate) mesh: Mesh,
    /// The cluster; none in a rehearsal.
    pub(crate) live: Option<Live<'a>>,
}

impl<'a> Seen<'a> {
    /// Reads the mesh, from the cluster or from the archive of a rehearsal, and the records of a cluster.
    ///
    /// # Errors
    /// Nothing can be read at all.
    pub(crate) async fn read(ctx: &'a Ctx, needs: Needs) -> Result<Self> {
        if ctx.rehearsal().is_some() {
            let mesh = ctx.mesh(needs).await?;
            return Ok(Self {
                ctx,
                mesh,
                live: None,
            });
        }
        let connection = ctx.connection()?;
        let client = ctx.client()?;
        let store = Store::new(&client, connection);
        let (mesh, records) = futures::future::join(ctx.mesh(needs), store.list()).await;
        // Not being allowed to read ConfigMaps is a gap of the records, not of the mesh.
        let (records, unreadable) = match records {
            Ok(found) => found,
            Err(e) => (Vec::new(), vec![e.to_string()]),
        };
        Ok(Self {
            ctx,
            mesh: mesh?,
            live: Some(Live {
                connection,
                client,
                records,
                unreadable,
            }),
        })
    }

    /// The header of every screen: where this is, and as whom.
    pub(crate) fn header(&self) -> Doc {
        header(self.ctx, &self.mesh, self.live.as_ref())
    }
}

/// A rehearsal stands in no relation to this machine's notes.
fn backups(mesh: &Mesh) -> Backups {
    match (mesh.source.is_rehearsal(), mesh.cluster_uid.get()) {
        (false, Some(uid)) => {
            let notes = Notes::of_this_process().map(|notes| notes.all());
            Backups::of(uid, &notes.unwrap_or_default())
        }
        _ => Backups::NotEvaluated,
    }
}

fn header(ctx: &Ctx, mesh: &Mesh, live: Option<&Live<'_>>) -> Doc {
    let mut doc = Doc::new();
    let archive = ctx.rehearsal().map(|p| p.display().to_string());
    match live {
        Some(live) => doc.pairs(live.connection.pairs()),
        None => doc.pairs([
            (
                "Rehearsal",
                format!("{} (nothing can be written)", archive.unwrap_or_default()),
            ),
            ("Captured", mesh.now.to_string()),
            ("Istio in", mesh.istio_namespace.clone()),
        ]),
    };
    doc
}

impl<'a> Session<'a> {
    /// Reads the mesh, from the cluster or from the archive of a rehearsal.
    ///
    /// # Errors
    /// The mesh cannot be read, or not who injects whom: without that nothing true can be said of a change.
    pub(crate) async fn open(ctx: &'a Ctx, needs: Needs) -> Result<Self> {
        let Seen { ctx, mesh, live } = Seen::read(ctx, needs).await?;
        let wiring = mesh.wiring().map_err(|gap| blind(&gap))?;
        Ok(Self {
            backups: backups(&mesh),
            ctx,
            mesh,
            wiring,
            live,
        })
    }

    /// The cluster, or a refusal: this cannot be rehearsed.
    pub(crate) fn live(&self, doing: &str) -> Result<&Live<'a>> {
        self.ctx.must_be_live(doing)?;
        self.live
            .as_ref()
            .ok_or_else(|| Error::internal("there is no cluster in a rehearsal"))
    }

    /// The revisions a tag points to now: one; none where there is no such tag; two when it is broken.
    pub(crate) fn revisions_of(&self, tag: &str) -> Vec<String> {
        let mut all: Vec<String> = self
            .wiring
            .tag_by_webhook(tag)
            .into_iter()
            .chain(self.wiring.tag_by_service(tag))
            .map(str::to_owned)
            .collect();
        all.sort();
        all.dedup();
        all
    }

    /// The header of every screen: where this is, and as whom.
    pub(crate) fn header(&self) -> Doc {
        header(self.ctx, &self.mesh, self.live.as_ref())
    }

    /// uid of kube-system.
    ///
    /// # Errors
    /// It could not be read: no record could then say which cluster it is of.
    pub(crate) fn cluster_uid(&self) -> Result<String> {
        self.mesh.cluster_uid.read().cloned().map_err(|gap| {
            Error::new(Kind::Unknown, "it is unknown which cluster this is")
                .caused_by(Error::user(gap.detail.clone()))
                .hint("the uid of namespace kube-system tells: get on namespaces is needed")
        })
    }
}

fn blind(gap: &Gap) -> Error {
    Error::new(
        Kind::Unknown,
        format!("who injects whom cannot be told: {}", gap.detail),
    )
    .hint(format!("this needs get and list on {}", gap.what))
}

impl Live<'_> {
    /// Records that were announced and never ended, of a holder that is gone or still at work.
    pub(crate) fn unfinished(&self) -> impl Iterator<Item = &Stored> {
        self.records.iter().filter(|s| s.record.is_unfinished())
    }

    /// Refuses while an earlier operation is unfinished: says which, and the two ways out.
    ///
    /// # Errors
    /// [`Kind::Refused`], always when there is one.
    pub(crate) async fn refuse_unfinished(&self) -> Result<()> {
        let Some(stored) = self.unfinished().next() else {
            return Ok(());
        };
        let record = &stored.record;
        let held = Lease::holder(&self.client, self.connection).await?;
        if let Some(held) = held.filter(|h| h.holder.contains(&record.id)) {
            return Err(Error::refused(format!(
                "{} is under way ({}), until {} at the latest",
                record.title(),
                held.holder,
                held.until
            ))
            .hint(
                "If that command was killed, this waits until it can no longer write, and goes on:",
            )
            .hint(go_on(record))
            .hint(way_back(record)));
        }
        Err(Error::refused(format!(
            "{} of {} was never finished: the command was interrupted",
            record.title(),
            record.started
        ))
        .hint("Finish it, or take it back, first:")
        .hint(go_on(record))
        .hint(way_back(record)))
    }

    /// Asks for every right that `asks` lists, and refuses naming each that is missing.
    ///
    /// # Errors
    /// [`Kind::Refused`] with one line per missing right.
    pub(crate) async fn require(&self, doing: &str, asks: &[Ask]) -> Result<()> {
        let missing: Vec<Right> = can_i(&self.client, asks)
            .await
            .into_iter()
            .filter(|r| matches!(r.verdict, Verdict::Denied(_)))
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        let mut error = Error::refused(format!(
            "you may not {doing}: {} missing, nothing was changed",
            crate::screen::count(missing.len(), "right")
        ));
        for right in &missing {
            error = error.hint(format!("missing: {}", right.ask.text()));
        }
        Err(error)
    }
}

/// The rights that the Lease and the record of any operation need.
fn journal_rights(istio_namespace: &str) -> Vec<Ask> {
    let ns = Some(istio_namespace);
    let configmaps = ["list", "create", "update"].map(|verb| Ask::new(verb, "", "configmaps", ns));
    let leases = ["get", "create", "update", "patch", "delete"]
        .map(|verb| Ask::new(verb, "coordination.k8s.io", "leases", ns));
    configmaps.into_iter().chain(leases).collect()
}

/// The rights that setting a tag needs besides reading: istioctl patches and creates, the way back updates
/// and deletes. A promotion that its user may not take back is none.
pub(crate) fn rights(istio_namespace: &str, minor: u64, tag: &str) -> Vec<Ask> {
    let admission = "admissionregistration.k8s.io";
    let mut asks = journal_rights(istio_namespace);
    for verb in ["get", "patch", "create", "update", "delete"] {
        asks.push(Ask::new(
            verb,
            admission,
            "mutatingwebhookconfigurations",
            None,
        ));
        if minor >= crate::objects::SERVICE_SINCE {
            asks.push(Ask::new(verb, "", "services", Some(istio_namespace)));
        }
        if tag == crate::objects::DEFAULT {
            asks.push(Ask::new(
                verb,
                admission,
                "validatingwebhookconfigurations",
                None,
            ));
        }
    }
    asks
}

/// The rights that writing these images needs, besides reading.
pub(crate) fn rights_to_write(istio_namespace: &str, images: &[Image]) -> Vec<Ask> {
    let mut asks = journal_rights(istio_namespace);
    for image in images {
        let verb = match (&image.before, &image.planned) {
            _ if image.key.kind == ObjectKind::Namespace => "patch",
            (None, _) => "create",
            (_, None) => "delete",
            _ => "update",
        };
        let namespace = image.key.namespace.as_deref();
        let ask = Ask::new(
            verb,
            image.key.kind.group(),
            image.key.kind.plural(),
            namespace,
        );
        if !asks.contains(&ask) {
            asks.push(ask);
        }
    }
    asks
}

/// A number that keeps two records of the same second apart: nothing depends on it being secret.
pub(crate) fn salt(at: Timestamp) -> u32 {
    (at.subsec_nanosecond().unsigned_abs() >> 4) ^ std::process::id()
}
