use super::*;

fn labels(pairs: &[(&str, &str)]) -> Labels {
    let own = |(k, v): &(&str, &str)| ((*k).to_owned(), (*v).to_owned());
    pairs.iter().map(own).collect()
}

fn lines(offers: &[Offer]) -> Vec<String> {
    let line = |o: &Offer| format!("{} | {}", o.value, o.about);
    offers.iter().map(line).collect()
}

fn mesh() -> Seen {
    let mut seen = Seen::default();
    seen.add_wiring("1-26-1", None);
    seen.add_wiring("1-26-1", Some("stable"));
    seen.add_wiring("1-28-1", Some("canary"));
    seen.add_wiring("1-9-0", None);
    seen.add_istiod("istio-system", "1-26-1", Some("1.26.1"), 2, 2);
    seen.add_istiod("istio-system", "1-28-1", Some("1.28.1-distroless"), 1, 2);
    seen.add_istiod("mesh-b", "1-9-0", Some("1.9.0"), 0, 0);
    seen.add_namespace("shop", &labels(&[("istio.io/rev", "stable")]));
    seen.add_namespace("pay", &labels(&[("istio.io/rev", "stable")]));
    let both = [("istio.io/rev", "stable"), ("istio-injection", "enabled")];
    seen.add_namespace("old", &labels(&both));
    seen.add_namespace("out", &labels(&[("istio-injection", "disabled")]));
    seen.add_namespace("fog", &labels(&[("istio.io/dataplane-mode", "ambient")]));
    seen.add_namespace("new", &labels(&[]));
    seen
}

#[test]
fn tags_say_where_they_point_and_how_many_follow() {
    assert_eq!(
        lines(&mesh().tags()),
        [
            "canary | 1-28-1 (0 namespaces)",
            "stable | 1-26-1 (3 namespaces)"
        ]
    );
    let mut uncounted = mesh();
    uncounted.namespaces = None;
    assert_eq!(lines(&uncounted.tags())[1], "stable | 1-26-1");
    uncounted.add_wiring("1-28-1", Some("stable"));
    assert_eq!(lines(&uncounted.tags())[1], "stable | 1-26-1 and 1-28-1");
}

#[test]
fn revisions_come_newest_first_by_version_and_not_by_name() {
    assert_eq!(
        lines(&mesh().revisions()),
        [
            "1-28-1 | 1.28.1-distroless, 1 of 2 ready, tag canary",
            "1-26-1 | 1.26.1, 2 of 2 ready, tag stable",
            "1-9-0 | 1.9.0",
        ]
    );
}

#[test]
fn a_namespace_can_be_put_on_either() {
    let both = lines(&mesh().tags_and_revisions());
    assert_eq!(both[0], "canary | tag of 1-28-1 (0 namespaces)");
    assert_eq!(
        both[2],
        "1-28-1 | revision, 1.28.1-distroless, 1 of 2 ready, tag canary"
    );
    let mut plain = Seen::default();
    plain.add_wiring("default", None);
    plain.add_wiring("1-28-1", Some("default"));
    assert_eq!(
        lines(&plain.tags_and_revisions()),
        ["default | tag of 1-28-1"]
    );
}

#[test]
fn namespaces_say_what_they_are_on_and_are_offered_once() {
    let typed = ["move".to_owned(), "pay".to_owned()];
    assert_eq!(
        lines(&mesh().namespaces(&typed)),
        [
            "fog | ambient",
            "new | no Istio label",
            "old | istio-injection=enabled",
            "out | istio-injection=disabled",
            "shop | on stable",
        ]
    );
}

#[test]
fn istio_namespaces_are_those_with_an_istiod() {
    assert_eq!(
        lines(&mesh().istio_namespaces()),
        [
            "istio-system | istiod 1-26-1, 1-28-1",
            "mesh-b | istiod 1-9-0"
        ]
    );
    let mut blind = mesh();
    blind.istio_namespaces.clear();
    assert_eq!(blind.istio_namespaces().len(), 6);
}

#[test]
fn usual_tags_are_offered_while_they_are_free() {
    assert_eq!(lines(&mesh().new_tags()), Vec::<String>::new());
    assert_eq!(
        lines(&Seen::default().new_tags()),
        ["canary | not there yet", "stable | not there yet"]
    );
}

fn recorded() -> Seen {
    let mut seen = mesh();
    for (id, action, tag, state) in [
        (
            "20261101-1-promote-stable-0001",
            "promote",
            Some("stable"),
            "done",
        ),
        ("20261102-1-move-shop-0002", "move", None, "done"),
        (
            "20261103-1-remove-blue-0003",
            "remove",
            Some("blue"),
            "done",
        ),
        (
            "20261104-1-promote-stable-0004",
            "promote",
            Some("stable"),
            "started",
        ),
    ] {
        seen.add_record(Record {
            id: id.to_owned(),
            action: action.to_owned(),
            tag: tag.map(str::to_owned),
            state: state.to_owned(),
        });
    }
    seen
}

#[test]
fn records_are_those_that_the_verb_takes_newest_first() {
    let of = |line: &str| {
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        lines(&recorded().records(&words))
    };
    assert_eq!(
        of("rollback stable --to-record"),
        [
            "20261104-1-promote-stable-0004 | promote stable, started",
            "20261101-1-promote-stable-0001 | promote stable, done",
        ]
    );
    assert_eq!(
        of("move --undo --to-record"),
        ["20261102-1-move-shop-0002 | move, done"]
    );
    assert_eq!(
        of("resume --record"),
        ["20261104-1-promote-stable-0004 | promote stable, started"]
    );
    assert_eq!(of("rollback nosuch --to-record").len(), 4);
}

#[test]
fn a_tag_that_is_gone_can_be_brought_back() {
    let tags = lines(&recorded().tags_ever());
    assert_eq!(tags[2], "blue | not there now; last: remove, done");
    assert_eq!(tags.len(), 3);
}
