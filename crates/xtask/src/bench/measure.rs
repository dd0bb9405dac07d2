//! Wall time, processor time and peak memory of a command.
//!
//! The kernel reports peak memory per waited-for child, and to a child it counts what its parent had when it was
//! forked. So the command is started by a process that has next to nothing: this program again, by a hidden name.

use std::{
    ffi::OsString,
    io::Write as _,
    process::{Command, ExitCode, Stdio},
    time::{Duration, Instant},
};

use nix::sys::resource::{UsageWho, getrusage};
use serde::{Deserialize, Serialize};

use crate::Result;

/// The hidden name.
pub(crate) const NAME: &str = "measure-inside";

/// What some runs of a command took.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
pub(super) struct Measured {
    /// Wall time of each run, in microseconds, shortest first.
    walls: Vec<u64>,
    /// Processor time of all of them, in microseconds.
    cpu: u64,
    /// Most memory any of them held at once, in KiB.
    peak: u64,
    /// Exit code of the last.
    pub(super) code: Option<i32>,
}

impl Measured {
    pub(super) fn min(&self) -> Duration {
        Duration::from_micros(self.walls.first().copied().unwrap_or_default())
    }

    pub(super) fn median(&self) -> Duration {
        Duration::from_micros(
            self.walls
                .get(self.walls.len() / 2)
                .copied()
                .unwrap_or_default(),
        )
    }

    pub(super) fn max(&self) -> Duration {
        Duration::from_micros(self.walls.last().copied().unwrap_or_default())
    }

    /// Processor time of one run, on average.
    pub(super) fn cpu(&self) -> Duration {
        Duration::from_micros(self.cpu / self.walls.len().max(1) as u64)
    }

    pub(super) fn peak_kib(&self) -> u64 {
        self.peak
    }

    /// These and further runs of the same command.
    pub(super) fn add(&mut self, more: &Self) {
        self.walls.extend(&more.walls);
        self.walls.sort_unstable();
        self.cpu += more.cpu;
        self.peak = self.peak.max(more.peak);
        self.code = more.code;
    }
}

/// Runs a command so many times, its output thrown away.
pub(super) fn measure(runs: usize, command: &Command) -> Result<Measured> {
    let mut inside = Command::new(std::env::current_exe()?);
    inside.arg(NAME).arg(runs.to_string());
    inside.arg(command.get_program()).args(command.get_args());
    for (key, value) in command.get_envs() {
        match value {
            Some(value) => inside.env(key, value),
            None => inside.env_remove(key),
        };
    }
    let output = inside.stderr(Stdio::inherit()).output()?;
    if !output.status.success() {
        return Err(format!("{command:?} could not be measured").into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// The process that has next to nothing. Kept free of everything that is not needed.
pub(crate) fn inside(mut args: impl Iterator<Item = OsString>) -> Result<ExitCode> {
    let runs: usize = args
        .next()
        .and_then(|n| n.to_str()?.parse().ok())
        .ok_or("how many runs?")?;
    let program = args.next().ok_or("of what?")?;
    let mut command = Command::new(program);
    command
        .args(args)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut measured = Measured::default();
    for _ in 0..runs {
        let start = Instant::now();
        let status = command.status()?;
        let wall = start.elapsed();
        measured.walls.push(u64::try_from(wall.as_micros())?);
        measured.code = status.code();
    }
    measured.walls.sort_unstable();
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    for time in [usage.user_time(), usage.system_time()] {
        measured.cpu += u64::try_from(time.tv_sec() * 1_000_000 + time.tv_usec())?;
    }
    // Linux counts in KiB, Apple in bytes.
    let unit = if cfg!(target_os = "macos") { 1024 } else { 1 };
    measured.peak = u64::try_from(usage.max_rss() / unit)?;
    std::io::stdout().write_all(&serde_json::to_vec(&measured)?)?;
    Ok(ExitCode::SUCCESS)
}
