//! Secrets, of which no value is ever told.

use serde_json::{Value, json};

use super::{annotated, line};
use crate::restore::{
    judge::{Wishes, judge},
    key::{Api, Key},
    object::World,
};

#[test]
fn a_secret_is_judged_like_the_rest_and_no_value_of_it_is_told() {
    let secret = |data: &str, more: &Value| {
        let mut object = json!({ "apiVersion": "v1", "kind": "Secret", "type": "kubernetes.io/tls",
            "metadata": { "name": "shop", "namespace": "edge" }, "data": { "tls.key": data } });
        for (field, value) in more.as_object().into_iter().flatten() {
            object[field.as_str()] = value.clone();
        }
        object
    };
    let (none, sealed) = (json!({}), json!({ "immutable": true }));
    let opaque = json!({ "type": "Opaque" });
    let text = json!({ "stringData": { "x": "b2xk" } });
    let issued = annotated(
        secret("bmV3", &none),
        "cert-manager.io/certificate-name",
        "shop",
    );
    let mut fetched = secret("bmV3", &none);
    fetched["metadata"]["ownerReferences"] =
        json!([{ "kind": "ExternalSecret", "name": "shop", "controller": true, "uid": "1" }]);
    let cannot = |field: &str| {
        format!(
            "impossible: {field} cannot be changed in place: delete it here first, if it is meant to be as it was"
        )
    };
    let table: [(&str, Value, Option<Value>, String); 9] = [
        ("absent", secret("b2xk", &none), None, "create".into()),
        (
            "equal",
            secret("b2xk", &none),
            Some(secret("b2xk", &none)),
            "same".into(),
        ),
        (
            "another value",
            secret("b2xk", &none),
            Some(secret("bmV3", &none)),
            "change data[\"tls.key\"]".into(),
        ),
        (
            "another type",
            secret("b2xk", &none),
            Some(secret("b2xk", &opaque)),
            cannot("type"),
        ),
        (
            "immutable here",
            secret("b2xk", &sealed),
            Some(secret("bmV3", &sealed)),
            cannot("data[\"tls.key\"]"),
        ),
        (
            "immutable there",
            secret("b2xk", &sealed),
            Some(secret("b2xk", &none)),
            "change immutable; becomes immutable: nothing can change it back in place".into(),
        ),
        (
            "of cert-manager",
            secret("b2xk", &none),
            Some(issued),
            "owned cert-manager shop".into(),
        ),
        (
            "of another controller",
            secret("b2xk", &none),
            Some(fetched),
            "owned ExternalSecret shop".into(),
        ),
        (
            "no Secret that was ever stored",
            secret("b2xk", &text),
            None,
            "impossible: it has stringData, which no API server stores".into(),
        ),
    ];
    let api = Api::builtin("", "Secret").unwrap();
    let world = World {
        same_kubernetes: true,
        ..World::default()
    };
    for (name, archived, live, want) in table {
        let key = Key::of(&archived).unwrap();
        let judged = judge(
            &key,
            &archived,
            live.as_ref(),
            Some(&api),
            &world,
            Wishes::default(),
        );
        assert_eq!(line(&judged), want, "{name}");
        let told = serde_json::to_string(&judged.verdict).unwrap();
        assert!(!told.contains("b2xk") && !told.contains("bmV3"), "{told}");
    }
}
