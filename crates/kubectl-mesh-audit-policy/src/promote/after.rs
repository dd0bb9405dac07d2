//! After a policy is enforced: whom its proxies refuse now. The write is done and recorded by then, whatever shows up.

use std::{collections::BTreeMap, time::Duration};

use jiff::Timestamp;
use kube::Client;
use mesh_common::{
    Ctx, Outcome,
    cluster::Connection,
    error::Result,
    output::{Doc, Mark, clean, count},
    shell,
};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::{
    compile::Protocol,
    scene::{Enforcer, Found, Scene},
    watch::{
        counters::{Of, Tally},
        proxies::{self, Watched},
    },
};

mod judge;

use judge::Refusals;

/// How often the proxies are asked.
const EVERY: Duration = Duration::from_secs(5);
/// How long the first reading may take: until then nothing is written.
const FIRST: Duration = Duration::from_secs(20);

/// The proxies that enforce the policy, and for how long they are watched.
pub(super) struct After {
    lasts: Duration,
    workloads: Vec<Watched>,
    /// Workloads of which nothing can be counted, and why, one line each.
    blind: Vec<String>,
}

/// A watch that has its first reading.
pub(super) struct Begun<'a> {
    ctx: &'a Ctx,
    conn: &'a Connection,
    client: Client,
    after: After,
    began: Timestamp,
    tally: Tally,
    /// Why proxies cannot be asked at all.
    failed: Option<String>,
}

/// What it came to.
pub(super) struct Watch {
    asked: Duration,
    refusals: Refusals,
    interrupted: bool,
    /// Where somebody who may not forward ports looks by hand.
    by_hand: Vec<String>,
}

impl After {
    /// Where the policy is enforced; none where nobody is to watch.
    pub(super) fn of(scene: &Scene, meant: &Found, lasts: Duration) -> Option<Self> {
        if lasts.is_zero() {
            return None;
        }
        let (mut workloads, mut blind) = (Vec::new(), Vec::new());
        let targets = scene.targets().unwrap_or_else(|why| {
            blind.push(format!(
                "where it is enforced is not known: {}",
                clean(&why, 200)
            ));
            Vec::new()
        });
        for target in targets {
            if target.enforcer == Enforcer::Nothing {
                continue;
            }
            let context = target.context(Protocol::Http);
            match context.and_then(|context| meant.policy.applies_to(&context)) {
                Ok(true) => {}
                Err(why) if target.workload.namespace == meant.policy.namespace => {
                    blind.push(clean(&why, 200));
                    continue;
                }
                Ok(false) | Err(_) => continue,
            }
            let watched = Watched::of(&target);
            if target.enforcer == Enforcer::Ztunnel {
                let name = clean(&watched.name, 300);
                blind.push(format!("{name} is behind ztunnel, which is not asked"));
            } else if !workloads.contains(&watched) {
                workloads.push(watched);
            }
        }
        blind.sort();
        blind.dedup();
        Some(Self {
            lasts,
            workloads,
            blind,
        })
    }

    /// Asks once, before anything is written: what was refused until then is none of this policy's.
    pub(super) async fn begin<'a>(
        self,
        ctx: &'a Ctx,
        conn: &'a Connection,
        client: Client,
    ) -> Begun<'a> {
        let mut begun = Begun {
            ctx,
            conn,
            client,
            after: self,
            began: Timestamp::now(),
            tally: Tally::default(),
            failed: None,
        };
        ctx.printer.progress("what proxies refuse until now");
        if tokio::time::timeout(FIRST, begun.round()).await.is_err() {
            begun.failed = Some("the proxies did not answer in time".to_owned());
        }
        ctx.printer.progress("");
        begun
    }
}

impl Begun<'_> {
    async fn round(&mut self) {
        let asked = async {
            let workloads = &self.after.workloads;
            let (pods, _) = proxies::pods(self.conn, &self.client, workloads).await?;
            proxies::ask(self.conn, &self.client, &pods, Of::Enforced, self.began).await
        };
        match asked.await {
            Ok(readings) => {
                self.failed = None;
                for reading in readings {
                    self.tally.take(reading);
                }
            }
            Err(e) => self.failed = Some(clean(&e.to_string(), 300)),
        }
    }

    /// Asks until the time is over, or Ctrl-C.
    pub(super) async fn go_on(mut self, accepted: &BTreeMap<String, String>) -> Watch {
        // Ctrl-C ends this watch. The policy is enforced, and that has to be said.
        let _hold = self.ctx.interrupt.hold();
        let start = Instant::now();
        // Who may not ask now may not in a minute.
        let hopeless = self.failed.is_some() && self.tally.proxies.is_empty();
        while !hopeless && !self.ctx.interrupt.requested() {
            let left = self.after.lasts.saturating_sub(start.elapsed());
            if left.is_zero() {
                break;
            }
            self.ctx.printer.progress(&format!(
                "enforced; {} s left to see whom it refuses: {} so far (Ctrl-C ends this, not the policy)",
                left.as_secs() + 1,
                self.tally.sum().denied
            ));
            tokio::select! {
                () = tokio::time::sleep(EVERY.min(left)) => {}
                () = self.ctx.interrupt.wait() => break,
            }
            self.round().await;
        }
        self.ctx.printer.progress("");
        let names: Vec<&str> = self
            .after
            .workloads
            .iter()
            .map(|w| w.name.as_str())
            .collect();
        let unclear = self.after.blind.iter().cloned().chain(self.failed);
        Watch {
            asked: start.elapsed().min(self.after.lasts),
            refusals: Refusals::of(&names, &self.tally, accepted, unclear.collect()),
            interrupted: self.ctx.interrupt.requested(),
            by_hand: by_hand(&names),
        }
    }
}

