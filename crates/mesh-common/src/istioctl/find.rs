//! Finds the istioctl that matches a running istiod, and says what was found where when none does.

use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use futures::StreamExt;
use serde::{Serialize, Serializer};

use super::run::execute;
use super::{Istioctl, IstioctlArgs, Parity, Version, VersionReport, first_lines};
use crate::error::{Error, Kind, Result};
use crate::output::clean;
use crate::shell::command;

mod places;

pub use places::Places;

/// How long a candidate has to say its version. Offline it takes some 30 ms.
const PROBE_DEADLINE: Duration = Duration::from_secs(10);

/// How many candidates are asked at the same time: each is a process of some 50 MiB.
const PROBES: usize = 4;

/// How many candidates are looked at, at most.
const MAX_CANDIDATES: usize = 32;

/// How a candidate was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum FoundBy {
    /// `--istioctl`.
    Flag,
    /// `$MESH_ISTIOCTL`.
    Env,
    /// The store of pinned versions.
    Store,
    /// PATH.
    Path,
}

impl fmt::Display for FoundBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Flag => "--istioctl",
            Self::Env => "$MESH_ISTIOCTL",
            Self::Store => "pinned",
            Self::Path => "PATH",
        })
    }
}

/// One istioctl that was looked at.
#[derive(Clone, Debug, Serialize)]
pub struct Candidate {
    /// Where it is, absolute.
    pub path: PathBuf,
    /// How it was found.
    #[serde(rename = "foundBy")]
    pub found_by: FoundBy,
    /// What it says it is, or why that is not known.
    #[serde(serialize_with = "version_or_why")]
    pub version: Result<Version, String>,
}

fn version_or_why<S: Serializer>(
    version: &Result<Version, String>,
    s: S,
) -> Result<S::Ok, S::Error> {
    match version {
        Ok(version) => s.collect_str(version),
        Err(why) => s.collect_str(&format_args!("unknown: {why}")),
    }
}

impl Candidate {
    /// Its version, how it was found, and where it is; beside that why its version is unknown.
    pub fn cells(&self) -> [String; 3] {
        let path = clean(&self.path.to_string_lossy(), 1000);
        let (version, place) = match &self.version {
            Ok(version) => (version.to_string(), path),
            Err(why) => ("unknown".to_owned(), format!("{path}: {}", clean(why, 200))),
        };
        [version, self.found_by.to_string(), place]
    }
}

impl fmt::Display for Candidate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [version, found_by, place] = self.cells();
        write!(f, "{version:<18}  {found_by:<14}  {place}")
    }
}

/// Everything a search saw, and which one it chose.
#[derive(Clone, Debug)]
pub struct Search {
    /// The version istiod runs.
    pub wanted: Version,
    /// How close it had to be.
    pub parity: Parity,
    /// In the order they were tried. The search ends with the first that fits; what would have come after is not here.
    pub candidates: Vec<Candidate>,
    chosen: Option<Istioctl>,
}

/// The istioctl to use.
#[derive(Clone, Debug)]
pub struct Found {
    /// It.
    pub binary: Istioctl,
    /// What was looked at before it, and it.
    pub candidates: Vec<Candidate>,
}

impl Search {
    /// The first candidate that fits.
    pub fn chosen(&self) -> Option<&Istioctl> {
        self.chosen.as_ref()
    }

    /// The least that `--parity` must be loosened by for one of the candidates to fit; none where it would not help.
    pub fn loosen(&self) -> Option<Parity> {
        let fits = |parity: &Parity| {
            let mut versions = self
                .candidates
                .iter()
                .filter_map(|c| c.version.as_ref().ok());
            *parity != self.parity && versions.any(|v| parity.fits(v, &self.wanted))
        };
        [Parity::Minor, Parity::Off].into_iter().find(fits)
    }

    /// The chosen one, or the refusal: [`Kind::Istioctl`] when there was none at all, [`Kind::Refused`] when none fits.
    /// Its hints are what was found where, one line each, and what to do.
    pub fn into_found(self) -> Result<Found> {
        if let Some(binary) = self.chosen {
            return Ok(Found {
                binary,
                candidates: self.candidates,
            });
        }
        let loosen = self.loosen();
        let Self {
            wanted,
            parity,
            candidates,
            chosen: _,
        } = self;
        let needed = match parity {
            Parity::Exact => format!("istioctl {}", wanted.release()),
            Parity::Minor => format!(
                "an istioctl {}.{}",
                wanted.semver.major, wanted.semver.minor
            ),
            Parity::Off => "an istioctl that says its version".to_owned(),
        };
        let error = match &candidates[..] {
            [] => Error::new(
                Kind::Istioctl,
                format!("no istioctl was found; istiod runs {wanted}, so {needed} is needed"),
            ),
            [only] if matches!(only.found_by, FoundBy::Flag | FoundBy::Env) => {
                let is = match &only.version {
                    Ok(version) => format!("is {version}"),
                    Err(why) => format!("cannot be used: {why}"),
                };
                Error::refused(format!(
                    "the istioctl given by {} {is}; istiod runs {wanted}, so {needed} is needed",
                    only.found_by
                ))
            }
            all => Error::refused(format!(
                "none of the {} istioctl found fits; istiod runs {wanted}, so {needed} is needed",
                all.len()
            )),
        };
        let found: Vec<String> = candidates.iter().map(Candidate::to_string).collect();
        let mut error = error;
        if !found.is_empty() {
            error = error.hint(format!("looked at:\n{}", found.join("\n")));
        }
        if loosen == Some(Parity::Minor) {
            error = error.hint("one of the same minor is there; --parity=minor accepts it");
        }
        Err(error.hint(how_to_get(&wanted.release())))
    }
}

