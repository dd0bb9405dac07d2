use serde_json::{Value, json};

use super::*;

fn settings(mesh: &Value) -> Settings {
    Settings::read(mesh).unwrap()
}

fn layers(of: &[Value]) -> Vec<Vec<Entry>> {
    let entries = |logging: &Value| Entry::all(&json!({"spec": {"accessLogging": logging}}));
    of.iter().map(|l| entries(l).unwrap()).collect()
}

fn providers(of: &[(&str, Option<Value>)]) -> BTreeMap<String, Option<Value>> {
    let owned = |(name, filter): &(&str, Option<Value>)| ((*name).to_owned(), filter.clone());
    of.iter().map(owned).collect()
}

/// A mesh with a collector beside Istio's own provider.
fn otel() -> Value {
    json!({ "extensionProviders": [{"name": "otel", "envoyOtelAls": {"service": "x", "port": 4317}},
        {"name": "metrics", "prometheus": {}}] })
}

fn with(mut mesh: Value, field: &str, value: Value) -> Value {
    mesh[field] = value;
    mesh
}

#[test]
#[allow(clippy::too_many_lines, reason = "a table")]
fn what_is_in_effect_is_what_istio_merges() {
    let errors = || json!({"expression": "response.code >= 400"});
    let envoy = |filter: Option<Value>| match filter {
        None => json!([{"providers": [{"name": "envoy"}]}]),
        Some(filter) => json!([{"providers": [{"name": "envoy"}], "filter": filter}]),
    };
    let defaults = || {
        with(
            otel(),
            "defaultProviders",
            json!({"accessLogging": ["otel"]}),
        )
    };
    let file = || with(otel(), "accessLogFile", json!("/dev/stdout"));
    for (what, mesh, of, want, legacy) in [
        ("nothing at all", otel(), vec![], vec![], None),
        (
            "the mesh's file",
            file(),
            vec![],
            vec![],
            Some("/dev/stdout"),
        ),
        (
            "the defaults",
            defaults(),
            vec![],
            vec![("otel", None)],
            None,
        ),
        (
            "defaults before the file",
            with(
                file(),
                "defaultProviders",
                json!({"accessLogging": ["otel"]}),
            ),
            vec![],
            vec![("otel", None)],
            None,
        ),
        (
            "of the root namespace, in place of the defaults",
            defaults(),
            vec![envoy(Some(errors()))],
            vec![("envoy", Some(errors()))],
            None,
        ),
        (
            "the namespace's in place of the root's",
            otel(),
            vec![
                envoy(Some(errors())),
                json!([{"providers": [{"name": "otel"}]}]),
            ],
            vec![("otel", None)],
            None,
        ),
        (
            "a filter alone is none of the defaults': it names no provider",
            defaults(),
            vec![json!([{"filter": errors()}])],
            vec![("otel", None)],
            None,
        ),
        (
            "switched off for a namespace, without naming it",
            otel(),
            vec![envoy(None), json!([{"disabled": true}])],
            vec![],
            None,
        ),
        (
            "switched off, and the file of the mesh config stays off",
            file(),
            vec![envoy(None), json!([{"disabled": true}])],
            vec![],
            None,
        ),
        (
            "a provider that is none, and the file is what is left",
            file(),
            vec![json!([{"providers": [{"name": "nobody"}]}])],
            vec![],
            Some("/dev/stdout"),
        ),
        (
            "a provider of metrics does not log",
            otel(),
            vec![json!([{"providers": [{"name": "metrics"}, {"name": "OTEL"}]}])],
            vec![("OTEL", None)],
            None,
        ),
        (
            "the other side",
            otel(),
            vec![json!([{"match": {"mode": "CLIENT"}, "providers": [{"name": "envoy"}]}])],
            vec![],
            None,
        ),
        (
            "both sides",
            otel(),
            vec![
                json!([{"match": {"mode": "CLIENT_AND_SERVER"}, "providers": [{"name": "envoy"}]}]),
            ],
            vec![("envoy", None)],
            None,
        ),
        (
            "metrics only is no say in logs",
            defaults(),
            vec![json!([])],
            vec![("otel", None)],
            None,
        ),
    ] {
        let found = effect(&settings(&mesh), &layers(&of), Mode::Server);
        assert_eq!(found.providers, providers(&want), "{what}");
        assert_eq!(found.file.as_deref(), legacy, "{what}");
    }
}

