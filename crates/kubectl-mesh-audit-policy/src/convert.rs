//! `kubectl mesh-audit-policy convert`: copies of policies that are watched and block nothing.

use std::path::PathBuf;

use mesh_common::{
    Ctx, Outcome,
    check::Gates,
    decide::{Asked, Next, decide},
    error::{Error, Kind, Result},
    journal::{Action as Did, Image},
    output::{Format, OutputArgs, clean, count, yaml},
};

use crate::{
    decide::WriteArgs,
    road::{Job, Road, try_on_server},
    scene::Scene,
};

mod item;
pub(crate) mod mode;
pub(crate) mod places;
mod screen;
mod select;

use item::Item;
use mode::Mode;
use screen::Plan;
pub(crate) use screen::Written;

/// Make copies of policies that can be watched without blocking
///
/// For each DENY (and each ALLOW that is named) a copy NAME-audit, printed as
/// YAML; nothing is written. The policy itself stays as it is: what enforces
/// goes on enforcing. How a copy is watched is chosen by what enforces it, and
/// said on stderr: a dry run for sidecars, gateways and waypoints; recorded
/// traffic (replay) where a dry run would show nothing or be enforced.
///
/// Without a name: all DENY policies of the namespace; on a terminal it asks.
///
/// Examples:
///   kubectl mesh-audit-policy convert
///   kubectl mesh-audit-policy convert lockdown -n payments | kubectl apply -f -
///   kubectl mesh-audit-policy convert lockdown -n payments --apply
///   kubectl mesh-audit-policy convert -f proposed.yaml
///
/// Exit codes: 0 printed, or made and verified, or nothing to do; 1 nothing
/// done; 2 refused, nothing done; 3 where a policy applies is unknown, nothing
/// done; 4 changed, and not as planned; 130 interrupted.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Convert {
    /// The policies (default: all DENY policies of the namespace)
    #[arg(value_name = "NAME")]
    names: Vec<String>,

    /// All namespaces
    #[arg(short = 'A', long, conflicts_with_all = ["namespace", "names"])]
    all_namespaces: bool,

    /// Read the policies from a file, a folder or stdin (-) instead of the cluster; repeatable
    #[arg(short, long = "filename", value_name = "FILE")]
    file: Vec<PathBuf>,

    /// How to watch (default: by what enforces the policy)
    #[arg(long, value_enum, value_name = "MODE")]
    mode: Option<Mode>,

    /// Make the copies in the cluster, after a plan and a confirmation
    #[arg(long)]
    apply: bool,

    #[command(flatten)]
    write: WriteArgs,

    #[command(flatten)]
    output: OutputArgs,
}

impl Convert {
    pub(crate) async fn run(self, ctx: &Ctx) -> Result<Outcome> {
        if self.write.dry_run.is_some() && !self.apply {
            return Err(Error::new(
                Kind::Usage,
                "--dry-run goes with --apply: without it nothing is written",
            ));
        }
        let scene = Scene::read(ctx).await?;
        let namespace = self.namespace(ctx)?;
        let namespace = namespace.as_deref();
        let sources = if self.file.is_empty() {
            select::of_cluster(ctx, &scene, &self.names, namespace)?
        } else {
            select::of_files(ctx, &scene, &self.names, &self.file, namespace)?
        };
        let items = Item::all(&scene, sources, self.mode);
        let refused = refusal(&items);
        if let Some(error) = refused {
            return Err(error);
        }
        let plan = Plan {
            items,
            header: None,
        };
        if self.apply {
            return self.write_copies(ctx, &scene, plan).await;
        }
        self.print(ctx, &plan)
    }

    /// The namespace to look in; none for all.
    fn namespace(&self, ctx: &Ctx) -> Result<Option<String>> {
        if self.all_namespaces {
            return Ok(None);
        }
        if ctx.cluster.namespace.is_some() {
            return Ok(ctx.cluster.namespace.clone());
        }
        if ctx.rehearsal().is_some() {
            return Ok(None);
        }
        Ok(Some(ctx.connection()?.namespace.clone()))
    }

    /// The copies on stdout, what is to be said of them on stderr.
    fn print(&self, ctx: &Ctx, plan: &Plan) -> Result<Outcome> {
        let p = &ctx.printer;
        match self.output.output {
            Format::Table | Format::Wide | Format::Yaml => {
                let mut text = String::new();
                for copy in plan.items.iter().filter_map(|item| item.copy.as_ref()) {
                    text.push_str("---\n");
                    text.push_str(&yaml(copy)?);
                }
                plan.explain(p);
                p.raw(&text)?;
            }
            _ => p.print(&self.output, plan)?,
        }
        Ok(Outcome::Done)
    }

