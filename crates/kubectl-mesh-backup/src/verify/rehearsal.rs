//! The restore rehearsal: every object of an archive, by server-side dry-run against the cluster.

use std::collections::BTreeMap;

use futures::{StreamExt, stream};
use mesh_common::{Ctx, Error, Result};
use serde_json::Value;
use tokio::sync::mpsc;

use super::{
    contents::is_restored,
    row::{Finding, REHEARSAL, Row, Status},
};
use crate::{
    object::Id,
    opened::Opened,
    rehearse::{Live, Rehearsal, Subject, Verdict},
    restore::place::Bounds,
    schema::Schemas,
};

/// Objects that are asked about at once.
const AT_ONCE: usize = 8;
/// Objects that wait to be asked about.
const WAITING: usize = 32;
/// Objects of one reason that are named; the others are counted.
const NAMED: usize = 3;

/// An object on its way to the API server.
struct Asked {
    id: Id,
    group: String,
    resource: String,
    object: Value,
}

/// Rehearses all of it. The file was read to its end before, and is read again meanwhile.
pub(super) async fn run(ctx: &Ctx, file: &Opened, schemas: Schemas, bounds: Bounds) -> Result<Row> {
    let connection = ctx.connection()?;
    let rehearsal = Rehearsal::new(connection, ctx.client()?, schemas);
    let (sender, receiver) = mpsc::channel(WAITING);
    let reading = {
        let file = file.clone();
        tokio::task::spawn_blocking(move || read(&file, &bounds, &sender))
    };
    let mut told = Told::default();
    let verdicts = stream::unfold(receiver, async |mut receiver| {
        receiver.recv().await.map(|asked| (asked, receiver))
    });
    let mut verdicts = std::pin::pin!(
        verdicts
            .map(|asked| ask(&rehearsal, asked))
            .buffer_unordered(AT_ONCE)
    );
    while let Some((id, verdict)) = verdicts.next().await {
        told.add(&id, verdict);
        if told.asked % 20 == 0 {
            ctx.printer
                .progress(&format!("rehearsing: {} objects", told.asked));
        }
    }
    ctx.printer.progress("");
    reading
        .await
        .map_err(|e| Error::internal("the archive was not read to its end").caused_by(e))??;
    Ok(told.row())
}

fn read(file: &Opened, bounds: &Bounds, sender: &mpsc::Sender<Asked>) -> Result<()> {
    file.visit(|entry| {
        let what = entry.what();
        let object: Value = serde_json::from_slice(entry.json)
            .map_err(|_| format!("an object of {what} is not JSON"))?;
        if !is_restored(&object, bounds) {
            return Ok(());
        }
        let asked = Asked {
            id: Id::of(&entry, &object),
            group: entry.group.to_owned(),
            resource: entry.resource.to_owned(),
            object,
        };
        sender
            .blocking_send(asked)
            .map_err(|_| "the rehearsal has ended".to_owned())
    })
    .map(|_| ())
}

async fn ask(rehearsal: &Rehearsal<'_>, asked: Asked) -> (Id, Verdict) {
    let Asked {
        id,
        group,
        resource,
        object,
    } = asked;
    let subject = Subject {
        group: &group,
        resource: &resource,
        namespace: id.namespace.as_deref(),
        name: &id.name,
        object: &object,
    };
    let verdict = rehearsal.rehearse(subject, Live::NotRead).await;
    (id, verdict)
}

#[derive(Default)]
struct Told {
    asked: usize,
    create: usize,
    change: usize,
    same: usize,
    /// By status and reason: how many, and the first of them.
    others: BTreeMap<(bool, String), (usize, Vec<String>)>,
}

impl Told {
    fn add(&mut self, id: &Id, verdict: Verdict) {
        self.asked += 1;
        let (rejected, why) = match verdict {
            Verdict::Create => {
                self.create += 1;
                return;
            }
            Verdict::Change => {
                self.change += 1;
                return;
            }
            Verdict::Same => {
                self.same += 1;
                return;
            }
            Verdict::Rejected { why } => (true, why),
            Verdict::Unknown { why } => (false, why),
        };
        let (count, named) = self.others.entry((!rejected, why)).or_default();
        *count += 1;
        if named.len() < NAMED {
            named.push(id.to_string());
        }
    }

    fn row(self) -> Row {
        let mut parts = vec![format!("{} the same", self.same)];
        for (count, what) in [
            (self.change, "would change"),
            (self.create, "would be created"),
        ] {
            if count > 0 {
                parts.push(format!("{count} {what}"));
            }
        }
        let count = |unknown: bool| -> usize {
            let of = self.others.iter().filter(|((u, _), _)| *u == unknown);
            of.map(|(_, (count, _))| count).sum()
        };
        for (count, what) in [
            (count(false), "would be rejected"),
            (count(true), "unknown"),
        ] {
            if count > 0 {
                parts.push(format!("{count} {what}"));
            }
        }
        let found = self
            .others
            .into_iter()
            .map(|((unknown, why), (count, mut named))| {
                named.sort();
                let more = match count.saturating_sub(named.len()) {
                    0 => String::new(),
                    n => format!(" and {n} more"),
                };
                let status = if unknown {
                    Status::Unknown
                } else {
                    Status::Failed
                };
                Finding::new(status, format!("{}{more}", named.join(", ")), why)
            })
            .collect();
        let mut row = Row::of(REHEARSAL, "", found);
        row.summary = parts.join(", ");
        row
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(name: &str) -> Id {
        Id {
            what: "pods".into(),
            namespace: Some("a".into()),
            name: name.into(),
            kind: "Pod".into(),
        }
    }

    #[test]
    fn reasons_are_told_once() {
        let mut told = Told::default();
        for n in 0..5 {
            told.add(
                &id(&format!("p{n}")),
                Verdict::Unknown {
                    why: "no namespace".into(),
                },
            );
        }
        told.add(
            &id("q"),
            Verdict::Rejected {
                why: "immutable".into(),
            },
        );
        told.add(&id("r"), Verdict::Same);
        told.add(&id("s"), Verdict::Create);
        let row = told.row();
        assert_eq!(row.status, Status::Failed);
        assert_eq!(
            row.summary,
            "1 the same, 1 would be created, 1 would be rejected, 5 unknown"
        );
        let found: Vec<_> = row
            .findings
            .iter()
            .map(|f| (f.object.as_str(), f.message.as_str()))
            .collect();
        assert_eq!(
            found,
            [
                ("pods/q -n a", "immutable"),
                (
                    "pods/p0 -n a, pods/p1 -n a, pods/p2 -n a and 2 more",
                    "no namespace"
                ),
            ]
        );
        assert_eq!(Told::default().row().status, Status::Ok);
    }
}
