//! Clocks: tokens and certificates are valid from one moment to another, and every machine has its own idea of now.

use jiff::{SignedDuration, Timestamp};
use mesh_common::{check::Severity, mesh::Node};

use super::object;
use crate::{
    check::{More, Verdict, count, finding},
    facts::Facts,
};

pub(super) const CLOCK: &str = "MESH2108";

/// More than this is no longer the network.
const NOTED: SignedDuration = SignedDuration::from_secs(30);
/// More than this and tokens and certificates fail: istiod dates its certificates back by two minutes
/// (`security/pkg/pki/util/generate_cert.go`, `ClockSkewGracePeriod`).
const BROKEN: SignedDuration = SignedDuration::from_mins(5);
/// A kubelet writes its status every five minutes where nothing changes (`nodeStatusReportFrequency`); twice that is late.
const LATE: SignedDuration = SignedDuration::from_mins(10);

const OLD: &str = "it is Ready, and its last heartbeat is old: its clock is behind, or its kubelet does not report";

/// This machine against the API server, and the nodes' heartbeats against the same.
pub(super) fn clocks(facts: &Facts) -> Verdict {
    let clock = &facts.platform.clock;
    let ahead = clock.get().map_or(SignedDuration::ZERO, |c| c.ahead);
    let mut found = Vec::new();
    if let Some(clock) = clock.get() {
        // No more certain than the answer was quick.
        let off = clock.ahead.abs() - clock.took;
        if let Some(severity) = gravity(off) {
            let which = if clock.ahead.is_negative() {
                "ahead of"
            } else {
                "behind"
            };
            found.push(
                finding(
                    CLOCK,
                    severity,
                    "this machine",
                    format!("its clock is {which} the API server's"),
                )
                .seen(format!("by {}", span(clock.ahead)))
                .hint("set it by NTP: tokens and certificates are judged by it"),
            );
        }
    }
    let nodes = &facts.mesh.nodes;
    let server = facts.mesh.now.checked_add(ahead).unwrap_or(facts.mesh.now);
    let beating = nodes.get().into_iter().flatten().filter(|n| n.ready);
    let mut beats = 0;
    for node in beating {
        if let Some(beat) = node.heartbeat {
            beats += 1;
            found.extend(judge(node, beat, server));
        }
    }
    let beats = match beats {
        0 => "no heartbeat of a node to look at".to_owned(),
        n => format!("{} of nodes in time", count(n, "heartbeat")),
    };
    let here = match clock.get() {
        Some(clock) => format!(
            "this machine and the API server differ by {}, {beats}",
            span(clock.ahead),
        ),
        None => beats,
    };
    Verdict::of(found, here, |found| {
        let old = found.iter().filter(|f| f.message == OLD).count();
        let off = found.len() - old;
        let parts = [
            (off > 0).then(|| format!("{} off by more than 30 s", count(off, "clock"))),
            (old > 0).then(|| format!("{} older than 10 min", count(old, "heartbeat"))),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    })
    .but_for(clock)
    .but_for(nodes)
}

fn judge(node: &Node, beat: Timestamp, server: Timestamp) -> Option<mesh_common::check::Finding> {
    let early = beat.duration_since(server);
    let about = |severity, message: &str, hint: &str| {
        finding(CLOCK, severity, object(node), message)
            .seen(format!(
                "heartbeat {} {}",
                span(early),
                if early.is_negative() {
                    "ago"
                } else {
                    "from now"
                }
            ))
            .hint(hint)
    };
    if let Some(severity) = gravity(early) {
        return Some(about(
            severity,
            "its heartbeat lies in the future: its clock is ahead of the API server's",
            "set the node's clock by NTP: its proxies judge certificates by it",
        ));
    }
    (-early > LATE).then(|| {
        about(
            Severity::Warning,
            OLD,
            "look at the clock of the node and at its kubelet\nkubectl describe nodes",
        )
    })
}

fn gravity(off: SignedDuration) -> Option<Severity> {
    if off > BROKEN {
        Some(Severity::Error)
    } else if off > NOTED {
        Some(Severity::Warning)
    } else {
        None
    }
}

/// `12 s`, `7 min`, `3 h`.
fn span(duration: SignedDuration) -> String {
    let seconds = duration.abs().as_secs();
    match seconds {
        0 => "less than 1 s".into(),
        1..120 => format!("{seconds} s"),
        120..7_200 => format!("{} min", seconds / 60),
        _ => format!("{} h", seconds / 3_600),
    }
}

#[cfg(test)]
mod tests {
    use mesh_common::mesh::{Gap, Known, Why};

    use super::{super::CHECKS, *};
    use crate::{
        check::Status,
        made::{facts, nodes, run},
        observe::{Clock, Platform},
    };

    fn with(ahead: i64, took: i64) -> Facts {
        let mut facts = facts();
        facts.platform.clock = Known::Known(Clock {
            ahead: SignedDuration::from_secs(ahead),
            took: SignedDuration::from_secs(took),
        });
        // The nodes go with the API server, whatever this machine thinks.
        let server = facts.mesh.now + SignedDuration::from_secs(ahead - 10);
        for node in nodes(&mut facts) {
            node.heartbeat = Some(server);
        }
        facts
    }

    #[test]
    fn this_machine_is_held_against_the_api_server() {
        for (ahead, took, status, words) in [
            (0, 0, Status::Ok, ""),
            (30, 0, Status::Ok, ""),
            (31, 0, Status::Warning, "behind"),
            (-31, 0, Status::Warning, "ahead of"),
            (-300, 0, Status::Warning, "ahead of"),
            (301, 0, Status::Error, "behind"),
            // A slow answer says little.
            (60, 40, Status::Ok, ""),
        ] {
            let verdict = run(CHECKS, CLOCK, &with(ahead, took));
            assert_eq!(verdict.status, status, "{ahead} {took}: {verdict:?}");
            if let Some(found) = verdict.findings.first() {
                assert_eq!(found.object, "this machine");
                assert!(found.message.contains(words), "{found:?}");
                assert!(found.evidence[0].starts_with("by ") && found.hint.is_some());
            }
        }
        let verdict = run(CHECKS, CLOCK, &with(1, 0));
        assert_eq!(
            verdict.summary,
            "this machine and the API server differ by 1 s, 3 heartbeats of nodes in time"
        );
    }

    #[test]
    fn nodes_are_held_against_the_api_server_too() {
        for (beat, ready, status, word) in [
            (-290, true, Status::Ok, ""),
            (-601, true, Status::Warning, "old"),
            // Its own check says so.
            (-601, false, Status::Ok, ""),
            (31, true, Status::Warning, "future"),
            (301, true, Status::Error, "future"),
        ] {
            let mut facts = with(100, 0);
            let server = facts.mesh.now + SignedDuration::from_secs(100);
            let node = &mut nodes(&mut facts)[0];
            node.heartbeat = Some(server + SignedDuration::from_secs(beat));
            node.ready = ready;
            let verdict = run(CHECKS, CLOCK, &facts);
            let found = verdict.findings.iter().find(|f| f.object == "node/node-1");
            assert_eq!(found.is_some(), status != Status::Ok, "{beat}: {verdict:?}");
            if let Some(found) = found {
                assert!(found.message.contains(word), "{found:?}");
                assert_eq!(
                    found.severity == Severity::Error,
                    status == Status::Error,
                    "{beat}"
                );
            }
        }
    }

    #[test]
    fn a_rehearsal_judges_heartbeats_only() {
        let mut facts = facts();
        facts.platform = Platform::nobody();
        let verdict = run(CHECKS, CLOCK, &facts);
        assert_eq!(verdict.status, Status::NotEvaluated);
        assert!(
            verdict
                .summary
                .starts_with("3 heartbeats of nodes in time; not evaluated")
        );
        nodes(&mut facts)[0].heartbeat = Some(facts.mesh.now + SignedDuration::from_mins(6));
        assert_eq!(run(CHECKS, CLOCK, &facts).status, Status::Error);
    }

    #[test]
    fn what_is_not_known_is_not_ok() {
        let mut facts = facts();
        facts.platform.clock = Known::Unknown(Gap {
            what: "clock".into(),
            why: Why::Failed,
            detail: "the API server does not say what time it has".into(),
        });
        assert_eq!(run(CHECKS, CLOCK, &facts).status, Status::Unknown);
        let mut facts = with(0, 0);
        facts.mesh.nodes = Known::Unknown(Gap {
            what: "nodes".into(),
            why: Why::Forbidden,
            detail: "may not list nodes".into(),
        });
        assert_eq!(run(CHECKS, CLOCK, &facts).status, Status::Skipped);
    }

    #[test]
    fn spans_in_words() {
        for (seconds, want) in [
            (0, "less than 1 s"),
            (-45, "45 s"),
            (400, "6 min"),
            (9_000, "2 h"),
        ] {
            assert_eq!(span(SignedDuration::from_secs(seconds)), want);
        }
    }
}
