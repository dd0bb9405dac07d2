//! The verb `version`, which every plugin has: what takes part in a change, and of which version it is.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Command};
use serde::Serialize;
use serde_json::Value;

use crate::ctx::{COMMIT, Ctx};
use crate::error::Result;
use crate::exit::Outcome;
use crate::istioctl::{self, Candidate, IstioctlArgs, Places, run::execute};
use crate::mesh::{Mesh, live::Needs};
use crate::output::{Doc, OutputArgs, Report, Table, clean, verdict};

/// How long kubectl has to say its version. It takes some 30 ms.
const KUBECTL_DEADLINE: Duration = Duration::from_secs(10);

/// Its name.
pub(crate) const NAME: &str = "version";

/// TYPED stands for the plugin.
const LONG: &str = "\
Say the versions of this suite, kubectl, every istioctl, and the cluster

Reads the cluster's version and its istiods; changes nothing. Each
istioctl that a plugin would look at is asked for its version, in the
order in which they are tried. --version prints the suite's alone.

Examples:
  TYPED version
  TYPED version --client
  TYPED version -o json

Exit codes: 0 all known; 1 an istioctl that was named is not there; 3
something could not be asked.";

/// What can be typed after it.
#[derive(Debug, Args)]
pub(crate) struct VersionArgs {
    /// Ask no cluster
    #[arg(long)]
    client: bool,

    #[command(flatten)]
    istioctl: IstioctlArgs,

    #[command(flatten)]
    output: OutputArgs,
}

/// What was found.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct Versions {
    suite: Suite,
    kubectl: Option<Kubectl>,
    istioctl: Vec<Candidate>,
    /// None where no cluster was to be asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    cluster: Option<Cluster>,
}

#[derive(Debug, Clone, Serialize)]
struct Suite {
    version: &'static str,
    commit: &'static str,
}

/// The kubectl that a user types.
#[derive(Debug, Clone, Serialize)]
struct Kubectl {
    path: PathBuf,
    #[serde(flatten)]
    version: Said,
}

#[derive(Debug, Clone, Serialize)]
struct Cluster {
    /// Address, or the archive.
    at: String,
    kubernetes: Said,
    istiods: Vec<OfIstiod>,
    /// Why the istiods are not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    unknown: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
struct OfIstiod {
    revision: String,
    #[serde(flatten)]
    version: Said,
    ready: u32,
    replicas: u32,
}

/// A version, or why it is not known.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
enum Said {
    Version(String),
    Unknown(String),
}

impl Said {
    fn of(version: Option<&str>, why: &str) -> Self {
        match version {
            Some(version) => Self::Version(clean(version, 60)),
            None => Self::Unknown(clean(why, 200)),
        }
    }

    fn known(&self) -> bool {
        matches!(self, Self::Version(_))
    }

