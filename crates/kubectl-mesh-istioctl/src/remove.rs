//! `kubectl mesh-istioctl remove VERSION`.

use std::fs;

use mesh_common::{
    Ctx, Error, Outcome, Result,
    complete::Values,
    istioctl::{Store, Version},
    output::clean,
};

use crate::{release, verify::installed};

/// Remove an installed istioctl
///
/// It can be installed again at any time. What .mesh.toml pins stays
/// pinned.
///
/// Examples:
///   kubectl mesh-istioctl remove 1.26.1
///   kubectl mesh-istioctl remove 1.26.1 --quiet
///
/// Exit codes: 0 removed; 1 it is not installed, or cannot be removed; 64
/// usage.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Remove {
    /// Version to remove
    #[arg(value_parser = release::version, add = Values::Installed)]
    version: Version,
}

impl Remove {
    /// Takes it out of the way in one step, and then apart.
    pub(crate) fn run(self, ctx: &Ctx) -> Result<Outcome> {
        let Self { version } = self;
        let store = Store::of_this_process()?;
        installed(&store, &version)?;
        let removed = || -> std::io::Result<()> {
            let away = tempfile::Builder::new()
                .prefix(".install-")
                .tempdir_in(store.dir())?;
            fs::rename(store.home(&version), away.path().join("removed"))?;
            away.close()
        };
        removed().map_err(|e| {
            let path = clean(&store.home(&version).display().to_string(), 300);
            Error::user(format!("cannot remove {path}")).caused_by(e)
        })?;
        ctx.printer.note(format!("istioctl {version} is removed"));
        Ok(Outcome::Done)
    }
}
