//! What must hold before a restore is begun: pure.

use mesh_common::{
    check::{Gate, Gates, Verdict as Stands, id},
    output::count,
    shell,
};

use super::{
    hooks::Blocked,
    judge::Verdict,
    look::{Authority, certificates},
    place::{Phase, is_ca},
    plan::{Entries, Entry},
};

/// What the gates are judged by.
pub(crate) struct Facts<'a> {
    pub(crate) plan: &'a Entries,
    /// Root in the archive.
    pub(crate) archived_root: Option<&'a str>,
    pub(crate) authority: &'a Authority,
    pub(crate) istio_namespace: &'a str,
    /// Whether the Istio namespace is there.
    pub(crate) has_namespace: bool,
    /// uid of kube-system in the archive, and here.
    pub(crate) clusters: (Option<&'a str>, &'a str),
    /// Istiods and resources of the mesh that are here already.
    pub(crate) lives_here: Vec<String>,
    pub(crate) blocked: &'a [Blocked],
    /// Workloads whose istiod would go back: name, version here, version in the archive.
    pub(crate) older: &'a [(String, String, String)],
    /// Secrets in the archive, and whether they were asked for.
    pub(crate) secrets: (usize, bool),
}

/// All of them.
pub(crate) fn gates(facts: &Facts<'_>) -> Gates {
    Gates {
        gates: vec![
            cluster(facts),
            ca(facts),
            owners(facts),
            conflicts(facts),
            restorable(facts),
            webhooks(facts.blocked),
            downgrade(facts),
        ],
        findings: Vec::new(),
    }
}

pub(crate) fn gate(id: &'static str, title: &'static str) -> Gate {
    Gate {
        id,
        title,
        required: true,
        verdict: Stands::Open,
        summary: String::new(),
        evidence: Vec::new(),
        hint: None,
        pass: Some(format!("--waive {id}=REASON")),
        waived: None,
    }
}

pub(crate) fn open(gate: Gate, summary: impl Into<String>) -> Gate {
    Gate {
        summary: summary.into(),
        ..gate
    }
}

pub(crate) fn shut(
    gate: Gate,
    verdict: Stands,
    summary: impl Into<String>,
    hint: impl Into<String>,
) -> Gate {
    Gate {
        verdict,
        summary: summary.into(),
        hint: Some(hint.into()),
        ..gate
    }
}

fn cluster(facts: &Facts<'_>) -> Gate {
    let gate = gate(id::CLUSTER, "cluster");
    let (archived, here) = facts.clusters;
    match archived {
        Some(uid) if uid == here => open(gate, "the archive is of this cluster"),
        _ if facts.lives_here.is_empty() => open(
            gate,
            "the archive is of another cluster; no mesh is here yet",
        ),
        Some(_) => Gate {
            evidence: facts.lives_here.clone(),
            ..shut(
                gate,
                Stands::Closed,
                "the archive is of another cluster, and this one has a mesh",
                "choose the cluster it was made of with --context, or bring back less: --only KIND/NAMESPACE/NAME",
            )
        },
        None => shut(
            gate,
            Stands::Unknown,
            "the archive does not say which cluster it is of",
            "compare what show says of it with this cluster",
        ),
    }
}

fn ca(facts: &Facts<'_>) -> Gate {
    let gate = gate(id::CA, "CA");
    let (live, archived) = (facts.authority, facts.archived_root.map(certificates));
    let ns = facts.istio_namespace;
    let starts = facts
        .plan
        .writes()
        .any(|e| e.phase == Phase::Workloads && e.key.name.starts_with("istiod"));
    let root = live.root().map(certificates);
    let brings = facts.plan.writes().any(|e| is_ca(&e.key, ns));
    let makes = live.key.is_none() && !brings && (starts || !facts.has_namespace);
    if let (Some(archived), Some(root)) = (&archived, &root) {
        if archived.iter().any(|c| root.contains(c)) {
            if makes {
                return keyless(gate, facts);
            }
            return open(
                gate,
                if live.key.is_none() && brings {
                    "the CA's key comes back, and its root certificate is the one that is trusted here"
                } else {
                    "the archive's root certificate is the one that is live"
                },
            );
        }
        return Gate {
            evidence: vec![format!(
                "{} in the archive, {} here",
                count(archived.len(), "root certificate"),
                count(root.len(), "other")
            )],
            ..shut(
                gate,
                Stands::Closed,
                "the CA here is another than the archive's: what was issued by one is not trusted by the other",
                format!(
                    "bring the old CA back before anything else: Secret cacerts (or istio-ca-secret) in {ns}; or keep \
                     the new one, and restart every workload once istiod has it"
                ),
            )
        };
    }
    if let Some(why) = live.unknown.as_ref().filter(|_| live.key.is_none()) {
        return shut(
            gate,
            Stands::Unknown,
            format!("the CA here is not known: {why}"),
            format!(
                "get on Secrets cacerts and istio-ca-secret in {ns} tells; only certificates are looked at"
            ),
        );
    }
    if makes {
        return keyless(gate, facts);
    }
    if brings && root.is_none() {
        return open(
            gate,
            "no CA is here, and the archive's comes back before any istiod is started",
        );
    }
    match (archived, root) {
        (None, Some(_)) => open(
            gate,
            "the archive has no root certificate to compare with the live one",
        ),
        _ => open(gate, "no istiod is started by this, so no CA is made"),
    }
}

