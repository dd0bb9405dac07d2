//! istioctl as a child process: which one, does it match, how it is run, what its answer means.
//!
//! Nothing here believes an exit code. istioctl exits 0 with nothing applied, prints log lines before its JSON and words
//! "no tags" differently from version to version; the parsers know the recorded answers and call everything else unknown.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde::Serialize;

use crate::output::clean;

pub mod analysis;
mod answer;
pub mod find;
pub mod offline;
pub mod run;
pub mod store;
pub mod tag;
pub mod version;

pub use analysis::{Analysis, Level, Message};
pub use answer::{BuildInfo, IstiodVersion, ProxyVersion, VersionReport};
pub use find::{Candidate, Found, FoundBy, Places, Search, find, how_to_get, search};
pub use run::{Captured, Limits, Output, Target};
pub use store::{Installed, Store};
pub use tag::{Claim, TagEntry, TagRemove, TagSet};
pub use version::Version;

/// Where istioctl is and how closely it must match. Flatten into a plugin's arguments.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "istioctl options")]
pub struct IstioctlArgs {
    /// The istioctl to run; without it the pinned one, then PATH, whichever matches
    #[arg(long, value_name = "PATH", env = "MESH_ISTIOCTL", global = true)]
    pub istioctl: Option<PathBuf>,

    /// How closely istioctl must match the istiod it speaks for
    #[arg(long, value_enum, value_name = "HOW", default_value_t, global = true)]
    pub parity: Parity,
}

/// How closely istioctl must match the running istiod.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Parity {
    /// To the patch; a vendor's suffix is set aside
    #[default]
    Exact,
    /// Same major and minor
    Minor,
    /// Any version that answers; needs a waiver
    Off,
}

impl Parity {
    /// Whether an istioctl of version `found` may speak for an istiod of version `wanted`.
    pub fn fits(self, found: &Version, wanted: &Version) -> bool {
        match self {
            Self::Exact => found.same_release(wanted),
            Self::Minor => found.same_minor(wanted),
            Self::Off => true,
        }
    }

    /// Whether choosing this loosens a gate, so that the caller must ask for a waiver and its reason.
    pub fn needs_waiver(self) -> bool {
        matches!(self, Self::Off)
    }
}

/// One istioctl that has been asked for its version and fits.
#[derive(Clone, Debug)]
pub struct Istioctl {
    path: PathBuf,
    version: Version,
    found_by: FoundBy,
}

impl Istioctl {
    /// The binary, absolute.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What it answered to `version --remote=false`.
    pub fn version(&self) -> &Version {
        &self.version
    }

    /// How it was found.
    pub fn found_by(&self) -> FoundBy {
        self.found_by
    }
}

/// The first non-empty lines of an answer, for an error that quotes it.
pub(crate) fn first_lines(text: &str) -> String {
    let lines: Vec<String> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .take(3)
        .map(|line| clean(line, 160))
        .collect();
    if lines.is_empty() {
        "nothing".to_owned()
    } else {
        lines.join(" / ")
    }
}
