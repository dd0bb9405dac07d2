mod debug_lines;

use std::{fs, io::Write as _, path::Path};

use proptest::prelude::*;
use serde_json::{Value, json};

use super::header::Header;
use super::{
    blocks::{Shard, Source},
    part::Part,
    proposed::{Compared, Proposal},
    report::Replayed,
    setup::{self, Typed},
    stage::Stage,
    summary::{Class, Summary},
    tally::Tally,
};
use crate::{
    AuthorizationPolicy, Verdict, Version, compile,
    logs::{Format, LINE_MAX, Scratch, Skip},
};

fn policy(spec: &Value) -> AuthorizationPolicy {
    AuthorizationPolicy::from_value(&json!({
        "apiVersion": "security.istio.io/v1", "kind": "AuthorizationPolicy",
        "metadata": {"name": "p", "namespace": "foo"}, "spec": spec,
    }))
    .unwrap()
}

fn staged(specs: &[Value]) -> (Stage, Header) {
    let context = setup::context(
        "foo",
        [].into(),
        Version::new(28, 1),
        "cluster.local",
        "istio-system",
    );
    let mut compared = Compared::default();
    compared.policies.proposed = specs.iter().map(policy).collect();
    compared.proposals.push(Proposal {
        namespace: "foo".into(),
        name: "p".into(),
        action: "DENY".into(),
        change: "new".into(),
        digest: "sha256:0".into(),
    });
    setup::offline(
        context,
        "foo/web".into(),
        compared,
        Typed {
            whole: true,
            ..Typed::default()
        },
    )
}

fn no_put() -> Value {
    json!({"action": "DENY", "rules": [{"to": [{"operation": {"methods": ["PUT"]}}]}]})
}

fn tallied(stage: &Stage, bytes: &[u8]) -> Summary {
    let mut tally = Tally::new(stage, None);
    for line in bytes.split(|byte| *byte == b'\n') {
        tally.line(line);
    }
    tally.finish()
}

fn data(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/data/authz-corpus")
        .join(name)
}

fn accounted(summary: &Summary) -> u64 {
    summary.evaluated() + summary.skipped.values().sum::<u64>()
}

/// What a line has is never another verdict than the recorded one; what it lacks makes it unknown.
#[test]
#[allow(clippy::print_stdout, reason = "the counts are what this test shows")]
fn lines_of_the_corpus_are_judged_as_they_were_or_not_at_all() {
    let packed = fs::read(data("cases.jsonl.zst")).unwrap();
    let cases = String::from_utf8(zstd::decode_all(packed.as_slice()).unwrap()).unwrap();
    let cases: std::collections::HashMap<String, Value> = cases
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .map(|case| (case["id"].as_str().unwrap().to_owned(), case))
        .collect();
    let expected = fs::read_to_string(data("access-log.expect.jsonl")).unwrap();
    for file in ["access-log.txt", "access-log.json"] {
        let log = fs::read_to_string(data(file)).unwrap();
        let (mut agree, mut unknown) = (0, 0);
        for (line, expect) in log.lines().zip(expected.lines()) {
            let expect: Value = serde_json::from_str(expect).unwrap();
            let case = &cases[expect["case"].as_str().unwrap()];
            let policies: Vec<AuthorizationPolicy> = case["policies"]
                .as_array()
                .unwrap()
                .iter()
                .map(|policy| AuthorizationPolicy::from_value(policy).unwrap())
                .collect();
            let mut scratch = Scratch::default();
            let entry = Format::default()
                .read(line.as_bytes(), &mut scratch)
                .unwrap();
            let text = |pointer: &str| case.pointer(pointer).and_then(Value::as_str);
            let labels = case["workload"]["labels"]
                .as_object()
                .unwrap()
                .iter()
                .map(|(key, value)| (key.clone(), value.as_str().unwrap().to_owned()))
                .collect();
            let mut context = setup::context(
                text("/workload/namespace").unwrap(),
                labels,
                Version::new(28, 1),
                text("/mesh/trustDomain").unwrap_or("cluster.local"),
                text("/mesh/rootNamespace").unwrap_or("istio-system"),
            );
            let some = |name: &str| {
                case["mesh"][name]
                    .as_array()
                    .is_some_and(|list| !list.is_empty())
            };
            if some("extensionProviders") || some("trustDomainAliases") {
                // Of no interest here, and the engine's own test has them.
                continue;
            }
            if entry.tcp {
                context.workload.protocol = compile::Protocol::Tcp;
            }
            let refused = entry.recorded == crate::logs::Recorded::Refused;
            let compiled = compile(&policies, &context);
            let verdict = compiled
                .evaluate(&entry.request(true, crate::Known::Unknown))
                .verdict;
            match verdict {
                Verdict::Unknown(_) => unknown += 1,
                known => {
                    assert_eq!(
                        known == Verdict::Deny,
                        expect["verdict"] == "deny",
                        "{line}"
                    );
                    agree += 1;
                }
            }
            assert_eq!(refused, expect["verdict"] == "deny", "{line}");
        }
        println!("{file}: {agree} agree, {unknown} unknown");
        assert!(agree > 1_000, "{agree}");
    }
}

