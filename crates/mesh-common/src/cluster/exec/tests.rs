//! Credential plugins: what they are asked, what they may answer, and what of it is ever shown.

use super::*;

#[test]
fn what_a_plugin_may_answer() {
    let answer = |status: &str| {
        format!(r#"{{"apiVersion":"{V1}","kind":"ExecCredential","status":{status}}}"#)
    };
    let rows = [
        (answer(r#"{"token":"t"}"#), Ok((true, false))),
        (
            answer(r#"{"token":" t\n","expirationTimestamp":"2030-01-01T00:00:00Z"}"#),
            Ok((true, false)),
        ),
        (
            answer(r#"{"token":"","clientCertificateData":"c","clientKeyData":"k"}"#),
            Ok((false, true)),
        ),
        (
            format!("apiVersion: {V1}\nkind: ExecCredential\nstatus:\n  token: t\n"),
            Ok((true, false)),
        ),
        (
            answer(r#"{"clientCertificateData":"c"}"#),
            Err("without its key"),
        ),
        (answer("{}"), Err("neither a token nor")),
        (answer("null"), Err("no status")),
        (
            answer(r#"{"token":"a\u0000b"}"#),
            Err("no HTTP header may hold"),
        ),
        (
            answer(r#"{"token":"t","expirationTimestamp":"soon"}"#),
            Err("is no time"),
        ),
        (
            format!(r#"{{"apiVersion":"{V1_BETA1}","status":{{"token":"t"}}}}"#),
            Err("another apiVersion"),
        ),
        ("hunter2".to_owned(), Err("did not print an ExecCredential")),
        (String::new(), Err("apiVersion")),
    ];
    for (text, expected) in rows {
        let got = read(text.as_bytes(), V1);
        match (got, expected) {
            (Ok(c), Ok((token, identity))) => {
                assert_eq!(
                    (c.token.is_some(), c.identity.is_some()),
                    (token, identity),
                    "{text}"
                );
            }
            (Err(e), Err(expected)) => assert!(
                e.contains(expected) || expected == "apiVersion",
                "{text}: {e}"
            ),
            (got, _) => panic!("{text}: {:?}", got.err()),
        }
    }
}

#[test]
fn a_token_is_stale_shortly_before_its_end() {
    let end: Timestamp = "2030-01-01T00:00:00Z".parse().unwrap();
    let credential = |expires| Credential {
        token: None,
        identity: None,
        expires,
    };
    for (before, stale) in [(31, false), (30, true), (0, true), (-5, true)] {
        let now = end - SignedDuration::from_secs(before);
        assert_eq!(
            credential(Some(end)).is_stale(now),
            stale,
            "{before}s before"
        );
    }
    assert!(!credential(None).is_stale(end));
}

#[test]
fn what_a_failed_plugin_said_is_shown_without_secrets() {
    let rows = [
        (
            "run aws sso login --profile shop",
            "run aws sso login --profile shop",
        ),
        ("error: token=hunter2 refused", "error: [hidden] refused"),
        (
            "Authorization: Bearer abc.def",
            "Authorization: Bearer [hidden]",
        ),
        ("password: hunter2", "password: [hidden]"),
        (r#"{"token":"hunter2"}"#, "[hidden]"),
        (
            r#""clientKeyData": "hunter2","#,
            r#""clientKeyData": [hidden]"#,
        ),
        (
            "got eyJhbGciOiJSUzI1NiIsImtpZCI6IjEifQ.eyJzdWIi.sig back",
            "got [hidden] back",
        ),
        ("k8s-aws-v1.aHR0cHM6Ly9zdHMuZXUtd2VzdC0x", "[hidden]"),
        ("a\u{1b}[31mb\r\n\tc", "ab   c"),
        ("", ""),
    ];
    for (said, shown) in rows {
        assert_eq!(scrub(said), shown, "{said}");
    }
    let long = scrub(&"word ".repeat(10_000));
    assert!(long.starts_with('…') && long.chars().count() <= 401);
}

#[cfg(unix)]
mod run {
    use std::{fs, os::unix::fs::PermissionsExt, path::PathBuf};

    use tempfile::TempDir;

    use super::*;

    fn script(text: &str) -> (TempDir, PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("login");
        fs::write(
            &path,
            format!("#!/bin/sh\ncd {}\n{text}\n", dir.path().display()),
        )
        .unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        (dir, path)
    }

    fn plugin(command: &str, more: &str) -> Plugin {
        let text = format!(
            "apiVersion: {V1}\ncommand: {command}\nargs: [--client-secret, hunter2]\nenv: [{{name: GIVEN, value: yes-please}}]\ninteractiveMode: Never\n{more}"
        );
        let user = AuthInfo {
            exec: Some(serde_saphyr::from_str(&text).unwrap()),
            ..AuthInfo::default()
        };
        let cluster = Cluster {
            server: Some("https://x".into()),
            ..Cluster::default()
        };
        Plugin::of(&user, Some("sre"), &cluster).unwrap().unwrap()
    }

    const ANSWER: &str =
        r#"echo '{"apiVersion":"client.authentication.k8s.io/v1","status":{"token":"t"}}'"#;

    #[test]
    fn is_asked_as_client_go_asks_and_only_once() {
        let (dir, path) = script(&format!(
            "echo run >> runs; printf %s \"$KUBERNETES_EXEC_INFO\" > info; printf %s \"$GIVEN $*\" > args\n{ANSWER}"
        ));
        let plugin = plugin(path.to_str().unwrap(), "provideClusterInfo: true");
        assert!(plugin.first().is_ok());
        assert!(plugin.first().is_ok());
        assert_eq!(
            fs::read_to_string(dir.path().join("runs")).unwrap(),
            "run\n"
        );
        assert_eq!(
            fs::read_to_string(dir.path().join("args")).unwrap(),
            "yes-please --client-secret hunter2"
        );
        let info: serde_json::Value =
            serde_json::from_slice(&fs::read(dir.path().join("info")).unwrap()).unwrap();
        assert_eq!(info["apiVersion"], V1);
        assert_eq!(info["spec"]["interactive"], false);
        assert_eq!(info["spec"]["cluster"]["server"], "https://x");
    }

    #[test]
    fn failures_name_plugin_and_user_and_no_secret() {
        let (_dir, failing) =
            script("echo 'hunter2' ; echo 'please log in, token=hunter2' >&2; exit 3");
        let (_dir, silent) = script("exit 1");
        let (_dir, wrong) = script("echo hunter2");
        let rows = [
            (
                failing.to_str().unwrap(),
                "",
                "\"login\" of user \"sre\" failed (exit status: 3): please log in, [hidden]",
            ),
            (silent.to_str().unwrap(), "", "failed (exit status: 1)"),
            (
                wrong.to_str().unwrap(),
                "",
                "did not print an ExecCredential",
            ),
            (
                "/no/such/login",
                "installHint: brew install login",
                "is not installed: brew install login",
            ),
        ];
        for (command, more, expected) in rows {
            let Err(e) = plugin(command, more).first() else {
                panic!("{command} works")
            };
            let e = e.to_string();
            assert!(e.contains(expected), "{e}");
            assert!(!e.contains("hunter2"), "{e}");
        }
    }

    #[tokio::test]
    async fn a_token_about_to_end_is_renewed_before_use() {
        let (dir, path) = script(
            r#"echo run >> runs; n=$(wc -l < runs | tr -d ' ')
echo "{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":{\"token\":\"t$n\",\"expirationTimestamp\":\"2001-01-01T00:00:00Z\"}}""#,
        );
        let plugin = Arc::new(plugin(path.to_str().unwrap(), ""));
        assert!(plugin.first().is_ok());
        let mut headers = HeaderMap::new();
        plugin.authorize(&mut headers).await.unwrap();
        assert_eq!(headers[AUTHORIZATION], "Bearer t2");
        assert!(headers[AUTHORIZATION].is_sensitive());
        assert!(plugin.renew().await.unwrap());
        assert_eq!(
            fs::read_to_string(dir.path().join("runs")).unwrap(),
            "run\nrun\nrun\n"
        );
    }
}
