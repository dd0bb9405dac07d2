//! What a release between here and the target changed, where this mesh has it.

use std::collections::{BTreeMap, BTreeSet};

use mesh_common::{
    check::{Finding, Severity},
    mesh::{Istiod, skew::minor},
};
use serde_json::{Value, json};

use crate::{
    check::{More, Verdict, count, finding, gravest},
    facts::Facts,
    observe::RawHit,
    route::{Minor, short},
    rules::{Change, Context, Document, Place, Rule},
};

pub(super) const CHANGES: &str = "MESH2501";
pub(super) const VALUES: &str = "MESH2502";

/// Which piece of evidence names the rule.
const RULE: usize = 1;

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
        .filter(|r| r.release.is_none_or(|at| from < at && at <= to))
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
    let ok = match rules.len() {
        _ if from >= to => "no release lies between here and the target".to_owned(),
        0 => format!("no change is known from {} to {}", short(from), short(to)),
        n => format!(
            "nothing here is touched by the {} known from {} to {}",
            count(n, "change"),
            short(from),
            short(to)
        ),
    };
    let verdict = Verdict::of(found, ok, |all| {
        let kinds: BTreeSet<_> = all.iter().filter_map(|f| f.evidence.get(RULE)).collect();
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
    let gaps = facts.customs.gaps.iter();
    let gaps = gaps
        .chain(facts.mesh.configs.gap())
        .chain(facts.services.gap());
    match gravest(gaps) {
        Some(gap) => verdict.but_without(gap),
        None => verdict,
    }
}

/// The sentences of a rule, as they stand after a colon.
pub(super) fn lower(text: &str) -> String {
    const NAMES: [&str; 7] = [
        "Envoy",
        "Gateway",
        "Helm",
        "Istio",
        "Kubernetes",
        "Prometheus",
        "Stackdriver",
    ];
    let word = text.split([' ', ',', '\'']).next().unwrap_or_default();
    let mut letters = text.chars();
    match letters.next() {
        Some(first)
            if !NAMES.contains(&word)
                && word
                    .chars()
                    .skip(1)
                    .all(|c| c.is_ascii_lowercase() || c == '-') =>
        {
            first.to_lowercase().chain(letters).collect()
        }
        _ => text.to_owned(),
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
    let when = match rule.release {
        Some(release) => format!(" in {}", short(release)),
        None => String::new(),
    };
    let message = format!("{how}{when}: {}", lower(&rule.why));
    let mut todo = lower(&rule.todo.replace("{object}", &hit.object));
    if !todo.contains(". ") {
        todo.truncate(todo.trim_end_matches('.').len());
    }
    finding(CHANGES, rule.severity, &hit.object, message)
        .field(&hit.field)
        .seen(format!("{}: {}", hit.field, hit.value))
        .seen(format!("rule {}", rule.id))
        .seen(format!("source {}", rule.source))
        .hint(todo)
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
            .filter(|hit| match (since, hit.rule.release) {
                (Some(since), Some(release)) => since < release,
                _ => true,
            });
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
    for source in sources(facts, old) {
        look(
            None,
            Place::Values,
            source.chart,
            &source.object,
            source.values,
        );
    }
    for operator in facts.installed.operators.get().into_iter().flatten() {
        let (object, spec) = (&operator.object, &operator.spec);
        look(None, Place::Operator, "IstioOperator", object, spec);
    }
    hits
}

/// Values that something was installed with.
struct Source<'a> {
    /// What holds them, as kubectl or helm takes it.
    object: String,
    /// The chart they are for.
    chart: &'a str,
    values: &'a Value,
}

/// Where the values of the install are read from: Helm's records, `IstioOperators`, and what the charts of 1.26 and later
/// write down themselves where neither of those says it.
fn sources<'a>(facts: &'a Facts, old: &[&Istiod]) -> Vec<Source<'a>> {
    let releases = facts.installed.releases.get().into_iter().flatten();
    let mut sources: Vec<Source<'_>> = releases
        .map(|r| Source {
            object: format!("helm release {} -n {}", r.name, r.namespace),
            chart: &r.chart,
            values: &r.values,
        })
        .collect();
    let operators = facts.installed.operators.get().into_iter().flatten();
    sources.extend(operators.map(|o| Source {
        object: o.object.clone(),
        chart: "IstioOperator",
        values: &o.spec["values"],
    }));
    if sources
        .iter()
        .any(|s| ["istiod", "IstioOperator"].contains(&s.chart))
    {
        return sources;
    }
    let configs = facts.mesh.configs.get();
    sources.extend(old.iter().filter_map(|istiod| {
        let values = &configs?.get(&istiod.revision)?.original_values;
        let name = match istiod.revision.as_str() {
            "default" => "values".to_owned(),
            revision => format!("values-{revision}"),
        };
        (!values.is_null()).then(|| Source {
            object: format!("configmap/{name} -n {}", istiod.namespace),
            chart: "istiod",
            values,
        })
    }));
    sources
}

/// Whether it is known what each old revision was installed with.
pub(super) fn values(facts: &Facts) -> Verdict {
    let (_, to) = match window(facts) {
        Ok(window) => window,
        Err(verdict) => return verdict,
    };
    let old = old_istiods(facts, to);
    if old.is_empty() {
        return Verdict::ok("no istiod is older than the target");
    }
    let known = sources(facts, &old);
    if known
        .iter()
        .any(|s| ["istiod", "IstioOperator"].contains(&s.chart))
    {
        let named: Vec<&str> = known.iter().map(|s| s.object.as_str()).collect();
        return Verdict::ok(format!("read from {}", named.join(", ")));
    }
    if let Some(gap) = facts.installed.releases.gap() {
        return Verdict::gap(gap);
    }
    let revisions: Vec<&str> = old.iter().map(|i| i.revision.as_str()).collect();
    let found = finding(
        VALUES,
        Severity::Warning,
        revisions.join(", "),
        "no Helm release, values ConfigMap or IstioOperator tells what it was installed with: removed and renamed values go unseen",
    )
    .hint("let the target's istioctl read the file that you install from:\nistioctl manifest generate -f FILE");
    let summary = "not known what the running revisions were installed with";
    Verdict {
        findings: vec![found],
        ..Verdict::unknown(summary)
    }
}
