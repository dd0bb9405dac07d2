//! A plugin goes by one name, whatever it is called through: krew's link, a copy, somebody's alias.

use std::{fs, os::unix::fs::symlink};

use crate::sandbox::{Sandbox, run};

#[test]
fn one_name_whatever_the_link() {
    let sandbox = Sandbox::new();
    let dir = tempfile::tempdir().expect("a temporary directory can be made");
    for (plugin, typed) in [
        ("kubectl-mesh_tag", "kubectl mesh-tag"),
        ("kubectl-mesh_audit_policy", "kubectl mesh-audit-policy"),
        ("kubectl-mesh_backup", "kubectl mesh-backup"),
        ("kubectl-mesh_istioctl", "kubectl mesh-istioctl"),
        ("kubectl-mesh_precheck", "kubectl mesh-precheck"),
    ] {
        let link = dir.path().join(format!("mt-{plugin}"));
        symlink(mesh_testkit::plugin(plugin), &link).expect("the directory is empty");
        for args in [
            &["--help"][..],
            &["--version"],
            &["show"],
            &["no-such-verb"],
        ] {
            let (own, linked) = (
                run(sandbox.plugin(plugin).args(args)),
                run(sandbox.plugin(&link).args(args)),
            );
            assert_eq!(own, linked, "{plugin} {args:?}");
            let text = String::from_utf8([own.stdout, own.stderr].concat()).expect("UTF-8");
            assert!(text.contains(typed), "{typed} {args:?}: {text}");
            assert!(!text.contains("mesh_"), "{typed} {args:?}: {text}");
        }
    }
}

#[test]
fn version_is_the_suite_and_the_commit_and_nothing_else() {
    let sandbox = Sandbox::new();
    let out = run(sandbox.plugin("kubectl-mesh_tag").arg("--version"));
    let text = String::from_utf8(out.stdout).expect("UTF-8");
    let rest = text.strip_prefix(concat!(
        "kubectl mesh-tag ",
        env!("CARGO_PKG_VERSION"),
        " ("
    ));
    let commit = rest.and_then(|r| r.strip_suffix(")\n"));
    let commit = commit.unwrap_or_else(|| panic!("suite and commit: {text}"));
    assert!(
        commit == "unknown"
            || (commit.len() == 12 && commit.chars().all(|c| c.is_ascii_hexdigit())),
        "{text}"
    );
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let sandbox = Sandbox::new();
    let plan = ["promote", "stable", "--from", "examples/shop-ready.tar.zst"];
    for args in [
        &["--help"][..],
        &plan,
        &[&plan[..], &["-o", "json"]].concat(),
    ] {
        let mut command = sandbox.plugin("kubectl-mesh_tag");
        let mut child = command
            .args(args)
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::null())
            .spawn()
            .expect("the plugins are built");
        drop(child.stdout.take());
        let status = child.wait().expect("it is ours");
        assert_eq!(status.code(), Some(0), "{args:?}");
    }
}

#[test]
fn nothing_is_left_in_the_home_of_a_user_who_only_looks() {
    let sandbox = Sandbox::new();
    let plan = ["promote", "stable", "--from", "examples/shop-ready.tar.zst"];
    run(sandbox.plugin("kubectl-mesh_tag").args(plan));
    let left: Vec<_> = fs::read_dir(sandbox.home()).expect("it is there").collect();
    assert!(left.is_empty(), "{left:?}");
}
