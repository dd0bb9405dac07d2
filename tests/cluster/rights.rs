//! `docs/rbac/`: the roles of each plugin are enough for what they are said to be for, and a reader's writes nothing.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use mesh_testkit::{Api, Lab, LabGuard, Plugin};
use serde_json::{Value, json};

use crate::{fixture::pod, kit::World};

/// The roles as the documentation has them, of every plugin.
fn roles() -> Vec<Value> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/rbac");
    let files = fs::read_dir(dir).unwrap();
    files
        .flat_map(|file| {
            let text = fs::read_to_string(file.unwrap().path()).unwrap();
            serde_saphyr::from_multiple::<Value>(&text).unwrap()
        })
        .collect()
}

/// A user who has the roles of these names, in the Istio namespace where there are such.
pub(crate) fn user(lab: &LabGuard, name: &str, names: &[&str]) -> PathBuf {
    for role in roles() {
        if !names.contains(&role["metadata"]["name"].as_str().unwrap()) {
            continue;
        }
        let mut metadata = role["metadata"].clone();
        let kind = role["kind"].as_str().unwrap();
        metadata["name"] = format!("{}-{name}", metadata["name"].as_str().unwrap()).into();
        let binding = json!({
            "apiVersion": "rbac.authorization.k8s.io/v1", "kind": format!("{kind}Binding"), "metadata": metadata,
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": kind, "name": role["metadata"]["name"]},
            "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": name}],
        });
        for object in [&role, &binding] {
            lab.api().apply("docs", object).unwrap();
        }
    }
    lab.user_kubeconfig(name, &[], &[])
}

