use proptest::prelude::*;

use super::*;
use crate::mesh::made::Made;

fn shop() -> Wiring {
    Made::shop()
        .namespace("payments", &[("istio.io/rev", "stable")])
        .namespace("legacy", &[("istio-injection", "enabled")])
        .namespace("monitoring", &[("istio-injection", "disabled")])
        .namespace("data", &[("istio.io/dataplane-mode", "ambient")])
        .0
        .wiring()
        .unwrap()
}

#[test]
fn a_move_writes_what_istioctl_of_that_age_writes() {
    let before = shop();
    let old = before.move_tag("canary", "1-26-1", false).unwrap();
    assert_eq!(old.tag_by_webhook("canary"), BTreeSet::from(["1-26-1"]));
    assert_eq!(old.tag_by_service("canary"), BTreeSet::from(["1-28-1"]));
    let new = before.move_tag("canary", "1-26-1", true).unwrap();
    assert_eq!(new.tag_by_webhook("canary"), BTreeSet::from(["1-26-1"]));
    assert_eq!(new.tag_by_service("canary"), BTreeSet::from(["1-26-1"]));
    let names: Vec<_> = before
        .images_against(&new)
        .iter()
        .map(Image::short)
        .collect();
    assert_eq!(
        names,
        [
            "mutatingwebhookconfiguration/istio-revision-tag-canary",
            "service/istiod-revision-tag-canary"
        ]
    );
}

#[test]
fn the_default_tag_brings_a_validator_and_switches_the_old_default_off() {
    let before = Made::shop()
        .revision("default", "1.20.8")
        .0
        .wiring()
        .unwrap();
    let after = before.move_tag("default", "1-28-1", true).unwrap();
    assert!(after.own_injector("default").unwrap().is_deactivated());
    assert_eq!(after.validators[0].name, DEFAULT_VALIDATOR);
    assert_eq!(after.validators[0].revision.as_deref(), Some("1-28-1"));
    let removed = after.remove_tag("default", true);
    assert!(removed.own_injector("default").unwrap().is_deactivated());
    assert_eq!(removed.validators.len(), 1);
    assert!(removed.tags().contains("canary") && !removed.tags().contains("default"));
}

#[test]
fn a_tag_keeps_its_webhooks_name() {
    let mut before = shop();
    for injector in &mut before.injectors {
        if injector.tag.as_deref() == Some("stable") {
            injector.name = "zz-hook".into();
        }
    }
    let after = before.move_tag("stable", "1-28-1", false).unwrap();
    assert_eq!(after.injectors.len(), before.injectors.len());
    assert_eq!(after.tag_by_webhook("stable"), BTreeSet::from(["1-28-1"]));
}

#[test]
fn what_cannot_be_done() {
    let wiring = shop();
    let said = |r: Result<Wiring>| r.unwrap_err().to_string();
    assert_eq!(
        said(wiring.move_tag("stable", "1-99", true)),
        "revision 1-99 has no injector"
    );
    assert_eq!(
        said(wiring.create_tag("stable", "1-28-1", true)),
        "tag stable already exists"
    );
    assert_eq!(
        said(wiring.create_tag("1-26-1", "1-28-1", true)),
        "a revision is named 1-26-1 already"
    );
    assert_eq!(
        said(wiring.label_namespace("nowhere", "canary")),
        "there is no namespace nowhere"
    );
    assert_eq!(
        said(wiring.label_namespace("monitoring", "canary")),
        "namespace monitoring opts out by istio-injection=disabled"
    );
    assert_eq!(
        said(wiring.label_namespace("data", "canary")),
        "namespace data is in ambient mode"
    );
}

#[test]
fn a_namespace_goes_on_a_tag_and_comes_off() {
    let before = shop();
    let after = before.label_namespace("legacy", "canary").unwrap();
    assert_eq!(after.namespaces["legacy"].rev(), Some("canary"));
    assert!(
        !after.namespaces["legacy"]
            .labels
            .contains_key("istio-injection")
    );
    assert_eq!(
        after.unlabel_namespace("legacy", Some("enabled")).unwrap(),
        before
    );
}

proptest! {
    #[test]
    fn twice_is_once_and_the_images_bring_it_back(
        tag in proptest::sample::select(&["stable", "canary", "fresh", "default"][..]),
        to in proptest::sample::select(&["1-26-1", "1-28-1", "default"][..]),
        service in any::<bool>(),
    ) {
        let before = Made::shop().revision("default", "1.20.8").0.wiring().unwrap();
        let once = before.move_tag(tag, to, service).unwrap();
        prop_assert_eq!(&once.move_tag(tag, to, service).unwrap(), &once);
        prop_assert_eq!(once.restore(before.images_against(&once)), before);
    }
}
