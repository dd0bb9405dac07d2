use mesh_common::{
    check::{Gate, Gates, Verdict},
    journal::{Action, State},
    mesh::{Known, Raw, Why},
    output::{Format, Printer},
};

use super::*;
use crate::list::fixture::{doubled, edited, gap, objects, record, sample, shown};

fn screen(status: &Status<'_>, width: Option<usize>) -> String {
    shown(
        status,
        &Printer::for_test(width, false, false),
        Format::Table,
    )
}

fn status<'a>(mesh: &'a Mesh, tag: &str) -> Status<'a> {
    Status::of(mesh, tag, History::default(), false).unwrap()
}

#[test]
fn stable_on_80_columns() {
    let mesh = sample();
    let want = "\
Tag stable points to 1-26-1
Istiods:      1-26-1 (1.26.1), 1 of 1 ready
Webhook:      istio-revision-tag-stable, for 1-26-1, calls Service
              istiod-1-26-1, made 3h ago
Service:      none
Owner:        nobody that would write it back
Last change:  not known: an archive holds no records

Used by 5 namespaces, 11 workloads, 20 pods
NAMESPACE  WORKLOADS  PODS  OLD PROXIES  BY
payments   5          12    0            its label
platform   2          5     0            its label
edge       1          2     0            its label
batch      3          1     0            its label
mixed      0          0     0            its label, in vain: both namespace
                                         labels: istio-injection=enabled shuts
                                         out istio.io/rev=stable, and there is
                                         no default injector

Gateways that roll when the tag moves: 1
NAMESPACE  GATEWAY  KIND     MADE BY
edge       public   gateway  1-26-1

Old proxies: none
";
    assert_eq!(screen(&status(&mesh, "stable"), Some(80)), want);
    assert_eq!(status(&mesh, "stable").outcome(), Outcome::Done);
}

#[test]
fn canary_has_pods_that_were_not_restarted() {
    let mesh = sample();
    let text = screen(&status(&mesh, "canary"), Some(200));
    let want = "
Old proxies: 2 pods of 1 workload
NAMESPACE  WORKLOAD                PODS  RUNNING          NEXT
staging    deployment/catalog-old  2     1-26-1 (1.26.1)  1-28-1

They change when their pods restart, such as by:
    kubectl -n staging rollout restart deployment/catalog-old
";
    assert!(text.ends_with(want), "{text}");
    assert!(
        text.contains("tools      1          1     0            labels of its pods\n"),
        "{text}"
    );
    let service =
        "Service:      istiod-revision-tag-canary, for 1-28-1, 1 ready endpoint, made 3h ago\n";
    assert!(text.contains(service), "{text}");
}

#[test]
fn a_service_elsewhere_injects_nobody() {
    let mesh = edited("istiod-revision-tag-canary", |o| {
        o["metadata"]["labels"]["istio.io/rev"] = "1-26-1".into();
    });
    let text = screen(&status(&mesh, "canary"), None);
    assert!(
        text.starts_with("Tag canary points to 1-26-1 and 1-28-1\n"),
        "{text}"
    );
    assert!(
        text.contains("Problems (broken: 1)\n× tag canary  two revisions own it"),
        "{text}"
    );
    assert!(
        text.contains("deployment/catalog-old  2     1-26-1 (1.26.1)  1-28-1\n"),
        "{text}"
    );
}

#[test]
fn the_default_tag_has_its_validator() {
    let mesh = doubled(
        "istio-validator-1-26-1-istio-system",
        "istiod-default-validator",
        |o| {
            o["metadata"]["labels"]["istio.io/tag"] = "default".into();
        },
    );
    let all = mesh.validators.get().unwrap();
    assert!(all.iter().any(|v| v.name == "istiod-default-validator"));
    // The tag itself is missing: only its validator is left.
    assert!(Status::of(&mesh, "default", History::default(), false).is_err());
    let mut mesh = mesh;
    if let Known::Known(injectors) = &mut mesh.injectors {
        let stable = injectors
            .iter_mut()
            .find(|i| i.tag.as_deref() == Some("stable"));
        stable.unwrap().tag = Some("default".into());
    }
    let text = screen(&status(&mesh, "default"), None);
    assert!(
        text.contains(
            "Validator:    istiod-default-validator, for 1-26-1, calls Service istiod-1-26-1\n"
        ),
        "{text}"
    );
}

