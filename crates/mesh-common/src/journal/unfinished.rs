//! The ways out of a record that a killed command left.

use std::time::Duration;

use kube::Client;

use super::{Lease, Record, operation::busy};
use crate::{
    Ctx,
    cluster::Connection,
    error::{Error, Kind, Result},
    shell,
};

/// The command that finishes a record.
pub fn go_on(record: &Record) -> &'static str {
    match &record.files {
        Some(files) if files.encrypted => "kubectl mesh-backup restore --resume --identity FILE",
        Some(_) => "kubectl mesh-backup restore --resume",
        None if record.is_of_policies() => "kubectl mesh-audit-policy resume",
        None => "kubectl mesh-tag resume",
    }
}

/// The command that takes a record back.
pub fn way_back(record: &Record) -> String {
    if let Some((namespace, name)) = record.policies.first().and_then(|p| p.split_once('/')) {
        return shell::command(
            "kubectl mesh-audit-policy rollback {} -n {} --to-record {}",
            &[name, namespace, &record.id],
        );
    }
    match (&record.files, &record.tag) {
        (Some(files), _) => {
            let command = shell::command("kubectl mesh-backup rollback {}", &[&record.id]);
            if files.encrypted {
                format!("{command} --identity FILE")
            } else {
                command
            }
        }
        (None, Some(tag)) => shell::command(
            "kubectl mesh-tag rollback {} --to-record {}",
            &[tag, &record.id],
        ),
        (None, None) => {
            shell::command("kubectl mesh-tag move --undo --to-record {}", &[&record.id])
        }
    }
}

/// Waits until no Lease runs: while that of `left` does, `who` (`an istioctl of the interrupted command`) may still write.
///
/// # Errors
/// Somebody else holds the Lease, Ctrl-C, and a Lease that does not run out.
pub async fn wait_out(
    ctx: &Ctx,
    client: &Client,
    connection: &Connection,
    left: Option<&Record>,
    who: &str,
) -> Result<()> {
    for _ in 0..3 {
        let Some(held) = Lease::holder(client, connection).await? else {
            return Ok(());
        };
        let dead = left.is_some_and(|record| held.holder.contains(&record.id));
        if !dead {
            return Err(busy(&held));
        }
        ctx.printer.urgent(format!(
            "waiting {} s: until then {who} may still write",
            held.remaining.as_secs() + 1
        ));
        tokio::select! {
            () = tokio::time::sleep(held.remaining + Duration::from_millis(500)) => {}
            () = ctx.interrupt.wait() => {
                return Err(Error::new(Kind::Interrupted, "interrupted; nothing was changed"));
            }
        }
    }
    Err(Error::refused(
        "the Lease of the interrupted command does not run out",
    ))
}
