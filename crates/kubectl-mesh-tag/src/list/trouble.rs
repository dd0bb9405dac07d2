//! What is wrong, one line each with the command that mends it, and what is not known.

use mesh_common::{
    mesh::{
        Gap, Mesh,
        tags::{Overlap, Problem, TagRow, TagTable},
        wiring::DEFAULT,
    },
    output::{Doc, Mark, Table},
    shell::word,
};

use super::{mend, unsure::Unsure};
use crate::{
    screen::{ROWS, count},
    target::CANARY,
};

/// Problems in the order they are told: by object, what one command mends together.
#[derive(Debug, Default)]
pub(crate) struct Trouble(Vec<Line>);

#[derive(Debug)]
struct Line {
    mark: Mark,
    object: String,
    text: String,
    command: String,
}

impl Trouble {
    /// What is wrong with a tag or revision.
    pub(crate) fn row(&mut self, mesh: &Mesh, row: &TagRow, all: &[TagRow]) {
        let object = match (&row.tag, row.revisions.first()) {
            (Some(tag), _) => format!("tag {tag}"),
            (None, Some(revision)) => format!("revision {revision}"),
            (None, None) => "revision".into(),
        };
        for problem in &row.problems {
            let command = mend::of_row(mesh, row, problem, all);
            self.add(problem, object.clone(), command);
        }
    }

    /// What is wrong with no tag in particular.
    pub(crate) fn mesh(&mut self, problems: &[Problem], all: &[TagRow]) {
        for problem in problems {
            self.add(problem, "validators".into(), mend::of_mesh(problem, all));
        }
    }

    /// Labels that two webhooks take.
    pub(crate) fn overlaps(&mut self, overlaps: &[Overlap]) {
        for overlap in overlaps {
            self.0.push(Line {
                mark: match (overlap.workloads.is_empty(), overlap.conditional) {
                    (_, true) => Mark::Unknown,
                    (true, false) => Mark::Warn,
                    (false, false) => Mark::Bad,
                },
                object: "overlap".into(),
                text: words(overlap),
                command: mend::INJECTORS.into(),
            });
        }
    }

    fn add(&mut self, problem: &Problem, object: String, command: String) {
        self.0.push(Line {
            mark: if problem.broken {
                Mark::Bad
            } else {
                Mark::Warn
            },
            object,
            text: problem.text.clone(),
            command,
        });
    }

    /// Says it all under a heading; without `full` the first ten.
    pub(crate) fn print(&self, doc: &mut Doc, full: bool) {
        if self.0.is_empty() {
            return;
        }
        let count = |mark| self.0.iter().filter(|l| l.mark == mark).count();
        let counts = [
            ("broken", count(Mark::Bad)),
            ("not certain", count(Mark::Unknown)),
            ("worth knowing", count(Mark::Warn)),
        ];
        let title: Vec<_> = counts
            .iter()
            .filter(|(_, n)| *n > 0)
            .map(|(what, n)| format!("{what}: {n}"))
            .collect();
        doc.heading(format!("Problems ({})", title.join(", ")));
        // What hurts is told first; the order of the table is kept within.
        let mut lines: Vec<&Line> = self.0.iter().collect();
        lines.sort_by_key(|l| match l.mark {
            Mark::Bad => 0,
            Mark::Unknown => 1,
            Mark::Warn | Mark::Ok | Mark::Skip => 2,
        });
        let shown = if full || lines.len() <= ROWS + 1 {
            lines.len()
        } else {
            ROWS
        };
        for group in lines[..shown].chunk_by(|a, b| a.command == b.command) {
            let row = |l: &&Line| (l.mark, l.object.clone(), l.text.clone());
            doc.marked(group.iter().map(row));
            doc.command(&group[0].command);
        }
        if shown < lines.len() {
            doc.text(more(lines.len() - shown));
        }
    }
}

fn more(n: usize) -> String {
    format!("… and {n} more (--full shows all)")
}

/// `a and b both take pods with istio.io/rev=x in namespaces without labels: 3 workloads, 7 pods, such as …`.
fn words(overlap: &Overlap) -> String {
    let labels = |labels: &mesh_common::mesh::Labels| {
        if labels.is_empty() {
            return "without labels".to_owned();
        }
        let pairs: Vec<_> = labels.iter().map(|(k, v)| format!("{k}={v}")).collect();
        format!("with {}", pairs.join(","))
    };
    let hit = match overlap.workloads.first() {
        None => "nobody has such labels now".to_owned(),
        Some(first) => format!(
            "{}, {}, such as {}",
            count(overlap.workloads.len(), "workload"),
            count(overlap.pods as usize, "pod"),
            first.short()
        ),
    };
    let condition = if overlap.conditional {
        " (unless their matchConditions, which are not evaluated, say otherwise)"
    } else {
        ""
    };
    format!(
        "{} take the same pods{condition}: pods {} in namespaces {}; {hit}",
        overlap.webhooks.join(" and "),
        labels(&overlap.pod_labels),
        labels(&overlap.namespace_labels),
    )
}

/// Namespaces that ask for an injector that does not exist.
pub(crate) fn dangling(doc: &mut Doc, table: &TagTable) {
    let Some(dangling) = table.dangling.get().filter(|d| !d.is_empty()) else {
        return;
    };
    let title = match dangling.len() {
        1 => "1 namespace asks for an injector that it does not get".to_owned(),
        n => format!("{n} namespaces ask for an injector that they do not get"),
    };
    doc.heading(title);
    let mut rows = Table::new(&["NAMESPACE", "WORKLOADS", "PODS", "WHY"]).limit(ROWS);
    for d in dangling {
        rows.row([
            d.namespace.clone(),
            super::cells::number(&d.workloads, 0_usize),
            super::cells::number(&d.pods, 0_usize),
            d.reason.clone(),
        ]);
    }
    doc.table(rows);
    let names: Vec<String> = dangling
        .iter()
        .take(ROWS)
        .map(|d| word(&d.namespace))
        .collect();
    doc.command(format!(
        "kubectl mesh-tag move {} --to {}",
        names.join(" "),
        haven(&table.rows)
    ));
}

/// Where such namespaces would go: the one sound tag there is beside the canary, else a word to replace.
fn haven(rows: &[TagRow]) -> String {
    let sound = |r: &&TagRow| {
        !r.problems.iter().any(|p| p.broken)
            && r.tag
                .as_deref()
                .is_some_and(|t| t != CANARY && t != DEFAULT)
    };
    let mut tags = rows.iter().filter(sound).filter_map(|r| r.tag.as_deref());
    match (tags.next(), tags.next()) {
        (Some(tag), None) => word(tag),
        _ => "TAG".into(),
    }
}

/// What could not be read, and whose injector depends on what is not evaluated.
pub(crate) fn unknown(doc: &mut Doc, unsure: &[Unsure], gaps: &[Gap]) {
    if unsure.is_empty() && gaps.is_empty() {
        return;
    }
    doc.heading("Not known");
    doc.marked(
        gaps.iter()
            .map(|g| (Mark::Unknown, g.what.clone(), g.detail.clone())),
    );
    if let Some(first) = unsure.first() {
        let pods: u32 = unsure.iter().map(|u| u.pods).sum();
        doc.marked([(
            Mark::Unknown,
            "injection".to_owned(),
            format!(
                "who injects {}, {}, such as {}: {}",
                count(unsure.len(), "workload"),
                count(pods as usize, "pod"),
                first.workload.short(),
                first.reason
            ),
        )]);
    }
}