/// Waits until the authorizer, which reads roles through a cache, has heard of the role that this needs.
fn wait(what: &str, allowed: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !allowed() {
        assert!(Instant::now() < deadline, "nobody may {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

pub(crate) fn may_get(kubeconfig: &Path, path: &str) {
    let api = Api::of_kubeconfig(&fs::read_to_string(kubeconfig).unwrap()).unwrap();
    wait(path, || api.raw(path).is_ok());
}

fn may_read(kubeconfig: &Path) {
    may_get(kubeconfig, "/api/v1/nodes");
    may_get(kubeconfig, "/api/v1/namespaces/istio-system/configmaps");
}

#[test]
fn a_reader_sees_everything_and_writes_nothing() {
    let Some(lab) = Lab::get() else { return };
    let reader = user(&lab, "reader", &["mesh-reader"]);
    may_read(&reader);
    let mark = lab.audit_mark();
    let tag = Plugin::tag(&reader);
    for look in ["list", "status stable", "history", "resume"] {
        tag.run(look).assert_code(0);
    }
    // Everything is known but whether the injector answers: that takes a pod.
    tag.run("promote stable --to 1-28-1 --dry-run")
        .assert_code(3)
        .says("? serves")
        .says("✓ parity");
    tag.run("promote stable --to 1-28-1 --yes")
        .assert_code(2)
        .says("missing: patch mutatingwebhookconfigurations.admissionregistration.k8s.io")
        .says("missing: create configmaps in istio-system");
    assert_eq!(lab.audit_writes_since(mark), vec![]);
}

#[test]
fn a_backup_needs_its_own_role_and_no_more() {
    let Some(lab) = Lab::get() else { return };
    let user = user(&lab, "saver", &["mesh-backup", "mesh-backup-secrets"]);
    may_read(&user);
    let mark = lab.audit_mark();
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("mesh.tar.zst");
    Plugin::new("kubectl-mesh_backup", &user)
        .run(&format!("create {}", file.display()))
        .assert_code(0);
    assert_eq!(lab.audit_writes_since(mark), vec![]);
}

#[test]
fn who_matches_an_istioctl_reads_istiods_alone() {
    let Some(lab) = Lab::get() else { return };
    let user = user(&lab, "matcher", &["mesh-istioctl"]);
    may_get(&user, "/apis/apps/v1/namespaces/istio-system/deployments");
    Plugin::new("kubectl-mesh_istioctl", &user)
        .run("which --revision 1-28-1")
        .assert_code(0)
        .says("istioctl-1.28.1");
}

#[test]
fn a_lint_with_its_own_roles_sees_everything_and_writes_nothing() {
    let Some(lab) = Lab::get() else { return };
    let user = user(
        &lab,
        "linter",
        &["mesh-audit-policy", "mesh-audit-policy-lint"],
    );
    may_get(&user, "/apis/security.istio.io/v1/authorizationpolicies");
    may_get(&user, "/api/v1/serviceaccounts");
    may_get(&user, "/api/v1/namespaces/istio-system/configmaps");
    let mark = lab.audit_mark();
    let of = |kubeconfig: &Path| {
        let lint = Plugin::new("kubectl-mesh_audit_policy", kubeconfig);
        let mut report = lint.run("lint -o json").json();
        // The stand-in istioctl names the file that it was given, and has no recording of it.
        let rows = report["checks"].as_array_mut().unwrap();
        rows.retain(|row| row["code"] != "MESH4301");
        report["checks"].clone()
    };
    assert_eq!(of(&user), of(lab.kubeconfig()));
    assert_eq!(lab.audit_writes_since(mark), vec![]);
}

#[test]
fn a_precheck_with_its_own_roles_sees_everything_and_writes_nothing() {
    let Some(lab) = Lab::get() else { return };
    let roles = [
        "mesh-precheck",
        "mesh-precheck-secrets",
        "mesh-precheck-services",
        "mesh-precheck-istioctl",
        "mesh-precheck-analyze",
    ];
    let user = user(&lab, "checker", &roles);
    for path in [
        "/api/v1/nodes",
        "/api/v1/namespaces/istio-system/secrets",
        "/apis/networking.istio.io/v1/virtualservices?watch=true&timeoutSeconds=1",
        "/api/v1/namespaces/kube-system/configmaps/cilium-config",
    ] {
        let api = Api::of_kubeconfig(&fs::read_to_string(&user).unwrap()).unwrap();
        wait(path, || {
            api.raw(path).map_or_else(|e| e.code != 403, |_| true)
        });
    }
    let mark = lab.audit_mark();
    let precheck = Plugin::new("kubectl-mesh_precheck", &user);
    let ran = precheck.run("--to 1.28.1 -o json");
    let report = ran.json();
    let checks = report["checks"].as_array().unwrap().iter();
    let skipped: Vec<_> = checks
        .filter(|c| c["status"] == "skipped" || c["inPart"] == true)
        .map(ToString::to_string)
        .collect();
    assert_eq!(skipped, Vec::<String>::new());
    let refused: Vec<_> = lab
        .audit_since(mark)
        .into_iter()
        .filter(|e| e.user == "checker" && e.code == Some(403))
        .map(|e| e.uri)
        .collect();
    assert_eq!(refused, Vec::<String>::new());
}

#[test]
fn a_writer_goes_every_way_and_back() {
    let Some(lab) = Lab::get() else { return };
    let before = World::of(lab.api());
    let writer = user(
        &lab,
        "writer",
        &["mesh-reader", "mesh-prober", "mesh-writer"],
    );
    may_read(&writer);
    may_get(&writer, "/api/v1/namespaces/default");
    may_get(
        &writer,
        "/api/v1/namespaces/istio-system/services/istiod-1-26-1",
    );
    let api = Api::of_kubeconfig(&fs::read_to_string(&writer).unwrap()).unwrap();
    wait("create pods", || {
        api.create_dry_run(&pod("default", &json!({}))).is_ok()
    });
    let tag = Plugin::tag(&writer);
    for verb in [
        "promote stable --to 1-28-1",
        "rollback stable",
        "move staging --to stable",
        "move staging --undo",
        "create green --to 1-28-1",
        "rollback green",
        "create green --to 1-28-1",
        "remove green",
    ] {
        tag.run(&format!("{verb} --yes"))
            .assert_code(0)
            .says("Done and read back");
    }
    World::of(lab.api()).assert_as(&before);
}

#[test]
fn a_restore_needs_its_own_role_and_no_more() {
    let Some(lab) = Lab::get() else { return };
    let sandbox = Plugin::new("kubectl-mesh_backup", lab.kubeconfig());
    let file = sandbox.dir().join("mesh.tar.zst").display().to_string();
    sandbox.run(&format!("create {file}")).assert_code(0);
    let hook = "istio-revision-tag-stable";
    lab.api()
        .delete("MutatingWebhookConfiguration", "", hook)
        .unwrap();
    // Who may save may not restore: each right is named before anything is written.
    let saver = user(&lab, "only-saver", &["mesh-backup", "mesh-backup-secrets"]);
    may_read(&saver);
    let mark = lab.audit_mark();
    Plugin::new("kubectl-mesh_backup", &saver)
        .run(&format!("restore {file} --yes"))
        .assert_code(2)
        .says("missing: create mutatingwebhookconfigurations.admissionregistration.k8s.io");
    assert_eq!(lab.audit_writes_since(mark), vec![]);
    let restorer = user(&lab, "restorer", &["mesh-backup-restore"]);
    may_get(
        &restorer,
        "/api/v1/namespaces/istio-system/secrets/istio-ca-secret",
    );
    let restorer = Plugin::new("kubectl-mesh_backup", &restorer);
    restorer
        .run(&format!("restore {file} --yes"))
        .assert_code(0);
    assert!(
        lab.api()
            .get("MutatingWebhookConfiguration", "", hook)
            .is_some()
    );
    restorer
        .run("rollback --yes --waive overlap=tested")
        .assert_code(0);
    assert!(
        lab.api()
            .get("MutatingWebhookConfiguration", "", hook)
            .is_none()
    );
}

#[test]
fn a_restore_of_secrets_needs_one_role_more_and_no_list() {
    let Some(lab) = Lab::get() else { return };
    let sandbox = Plugin::new("kubectl-mesh_backup", lab.kubeconfig());
    let file = sandbox.dir().join("mesh.tar.zst").display().to_string();
    let ours = sandbox.dir().join("ours").display().to_string();
    fs::write(&ours, format!("{}\n", crate::backup::IDENTITY)).unwrap();
    let to = crate::backup::RECIPIENT;
    sandbox
        .run(&format!(
            "create {file} --include-secrets --encrypt-to {to}"
        ))
        .assert_code(0);
    let name = "istio-ca-secret";
    lab.api().delete("Secret", "istio-system", name).unwrap();
    let restore = format!("restore {file} --identity {ours} --include-secrets --yes");
    let without = user(&lab, "bare-restorer", &["mesh-backup-restore"]);
    let path = format!("/api/v1/namespaces/istio-system/secrets/{name}");
    wait("read configmaps", || {
        let text = fs::read_to_string(&without).unwrap();
        let api = Api::of_kubeconfig(&text).unwrap();
        api.raw("/api/v1/namespaces/istio-system/configmaps")
            .is_ok()
    });
    let mark = lab.audit_mark();
    Plugin::new("kubectl-mesh_backup", &without)
        .run(&restore)
        .assert_code(2)
        .says("missing: create secrets in istio-system");
    assert_eq!(lab.audit_writes_since(mark), vec![]);
    let roles = ["mesh-backup-restore", "mesh-backup-restore-secrets"];
    let with = user(&lab, "full-restorer", &roles);
    // Any Secret tells that the role is known by now.
    let probe = json!({ "apiVersion": "v1", "kind": "Secret",
        "metadata": { "name": "probe", "namespace": "istio-system" } });
    lab.api().create(&probe).unwrap();
    may_get(&with, "/api/v1/namespaces/istio-system/secrets/probe");
    let plugin = Plugin::new("kubectl-mesh_backup", &with);
    plugin.run(&restore).assert_code(0);
    assert!(lab.api().raw(&path).is_ok());
    plugin.run("rollback --yes").assert_code(0);
    assert!(lab.api().raw(&path).is_err());
}
