//! The matching istioctl's `analyze` over the objects of an archive, without a cluster.

use std::{collections::BTreeSet, path::Path};

use mesh_common::{
    Ctx,
    istioctl::{
        Analysis, IstioctlArgs, Level, Message,
        offline::{self, Silent},
    },
};

use super::row::{ANALYZE, Finding, Row, Status};

/// Something that is referred to is not there. A backup does not hold everything: Services of applications and Secrets
/// are left out, so this is no fault of it.
const NOT_FOUND: &str = "IST0101";

/// Asks about a file of objects; `versions` are the archive's istiods'.
pub(super) async fn ask(
    ctx: &Ctx,
    args: &IstioctlArgs,
    versions: &[String],
    istio_namespace: &str,
    objects: &Path,
) -> Row {
    let unknown = |why: String| Row::new(ANALYZE, Status::Unknown, why);
    match offline::analyze(ctx, args, versions, istio_namespace, objects).await {
        Ok((name, answer)) => judge(&name, &answer),
        Err(Silent::NoVersion) => {
            unknown("the version of the archive's istiod is not known".into())
        }
        Err(Silent::Missing(why, how)) => unknown(why).hint(how),
        Err(Silent::Failed(name, why)) => unknown(format!("{name}: {why}")),
    }
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
}
