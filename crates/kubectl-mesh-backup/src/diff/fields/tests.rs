use proptest::prelude::*;
use serde_json::json;

use super::*;

/// `path: was -> is`, `+` for what came, `-` for what went, `~` for another order.
fn said(was: &Value, is: &Value) -> Vec<String> {
    differences(was, is)
        .iter()
        .map(|Change { path, what }| match what {
            What::Added(is) => format!("+ {path}: {is}"),
            What::Removed(was) => format!("- {path}: {was}"),
            What::Changed(was, is) => format!("{path}: {was} -> {is}"),
            What::Moved(was, is) => {
                let keys = |keys: &[Key]| {
                    let keys: Vec<_> = keys.iter().map(ToString::to_string).collect();
                    keys.join(" ")
                };
                format!("~ {path}: {} -> {}", keys(was), keys(is))
            }
        })
        .collect()
}

#[test]
fn what_differs_is_named_by_its_field() {
    let table: &[(&str, Value, Value, &[&str])] = &[
        (
            "nothing",
            json!({ "a": [1, { "b": null }] }),
            json!({ "a": [1, { "b": null }] }),
            &[],
        ),
        (
            "fields",
            json!({ "spec": { "replicas": 2, "old": 1 }, "metadata": { "labels": { "istio.io/rev": "a" } } }),
            json!({ "spec": { "replicas": 3, "new": 1 }, "metadata": { "labels": { "istio.io/rev": "b" } } }),
            &[
                "metadata.labels[\"istio.io/rev\"]: \"a\" -> \"b\"",
                "+ spec.new: 1",
                "- spec.old: 1",
                "spec.replicas: 2 -> 3",
            ],
        ),
        (
            "null is a value",
            json!({ "a": null }),
            json!({}),
            &["- a: null"],
        ),
        (
            "another type",
            json!({ "a": { "b": 1 } }),
            json!({ "a": [1] }),
            &["a: {\"b\":1} -> [1]"],
        ),
        (
            "containers by name",
            json!({ "containers": [{ "name": "a", "image": "x:1" }, { "name": "b", "env": [{ "name": "K", "value": "1" }] }] }),
            json!({ "containers": [{ "name": "b", "env": [{ "name": "K", "value": "2" }] }, { "name": "c" }, { "name": "a", "image": "x:2" }] }),
            &[
                "containers[name=a].image: \"x:1\" -> \"x:2\"",
                "containers[name=b].env[name=K].value: \"1\" -> \"2\"",
                "+ containers[name=c]: {\"name\":\"c\"}",
                "~ containers: name=a name=b name=c -> name=b name=c name=a",
            ],
        ),
        (
            "ports of a Service",
            json!({ "ports": [{ "port": 80, "protocol": "TCP", "nodePort": 30080 }, { "port": 443, "protocol": "TCP" }] }),
            json!({ "ports": [{ "port": 443, "protocol": "TCP", "name": "https" }] }),
            &[
                "- ports[port=80,protocol=TCP]: {\"nodePort\":30080,\"port\":80,\"protocol\":\"TCP\"}",
                "+ ports[port=443,protocol=TCP].name: \"https\"",
            ],
        ),
        (
            "two of one name go by place",
            json!({ "env": [{ "name": "A", "value": "1" }, { "name": "A", "value": "2" }] }),
            json!({ "env": [{ "name": "A", "value": "1" }, { "name": "A", "value": "3" }] }),
            &["env[1].value: \"2\" -> \"3\""],
        ),
        (
            "a route put in front leaves the others alone",
            json!({ "http": [{ "a": 1 }, { "b": 1 }] }),
            json!({ "http": [{ "new": 1 }, { "a": 1 }, { "b": 1 }] }),
            &["+ http[0]: {\"new\":1}"],
        ),
        (
            "a route taken out of the middle",
            json!({ "http": [{ "a": 1 }, { "b": 1 }, { "c": 1 }] }),
            json!({ "http": [{ "a": 1 }, { "c": 1 }] }),
            &["- http[1]: {\"b\":1}"],
        ),
        (
            "both ends",
            json!({ "hosts": ["a", "b", "c"] }),
            json!({ "hosts": ["a", "x", "y", "c"] }),
            &["hosts[1]: \"b\" -> \"x\"", "+ hosts[2]: \"y\""],
        ),
    ];
    for (name, was, is, want) in table {
        assert_eq!(&said(was, is), want, "{name}");
    }
}

#[test]
fn a_path_is_safe_to_show() {
    let evil = "\u{1b}[2J\u{202e}x";
    let was = json!({ evil: 1, "containers": [{ "name": evil, "image": "a" }] });
    let is = json!({ evil: 2, "containers": [{ "name": evil, "image": "b" }] });
    let paths: Vec<_> = differences(&was, &is)
        .iter()
        .map(|c| c.path.to_string())
        .collect();
    assert_eq!(paths, ["[\"x\"]", "containers[name=x].image"]);
}

