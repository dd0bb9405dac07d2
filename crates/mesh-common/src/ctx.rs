//! What every verb is given, and the one `main` that all plugins share.

mod interrupt;
mod run;

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

pub use interrupt::{Hold, Interrupt};
pub use run::{COMMIT, VERSION, command, main};

use crate::cluster::{ClusterArgs, Connection};
use crate::error::{Error, Result};
use crate::mesh::{
    Customs, Mesh, Tap, archive,
    live::{self, Needs},
};
use crate::output::{GlobalOutputArgs, Printer};
use crate::prompt::PromptArgs;

/// Where the mesh is read from.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct SourceArgs {
    /// Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is
    /// written)
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        help_heading = "Cluster options"
    )]
    pub from: Option<PathBuf>,
}

/// The flags every plugin takes; [`command`] adds them.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct GlobalArgs {
    /// Which cluster.
    #[command(flatten)]
    pub cluster: ClusterArgs,
    /// A cluster or an archive.
    #[command(flatten)]
    pub source: SourceArgs,
    /// Colour and notes.
    #[command(flatten)]
    pub output: GlobalOutputArgs,
    /// Questions.
    #[command(flatten)]
    pub prompt: PromptArgs,
}

/// What a verb works with. Nothing in it was contacted or read yet.
pub struct Ctx {
    /// The plugin as it is typed, `kubectl mesh-tag`, for hints.
    pub name: &'static str,
    /// Where output goes.
    pub printer: Printer,
    /// Which cluster was asked for.
    pub cluster: ClusterArgs,
    /// How questions are answered.
    pub prompt: PromptArgs,
    /// The archive to read instead of the cluster.
    pub from: Option<PathBuf>,
    /// Ctrl-C.
    pub interrupt: Interrupt,
    connection: OnceLock<Connection>,
    client: OnceLock<kube::Client>,
}

impl Ctx {
    /// A context of these flags.
    pub fn new(name: &'static str, args: GlobalArgs) -> Self {
        let printer = Printer::new(&args.output).reaching(args.cluster.reach());
        Self::with_printer(name, args, printer)
    }

    /// A context that prints elsewhere, for tests.
    pub fn with_printer(name: &'static str, args: GlobalArgs, printer: Printer) -> Self {
        Self {
            name,
            printer,
            cluster: args.cluster,
            prompt: args.prompt,
            from: args.source.from,
            interrupt: Interrupt::default(),
            connection: OnceLock::new(),
            client: OnceLock::new(),
        }
    }

    /// The archive of a rehearsal, if this is one.
    pub fn rehearsal(&self) -> Option<&Path> {
        self.from.as_deref()
    }

    /// Refuses in a rehearsal: what an archive says cannot be written to.
    ///
    /// # Errors
    /// [`Kind::Refused`](crate::error::Kind::Refused) with `--from`.
    pub fn must_be_live(&self, doing: &str) -> Result<()> {
        match &self.from {
            None => Ok(()),
            Some(file) => Err(Error::refused(format!(
                "cannot {doing} in a rehearsal: the mesh is read from {}",
                file.display()
            ))
            .hint("leave out --from to use the cluster")),
        }
    }

    /// The cluster that the flags and the kubeconfig name, resolved at the first call and kept: every
    /// later use, istioctl's too, is of the same one.
    ///
    /// # Errors
    /// As [`ClusterArgs::resolve`]; [`Kind::Refused`](crate::error::Kind::Refused) in a rehearsal.
    pub fn connection(&self) -> Result<&Connection> {
        if let Some(connection) = self.connection.get() {
            return Ok(connection);
        }
        self.must_be_live("reach a cluster")?;
        let connection = self.cluster.resolve()?;
        Ok(self.connection.get_or_init(|| connection))
    }

    /// The mesh, as much of it as is needed: of the archive in a rehearsal, else of the cluster.
    ///
    /// # Errors
    /// The archive cannot be read, or nothing of the cluster can.
    pub async fn mesh(&self, needs: Needs) -> Result<Mesh> {
        match self.rehearsal() {
            Some(file) => archive::read(file),
            None => live::read(self.connection()?, &self.client()?, needs).await,
        }
    }

    /// The same, and every other kind of Istio and Gateway API past a tap.
    ///
    /// # Errors
    /// As [`mesh`](Self::mesh).
    pub async fn mesh_with(&self, needs: Needs, tap: Arc<dyn Tap>) -> Result<(Mesh, Customs)> {
        match self.rehearsal() {
            Some(file) => archive::read_with(file, &*tap),
            None => live::read_with(self.connection()?, &self.client()?, needs, tap).await,
        }
    }

    /// A client of [`connection`](Self::connection), made at the first call; clones share its
    /// connections. To be called inside the runtime.
    ///
    /// # Errors
    /// As [`connection`](Self::connection) and [`Connection::client`].
    pub fn client(&self) -> Result<kube::Client> {
        if let Some(client) = self.client.get() {
            return Ok(client.clone());
        }
        let client = self.connection()?.client()?;
        Ok(self.client.get_or_init(|| client).clone())
    }
}

#[cfg(test)]
mod tests;
