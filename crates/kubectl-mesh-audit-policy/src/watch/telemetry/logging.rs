//! What the workloads of a policy log now, and what is to be written so that every request is: from the mesh config of
//! each revision that configures their proxies, and the Telemetries above them.

use std::collections::{BTreeMap, BTreeSet};

use mesh_common::output::clean;
use serde::Serialize;
use serde_json::Value;

use super::{
    effect::{Entry, Goal, Mode, Need, effect, written},
    select::On,
    settings::{Format, Settings},
};
use crate::scene::Enforcer;

/// A revision whose istiod configures proxies of the policy.
#[derive(Debug, Clone)]
pub(super) struct Revision {
    pub(super) name: String,
    /// Its mesh config, or why that is not known.
    pub(super) mesh: Result<Value, String>,
    pub(super) root_namespace: String,
    /// Whether it takes a Telemetry with targetRefs for the namespace's.
    pub(super) is_old: bool,
}

/// What is to be written.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Logging {
    /// Every request is logged already, by whom.
    Already(String),
    /// This `accessLogging`.
    Write(Write),
}

/// An `accessLogging`, and what it is made of.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Write {
    /// What goes on as it is: `otel, for response.code >= 500`.
    pub(super) kept: Vec<String>,
    /// The provider that logs every request.
    pub(super) by: Vec<String>,
    /// What replay makes of its lines.
    pub(super) lines: String,
    #[serde(skip)]
    pub(super) items: Vec<Value>,
}

/// Why nothing is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Not {
    /// It would lose something.
    Fit(String),
    /// Nobody can tell.
    Known(String),
}

/// The side on which a proxy logs the requests that a policy judges.
pub(super) fn side(enforcer: Enforcer) -> Option<Mode> {
    match enforcer {
        Enforcer::Sidecar | Enforcer::Waypoint => Some(Mode::Server),
        Enforcer::Gateway => Some(Mode::Client),
        Enforcer::Ztunnel | Enforcer::Nothing => None,
    }
}

/// What is to be written for these sides, under every one of these revisions alike. `others` are the revisions of the
/// mesh, and `telemetries` all of it.
pub(super) fn logging(
    namespace: &str,
    modes: &BTreeSet<Mode>,
    revisions: &[Revision],
    others: &BTreeSet<&str>,
    telemetries: Result<&[Value], String>,
) -> Result<Logging, Not> {
    let telemetries = telemetries.map_err(Not::Known)?;
    // Of no proxy every request would be logged already.
    if modes.is_empty() {
        return Err(Not::Fit("no Envoy is there that could log".into()));
    }
    let mut all: Vec<(&str, Logging)> = Vec::new();
    for revision in revisions {
        let found = under(namespace, modes, revision, others, telemetries)?;
        all.push((&revision.name, found));
    }
    let mut all = all.into_iter();
    let (first, logging) = all
        .next()
        .ok_or_else(|| Not::Known("no istiod configures them".into()))?;
    if let Some((other, _)) = all.find(|(_, other)| *other != logging) {
        return Err(Not::Fit(format!(
            "they are of revisions {first} and {other}, which do not log alike: one Telemetry would change one of them"
        )));
    }
    Ok(logging)
}

fn under(
    namespace: &str,
    modes: &BTreeSet<Mode>,
    revision: &Revision,
    others: &BTreeSet<&str>,
    telemetries: &[Value],
) -> Result<Logging, Not> {
    let unknown = |why: String| Not::Known(clean(&why, 300));
    let mesh = revision.mesh.as_ref().map_err(|why| unknown(why.clone()))?;
    let settings = Settings::read(mesh).map_err(unknown)?;
    let mut layers = Vec::new();
    for above in [revision.root_namespace.as_str(), namespace] {
        if let Some(object) = wide(above, revision, others, telemetries).map_err(unknown)? {
            let of = |why| unknown(format!("Telemetry {}: {why}", title(object)));
            layers.push(Entry::all(object).map_err(of)?);
        }
    }
    let mut already = BTreeSet::new();
    let mut goals = Vec::new();
    let mut write = Write {
        kept: Vec::new(),
        by: Vec::new(),
        lines: String::new(),
        items: Vec::new(),
    };
    for mode in modes {
        let now = effect(&settings, &layers, *mode);
        match Need::of(&settings, &now).map_err(Not::Fit)? {
            Need::Nothing { by, format } => {
                already.insert(format!("{by}, {}", lines(format)));
            }
            Need::Log { kept, by, format } => {
                say(&mut write, &kept, &by, format);
                goals.push(Goal {
                    mode: *mode,
                    kept,
                    by: Some(by),
                });
            }
        }
    }
    if goals.is_empty() {
        let by: Vec<String> = already.into_iter().collect();
        return Ok(Logging::Already(by.join(" and ")));
    }
    write.items = written(&settings, &layers, &goals).map_err(Not::Fit)?;
    Ok(Logging::Write(write))
}

