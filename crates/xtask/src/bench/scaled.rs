//! `mesh-tag list`, the plan of a promotion, `mesh-precheck` and a backup, on a large cluster, beside the bare pages of the lists
//! they read.

use std::{
    collections::BTreeSet,
    ffi::OsString,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use mesh_testkit::{AuditEvent, Lab, Mesh, Peers};

use super::{
    backup, command,
    measure::{Measured, measure},
    pager,
    report::{Row, Table, mib, millis},
    scale,
};
use crate::{
    Result,
    demo::{path, stand_ins},
};

/// A command of ours, and what it may take.
struct Ours {
    name: &'static str,
    binary: &'static str,
    args: &'static [&'static str],
    /// Whether it finds an istioctl.
    istioctl: bool,
    /// Lists it has on the wire at once, and so the pages it is held against.
    at_once: usize,
    /// Whether the pages are also read one list after the other.
    one_by_one: bool,
    /// Wall time, of what the bare pages take, in percent.
    percent: u128,
    /// Memory, in MiB.
    peak: u64,
}

const OURS: &[Ours] = &[
    Ours {
        name: "mesh-tag list",
        binary: "kubectl-mesh_tag",
        args: &["list"],
        istioctl: true,
        at_once: 6,
        one_by_one: false,
        percent: 120,
        peak: 40,
    },
    Ours {
        name: "mesh-tag promote stable --dry-run",
        binary: "kubectl-mesh_tag",
        args: &["promote", "stable", "--dry-run"],
        istioctl: true,
        at_once: 6,
        one_by_one: false,
        percent: 120,
        peak: 40,
    },
    Ours {
        name: "mesh-precheck --to 1.28.1 -o short",
        binary: "kubectl-mesh_precheck",
        args: &["--to", "1.28.1", "-o", "short"],
        istioctl: false,
        at_once: 10,
        one_by_one: true,
        percent: 200,
        peak: 96,
    },
    Ours {
        name: BACKUP,
        binary: "kubectl-mesh_backup",
        args: &["create", "-"],
        istioctl: false,
        at_once: 3,
        one_by_one: true,
        percent: 200,
        peak: 96,
    },
];

const BACKUP: &str = "mesh-backup create";

/// One command of ours and what it is held against.
struct Subject {
    ours: &'static Ours,
    command: Command,
    pages: Measurement,
    one_by_one: Option<Measurement>,
    calls: usize,
    lists: usize,
    asked: Vec<String>,
    twice: Vec<String>,
    measured: Measured,
}

/// A command, and what its runs took.
struct Measurement {
    command: Command,
    measured: Measured,
}

impl Measurement {
    fn of(command: Command) -> Self {
        Self {
            command,
            measured: Measured::default(),
        }
    }

    fn run(&mut self) -> Result<()> {
        self.measured.add(&measure(1, &self.command)?);
        Ok(())
    }
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

