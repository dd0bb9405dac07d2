//! What opens an archive that is encrypted.

use std::{io, io::Read};

/// Turns the bytes of a file into those of an archive: decrypts them, where they are encrypted.
pub trait Unlock {
    /// The bytes of the archive.
    ///
    /// # Errors
    ///
    /// What keeps it locked, in words that follow "cannot read FILE: ".
    fn unlock(&self, file: Box<dyn Read>) -> io::Result<Box<dyn Read>>;
}

/// A file that is not encrypted.
#[derive(Debug, Clone, Copy, Default)]
pub struct Plain;

impl Unlock for Plain {
    fn unlock(&self, file: Box<dyn Read>) -> io::Result<Box<dyn Read>> {
        Ok(file)
    }
}
