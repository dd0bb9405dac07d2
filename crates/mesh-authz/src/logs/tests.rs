use std::net::SocketAddr;

use proptest::prelude::*;

use super::*;
use crate::request::Known;

const LINE: &str = r#"[2026-11-21T04:27:42.210Z] "PUT /a?b=c HTTP/1.1" 200 - via_upstream - "-" 0 3 0 0 "-" "curl/8.5.0" "746b" "web.shop:8080" "127.0.0.1:8080" inbound|8080|| 127.0.0.6:43568 10.244.1.3:8080 10.244.0.9:57287 outbound_.8080_._.web.shop.svc.cluster.local default"#;

fn text(known: Known<&[u8]>) -> String {
    match known {
        Known::Value(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        Known::Absent => "(none)".into(),
        Known::Unknown => "(unknown)".into(),
    }
}

fn shown(line: &[u8]) -> Result<String, Skip> {
    let mut scratch = Scratch::default();
    let entry = Format::default().read(line, &mut scratch)?;
    let [agent, forwarded, id] = entry.headers.map(|header| text(header.value));
    Ok(format!(
        "{} {} {} {} sni={} ua={agent} xff={forwarded} id={id} {:?} {:?} {:?}",
        if entry.tcp { "tcp" } else { "http" },
        text(entry.method),
        text(entry.path),
        text(entry.host),
        text(entry.sni),
        entry.recorded,
        entry.remote.map(|a| a.to_string()),
        entry.local.map(|a| a.to_string()),
    ))
}

#[test]
fn a_line_says_what_is_on_it() {
    assert_eq!(
        shown(LINE.as_bytes()).unwrap(),
        "http PUT /a?b=c web.shop:8080 sni=outbound_.8080_._.web.shop.svc.cluster.local ua=curl/8.5.0 xff=(unknown) \
         id=746b Passed Some(\"10.244.0.9:57287\") Some(\"10.244.1.3:8080\")"
    );
}

#[test]
fn lines_that_do_not_count_say_why() {
    let cluster = |name: &str| LINE.replace("inbound|8080||", name);
    for (line, want) in [
        (String::new(), Skip::Blank),
        ("\r".into(), Skip::Blank),
        (
            "2026-11-21T04:27:42.210123Z\tinfo\tEnvoy proxy is ready".into(),
            Skip::Other,
        ),
        (
            "[2026-11-21 04:27:42.210][25][warning][config] gRPC config".into(),
            Skip::Other,
        ),
        ("[Envoy (Epoch 0)] [2026]".into(), Skip::Other),
        (r#"{"level":"info","msg":"ready"}"#.into(), Skip::Other),
        ("{}".into(), Skip::Other),
        (cluster("PassthroughCluster"), Skip::Passthrough),
        (cluster("BlackHoleCluster"), Skip::BlackHole),
        (cluster("agent"), Skip::Internal),
        (cluster("-"), Skip::BeforePolicies),
        (cluster("something_else"), Skip::Malformed),
        (
            LINE.replace("via_upstream", "jwt_authn_access_denied{Jwt_is_expired}"),
            Skip::BeforePolicies,
        ),
        (LINE.replace("PUT /a", "PUT /a b"), Skip::Malformed),
        (LINE.replace(" 200 ", " abc "), Skip::Malformed),
        (
            format!("2026-11-21T04:27:42.210123456Z stdout P {LINE}"),
            Skip::Part,
        ),
        (LINE.split_at(200).0.to_owned(), Skip::Malformed),
    ] {
        assert_eq!(shown(line.as_bytes()), Err(want), "{line}");
    }
}

/// A caller may write quotes into three headers. What stands behind them is still what the proxy wrote.
#[test]
fn a_user_agent_cannot_forge_the_rest_of_its_line() {
    let forged =
        r#"x" "id" "other.host" "1.1.1.1:1" inbound|1|| 9.9.9.9:9 9.9.9.9:9 9.9.9.9:9 sni default"#;
    let line = LINE.replace("curl/8.5.0", forged);
    let shown = shown(line.as_bytes()).unwrap();
    assert!(shown.contains("/a?b=c web.shop:8080 "), "{shown}");
    assert!(
        shown.contains("Some(\"10.244.0.9:57287\") Some(\"10.244.1.3:8080\")"),
        "{shown}"
    );
    assert!(
        shown.contains("ua=(unknown) xff=(unknown) id=(unknown)"),
        "{shown}"
    );
}

#[test]
fn a_server_name_that_looks_like_the_end_of_a_line_is_not_read() {
    let forged = r#"a" "b" inbound|1|| 9.9.9.9:9 9.9.9.9:9 9.9.9.9:9 sni"#;
    let line = LINE.replace("outbound_.8080_._.web.shop.svc.cluster.local", forged);
    assert_eq!(shown(line.as_bytes()), Err(Skip::Malformed));
}

#[test]
fn a_caller_out_of_x_forwarded_for_is_no_peer() {
    let line = LINE.replace("10.244.0.9:57287", "203.0.113.9:0");
    let mut scratch = Scratch::default();
    let entry = Format::default()
        .read(line.as_bytes(), &mut scratch)
        .unwrap();
    let request = entry.request(true, Known::Unknown);
    assert_eq!(
        request.remote_ip,
        Known::Value("203.0.113.9".parse().unwrap())
    );
    assert_eq!(request.source_ip, Known::Unknown);
    assert_eq!(entry.request(false, Known::Unknown).path, Known::Unknown);
}

#[test]
fn json_fields_are_found_where_they_were_moved() {
    let line = br#" {"when":"2026-11-21T04:27:42Z","verb":"GET","url":"\/caf\u00e9\ud83d\ude00","who":"spiffe://td/ns/a/sa/b","up":"inbound|80||","n":{"a":["}",{}]},"x":1.5e3,"to":"[fd00::1]:80","from":"10.0.0.1:5","proto":"HTTP/2","host":null}"#;
    let mapping = Mapping::parse([
        "start_time=when,method=verb,path=url",
        "principal=who",
        "upstream_cluster=up",
        "downstream_local_address=to,downstream_remote_address=from,protocol=proto,authority=host",
    ])
    .unwrap();
    let format = Format { mapping };
    let mut scratch = Scratch::default();
    let entry = format.read(line.trim_ascii(), &mut scratch).unwrap();
    assert_eq!(text(entry.path), "/café😀");
    assert_eq!(entry.principal, Known::Value("spiffe://td/ns/a/sa/b"));
    assert_eq!(entry.host, Known::Absent);
    assert_eq!(entry.local, "[fd00::1]:80".parse::<SocketAddr>().ok());
    assert!(entry.time.is_some());
}

#[test]
fn what_is_mapped_wrongly_is_said() {
    for (map, want) in [
        ("path", "is not FIELD=KEY"),
        ("path=", "is not FIELD=KEY"),
        ("colour=a", "is none of start_time, pod"),
        ("path=a,path=b", "was mapped before"),
        ("path=a,method=a", "was mapped before"),
    ] {
        let why = Mapping::parse([map]).unwrap_err();
        assert!(why.contains(want), "{map}: {why}");
    }
}

#[test]
fn broken_json_is_not_read() {
    for line in [
        r#"{"method":"GET""#,
        r#"{"method":"GET"} x"#,
        r#"{"method":"GET","method":"PUT","upstream_cluster":"inbound|80||"}"#,
        r#"{"method":GET}"#,
        r#"{"path":"\ud800x","method":"GET","upstream_cluster":"inbound|80||"}"#,
        r#"{"path":"\q","method":"GET","upstream_cluster":"inbound|80||"}"#,
        r#"{"method"}"#,
        "{",
        r#"{"a":[[[[}"#,
    ] {
        assert_eq!(shown(line.as_bytes()), Err(Skip::Malformed), "{line}");
    }
}

/// The recorded lines, in both forms: the same request.
#[test]
fn both_encodings_of_the_corpus_say_the_same() {
    let texts = include_str!("../../../../tests/data/authz-corpus/access-log.txt");
    let jsons = include_str!("../../../../tests/data/authz-corpus/access-log.json");
    let unknown = |shown: String| {
        // A dash is nothing or a dash in the text, and nothing in the JSON.
        let mut shown = shown.replace("(unknown)", "(none)");
        if shown.starts_with("tcp") {
            shown = shown.replace("(none)", "");
        }
        shown
    };
    let mut count = 0;
    for (text, json) in texts.lines().zip(jsons.lines()) {
        let (text, json) = (
            shown(text.as_bytes()).unwrap(),
            shown(json.as_bytes()).unwrap(),
        );
        assert_eq!(unknown(text), unknown(json));
        count += 1;
    }
    assert_eq!(count, 2000);
}

proptest! {
    #[test]
    fn no_bytes_are_too_much(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = shown(&bytes);
    }

    /// A line with a piece put anywhere is read as the same request, as another one, or not at all; never in a panic.
    #[test]
    fn no_change_of_a_line_is_too_much(at in 0_usize..300, piece in "[ \"\\[\\]{}|:-]{0,5}", cut in 0_usize..5) {
        let json = r#"{"method":"GET","path":"/a\u0041","upstream_cluster":"inbound|80||","protocol":"HTTP/1.1"}"#;
        for line in [LINE, json] {
            let mut bytes = line.as_bytes().to_vec();
            let at = at.min(bytes.len());
            let end = (at + cut).min(bytes.len());
            bytes.splice(at..end, piece.bytes());
            let _ = shown(&bytes);
        }
    }
}
