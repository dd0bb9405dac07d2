//! Which files count, how they merge, and what is said when a name is not there.

use std::fs;

use tempfile::TempDir;

use super::*;

const A: &str = r#"
apiVersion: v1
kind: Config
current-context: ""
clusters:
- name: one
  cluster: {server: "https://a.example:6443", certificate-authority: certs/ca.crt}
contexts:
- name: one
  context: {cluster: one, user: jane, namespace: ""}
users:
- name: jane
  user: {token: aaa, client-certificate: jane.crt, client-key: /abs/jane.key, tokenFile: "", exec: {apiVersion: v, command: bin/login}}
"#;

const B: &str = r#"
apiVersion: v1
kind: Config
current-context: two
clusters:
- name: one
  cluster: {server: "https://b.example:6443"}
- name: two
  cluster: {server: "https://b.example:6443", certificate-authority-data: "", insecure-skip-tls-verify: true}
contexts:
- name: two
  context: {cluster: two, user: "", namespace: shop}
- name: lost
  context: {cluster: gone, user: jane}
- name: nobody
  context: {cluster: two, user: bob}
users: null
"#;

fn files() -> (TempDir, PathBuf, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("sub")).unwrap();
    let (a, b) = (dir.path().join("sub/a.yaml"), dir.path().join("b.yaml"));
    fs::write(&a, A).unwrap();
    fs::write(&b, B).unwrap();
    (dir, a, b)
}

fn env(list: &[&Path]) -> Env {
    let joined = std::env::join_paths(list).unwrap();
    Env::of(&[("KUBECONFIG", joined.to_str().unwrap())], None)
}

fn loaded() -> (TempDir, Loaded) {
    let (dir, a, b) = files();
    let loaded = load(None, &env(&[&a, &b])).unwrap();
    (dir, loaded)
}

