//! `mesh-backup create` beside `kubectl get` of the same kinds, all of them, as YAML.

use std::path::Path;

use mesh_testkit::Peers;

use super::{
    measure::{Measured, measure},
    report::{Row, Table, mib, millis},
    scaled::Large,
};
use crate::Result;

/// So many times faster than kubectl.
const FASTER: u128 = 10;
/// So many times smaller than its YAML.
const SMALLER: u64 = 20;

/// One run of kubectl, which takes gigabytes, and the two files.
pub(super) fn table(
    large: &Large,
    bins: &Path,
    peers: &Peers,
    ours: &Measured,
    lists: &[String],
) -> Result<Table> {
    let dir = large.dir();
    let (archive, yaml) = (dir.join("mesh.tar.zst"), dir.join("mesh.yaml"));
    let archive_name = archive.display().to_string();
    let args = ["create", "--overwrite", "--allow-partial", &archive_name];
    let create = large.command(&bins.join("kubectl-mesh_backup"), &args);
    let to_file = measure(1, &create)?;
    let kinds: Vec<String> = lists.iter().filter_map(|uri| kind(uri)).collect();
    let script = format!(
        "exec {} get {} -A -o yaml > {}",
        peers.bin("kubectl").display(),
        kinds.join(","),
        yaml.display()
    );
    let kubectl = measure(1, &large.command(Path::new("/bin/sh"), &["-c", &script]))?;
    let size = |path: &Path| std::fs::metadata(path).map(|m| m.len());
    let (small, big) = (size(&archive)?, size(&yaml)?);
    std::fs::remove_file(&yaml)?;
    let mut table = Table::new(
        "mesh-backup create beside kubectl",
        &["command", "ms", "peak MiB", "file MiB", "target"],
    );
    let faster = kubectl.median().as_micros() / ours.median().as_micros().max(1);
    let smaller = big / small.max(1);
    table.row(Row::new(
        [
            "mesh-backup create".into(),
            millis(to_file.median()),
            mib(to_file.peak_kib() * 1024),
            mib(small),
            format!("≥ {FASTER} × faster, ≥ {SMALLER} × smaller"),
        ],
        faster >= FASTER && smaller >= SMALLER,
    ));
    table.row(Row::new(
        [
            format!("kubectl get of {} kinds -A -o yaml", kinds.len()),
            millis(kubectl.median()),
            mib(kubectl.peak_kib() * 1024),
            mib(big),
            String::new(),
        ],
        true,
    ));
    table.note(format!(
        "{faster} × faster, {smaller} × smaller. One run each, to a file."
    ));
    Ok(table)
}

/// A list of all namespaces as kubectl takes its kind: `deployments.v1.apps`.
fn kind(uri: &str) -> Option<String> {
    let path = uri.split('?').next()?;
    if path.contains("/namespaces/") {
        return None;
    }
    let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    match parts.as_slice() {
        ["api", _, resource] => Some((*resource).to_owned()),
        ["apis", group, version, resource] => Some(format!("{resource}.{version}.{group}")),
        _ => None,
    }
}
