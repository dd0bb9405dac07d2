//! `kubectl mesh-audit-policy rollback`: bring a policy and its copy back to how they were.

use mesh_common::{
    Ctx, Outcome,
    check::Gates,
    complete::Values,
    decide::{Asked, Next, decide, for_programs},
    error::{Error, Kind, Result},
    journal::{Action, Image, Record, Standing, State, Store, image, store::Stored},
    mesh::Owner,
    output::{Doc, OutputArgs, Report, clean, verdict},
};
use serde_json::{Value, json};

use crate::{
    convert::Written,
    decide::WriteArgs,
    promote::change,
    road::{Done, Job, Road, suspicions, try_on_server},
    scene::Scene,
    watch::telemetry,
};

/// Bring a policy back to how it was before it was enforced or copied
///
/// Restores the policy and its copy from the record of the last operation on
/// them: what was created is deleted, what was removed is made again. If
/// somebody else changed one of them since, it stops and shows where. What
/// watch --enable-access-log made is one of these operations.
///
/// Examples:
///   kubectl mesh-audit-policy rollback lockdown -n payments --dry-run
///   kubectl mesh-audit-policy rollback lockdown -n payments
///
/// Exit codes: 0 brought back and verified, or nothing to do; 1 nothing done;
/// 2 refused, nothing done; 4 changed, and not as planned; 130 interrupted.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Rollback {
    /// The policy to bring back
    #[arg(value_name = "NAME")]
    name: String,

    /// The record to undo (default: the newest of the policy that is not undone)
    #[arg(long, value_name = "ID", add = Values::Record)]
    to_record: Option<String>,

    #[command(flatten)]
    write: WriteArgs,

    #[command(flatten)]
    output: OutputArgs,
}

impl Rollback {
    /// That of one record.
    pub(crate) fn of_record(name: &str, id: &str, write: WriteArgs, output: OutputArgs) -> Self {
        Self {
            name: name.to_owned(),
            to_record: Some(id.to_owned()),
            write,
            output,
        }
    }

    pub(crate) async fn run(self, ctx: &Ctx) -> Result<Outcome> {
        ctx.must_be_live("roll back")?;
        let scene = Scene::read(ctx).await?;
        let road = Road::open(ctx, &scene.mesh, "roll back").await?;
        let namespace = &ctx.connection()?.namespace;
        self.on(&road, namespace).await
    }

    /// Of a policy of this namespace.
    pub(crate) async fn on(self, road: &Road<'_>, namespace: &str) -> Result<Outcome> {
        let ctx = road.ctx;
        let policy = format!("{namespace}/{}", self.name);
        let stored = self.pick(road, &policy)?;
        road.refuse_unfinished(Some(&stored.record.id)).await?;
        let now = checked(road, &stored.record).await?;
        let images = back(&stored.record, &now);
        if images.is_empty() {
            return self.nothing(road, stored).await;
        }
        refuse_owned(&images, &now)?;
        if self.write.dry_run.is_none() {
            road.require(&format!("bring {} back", clean(&self.name, 253)), &images)
                .await?;
        }
        let shown = Shown::new(road, &stored.record, images.clone(), "Undoes");
        let question = format!("Bring {} back on {}?", clean(&policy, 300), road.place());
        let mut gates = Gates::none();
        let next = decide(
            ctx,
            Asked {
                plan: &shown,
                dry_run: self.write.dry_run,
                output: &self.output,
                questions: &[question],
                inferred: None,
            },
            &mut gates,
        )?;
        match next {
            Next::Stop(outcome) => return Ok(outcome),
            Next::TryOnServer => return try_on_server(road, &images, &self.output).await,
            Next::Go => {}
        }
        let done = road.go(Job::back(&stored, images)).await?;
        finish(ctx, &shown, &self.output, done)
    }

