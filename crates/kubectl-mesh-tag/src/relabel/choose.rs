//! Which namespaces a move is about, and where it takes them.

use mesh_common::{
    error::{Error, Result},
    mesh::{Namespace, Requirement, Wiring, label},
    output::clean,
    shell,
};

use super::{MoveArgs, percent};
use crate::session::Session;

/// The revision behind what was typed: a tag's, or itself.
pub(crate) fn destination(wiring: &Wiring, to: &str) -> Result<String> {
    let behind: Vec<&str> = wiring.tag_by_webhook(to).into_iter().collect();
    match behind.as_slice() {
        [one] => return Ok((*one).to_owned()),
        [] => {}
        many => {
            return Err(
                Error::refused(format!("tag {to} points to {}", many.join(" and ")))
                    .hint(shell::command("kubectl mesh-tag status {}", &[to])),
            );
        }
    }
    if wiring.own_injector(to).is_some() {
        return Ok(to.to_owned());
    }
    let shown = clean(to, 63);
    let mut error = Error::user(format!("there is no tag or revision {shown}"));
    for (what, names) in [("tags", wiring.tags()), ("revisions", wiring.revisions())] {
        let names: Vec<&str> = names.into_iter().take(20).collect();
        error = error.hint(format!("{what}: {}", names.join(", ")));
    }
    Err(error)
}

/// The namespaces that were named or selected, and their share.
pub(super) fn choose<'m>(session: &'m Session<'_>, args: &MoveArgs) -> Result<Vec<&'m Namespace>> {
    let all = &session.wiring.namespaces;
    let mut chosen: Vec<&Namespace> = Vec::new();
    if let Some(selector) = &args.selector {
        let requirements = Requirement::parse_all(selector)?;
        chosen.extend(
            all.values()
                .filter(|n| requirements.iter().all(|r| r.matches(&n.labels))),
        );
        // What may not be moved is passed over: a selector names many.
        chosen.retain(|n| opted_out(n).is_none() && !is_system(&n.name, session));
        if chosen.is_empty() {
            return Err(Error::user(format!(
                "no namespace that may be moved has {}",
                clean(selector, 200)
            ))
            .hint(shell::command("kubectl get namespaces -l {}", &[selector])));
        }
    } else {
        for name in &args.namespaces {
            let namespace = all.get(name).ok_or_else(|| {
                Error::user(format!("there is no namespace {}", clean(name, 63)))
                    .hint("kubectl get namespaces -L istio.io/rev,istio-injection")
            })?;
            if let Some(why) = opted_out(namespace) {
                return Err(Error::refused(format!(
                    "namespace {name} {why}; nothing was changed"
                )));
            }
            if is_system(name, session) {
                return Err(Error::refused(format!(
                    "namespace {name} belongs to the cluster: istiod injects nothing there; nothing was changed"
                )));
            }
            chosen.push(namespace);
        }
    }
    if let Some(percent) = args.percent {
        let names: Vec<String> = chosen.iter().map(|n| n.name.clone()).collect();
        let share = percent::share(&names, percent);
        chosen.retain(|n| share.contains(&n.name));
    }
    chosen.sort_by(|a, b| a.name.cmp(&b.name));
    chosen.dedup_by(|a, b| a.name == b.name);
    if let Some(owned) = chosen.iter().find(|n| n.owner.is_owned()) {
        return Err(Error::refused(format!(
            "namespace {} is owned by {}, which would write its labels back; nothing was changed",
            owned.name,
            owned.owner.short()
        ))
        .hint("Change the label there. This prints what to write:")
        .hint("kubectl mesh-tag move NAMESPACE --to TAG --dry-run -o json"));
    }
    Ok(chosen)
}

fn is_system(name: &str, session: &Session<'_>) -> bool {
    name.starts_with("kube-")
        || name == "local-path-storage"
        || name == session.mesh.istio_namespace
}

/// An opt-out is nobody's conflict: it is somebody's decision.
fn opted_out(namespace: &Namespace) -> Option<&'static str> {
    if namespace.is_ambient() {
        return Some("is in ambient mode: sidecars are not what it asked for");
    }
    match namespace.labels.get(label::INJECTION) {
        Some(value) if value != "enabled" => {
            Some("opted out of injection (istio-injection=disabled)")
        }
        _ if namespace.terminating => Some("is being deleted"),
        _ => None,
    }
}
