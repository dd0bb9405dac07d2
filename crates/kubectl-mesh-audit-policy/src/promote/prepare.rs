//! What enforcing a policy would do: the objects, the gates, who is cut off.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use mesh_common::{
    check::Gates,
    error::{Error, Kind, Result},
    journal::{Image, image},
    mesh::Owner,
    output::{Doc, clean},
    shell,
};
use serde_json::Value;

use super::gates::{self, Change, Evidence, Facts};
use crate::{
    convert::places,
    copy::{self, Copy},
    policy::{Action, DryRun},
    scene::{Found, Scene},
};

/// What is asked for.
pub(crate) struct Ask<'a> {
    pub(crate) namespace: &'a str,
    pub(crate) name: &'a str,
    pub(crate) from: From,
    pub(crate) evidence: Evidence,
    pub(crate) min: SignedDuration,
    pub(crate) max_unknown: f64,
    pub(crate) accepted: &'a BTreeMap<String, String>,
}

/// What is enforced.
#[derive(Clone)]
pub(crate) enum From {
    /// What a copy in the cluster watched.
    Copy,
    /// A policy as it is written.
    File(Box<Found>),
}

/// A promotion that is ready to be shown.
pub(crate) struct Prepared {
    pub(crate) namespace: String,
    pub(crate) name: String,
    pub(crate) action: Action,
    /// The policy first, then its copy.
    pub(crate) images: Vec<Image>,
    /// The policy as it will be.
    enforced: Value,
    /// Whether it is enforced already, so that only the copy goes.
    pub(crate) already: bool,
    /// Workloads that it applies to; an error says why they are not known.
    pub(crate) workloads: Result<Vec<String>, String>,
    /// Of an ALLOW: workloads that become default deny.
    pub(crate) default_deny: Result<Vec<String>, String>,
    pub(crate) gates: Gates,
    pub(crate) header: Option<Doc>,
    owners: Vec<(String, Owner)>,
}

impl Prepared {
    /// Holds the policy, its copy and the evidence against each other.
    ///
    /// # Errors
    /// There is nothing to enforce.
    pub(crate) fn make(scene: &Scene, ask: &Ask<'_>) -> Result<Self> {
        let policies = scene.policies().map_err(|gap| {
            Error::new(
                Kind::Unknown,
                format!("the policies are not known: {}", gap.detail),
            )
        })?;
        let here: Vec<&Found> = policies
            .iter()
            .filter(|f| f.policy.namespace == ask.namespace)
            .collect();
        let broken = |b: &&crate::scene::Broken| b.namespace == ask.namespace && b.name == ask.name;
        if let Some(broken) = scene.broken.iter().find(broken) {
            return Err(Error::refused(format!("{broken}; nothing was changed")));
        }
        let standing = here.iter().find(|f| f.policy.name == ask.name).copied();
        let copy = the_copy(&here, ask.name)?;
        let (enforced, digest, action, change) = match (&ask.from, &copy) {
            (From::File(found), _) => (
                from_file(found, standing),
                copy::digest_of(found),
                found.policy.spec.action,
                Change::None,
            ),
            (From::Copy, Some((found, copy))) => (
                copy::enforced(found, copy, standing),
                copy.watched.clone(),
                copy.action,
                change(copy, standing),
            ),
            (From::Copy, None) => return Err(unwatched(ask, standing)),
        };
        if !matches!(action, Action::Deny | Action::Allow) {
            return Err(Error::refused(format!(
                "{action} cannot be watched, so it is not enforced here"
            )));
        }
        let meant = Found::of(enforced.clone()).map_err(|broken| {
            Error::refused(format!("what would be enforced cannot be judged: {broken}"))
        })?;
        let already = standing
            .is_some_and(|s| copy::digest_of(s) == digest && s.policy.dry_run != DryRun::Yes);
        let mut images = Vec::new();
        if !already {
            images.push(written(&meant, standing, Some(&enforced)));
        }
        if let Some((found, _)) = &copy {
            images.push(written(found, Some(found), None));
        }
        if images.is_empty() {
            return Err(Error::user(format!(
                "{} is enforced already, and there is no copy of it",
                meant.name()
            )));
        }
        let uid = copy
            .as_ref()
            .map(|(found, _)| found.uid())
            .filter(|_| matches!(ask.from, From::Copy));
        let gates = if already && !matches!(change, Change::Copy(_)) {
            Gates::none()
        } else {
            gates::gates(&Facts {
                now: scene.mesh.now,
                evidence: &ask.evidence,
                digest: &digest,
                copy_uid: uid,
                change,
                min: ask.min,
                max_unknown: ask.max_unknown,
                accepted: ask.accepted,
                watch: shell::command(
                    "kubectl mesh-audit-policy watch {} -n {}",
                    &[ask.name, ask.namespace],
                ),
            })
        };
        let workloads = places::of(scene, &meant);
        let default_deny = match action {
            Action::Allow if !already => places::become_default_deny(scene, &meant),
            _ => Ok(Vec::new()),
        };
        let owners = standing
            .into_iter()
            .chain(copy.as_ref().map(|(found, _)| *found));
        Ok(Self {
            namespace: ask.namespace.to_owned(),
            name: ask.name.to_owned(),
            action,
            images,
            enforced,
            already,
            workloads: workloads.map(|all| all.into_iter().map(|p| p.name).collect()),
            default_deny,
            gates,
            header: None,
            owners: owners.map(|f| (f.name(), f.owner())).collect(),
        })
    }

    /// The policy as it will be, read; what cannot be read is not prepared.
    pub(crate) fn meant(&self) -> Option<Found> {
        Found::of(self.enforced.clone()).ok()
    }