    /// The record to undo.
    fn pick(&self, road: &Road<'_>, policy: &str) -> Result<Stored> {
        let of_policy = |s: &&Stored| s.record.policies.iter().any(|p| p == policy);
        let undoable = |s: &&Stored| {
            s.record.action != Action::Rollback
                && matches!(
                    s.record.state,
                    State::Started | State::Done | State::Partial
                )
        };
        let mut records = road.records.iter().filter(of_policy);
        let found = match &self.to_record {
            Some(id) => records.find(|s| s.record.id == *id),
            None => records.rev().find(undoable),
        };
        let policy = clean(policy, 300);
        let Some(stored) = found else {
            let what = match &self.to_record {
                Some(id) => format!("there is no record {} of {policy}", clean(id, 100)),
                None => format!("there is no operation on {policy} to take back"),
            };
            let mut error = Error::user(what);
            for line in road.unreadable.iter().take(3) {
                error = error.hint(format!("not readable as a record: {line}"));
            }
            return Err(error);
        };
        if !undoable(&stored) {
            return Err(Error::user(format!(
                "record {} is {}: there is nothing to take back",
                stored.record.id,
                match (stored.record.action, stored.record.state) {
                    (Action::Rollback, _) => "a rollback itself",
                    (_, State::RolledBack) => "rolled back already",
                    _ => "of an operation that changed nothing",
                }
            )));
        }
        Ok(stored.clone())
    }

    /// All objects are as they were: the record may still have to learn it.
    async fn nothing(&self, road: &Road<'_>, mut stored: Stored) -> Result<Outcome> {
        let record = &mut stored.record;
        let words = format!(
            "Every object of {} is as it was before: nothing to bring back.",
            record.id
        );
        let store = Store::new(&road.client, road.connection);
        if self.write.dry_run.is_some() {
            // Nothing is written.
        } else if record.action == Action::AccessLog {
            telemetry::settle(&store, &mut stored).await?;
        } else if record.is_unfinished() {
            record.state = State::Nothing;
            record.finished = Some(jiff::Timestamp::now());
            record.outcome = "nothing had changed".into();
            store.update(&mut stored).await?;
        }
        let mut doc = Doc::new();
        doc.text(words);
        if for_programs(&self.output) {
            road.ctx.printer.err_doc(&doc);
        } else {
            road.ctx.printer.out(&doc, false)?;
        }
        Ok(Outcome::Done)
    }
}

/// The objects of a record as they are now, once it was found to be one of ours and of this cluster, and nobody else
/// changed them since.
///
/// # Errors
/// It is not, or somebody did.
pub(crate) async fn checked(road: &Road<'_>, record: &Record) -> Result<Vec<Option<Value>>> {
    let id = clean(&record.id, 100);
    if record.cluster_uid != road.cluster_uid {
        return Err(Error::refused(format!(
            "record {id} is of another cluster (kube-system uid {}, here {})",
            clean(&record.cluster_uid, 60),
            road.cluster_uid
        ))
        .hint("Choose the cluster the operation was done on with --context."));
    }
    if record.istio_namespace != road.connection.istio_namespace {
        return Err(Error::refused(format!(
            "record {id} is of the Istio namespace {}",
            clean(&record.istio_namespace, 63)
        ))
        .hint("Name it with --istio-namespace."));
    }
    let now = road.read(&record.images).await?;
    let suspect = suspicions(record, &now);
    if !suspect.is_empty() {
        let mut error = Error::refused(format!(
            "record {id} is not what an operation on these policies would have written; nothing was changed"
        ));
        for why in suspect.into_iter().take(10) {
            error = error.hint(why);
        }
        return Err(error
            .hint("Whoever may write ConfigMaps in the Istio namespace could have planted it. See who wrote it:")
            .hint(format!(
                "kubectl -n {} get configmap kubectl-mesh-op-{id} -o yaml --show-managed-fields",
                record.istio_namespace
            )));
    }
    refuse_foreign(record, &now)?;
    Ok(now)
}

fn refuse_foreign(record: &Record, now: &[Option<Value>]) -> Result<()> {
    let mut foreign = Vec::new();
    for (image, now) in record.images.iter().zip(now) {
        if let Standing::Foreign(found) = image.standing(now.as_ref()) {
            let first = found.iter().take(4).map(|d| {
                format!(
                    "{}: {} was left as {}, is {}",
                    image.key, d.path, d.expected, d.found
                )
            });
            foreign.push(first.collect::<Vec<_>>());
        }
    }
    if foreign.is_empty() {
        return Ok(());
    }
    let mut error = Error::refused(format!(
        "somebody else changed {} since {}; nothing was changed",
        match record.action {
            Action::AccessLog => "the Telemetry".to_owned(),
            _ => mesh_common::output::count(foreign.len(), "policy").replace("policys", "policies"),
        },
        record.title()
    ));
    for line in foreign.into_iter().flatten().take(12) {
        error = error.hint(line);
    }
    Err(error.hint("Going on would undo that change too. Look at it first."))
}

