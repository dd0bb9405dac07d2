//! Everything a restore needs before anybody is asked: the archive, the cluster, the plan, the gates, what it does.

use std::collections::BTreeSet;

use kube::Client;
use mesh_common::{
    Ctx, Error, Kind, Result,
    check::Gates,
    cluster::{Ask, Connection, Verdict as May, can_i},
    mesh::{Mesh, live::Needs},
    output::{Doc, count},
};

use super::{
    gates::{Facts, gates},
    judge::Verdict,
    local::Keepers,
    look::{Look, Typed, cluster_uid},
    place::Phase,
    plan::Entries,
    screen::Shown,
    survey::Survey,
    wired,
};
use crate::opened::Opened;

mod facts;
mod secrets;

use facts::{blocked, lives_here, older};
pub(crate) use facts::{has_endpoint, in_the_way};
use secrets::Secrets;

/// A plan with what is needed to carry it out.
pub(crate) struct Prepared {
    pub(crate) survey: Survey,
    pub(crate) look: Look,
    pub(crate) plan: Entries,
    pub(crate) gates: Gates,
    pub(crate) mesh: Mesh,
    pub(crate) cluster_uid: String,
    /// The Istio namespace is not there: it is made first.
    pub(crate) without_namespace: bool,
    /// `--include-secrets`.
    asked: bool,
}

impl Prepared {
    /// Makes the plan.
    ///
    /// # Errors
    /// The archive or what the plan must rest on cannot be read.
    pub(crate) async fn make(
        ctx: &Ctx,
        client: &Client,
        conn: &Connection,
        file: &Opened,
        typed: &Typed,
        istiod: bool,
    ) -> Result<Self> {
        let survey = Survey::make(file, typed, istiod)?;
        unmet(&typed.only)?;
        if survey.bounds.istio_namespace != conn.istio_namespace {
            return Err(Error::refused(format!(
                "the archive is of a mesh in {}, and {} was named",
                survey.bounds.istio_namespace, conn.istio_namespace
            ))
            .hint(mesh_common::shell::command(
                "kubectl mesh-backup restore FILE -i {}",
                &[&survey.bounds.istio_namespace],
            )));
        }
        let mesh = ctx.mesh(Needs::PROMOTE).await?;
        let uid = cluster_uid(&mesh)?;
        let own = survey.whole.manifest.cluster_uid.as_deref();
        if typed.prune && own != Some(&uid) {
            return Err(Error::refused(
                "--prune deletes only on the cluster that the archive is of",
            )
            .hint("leave out --prune"));
        }
        let kubernetes = mesh.kubernetes.get().map(String::as_str);
        let look = Look::make(client, conn, &survey, typed, kubernetes).await?;
        let plan = look.plan(&survey, typed, file)?;
        let namespaces = mesh.namespaces.read().map_err(|gap| {
            Error::new(
                Kind::Unknown,
                format!("which namespaces there are is unknown: {}", gap.detail),
            )
        })?;
        let home = namespaces.get(&conn.istio_namespace);
        if home.is_some_and(|n| n.terminating) {
            return Err(Error::refused(format!(
                "namespace {} is being deleted",
                conn.istio_namespace
            ))
            .hint("wait until it is gone, then try again"));
        }
        let without_namespace = home.is_none();
        let blocked = blocked(client, conn, &mesh, &look, &plan, &survey).await?;
        let facts = Facts {
            plan: &plan,
            archived_root: survey.ca.as_deref().or(survey.root.as_deref()),
            authority: &look.authority,
            istio_namespace: &conn.istio_namespace,
            has_namespace: !without_namespace,
            clusters: (own, &uid),
            lives_here: lives_here(&mesh, &look),
            blocked: &blocked,
            older: &older(&survey, &mesh, &plan),
            secrets: (survey.secrets, typed.secrets),
        };
        let gates = gates(&facts);
        Ok(Self {
            survey,
            plan,
            look,
            gates,
            mesh,
            cluster_uid: uid,
            without_namespace,
            asked: typed.secrets,
        })
    }

    /// As it is shown.
    ///
    /// # Errors
    /// What it does to the workloads is not known.
    pub(crate) fn shown(
        &self,
        conn: &Connection,
        file: &Opened,
        keepers: &Keepers,
    ) -> Result<Shown> {
        let secrets = Secrets::of(
            &self.plan,
            self.survey.secrets,
            self.asked,
            keepers.is_nobody(),
        );
        let manifest = &self.survey.whole.manifest;
        let mut header = Doc::new();
        header.pairs(conn.pairs());
        let of = match &manifest.cluster_uid {
            Some(uid) if *uid == self.cluster_uid => "this cluster".to_owned(),
            Some(uid) => format!("another cluster ({uid})"),
            None => "an unknown cluster".to_owned(),
        };
        let archive = [
            ("File", file.name()),
            ("Captured", manifest.capture_time.to_string()),
            ("Of", of.clone()),
            (
                "Istio",
                format!(
                    "{} in {}",
                    manifest.istio_versions.join(", "),
                    manifest.istio_namespace
                ),
            ),
            ("SHA-256", self.survey.whole.sha256.clone()),
        ];
        let istiods = self.plan.writes().any(|e| e.phase == Phase::Workloads);
        let impact = wired::impact(&self.mesh, &self.plan.wiring, &[], istiods)?;
        let mut notes = Vec::new();
        if self.without_namespace {
            notes.push(format!(
                "namespace {} is not there: it is made first, since the Lease and the record live in it",
                conn.istio_namespace
            ));
        }
        if manifest.cluster_uid.as_deref() != Some(&self.cluster_uid) {
            notes.push(
                "the archive is of another cluster: cluster IPs and node ports that are taken here are named above; \
                 tokens of service accounts are never taken over"
                    .into(),
            );
        }
        notes.extend(secrets.note());
        for unread in &self.survey.whole.index.unread {
            if unread.why != mesh_common::mesh::Why::NotServed {
                notes.push(format!(
                    "not in the archive: {} ({})",
                    unread.what, unread.detail
                ));
            }
        }
        if self.survey.nameless > 0 {
            notes.push(format!(
                "{} of the archive have names that are none",
                count(self.survey.nameless, "object")
            ));
        }
        Ok(Shown {
            header,
            archive: archive.map(|(k, v)| (k.to_owned(), v)).to_vec(),
            title: "Restore".into(),
            plan: self.plan.clone(),
            left: self.survey.left.clone(),
            gates: self.gates.clone(),
            impact,
            notes,
            way_back: self.way_back(&secrets, keepers),
            lasting: secrets.lasting().iter().map(|k| (*k).clone()).collect(),
            record: None,
        })
    }

