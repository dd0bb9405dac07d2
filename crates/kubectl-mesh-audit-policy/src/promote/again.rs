//! Under the Lease: what a promotion rests on, read and judged once more. What was confirmed is what is written, or nothing.

use jiff::Timestamp;
use mesh_common::{
    check::{Gate, Verdict},
    cluster::{Connection, explain},
    error::{Error, Kind, Result},
    output::clean,
};
use serde_json::Value;

use super::prepare::{Ask, Prepared};
use crate::{listed::listed, road::Road, scene::Scene};

/// Lists the policies once more, and judges them and `ask`'s evidence as before the question.
///
/// # Errors
/// [`Kind::Refused`] with what changed since `confirmed` was shown, one line each; or they cannot be listed.
pub(super) async fn judge_again(
    road: &Road<'_>,
    mut scene: Scene,
    ask: Ask<'_>,
    confirmed: &Prepared,
) -> Result<()> {
    let policies = list(road.connection, &road.client).await?;
    scene.judge_by(policies, Timestamp::now());
    let changed = match Prepared::make(&scene, &ask) {
        Ok(again) => differences(confirmed, &again),
        Err(e) => vec![clean(&e.to_string(), 400)],
    };
    if changed.is_empty() {
        return Ok(());
    }
    let mut error = Error::refused(
        "the evidence changed between the plan and the confirmation; nothing was changed",
    );
    for line in changed {
        error = error.hint(line);
    }
    Err(error.hint("Look at the new plan, and confirm that one."))
}

async fn list(conn: &Connection, client: &kube::Client) -> Result<Vec<Value>> {
    let kind = mesh_common::journal::Kind::AuthorizationPolicy;
    listed(client, kind, None, None).await.map_err(|e| {
        let why = explain(&e, "list the policies again", conn);
        Error::new(
            Kind::Unknown,
            "whether the policies are still those of the plan is not known; nothing was changed",
        )
        .caused_by(why)
    })
}

/// What is not as it was confirmed.
fn differences(confirmed: &Prepared, again: &Prepared) -> Vec<String> {
    let mut lines = Vec::new();
    if confirmed.already != again.already {
        lines.push(if again.already {
            "somebody else enforced it meanwhile".to_owned()
        } else {
            "it is no longer enforced as it was".to_owned()
        });
    }
    if confirmed.enforced() != again.enforced() {
        lines.push("what would be enforced is another policy now".to_owned());
    }
    if confirmed.default_deny != again.default_deny {
        let names = |of: &Result<Vec<String>, String>| match of {
            Ok(names) if names.is_empty() => "none".to_owned(),
            Ok(names) => clean(&names.join(", "), 300),
            Err(why) => format!("not known ({})", clean(why, 200)),
        };
        lines.push(format!(
            "workloads that refuse the rest from then on: were {}, are {}",
            names(&confirmed.default_deny),
            names(&again.default_deny)
        ));
    }
    if let Err(e) = again.refuse_owned() {
        lines.push(e.to_string());
    }
    for now in &again.gates.gates {
        let was = confirmed.gates.gates.iter().find(|was| was.id == now.id);
        lines.extend(shut_since(was, now));
    }
    lines
}

/// Where a gate is not what was confirmed. A reason passes what it was given for, and nothing else.
fn shut_since(was: Option<&Gate>, now: &Gate) -> Option<String> {
    if now.verdict == Verdict::Open {
        return None;
    }
    let passed = was.is_some_and(|was| {
        was.waived.is_some() && was.verdict == now.verdict && was.evidence == now.evidence
    });
    (!passed).then(|| {
        let before = was.map_or("none", |was| was.verdict.word());
        format!(
            "{} was {before}, is {}: {}",
            now.id,
            now.verdict.word(),
            now.summary
        )
    })
}

#[cfg(test)]
mod tests;
