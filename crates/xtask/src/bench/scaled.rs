//! `mesh-tag list` and the plan of a promotion, on a large cluster, beside the bare pages of the lists they read.

use std::{
    collections::BTreeSet,
    ffi::OsString,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use mesh_testkit::{AuditEvent, Lab, Mesh, Peers};

use super::{
    command,
    measure::{Measured, measure},
    pager,
    report::{Row, Table, mib, millis},
    scale,
};
use crate::{
    Result,
    demo::{path, stand_ins},
};

/// What ours may take, of what the bare pages take, in percent.
const RATIO: u128 = 120;
const PEAK_KIB: u64 = 40 * 1024;

const OURS: &[(&str, &[&str])] = &[
    ("mesh-tag list", &["list"]),
    (
        "mesh-tag promote stable --dry-run",
        &["promote", "stable", "--dry-run"],
    ),
];

/// One command of ours and what it is held against.
struct Subject {
    name: &'static str,
    command: Command,
    pages: Command,
    calls: usize,
    lists: usize,
    twice: Vec<String>,
    ours: Measured,
    raw: Measured,
}

/// The large cluster, and what it takes to run commands on it.
pub(super) struct Large {
    lab: Lab,
    path: OsString,
}

impl Large {
    pub(super) fn start(bins: &Path, peers: &Peers) -> Result<Self> {
        let mesh = Mesh::sample()?;
        let start = Instant::now();
        let lab = Lab::start(peers, mesh.clone())?;
        let loaded = lab.fill(scale::objects(&mesh)?)?;
        caught_up(&lab)?;
        eprintln!("{loaded} objects loaded in {:.1?}", start.elapsed());
        let tools = lab.dir().join("bin");
        stand_ins(&tools)?;
        let path = path(&[&tools, bins, &peers.bin_dir()])?;
        Ok(Self { lab, path })
    }

    pub(super) fn command(&self, program: &Path, args: &[&str]) -> Command {
        let mut command = command(program, args);
        command
            .env("KUBECONFIG", self.lab.kubeconfig())
            .env("PATH", &self.path);
        command
    }
}

/// Waits until the API server's caches have what its store has; until then it answers lists with a timeout.
fn caught_up(lab: &Lab) -> Result<()> {
    let deadline = Instant::now() + Duration::from_secs(120);
    for list in [
        "/api/v1/namespaces",
        "/apis/apps/v1/deployments",
        "/api/v1/pods",
    ] {
        while let Err(e) = lab.api().raw(&format!("{list}?limit=1")) {
            if Instant::now() > deadline {
                return Err(format!("{list} does not catch up with the store: {e}").into());
            }
        }
    }
    Ok(())
}

pub(super) fn tables(bins: &Path, peers: &Peers, rounds: usize) -> Result<Vec<Table>> {
    let large = Large::start(bins, peers)?;
    let lab = &large.lab;
    let kubectl = large.command(&peers.bin("kubectl"), &["get", "pods", "-A"]);
    // The API server decodes what it has not served yet; that is nobody's time.
    measure(1, &kubectl)?;

    let mut subjects = Vec::new();
    for (i, (name, args)) in OURS.iter().enumerate() {
        let ours = large.command(&bins.join("kubectl-mesh_tag"), args);
        let mark = lab.audit_mark();
        let first = measure(1, &ours)?;
        if first.code != Some(0) {
            eprintln!("xtask: {name} exits {:?}", first.code);
        }
        let events = lab.audit_since(mark);
        let (lists, twice) = lists(&events);
        let file = lab.dir().join(format!("lists-{i}"));
        std::fs::write(&file, lists.join("\n"))?;
        let mut pages = Command::new(std::env::current_exe()?);
        pages.arg(pager::NAME).arg(lab.kubeconfig()).arg(&file);
        measure(1, &pages)?;
        subjects.push(Subject {
            name,
            command: ours,
            pages,
            calls: events.len(),
            lists: lists.len(),
            twice,
            ours: Measured::default(),
            raw: Measured::default(),
        });
    }
    for _ in 0..rounds {
        for subject in &mut subjects {
            subject.raw.add(&measure(1, &subject.pages)?);
            subject.ours.add(&measure(1, &subject.command)?);
        }
    }
    let mark = lab.audit_mark();
    let peer = measure(rounds.min(3), &kubectl)?;
    let calls = lab.audit_since(mark).len() / rounds.clamp(1, 3);
    Ok(vec![table(&subjects, &peer, calls, rounds)])
}

fn table(subjects: &[Subject], kubectl: &Measured, calls: usize, rounds: usize) -> Table {
    let title = format!(
        "{} namespaces, {} injected pods",
        scale::NAMESPACES,
        scale::NAMESPACES * scale::PODS
    );
    let mut table = Table::new(
        &title,
        &[
            "command",
            "median ms",
            "min",
            "max",
            "× pages",
            "CPU ms",
            "peak MiB",
            "API calls",
            "target",
        ],
    );
    for s in subjects {
        let percent =
            |ours: Duration, raw: Duration| ours.as_micros() * 100 / raw.as_micros().max(1);
        let ratio = percent(s.ours.median(), s.raw.median());
        let times = format!("{}.{:02}", ratio / 100, ratio % 100);
        table.row(Row::new(
            cells(
                s.name,
                &s.ours,
                times,
                s.calls.to_string(),
                "≤ 1.2 ×, ≤ 40 MiB",
            ),
            ratio <= RATIO && s.ours.peak_kib() <= PEAK_KIB,
        ));
        let pages = format!("the pages of its {} lists, dropped", s.lists);
        table.row(Row::new(
            cells(&pages, &s.raw, "1".into(), String::new(), ""),
            true,
        ));
        if !s.twice.is_empty() {
            table.note(format!("{} reads twice: {}", s.name, s.twice.join(", ")));
        }
    }
    table.row(Row::new(
        cells(
            "kubectl get pods -A",
            kubectl,
            String::new(),
            calls.to_string(),
            "",
        ),
        true,
    ));
    table.note(format!(
        "Real API server and etcd on the same machine, no wire between: gzip is off on both sides. {rounds} rounds, ours and the \
         pages in turn, six lists at once in both. CPU is that of the command alone; the API server's comes on top and is the same.",
    ));
    table
}

fn cells(name: &str, m: &Measured, ratio: String, calls: String, target: &str) -> [String; 9] {
    [
        name.into(),
        millis(m.median()),
        millis(m.min()),
        millis(m.max()),
        ratio,
        millis(m.cpu()),
        mib(m.peak_kib() * 1024),
        calls,
        target.into(),
    ]
}

/// The first page of each list that was read, and the lists that were read more than once.
fn lists(events: &[AuditEvent]) -> (Vec<String>, Vec<String>) {
    let mut first = Vec::new();
    let mut seen = BTreeSet::new();
    let mut twice = Vec::new();
    for event in events {
        let (path, query) = event.uri.split_once('?').unwrap_or((&event.uri, ""));
        let selected = query.contains("labelSelector");
        if event.verb != "list" || query.split('&').any(|p| p.starts_with("continue=")) {
            continue;
        }
        if !selected && !seen.insert(path.to_owned()) {
            twice.push(event.resource.clone());
            continue;
        }
        first.push(event.uri.clone());
    }
    (first, twice)
}
