//! `skew`: no proxy is too far from the istiod that serves it, and the jump is one that Istio supports.

use serde_json::Value;

use super::{Facts, Gate, ProxySkew, id, judge::Judge, words};
use crate::{
    istioctl::Version,
    mesh::skew::{Skew, skew},
};

#[cfg(test)]
mod tests;

pub(super) fn gate(facts: &Facts<'_>) -> Gate {
    let mut judge = Judge::default();
    let target = facts.version(&facts.target);
    if target.is_none() {
        judge.doubt(format!(
            "the version of istiod of {} is not known",
            facts.target
        ));
    }
    jump(facts, &mut judge, target.as_ref());
    injected(facts, &mut judge, target.as_ref());
    let mut pods = 0;
    match facts.skew.read() {
        Err(gap) => judge.gap(gap),
        Ok(skew) => {
            for proxies in &skew.proxies {
                pods += proxies.pods as usize;
                proxy(&mut judge, proxies, facts.policy.proxy_minors);
            }
        }
    }
    judge.hint("--waive skew=REASON");
    let to = target.map_or_else(String::new, |v| v.release());
    let proxies = match pods {
        0 => "no proxy is concerned".to_owned(),
        n => format!(
            "each of {} at most {} older than its istiod",
            count(n),
            minors(facts.policy.proxy_minors)
        ),
    };
    let open = match facts.source.as_ref().and_then(|s| facts.version(s)) {
        Some(from) => format!("{} → {to}; {proxies}", from.release()),
        None => format!("to {to}; {proxies}"),
    };
    judge.done(id::SKEW, open)
}

fn count(proxies: usize) -> String {
    match proxies {
        1 => "1 proxy".into(),
        n => format!("{n} proxies"),
    }
}

fn minors(n: u64) -> String {
    words::count(usize::try_from(n).unwrap_or(usize::MAX), "minor")
}

/// From the source to the target: forward, and two minors at most
/// (`docs/setup/upgrade/canary`: revisions may skip one minor).
fn jump(facts: &Facts<'_>, judge: &mut Judge, target: Option<&Version>) {
    let Some(source) = &facts.source else { return };
    let Some(from) = facts.version(source) else {
        judge.doubt(format!("the version of istiod of {source} is not known"));
        return;
    };
    let Some(to) = target else { return };
    let most = facts.policy.canary_minors;
    match skew(&from.semver.to_string(), &to.semver.to_string()) {
        Skew::Behind(n) if n > most => {
            judge.close(format!(
                "{} → {} is {}, {most} at most",
                from.release(),
                to.release(),
                minors(n)
            ));
            judge.hint(format!(
                "install a revision of {}.{} and promote to it first",
                to.semver.major,
                from.semver.minor + most
            ));
        }
        Skew::Behind(_) => {}
        Skew::Same if to.semver >= from.semver => {}
        Skew::Same => judge.note(format!(
            "{} → {} goes back by patches: fixes may be lost",
            from.release(),
            to.release()
        )),
        Skew::Ahead(_) => {
            judge.close(format!(
                "{} → {} goes back: proxies of {} are newer than istiod would be",
                from.release(),
                to.release(),
                from.release()
            ));
            judge.hint(words::command(
                "kubectl mesh-tag rollback {}",
                &[&facts.tag],
            ));
        }
        Skew::Unknown => judge.doubt(format!(
            "{} and {} cannot be compared",
            from.release(),
            to.release()
        )),
    }
}

/// The proxy that the target's injector puts in: normally istiod's own version. `global.tag` says which, unless
/// `global.proxy.image` is a whole reference (`files/injection-template.yaml`).
fn injected(facts: &Facts<'_>, judge: &mut Judge, target: Option<&Version>) {
    let config = facts.mesh.configs.get().and_then(|c| c.get(&facts.target));
    let value = |path| match config.and_then(|c| c.values.pointer(path))? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let image = value("/global/proxy/image").filter(|i| i.contains('/'));
    let Some(tag) = image.or_else(|| value("/global/tag")) else {
        return;
    };
    let revision = &facts.target;
    let (Some(proxy), Some(istiod)) = (Version::parse(&tag), target) else {
        return judge.note(format!(
            "the injector of {revision} puts in proxies of {tag}"
        ));
    };
    let (proxy, istiod) = (proxy.semver.to_string(), istiod.semver.to_string());
    if let Some(wrong) = apart(&proxy, &istiod, facts.policy.proxy_minors) {
        judge.close(format!(
            "the injector of {revision} puts in proxies of {tag}: {wrong}"
        ));
    }
}

/// Until they restart proxies talk to the istiod whose revision injected them. A restart brings the target's own
/// proxy, unless an annotation pins its image.
fn proxy(judge: &mut Judge, proxies: &ProxySkew, most: u64) {
    let ProxySkew {
        version,
        pods,
        example,
        istiod_now,
        istiod_after,
        pinned,
    } = proxies;
    let who = format!("{} (as of {example})", count(*pods as usize));
    let Some(version) = version else {
        judge.doubt(format!("the version of {who} is not known"));
        return;
    };
    let after = if *pinned {
        Some(("after a restart", istiod_after))
    } else {
        None
    };
    for (when, istiod) in [Some(("now", istiod_now)), after].into_iter().flatten() {
        let Some(istiod) = istiod else {
            judge.doubt(format!("which istiod serves {who} {when} is not known"));
            continue;
        };
        if skew(version, istiod) == Skew::Unknown {
            judge.doubt(format!(
                "{who}: proxy {version} and istiod {istiod} cannot be compared"
            ));
            continue;
        }
        match apart(version, istiod, most) {
            Some(wrong) if *pinned => {
                judge.close(format!(
                    "{who}, pinned by sidecar.istio.io/proxyImage: {wrong} ({when})"
                ));
                judge.hint(
                    "remove the annotation sidecar.istio.io/proxyImage, or --waive skew=REASON",
                );
            }
            Some(wrong) => {
                judge.close(format!("{who}: {wrong} ({when})"));
                judge.hint(restart(example));
            }
            None => judge.note(format!("{who}: proxy {version}, istiod {istiod} ({when})")),
        }
    }
}

/// How to restart a workload, given as `payments/deployment/checkout`.
fn restart(example: &str) -> String {
    let parts: Vec<&str> = example.split('/').collect();
    match parts[..] {
        [
            namespace,
            kind @ ("deployment" | "statefulset" | "daemonset"),
            name,
        ] => words::command(
            "kubectl rollout restart -n {} {}/{}",
            &[namespace, kind, name],
        ),
        _ => format!("restart {example} and its like first, or --waive skew=REASON"),
    }
}

/// What is wrong between a proxy and its istiod, if anything.
fn apart(proxy: &str, istiod: &str, most: u64) -> Option<String> {
    match skew(proxy, istiod) {
        Skew::Ahead(n) => Some(format!(
            "proxy {proxy} is {} newer than istiod {istiod}",
            minors(n)
        )),
        Skew::Behind(n) if n > most => Some(format!(
            "proxy {proxy} is {} older than istiod {istiod}, {most} at most",
            minors(n)
        )),
        Skew::Same | Skew::Behind(_) | Skew::Unknown => None,
    }
}