/// How to get an istioctl: a sentence, and a command on a line of its own.
pub fn how_to_get(release: &str) -> String {
    let install = command("kubectl mesh-istioctl install {}", &[release]);
    format!(
        "install it, checked against the sum of its release, or pass --istioctl PATH:\n{install}"
    )
}

/// The istioctl that fits, or a refusal that lists what was found where, what is needed, and how to get it.
pub async fn find(args: &IstioctlArgs, wanted: &Version) -> Result<Found> {
    search(args, &Places::of_this_process(), wanted)
        .await?
        .into_found()
}

/// Looks at the candidates in order (`--istioctl` or `$MESH_ISTIOCTL` alone if given; else the pinned store, then PATH) until
/// one fits. Fails only when the istioctl that was named does not exist or cannot be executed.
pub async fn search(args: &IstioctlArgs, places: &Places, wanted: &Version) -> Result<Search> {
    let mut search = Search {
        wanted: wanted.clone(),
        parity: args.parity,
        candidates: Vec::new(),
        chosen: None,
    };
    let todo = match &args.istioctl {
        Some(named) => vec![named_candidate(named, places)?],
        None => places.candidates(args.parity, wanted, MAX_CANDIDATES),
    };
    let mut asked = futures::stream::iter(todo.into_iter().map(ask)).buffered(PROBES);
    while let Some(candidate) = asked.next().await {
        if let Ok(version) = &candidate.version
            && args.parity.fits(version, wanted)
        {
            search.chosen = Some(Istioctl {
                path: candidate.path.clone(),
                version: version.clone(),
                found_by: candidate.found_by,
            });
        }
        search.candidates.push(candidate);
        if search.chosen.is_some() {
            break;
        }
    }
    Ok(search)
}

/// Every istioctl there is, in the order in which a search that takes any would try them, each asked for its version.
///
/// # Errors
/// The istioctl that was named does not exist or cannot be executed.
pub async fn every(args: &IstioctlArgs, places: &Places) -> Result<Vec<Candidate>> {
    let todo = match &args.istioctl {
        Some(named) => vec![named_candidate(named, places)?],
        None => places.candidates(Parity::Off, &Version::none(), MAX_CANDIDATES),
    };
    let asked = futures::stream::iter(todo.into_iter().map(ask)).buffered(PROBES);
    Ok(asked.collect().await)
}

/// A place to look at: a path to ask, or one already ruled out.
#[derive(Debug)]
struct Lead {
    path: PathBuf,
    found_by: FoundBy,
    /// Why it is not asked.
    ruled_out: Option<String>,
    /// The SHA-256 it must have.
    sha256: Option<String>,
}

/// The istioctl named by flag or variable. No other is tried in its place.
fn named_candidate(named: &Path, places: &Places) -> Result<Lead> {
    let found_by = if places.env.as_deref() == Some(named.as_os_str()) {
        FoundBy::Env
    } else {
        FoundBy::Flag
    };
    let wrong = |why: &str| {
        Error::new(
            Kind::Istioctl,
            format!(
                "the istioctl given by {found_by} {why}: {}",
                clean(&named.to_string_lossy(), 200)
            ),
        )
    };
    // Absolute, or a bare name would be looked up on PATH by the system.
    let path = std::path::absolute(named).map_err(|e| wrong("is no path").caused_by(e))?;
    match std::fs::metadata(&path) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Err(wrong("does not exist")),
        Err(e) => Err(wrong("cannot be read").caused_by(e)),
        Ok(meta) if meta.is_dir() => Err(wrong("is a directory")),
        Ok(_) if which::which(&path).is_err() => Err(wrong("is not executable")),
        Ok(_) => Ok(Lead {
            path,
            found_by,
            ruled_out: None,
            sha256: None,
        }),
    }
}

/// Asks one for its version. Never fails: a candidate that cannot answer is a candidate with a reason.
async fn ask(lead: Lead) -> Candidate {
    let version = match lead.ruled_out {
        Some(why) => Err(why),
        None => match places::check_sha256(&lead.path, lead.sha256).await {
            Ok(()) => ask_version(&lead.path, PROBE_DEADLINE).await,
            Err(why) => Err(why),
        },
    };
    Candidate {
        path: lead.path,
        found_by: lead.found_by,
        version,
    }
}

/// Asks one file for its version, as [`search`] asks its candidates.
///
/// # Errors
/// Why it does not say.
pub async fn ask_file(path: &Path) -> Result<Version, String> {
    ask_version(path, PROBE_DEADLINE).await
}

/// `istioctl version --remote=false -o json`: the client only, no cluster is contacted.
async fn ask_version(path: &Path, deadline: Duration) -> Result<Version, String> {
    let argv = ["version", "--remote=false", "-o", "json"].map(OsString::from);
    let output = execute(path, &argv, None, deadline, std::future::pending())
        .await
        .map_err(|e| match std::error::Error::source(&e) {
            Some(cause) => format!("cannot be run: {cause}"),
            None => e.to_string(),
        })?;
    if output.timed_out {
        return Err(format!("did not answer within {} s", deadline.as_secs()));
    }
    let report = VersionReport::parse(&output.stdout.text, &output.stderr.text).ok();
    match (output.code, report.and_then(|report| report.client())) {
        (Some(0), Some(version)) => Ok(version),
        (code, _) => {
            let said = if output.stdout.text.trim().is_empty() {
                &output.stderr.text
            } else {
                &output.stdout.text
            };
            let ended = match (code, output.signal) {
                (Some(code), _) => format!("exit {code}"),
                (None, Some(signal)) => format!("signal {signal}"),
                (None, None) => "no exit code".to_owned(),
            };
            Err(format!("no version answer, {ended}: {}", first_lines(said)))
        }
    }
}

#[cfg(all(test, unix))]
mod tests;
