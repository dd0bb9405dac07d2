use super::*;
use crate::mesh::{
    Injector, WebhookTarget, Wiring,
    made::{Made, gap, pods},
    model::label,
    wiring::Image,
};

fn shop() -> Made {
    Made::shop()
        .namespace("payments", &[(label::REV, "stable")])
        .namespace("orders", &[(label::REV, "canary")])
        .namespace("users", &[(label::REV, "1-26-1")])
        .namespace("lost", &[(label::REV, "gone")])
        .namespace("legacy", &[(label::INJECTION, "enabled")])
        .workload("payments", "checkout", |w| {
            w.pods = vec![
                pods(2, Some(("1-26-1", "1.26.1"))),
                pods(1, Some(("1-26-1", "1.26.0"))),
            ];
        })
        .workload("orders", "carts", |w| {
            w.pods = vec![pods(3, Some(("1-26-1", "1.26.1")))];
        })
        .workload("users", "auth", |w| {
            w.pods = vec![pods(3, Some(("1-26-1", "1.26.1")))];
        })
        .workload("legacy", "latecomer", |w| w.pods = vec![pods(2, None)])
        .gateway("payments", "front", None, "1-26-1")
}

fn row<'a>(table: &'a TagTable, tag: Option<&str>, revision: &str) -> &'a TagRow {
    let mut rows = table.rows.iter();
    rows.find(|r| r.tag.as_deref() == tag && r.revisions[0] == revision)
        .unwrap_or_else(|| panic!("{tag:?} {revision}: {:#?}", table.rows))
}

fn kinds(problems: &[Problem]) -> Vec<ProblemKind> {
    problems.iter().map(|p| p.kind).collect()
}

