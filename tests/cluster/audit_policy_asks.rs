//! What is asked at a terminal, and Ctrl-C while policies are written.

use mesh_common::journal::State;
use mesh_testkit::{ChaosProxy, Lab, Plugin, When};
use serde_json::{Value, json};

use crate::{
    audit_policy::{COPY, KIND, NAME, WAIVED, lockdown, plugin, policy},
    kit::{records, without_lease},
};

/// An ALLOW where there was none: whoever it does not name is refused from then on.
fn allow() -> Value {
    json!({
        "apiVersion": "security.istio.io/v1", "kind": KIND,
        "metadata": {"name": "carts-by-shop", "namespace": "orders"},
        "spec": {
            "action": "ALLOW", "selector": {"matchLabels": {"app": "carts"}},
            "rules": [{"from": [{"source": {"namespaces": ["shop"]}}]}],
        },
    })
}

fn convert(plugin: &Plugin, policy: &Value, namespace: &str) {
    let file = plugin.dir().join("policy.yaml");
    std::fs::write(&file, policy.to_string()).unwrap();
    plugin
        .run(&format!(
            "convert -f {} -n {namespace} --apply --yes",
            file.display()
        ))
        .assert_code(0);
}

#[test]
fn an_allow_that_refuses_everybody_else_asks_for_itself() {
    let Some(lab) = Lab::get() else { return };
    let (api, plugin) = (lab.api(), plugin(&lab));
    convert(&plugin, &allow(), "orders");
    let promote = format!("promote carts-by-shop -n orders --watch-after 0 {WAIVED}");
    let stands = || api.get(KIND, "orders", "carts-by-shop").is_some();
    let default_deny = "1 workload then refuses all that no ALLOW lets in. Is that meant?";
    let mark = lab.audit_mark();
    // Nobody can be asked: nothing is done.
    plugin
        .run(&promote)
        .assert_code(2)
        .says("orders/deployment/carts");
    let mut terminal = plugin.terminal();
    for answers in [&["n"][..], &["y", "n"]] {
        terminal.line(&format!("kubectl mesh-audit-policy {promote}"));
        terminal.sees(default_deny);
        terminal.line(answers[0]);
        if let Some(second) = answers.get(1) {
            terminal.sees("Enforce ALLOW orders/carts-by-shop on");
            terminal.line(second);
        }
        let (printed, code) = terminal.ends();
        assert_eq!(code, 2, "{answers:?}: {printed}");
        assert!(!stands(), "{answers:?}");
    }
    assert_eq!(lab.audit_writes_since(mark), vec![]);
    terminal.line(&format!("kubectl mesh-audit-policy {promote}"));
    terminal.sees(default_deny);
    terminal.line("y");
    terminal.sees("Enforce ALLOW orders/carts-by-shop on");
    terminal.line("y");
    let (printed, code) = terminal.ends();
    assert_eq!(code, 0, "{printed}");
    assert!(stands());
    plugin
        .run("rollback carts-by-shop -n orders --yes")
        .assert_code(0);
    // Who says yes to all says it to that, too.
    plugin
        .run(&format!("{promote} --yes"))
        .assert_code(0)
        .says("these refuse the rest from then on");
    assert!(stands());
}

#[test]
fn convert_without_a_name_asks_which_at_a_terminal() {
    let Some(lab) = Lab::get() else { return };
    let (api, plugin) = (lab.api(), plugin(&lab));
    api.create(&lockdown()).unwrap();
    let mut terminal = plugin.terminal();
    let convert = "kubectl mesh-audit-policy convert -n payments --apply";
    terminal.line(convert);
    terminal.sees("Which DENY policies?");
    // The first is all of them: one down, and taken.
    terminal.line("j");
    terminal.sees("[y/N]");
    terminal.line("y");
    let (printed, code) = terminal.ends();
    assert_eq!(code, 0, "{printed}");
    let copy = "cards-only-from-checkout-audit";
    assert!(policy(api, copy).is_some(), "{printed}");
    assert!(policy(api, COPY).is_none(), "only the one that was chosen");
    // Ctrl-C at the choice.
    let mark = lab.audit_mark();
    terminal.line(convert);
    terminal.sees("Which DENY policies?");
    terminal.control('c');
    let (printed, code) = terminal.ends();
    assert_eq!(code, 130, "{printed}");
    assert_eq!(lab.audit_writes_since(mark), vec![]);
}

#[test]
fn ctrl_c_in_the_middle_of_a_write_is_held_until_that_write_is_done() {
    let Some(lab) = Lab::get() else { return };
    convert(&plugin(&lab), &lockdown(), "payments");
    let proxy = ChaosProxy::start(lab.kubeconfig());
    let gate = proxy.hold(When::request("POST", "/authorizationpolicies"));
    let sandbox = Plugin::new("kubectl-mesh_audit_policy", proxy.kubeconfig());
    let mut terminal = sandbox.terminal();
    terminal.line(&format!(
        "kubectl mesh-audit-policy promote payments-lockdown -n payments --yes --watch-after 0 {WAIVED}"
    ));
    gate.reached();
    terminal.control('c');
    // It is heard, and not obeyed yet.
    terminal.sees("interrupted: stopping at the next safe point");
    gate.release();
    let (printed, code) = terminal.ends();
    assert_eq!(code, 130, "{printed}");
    assert!(printed.contains("Interrupted"), "{printed}");
    assert!(
        printed.contains("kubectl mesh-audit-policy resume"),
        "{printed}"
    );
    // The write that was under way is there; what came after it is not.
    let api = lab.api();
    assert_eq!(policy(api, NAME).unwrap()["spec"], lockdown()["spec"]);
    assert!(policy(api, COPY).is_some());
    assert_eq!(records(api).pop().unwrap().state, State::Started);
    let mark = lab.audit_mark();
    plugin(&lab)
        .run(&format!("resume --yes {WAIVED}"))
        .assert_code(0);
    assert!(policy(api, COPY).is_none());
    let writes = without_lease(&lab.audit_writes_since(mark));
    assert_eq!(
        writes.first().map(String::as_str),
        Some(format!("delete authorizationpolicies {COPY}").as_str())
    );
}
