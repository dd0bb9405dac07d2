//! Restores that are cut off: killed, without an API server, without a disk. What was begun is found, and ends as it
//! should.

use mesh_common::journal::State;
use mesh_testkit::{Api, ChaosProxy, Failure, Lab, LabGuard, Plugin, Ran, When};

use super::{
    backup, disturb, saved,
    world::{assert_same, paths, world},
};
use crate::kit::records;

/// The time of a killed command's Lease is over.
pub(super) fn expire_lease(api: &Api) {
    if api.get("Lease", "istio-system", "kubectl-mesh").is_some() {
        api.delete("Lease", "istio-system", "kubectl-mesh")
            .expect("the Lease can be deleted");
    }
}

fn killed_after(lab: &LabGuard, sandbox: &Plugin, file: &str, n: usize) -> Ran {
    let proxy = ChaosProxy::start(lab.kubeconfig());
    proxy.kill_after(When::write(n));
    let line = format!(
        "restore {file} --yes --force-conflicts --kubeconfig {}",
        proxy.kubeconfig().display()
    );
    let running = sandbox.spawn(&line);
    proxy.victim(running.pid());
    running.finish()
}

#[test]
fn killed_after_any_write_a_restore_is_resumed_to_no_difference_or_taken_back() {
    let Some(mut lab) = Lab::get() else { return };
    let paths = paths(lab.api());
    let mut points = 0;
    'points: for n in 1..=20 {
        for way in [
            "restore --resume --yes",
            "rollback --yes --waive overlap=tested",
        ] {
            lab.reset();
            let before = world(lab.api(), &paths);
            let sandbox = backup(lab.kubeconfig());
            let file = saved(&sandbox);
            disturb(lab.api());
            let disturbed = world(lab.api(), &paths);
            let ran = killed_after(&lab, &sandbox, &file, n);
            if ran.signal != Some(9) {
                ran.assert_code(0);
                break 'points;
            }
            expire_lease(lab.api());
            let all = records(lab.api());
            let unfinished = all.iter().any(|r| r.state == State::Started);
            if !unfinished {
                // Killed before the record, or after its last word.
                let want = if all.is_empty() { &disturbed } else { &before };
                assert_same(&world(lab.api(), &paths), want);
                continue;
            }
            sandbox
                .run(&format!("restore {file} --yes"))
                .assert_code(2)
                .says("kubectl mesh-backup restore --resume");
            Plugin::tag(lab.kubeconfig())
                .run("promote stable --to 1-28-1 --yes")
                .assert_code(2)
                .says("kubectl mesh-backup restore --resume");
            sandbox.run(way).assert_code(0);
            let want = if way.starts_with("rollback") {
                &disturbed
            } else {
                &before
            };
            assert_same(&world(lab.api(), &paths), want);
            // A way back is a record of its own; the one it undoes may be left as it was cut off, never as under way.
            assert!(
                records(lab.api()).iter().all(|r| r.state != State::Started),
                "write {n}, {way}"
            );
        }
        points += 1;
    }
    assert!(points >= 5, "only {points} points of a restore were tried");
}

/// Evenly spread places in so many steps.
fn points(steps: usize, many: usize) -> impl Iterator<Item = usize> {
    (0..many).map(move |i| 1 + i * (steps - 1) / (many - 1))
}

#[test]
fn an_api_server_that_goes_away_at_any_request_leaves_nothing_half_done_that_is_not_found() {
    let Some(mut lab) = Lab::get() else { return };
    let paths = paths(lab.api());
    let before = world(lab.api(), &paths);
    let proxy = ChaosProxy::start(lab.kubeconfig());
    let sandbox = backup(lab.kubeconfig());
    let file = saved(&sandbox);
    let line = format!(
        "restore {file} --yes --force-conflicts --kubeconfig {}",
        proxy.kubeconfig().display()
    );
    disturb(lab.api());
    sandbox.run(&line).assert_code(0);
    let requests = proxy.requests().len();
    assert!(requests > 60, "only {requests} requests");
    for n in points(requests, 20) {
        lab.reset();
        disturb(lab.api());
        let disturbed = world(lab.api(), &paths);
        let proxy = ChaosProxy::start(lab.kubeconfig());
        proxy.fail(When::since(n), Failure::Closed);
        let sandbox = backup(lab.kubeconfig());
        let ran = sandbox.run(&format!(
            "restore {file} --yes --force-conflicts --kubeconfig {}",
            proxy.kubeconfig().display()
        ));
        assert!(matches!(ran.code, Some(0..=4)), "{ran:?}");
        expire_lease(lab.api());
        if records(lab.api()).iter().any(|r| r.state == State::Started) {
            sandbox.run("restore --resume --yes").assert_code(0);
        }
        // Before the record nothing was written; after it everything is brought to its end.
        let want = if records(lab.api()).is_empty() {
            &disturbed
        } else {
            &before
        };
        assert_same(&world(lab.api(), &paths), want);
    }
}

#[test]
fn a_disk_that_is_too_small_for_the_way_back_stops_a_restore_before_its_first_change() {
    let Some(lab) = Lab::get() else { return };
    let paths = paths(lab.api());
    let sandbox = backup(lab.kubeconfig());
    let file = saved(&sandbox);
    disturb(lab.api());
    let disturbed = world(lab.api(), &paths);
    std::fs::create_dir_all(sandbox.dir().join("disk")).unwrap();
    let path = std::env::var_os("PATH").unwrap();
    // In a mount namespace of its own, so that it is gone with the command.
    let script = format!(
        "mount -t tmpfs -o size=4k tmpfs disk && XDG_DATA_HOME=$PWD/disk \"$0\" restore {file} --yes --force-conflicts 2>&1; echo \"exit $?\""
    );
    let mut unshare = sandbox.command("/usr/bin/env");
    unshare
        .args(["unshare", "--mount", "sh", "-c", &script])
        .arg(sandbox.bin().join("kubectl-mesh_backup"))
        .env("PATH", &path);
    let done = unshare.output().unwrap();
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(said.contains("No space left on device"), "{said}");
    assert!(said.ends_with("exit 1\n"), "{said}");
    assert_same(&world(lab.api(), &paths), &disturbed);
    assert!(records(lab.api()).is_empty());
    assert!(
        lab.api()
            .get("Lease", "istio-system", "kubectl-mesh")
            .is_none()
    );
}

#[test]
fn ctrl_c_between_two_writes_stops_and_says_how_to_go_on() {
    let Some(lab) = Lab::get() else { return };
    let paths = paths(lab.api());
    let before = world(lab.api(), &paths);
    let sandbox = backup(lab.kubeconfig());
    let file = saved(&sandbox);
    disturb(lab.api());
    let proxy = ChaosProxy::start(lab.kubeconfig());
    let gate = proxy.hold(When::request("POST", "/authorizationpolicies"));
    let mut terminal = sandbox.terminal();
    terminal.line(&format!(
        "kubectl mesh-backup restore {file} --yes --force-conflicts --kubeconfig {}",
        proxy.kubeconfig().display()
    ));
    gate.reached();
    terminal.control('c');
    terminal.sees("stopping at the next safe point");
    gate.release();
    let (printed, ended) = terminal.ends();
    assert_eq!(ended, 130, "{printed}");
    assert!(
        printed.contains("kubectl mesh-backup restore --resume"),
        "{printed}"
    );
    sandbox.run("restore --resume --yes").assert_code(0);
    assert_same(&world(lab.api(), &paths), &before);
}
