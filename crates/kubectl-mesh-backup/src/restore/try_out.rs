//! `--dry-run=server`: every planned object is sent to the API server, which stores nothing.

use std::collections::BTreeMap;

use futures::{StreamExt, stream};
use mesh_common::{
    Outcome, Result,
    decide::print_done,
    output::{Doc, Mark, OutputArgs, count},
};
use serde_json::Value;

use super::{
    carry_out::Place,
    judge::Verdict,
    key::{Api, EXTENSIONS, Key, api_of},
    look::Typed,
    prepare::Prepared,
    send::{Sender, words},
};
use crate::opened::Opened;

/// Objects on the wire at once.
const AT_ONCE: usize = 16;
/// Refusals that are shown.
const SHOWN: usize = 50;

/// Tries every object as it would be written.
///
/// # Errors
/// The archive cannot be read any more.
pub(crate) async fn run(
    place: Place<'_>,
    file: &Opened,
    typed: &Typed,
    prepared: &Prepared,
    output: &OutputArgs,
) -> Result<Outcome> {
    let look = &prepared.look;
    let beside = look.beside(&prepared.survey, typed);
    let verdicts: BTreeMap<&Key, &Verdict> = prepared
        .plan
        .writes()
        .map(|e| (&e.key, &e.verdict))
        .collect();
    let made = |key: Key| verdicts.get(&key) == Some(&&Verdict::Create);
    let (mut later, mut tries) = (0, Vec::new());
    beside.each(file, |key, _, archived| {
        if !verdicts.contains_key(&key) {
            return Ok(());
        }
        // What it lives in is not there yet, so nothing can be said about it.
        let homeless = key.namespace.as_ref().is_some_and(|ns| {
            made(Key::new("", "Namespace", None, ns))
                || (prepared.without_namespace && *ns == place.conn.istio_namespace)
        });
        let kindless = prepared
            .survey
            .crds
            .get(&(key.group.clone(), key.kind.clone()))
            .is_some_and(|crd| {
                let name = crd["metadata"]["name"].as_str().unwrap_or_default();
                made(Key::new(EXTENSIONS, "CustomResourceDefinition", None, name))
            });
        if homeless || kindless {
            later += 1;
        } else if let Some(object) = beside.judge(&key, archived).planned {
            tries.push((key, object));
        }
        Ok(())
    })?;
    let sender = Sender {
        client: place.client.clone(),
        dry: true,
    };
    let answers: Vec<(Key, kube::Result<Value>)> = stream::iter(tries)
        .map(|(key, object)| {
            let api = look.apis.get(&(key.group.clone(), key.kind.clone()));
            one(&sender, api, look.live.get(&key), key, object)
        })
        .buffered(AT_ONCE)
        .collect()
        .await;
    let good = answers.iter().filter(|(_, a)| a.is_ok()).count();
    let mut doc = Doc::new();
    doc.heading("Dry-run on the API server: nothing was stored");
    doc.text(format!(
        "{} would be accepted, {} refused; {later} could not be tried: their kind or namespace is made first.",
        count(good, "object"),
        answers.len() - good
    ));
    let refused = answers.iter().filter_map(|(key, answer)| {
        Some((
            Mark::Bad,
            key.to_string(),
            words(key, answer.as_ref().err()?),
        ))
    });
    doc.marked(refused.take(SHOWN));
    print_done(place.ctx, output, &doc)?;
    Ok(if good < answers.len() {
        Outcome::Refused
    } else {
        Outcome::Done
    })
}

async fn one(
    sender: &Sender,
    api: Option<&Api>,
    live: Option<Value>,
    key: Key,
    mut object: Value,
) -> (Key, kube::Result<Value>) {
    let version = api_of(&object)
        .map(|(_, v)| v.to_owned())
        .unwrap_or_default();
    let Some(api) = api else {
        return (key, Ok(Value::Null));
    };
    let answer = match live {
        None => sender.create(api, &version, &key, &object).await,
        Some(live) => {
            for field in ["uid", "resourceVersion"] {
                object["metadata"][field] = live["metadata"][field].clone();
            }
            sender.replace(api, &version, &key, &object).await
        }
    };
    (key, answer)
}
