use super::*;

/// Written by Envoy 1.40 in Istio's text format, with rules for DENY and ALLOW and some in dry run.
const TEXT: &str = "2026-11-22T01:40:05.611155Z\tdebug\tenvoy rbac source/extensions/filters/http/rbac/rbac_filter.cc:266\tchecking request: requestedServerName: outbound_.8080_._.ledger.payments.svc.cluster.local, sourceIP: 127.0.0.1:59072, directRemoteIP: 127.0.0.1:59072, remoteIP: 127.0.0.1:59072,localAddress: 127.0.0.1:18443, ssl: uriSanPeerCertificate: spiffe://cluster.local/ns/batch/sa/settlement, dnsSanPeerCertificate: , subjectPeerCertificate: , headers: ':authority', '127.0.0.1:18443'
':path', '/ledger?x=1'
':method', 'GET'
':scheme', 'https'
'user-agent', 'curl/7.88.1'
'x-tok', 'it's, 'a''
'x-dup', '1'
'x-dup', '2'
'x-request-id', '24e19bf3-3eec-4d51-b390-10741bdb33d6'
, dynamicMetadata: goo.gle/debugstr  
\tthread=24875";

/// The same in its JSON format.
const JSON: &str = r#"{"level":"debug","time":"2026-11-22T01:40:05.611155Z","scope":"envoy rbac","msg":"checking request: requestedServerName: outbound_.8080_._.ledger.payments.svc.cluster.local, sourceIP: 127.0.0.1:59072, directRemoteIP: 127.0.0.1:59072, remoteIP: 127.0.0.1:59072,localAddress: 127.0.0.1:18443, ssl: uriSanPeerCertificate: spiffe://cluster.local/ns/batch/sa/settlement, dnsSanPeerCertificate: , subjectPeerCertificate: , headers: ':authority', '127.0.0.1:18443'\n':path', '/ledger?x=1'\n':method', 'GET'\n':scheme', 'https'\n'user-agent', 'curl/7.88.1'\n'x-tok', 'it's, 'a''\n'x-dup', '1'\n'x-dup', '2'\n'x-request-id', '24e19bf3-3eec-4d51-b390-10741bdb33d6'\n, dynamicMetadata: goo.gle/debugonly  \n","caller":"source/extensions/filters/http/rbac/rbac_filter.cc:266","thread":24875}"#;

