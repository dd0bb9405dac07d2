//! `kubectl mesh-audit-policy promote`: enforce what was watched.

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use futures::FutureExt as _;

use jiff::SignedDuration;
use mesh_common::{
    Ctx, Outcome,
    check::Gates,
    decide::{Asked, Next, decide},
    error::{Error, Kind, Result},
    journal::Action as Did,
    output::{Format, OutputArgs, clean, yaml},
};

use crate::{
    decide::{WaiveArgs, WriteArgs},
    files,
    road::{Job, Road, try_on_server},
    scene::{Found, Scene},
};

mod after;
mod again;
mod evidence;
mod gates;
mod prepare;
mod screen;

use after::After;
use gates::Evidence;
pub(crate) use prepare::the_copy;
use prepare::{Ask, From, Prepared};
pub(crate) use screen::change;

/// Enforce a policy that was watched
///
/// NAME is the policy's own name; its copy says which action is meant. Gates:
/// what was watched is what will be enforced, for long enough, with a proof
/// that a denial would have shown up, every known caller seen, nobody denied
/// who is not meant to be. What is not known is unknown, and stops it; a reason
/// passes a gate and goes into the record. Then the policy is created or
/// replaced, read back, and its copy removed. rollback NAME takes it back.
/// Last, its proxies are asked for a minute whom they refuse (--watch-after);
/// the policy stays enforced, whatever shows up.
///
/// Where no copy can be watched (ztunnel), a replay is the evidence: -f POLICY
/// --replay RESULT --replay-digest DIGEST.
///
/// Examples:
///   kubectl mesh-audit-policy promote lockdown -n payments --dry-run
///   kubectl mesh-audit-policy promote lockdown -n payments
///   kubectl mesh-audit-policy promote lockdown --accept 'old/batch=goes Friday'
///
/// Exit codes: 0 enforced and verified; 1 nothing done; 2 refused, nothing
/// done; 3 a gate is unknown, nothing done; 4 changed, and not as planned, or
/// enforced and somebody is refused, or nobody could look; 130 interrupted.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Promote {
    /// The policy to enforce
    #[arg(value_name = "NAME")]
    name: String,

    /// How long it has to have been watched, such as 30m or 12h
    #[arg(long, value_name = "DURATION", default_value = "30m")]
    min: SignedDuration,

    /// How many percent of the requests may be unknown
    #[arg(long, value_name = "PERCENT", default_value_t = 0.0)]
    max_unknown: f64,

    /// A caller that may be denied, or was not seen, and why; repeatable
    #[arg(long, value_name = "CALLER=REASON")]
    accept: Vec<String>,

    /// How long to see whom it refuses then, such as 5m; 0 for not at all
    #[arg(long, value_name = "DURATION", default_value = "60s", value_parser = after::lasts)]
    watch_after: Duration,

    /// The policy as it is to be enforced, instead of a copy in the cluster; goes with --replay
    #[arg(short, long = "filename", value_name = "FILE", requires = "replay")]
    file: Option<PathBuf>,

    /// The result of replay -o json
    #[arg(long, value_name = "FILE", requires_all = ["file", "replay_digest"])]
    replay: Option<PathBuf>,

    /// Digest of that result as replay printed it, sha256:…
    #[arg(long, value_name = "DIGEST", requires = "replay")]
    replay_digest: Option<String>,

    #[command(flatten)]
    write: WriteArgs,

    #[command(flatten)]
    waive: WaiveArgs,

    #[command(flatten)]
    output: OutputArgs,
}

