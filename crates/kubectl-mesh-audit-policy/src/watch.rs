//! `kubectl mesh-audit-policy watch`: what a policy in dry run would have denied, as its proxies count it.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use kube::Client;
use mesh_common::{
    Ctx, Outcome,
    cluster::{Connection, ListQuery, explain, list_pages},
    error::{Error, Kind, Result},
    journal::local::Notes,
    mesh::wire::Lean,
    output::{clean, count},
};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::{
    compile::Protocol,
    convert::places,
    copy::{self, Copy},
    policy::DryRun,
    promote::the_copy,
    scene::{Enforcer, Found, Scene},
    watched::Watched,
};

mod counters;
mod judge;
mod proxies;
mod screen;
pub(crate) mod telemetry;

use counters::Tally;
use judge::Judged;
use telemetry::{Begun, LogArgs};

/// Watch what a policy in dry run would deny, and block nothing
///
/// NAME is the policy's own name; its copy, made by convert --apply, is what is
/// watched. The counters of every proxy that evaluates it are read through the
/// API server. Zero denials count only where a request showed up: a workload
/// that nobody called proves nothing. Counters name no caller, and are of a
/// listener: with two policies in dry run on one workload nobody can tell them
/// apart, and only replay can. What was seen goes into the local journal, where
/// promote looks for it. On a terminal one line shows how far it is; piped,
/// each event is a line of JSON.
///
/// Examples:
///   kubectl mesh-audit-policy watch lockdown -n payments
///   kubectl mesh-audit-policy watch lockdown -n payments --for 12h
///   kubectl mesh-audit-policy watch lockdown -n payments | jq .
///
/// Exit codes: 0 watched, and nothing would be denied; 1 nothing watched; 2
/// something would be denied; 3 not known; 130 interrupted, and what was seen
/// is kept.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Watch {
    /// The policy whose copy is watched
    #[arg(value_name = "NAME")]
    name: String,

    /// How long to watch, such as 30m or 12h
    #[arg(long = "for", value_name = "DURATION", default_value = "30m")]
    lasts: SignedDuration,

    /// How often the proxies are asked
    #[arg(long, value_name = "DURATION", default_value = "10s")]
    every: SignedDuration,

    #[command(flatten)]
    log: LogArgs,
}

/// Shortest time between two readings: each is a port-forward per proxy.
const OFTEN: Duration = Duration::from_secs(1);

/// What is watched.
struct Subject {
    namespace: String,
    name: String,
    copy: Found,
    is: Copy,
    workloads: Vec<proxies::Watched>,
    /// Other policies in dry run on the same workloads, one line each.
    beside: Vec<String>,
}

impl Watch {
    pub(crate) async fn run(self, ctx: &Ctx) -> Result<Outcome> {
        ctx.must_be_live("watch proxies")?;
        let (lasts, every) = (span("--for", self.lasts)?, span("--every", self.every)?);
        let every = every.max(OFTEN).min(lasts);
        let scene = Scene::read(ctx).await?;
        let conn = ctx.connection()?;
        let subject = Subject::find(&scene, &conn.namespace, &self.name)?;
        let uid = scene.mesh.cluster_uid.get().cloned().unwrap_or_default();
        let begun = self.log.begin(ctx, &scene, &subject, lasts).await?;
        drop(scene);
        let seen = || self.see(ctx, &subject, &uid, lasts, every);
        match begun {
            Begun::Stop(outcome) => Ok(outcome),
            Begun::Plain => seen().await,
            Begun::Logging(log) => log.end(seen().await).await,
        }
    }