#[test]
fn threads_shards_and_encodings_come_to_the_same() {
    let (stage, header) = staged(&[no_put()]);
    let dir = tempfile::tempdir().unwrap();
    let text = fs::read(data("access-log.txt")).unwrap();
    let big = dir.path().join("big.txt");
    let mut file = fs::File::create(&big).unwrap();
    for _ in 0..30 {
        file.write_all(&text).unwrap();
    }
    let sources = [Source::File(big), Source::File(data("access-log.txt"))];
    let whole = super::run::judge(&stage, &sources, None, 1).unwrap();
    assert_eq!(whole.lines, 62_000);
    assert_eq!(accounted(&whole), whole.lines);
    for threads in [2, 5] {
        assert_eq!(
            super::run::judge(&stage, &sources, None, threads).unwrap(),
            whole,
            "{threads}"
        );
    }
    let part = |index| {
        let shard = Shard { index, of: 4 };
        let summary = super::run::judge(&stage, &sources, Some(shard), 2).unwrap();
        Part::new(header.clone(), Some(shard), summary)
    };
    let mut parts: Vec<Part> = (1..=4).map(part).collect();
    assert!(parts.iter().filter(|part| part.summary.lines > 0).count() > 1);
    parts.rotate_left(2);
    let merged = parts
        .into_iter()
        .reduce(|a, b| a.merge(b).unwrap())
        .unwrap();
    assert_eq!(merged.summary, whole);
    assert!(merged.missing().is_empty());
}

#[test]
fn the_corpus_in_json_comes_to_the_same_requests() {
    let (stage, _) = staged(&[no_put()]);
    let sums = ["access-log.txt", "access-log.json"].map(|name| {
        let summary = tallied(&stage, &fs::read(data(name)).unwrap());
        (
            summary.classes.clone(),
            summary.rows,
            summary.first,
            summary.last,
        )
    });
    let [text, json] = sums;
    assert_eq!(text, json);
}

#[test]
fn a_missing_or_repeated_part_is_noticed() {
    let (stage, header) = staged(&[no_put()]);
    let part = |index| {
        Part::new(
            header.clone(),
            Some(Shard { index, of: 2 }),
            tallied(&stage, b""),
        )
    };
    let one = Replayed::new(part(1), 0);
    assert!(
        one.doubts()
            .iter()
            .any(|doubt| doubt.contains("1 part of 2")),
        "{:?}",
        one.doubts()
    );
    assert!(part(1).merge(part(1)).unwrap_err().contains("shard 1"));
    let mut other = part(2);
    other.header.configuration = "sha256:other".into();
    assert!(part(1).merge(other).unwrap_err().contains("other policies"));
}

const LINE: &str = r#"[2026-11-21T04:27:42.210Z] "PUT /a/{}?secret=1 HTTP/1.1" 200 - via_upstream - "-" 0 3 0 0 "-" "ua" "id" "web" "127.0.0.1:8080" inbound|8080|| 127.0.0.6:43568 10.244.1.3:8080 10.244.0.9:57287 outbound_.8080_._.web.shop.svc.cluster.local default"#;

#[test]
fn rows_are_bounded_and_what_is_beyond_is_counted() {
    let (stage, _) = staged(&[no_put()]);
    let words = |n: u32| -> String {
        n.to_string()
            .bytes()
            .map(|b| char::from(b - b'0' + b'a'))
            .collect()
    };
    let log: String = (0..5_000)
        .map(|n| LINE.replace("{}", &words(n)) + "\n")
        .collect();
    let summary = tallied(&stage, log.trim_end().as_bytes());
    assert_eq!(summary.class(Class::NewlyBlocked), 5_000);
    assert_eq!(
        summary.of(Class::NewlyBlocked).len(),
        Class::NewlyBlocked.most()
    );
    assert_eq!(
        summary.others(Class::NewlyBlocked),
        5_000 - Class::NewlyBlocked.most() as u64
    );
}

#[test]
fn nothing_of_a_caller_reaches_the_screen_raw() {
    let (stage, header) = staged(&[no_put()]);
    let line = LINE.replace(
        "{}",
        "\u{1b}[2J\u{1b}]0;owned\u{7}<script>alert(1)</script>\u{202e}",
    );
    let mut bytes = line.into_bytes();
    bytes.extend_from_slice(b"\n");
    bytes.extend_from_slice(
        &LINE
            .replace("{}", "x")
            .into_bytes()
            .iter()
            .map(|b| if *b == b'x' { 0xff } else { *b })
            .collect::<Vec<_>>(),
    );
    let summary = tallied(&stage, &bytes);
    assert_eq!(summary.class(Class::NewlyBlocked), 2);
    let replayed = Replayed::new(Part::new(header, None, summary), 0);
    let printer = mesh_common::output::Printer::for_test(Some(200), true, false);
    for output in [
        mesh_common::output::Format::Wide,
        mesh_common::output::Format::Json,
    ] {
        let args = mesh_common::output::OutputArgs { output, full: true };
        printer.print(&args, &replayed).unwrap();
    }
    let (out, _) = printer.captured();
    assert!(
        !out.contains("\u{1b}[2J") && !out.contains('\u{7}') && !out.contains('\u{202e}'),
        "{out}"
    );
    assert!(
        !out.contains("secret"),
        "a query is no part of what is shown: {out}"
    );
}

