use super::*;

fn wanted(words: &[&str], namespace: Option<&str>) -> Result<Wanted> {
    let words: Vec<String> = words.iter().map(|w| (*w).to_owned()).collect();
    Wanted::typed(&words, namespace)
}

#[test]
fn what_can_be_typed() {
    let of = |kind: &str, namespace: Option<&str>, name: Option<&str>| Wanted {
        kind: kind.into(),
        namespace: namespace.map(Into::into),
        name: name.map(Into::into),
    };
    let vs = of("vs", Some("a"), Some("b"));
    assert_eq!(wanted(&["vs/a/b"], None).unwrap(), vs);
    assert_eq!(wanted(&["vs/a/b"], Some("a")).unwrap(), vs);
    assert_eq!(wanted(&["vs", "b"], Some("a")).unwrap(), vs);
    assert_eq!(wanted(&["vs/b"], Some("a")).unwrap(), vs);
    assert_eq!(wanted(&["vs/b"], None).unwrap(), of("vs", None, Some("b")));
    assert_eq!(wanted(&["vs"], None).unwrap(), of("vs", None, None));
    for words in [
        &["vs/a/b/c"][..],
        &["vs/"],
        &["/b"],
        &[""],
        &["vs/a", "b"],
        &["vs", "a/b"],
        &[],
    ] {
        assert_eq!(
            wanted(words, None).unwrap_err().kind(),
            Kind::Usage,
            "{words:?}"
        );
    }
    assert_eq!(
        wanted(&["vs/a/b"], Some("c")).unwrap_err().kind(),
        Kind::Usage
    );
}

fn see(found: &mut Found, wanted: &Wanted, group: &str, resource: &str, object: &Value) {
    let json = serde_json::to_vec(object).unwrap();
    let entry = Object {
        path: "",
        group,
        resource,
        namespace: None,
        json: &json,
    };
    found.see(wanted, &entry).unwrap();
}

#[test]
fn a_short_name_of_a_crd_in_the_archive() {
    let crd = json!({ "kind": "CustomResourceDefinition", "metadata": { "name": "things.x.io" },
        "spec": { "group": "x.io", "names": { "plural": "things", "singular": "thing", "shortNames": ["TH"] } } });
    let thing = json!({ "kind": "Thing", "metadata": { "name": "one", "namespace": "a" } });
    let wanted = wanted(&["th/one"], None).unwrap();
    let mut found = Found::default();
    see(
        &mut found,
        &wanted,
        "apiextensions.k8s.io",
        "customresourcedefinitions",
        &crd,
    );
    see(&mut found, &wanted, "x.io", "things", &thing);
    assert_eq!(found.fitting.len(), 1);
    assert_eq!(found.object, Some(thing));
}

#[test]
fn what_is_not_there_comes_with_what_is_near() {
    let said = |words: &[&str], namespace: Option<&str>| {
        let wanted = wanted(words, namespace).unwrap();
        let mut found = Found::default();
        for (name, namespace) in [("checkout", "payments"), ("cart", "shop")] {
            let object = json!({ "kind": "VirtualService", "metadata": { "name": name, "namespace": namespace } });
            see(
                &mut found,
                &wanted,
                "networking.istio.io",
                "virtualservices",
                &object,
            );
        }
        let error = found.none(&wanted, "x");
        (error.to_string(), error.hints().join(" "))
    };
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    assert_eq!(
        said(&["vs/chekout"], None),
        pair("x holds no vs chekout", "near it: checkout")
    );
    assert_eq!(
        said(&["vs/checkout"], Some("shop")),
        pair(
            "x holds no vs checkout in shop",
            "it holds virtualservices.networking.istio.io/checkout -n payments"
        )
    );
    assert_eq!(
        said(&["virtualservce/a"], None),
        pair("x holds no virtualservce", "near it: VirtualService")
    );
    assert_eq!(said(&["vs/zzz"], None), pair("x holds no vs zzz", ""));
}
