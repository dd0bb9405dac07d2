//! Which policies are converted.

use std::path::PathBuf;

use mesh_common::{
    Ctx,
    error::{Error, Result},
    output::{clean, count},
    prompt,
};

use crate::{
    copy::Copy,
    files,
    policy::{Action, DryRun},
    scene::{Found, Scene},
};

/// A policy that is to be converted.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    /// The policy.
    pub(crate) found: Found,
    /// What stands in the cluster under its name: of a policy from the cluster the same one.
    pub(crate) standing: Option<Found>,
    /// The file that it is from.
    pub(crate) file: Option<String>,
}

/// Those of the cluster: the named ones, else every enforced DENY.
pub(crate) fn of_cluster(
    ctx: &Ctx,
    scene: &Scene,
    names: &[String],
    namespace: Option<&str>,
) -> Result<Vec<Source>> {
    let policies = scene.policies().map_err(|gap| {
        Error::new(
            mesh_common::Kind::Unknown,
            format!("the policies are not known: {}", gap.detail),
        )
    })?;
    let here = |of: &str| namespace.is_none_or(|namespace| namespace == of);
    for broken in scene.broken.iter().filter(|b| here(&b.namespace)) {
        if names.is_empty() || names.contains(&broken.name) {
            return Err(
                Error::refused(format!("{broken}")).hint("it cannot be judged, so no copy is made")
            );
        }
    }
    let of = |found: &Found| Source {
        found: found.clone(),
        standing: Some(found.clone()),
        file: None,
    };
    let policies = policies.iter().filter(|f| here(&f.policy.namespace));
    if names.is_empty() {
        let enforced = |f: &&Found| {
            f.policy.spec.action == Action::Deny
                && f.policy.dry_run != DryRun::Yes
                && Copy::read(f).is_none()
        };
        let all: Vec<Source> = policies.filter(enforced).map(of).collect();
        if all.is_empty() {
            return Err(nothing(scene, namespace));
        }
        return choose(ctx, all);
    }
    let policies: Vec<&Found> = policies.collect();
    let mut chosen = Vec::new();
    for name in names {
        let named: Vec<&&Found> = policies.iter().filter(|f| f.policy.name == *name).collect();
        match named.as_slice() {
            [one] => chosen.push(of(one)),
            [] => return Err(missing(name, namespace)),
            _ => {
                return Err(Error::user(format!(
                    "{} policies are called {}",
                    named.len(),
                    clean(name, 253)
                ))
                .hint("name the namespace with -n"));
            }
        }
    }
    Ok(chosen)
}

/// Those of files: the named ones, else all of them.
pub(crate) fn of_files(
    ctx: &Ctx,
    scene: &Scene,
    names: &[String],
    paths: &[PathBuf],
    namespace: Option<&str>,
) -> Result<Vec<Source>> {
    let standing = scene.policies().map_err(|gap| {
        Error::new(
            mesh_common::Kind::Unknown,
            format!("the policies of the cluster are not known: {}", gap.detail),
        )
    })?;
    let mut all = Vec::new();
    for written in files::read(paths, namespace.unwrap_or("default"))? {
        if written.object["kind"] != "AuthorizationPolicy" {
            let kind = clean(written.object["kind"].as_str().unwrap_or("?"), 60);
            ctx.printer
                .note(format!("{}: a {kind} is left alone", written.file));
            continue;
        }
        let file = written.file;
        let found =
            Found::of(written.object).map_err(|broken| Error::user(format!("{file}: {broken}")))?;
        let same = |f: &&Found| {
            f.policy.namespace == found.policy.namespace && f.policy.name == found.policy.name
        };
        let standing = standing.iter().find(same).cloned();
        all.push(Source {
            found,
            standing,
            file: Some(file),
        });
    }
    if !names.is_empty() {
        for name in names {
            if !all.iter().any(|s: &Source| s.found.policy.name == *name) {
                return Err(Error::user(format!(
                    "the files hold no AuthorizationPolicy {}",
                    clean(name, 253)
                )));
            }
        }
        all.retain(|s| names.contains(&s.found.policy.name));
    }
    if all.is_empty() {
        return Err(Error::user("the files hold no AuthorizationPolicy"));
    }
    Ok(all)
}

/// On a terminal: one of them, or all.
fn choose(ctx: &Ctx, mut all: Vec<Source>) -> Result<Vec<Source>> {
    let p = &ctx.printer;
    let can_ask = p.stdin_is_terminal() && p.stderr_is_terminal() && !ctx.prompt.yes;
    if all.len() < 2 || !can_ask {
        return Ok(all);
    }
    let mut items = vec![format!("all {}", all.len())];
    items.extend(all.iter().map(|source| source.found.name()));
    match prompt::choose(p, "Which DENY policies?", &items)? {
        0 => Ok(all),
        n => Ok(vec![all.swap_remove(n - 1)]),
    }
}

fn missing(name: &str, namespace: Option<&str>) -> Error {
    let place = namespace.map_or_else(String::new, |ns| format!(" in namespace {}", clean(ns, 63)));
    let list = namespace.map_or_else(
        || "kubectl mesh-audit-policy list".to_owned(),
        |ns| mesh_common::shell::command("kubectl mesh-audit-policy list -n {}", &[ns]),
    );
    Error::user(format!(
        "there is no AuthorizationPolicy {}{place}",
        clean(name, 253)
    ))
    .hint(list)
}

/// Nothing to convert, and where there would be something.
fn nothing(scene: &Scene, namespace: Option<&str>) -> Error {
    let denies = scene
        .policies()
        .unwrap_or_default()
        .iter()
        .filter(|f| f.policy.spec.action == Action::Deny && f.policy.dry_run != DryRun::Yes)
        .count();
    let error = match namespace {
        Some(namespace) => Error::user(format!(
            "namespace {} has no enforced DENY policy",
            clean(namespace, 63)
        )),
        None => Error::user("there is no enforced DENY policy"),
    };
    if denies == 0 {
        return error
            .hint("an ALLOW is converted by its name:")
            .hint("kubectl mesh-audit-policy list");
    }
    let other = count(denies, "DENY policy").replace("policys", "policies");
    error
        .hint(format!(
            "other namespaces have {other}; choose one with -n, or take all:"
        ))
        .hint("kubectl mesh-audit-policy convert -A")
}
