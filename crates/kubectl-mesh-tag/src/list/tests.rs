use mesh_common::{
    mesh::Owner,
    output::{Format, Printer},
};

use super::{
    fixture::{NOW, edited, gap, mesh_of, sample, shown},
    *,
};

mod problems;

fn list(mesh: &Mesh) -> TagList<'_> {
    TagList::of(mesh, &[], None, false).unwrap()
}

fn at(width: Option<usize>) -> Printer {
    Printer::for_test(width, false, false)
}

const DANGLING_80: &str = "
2 namespaces ask for an injector that they do not get
NAMESPACE  WORKLOADS  PODS  WHY
legacy     3          5     namespace label istio-injection=enabled, and there
                            is no default injector
mixed      1          2     both namespace labels: istio-injection=enabled shuts
                            out istio.io/rev=stable, and there is no default
                            injector

    kubectl mesh-tag move legacy mixed --to stable
";

#[test]
fn the_sample_on_80_columns() {
    let mesh = sample();
    let list = list(&mesh);
    let table = "\
TAG     REVISION  VERSION  ISTIODS  NAMESPACES  WORKLOADS  OLD        OWNER  AGE
                                                           PROXIES
canary  1-28-1    1.28.1   1/1      2           10         2          -      3h
stable  1-26-1    1.26.1   1/1      5           11         0          -      3h
-       1-26-1    1.26.1   1/1      1           5          0          -      3h
";
    assert_eq!(
        shown(&list, &at(Some(80)), Format::Table),
        format!("{table}{DANGLING_80}")
    );
    assert_eq!(list.outcome(), Outcome::Done);
}

#[test]
fn wide_has_gateways_webhooks_and_services() {
    let mesh = sample();
    let want = "\
TAG     REVISION  VERSION  ISTIODS  NAMESPACES  WORKLOADS  OLD PROXIES  OWNER  AGE  PODS  GATEWAYS  WEBHOOKS                       SERVICES
canary  1-28-1    1.28.1   1/1      2           10         2            -      3h   21    1         istio-revision-tag-canary      istiod-revision-tag-canary
stable  1-26-1    1.26.1   1/1      5           11         0            -      3h   20    1         istio-revision-tag-stable      -
-       1-26-1    1.26.1   1/1      1           5          0            -      3h   11    0         istio-sidecar-injector-1-26-1  istiod-1-26-1
";
    for width in [Some(200), None] {
        let text = shown(&list(&mesh), &at(width), Format::Wide);
        assert!(text.starts_with(want), "{text}");
    }
}

#[test]
fn the_other_formats() {
    let mesh = sample();
    let list = list(&mesh);
    assert_eq!(shown(&list, &at(None), Format::Name), "canary\nstable\n");
    let markdown = shown(&list, &at(None), Format::Markdown);
    assert!(
        markdown.contains("| stable | 1-26-1 | 1.26.1 | 1/1 | 5 |"),
        "{markdown}"
    );
    assert!(markdown.contains("```sh\nkubectl mesh-tag move legacy mixed --to stable\n```"));
    let json: Value = serde_json::from_str(&shown(&list, &at(None), Format::Json)).unwrap();
    assert_eq!(json["kind"], "TagList");
    assert_eq!(json["outcome"], "done");
    assert_eq!(
        json["rows"][0]["oldPods"],
        serde_json::json!({ "known": 2 })
    );
    assert_eq!(json["dangling"]["known"][0]["namespace"], "legacy");
    let keys: Vec<&str> = json
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(
        keys,
        [
            "apiVersion",
            "dangling",
            "gaps",
            "istioNamespace",
            "kind",
            "now",
            "outcome",
            "overlaps",
            "problems",
            "rows",
            "unfinished",
            "unsure"
        ]
    );
}

#[test]
fn no_istio_is_said() {
    let mesh = mesh_of([]);
    let text = shown(&list(&mesh), &at(Some(80)), Format::Table);
    assert_eq!(
        text,
        "no tags and no revisions: Istio has no injecting webhook here\n"
    );
    assert_eq!(list(&mesh).outcome(), Outcome::Done);
}

#[test]
fn one_tag_alone() {
    let mesh = sample();
    let list = TagList::of(&mesh, &[], Some("canary"), false).unwrap();
    let text = shown(&list, &at(None), Format::Table);
    assert_eq!(text.lines().count(), 2, "{text}");
    assert_eq!(list.names(), ["canary"]);
    // What is not shown is not said to be empty.
    assert_eq!(list.json().unwrap()["dangling"], Value::Null);
}

#[test]
fn a_tag_that_is_not_there() {
    let mesh = sample();
    for (tag, error, hint) in [
        ("nope", "there is no tag nope", "there are canary, stable"),
        (
            "1-26-1",
            "there is no tag 1-26-1",
            "1-26-1 is a revision, behind tag stable",
        ),
        (
            "x\x1b[2Jy",
            "there is no tag xy",
            "there are canary, stable",
        ),
    ] {
        let e = TagList::of(&mesh, &[], Some(tag), false).err().unwrap();
        assert_eq!(
            (e.to_string().as_str(), e.hints()),
            (error, &[hint.to_owned()][..])
        );
        assert_eq!(e.kind(), Kind::User);
    }
    let none = mesh_of([]);
    let e = TagList::of(&none, &[], Some("x"), false).err().unwrap();
    assert_eq!(e.hints(), ["there are no tags at all"]);
}