/// A gateway's requests go on, and whether its peer is its client is not told.
#[test]
fn what_a_gateway_sends_on_came_in() {
    let blocks = json!({"action": "DENY", "rules": [{"from": [{"source": {"ipBlocks": ["10.244.0.0/16"]}}]}]});
    let line = LINE.replace(
        "inbound|8080||",
        "outbound|8080||web.shop.svc.cluster.local",
    );
    let (mut stage, _) = staged(&[blocks]);
    assert_eq!(tallied(&stage, line.as_bytes()).skipped(Skip::Outbound), 1);
    stage.subjects[0].gateway = true;
    assert_eq!(tallied(&stage, line.as_bytes()).class(Class::Unknown), 1);
    stage.subjects[0].gateway = false;
    assert_eq!(
        tallied(&stage, LINE.as_bytes()).class(Class::NewlyBlocked),
        1
    );
}

#[test]
fn policies_of_a_thousand_rules_judge() {
    let rules: Vec<Value> = (0..1_000)
        .map(|n| json!({"to": [{"operation": {"paths": [format!("/r{n}/*"), format!("*/s{n}")]}}]}))
        .collect();
    let (stage, _) = staged(&[json!({"action": "DENY", "rules": rules})]);
    let summary = tallied(&stage, LINE.replace("/a/{}", "/r999/x").as_bytes());
    assert_eq!(summary.class(Class::NewlyBlocked), 1);
    assert_eq!(summary.rows.first().unwrap().by, "foo/p/999");
}

#[test]
fn clocks_that_jump_take_no_memory_and_no_hour_away() {
    let (stage, header) = staged(&[no_put()]);
    let log: String = (0..20_000_i64)
        .map(|n| {
            let at = jiff::Timestamp::from_second(n * 3600 * 7).unwrap();
            LINE.replace("2026-11-21T04:27:42.210Z", &at.to_string()) + "\n"
        })
        .collect();
    let summary = tallied(&stage, log.trim_end().as_bytes());
    assert!(summary.hours.len() < 10_000);
    assert_eq!(summary.evaluated(), 20_000);
    assert!(
        Replayed::new(Part::new(header, None, summary), 0)
            .coverage()
            .starts_with("1970-01-01T00:00:00Z")
    );
}

#[test]
fn a_line_that_is_too_long_is_counted() {
    let (stage, _) = staged(&[no_put()]);
    let line = LINE.replace("{}", &"y".repeat(LINE_MAX));
    let summary = tallied(&stage, line.as_bytes());
    assert_eq!(summary.skipped(Skip::TooLong), 1);
    assert_eq!(summary.lost(), 1);
}

fn lines() -> impl Strategy<Value = Vec<u8>> {
    let line = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..60),
        (0_u8..20, 0_u8..3).prop_map(|(path, method)| {
            let method = ["PUT", "GET", "\u{e9}"][usize::from(method)];
            LINE.replace("{}", &"p".repeat(usize::from(path)))
                .replace("PUT", method)
                .into_bytes()
        }),
        Just(LINE.replace("inbound|", "outbound|").into_bytes()),
    ];
    proptest::collection::vec(line, 0..60).prop_map(|lines| lines.join(&b'\n'))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Any bytes: nothing panics, and every line is accounted for.
    #[test]
    fn every_line_is_counted_once(bytes in lines()) {
        let (stage, _) = staged(&[no_put()]);
        let summary = tallied(&stage, &bytes);
        let count = bytes.split(|byte| *byte == b'\n').count() as u64;
        prop_assert_eq!(summary.lines, count);
        prop_assert_eq!(accounted(&summary), count);
    }

    /// Parts come together to the same bytes in any order.
    #[test]
    fn parts_merge_in_any_order(a in lines(), b in lines(), c in lines()) {
        let (stage, _) = staged(&[no_put()]);
        let [x, y, z] = [&a, &b, &c].map(|bytes| tallied(&stage, bytes));
        let left = x.clone().merge(y.clone()).merge(z.clone());
        let right = z.merge(y.merge(x));
        prop_assert_eq!(serde_json::to_vec(&left).unwrap(), serde_json::to_vec(&right).unwrap());
        let all = tallied(&stage, &[a, b, c].join(&b'\n'));
        prop_assert_eq!(left, all);
    }
}