    fn way_back(&self, secrets: &Secrets<'_>, keepers: &Keepers) -> Vec<String> {
        let of =
            |f: fn(&Verdict) -> bool| self.plan.objects.iter().filter(|e| f(&e.verdict)).count();
        let lasting = self
            .plan
            .writes()
            .filter(|e| e.verdict == Verdict::Create && e.key.is("", "Namespace"))
            .count();
        // Those stay, so they are none of what goes.
        let creates = of(|v| *v == Verdict::Create) - lasting;
        let changes = of(|v| matches!(v, Verdict::Change { .. })) - secrets.lasting().len();
        let mut lines = vec!["kubectl mesh-backup rollback".to_owned()];
        if !keepers.is_nobody() {
            lines = vec!["kubectl mesh-backup rollback --identity FILE".to_owned()];
        }
        let mut means = Vec::new();
        if changes > 0 {
            means.push(format!(
                "brings {} back as they are now",
                count(changes, "object")
            ));
        }
        if !self.plan.prune.is_empty() {
            means.push(format!(
                "makes {} again",
                count(self.plan.prune.len(), "deleted object")
            ));
        }
        if creates > 0 {
            means.push(format!(
                "deletes the {} that this makes",
                count(creates, "object")
            ));
        }
        if !means.is_empty() {
            lines.push(format!("It {}.", means.join(", ")));
        }
        if lasting > 0 {
            lines.push(format!(
                "{} that this makes stay: deleting one would delete whatever is in it by then.",
                count(lasting, "namespace")
            ));
        }
        lines.extend(secrets.way_back());
        lines.push(
            "What it was is kept on this machine, in a local archive beside the record.".into(),
        );
        lines
    }

    /// Asks for every right that the plan needs, and refuses naming each that is missing.
    ///
    /// # Errors
    /// One line per missing right.
    pub(crate) async fn require(&self, client: &Client, conn: &Connection) -> Result<()> {
        let writes = self.plan.writes().map(|e| {
            let verb = if e.verdict == Verdict::Create {
                "create"
            } else {
                "update"
            };
            (verb, &e.key)
        });
        let deletes = self.plan.prune.iter().map(|k| ("delete", k));
        let asks: BTreeSet<Ask> = writes
            .chain(deletes)
            .filter_map(|(verb, key)| {
                let api = self.look.apis.get(&(key.group.clone(), key.kind.clone()))?;
                Some(Ask::new(
                    verb,
                    &api.group,
                    &api.resource,
                    key.namespace.as_deref(),
                ))
            })
            .collect();
        require(client, &conn.istio_namespace, asks).await
    }
}

/// The rights of the journal, and these.
///
/// # Errors
/// One line per missing right.
pub(crate) async fn require(
    client: &Client,
    istio_namespace: &str,
    mut asks: BTreeSet<Ask>,
) -> Result<()> {
    let ns = Some(istio_namespace);
    asks.extend(["list", "create", "update"].map(|verb| Ask::new(verb, "", "configmaps", ns)));
    asks.extend(
        ["get", "create", "update", "patch", "delete"]
            .map(|verb| Ask::new(verb, "coordination.k8s.io", "leases", ns)),
    );
    // Who may do it everywhere is asked once per kind.
    let wide: BTreeSet<Ask> = asks
        .iter()
        .map(|a| Ask::new(&a.verb, &a.group, &a.resource, None))
        .collect();
    let wide: Vec<Ask> = wide.into_iter().collect();
    let allowed: BTreeSet<Ask> = can_i(client, &wide)
        .await
        .into_iter()
        .filter(|r| matches!(r.verdict, May::Allowed))
        .map(|r| r.ask)
        .collect();
    asks.retain(|a| !allowed.contains(&Ask::new(&a.verb, &a.group, &a.resource, None)));
    let asks: Vec<Ask> = asks.into_iter().collect();
    let missing: Vec<Ask> = can_i(client, &asks)
        .await
        .into_iter()
        .filter(|r| matches!(r.verdict, May::Denied(_)))
        .map(|r| r.ask)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let mut error = Error::refused(format!(
        "you may not do this: {} missing, nothing was changed",
        count(missing.len(), "right")
    ));
    for ask in missing.iter().take(20) {
        error = error.hint(format!("missing: {}", ask.text()));
    }
    Err(error)
}

fn unmet(only: &crate::only::Only) -> Result<()> {
    match only.unmet().as_slice() {
        [] => Ok(()),
        unmet => Err(
            Error::user(format!("the archive has nothing like {}", unmet.join(", ")))
                .hint("kubectl mesh-backup show FILE says what is in it"),
        ),
    }
}
