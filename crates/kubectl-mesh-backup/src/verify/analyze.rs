//! The matching istioctl's `analyze` over the objects of an archive, without a cluster.

use std::{collections::BTreeSet, path::Path, time::Duration};

use mesh_common::{
    Ctx,
    istioctl::{
        Analysis, Istioctl, IstioctlArgs, Level, Limits, Message, Places, Target, Version,
        analysis::NoAnswer, how_to_get, search,
    },
};

use super::row::{ANALYZE, Finding, Row, Status};
use crate::private;

/// Measured with a cluster at ten thousand resources: 6 s.
const DEADLINE: Duration = Duration::from_secs(120);
/// How much of an answer is read: some 40,000 messages.
const KEPT: usize = 16 << 20;

/// Something that is referred to is not there. A backup does not hold everything: Services of applications and Secrets
/// are left out, so this is no fault of it.
const NOT_FOUND: &str = "IST0101";

/// Asks about a file of objects; `versions` are the archive's istiods'.
pub(super) async fn ask(
    ctx: &Ctx,
    args: &IstioctlArgs,
    versions: &[String],
    istio_namespace: &str,
    dir: &Path,
    objects: &Path,
) -> Row {
    let Some(wanted) = newest(versions) else {
        return Row::new(
            ANALYZE,
            Status::Unknown,
            "the version of the archive's istiod is not known",
        );
    };
    let binary = match find(args, &wanted).await {
        Ok(binary) => binary,
        Err(row) => return row,
    };
    let name = format!("istioctl {}", binary.version());
    match run(ctx, &binary, istio_namespace, dir, objects).await {
        Ok(answer) => judge(&name, &answer),
        Err(why) => Row::new(ANALYZE, Status::Unknown, format!("{name}: {why}")),
    }
}

/// The newest istiod's: what it accepts is what matters after a restore.
fn newest(versions: &[String]) -> Option<Version> {
    let versions = versions.iter().filter_map(|v| Version::parse(v));
    versions.max_by(|a, b| a.semver.cmp(&b.semver))
}

async fn find(args: &IstioctlArgs, wanted: &Version) -> Result<Istioctl, Row> {
    let release = wanted.release();
    let missing = |why: String| Row::new(ANALYZE, Status::Unknown, why).hint(how_to_get(&release));
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
    dir: &Path,
    objects: &Path,
) -> Result<Analysis, String> {
    // No cluster at all: it is not to be asked, whatever the user's kubeconfig says.
    let kubeconfig = dir.join("kubeconfig");
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

fn judge(name: &str, answer: &Analysis) -> Row {
    let mut found: Vec<Finding> = answer.messages.iter().filter_map(told).collect();
    if let Some(doubt) = &answer.doubt {
        found.push(Finding::new(Status::Unknown, name, doubt));
    }
    let others: BTreeSet<&str> = answer
        .messages
        .iter()
        .filter(|m| told(m).is_none())
        .map(|m| m.code.as_str())
        .collect();
    let others = match others.len() {
        0 => String::new(),
        n => format!(" ({n} codes of warnings and notes)"),
    };
    let mut row = Row::of(ANALYZE, format!("found no error{others}"), found);
    row.summary = format!("{name}: {}", row.summary);
    row
}

/// A message that bears on the backup.
fn told(message: &Message) -> Option<Finding> {
    let status = match &message.level {
        Level::Error if message.code == NOT_FOUND => Status::Unknown,
        Level::Error => Status::Failed,
        Level::Info | Level::Warning => return None,
        Level::Other(_) => Status::Unknown,
    };
    let object = message.origin.as_deref().unwrap_or("the mesh");
    let text = match status {
        Status::Unknown => format!(
            "{} {} (it may be what a backup leaves out)",
            message.code, message.message
        ),
        _ => format!("{} {}", message.code, message.message),
    };
    Some(Finding::new(status, object, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(code: &str, level: Level) -> Message {
        Message {
            code: code.into(),
            level,
            message: "words".into(),
            origin: Some("VirtualService a/b".into()),
            reference: None,
            documentation_url: None,
            cluster: None,
        }
    }

    #[test]
    fn errors_fail_and_what_may_be_left_out_is_unknown() {
        let status = |messages: Vec<Message>, doubt: Option<&str>| {
            judge(
                "istioctl 1.28.1",
                &Analysis {
                    messages,
                    doubt: doubt.map(str::to_owned),
                },
            )
            .status
        };
        assert_eq!(status(vec![], None), Status::Ok);
        assert_eq!(
            status(
                vec![
                    message("IST0102", Level::Info),
                    message("IST0146", Level::Warning)
                ],
                None
            ),
            Status::Ok
        );
        assert_eq!(
            status(vec![message("IST0101", Level::Error)], None),
            Status::Unknown
        );
        assert_eq!(
            status(vec![message("IST0106", Level::Error)], None),
            Status::Failed
        );
        assert_eq!(
            status(vec![message("IST0106", Level::Other("Fatal".into()))], None),
            Status::Unknown
        );
        assert_eq!(status(vec![], Some("exit 3")), Status::Unknown);
    }

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
