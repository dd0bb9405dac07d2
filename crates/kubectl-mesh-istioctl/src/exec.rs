//! `kubectl mesh-istioctl exec -- ARGS…`.

use std::ffi::OsString;

use mesh_common::{
    Ctx, Outcome, Result,
    complete::Values,
    istioctl::{IstioctlArgs, Target, find},
};

use crate::revision::Running;

/// Run the istioctl that matches a revision
///
/// It talks to the cluster that this command would talk to, as the same
/// user: it is given a kubeconfig of that connection alone, and none of the
/// settings in ISTIOCTL_* or ~/.istioctl.
///
/// Examples:
///   kubectl mesh-istioctl exec -- proxy-status
///   kubectl mesh-istioctl exec --revision 1-28-1 -- analyze -A
///   kubectl mesh-istioctl exec --context prod -- version -o json
///
/// Exit codes: 0 and any other, as istioctl ends; 1 it was not run; 2 none
/// that matches, or more than one version runs; 3 the version is not known;
/// 64 usage.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Exec {
    /// Revision to match [default: the only one that runs]
    #[arg(long, value_name = "REVISION", add = Values::Revision)]
    revision: Option<String>,

    #[command(flatten)]
    istioctl: IstioctlArgs,

    /// What istioctl is given, after --
    #[arg(last = true, required = true, value_name = "ARGS")]
    args: Vec<OsString>,
}

impl Exec {
    /// Runs it in our place.
    pub(crate) async fn run(self, ctx: &Ctx) -> Result<Outcome> {
        let Self {
            revision,
            istioctl,
            args,
        } = self;
        ctx.must_be_live("run istioctl")?;
        let wanted = Running::read(ctx).await?.choose(revision.as_deref())?;
        let found = find(&istioctl, &wanted).await?;
        let connection = ctx.connection()?;
        let minified = connection.minified()?;
        // Ctrl-C is the child's to take, and what is left of it is ours to clear away.
        let _hold = ctx.interrupt.hold();
        let target = Target {
            kubeconfig: minified.path(),
            istio_namespace: &connection.istio_namespace,
        };
        let code = found.binary.pass_through(target, &args).await;
        minified.close()?;
        Ok(Outcome::Passed(code?))
    }
}
