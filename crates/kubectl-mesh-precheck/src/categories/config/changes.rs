//! What a release between here and the target changed, where this mesh has it.

use std::collections::{BTreeMap, BTreeSet};

use mesh_common::{
    check::{Finding, Severity},
    mesh::{Istiod, Known, Why, skew::minor},
};
use serde_json::{Value, json};

use crate::{
    check::{More, Verdict, count, finding},
    facts::Facts,
    observe::RawHit,
    route::{Minor, short},
    rules::{Change, Context, Document, Place, Rule},
};

pub(super) const CHANGES: &str = "MESH2501";
pub(super) const VALUES: &str = "MESH2502";

/// From where to where, or why that cannot be told.
pub(super) fn window(facts: &Facts) -> Result<(Minor, Minor), Verdict> {
    let Some(target) = &facts.upgrade.to else {
        return Err(Verdict::not_evaluated("no target to hold it against"));
    };
    if let Some(gap) = facts.mesh.istiods.gap() {
        return Err(Verdict::gap(gap));
    }
    match facts.upgrade.from {
        Some(from) => Ok((from, target.minor)),
        None if facts.mesh.istiods.get().is_some_and(Vec::is_empty) => Err(Verdict::not_evaluated(
            "no istiod runs: nothing is upgraded",
        )),
        None => Err(Verdict::unknown("no istiod tells its version")),
    }
}

/// Each field of this mesh that a release changed.
pub(super) fn changes(facts: &Facts) -> Verdict {
    let (from, to) = match window(facts) {
        Ok(window) => window,
        Err(verdict) => return verdict,
    };
    let rules: BTreeMap<&str, &Rule> = facts
        .rules
        .iter()
        .filter(|r| from < r.release && r.release <= to)
        .map(|r| (r.id.as_str(), r))
        .collect();
    let old = old_istiods(facts, to);
    let context = context(facts, &old);
    let mut hits: Vec<RawHit> = facts.seen.config.hits.clone();
    hits.extend(settings(facts, &old));
    hits.retain(|h| {
        rules
            .get(h.rule.as_str())
            .is_some_and(|r| r.matters(&context))
    });
    let objects: BTreeSet<&str> = hits.iter().map(|h| h.object.as_str()).collect();
    let objects = objects.len();
    let mut found: Vec<Finding> = hits
        .iter()
        .filter_map(|h| Some(describe(h, rules.get(h.rule.as_str())?)))
        .collect();
    found.sort_by_key(|f| std::cmp::Reverse(f.severity));
    let ok = format!(
        "nothing here is touched by the {} known from {} to {}",
        count(rules.len(), "change"),
        short(from),
        short(to)
    );
    let verdict = Verdict::of(found, ok, |all| {
        let kinds: BTreeSet<_> = all.iter().filter_map(|f| f.evidence.first()).collect();
        format!(
            "{} touched by {} from {} to {}",
            count(objects, "object"),
            count(kinds.len(), "change"),
            short(from),
            short(to)
        )
    });
    unread(facts, verdict)
}

/// Kinds that could not be read keep it from being OK.
fn unread(facts: &Facts, verdict: Verdict) -> Verdict {
    let gap = facts
        .customs
        .gaps
        .iter()
        .filter(|g| g.why != Why::NotServed)
        .chain(facts.mesh.configs.gap())
        .next();
    match gap {
        Some(gap) => verdict.but_for(&Known::<()>::Unknown(gap.clone())),
        None => verdict,
    }
}

fn describe(hit: &RawHit, rule: &Rule) -> Finding {
    let how = match rule.change {
        Change::Removed => "removed",
        Change::Renamed => "renamed",
        Change::Deprecated => "deprecated",
        Change::Default => "another default",
        Change::Behaviour => "other behaviour",
    };
    let message = format!("{how} in {}: {}", short(rule.release), rule.why);
    finding(CHANGES, rule.severity, &hit.object, message)
        .field(&hit.field)
        .seen(format!("rule {}", rule.id))
        .seen(format!("{}: {}", hit.field, hit.value))
        .seen(format!("source {}", rule.source))
        .hint(rule.todo.replace("{object}", &hit.object))
}