#[test]
fn what_could_not_be_read_is_said_where_it_is_missing() {
    let mut mesh = sample();
    mesh.workloads = Known::Unknown(gap("pods", Why::Forbidden));
    mesh.gateways = Known::Unknown(gap("gateways", Why::Failed));
    mesh.istiods = Known::Unknown(gap("deployments", Why::Forbidden));
    let status = status(&mesh, "stable");
    let text = screen(&status, None);
    for line in [
        "Istiods:      1-26-1 (?), ? ready\n",
        "Used by 5 namespaces, ? workloads, ? pods\n",
        "payments   ?          ?     ?            its label\n",
        "Gateways: not known\nmay not list gateways\n",
        "Old proxies: not known\nmay not list pods\n",
        "? pods         may not list pods\n",
    ] {
        assert!(text.contains(line), "{line} in {text}");
    }
    assert_eq!(status.outcome(), Outcome::Unknown);
}

#[test]
fn the_last_change_and_who_made_it() {
    let mesh = sample();
    let change = |state| Change::of(&record(Action::Promote, Some("stable"), state));
    let cases = [
        (
            History {
                live: true,
                ..History::default()
            },
            "none by this suite",
            Outcome::Done,
        ),
        (
            History {
                live: true,
                last: Some(change(State::RolledBack)),
                ..History::default()
            },
            "promote stable 1-26-1 -> 1-28-1 by jane, 2026-11-21 06:15 UTC: rolled back (record \
             20261121-061502-promote-stable-4f2a)",
            Outcome::Done,
        ),
        (
            History {
                live: true,
                unreadable: vec!["may not list configmaps".into()],
                ..History::default()
            },
            "not known: the records cannot be read",
            Outcome::Unknown,
        ),
    ];
    for (history, want, outcome) in cases {
        let status = Status::of(&mesh, "stable", history, false).unwrap();
        let text = screen(&status, None);
        assert!(text.contains(&format!("Last change:  {want}\n")), "{text}");
        assert_eq!(status.outcome(), outcome);
    }
    let unfinished = History {
        live: true,
        last: Some(change(State::Started)),
        unfinished: vec![change(State::Started)],
        ..History::default()
    };
    let status = Status::of(&mesh, "stable", unfinished, false).unwrap();
    assert!(screen(&status, None).starts_with("Unfinished: a command was interrupted"));
    assert_eq!(status.json().unwrap()["unfinished"][0]["user"], "jane");
}

#[test]
fn the_promotion_in_sight() {
    let mesh = sample();
    let raw = Raw::of(objects().iter().cloned());
    let wiring = mesh.wiring().unwrap();
    let gates = ahead::judge(&mesh, &wiring, &raw, "stable", &["1-26-1".into()], "1-28-1").unwrap();
    let mut status = status(&mesh, "stable");
    status.ahead = ahead::of("1-28-1".into(), gates);
    let text = screen(&status, None);
    let (_, promotion) = text
        .split_once("\nPromotion to 1-28-1, the revision behind tag canary\n")
        .unwrap();
    let names: Vec<&str> = promotion
        .lines()
        .map(|l| l.split("  ").next().unwrap().trim())
        .collect();
    assert_eq!(
        names,
        [
            "× ready",
            "✓ same mesh",
            "✓ overlap",
            "✓ skew",
            "✓ way back",
            "× bake",
            "‼ high availability",
            "✓ memory",
            "? image",
            "– not judged here",
            "",
        ],
        "{promotion}"
    );
    assert!(promotion.contains("– not judged here    parity, serves, drift, traffic, backup\n"));
    assert!(
        promotion.ends_with("    kubectl mesh-tag promote stable --dry-run\n"),
        "{promotion}"
    );

    status.ahead = Ahead::Unknown {
        revision: "1-28-1".into(),
        reason: "no version".into(),
    };
    assert!(screen(&status, None).contains("? gates  no version\n"));
}

