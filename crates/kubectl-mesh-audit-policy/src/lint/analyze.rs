//! The matching istioctl's `analyze --use-kube=false` over the objects that are judged.

use mesh_common::{
    Ctx,
    check::Severity,
    istioctl::{
        Analysis, IstioctlArgs, Level, Message,
        offline::{self, Silent},
    },
    mesh::{Gap, Known, Why},
    private,
};
use serde_json::Value;

use super::check::{Check, Told};
use super::facts::{Facts, Subject};

/// What istioctl said, and which one it was.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) name: String,
    pub(crate) answer: Analysis,
}

/// Asks it. The versions are the istiods'.
pub(crate) async fn ask(
    ctx: &Ctx,
    args: &IstioctlArgs,
    versions: &[String],
    objects: &[Value],
) -> Known<Said> {
    let gap = |detail: String| {
        Known::Unknown(Gap {
            what: "istioctl analyze".into(),
            why: Why::Failed,
            detail,
        })
    };
    if objects.is_empty() {
        return Known::Known(Said::default());
    }
    let (dir, file) = match written(objects) {
        Ok(written) => written,
        Err(why) => return gap(why),
    };
    let said = offline::analyze(ctx, args, versions, &ctx.cluster.istio_namespace, &file).await;
    drop(dir);
    match said {
        Ok((name, answer)) => Known::Known(Said { name, answer }),
        Err(Silent::NoVersion) => gap("the version of istiod is not known".into()),
        Err(Silent::Missing(why, how)) => gap(format!("{why}: {how}")),
        Err(Silent::Failed(name, why)) => gap(format!("{name}: {why}")),
    }
}

/// JSON is YAML. What the API server wrote into `status` and `managedFields` says nothing here.
fn written(objects: &[Value]) -> Result<(tempfile::TempDir, std::path::PathBuf), String> {
    let mut text = String::new();
    for object in objects {
        let mut object = object.clone();
        if let Some(fields) = object.as_object_mut() {
            fields.remove("status");
        }
        if let Some(meta) = object["metadata"].as_object_mut() {
            meta.remove("managedFields");
        }
        text.push_str(&object.to_string());
        text.push_str("\n---\n");
    }
    let dir = private::directory("kubectl-mesh-lint-").map_err(|e| e.to_string())?;
    let file = dir.path().join("objects.yaml");
    private::file(&file, text.as_bytes()).map_err(|e| e.to_string())?;
    Ok((dir, file))
}

/// What it says of namespaces and pods that it was not given: MESH4101 and MESH4111 know better
/// (`pkg/config/analysis/analyzers/authz/authorizationpolicies.go` at 1.28.1).
const BLIND: [&str; 2] = ["IST0101", "IST0127"];

pub(crate) const CHECKS: &[Check] = &[Check {
    code: "MESH4301",
    title: "istioctl analyze",
    run: said,
}];

fn said(facts: &Facts, told: &mut Told) {
    let Some(said) = told.need(&facts.said) else {
        return;
    };
    let seeing = |message: &&Message| !BLIND.contains(&message.code.as_str());
    for message in said.answer.messages.iter().filter(seeing) {
        let severity = match &message.level {
            Level::Error => Severity::Error,
            Level::Warning => Severity::Warning,
            Level::Info => Severity::Info,
            Level::Other(word) => {
                told.unknown(&format!("{}: a message of level {word}", said.name));
                continue;
            }
        };
        let subject = subject(facts, message);
        let page = message.documentation_url.as_deref().unwrap_or_default();
        told.hit(severity, &subject, "", &message.message)
            .seen(format!("{} {}", said.name, message.code))
            .hint(page);
    }
    if let Some(doubt) = &said.answer.doubt {
        told.unknown(&format!("{}: {doubt}", said.name));
    }
}

/// istioctl names an object `AuthorizationPolicy shop/web`, or `… web.shop` in older releases.
fn subject(facts: &Facts, message: &Message) -> Subject {
    let origin = message.origin.as_deref().unwrap_or("the mesh");
    let policies = facts.policies.iter().map(|judged| &judged.at);
    let known = policies.chain(facts.peers.iter().map(|peer| &peer.at));
    let mut known = known.filter(|at| {
        origin == format!("{} {}/{}", at.kind, at.namespace, at.name)
            || origin == format!("{} {}.{}", at.kind, at.name, at.namespace)
    });
    known.next().cloned().unwrap_or_else(|| {
        let (kind, name) = origin.split_once(' ').unwrap_or(("", origin));
        let (namespace, name) = name.split_once('/').unwrap_or(("", name));
        Subject {
            kind: if kind == "AuthorizationPolicy" {
                "AuthorizationPolicy"
            } else {
                "object"
            },
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            ..Subject::default()
        }
    })
}

#[cfg(test)]
mod tests;