    async fn see(
        &self,
        ctx: &Ctx,
        subject: &Subject,
        uid: &str,
        lasts: Duration,
        every: Duration,
    ) -> Result<Outcome> {
        let (conn, client) = (ctx.connection()?, ctx.client()?);
        let live = !ctx.printer.stdout_is_terminal();
        if !live {
            ctx.printer.out(&screen::before(subject, lasts), false)?;
        }
        let event = |event: &str, rest: serde_json::Value| {
            if live {
                ctx.printer.raw(&screen::event(event, &rest)?)
            } else {
                Ok(())
            }
        };
        let _hold = ctx.interrupt.hold();
        let (began, start) = (Timestamp::now(), Instant::now());
        let names: Vec<&str> = subject.workloads.iter().map(|w| w.name.as_str()).collect();
        event(
            "began",
            json!({ "policy": format!("{}/{}", subject.namespace, subject.name),
                "copy": subject.copy.policy.name, "workloads": names, "seconds": lasts.as_secs() }),
        )?;
        let mut tally = Tally::default();
        let mut failed: Option<String>;
        loop {
            let read = async {
                let pods = proxies::pods(conn, &client, &subject.workloads).await?;
                proxies::ask(conn, &client, &pods, subject.is.action, began).await
            };
            match read.await {
                Ok(readings) => {
                    failed = None;
                    for reading in readings {
                        let (pod, said) = (reading.pod.clone(), reading.said.clone());
                        let since = tally.take(reading);
                        if let Err(why) = said {
                            event("unread", json!({ "pod": clean(&pod, 300), "why": why }))?;
                        } else if since.all() > 0 {
                            event(
                                "counted",
                                json!({ "pod": clean(&pod, 300), "allowed": since.allowed, "denied": since.denied }),
                            )?;
                        }
                    }
                }
                // Without the right nothing will ever be counted; all else may pass.
                Err(e) if e.kind() == Kind::Unknown && tally.proxies.is_empty() => {
                    ctx.printer.progress("");
                    return Err(e);
                }
                Err(e) => failed = Some(clean(&e.to_string(), 300)),
            }
            let left = lasts.saturating_sub(start.elapsed());
            ctx.printer
                .progress(&screen::line(&tally, left, failed.as_deref()));
            if left.is_zero() || ctx.interrupt.requested() {
                break;
            }
            tokio::select! {
                () = tokio::time::sleep(every.min(left)) => {}
                () = ctx.interrupt.wait() => {}
            }
        }
        ctx.printer.progress("");
        // What is enforced may have changed meanwhile: then this is a watch of nothing.
        subject.refuse_if_changed(conn, &client).await?;
        let judged = Judged::of(&subject.workloads, &subject.beside, &tally, failed);
        let watched = Watched {
            namespace: subject.namespace.clone(),
            name: subject.name.clone(),
            copy_uid: Some(subject.copy.uid().to_owned()),
            digest: subject.is.watched.clone(),
            began,
            ended: Timestamp::now(),
            signal: judged.signal(),
            callers: judged.callers(),
            expected: None,
            unknown: 0,
        };
        let interrupted = ctx.interrupt.requested();
        let outcome = if interrupted {
            Outcome::Interrupted
        } else {
            judged.outcome()
        };
        watched.keep(&Notes::of_this_process()?, uid, outcome)?;
        if live {
            let body = json!({ "outcome": outcome, "watch": watched, "unknown": judged.unclear });
            event("ended", body)?;
        } else {
            let doc = screen::after(subject, &tally, &judged, &watched);
            ctx.printer.out(&doc, false)?;
        }
        Ok(outcome)
    }
}

fn span(flag: &str, typed: SignedDuration) -> Result<Duration> {
    Duration::try_from(typed)
        .ok()
        .filter(|d| !d.is_zero())
        .ok_or_else(|| {
            Error::new(
                Kind::Usage,
                format!("{flag} takes a time such as 30m, and not {typed:#}"),
            )
        })
}