/// A gate that istioctl or the API server must answer is never shown as judged, whatever it says.
#[test]
fn gates_of_promote_alone_are_named_and_not_judged() {
    let gate = |id, title, verdict| Gate {
        id,
        title,
        required: true,
        verdict,
        summary: String::new(),
        evidence: Vec::new(),
        hint: None,
        pass: None,
        waived: None,
    };
    let gates = vec![
        gate("parity", "parity", Verdict::Unknown),
        gate("ready", "ready", Verdict::Open),
        gate("serves", "serves", Verdict::Closed),
        gate("drift", "drift", Verdict::NotEvaluated),
    ];
    let findings = Vec::new();
    let Ahead::Revision {
        gates, not_judged, ..
    } = ahead::of("r".into(), Gates { gates, findings })
    else {
        panic!();
    };
    assert_eq!(gates.gates.len(), 1);
    assert_eq!(not_judged, ["parity", "serves", "drift"]);
}

#[test]
fn json_and_names() {
    let mesh = sample();
    let json = status(&mesh, "canary").json().unwrap();
    assert_eq!(json["kind"], "TagStatus");
    assert_eq!(json["tag"]["tag"], "canary");
    assert_eq!(json["promotion"]["candidate"], "nothing");
    assert_eq!(
        json["objects"][1]["object"],
        "service/istiod-revision-tag-canary"
    );
    assert_eq!(json["users"]["namespaces"]["known"][2]["labelled"], false);
    let names = status(&mesh, "canary").names();
    assert_eq!(
        names,
        [
            "mutatingwebhookconfiguration/istio-revision-tag-canary",
            "service/istiod-revision-tag-canary"
        ]
    );
}

#[test]
fn without_services_the_promotion_in_sight_is_unknown_not_absent() {
    let mut mesh = sample();
    mesh.services = Known::Unknown(gap("services", Why::Forbidden));
    let mut status = status(&mesh, "stable");
    status.ahead = ahead::look(&mesh, "stable", &["1-26-1".into()]);
    assert!(
        matches!(&status.ahead, Ahead::Unknown { revision, reason }
            if revision == "1-28-1" && reason.contains("services")),
        "{:?}",
        status.ahead
    );
    let text = screen(&status, None);
    assert!(text.contains("Tag stable points to 1-26-1"), "{text}");
    assert!(text.contains("? services"), "{text}");
    assert_eq!(status.outcome(), Outcome::Unknown);
    let json = status.json().unwrap();
    assert_eq!(json["promotion"]["candidate"], "unknown");
}

#[test]
fn gates_and_findings_of_the_promotion_are_not_nested() {
    let mesh = sample();
    let mut status = status(&mesh, "stable");
    status.ahead = ahead::look(&mesh, "stable", &["1-26-1".into()]);
    let json = status.json().unwrap();
    let promotion = &json["promotion"];
    assert_eq!(promotion["candidate"], "revision");
    assert_eq!(promotion["gates"][0]["id"], "ready");
    assert!(promotion["findings"].is_array(), "{promotion}");
}

#[test]
fn a_record_whose_names_are_commands_is_quoted_in_what_is_pasted() {
    let mut record = record(Action::Promote, Some("x; reboot"), State::Started);
    assert_eq!(
        crate::session::way_back(&record),
        "kubectl mesh-tag rollback 'x; reboot' --to-record 20261121-061502-promote-stable-4f2a"
    );
    record.tag = None;
    record.id = "$(id)".into();
    assert_eq!(
        crate::session::way_back(&record),
        "kubectl mesh-tag move --undo --to-record '$(id)'"
    );
}