    /// Version and what is to be said of it.
    fn cells(&self) -> (String, String) {
        match self {
            Self::Version(version) => (version.clone(), String::new()),
            Self::Unknown(why) => ("unknown".into(), why.clone()),
        }
    }
}

/// The verb, for the plugin that is typed like this.
pub(crate) fn command(name: &'static str) -> Command {
    let long = LONG.replace("TYPED", name);
    let about = long.lines().next().unwrap_or_default().to_owned();
    VersionArgs::augment_args(Command::new(NAME))
        .about(about)
        .long_about(long)
}

/// Runs the verb.
///
/// # Errors
/// An istioctl that was named is not there, or an archive that cannot be read. A cluster that does not answer is none.
pub(crate) async fn run(ctx: &Ctx, args: &VersionArgs) -> Result<Outcome> {
    let places = Places::of_this_process();
    let (kubectl, istioctl, cluster) = futures::future::join3(
        kubectl(),
        istioctl::find::every(&args.istioctl, &places),
        cluster(ctx, args.client),
    )
    .await;
    let versions = Versions {
        suite: Suite {
            version: env!("CARGO_PKG_VERSION"),
            commit: COMMIT,
        },
        kubectl,
        istioctl: istioctl?,
        cluster: cluster?,
    };
    ctx.printer.print(&args.output, &versions)?;
    Ok(versions.outcome())
}

/// `$KUBECTL_PATH`, which a newer kubectl sets for the plugins it runs, else the one on PATH.
async fn kubectl() -> Option<Kubectl> {
    let path = std::env::var_os("KUBECTL_PATH")
        .filter(|path| !path.is_empty())
        .map(PathBuf::from)
        .or_else(|| which::which("kubectl").ok())?;
    let argv = ["version", "--client", "-o", "json"].map(OsString::from);
    let never = std::future::pending();
    let version = match execute(&path, &argv, None, KUBECTL_DEADLINE, never).await {
        Err(e) => Said::Unknown(clean(&e.to_string(), 200)),
        Ok(said) if said.timed_out => Said::Unknown("it does not answer".into()),
        Ok(said) => {
            let answer: Value = serde_json::from_str(&said.stdout.text).unwrap_or_default();
            Said::of(
                answer["clientVersion"]["gitVersion"].as_str(),
                &istioctl::first_lines(&said.stderr.text),
            )
        }
    };
    Some(Kubectl { path, version })
}

async fn cluster(ctx: &Ctx, client_only: bool) -> Result<Option<Cluster>> {
    if client_only && ctx.rehearsal().is_none() {
        return Ok(None);
    }
    let mesh = ctx.mesh(Needs::ISTIODS).await;
    let at = match ctx.rehearsal() {
        Some(file) => file.display().to_string(),
        None => ctx
            .connection()
            .map(|c| c.server.clone())
            .unwrap_or_default(),
    };
    match mesh {
        Ok(mesh) => Ok(Some(Cluster::of(&mesh, &at))),
        Err(e) if ctx.rehearsal().is_some() => Err(e),
        Err(e) => Ok(Some(Cluster {
            at,
            kubernetes: Said::of(None, &e.to_string()),
            istiods: Vec::new(),
            unknown: None,
        })),
    }
}

impl Cluster {
    fn of(mesh: &Mesh, at: &str) -> Self {
        let kubernetes = match mesh.kubernetes.read() {
            Ok(version) => Said::of(Some(version), ""),
            Err(gap) => Said::of(None, &gap.detail),
        };
        let (istiods, unknown) = match mesh.istiods.items() {
            Ok(istiods) => (istiods, None),
            Err(gap) => (&[][..], Some(clean(&gap.detail, 200))),
        };
        let istiods = istiods
            .iter()
            .map(|i| OfIstiod {
                revision: clean(&i.revision, 63),
                version: Said::of(i.version.as_deref(), &format!("its image is {}", i.image)),
                ready: i.ready,
                replicas: i.replicas,
            })
            .collect();
        Self {
            at: clean(at, 200),
            kubernetes,
            istiods,
            unknown,
        }
    }

    fn known(&self) -> bool {
        self.kubernetes.known()
            && self.unknown.is_none()
            && self.istiods.iter().all(|i| i.version.known())
    }
}

impl Versions {
    fn outcome(&self) -> Outcome {
        match &self.cluster {
            Some(cluster) if !cluster.known() => Outcome::Unknown,
            _ => Outcome::Done,
        }
    }
}

impl Report for Versions {
    fn doc(&self, _wide: bool) -> Doc {
        let mut table = Table::new(&["WHAT", "VERSION", "WHERE"]);
        let row = |table: &mut Table, what: &str, said: &Said, place: String| {
            let (version, why) = said.cells();
            let place = [place, why].into_iter().filter(|t| !t.is_empty());
            table.row([
                what.to_owned(),
                version,
                place.collect::<Vec<_>>().join(": "),
            ]);
        };
        let suite = format!("{} ({})", self.suite.version, self.suite.commit);
        row(
            &mut table,
            "kubectl-mesh",
            &Said::Version(suite),
            String::new(),
        );
        match &self.kubectl {
            Some(kubectl) => {
                let path = kubectl.path.display().to_string();
                row(&mut table, "kubectl", &kubectl.version, path);
            }
            None => row(
                &mut table,
                "kubectl",
                &Said::Version("none".into()),
                "not on PATH".into(),
            ),
        }
        if self.istioctl.is_empty() {
            row(
                &mut table,
                "istioctl",
                &Said::Version("none".into()),
                "not on PATH".into(),
            );
        }
        for candidate in &self.istioctl {
            let [version, found_by, place] = candidate.cells();
            table.row(["istioctl".into(), version, format!("{place} ({found_by})")]);
        }
        if let Some(cluster) = &self.cluster {
            row(
                &mut table,
                "Kubernetes",
                &cluster.kubernetes,
                cluster.at.clone(),
            );
            if let Some(why) = &cluster.unknown {
                row(
                    &mut table,
                    "istiod",
                    &Said::Unknown(why.clone()),
                    String::new(),
                );
            }
            for istiod in &cluster.istiods {
                let place = format!(
                    "revision {}, {} of {} ready",
                    istiod.revision, istiod.ready, istiod.replicas
                );
                row(&mut table, "istiod", &istiod.version, place);
            }
        }
        let mut doc = Doc::new();
        doc.table(table);
        doc
    }

    fn json(&self) -> serde_json::Result<Value> {
        verdict("Versions", self.outcome(), self)
    }

    fn names(&self) -> Vec<String> {
        vec![self.suite.version.to_owned()]
    }
}