/// What the way back writes: last written first.
pub(crate) fn back(record: &Record, now: &[Option<Value>]) -> Vec<Image> {
    let both = record.images.iter().zip(now).rev();
    both.filter(|(image, now)| !image::same(image.before.as_ref(), now.as_ref()))
        .map(|(of, now)| Image {
            key: of.key.clone(),
            before: now
                .as_ref()
                .map(|o| image::without_server_fields(of.key.kind, o)),
            planned: of.before.clone(),
            after: None,
        })
        .collect()
}

/// What somebody else took over since would be written back by them.
fn refuse_owned(images: &[Image], now: &[Option<Value>]) -> Result<()> {
    for object in now.iter().flatten() {
        let owner = Owner::of_object(object);
        let name = object["metadata"]["name"].as_str().unwrap_or_default();
        if owner.is_owned() && images.iter().any(|i| i.key.name == name) {
            return Err(Error::refused(format!(
                "{} is owned by {}, which would write it back; nothing was changed",
                clean(name, 253),
                clean(&owner.short(), 200)
            )));
        }
    }
    Ok(())
}

/// A way back or a rest that is shown before it is done.
pub(crate) struct Shown {
    header: Doc,
    record: String,
    title: String,
    images: Vec<Image>,
}

impl Shown {
    pub(crate) fn new(road: &Road<'_>, record: &Record, images: Vec<Image>, does: &str) -> Self {
        let mut header = road.header();
        header.pairs([
            (
                does.to_owned(),
                format!("{} ({})", record.title(), record.id),
            ),
            (
                "Done by".to_owned(),
                format!(
                    "{} at {}",
                    record.user,
                    record.started.strftime("%Y-%m-%d %H:%M:%S UTC")
                ),
            ),
        ]);
        Self {
            header,
            record: record.id.clone(),
            title: record.title(),
            images,
        }
    }

    fn document(&self, outcome: Outcome, record: Option<&str>) -> serde_json::Result<Value> {
        let objects = self.images.iter().map(|image| {
            json!({ "does": image.verb(), "namespace": image.key.namespace, "name": image.key.name,
                "before": image.before, "planned": image.planned })
        });
        let objects: Vec<Value> = objects.collect();
        let mut body = json!({ "of": self.record, "title": self.title, "objects": objects });
        if let Some(record) = record {
            body["record"] = record.into();
        }
        verdict("PolicyRollback", outcome, body)
    }
}

impl Report for Shown {
    fn doc(&self, _wide: bool) -> Doc {
        let mut doc = self.header.clone();
        doc.heading("Changes");
        for image in &self.images {
            change(&mut doc, image);
        }
        doc
    }

    fn json(&self) -> serde_json::Result<Value> {
        self.document(Outcome::Done, None)
    }

    fn names(&self) -> Vec<String> {
        let name = |image: &Image| {
            let kind = image.key.kind.name().to_lowercase();
            format!("{kind}/{}", image.key.name)
        };
        self.images.iter().map(name).collect()
    }
}

/// Prints what it came to.
pub(crate) fn finish(ctx: &Ctx, shown: &Shown, output: &OutputArgs, done: Done) -> Result<Outcome> {
    let Done {
        outcome,
        record,
        mut screen,
    } = done;
    screen.pairs([("Record", record.as_str())]);
    if for_programs(output) {
        ctx.printer.err_doc(&screen);
        let document = shown
            .document(outcome, Some(&record))
            .map_err(|e| Error::new(Kind::Internal, "cannot write the result").caused_by(e))?;
        ctx.printer
            .print(output, &Written(document, shown.names()))?;
    } else {
        ctx.printer.out(&screen, output.full)?;
    }
    Ok(outcome)
}