impl Promote {
    pub(crate) async fn run(self, ctx: &Ctx) -> Result<Outcome> {
        // What was mistyped is said before anything is read.
        self.waive.waivers()?;
        let accepted = accepted(&self.accept)?;
        if !(0.0..=100.0).contains(&self.max_unknown) {
            return Err(Error::new(
                Kind::Usage,
                "--max-unknown takes 0 to 100 percent",
            ));
        }
        let scene = Scene::read(ctx).await?;
        let namespace = match (&ctx.cluster.namespace, ctx.rehearsal()) {
            (Some(namespace), _) => namespace.clone(),
            (None, None) => ctx.connection()?.namespace.clone(),
            (None, Some(_)) => {
                return Err(Error::new(
                    Kind::Usage,
                    "in a rehearsal the namespace has to be named",
                )
                .hint("-n NAMESPACE"));
            }
        };
        let from = self.from(&namespace)?;
        let ask = self.ask(ctx, &scene, &namespace, &from, &accepted)?;
        let mut prepared = Prepared::make(&scene, &ask)?;
        if self.output.output == Format::Yaml {
            ctx.printer.raw(&yaml(prepared.enforced())?)?;
            ctx.printer
                .note("Printed, not written. No gate was judged: that is for the review.");
            return Ok(Outcome::Done);
        }
        prepared.refuse_owned()?;
        self.waive.pass(&mut prepared.gates)?;
        if ctx.rehearsal().is_some() {
            let mut gates = prepared.gates.clone();
            let none: [String; 0] = [];
            return match decide(
                ctx,
                Asked {
                    plan: &prepared,
                    dry_run: self.write.dry_run,
                    output: &self.output,
                    questions: &none,
                    inferred: None,
                },
                &mut gates,
            )? {
                Next::Stop(outcome) => Ok(outcome),
                _ => Err(Error::internal("a rehearsal writes nothing")),
            };
        }
        self.write(ctx, scene, prepared, &from, &accepted).await
    }

    fn ask<'a>(
        &'a self,
        ctx: &Ctx,
        scene: &Scene,
        namespace: &'a str,
        from: &From,
        accepted: &'a BTreeMap<String, String>,
    ) -> Result<Ask<'a>> {
        Ok(Ask {
            namespace,
            name: &self.name,
            evidence: self.evidence(ctx, scene, namespace, from)?,
            from: from.clone(),
            min: self.min,
            max_unknown: self.max_unknown,
            accepted,
        })
    }

    async fn write(
        &self,
        ctx: &Ctx,
        scene: Scene,
        mut prepared: Prepared,
        from: &From,
        accepted: &BTreeMap<String, String>,
    ) -> Result<Outcome> {
        let road = Road::open(ctx, &scene.mesh, "enforce a policy").await?;
        road.refuse_unfinished(None).await?;
        if self.write.dry_run.is_none() {
            road.require(
                &format!("enforce {}", clean(&self.name, 253)),
                &prepared.images,
            )
            .await?;
        }
        prepared.header = Some(road.header());
        let questions = prepared.questions(&road.place());
        let mut gates = prepared.gates.clone();
        let next = decide(
            ctx,
            Asked {
                plan: &prepared,
                dry_run: self.write.dry_run,
                output: &self.output,
                questions: &questions,
                inferred: None,
            },
            &mut gates,
        )?;
        match next {
            Next::Stop(outcome) => return Ok(outcome),
            Next::TryOnServer => {
                return try_on_server(&road, &prepared.images, &self.output).await;
            }
            Next::Go => {}
        }
        prepared.gates = gates;
        let mut waived: Vec<String> = prepared
            .gates
            .waived()
            .map(|(gate, why)| format!("{}={why}", gate.id))
            .collect();
        waived.extend(
            accepted
                .iter()
                .map(|(who, why)| format!("accept {who}={why}")),
        );
        // What is refused already is none of its doing: the first reading comes before the write.
        let after = prepared.meant().filter(|_| !prepared.already);
        let after = after.and_then(|meant| After::of(&scene, &meant, self.watch_after));
        let begun = match after {
            Some(after) => Some(after.begin(ctx, road.connection, road.client.clone()).await),
            None => None,
        };
        let (road, confirmed) = (&road, &prepared);
        let again = async move {
            let ask = self.ask(ctx, &scene, &confirmed.namespace, from, accepted)?;
            again::judge_again(road, scene, ask, confirmed).await
        };
        let done = road
            .go(Job {
                action: Did::Enforce,
                policies: vec![format!("{}/{}", prepared.namespace, prepared.name)],
                images: prepared.images.clone(),
                waivers: waived,
                gates: prepared.gate_lines(),
                undoes: None,
                again: Some(again.boxed()),
            })
            .await?;
        let after = match begun {
            Some(begun) if done.outcome == Outcome::Done => Some(begun.go_on(accepted).await),
            _ => None,
        };
        screen::finish(ctx, &prepared, &self.output, done, after.as_ref())
    }

    /// What is enforced: what a copy watched, or a file.
    fn from(&self, namespace: &str) -> Result<From> {
        let Some(file) = &self.file else {
            return Ok(From::Copy);
        };
        for written in files::read(std::slice::from_ref(file), namespace)? {
            let meta = &written.object["metadata"];
            if written.object["kind"] == "AuthorizationPolicy"
                && meta["name"] == *self.name
                && meta["namespace"] == *namespace
            {
                let found = Found::of(written.object)
                    .map_err(|broken| Error::user(format!("{}: {broken}", written.file)))?;
                return Ok(From::File(Box::new(found)));
            }
        }
        Err(Error::user(format!(
            "{} holds no AuthorizationPolicy {} of namespace {}",
            clean(&file.display().to_string(), 300),
            clean(&self.name, 253),
            clean(namespace, 63)
        )))
    }

    fn evidence(&self, ctx: &Ctx, scene: &Scene, namespace: &str, from: &From) -> Result<Evidence> {
        if let (Some(file), Some(digest), From::File(policy)) =
            (&self.replay, &self.replay_digest, from)
        {
            return evidence::of_replay(file, digest, policy);
        }
        if ctx.rehearsal().is_some() {
            return Ok(Evidence::NotEvaluated);
        }
        let uid = scene.mesh.cluster_uid.get().map(String::as_str);
        Ok(evidence::of_watches(uid, namespace, &self.name))
    }
}

