//! What promote shows and prints.

use mesh_common::{
    Ctx, Outcome, Result,
    decide::for_programs,
    journal::{Image, image},
    output::{Doc, OutputArgs, Report, count, verdict, yaml},
    shell,
};
use serde_json::{Value, json};

use super::{Prepared, after::Watch};
use crate::{convert::Written, decide::show_gates, road::Done};

/// Names that are shown of a list.
const NAMES: usize = 10;

impl Report for Prepared {
    fn doc(&self, _wide: bool) -> Doc {
        let mut doc = self.header.clone().unwrap_or_default();
        let name = format!("{}/{}", self.namespace, self.name);
        if self.already {
            doc.heading(format!("{name} is enforced already: only its copy goes"));
        } else {
            doc.heading(format!("Enforce {} {name}", self.action));
        }
        match &self.workloads {
            Ok(names) => some(&mut doc, "It applies to", names),
            Err(why) => {
                doc.text(format!("Which workloads it applies to is not known: {why}"));
            }
        }
        match &self.default_deny {
            Ok(names) if names.is_empty() => {}
            Ok(names) => some(
                &mut doc,
                "No other ALLOW applies yet, so that these refuse the rest from then on:",
                names,
            ),
            Err(why) => {
                doc.text(format!(
                    "Which workloads refuse the rest from then on is not known: {why}"
                ));
            }
        }
        show_gates(&mut doc, &self.gates);
        doc.heading("Changes");
        for image in &self.images {
            change(&mut doc, image);
        }
        doc.heading("Way back");
        doc.command(self.rollback());
        doc
    }

    fn json(&self) -> serde_json::Result<Value> {
        self.document(self.gates.outcome(), None)
    }

    fn names(&self) -> Vec<String> {
        vec![format!("authorizationpolicy/{}", self.name)]
    }
}

impl Prepared {
    fn rollback(&self) -> String {
        shell::command(
            "kubectl mesh-audit-policy rollback {} -n {}",
            &[&self.name, &self.namespace],
        )
    }

    fn document(
        &self,
        outcome: Outcome,
        done: Option<(&str, Option<&Watch>)>,
    ) -> serde_json::Result<Value> {
        let objects = self.images.iter().map(|image| {
            json!({ "does": image.verb(), "name": image.key.name, "before": image.before, "planned": image.planned })
        });
        let objects: Vec<Value> = objects.collect();
        let mut body = json!({
            "namespace": self.namespace,
            "name": self.name,
            "action": self.action.to_string(),
            "alreadyEnforced": self.already,
            "workloads": self.workloads.as_ref().ok(),
            "becomeDefaultDeny": self.default_deny.as_ref().ok(),
            "gates": self.gates.gates,
            "objects": objects,
        });
        if let Some((record, after)) = done {
            body["record"] = record.into();
            body["after"] = after.map_or(Value::Null, Watch::json);
        }
        verdict("PolicyPromotion", outcome, body)
    }
}

fn some(doc: &mut Doc, words: &str, names: &[String]) {
    match names {
        [] => {
            doc.text(format!("{words} no workload with a proxy."));
        }
        names => {
            doc.text(format!("{words} {}", count(names.len(), "workload")));
            doc.list(names.iter().take(NAMES));
            if names.len() > NAMES {
                doc.text(format!(
                    "and {} more: -o json names all",
                    names.len() - NAMES
                ));
            }
        }
    }
}

/// What becomes of an object.
pub(crate) fn change(doc: &mut Doc, of: &Image) {
    match (&of.before, &of.planned) {
        (None, None) => {}
        (None, Some(planned)) => {
            doc.text(format!("create {}", of.key));
            if let Ok(text) = yaml(planned) {
                doc.verbatim(text);
            }
        }
        (Some(_), None) => {
            doc.text(format!("delete {}", of.key));
        }
        (before, planned) => {
            doc.text(format!("replace {}", of.key));
            let found = image::differences(before.as_ref(), planned.as_ref());
            doc.list(
                found
                    .iter()
                    .map(|d| format!("{}: {} becomes {}", d.path, d.expected, d.found)),
            );
        }
    }
}

/// What was done, and what comes next.
pub(crate) fn finish(
    ctx: &Ctx,
    prepared: &Prepared,
    output: &OutputArgs,
    done: Done,
    after: Option<&Watch>,
) -> Result<Outcome> {
    let Done {
        mut outcome,
        record,
        mut screen,
    } = done;
    screen.pairs([("Record", record.as_str())]);
    if let Some(after) = after {
        outcome = after.outcome();
        after.show(&mut screen);
    }
    screen.text(if after.is_some_and(Watch::rose) {
        "Way back, now that they rise:"
    } else {
        "Way back, should 403s rise:"
    });
    screen.command(prepared.rollback());
    if for_programs(output) {
        ctx.printer.err_doc(&screen);
        let document = prepared.document(outcome, Some((&record, after)));
        let document = document
            .map_err(|e| mesh_common::Error::internal("cannot write the result").caused_by(e))?;
        ctx.printer
            .print(output, &Written(document, prepared.names()))?;
    } else {
        ctx.printer.out(&screen, output.full)?;
    }
    Ok(outcome)
}