    /// A place for files.
    pub(super) fn dir(&self) -> &Path {
        self.lab.dir()
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
        "/apis/policy/v1/poddisruptionbudgets",
        "/apis/networking.istio.io/v1/virtualservices",
        "/apis/security.istio.io/v1/authorizationpolicies",
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
    for (i, ours) in OURS.iter().enumerate() {
        subjects.push(Subject::find(&large, bins, ours, i)?);
    }
    for _ in 0..rounds {
        for subject in &mut subjects {
            subject.pages.run()?;
            subject.measured.add(&measure(1, &subject.command)?);
            if let Some(one_by_one) = &mut subject.one_by_one {
                one_by_one.run()?;
            }
        }
    }
    let mark = lab.audit_mark();
    let peer = measure(rounds.min(3), &kubectl)?;
    let calls = lab.audit_since(mark).len() / rounds.clamp(1, 3);
    let mut tables = vec![table(&subjects, &peer, calls, rounds)];
    if let Some(backup) = subjects.iter().find(|s| s.ours.name == BACKUP) {
        let Subject {
            measured, asked, ..
        } = backup;
        tables.push(backup::table(&large, bins, peers, measured, asked)?);
    }
    Ok(tables)
}

impl Subject {
    /// Runs it once, to see what it asks for.
    fn find(large: &Large, bins: &Path, ours: &'static Ours, nth: usize) -> Result<Self> {
        let lab = &large.lab;
        let mut command = large.command(&bins.join(ours.binary), ours.args);
        if !ours.istioctl {
            let nothing = lab.dir().join("nothing");
            std::fs::create_dir_all(&nothing)?;
            command.env("PATH", &nothing).env("XDG_DATA_HOME", &nothing);
            command.env_remove("MESH_ISTIOCTL");
        }
        let mark = lab.audit_mark();
        let first = measure(1, &command)?;
        // 2 and 3 say what was found, or could not be found out.
        if !matches!(first.code, Some(0 | 2 | 3)) {
            eprintln!("xtask: {} exits {:?}", ours.name, first.code);
        }
        let events = lab.audit_since(mark);
        let (lists, twice) = lists(&events);
        let file = lab.dir().join(format!("lists-{nth}"));
        std::fs::write(&file, lists.join("\n"))?;
        let exe = std::env::current_exe()?;
        let pages = |at_once: usize| {
            let mut pages = Command::new(&exe);
            pages.arg(pager::NAME).arg(lab.kubeconfig()).arg(&file);
            pages.arg(at_once.to_string());
            Measurement::of(pages)
        };
        let subject = Self {
            ours,
            command,
            pages: pages(ours.at_once),
            one_by_one: ours.one_by_one.then(|| pages(1)),
            calls: events.len(),
            lists: lists.len(),
            asked: lists,
            twice,
            measured: Measured::default(),
        };
        measure(1, &subject.pages.command)?;
        Ok(subject)
    }

    fn rows(&self, table: &mut Table) {
        let Self { ours, measured, .. } = self;
        let percent =
            |raw: &Measured| measured.median().as_micros() * 100 / raw.median().as_micros().max(1);
        let times = |percent: u128| format!("{}.{:02}", percent / 100, percent % 100);
        let ratio = percent(&self.pages.measured);
        let target = format!(
            "≤ {}.{} ×, ≤ {} MiB",
            ours.percent / 100,
            ours.percent / 10 % 10,
            ours.peak
        );
        table.row(Row::new(
            cells(
                ours.name,
                measured,
                times(ratio),
                self.calls.to_string(),
                &target,
            ),
            ratio <= ours.percent && measured.peak_kib() <= ours.peak * 1024,
        ));
        let mut pages = |how: String, m: &Measured, ratio: String| {
            table.row(Row::new(cells(&how, m, ratio, String::new(), ""), true));
        };
        let what = format!("the pages of its {} lists, dropped", self.lists);
        let with = format!("{what}, {} lists at once", ours.at_once);
        pages(with, &self.pages.measured, "1".into());
        if let Some(one_by_one) = &self.one_by_one {
            let m = &one_by_one.measured;
            let ratio = format!("{} of these", times(percent(m)));
            pages(format!("{what}, one list after the other"), m, ratio);
        }
        if !self.twice.is_empty() {
            table.note(format!(
                "{} reads twice: {}",
                ours.name,
                self.twice.join(", ")
            ));
        }
    }
}

fn table(subjects: &[Subject], kubectl: &Measured, calls: usize, rounds: usize) -> Table {
    let title = format!(
        "{} namespaces, {} injected pods, {} resources of Istio",
        scale::NAMESPACES,
        scale::NAMESPACES * scale::PODS,
        scale::NAMESPACES * scale::RESOURCES,
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
    for subject in subjects {
        subject.rows(&mut table);
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
         pages in turn, as many lists at once in both. CPU is that of the command alone; the API server's comes on top and is \
         the same.",
    ));
    table.note(
        "`mesh-precheck` finds no istioctl here, which it says at once: these are its own categories. Measured elsewhere, at this \
         size and on two cores: `istioctl x precheck` 1.0 to 1.7 s and 390 to 450 MiB, without looking at a pod; \
         `istioctl analyze -A` 5.3 s and 605 MiB.",
    );
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