/// The gates of enforcing what a copy watched, by what this machine knows.
///
/// # Errors
/// There is nothing to enforce.
pub(crate) fn gates_of(
    scene: &Scene,
    namespace: &str,
    name: &str,
    min: SignedDuration,
    accepted: &BTreeMap<String, String>,
) -> Result<Gates> {
    let uid = scene.mesh.cluster_uid.get().map(String::as_str);
    let ask = Ask {
        namespace,
        name,
        from: From::Copy,
        evidence: evidence::of_watches(uid, namespace, name),
        min,
        max_unknown: 0.0,
        accepted,
    };
    Ok(Prepared::make(scene, &ask)?.gates)
}

/// `CALLER=REASON`, each.
fn accepted(typed: &[String]) -> Result<BTreeMap<String, String>> {
    let mut all = BTreeMap::new();
    for text in typed {
        let usage = || {
            let message = format!("--accept takes CALLER=REASON, not {:?}", clean(text, 80));
            Error::new(Kind::Usage, message).hint("--accept CALLER=REASON")
        };
        let (caller, reason) = text.split_once('=').ok_or_else(usage)?;
        let reason = clean(reason.trim(), 400);
        if caller.trim().is_empty() || !reason.chars().any(char::is_alphanumeric) {
            return Err(usage());
        }
        all.insert(clean(caller.trim(), 300), reason);
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caller_is_accepted_with_a_reason() {
        let parse = |text: &str| accepted(&[text.to_owned()]);
        let all = parse("legacy/batch=shut down = Friday").unwrap();
        assert_eq!(all["legacy/batch"], "shut down = Friday");
        for text in ["legacy/batch", "legacy/batch=", "=because", "a= -- "] {
            assert_eq!(parse(text).unwrap_err().kind(), Kind::Usage, "{text}");
        }
    }
}