#[test]
fn the_table() {
    let table = tags(&shop().0).unwrap();
    let summary: Vec<_> = table
        .rows
        .iter()
        .map(|r| {
            (
                r.tag.as_deref().unwrap_or("-"),
                r.revisions.join(","),
                r.namespaces.get().unwrap().join(","),
                *r.workloads.get().unwrap(),
                *r.pods.get().unwrap(),
                *r.old_pods.get().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        summary,
        [
            ("canary", "1-28-1".into(), "orders".into(), 1, 3, 3),
            ("stable", "1-26-1".into(), "payments".into(), 1, 3, 1),
            ("-", "1-26-1".into(), "users".into(), 1, 3, 0),
        ]
    );
    let stable = row(&table, Some("stable"), "1-26-1");
    assert_eq!(stable.versions, Known::Known(vec!["1.26.1".into()]));
    assert_eq!(
        (&stable.ready, &stable.wanted),
        (&Known::Known(2), &Known::Known(2))
    );
    assert_eq!(
        stable.gateways.get().unwrap()[0].short(),
        "payments/gateway/front"
    );
    assert_eq!(stable.webhooks, ["istio-revision-tag-stable"]);
    assert!(stable.services.is_empty() && stable.problems.is_empty());
    assert!(table.overlaps.is_empty() && table.problems.is_empty() && table.gaps.is_empty());
    let dangling: Vec<_> = table
        .dangling
        .get()
        .unwrap()
        .iter()
        .map(|d| {
            (
                d.namespace.as_str(),
                d.reason.as_str(),
                *d.pods.get().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        dangling,
        [
            (
                "legacy",
                "namespace label istio-injection=enabled, and there is no default injector",
                2
            ),
            (
                "lost",
                "namespace label istio.io/rev=gone: there is no such revision or tag",
                0
            ),
        ]
    );
}

#[test]
fn every_revision_with_who_points_to_it() {
    let mesh = shop().revision("1-27-0", "1.27.0").0;
    let found: Vec<_> = revisions(&mesh)
        .unwrap()
        .into_iter()
        .map(|r| {
            (
                r.name,
                r.tags.join(","),
                r.injector.is_some(),
                r.service.is_some(),
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            ("1-26-1".to_owned(), "stable".to_owned(), true, true),
            ("1-27-0".into(), String::new(), true, true),
            ("1-28-1".into(), "canary".into(), true, true),
        ]
    );
    // Without a tag it has a row of its own.
    row(&tags(&mesh).unwrap(), None, "1-27-0");
}

fn edited(edit: impl Fn(&mut Wiring)) -> TagTable {
    let made = shop();
    let mut wiring = made.0.wiring().unwrap();
    edit(&mut wiring);
    tags(&made.wired(wiring).0).unwrap()
}

fn moved(wiring: &Wiring, tag: &str, to: &str, service: bool) -> Wiring {
    wiring.move_tag(tag, to, service).unwrap()
}

fn injector<'a>(wiring: &'a mut Wiring, tag: &str) -> &'a mut Injector {
    let mut injectors = wiring.injectors.iter_mut();
    injectors.find(|i| i.tag.as_deref() == Some(tag)).unwrap()
}

type Case<'a> = (&'a str, &'a dyn Fn(&mut Wiring), &'a str, &'a [ProblemKind]);

fn check(cases: &[Case<'_>]) {
    for (name, edit, tag, want) in cases {
        let table = edited(edit);
        let mut rows = table.rows.iter();
        let row = rows.find(|r| r.tag.as_deref() == Some(*tag)).unwrap();
        assert_eq!(kinds(&row.problems), *want, "{name}: {:?}", row.problems);
    }
}

#[test]
fn what_can_be_wrong_with_a_tag() {
    use ProblemKind::*;
    check(&[
        (
            "promoted by 1.26",
            &|w| *w = moved(w, "stable", "1-28-1", false),
            "stable",
            &[WebhookOnly],
        ),
        (
            "promoted by 1.28",
            &|w| *w = moved(w, "stable", "1-28-1", true),
            "stable",
            &[],
        ),
        (
            "moved back by 1.26",
            &|w| *w = moved(w, "canary", "1-26-1", false),
            "canary",
            &[TwoRevisions],
        ),
        (
            "removed by 1.26",
            &|w| *w = w.remove_tag("canary", false),
            "canary",
            &[ServiceOnly],
        ),
        (
            "named like a revision",
            &|w| *w = moved(w, "1-26-1", "1-28-1", true),
            "1-26-1",
            &[ShadowsRevision],
        ),
        (
            "two webhooks",
            &|w| {
                let mut twin = injector(w, "canary").clone();
                twin.name = "other".into();
                *w = w.restore([Image::Injector("other".into(), Some(twin))]);
            },
            "canary",
            &[TwoWebhooks],
        ),
    ]);
}

#[test]
fn what_can_be_wrong_with_its_webhooks() {
    use ProblemKind::*;
    check(&[
        (
            "empty bundle",
            &|w| {
                injector(w, "canary")
                    .webhooks
                    .iter_mut()
                    .for_each(|h| h.ca_bundle = None);
            },
            "canary",
            &[CaMissing],
        ),
        (
            "another bundle",
            &|w| injector(w, "canary").webhooks[1].ca_bundle = Some("sha256:other".into()),
            "canary",
            &[CaDiffers],
        ),
        (
            "no PEM",
            &|w| injector(w, "canary").webhooks[0].ca_bundle_is_pem = false,
            "canary",
            &[CaNotPem],
        ),
        (
            "no target",
            &|w| injector(w, "canary").webhooks[0].target = WebhookTarget::Missing,
            "canary",
            &[TargetMissing],
        ),
        (
            "an external address",
            &|w| {
                for webhook in &mut injector(w, "canary").webhooks {
                    webhook.target = WebhookTarget::Url("https://istiod.example.com/inject".into());
                }
            },
            "canary",
            &[],
        ),
        (
            "no Service behind it",
            &|w| w.services.retain(|s| s.name != "istiod-1-28-1"),
            "canary",
            &[TargetMissing],
        ),
        (
            "nobody behind it",
            &|w| {
                w.services
                    .iter_mut()
                    .for_each(|s| s.ready_endpoints = Known::Known(0));
            },
            "canary",
            &[TargetNotReady],
        ),
        (
            "label and target apart",
            &|w| injector(w, "stable").revision = "1-28-1".into(),
            "stable",
            &[WebhookOnly, TargetElsewhere],
        ),
    ]);
}

#[test]
fn istiods_that_are_not_there() {
    let mut mesh = shop().0;
    if let Known::Known(istiods) = &mut mesh.istiods {
        istiods[0].ready = 0;
        istiods.truncate(1);
    }
    let table = tags(&mesh).unwrap();
    assert_eq!(
        kinds(&row(&table, Some("stable"), "1-26-1").problems),
        [ProblemKind::NotReady]
    );
    assert_eq!(
        kinds(&row(&table, Some("canary"), "1-28-1").problems),
        [ProblemKind::NoIstiod]
    );
}

#[test]
fn the_default_and_its_validators() {
    let mesh = shop()
        .revision("default", "1.20.8")
        .tag("default", "1-26-1", false)
        .0;
    let table = tags(&mesh).unwrap();
    let old = row(&table, None, "default");
    assert_eq!(kinds(&old.problems), [ProblemKind::Deactivated]);
    assert!(old.namespaces.get().unwrap().is_empty());
    assert_eq!(
        row(&table, Some("default"), "1-26-1").namespaces,
        Known::Known(vec!["legacy".into()])
    );
    assert!(table.problems.is_empty());
    let problems = webhook_problems(&mesh).unwrap();
    let objects: Vec<_> = problems.iter().map(|p| p.object.as_deref()).collect();
    assert_eq!(
        objects,
        [Some("mutatingwebhookconfiguration/istio-sidecar-injector")]
    );

    let mut wiring = mesh.wiring().unwrap();
    let mut second = wiring.validators[0].clone();
    second.name = "zz-validator".into();
    wiring.validators[0].revision = Some("1-28-1".into());
    wiring.validators.push(second);
    wiring.validators[1].webhooks[0].target = WebhookTarget::Missing;
    let table = tags(&Made(mesh).wired(wiring).0).unwrap();
    assert_eq!(
        kinds(&table.problems),
        [
            ProblemKind::TargetMissing,
            ProblemKind::TwoDefaultValidators,
            ProblemKind::ValidatorElsewhere
        ]
    );
}

#[test]
fn overlaps_across_revisions_and_whom_they_hit() {
    let twin = |to: &str| {
        let made = shop();
        let mut wiring = made.0.wiring().unwrap();
        let after = wiring.move_tag("stable", to, false).unwrap();
        let mut twin = after
            .injectors
            .iter()
            .find(|i| i.tag.as_deref() == Some("stable"))
            .unwrap()
            .clone();
        twin.name = "other-hook".into();
        wiring = wiring.restore([Image::Injector("other-hook".into(), Some(twin))]);
        let mesh = made.wired(wiring.clone()).0;
        super::overlaps(&mesh, &wiring)
    };
    let found = twin("1-28-1");
    assert_eq!(found.len(), 2, "{found:#?}");
    assert_eq!(
        found[0].webhooks,
        [
            "istio-revision-tag-stable/rev.namespace.sidecar-injector.istio.io",
            "other-hook/rev.namespace.sidecar-injector.istio.io"
        ]
    );
    assert_eq!(
        found[0].revisions.iter().collect::<Vec<_>>(),
        ["1-26-1", "1-28-1"]
    );
    assert_eq!(
        found[0].workloads[0].short(),
        "payments/deployment/checkout"
    );
    assert_eq!(found[0].namespace_labels[label::REV], "stable");
    assert!(!found[0].conditional);
    assert!(found[1].workloads.is_empty() && found[1].pod_labels[label::REV] == "stable");
    // The same revision twice is an overlap too.
    assert_eq!(twin("1-26-1")[0].revisions.len(), 1);
}

#[test]
fn gaps_are_named_and_the_rest_stands() {
    let mut mesh = shop().0;
    mesh.services = Known::Unknown(gap("services"));
    mesh.workloads = Known::Unknown(gap("pods"));
    mesh.istiods = Known::Unknown(gap("deployments"));
    let table = tags(&mesh).unwrap();
    let gaps: Vec<_> = table.gaps.iter().map(|g| g.what.as_str()).collect();
    assert_eq!(gaps, ["services", "deployments", "pods"]);
    let canary = row(&table, Some("canary"), "1-28-1");
    assert!(canary.problems.is_empty(), "{:?}", canary.problems);
    assert!(canary.pods.gap().is_some() && canary.ready.gap().is_some());
    mesh.injectors = Known::Unknown(gap("mutatingwebhookconfigurations"));
    assert_eq!(
        tags(&mesh).unwrap_err().what,
        "mutatingwebhookconfigurations"
    );
}
