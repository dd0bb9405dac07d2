//! Where nothing can be known, nothing is written: not on the screen, not on standard error.

use std::net::TcpListener;

use mesh_testkit::{ChaosProxy, Failure, Lab, Plugin, When};

use crate::{
    screen::{PROMPT, Screen, can_run},
    table::SHELLS,
    typed::sandbox,
};

/// A kubeconfig whose server takes connections and never says a word.
fn mute(sandbox: &Plugin) -> TcpListener {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let text = format!(
        "{{apiVersion: v1, kind: Config, current-context: x, \
         contexts: [{{name: x, context: {{cluster: c}}}}], \
         clusters: [{{name: c, cluster: {{server: 'http://{}'}}}}]}}",
        server.local_addr().unwrap()
    );
    std::fs::write(sandbox.dir().join("kubeconfig"), text).unwrap();
    server
}

/// Nothing to offer, and no files either.
const NOTHING: &str = ":4\n";

#[track_caller]
fn assert_nothing(sandbox: &Plugin, words: &[&str]) {
    let out = sandbox
        .command(sandbox.bin().join("kubectl-mesh_tag"))
        .arg("--")
        .args(words)
        .env("COMPLETE", "kubectl")
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&out.stderr), "", "{words:?}");
    assert_eq!(String::from_utf8_lossy(&out.stdout), NOTHING, "{words:?}");
    assert_eq!(out.status.code(), Some(0), "{words:?}");
}

#[test]
fn a_server_that_never_answers() {
    let sandbox = sandbox("kubeconfig");
    let _server = mute(&sandbox);
    for words in [
        &["promote", ""][..],
        &["promote", "stable", "--to", ""],
        &["move", ""],
        &["rollback", "stable", "--to-record", ""],
        &["list", "-i", ""],
    ] {
        assert_nothing(&sandbox, words);
    }
}

#[test]
fn on_the_screen_of_every_shell() {
    for shell in SHELLS {
        if !can_run(shell) {
            continue;
        }
        let sandbox = sandbox("kubeconfig");
        let _server = mute(&sandbox);
        let load = shell.load("kubectl-mesh_tag");
        let mut screen = Screen::open(&sandbox, shell, &[shell.before(false), &load]);
        screen.types("kubectl-mesh_tag promote ");
        screen.key("Tab");
        // Not before TAB was worked off.
        screen.types("x");
        let seen = screen.sees(&format!("{PROMPT}kubectl-mesh_tag promote x"));
        assert_eq!(
            seen.trim(),
            format!("{PROMPT}kubectl-mesh_tag promote x"),
            "{shell:?}"
        );
        screen.give_up_line();
    }
}

#[test]
fn no_kubeconfig_or_a_broken_one() {
    let sandbox = sandbox("kubeconfig");
    assert_nothing(&sandbox, &["promote", ""]);
    std::fs::write(sandbox.dir().join("kubeconfig"), "{{{ token: secret").unwrap();
    assert_nothing(&sandbox, &["promote", ""]);
    assert_nothing(&sandbox, &["promote", "--context", ""]);
    assert_nothing(&sandbox, &["promote", "--from", "kubeconfig", ""]);
}

#[test]
fn a_server_that_fails_or_is_no_api_server() {
    let Some(lab) = Lab::get() else { return };
    for failure in [
        Failure::Status(500),
        Failure::Status(503),
        Failure::Html(502),
        Failure::Html(200),
        Failure::Closed,
    ] {
        let proxy = ChaosProxy::start(lab.kubeconfig());
        let sandbox = sandbox(&proxy.kubeconfig().display().to_string());
        let what = format!("{failure:?}");
        proxy.fail(When::request("GET", "/"), failure);
        assert_nothing(&sandbox, &["promote", ""]);
        assert!(!proxy.requests().is_empty(), "{what}: it was asked");
    }
}

#[test]
fn a_user_who_may_nothing() {
    let Some(lab) = Lab::get() else { return };
    let nobody = lab.user_kubeconfig("nobody@example.com", &[], &[]);
    let sandbox = sandbox(&nobody.display().to_string());
    assert_nothing(&sandbox, &["promote", ""]);
    assert_nothing(&sandbox, &["move", ""]);
}
