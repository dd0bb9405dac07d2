//! `kubectl mesh-istioctl list`.

use mesh_common::{
    Ctx, Outcome, Result,
    istioctl::Store,
    output::{Doc, Mark, OutputArgs, Report, Table, clean, verdict},
};
use serde::Serialize;
use serde_json::Value;

use crate::{pins::Pins, revision::Running};

/// List the installed istioctl, and which revision each matches
///
/// MATCHES names the revisions of the current cluster that run the same
/// version, to the patch; ? where the cluster cannot be asked. STATE is
/// whether the file is what was installed.
///
/// Examples:
///   kubectl mesh-istioctl list
///   kubectl mesh-istioctl list --client -o wide
///   kubectl mesh-istioctl list --context prod
///
/// Exit codes: 0 listed; 1 nothing listed; 2 listed, and one is not what was
/// installed; 3 listed, but the cluster could not be asked.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct List {
    /// Ask no cluster
    #[arg(long)]
    client: bool,

    #[command(flatten)]
    output: OutputArgs,
}

impl List {
    /// Reads the store, the pins, and the cluster.
    pub(crate) async fn run(self, ctx: &Ctx) -> Result<Outcome> {
        let Self { client, output } = self;
        let store = Store::of_this_process()?;
        let pins = Pins::nearest()?;
        let asked = if client {
            None
        } else {
            Some(
                Running::read(ctx)
                    .await
                    .map_err(|e| clean(&e.to_string(), 300)),
            )
        };
        let running = asked.as_ref().and_then(|r| r.as_ref().ok());
        let row = |one: &mesh_common::istioctl::Installed| Row {
            version: one.version.to_string(),
            path: one.path.display().to_string(),
            sha256: one.sha256.clone().ok(),
            archive_sha256: one.archive.clone(),
            wrong: one.check().err(),
            pinned_by: pins
                .as_ref()
                .filter(|pins| pins.has(&one.version))
                .map(|pins| pins.path.display().to_string()),
            matches: running.map(|running| running.fits(&one.version)),
        };
        let mut unknown: Vec<String> = Vec::new();
        match &asked {
            Some(Err(why)) => unknown.push(why.clone()),
            Some(Ok(running)) => unknown.extend(
                running
                    .unknown()
                    .iter()
                    .map(|name| format!("the version of revision {name}: its image does not tell")),
            ),
            None => {}
        }
        let list = Listed {
            store: store.dir().display().to_string(),
            istioctl: store.installed().iter().map(row).collect(),
            unknown,
            client,
        };
        ctx.printer.print(&output, &list)?;
        Ok(list.outcome())
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    store: String,
    istioctl: Vec<Row>,
    /// What could not be asked.
    unknown: Vec<String>,
    #[serde(skip)]
    client: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    version: String,
    path: String,
    sha256: Option<String>,
    archive_sha256: Option<String>,
    /// Why it must not be used; none where it is right.
    wrong: Option<String>,
    pinned_by: Option<String>,
    /// Revisions; none where no cluster was asked.
    matches: Option<Vec<String>>,
}

impl Listed {
    fn outcome(&self) -> Outcome {
        if self.istioctl.iter().any(|row| row.wrong.is_some()) {
            Outcome::Refused
        } else if self.unknown.is_empty() {
            Outcome::Done
        } else {
            Outcome::Unknown
        }
    }
}

impl Report for Listed {
    fn doc(&self, _wide: bool) -> Doc {
        let mut doc = Doc::new();
        let mut table = Table::new(&["Version", "State", "Pinned by", "Matches"])
            .wide(&["SHA-256", "File"])
            .empty("no istioctl is installed: kubectl mesh-istioctl install VERSION");
        for row in &self.istioctl {
            let matches = match &row.matches {
                Some(revisions) => revisions.join(", "),
                None if self.client => String::new(),
                None => "?".to_owned(),
            };
            let state = if row.wrong.is_some() {
                "wrong"
            } else {
                "right"
            };
            table.row([
                row.version.clone(),
                state.to_owned(),
                row.pinned_by.clone().unwrap_or_default(),
                matches,
                row.sha256.clone().unwrap_or_default(),
                row.path.clone(),
            ]);
        }
        doc.table(table);
        let wrong = self.istioctl.iter().filter_map(|row| {
            let why = row.wrong.as_ref()?;
            Some((
                Mark::Bad,
                row.version.clone(),
                format!("{why} ({})", row.path),
            ))
        });
        let unknown = self
            .unknown
            .iter()
            .map(|why| (Mark::Unknown, "unknown".to_owned(), why.clone()));
        let told: Vec<_> = wrong.chain(unknown).collect();
        if !told.is_empty() {
            doc.marked(told);
        }
        doc
    }

    fn json(&self) -> serde_json::Result<Value> {
        verdict("IstioctlList", self.outcome(), self)
    }

    fn names(&self) -> Vec<String> {
        self.istioctl
            .iter()
            .map(|row| row.version.clone())
            .collect()
    }
}