fn keyless(gate: Gate, facts: &Facts<'_>) -> Gate {
    let ns = facts.istio_namespace;
    let has = match facts.secrets {
        (0, _) => "the archive has no Secrets",
        (_, false) => "the archive's Secrets stay in it without --include-secrets",
        (_, true) => "none comes back from the archive",
    };
    shut(
        gate,
        Stands::Closed,
        format!(
            "no CA is here, and {has}: istiod would make a new root, which breaks mTLS with everything that runs"
        ),
        if let (1.., false) = facts.secrets {
            "add --include-secrets, if the CA is among them; a mesh whose CA is elsewhere, or which may have a new one, \
             passes by a reason"
                .to_owned()
        } else {
            format!(
                "put the CA there first: kubectl create namespace {ns}, then Secret cacerts in it; a mesh whose CA is \
             elsewhere, or which may have a new one, passes by a reason"
            )
        },
    )
}

/// `authorizationpolicy…/deny -n payments: Helm istiod`.
fn lines<'a>(plan: &'a Entries, of: impl Fn(&'a Entry) -> Option<String>) -> Vec<String> {
    plan.objects
        .iter()
        .filter_map(|e| Some(format!("{}: {}", e.key, of(e)?)))
        .collect()
}

fn owners(facts: &Facts<'_>) -> Gate {
    let gate = gate(id::OWNERS, "owners");
    let owned = lines(facts.plan, |e| match &e.verdict {
        Verdict::Owned { by } => Some(by.clone()),
        _ => None,
    });
    if owned.is_empty() {
        return open(gate, "nobody else owns what is written over");
    }
    Gate {
        summary: format!("what differs belongs to somebody who would write it back: {}", count(owned.len(), "object")),
        evidence: owned,
        verdict: Stands::Closed,
        hint: Some("change them there, or leave them out: a waiver restores everything else and leaves these as they are".into()),
        ..gate
    }
}

fn conflicts(facts: &Facts<'_>) -> Gate {
    let gate = gate(id::CONFLICTS, "conflicts");
    let found = lines(facts.plan, |e| match &e.verdict {
        Verdict::Conflict { managers, fields } => {
            Some(format!("{} set {}", managers.join(", "), fields.join(", ")))
        }
        _ => None,
    });
    if found.is_empty() {
        return open(gate, "nobody else set the fields that are written over");
    }
    Gate {
        summary: format!(
            "somebody else set fields since: {}",
            count(found.len(), "object")
        ),
        evidence: found,
        verdict: Stands::Closed,
        hint: Some(
            "--force-conflicts writes over them; a waiver leaves these objects as they are".into(),
        ),
        ..gate
    }
}

fn restorable(facts: &Facts<'_>) -> Gate {
    let gate = gate(id::RESTORABLE, "restorable");
    let found = lines(facts.plan, |e| match &e.verdict {
        Verdict::Impossible { why } => Some(why.clone()),
        _ => None,
    });
    if found.is_empty() {
        return open(gate, "everything that is asked for can be brought back");
    }
    Gate {
        summary: format!("{} cannot be brought back", count(found.len(), "object")),
        evidence: found,
        verdict: Stands::Closed,
        hint: Some("a waiver restores everything else".into()),
        ..gate
    }
}

/// Webhooks that would refuse what is written.
pub(crate) fn webhooks(blocked: &[Blocked]) -> Gate {
    let gate = gate(id::WEBHOOKS, "webhooks");
    let Some(first) = blocked.first() else {
        return open(gate, "no webhook that nobody answers stands in the way");
    };
    let command = shell::command(
        &format!(
            "kubectl patch {} {{}} --type=json -p '[{{\"op\":\"replace\",\"path\":\"/webhooks/{}/failurePolicy\",\"value\":\"Ignore\"}}]'",
            first.resource, first.index
        ),
        &[&first.config],
    );
    Gate {
        summary: format!(
            "{} would refuse writes: nobody answers, and the failure policy is Fail",
            count(blocked.len(), "webhook")
        ),
        evidence: blocked.iter().map(Blocked::line).collect(),
        verdict: Stands::Closed,
        hint: Some(format!(
            "bring its Service back first, or let it pass until then:\n{command}"
        )),
        ..gate
    }
}

fn downgrade(facts: &Facts<'_>) -> Gate {
    let gate = gate(id::DOWNGRADE, "downgrade");
    if facts.older.is_empty() {
        return open(gate, "no istiod goes back to an older version");
    }
    Gate {
        summary: "an older istiod would take the place of a newer one: Istio does not support that in place".into(),
        evidence: facts
            .older
            .iter()
            .map(|(name, here, then)| format!("deployment/{name}: {here} here, {then} in the archive"))
            .collect(),
        verdict: Stands::Closed,
        hint: Some("install the old version as a revision of its own, and move the workloads: kubectl mesh-tag".into()),
        ..gate
    }
}

#[cfg(test)]
mod tests;
