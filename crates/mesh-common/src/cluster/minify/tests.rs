//! The written kubeconfig, read back.

use std::fs;

use kube::config::Kubeconfig;

use super::*;
use crate::cluster::{ClusterArgs, env::Env};

const CONFIG: &str = r#"
apiVersion: v1
kind: Config
current-context: other
clusters:
- name: prod
  cluster:
    server: "10.0.0.1:6443"
    certificate-authority: ca.crt
    tls-server-name: api.internal
    extensions:
    - name: client.authentication.k8s.io/exec
      extension: {audience: "yes"}
- name: other
  cluster: {server: "https://other"}
contexts:
- name: prod
  context: {cluster: prod, user: sre, namespace: shop}
- name: other
  context: {cluster: other, user: other}
users:
- name: sre
  user:
    client-certificate: sre.crt
    client-key-data: aGVsbG8=
    exec:
      apiVersion: client.authentication.k8s.io/v1
      command: ./bin/login
      args: [get, "0644"]
      env: [{name: PROFILE, value: "no"}]
      provideClusterInfo: false
      interactiveMode: IfAvailable
- name: other
  user: {token: other-token}
"#;

fn minified(
    args: &ClusterArgs,
    vars: &[(&'static str, &str)],
) -> (tempfile::TempDir, MinifiedKubeconfig) {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("config");
    fs::write(&file, CONFIG).unwrap();
    let mut all = vec![("KUBECONFIG", file.to_str().unwrap())];
    all.extend_from_slice(vars);
    let connection = args.resolve_in(&Env::of(&all, None)).unwrap();
    (dir, connection.minified().unwrap())
}

#[test]
fn holds_this_connection_and_no_other() {
    let args = ClusterArgs {
        context: Some("prod".into()),
        namespace: Some("team-a".into()),
        as_user: Some("carol".into()),
        as_group: vec!["ops".into(), "no".into()],
        as_uid: Some("007".into()),
        ..ClusterArgs::default()
    };
    let (dir, file) = minified(&args, &[("HTTPS_PROXY", "http://me:pw@proxy:3128")]);
    let text = fs::read_to_string(file.path()).unwrap();
    assert!(!text.contains("other"), "{text}");

    // Read from where it lies, as istioctl reads it: relative names would now point elsewhere.
    let read = Kubeconfig::read_from(file.path()).unwrap();
    assert_eq!(read.current_context.as_deref(), Some("prod"));
    assert_eq!(
        (
            read.contexts.len(),
            read.clusters.len(),
            read.auth_infos.len()
        ),
        (1, 1, 1)
    );
    let context = read.contexts[0].context.as_ref().unwrap();
    assert_eq!(
        (context.cluster.as_str(), context.user.as_deref()),
        ("prod", Some("sre"))
    );
    assert_eq!(context.namespace.as_deref(), Some("team-a"));
    let cluster = read.clusters[0].cluster.as_ref().unwrap();
    assert_eq!(cluster.server.as_deref(), Some("https://10.0.0.1:6443"));
    assert_eq!(cluster.tls_server_name.as_deref(), Some("api.internal"));
    assert_eq!(
        cluster.proxy_url.as_deref(),
        Some("http://me:pw@proxy:3128")
    );
    assert_eq!(
        cluster.extensions.as_ref().unwrap()[0].extension["audience"],
        "yes"
    );
    let within = |name: &str| Some(dir.path().join(name).to_str().unwrap().to_owned());
    assert_eq!(cluster.certificate_authority, within("ca.crt"));
    let user = read.auth_infos[0].auth_info.as_ref().unwrap();
    assert_eq!(user.client_certificate, within("sre.crt"));
    assert_eq!(
        (user.impersonate.as_deref(), user.impersonate_uid.as_deref()),
        (Some("carol"), Some("007"))
    );
    assert_eq!(
        user.impersonate_groups,
        Some(vec!["ops".into(), "no".into()])
    );
    let exec = user.exec.as_ref().unwrap();
    assert_eq!(exec.command, within("./bin/login"));
    assert_eq!(exec.args, Some(vec!["get".into(), "0644".into()]));
    assert_eq!(exec.env.as_ref().unwrap()[0]["value"], "no");
    assert!(text.contains("aGVsbG8="), "inline data stays inline");
}

#[test]
fn a_proxy_that_no_proxy_rules_out_is_not_in_it() {
    let args = ClusterArgs {
        context: Some("prod".into()),
        ..ClusterArgs::default()
    };
    let (_dir, file) = minified(
        &args,
        &[
            ("HTTPS_PROXY", "http://proxy:3128"),
            ("NO_PROXY", "10.0.0.0/8"),
        ],
    );
    let read = Kubeconfig::read_from(file.path()).unwrap();
    assert_eq!(read.clusters[0].cluster.as_ref().unwrap().proxy_url, None);
}

#[test]
fn a_connection_without_context_and_user_still_has_names() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("config");
    fs::write(
        &path,
        "clusters: [{name: c, cluster: {server: 'http://x'}}]",
    )
    .unwrap();
    let args = ClusterArgs {
        kubeconfig: Some(path),
        cluster: Some("c".into()),
        ..ClusterArgs::default()
    };
    let file = args
        .resolve_in(&Env::default())
        .unwrap()
        .minified()
        .unwrap();
    let read = Kubeconfig::read_from(file.path()).unwrap();
    assert_eq!(read.current_context.as_deref(), Some("kubectl-mesh"));
    assert_eq!(
        read.contexts[0].context.as_ref().unwrap().user.as_deref(),
        Some("kubectl-mesh")
    );
}

#[cfg(unix)]
#[test]
fn is_private_and_goes_away() {
    use std::os::unix::fs::PermissionsExt;
    let (_dir, file) = minified(&ClusterArgs::default(), &[]);
    let path = file.path().to_owned();
    let mode = |p: &Path| fs::metadata(p).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
    drop(file);
    assert!(!path.parent().unwrap().exists());

    let (_dir, file) = minified(&ClusterArgs::default(), &[]);
    let path = file.path().to_owned();
    file.close().unwrap();
    assert!(!path.exists());
}
