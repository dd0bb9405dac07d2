//! From typed flags to a connection.

use std::{fs, time::Duration};

use clap::Parser;
use tempfile::TempDir;

use super::*;
use crate::error::{Error, Kind};

#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    cluster: ClusterArgs,
    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(clap::Subcommand)]
enum Verb {
    List,
}

const CONFIG: &str = r#"
apiVersion: v1
kind: Config
current-context: prod
clusters:
- name: prod
  cluster: {server: "https://api.prod.example:6443/k8s/c-1/", certificate-authority-data: bm90IGEgcGVt}
- name: bare
  cluster: {server: "10.0.0.1:8080"}
- name: bare-tls
  cluster: {server: "10.0.0.1", insecure-skip-tls-verify: true}
- name: both
  cluster: {server: "https://x", insecure-skip-tls-verify: true, certificate-authority-data: eA==}
- name: ftp
  cluster: {server: "ftp://me:hunter2@x"}
- name: empty
  cluster: {server: ""}
contexts:
- name: prod
  context: {cluster: prod, user: sre, namespace: shop}
users:
- name: sre
  user:
    token: hunter2
    as: carol
    as-groups: [ops]
    exec: {apiVersion: client.authentication.k8s.io/v1, command: login, args: [hunter2], env: [{name: K, value: hunter2}]}
"#;

fn resolved(flags: &[&str]) -> Result<Connection, Error> {
    let (dir, env) = home();
    let line = ["kubectl-mesh"].iter().chain(flags);
    let cli = Cli::try_parse_from(line).expect("flags that clap takes");
    let connection = cli.cluster.resolve_in(&env);
    drop(dir);
    connection
}

fn home() -> (TempDir, Env) {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("config");
    fs::write(&file, CONFIG).unwrap();
    let env = Env::of(&[("KUBECONFIG", file.to_str().unwrap())], None);
    (dir, env)
}

#[test]
fn nothing_typed_is_the_current_context() {
    let c = resolved(&[]).unwrap();
    assert_eq!(c.context.as_deref(), Some("prod"));
    assert_eq!(
        (c.cluster.as_str(), c.user.as_deref()),
        ("prod", Some("sre"))
    );
    assert_eq!(
        (c.namespace.as_str(), c.istio_namespace.as_str()),
        ("shop", "istio-system")
    );
    assert_eq!(c.server, "https://api.prod.example:6443/k8s/c-1");
    assert_eq!(c.deadline(), None);
    assert_eq!(
        c.patience,
        patience::Patience::Silence(Duration::from_secs(60))
    );
    assert_eq!(c.impersonating.unwrap().user, "carol");
}

/// The heading stays with these flags: clap would give it to whatever a command declares after them, too.
#[test]
fn help_has_its_own_heading() {
    let help = <Cli as clap::CommandFactory>::command()
        .render_help()
        .to_string();
    let (before, after) = help.split_once("Cluster options:\n").expect("the heading");
    assert!(
        before.contains("--help") && !before.contains("--context"),
        "{help}"
    );
    for flag in [
        "--kubeconfig <FILE>",
        "--context <NAME>",
        "-n, --namespace <NAME>",
        "-i, --istio-namespace <NAME>",
        "--as <NAME>",
        "--request-timeout <DURATION>",
        "-v...",
    ] {
        assert!(after.contains(flag), "{flag}: {help}");
    }
}

#[test]
fn flags_are_global_and_parse_as_kubectls() {
    let c = resolved(&[
        "list",
        "-n",
        "x",
        "-i",
        "mesh",
        "--request-timeout",
        "1m30s",
        "-vv",
    ])
    .unwrap();
    assert_eq!(
        (c.namespace.as_str(), c.istio_namespace.as_str()),
        ("x", "mesh")
    );
    assert_eq!(c.deadline(), Some(Duration::from_secs(90)));
    let c = resolved(&["--request-timeout=0"]).unwrap();
    assert_eq!(
        (c.deadline(), c.patience),
        (None, patience::Patience::Endless)
    );
    let e = Cli::try_parse_from(["x", "--request-timeout=soon"])
        .err()
        .unwrap();
    assert!(e.to_string().contains("500ms"), "{e}");
}

