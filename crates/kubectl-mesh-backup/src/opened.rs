//! A backup file that was named on the command line, and what opens it.

use std::path::{Path, PathBuf};

use mesh_common::{
    Result,
    mesh::archive::{self, Object, Summary, Whole},
    output::clean,
};

/// A file to be read.
#[derive(Debug, Clone)]
pub(crate) struct Opened {
    path: PathBuf,
}

impl Opened {
    /// A file; nothing of it is read yet.
    pub(crate) fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Its path.
    #[allow(dead_code, reason = "restore is being built on it")]
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// As it was typed, safe to print.
    pub(crate) fn name(&self) -> String {
        clean(&self.path.display().to_string(), 300)
    }

    /// What it holds.
    ///
    /// # Errors
    /// One line for each way in which a file is not a whole, unchanged archive.
    pub(crate) fn summary(&self) -> Result<Summary> {
        archive::summary(&self.path, &archive::Plain)
    }

    /// Shows every object in the order of the archive. Nothing is proven before this has returned.
    ///
    /// # Errors
    /// As [`summary`](Self::summary), and what `each` says.
    pub(crate) fn visit(
        &self,
        each: impl FnMut(Object<'_>) -> Result<(), String>,
    ) -> Result<Whole> {
        archive::visit(&self.path, &archive::Plain, each)
    }
}
