//! How long a command takes that does nothing.

use std::{path::Path, process::Command, time::Duration};

use mesh_testkit::Peers;

use super::{
    command,
    measure::{Measured, measure},
    plugins,
    report::{Row, Table, mib, millis},
};
use crate::Result;

const WALL: Duration = Duration::from_millis(3);
const PEAK_KIB: u64 = 12 * 1024;

pub(super) fn table(bins: &Path, peers: &Peers, runs: usize) -> Result<Table> {
    let mut table = Table::new(
        "Start-up",
        &[
            "command",
            "median ms",
            "min",
            "max",
            "CPU ms",
            "peak MiB",
            "target",
        ],
    );
    for plugin in plugins(bins)? {
        let binary = bins.join(&plugin);
        let name = plugin.replace("kubectl-mesh_", "kubectl mesh-");
        for arg in ["--help", "--version"] {
            let m = measure(runs, &command(&binary, &[arg]))?;
            table.row(row(&format!("{name} {arg}"), &m, true));
        }
        let mut complete = command(&binary, &["--", &plugin, ""]);
        complete
            .env("COMPLETE", "bash")
            .env("_CLAP_COMPLETE_INDEX", "1");
        let m = measure(runs, &complete)?;
        if m.code == Some(0) {
            table.row(row(&format!("{name} completion"), &m, true));
        }
    }
    let kubectl = command(&peers.bin("kubectl"), &["version", "--client"]);
    table.row(row(
        "kubectl version --client",
        &measure(runs, &kubectl)?,
        false,
    ));
    for (version, mut istioctl) in istioctls() {
        istioctl.args(["version", "--remote=false"]);
        let m = measure(runs, &istioctl)?;
        table.row(row(
            &format!("istioctl {version} version --remote=false"),
            &m,
            false,
        ));
    }
    let floor = measure(runs, &Command::new("true"))?;
    table.note(format!(
        "Starting a program that does nothing takes {} ms here; {runs} runs each. Binaries are called as kubectl calls them, \
         without kubectl before them.",
        millis(floor.median())
    ));
    Ok(table)
}

fn row(name: &str, m: &Measured, ours: bool) -> Row {
    let (target, met) = if ours {
        let met = m.median() <= WALL && m.peak_kib() <= PEAK_KIB;
        ("≤ 3 ms, ≤ 12 MiB", met)
    } else {
        ("", true)
    };
    Row::new(
        [
            name.into(),
            millis(m.median()),
            millis(m.min()),
            millis(m.max()),
            millis(m.cpu()),
            mib(m.peak_kib() * 1024),
            target.into(),
        ],
        met,
    )
}

/// Real istioctls, where there are any.
fn istioctls() -> Vec<(String, Command)> {
    let Some(dir) = std::env::var_os("MESH_E2E_ISTIOCTL_DIR") else {
        return Vec::new();
    };
    let Ok(entries) = std::fs::read_dir(dir) else {
        return Vec::new();
    };
    entries
        .flatten()
        .map(|e| {
            (
                e.file_name().to_string_lossy().into_owned(),
                e.path().join("istioctl"),
            )
        })
        .filter(|(_, path)| path.is_file())
        .map(|(version, path)| (version, Command::new(path)))
        .collect()
}
