//! The bytes of an archive on their way out: compressed, locked, counted, hashed.

use std::{
    fs,
    io::{self, Write},
};

use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

use crate::mesh::archive::Plain;

/// One of the two compressors.
pub(super) enum Encoder {
    Zstd(zstd::Encoder<'static, Box<dyn Locked>>),
    Gzip(GzEncoder<Box<dyn Locked>>),
}

impl Encoder {
    /// Ends the stream.
    pub(super) fn finish(self) -> io::Result<Out> {
        let locked = match self {
            Self::Zstd(zstd) => zstd.finish()?,
            Self::Gzip(gzip) => gzip.finish()?,
        };
        locked.finish()
    }
}

impl Write for Encoder {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Zstd(zstd) => zstd.write(bytes),
            Self::Gzip(gzip) => gzip.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Zstd(zstd) => zstd.flush(),
            Self::Gzip(gzip) => gzip.flush(),
        }
    }
}

/// Encrypts the bytes of an archive; the other way is [`Unlock`](crate::mesh::archive::Unlock).
pub trait Lock {
    /// Begins.
    ///
    /// # Errors
    ///
    /// What cannot be written, or no key to encrypt to.
    fn lock(&self, out: Out) -> io::Result<Box<dyn Locked>>;

    /// Whether it does encrypt.
    fn is_locked(&self) -> bool {
        true
    }
}

/// What encrypts while it is written to.
pub trait Locked: Write + Send {
    /// Ends, and gives back where it went.
    ///
    /// # Errors
    ///
    /// What cannot be written.
    fn finish(self: Box<Self>) -> io::Result<Out>;
}

impl Lock for Plain {
    fn lock(&self, out: Out) -> io::Result<Box<dyn Locked>> {
        Ok(Box::new(out))
    }

    fn is_locked(&self) -> bool {
        false
    }
}

impl Locked for Out {
    fn finish(self: Box<Self>) -> io::Result<Out> {
        Ok(*self)
    }
}

/// Where the bytes of an archive go; they are counted and hashed.
pub struct Out {
    pub(super) output: Output,
    pub(super) size: u64,
    pub(super) digest: Sha256,
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = match &mut self.output {
            Output::File(file) => file.write(bytes)?,
            Output::Stdout(stdout) => stdout.write(bytes)?,
        };
        self.digest.update(&bytes[..written]);
        self.size += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.output {
            Output::File(file) => file.flush(),
            Output::Stdout(stdout) => stdout.flush(),
        }
    }
}

/// Where they go.
pub(super) enum Output {
    File(fs::File),
    Stdout(io::Stdout),
}
