//! What can be typed.

use clap::{Parser, Subcommand};
use mesh_common::{Ctx, Outcome, Result};

use crate::{
    exec::Exec, install::Install, list::List, pin::Pin, remove::Remove, verify::Verify,
    which::Which,
};

/// Keep the istioctl that matches each control plane, checked, side by side
///
/// Every plugin of the suite looks here before it looks on PATH. Each
/// istioctl is checked against the sum that its release publishes, and
/// again before it is used. Nothing here changes the cluster.
///
/// Examples:
///   kubectl mesh-istioctl install 1.28.1
///   kubectl mesh-istioctl list
///   kubectl mesh-istioctl exec --revision 1-28-1 -- proxy-status
///
/// Exit codes: 0 done; 1 nothing done, the tool could not do its job; 2
/// refused, nothing done; 3 something could not be read; 64 usage; 130
/// interrupted; exec ends as istioctl does.
#[derive(Debug, Parser)]
#[command(verbatim_doc_comment)]
pub(crate) struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Install(Install),
    List(List),
    Which(Which),
    Exec(Exec),
    Verify(Verify),
    Pin(Pin),
    Remove(Remove),
}

/// Runs what was typed.
pub(crate) async fn run(ctx: &Ctx, cli: Cli) -> Result<Outcome> {
    match cli.verb {
        Verb::Install(install) => install.run(ctx).await,
        Verb::List(list) => list.run(ctx).await,
        Verb::Which(which) => which.run(ctx).await,
        Verb::Exec(exec) => exec.run(ctx).await,
        Verb::Verify(verify) => verify.run(ctx),
        Verb::Pin(pin) => pin.run(ctx).await,
        Verb::Remove(remove) => remove.run(ctx),
    }
}