/// Commands that show refusals to whoever may read logs.
fn by_hand(workloads: &[&str]) -> Vec<String> {
    let of = |name: &&&str| {
        let (namespace, short) = name.split_once('/')?;
        Some(shell::command(
            "kubectl logs {} -n {} -c istio-proxy --since 5m",
            &[short, namespace],
        ))
    };
    workloads
        .iter()
        .take(3)
        .filter_map(|name| of(&name))
        .collect()
}

impl Watch {
    /// Whether somebody is refused who is not meant to be.
    pub(super) fn rose(&self) -> bool {
        self.refusals.rose()
    }

    /// What it makes of a promotion that was done: what is seen to be wrong, or was not seen, is not as planned.
    pub(super) fn outcome(&self) -> Outcome {
        match (self.refusals.rose(), self.interrupted) {
            (true, _) => Outcome::Changed,
            (false, true) => Outcome::Interrupted,
            (false, false) if !self.refusals.unclear.is_empty() => Outcome::Changed,
            (false, false) => Outcome::Done,
        }
    }

    /// Shown below what was done.
    pub(super) fn show(&self, doc: &mut Doc) {
        let refusals = &self.refusals;
        let seconds = self.asked.as_secs();
        doc.heading("Afterwards");
        let seen = format!(
            "{} of {} refused by policies in {seconds} s",
            refusals.denied,
            requests(refusals.denied.saturating_add(refusals.allowed))
        );
        if refusals.rose() {
            doc.marked([(Mark::Bad, "refused", seen.as_str())]);
        } else if !refusals.unclear.is_empty() {
            doc.marked(
                refusals
                    .unclear
                    .iter()
                    .map(|line| (Mark::Unknown, "unknown", line.as_str())),
            );
        } else if self.interrupted {
            let words = format!("{seen}; interrupted, and the policy stays enforced");
            doc.marked([(Mark::Warn, "refused", words.as_str())]);
        } else if refusals.allowed == 0 && refusals.denied == 0 {
            let words =
                format!("nobody called in {seconds} s: what it does to callers did not show yet");
            doc.marked([(Mark::Unknown, "refused", words.as_str())]);
        } else {
            doc.marked([(Mark::Ok, "refused", seen.as_str())]);
        }
        if !refusals.callers.is_empty() {
            doc.text("Answered with 403, which a workload may answer too:");
            doc.list(refusals.callers.iter().map(judge::Caller::line));
        }
        if refusals.rose() && !refusals.unclear.is_empty() {
            doc.list(&refusals.unclear);
        }
        if !refusals.unclear.is_empty() {
            doc.text("To look by hand; refusals by policies say rbac_access_denied:");
            for command in &self.by_hand {
                doc.command(command);
            }
        }
    }

    pub(super) fn json(&self) -> Value {
        json!({
            "seconds": self.asked.as_secs(),
            "allowed": self.refusals.allowed,
            "denied": self.refusals.denied,
            "rose": self.refusals.rose(),
            "forbidden": self.refusals.callers,
            "unknown": self.refusals.unclear,
            "interrupted": self.interrupted,
        })
    }
}

fn requests(n: u64) -> String {
    count(usize::try_from(n).unwrap_or(usize::MAX), "request")
}

/// `--watch-after`: a time, or 0 for none.
pub(super) fn lasts(typed: &str) -> Result<Duration, String> {
    if typed.trim() == "0" {
        return Ok(Duration::ZERO);
    }
    let span: Result<jiff::SignedDuration, _> = typed.parse();
    span.ok()
        .and_then(|span| Duration::try_from(span).ok())
        .ok_or_else(|| "a time such as 60s, or 0 for none".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn watch(denied: u64, unclear: &[&str], interrupted: bool) -> Watch {
        Watch {
            asked: Duration::from_secs(60),
            refusals: Refusals {
                allowed: 5,
                denied,
                unclear: unclear.iter().map(|line| (*line).to_owned()).collect(),
                ..Refusals::default()
            },
            interrupted,
            by_hand: by_hand(&["payments/statefulset/ledger"]),
        }
    }

    #[test]
    fn what_is_refused_or_not_known_is_not_as_planned_and_ctrl_c_is_said() {
        for (denied, unclear, interrupted, want) in [
            (0, &[][..], false, Outcome::Done),
            (1, &[], false, Outcome::Changed),
            (1, &[], true, Outcome::Changed),
            (0, &["not asked"], false, Outcome::Changed),
            (0, &["not asked"], true, Outcome::Interrupted),
            (0, &[], true, Outcome::Interrupted),
        ] {
            let watch = watch(denied, unclear, interrupted);
            assert_eq!(watch.outcome(), want, "{denied} {unclear:?} {interrupted}");
        }
    }

    #[test]
    fn who_may_not_ask_is_told_where_to_look() {
        let commands = by_hand(&["payments/statefulset/ledger", "no-slash"]);
        assert_eq!(
            commands,
            ["kubectl logs statefulset/ledger -n payments -c istio-proxy --since 5m"]
        );
    }

    #[test]
    fn no_watch_is_asked_for_by_a_zero() {
        assert_eq!(lasts("0"), Ok(Duration::ZERO));
        assert_eq!(lasts("90s"), Ok(Duration::from_secs(90)));
        for bad in ["", "-1s", "soon", "60"] {
            assert!(lasts(bad).is_err(), "{bad}");
        }
    }
}
