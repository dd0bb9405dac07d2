//! The policies of today, and as proposed.

use std::fmt::Write as _;

use mesh_common::{Error, Result, output::clean};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::judge::Policies;
use crate::{
    Action, AuthorizationPolicy,
    files::Written,
    policy::DryRun,
    scene::{Found, Scene},
};

/// One that is proposed, as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Proposal {
    pub(crate) namespace: String,
    pub(crate) name: String,
    pub(crate) action: String,
    /// What differs from today.
    pub(crate) change: String,
    /// `sha256:…` of its spec as canonical JSON.
    pub(crate) digest: String,
}

/// Everything that is compared, and what is proposed of it.
#[derive(Debug, Default)]
pub(super) struct Compared {
    pub(super) policies: Policies,
    pub(super) proposals: Vec<Proposal>,
    /// What a reader has to know.
    pub(super) notes: Vec<String>,
}

/// `sha256:…` of a value as JSON with sorted keys.
pub(super) fn digest(value: &impl Serialize) -> String {
    let json = serde_json::to_value(value).and_then(|value| serde_json::to_vec(&value));
    let bytes = json.unwrap_or_default();
    let mut text = String::from("sha256:");
    for byte in Sha256::digest(bytes) {
        // Writing to a String does not fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// The policy as it would decide: no dry run, and what was marked is refused.
pub(super) fn enforced(
    policy: &AuthorizationPolicy,
) -> (AuthorizationPolicy, Option<&'static str>) {
    let mut policy = policy.clone();
    let mut why = None;
    if policy.dry_run == DryRun::Yes {
        policy.dry_run = DryRun::No;
        why = Some("enforced instead of in dry run");
    }
    if policy.spec.action == Action::Audit {
        policy.spec.action = Action::Deny;
        why = Some("DENY instead of AUDIT");
    }
    (policy, why)
}

/// Puts together what is there, what was named, and what stands in files.
pub(super) fn compare(
    scene: Option<&Scene>,
    namespace: Option<&str>,
    names: &[String],
    files: Vec<Written>,
) -> Result<Compared> {
    let mut compared = Compared::default();
    let mut all: Vec<AuthorizationPolicy> = Vec::new();
    let mut found: &[Found] = &[];
    if let Some(scene) = scene {
        found = scene.policies().map_err(|gap| {
            Error::new(
                mesh_common::Kind::Unknown,
                format!("the policies of today are not known: {}", gap.detail),
            )
        })?;
        all = found.iter().map(|found| found.policy.clone()).collect();
        compared.policies.now = Some(all.clone());
    }
    let with_files = !files.is_empty();
    let mut from_files = Vec::new();
    for written in files {
        if written.object["kind"] != "AuthorizationPolicy" {
            let kind = clean(written.object["kind"].as_str().unwrap_or("?"), 60);
            let note = format!(
                "{}: {kind} is no AuthorizationPolicy and left out",
                written.file
            );
            compared.notes.push(note);
            continue;
        }
        let file = written.file;
        let one = Found::of(written.object).map_err(|b| Error::user(format!("{file}: {b}")))?;
        from_files.push(one);
    }
    if with_files && from_files.is_empty() {
        return Err(Error::user("no AuthorizationPolicy is in what -f names"));
    }
    for one in &from_files {
        compared.propose(&mut all, one);
    }
    for name in names {
        let one = named(found, namespace, name)?;
        compared.propose(&mut all, one);
    }
    if !with_files && names.is_empty() {
        let wanted = |found: &&Found| namespace.is_none_or(|n| n == found.policy.namespace);
        let dry = |found: &&Found| found.policy.dry_run == DryRun::Yes;
        for one in found.iter().filter(wanted).filter(dry) {
            compared.propose(&mut all, one);
        }
    }
    compared.policies.proposed = all;
    compared.proposals.sort();
    Ok(compared)
}

fn named<'a>(found: &'a [Found], namespace: Option<&str>, name: &str) -> Result<&'a Found> {
    let (namespace, short) = match name.split_once('/') {
        Some((namespace, short)) => (Some(namespace), short),
        None => (namespace, name),
    };
    let is = |found: &&Found| {
        found.policy.name == short && namespace.is_none_or(|n| n == found.policy.namespace)
    };
    let mut all = found.iter().filter(is);
    match (all.next(), all.next()) {
        (Some(one), None) => Ok(one),
        (Some(_), Some(_)) => Err(Error::user(format!(
            "{short} is in several namespaces: write NAMESPACE/{short}"
        ))),
        (None, _) => {
            let place = namespace.map_or(String::new(), |n| format!(" in namespace {n}"));
            Err(
                Error::user(format!("there is no AuthorizationPolicy {short}{place}"))
                    .hint("kubectl mesh-audit-policy list"),
            )
        }
    }
}

impl Compared {
    /// Puts a policy, as it would decide, into the place of that of the same name.
    fn propose(&mut self, all: &mut Vec<AuthorizationPolicy>, one: &Found) {
        let (policy, why) = enforced(&one.policy);
        let is = |other: &AuthorizationPolicy| {
            other.namespace == policy.namespace && other.name == policy.name
        };
        let before = all.iter().position(is);
        let change = match (before.and_then(|nth| all.get(nth)), why) {
            (None, _) => "new",
            (Some(before), _) if *before == policy => "as it is today",
            (Some(_), Some(why)) => why,
            (Some(_), None) => "changed",
        };
        self.proposals.push(Proposal {
            namespace: clean(&policy.namespace, 253),
            name: clean(&policy.name, 253),
            action: policy.spec.action.to_string(),
            change: change.to_owned(),
            digest: digest(&one.object["spec"]),
        });
        match before.and_then(|nth| all.get_mut(nth)) {
            Some(slot) => *slot = policy,
            None => all.push(policy),
        }
    }
}
