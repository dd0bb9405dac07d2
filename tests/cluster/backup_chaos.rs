//! Backups that are cut off: killed, without a disk to write on, without an API server. Whatever is left behind either
//! does not pass for a backup, or says what it lacks.

use std::{path::Path, process::Command};

use mesh_testkit::{ChaosProxy, Failure, Lab, Plugin, When};
use serde_json::Value;

/// Evenly spread places in so many steps: the first, the last, and others between.
fn points(steps: usize) -> impl Iterator<Item = usize> {
    const POINTS: usize = 20;
    (0..POINTS).map(move |i| 1 + i * (steps - 1) / (POINTS - 1))
}

/// What `show` reads of a file; none when it refuses it.
fn shown(sandbox: &Plugin, file: &Path) -> Option<Value> {
    let ran = sandbox.run_args(&["show", &file.display().to_string(), "-o", "json"]);
    match ran.code {
        Some(0) => Some(serde_json::from_str(&ran.stdout).unwrap()),
        Some(1) => None,
        _ => panic!("{ran:?}"),
    }
}

/// Objects by kind.
fn counts(backup: &Value) -> Vec<(String, u64)> {
    let kinds = backup["objects"].as_object().unwrap().iter();
    kinds
        .map(|(kind, places)| {
            let places = places.as_object().unwrap().values();
            let objects = places.map(|place| place["objects"].as_u64().unwrap());
            (kind.clone(), objects.sum())
        })
        .collect()
}

fn backup(kubeconfig: &Path) -> Plugin {
    Plugin::new("kubectl-mesh_backup", kubeconfig)
}

/// The whole backup, and how many requests it takes.
fn whole(lab: &Lab) -> (Value, usize) {
    let proxy = ChaosProxy::start(lab.kubeconfig());
    let sandbox = backup(proxy.kubeconfig());
    sandbox.run("create whole.tar.zst").assert_code(0);
    let whole = shown(&sandbox, &sandbox.dir().join("whole.tar.zst")).unwrap();
    (whole, proxy.requests().len())
}

#[test]
fn a_backup_that_is_killed_leaves_no_file_that_passes_for_one() {
    let Some(lab) = Lab::get() else { return };
    let (_, requests) = whole(&lab);
    assert!(requests > 30, "only {requests} requests");
    for n in points(requests) {
        let proxy = ChaosProxy::start(lab.kubeconfig());
        proxy.kill_before(When::nth(n));
        let sandbox = backup(proxy.kubeconfig());
        let into = sandbox.dir().join("into");
        std::fs::create_dir(&into).unwrap();
        let running = sandbox.spawn("create into/mesh.tar.zst");
        proxy.victim(running.pid());
        let ran = running.finish();
        assert_eq!(ran.signal, Some(9), "request {n}: {ran:?}");
        for left in std::fs::read_dir(&into).unwrap() {
            let left = left.unwrap().path();
            assert_ne!(left.file_name().unwrap(), "mesh.tar.zst", "request {n}");
            assert_eq!(
                shown(&sandbox, &left),
                None,
                "request {n}: {}",
                left.display()
            );
        }
    }
}

#[test]
fn a_backup_without_an_api_server_half_way_is_none_or_says_what_it_lacks() {
    let Some(lab) = Lab::get() else { return };
    let (whole, requests) = whole(&lab);
    let whole = counts(&whole);
    let mut partial = 0;
    for n in points(requests) {
        let proxy = ChaosProxy::start(lab.kubeconfig());
        proxy.fail(When::since(n), Failure::Closed);
        let sandbox = backup(proxy.kubeconfig());
        let ran = sandbox.run("create mesh.tar.zst");
        let Some(made) = shown(&sandbox, &sandbox.dir().join("mesh.tar.zst")) else {
            ran.assert_code(1);
            continue;
        };
        ran.assert_code(3);
        partial += 1;
        let missing: Vec<&str> = made["unread"]
            .as_array()
            .unwrap()
            .iter()
            .map(|unread| unread["what"].as_str().unwrap())
            .collect();
        assert_ne!(missing, Vec::<&str>::new(), "request {n}");
        // Kinds that come to light by discovery are not known when that fails.
        let undiscovered = missing
            .iter()
            .any(|what| *what == "customresources" || what.contains('/'));
        let counted = counts(&made);
        for (kind, objects) in &whole {
            let read = counted.iter().find(|(k, _)| k == kind).map(|(_, n)| *n);
            assert!(
                read == Some(*objects) || missing.contains(&kind.as_str()) || undiscovered,
                "request {n}: {kind} has {read:?} objects of {objects}, and nothing says so: {missing:?}"
            );
        }
    }
    assert!(partial >= 5, "only {partial} backups were cut half-way");
}

#[test]
fn a_backup_for_which_the_disk_is_too_small_leaves_nothing() {
    let Some(lab) = Lab::get() else { return };
    let sandbox = backup(lab.kubeconfig());
    sandbox.run("create whole.tar.zst").assert_code(0);
    let size = std::fs::metadata(sandbox.dir().join("whole.tar.zst"))
        .unwrap()
        .len();
    let disk = sandbox.dir().join("disk");
    std::fs::create_dir(&disk).unwrap();
    // A disk of one page is the smallest; the largest lacks two.
    let pages = usize::try_from(size / 4096).unwrap();
    for n in points(pages - 1) {
        // In a mount namespace of its own, so that it is gone with the command.
        let script = format!(
            "mount -t tmpfs -o size={}k tmpfs disk && \"$0\" create disk/mesh.tar.zst 2>&1; echo \"exit $?\"; ls -A disk",
            n * 4
        );
        let path = std::env::var_os("PATH").unwrap();
        let mut unshare: Command = sandbox.command("/usr/bin/env");
        unshare
            .args(["unshare", "--mount", "sh", "-c", &script])
            .arg(sandbox.bin().join("kubectl-mesh_backup"))
            .env("PATH", path);
        let done = unshare.output().unwrap();
        let said = String::from_utf8_lossy(&done.stdout).into_owned();
        // Nothing is listed after the exit code: the disk is empty again.
        let lines: Vec<&str> = said.lines().collect();
        assert_eq!(
            lines,
            [
                "error: cannot write disk/mesh.tar.zst",
                "Caused by: No space left on device (os error 28)",
                "exit 1"
            ],
            "{n} pages: {done:?}"
        );
    }
}
