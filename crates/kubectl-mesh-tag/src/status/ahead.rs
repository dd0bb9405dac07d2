//! What stands before the promotion of a tag, where it is evident to which revision: the one behind
//! the tag `canary`. Only what reading can tell; istioctl and a dry-run pod are promote's own.

use std::collections::BTreeSet;

use mesh_common::{
    check::{Backups, Gates, IstioctlFacts, Serving, Verdict, id},
    error::Result,
    journal::Action,
    mesh::{Mesh, Raw, Wiring},
};
use serde::Serialize;

use crate::{
    facts,
    objects::tag_set,
    prepare::{self, Ask},
    restore,
    target::CANARY,
    wired,
};

/// Gates that promote judges by asking istioctl, the API server and the notes of this machine.
const ASKED_BY_PROMOTE: [&str; 3] = [id::PARITY, id::SERVES, id::BACKUP];

/// The promotion that is in sight.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", tag = "candidate")]
pub(crate) enum Ahead {
    /// None is evident: there is no canary, or the tag points there already.
    Nothing,
    /// The canary's revision.
    #[serde(rename_all = "camelCase")]
    Revision {
        /// The revision.
        revision: String,
        /// The gates that were judged, and what was found on the way.
        #[serde(flatten)]
        gates: Gates,
        /// Names of those that were not.
        not_judged: Vec<String>,
    },
    /// There is one, and its gates cannot be judged.
    #[serde(rename_all = "camelCase")]
    Unknown {
        /// The revision.
        revision: String,
        /// Why not.
        reason: String,
    },
}

/// The promotion of this tag that is in sight. `from` is where it points now.
pub(super) fn look(mesh: &Mesh, tag: &str, from: &[String]) -> Ahead {
    if tag == CANARY {
        return Ahead::Nothing;
    }
    let injectors = mesh.injectors.items().unwrap_or_default();
    let canary = injectors
        .iter()
        .filter(|i| i.tag.as_deref() == Some(CANARY));
    let behind: BTreeSet<&str> = canary.map(|i| i.revision.as_str()).collect();
    let Some(to) = behind.first().filter(|_| behind.len() == 1) else {
        return Ahead::Nothing;
    };
    if from.iter().all(|r| r == to) {
        return Ahead::Nothing;
    }
    let revision = (*to).to_owned();
    let gates = match mesh.wiring() {
        Ok(wiring) => mesh
            .raw()
            .and_then(|raw| judge(mesh, &wiring, raw, tag, from, to))
            .map_err(|e| e.to_string()),
        Err(gap) => Err(gap.detail),
    };
    match gates {
        Ok(gates) => of(revision, gates),
        Err(reason) => Ahead::Unknown { revision, reason },
    }
}

/// Keeps the gates that were judged.
pub(super) fn of(revision: String, mut gates: Gates) -> Ahead {
    let mut not_judged = Vec::new();
    gates.gates.retain(|g| {
        let judged = g.verdict != Verdict::NotEvaluated && !ASKED_BY_PROMOTE.contains(&g.id);
        if !judged {
            not_judged.push(g.title.to_owned());
        }
        judged
    });
    Ahead::Revision {
        revision,
        gates,
        not_judged,
    }
}

pub(super) fn judge(
    mesh: &Mesh,
    wiring: &Wiring,
    raw: &Raw,
    tag: &str,
    from: &[String],
    to: &str,
) -> Result<Gates> {
    let minor = prepare::wanted_version(mesh, to)?.semver.minor;
    let set = tag_set(raw, &mesh.istio_namespace, tag, to, minor)?;
    let after = wired::wiring_after(raw, &set.images, wiring, mesh)?;
    let ask = Ask {
        action: Action::Promote,
        tag,
        from,
        to,
        backups: &Backups::NotEvaluated,
        cve: None,
        waivers: &[],
    };
    Ok(facts::gates(
        mesh,
        wiring,
        &after,
        &ask,
        IstioctlFacts::NotEvaluated,
        Serving::NotEvaluated,
        restore::unrestorable(tag, &mesh.istio_namespace, &set.images, raw),
    ))
}
