//! Restores that are cut off: killed, without an API server, without a disk. What was begun is found, and ends as it
//! should.

use mesh_common::journal::State;
use mesh_testkit::{Api, ChaosProxy, Failure, Lab, LabGuard, Plugin, When};

use super::{
    backup, disturb, ruin, saved,
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

/// How many points a restore is cut off at.
const POINTS: usize = 20;

/// Evenly spread places in so many steps.
fn points(steps: usize) -> impl Iterator<Item = usize> {
    (0..POINTS).map(move |i| 1 + i * (steps - 1) / (POINTS - 1))
}

/// How many writes it takes to bring back what was ruined.
fn writes_of_a_restore(lab: &LabGuard) -> usize {
    let sandbox = backup(lab.kubeconfig());
    let file = saved(&sandbox);
    ruin(lab.api());
    let proxy = ChaosProxy::start(lab.kubeconfig());
    sandbox
        .run(&restore_by(&file, &proxy))
        .assert_code(0)
        .says("Done and read back");
    proxy.writes().len()
}

fn restore_by(file: &str, proxy: &ChaosProxy) -> String {
    format!(
        "restore {file} --yes --force-conflicts --kubeconfig {}",
        proxy.kubeconfig().display()
    )
}

#[test]
fn killed_at_any_point_a_restore_is_resumed_to_no_difference_or_taken_back() {
    let Some(mut lab) = Lab::get() else { return };
    let paths = paths(lab.api());
    let writes = writes_of_a_restore(&lab);
    assert!(writes > POINTS, "only {writes} writes");
    let (mut resumed, mut taken_back) = (0, 0);
    for (at, n) in points(writes).enumerate() {
        lab.reset();
        let before = world(lab.api(), &paths);
        let sandbox = backup(lab.kubeconfig());
        let file = saved(&sandbox);
        ruin(lab.api());
        let ruined = world(lab.api(), &paths);
        let proxy = ChaosProxy::start(lab.kubeconfig());
        proxy.kill_after(When::write(n));
        let running = sandbox.spawn(&restore_by(&file, &proxy));
        proxy.victim(running.pid());
        let ran = running.finish();
        if ran.signal != Some(9) {
            // It was over before the last write was seen.
            ran.assert_code(0);
        }
        expire_lease(lab.api());
        let all = records(lab.api());
        if !all.iter().any(|r| r.state == State::Started) {
            // Killed before the record, or after its last word.
            let want = if all.is_empty() { &ruined } else { &before };
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
        let (way, want) = if at % 2 == 0 {
            resumed += 1;
            ("restore --resume --yes", &before)
        } else {
            taken_back += 1;
            ("rollback --yes --waive overlap=tested", &ruined)
        };
        sandbox.run(way).assert_code(0);
        assert_same(&world(lab.api(), &paths), want);
        // A way back is a record of its own; the one it undoes may be left as it was cut off, never as under way.
        assert!(
            records(lab.api()).iter().all(|r| r.state != State::Started),
            "write {n}, {way}"
        );
    }
    assert!(
        resumed >= 8 && taken_back >= 8,
        "{resumed} resumed, {taken_back} taken back"
    );
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
    for n in points(requests) {
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

/// Runs a restore whose data home is a disk of so many KiB, and gives what it said and the names of what lay there after.
fn on_a_disk_of(kib: usize, sandbox: &Plugin, file: &str) -> (String, Vec<String>) {
    std::fs::create_dir_all(sandbox.dir().join("disk")).unwrap();
    let path = std::env::var_os("PATH").unwrap();
    // In a mount namespace of its own, so that it is gone with the command: what is needed after is copied out.
    let script = format!(
        "mount -t tmpfs -o size={kib}k tmpfs disk && XDG_DATA_HOME=$PWD/disk \"$0\" restore {file} --yes --force-conflicts 2>&1; \
         echo \"exit $?\"; mkdir -p kept && cp -a disk/. kept/"
    );
    let mut unshare = sandbox.command("/usr/bin/env");
    unshare
        .args(["unshare", "--mount", "sh", "-c", &script])
        .arg(sandbox.bin().join("kubectl-mesh_backup"))
        .env("PATH", &path);
    let done = unshare.output().unwrap();
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    let folder = sandbox.dir().join("kept/kubectl-mesh/restores");
    let names = std::fs::read_dir(folder).into_iter().flatten();
    let names = names.map(|e| e.unwrap().file_name().to_string_lossy().into_owned());
    (said, names.collect())
}

#[test]
fn a_disk_that_is_too_small_for_the_way_back_stops_a_restore_before_its_first_change() {
    let Some(mut lab) = Lab::get() else { return };
    let paths = paths(lab.api());
    let before = world(lab.api(), &paths);
    let sandbox = backup(lab.kubeconfig());
    let file = saved(&sandbox);
    ruin(lab.api());
    let ruined = world(lab.api(), &paths);
    let (said, _) = on_a_disk_of(1024, &sandbox, &file);
    assert!(said.ends_with("exit 0\n"), "{said}");
    let used: u64 = std::fs::read_dir(sandbox.dir().join("kept/kubectl-mesh/restores"))
        .unwrap()
        .map(|e| e.unwrap().metadata().unwrap().len().div_ceil(4096))
        .sum();
    // Every page fewer than it takes, down to one.
    let mut refused = 0;
    for pages in (1..=usize::try_from(used).unwrap()).rev() {
        lab.reset();
        let sandbox = backup(lab.kubeconfig());
        let file = saved(&sandbox);
        ruin(lab.api());
        let (said, left) = on_a_disk_of(pages * 4, &sandbox, &file);
        if records(lab.api()).is_empty() {
            refused += 1;
            assert!(said.contains("No space left on device"), "{said}");
            assert!(said.ends_with("exit 1\n"), "{said}");
            assert_same(&world(lab.api(), &paths), &ruined);
            assert!(
                left.iter().all(|name| name.ends_with(".tar.zst")),
                "{left:?}"
            );
        } else {
            // What is kept after the last write, or beside the way back, did not fit: the mesh is back all the same.
            assert!(!said.ends_with("exit 1\n"), "{said}");
            assert_same(&world(lab.api(), &paths), &before);
        }
        assert!(
            lab.api()
                .get("Lease", "istio-system", "kubectl-mesh")
                .is_none()
        );
    }
    assert!(refused >= 2, "{refused} of {used} pages");
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