/// The istiods that are older than the target: what is set on the target's is as it should be.
fn old_istiods(facts: &Facts, to: Minor) -> Vec<&Istiod> {
    let all = facts.mesh.istiods.get().into_iter().flatten();
    all.filter(|i| i.version.as_deref().and_then(minor).is_none_or(|m| m < to))
        .collect()
}

fn context(facts: &Facts, old: &[&Istiod]) -> Context {
    let configs = facts.mesh.configs.get();
    Context {
        env: old.iter().map(|i| i.env.clone()).collect(),
        mesh: old
            .iter()
            .filter_map(|i| Some(configs?.get(&i.revision)?.mesh.clone()))
            .collect(),
    }
}

/// What the old istiods are set to: environment, arguments, mesh config, and the values they were installed with.
fn settings(facts: &Facts, old: &[&Istiod]) -> Vec<RawHit> {
    let mut hits = Vec::new();
    // What a release changed that an istiod has already is no news to it.
    let mut look = |since: Option<Minor>, place, kind: &str, object: &str, value: &Value| {
        let document = Document {
            place,
            kind,
            object,
            value,
        };
        let news = facts
            .rules
            .find(&document)
            .filter(|hit| since.is_none_or(|since| since < hit.rule.release));
        hits.extend(news.map(|hit| RawHit {
            rule: hit.rule.id.clone(),
            object: hit.object,
            field: hit.field,
            value: hit.value,
        }));
    };
    for istiod in old {
        let since = istiod.version.as_deref().and_then(minor);
        let object = format!("deployment/{} -n {}", istiod.name, istiod.namespace);
        look(since, Place::Env, "Deployment", &object, &json!(istiod.env));
        look(
            since,
            Place::Args,
            "Deployment",
            &object,
            &json!(istiod.args),
        );
        let config = facts
            .mesh
            .configs
            .get()
            .and_then(|c| c.get(&istiod.revision));
        if let Some(config) = config {
            let object = format!("configmap/{} -n {}", config.config_map, istiod.namespace);
            look(since, Place::MeshConfig, "ConfigMap", &object, &config.mesh);
            look(
                since,
                Place::ProxyConfig,
                "ConfigMap",
                &object,
                &config.mesh["defaultConfig"],
            );
        }
    }
    for (source, chart, values) in sources(facts, old) {
        look(None, Place::Values, &chart, &source, &values);
    }
    for (object, spec) in &facts.seen.config.operators {
        look(None, Place::Operator, "IstioOperator", object, spec);
        look(
            None,
            Place::Values,
            "IstioOperator",
            object,
            &spec["values"],
        );
    }
    hits
}

/// Where the values of the install are read from: the object, the chart, the values.
fn sources(facts: &Facts, old: &[&Istiod]) -> Vec<(String, String, Value)> {
    let _ = (facts, old);
    Vec::new()
}

/// Whether it is known what each old revision was installed with.
pub(super) fn values(facts: &Facts) -> Verdict {
    let (_, to) = match window(facts) {
        Ok(window) => window,
        Err(verdict) => return verdict,
    };
    let old = old_istiods(facts, to);
    if old.is_empty() {
        return Verdict::ok("every istiod is of the target already");
    }
    let known = sources(facts, &old);
    let operators = &facts.seen.config.operators;
    let named: Vec<&str> = known
        .iter()
        .map(|(object, ..)| object.as_str())
        .chain(operators.iter().map(|(object, _)| object.as_str()))
        .collect();
    if named.is_empty() {
        let found = finding(
            VALUES,
            Severity::Warning,
            old.iter().map(|i| i.revision.as_str()).collect::<Vec<_>>().join(", "),
            "no Helm release, values ConfigMap or IstioOperator tells what it was installed with: removed and renamed values go unseen",
        )
        .hint("check the values file that you install from: istioctl manifest generate -f FILE >/dev/null, with the target's istioctl");
        let mut verdict = Verdict::of(vec![found], "", |_| {
            "not known what the running revisions were installed with".into()
        });
        verdict.status = crate::check::Status::Unknown;
        return verdict;
    }
    Verdict::ok(format!("read from {}", named.join(", ")))
}
