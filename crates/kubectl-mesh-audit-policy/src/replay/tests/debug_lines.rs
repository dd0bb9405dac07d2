//! What `rbac` debug lines come to: requests that are counted once, and apart from those of an access log.

use super::*;
use crate::replay::{records::Records, run};

/// As Envoy 1.40 writes it: `by` is the thread.
fn check(nth: u32, by: u32, method: &str) -> String {
    format!(
        "2026-11-22T01:40:05.611155Z\tdebug\tenvoy rbac source/extensions/filters/http/rbac/rbac_filter.cc:266\tchecking request: requestedServerName: outbound_.8080_._.web.foo.svc.cluster.local, sourceIP: 10.0.0.9:59072, directRemoteIP: 10.0.0.9:59072, remoteIP: 10.0.0.9:59072,localAddress: 10.0.0.1:8080, ssl: uriSanPeerCertificate: spiffe://cluster.local/ns/batch/sa/settlement, dnsSanPeerCertificate: , subjectPeerCertificate: , headers: ':authority', 'web'\n':path', '/p'\n':method', '{method}'\n'x-team', 'a'\n'x-request-id', '{nth}'\n, dynamicMetadata: goo.gle/debugstr  \n\tthread={by}\n"
    )
}

fn decision(text: &str, by: u32) -> String {
    format!(
        "2026-11-22T01:40:05.611247Z\tdebug\tenvoy rbac source/extensions/filters/http/rbac/rbac_filter.cc:176\t{text}\tthread={by}\n"
    )
}

const LINE: &str = r#"[2026-11-22T01:40:05.610Z] "PUT /p HTTP/1.1" 200 - via_upstream - "-" 0 3 0 0 "-" "ua" "id" "web" "127.0.0.1:8080" inbound|8080|| 127.0.0.6:43568 10.0.0.1:8080 10.0.0.9:57287 outbound_.8080_._.web.foo.svc.cluster.local default
"#;

fn streamed(stage: &Stage, log: &str) -> Summary {
    let (mut tally, mut records) = (Tally::new(stage, None), Records::default());
    for line in log.lines() {
        records.push(line.as_bytes(), |one| tally.line(one));
    }
    records.finish(|one| tally.line(one));
    tally.finish()
}

fn replayed(specs: &[Value], log: &str) -> (Replayed, Summary) {
    let (stage, header) = staged(specs);
    let summary = streamed(&stage, log);
    let part = Part::new(header, None, summary.clone());
    (Replayed::new(part, 0), summary)
}

#[test]
fn a_request_of_two_filters_is_one_and_is_judged_by_identity_and_headers() {
    let rules = json!({"action": "DENY", "rules": [{
        "from": [{"source": {"principals": ["cluster.local/ns/batch/sa/settlement"]}}],
        "when": [{"key": "request.headers[x-team]", "values": ["a"]}],
    }]});
    let log = [
        check(1, 7, "GET"),
        // Another thread, in between.
        check(1, 8, "GET"),
        decision("shadow denied, matched policy ns[foo]-policy[p]-rule[0]", 7),
        decision("enforced allowed, matched policy none", 7),
        check(1, 7, "GET"),
        decision(
            "enforced allowed, matched policy ns[foo]-policy[readers]-rule[1]",
            7,
        ),
    ]
    .concat();
    let (replayed, summary) = replayed(&[rules], &log);
    assert_eq!(accounted(&summary), summary.lines);
    assert_eq!(summary.lines, 6);
    assert_eq!(summary.skipped(Skip::Repeated), 1);
    let body = replayed.body();
    assert_eq!(body["newlyBlocked"], 2, "{body}");
    assert_eq!(body["lines"]["evaluated"], 2, "{body}");
    assert_eq!(body["decided"]["foo/p/0"]["wouldDeny"], 1, "{body}");
    assert_eq!(body["decided"]["foo/readers/1"]["allowed"], 1, "{body}");
    let row = &body["rows"]["newlyBlocked"][0];
    assert_eq!(
        row["source"],
        "spiffe://cluster.local/ns/batch/sa/settlement"
    );
    assert_eq!(row["sourceKnownBy"], "log");
}

#[test]
fn a_request_of_an_access_log_is_not_counted_again_for_its_debug_lines() {
    let put = check(1, 7, "PUT");
    let (first, rest) = put.split_once('\n').unwrap();
    // The access log goes to another stream of the container.
    let log = format!("{first}\n{LINE}{rest}");
    let (replayed, summary) = replayed(&[no_put()], &log);
    assert_eq!(accounted(&summary), summary.lines);
    let body = replayed.body();
    assert_eq!(
        (&body["newlyBlocked"], &body["lines"]["evaluated"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(body["debugLines"]["newlyBlocked"], 1, "{body}");
    // A log that leaves the request out does not hide it.
    let log = put + &LINE.replace("PUT", "GET");
    let (hidden, _) = self::replayed(&[no_put()], &log);
    assert_eq!(hidden.outcome(), mesh_common::Outcome::Refused);
    assert_eq!(hidden.body()["newlyBlocked"], 0);
}

#[test]
fn debug_lines_come_to_the_same_in_blocks_in_shards_and_as_a_stream() {
    let (stage, _) = staged(&[no_put()]);
    let mut log = String::new();
    for nth in 0..12_000 {
        let method = if nth % 3 == 0 { "PUT" } else { "GET" };
        let one = check(nth, nth % 4, method);
        log += &one;
        log += &decision("shadow allowed, matched policy none", nth % 4);
        if nth % 5 == 0 {
            log += &one;
        }
        if nth % 7 == 0 {
            log += LINE;
        }
    }
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("proxy.log");
    fs::write(&file, &log).unwrap();
    let sources = [Source::File(file)];
    let want = streamed(&stage, &log);
    assert_eq!(want.checks.as_ref().unwrap().evaluated(), 12_000);
    for threads in [1, 3] {
        let got = run::judge(&stage, &sources, None, threads).unwrap();
        assert_eq!(got, want, "{threads} threads");
    }
    let shards = (1..=3).map(|index| {
        let shard = Shard { index, of: 3 };
        run::judge(&stage, &sources, Some(shard), 1).unwrap()
    });
    assert_eq!(shards.reduce(Summary::merge).unwrap(), want);
}
