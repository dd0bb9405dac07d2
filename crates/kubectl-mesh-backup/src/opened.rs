//! A backup file that was named on the command line, and what opens it.

use std::{
    io::{self, Read},
    path::{Path, PathBuf},
};

use mesh_common::{
    Result,
    mesh::archive::{self, Object, Summary, Unlock, Whole},
    output::clean,
};

use crate::age_key::Keys;

/// A file to be read.
#[derive(Debug, Clone)]
pub(crate) struct Opened {
    path: PathBuf,
    keys: Option<Keys>,
}

impl Opened {
    /// A file that is not encrypted; nothing of it is read yet.
    pub(crate) fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            keys: None,
        }
    }

    /// A file that these keys open, where it is encrypted; nothing of it is read yet.
    pub(crate) fn with(path: impl Into<PathBuf>, keys: Keys) -> Self {
        Self {
            path: path.into(),
            keys: Some(keys),
        }
    }

    /// Its path.
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
        archive::summary(&self.path, self)
    }

    /// Shows every object in the order of the archive. Nothing is proven before this has returned.
    ///
    /// # Errors
    /// As [`summary`](Self::summary), and what `each` says.
    pub(crate) fn visit(
        &self,
        each: impl FnMut(Object<'_>) -> Result<(), String>,
    ) -> Result<Whole> {
        archive::visit(&self.path, self, each)
    }
}

impl Unlock for Opened {
    fn unlock(&self, file: Box<dyn Read>) -> io::Result<Box<dyn Read>> {
        match &self.keys {
            Some(keys) => keys.unlock(file),
            None => Ok(file),
        }
    }
}