fn say(write: &mut Write, kept: &BTreeMap<String, Option<Value>>, by: &str, format: Format) {
    let mut add = |line: String, to: fn(&mut Write) -> &mut Vec<String>| {
        let to = to(write);
        if !to.contains(&line) {
            to.push(line);
        }
    };
    for (name, filter) in kept {
        let line = match filter {
            None => name.clone(),
            Some(filter) => {
                let expression = filter["expression"].as_str();
                let all = filter.to_string();
                format!("{name}, for {}", expression.unwrap_or(&all))
            }
        };
        add(clean(&line, 300), |w| &mut w.kept);
    }
    add(clean(by, 200), |w| &mut w.by);
    write.lines = lines(format).into();
}

fn lines(format: Format) -> &'static str {
    match format {
        Format::Text => "in Istio's text format",
        Format::Json => "in Istio's JSON format",
        Format::Own => "in a format of the mesh's own, of which replay takes JSON only, with --map",
    }
}

/// The Telemetry for a whole namespace: the oldest that this revision's istiod reads.
///
/// # Errors
/// Which one that is cannot be told, in one line.
fn wide<'a>(
    namespace: &str,
    revision: &Revision,
    others: &BTreeSet<&str>,
    telemetries: &'a [Value],
) -> Result<Option<&'a Value>, String> {
    let mut found = Vec::new();
    for object in telemetries {
        let meta = &object["metadata"];
        let for_all = match On::telemetry(object) {
            On::Namespace => true,
            On::Labels(_) => false,
            On::Gateways(_) | On::Else => revision.is_old,
        };
        if !for_all || meta["namespace"] != *namespace {
            continue;
        }
        // `LabelsInRevisionOrTags`: one that is marked is for that revision, or for the revisions of that tag.
        match meta["labels"]["istio.io/rev"].as_str() {
            None => {}
            Some(of) if of == revision.name => {}
            Some(of) if others.contains(of) => continue,
            Some(of) => {
                return Err(format!(
                    "Telemetry {} is marked for {of} only, and whether that is revision {} is not told",
                    title(object),
                    revision.name
                ));
            }
        }
        found.push(object);
    }
    let order = |object: &&&'a Value| {
        let text = |key: &str| object["metadata"][key].as_str().unwrap_or_default();
        (text("creationTimestamp"), text("name"))
    };
    Ok(found.iter().min_by_key(order).copied())
}

