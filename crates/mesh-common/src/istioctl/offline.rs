//! `istioctl analyze --use-kube=false` over files: the matching istioctl's word on objects, and no cluster is asked.

use std::{path::Path, time::Duration};

use super::{
    Analysis, Istioctl, IstioctlArgs, Limits, Places, Target, Version, analysis::NoAnswer,
    how_to_get, search,
};
use crate::{ctx::Ctx, private};

/// Measured with a cluster at ten thousand resources: 6 s.
const DEADLINE: Duration = Duration::from_secs(120);
/// How much of an answer is read: some 40,000 messages.
const KEPT: usize = 16 << 20;

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Silent {
    /// No version is known that it would have to match.
    NoVersion,
    /// None was found that matches: why, and the command that gets one.
    Missing(String, String),
    /// It was run, and gave no answer: its name, and why.
    Failed(String, String),
}

/// Asks about a file of objects. Of several versions the newest counts: what it accepts is what matters. The name of what
/// answered comes with the answer.
///
/// # Errors
/// Nobody answered.
pub async fn analyze(
    ctx: &Ctx,
    args: &IstioctlArgs,
    versions: &[String],
    istio_namespace: &str,
    objects: &Path,
) -> Result<(String, Analysis), Silent> {
    let wanted = newest(versions).ok_or(Silent::NoVersion)?;
    let binary = find(args, &wanted).await?;
    let name = format!("istioctl {}", binary.version());
    match run(ctx, &binary, istio_namespace, objects).await {
        Ok(answer) => Ok((name, answer)),
        Err(why) => Err(Silent::Failed(name, why)),
    }
}

fn newest(versions: &[String]) -> Option<Version> {
    let versions = versions.iter().filter_map(|v| Version::parse(v));
    versions.max_by(|a, b| a.semver.cmp(&b.semver))
}

async fn find(args: &IstioctlArgs, wanted: &Version) -> Result<Istioctl, Silent> {
    let release = wanted.release();
    let missing = |why: String| Silent::Missing(why, how_to_get(&release));
    match search(args, &Places::of_this_process(), wanted).await {
        Ok(search) => search.chosen().cloned().ok_or_else(|| {
            missing(match search.candidates.len() {
                0 => format!("no istioctl was found; istioctl {release} is needed"),
                n => format!("none of the {n} istioctl found is {release}"),
            })
        }),
        Err(e) => Err(missing(e.to_string())),
    }
}

async fn run(
    ctx: &Ctx,
    binary: &Istioctl,
    istio_namespace: &str,
    objects: &Path,
) -> Result<Analysis, String> {
    // No cluster at all: it is not to be asked, whatever the user's kubeconfig says.
    let dir = private::directory("kubectl-mesh-analyze-").map_err(|e| e.to_string())?;
    let kubeconfig = dir.path().join("kubeconfig");
    private::file(&kubeconfig, b"apiVersion: v1\nkind: Config\n").map_err(|e| e.to_string())?;
    let target = Target {
        kubeconfig: &kubeconfig,
        istio_namespace,
    };
    let objects = objects.to_string_lossy();
    let argv = ["analyze", "--use-kube=false", "-A", "-o", "json", &*objects];
    let limits = Limits {
        deadline: DEADLINE,
        kept: KEPT,
    };
    let output = binary
        .run(target, &argv, limits, ctx.interrupt.wait())
        .await
        .map_err(|e| e.to_string())?;
    Analysis::analyze(&output).map_err(|e| match e {
        NoAnswer::Forbidden(why) | NoAnswer::Failed(why) => why,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_istiod_decides_which_istioctl() {
        let of = |versions: &[&str]| {
            let versions: Vec<String> = versions.iter().map(|v| (*v).to_owned()).collect();
            newest(&versions).map(|v| v.release())
        };
        assert_eq!(of(&["1.26.1", "1.28.1"]).as_deref(), Some("1.28.1"));
        assert_eq!(of(&["1.9.0", "1.10.0"]).as_deref(), Some("1.10.0"));
        assert_eq!(of(&["custom"]), None);
    }
}
