//! `kubectl mesh-backup restore FILE`.

use std::{path::PathBuf, time::Duration};

use mesh_common::{
    Ctx, Outcome, Result,
    check::{Waiver, id},
    cluster::Connection,
    complete::Values,
    decide::{Asked, DryRun, Next, decide, print_done},
    output::{Doc, Format, OutputArgs, Report, count},
    shell,
};

use crate::{
    age_key::{KeyArgs, Keys},
    only::Only,
    opened::Opened,
};

pub(crate) mod carry_out;
pub(crate) mod gates;
pub(crate) mod hooks;
mod judge;
pub(crate) mod key;
pub(crate) mod live;
pub(crate) mod local;
mod look;
mod managers;
mod object;
pub(crate) mod place;
pub(crate) mod plan;
pub(crate) mod prepare;
pub(crate) mod resume;
pub(crate) mod road;
mod schema;
pub(crate) mod screen;
mod send;
pub(crate) mod standing;
mod survey;
mod try_out;
pub(crate) mod wired;

use carry_out::{Confirmed, Place};
use judge::Wishes;
use local::{Folder, Keepers};
use look::Typed;
use prepare::Prepared;

/// Bring back what is in a file
///
/// Plans first: what would be created, changed, is the same, belongs to
/// somebody else, or cannot be brought back. Then CRDs that are absent,
/// namespaces' labels, roles, configuration, policies before routes, webhooks
/// last. Pods, ReplicaSets, endpoints and leases are never restored; istiod
/// and other workloads of the mesh only with --istiod, Secrets only with
/// --include-secrets.
///
/// Every object that changes is kept in a local archive first: the way back
/// is kubectl mesh-backup rollback.
///
/// Examples:
///   kubectl mesh-backup restore mesh.tar.zst --dry-run
///   kubectl mesh-backup restore mesh.tar.zst --only virtualservices/payments
///   kubectl mesh-backup restore mesh.tar.zst --istiod
///   kubectl mesh-backup restore mesh.tar.zst --include-secrets --identity KEY
///   kubectl mesh-backup restore --resume
///
/// Exit codes: 0 restored and verified, or nothing to do; 1 nothing done; 2
/// refused, nothing done; 3 a gate is unknown, nothing done; 4 changed, and
/// not as planned; 64 usage; 130 interrupted.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct Restore {
    /// File to read
    #[arg(required_unless_present = "resume")]
    file: Option<PathBuf>,

    /// Only these: KIND, KIND/NAMESPACE or KIND/NAMESPACE/NAME; may be repeated
    #[arg(long, value_name = "KIND/NS/NAME")]
    only: Vec<String>,

    /// Replace CRDs that differ too, where no stored field or version is lost
    #[arg(long)]
    crds: bool,

    /// Restore istiod and the other workloads of the mesh too, and wait for istiod's endpoints
    #[arg(long)]
    istiod: bool,

    /// How long to wait for istiod's endpoints
    #[arg(long, value_name = "SECONDS", default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..=3600))]
    istiod_timeout: u64,

    /// Delete resources of the mesh that the file does not have
    #[arg(long, conflicts_with = "only")]
    prune: bool,

    /// Write over fields that somebody else set since
    #[arg(long)]
    force_conflicts: bool,

    /// Restore the mesh's own Secrets too, where the file has them: the CA, the ways to other clusters,
    /// gateways' certificates
    #[arg(long)]
    include_secrets: bool,

    /// Keep what is changed encrypted to a public key of age or SSH, Secrets among it; may be repeated.
    /// Without it a Secret that is written over cannot be undone
    #[arg(long, value_name = "KEY")]
    encrypt_to: Vec<String>,

    /// Go on with a restore that was interrupted
    #[arg(long, conflicts_with_all = ["file", "only", "crds", "istiod", "prune", "force_conflicts", "include_secrets", "encrypt_to"])]
    resume: bool,

    #[command(flatten)]
    keys: KeyArgs,

    #[command(flatten)]
    write: WriteArgs,

    #[command(flatten)]
    output: OutputArgs,
}

/// What every verb that writes takes.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Safety options")]
pub(crate) struct WriteArgs {
    /// Stop before the first write: after the plan, or after a dry-run on the API server
    #[arg(long, value_enum, value_name = "HOW", num_args = 0..=1, require_equals = true, default_missing_value = "client")]
    pub(crate) dry_run: Option<DryRun>,

    /// Pass a required gate that is closed or unknown; the reason goes into the record. Repeatable
    #[arg(long, value_name = "GATE=REASON", add = Values::Gate(id::RESTORE))]
    pub(crate) waive: Vec<String>,
}

