//! `mesh-istioctl` with a cluster: which one matches, and what the one that is run is given.

use mesh_testkit::{Lab, Plugin};
use serde_json::Value;

#[test]
fn the_one_that_matches_is_run() {
    let Some(lab) = Lab::get() else { return };
    let plugin = Plugin::new("kubectl-mesh_istioctl", lab.kubeconfig());
    let mark = lab.audit_mark();
    let which = plugin.run("which --revision 1-28-1");
    which.assert_code(0);
    assert!(
        which.stdout.ends_with("/istioctl-1.28.1\n"),
        "{}",
        which.stdout
    );
    plugin
        .run("which")
        .assert_code(2)
        .says("name the revision with --revision")
        .says("1-26-1  1.26.1");

    let ran = plugin.run("exec --revision 1-26-1 -- version --remote=false -o json");
    ran.assert_code(0);
    assert_eq!(ran.json()["clientVersion"]["version"], "1.26.1");
    // Of the cluster that was asked, and by a kubeconfig that is gone afterwards.
    let log = plugin.istioctl_log();
    let argv: Vec<&str> = log
        .iter()
        .filter_map(|event| event["argv"].as_array())
        .map(|argv| argv.iter().filter_map(Value::as_str).collect::<Vec<_>>())
        .find(|argv| argv[0].starts_with("--kubeconfig="))
        .unwrap();
    assert_eq!(argv[1], "--istioNamespace=istio-system", "{argv:?}");
    let kubeconfig = argv[0].strip_prefix("--kubeconfig=").unwrap();
    assert_ne!(kubeconfig, lab.kubeconfig().to_str().unwrap());
    assert!(!std::path::Path::new(kubeconfig).exists(), "{kubeconfig}");

    // Its own exit code, whatever it would mean of us: 70 is the stand-in's for what nobody recorded.
    plugin
        .run("exec --revision 1-26-1 -- no-such-command")
        .assert_code(70)
        .says("istioctl stand-in: ");
    assert_eq!(lab.audit_writes_since(mark), vec![]);
}

/// What it is run with: an archive of a megabyte that does not compress, and a disk of a quarter of that, which is gone with
/// the command.
const ON_A_SMALL_DISK: &str = r#"
set -e
mkdir disk downloads
head -c 1000000 /dev/urandom > istioctl
tar -czf downloads/$ARCHIVE istioctl
(cd downloads && sha256sum $ARCHIVE > $ARCHIVE.sha256)
mount -t tmpfs -o size=256k tmpfs disk
set +e
XDG_DATA_HOME=$PWD/disk "$0" install 1.28.1 --from-file downloads 2>&1
echo "exit $?"
find disk -type f
"#;

#[test]
fn an_istioctl_for_which_the_disk_is_too_small_leaves_nothing() {
    let Some(lab) = Lab::get() else { return };
    let plugin = Plugin::new("kubectl-mesh_istioctl", lab.kubeconfig());
    let arch = match std::env::consts::ARCH {
        "aarch64" => "arm64",
        _ => "amd64",
    };
    let mut unshare = plugin.command("/usr/bin/env");
    unshare
        .args(["unshare", "--mount", "sh", "-c", ON_A_SMALL_DISK])
        .arg(plugin.bin().join("kubectl-mesh_istioctl"))
        .env("ARCHIVE", format!("istioctl-1.28.1-linux-{arch}.tar.gz"))
        .env("PATH", std::env::var_os("PATH").unwrap());
    let done = unshare.output().unwrap();
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(said.contains("the disk is full"), "{said}{done:?}");
    assert!(said.contains("nothing was installed"), "{said}");
    // Nothing is found after the exit code.
    assert!(said.ends_with("exit 1\n"), "{said}");
}