/// Does to an object what the differences say.
fn apply(mut object: Value, changes: &[Change]) -> Value {
    // What changed in place comes first; then what went, from the back; then what came; order last, outer lists last.
    for Change { path, what } in changes {
        if let What::Changed(was, is) = what {
            let place = at(&mut object, &path.0);
            assert_eq!(place, was);
            *place = is.clone();
        }
    }
    for Change { path, what } in changes.iter().rev() {
        if let What::Removed(was) = what {
            let (last, parent) = path.0.split_last().unwrap();
            let parent = at(&mut object, parent);
            let gone = match (last, parent) {
                (Step::Field(name), Value::Object(map)) => map.remove(name).unwrap(),
                (Step::Index(index), Value::Array(items)) => items.remove(*index),
                (Step::Item(key), Value::Array(items)) => {
                    let index = place_of(items, key);
                    items.remove(index)
                }
                _ => panic!("no parent of {path}"),
            };
            assert_eq!(&gone, was);
        }
    }
    for Change { path, what } in changes {
        if let What::Added(is) = what {
            let (last, parent) = path.0.split_last().unwrap();
            match (last, at(&mut object, parent)) {
                (Step::Field(name), Value::Object(map)) => {
                    assert!(map.insert(name.clone(), is.clone()).is_none());
                }
                (Step::Index(index), Value::Array(items)) => items.insert(*index, is.clone()),
                (Step::Item(_), Value::Array(items)) => items.push(is.clone()),
                _ => panic!("no parent of {path}"),
            }
        }
    }
    for Change { path, what } in changes {
        if let What::Moved(was, is) = what {
            let Value::Array(items) = at(&mut object, &path.0) else {
                panic!("no list at {path}");
            };
            let keys: Vec<_> = items.iter().map(|i| Key::of(i, &is[0]).unwrap()).collect();
            assert_eq!(&keys, was);
            *items = is
                .iter()
                .map(|key| items[place_of(items, key)].clone())
                .collect();
        }
    }
    object
}

fn place_of(items: &[Value], key: &Key) -> usize {
    items
        .iter()
        .position(|i| Key::of(i, key).as_ref() == Some(key))
        .unwrap()
}

fn at<'a>(object: &'a mut Value, steps: &[Step]) -> &'a mut Value {
    steps.iter().fold(object, |value, step| match step {
        Step::Field(name) => value.get_mut(name).unwrap(),
        Step::Index(index) => value.get_mut(index).unwrap(),
        Step::Item(key) => {
            let items = value.as_array_mut().unwrap();
            let place = place_of(items, key);
            &mut items[place]
        }
    })
}

/// Objects with lists that have keys, lists that have none, and lists that only look as if they had.
fn objects() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (0..4_u8).prop_map(Value::from),
        "[a-c]{0,2}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        let field = prop_oneof![
            Just("containers".to_owned()),
            Just("env".to_owned()),
            Just("ports".to_owned()),
            Just("http".to_owned()),
            "[a-c]",
            Just("a/b".to_owned()),
        ];
        let named = (
            "[a-d]",
            prop::collection::btree_map("[x-z]", inner.clone(), 0..3),
        )
            .prop_map(|(name, fields)| {
                let mut item = json!(fields);
                item["name"] = name.into();
                item
            });
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec(named, 0..4).prop_map(Value::from),
            prop::collection::btree_map(field, inner, 0..4).prop_map(|m| json!(m)),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_object_does_not_differ_from_itself(a in objects()) {
        prop_assert!(differences(&a, &a).is_empty());
    }

    #[test]
    fn the_differences_make_one_of_the_other(a in objects(), b in objects()) {
        let changes = differences(&a, &b);
        prop_assert_eq!(changes.is_empty(), a == b);
        prop_assert_eq!(apply(a, &changes), b);
    }

    #[test]
    fn lists_of_containers_too(
        a in prop::collection::vec(objects(), 0..5), b in prop::collection::vec(objects(), 0..5),
        names in "[a-h]{10}",
    ) {
        let named = |items: Vec<Value>, names: &str| -> Value {
            let items: Vec<_> = items.into_iter().zip(names.chars())
                .map(|(v, name)| json!({ "name": name.to_string(), "env": v }))
                .collect();
            json!({ "containers": items })
        };
        let (a, b) = (named(a, &names[..5]), named(b, &names[5..]));
        prop_assert_eq!(apply(a.clone(), &differences(&a, &b)), b);
    }
}
