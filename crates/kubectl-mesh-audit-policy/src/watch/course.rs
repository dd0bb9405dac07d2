//! The course of a watch: round after round of asking until its time is over, then what it came to.

use std::time::Duration;

use jiff::Timestamp;
use kube::Client;
use mesh_common::{
    Ctx, Outcome,
    cluster::Connection,
    error::{Error, Kind, Result},
    journal::local::Notes,
    output::clean,
};
use serde_json::json;
use tokio::time::Instant;

use super::{
    Subject, callers,
    counters::{Of, Reading, Tally},
    events::Events,
    judge::Judged,
    proxies, screen,
};
use crate::watched::Watched;

/// A watch that goes on.
pub(super) struct Course<'a> {
    ctx: &'a Ctx,
    conn: &'a Connection,
    client: Client,
    subject: &'a Subject,
    events: &'a Events<'a>,
    lasts: Duration,
    began: Timestamp,
    start: Instant,
    tally: Tally,
    /// Why the last round could not ask at all.
    failed: Option<String>,
}

/// A watch that ended.
pub(super) struct Ended {
    pub(super) outcome: Outcome,
    tally: Tally,
    judged: Judged,
    watched: Watched,
}

impl<'a> Course<'a> {
    pub(super) fn begin(
        ctx: &'a Ctx,
        subject: &'a Subject,
        events: &'a Events<'a>,
        lasts: Duration,
    ) -> Result<Self> {
        let names: Vec<&str> = subject.workloads.iter().map(|w| w.name.as_str()).collect();
        events.say(
            "began",
            &json!({ "policy": format!("{}/{}", subject.namespace, subject.name),
                "copy": subject.copy.policy.name, "workloads": names, "seconds": lasts.as_secs() }),
        )?;
        Ok(Self {
            ctx,
            conn: ctx.connection()?,
            client: ctx.client()?,
            subject,
            events,
            lasts,
            began: Timestamp::now(),
            start: Instant::now(),
            tally: Tally::default(),
            failed: None,
        })
    }

    /// Asks again and again, until the time is over or Ctrl-C.
    ///
    /// # Errors
    /// Nothing can be asked at all.
    pub(super) async fn go_on(&mut self, every: Duration) -> Result<()> {
        loop {
            let round = self.round().await;
            if round.is_err() {
                self.ctx.printer.progress("");
            }
            round?;
            let left = self.lasts.saturating_sub(self.start.elapsed());
            self.progress(left);
            if left.is_zero() || self.ctx.interrupt.requested() {
                break;
            }
            tokio::select! {
                () = tokio::time::sleep(every.min(left)) => {}
                () = self.ctx.interrupt.wait() => {}
            }
        }
        self.ctx.printer.progress("");
        Ok(())
    }

    fn progress(&self, left: Duration) {
        let line = screen::line(&self.tally, left, self.failed.as_deref());
        self.ctx.printer.progress(&line);
    }

    /// Asks every proxy once.
    async fn round(&mut self) -> Result<()> {
        match self.ask().await {
            Ok(readings) => {
                self.failed = None;
                readings.into_iter().try_for_each(|one| self.take(one))
            }
            // Without the right nothing will ever be counted; all else may pass.
            Err(e) if e.kind() == Kind::Unknown && self.tally.proxies.is_empty() => Err(e),
            Err(e) => {
                self.failed = Some(clean(&e.to_string(), 300));
                Ok(())
            }
        }
    }

    async fn ask(&self) -> Result<Vec<Reading>, Error> {
        let pods = proxies::pods(self.conn, &self.client, &self.subject.workloads).await?;
        let of = Of::DryRun(self.subject.is.action);
        proxies::ask(self.conn, &self.client, &pods, of, self.began).await
    }

    /// Takes in what one proxy said.
    fn take(&mut self, reading: Reading) -> Result<()> {
        let (pod, said) = (clean(&reading.pod, 300), reading.said.clone());
        let since = self.tally.take(reading);
        if let Err(why) = said {
            return self
                .events
                .say("unread", &json!({ "pod": pod, "why": why }));
        }
        if since.all() == 0 {
            return Ok(());
        }
        let counted = json!({ "pod": pod, "allowed": since.allowed, "denied": since.denied });
        self.events.say("counted", &counted)
    }

    /// What it came to.
    ///
    /// # Errors
    /// What is enforced may have changed meanwhile: then this was a watch of nothing.
    pub(super) async fn end(self) -> Result<Ended> {
        let subject = self.subject;
        subject.refuse_if_changed(self.conn, &self.client).await?;
        let judged = Judged::of(
            &subject.workloads,
            &subject.beside,
            &self.tally,
            self.failed,
        );
        let watched = Watched {
            namespace: subject.namespace.clone(),
            name: subject.name.clone(),
            copy_uid: Some(subject.copy.uid().to_owned()),
            digest: subject.is.watched.clone(),
            began: self.began,
            ended: Timestamp::now(),
            signal: judged.signal(),
            callers: callers::named(&self.tally, &judged.callers()),
            expected: callers::expected(&self.tally, &subject.rare),
            unknown: 0,
        };
        let outcome = if self.ctx.interrupt.requested() {
            Outcome::Interrupted
        } else {
            judged.outcome()
        };
        Ok(Ended {
            outcome,
            tally: self.tally,
            judged,
            watched,
        })
    }
}

impl Ended {
    /// Leaves it in the local journal.
    ///
    /// # Errors
    /// It cannot be written.
    pub(super) fn keep(&self, notes: &Notes, cluster_uid: &str) -> Result<()> {
        self.watched.keep(notes, cluster_uid, self.outcome)
    }

    /// Shows it: the last event, or the table.
    ///
    /// # Errors
    /// It cannot be written.
    pub(super) fn show(&self, ctx: &Ctx, subject: &Subject, events: &Events<'_>) -> Result<()> {
        if events.piped() {
            let body = json!({ "outcome": self.outcome, "watch": self.watched, "unknown": self.judged.unclear });
            return events.say("ended", &body);
        }
        let doc = screen::after(subject, &self.tally, &self.judged, &self.watched);
        ctx.printer.out(&doc, false)
    }
}