fn title(object: &Value) -> String {
    let text = |key: &str| object["metadata"][key].as_str().unwrap_or("?");
    format!("{}/{}", text("namespace"), text("name"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn revision(name: &str, mesh: Value) -> Revision {
        Revision {
            name: name.into(),
            mesh: Ok(mesh),
            root_namespace: "istio-system".into(),
            is_old: false,
        }
    }

    #[allow(clippy::needless_pass_by_value, reason = "made where it is passed")]
    fn telemetry(namespace: &str, name: &str, spec: Value) -> Value {
        json!({ "metadata": { "namespace": namespace, "name": name,
            "creationTimestamp": "2026-11-21T04:31:03Z" }, "spec": spec })
    }

    fn envoy(filter: Option<&str>) -> Value {
        let mut item = json!({ "providers": [{ "name": "envoy" }] });
        if let Some(filter) = filter {
            item["filter"] = json!({ "expression": filter });
        }
        json!({ "accessLogging": [item] })
    }

    fn of(revisions: &[Revision], telemetries: &[Value]) -> Result<Logging, Not> {
        let server = BTreeSet::from([Mode::Server]);
        let others = BTreeSet::from(["1-26-1", "1-28-1"]);
        logging("payments", &server, revisions, &others, Ok(telemetries))
    }

    #[test]
    fn parents_are_merged_the_oldest_first_and_of_the_own_revision() {
        let here = [revision("1-28-1", json!({}))];
        let errors = "response.code >= 400";
        let mut marked = telemetry("payments", "marked", envoy(None));
        marked["metadata"]["labels"] = json!({ "istio.io/rev": "1-28-1" });
        let mut older = telemetry("payments", "z-older", envoy(Some(errors)));
        older["metadata"]["creationTimestamp"] = "2026-01-01T00:00:00Z".into();
        let root = telemetry("istio-system", "mesh", envoy(Some(errors)));
        let metrics = telemetry("payments", "metrics", json!({ "metrics": [] }));
        let mut canary = telemetry("payments", "canary", envoy(None));
        canary["metadata"]["labels"] = json!({ "istio.io/rev": "1-26-1" });
        let elsewhere = telemetry("shop", "all", envoy(None));
        let other = telemetry("payments", "other", envoy(None));
        for (what, all, already) in [
            ("nothing", vec![], false),
            ("in part, for the mesh", vec![root.clone(), metrics], false),
            ("another namespace's", vec![elsewhere], false),
            ("another revision's", vec![canary], false),
            ("the namespace's", vec![root.clone(), other.clone()], true),
            (
                "the namespace's, for this revision",
                vec![root, marked],
                true,
            ),
            ("of two the older", vec![other, older], false),
        ] {
            let found = of(&here, &all).expect(what);
            assert_eq!(
                matches!(found, Logging::Already(_)),
                already,
                "{what}: {found:?}"
            );
        }
    }

    #[test]
    fn what_is_not_known_is_not_guessed() {
        let mut marked = telemetry("payments", "marked", envoy(None));
        marked["metadata"]["labels"] = json!({ "istio.io/rev": "stable" });
        let strange = telemetry("payments", "x", json!({ "accessLogging": {} }));
        let here = revision("1-28-1", json!({}));
        let unread = Revision {
            mesh: Err("ConfigMap istio-1-28-1 is not there".into()),
            ..here.clone()
        };
        let sick = revision("1-28-1", json!({ "extensionProviders": "?" }));
        for (what, revisions, all) in [
            ("no mesh config", vec![unread], vec![]),
            ("one that cannot be read", vec![sick], vec![]),
            ("a tag", vec![here.clone()], vec![marked]),
            ("another shape", vec![here.clone()], vec![strange]),
            ("no revision", vec![], vec![]),
        ] {
            let found = of(&revisions, &all);
            assert!(matches!(found, Err(Not::Known(_))), "{what}: {found:?}");
        }
        let (none, unread) = (BTreeSet::new(), Err("may not list".into()));
        let none = logging("payments", &BTreeSet::new(), &[here], &none, unread);
        assert!(matches!(none, Err(Not::Known(_))), "{none:?}");
    }

    #[test]
    fn revisions_that_log_alike_are_served_by_one_and_others_are_not() {
        let file = || json!({ "accessLogFile": "/dev/stdout" });
        let a = |mesh| revision("1-26-1", mesh);
        let b = |mesh| revision("1-28-1", mesh);
        for (what, all, want) in [
            ("alike", vec![a(json!({})), b(json!({}))], Some(false)),
            ("both do already", vec![a(file()), b(file())], Some(true)),
            ("one does already", vec![a(file()), b(json!({}))], None),
        ] {
            let found = of(&all, &[]).ok();
            let found = found.map(|found| matches!(found, Logging::Already(_)));
            assert_eq!(found, want, "{what}");
        }
    }

    #[test]
    fn what_is_kept_and_what_logs_is_said() {
        let mesh = json!({ "extensionProviders": [{"name": "otel", "envoyOtelAls": {}}] });
        let both = telemetry(
            "istio-system",
            "mesh",
            json!({ "accessLogging": [{"providers": [{"name": "otel"}], "filter": {"expression": "response.code >= 500"}}] }),
        );
        let Ok(Logging::Write(write)) = of(&[revision("1-28-1", mesh)], &[both]) else {
            panic!("nothing is written");
        };
        assert_eq!(write.kept, ["otel, for response.code >= 500"]);
        assert_eq!(write.by, ["envoy"]);
        assert_eq!(write.items.len(), 2, "{:?}", write.items);
    }
}