    /// The policy as it will be.
    pub(crate) fn enforced(&self) -> &Value {
        &self.enforced
    }

    /// Refuses to write over what somebody else would write back.
    ///
    /// # Errors
    /// The policy or its copy has an owner.
    pub(crate) fn refuse_owned(&self) -> Result<()> {
        let Some((name, owner)) = self.owners.iter().find(|(_, owner)| owner.is_owned()) else {
            return Ok(());
        };
        Err(Error::refused(format!(
            "{name} is owned by {}, which would write it back; nothing was changed",
            clean(&owner.short(), 200)
        ))
        .hint("Change it where its owner takes it from. The policy as it is to be:")
        .hint(shell::command(
            "kubectl mesh-audit-policy promote {} -n {} -o yaml",
            &[&self.name, &self.namespace],
        )))
    }

    /// What is asked before the first write.
    pub(crate) fn questions(&self, place: &str) -> Vec<String> {
        let name = format!("{}/{}", self.namespace, self.name);
        if self.already {
            return vec![format!("Remove the copy of {name} on {place}?")];
        }
        let mut all = Vec::new();
        match &self.default_deny {
            Ok(names) if names.is_empty() => {}
            // One line of a narrow terminal: what is longer is cut, and nobody answers half a question.
            Ok(names) => all.push(format!(
                "{} then {} all that no ALLOW lets in. Is that meant?",
                mesh_common::output::count(names.len(), "workload"),
                if names.len() == 1 {
                    "refuses"
                } else {
                    "refuse"
                }
            )),
            Err(_) => {
                all.push("Which workloads then refuse all else is not known. Go on?".to_owned());
            }
        }
        all.push(format!("Enforce {} {name} on {place}?", self.action));
        all
    }

    /// One line per gate, for the record.
    pub(crate) fn gate_lines(&self) -> Vec<String> {
        let line =
            |g: &mesh_common::check::Gate| format!("{}: {}: {}", g.id, g.verdict.word(), g.line());
        self.gates.gates.iter().map(line).collect()
    }
}

/// The copy of this name, if there is one.
pub(crate) fn the_copy<'a>(here: &[&'a Found], name: &str) -> Result<Option<(&'a Found, Copy)>> {
    let mut copies = here
        .iter()
        .filter_map(|f| Some((*f, Copy::read(f)?)))
        .filter(|(_, copy)| copy.of == name);
    let first = copies.next();
    if let (Some((a, _)), Some((b, _))) = (&first, copies.next()) {
        return Err(Error::refused(format!(
            "{} and {} are both copies of it: which one was watched is not known",
            a.name(),
            b.name()
        ))
        .hint("remove one of them"));
    }
    Ok(first)
}

/// What stands between what was watched and what would be enforced.
fn change(copy: &Copy, standing: Option<&Found>) -> Change {
    if !copy.intact {
        return Change::Copy(
            "the copy was edited since it was made: it is no longer what was watched".into(),
        );
    }
    match (&copy.origin, standing) {
        (None, None) => Change::None,
        (Some(was), Some(is)) if *was == copy::digest_of(is) => Change::None,
        // It is what would be enforced anyway.
        (_, Some(is)) if copy.watched == copy::digest_of(is) => Change::None,
        (Some(_), None) => Change::Original(vec!["the policy is gone".into()]),
        (None, Some(_)) => Change::Original(vec!["the policy was made since".into()]),
        (Some(was), Some(is)) => Change::Original(vec![
            format!("its spec was {was}"),
            format!("its spec is {}", copy::digest_of(is)),
        ]),
    }
}

/// A policy of a file, over the one that stands there.
fn from_file(found: &Found, standing: Option<&Found>) -> Value {
    let kind = mesh_common::journal::Kind::AuthorizationPolicy;
    let mut object = image::without_server_fields(kind, &found.object);
    // The dry run is what it was judged as, not what it is to be.
    if let Some(annotations) = object["metadata"]["annotations"].as_object_mut() {
        annotations.remove(crate::policy::DRY_RUN);
    }
    for field in ["ownerReferences", "finalizers"] {
        let stands = standing.map(|s| s.object["metadata"][field].clone());
        if let Some(metadata) = object["metadata"].as_object_mut() {
            metadata.remove(field);
            if let Some(value) = stands.filter(|v| !v.is_null()) {
                metadata.insert(field.to_owned(), value);
            }
        }
    }
    object
}

fn written(found: &Found, before: Option<&Found>, planned: Option<&Value>) -> Image {
    let kind = mesh_common::journal::Kind::AuthorizationPolicy;
    let plain = |o: &Value| image::without_server_fields(kind, o);
    Image {
        key: copy::key_of(found),
        before: before.map(|f| plain(&f.object)),
        planned: planned.map(plain),
        after: None,
    }
}

fn unwatched(ask: &Ask<'_>, standing: Option<&Found>) -> Error {
    let name = format!("{}/{}", clean(ask.namespace, 63), clean(ask.name, 253));
    let words = [ask.name, ask.namespace];
    match standing {
        Some(found) if Copy::read(found).is_some() => Error::user(format!(
            "{name} is a copy: promote takes the name of the policy that it is a copy of"
        )),
        Some(_) => Error::refused(format!(
            "{name} is not being watched: there is no copy of it"
        ))
        .hint("make one, and watch it:")
        .hint(shell::command(
            "kubectl mesh-audit-policy convert {} -n {} --apply",
            &words,
        )),
        None => Error::user(format!(
            "there is neither an AuthorizationPolicy {name} nor a copy of it"
        ))
        .hint(shell::command(
            "kubectl mesh-audit-policy list -n {}",
            &[ask.namespace],
        )),
    }
}

#[cfg(test)]
mod tests;
