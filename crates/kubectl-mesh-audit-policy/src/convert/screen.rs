//! What convert says and prints.

use mesh_common::{
    Ctx, Outcome, Result,
    decide::for_programs,
    journal::Image,
    output::{Doc, OutputArgs, Printer, Report, Table, count, verdict},
    shell,
};
use serde_json::{Value, json};

use super::{item::Item, mode::Mode};
use crate::road::Done;

/// All of what is made.
pub(crate) struct Plan {
    pub(crate) items: Vec<Item>,
    /// Where it is written; none where nothing is.
    pub(crate) header: Option<Doc>,
}

impl Plan {
    /// Those that are written.
    pub(crate) fn made(&self) -> impl Iterator<Item = &Item> {
        self.items.iter().filter(|item| item.image().is_some())
    }

    /// The copies to create.
    pub(crate) fn images(&self) -> Vec<Image> {
        self.items.iter().filter_map(Item::image).collect()
    }

    /// The policies of these copies.
    pub(crate) fn policies(&self) -> Vec<String> {
        let name = |item: &Item| {
            let policy = &item.source.found.policy;
            format!("{}/{}", policy.namespace, policy.name)
        };
        self.made().map(name).collect()
    }

    /// Everything that is to be said, on stderr.
    pub(crate) fn explain(&self, p: &Printer) {
        for item in &self.items {
            p.note(headline(item));
            for line in &item.said {
                p.note(format!("  {line}"));
            }
            if item.mode == Some(Mode::Replay) {
                p.note(format!("  {}", item.replay()));
            }
            if let Some(telemetry) = telemetry(item) {
                p.note("  a Telemetry that keeps them, where no other selects these workloads (two are invalid):");
                for line in telemetry.lines() {
                    p.note(format!("    {line}"));
                }
            }
        }
    }
}

/// `payments/lockdown: dry-run copy lockdown-audit, on 2 workloads`.
fn headline(item: &Item) -> String {
    let found = &item.source.found;
    let name = found.name();
    let on = match &item.workloads {
        Some(names) => count(names.len(), "workload"),
        None => "workloads that are not known".to_owned(),
    };
    match (item.mode, &item.copy) {
        (Some(mode), Some(copy)) => {
            let copy = copy["metadata"]["name"].as_str().unwrap_or_default();
            let action = found.policy.spec.action;
            format!("{name}: {action}, {} copy {copy}, on {on}", mode.word())
        }
        _ => format!("{name}: {}, replay, on {on}", found.policy.spec.action),
    }
}

/// What makes an AUDIT copy visible.
fn telemetry(item: &Item) -> Option<String> {
    let copy = item
        .copy
        .as_ref()
        .filter(|_| item.mode == Some(Mode::Audit))?;
    let mut spec = json!({
        "accessLogging": [{
            "filter": { "expression": "metadata.filter_metadata['envoy.common'].access_log_hint == true" },
        }],
    });
    for field in ["selector", "targetRefs"] {
        if !copy["spec"][field].is_null() {
            spec[field] = copy["spec"][field].clone();
        }
    }
    let object = json!({
        "apiVersion": "telemetry.istio.io/v1",
        "kind": "Telemetry",
        "metadata": { "name": copy["metadata"]["name"], "namespace": copy["metadata"]["namespace"] },
        "spec": spec,
    });
    mesh_common::output::yaml(&object).ok()
}

impl Report for Plan {
    fn doc(&self, _wide: bool) -> Doc {
        let mut doc = self.header.clone().unwrap_or_default();
        doc.heading("Copies to make");
        let mut table = Table::new(&["Namespace", "Policy", "Action", "Mode", "Copy", "Workloads"]);
        for item in &self.items {
            let policy = &item.source.found.policy;
            let copy = item.copy.as_ref();
            let copy = copy.and_then(|c| c["metadata"]["name"].as_str());
            table.row([
                policy.namespace.clone(),
                policy.name.clone(),
                policy.spec.action.to_string(),
                item.mode.map_or("-", Mode::word).to_owned(),
                copy.unwrap_or("-").to_owned(),
                item.workloads
                    .as_ref()
                    .map_or_else(|| "?".to_owned(), |names| names.len().to_string()),
            ]);
        }
        doc.table(table);
        for item in &self.items {
            doc.text(format!("{}:", item.source.found.name()));
            doc.list(&item.said);
            if item.mode == Some(Mode::Replay) {
                doc.command(item.replay());
            }
            if let Some(telemetry) = telemetry(item) {
                doc.text("A Telemetry that keeps them, where no other selects these workloads (two are invalid):");
                doc.verbatim(telemetry);
            }
        }
        if let Some(item) = self.made().next() {
            doc.heading("Way back");
            doc.command(rollback(item));
        }
        doc
    }

    fn json(&self) -> serde_json::Result<Value> {
        self.document(Outcome::Done, None)
    }

    fn names(&self) -> Vec<String> {
        let images = self.images();
        let name = |image: &Image| format!("authorizationpolicy/{}", image.key.name);
        images.iter().map(name).collect()
    }
}

impl Plan {
    fn document(&self, outcome: Outcome, record: Option<&str>) -> serde_json::Result<Value> {
        let items = self.items.iter().map(|item| {
            let policy = &item.source.found.policy;
            json!({
                "namespace": policy.namespace,
                "name": policy.name,
                "action": policy.spec.action.to_string(),
                "mode": item.mode,
                "workloads": item.workloads,
                "alreadyThere": item.there,
                "said": item.said,
                "copy": item.copy,
            })
        });
        let items: Vec<Value> = items.collect();
        let mut body = json!({ "policies": items });
        if let Some(record) = record {
            body["record"] = record.into();
        }
        verdict("PolicyConversion", outcome, body)
    }
}

fn rollback(item: &Item) -> String {
    let policy = &item.source.found.policy;
    shell::command(
        "kubectl mesh-audit-policy rollback {} -n {}",
        &[&policy.name, &policy.namespace],
    )
}

/// What was made, and what comes next.
pub(crate) fn finish(ctx: &Ctx, plan: &Plan, output: &OutputArgs, done: Done) -> Result<Outcome> {
    let Done {
        outcome,
        record,
        mut screen,
    } = done;
    if outcome == Outcome::Done {
        screen.heading("Next");
        for item in plan.made() {
            let policy = &item.source.found.policy;
            screen.steps([(
                "judge recorded traffic, and enforce it when it was watched:".to_owned(),
                Some(item.replay()),
            )]);
            screen.steps([(
                "then:".to_owned(),
                Some(shell::command(
                    "kubectl mesh-audit-policy promote {} -n {}",
                    &[&policy.name, &policy.namespace],
                )),
            )]);
        }
    }
    screen.pairs([("Record", record.as_str())]);
    if let Some(item) = plan.made().next() {
        screen.text("Way back:");
        screen.command(rollback(item));
    }
    if for_programs(output) {
        ctx.printer.err_doc(&screen);
        let document = plan.document(outcome, Some(&record));
        let written = document
            .map_err(|e| mesh_common::Error::internal("cannot write the result").caused_by(e))?;
        ctx.printer.print(output, &Written(written, plan.names()))?;
    } else {
        ctx.printer.out(&screen, output.full)?;
    }
    Ok(outcome)
}

/// A result that is for a program only.
pub(crate) struct Written(pub(crate) Value, pub(crate) Vec<String>);

impl Report for Written {
    fn doc(&self, _wide: bool) -> Doc {
        Doc::new()
    }

    fn json(&self) -> serde_json::Result<Value> {
        Ok(self.0.clone())
    }

    fn names(&self) -> Vec<String> {
        self.1.clone()
    }
}
