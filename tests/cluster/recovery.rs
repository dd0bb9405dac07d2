//! Commands that are cut off: killed after each of their writes, with istioctl still at work, half applied,
//! hanging, lying. The next command finds the record; both ways out lead where they say.

use mesh_common::journal::State;
use mesh_testkit::{Api, ChaosProxy, Failure, Lab, LabGuard, Plugin, When};

use crate::kit::{World, records, tag_revision};

/// istioctl may take two seconds here, so a killed command's Lease is over soon.
const PROMOTE: &str = "promote stable --to 1-28-1 --yes --istioctl-timeout 2";

/// The time of a killed command's Lease is over; `killed_while_istioctl_is_at_work` waits for it in earnest.
fn expire_lease(api: &Api) {
    if api.get("Lease", "istio-system", "kubectl-mesh").is_some() {
        api.delete("Lease", "istio-system", "kubectl-mesh")
            .expect("the Lease can be deleted");
    }
}

/// Runs a promotion through a proxy that kills it right after its n-th write; whether it was killed.
fn killed_after(lab: &LabGuard, n: usize) -> bool {
    let proxy = ChaosProxy::start(lab.kubeconfig());
    let sandbox = Plugin::tag(proxy.kubeconfig());
    proxy.kill_after(When::write(n));
    let running = sandbox.spawn(PROMOTE);
    proxy.victim(running.pid());
    let ran = running.finish();
    if ran.signal.is_none() {
        ran.assert_code(0);
    }
    ran.signal == Some(9)
}

#[test]
fn killed_after_any_write_it_is_found_and_finished_or_taken_back() {
    let Some(mut lab) = Lab::get() else { return };
    let before = World::of(lab.api());
    let mut points = 0;
    // Lease, record, two of istioctl's, Lease, record, Lease: more than a promotion has.
    for n in 1..=10 {
        let mut killed = false;
        for way in ["resume --yes", "rollback stable --yes"] {
            lab.reset();
            killed = killed_after(&lab, n);
            if !killed {
                break;
            }
            let sandbox = Plugin::tag(lab.kubeconfig());
            let unfinished = records(lab.api()).iter().any(|r| r.state == State::Started);
            expire_lease(lab.api());
            if !unfinished {
                // Killed before the record, or after its last word: there is nothing to be found.
                let done = !records(lab.api()).is_empty();
                let want = if done { "1-28-1" } else { "1-26-1" };
                assert_eq!(tag_revision(lab.api(), "stable"), want, "write {n}");
                continue;
            }
            // Nothing new is begun before the old is settled.
            sandbox
                .run("promote canary --to 1-26-1 --yes")
                .assert_code(2)
                .says("kubectl mesh-tag resume")
                .says("kubectl mesh-tag rollback stable");
            sandbox.run(way).assert_code(0);
            let all = records(lab.api());
            assert!(
                all.iter().all(|r| r.state != State::Started),
                "write {n}, {way}: {all:?}"
            );
            if way.starts_with("resume") {
                assert_eq!(tag_revision(lab.api(), "stable"), "1-28-1", "write {n}");
            } else {
                World::of(lab.api()).assert_as(&before);
            }
        }
        if !killed {
            break;
        }
        points += 1;
    }
    assert!(
        points >= 6,
        "only {points} points of a promotion were tried"
    );
}

#[test]
fn killed_while_istioctl_is_at_work_the_next_command_waits_it_out() {
    let Some(lab) = Lab::get() else { return };
    let before = World::of(lab.api());
    let sandbox = Plugin::tag(lab.kubeconfig());
    let go = sandbox.dir().join("go");
    let sandbox = sandbox.fault(&format!("wait-file:{}", go.display()));
    let running = sandbox.spawn("promote stable --to 1-28-1 --yes --istioctl-timeout 3");
    sandbox.istioctl_reaches("waiting");
    running.kill();
    assert_eq!(running.finish().signal, Some(9));
    // The orphan writes now, before its Lease is over.
    std::fs::write(&go, "").unwrap();
    sandbox.istioctl_reaches("end");
    let other = Plugin::tag(lab.kubeconfig());
    other
        .run("rollback stable --yes")
        .assert_code(0)
        .says("may still write");
    World::of(lab.api()).assert_as(&before);
}

#[test]
fn every_half_applied_subset_is_seen_and_can_be_finished_or_taken_back() {
    let Some(mut lab) = Lab::get() else { return };
    let before = World::of(lab.api());
    for only in ["MutatingWebhookConfiguration", "Service"] {
        for exit in ["", "+exit:0"] {
            for way in ["resume", "rollback"] {
                lab.reset();
                let broken = Plugin::tag(lab.kubeconfig()).fault(&format!("only:{only}{exit}"));
                broken
                    .run(PROMOTE)
                    .assert_code(4)
                    .says("not as planned")
                    .says("kubectl mesh-tag rollback stable");
                let id = records(lab.api())[0].id.clone();
                let sandbox = Plugin::tag(lab.kubeconfig());
                if way == "resume" {
                    sandbox
                        .run(&format!("resume --record {id} --yes"))
                        .assert_code(0);
                    assert_eq!(tag_revision(lab.api(), "stable"), "1-28-1");
                    assert!(
                        lab.api()
                            .get("Service", "istio-system", "istiod-revision-tag-stable")
                            .is_some()
                    );
                } else {
                    sandbox.run("rollback stable --yes").assert_code(0);
                    World::of(lab.api()).assert_as(&before);
                }
            }
        }
    }
}