    async fn write_copies(&self, ctx: &Ctx, scene: &Scene, mut plan: Plan) -> Result<Outcome> {
        let images = plan.images();
        let policies = plan.policies();
        if images.is_empty() {
            plan.explain(&ctx.printer);
            ctx.printer.note("Nothing to make.");
            return Ok(Outcome::Done);
        }
        let mut gates = Gates::none();
        let what = count(images.len(), "copy").replace("copys", "copies");
        if ctx.rehearsal().is_some() {
            let next = decide(
                ctx,
                Asked {
                    plan: &plan,
                    dry_run: self.write.dry_run,
                    output: &self.output,
                    questions: &[],
                    inferred: None,
                },
                &mut gates,
            )?;
            return stopped(next);
        }
        let road = Road::open(ctx, &scene.mesh, "make copies").await?;
        road.refuse_unfinished(None).await?;
        if self.write.dry_run.is_none() {
            road.require("make copies of policies", &images).await?;
        }
        plan.header = Some(road.header());
        let question = format!("Make {what} on {}?", road.place());
        let next = decide(
            ctx,
            Asked {
                plan: &plan,
                dry_run: self.write.dry_run,
                output: &self.output,
                questions: &[question],
                inferred: None,
            },
            &mut gates,
        )?;
        match next {
            Next::Stop(outcome) => return Ok(outcome),
            Next::TryOnServer => return try_on_server(&road, &images, &self.output).await,
            Next::Go => {}
        }
        self.still_the_same(ctx, &plan).await?;
        let done = road
            .go(Job {
                action: Did::Convert,
                policies,
                images,
                waivers: Vec::new(),
                gates: Vec::new(),
                undoes: None,
                again: None,
            })
            .await?;
        screen::finish(ctx, &plan, &self.output, done)
    }

    /// The policies that are copied, once more: a copy of what is no longer there would be watched for nothing.
    async fn still_the_same(&self, ctx: &Ctx, plan: &Plan) -> Result<()> {
        let connection = ctx.connection()?;
        let client = ctx.client()?;
        let standing: Vec<_> = plan
            .made()
            .filter_map(|i| i.source.standing.as_ref())
            .collect();
        let images: Vec<Image> = standing
            .iter()
            .map(|found| Image {
                key: crate::copy::key_of(found),
                before: Some(found.object.clone()),
                planned: None,
                after: None,
            })
            .collect();
        let now = mesh_common::journal::operation::read(&client, connection, &images).await?;
        for (image, now) in images.iter().zip(now) {
            let spec = |object: Option<&serde_json::Value>| object.map(|o| o["spec"].clone());
            if spec(now.as_ref()) != spec(image.before.as_ref()) {
                return Err(Error::refused(format!(
                    "{} changed between the plan and the confirmation; nothing was changed",
                    image.key
                ))
                .hint("Look at the new plan, and confirm that one."));
            }
        }
        Ok(())
    }
}

fn stopped(next: Next) -> Result<Outcome> {
    match next {
        Next::Stop(outcome) => Ok(outcome),
        _ => Err(Error::internal("a rehearsal writes nothing")),
    }
}

/// One refusal refuses all: half of what was asked for is not what was asked for.
fn refusal(items: &[Item]) -> Option<Error> {
    let refused: Vec<_> = items
        .iter()
        .filter_map(|item| Some((item, item.refusal.as_ref()?)))
        .collect();
    let (first, _) = refused.first()?;
    let known = refused.iter().any(|(_, r)| r.outcome == Outcome::Refused);
    let kind = if known { Kind::Refused } else { Kind::Unknown };
    let message = match refused.len() {
        1 => format!("no copy of {} is made", first.source.found.name()),
        n => format!(
            "no copy is made: {n} of {} policies cannot have one",
            items.len()
        ),
    };
    let mut error = Error::new(kind, message);
    for (item, refusal) in &refused {
        for why in refusal.why.iter().take(12) {
            error = error.hint(clean(&format!("{}: {why}", item.source.found.name()), 600));
        }
        if item.replayable() {
            error = error.hint("What it would do to recorded traffic:");
            error = error.hint(item.replay());
        }
    }
    Some(error)
}