/// "The first file to set a particular value or map key wins", and an empty string sets nothing
/// (kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig).
#[test]
fn files_merge_and_the_first_wins() {
    let (_dir, loaded) = loaded();
    assert_eq!(loaded.config.current_context.as_deref(), Some("two"));
    let servers: Vec<_> = loaded
        .config
        .clusters
        .iter()
        .map(|c| {
            (
                c.name.as_str(),
                c.cluster.as_ref().unwrap().server.as_deref().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        servers,
        [
            ("one", "https://a.example:6443"),
            ("two", "https://b.example:6443")
        ]
    );
    assert_eq!(loaded.files.len(), 2);
}

#[test]
fn paths_are_those_of_the_file_that_names_them() {
    let (dir, loaded) = loaded();
    let sub = dir.path().join("sub");
    let selected = select(&loaded, Some("one"), None, None).unwrap();
    let path = |name: &str| Some(sub.join(name).to_str().unwrap().to_owned());
    assert_eq!(selected.cluster.certificate_authority, path("certs/ca.crt"));
    assert_eq!(selected.user.client_certificate, path("jane.crt"));
    assert_eq!(selected.user.client_key.as_deref(), Some("/abs/jane.key"));
    assert_eq!(selected.user.exec.unwrap().command, path("bin/login"));
}

#[test]
fn an_empty_string_is_not_set() {
    let (_dir, loaded) = loaded();
    let one = select(&loaded, Some("one"), None, None).unwrap();
    assert_eq!((one.namespace, one.user.token_file), (None, None));
    let two = select(&loaded, None, None, None).unwrap();
    assert_eq!(
        (two.user_name, two.cluster.certificate_authority_data),
        (None, None)
    );
    assert_eq!(two.namespace.as_deref(), Some("shop"));
}

#[test]
fn missing_files_of_the_list_are_passed_over() {
    let (dir, a, b) = files();
    let missing = dir.path().join("missing.yaml");
    let empty = Path::new("");
    let rows: [(&[&Path], usize); 4] = [
        (&[&missing, &a], 1),
        (&[&a, &missing, &b], 2),
        (&[empty, &b, empty], 1),
        (&[&a], 1),
    ];
    for (list, expected) in rows {
        assert_eq!(
            load(None, &env(list)).unwrap().files.len(),
            expected,
            "{list:?}"
        );
    }
    let e = load(None, &env(&[&missing])).unwrap_err();
    assert!(
        e.to_string()
            .contains("none of the files in KUBECONFIG exists"),
        "{e}"
    );
    assert!(e.to_string().contains("missing.yaml"), "{e}");
    assert!(!e.hints().is_empty());
}

#[test]
fn the_flag_wants_its_file_and_reads_no_other() {
    let (dir, a, b) = files();
    let loaded = load(Some(&b), &env(&[&a])).unwrap();
    assert_eq!(loaded.files, [b]);
    let e = load(Some(&dir.path().join("no.yaml")), &env(&[&a])).unwrap_err();
    assert!(e.to_string().contains("no.yaml does not exist"), "{e}");
}

#[test]
fn without_any_kubeconfig_a_pod_is_not_used_silently() {
    let home = tempfile::tempdir().unwrap();
    let none = Env::of(&[], Some(home.path().to_owned()));
    let e = load(None, &none).unwrap_err();
    assert!(e.to_string().contains("KUBECONFIG is not set"), "{e}");
    assert!(!e.hints().iter().any(|h| h.contains("pod")));
    let pod = Env::of(
        &[("KUBERNETES_SERVICE_HOST", "10.0.0.1")],
        Some(home.path().to_owned()),
    );
    let e = load(None, &pod).unwrap_err();
    assert!(e.hints().iter().any(|h| h.contains("never used unasked")));

    fs::create_dir(home.path().join(".kube")).unwrap();
    fs::write(home.path().join(".kube/config"), B).unwrap();
    assert_eq!(load(None, &pod).unwrap().files.len(), 1);
}

#[test]
fn a_broken_file_is_named_and_not_quoted() {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in [
        (
            "bad.yaml",
            "users:\n- name: x\n  user: {token: [hunter2-hunter2\n",
        ),
        ("type.yaml", "users: hunter2-hunter2\n"),
        ("binary", "\u{1}\u{2}hunter2-hunter2: {{{"),
    ] {
        let path = dir.path().join(name);
        fs::write(&path, text).unwrap();
        let e = load(Some(&path), &Env::default()).unwrap_err();
        let all = format!("{e:?} {e}");
        assert!(
            e.to_string().contains(name) && e.to_string().contains("not a valid kubeconfig"),
            "{e}"
        );
        assert!(!all.contains("hunter2"), "{all}");
    }
    let e = load(Some(dir.path()), &Env::default()).unwrap_err();
    assert!(e.to_string().contains("cannot read kubeconfig"), "{e}");
}

type Flags = (
    Option<&'static str>,
    Option<&'static str>,
    Option<&'static str>,
);

#[test]
fn a_name_that_is_not_there_is_an_error_that_lists_what_is() {
    let (_dir, loaded) = loaded();
    let rows: [(Flags, &[&str]); 6] = [
        (
            (Some("prod"), None, None),
            &[
                "context \"prod\" is not in the kubeconfig",
                "\"one\", \"two\", \"lost\"",
            ],
        ),
        (
            (None, Some("prod"), None),
            &["cluster \"prod\" is not in", "\"one\", \"two\""],
        ),
        (
            (None, None, Some("eve")),
            &["user \"eve\" is not in", "it has \"jane\""],
        ),
        (
            (Some("lost"), None, None),
            &[
                "cluster \"gone\", named by context \"lost\",",
                "it has \"one\"",
            ],
        ),
        (
            (Some("nobody"), None, None),
            &["user \"bob\", named by context \"nobody\","],
        ),
        (
            (Some("evil\u{1b}[2J\u{202e}"), None, None),
            &["context \"evil\" is not"],
        ),
    ];
    for ((context, cluster, user), expected) in rows {
        let e = select(&loaded, context, cluster, user)
            .err()
            .expect("no such name");
        for part in expected {
            assert!(e.to_string().contains(part), "{e}");
        }
    }
}

#[test]
fn flags_replace_parts_of_the_context() {
    let (_dir, loaded) = loaded();
    let s = select(&loaded, Some("lost"), Some("one"), Some("jane")).unwrap();
    assert_eq!(
        (s.context.as_deref(), s.cluster_name.as_str()),
        (Some("lost"), "one")
    );
    assert_eq!(s.user_name.as_deref(), Some("jane"));
    // An empty flag is no flag.
    let s = select(&loaded, Some(""), Some(""), Some("")).unwrap();
    assert_eq!(s.context.as_deref(), Some("two"));
}

#[test]
fn without_a_context_the_choice_is_shown() {
    let (_dir, mut loaded) = loaded();
    loaded.config.current_context = None;
    let e = select(&loaded, None, None, None).err().expect("no context");
    assert!(
        e.to_string()
            .contains("has no current-context; it has \"one\""),
        "{e}"
    );
    let s = select(&loaded, None, Some("two"), None).unwrap();
    assert_eq!((s.context, s.cluster_name.as_str()), (None, "two"));
}

#[test]
fn long_lists_of_names_are_bounded() {
    let names: Vec<String> = (0..300).map(|n| format!("c{n}")).collect();
    let text = listing(names.iter().map(String::as_str));
    assert!(text.ends_with("\"c11\" and 288 more"), "{text}");
    assert_eq!(listing([].into_iter()), "none");
}