#[test]
fn an_istioctl_that_applies_nothing_is_not_believed() {
    let Some(mut lab) = Lab::get() else { return };
    for fault in ["nothing", "nothing+exit:1", "garbage+nothing"] {
        lab.reset();
        let before = World::of(lab.api());
        let sandbox = Plugin::tag(lab.kubeconfig()).fault(fault);
        let ran = sandbox.run(PROMOTE);
        ran.assert_code(1)
            .says("nothing was changed")
            .never_says("\u{1b}");
        World::of(lab.api()).assert_as(&before);
        assert_eq!(records(lab.api())[0].state, State::Nothing, "{fault}");
    }
}

#[test]
fn an_istioctl_that_hangs_is_stopped_and_what_it_did_is_read_back() {
    let Some(mut lab) = Lab::get() else { return };
    let before = World::of(lab.api());
    let sandbox = Plugin::tag(lab.kubeconfig()).fault("hang");
    sandbox
        .run(PROMOTE)
        .assert_code(1)
        .says("stopped after 2 s")
        .says("nothing was changed");
    World::of(lab.api()).assert_as(&before);
    // It may as well hang when all is done: the cluster decides, not the child.
    lab.reset();
    let sandbox = Plugin::tag(lab.kubeconfig()).fault("hang-after-apply");
    sandbox
        .run(PROMOTE)
        .assert_code(0)
        .says("Done and read back");
    assert_eq!(tag_revision(lab.api(), "stable"), "1-28-1");
}

#[test]
fn a_killed_rollback_is_finished_by_resume() {
    let Some(mut lab) = Lab::get() else { return };
    let before = World::of(lab.api());
    let mut points = 0;
    for n in 1..=10 {
        lab.reset();
        Plugin::tag(lab.kubeconfig()).run(PROMOTE).assert_code(0);
        let proxy = ChaosProxy::start(lab.kubeconfig());
        let sandbox = Plugin::tag(proxy.kubeconfig());
        proxy.kill_after(When::write(n));
        let running = sandbox.spawn("rollback stable --yes");
        proxy.victim(running.pid());
        if running.finish().signal.is_none() {
            break;
        }
        points += 1;
        expire_lease(lab.api());
        let sandbox = Plugin::tag(lab.kubeconfig());
        let unfinished = records(lab.api()).iter().any(|r| r.state == State::Started);
        if unfinished {
            sandbox.run("resume --yes").assert_code(0);
        } else if tag_revision(lab.api(), "stable") == "1-28-1" {
            sandbox.run("rollback stable --yes").assert_code(0);
        }
        World::of(lab.api()).assert_as(&before);
    }
    assert!(points >= 5, "only {points} points of a rollback were tried");
}

#[test]
fn an_api_server_that_fails_in_the_middle_leaves_a_record_that_says_so() {
    let Some(lab) = Lab::get() else { return };
    let before = World::of(lab.api());
    let proxy = ChaosProxy::start(lab.kubeconfig());
    // The first look at what istioctl did finds a load balancer's error page; so do all later ones.
    proxy.fail(
        When::request(
            "GET",
            "/mutatingwebhookconfigurations/istio-revision-tag-stable",
        ),
        Failure::Html(502),
    );
    let sandbox = Plugin::tag(proxy.kubeconfig());
    sandbox
        .run(PROMOTE)
        .assert_code(4)
        .says("could not be read back")
        .says("kubectl mesh-tag resume");
    expire_lease(lab.api());
    Plugin::tag(lab.kubeconfig())
        .run("rollback stable --yes")
        .assert_code(0);
    World::of(lab.api()).assert_as(&before);
}

#[test]
fn ctrl_c_while_istioctl_is_at_work_says_what_was_and_was_not_done() {
    let Some(mut lab) = Lab::get() else { return };
    let before = World::of(lab.api());
    // Before istioctl wrote anything; after it wrote half; after it wrote all. Each time it waits then.
    for (fault, says, code) in [
        (
            "wait-file:/never/there",
            "interrupted; nothing was changed",
            130,
        ),
        ("only:Service+hang-after-apply", "not as planned", 130),
        ("hang-after-apply", "Done and read back", 130),
    ] {
        lab.reset();
        let sandbox = Plugin::tag(lab.kubeconfig()).fault(fault);
        let mut terminal = sandbox.terminal();
        terminal.line("kubectl mesh-tag promote stable --to 1-28-1");
        terminal.sees("[y/N]");
        terminal.line("y");
        sandbox.istioctl_reaches("waiting");
        terminal.control('c');
        let (printed, ended) = terminal.ends();
        assert!(printed.contains(says), "{fault}: {printed}");
        assert_eq!(ended, code, "{fault}: {printed}");
        let sandbox = Plugin::tag(lab.kubeconfig());
        if records(lab.api())[0].state != State::Nothing {
            sandbox.run("rollback stable --yes").assert_code(0);
        }
        World::of(lab.api()).assert_as(&before);
    }
}