#[test]
fn what_could_not_be_read_is_no_zero() {
    let mut mesh = sample();
    mesh.services = Known::Unknown(gap("services", Why::Forbidden));
    mesh.workloads = Known::Unknown(gap("pods", Why::Forbidden));
    mesh.gateways = Known::Unknown(gap("gateways", Why::Failed));
    mesh.istiods = Known::Unknown(gap("deployments", Why::NotInArchive));
    let text = shown(&list(&mesh), &at(None), Format::Wide);
    let stable = text.lines().find(|l| l.starts_with("stable")).unwrap();
    let cells: Vec<&str> = stable.split_whitespace().collect();
    assert_eq!(
        cells,
        [
            "stable",
            "1-26-1",
            "?",
            "?",
            "5",
            "?",
            "?",
            "-",
            "3h",
            "?",
            "?",
            "istio-revision-tag-stable",
            "-"
        ]
    );
    assert!(text.contains("legacy     ?          ?"), "{text}");
    let told = "Not known\n\
        ? deployments  may not list deployments\n\
        ? gateways     may not list gateways\n\
        ? pods         may not list pods\n\
        ? services     may not list services\n";
    assert!(text.ends_with(told), "{text}");
    assert_eq!(list(&mesh).outcome(), Outcome::Unknown);
    assert_eq!(list(&mesh).json().unwrap()["outcome"], "unknown");

    mesh.injectors = Known::Unknown(gap("mutatingwebhookconfigurations", Why::Forbidden));
    let e = TagList::of(&mesh, &[], None, false).err().unwrap();
    assert_eq!(e.kind(), Kind::Unknown);
    assert_eq!(
        e.to_string(),
        "which tags there are cannot be told: may not list mutatingwebhookconfigurations"
    );
}

/// Without the CRD there can be no Gateway: that is a zero, and no gap.
#[test]
fn a_kind_that_is_not_served_has_no_objects() {
    let mut mesh = sample();
    mesh.gateways = Known::Unknown(gap("gateways", Why::NotServed));
    let list = list(&mesh);
    assert_eq!(list.outcome(), Outcome::Done);
    let row = list.all.iter().find(|r| r.tag.as_deref() == Some("stable"));
    assert_eq!(cells::len(&row.unwrap().gateways), "0");
}

#[test]
fn match_conditions_leave_it_open_who_injects() {
    let mesh = edited("istio-revision-tag-stable", |o| {
        for webhook in o["webhooks"].as_array_mut().unwrap() {
            webhook["matchConditions"] = serde_json::json!([{ "name": "a", "expression": "true" }]);
        }
    });
    let text = shown(&list(&mesh), &at(None), Format::Table);
    let stable = text.lines().find(|l| l.starts_with("stable")).unwrap();
    assert!(stable.contains("5           ≥0         ≥0"), "{stable}");
    assert!(
        text.contains("? injection  who injects 11 workloads, 20 pods, such as "),
        "{text}"
    );
    assert_eq!(list(&mesh).outcome(), Outcome::Unknown);
    assert_eq!(
        list(&mesh).json().unwrap()["unsure"][0]["tags"][0],
        "stable"
    );
    let ascii = shown(
        &list(&mesh),
        &Printer::for_test(None, true, true),
        Format::Table,
    );
    assert!(ascii.contains(">=0"), "{ascii}");
    assert!(ascii.is_ascii());
}

/// The text of an archive is anybody's: it moves no cursor, breaks out of no quotes and stays bounded.
/// One row, every problem: each has a command.
#[test]
fn owners_and_ages() {
    let mut mesh = sample();
    let Known::Known(injectors) = &mut mesh.injectors else {
        panic!()
    };
    for injector in injectors {
        injector.owner = Owner::Helm {
            release: "istiod".into(),
            namespace: "istio-system".into(),
        };
    }
    let text = shown(&list(&mesh), &at(None), Format::Table);
    assert!(text.contains("Helm istiod  3h"), "{text}");
    let now: jiff::Timestamp = NOW.parse().unwrap();
    for (created, want) in [
        (None, "-"),
        (Some("2026-11-21T08:00:05Z"), "0s"),
        (Some("2026-11-21T07:58:01Z"), "119s"),
        (Some("2026-11-21T06:00:01Z"), "119m"),
        (Some("2026-11-21T06:00:00Z"), "2h"),
        (Some("2026-11-19T08:00:01Z"), "47h"),
        (Some("2026-11-18T07:00:00Z"), "3d"),
        (Some("2024-11-21T08:00:00Z"), "730d"),
    ] {
        let created = created.map(|t| t.parse().unwrap());
        assert_eq!(cells::age(created, now), want);
    }
}
