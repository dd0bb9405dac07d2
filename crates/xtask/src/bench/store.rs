//! What it costs to check an istioctl of the store before it is used.

use std::{
    io::{Read as _, Write as _},
    time::{Duration, Instant},
};

use mesh_common::istioctl::{
    Version,
    store::{SUM, Store, binary_name, sha256_of},
};

use super::report::{Row, Table, mib};
use crate::Result;

/// Of an istioctl: releases have 80 to 110 MB.
const SIZE: u64 = 100 * 1024 * 1024;
const WALL: Duration = Duration::from_millis(5);
/// Times it is read whole: that takes long.
const WHOLE: usize = 5;

pub(super) fn table(runs: usize) -> Result<Table> {
    let dir = tempfile::Builder::new().prefix("mesh-store-").tempdir()?;
    let store = Store::at(dir.path().to_path_buf());
    let version = Version::parse("1.28.1").ok_or("1.28.1 is a version")?;
    let home = store.home(&version);
    std::fs::create_dir_all(&home)?;
    let binary = home.join(binary_name());
    let mut file = std::fs::File::create(&binary)?;
    std::io::copy(&mut std::io::repeat(0x5a).take(SIZE), &mut file)?;
    file.flush()?;
    std::fs::write(home.join(SUM), sha256_of(&binary)?)?;

    let pinned = || store.get(&version).ok_or("what was put there is there");
    let whole = times(WHOLE, || Ok(pinned()?.verify()?))?;
    let unchanged = times(runs, || Ok(pinned()?.check()?))?;

    let mut table = Table::new(
        "The check of a pinned istioctl",
        &["of a binary", "median ms", "min", "max", "target"],
    );
    let met = median(&unchanged) < WALL;
    table.row(row("whose stamp is unchanged", &unchanged, "< 5 ms", met));
    table.row(row("that is read whole", &whole, "", true));
    table.note(format!(
        "A file of {} MiB in the page cache. Looking for it in the store and reading its recorded sum are in it; {runs} and \
         {WHOLE} times.",
        mib(SIZE)
    ));
    Ok(table)
}

/// How long each of some runs took, shortest first.
fn times(runs: usize, run: impl Fn() -> Result<()>) -> Result<Vec<Duration>> {
    let mut times = Vec::with_capacity(runs);
    for _ in 0..runs.max(1) {
        let start = Instant::now();
        run()?;
        times.push(start.elapsed());
    }
    times.sort_unstable();
    Ok(times)
}

fn median(times: &[Duration]) -> Duration {
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn row(name: &str, times: &[Duration], target: &str, met: bool) -> Row {
    let of = |time: Option<&Duration>| {
        format!(
            "{:.3}",
            time.copied().unwrap_or_default().as_secs_f64() * 1000.0
        )
    };
    Row::new(
        [
            name.into(),
            of(Some(&median(times))),
            of(times.first()),
            of(times.last()),
            target.into(),
        ],
        met,
    )
}
