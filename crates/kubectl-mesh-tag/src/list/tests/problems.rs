//! What is wrong, told with what mends it.

use mesh_common::{
    journal::{Action, State},
    mesh::tags::{Problem, ProblemKind},
};

use super::*;
use crate::list::fixture::{doubled, record};

#[test]
fn a_tag_of_two_revisions_and_one_that_is_left_over() {
    let moved = edited("istiod-revision-tag-canary", |o| {
        o["metadata"]["labels"]["istio.io/rev"] = "1-26-1".into();
    });
    let text = shown(
        &list(&moved),
        &Printer::for_test(Some(80), true, true),
        Format::Table,
    );
    assert!(text.contains("canary*  1-26-1,   1.26.1,"), "{text}");
    let want = "\x1b[1mProblems (broken: 1)\x1b[0m
\x1b[1m\x1b[31mx\x1b[0m  tag canary  two revisions own it: by webhook 1-28-1, by Service 1-26-1
    kubectl mesh-tag promote canary --to 1-28-1
";
    assert!(text.contains(want), "{text}");
    let over = doubled(
        "istiod-revision-tag-canary",
        "istiod-revision-tag-spare",
        |o| {
            o["metadata"]["labels"]["istio.io/tag"] = "spare".into();
        },
    );
    let text = shown(&list(&over), &at(None), Format::Table);
    let want = "× tag spare  only Service istiod-revision-tag-spare is left of it: it injects nobody \
        (an istioctl before 1.28 leaves it behind)\n    kubectl mesh-tag remove spare\n";
    assert!(text.contains(want), "{text}");
}

#[test]
fn an_overlap_says_whom_it_hits() {
    let mesh = doubled("istio-revision-tag-stable", "other-hook", |o| {
        o["metadata"]["labels"]["istio.io/tag"] = "other".into();
        o["metadata"]["labels"]["istio.io/rev"] = "1-28-1".into();
    });
    let text = shown(&list(&mesh), &at(None), Format::Table);
    let want = "× overlap  istio-revision-tag-stable/rev.namespace.sidecar-injector.istio.io and \
        other-hook/rev.namespace.sidecar-injector.istio.io take the same pods: pods without labels in \
        namespaces with istio.io/rev=stable; 11 workloads, 20 pods, such as ";
    assert!(text.contains(want), "{text}");
    // Of another tag's list it is no part.
    let canary = TagList::of(&mesh, &[], Some("canary"), false).unwrap();
    assert!(!shown(&canary, &at(None), Format::Table).contains("overlap"));
}

#[test]
fn hostile_names() {
    let evil = format!("e'vil; rm -rf ~ \x1b[2J\u{202e}{}", "x".repeat(200));
    let mesh = edited("istio-revision-tag-canary", |o| {
        o["metadata"]["labels"]["istio.io/tag"] = evil.clone().into();
        o["webhooks"][0]["clientConfig"]["caBundle"] = "".into();
    });
    for output in [
        Format::Table,
        Format::Wide,
        Format::Markdown,
        Format::Name,
        Format::Json,
    ] {
        for width in [Some(80), None] {
            let text = shown(&list(&mesh), &at(width), output);
            let bad = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
            assert!(!text.contains(bad), "{output:?}: {text:?}");
        }
    }
    let text = shown(&list(&mesh), &at(None), Format::Table);
    let command = text.lines().find(|l| l.contains("promote")).unwrap();
    let quoted = format!(
        r"    kubectl mesh-tag promote 'e'\''vil; rm -rf ~ {}' --to 1-28-1",
        "x".repeat(200)
    );
    assert_eq!(command, quoted);
}

#[test]
fn every_problem_has_a_command() {
    use ProblemKind::*;
    let mesh = sample();
    let table = tags::tags(&mesh).unwrap();
    let row = |tag: Option<&str>| table.rows.iter().find(|r| r.tag.as_deref() == tag).unwrap();
    let promote = "kubectl mesh-tag promote stable --to 1-26-1";
    let pods = "kubectl -n istio-system get pods -l app=istiod -L istio.io/rev";
    let logs = "kubectl -n istio-system logs -l app=istiod,istio.io/rev=1-26-1 --tail=50";
    let validators = "kubectl get validatingwebhookconfigurations -L istio.io/rev,istio.io/tag";
    for (kind, of_tag, of_revision) in [
        (WebhookOnly, promote, mend::INJECTORS),
        (
            ServiceOnly,
            "kubectl mesh-tag remove stable",
            mend::INJECTORS,
        ),
        (TwoRevisions, promote, mend::INJECTORS),
        (TwoWebhooks, mend::INJECTORS, mend::INJECTORS),
        (
            ShadowsRevision,
            "kubectl mesh-tag remove stable",
            mend::INJECTORS,
        ),
        (
            NoIstiod,
            "kubectl mesh-tag promote stable --to 1-28-1",
            pods,
        ),
        (NotReady, pods, pods),
        (NoInjector, mend::INJECTORS, mend::INJECTORS),
        (CaMissing, promote, logs),
        (CaNotPem, promote, logs),
        (CaDiffers, promote, mend::INJECTORS),
        (TargetMissing, promote, mend::INJECTORS),
        (TargetNotReady, pods, pods),
        (TargetElsewhere, promote, mend::INJECTORS),
        (
            Deactivated,
            "kubectl mesh-tag history stable",
            "kubectl mesh-tag history default",
        ),
        (TwoDefaultValidators, validators, mend::INJECTORS),
        (ValidatorElsewhere, validators, mend::INJECTORS),
    ] {
        let problem = Problem {
            kind,
            broken: true,
            text: String::new(),
            object: None,
        };
        let command = |tag| mend::of_row(&mesh, row(tag), &problem, &table.rows);
        assert_eq!(command(Some("stable")), of_tag, "{kind:?}");
        assert_eq!(command(None), of_revision, "{kind:?}");
    }
    // A bundle that the revision itself lacks cannot be taken from it.
    let mesh = edited("istio-sidecar-injector-1-26-1", |o| {
        o["webhooks"][0]["clientConfig"]["caBundle"] = "".into();
    });
    let problem = Problem {
        kind: CaMissing,
        broken: true,
        text: String::new(),
        object: None,
    };
    assert_eq!(
        mend::of_row(&mesh, row(Some("stable")), &problem, &table.rows),
        logs
    );
}

#[test]
fn ten_problems_are_shown_unless_all_are_asked_for() {
    let mut mesh = sample();
    let Known::Known(injectors) = &mut mesh.injectors else {
        panic!()
    };
    let tag = injectors
        .iter()
        .find(|i| i.tag.as_deref() == Some("stable"))
        .unwrap()
        .clone();
    for n in 0..14 {
        let mut twin = tag.clone();
        twin.tag = Some(format!("tag-{n:02}"));
        twin.name = format!("hook-{n:02}");
        twin.webhooks[0].ca_bundle = None;
        twin.webhooks.truncate(1);
        twin.webhooks[0].on_pod_create = false;
        injectors.push(twin);
    }
    for (full, lines, more) in [(false, 10, true), (true, 14, false)] {
        let list = TagList::of(&mesh, &[], None, full).unwrap();
        let text = shown(&list, &at(None), Format::Table);
        assert_eq!(text.matches("has no CA bundle").count(), lines, "{text}");
        assert_eq!(text.contains("… and 4 more (--full shows all)"), more);
    }
}

#[test]
fn an_interrupted_command_is_shouted() {
    let mesh = sample();
    let mut unfinished = record(Action::Promote, Some("st able"), State::Started);
    unfinished.user = "jane\x1b[2J".into();
    let stored = |record| Stored {
        config_map: "kubectl-mesh-op-x".into(),
        record,
        resource_version: "1".into(),
    };
    let records = [
        stored(record(Action::Promote, Some("stable"), State::Done)),
        stored(unfinished),
    ];
    let list = TagList::of(&mesh, &records, None, false).unwrap();
    let text = shown(&list, &at(None), Format::Table);
    let want = "\
Unfinished: a command was interrupted, or is still at work
× promote st able 1-26-1 -> 1-28-1  begun 2026-11-21 06:15 UTC by jane

Finish it, or take it back:
    kubectl mesh-tag resume
    kubectl mesh-tag rollback 'st able' --to-record 20261121-061502-promote-stable-4f2a

TAG ";
    assert!(text.starts_with(want), "{text}");
    assert_eq!(list.json().unwrap()["unfinished"][0]["state"], "started");
}
