//! What is watched: a copy in dry run, and the workloads that evaluate it.

use kube::Client;
use mesh_common::{
    cluster::{Connection, explain},
    error::{Error, Kind, Result},
    output::{clean, count},
};

use super::{proxies, rare::Rare};
use crate::{
    compile::Protocol,
    convert::places,
    copy::{self, Copy},
    listed::listed,
    policy::DryRun,
    promote::the_copy,
    scene::{Enforcer, Found, Scene},
};

/// What is watched.
pub(super) struct Subject {
    pub(super) namespace: String,
    pub(super) name: String,
    pub(super) copy: Found,
    pub(super) is: Copy,
    pub(super) workloads: Vec<proxies::Watched>,
    /// Other policies in dry run on the same workloads, one line each.
    pub(super) beside: Vec<String>,
    /// Callers that may never be seen in so short a time.
    pub(super) rare: Rare,
}

impl Subject {
    /// The policy's copy, where it is evaluated, and what else is.
    pub(super) fn find(scene: &Scene, namespace: &str, name: &str) -> Result<Self> {
        let unknown = |why: String| Error::new(Kind::Unknown, clean(&why, 400));
        let policies = scene.policies().map_err(|g| unknown(g.detail.clone()))?;
        let here: Vec<&Found> = policies
            .iter()
            .filter(|f| f.policy.namespace == namespace)
            .collect();
        let convert = mesh_common::shell::command(
            "kubectl mesh-audit-policy convert {} -n {} --apply",
            &[name, namespace],
        );
        let Some((copy, is)) = the_copy(&here, name)? else {
            return Err(Error::refused(format!(
                "there is no copy of {} to watch",
                clean(&format!("{namespace}/{name}"), 300)
            ))
            .hint(convert));
        };
        if !is.intact {
            return Err(Error::refused(format!(
                "{} was edited since it was made: it is not what would be enforced",
                copy.name()
            ))
            .hint("remove it, and make and watch a new one")
            .hint(convert));
        }
        if copy.policy.dry_run != DryRun::Yes {
            return Err(Error::refused(format!(
                "{} is no dry run: no counter tells what it would do",
                copy.name()
            ))
            .hint("kubectl mesh-audit-policy replay --help"));
        }
        let mut workloads = Vec::new();
        for target in scene.targets().map_err(unknown)? {
            if target.enforcer == Enforcer::Nothing {
                continue;
            }
            let applies = match target.context(Protocol::Http) {
                Ok(context) => copy.policy.applies_to(&context).map_err(unknown)?,
                Err(why) if target.workload.namespace == namespace => return Err(unknown(why)),
                Err(_) => false,
            };
            let watched = proxies::Watched::of(&target);
            if !applies || workloads.contains(&watched) {
                continue;
            }
            if target.enforcer == Enforcer::Ztunnel {
                return Err(Error::refused(format!(
                    "{} is behind ztunnel, which counts nothing of a dry run",
                    clean(&watched.name, 300)
                ))
                .hint("kubectl mesh-audit-policy replay --help"));
            }
            workloads.push(watched);
        }
        if workloads.is_empty() {
            return Err(Error::refused(format!(
                "{} applies to no workload that runs: nothing would ever be counted",
                copy.name()
            ))
            .hint(mesh_common::shell::command(
                "kubectl mesh-audit-policy lint -n {}",
                &[namespace],
            )));
        }
        let beside = places::also_watched(scene, copy, &[]).map_err(unknown)?;
        let own = copy.name();
        Ok(Self {
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            copy: copy.clone(),
            is,
            workloads,
            beside: beside
                .into_iter()
                .filter(|line| !line.ends_with(&own))
                .collect(),
            rare: Rare::default(),
        })
    }

    /// The copy is still the one that was watched. It is listed, which is a right that whoever watches has, and nothing else
    /// of the mesh is read again.
    pub(super) async fn refuse_if_changed(&self, conn: &Connection, client: &Client) -> Result<()> {
        let key = copy::key_of(&self.copy);
        let (here, name) = (Some(self.namespace.as_str()), Some(key.name.as_str()));
        let listed = listed(client, key.kind, here, name).await.map_err(|e| {
            let why = explain(&e, "list the copy again", conn);
            Error::new(
                Kind::Unknown,
                format!("whether the copy is still what was watched is not known: {why}"),
            )
        })?;
        let same = listed.iter().any(|now| {
            now["metadata"]["uid"] == *self.copy.uid()
                && copy::digest(&now["spec"], self.is.action) == self.is.watched
        });
        if same {
            return Ok(());
        }
        Err(Error::refused(format!(
            "{} was changed or removed while it was watched: what was seen is of no use",
            self.copy.name()
        )))
    }

    /// `payments/lockdown, on 3 workloads`.
    pub(super) fn words(&self) -> String {
        format!(
            "{}/{}, on {}",
            clean(&self.namespace, 100),
            clean(&self.name, 253),
            count(self.workloads.len(), "workload")
        )
    }
}
