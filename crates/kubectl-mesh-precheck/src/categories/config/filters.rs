//! `EnvoyFilters` and `WasmPlugins`: what they touch is Envoy's, and no release of Istio promises to keep it.

use std::collections::BTreeSet;

use mesh_common::{
    check::{Finding, Severity},
    mesh::Why,
};
use regex_lite::Regex;

use super::changes::window;
use crate::{
    check::{More, Verdict, count, finding},
    facts::Facts,
    observe::{Filter, Patch},
};

pub(super) const FILTERS: &str = "MESH2503";
pub(super) const PLUGINS: &str = "MESH2504";

/// Longest expression that is compiled.
const MAX_REGEX: usize = 200;

/// What reaches below the filters that Istio documents: whole listeners, routes, clusters and the bootstrap.
const INTERNALS: [&str; 8] = [
    "BOOTSTRAP",
    "LISTENER",
    "FILTER_CHAIN",
    "NETWORK_FILTER",
    "LISTENER_FILTER",
    "ROUTE_CONFIGURATION",
    "CLUSTER",
    "EXTENSION_CONFIG",
];

/// The gap of a kind that could not be read.
fn gap(facts: &Facts, what: &str) -> Option<Verdict> {
    let gap = facts
        .customs
        .gaps
        .iter()
        .find(|g| g.what.starts_with(what))?;
    (gap.why != Why::NotServed).then(|| Verdict::gap(gap))
}

/// Each is read by a person before the upgrade; what may be told without one is told.
pub(super) fn filters(facts: &Facts) -> Verdict {
    if let Some(verdict) = gap(facts, "envoyfilters.") {
        return verdict;
    }
    let found: Vec<Finding> = facts
        .seen
        .config
        .filters
        .iter()
        .flat_map(|f| review(facts, f))
        .collect();
    let filters = &facts.seen.config.filters;
    Verdict::of(found, "none", |_| {
        format!(
            "{} to read before the proxies change",
            count(filters.len(), "EnvoyFilter")
        )
    })
}

fn review(facts: &Facts, filter: &Filter) -> Vec<Finding> {
    let mut found = Vec::new();
    for (n, patch) in filter.patches.iter().enumerate() {
        if let Some(lost) = lost(facts, filter, n, patch) {
            found.push(lost);
        }
    }
    let words: BTreeSet<String> = filter
        .patches
        .iter()
        .map(|p| format!("{} in {}", p.apply_to, p.context))
        .collect();
    let beside: BTreeSet<&str> = filter
        .patches
        .iter()
        .flat_map(|p| p.beside.iter().map(String::as_str))
        .collect();
    let deep = filter
        .patches
        .iter()
        .any(|p| INTERNALS.contains(&p.apply_to.as_str()));
    let message = if deep {
        "patches Envoy's own structures, which change from release to release"
    } else {
        "patches filters of Envoy, which may be named or ordered otherwise in the target"
    };
    let mut review = finding(FILTERS, Severity::Warning, &filter.object, message)
        .seen(words.into_iter().collect::<Vec<_>>().join(", "))
        .hint("try it on one pod of the target first, and compare istioctl proxy-config before and after");
    if !beside.is_empty() {
        let beside: Vec<_> = beside.into_iter().collect();
        review = review.seen(format!("beside {}", beside.join(", ")));
    }
    found.push(review);
    found
}

/// A patch that is for the proxies of today only: it stops applying, without a word, when they are replaced.
fn lost(facts: &Facts, filter: &Filter, n: usize, patch: &Patch) -> Option<Finding> {
    let (from, to) = window(facts).ok()?;
    let target = facts.upgrade.to.as_ref()?;
    let pattern = patch.proxy_version.as_deref()?;
    let field = format!("spec.configPatches[{n}].match.proxy.proxyVersion");
    // istiod looks for it anywhere in the version (`pilot/pkg/model/envoyfilter.go`, `MatchString`).
    let matcher = (pattern.len() <= MAX_REGEX)
        .then(|| Regex::new(pattern).ok())
        .flatten();
    let Some(matcher) = matcher else {
        return Some(
            finding(
                FILTERS,
                Severity::Warning,
                &filter.object,
                "which proxies this patch is for cannot be told",
            )
            .field(field)
            .seen(pattern),
        );
    };
    // The patch of a release is not known where only its minor was named: any will do.
    let any = |minor: (u64, u64)| {
        (0..50).any(|patch| matcher.is_match(&format!("{}.{}.{patch}", minor.0, minor.1)))
    };
    let there = match &target.version {
        Some(version) => matcher.is_match(&version.release()),
        None => any(to),
    };
    (any(from) && !there).then(|| {
        let message = format!(
            "this patch is for proxies of {}.{} and not of {}: it stops applying when they are replaced",
            from.0, from.1, target.name
        );
        finding(FILTERS, Severity::Warning, &filter.object, message)
            .field(field)
            .seen(pattern)
            .hint("add a patch for the target's proxies, or widen the expression")
    })
}

/// Wasm modules are built against an ABI of the proxy and are to be tried with the new one.
pub(super) fn plugins(facts: &Facts) -> Verdict {
    if let Some(verdict) = gap(facts, "wasmplugins.") {
        return verdict;
    }
    let found: Vec<_> = facts
        .seen
        .config
        .plugins
        .iter()
        .map(|object| {
            let message = "a module that the new proxy loads anew: it was built for the old one's ABI";
            finding(PLUGINS, Severity::Warning, object, message)
                .hint("try it on one pod of the target first: a module that fails to load blocks traffic where its failStrategy is FAIL_CLOSE")
        })
        .collect();
    Verdict::of(found, "none", |all| {
        format!(
            "{} to try with the target's proxy",
            count(all.len(), "WasmPlugin")
        )
    })
}