#[test]
fn what_is_written_keeps_what_logs_and_adds_the_rest() {
    let filter = json!({"expression": "response.code >= 500"});
    let two = || {
        json!({ "extensionProviders": [
            {"name": "lines", "envoyFileAccessLog": {"path": "/dev/stdout"}},
            {"name": "otel", "envoyOtelAls": {}},
        ] })
    };
    let log = |kept: &[(&str, Option<Value>)], by: &str| {
        Some(Need::Log {
            kept: providers(kept),
            by: by.into(),
            format: Format::Text,
        })
    };
    let nothing = |by: &str| {
        Some(Need::Nothing {
            by: by.into(),
            format: Format::Text,
        })
    };
    let of = |names: &[(&str, Option<Value>)]| Effect {
        providers: providers(names),
        ..Effect::default()
    };
    let legacy = |file: &str| Effect {
        file: Some(file.into()),
        ..Effect::default()
    };
    let service = Effect {
        service: true,
        ..Effect::default()
    };
    let some = || Some(filter.clone());
    for (what, now, want) in [
        ("nothing logs", of(&[]), log(&[], "envoy")),
        (
            "it does already",
            of(&[("envoy", None)]),
            nothing("provider envoy"),
        ),
        (
            "it does, and so does another",
            of(&[("envoy", None), ("otel", some())]),
            nothing("provider envoy"),
        ),
        ("in part", of(&[("envoy", some())]), log(&[], "envoy")),
        (
            "elsewhere, each as it is",
            of(&[("otel", some())]),
            log(&[("otel", some())], "envoy"),
        ),
        (
            "another writes to stdout in part: no line twice",
            of(&[("lines", some()), ("otel", None)]),
            log(&[("otel", None)], "lines"),
        ),
        (
            "two write to stdout in part",
            of(&[("lines", some()), ("envoy", some())]),
            None,
        ),
        (
            "the mesh config does",
            legacy("/dev/stdout"),
            nothing("accessLogFile of the mesh config"),
        ),
        (
            "the mesh config does, elsewhere",
            legacy("/var/log/a"),
            None,
        ),
        ("a service gets them", service, None),
    ] {
        assert_eq!(Need::of(&settings(&two()), &now).ok(), want, "{what}");
    }
}

/// Every way in which two Telemetries and the mesh config can stand, both sides: with ours on top, what logged goes on as
/// it did, stdout has every request of our side, and the other side is as before.
#[test]
fn on_top_of_anything_what_is_written_does_just_that() {
    let filter = json!({"expression": "response.code >= 400"});
    let items = [
        json!([]),
        json!([{"providers": [{"name": "envoy"}]}]),
        json!([{"providers": [{"name": "envoy"}], "filter": filter}]),
        json!([{"providers": [{"name": "otel"}, {"name": "envoy"}], "disabled": true}]),
        json!([{"providers": [{"name": "otel"}], "filter": filter}]),
        json!([{"disabled": true}]),
        json!([{"filter": filter}]),
        json!([{"match": {"mode": "SERVER"}, "providers": [{"name": "otel"}]},
            {"match": {"mode": "CLIENT"}, "providers": [{"name": "envoy"}], "filter": filter}]),
        json!([{"match": {"mode": "CLIENT"}, "disabled": true}]),
    ];
    let meshes = [
        otel(),
        with(
            otel(),
            "defaultProviders",
            json!({"accessLogging": ["otel"]}),
        ),
        with(
            otel(),
            "defaultProviders",
            json!({"accessLogging": ["envoy", "otel"]}),
        ),
        with(otel(), "accessLogFile", json!("/dev/stdout")),
    ];
    let mut written = 0;
    for mesh in &meshes {
        let settings = settings(mesh);
        for root in &items {
            for namespace in &items {
                for (mode, other) in [(Mode::Server, Mode::Client), (Mode::Client, Mode::Server)] {
                    let mut all = layers(&[root.clone(), namespace.clone()]);
                    let now = effect(&settings, &all, mode);
                    let beside = effect(&settings, &all, other);
                    let Ok(Need::Log { kept, by, .. }) = Need::of(&settings, &now) else {
                        continue;
                    };
                    written += 1;
                    let what = format!("{mesh} {root} {namespace} {mode:?}");
                    let goal = Goal {
                        mode,
                        kept,
                        by: Some(by),
                    };
                    let items =
                        super::written(&settings, &all, std::slice::from_ref(&goal)).expect(&what);
                    all.extend(layers(&[items.into()]));
                    let then = effect(&settings, &all, mode);
                    assert_eq!(then.providers, goal.providers(), "{what}");
                    assert!(
                        goal.kept
                            .iter()
                            .all(|kept| now.providers.contains_key(kept.0)),
                        "{what}"
                    );
                    assert_eq!((then.file, then.service), (None, false), "{what}");
                    assert_eq!(effect(&settings, &all, other), beside, "{what}");
                }
            }
        }
    }
    assert!(written > 200, "only {written}");
}

#[test]
fn a_side_that_only_the_defaults_log_is_written_too() {
    let mesh = with(
        otel(),
        "defaultProviders",
        json!({"accessLogging": ["otel"]}),
    );
    let goal = Goal {
        mode: Mode::Server,
        kept: providers(&[("otel", None)]),
        by: Some("envoy".into()),
    };
    let items = written(&settings(&mesh), &[], &[goal]).unwrap();
    assert_eq!(
        Value::from(items),
        json!([
            {"match": {"mode": "SERVER"}, "providers": [{"name": "envoy"}, {"name": "otel"}]},
            {"match": {"mode": "CLIENT"}, "providers": [{"name": "otel"}]},
        ])
    );
}

#[test]
fn what_cannot_be_read_is_not_taken_for_nothing() {
    for logging in [
        json!("x"),
        json!([{"match": {"mode": "SIDEWAYS"}}]),
        json!([{"providers": [{}]}]),
    ] {
        let telemetry = json!({"spec": {"accessLogging": logging}});
        assert!(Entry::all(&telemetry).is_err(), "{telemetry}");
    }
}
