//! What files come to, with and without something around them.

use serde_json::json;

use super::*;

fn written(kind: &str, name: &str, spec: &Value) -> Written {
    let api = if kind == "Service" {
        "v1"
    } else {
        "security.istio.io/v1"
    };
    Written {
        object: json!({"apiVersion": api, "kind": kind, "metadata": {"namespace": "shop", "name": name}, "spec": spec}),
        file: "gone.yaml".into(),
    }
}

#[test]
fn files_alone_are_judged_and_nothing_around_them_is_known() {
    let files = Files::of(vec![
        written("AuthorizationPolicy", "a", &json!({})),
        written("AuthorizationPolicy", "b", &json!({"rulez": []})),
        written("PeerAuthentication", "c", &json!({})),
        written("Service", "d", &json!({"selector": {"app": "a"}})),
        written("VirtualService", "e", &json!({})),
    ]);
    assert_eq!((files.count(), files.objects.len()), (3, 3));
    assert_eq!(files.others, ["VirtualService shop/e"]);
    let facts = facts(Some(files), None, None);
    assert!(facts.proposed && facts.spots.gap().is_some());
    assert_eq!(
        (facts.policies.len(), facts.broken.len(), facts.peers.len()),
        (1, 1, 1)
    );
    assert_eq!(facts.standing.items().map(<[_]>::len), Ok(1));
    assert!(Files::of(vec![written("VirtualService", "e", &json!({}))]).is_empty());
}

#[test]
fn what_has_the_same_name_is_replaced() {
    let mut all = Known::Known(vec![("a", 1), ("b", 1)]);
    let name = |one: &(&str, i32)| (String::new(), one.0.to_owned());
    replace(&mut all, ("b", 2), name);
    replace(&mut all, ("c", 2), name);
    assert_eq!(all.get(), Some(&vec![("a", 1), ("b", 2), ("c", 2)]));
    let mut unread: Known<Vec<(&str, i32)>> = Known::not_read("policies");
    replace(&mut unread, ("a", 1), name);
    assert!(unread.get().is_none());
}
