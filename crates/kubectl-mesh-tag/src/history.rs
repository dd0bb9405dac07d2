//! `kubectl mesh-tag history`: what was done to a tag, by whom, and what can be taken back.

use clap::Args;
use mesh_common::{
    Ctx, Outcome,
    complete::Values,
    error::Result,
    journal::{Record, State, Store},
    output::{self, Doc, Report, Table},
};
use serde_json::{Value, json};

use crate::{cli::Output, screen::ROWS};

/// Show what was done to a tag, newest first
///
/// Reads the records that every operation of the suite leaves in the Istio
/// namespace. Writes nothing.
///
/// Examples:
///   kubectl mesh-tag history stable
///   kubectl mesh-tag history -o json
///
/// Exit codes: 0 shown; 1 the records could not be read; 2 an archive holds
/// none.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct HistoryArgs {
    /// Only this tag (default: everything, moves of namespaces too)
    #[arg(value_name = "TAG", add = Values::Tag)]
    tag: Option<String>,

    #[command(flatten)]
    output: Output,
}

pub(crate) async fn run(ctx: &Ctx, args: &HistoryArgs) -> Result<Outcome> {
    ctx.must_be_live("read the records of operations")?;
    let (client, connection) = (ctx.client()?, ctx.connection()?);
    let (stored, unreadable) = Store::new(&client, connection).list().await?;
    let records: Vec<Record> = stored
        .into_iter()
        .map(|s| s.record)
        .filter(|r| args.tag.is_none() || r.tag == args.tag)
        .rev()
        .collect();
    ctx.printer.print(
        &args.output,
        &History {
            tag: args.tag.clone(),
            records,
            unreadable,
        },
    )?;
    Ok(Outcome::Done)
}

/// What is printed.
struct History {
    tag: Option<String>,
    records: Vec<Record>,
    unreadable: Vec<String>,
}

/// A state in words.
pub(crate) fn state(state: State) -> &'static str {
    match state {
        State::Started => "unfinished",
        State::Done => "done",
        State::Partial => "not as planned",
        State::Nothing => "nothing changed",
        State::RolledBack => "rolled back",
    }
}

impl Report for History {
    fn doc(&self, _wide: bool) -> Doc {
        let mut doc = Doc::new();
        let mut table = Table::new(&["WHEN", "DID", "STATE", "WHO", "RECORD"])
            .wide(&["WITH", "OUTCOME"])
            .limit(ROWS)
            .empty("no records");
        for r in &self.records {
            table.row([
                r.started.strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
                r.title(),
                state(r.state).to_owned(),
                r.user.clone(),
                r.id.clone(),
                r.istioctl.clone().unwrap_or_default(),
                r.outcome.clone(),
            ]);
        }
        doc.table(table);
        if !self.unreadable.is_empty() {
            doc.heading("Cannot be read as records");
            doc.list(&self.unreadable);
        }
        doc
    }

    fn json(&self) -> serde_json::Result<Value> {
        // Images stay out: they are for the way back, and may be large.
        let records: Vec<Value> = self
            .records
            .iter()
            .map(|r| {
                let mut value = serde_json::to_value(r)?;
                value["images"] = r.images.iter().map(|i| json!(i.key)).collect();
                Ok(value)
            })
            .collect::<serde_json::Result<_>>()?;
        output::document(
            "TagHistory",
            json!({ "tag": self.tag, "records": records, "unreadable": self.unreadable }),
        )
    }

    fn names(&self) -> Vec<String> {
        self.records.iter().map(|r| r.id.clone()).collect()
    }
}