impl WriteArgs {
    /// Waivers as typed.
    ///
    /// # Errors
    /// One that is none.
    pub(crate) fn waivers(&self) -> Result<Vec<Waiver>> {
        self.waive.iter().map(|w| Waiver::parse(w)).collect()
    }
}

impl Restore {
    /// Plans, asks, and brings back.
    pub(crate) async fn run(self, ctx: &Ctx) -> Result<Outcome> {
        ctx.must_be_live("restore")?;
        let keys = Keys::new(ctx, &self.keys);
        let patience = Duration::from_secs(self.istiod_timeout);
        let conn = ctx.connection()?;
        let client = ctx.client()?;
        let place = Place {
            ctx,
            client: &client,
            conn,
        };
        let Some(path) = self.file.as_ref().filter(|_| !self.resume) else {
            return resume::run(ctx, &self.write, &self.output, &keys, patience).await;
        };
        let keepers = Keepers::new(&self.encrypt_to)?;
        carry_out::refuse_unfinished(place).await?;
        let file = Opened::with(path, keys.clone());
        let typed = Typed {
            only: Only::parse(&self.only)?,
            wishes: Wishes {
                crds: self.crds,
                force: self.force_conflicts,
            },
            prune: self.prune,
            secrets: self.include_secrets,
        };
        let waivers = self.write.waivers()?;
        let mut prepared = Prepared::make(ctx, &client, conn, &file, &typed, self.istiod).await?;
        prepared.gates.waive(&waivers)?;
        let mut shown = prepared.shown(conn, &file, &keepers)?;
        if prepared.plan.is_nothing() && prepared.gates.pass() {
            ctx.printer.print(&self.output, &shown)?;
            ctx.printer
                .note("everything is as it is in the file: nothing to do");
            return Ok(Outcome::Done);
        }
        let questions = questions(&prepared, conn);
        let next = decide(
            ctx,
            Asked {
                plan: &shown,
                dry_run: self.write.dry_run,
                output: &self.output,
                questions: &questions,
                inferred: None,
            },
            &mut prepared.gates,
        )?;
        match next {
            Next::Stop(outcome) => return Ok(outcome),
            Next::TryOnServer => {
                return try_out::run(place, &file, &typed, &prepared, &self.output).await;
            }
            Next::Go => {}
        }
        prepared.require(&client, conn).await?;
        if prepared.plan.is_nothing() {
            ctx.printer
                .note("nothing is left to write: what differs stays as it is");
            return Ok(Outcome::Done);
        }
        let confirmed = Confirmed {
            file: &file,
            typed: &typed,
            istiod: self.istiod,
            patience,
            prepared,
            folder: Folder::of_this_process(keepers, &keys)?,
        };
        let done = confirmed.carry_out(place).await?;
        let mut screen = done.screen;
        screen.pairs([("Record", done.record.as_str())]);
        screen.text("Way back:");
        let way_back = shell::command("kubectl mesh-backup rollback {}", &[&done.record]);
        screen.command(if self.encrypt_to.is_empty() {
            way_back
        } else {
            format!("{way_back} --identity FILE")
        });
        shown.record = Some(done.record);
        if matches!(self.output.output, Format::Json | Format::Yaml) {
            ctx.printer.err_doc(&screen);
            let _ = ctx.printer.print(
                &self.output,
                &After {
                    shown: &shown,
                    outcome: done.outcome,
                },
            );
        } else {
            print_done(ctx, &self.output, &screen)?;
        }
        Ok(done.outcome)
    }
}

/// The plan once it was carried out: the same document, with outcome and record.
struct After<'a> {
    shown: &'a screen::Shown,
    outcome: Outcome,
}

impl Report for After<'_> {
    fn doc(&self, wide: bool) -> Doc {
        self.shown.doc(wide)
    }

    fn json(&self) -> serde_json::Result<serde_json::Value> {
        self.shown.document(self.outcome)
    }

    fn names(&self) -> Vec<String> {
        self.shown.names()
    }
}

/// What is asked, one after the other.
fn questions(prepared: &Prepared, conn: &Connection) -> Vec<String> {
    let place = conn.context.as_deref().unwrap_or(&conn.cluster);
    let mut all = Vec::new();
    if prepared.without_namespace {
        all.push(format!(
            "Make namespace {} on {place}, as the first step?",
            conn.istio_namespace
        ));
    }
    all.push(format!(
        "Write {} on {place}?",
        count(prepared.plan.writes().count(), "object")
    ));
    if !prepared.plan.prune.is_empty() {
        all.push(format!(
            "Delete {} on {place} that the file does not have?",
            count(prepared.plan.prune.len(), "object")
        ));
    }
    all
}