fn checked(record: &str, with: impl FnOnce(&Check<'_>)) {
    let mut room = Vec::new();
    match read(record.as_bytes(), &mut room) {
        Some(Ok(Rbac::Check(check))) => with(&check),
        other => panic!("{other:?}"),
    }
}

fn is(check: &Check<'_>) {
    let entry = &check.entry;
    assert_eq!(entry.time, Some(1_795_311_605_611));
    assert_eq!(
        (entry.method, entry.path),
        (Known::Value(&b"GET"[..]), Known::Value(&b"/ledger?x=1"[..]))
    );
    assert_eq!(entry.host, Known::Value(&b"127.0.0.1:18443"[..]));
    assert_eq!(
        entry.principal,
        Known::Value("spiffe://cluster.local/ns/batch/sa/settlement")
    );
    assert_eq!(entry.direct, "127.0.0.1:59072".parse().ok());
    assert_eq!(entry.local, "127.0.0.1:18443".parse().ok());
    assert!(entry.path_is_matched && !entry.tcp);
    let of = |name: &[u8]| {
        let of = check.headers.iter().filter(|h| h.name == name);
        of.filter_map(|h| h.value.value()).collect::<Vec<_>>()
    };
    assert_eq!(of(b"x-dup"), [b"1", b"2"]);
    assert_eq!(of(b"x-tok"), [b"it's, 'a'"]);
}

#[test]
fn a_request_is_read_with_its_identity_and_all_headers_from_text_and_from_json() {
    checked(TEXT, is);
    checked(JSON, is);
    // As kubectl and container runtimes hand it on, with an access log line of the other stream in between.
    let prefixed: Vec<String> = TEXT
        .lines()
        .map(|line| {
            format!("[pod/ledger-0/istio-proxy] 2026-11-22T01:40:05.700000000Z stderr F {line}")
        })
        .collect();
    let (first, rest) = prefixed.split_first().unwrap();
    let foreign = "2026-11-22T01:40:05.700000000Z stdout F [2026-11-22T01:40:05.610Z] \"GET / HTTP/1.1\" 200 -";
    let mixed = format!("{first}\n{foreign}\n{}", rest.join("\n"));
    checked(&mixed, |check| {
        assert_eq!(check.entry.pod, Some(&b"ledger-0"[..]));
        is(check);
    });
    assert!(opens(first.as_bytes()) && closes(rest.last().unwrap().as_bytes()));
    assert!(is_foreign(foreign.as_bytes()) && !is_foreign(rest[0].as_bytes()));
    // It is the same request for the next filter, which sees what the first one added.
    let next = TEXT.replace("01:40:05.611155Z", "01:40:05.611606Z").replace(
        ", dynamicMetadata: goo.gle/debugstr  \n",
        ", dynamicMetadata: goo.gle/debugstr  \nfilter_metadata {\n  key: \"envoy.filters.http.rbac\"\n}\n",
    );
    assert!(same(TEXT.as_bytes()).is_some());
    assert_eq!(same(TEXT.as_bytes()), same(next.as_bytes()));
    assert_eq!(same(JSON.as_bytes()).unwrap().0, 24875);
    let mut next = next.into_bytes();
    repeat(&mut next);
    assert_eq!(read(&next, &mut Vec::new()), Some(Err(Skip::Repeated)));
    let other = TEXT.replace("24e19bf3", "24e19bf4");
    assert_ne!(same(TEXT.as_bytes()), same(other.as_bytes()));
}

#[test]
fn plain_text_has_no_identity_and_a_connection_no_headers() {
    let plain = "2026-11-22T01:40:05.693171Z\tdebug\tenvoy rbac source/extensions/filters/http/rbac/rbac_filter.cc:266\tchecking request: requestedServerName: , sourceIP: 10.0.0.9:59100, directRemoteIP: 10.0.0.9:59100, remoteIP: 10.1.0.7:0,localAddress: 10.0.0.1:8080, ssl: none, headers: ':authority', 'a'\n':path', '/p'\n':method', 'GET'\n, dynamicMetadata: \tthread=29";
    checked(plain, |check| {
        assert_eq!(check.entry.principal, Known::Absent);
        assert_eq!(check.entry.remote, "10.1.0.7:0".parse().ok());
        assert_eq!(check.entry.sni, Known::Absent);
    });
    let tcp = "2026-11-22T01:40:06.165751Z\tdebug\tenvoy rbac source/extensions/filters/network/rbac/rbac_filter.cc:104\tchecking connection: requestedServerName: a.b, sourceIP: 127.0.0.1:56186, directRemoteIP: 127.0.0.1:56186,remoteIP: 127.0.0.1:56186, localAddress: 127.0.0.1:18444, ssl: uriSanPeerCertificate: , dnsSanPeerCertificate: alice, subjectPeerCertificate: CN=alice, dynamicMetadata: goo.gle/debugstr  \n\tthread=24875";
    checked(tcp, |check| {
        assert!(check.entry.tcp && check.headers.is_empty());
        // Its certificate has a name, and not one of Istio's.
        assert_eq!(check.entry.principal, Known::Unknown);
        assert_eq!(check.entry.sni, Known::Value(&b"a.b"[..]));
    });
}

#[test]
fn what_cannot_be_read_in_one_way_or_lacks_its_end_is_not_read() {
    let without_end = TEXT.split(", dynamicMetadata").next().unwrap();
    for broken in [
        without_end.to_owned(),
        // A server name with what looks like the rest of a line.
        TEXT.replace("outbound_.8080_", "x, sourceIP: 10.0.0.1:1, outbound_"),
        TEXT.replace("':method', 'GET'", "':method' 'GET'"),
    ] {
        let mut room = Vec::new();
        let read = read(broken.as_bytes(), &mut room);
        assert_eq!(read, Some(Err(Skip::Malformed)), "{broken}");
    }
    for other in [
        "2026-11-22T01:40:03.257782Z\twarning\tenvoy main source/server/server.cc:1059\tchecking request: x\tthread=1",
        "2026-11-22T01:40:03.257782Z\tinfo\tsomebody said: envoy rbac",
        "",
        "{}",
        r#"{"scope":"envoy rbac","msg":"checking request: "#,
    ] {
        assert_eq!(read(other.as_bytes(), &mut Vec::new()), None, "{other}");
        assert!(!opens(other.as_bytes()), "{other}");
    }
}

#[test]
fn decisions_name_their_policy_and_whether_they_are_in_dry_run() {
    let rule = Some(Rule {
        namespace: "payments",
        policy: "lockdown-audit",
        index: "0",
    });
    for (said, shadow, denied, rule) in [
        (
            "shadow denied, matched policy ns[payments]-policy[lockdown-audit]-rule[0]",
            true,
            true,
            rule,
        ),
        (
            "enforced denied, matched policy ns[payments]-policy[lockdown-audit]-rule[0]",
            false,
            true,
            rule,
        ),
        ("enforced allowed, matched policy none", false, false, None),
        ("shadow allowed", true, false, None),
    ] {
        let want = Decision {
            shadow,
            denied,
            rule,
        };
        let text = format!(
            "2026-11-22T01:40:05.611247Z\tdebug\tenvoy rbac source/extensions/filters/http/rbac/rbac_filter.cc:176\t{said}\tthread=24875"
        );
        let json = format!(
            r#"{{"level":"debug","time":"2026-11-22T01:40:09.111471Z","scope":"envoy rbac","msg":"{said}","thread":"24967"}}"#
        );
        // As Istio 1.9 wrote it.
        let old = format!("2021-04-23T20:59:11.838529Z\tdebug\tenvoy rbac\t{said}");
        for line in [text, json, old] {
            let mut room = Vec::new();
            let read = read(line.as_bytes(), &mut room);
            assert_eq!(read, Some(Ok(Rbac::Decision(want))), "{line}");
            assert!(!opens(line.as_bytes()), "{line}");
        }
    }
}
