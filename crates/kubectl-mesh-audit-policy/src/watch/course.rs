//! The course of a watch: round after round of asking until its time is over, then what it came to.

use std::{collections::BTreeMap, time::Duration};

use jiff::Timestamp;
use kube::Client;
use mesh_common::{
    Ctx, Outcome,
    cluster::Connection,
    error::{Error, Kind, Result},
    journal::local::Notes,
    output::{Live, clean},
};
use serde_json::json;
use tokio::time::Instant;

use super::{
    Subject, callers,
    counters::{Of, Reading, Tally},
    ears::{Ears, From, Sound},
    events::Events,
    heard::Heard,
    judge::Judged,
    named::Named,
    proxies, screen,
};
use crate::{replay::Alone, watched::Watched};

/// So often the screen shows what came meanwhile.
const SHOWN: Duration = Duration::from_secs(1);
/// How long the end of the logs is waited for: a proxy writes its log once a second or, untold, every ten.
const REST: Duration = Duration::from_secs(5);
/// So often it is looked whether that is there.
const LOOK: Duration = Duration::from_millis(100);

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
    ears: Ears,
    alone: Alone,
    heard: Heard,
    live: Live<'a>,
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
        alone: Alone,
        lasts: Duration,
    ) -> Result<Self> {
        let names: Vec<&str> = subject.workloads.iter().map(|w| w.name.as_str()).collect();
        events.say(
            "began",
            &json!({ "policy": format!("{}/{}", subject.namespace, subject.name),
                "copy": subject.copy.policy.name, "workloads": names, "seconds": lasts.as_secs() }),
        )?;
        let (conn, client) = (ctx.connection()?, ctx.client()?);
        Ok(Self {
            ears: Ears::new(conn, &client),
            alone,
            heard: Heard::default(),
            live: ctx.printer.live(),
            ctx,
            conn,
            client,
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
                self.live.clear();
            }
            round?;
            let next = Instant::now() + every.min(self.left());
            while Instant::now() < next && !self.over() {
                self.listen(SHOWN.min(next - Instant::now())).await;
                self.tell()?;
            }
            if self.over() {
                break;
            }
        }
        self.live.clear();
        Ok(())
    }

    fn left(&self) -> Duration {
        self.lasts.saturating_sub(self.start.elapsed())
    }

    fn over(&self) -> bool {
        self.left().is_zero() || self.ctx.interrupt.requested()
    }

    /// Shows how far it is, and who called since the last time.
    fn tell(&mut self) -> Result<()> {
        let line = screen::line(&self.tally, self.left(), self.failed.as_deref());
        let doc = screen::live(&line, &self.tally, &self.heard);
        self.live.show(&line, &doc);
        for ((workload, caller), count) in self.heard.take_fresh() {
            let said = json!({ "workload": workload, "caller": caller, "allowed": count.allowed,
                "denied": count.denied, "unknown": count.unknown });
            self.events.say("caller", &said)?;
        }
        Ok(())
    }

    /// Takes in what is heard for a while.
    async fn listen(&mut self, lasts: Duration) {
        let interrupt = self.ctx.interrupt.clone();
        let until = Instant::now() + lasts;
        loop {
            let sound = tokio::select! {
                sound = self.ears.next() => sound,
                () = tokio::time::sleep_until(until) => None,
                () = interrupt.wait(), if !interrupt.requested() => None,
            };
            let Some(sound) = sound else {
                break;
            };
            self.hear(sound);
            if Instant::now() >= until {
                break;
            }
        }
        if matches!(self.heard.pods, Some(Ok(()))) {
            self.alone.is_up_to(Timestamp::now());
        }
    }

    fn hear(&mut self, sound: Sound) {
        match sound {
            Sound::Lines(uid, lines) => {
                let (alone, began) = (&mut self.alone, self.began);
                self.heard.lines(&uid, &lines, alone, began);
            }
            Sound::TooLong(uid, lines) => self.heard.too_long(&uid, lines),
            Sound::Silent(uid, silence) => {
                if let Some(last) = self.heard.silent(&uid, silence) {
                    self.ears.ended(&uid, last);
                }
            }
            Sound::Pod(pod) => self.alone.see(*pod),
            Sound::Gone(pod) => self.alone.forget(*pod),
            Sound::Pods(from) => {
                if from == From::Nothing {
                    self.alone.forget_all();
                }
                self.heard.pods = Some(Ok(()));
            }
            Sound::NoPods(why) => self.heard.pods = Some(Err(why)),
        }
    }

    /// Waits for the end of the logs, while they have less than was counted; then asks once more. Gives back what had been
    /// counted before.
    async fn rest(&mut self) -> BTreeMap<String, u64> {
        let counted = self.tally.proxies.iter();
        let before: BTreeMap<String, u64> = counted
            .map(|(uid, proxy)| (uid.clone(), proxy.counted.all()))
            .collect();
        let until = Instant::now() + REST;
        while self.heard.lacks(&before) && Instant::now() < until {
            self.attend(LOOK).await;
        }
        // What is in the log was counted before: asked now, the counters have it.
        if !self.heard.callers().is_empty() {
            // That it failed is said where it ended.
            let _ = self.round().await;
        }
        before
    }

    /// As [`listen`](Self::listen), after Ctrl-C too.
    async fn attend(&mut self, lasts: Duration) {
        let until = Instant::now() + lasts;
        while let Ok(Some(sound)) = tokio::time::timeout_at(until, self.ears.next()).await {
            self.hear(sound);
        }
        if matches!(self.heard.pods, Some(Ok(()))) {
            self.alone.is_up_to(Timestamp::now());
        }
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

    async fn ask(&mut self) -> Result<Vec<Reading>, Error> {
        let workloads = &self.subject.workloads;
        let (pods, version) = proxies::pods(self.conn, &self.client, workloads).await?;
        // Logs before counters: what is counted from here on is in the log.
        self.ears.follow_pods(&version);
        for pod in &pods {
            let read = self.ears.follow(pod, self.began);
            self.heard.begins(pod, read);
        }
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
    pub(super) async fn end(mut self) -> Result<Ended> {
        let before = self.rest().await;
        self.tell()?;
        self.live.clear();
        let subject = self.subject;
        subject.refuse_if_changed(self.conn, &self.client).await?;
        let shared = !subject.beside.is_empty();
        let mut named = Named::of(&self.tally, &self.heard, &before, shared);
        if let Some(Err(why)) = &self.heard.pods {
            let line = "callers are not told by their addresses";
            named.unclear.push(format!("{line}: {why}"));
        }
        if let Some(why) = self
            .alone
            .leaves_out()
            .filter(|_| !named.unclear.is_empty())
        {
            named.unclear.push(why.to_owned());
        }
        let judged = Judged::of(
            &subject.workloads,
            &subject.beside,
            &self.tally,
            self.failed,
            named,
        );
        let callers = callers::name_the_rest(&self.tally, shared, judged.callers());
        let watched = Watched {
            namespace: subject.namespace.clone(),
            name: subject.name.clone(),
            copy_uid: Some(subject.copy.uid().to_owned()),
            digest: subject.is.watched.clone(),
            began: self.began,
            ended: Timestamp::now(),
            signal: judged.signal(),
            expected: callers::expected(&self.tally, shared, &subject.rare, &callers),
            callers,
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
            let body = json!({ "outcome": self.outcome, "watch": self.watched, "unknown": self.judged.unclear,
                "callersUnknown": self.judged.named.unclear });
            return events.say("ended", &body);
        }
        let doc = screen::after(subject, &self.tally, &self.judged, &self.watched);
        ctx.printer.out(&doc, false)
    }
}