impl Subject {
    /// The policy's copy, where it is evaluated, and what else is.
    fn find(scene: &Scene, namespace: &str, name: &str) -> Result<Self> {
        let unknown = |why: String| Error::new(Kind::Unknown, clean(&why, 400));
        let policies = scene.policies().map_err(|g| unknown(g.detail.clone()))?;
        let here: Vec<&Found> = policies
            .iter()
            .filter(|f| f.policy.namespace == namespace)
            .collect();
        let convert = mesh_common::shell::command(
            "kubectl mesh-audit-policy convert {} -n {} --apply",
            &[name, namespace],
        );
        let Some((copy, is)) = the_copy(&here, name)? else {
            return Err(Error::refused(format!(
                "there is no copy of {} to watch",
                clean(&format!("{namespace}/{name}"), 300)
            ))
            .hint(convert));
        };
        if !is.intact {
            return Err(Error::refused(format!(
                "{} was edited since it was made: it is not what would be enforced",
                copy.name()
            ))
            .hint("remove it, and make and watch a new one")
            .hint(convert));
        }
        if copy.policy.dry_run != DryRun::Yes {
            return Err(Error::refused(format!(
                "{} is no dry run: no counter tells what it would do",
                copy.name()
            ))
            .hint("kubectl mesh-audit-policy replay --help"));
        }
        let mut workloads = Vec::new();
        for target in scene.targets().map_err(unknown)? {
            if target.enforcer == Enforcer::Nothing {
                continue;
            }
            let applies = match target.context(Protocol::Http) {
                Ok(context) => copy.policy.applies_to(&context).map_err(unknown)?,
                Err(why) if target.workload.namespace == namespace => return Err(unknown(why)),
                Err(_) => false,
            };
            let watched = proxies::Watched::of(&target);
            if !applies || workloads.contains(&watched) {
                continue;
            }
            if target.enforcer == Enforcer::Ztunnel {
                return Err(Error::refused(format!(
                    "{} is behind ztunnel, which counts nothing of a dry run",
                    clean(&watched.name, 300)
                ))
                .hint("kubectl mesh-audit-policy replay --help"));
            }
            workloads.push(watched);
        }
        if workloads.is_empty() {
            return Err(Error::refused(format!(
                "{} applies to no workload that runs: nothing would ever be counted",
                copy.name()
            ))
            .hint(mesh_common::shell::command(
                "kubectl mesh-audit-policy lint -n {}",
                &[namespace],
            )));
        }
        let beside = places::also_watched(scene, copy, &[]).map_err(unknown)?;
        let own = copy.name();
        Ok(Self {
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            copy: copy.clone(),
            is,
            workloads,
            beside: beside
                .into_iter()
                .filter(|line| !line.ends_with(&own))
                .collect(),
        })
    }

    /// The copy is still the one that was watched. It is listed, which is a right that whoever watches has, and nothing else
    /// of the mesh is read again.
    async fn refuse_if_changed(&self, conn: &Connection, client: &Client) -> Result<()> {
        let key = copy::key_of(&self.copy);
        let path = format!(
            "{}/namespaces/{}/{}",
            key.kind.api(),
            self.namespace,
            key.kind.plural()
        );
        let query = ListQuery {
            field_selector: Some(format!("metadata.name={}", key.name)),
            ..ListQuery::default()
        };
        let keep = |found: &mut Vec<Value>, Lean(policy): Lean| found.push(policy);
        let listed = list_pages(client, &path, &query, Vec::new, keep).await;
        let listed = listed.map_err(|e| {
            let why = explain(&e, "list the copy again", conn);
            Error::new(
                Kind::Unknown,
                format!("whether the copy is still what was watched is not known: {why}"),
            )
        })?;
        let same = listed.value.iter().any(|now| {
            now["metadata"]["uid"] == *self.copy.uid()
                && copy::digest(&now["spec"], self.is.action) == self.is.watched
        });
        if same {
            return Ok(());
        }
        Err(Error::refused(format!(
            "{} was changed or removed while it was watched: what was seen is of no use",
            self.copy.name()
        )))
    }

    /// `payments/lockdown, on 3 workloads`.
    fn words(&self) -> String {
        format!(
            "{}/{}, on {}",
            clean(&self.namespace, 100),
            clean(&self.name, 253),
            count(self.workloads.len(), "workload")
        )
    }
}