#[test]
fn impersonation_by_flag_replaces_the_whole_identity() {
    let c = resolved(&[
        "--as",
        "dave",
        "--as-group",
        "a",
        "--as-group",
        "b",
        "--as-uid",
        "7",
    ])
    .unwrap();
    let expected = Impersonation {
        user: "dave".into(),
        groups: vec!["a".into(), "b".into()],
        uid: Some("7".into()),
    };
    assert_eq!(c.impersonating, Some(expected));
    let c = resolved(&["--as", "dave"]).unwrap();
    assert_eq!(c.impersonating.unwrap().groups, Vec::<String>::new());
    let e = resolved(&["--cluster", "bare", "--user", "sre", "--as", "x\ny"]).unwrap_err();
    assert!(
        e.to_string().contains("\"x y\" cannot be impersonated"),
        "{e}"
    );
}

#[test]
fn a_group_needs_a_user() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("config");
    fs::write(
        &file,
        CONFIG.replace("    as: carol\n    as-groups: [ops]\n", ""),
    )
    .unwrap();
    let env = Env::of(&[("KUBECONFIG", file.to_str().unwrap())], None);
    let args = ClusterArgs {
        as_group: vec!["ops".into()],
        ..ClusterArgs::default()
    };
    let e = args.resolve_in(&env).unwrap_err();
    assert_eq!(e.kind(), Kind::Usage);
    assert_eq!(e.hints(), ["add --as NAME"]);
}

#[test]
fn servers_are_completed_as_client_go_completes_them() {
    for (cluster, server) in [
        ("bare", "http://10.0.0.1:8080"),
        ("bare-tls", "https://10.0.0.1"),
    ] {
        assert_eq!(resolved(&["--cluster", cluster]).unwrap().server, server);
    }
    for (cluster, expected) in [
        (
            "both",
            "both insecure-skip-tls-verify and a certificate authority",
        ),
        ("ftp", "server \"x\", which is not an http or https URL"),
        ("empty", "cluster \"empty\" has no server"),
    ] {
        let e = resolved(&["--cluster", cluster]).unwrap_err().to_string();
        assert!(e.contains(expected) && !e.contains("hunter2"), "{e}");
    }
}

#[test]
fn nothing_printable_holds_a_secret() {
    let c = resolved(&[]).unwrap();
    let all = format!("{c:?} {:?} {}", c.pairs(), c.kubectl());
    assert!(!all.contains("hunter2"), "{all}");
    let rows = c.pairs();
    assert_eq!(rows[0], ("Context".to_owned(), "prod".to_owned()));
    assert!(rows.contains(&("Acting as".to_owned(), "carol, groups ops".to_owned())));
}

#[test]
fn commands_to_paste_reach_the_same_cluster() {
    assert_eq!(resolved(&[]).unwrap().kubectl(), "kubectl --context prod");
    let c = resolved(&["--cluster", "bare", "--as", "a b"]).unwrap();
    assert_eq!(
        c.kubectl(),
        "kubectl --context prod --cluster bare --as 'a b'"
    );
}

#[test]
fn the_proxy_is_decided_once() {
    let (dir, _) = home();
    let file = dir.path().join("config");
    let of = |no_proxy| {
        let vars = [
            ("KUBECONFIG", file.to_str().unwrap()),
            ("HTTPS_PROXY", "http://me:hunter2@proxy:3128"),
            ("NO_PROXY", no_proxy),
        ];
        ClusterArgs::default()
            .resolve_in(&Env::of(&vars, None))
            .unwrap()
            .proxy
    };
    assert_eq!(of("other"), Some("http://proxy:3128".to_owned()));
    // kube 5.0.0 would match these against the proxy's own address, and refuse the empty item.
    assert_eq!(of(".prod.example,"), None);
    assert_eq!(of("proxy"), Some("http://proxy:3128".to_owned()));
}

#[tokio::test]
async fn a_certificate_authority_without_a_certificate_is_said() {
    let e = resolved(&[]).unwrap().client().err().unwrap();
    assert_eq!(
        e.to_string(),
        "the certificate authority of cluster \"prod\" holds no PEM certificate"
    );
}
